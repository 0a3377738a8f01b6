package controllers

import (
	"context"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/partner"
)

// setupPartners adds the controller that evaluates partners: tier, obligations and standing.
func setupPartners(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.Partner]{
		Reconciler: shared, find: (*snapshot.Snapshot).Partner, evaluate: shared.evaluatePartner,
	}
	partners := &v1alpha1.PartnerList{}
	return w.controller("partner", &v1alpha1.Partner{}, partners, r,
		watch{kind: &v1alpha1.Partner{}, concerns: w.family, priority: priorityChild},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.inNamespace(partners, nil), priority: priorityChild},
		watch{kind: &v1alpha1.Campaign{}, concerns: w.inNamespace(partners, nil), priority: priorityChild},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.inNamespace(partners, nil), priority: priorityChild},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.inNamespace(partners, nil), priority: priorityChild},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.inNamespace(partners, nil), priority: priorityChild},
	)
}

func (r *Reconciler) evaluatePartner(
	ctx context.Context, snap *snapshot.Snapshot, old, updated *v1alpha1.Partner, now time.Time,
) (time.Time, error) {
	ancestry, err := r.ancestry(ctx, old)
	if err != nil {
		return time.Time{}, err
	}
	result := partner.Evaluate(snap, old, ancestry, now)
	updated.Status = result.Status
	return result.NextChange, nil
}

// ancestry finds the distributors above a partner.
func (r *Reconciler) ancestry(ctx context.Context, of *v1alpha1.Partner) (partner.Ancestry, error) {
	var failure error
	ancestry := partner.ResolveAncestry(of, func(namespace, name string) *v1alpha1.Partner {
		found, err := r.Gatherer.Partner(ctx, namespace, name)
		if err != nil {
			failure = err
		}
		return found
	})
	return ancestry, failure
}
