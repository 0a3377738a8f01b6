package controllers

import (
	"context"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/partner"
)

// setupPartners adds the controller that evaluates partners: tier, obligations and standing.
func setupPartners(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.Partner]{
		Reconciler: shared, evaluate: shared.evaluatePartner,
	}
	return w.controller(kinds.Partner, r,
		watch{kind: &v1alpha1.Partner{}, concerns: queue.Mapping(w.family), priority: queue.Child},
		watch{kind: &v1alpha1.Partner{}, concerns: w.asking(kinds.Partner, true), priority: queue.Child}, // for the names of distributors
		// A plan that moved from one partner to another is judged with both.
		watch{kind: &v1alpha1.Partner{}, concerns: w.ofPartner(kinds.Partner, others), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child},
		watch{kind: &v1alpha1.Campaign{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child},
		watch{kind: &v1alpha1.PlanReview{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child},
	)
}

func (r *Reconciler) evaluatePartner(
	ctx context.Context, snap *snapshot.Snapshot, old, updated *v1alpha1.Partner, now time.Time,
) (next time.Time, _ error) {
	ancestry, err := r.ancestry(ctx, old)
	if err != nil {
		return time.Time{}, err
	}
	updated.Status, next = partner.Evaluate(snap, old, ancestry, now)
	return next, nil
}

// ancestry finds the distributors above a partner.
func (r *Reconciler) ancestry(ctx context.Context, of *v1alpha1.Partner) (partner.Ancestry, error) {
	var failure error
	ancestry := partner.ResolveAncestry(of, func(namespace, name string) *v1alpha1.Partner {
		found, err := r.Gatherer.Partner(ctx, namespace, name)
		if err != nil {
			failure = err
		}
		return found
	})
	return ancestry, failure
}
