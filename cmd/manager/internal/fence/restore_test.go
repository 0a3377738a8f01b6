package fence

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// restore puts the store back to what it was at an earlier version.
func (s *server) restore(version int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version = version - 1
	lease := s.lease.DeepCopy()
	s.put(lease)
}

// TestAManagerEndsWhenTheStoreIsRestored has the holder of the lease and one that waits see an older version than before.
func TestAManagerEndsWhenTheStoreIsRestored(t *testing.T) {
	for name, see := range map[string]func(*world) error{
		"the next look at the lease": func(w *world) error {
			_, _, err := w.lock.Get(w.Context())
			return err
		},
		"the next renewal": func(w *world) error {
			w.fence.version += 100 // it is seen by the answer
			return w.lock.Update(w.Context(), w.record())
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.version = 50
			w.take()
			if err := w.fence.Ready(); err != nil || w.fence.Restored() != 0 {
				t.Fatalf("before: %v, restored at %v", err, w.fence.Restored())
			}
			w.passes(time.Hour, time.Second)
			if strings.Contains(name, "look") {
				w.restore(20)
			}
			err := see(w)
			if err == nil || !strings.Contains(err.Error(), "its store was restored from a backup") || w.ended == nil || w.fence.Ready() == nil {
				t.Errorf("it goes on: %v, ended: %v", err, w.ended)
			}
			if err := w.write(http.MethodPatch, statusOfPlan); err == nil || !strings.Contains(err.Error(), "nothing is written any more") {
				t.Errorf("it writes: %v", err)
			}
			if got, want := w.lease.Annotations[AnnotationRestored], "2026-11-30T13:00:00Z"; got != want {
				t.Errorf("the lease says %q, want %q", got, want)
			}
			next, err := New(w.config, w.fence.Settings)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := next.Lock().Get(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got, want := next.Restored(), float64(noon.Add(time.Hour).Unix()); got != want {
				t.Errorf("the manager after it says %v, want %v", got, want)
			}
		})
	}
}
