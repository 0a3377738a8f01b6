package controllers

import (
	"context"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/claim"
)

// setupMDFClaims adds the controller that evaluates claims: what is payable, by when, and what the ledger has settled.
func setupMDFClaims(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.MDFClaim]{
		Reconciler: shared, find: (*snapshot.Snapshot).Claim, evaluate: shared.evaluateClaim,
	}
	claims := &v1alpha1.MDFClaimList{}
	return w.controller("mdfclaim", &v1alpha1.MDFClaim{}, claims, r,
		watch{kind: &v1alpha1.MDFBudget{}, concerns: w.claimsOnBudget, priority: priorityChild},
		watch{kind: &v1alpha1.MDFLedger{}, concerns: w.claimsOnBudget, priority: priorityChild},
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.inNamespace(claims, nil), priority: priorityChild},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: w.inNamespace(claims, others), priority: priorityChild},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.inNamespace(claims, nil), priority: priorityChild},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.inNamespace(claims, nil), priority: priorityChild},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.inNamespace(claims, nil), priority: priorityChild},
		watch{kind: &v1alpha1.Partner{}, concerns: w.inNamespace(claims, nil), priority: priorityChild},
	)
}

func (r *Reconciler) evaluateClaim(
	_ context.Context, snap *snapshot.Snapshot, old, updated *v1alpha1.MDFClaim, now time.Time,
) (next time.Time, _ error) {
	updated.Status, next = claim.Evaluate(snap, old, r.gate(), now)
	return next, nil
}
