package queue

import (
	"sync"
	"time"

	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// Window is the least time between two reconciles that children's events cause in one parent.
const Window = time.Second

// maxFirings is the number of firings from which on a Coalescer forgets those that are past their window. It remembers at most that many, or
// twice as many as were within their windows when it last forgot.
const maxFirings = 4096

// Coalescer spaces the reconciles that events of children cause: the first event reaches a parent at once, those within a second after it
// together at the end of that second, and so on. A storm of edits then costs one reconcile a second.
type Coalescer struct {
	clock clock.PassiveClock

	mu      sync.Mutex
	firings map[reconcile.Request]time.Time // the last instant for which a reconcile was planned
	limit   int                             // the number of firings at which it forgets next
}

// NewCoalescer returns a coalescer that has planned nothing.
func NewCoalescer(clock clock.PassiveClock) *Coalescer {
	return &Coalescer{clock: clock, firings: map[reconcile.Request]time.Time{}, limit: maxFirings}
}

// Delay returns how long a reconcile that an event of a child causes now has to wait.
func (c *Coalescer) Delay(request reconcile.Request) time.Duration {
	now := c.clock.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	planned, known := c.firings[request]
	switch {
	case !known || !now.Before(planned.Add(Window)):
		planned = now
	case now.Before(planned):
		return planned.Sub(now) // is planned already
	default:
		planned = planned.Add(Window)
	}
	if !known && len(c.firings) >= c.limit {
		c.forget(now)
	}
	c.firings[request] = planned
	return planned.Sub(now)
}

// forget drops the firings that are past their window. The next time is when their number has doubled, so that an event costs constant
// time however many objects a fan-out reaches.
func (c *Coalescer) forget(now time.Time) {
	for request, planned := range c.firings {
		if !now.Before(planned.Add(Window)) {
			delete(c.firings, request)
		}
	}
	c.limit = max(maxFirings, 2*len(c.firings))
}
