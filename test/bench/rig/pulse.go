package rig

import (
	"context"
	"strconv"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// revision returns the revision of the store.
func revision(ctx context.Context, c client.Client) (int64, error) {
	list := &metav1.PartialObjectMetadataList{}
	list.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("PartnerProgramList"))
	if err := c.List(ctx, list, client.Limit(1)); err != nil {
		return 0, err
	}
	return strconv.ParseInt(list.ResourceVersion, 10, 64)
}

// Pulse notes the revision of the store many times a second, so that afterwards it is known when each revision was reached. It reads as little
// as a request can.
type Pulse struct {
	mu      sync.Mutex
	beats   []beat
	process *Process // that is measured, once there is one
	stop    context.CancelFunc
	ended   chan struct{}
}

type beat struct {
	at       time.Time
	revision int64
	usage    Usage
}

// period is the time between two beats: the precision of what the pulse tells.
const period = 40 * time.Millisecond

// StartPulse starts a pulse.
func (p *Plane) StartPulse(ctx context.Context) (*Pulse, error) {
	c, err := client.New(p.Admin, client.Options{Scheme: Scheme()})
	if err != nil {
		return nil, err
	}
	servers, err := p.servers()
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	pulse := &Pulse{stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(pulse.ended)
		beats := time.NewTicker(period)
		defer beats.Stop()
		for ctx.Err() == nil {
			if reached, err := revision(ctx, c); err == nil {
				pulse.mu.Lock()
				pulse.beats = append(pulse.beats, beat{time.Now(), reached, usage(servers, pulse.process)})
				pulse.mu.Unlock()
			}
			select {
			case <-ctx.Done():
			case <-beats.C:
			}
		}
	}()
	return pulse, nil
}

// Of says which process is measured, so that its processor time is noted too.
func (u *Pulse) Of(process *Process) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.process = process
}

// Reached waits until the store is seen at a revision or past it, and returns when that was first.
func (u *Pulse) Reached(ctx context.Context, revision int64) (time.Time, error) {
	for {
		if at, reached := u.reached(revision); reached {
			return at, nil
		}
		if err := sleep(ctx, period); err != nil {
			return time.Time{}, err
		}
	}
}

func (u *Pulse) reached(revision int64) (time.Time, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, b := range u.beats {
		if b.revision >= revision {
			return b.at, true
		}
	}
	return time.Time{}, false
}

// Rested waits until a number of revisions was written since an instant and next to none in the two seconds after, or until a while has passed.
// Unlike a list of all objects this takes the processors from nobody.
func (u *Pulse) Rested(ctx context.Context, since time.Time, revisions int64) error {
	const quiet, stray = 2 * time.Second, 4 // the API server renews leases of its own
	for time.Since(since) < patience {
		now := u.at(time.Now()).revision
		if now-u.at(since).revision >= revisions && now-u.at(time.Now().Add(-quiet)).revision <= stray {
			return nil
		}
		if err := sleep(ctx, 4*period); err != nil {
			return err
		}
	}
	return nil
}

// at returns the last beat before an instant; the first one if there is none before.
func (u *Pulse) at(instant time.Time) beat {
	u.mu.Lock()
	defer u.mu.Unlock()
	var last beat
	for i, b := range u.beats {
		if i > 0 && b.at.After(instant) {
			break
		}
		last = b
	}
	return last
}

// Used returns the processor time used between two instants.
func (u *Pulse) Used(from, until time.Time) Usage { return u.at(until).usage.Minus(u.at(from).usage) }

// Step is what happened in one step of a run.
type Step struct {
	// Revisions is the number of writes.
	Revisions int64
	// Usage is the processor time that was used.
	Usage Usage
}

// Steps returns what happened between two instants, in steps of one length.
func (u *Pulse) Steps(from, until time.Time, length time.Duration) []Step {
	var steps []Step
	before := u.at(from)
	for at := from.Add(length); at.Before(until.Add(length)); at = at.Add(length) {
		now := u.at(at)
		steps = append(steps, Step{now.revision - before.revision, now.usage.Minus(before.usage)})
		before = now
	}
	return steps
}

func sleep(ctx context.Context, wait time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// Stop ends the pulse.
func (u *Pulse) Stop() {
	u.stop()
	<-u.ended
}
