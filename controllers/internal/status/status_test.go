package status

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/storetest"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestAnEditDuringAWriteDoesNotGoToTheEndOfItsLine edits a plan while its status is being written: the event comes before the API server's
// answer, a conflict.
func TestAnEditDuringAWriteDoesNotGoToTheEndOfItsLine(t *testing.T) {
	conflict := apierrors.NewConflict(schema.GroupResource{Group: v1alpha1.GroupVersion.Group, Resource: "things"}, "x", errors.New("it was changed"))
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
			var w *Writer
			store := interceptor.NewClient(storetest.Builder().Build(), interceptor.Funcs{SubResourcePatch: func(
				context.Context, client.Client, string, client.Object, client.Patch, ...client.SubResourcePatchOption,
			) error {
				if tc.comes && w.Others().Update(event.UpdateEvent{ObjectOld: old, ObjectNew: edited}) {
					t.Error("the event is handled before it is known whose it is")
				}
				return conflict
			}})
			w = NewWriter(store, &notebook{}, nil)
			updated := old.DeepCopy()
			updated.Status.Stage = v1alpha1.StageDraft
			got, err := w.Settle(t.Context(), old, updated, testobj.At("2026-08-06T10:00:00Z"), testobj.At("2026-08-05T10:00:00Z"))
			if diff := cmp.Diff(tc.want, got); diff != "" || apierrors.IsConflict(err) == tc.comes {
				t.Errorf("error %v, result (-want +got):\n%s", err, diff)
			}
			if !w.Others().Update(event.UpdateEvent{ObjectOld: old, ObjectNew: edited}) {
				t.Error("an event of the edit that comes after the answer is not handled")
			}
		})
	}
}

func TestWake(t *testing.T) {
	now := testobj.At("2026-08-05T10:00:00Z")
	deadline := queue.Deadline
	for name, tc := range map[string]struct {
		next time.Time
		want ctrl.Result
	}{
		"no deadline":                {time.Time{}, ctrl.Result{}},
		"a deadline that has passed": {now.Add(-time.Hour), ctrl.Result{RequeueAfter: 1, Priority: &deadline}},
		"now":                        {now, ctrl.Result{RequeueAfter: 1, Priority: &deadline}},
		"in a nanosecond":            {now.Add(1), ctrl.Result{RequeueAfter: 1, Priority: &deadline}},
		"within the hour":            {now.Add(59 * time.Minute), ctrl.Result{RequeueAfter: 59 * time.Minute, Priority: &deadline}},
		"at the hour":                {now.Add(time.Hour), ctrl.Result{RequeueAfter: time.Hour, Priority: &deadline}},
		"a nanosecond after":         {now.Add(time.Hour + 1), ctrl.Result{RequeueAfter: time.Hour, Priority: &deadline}},
		"in centuries":               {now.AddDate(900, 0, 0), ctrl.Result{RequeueAfter: time.Hour, Priority: &deadline}},
		"in another zone": {
			now.Add(time.Minute).In(time.FixedZone("CEST", 7200)), ctrl.Result{RequeueAfter: time.Minute, Priority: &deadline},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Wake(tc.next, now)); diff != "" {
				t.Errorf("Wake() (-want +got):\n%s", diff)
			}
		})
	}
}
