package controllers

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/internal/testobj"
)

// failures are answers of the API server to a write.
func failures() map[string]error {
	resource := schema.GroupResource{Group: v1alpha1.GroupVersion.Group, Resource: "things"}
	return map[string]error{
		"Conflict":      apierrors.NewConflict(resource, "x", errors.New("it was changed")),
		"NotFound":      apierrors.NewNotFound(resource, "x"),
		"Invalid":       apierrors.NewInvalid(schema.GroupKind{Group: resource.Group, Kind: "Thing"}, "x", nil),
		"InternalError": apierrors.NewInternalError(errors.New("etcd is away")),
	}
}

func TestWhatTheAPIServerAnswersToAStatus(t *testing.T) {
	for name, tc := range map[string]struct {
		wantError, wantTerminal bool
	}{
		"Conflict":      {wantError: true},
		"NotFound":      {},
		"Invalid":       {wantError: true, wantTerminal: true},
		"InternalError": {wantError: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene()
			w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
			failure := failures()[name]
			for _, object := range s.evaluated() {
				before := get(w, object)
				w.loseStatus(object)
				w.refuse = func(string, client.Object) error { return failure }
				result, err := w.reconcileOne(object)
				if result != (ctrl.Result{}) {
					t.Errorf("%s: %+v, want no requeue beside the error, or for an object that is gone", nameOf(object), result)
				}
				if got := errors.Is(err, failure); got != tc.wantError {
					t.Errorf("%s: error %v, want one: %t", nameOf(object), err, tc.wantError)
				}
				if got := errors.Is(err, reconcile.TerminalError(nil)); got != tc.wantTerminal {
					t.Errorf("%s: error %v is terminal: %t, want %t", nameOf(object), err, got, tc.wantTerminal)
				}
				w.refuse = nil
				if _, err := w.reconcileOne(object); err != nil {
					t.Errorf("%s: %v when tried again", nameOf(object), err)
				}
				if diff := cmp.Diff(timeless(before), timeless(get(w, object))); diff != "" {
					t.Errorf("%s when tried again (-want +got):\n%s", nameOf(object), diff)
				}
			}
		})
	}
}

func TestAStatusThatWasComputedFromAnOldObjectIsRefused(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
	w.clock.SetTime(testobj.At(graceEnds))
	w.refuse = func(verb string, object client.Object) error { // someone is faster
		w.refuse = nil
		edit(w, s.plan, func(p *v1alpha1.JointPlan) { p.Spec.Vision = "schools first" })
		return nil
	}
	_, err := w.reconcileOne(s.plan)
	if !apierrors.IsConflict(err) || errors.Is(err, reconcile.TerminalError(nil)) {
		t.Errorf("error %v, want a conflict that is tried again", err)
	}
	if len(w.events) > 0 {
		t.Errorf("events %v of a status that was not written", w.events)
	}
	w.run()
	if got := get(w, s.plan).Status.ObservedGeneration; got != 2 {
		t.Errorf("observedGeneration = %d, want 2", got)
	}
}

// TestNothingIsWrittenWhileTheCacheIsBehind shows the controller, after its own write, the object as it was before.
func TestNothingIsWrittenWhileTheCacheIsBehind(t *testing.T) {
	s, w := newScene(), newWorld(t, "2026-08-05T10:00:00+02:00")
	w.create(s.all()...)
	before := get(w, s.plan)
	w.run()
	w.clock.SetTime(testobj.At(graceEnds))
	before.Status = get(w, s.plan).Status
	before.ResourceVersion = get(w, s.plan).ResourceVersion
	if _, err := w.reconcileOne(s.plan); err != nil {
		t.Fatal(err)
	}
	if got := w.happened(s.plan); len(got) != 1 {
		t.Fatalf("events %v, want one: overdue", got)
	}
	w.written()

	w.behind = before
	for range 2 {
		result, err := w.reconcileOne(s.plan)
		if err != nil || result.RequeueAfter != status.CachePatience {
			t.Errorf("%+v, %v; want to look again after %s", result, err, status.CachePatience)
		}
	}
	if len(w.writes)+len(w.events) > 0 {
		t.Errorf("writes %v and events %v, want none: they repeat what was done", w.writes, w.events)
	}
	w.behind = nil
	result, err := w.reconcileOne(s.plan)
	if err != nil || result.RequeueAfter != time.Hour || len(w.writes) > 0 {
		t.Errorf("%+v, %v, writes %v once the cache shows the write; want to go on as ever", result, err, w.writes)
	}
}
