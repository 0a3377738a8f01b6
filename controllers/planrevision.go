package controllers

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// setupPlanRevisions adds the controller that says which revisions are of record.
func setupPlanRevisions(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.PlanRevision]{Reconciler: shared}
	return w.controller(kinds.PlanRevision, r,
		watch{kind: &v1alpha1.Partner{}, concerns: w.ofPartner(kinds.PlanRevision, nil), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.ofPartner(kinds.PlanRevision, samePlan), priority: queue.Child},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.ofPartner(kinds.PlanRevision, samePlan), priority: queue.Child},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.ofPartner(kinds.PlanRevision, samePlan), priority: queue.Child},
	)
}
