package controllers

import (
	"context"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/campaign"
)

// setupCampaigns adds the controller that evaluates campaigns: funnel, cost, returns and stop rule.
func setupCampaigns(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.Campaign]{
		Reconciler: shared, find: (*snapshot.Snapshot).Campaign, evaluate: evaluateCampaign,
	}
	campaigns := &v1alpha1.CampaignList{}
	return w.controller("campaign", &v1alpha1.Campaign{}, campaigns, r,
		watch{kind: &v1alpha1.Partner{}, concerns: w.inNamespace(campaigns, nil), priority: priorityChild},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.inNamespace(campaigns, samePlan), priority: priorityChild},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.inNamespace(campaigns, sameSubject), priority: priorityChild},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.inNamespace(campaigns, samePlan), priority: priorityChild},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.inNamespace(campaigns, samePlan), priority: priorityChild},
	)
}

func evaluateCampaign(
	_ context.Context, snap *snapshot.Snapshot, old, updated *v1alpha1.Campaign, now time.Time,
) (next time.Time, _ error) {
	updated.Status, next = campaign.Evaluate(snap, old, now)
	return next, nil
}
