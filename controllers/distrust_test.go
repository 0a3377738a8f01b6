package controllers

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/events"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/controllers/internal/storetest"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestAWrongClockIsToldOnBudgetsUntilTheyAreEvaluated tells two budgets of it, of which one is suspended, twice.
func TestAWrongClockIsToldOnBudgetsUntilTheyAreEvaluated(t *testing.T) {
	at := testobj.At("2026-08-05T10:00:00Z")
	ready := metav1.Condition{Type: v1alpha1.ConditionReady, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonEvaluated, LastTransitionTime: metav1.NewTime(at)}
	told := func(name string) *v1alpha1.MDFBudget {
		return testobj.Budget(name).Status(func(s *v1alpha1.MDFBudgetStatus) {
			s.PeriodLabel, s.Conditions = "as it was", []metav1.Condition{ready}
		}).Obj()
	}
	emea, apac := told("fy27-emea"), told("fy27-apac")
	apac.Annotations = map[string]string{v1alpha1.AnnotationSuspend: "true"}
	writes := 0
	c := interceptor.NewClient(storetest.Builder().WithObjects(emea, apac).Build(), interceptor.Funcs{
		SubResourcePatch: func(ctx context.Context, c client.Client, sub string, o client.Object, p client.Patch, options ...client.SubResourcePatchOption) error {
			writes++
			return c.SubResource(sub).Patch(ctx, o, p, options...)
		},
	})
	for _, message := range []string{"a day ahead", "two days ahead"} {
		if err := DistrustClock(t.Context(), c, message, at); err != nil {
			t.Fatal(err)
		}
	}
	read := func(name string) v1alpha1.MDFBudgetStatus {
		var budget v1alpha1.MDFBudget
		if err := c.Get(t.Context(), client.ObjectKey{Name: name}, &budget); err != nil {
			t.Fatal(err)
		}
		for i := range budget.Status.Conditions {
			budget.Status.Conditions[i].LastTransitionTime = metav1.NewTime(budget.Status.Conditions[i].LastTransitionTime.UTC())
		}
		return budget.Status
	}
	want := *emea.Status.DeepCopy()
	want.Conditions[0].LastTransitionTime = metav1.NewTime(at.UTC())
	if diff := cmp.Diff(want, read("fy27-apac")); diff != "" {
		t.Errorf("a suspended budget (-want +got):\n%s", diff)
	}
	want.Conditions = append(want.Conditions, metav1.Condition{
		Type: "ClockTrusted", Status: "False", Reason: "ClockSkewed", Message: "a day ahead", ObservedGeneration: 1, LastTransitionTime: metav1.NewTime(at.UTC()),
	})
	if diff := cmp.Diff(want, read("fy27-emea")); diff != "" || writes != 1 {
		t.Errorf("%d writes, want 1; the budget (-want +got):\n%s", writes, diff)
	}

	r := &MDFBudgetReconciler{Reconciler: Reconciler{
		Client: c, Live: gather.OneByOne(c), Gatherer: gather.New(gather.Through(c)), Clock: clocktesting.NewFakePassiveClock(at), Statuses: status.NewWriter(c, events.NewFakeRecorder(100), nil),
	}}
	if _, err := r.Reconcile(t.Context(), reconcile.Request{NamespacedName: client.ObjectKeyFromObject(emea)}); err != nil {
		t.Fatal(err)
	}
	for _, condition := range read("fy27-emea").Conditions {
		if condition.Type == v1alpha1.ConditionClockTrusted {
			t.Errorf("an evaluated budget has the condition %s: %s", condition.Type, condition.Message)
		}
	}
}

func TestAWrongClockThatCannotBeTold(t *testing.T) {
	refused := errors.New("forbidden")
	c := interceptor.NewClient(storetest.Builder().WithObjects(testobj.Budget("fy27-emea").Obj()).Build(), interceptor.Funcs{
		SubResourcePatch: func(context.Context, client.Client, string, client.Object, client.Patch, ...client.SubResourcePatchOption) error {
			return refused
		},
	})
	err := DistrustClock(t.Context(), c, "a day ahead", testobj.At("2026-08-05T10:00:00Z"))
	if !errors.Is(err, refused) || !strings.Contains(err.Error(), "budget fy27-emea: forbidden") {
		t.Errorf("got %v, want that the budget fy27-emea cannot be told", err)
	}
}
