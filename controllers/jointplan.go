package controllers

import (
	"context"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/plan"
	"jointplan.dev/jointplan/internal/portfolio"
)

// setupJointPlans adds the controller that evaluates plans, and keeps the approved part of each fully approved revision.
func setupJointPlans(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.JointPlan]{
		Reconciler: shared, find: (*portfolio.Portfolio).Plan, evaluate: shared.evaluatePlan,
	}
	plans := &v1alpha1.JointPlanList{}
	return w.controller("jointplan", &v1alpha1.JointPlan{}, plans, r,
		watch{kind: &v1alpha1.Partner{}, concerns: w.inNamespace(plans, nil), priority: priorityChild},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.inNamespace(plans, siblings), priority: priorityChild},
		watch{kind: &v1alpha1.Campaign{}, concerns: w.inNamespace(plans, samePlan), priority: priorityChild},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.inNamespace(plans, nil), priority: priorityChild},
		watch{kind: &v1alpha1.ApprovalDecision{}, concerns: w.inNamespace(plans, samePlan), priority: priorityChild},
		watch{kind: &v1alpha1.PlanRevision{}, concerns: w.inNamespace(plans, samePlan), priority: priorityChild},
	)
}

func (r *Reconciler) evaluatePlan(
	ctx context.Context, folio *portfolio.Portfolio, old, updated *v1alpha1.JointPlan, now time.Time,
) (time.Time, error) {
	result := plan.Evaluate(folio, old, now)
	updated.Status = result.Status
	return result.NextChange, r.keep(ctx, old, result.Keep)
}

// keep creates the revisions that must be kept. They are deleted with their plan.
func (r *Reconciler) keep(ctx context.Context, of *v1alpha1.JointPlan, revisions []*v1alpha1.PlanRevision) error {
	if !of.DeletionTimestamp.IsZero() {
		return nil
	}
	for _, revision := range revisions {
		owner := metav1.NewControllerRef(of, v1alpha1.GroupVersion.WithKind("JointPlan"))
		owner.BlockOwnerDeletion = nil // asking for it would need the right to change finalizers
		revision.OwnerReferences = []metav1.OwnerReference{*owner}
		if err := r.Create(ctx, revision); err != nil && !apierrors.IsAlreadyExists(err) {
			return fmt.Errorf("keep revision %s: %w", revision.Name, err)
		}
	}
	return nil
}
