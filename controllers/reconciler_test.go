package controllers

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/clock"
	clocktesting "k8s.io/utils/clock/testing"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/testobj"
)

// graceEnds is the instant at which the scene's review is overdue.
const graceEnds = "2026-08-09T00:00:00+02:00"

// evaluatedWorld is a world with the objects of a scene, evaluated, its writes and events forgotten.
func evaluatedWorld(tb testing.TB, s *scene, at string) *world {
	tb.Helper()
	w := newWorld(tb, at)
	w.create(s.all()...)
	w.run()
	w.written()
	w.events = nil
	return w
}

func TestAColdStartWritesEachStatusOnceAndThenNothing(t *testing.T) {
	s, w := newScene(), newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(s.all()...)
	w.run()
	want := []string{"create " + nameOf(s.revision()), "create ProgramCatalog/" + s.program.Name}
	for _, object := range s.evaluated() {
		want = append(want, "patch "+nameOf(object)+"/status")
	}
	got := w.written()
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	if len(w.events) > 0 {
		t.Errorf("events of a first evaluation: %v, want none", w.events)
	}

	w.resync()
	if w.run() < len(s.evaluated()) {
		t.Error("not all objects were reconciled again")
	}
	if got := w.written(); len(got) > 0 {
		t.Errorf("writes at rest: %v, want none", got)
	}
}

func TestTheOrderInWhichObjectsComeDoesNotMatter(t *testing.T) {
	const at = "2026-08-05T10:00:00+02:00"
	want := evaluatedWorld(t, newScene(), at).everything()
	for seed := range uint64(15) {
		random := rand.New(rand.NewPCG(seed, 0))
		s, w := newScene(), newWorld(t, at)
		objects := s.all()
		random.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
		for _, object := range objects {
			w.create(object)
			if random.IntN(2) == 0 { // reconciled before the next comes
				random.Shuffle(len(w.controllers), func(i, j int) { w.controllers[i], w.controllers[j] = w.controllers[j], w.controllers[i] })
				w.run()
			}
		}
		w.run()
		w.advance("2026-08-05T10:00:31+02:00") // a roll-up waits for 30 seconds at the most
		if diff := cmp.Diff(want, w.everything()); diff != "" {
			t.Fatalf("seed %d: statuses (-in order +shuffled):\n%s", seed, diff)
		}
	}
}

func TestAReviewTurnsOverdueAtTheExactInstant(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-08-08T20:00:00+02:00")
	at := testobj.At(graceEnds)
	for _, step := range []struct {
		at        time.Time
		want      string
		wantAfter time.Duration
	}{
		{at.Add(-3 * time.Hour), "InGrace", time.Hour},
		{at.Add(-time.Hour - 1), "InGrace", time.Hour},
		{at.Add(-time.Hour), "InGrace", time.Hour},
		{at.Add(-time.Hour + 1), "InGrace", time.Hour - 1},
		{at.Add(-30 * time.Minute), "InGrace", 30 * time.Minute},
		{at.Add(-1), "InGrace", 1},
		{at, "Overdue", time.Hour},
		{at.Add(1), "Overdue", time.Hour},
	} {
		w.clock.SetTime(step.at)
		result, err := w.reconcileOne(s.plan)
		if err != nil || result.RequeueAfter != step.wantAfter {
			t.Errorf("at %s: RequeueAfter %s, error %v; want %s", step.at, result.RequeueAfter, err, step.wantAfter)
		}
		if got := conditionReason(get(w, s.plan), v1alpha1.ConditionReviewOverdue); got != step.want {
			t.Errorf("at %s: ReviewOverdue is %s, want %s", step.at, got, step.want)
		}
	}
	if diff := cmp.Diff([]string{"patch JointPlan/acme-h1/status"}, w.written()); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

func conditionReason(object kinds.Evaluated, kind string) string {
	for _, c := range object.Common().Conditions {
		if c.Type == kind {
			return c.Reason
		}
	}
	return ""
}

// TestNothingIsMissedBetweenDeadlines runs the controllers by their own alarms alone, on a machine that is suspended until an hour and a half
// before each instant, and compares with a start at that instant.
func TestNothingIsMissedBetweenDeadlines(t *testing.T) {
	w := evaluatedWorld(t, newScene(), "2026-06-19T10:00:00+02:00")
	for _, at := range []string{
		"2026-06-20T11:00:00+02:00", "2026-07-01T00:00:00+02:00", "2026-08-04T00:00:00+02:00", graceEnds, "2026-08-18T00:00:00+02:00",
		"2026-10-21T00:00:00+02:00", "2027-01-01T00:00:00+01:00",
	} {
		w.clock.SetTime(testobj.At(at).Add(-90 * time.Minute))
		w.advance(at)
		if diff := cmp.Diff(evaluatedWorld(t, newScene(), at).everything(), w.everything()); diff != "" {
			t.Errorf("at %s (-started then +running since June):\n%s", at, diff)
		}
		w.written()
		w.resync()
		w.run()
		if got := w.written(); len(got) > 0 {
			t.Errorf("at %s: writes that no alarm asked for: %v", at, got)
		}
	}
}

func TestALostStatusIsComputedAgain(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
	for _, object := range s.evaluated() {
		t.Run(nameOf(object), func(t *testing.T) {
			want := timeless(get(w, object))
			w.clock.SetTime(w.clock.Now().Add(time.Minute))
			w.loseStatus(object)
			w.run()
			if diff := cmp.Diff(want, timeless(get(w, object))); diff != "" {
				t.Errorf("status (-before +after):\n%s", diff)
			}
			for _, c := range get(w, object).Common().Conditions {
				if !c.LastTransitionTime.Time.Equal(w.clock.Now()) {
					t.Errorf("%s changed at %s, want now: when it did is lost", c.Type, c.LastTransitionTime)
				}
			}
			if diff := cmp.Diff([]string{"patch " + nameOf(object) + "/status"}, w.written()); diff != "" {
				t.Errorf("writes (-want +got):\n%s", diff)
			}
			if len(w.events) > 0 {
				t.Errorf("events: %v, want none", w.events)
			}
		})
	}
}

func TestADeletedObjectNeedsNothing(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
	for _, object := range s.evaluated() {
		w.must(w.people.Delete(t.Context(), get(w, object)))
		if result, err := w.reconcileOne(object); err != nil || result != (ctrl.Result{}) {
			t.Errorf("%s: %+v, %v; want nothing", nameOf(object), result, err)
		}
	}
	if got := w.written(); len(got) > 0 {
		t.Errorf("writes: %v, want none", got)
	}
}

func TestDeletingInAnyOrderIsToldByWhatIsLeft(t *testing.T) {
	s := newScene()
	for name, tc := range map[string]struct {
		remove client.Object
		want   map[kinds.Evaluated]string // the message of Ready
	}{
		"the program": {s.program, map[kinds.Evaluated]string{
			s.partner:  `PartnerProgram "northwind" not found or not permitted`,
			s.plan:     `spec.programRef.name of Partner "acme": PartnerProgram "northwind" not found or not permitted`,
			s.campaign: `partner "acme" of plan "acme-h1" has no program: PartnerProgram "northwind" not found or not permitted`,
		}},
		"the partner": {s.partner, map[kinds.Evaluated]string{
			s.plan:     `Partner "acme" not found or not permitted`,
			s.campaign: `plan "acme-h1" has no partner: Partner "acme" not found or not permitted`,
			s.results:  `Partner "acme" not found or not permitted, the partner of JointPlan acme-h1`,
		}},
		"the plan": {s.plan, map[kinds.Evaluated]string{
			s.campaign: `JointPlan "acme-h1" not found or not permitted`,
			s.results:  `JointPlan "acme-h1" not found or not permitted`,
			s.vendor:   `JointPlan "acme-h1" not found or not permitted`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
			w.remove(tc.remove)
			w.run()
			for object, want := range tc.want {
				if got := w.condition(object, v1alpha1.ConditionReady); !containsText(got, "False ReferenceNotFound", want) {
					t.Errorf("%s is %q, want %q", nameOf(object), got, want)
				}
			}
		})
	}
}

func TestDeletingAllInAnyOrderLeavesNothingStuck(t *testing.T) {
	for seed := range uint64(5) {
		s := newScene()
		w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
		random := rand.New(rand.NewPCG(seed, 1))
		objects := append(s.all(), s.revision())
		random.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
		for _, object := range objects {
			if object.GetName() == s.revision().Name && w.people.Get(t.Context(), client.ObjectKeyFromObject(object), s.revision()) != nil {
				continue // gone with its plan
			}
			w.remove(object)
			w.run()
		}
		if err := w.people.Get(t.Context(), client.ObjectKeyFromObject(s.revision()), s.revision()); err == nil {
			w.remove(s.revision()) // was kept again while the plan stood
			w.run()
		}
		w.advance("2026-08-07T00:00:00+02:00")
		if left := w.everything(); len(left) > 0 {
			t.Errorf("seed %d: %v is left", seed, left)
		}
		for _, c := range w.controllers {
			if len(c.alarms) > 0 {
				t.Errorf("seed %d: controller %s still waits for %v", seed, c.name, c.alarms)
			}
		}
	}
}

func TestCreatingWhatWasReferredToHeals(t *testing.T) {
	for name, last := range map[string]func(*scene) client.Object{
		"the program":   func(s *scene) client.Object { return s.program },
		"the partner":   func(s *scene) client.Object { return s.partner },
		"the plan":      func(s *scene) client.Object { return s.plan },
		"the campaign":  func(s *scene) client.Object { return s.campaign },
		"the results":   func(s *scene) client.Object { return s.results },
		"the decision":  func(s *scene) client.Object { return s.vendor },
		"the namespace": func(s *scene) client.Object { return s.namespace },
	} {
		t.Run(name, func(t *testing.T) {
			const at = "2026-08-05T10:00:00+02:00"
			s, w := newScene(), newWorld(t, at)
			s.forLabels()
			for _, object := range s.all() {
				if object != last(s) {
					w.create(object)
				}
			}
			w.run()
			w.create(last(s))
			w.run()
			w.advance("2026-08-05T10:00:31+02:00")
			complete := newScene()
			complete.forLabels()
			if diff := cmp.Diff(evaluatedWorld(t, complete, at).everything(), w.everything()); diff != "" {
				t.Errorf("statuses (-complete from the start +healed):\n%s", diff)
			}
		})
	}
}

// forLabels lets the program be used only by namespaces with a label, and gives it to that of the scene.
func (s *scene) forLabels() {
	s.program.Spec.AllowedNamespaces = &v1alpha1.AllowedNamespaces{
		From: v1alpha1.NamespacesFromSelector, Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"program": "northwind"}},
	}
	s.namespace.Labels = map[string]string{"program": "northwind"}
}

func TestALabelOfTheNamespaceGivesAndTakesTheProgram(t *testing.T) {
	s := newScene()
	s.forLabels()
	w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
	before := w.everything()
	edit(w, s.namespace, namespaceLabel(nil))
	w.run()
	for _, object := range []kinds.Evaluated{s.partner, s.plan, s.campaign, s.results} {
		if got := w.condition(object, v1alpha1.ConditionReady); !containsText(got, "False ReferenceNotFound", `PartnerProgram "northwind" not found or not permitted`) {
			t.Errorf("%s is %q", nameOf(object), got)
		}
	}
	if got := *get(w, s.program).Status.Partners; got != 0 {
		t.Errorf("the program counts %d partners, want 0", got)
	}
	edit(w, s.namespace, namespaceLabel(map[string]string{"program": "northwind"}))
	w.run()
	if diff := cmp.Diff(before, w.everything()); diff != "" {
		t.Errorf("statuses (-before +after):\n%s", diff)
	}
}

// TestEachKindReadsTheClockOnce guards the rule that one instant goes through a reconcile.
func TestEachKindReadsTheClockOnce(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
	for _, object := range s.evaluated() {
		clock := &countingClock{FakePassiveClock: w.clock}
		for _, c := range w.controllers {
			setClock(c.reconciler, clock)
		}
		if _, err := w.reconcileOne(object); err != nil || clock.reads != 1 {
			t.Errorf("%s: the clock was read %d times (error %v), want once", nameOf(object), clock.reads, err)
		}
	}
}

// containsText reports whether a text contains all of several.
func containsText(text string, parts ...string) bool {
	return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(text, part) })
}

// namespaceLabel sets the labels of a namespace.
func namespaceLabel(labels map[string]string) func(*corev1.Namespace) {
	return func(n *corev1.Namespace) { n.Labels = labels }
}

// countingClock counts how often it is read.
type countingClock struct {
	*clocktesting.FakePassiveClock

	reads int
}

// Now returns the instant.
func (c *countingClock) Now() time.Time {
	c.reads++
	return c.FakePassiveClock.Now()
}

// setClock gives a reconciler another clock.
func setClock(r reconcile.Reconciler, with clock.PassiveClock) {
	switch r := r.(type) {
	case *PartnerProgramReconciler:
		r.Clock = with
	case *namespacedReconciler[*v1alpha1.Partner]:
		r.Clock = with
	case *namespacedReconciler[*v1alpha1.JointPlan]:
		r.Clock = with
	case *namespacedReconciler[*v1alpha1.Campaign]:
		r.Clock = with
	case *namespacedReconciler[*v1alpha1.MeasurementSet]:
		r.Clock = with
	case *namespacedReconciler[*v1alpha1.ApprovalDecision]:
		r.Clock = with
	case *namespacedReconciler[*v1alpha1.PlanRevision]:
		r.Clock = with
	}
}
