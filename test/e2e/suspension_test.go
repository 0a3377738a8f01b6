package e2e

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/test/plane"
)

// annotate sets an annotation of an object as kubectl does; nil removes it.
func (s *fixture) annotate(object kinds.Evaluated, name, key string, value *string) {
	s.Helper()
	if err := s.get(object, name); err != nil {
		s.Fatal(err)
	}
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": map[string]*string{key: value}}})
	if err != nil {
		s.Fatal(err)
	}
	if err := s.Patch(s.Context(), object, client.RawPatch(types.MergePatchType, patch)); err != nil {
		s.Fatal(err)
	}
}

// TestASuspendedPlanStaysAsItIs suspends a plan, lets its review fall overdue and edits it; then it resumes it.
func TestASuspendedPlanStaysAsItIs(t *testing.T) {
	t.Parallel()
	s := newFixture(t, "2026-07-20T09:00:00Z")
	s.approve("vendor", "2026-06-25T09:00:00Z")
	plan := &v1alpha1.JointPlan{}
	s.awaitCondition(plan, "h1", v1alpha1.ConditionApproved, metav1.ConditionTrue, v1alpha1.ReasonApproved, "")
	before := plan.Status.DeepCopy()

	s.annotate(plan, "h1", v1alpha1.AnnotationSuspend, new("true"))
	s.awaitCondition(plan, "h1", v1alpha1.ConditionSuspended, metav1.ConditionTrue, v1alpha1.ReasonSuspended, "it is that of the current spec")
	s.clock.SetTime(time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC))
	base := plan.DeepCopy()
	plan.Spec.Goals[0].Target.Value = "500000"
	if err := s.Patch(t.Context(), plan, client.MergeFrom(base)); err != nil {
		t.Fatal(err)
	}
	plane.Eventually(t, func() string {
		if err := s.get(plan, "h1"); err != nil {
			return err.Error()
		}
		c := meta.FindStatusCondition(plan.Status.Conditions, v1alpha1.ConditionSuspended)
		if c == nil || c.ObservedGeneration != plan.Generation {
			return fmt.Sprintf("Suspended is %+v, want it to know generation %d", c, plan.Generation)
		}
		return ""
	})
	meta.RemoveStatusCondition(&plan.Status.Conditions, v1alpha1.ConditionSuspended)
	plan.Status.NextSteps = before.NextSteps // which say how to resume it
	if diff := cmp.Diff(before, &plan.Status); diff != "" {
		t.Errorf("the status of a suspended plan changed (-before +after):\n%s", diff)
	}

	s.annotate(plan, "h1", v1alpha1.AnnotationSuspend, nil)
	s.awaitCondition(plan, "h1", v1alpha1.ConditionReviewOverdue, metav1.ConditionTrue, v1alpha1.ReasonEscalated, "")
	s.awaitCondition(plan, "h1", v1alpha1.ConditionApproved, metav1.ConditionFalse, v1alpha1.ReasonAmendmentPending, "")
	if c := meta.FindStatusCondition(plan.Status.Conditions, v1alpha1.ConditionSuspended); c != nil {
		t.Errorf("Suspended is still there: %+v", c)
	}
}

// TestAnEvaluationCanBeRequested moves the clock, of which nothing tells the controller, and asks for an evaluation.
func TestAnEvaluationCanBeRequested(t *testing.T) {
	t.Parallel()
	s := newFixture(t, "2026-07-20T09:00:00Z")
	s.approve("vendor", "2026-06-25T09:00:00Z")
	plan := &v1alpha1.JointPlan{}
	s.awaitCondition(plan, "h1", v1alpha1.ConditionReviewOverdue, metav1.ConditionFalse, v1alpha1.ReasonUpToDate, "")
	for _, step := range []struct{ at, reason string }{
		{"2026-08-04T09:00:00Z", v1alpha1.ReasonInGrace}, {"2026-08-09T09:00:00Z", v1alpha1.ReasonOverdue},
	} {
		at, err := time.Parse(time.RFC3339, step.at)
		if err != nil {
			t.Fatal(err)
		}
		s.clock.SetTime(at)
		s.annotate(plan, "h1", v1alpha1.AnnotationReconcileRequestedAt, new(step.at))
		status := metav1.ConditionFalse
		if step.reason == v1alpha1.ReasonOverdue {
			status = metav1.ConditionTrue
		}
		s.awaitCondition(plan, "h1", v1alpha1.ConditionReviewOverdue, status, step.reason, "")
	}
}
