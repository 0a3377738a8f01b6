package controllers

import (
	"context"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/model/suspension"
)

// namespacedObject is a pointer to an object of one of the project's namespaced kinds.
type namespacedObject interface {
	comparable
	Object
}

// evaluation computes the status of an object and puts it into updated, a copy of old. It returns the next instant at which the status may
// change although no spec does; zero when there is none.
type evaluation[T namespacedObject] func(ctx context.Context, snap *snapshot.Snapshot, old, updated T, now time.Time) (time.Time, error)

// namespacedReconciler evaluates the objects of one namespaced kind.
type namespacedReconciler[T namespacedObject] struct {
	Reconciler

	find     func(*snapshot.Snapshot, v1alpha1.Name) T
	evaluate evaluation[T]
}

// Reconcile evaluates one object with the objects of its namespace.
func (r *namespacedReconciler[T]) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	now := r.Clock.Now()
	snap, err := r.Gatherer.Snapshot(ctx, request.Namespace)
	if err != nil {
		return ctrl.Result{}, err
	}
	var none T
	old := r.find(snap, v1alpha1.Name(request.Name))
	if old == none {
		r.meters.forget(kindOf(none), request.NamespacedName)
		return ctrl.Result{}, nil
	}
	if r.pending.awaits(old) {
		return after(cachePatience), nil
	}
	updated := shallow(old) // only its status is set, to a new one
	if suspension.Requested(old) {
		return r.suspend(ctx, old, updated, now)
	}
	evaluated := r.meters.timing(kindOf(old))
	next, err := r.evaluate(ctx, snap, old, updated, now)
	evaluated()
	if err != nil {
		return ctrl.Result{}, err
	}
	return r.settle(ctx, old, updated, next, now)
}
