package ledger_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// fair is a bank whose budget shares activity spring-fair, EUR 5,000.00, between partner acme of partner-acme and acme of partner-bolt.
func fair(weights ...int32) *bank {
	b := newBank()
	shared := v1alpha1.SharedActivity{Name: "spring-fair", Amount: "5000.00", Partners: []v1alpha1.SharingPartner{
		{Namespace: "partner-acme", Name: "acme"}, {Namespace: "partner-bolt", Name: "acme"},
	}}
	for i := range weights {
		shared.Partners[i].Weight = &weights[i]
	}
	b.budget.Spec.SharedActivities = []v1alpha1.SharedActivity{shared}
	return b
}

// joins adds a request for the shared activity at 50 percent, approved at an instant.
func (b *bank) joins(namespace, name string, amount, least v1alpha1.Decimal, at string) *v1alpha1.MDFAllocation {
	a := testobj.Allocation(name).Asks("EUR", "20000.00", "50", amount).AtLeast(least).Obj()
	a.Spec.SharedActivity = "spring-fair"
	return b.request(namespace, a, at)
}

func granted(a *v1alpha1.MDFAllocation) string {
	for _, c := range a.Status.Conditions {
		if c.Type == v1alpha1.ConditionGranted {
			return c.Reason + ": " + c.Message
		}
	}
	return ""
}

func TestASharedActivityHasOneAmount(t *testing.T) {
	for name, tc := range map[string]struct {
		weights     []int32
		asks, least v1alpha1.Decimal
		want        int64
		wantGranted string // of the second partner
		wantLeft    v1alpha1.Decimal
	}{
		"less than is left":     {asks: "1799.99", want: 179999, wantGranted: "Granted: EUR 1,799.99 is granted", wantLeft: "0.01"},
		"just what is left":     {asks: "1800.00", want: 180000, wantGranted: "Granted: EUR 1,800.00 is granted", wantLeft: "0.00"},
		"one cent more is cut":  {asks: "1800.01", least: "1000.00", want: 180000, wantGranted: "GrantedInPart: EUR 1,800.00 of EUR 1,800.01 is granted, because shared activity spring-fair had EUR 1,800.00 left", wantLeft: "0.00"},
		"one cent more, or not": {asks: "1800.01", wantGranted: "SharedAmountUsed: EUR 1,800.01 is requested; shared activity spring-fair has EUR 1,800.00 left: request at most EUR 1,800.00, or wait until money is released, or ask the budget owner", wantLeft: "1800.00"},
		"its own share is less": {
			weights: []int32{2, 1}, asks: "1800.00", least: "1000.00", want: 166667,
			wantGranted: "GrantedInPart: EUR 1,666.67 of EUR 1,800.00 is granted, because shared activity spring-fair had EUR 1,666.67 left", wantLeft: "133.33",
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := fair(tc.weights...)
			b.joins("partner-acme", "first", "3200.00", "", "2026-08-04T09:00:00Z")
			second := b.joins("partner-bolt", "second", tc.asks, tc.least, "2026-08-04T10:00:00Z")
			b.run(t, at("2026-08-05T09:00:00Z"))
			if got := b.ledger.Spec.Reserved["partner-bolt/second/1"]; got != tc.want {
				t.Errorf("granted %d, want %d", got, tc.want)
			}
			if got := granted(second); !strings.HasPrefix(got, tc.wantGranted) {
				t.Errorf("Granted is\n%s\nnot\n%s", got, tc.wantGranted)
			}
			if strings.Contains(fmt.Sprint(second.Status), "partner-acme") {
				t.Error("the other partner is named")
			}
			use := b.budget.Status.SharedActivities
			if len(use) != 1 || use[0].Left.Amount != tc.wantLeft {
				t.Errorf("the budget says %+v, want %s left", use, tc.wantLeft)
			}
		})
	}
}

func TestWhoMayShareAnActivity(t *testing.T) {
	b := fair()
	other := b.joins("partner-corvid", "other", "1000.00", "", "2026-08-04T09:00:00Z")
	own := b.request("partner-acme", testobj.Allocation("own").Obj(), "2026-08-04T09:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	if got := other.Status.Reason; got != v1alpha1.ReasonSharedActivityUnknown {
		t.Errorf("a partner that does not share it is %s", got)
	}
	if text := fmt.Sprint(other.Status); strings.Contains(text, "partner-acme") || strings.Contains(text, "partner-bolt") || strings.Contains(text, "5,000") {
		t.Errorf("it learns of the others: %s", text)
	}
	if own.Status.Stage != v1alpha1.AllocationGranted || len(b.ledger.Spec.Shared) != 0 {
		t.Errorf("an own request is %s; shared %v", own.Status.Stage, b.ledger.Spec.Shared)
	}
}

// invoiced is a fair with two grants of EUR 2,500.00, and claims on one invoice of 4,000.00 net.
func invoiced(t *testing.T) (b *bank, first, second *v1alpha1.MDFClaim) {
	t.Helper()
	b = fair()
	x := b.joins("partner-acme", "first", "2500.00", "", "2026-08-04T09:00:00Z")
	y := b.joins("partner-bolt", "second", "2500.00", "", "2026-08-04T10:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	part := func(name string, on v1alpha1.Name, day v1alpha1.Date, net v1alpha1.Decimal) *v1alpha1.MDFClaim {
		c := testobj.Claim(name, on).Claimed(day).Cost("H-77", net).Obj()
		c.Spec.Costs[0].InvoiceNet = "4000.00"
		return c
	}
	first = b.claim(x, part("one", "first", "2026-11-02", "2500.00"), "2026-11-03T09:00:00Z")
	second = b.claim(y, part("two", "second", "2026-11-03", "1600.00"), "2026-11-04T09:00:00Z")
	return b, first, second
}

func payable(c *v1alpha1.MDFClaim) string {
	if c.Status.Payable == nil {
		return ""
	}
	return fmt.Sprintf("%s %s %s", c.Status.Stage, c.Status.Reason, c.Status.Payable.Amount)
}

func TestASharedInvoiceIsCountedOnce(t *testing.T) {
	b, first, second := invoiced(t)
	b.evaluate(at("2026-11-05T09:00:00Z"))
	if second.Status.Reason != v1alpha1.ReasonInvoiceCheckPending {
		t.Errorf("before the budget has checked it the claim is %s", second.Status.Reason)
	}
	b.run(t, at("2026-11-05T09:00:00Z"))
	if diff := cmp.Diff([]string{"Accepted AwaitingPayment 1250.00", "Accepted AwaitingPayment 750.00"}, []string{payable(first), payable(second)}); diff != "" {
		t.Errorf("payable (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int64{"partner-acme/first/1/one/h77": 250000, "partner-bolt/second/1/two/h77": 150000}, lower(b.ledger.Spec.Invoices)); diff != "" {
		t.Errorf("noted (-want +got):\n%s", diff)
	}
	const want = `EUR 1,500.00 of invoice "H-77" is left: other claims on the shared activity count the rest of its EUR 4,000.00 net; of the EUR 1,600.00 claimed here, EUR ` +
		"1,500.00 counts, and the rest is the partner's cost"
	if len(second.Status.Findings) != 1 || second.Status.Findings[0].Message != want {
		t.Errorf("findings %+v, want %s", second.Status.Findings, want)
	}
	if strings.Contains(fmt.Sprint(second.Status), "acme") || strings.Contains(fmt.Sprint(first.Status), "bolt") {
		t.Error("a claim names the other partner")
	}
	second.Spec.Payments = []v1alpha1.Payment{testobj.Payment("T-2", "2026-11-06", "750.00")}
	first.Spec.Payments = []v1alpha1.Payment{testobj.Payment("T-1", "2026-11-06", "1250.00")}
	b.run(t, at("2026-11-07T09:00:00Z"))
	if first.Status.Stage != v1alpha1.ClaimSettled || second.Status.Stage != v1alpha1.ClaimSettled {
		t.Errorf("%s and %s, want both settled", payable(first), payable(second))
	}
	if got := b.ledger.Spec.Settled["partner-bolt/second/1/two"]; got != 75000 {
		t.Errorf("settled %d, want 75000", got)
	}
}

// lower returns a map with keys in small letters: in which case numbers are compared is not what is tested.
func lower(m map[string]int64) map[string]int64 {
	small := map[string]int64{}
	for key, amount := range m {
		small[strings.ToLower(key)] = amount
	}
	return small
}

func TestWhatIsLeftOfASharedInvoice(t *testing.T) {
	const now = "2026-11-05T09:00:00Z"
	for name, tc := range map[string]struct {
		change func(b *bank, first, second *v1alpha1.MDFClaim)
		want   []string
	}{
		"just all of it": {
			func(_ *bank, _, second *v1alpha1.MDFClaim) { second.Spec.Costs[0].Net = "1500.00" },
			[]string{"Accepted AwaitingPayment 1250.00", "PendingDecision AwaitingDecision 750.00"},
		},
		"nothing is left": {
			func(_ *bank, first, _ *v1alpha1.MDFClaim) { first.Spec.Costs[0].Net = "4000.00" },
			[]string{"PendingDecision AwaitingDecision 2000.00", "Refused NothingPayable 0.00"},
		},
		"the lower total holds": {
			func(_ *bank, _, second *v1alpha1.MDFClaim) { second.Spec.Costs[0].InvoiceNet = "9000.00" },
			[]string{"Accepted AwaitingPayment 1250.00", "PendingDecision AwaitingDecision 750.00"},
		},
		"another supplier's invoice of that number": {
			func(_ *bank, first, second *v1alpha1.MDFClaim) {
				first.Spec.Costs[0].Supplier, second.Spec.Costs[0].Supplier = "Hall", "Caterer"
			},
			[]string{"PendingDecision AwaitingDecision 1250.00", "PendingDecision AwaitingDecision 800.00"},
		},
		"the first is a draft": {
			func(_ *bank, first, _ *v1alpha1.MDFClaim) { first.Spec.ClaimedOn = "" },
			[]string{"Draft NotClaimed 1250.00", "Accepted AwaitingPayment 800.00"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b, first, second := invoiced(t)
			tc.change(b, first, second)
			b.run(t, at(now))
			if diff := cmp.Diff(tc.want, []string{payable(first), payable(second)}); diff != "" {
				t.Errorf("payable (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWhatWasNotedStays checks that a claim that is dated back, or one that asks for more, takes nothing from what was noted before it, and that what a
// claim gives up is the other's.
func TestWhatWasNotedStays(t *testing.T) {
	b, first, second := invoiced(t)
	objects := b.namespace("partner-acme")
	claims := objects.Claims
	objects.Claims = nil
	b.run(t, at("2026-11-05T09:00:00Z"))
	if got := payable(second); got != "Accepted AwaitingPayment 800.00" {
		t.Fatalf("alone it is %s", got)
	}
	objects.Claims = claims
	b.run(t, at("2026-11-05T10:00:00Z"))
	if got := []string{payable(first), payable(second)}; got[0] != "Accepted AwaitingPayment 1200.00" || got[1] != "Accepted AwaitingPayment 800.00" {
		t.Errorf("the one that came later is %s, the other %s", got[0], got[1])
	}
	b.namespace("partner-bolt").Claims = nil
	b.run(t, at("2026-11-05T11:00:00Z"))
	if got := payable(first); got != "Accepted AwaitingPayment 1250.00" {
		t.Errorf("once the other is gone it is %s", got)
	}
	if len(b.ledger.Spec.Invoices) != 1 {
		t.Errorf("noted is %v", b.ledger.Spec.Invoices)
	}
}

// TestPartsOfAnInvoiceNeverExceedIt has claims of two partners come, change and go in any order: what is noted of the invoice is at most its net total,
// and what is granted at most the shared amount.
func TestPartsOfAnInvoiceNeverExceedIt(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := fair()
		now := at("2026-11-05T09:00:00Z")
		names := []string{"partner-acme", "partner-bolt"}
		for i, namespace := range names {
			amount := rapid.Int64Range(100, 4000).Draw(rt, "asks")
			b.joins(namespace, fmt.Sprintf("r%d", i), v1alpha1.Decimal(fmt.Sprint(amount)), "1.00", "2026-08-04T09:00:00Z")
		}
		b.settleDown(rt, at("2026-08-05T09:00:00Z"))
		for n := range rapid.IntRange(1, 3).Draw(rt, "steps") {
			i := rapid.IntRange(0, 1).Draw(rt, "who")
			objects := b.namespace(names[i])
			if len(objects.Claims) > 0 && rapid.Bool().Draw(rt, "goes") {
				objects.Claims = objects.Claims[1:]
			} else {
				c := testobj.Claim(fmt.Sprintf("c%d", n), v1alpha1.Name(fmt.Sprintf("r%d", i))).Claimed("2026-11-02").
					Cost("H-77", v1alpha1.Decimal(fmt.Sprint(rapid.Int64Range(1, 4000).Draw(rt, "net")))).Obj()
				c.Spec.Costs[0].InvoiceNet = "4000.00"
				b.claim(objects.Allocations[0], c, "2026-11-03T09:00:00Z")
			}
			now = now.Add(time.Hour)
			b.settleDown(rt, now)
			var sum, all int64
			for _, amount := range b.ledger.Spec.Invoices {
				sum += amount
			}
			for key := range b.ledger.Spec.Shared {
				all += b.ledger.Spec.Reserved[key]
			}
			if sum > 400000 || all > 500000 {
				rt.Fatalf("%d of the invoice is noted, %d granted: %v", sum, all, b.ledger.Spec.Invoices)
			}
		}
	})
}

// settleDown is run for a property.
func (b *bank) settleDown(t *rapid.T, now time.Time) {
	for range 10 {
		b.evaluate(now)
		if !b.step(now) {
			return
		}
	}
	t.Fatal("the ledger does not come to rest")
}
