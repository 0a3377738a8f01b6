package controllers

import (
	"context"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// setupPlanRevisions adds the controller that says which revisions are of record.
func setupPlanRevisions(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.PlanRevision]{
		Reconciler: shared, find: (*snapshot.Snapshot).Revision, evaluate: evaluateRevision,
	}
	revisions := &v1alpha1.PlanRevisionList{}
	return w.controller("planrevision", &v1alpha1.PlanRevision{}, revisions, r,
		watch{kind: &v1alpha1.Partner{}, concerns: w.inNamespace(revisions, nil), priority: priorityChild},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.inNamespace(revisions, samePlan), priority: priorityChild},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.inNamespace(revisions, samePlan), priority: priorityChild},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.inNamespace(revisions, samePlan), priority: priorityChild},
	)
}

func evaluateRevision(
	_ context.Context, snap *snapshot.Snapshot, old, updated *v1alpha1.PlanRevision, now time.Time,
) (next time.Time, _ error) {
	updated.Status, next = plan.EvaluateRevision(snap, old, now)
	return next, nil
}
