package controllers

import (
	"context"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// setupMeasurementSets adds the controller that checks measured values against the program's catalogue.
func setupMeasurementSets(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.MeasurementSet]{
		Reconciler: shared, find: (*snapshot.Snapshot).MeasurementSet, evaluate: evaluateMeasurementSet,
	}
	sets := &v1alpha1.MeasurementSetList{}
	return w.controller("measurementset", &v1alpha1.MeasurementSet{}, sets, r,
		watch{kind: &v1alpha1.Partner{}, concerns: w.inNamespace(sets, nil), priority: priorityChild},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.inNamespace(sets, nil), priority: priorityChild},
		watch{kind: &v1alpha1.Campaign{}, concerns: w.inNamespace(sets, sameSubject), priority: priorityChild},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.inNamespace(sets, sameSubject), priority: priorityChild},
	)
}

func evaluateMeasurementSet(
	_ context.Context, snap *snapshot.Snapshot, old, updated *v1alpha1.MeasurementSet, now time.Time,
) (next time.Time, _ error) {
	updated.Status, next = measure.EvaluateSet(snap, old, now)
	return next, nil
}
