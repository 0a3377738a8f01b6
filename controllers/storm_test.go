package controllers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
)

// TestAStormOfEditsWritesItsParentsOnceASecond edits what is measured about a plan 120 times in 6 seconds, so that its attainment changes with
// each edit, and its verdict, which its program counts, each second.
func TestAStormOfEditsWritesItsParentsOnceASecond(t *testing.T) {
	const edits, gap = 120, 50 * time.Millisecond
	s, w := newScene(), newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(s.all()...)
	w.run()
	w.written()
	w.spacing = queue.NewCoalescer(w.clock)
	for i := range edits {
		edit(w, s.results, func(set *v1alpha1.MeasurementSet) {
			set.Spec.Entries[0].Value = v1alpha1.Decimal(fmt.Sprint(1000 + i/20%2*74000 + i))
		})
		w.advance(w.clock.Now().Add(gap).Format(time.RFC3339Nano))
	}
	w.advance(w.clock.Now().Add(3 * queue.Window).Format(time.RFC3339Nano))
	count := map[string]int{}
	for _, write := range w.written() {
		kind, _, _ := strings.Cut(strings.TrimPrefix(write, "patch "), "/")
		count[kind]++
	}
	// The first edit at once, then one write for each second, and one for what is left at the end. A plan's write concerns the program a second
	// later again.
	const seconds = int(edits * gap / queue.Window)
	for _, parent := range []string{"JointPlan", "PartnerProgram"} {
		if n := count[parent]; n < seconds || n > seconds+3 {
			t.Errorf("%d writes of a %s in a storm of %d s, want about one a second: %v", n, parent, seconds, count)
		}
	}
	last := get(w, s.plan).Status.Goals[0].Actual
	if want := get(w, s.results).Spec.Entries[0].Value; last != want {
		t.Errorf("in the end the plan shows %s, but %s is measured", last, want)
	}
}

// wait has an object reconciled at an instant, or before if that is planned already.
func (c *running) wait(request reconcile.Request, until time.Time) {
	if planned, known := c.alarms[request]; !known || until.Before(planned) {
		c.alarms[request] = until
	}
}
