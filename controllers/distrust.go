package controllers

import (
	"context"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/suspension"
)

// DistrustClock says on all budgets, by an instant, that nothing is evaluated as the manager's clock is wrong. No other field of a status changes. The
// next evaluation takes it away, as only a manager whose clock is right evaluates. What says it already is left as it is, and so are suspended budgets,
// of which nothing is evaluated anyway.
func DistrustClock(ctx context.Context, c client.Client, message string, at time.Time) error {
	var budgets v1alpha1.MDFBudgetList
	if err := c.List(ctx, &budgets); err != nil {
		return fmt.Errorf("list budgets: %w", err)
	}
	var failures []error
	for i := range budgets.Items {
		budget := &budgets.Items[i]
		if meta.IsStatusConditionFalse(budget.Status.Conditions, v1alpha1.ConditionClockTrusted) || suspension.Requested(budget) {
			continue
		}
		old := budget.DeepCopy()
		meta.SetStatusCondition(&budget.Status.Conditions, metav1.Condition{
			Type: v1alpha1.ConditionClockTrusted, Status: metav1.ConditionFalse, Reason: v1alpha1.ReasonClockSkewed, Message: message,
			ObservedGeneration: budget.Generation, LastTransitionTime: metav1.NewTime(at),
		})
		// The patch holds the whole list of conditions: only on the status from which it was made.
		err := c.Status().Patch(ctx, budget, client.MergeFromWithOptions(old, client.MergeFromWithOptimisticLock{}))
		if err != nil && !apierrors.IsNotFound(err) && !apierrors.IsConflict(err) { // it is told again
			failures = append(failures, fmt.Errorf("budget %s: %w", budget.Name, err))
		}
	}
	return errors.Join(failures...)
}
