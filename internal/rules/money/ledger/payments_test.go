package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestLinesAddUpToOneLedgerInWhateverStepsTheyAreSeen records payments, returns and payments again on two claims, and lets the ledger see each line alone,
// some together, or all at once: what is granted never changes, no line counts twice, and the ledger at the end is the same.
func TestLinesAddUpToOneLedgerInWhateverStepsTheyAreSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines [2][]v1alpha1.Payment
		for i := range lines {
			lines[i] = anyLines(t, fmt.Sprintf("c%d", i))
		}
		all := settledBank(t, lines, func() bool { return false })
		steps := settledBank(t, lines, func() bool { return rapid.Bool().Draw(t, "a reconcile between") })
		if diff := cmp.Diff(all.ledger.Spec, steps.ledger.Spec); diff != "" {
			t.Fatalf("the ledger depends on the steps (-at once +in steps):\n%s", diff)
		}
		for i, list := range lines {
			key := fmt.Sprintf("%sr/1/c%d", acme, i)
			if got, want := steps.ledger.Spec.Settled[key]-steps.ledger.Spec.Unpaid[key], min(stays(list), 100000); got != want {
				t.Fatalf("%d of claim c%d counts as paid, want %d", got, i, want)
			}
		}
	})
}

// anyLines draws up to six lines: payments, and returns of the one before.
func anyLines(t *rapid.T, name string) []v1alpha1.Payment {
	var list []v1alpha1.Payment
	for i := range rapid.IntRange(1, 6).Draw(t, "lines") {
		document, net := fmt.Sprintf("%s-%d", name, i), v1alpha1.Decimal(fmt.Sprintf("%d.00", rapid.IntRange(1, 1200).Draw(t, "net")))
		if last := len(list) - 1; last >= 0 && list[last].Reverses == nil && rapid.Bool().Draw(t, "comes back") {
			list = append(list, testobj.Reversal(document, "2026-11-06", list[last].Net, list[last].Document))
			continue
		}
		list = append(list, testobj.Payment(document, "2026-11-05", net))
	}
	return list
}

func stays(list []v1alpha1.Payment) (sum int64) {
	for _, p := range list {
		var units int64
		_, _ = fmt.Sscanf(string(p.Net), "%d", &units)
		if p.Reverses != nil {
			units = -units
		}
		sum += units * 100
	}
	return sum
}

// settledBank is a bank with two claims of EUR 1,000.00 whose payments are recorded line by line.
func settledBank(t *rapid.T, lines [2][]v1alpha1.Payment, pause func() bool) *bank {
	b := newBank()
	a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	now := at("2026-11-06T09:00:00Z")
	b.runs(at("2026-08-05T09:00:00Z"))
	var claims [2]*v1alpha1.MDFClaim
	for i := range claims {
		claims[i] = b.claim(a, testobj.Claim(fmt.Sprintf("c%d", i), "r").Cost(v1alpha1.Word(fmt.Sprintf("INV-%d", i)), "2000.00").Obj(), "2026-11-03T09:00:00Z")
	}
	for n := range max(len(lines[0]), len(lines[1])) {
		for i, c := range claims {
			if n < len(lines[i]) {
				c.Spec.Payments = append(c.Spec.Payments, lines[i][n])
			}
			if pause() {
				b.runs(now)
			}
		}
	}
	b.runs(now)
	if committed := b.committed(); committed != 500000 {
		t.Fatalf("%d is reserved and settled, want the grant of 500000", committed)
	}
	return b
}

// runs evaluates and decides until nothing changes.
func (b *bank) runs(now time.Time) {
	b.evaluate(now)
	for b.step(now) {
		b.evaluate(now)
	}
	b.evaluate(now)
}

func TestAReturnedPaymentKeepsItsMoneyForTheClaim(t *testing.T) {
	b := newBank()
	a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	c := b.claim(a, testobj.Claim("c1", "r").Cost("INV-1", "6000.00").Final().Obj(), "2026-11-03T09:00:00Z")
	c.Spec.Payments = []v1alpha1.Payment{testobj.Payment("T-1", "2026-11-05", "3000.00")}
	b.run(t, at("2026-11-05T09:00:00Z"))
	if c.Status.Stage != v1alpha1.ClaimSettled || a.Status.Stage != v1alpha1.AllocationSettled || b.committed() != 300000 {
		t.Fatalf("claim %s, request %s, %d committed", c.Status.Stage, a.Status.Stage, b.committed())
	}
	c.Spec.Payments = append(c.Spec.Payments, testobj.Reversal("R-1", "2026-11-09", "3000.00", "T-1"))
	b.run(t, at("2026-11-10T09:00:00Z"))
	if c.Status.Stage != v1alpha1.ClaimAccepted || a.Status.Stage != v1alpha1.AllocationGranted || b.committed() != 300000 {
		t.Errorf("claim %s, request %s, %d committed", c.Status.Stage, a.Status.Stage, b.committed())
	}
	if a.Status.Reserved.Amount != "3000.00" || a.Status.Paid.Amount != "0.00" || b.budget.Status.Reserved.Amount != "3000.00" || b.budget.Status.Settled.Amount != "0.00" {
		t.Errorf("request: reserved %v, paid %v; budget: reserved %v, settled %v", a.Status.Reserved, a.Status.Paid, b.budget.Status.Reserved, b.budget.Status.Settled)
	}
	c.Spec.Payments = append(c.Spec.Payments, testobj.Payment("T-2", "2026-11-12", "3000.00"))
	b.run(t, at("2026-11-12T09:00:00Z"))
	if c.Status.Stage != v1alpha1.ClaimSettled || b.committed() != 300000 || len(b.ledger.Spec.Unpaid) != 0 {
		t.Errorf("claim %s, %d committed, %v unpaid after it was paid again", c.Status.Stage, b.committed(), b.ledger.Spec.Unpaid)
	}
}

// TestWhatCameBackIsLetGoOnlyAfterTheStatusSaysSo sends a claim back whose payment came back: its money is free once the request's status no longer
// counts it, not before.
func TestWhatCameBackIsLetGoOnlyAfterTheStatusSaysSo(t *testing.T) {
	b := newBank()
	a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	c := b.claim(a, testobj.Claim("c1", "r").Cost("INV-1", "6000.00").Obj(), "2026-11-03T09:00:00Z")
	c.Spec.Payments = []v1alpha1.Payment{testobj.Payment("T-1", "2026-11-05", "3000.00"), testobj.Reversal("R-1", "2026-11-06", "3000.00", "T-1")}
	b.run(t, at("2026-11-07T09:00:00Z"))
	b.namespace("partner-acme").Decisions = append(b.namespace("partner-acme").Decisions, testobj.MoneyDecision("no", "MDFClaim", "c1", facts.ClaimRevision(&c.Spec),
		v1alpha1.DecisionRejected, "fiona", "2026-11-08T09:00:00Z"))
	now := at("2026-11-09T09:00:00Z")
	if b.step(now) || b.committed() != 500000 {
		t.Fatalf("%d is committed before the status says so, want 500000", b.committed())
	}
	b.evaluate(now)
	if a.Status.Granted.Amount != "2000.00" {
		t.Errorf("the status says that %v is granted, want 2000.00", a.Status.Granted)
	}
	b.run(t, now)
	if b.committed() != 200000 || len(b.ledger.Spec.Unpaid) != 0 || c.Status.Stage != v1alpha1.ClaimLapsed {
		t.Errorf("%d committed, %v unpaid, claim %s", b.committed(), b.ledger.Spec.Unpaid, c.Status.Stage)
	}
}

func TestALostLedgerKnowsWhatCameBack(t *testing.T) {
	b := paidBank(t)
	c := b.namespace("partner-acme").Claims[0]
	c.Spec.Payments = append(c.Spec.Payments, testobj.Reversal("R-1", "2026-11-05", "1000.00", "T-1"))
	b.run(t, at("2026-11-06T06:00:00Z"))
	before := b.ledger.Spec.DeepCopy()
	if b.ledger = nil; before.Unpaid[acme+"paid/1/c1"] != 100000 {
		t.Fatalf("unpaid %v", before.Unpaid)
	}
	b.evaluate(at("2026-11-06T09:00:00Z"))
	b.authorise("2026-11-06T08:00:00Z")
	b.step(at("2026-11-06T09:00:00Z"))
	if diff := cmp.Diff(before, &b.ledger.Spec); diff != "" {
		t.Errorf("rebuilt ledger (-before +after):\n%s", diff)
	}
}
