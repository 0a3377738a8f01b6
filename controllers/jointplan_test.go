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
	owner := []metav1.OwnerReference{{
		APIVersion: v1alpha1.GroupVersion.String(), Kind: "JointPlan", Name: of.Name, UID: of.UID, Controller: new(true),
	}}
	if diff := cmp.Diff(owner, kept.OwnerReferences); diff != "" {
		t.Errorf("owner (-want +got):\n%s", diff)
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
