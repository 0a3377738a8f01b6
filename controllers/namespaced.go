package controllers

import (
	"cmp"
	"context"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/model/suspension"
)

// evaluation computes the status of an object and puts it into updated, a copy of old. It returns the next instant at which the status may
// change although no spec does; zero when there is none.
type evaluation[T kinds.Evaluated] func(ctx context.Context, snap *snapshot.Snapshot, old, updated T, now time.Time) (time.Time, error)

// namespacedReconciler evaluates the objects of one namespaced kind.
type namespacedReconciler[T kinds.Evaluated] struct {
	Reconciler

	evaluate evaluation[T]
}

// Reconcile evaluates one object with the objects of its partner.
func (r *namespacedReconciler[T]) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	var none T
	kind := kinds.Of(none)
	turn := r.turn(kind, request)
	now := turn.Now(r.Clock)
	old, _ := kind.New().(T) // it is of the kind
	if err := r.Get(ctx, request.NamespacedName, old, client.UnsafeDisableDeepCopy); err != nil {
		if client.IgnoreNotFound(err) == nil {
			r.forget(kind.Name, request.NamespacedName)
		}
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if r.Statuses.Awaits(old) {
		return status.After(status.CachePatience), nil
	}
	if suspension.Requested(old) {
		return r.Statuses.Suspend(ctx, old, status.Shallow(old), now)
	}
	snap, err := r.Gatherer.Snapshot(ctx, turn, old)
	if failure := cmp.Or(err, ctx.Err()); failure != nil { // a manager that stops does not begin what may take a while
		return ctrl.Result{}, failure
	}
	old, _ = snap.Own(old).(T)     // it is of the kind
	updated := status.Shallow(old) // only its status is set, to a new one
	evaluated := r.Meters.Timing(kind.Name)
	next, err := r.evaluate(ctx, snap.Snapshot, old, updated, now)
	evaluated()
	if err == nil {
		err = snap.Err()
	}
	if err != nil {
		return ctrl.Result{}, err
	}
	return r.Statuses.Settle(ctx, old, updated, next, now)
}
