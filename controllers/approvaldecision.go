package controllers

import (
	"context"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/decision"
)

// setupApprovalDecisions adds the controller that says whether decisions count.
func setupApprovalDecisions(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.ApprovalDecision]{
		Reconciler: shared, find: (*snapshot.Snapshot).Decision, evaluate: evaluateDecision,
	}
	decisions := &v1alpha1.ApprovalDecisionList{}
	return w.controller("approvaldecision", &v1alpha1.ApprovalDecision{}, decisions, r,
		watch{kind: &v1alpha1.Partner{}, concerns: w.inNamespace(decisions, nil), priority: priorityChild},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.inNamespace(decisions, samePlan), priority: priorityChild},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.inNamespace(decisions, sameTarget), priority: priorityChild},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.inNamespace(decisions, samePlan), priority: priorityChild},
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.inNamespace(decisions, aboutMoney), priority: priorityChild},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: w.inNamespace(decisions, aboutMoney), priority: priorityChild},
		watch{kind: &v1alpha1.MDFBudget{}, concerns: w.moneyDecisions, priority: priorityChild},
	)
}

func evaluateDecision(
	_ context.Context, snap *snapshot.Snapshot, old, updated *v1alpha1.ApprovalDecision, now time.Time,
) (next time.Time, _ error) {
	updated.Status, next = decision.Evaluate(snap, old, now)
	return next, nil
}
