// Package controllers runs the evaluations against an API server: one reconciler per kind, each of which fetches the objects of a
// namespace, evaluates one of them and writes its status if it differs.
package controllers

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/tools/events"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/suspension"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// maxSleep caps the time until an object is looked at again, because the timers of a machine that was suspended come late. Waking up
// early writes nothing.
const maxSleep = time.Hour

// Object is an object of one of the project's kinds.
type Object interface {
	client.Object
	// Common returns the part of the status that all kinds share.
	Common() *v1alpha1.CommonStatus
}

// Reconciler is what the reconcilers of all kinds share.
type Reconciler struct {
	client.Client
	// Clock tells the instant of each evaluation. It is read once per reconcile.
	Clock clock.PassiveClock
	// Events records transitions of conditions.
	Events events.EventRecorder
	// Gatherer reads the objects that an evaluation looks at.
	Gatherer *Gatherer
	// Live reads from the API server itself, past the cache: before money is moved.
	Live client.Reader
	// Policies says what stops all grants. Absent means that nothing does.
	Policies func() facts.Gate

	pending *pendingWrites
	meters  *meters
}

// settle writes the status of updated if it differs from that of old, records the transitions, and says when to look again: at next, if
// there is such an instant, and within an hour.
func (r *Reconciler) settle(ctx context.Context, old, updated Object, next, now time.Time) (ctrl.Result, error) {
	if same(old, updated) {
		r.meters.settled(old, resultUnchanged, next, now)
		return wake(next, now), nil
	}
	// A copy, as the answer is read into it, and what was computed may share memory with the cache.
	written, ok := withoutSpec(updated).DeepCopyObject().(Object)
	if !ok {
		return ctrl.Result{}, reconcile.TerminalError(fmt.Errorf("%T is no object", updated))
	}
	r.pending.begin(old)
	err := r.Status().Patch(ctx, written, statusPatch{from: old})
	missed := false
	if err != nil {
		missed = r.pending.failed(old)
	}
	r.meters.settled(old, resultOf(err), next, now)
	switch {
	case apierrors.IsNotFound(err):
		return ctrl.Result{}, nil // deleted meanwhile
	case apierrors.IsInvalid(err) && !missed:
		return ctrl.Result{}, reconcile.TerminalError(fmt.Errorf("the API server refuses the status that was computed: %w", err))
	case apierrors.IsConflict(err) && missed:
		return atOnce(), nil
	case err != nil:
		return ctrl.Result{}, fmt.Errorf("write status: %w", err)
	}
	missed = r.pending.wrote(old, written.GetResourceVersion())
	r.recordTransitions(written, old.Common().Conditions, updated.Common().Conditions)
	if missed {
		return atOnce(), nil
	}
	return wake(next, now), nil
}

// atOnce says to look again now, since the object itself was edited while its status was written. An edit does not wait: after an error the
// object would go back to the end of the backlog of a start.
func atOnce() ctrl.Result { return ctrl.Result{RequeueAfter: time.Nanosecond, Priority: new(0)} }

// suspend leaves the status of a suspended object as it is, but for the condition that says so. Nothing is left to be done until the object is
// edited.
func (r *Reconciler) suspend(ctx context.Context, old, updated Object, now time.Time) (ctrl.Result, error) {
	updated.Common().Conditions = suspension.Conditions(old, now)
	return r.settle(ctx, old, updated, time.Time{}, now)
}

// shallow returns a copy of an object that shares everything below its own fields with it.
func shallow[T Object](of T) T {
	from := reflect.ValueOf(of).Elem()
	to := reflect.New(from.Type())
	to.Elem().Set(from)
	copied, _ := reflect.TypeAssert[T](to) // it is of the same type
	return copied
}

// same reports whether two objects that differ in their statuses at most do not. What is equal field by field, as nearly always, is found out in a
// fraction of the time that the semantic comparison takes.
func same(old, updated Object) bool {
	was, is := statusOf(old), statusOf(updated)
	return reflect.DeepEqual(was, is) || equality.Semantic.DeepEqual(was, is)
}

// statusOf returns a pointer to the status of an object.
func statusOf(object Object) any {
	return reflect.ValueOf(object).Elem().FieldByName("Status").Addr().Interface()
}

// withoutSpec returns a shallow copy of an object that has no spec.
func withoutSpec(of Object) Object {
	copied := shallow(of)
	reflect.ValueOf(copied).Elem().FieldByName("Spec").SetZero()
	return copied
}

// wake says when to look again: at next, if there is such an instant, and within an hour.
func wake(next, now time.Time) ctrl.Result {
	if next.IsZero() {
		return ctrl.Result{}
	}
	return after(min(next.Sub(now), maxSleep))
}

// after says to look again after a while; at once if it is over.
func after(wait time.Duration) ctrl.Result {
	priority := priorityDeadline
	return ctrl.Result{RequeueAfter: max(wait, time.Nanosecond), Priority: &priority}
}
