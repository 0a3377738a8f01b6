package controllers

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// setupMeasurementSets adds the controller that checks measured values against the program's catalogue.
func setupMeasurementSets(w *wiring, shared Reconciler) error {
	r := &namespacedReconciler[*v1alpha1.MeasurementSet]{Reconciler: shared}
	return w.controller(kinds.MeasurementSet, r,
		watch{kind: &v1alpha1.Partner{}, concerns: w.ofPartner(kinds.MeasurementSet, nil), priority: queue.Child},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.ofPartner(kinds.MeasurementSet, nil), priority: queue.Child},
		watch{kind: &v1alpha1.Campaign{}, concerns: w.ofPartner(kinds.MeasurementSet, sameSubject), priority: queue.Child},
		watch{kind: &v1alpha1.MeasurementSet{}, concerns: w.ofPartner(kinds.MeasurementSet, sameSubject), priority: queue.Child},
	)
}
