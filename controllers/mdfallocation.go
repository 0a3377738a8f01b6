package controllers

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// setupMDFAllocations adds the controller that evaluates requests for money: eligibility, approval and what the ledger holds for them.
func setupMDFAllocations(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.MDFAllocation]{Reconciler: shared}
	watches := append(w.policyWatches(kinds.MDFAllocation),
		watch{kind: &v1alpha1.MDFBudget{}, concerns: queue.Mapping(w.requestsOnBudget), priority: queue.Child},
		watch{kind: &v1alpha1.MDFBudget{}, concerns: w.asking(kinds.MDFAllocation, false), priority: queue.Child},
		watch{kind: &v1alpha1.MDFLedger{}, concerns: queue.Mapping(w.requestsOnBudget), priority: queue.Child},
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.ofPartner(kinds.MDFAllocation, others), priority: queue.Child},
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: queue.Mapping(w.besides), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: queue.Mapping(w.besides), priority: queue.Child},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: w.ofPartner(kinds.MDFAllocation, nil), priority: queue.Child},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.ofPartner(kinds.MDFAllocation, nil), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.ofPartner(kinds.MDFAllocation, nil), priority: queue.Child},
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.sameInvoice(kinds.MDFAllocation), priority: queue.Child},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: w.sameInvoice(kinds.MDFAllocation), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.sameInvoice(kinds.MDFAllocation), priority: queue.Child},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.ofPartner(kinds.MDFAllocation, samePlan), priority: queue.Child},
		watch{kind: &v1alpha1.Partner{}, concerns: w.ofPartner(kinds.MDFAllocation, nil), priority: queue.Child},
		watch{kind: &v1alpha1.PlanReview{}, concerns: w.ofPartner(kinds.MDFAllocation, nil), priority: queue.Child},
		watch{kind: &v1alpha1.Campaign{}, concerns: w.ofPartner(kinds.MDFAllocation, nil), priority: queue.Child},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.ofPartner(kinds.MDFAllocation, nil), priority: queue.Child},
	)
	return w.controller(kinds.MDFAllocation, r, watches...)
}
