package controllers

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/suspension"
)

// annotate sets an annotation of an object; an empty value removes it.
func annotate[T client.Object](w *world, object T, key, value string) {
	w.Helper()
	edit(w, object, func(x T) {
		annotations := map[string]string{key: value}
		if value == "" {
			annotations = nil
		}
		x.SetAnnotations(annotations)
	})
}

// suspended are the objects of a scene that can be suspended.
func (s *scene) suspended() map[string]kinds.Evaluated {
	return map[string]kinds.Evaluated{"program": s.program, "partner": s.partner, "plan": s.plan, "campaign": s.campaign}
}

// frozen is the status of an object without the condition Suspended.
func frozen(w *world, object kinds.Evaluated) any {
	x := w.read(object).(kinds.Evaluated)
	status := x.Common()
	var kept []metav1.Condition
	for _, c := range status.Conditions {
		if c.Type != v1alpha1.ConditionSuspended {
			kept = append(kept, c)
		}
	}
	status.Conditions, status.NextSteps = kept, nil
	return kinds.Status(x)
}

// TestAnotherWordForTrueIsAWarning says of an object that it goes on, until it is suspended.
func TestAnotherWordForTrueIsAWarning(t *testing.T) {
	for name := range newScene().suspended() {
		t.Run(name, func(t *testing.T) {
			s := newScene()
			w := evaluatedWorld(t, s, "2026-07-10T10:00:00+02:00")
			object := s.suspended()[name]
			ignored := func() bool {
				return slices.ContainsFunc(w.read(object).(kinds.Evaluated).Common().Findings, func(f v1alpha1.Finding) bool {
					return f.Rule == suspension.RuleSuspendIgnored && f.Severity == v1alpha1.SeverityWarning
				})
			}
			for _, step := range []struct {
				value string
				want  bool
			}{{"True", true}, {"true", false}, {"yes", true}, {"false", false}, {"1", true}, {"", false}} {
				annotate(w, object, v1alpha1.AnnotationSuspend, step.value)
				w.run()
				if got := ignored(); got != step.want {
					t.Errorf("with %q the warning is there: %t, want %t", step.value, got, step.want)
				}
			}
		})
	}
}

func TestASuspendedObjectKeepsItsStatusUntilItIsResumed(t *testing.T) {
	for name := range newScene().suspended() {
		t.Run(name, func(t *testing.T) {
			s := newScene()
			w := evaluatedWorld(t, s, "2026-07-10T10:00:00+02:00")
			object := s.suspended()[name]
			before := frozen(w, object)

			annotate(w, object, v1alpha1.AnnotationSuspend, "true")
			w.run()
			if got := w.condition(object, v1alpha1.ConditionSuspended); !strings.HasPrefix(got, "True Suspended: ") {
				t.Errorf("Suspended is %q, want True", got)
			}
			w.written()
			w.advance("2026-08-12T10:00:00+02:00")
			w.resync()
			w.run()
			for _, write := range w.written() {
				if write == "patch "+nameOf(object)+"/status" {
					t.Errorf("written while it is suspended: %s", write)
				}
			}
			if diff := cmp.Diff(before, frozen(w, object)); diff != "" {
				t.Errorf("the status of a suspended object changed (-before +after):\n%s", diff)
			}

			annotate(w, object, v1alpha1.AnnotationSuspend, "")
			w.run()
			if got := w.condition(object, v1alpha1.ConditionSuspended); got != "absent" {
				t.Errorf("Suspended is %q once the object is resumed, want none", got)
			}
			resumed := get(w, s.plan).DeepCopy()
			w.loseStatus(object)
			w.run()
			if diff := cmp.Diff(timeless(resumed), timeless(get(w, s.plan))); diff != "" {
				t.Errorf("plan (-resumed +evaluated afresh):\n%s", diff)
			}
		})
	}
}

func TestAnEditOfASuspendedObjectIsToldAndNotEvaluated(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-07-10T10:00:00+02:00")
	annotate(w, s.plan, v1alpha1.AnnotationSuspend, "true")
	w.run()
	before := frozen(w, s.plan)
	edit(w, s.plan, func(p *v1alpha1.JointPlan) { p.Spec.Goals[0].Target.Value = "500000" })
	w.run()
	if diff := cmp.Diff(before, frozen(w, s.plan)); diff != "" {
		t.Errorf("the status of a suspended plan changed (-before +after):\n%s", diff)
	}
	var message string
	for _, c := range get(w, s.plan).Status.Conditions {
		if c.Type == v1alpha1.ConditionSuspended {
			message = c.Message
		}
	}
	if !containsText(message, "it is that of generation 1 of the spec, which is now at 2") {
		t.Errorf("Suspended says %q, want of which generation the status is", message)
	}
	w.written()
	w.resync()
	w.run()
	if got := w.written(); len(got) > 0 {
		t.Errorf("written at rest: %v", got)
	}
}

func TestOtherValuesSuspendNothing(t *testing.T) {
	for _, value := range []string{"false", "True", "yes", "1"} {
		s := newScene()
		w := evaluatedWorld(t, s, "2026-07-10T10:00:00+02:00")
		annotate(w, s.plan, v1alpha1.AnnotationSuspend, value)
		w.run()
		if got := w.condition(s.plan, v1alpha1.ConditionSuspended); got != "absent" {
			t.Errorf("with the value %q Suspended is %q, want none", value, got)
		}
	}
}

func TestARollUpDoesNotWaitForWhatIsSuspended(t *testing.T) {
	s, w := newScene(), newWorld(t, "2026-08-05T10:00:00+02:00")
	s.plan.Annotations = map[string]string{v1alpha1.AnnotationSuspend: "true"}
	w.create(s.all()...)
	if _, err := w.reconcileOne(s.partner); err != nil {
		t.Fatal(err)
	}
	if got := w.rollUp(s); got != 0 {
		t.Errorf("waits %s for a plan that is suspended, want none", got)
	}
}

func TestAnEvaluationCanBeRequestedOfEveryKind(t *testing.T) {
	wires := &wiring{statuses: status.NewWriter(nil, nil, nil)}
	for _, c := range newWorld(t, "2026-07-10T10:00:00+02:00").controllers {
		old, requested := c.own.DeepCopyObject().(client.Object), c.own.DeepCopyObject().(client.Object)
		requested.SetAnnotations(map[string]string{v1alpha1.AnnotationReconcileRequestedAt: "2026-07-10T08:00:00Z"})
		if !wires.ownEvents(kinds.Of(c.own)).Update(event.UpdateEvent{ObjectOld: old, ObjectNew: requested}) {
			t.Errorf("%s: the request for an evaluation is not looked at", c.name)
		}
	}
}

func TestABudgetsSuspensionConcernsTheRequestsOnIt(t *testing.T) {
	old, suspended := &v1alpha1.MDFBudget{}, &v1alpha1.MDFBudget{}
	suspended.Annotations = map[string]string{v1alpha1.AnnotationSuspend: "true"}
	watching := map[string]bool{}
	for _, c := range newWorld(t, "2026-07-10T10:00:00+02:00").controllers {
		for _, q := range c.watches {
			if _, budget := q.kind.(*v1alpha1.MDFBudget); budget && q.predicate().Update(event.UpdateEvent{ObjectOld: old, ObjectNew: suspended}) {
				watching[c.name] = true
			}
		}
	}
	for _, name := range []string{"mdfallocation", "mdfclaim"} {
		if !watching[name] {
			t.Errorf("%s does not hear that a budget is suspended", name)
		}
	}
}
