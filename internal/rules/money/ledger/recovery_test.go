package ledger_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/testobj"
)

// paidBank is a bank with a grant of 5,000.00 of which 3,000.00 are paid, a grant of 4,000.00 that is untouched, and a release.
func paidBank(t *testing.T) *bank {
	t.Helper()
	b := newBank()
	paid := b.request("partner-acme", testobj.Allocation("paid").Obj(), "2026-08-04T09:00:00Z")
	b.request("partner-acme", testobj.Allocation("open").Asks("EUR", "8000.00", "50", "4000.00").Obj(), "2026-08-04T10:00:00Z")
	gone := b.request("partner-acme", testobj.Allocation("gone").Asks("EUR", "2000.00", "50", "1000.00").Obj(), "2026-08-04T11:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	gone.Spec.WithdrawnOn = "2026-08-06"
	c := b.claim(paid, testobj.Claim("c1", "paid").Cost("INV-1", "6000.00").Obj(), "2026-11-03T09:00:00Z")
	c.Spec.Payments = []v1alpha1.Payment{testobj.Payment("T-1", "2026-11-05", "3000.00")}
	b.run(t, at("2026-11-05T09:00:00Z"))
	b.evaluate(at("2026-11-05T09:00:00Z"))
	return b
}

func (b *bank) authorise(at string) {
	b.budget.Spec.Recovery = &v1alpha1.LedgerRecovery{RequestedTime: metav1.NewTime(testobj.At(at)), RequestedBy: "fiona"}
}

func TestALostLedgerIsRebuiltAsItWas(t *testing.T) {
	b := paidBank(t)
	before := b.ledger.Spec.DeepCopy()
	b.ledger = nil
	now := at("2026-11-06T09:00:00Z")
	b.evaluate(now)
	if outcome := ledger.Decide(b.pool(), now); !outcome.Lost || outcome.Ledger != nil {
		t.Fatalf("without an authorisation: lost %t, ledger %v; want lost and none", outcome.Lost, outcome.Ledger)
	}
	b.authorise("2026-11-06T08:00:00Z")
	outcome := ledger.Decide(b.pool(), now)
	if diff := cmp.Diff(before, outcome.Ledger); diff != "" {
		t.Errorf("rebuilt ledger (-before +after):\n%s", diff)
	}
	want := &v1alpha1.RecoveryReport{
		RequestedTime: b.budget.Spec.Recovery.RequestedTime, RequestedBy: "fiona",
		Reservations: 2, Reserved: v1alpha1.Money{Amount: "6000.00", Currency: "EUR"},
		Settlements: 1, Settled: v1alpha1.Money{Amount: "3000.00", Currency: "EUR"},
	}
	if diff := cmp.Diff(want, outcome.Rebuilt); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestAnAuthorisationToRebuild(t *testing.T) {
	for name, tc := range map[string]struct {
		requested string
		used      string
		now       string
		want      bool
	}{
		"holds at once":                 {"2026-11-06T08:00:00Z", "", "2026-11-06T08:00:00Z", true},
		"holds for a day":               {"2026-11-06T08:00:00Z", "", "2026-11-07T07:59:59Z", true},
		"no longer":                     {"2026-11-06T08:00:00Z", "", "2026-11-07T08:00:00Z", false},
		"not before its instant":        {"2026-11-06T08:00:00Z", "", "2026-11-06T07:59:59Z", false},
		"once":                          {"2026-11-06T08:00:00Z", "2026-11-06T08:00:00Z", "2026-11-06T09:00:00Z", false},
		"again when it is a later one":  {"2026-11-06T08:00:00Z", "2026-11-06T07:00:00Z", "2026-11-06T09:00:00Z", true},
		"not when a later one was used": {"2026-11-06T08:00:00Z", "2026-11-06T08:30:00Z", "2026-11-06T09:00:00Z", false},
	} {
		t.Run(name, func(t *testing.T) {
			b := paidBank(t)
			b.ledger = nil
			b.authorise(tc.requested)
			if tc.used != "" {
				b.budget.Status.Recovery = &v1alpha1.RecoveryReport{RequestedTime: metav1.NewTime(testobj.At(tc.used))}
			}
			if outcome := ledger.Decide(b.pool(), at(tc.now)); (outcome.Rebuilt != nil) != tc.want {
				t.Errorf("rebuilt %t, want %t", outcome.Rebuilt != nil, tc.want)
			}
		})
	}
}

func TestALedgerWithoutStatusesIsRebuiltFromPaymentsAndApprovals(t *testing.T) {
	b := paidBank(t)
	b.ledger = nil
	b.budget.Status = v1alpha1.MDFBudgetStatus{}
	for _, a := range b.namespace("partner-acme").Allocations {
		a.Status = v1alpha1.MDFAllocationStatus{}
	}
	for _, c := range b.namespace("partner-acme").Claims {
		c.Status = v1alpha1.MDFClaimStatus{}
	}
	b.authorise("2026-11-06T08:00:00Z")
	outcome := ledger.Decide(b.pool(), at("2026-11-06T09:00:00Z"))
	want := &v1alpha1.MDFLedgerSpec{
		Currency: "EUR", LimitMinor: 2000000, Reserved: map[string]int64{acme + "paid/1": 200000},
		Settled: map[string]int64{acme + "paid/1/c1": 300000}, Payments: map[string]string{"T-1#1": acme + "c1"}, Documents: map[string]int64{"t-1/EUR": 300000},
		Ends: map[string]string{acme + "paid/1": "2026-10-19"},
	}
	if diff := cmp.Diff(want, outcome.Ledger); diff != "" {
		t.Errorf("rebuilt ledger (-want +got):\n%s", diff)
	}
	notes := []string{
		"no status says what of the payment of MDFClaim partner-acme/c1 was settled: all of it, EUR 3,000.00, is taken",
		"no status says what was granted to MDFAllocation partner-acme/paid, on which claims were paid: EUR 2,000.00 is reserved, the rest of what was approved",
	}
	if diff := cmp.Diff(notes, outcome.Rebuilt.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// TestARebuiltLedgerTakesAPaymentOnceInWhateverCase has a second claim whose status says that it was paid, by the same payment in small letters.
func TestARebuiltLedgerTakesAPaymentOnceInWhateverCase(t *testing.T) {
	b := paidBank(t)
	other := b.namespace("partner-acme").Allocations[1]
	c := b.claim(other, testobj.Claim("c2", "open").Cost("INV-2", "2000.00").Obj(), "2026-11-03T10:00:00Z")
	c.Spec.Payments = []v1alpha1.Payment{testobj.Payment("t-1", "2026-11-06", "1000.00")}
	c.Status.Paid = &v1alpha1.Money{Amount: "1000.00", Currency: "EUR"}
	b.ledger = nil
	b.authorise("2026-11-06T08:00:00Z")
	outcome := ledger.Decide(b.pool(), at("2026-11-06T09:00:00Z"))
	if diff := cmp.Diff(map[string]string{"T-1#1": acme + "c1"}, outcome.Ledger.Payments); diff != "" {
		t.Errorf("payments (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{`payment "t-1#1" settled MDFClaim partner-acme/c1, so that of MDFClaim partner-acme/c2 is left out`}, outcome.Rebuilt.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestARebuiltLedgerAboveALoweredBudgetKeepsWhatWasCommitted(t *testing.T) {
	b := paidBank(t)
	b.ledger = nil
	b.budget.Spec.Amount.Amount = "5000.00"
	b.authorise("2026-11-06T08:00:00Z")
	outcome := ledger.Decide(b.pool(), at("2026-11-06T09:00:00Z"))
	if outcome.Ledger.LimitMinor != 900000 {
		t.Errorf("limit %d, want 900000: the sum, so that the API server takes it", outcome.Ledger.LimitMinor)
	}
	want := []string{"EUR 9,000.00 is reserved and settled in all, which is above the budget's amount of EUR 5,000.00: nothing more is granted until it fits"}
	if diff := cmp.Diff(want, outcome.Rebuilt.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestAFirstLedgerIsNoLossAndHoldsTheFirstGrants(t *testing.T) {
	b := newBank()
	b.ledger = nil
	b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	outcome := ledger.Decide(b.pool(), at("2026-08-05T09:00:00Z"))
	want := &v1alpha1.MDFLedgerSpec{
		Currency: "EUR", LimitMinor: 2000000, Reserved: map[string]int64{acme + "r/1": 500000},
		Ends: map[string]string{acme + "r/1": "2026-10-19"},
	}
	if diff := cmp.Diff(want, outcome.Ledger); diff != "" || outcome.Lost || outcome.Rebuilt != nil {
		t.Errorf("lost %t, rebuilt %v, ledger (-want +got):\n%s", outcome.Lost, outcome.Rebuilt, diff)
	}
}
