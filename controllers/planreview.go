package controllers

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// setupPlanReviews adds the controller that says whether records of meetings count.
func setupPlanReviews(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.PlanReview]{Reconciler: shared}
	return w.controller(kinds.PlanReview, r,
		watch{kind: &v1alpha1.Partner{}, concerns: w.ofPartner(kinds.PlanReview, nil), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.ofPartner(kinds.PlanReview, samePlan), priority: queue.Child},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.ofPartner(kinds.PlanReview, nil), priority: queue.Child},
		watch{kind: &v1alpha1.PlanReview{}, concerns: w.ofPartner(kinds.PlanReview, samePlan), priority: queue.Child},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.ofPartner(kinds.PlanReview, samePlanOrReview), priority: queue.Child},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.ofPartner(kinds.PlanReview, samePlan), priority: queue.Child},
	)
}
