package controllers

import (
	"context"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/grant"
)

// setupMDFAllocations adds the controller that evaluates requests for money: eligibility, approval and what the ledger holds for them.
func setupMDFAllocations(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.MDFAllocation]{
		Reconciler: shared, find: (*snapshot.Snapshot).Allocation, evaluate: shared.evaluateAllocation,
	}
	allocations := &v1alpha1.MDFAllocationList{}
	watches := append(w.policyWatches(allocations),
		watch{kind: &v1alpha1.MDFBudget{}, concerns: w.requestsOnBudget, priority: priorityChild},
		watch{kind: &v1alpha1.MDFLedger{}, concerns: w.requestsOnBudget, priority: priorityChild},
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.inNamespace(allocations, others), priority: priorityChild},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: w.inNamespace(allocations, nil), priority: priorityChild},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.inNamespace(allocations, nil), priority: priorityChild},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.inNamespace(allocations, nil), priority: priorityChild},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.inNamespace(allocations, samePlan), priority: priorityChild},
		watch{kind: &v1alpha1.Partner{}, concerns: w.inNamespace(allocations, nil), priority: priorityChild},
		watch{kind: &v1alpha1.Campaign{}, concerns: w.inNamespace(allocations, nil), priority: priorityChild},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.inNamespace(allocations, nil), priority: priorityChild},
	)
	return w.controller("mdfallocation", &v1alpha1.MDFAllocation{}, allocations, r, watches...)
}

func (r *Reconciler) evaluateAllocation(
	_ context.Context, snap *snapshot.Snapshot, old, updated *v1alpha1.MDFAllocation, now time.Time,
) (next time.Time, _ error) {
	updated.Status, next = grant.Evaluate(snap, old, r.gate(), now)
	return next, nil
}
