package fence

import (
	"context"
	"fmt"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	coordination "k8s.io/client-go/kubernetes/typed/coordination/v1"

	"jointplan.dev/jointplan/internal/printable"
)

// What the lease says besides who holds it. The clock stays when it is given back: what a clock has released stays released when the next manager has
// another one.
const (
	// AnnotationClockStart is the instant at which the clock of a rehearsal was started. Absent means the real time.
	AnnotationClockStart = "channel.jointplan.dev/clock-start"
	// AnnotationClockStarted is the real instant at which that was.
	AnnotationClockStarted = "channel.jointplan.dev/clock-started"
	// AnnotationAlone is "true" while the holder runs without leader election.
	AnnotationAlone = "channel.jointplan.dev/alone"
)

// Look looks at the lease before anything is set up, and fails if it is of another clock.
func (f *Fence) Look(ctx context.Context) error {
	lease, err := f.leases.Leases(f.Namespace).Get(ctx, LeaseName, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the lease %s: %w", f.lease(), err)
	}
	return f.sameClock(lease)
}

// leases is a client of leases that the fence looks at.
type leases struct {
	coordination.LeasesGetter

	fence *Fence
}

// Leases returns the client of the leases of a namespace.
func (l leases) Leases(namespace string) coordination.LeaseInterface {
	return watched{l.LeasesGetter.Leases(namespace), l.fence}
}

type watched struct {
	coordination.LeaseInterface

	fence *Fence
}

// Get returns the lease to a manager that may take it. It keeps one with a wrong clock waiting, so that it never works, and ends one of another clock, or
// one that must not work beside the holder.
func (w watched) Get(ctx context.Context, name string, options metav1.GetOptions) (*coordinationv1.Lease, error) {
	for waits := false; ; waits = true {
		lease, err := w.LeaseInterface.Get(ctx, name, options)
		if err != nil && !apierrors.IsNotFound(err) {
			return nil, err
		}
		held := false
		if err == nil {
			if err := w.fence.notice(ctx, lease); err != nil {
				return nil, err
			}
			if held, err = w.fence.see(lease); err != nil {
				return nil, err
			}
		}
		message, at := w.fence.doubt()
		if message == "" || w.fence.works() {
			if waits {
				w.fence.Log.Info("the clocks agree again: this manager goes on")
			}
			return lease, err
		}
		if !waits {
			w.fence.Log.Error(nil, message)
		}
		if !held { // who holds it has a clock that is right
			w.fence.tell(ctx, message, at)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(w.fence.pause):
		}
	}
}

// Create creates the lease.
func (w watched) Create(ctx context.Context, lease *coordinationv1.Lease, options metav1.CreateOptions) (*coordinationv1.Lease, error) {
	created, err := w.fence.hold(ctx, lease, func() (*coordinationv1.Lease, error) { return w.LeaseInterface.Create(ctx, lease, options) })
	if apierrors.IsNotFound(err) {
		return nil, w.fence.end(fmt.Errorf("there is no namespace %s for the lease by which managers know of each other: create it, or name the one "+
			"in which the managers of this cluster run with --leader-elect-namespace", w.fence.Namespace))
	}
	return created, err
}

// Update takes, renews or releases the lease.
func (w watched) Update(ctx context.Context, lease *coordinationv1.Lease, options metav1.UpdateOptions) (*coordinationv1.Lease, error) {
	return w.fence.hold(ctx, lease, func() (*coordinationv1.Lease, error) { return w.LeaseInterface.Update(ctx, lease, options) })
}

// hold writes the lease, and notes that it is held. It ends a manager whose clock is wrong: what is being evaluated now must never be written.
func (f *Fence) hold(ctx context.Context, lease *coordinationv1.Lease, write func() (*coordinationv1.Lease, error)) (*coordinationv1.Lease, error) {
	asked := f.Clock.machine()
	f.sign(lease)
	written, err := write()
	if err != nil {
		return nil, err
	}
	if err := f.notice(ctx, written); err != nil {
		return nil, err
	}
	f.mu.Lock()
	before := f.renewed
	if written.Spec.HolderIdentity == nil || *written.Spec.HolderIdentity != f.identity { // released
		f.renewed = nil
		f.mu.Unlock()
		return written, nil
	}
	f.mu.Unlock()
	if before == nil {
		f.Clock.restart(asked)
	}
	if back := f.Clock.setBack(asked); back > limit {
		return nil, f.end(fmt.Errorf("the clock of this machine was set back by %s: what was evaluated by it is dropped. Start the manager again", back))
	}
	if message, at := f.doubt(); message != "" {
		return nil, f.end(fmt.Errorf("the clock is wrong: %s", message), func() { f.tell(ctx, message, at) })
	}
	f.mu.Lock()
	f.renewed = &asked
	f.mu.Unlock()
	return written, nil
}

// sign writes on the lease what holds while this manager holds it.
func (f *Fence) sign(lease *coordinationv1.Lease) {
	set := func(annotation, value string) {
		if value == "" {
			delete(lease.Annotations, annotation)
		} else {
			metav1.SetMetaDataAnnotation(&lease.ObjectMeta, annotation, value)
		}
	}
	alone, started := "", ""
	if f.Alone {
		alone = "true"
	}
	if f.Clock.declared != "" {
		started = f.Clock.began().UTC().Format(time.RFC3339Nano)
	}
	set(AnnotationAlone, alone)
	set(AnnotationClockStart, f.Clock.declared)
	set(AnnotationClockStarted, started)
}

// tell says on the budgets that the clock is wrong.
func (f *Fence) tell(ctx context.Context, message string, at time.Time) {
	ctx, cancel := context.WithTimeout(ctx, RenewDeadline/2)
	defer cancel()
	if err := f.Tell(ctx, message, at.Add(f.Clock.distance())); err != nil {
		f.Log.Error(err, "the budgets cannot be told that the clock is wrong")
	}
}

// sighting is a lease of another manager as it was seen first.
type sighting struct {
	holder  string
	renewed time.Time
	first   instant
	alive   bool // the same holder was seen to renew it
}

// see looks at the lease, and reports whether another manager holds it. It fails, and ends this one, if this one may not work after or beside the holder.
func (f *Fence) see(lease *coordinationv1.Lease) (held bool, err error) {
	if err := f.sameClock(lease); err != nil {
		return false, f.end(err)
	}
	if lease.Spec.HolderIdentity == nil || lease.Spec.RenewTime == nil || *lease.Spec.HolderIdentity == "" || *lease.Spec.HolderIdentity == f.identity {
		return false, nil
	}
	now, is := f.Clock.machine(), sighting{holder: *lease.Spec.HolderIdentity, renewed: lease.Spec.RenewTime.Time}
	f.mu.Lock()
	was := f.seen
	switch {
	case was.holder == is.holder && was.renewed.Equal(is.renewed):
		is = was
	default:
		is.first, is.alive = now, was.holder == is.holder
	}
	f.seen = is
	f.mu.Unlock()
	others := lease.Annotations[AnnotationAlone] == "true"
	if !is.alive || !f.Alone && !others {
		return now.since(is.first) < LeaseDuration, nil
	}
	how := "this one runs without leader election"
	if others {
		how = "that one runs without leader election"
	}
	since := "a while"
	if lease.Spec.AcquireTime != nil {
		since = shown(lease.Spec.AcquireTime.Time)
	}
	return true, f.end(fmt.Errorf("the manager %s works on this cluster: it has held the lease %s since %s and has just renewed it. Two managers must not "+
		"write at the same time, and %s (--leader-elect=false): stop one of them, or run both with --leader-elect",
		printable.Line(is.holder), f.lease(), since, how))
}

// sameClock fails if the lease is of another clock than this manager's. A rehearsal that is the same goes on where it is, unless this manager works: two
// managers have one clock.
func (f *Fence) sameClock(lease *coordinationv1.Lease) error {
	declared := lease.Annotations[AnnotationClockStart]
	if declared == f.Clock.declared {
		if started, err := time.Parse(time.RFC3339Nano, lease.Annotations[AnnotationClockStarted]); err == nil && !f.works() {
			f.Clock.begin(started)
		}
		return nil
	}
	theirs, ours := "by the real time", "by the real time"
	if declared != "" {
		theirs = "in a rehearsal whose clock was started at " + printable.Line(declared)
		if started := lease.Annotations[AnnotationClockStarted]; started != "" {
			theirs += " (on " + printable.Line(started) + " by the real time)"
		}
	}
	if f.Clock.declared != "" {
		ours = "with --clock-start " + f.Clock.declared
	}
	again := "without --clock-start"
	if declared != "" {
		again = "with --clock-start " + printable.Line(declared)
	}
	return fmt.Errorf("the lease %s says that this cluster is evaluated %s; this manager would evaluate it %s, and what passes its deadline by one clock "+
		"stays released by the other. To go on as before, start the manager %s. To change the clock on purpose, stop all managers, and then: "+
		"kubectl -n %s delete lease %s", f.lease(), theirs, ours, again, f.Namespace, LeaseName)
}
