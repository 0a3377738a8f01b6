package ledger_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/testobj"
)

func (b *bank) suspend() {
	b.budget.Annotations = map[string]string{v1alpha1.AnnotationSuspend: "true"}
}
func (b *bank) resume()                 { b.budget.Annotations = nil }
func (b *bank) reserved(r string) int64 { return b.ledger.Spec.Reserved[acme+r+"/1"] }

func TestASuspendedBudgetGrantsNothingUntilItIsResumed(t *testing.T) {
	b := newBank()
	a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	b.suspend()
	b.run(t, at("2026-08-05T09:00:00Z"))
	const want = "False/BudgetSuspended: budget fy27-emea is suspended: nothing is granted until the budget owner resumes it"
	if got := moneytest.Condition(t, &a.Status.CommonStatus, v1alpha1.ConditionGranted); got != want {
		t.Errorf("Granted is\n%s, want\n%s", got, want)
	}
	if a.Status.Stage != v1alpha1.AllocationWaiting || a.Status.Reason != v1alpha1.ReasonBudgetSuspended {
		t.Errorf("stage %s, reason %s; want Waiting, BudgetSuspended", a.Status.Stage, a.Status.Reason)
	}
	b.resume()
	b.run(t, at("2026-08-06T09:00:00Z"))
	if got := b.reserved("r"); got != 500000 {
		t.Errorf("%d is reserved once the budget is resumed, want 500000", got)
	}
}

func TestASuspendedBudgetSettlesAndReleasesNothing(t *testing.T) {
	b := newBank()
	paid := b.request("partner-acme", testobj.Allocation("paid").Obj(), "2026-08-04T09:00:00Z")
	b.request("partner-acme", testobj.Allocation("forgotten").Obj(), "2026-08-04T10:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	c := b.claim(paid, testobj.Claim("c", "paid").Cost("INV-1", "6000.00").Proof("Invoice", "https://files.example.com/1").Obj(), "2026-11-03T09:00:00Z")
	c.Spec.Payments = []v1alpha1.Payment{testobj.Payment("T-1", "2026-11-10", "3000.00")}
	b.suspend()
	before := b.ledger.Spec.DeepCopy()
	b.run(t, at("2027-03-01T09:00:00Z")) // long after the last day for claims
	if diff := cmp.Diff(before, &b.ledger.Spec); diff != "" {
		t.Errorf("the ledger of a suspended budget changed (-before +after):\n%s", diff)
	}
	const want = `False/BudgetSuspended: payment "T-1" line 1 of 2026-11-10 is recorded; budget fy27-emea is suspended: EUR 3,000.00 is settled once the budget owner ` +
		`resumes it`
	if got := moneytest.Condition(t, &c.Status.CommonStatus, v1alpha1.ConditionSettled); got != want {
		t.Errorf("Settled is\n%s, want\n%s", got, want)
	}
	b.resume()
	b.run(t, at("2027-03-02T09:00:00Z"))
	if b.reserved("forgotten") != 0 || b.ledger.Spec.Settled[acme+"paid/1/c"] != 300000 {
		t.Errorf("reserved %v, settled %v once the budget is resumed; want what was forgotten released and 300000 settled",
			b.ledger.Spec.Reserved, b.ledger.Spec.Settled)
	}
}

func TestASuspendedBudgetCreatesAndRebuildsNoLedger(t *testing.T) {
	for name, record := range map[string]*v1alpha1.LedgerRecord{"the first one": nil, "one that was lost": {Name: "fy27-emea", UID: "x"}} {
		t.Run(name, func(t *testing.T) {
			b := newBank()
			b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
			b.ledger, b.budget.Status.Ledger = nil, record
			b.suspend()
			if diff := cmp.Diff(ledger.Outcome{}, ledger.Decide(b.pool(), at("2026-08-05T09:00:00Z"))); diff != "" {
				t.Errorf("outcome (-want none +got):\n%s", diff)
			}
		})
	}
}
