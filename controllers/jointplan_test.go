package controllers

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/plan"
)

func TestTheApprovedTermsAreKept(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-07-10T10:00:00+02:00")
	of, kept := get(w, s.plan), get(w, s.revision())

	if diff := cmp.Diff(s.plan.Spec.PlanTerms, kept.Spec.Terms); diff != "" {
		t.Errorf("terms (-approved +kept):\n%s", diff)
	}
	approval := func(d *v1alpha1.ApprovalDecision) v1alpha1.RevisionApproval {
		return v1alpha1.RevisionApproval{
			Party: d.Spec.Party, Decision: v1alpha1.Name(d.Name), By: d.Spec.ApprovedBy, DecidedTime: d.Spec.DecidedTime,
		}
	}
	want := v1alpha1.PlanRevisionSpec{
		PlanRef: v1alpha1.Reference{Name: "acme-h1"}, Revision: of.Status.Revision, ApprovedTime: s.vendor.Spec.DecidedTime,
		Approvals: []v1alpha1.RevisionApproval{approval(s.vendor), approval(s.byPartner)}, Terms: s.plan.Spec.PlanTerms,
	}
	if diff := cmp.Diff(want, kept.Spec); diff != "" {
		t.Errorf("spec (-want +got):\n%s", diff)
	}
	if len(kept.OwnerReferences) > 0 {
		t.Errorf("the revision has owners, with whom it would be deleted: %v", kept.OwnerReferences)
	}
	if kept.Status.OfRecord != "Yes" {
		t.Errorf("ofRecord = %q, want Yes", kept.Status.OfRecord)
	}

	old := s.revision()
	edit(w, s.plan, func(p *v1alpha1.JointPlan) { p.Spec.Goals[0].Target.Value = "500000" })
	w.written()
	w.run()
	s.plan.Spec.Goals[0].Target.Value = "500000"
	for _, write := range w.written() {
		if write == "create "+nameOf(s.revision()) {
			t.Error("an amendment was kept that nobody approved")
		}
	}
	if got := plan.Revision(&get(w, old).Spec.Terms); got != of.Status.Revision {
		t.Errorf("the content kept is %s since the plan was edited, want %s", got, of.Status.Revision)
	}

	vendor, byPartner := s.decisions("-2", "2026-07-10T09:00:00+02:00")
	w.create(vendor, byPartner)
	w.run()
	if got := [2]string{get(w, old).Status.OfRecord, get(w, s.revision()).Status.OfRecord}; got != [2]string{"No", "Yes"} {
		t.Errorf("ofRecord of the old and the new revision = %v, want No and Yes", got)
	}
}

// TestARevisionLosesItsOwner meets a revision from when revisions were deleted with their plan.
func TestARevisionLosesItsOwner(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-07-10T10:00:00+02:00")
	of := get(w, s.plan)
	edit(w, s.revision(), func(r *v1alpha1.PlanRevision) {
		r.OwnerReferences = []metav1.OwnerReference{*metav1.NewControllerRef(of, v1alpha1.GroupVersion.WithKind("JointPlan"))}
	})
	for range 2 { // the second finds nothing to do
		if _, err := w.reconcileOne(s.plan); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"patch " + nameOf(s.revision())}, w.written()); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	if kept := get(w, s.revision()); len(kept.OwnerReferences) > 0 {
		t.Errorf("owners %v, want none", kept.OwnerReferences)
	}
}

// TestAPlanIsDeletedAndCreatedWithAnEasierGoal has its approval and its revision outlive it: the plan of record is what was approved.
func TestAPlanIsDeletedAndCreatedWithAnEasierGoal(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-07-10T10:00:00+02:00")
	old := s.revision()
	approved := get(w, old).Spec.Revision
	w.remove(s.plan)
	w.run()
	if kept := get(w, old); kept.Status.OfRecord != "No" || len(kept.Status.Findings) != 1 || kept.Status.Findings[0].Rule != plan.RulePlanGone {
		t.Errorf("without its plan the revision says %+v", kept.Status)
	}
	if decisions := get(w, s.partner).Status.Decisions; decisions == nil || *decisions != 2 {
		t.Errorf("on the partner's plans are %v decisions, want 2", decisions)
	}
	again := s.plan.DeepCopy()
	again.UID, again.ResourceVersion, again.Status = "another", "", v1alpha1.JointPlanStatus{}
	again.Spec.Goals[0].Target.Value = "5"
	w.create(again)
	w.run()
	got := get(w, again)
	if record := got.Status.PlanOfRecord; record == nil || record.Revision != approved || got.Status.Revision == approved {
		t.Errorf("the plan of record is %+v, want %s, which was approved", record, approved)
	}
	if got.Status.Goals[0].Target == "5" {
		t.Error("the goal that nobody approved counts")
	}
}

// beforeKeeping is a world in which the plan was approved and its revision is gone.
func beforeKeeping(t *testing.T, s *scene) *world {
	t.Helper()
	w := evaluatedWorld(t, s, "2026-07-10T10:00:00+02:00")
	w.must(w.people.Delete(t.Context(), get(w, s.revision())))
	return w
}

func TestWhatTheAPIServerAnswersToARevision(t *testing.T) {
	resource := schema.GroupResource{Group: v1alpha1.GroupVersion.Group, Resource: "planrevisions"}
	terminating := apierrors.NewForbidden(resource, "x", errors.New("the namespace is being terminated"))
	terminating.ErrStatus.Details.Causes = []metav1.StatusCause{{Type: corev1.NamespaceTerminatingCause}}
	for name, tc := range map[string]struct {
		answer      error
		wantError   bool
		wantWritten bool // the status that was lost
	}{
		"AlreadyExists":            {apierrors.NewAlreadyExists(resource, "x"), false, true},
		"the namespace terminates": {terminating, false, true},
		"Invalid: no loop":         {failures()["Invalid"], false, true},
		"InternalError":            {failures()["InternalError"], true, false},
		"Forbidden":                {apierrors.NewForbidden(resource, "x", errors.New("no right")), true, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene()
			w := beforeKeeping(t, s)
			w.loseStatus(s.plan)
			w.refuse = func(verb string, _ client.Object) error {
				if verb == "create" {
					return tc.answer
				}
				return nil
			}
			_, err := w.reconcileOne(s.plan)
			if errors.Is(err, tc.answer) != tc.wantError || errors.Is(err, reconcile.TerminalError(nil)) {
				t.Errorf("error %v, want one to be tried again: %t", err, tc.wantError)
			}
			if written := len(w.written()) == 1; written != tc.wantWritten {
				t.Errorf("the status was written: %t, want %t: nothing says approved before it is kept", written, tc.wantWritten)
			}
		})
	}
}

func TestARevisionThatIsGoneIsKeptAgain(t *testing.T) {
	s := newScene()
	w := beforeKeeping(t, s)
	if _, err := w.reconcileOne(s.plan); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"create " + nameOf(s.revision())}, w.written()); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

func TestNothingIsKeptOfAPlanThatIsBeingDeleted(t *testing.T) {
	s := newScene()
	w := beforeKeeping(t, s)
	edit(w, s.plan, func(p *v1alpha1.JointPlan) { p.Finalizers = []string{"example.com/held"} })
	w.must(w.people.Delete(t.Context(), get(w, s.plan)))
	if _, err := w.reconcileOne(s.plan); err != nil {
		t.Fatal(err)
	}
	for _, write := range w.written() {
		if write == "create "+nameOf(s.revision()) {
			t.Error("a revision was created that would hold up the deletion")
		}
	}
}
