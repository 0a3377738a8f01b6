package controllers

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// setupMDFClaims adds the controller that evaluates claims: what is payable, by when, and what the ledger has settled.
func setupMDFClaims(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.MDFClaim]{Reconciler: shared}
	return w.controller(kinds.MDFClaim, r,
		watch{kind: &v1alpha1.MDFBudget{}, concerns: w.partnersOnBudget(kinds.MDFClaim, nil), priority: queue.Child},
		watch{kind: &v1alpha1.MDFLedger{}, concerns: w.partnersOnBudget(kinds.MDFClaim, nil), priority: queue.Child},
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.ofPartner(kinds.MDFClaim, nil), priority: queue.Child},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: w.ofPartner(kinds.MDFClaim, others), priority: queue.Child},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.ofPartner(kinds.MDFClaim, nil), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.ofPartner(kinds.MDFClaim, nil), priority: queue.Child},
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.sameInvoice(kinds.MDFClaim), priority: queue.Child},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: w.sameInvoice(kinds.MDFClaim), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.sameInvoice(kinds.MDFClaim), priority: queue.Child},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.ofPartner(kinds.MDFClaim, nil), priority: queue.Child},
		watch{kind: &v1alpha1.Partner{}, concerns: w.ofPartner(kinds.MDFClaim, nil), priority: queue.Child},
	)
}
