package controllers

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/tools/events"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/controllers/internal/storetest"
	"jointplan.dev/jointplan/internal/testobj"
)

// decideBehind has a budget decided on from a cache that shows it as it was before an edit. It has no ledger yet, so that one is to be created. It
// returns the budget as it then is, and whether it has a ledger.
func decideBehind(t *testing.T, edit func(*v1alpha1.MDFBudget)) (before, after *v1alpha1.MDFBudget, ledger bool) {
	t.Helper()
	before = testobj.Budget("fy27-emea").Status(func(s *v1alpha1.MDFBudgetStatus) { s.PeriodLabel = "as it was" }).Obj()
	cached := storetest.Builder().WithObjects(before).Build()
	edited := before.DeepCopy()
	edit(edited)
	edited.ResourceVersion = "1000" // that of the cache is 999
	live := storetest.Builder().WithObjects(edited).Build()
	r := &MDFBudgetReconciler{Reconciler: Reconciler{
		Client: live, Live: gather.OneByOne(live), Gatherer: gather.New(gather.Through(cached)), Clock: clocktesting.NewFakePassiveClock(testobj.At("2026-08-05T10:00:00Z")),
		Statuses: status.NewWriter(live, events.NewFakeRecorder(100), nil),
	}}
	key := client.ObjectKeyFromObject(before)
	if _, err := r.Reconcile(t.Context(), reconcile.Request{NamespacedName: key}); err != nil {
		t.Fatal(err)
	}
	after = &v1alpha1.MDFBudget{}
	if err := live.Get(t.Context(), key, after); err != nil {
		t.Fatal(err)
	}
	err := live.Get(t.Context(), key, &v1alpha1.MDFLedger{})
	if client.IgnoreNotFound(err) != nil {
		t.Fatal(err)
	}
	return before, after, err == nil
}

func TestABudgetThatIsSuspendedBeforeTheCacheShowsItKeepsItsStatus(t *testing.T) {
	before, after, ledger := decideBehind(t, func(b *v1alpha1.MDFBudget) {
		b.Annotations = map[string]string{v1alpha1.AnnotationSuspend: "true"}
	})
	if ledger {
		t.Error("a suspended budget got a ledger")
	}
	var conditions []string
	for _, c := range after.Status.Conditions {
		conditions = append(conditions, c.Type)
	}
	if diff := cmp.Diff([]string{v1alpha1.ConditionSuspended}, conditions); diff != "" {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
	after.Status.Conditions, after.Status.NextSteps = nil, nil
	if diff := cmp.Diff(before.Status, after.Status); diff != "" {
		t.Errorf("the status of a suspended budget changed (-before +after):\n%s", diff)
	}
}

// TestABudgetThatAccruesBeforeTheCacheShowsItIsNotWritten: budgets on which partners spend what they earned are written one after the other, which
// the cache has to know before.
func TestABudgetThatAccruesBeforeTheCacheShowsItIsNotWritten(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*v1alpha1.MDFBudget)
		want bool
	}{
		"it accrues":             {func(b *v1alpha1.MDFBudget) { b.Spec.Accrual = &v1alpha1.Accrual{Metric: "new-revenue", Percent: "2"} }, false},
		"another edit, for once": {func(b *v1alpha1.MDFBudget) { b.Spec.DisplayName = "EMEA" }, true},
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, got := decideBehind(t, tc.edit); got != tc.want {
				t.Errorf("ledger written: %t, want %t", got, tc.want)
			}
		})
	}
}
