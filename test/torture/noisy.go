package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/test/bench/report"
	"jointplan.dev/jointplan/test/bench/rig"
	"jointplan.dev/jointplan/test/bench/stats"
)

const (
	mebibyte = 1 << 20
	// beat is the time between two edits of each of the others, and between two approvals.
	beat = time.Second
	// calm is how long the others are measured before the noise begins, for comparison.
	calm = 15 * time.Second
)

// noisy lets one partner, as its editor and without any approval, write requests and claims as fast as the server takes them, and measures how long
// others wait who share its namespace and its budget.
func (t *torture) noisy(ctx context.Context) error {
	return t.on(ctx, func(s *stage) error {
		tenant, err := s.tenant(ctx)
		if err != nil {
			return err
		}
		if err := rig.Create(ctx, s.admin, t.standing()); err != nil {
			return err
		}
		k, err := s.keep(ctx)
		if err != nil {
			return err
		}
		if _, err := t.rested(ctx, s, k); err != nil {
			return errors.Join(err, k.process().Stop())
		}
		n := &noise{torture: t, stage: s, tenant: tenant}
		if err := n.measured(ctx, k); err != nil {
			_, stopped := k.Stop()
			return errors.Join(err, stopped)
		}
		if k, err = s.keep(ctx); err != nil {
			return err
		}
		from := time.Now()
		if err := t.right(ctx, s, k); err != nil {
			return err
		}
		t.figure("from the start after it to the end of all checks", "s", nil, time.Since(from).Seconds())
		return nil
	})
}

// standing are a granted request and a claim on it of each partner.
func (t *torture) standing() []client.Object {
	var requests, claims, decisions []client.Object
	for i := range t.partners {
		r := request(fmt.Sprintf("first-%d", i), i)
		c := claim(fmt.Sprintf("claim-%d", i), v1alpha1.Name(r.Name), 1)
		c.Labels = map[string]string{watched: "true"}
		requests, claims, decisions = append(requests, r), append(claims, c), append(decisions, approved(r))
	}
	return append(append(requests, decisions...), claims...)
}

// noise is one partner that writes, and others that are measured.
type noise struct {
	*torture

	stage  *stage
	tenant client.Client
	writes atomic.Int64
	failed atomic.Int64
	made   atomic.Int64 // of the first writes
	said   sync.Once

	asked int // requests of the others so far
	edits int // of each of their claims so far
}

// measured measures without and with noise, and stops the manager while it goes on.
func (n *noise) measured(ctx context.Context, k *keeper) error {
	e, err := n.stage.look(ctx)
	if err != nil {
		return err
	}
	if err := n.others(ctx, e, calm, "without noise, ", nil, nil); err != nil {
		return err
	}
	loud, hush := context.WithCancel(ctx)
	defer hush()
	var writers sync.WaitGroup
	before, err := n.stage.Usage(k.process())
	if err != nil {
		return err
	}
	started := time.Now()
	for w := range n.writers {
		writers.Go(func() { n.write(loud, w) })
	}
	if err := n.others(ctx, e, n.lasting, "", report.AtMost(2000), report.AtMost(5000)); err != nil {
		return err
	}
	n.figure("first writes of the noisy tenant", "writes", nil, float64(n.made.Load()))
	n.figure("its writes", "writes/s", nil, float64(n.writes.Load())/time.Since(started).Seconds())
	after, err := n.stage.Usage(k.process())
	if err != nil {
		return err
	}
	took, used := time.Since(started), after.Minus(before)
	n.figure("processors used by the manager", "cores", nil, used.Process.Seconds()/took.Seconds())
	n.figure("processors used by API server and store", "cores", nil, (used.Server+used.Store).Seconds()/took.Seconds())
	n.figure("processors used by others on this machine", "cores", nil, used.Elsewhere(took)*float64(runtime.NumCPU()))
	if failed := n.failed.Load(); failed > 0 {
		n.wrongf("%d of its writes were refused", failed)
	}
	_, most := k.process().Memory()
	n.figure("manager's memory at most", "MiB", report.AtMost(256), float64(most)/mebibyte)
	stopped, err := k.Stop()
	if err != nil {
		n.wrongf("the manager does not stop well under load: %v", err)
	}
	n.figure("from SIGTERM to the end of the manager", "s", report.AtMost(20), stopped.Seconds())
	hush()
	writers.Wait()
	return nil
}

// write writes the share of one writer: first what there is to create, and then edits without end.
func (n *noise) write(ctx context.Context, w int) {
	random := rand.New(rand.NewPCG(uint64(w), 1))
	for i := w; i < 2*n.noise && ctx.Err() == nil; i += n.writers {
		if n.did(ctx, n.tenant.Create(ctx, n.object(i))) {
			n.made.Add(1)
		}
	}
	for edit := 0; ctx.Err() == nil; edit++ {
		object := n.object(random.IntN(2 * n.noise))
		text := fmt.Sprintf(`{"spec":{"place":"Hall %d"}}`, edit)
		if _, claim := object.(*v1alpha1.MDFClaim); claim {
			text = fmt.Sprintf(`{"spec":{"proofs":[{"type":"Invoice","reference":"https://files.example.com/%d-%d"}]}}`, w, edit)
		}
		err := n.tenant.Patch(ctx, object, client.RawPatch("application/merge-patch+json", []byte(text)))
		n.did(ctx, client.IgnoreNotFound(err)) // another writer may not have come to it yet
	}
}

// did counts a write.
func (n *noise) did(ctx context.Context, err error) bool {
	switch {
	case err == nil:
		n.writes.Add(1)
		return true
	case ctx.Err() == nil:
		n.failed.Add(1)
		n.said.Do(func() { sayf("  the first refusal: %v", err) })
	}
	return false
}

// object is the i-th of the noisy tenant: by turns a request that waits for its approval, a claim, a request that asks for too much, and a claim.
func (n *noise) object(i int) client.Object {
	if i%2 == 1 {
		c := claim(fmt.Sprintf("noise-%05d", i), "first-0", n.costs)
		c.Spec.RequestedBy = editor
		return c
	}
	b := testobj.Allocation(fmt.Sprintf("noise-%05d", i)).On(planName(0), budgetName)
	if i%4 == 0 {
		b.Asks("EUR", "1000.00", "80", "800.00")
	}
	b.Obj().Spec.RequestedBy = editor
	tidy(b.Obj())
	return b.Obj()
}

// others lets the other partners edit their claims and get requests approved for a while, and adds how long they waited.
func (n *noise) others(ctx context.Context, e *eyes, lasting time.Duration, name string, claims, grants *report.Bar) error {
	until := time.Now().Add(lasting)
	others := n.partners - 1
	var edits, asks []*sight
	next := time.NewTicker(beat / time.Duration(others))
	defer next.Stop()
	var writing sync.WaitGroup
	var failure error
	var mu sync.Mutex
	var grant *sight
	note := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		failure = errors.Join(failure, err)
	}
	for turn := 0; time.Now().Before(until); turn++ {
		partner := 1 + turn%others
		if partner == 1 {
			n.edits++
			r := request(fmt.Sprintf("asked-%05d", n.asked), 1+n.asked%others)
			n.asked++
			r.Labels = map[string]string{watched: "true"}
			if err := n.stage.admin.Create(ctx, r); err != nil {
				return err
			}
			grant = e.expect(r, func(client.Object) bool { return false }, granted)
			asks = append(asks, grant)
			writing.Go(func() { note(n.stage.admin.Create(ctx, approved(r))) })
		}
		c := claim(fmt.Sprintf("claim-%d", partner), "", 0)
		patch := fmt.Sprintf(`{"spec":{"proofs":[{"type":"Invoice","reference":"https://files.example.com/edit-%d"}]}}`, n.edits)
		isWritten, isShown := evaluated(int64(1 + n.edits))
		edits = append(edits, e.expect(c, isWritten, isShown))
		writing.Go(func() {
			note(n.stage.admin.Patch(ctx, c, client.RawPatch("application/merge-patch+json", []byte(patch))))
		})
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-next.C:
		}
	}
	writing.Wait()
	for range 60 { // the last of them may take a while, too
		if _, _, open := e.times(append(edits, asks...)); open == 0 || pause(ctx, beat) != nil {
			break
		}
	}
	raw, waits, openClaims := e.times(edits)
	_, grantWaits, openGrants := e.times(asks)
	if openClaims+openGrants > 0 {
		n.wrongf("%sa minute later, %d of %d edits of others' claims and %d of %d grants do not show", name, openClaims, len(edits), openGrants, len(asks))
	}
	n.figure(name+"another's claim, p50", "ms", nil, stats.Percentile(waits, 50))
	n.figure(name+"another's claim, p99", "ms", claims, stats.Percentile(waits, 99))
	n.figure(name+"the server's own time for the same write and its event, p50", "ms", nil, stats.Percentile(raw, 50))
	n.figure(name+"the server's own time for the same write and its event, p99", "ms", nil, stats.Percentile(raw, 99))
	n.figure(name+"another's claim / the server's own time, p99", "ratio", nil, stats.Percentile(waits, 99)/max(1, stats.Percentile(raw, 99)))
	n.figure(name+"another's grant, p50", "ms", nil, stats.Percentile(grantWaits, 50))
	n.figure(name+"another's grant, p99", "ms", grants, stats.Percentile(grantWaits, 99))
	return failure
}
