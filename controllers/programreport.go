package controllers

import (
	"context"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// writeReports creates the reports that do not exist, sets the figures of those whose period is closed permanently, and writes the statuses. A report has no
// owner: it is kept until somebody deletes it. It reports whether the cache does not show all that was written yet.
func (r *ChannelStrategyReconciler) writeReports(ctx context.Context, existing, wanted []*v1alpha1.ProgramReport, next, now time.Time) (awaits bool, _ error) {
	known := make(map[string]*v1alpha1.ProgramReport, len(existing))
	for _, x := range existing {
		known[x.Name] = x
	}
	for _, x := range wanted {
		was := known[x.Name]
		switch {
		case was == nil:
			created := &v1alpha1.ProgramReport{Spec: x.Spec}
			created.Name, created.Spec.Final = x.Name, nil
			if err := r.Create(ctx, created); err != nil && !apierrors.IsAlreadyExists(err) {
				return false, fmt.Errorf("create the report %s: %w", x.Name, err)
			}
			awaits = true
		case r.Statuses.Awaits(was):
			awaits = true
		case x.Spec.Final != nil && was.Spec.Final == nil:
			closed := was.DeepCopy()
			closed.Spec.Final = x.Spec.Final
			if err := client.IgnoreNotFound(r.Update(ctx, closed)); err != nil {
				return false, fmt.Errorf("close the report %s: %w", x.Name, err)
			}
			awaits = true
		default:
			if _, err := r.Statuses.Settle(ctx, was, x, next, now); err != nil {
				return false, err
			}
		}
	}
	return awaits, nil
}

// programOfReport maps a report to its program.
func programOfReport(_ context.Context, object client.Object, _ bool) []reconcile.Request {
	report, ok := object.(*v1alpha1.ProgramReport)
	if !ok {
		return nil
	}
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Name: string(report.Spec.ProgramRef.Name)}}}
}
