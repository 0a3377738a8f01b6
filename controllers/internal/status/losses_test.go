package status

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr/funcr"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	logf "sigs.k8s.io/controller-runtime/pkg/log"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/storetest"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestAStatusThatTheServerDoesNotKeepIsNotWrittenWithoutEnd has a server that knows no stage of plans, as older kinds might not.
func TestAStatusThatTheServerDoesNotKeepIsNotWrittenWithoutEnd(t *testing.T) {
	now := testobj.At("2026-08-05T10:00:00Z")
	clock := clocktesting.NewFakePassiveClock(now)
	var lines []string
	ctx := logf.IntoContext(t.Context(), funcr.New(func(_, line string) { lines = append(lines, line) }, funcr.Options{}))
	stored, writes := testobj.Plan("h1").Obj(), 0
	stored.ResourceVersion = "1"
	store := interceptor.NewClient(storetest.Builder().Build(), interceptor.Funcs{SubResourcePatch: func(
		_ context.Context, _ client.Client, _ string, object client.Object, _ client.Patch, _ ...client.SubResourcePatchOption,
	) error {
		writes++
		stored = stored.DeepCopy()
		stored.ResourceVersion = fmt.Sprint(1 + writes)
		stored.Status.ObservedGeneration = 1 // and not the stage
		object.SetResourceVersion(stored.ResourceVersion)
		return nil
	}})
	w := NewWriter(store, &notebook{}, nil)
	w.losses.clock = clock
	evaluate := func(stage v1alpha1.PlanStage) {
		t.Helper()
		updated := stored.DeepCopy()
		updated.Status.Stage, updated.Status.ObservedGeneration = stage, 1
		if _, err := w.Settle(ctx, stored, updated, time.Time{}, now); err != nil {
			t.Fatal(err)
		}
	}
	for range 100 {
		evaluate(v1alpha1.StageDraft)
	}
	if writes != 2 || len(lines) != 1 || !strings.Contains(lines[0], "Install those of its version") || !strings.Contains(lines[0], `stage`) {
		t.Errorf("%d writes, want one of what is new and one of what is missing then; log: %v", writes, lines)
	}
	evaluate(v1alpha1.StageApproved)
	evaluate(v1alpha1.StageApproved)
	if writes != 3 {
		t.Errorf("%d writes, want a third one of another status", writes)
	}
	stored.ResourceVersion = "another" // somebody edited it
	evaluate(v1alpha1.StageApproved)
	if writes != 4 {
		t.Errorf("%d writes, want one after an edit", writes)
	}
	clock.SetTime(now.Add(lossPatience))
	evaluate(v1alpha1.StageApproved)
	if writes != 5 {
		t.Errorf("%d writes, want one after a while: newer kinds may be there", writes)
	}
	evaluate(v1alpha1.StageApproved)
	if writes != 5 || len(lines) != 2 {
		t.Errorf("%d writes and %d lines, want 5 and one each while", writes, len(lines))
	}
	w.Forget(kinds.KeyOf(stored))
	if len(w.losses.of) > 0 {
		t.Errorf("of an object that is gone %v is kept", w.losses.of)
	}
}
