package controllers

import (
	"context"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/evaluate"
	"jointplan.dev/jointplan/internal/rules/partner"
)

// setupPartners adds the controller that evaluates partners: tier, obligations and standing.
func setupPartners(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.Partner]{
		Reconciler: shared, before: shared.addFamily,
	}
	return w.controller(kinds.Partner, r,
		watch{kind: &v1alpha1.PublishedBenchmark{}, concerns: w.ofPublished(kinds.Partner), priority: queue.FanOut},
		watch{kind: &v1alpha1.Partner{}, concerns: queue.Mapping(w.family), priority: queue.Child},
		watch{kind: &v1alpha1.Partner{}, concerns: queue.Mapping(w.distributorOf), moves: moves, priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: queue.Mapping(w.distributorOf), moves: moves, priority: queue.Child}, // which says who has a plan
		watch{kind: &v1alpha1.Partner{}, concerns: w.asking(kinds.Partner, true), priority: queue.Child},                  // for the names of distributors
		// A plan that moved from one partner to another is judged with both.
		watch{kind: &v1alpha1.Partner{}, concerns: w.ofPartner(kinds.Partner, others), priority: queue.Child},
		watch{kind: &v1alpha1.MDFBudget{}, concerns: w.asking(kinds.Partner, false), priority: queue.FanOut}, // for those that it may draw on
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child},
		watch{kind: &v1alpha1.Campaign{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child},
		watch{kind: &v1alpha1.PlanReview{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child},
		// What follows if nobody acts names the requests that lose their money by it.
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: w.ofPartner(kinds.Partner, nil), priority: queue.Child}, // for what was paid
		watch{kind: &v1alpha1.MDFBudget{}, concerns: w.partnersOnBudget(kinds.Partner, nil), priority: queue.Child},
		watch{kind: &v1alpha1.MDFLedger{}, concerns: w.partnersOnBudget(kinds.Partner, nil), priority: queue.Child},
		// What stays granted depends on what is payable on claims.
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.sameInvoice(kinds.Partner), priority: queue.Child},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: w.sameInvoice(kinds.Partner), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.sameInvoice(kinds.Partner), priority: queue.Child},
	)
}

// addFamily adds the distributors above a partner and the resellers below it to what its evaluation looks at.
func (r *Reconciler) addFamily(ctx context.Context, of *v1alpha1.Partner, in *evaluate.Input) (err error) {
	if in.Ancestry, err = r.ancestry(ctx, of); err != nil {
		return err
	}
	in.Resellers, err = r.Gatherer.Resellers(ctx, of)
	return err
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
