// Package status writes the status of an evaluated object: at most one patch for an evaluation, and none when nothing differs. It tells the events
// of its own writes from others, and records what changed.
package status

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/tools/events"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/telemetry"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/suspension"
)

const (
	// CachePatience is how long a reconcile that met a cache older than its own last write waits for it. The write's event comes before.
	CachePatience = time.Second
	// maxSleep caps the time until an object is looked at again, because the timers of a machine that was suspended come late. Waking up
	// early writes nothing.
	maxSleep = time.Hour
)

// Object is an object that has a status.
type Object = kinds.Evaluated

// Writer writes statuses. Several goroutines may use it.
type Writer struct {
	client  client.StatusClient
	events  events.EventRecorder
	meters  *telemetry.Meters
	pending *pendingWrites
	losses  *losses
}

// NewWriter returns a writer that records transitions of conditions as events. Nil meters are a no-op.
func NewWriter(c client.StatusClient, recorder events.EventRecorder, meters *telemetry.Meters) *Writer {
	return &Writer{client: c, events: recorder, meters: meters, pending: newPendingWrites(), losses: newLosses(clock.RealClock{})}
}

// Awaits reports whether the cache still shows an object as it was before our last write: to evaluate it would write the same status again.
func (w *Writer) Awaits(cached Object) bool { return w.pending.awaits(cached) }

// Forget drops what is remembered of an object that is gone.
func (w *Writer) Forget(key kinds.Key) { w.losses.forget(key) }

// Others keeps the events that show more than our own last write of the object's status: the evaluation that wrote it has said when to look
// again. It also keeps those for which a reconcile waits.
func (w *Writer) Others() predicate.Predicate { return w.pending.others() }

// Settle writes the status of updated if it differs from that of old, records the transitions, and says when to look again: at next, if
// there is such an instant, and within an hour.
func (w *Writer) Settle(ctx context.Context, old, updated Object, next, now time.Time) (ctrl.Result, error) {
	suspension.Remark(updated)
	if same(old, updated) {
		w.meters.Settled(old, telemetry.Unchanged, next, now)
		return Wake(next, now), nil
	}
	patch := statusPatch{from: old}
	difference, err := patch.difference(updated)
	if err != nil {
		return ctrl.Result{}, reconcile.TerminalError(err)
	}
	if w.losses.again(ctx, old, difference) {
		w.meters.Settled(old, telemetry.Unchanged, next, now)
		return Wake(next, now), nil
	}
	written, edited, err := w.write(ctx, old, updated, patch, difference)
	if err == nil {
		w.losses.wrote(old, written.GetResourceVersion(), difference)
	}
	w.meters.Settled(old, telemetry.ResultOf(err), next, now)
	if err == nil {
		w.recordTransitions(written, old.Common().Conditions, updated.Common().Conditions)
	}
	return again(err, edited, next, now)
}

// Suspend leaves the status of a suspended object as it is, but for the condition that says so and how to resume it. Nothing is left to be done until the object is
// edited.
func (w *Writer) Suspend(ctx context.Context, old, updated Object, now time.Time) (ctrl.Result, error) {
	suspension.Mark(updated, now)
	return w.Settle(ctx, old, updated, time.Time{}, now)
}

// write patches a status. It returns the object as it then is, and reports whether somebody else edited the object meanwhile.
func (w *Writer) write(ctx context.Context, old, updated Object, patch statusPatch, difference json.RawMessage) (written Object, edited bool, err error) {
	// A copy, as the answer is read into it, and what was computed may share memory with the cache.
	written, ok := withoutSpec(updated).DeepCopyObject().(Object)
	if !ok {
		return nil, false, reconcile.TerminalError(fmt.Errorf("%T is not an object", updated))
	}
	data, err := patch.wrap(difference)
	if err != nil {
		return nil, false, reconcile.TerminalError(err)
	}
	w.pending.begin(old)
	if err := w.client.Status().Patch(ctx, written, client.RawPatch(patch.Type(), data)); err != nil {
		return nil, w.pending.failed(old), err
	}
	return written, w.pending.wrote(old, written.GetResourceVersion()), nil
}

// again says when to look again after a write.
func again(err error, edited bool, next, now time.Time) (ctrl.Result, error) {
	switch {
	case apierrors.IsNotFound(err):
		return ctrl.Result{}, nil // deleted meanwhile
	case apierrors.IsInvalid(err) && !edited:
		return ctrl.Result{}, reconcile.TerminalError(fmt.Errorf("the API server refuses the status that was computed: %w", err))
	case edited && (err == nil || apierrors.IsConflict(err)):
		return atOnce(), nil
	case err != nil:
		return ctrl.Result{}, fmt.Errorf("write status: %w", err)
	}
	return Wake(next, now), nil
}

// atOnce says to look again now, since the object itself was edited while its status was written. An edit does not wait: after an error the
// object would go back to the end of its line at a start.
func atOnce() ctrl.Result { return ctrl.Result{RequeueAfter: time.Nanosecond, Priority: new(0)} }

// Wake says when to look again: at next, if there is such an instant, and within an hour.
func Wake(next, now time.Time) ctrl.Result {
	if next.IsZero() {
		return ctrl.Result{}
	}
	return After(min(next.Sub(now), maxSleep))
}

// After says to look again after a while; at once if it is over.
func After(wait time.Duration) ctrl.Result {
	priority := queue.Deadline
	return ctrl.Result{RequeueAfter: max(wait, time.Nanosecond), Priority: &priority}
}

// Shallow returns a copy of an object that shares everything below its own fields with it.
func Shallow[T Object](of T) T {
	from := reflect.ValueOf(of).Elem()
	to := reflect.New(from.Type())
	to.Elem().Set(from)
	copied, _ := reflect.TypeAssert[T](to) // it is of the same type
	return copied
}

// same reports whether two objects that differ in their statuses at most do not. What is equal field by field, as nearly always, is found out in a
// fraction of the time that the semantic comparison takes.
func same(old, updated Object) bool {
	was, is := kinds.Status(old), kinds.Status(updated)
	return reflect.DeepEqual(was, is) || equality.Semantic.DeepEqual(was, is)
}

// withoutSpec returns a shallow copy of an object that has no spec.
func withoutSpec(of Object) Object {
	copied := Shallow(of)
	reflect.ValueOf(copied).Elem().FieldByName("Spec").SetZero()
	return copied
}
