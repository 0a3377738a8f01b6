package controllers

import (
	"sync"
	"time"

	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// coalesceWindow is the least time between two reconciles that children's events cause in one parent.
const coalesceWindow = time.Second

// maxFirings is the number of firings from which on a coalescer forgets those that are past their window. It remembers at most that many, or
// twice as many as were within their windows when it last forgot.
const maxFirings = 4096

// coalescer spaces the reconciles that events of children cause: the first event reaches a parent at once, those within a second after it
// together at the end of that second, and so on. A storm of edits then costs one reconcile a second.
type coalescer struct {
	clock clock.PassiveClock

	mu      sync.Mutex
	firings map[reconcile.Request]time.Time // the last instant for which a reconcile was planned
	limit   int                             // the number of firings at which it forgets next
}

func newCoalescer(clock clock.PassiveClock) *coalescer {
	return &coalescer{clock: clock, firings: map[reconcile.Request]time.Time{}, limit: maxFirings}
}

// delay returns how long a reconcile that an event of a child causes now has to wait.
func (c *coalescer) delay(request reconcile.Request) time.Duration {
	now := c.clock.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	planned, known := c.firings[request]
	switch {
	case !known || !now.Before(planned.Add(coalesceWindow)):
		planned = now
	case now.Before(planned):
		return planned.Sub(now) // is planned already
	default:
		planned = planned.Add(coalesceWindow)
	}
	if !known && len(c.firings) >= c.limit {
		c.forget(now)
	}
	c.firings[request] = planned
	return planned.Sub(now)
}

// forget drops the firings that are past their window. The next time is when their number has doubled, so that an event costs constant
// time however many objects a fan-out reaches.
func (c *coalescer) forget(now time.Time) {
	for request, planned := range c.firings {
		if !now.Before(planned.Add(coalesceWindow)) {
			delete(c.firings, request)
		}
	}
	c.limit = max(maxFirings, 2*len(c.firings))
}
