package controllers

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// setupApprovalDecisions adds the controller that says whether decisions count.
func setupApprovalDecisions(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.ApprovalDecision]{Reconciler: shared}
	return w.controller(kinds.ApprovalDecision, r,
		watch{kind: &v1alpha1.Partner{}, concerns: w.ofPartner(kinds.ApprovalDecision, nil), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.ofPartner(kinds.ApprovalDecision, samePlanOrMoney), priority: queue.Child},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.ofPartner(kinds.ApprovalDecision, sameTarget), priority: queue.Child},
		watch{kind: &v1alpha1.PlanReview{}, concerns: w.ofPartner(kinds.ApprovalDecision, aboutReviews), priority: queue.Child},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.ofPartner(kinds.ApprovalDecision, samePlanOrAboutReviews), priority: queue.Child},
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.ofPartner(kinds.ApprovalDecision, aboutMoney), priority: queue.Child},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: w.ofPartner(kinds.ApprovalDecision, aboutMoney), priority: queue.Child},
		watch{kind: &v1alpha1.MDFBudget{}, concerns: w.partnersOnBudget(kinds.ApprovalDecision, aboutMoney), priority: queue.Child},
		// Of a budget that is gone, the ledger says the currency.
		watch{kind: &v1alpha1.MDFLedger{}, concerns: onceWhole(w.partnersOnBudget(kinds.ApprovalDecision, aboutMoney)), priority: queue.Child},
	)
}
