package controllers

import (
	"context"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// setupMeasurementSets adds the controller that checks measured values against the program's catalogue.
func setupMeasurementSets(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.MeasurementSet]{
		Reconciler: shared, evaluate: evaluateMeasurementSet,
	}
	return w.controller(kinds.MeasurementSet, r,
		watch{kind: &v1alpha1.Partner{}, concerns: w.ofPartner(kinds.MeasurementSet, nil), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.ofPartner(kinds.MeasurementSet, nil), priority: queue.Child},
		watch{kind: &v1alpha1.Campaign{}, concerns: w.ofPartner(kinds.MeasurementSet, sameSubject), priority: queue.Child},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.ofPartner(kinds.MeasurementSet, sameSubject), priority: queue.Child},
	)
}

func evaluateMeasurementSet(
	_ context.Context, snap *snapshot.Snapshot, old, updated *v1alpha1.MeasurementSet, now time.Time,
) (next time.Time, _ error) {
	updated.Status, next = measure.EvaluateSet(snap, old, now)
	return next, nil
}
