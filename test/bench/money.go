package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/bench/gen"
	"jointplan.dev/jointplan/test/bench/rig"
	"jointplan.dev/jointplan/test/bench/stats"
)

const (
	// requesters request money of one budget at the same time.
	requesters = 64
	// requestsEach is how often each of them asks, one request after the other.
	requestsEach = 5
	// pendingRequests wait, approved, when the manager starts. With those of the requesters they fit into one ledger.
	pendingRequests = 1000
)

// money measures grants of one budget: to many who ask at the same time, and to many who wait when the manager starts.
func (b *bench) money(ctx context.Context, s *stage) error {
	builder, err := s.Builder()
	if err != nil {
		return err
	}
	if err := builder.Create(ctx, s.world.Budget()); err != nil {
		return err
	}
	start := func(ctx context.Context) (*rig.Process, error) { return b.managerAt(ctx, s, gen.MoneyClock) }
	asked := requesters * requestsEach
	live := granted{each: map[client.ObjectKey]time.Time{}}
	if err := b.running(ctx, s, start, func() error {
		return b.grants(ctx, s, &live, asked, func() error { return s.ask(ctx, builder, 0, asked, requesters, &live) })
	}); err != nil {
		return err
	}
	b.granting(fmt.Sprintf("money, %d requesters on one budget: ", requesters), &live)

	var ended granted
	if err := s.ask(ctx, builder, asked, pendingRequests, 16, nil); err != nil {
		return err
	}
	var p *rig.Process
	err = b.grants(ctx, s, &ended, pendingRequests, func() (err error) {
		if p, err = start(ctx); err != nil {
			return err
		}
		ended.from, err = p.Working(ctx)
		return err
	})
	if p != nil {
		err = errors.Join(err, p.Stop())
	}
	if err != nil {
		return err
	}
	b.granting(fmt.Sprintf("money, %d requests wait at the start: ", pendingRequests), &ended)
	return nil
}

// granted is what is known of a number of grants.
type granted struct {
	n     int
	count rig.Counters
	from  time.Time // when the first was requested
	until time.Time // when the last showed

	mu    sync.Mutex
	each  map[client.ObjectKey]time.Time // when each was approved, if somebody noted it
	waits []float64                      // from the approval to the event that shows the grant, in milliseconds
}

// grants does what requests a number of grants and waits until they show.
func (b *bench) grants(ctx context.Context, s *stage, g *granted, n int, do func() error) error {
	before, err := s.Count(ctx)
	if err != nil {
		return err
	}
	o, err := s.observe(ctx, &v1alpha1.MDFAllocationList{})
	if err != nil {
		return err
	}
	g.n, g.from = n, time.Now()
	if err := do(); err != nil {
		return errors.Join(err, fmt.Errorf("%d requests were written", len(o.end())))
	}
	seen := map[client.ObjectKey]time.Time{}
	for last := time.Now(); len(seen) < n; {
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
		taken, err := o.taken()
		if err != nil {
			return err
		}
		for _, x := range taken {
			request, is := x.object.(*v1alpha1.MDFAllocation)
			if _, known := seen[x.key]; is && !known && meta.IsStatusConditionTrue(request.Status.Conditions, v1alpha1.ConditionGranted) {
				seen[x.key], last = x.at, time.Now()
			}
		}
		if time.Since(last) > 3*time.Minute {
			return fmt.Errorf("%d of %d requests are granted, and for minutes no more; %s", len(seen), n, s.waiting(ctx))
		}
	}
	o.end()
	for key, at := range seen {
		if at.After(g.until) {
			g.until = at
		}
		if approved, noted := g.each[key]; noted {
			g.waits = append(g.waits, max(0, stats.Milliseconds(at.Sub(approved))))
		}
	}
	after, err := s.Count(ctx)
	g.count = after.Minus(before)
	return err
}

// waiting says why a request is not granted.
func (s *stage) waiting(ctx context.Context) string {
	list := &v1alpha1.MDFAllocationList{}
	if err := s.Client.List(ctx, list); err != nil {
		return err.Error()
	}
	for i := range list.Items {
		c := meta.FindStatusCondition(list.Items[i].Status.Conditions, v1alpha1.ConditionGranted)
		if c == nil {
			return list.Items[i].Name + " is not evaluated"
		}
		if c.Status != metav1.ConditionTrue {
			return list.Items[i].Name + ": " + c.Message
		}
	}
	return fmt.Sprintf("all %d that are there", len(list.Items))
}

// ask creates a number of requests from the first on, each with its approval, by a number of workers.
func (s *stage) ask(ctx context.Context, c client.Client, first, n, workers int, note *granted) error {
	failures := make([]error, workers)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := first + w; i < first+n && failures[w] == nil; i += workers {
				request, approval := s.world.Request(i)
				failures[w] = errors.Join(c.Create(ctx, request), c.Create(ctx, approval))
				if note != nil {
					note.mu.Lock()
					note.each[client.ObjectKeyFromObject(request)] = time.Now()
					note.mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	return errors.Join(failures...)
}

// granting adds the figures of grants.
func (b *bench) granting(name string, g *granted) {
	grants := float64(g.n)
	b.figure(name+"grants", "grants/s", nil, grants/g.until.Sub(g.from).Seconds())
	b.figure(name+"writes of the ledger", "writes", nil, float64(g.count.Ledger))
	b.figure(name+"grants per write of the ledger", "grants", nil, grants/float64(max(g.count.Ledger, 1)))
	b.figure(name+"conflicts per grant", "ratio", nil, float64(g.count.LedgerRefused)/grants)
	if len(g.waits) > 0 {
		b.figure(name+"from the approval to the grant, p50", "ms", nil, stats.Percentile(g.waits, 50))
		b.figure(name+"from the approval to the grant, p99", "ms", nil, stats.Percentile(g.waits, 99))
	}
}
