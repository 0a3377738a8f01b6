package controllers

import (
	"context"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// setupPlanReviews adds the controller that says whether records of meetings count.
func setupPlanReviews(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.PlanReview]{
		Reconciler: shared, evaluate: evaluateReview,
	}
	return w.controller(kinds.PlanReview, r,
		watch{kind: &v1alpha1.Partner{}, concerns: w.ofPartner(kinds.PlanReview, nil), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.ofPartner(kinds.PlanReview, samePlan), priority: queue.Child},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.ofPartner(kinds.PlanReview, nil), priority: queue.Child},
		watch{kind: &v1alpha1.PlanReview{}, concerns: w.ofPartner(kinds.PlanReview, samePlan), priority: queue.Child},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.ofPartner(kinds.PlanReview, samePlanOrReview), priority: queue.Child},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.ofPartner(kinds.PlanReview, samePlan), priority: queue.Child},
	)
}

func evaluateReview(
	_ context.Context, snap *snapshot.Snapshot, old, updated *v1alpha1.PlanReview, now time.Time,
) (next time.Time, _ error) {
	updated.Status, next = plan.EvaluateReview(snap, old, now)
	return next, nil
}
