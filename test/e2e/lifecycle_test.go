package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/test/plane"
)

func (s *fixture) background() context.Context { return context.WithoutCancel(s.Context()) }

// TestAReviewClearsReviewOverdue approves a plan whose review is overdue, then applies the review.
func TestAReviewClearsReviewOverdue(t *testing.T) {
	t.Parallel()
	s := newFixture(t, "2026-08-09T00:00:00+02:00")
	s.approve("vendor", "2026-06-25T09:00:00Z")
	plan := &v1alpha1.JointPlan{}
	s.awaitCondition(plan, "h1", v1alpha1.ConditionReviewOverdue, metav1.ConditionTrue, v1alpha1.ReasonOverdue, "2026-08-03")
	s.awaitCondition(&v1alpha1.Campaign{}, "webinar", v1alpha1.ConditionAligned, metav1.ConditionTrue, v1alpha1.ReasonAligned, "cloud-migration")

	review := testobj.Review("h1", "2026-08-08")
	review.Namespace = s.namespace
	if err := s.Create(t.Context(), review); err != nil {
		t.Fatal(err)
	}
	s.awaitCondition(plan, "h1", v1alpha1.ConditionReviewOverdue, metav1.ConditionFalse, v1alpha1.ReasonUpToDate, "2026-09-01")
	if held := plan.Status.Reviews.Slots[0]; held.State != v1alpha1.SlotHeld || held.DaysLate == nil || *held.DaysLate != 5 {
		t.Errorf("the slot is %+v, want held 5 days late", held)
	}

	plane.Eventually(t, func() string {
		events := &eventsv1.EventList{}
		if err := s.List(t.Context(), events, client.InNamespace(s.namespace)); err != nil {
			return err.Error()
		}
		for i := range events.Items {
			if events.Items[i].Regarding.Name == "h1" && events.Items[i].Reason == v1alpha1.ReasonUpToDate {
				return ""
			}
		}
		return fmt.Sprintf("no event UpToDate for the plan among %d", len(events.Items))
	})
}

// TestAnAmendmentLeavesThePlanOfRecord edits an approved plan and goes back again.
func TestAnAmendmentLeavesThePlanOfRecord(t *testing.T) {
	t.Parallel()
	s := newFixture(t, "2026-07-20T09:00:00Z")
	s.approve("vendor", "2026-06-25T09:00:00Z")
	plan := &v1alpha1.JointPlan{}
	s.awaitCondition(plan, "h1", v1alpha1.ConditionApproved, metav1.ConditionTrue, v1alpha1.ReasonApproved, "")
	record := plan.Status.PlanOfRecord
	revision := &v1alpha1.PlanRevision{}
	s.awaitCondition(revision, string(record.Name), v1alpha1.ConditionReady, metav1.ConditionTrue, v1alpha1.ReasonEvaluated, "")

	base := plan.DeepCopy()
	plan.Spec.Goals[0].Target.Value = "500000"
	if err := s.Patch(t.Context(), plan, client.MergeFrom(base)); err != nil {
		t.Fatal(err)
	}
	s.awaitCondition(plan, "h1", v1alpha1.ConditionApproved, metav1.ConditionFalse, v1alpha1.ReasonAmendmentPending, record.Revision[:13])
	if got := plan.Status.Goals[0].Target; got != "440000" {
		t.Errorf("the goal is judged against %s, want the 440000 of the plan of record", got)
	}
	s.approve("vendor-2", "2026-07-20T08:00:00Z")
	s.awaitCondition(plan, "h1", v1alpha1.ConditionApproved, metav1.ConditionTrue, v1alpha1.ReasonApproved, "")
	if got := plan.Status.Goals[0]; got.Target != "500000" || got.OriginalTarget != "440000" {
		t.Errorf("target %s, original %s; want 500000 and 440000", got.Target, got.OriginalTarget)
	}
	s.awaitCondition(&v1alpha1.ApprovalDecision{}, "vendor", v1alpha1.ConditionEffective, metav1.ConditionFalse, v1alpha1.ReasonStale, "")
}

// TestDeletionLeavesNothingStuck deletes program, partner and plan in every order: nothing waits, what referred to them says so, and what was
// approved is kept.
func TestDeletionLeavesNothingStuck(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"program partner plan", "program plan partner", "partner program plan", "partner plan program", "plan program partner", "plan partner program"} {
		t.Run(order, func(t *testing.T) {
			t.Parallel()
			s := newFixture(t, "2026-07-20T09:00:00Z")
			s.approve("vendor", "2026-06-25T09:00:00Z")
			s.awaitCondition(&v1alpha1.JointPlan{}, "h1", v1alpha1.ConditionApproved, metav1.ConditionTrue, v1alpha1.ReasonApproved, "")
			gone := map[string]bool{}
			for what := range strings.FieldsSeq(order) {
				s.deleteNow(what)
				gone[what] = true
				s.assertReferrersSaySo(gone)
			}
			plane.Eventually(t, func() string {
				revisions := &v1alpha1.PlanRevisionList{}
				if err := s.List(t.Context(), revisions, client.InNamespace(s.namespace)); err != nil {
					return err.Error()
				}
				if len(revisions.Items) != 1 {
					t.Fatalf("%d revisions are kept of a deleted plan, want 1", len(revisions.Items))
				}
				kept := &revisions.Items[0]
				if len(kept.OwnerReferences) > 0 || len(kept.Status.Findings) != 1 || kept.Status.Findings[0].Rule != "PlanGone" {
					return fmt.Sprintf("owners %v, findings %v; want none, and that the plan is deleted", kept.OwnerReferences, kept.Status.Findings)
				}
				return ""
			})
			s.deleteNamespace()
		})
	}
}

func (s *fixture) deleteNow(what string) {
	s.Helper()
	objects := map[string]client.Object{"program": &v1alpha1.PartnerProgram{}, "partner": &v1alpha1.Partner{}, "plan": &v1alpha1.JointPlan{}}
	names := map[string]string{"program": s.program, "partner": "acme", "plan": "h1"}
	object, name := objects[what], names[what]
	if err := s.get(object, name); err != nil {
		s.Fatal(err)
	}
	if err := s.Delete(s.Context(), object); err != nil {
		s.Fatal(err)
	}
	plane.Eventually(s.T, func() string {
		if err := s.get(object, name); !apierrors.IsNotFound(err) {
			return fmt.Sprintf("the %s is still there: %v", what, err)
		}
		return ""
	})
}

func (s *fixture) assertReferrersSaySo(gone map[string]bool) {
	s.Helper()
	stalled := func(object interface {
		client.Object
		Common() *v1alpha1.CommonStatus
	}, name, text string,
	) {
		s.Helper()
		s.awaitCondition(object, name, v1alpha1.ConditionStalled, metav1.ConditionTrue, v1alpha1.ReasonReferenceNotFound, text)
	}
	switch {
	case gone["partner"]:
	case gone["program"]:
		stalled(&v1alpha1.Partner{}, "acme", "not found or not permitted")
	}
	if gone["plan"] {
		stalled(&v1alpha1.Campaign{}, "webinar", `"h1" not found`)
		stalled(&v1alpha1.MeasurementSet{}, "crm", `"h1" not found`)
		s.awaitCondition(&v1alpha1.ApprovalDecision{}, "vendor", v1alpha1.ConditionEffective, metav1.ConditionFalse, v1alpha1.ReasonTargetNotFound, "h1")
		return
	}
	if gone["partner"] {
		stalled(&v1alpha1.JointPlan{}, "h1", `"acme" not found`)
	} else if gone["program"] {
		stalled(&v1alpha1.JointPlan{}, "h1", "not found or not permitted")
	}
}

func (s *fixture) deleteNamespace() {
	s.Helper()
	namespace := &corev1.Namespace{}
	namespace.Name = s.namespace
	if err := s.Delete(s.Context(), namespace); err != nil {
		s.Fatal(err)
	}
	plane.Eventually(s.T, func() string {
		if err := s.Get(s.Context(), client.ObjectKeyFromObject(namespace), namespace); !apierrors.IsNotFound(err) {
			return fmt.Sprintf("the namespace is still there: %v", err)
		}
		return ""
	})
}
