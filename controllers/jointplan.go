package controllers

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	logf "sigs.k8s.io/controller-runtime/pkg/log"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/evaluate"
)

// setupJointPlans adds the controller that evaluates plans, and keeps the approved part of each fully approved revision.
func setupJointPlans(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.JointPlan]{
		Reconciler: shared, after: shared.keepRevisions,
	}
	return w.controller(kinds.JointPlan, r,
		watch{kind: &v1alpha1.PublishedBenchmark{}, concerns: w.ofPublished(kinds.JointPlan), priority: queue.FanOut},
		watch{kind: &v1alpha1.Partner{}, concerns: w.ofPartner(kinds.JointPlan, nil), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.ofPartner(kinds.JointPlan, others), priority: queue.Child},
		watch{kind: &v1alpha1.Campaign{}, concerns: w.ofPartner(kinds.JointPlan, nil), priority: queue.Child},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.ofPartner(kinds.JointPlan, nil), priority: queue.Child},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.ofPartner(kinds.JointPlan, nil), priority: queue.Child},
		watch{kind: &v1alpha1.PlanReview{}, concerns: w.ofPartner(kinds.JointPlan, nil), priority: queue.Child},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.ofPartner(kinds.JointPlan, nil), priority: queue.Child},
		// What follows if nobody acts names the requests that lose their money by it.
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.ofPartner(kinds.JointPlan, nil), priority: queue.Child},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: w.ofPartner(kinds.JointPlan, nil), priority: queue.Child}, // for what was paid, and is to be
		watch{kind: &v1alpha1.MDFBudget{}, concerns: w.partnersOnBudget(kinds.JointPlan, nil), priority: queue.Child},
		watch{kind: &v1alpha1.MDFLedger{}, concerns: w.partnersOnBudget(kinds.JointPlan, nil), priority: queue.Child},
		// What a plan opens of a budget is what the partner has earned there and not used.
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.partnersBesides(kinds.JointPlan), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.partnersBesides(kinds.JointPlan), priority: queue.Child},
		// What stays granted depends on what is payable on claims.
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.sameInvoice(kinds.JointPlan), priority: queue.Child},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: w.sameInvoice(kinds.JointPlan), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.sameInvoice(kinds.JointPlan), priority: queue.Child},
	)
}

// keepRevisions keeps the revisions of a plan that its evaluation says must be kept.
func (r *Reconciler) keepRevisions(ctx context.Context, snap *snapshot.Snapshot, of *v1alpha1.JointPlan, out *evaluate.Outcome) error {
	if err := r.disown(ctx, snap.RevisionsOf(v1alpha1.Name(of.Name))); err != nil {
		return err
	}
	return r.keep(ctx, of, out.Keep)
}

// disown takes the owners from revisions that were kept when revisions still had their plan as one: they would be deleted with it.
func (r *Reconciler) disown(ctx context.Context, revisions []*v1alpha1.PlanRevision) error {
	for _, revision := range revisions {
		if len(revision.OwnerReferences) == 0 {
			continue
		}
		kept := &v1alpha1.PlanRevision{}
		kept.Namespace, kept.Name = revision.Namespace, revision.Name
		patch := client.RawPatch(types.MergePatchType, []byte(`{"metadata":{"ownerReferences":null}}`))
		if err := client.IgnoreNotFound(r.Patch(ctx, kept, patch)); err != nil {
			return fmt.Errorf("take the owner from revision %s: %w", revision.Name, err)
		}
	}
	return nil
}

// keep creates the revisions that must be kept. They have no owner, so that they outlive the plan. One that the API server refuses permanently is
// logged, so that the plan is evaluated all the same; the next evaluation tries again.
func (r *Reconciler) keep(ctx context.Context, of *v1alpha1.JointPlan, revisions []*v1alpha1.PlanRevision) error {
	if !of.DeletionTimestamp.IsZero() {
		return nil
	}
	for _, revision := range revisions {
		err := r.Create(ctx, revision)
		switch {
		case err == nil, apierrors.IsAlreadyExists(err), apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause):
		case apierrors.IsInvalid(err):
			logf.FromContext(ctx).Error(err, "the API server refuses a revision that must be kept", "revision", revision.Name)
		default:
			return fmt.Errorf("keep revision %s: %w", revision.Name, err)
		}
	}
	return nil
}
