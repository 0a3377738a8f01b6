package queue

import (
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/utils/clock"

	"jointplan.dev/jointplan/internal/model/snapshot"
)

// Turn is what objects share that are dealt out together: the instant at which they are evaluated, and what is gathered for that. All that had happened
// to any of them when the turn began is in it. The zero value shares with nobody. Several goroutines may use it.
type Turn struct {
	version uint64 // of the line when the turn began
	kept    *keeper

	mu  sync.Mutex
	now time.Time
}

// keeper keeps what was gathered.
type keeper struct {
	begun atomic.Bool // something was gathered, or is

	mu    sync.Mutex
	units map[snapshot.Root]any
}

// Now returns the instant of the turn: that at which it was first asked for.
func (t *Turn) Now(clock clock.PassiveClock) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.now.IsZero() {
		t.now = clock.Now()
	}
	return t.now
}

// Keep returns what was gathered for a unit. When nothing was, it gathers and keeps that, unless it fails. Who asks meanwhile waits.
func (t *Turn) Keep(unit snapshot.Root, gather func() (any, error)) (any, error) {
	if t.kept == nil {
		return gather()
	}
	t.kept.begun.Store(true)
	t.kept.mu.Lock()
	defer t.kept.mu.Unlock()
	if known, there := t.kept.units[unit]; there {
		return known, nil
	}
	gathered, err := gather()
	if err != nil {
		return nil, err
	}
	if t.kept.units == nil {
		t.kept.units = map[snapshot.Root]any{}
	}
	t.kept.units[unit] = gathered
	return gathered, nil
}

// Shares reports whether what is gathered is kept for others.
func (t *Turn) Shares() bool { return t.kept != nil }

// Drop forgets what was gathered for a unit.
func (t *Turn) Drop(unit snapshot.Root) {
	if t.kept != nil {
		t.kept.mu.Lock()
		defer t.kept.mu.Unlock()
		delete(t.kept.units, unit)
	}
}
