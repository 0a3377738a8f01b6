package controllers

import (
	"context"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	clocktesting "k8s.io/utils/clock/testing"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/telemetry"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestAStatusPatchIsTheGenericOneOfTheObjects compares it with what controller-runtime finds between the objects as a whole: from nothing to each
// status of a scene, from each to that a quarter later, and back.
func TestAStatusPatchIsTheGenericOneOfTheObjects(t *testing.T) {
	s := newScene()
	now, later := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00"), evaluatedWorld(t, s, "2026-11-05T10:00:00+01:00")
	changed := 0
	for _, object := range s.evaluated() {
		full, next := get(now, object), get(later, object)
		empty := full.DeepCopyObject().(kinds.Evaluated)
		reflect.ValueOf(empty).Elem().FieldByName("Status").SetZero()
		unevaluated := empty.DeepCopyObject().(kinds.Evaluated)
		unevaluated.Common().ObservedGeneration = -1
		ofNoGeneration := full.DeepCopyObject().(kinds.Evaluated)
		ofNoGeneration.Common().ObservedGeneration = 0
		for name, pair := range map[string][2]kinds.Evaluated{
			"first": {unevaluated, full}, "without the default": {empty, full}, "of no generation": {unevaluated, ofNoGeneration},
			"next": {full, next}, "lost": {full, unevaluated}, "none": {full, full},
		} {
			from, to := pair[0].DeepCopyObject().(kinds.Evaluated), pair[1]
			from.SetResourceVersion("7")
			got, err := statusPatch{from: from}.Data(to)
			if err != nil {
				t.Fatal(err)
			}
			generic, err := client.MergeFromWithOptions(from, client.MergeFromWithOptimisticLock{}).Data(sameBut(from, to))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decoded(t, generic), decoded(t, got)); diff != "" {
				t.Errorf("%s, %s (-generic +got):\n%s", nameOf(object), name, diff)
			}
			if name == "next" && len(decoded(t, got)["status"].(map[string]any)) > 0 {
				changed++
			}
		}
	}
	if changed < 4 {
		t.Errorf("only %d statuses differ a quarter later: the test compares next to nothing", changed)
	}
}

// sameBut is from with the status of to.
func sameBut(from, to kinds.Evaluated) kinds.Evaluated {
	result := from.DeepCopyObject().(kinds.Evaluated)
	reflect.ValueOf(result).Elem().FieldByName("Status").Set(reflect.ValueOf(to).Elem().FieldByName("Status"))
	return result
}

// decoded returns a patch as a map in which a status that is not written is an empty one.
func decoded(t *testing.T, patch []byte) map[string]any {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(patch, &fields); err != nil {
		t.Fatalf("%v: %s", err, patch)
	}
	if fields["status"] == nil {
		fields["status"] = map[string]any{}
	}
	return fields
}

// TestAnEditDuringAWriteDoesNotGoToTheEndOfTheBacklog edits a plan while its status is being written: the event comes before the API server's
// answer, a conflict.
func TestAnEditDuringAWriteDoesNotGoToTheEndOfTheBacklog(t *testing.T) {
	for name, tc := range map[string]struct {
		comes bool // the edit's event comes before the answer
		want  ctrl.Result
	}{
		"the event came": {true, atOnce()},
		"it will come":   {false, ctrl.Result{}}, // and is enqueued then, as an edit
	} {
		t.Run(name, func(t *testing.T) {
			old := testobj.Plan("h1").Obj()
			old.UID, old.ResourceVersion = "uid", "7"
			edited := old.DeepCopy()
			edited.ResourceVersion = "8"
			r := Reconciler{pending: newPendingWrites(), meters: telemetry.NewMeters(clocktesting.NewFakePassiveClock(testobj.At("2026-08-05T10:00:00Z")))}
			r.Client = interceptor.NewClient(fake.NewClientBuilder().WithScheme(newScheme()).Build(), interceptor.Funcs{SubResourcePatch: func(
				context.Context, client.Client, string, client.Object, client.Patch, ...client.SubResourcePatchOption,
			) error {
				if tc.comes && r.pending.others().Update(event.UpdateEvent{ObjectOld: old, ObjectNew: edited}) {
					t.Error("the event is handled before it is known whose it is")
				}
				return failures()["Conflict"]
			}})
			updated := old.DeepCopy()
			updated.Status.Stage = v1alpha1.StageDraft
			got, err := r.settle(t.Context(), old, updated, testobj.At("2026-08-06T10:00:00Z"), testobj.At("2026-08-05T10:00:00Z"))
			if diff := cmp.Diff(tc.want, got); diff != "" || apierrors.IsConflict(err) == tc.comes {
				t.Errorf("error %v, result (-want +got):\n%s", err, diff)
			}
			if !r.pending.others().Update(event.UpdateEvent{ObjectOld: old, ObjectNew: edited}) {
				t.Error("an event of the edit that comes after the answer is not handled")
			}
		})
	}
}
