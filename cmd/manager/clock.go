package main

import (
	"fmt"
	"net/http"
	"time"

	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/manager"
)

// offsetClock runs as fast as the real clock, at a fixed distance from it.
type offsetClock struct{ offset time.Duration }

// Now returns the instant of this clock.
func (c offsetClock) Now() time.Time { return time.Now().Add(c.offset) }

// Since returns the time since an instant of this clock.
func (c offsetClock) Since(t time.Time) time.Duration { return c.Now().Sub(t) }

// newClock returns the real clock, or one that starts now at the given instant.
func newClock(start string) (clock.PassiveClock, error) {
	if start == "" {
		return clock.RealClock{}, nil
	}
	instant, err := time.Parse(time.RFC3339, start)
	if err != nil {
		return nil, fmt.Errorf("--clock-start %q is no instant such as 2026-11-03T09:00:00Z: %w", start, err)
	}
	return offsetClock{offset: time.Until(instant)}, nil
}

// cachesSynced is ready once the caches hold what the API server holds.
func cachesSynced(mgr manager.Manager) healthz.Checker {
	return func(request *http.Request) error {
		if !mgr.GetCache().WaitForCacheSync(request.Context()) {
			return fmt.Errorf("the caches are not synced")
		}
		return nil
	}
}
