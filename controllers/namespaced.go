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
	"jointplan.dev/jointplan/internal/rules/evaluate"
)

// namespacedReconciler evaluates the objects of one namespaced kind.
type namespacedReconciler[T kinds.Evaluated] struct {
	Reconciler

	// before adds what an evaluation looks at besides the snapshot. Absent adds nothing.
	before func(ctx context.Context, object T, in *evaluate.Input) error
	// after does what an evaluation asks for besides the status. Absent does nothing.
	after func(ctx context.Context, snap *snapshot.Snapshot, object T, out *evaluate.Outcome) error
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
	out, err := r.evaluate(ctx, snap.Snapshot, old, updated, now)
	evaluated()
	if err == nil {
		err = snap.Err()
	}
	if err != nil {
		return ctrl.Result{}, err
	}
	return r.Statuses.Settle(ctx, old, updated, out.Next, now)
}

// evaluate puts the status of an object into updated, a copy of it, and does what the evaluation asks for besides.
func (r *namespacedReconciler[T]) evaluate(ctx context.Context, snap *snapshot.Snapshot, object, updated T, now time.Time) (out evaluate.Outcome, err error) {
	in := evaluate.Input{Snapshot: snap, Gate: r.gate(), Now: now}
	if r.before != nil {
		if err := r.before(ctx, object, &in); err != nil {
			return out, err
		}
	}
	out = evaluate.Object(in, object, updated)
	if r.after != nil {
		err = r.after(ctx, snap, object, &out)
	}
	return out, err
}
