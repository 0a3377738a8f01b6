package controllers

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// setupCampaigns adds the controller that evaluates campaigns: funnel, cost, returns and stop rule.
func setupCampaigns(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.Campaign]{Reconciler: shared}
	return w.controller(kinds.Campaign, r,
		watch{kind: &v1alpha1.PublishedBenchmark{}, concerns: w.ofPublished(kinds.Campaign), priority: queue.FanOut},
		watch{kind: &v1alpha1.Partner{}, concerns: w.ofPartner(kinds.Campaign, nil), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.ofPartner(kinds.Campaign, samePlan), priority: queue.Child},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.ofPartner(kinds.Campaign, sameSubject), priority: queue.Child},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.ofPartner(kinds.Campaign, samePlan), priority: queue.Child},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.ofPartner(kinds.Campaign, samePlan), priority: queue.Child},
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: w.ofPartner(kinds.Campaign, sameActivity), priority: queue.Child},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: w.campaignsOfClaim(), priority: queue.Child},
	)
}
