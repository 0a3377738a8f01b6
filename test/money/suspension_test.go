package money

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// TestASuspendedBudgetGrantsAndSettlesNothing suspends a budget around a request and around a payment. Another manager takes over meanwhile.
func TestASuspendedBudgetGrantsAndSettlesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, beforeActivity, 1, nil)
	first := w.manager()
	w.put(w.request("fair").Obj())
	wants(w, allocation(), "fair", "Approved", "False", v1alpha1.ReasonDecisionOverdue, "")
	w.suspendBudget("true")
	w.put(w.approval("fair", w.request("fair").Obj(), "2026-08-10T10:00:00Z"))
	wants(w, allocation(), "fair", "Granted", "False", v1alpha1.ReasonBudgetSuspended, "budget "+string(w.budget)+" is suspended")
	wants(w, budget(), string(w.budget), "Suspended", "True", v1alpha1.ReasonSuspended, "nothing is granted, released or settled")
	first.Stop()
	w.manager()
	w.poke()
	wants(w, allocation(), "fair", "Granted", "False", v1alpha1.ReasonBudgetSuspended, "")

	w.suspendBudget("false")
	wants(w, allocation(), "fair", "Granted", "True", v1alpha1.ReasonGranted, "")
	if c := meta.FindStatusCondition(latestOf(w, budget(), string(w.budget)).Status.Conditions, v1alpha1.ConditionSuspended); c != nil {
		t.Errorf("Suspended is still there: %s", shown(c))
	}

	w.step(afterActivity)
	w.put(w.claim("print", "fair", "6000.00").Obj())
	w.put(w.claimApproval("print", w.claim("print", "fair", "6000.00").Obj(), "2026-11-02T08:00:00Z"))
	wants(w, claim(), "print", "Settled", "False", v1alpha1.ReasonAwaitingPayment, "")
	w.suspendBudget("true")
	before := latestOf(w, &v1alpha1.MDFLedger{}, string(w.budget)).Spec
	w.pay("print", "T-1", "3000.00")
	wants(w, claim(), "print", "Settled", "False", v1alpha1.ReasonBudgetSuspended, "EUR 3,000.00 is settled once the budget owner resumes it")
	if diff := cmp.Diff(before, latestOf(w, &v1alpha1.MDFLedger{}, string(w.budget)).Spec); diff != "" {
		t.Errorf("the ledger of a suspended budget changed (-before +after):\n%s", diff)
	}
	w.suspendBudget("")
	wants(w, claim(), "print", "Settled", "True", v1alpha1.ReasonSettled, "EUR 3,000.00")
	w.holds(amounts{"fair": 200000}, amounts{"print": 300000})
}

// suspendBudget sets the annotation that suspends the budget; empty removes it.
func (w *world) suspendBudget(value string) {
	w.Helper()
	change(w, budget(), string(w.budget), func(b *v1alpha1.MDFBudget) {
		delete(b.Annotations, v1alpha1.AnnotationSuspend)
		if value != "" {
			metav1.SetMetaDataAnnotation(&b.ObjectMeta, v1alpha1.AnnotationSuspend, value)
		}
	})
}
