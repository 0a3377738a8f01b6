package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/bench/rig"
	"jointplan.dev/jointplan/test/invariants"
)

// manager starts the manager as it is deployed: with leader election, and with the memory that its container may use.
// The clock is the instant at which its clock starts; a program other than bin/manager is a link to it.
func (s *stage) manager(ctx context.Context, program, clock string) (*rig.Process, error) {
	raw, err := os.ReadFile("config/manager/manager.yaml")
	if err != nil {
		return nil, fmt.Errorf("%w: run it from the root of the repository", err)
	}
	deployment := &appsv1.Deployment{}
	first, _, _ := strings.Cut(string(raw), "\n---")
	if err := yaml.Unmarshal([]byte(first), deployment); err != nil {
		return nil, err
	}
	limit := deployment.Spec.Template.Spec.Containers[0].Resources.Limits.Memory().Value()
	return s.StartManager(ctx, rig.Start{
		Clock: clock, Program: program, Flags: []string{"--leader-elect", "--leader-elect-namespace", "jointplan-system"},
		Env: []string{fmt.Sprintf("GOMEMLIMIT=%d", limit/10*9)}, // as the manager sets it by the limit of its container
	})
}

// A container that ended is started again at once, and then after firstDelay, which doubles each time up to lastDelay: so does the kubelet.
const (
	firstDelay = 10 * time.Second
	lastDelay  = 5 * time.Minute
)

// keeper starts a manager and starts it again whenever it ends, when a node would.
type keeper struct {
	stage *stage
	stop  context.CancelFunc
	ended chan struct{}
	now   chan *rig.Process // holds the process that runs
	again atomic.Int64
	err   error
}

// keep starts a keeper.
func (s *stage) keep(ctx context.Context) (*keeper, error) {
	p, err := s.manager(ctx, "", clockStart)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	k := &keeper{stage: s, stop: stop, ended: make(chan struct{}), now: make(chan *rig.Process, 1)}
	k.now <- p
	go k.run(ctx)
	return k, nil
}

func (k *keeper) run(ctx context.Context) {
	defer close(k.ended)
	for delay := time.Duration(0); ; delay = min(max(2*delay, firstDelay), lastDelay) {
		p := k.process()
		if ended, _ := p.Wait(ctx); !ended {
			return
		}
		if pause(ctx, delay) != nil {
			return
		}
		next, err := k.stage.manager(ctx, "", clockStart)
		if err != nil {
			k.err = err
			return
		}
		<-k.now
		k.again.Add(1)
		k.now <- next
	}
}

// process returns the process that runs, or is about to be started again.
func (k *keeper) process() *rig.Process {
	p := <-k.now
	k.now <- p
	return p
}

// starts is how often the manager was started again so far.
func (k *keeper) starts() int64 { return k.again.Load() }

// Stop stops the manager permanently, and returns how long it took.
func (k *keeper) Stop() (time.Duration, error) {
	k.stop()
	<-k.ended
	started := time.Now()
	err := k.process().Stop()
	return time.Since(started), errors.Join(err, k.err)
}

// rested waits until all is at rest, whatever becomes of the manager meanwhile.
func (t *torture) rested(ctx context.Context, s *stage, k *keeper) ([]rig.Object, error) {
	ctx, cancel := context.WithTimeout(ctx, t.patience)
	defer cancel()
	for {
		objects, err := s.Settled(ctx, k.process())
		if err == nil || ctx.Err() != nil {
			return objects, err
		}
		if pause(ctx, time.Second) != nil {
			return nil, err
		}
	}
}

// right looks at whether all is right after a leg, once it is at rest: the books add up, every object has a status of its spec, and a manager with a
// fresh cache finds nothing to write. It stops the manager.
func (t *torture) right(ctx context.Context, s *stage, k *keeper) error {
	objects, err := t.rested(ctx, s, k)
	if t.logs {
		sayf("the manager's log:\n%s", k.process().Tail())
	}
	if err != nil {
		_, stopped := k.Stop()
		return errors.Join(fmt.Errorf("not at rest: %w", err), stopped)
	}
	for i := range objects {
		if !objects[i].Current {
			t.wrongf("%s %s has a status of another spec", objects[i].Kind, objects[i].Key)
		}
	}
	if err := t.books(ctx, s); err != nil {
		return err
	}
	if _, err := k.Stop(); err != nil {
		return err
	}
	before, err := s.Count(ctx)
	if err != nil {
		return err
	}
	again, err := s.keep(ctx)
	if err != nil {
		return err
	}
	_, err = t.rested(ctx, s, again)
	if _, stopped := again.Stop(); err != nil || stopped != nil {
		return errors.Join(err, stopped)
	}
	after, err := s.Count(ctx)
	if err != nil {
		return err
	}
	if wrote := after.Minus(before); wrote.Status+wrote.Other+wrote.Ledger > 0 {
		t.wrongf("a manager with a fresh cache wrote %d statuses, %d ledgers and %d other objects: the one before had left them behind",
			wrote.Status, wrote.Ledger, wrote.Other-wrote.Ledger)
	}
	t.figure("objects at rest", "objects", nil, float64(len(objects)))
	return nil
}

// books looks at whether all sums are exact.
func (t *torture) books(ctx context.Context, s *stage) error {
	var budgets v1alpha1.MDFBudgetList
	var ledgers v1alpha1.MDFLedgerList
	var requests v1alpha1.MDFAllocationList
	var claims v1alpha1.MDFClaimList
	if err := errors.Join(s.Client.List(ctx, &budgets), s.Client.List(ctx, &ledgers), s.Client.List(ctx, &requests), s.Client.List(ctx, &claims)); err != nil {
		return err
	}
	b := invariants.Books{Budgets: budgets.Items, Ledgers: ledgers.Items, Requests: requests.Items, Claims: claims.Items}
	violations := b.Violations()
	for _, text := range violations[:min(len(violations), 10)] {
		t.wrongf("%s", text)
	}
	if more := len(violations) - 10; more > 0 {
		t.wrongf("and %d more like these", more)
	}
	return nil
}
