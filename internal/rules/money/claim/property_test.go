package claim_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

// ignoreTransitions leaves out of a comparison when a condition changed.
var ignoreTransitions = cmpopts.IgnoreFields(metav1.Condition{}, "LastTransitionTime")

// cents writes minor units of EUR.
func cents(minor int64) v1alpha1.Decimal {
	return v1alpha1.Decimal(fmt.Sprintf("%d.%02d", minor/100, minor%100))
}

func anyDay(t *rapid.T, label string) v1alpha1.Date {
	days := []v1alpha1.Date{"", "2026-10-18", "2026-10-19", "2026-11-02", "2026-11-03", "2027-01-17", "2027-01-18", "2027-02-20", "2027-03-18", "soon"}
	return rapid.SampledFrom(days).Draw(t, label)
}

func anyHour(t *rapid.T, label string) time.Time {
	hours := rapid.IntRange(0, 200*24).Draw(t, label)
	return testobj.At("2026-10-15T00:00:00Z").Add(time.Duration(hours) * time.Hour)
}

// anyDesk draws a desk with claims, decisions on them and on the request, and payments; some of the claims are settled.
func anyDesk(t *rapid.T) *desk {
	d := newDesk()
	reserved := rapid.Int64Range(0, 500000).Draw(t, "reserved")
	d.ledger.Spec.Reserved[webinarKey] = reserved
	d.program.Spec.Activities[0].Proofs = rapid.SampledFrom([][]v1alpha1.ProofType{nil, {"Invoice"}}).Draw(t, "proofs")
	d.budget.Spec.Claims = rapid.SampledFrom([]*v1alpha1.ClaimPolicy{nil, {Minimum: "10.00"}, {
		Maximum:            "800.00",
		ResubmitWithinDays: new(int32(10)),
	}}).Draw(t, "policy")
	for i := range rapid.IntRange(0, 5).Draw(t, "claims") {
		d.anyClaim(t, string(rune('a'+i)))
	}
	if rapid.IntRange(0, 4).Draw(t, "second thoughts") == 0 {
		d.decisions = append(d.decisions, testobj.MoneyDecision("withdrawn", "MDFAllocation", "webinar", facts.RequestRevision(&d.request.Spec),
			v1alpha1.DecisionRejected, "fiona", anyHour(t, "withdrawn on").Format(time.RFC3339)))
	}
	return d
}

func (d *desk) anyClaim(t *rapid.T, name string) {
	builder := testobj.Claim(name, "webinar").Claimed(anyDay(t, "claimed")).With(func(s *v1alpha1.MDFClaimSpec) { s.ResubmittedOn = anyDay(t, "again") })
	for range rapid.IntRange(1, 2).Draw(t, "costs") {
		invoice := v1alpha1.Word(fmt.Sprintf("I%d", rapid.IntRange(0, 20).Draw(t, "invoice")))
		builder.Cost(invoice, cents(rapid.Int64Range(0, 300000).Draw(t, "net")))
	}
	if rapid.Bool().Draw(t, "proof") {
		builder.Proof("Invoice", "x")
	}
	if rapid.IntRange(0, 4).Draw(t, "paid") == 0 {
		builder.Paid(fmt.Sprintf("T-%d", rapid.IntRange(0, 3).Draw(t, "payment")), rapid.SampledFrom([]v1alpha1.Date{"2026-11-20", "2027-02-01"}).Draw(t,
			"paid on"),
			cents(rapid.Int64Range(1, 200000).Draw(t, "amount")))
	}
	c := d.add(builder.Obj())
	for i := range rapid.IntRange(0, 3).Draw(t, "decisions") {
		outcome := rapid.SampledFrom([]v1alpha1.DecisionOutcome{"Approved", "Approved", "ApprovedInPart", "Returned", "Rejected"}).Draw(t, "outcome")
		made := testobj.MoneyDecision(fmt.Sprintf("%s-%d", name, i), "MDFClaim", name, facts.ClaimRevision(&c.Spec), outcome,
			rapid.SampledFrom([]string{"fiona", "fiona", "vera", "paul"}).Draw(t, "by"), anyHour(t, "on").Format(time.RFC3339))
		if outcome == v1alpha1.DecisionApprovedInPart {
			made = testobj.InPart(made, cents(rapid.Int64Range(1, 100000).Draw(t, "part")), "EUR")
		}
		if rapid.IntRange(0, 3).Draw(t, "stale") == 0 {
			made.Spec.Revision = "v1:0123456789abcdef0123456789abcdef"
		}
		d.decisions = append(d.decisions, made)
	}
	if rapid.IntRange(0, 5).Draw(t, "settled") == 0 {
		d.ledger.Spec.Settled[webinarKey+"/"+name] = rapid.Int64Range(1, 100000).Draw(t, "settled")
	}
}

func (d *desk) statuses(now time.Time) map[string]v1alpha1.MDFClaimStatus {
	all, snap := map[string]v1alpha1.MDFClaimStatus{}, d.snapshot()
	for _, c := range d.claims {
		all[c.Name], _ = claim.Evaluate(snap, c, now)
	}
	return all
}

func TestClaimsNeverHoldOrSettleMoreThanIsReserved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, now := anyDesk(t), anyHour(t, "now")
		reserved := d.ledger.Spec.Reserved[webinarKey]
		snap := d.snapshot()
		account := accountOf(snap, d.request, now)
		if account.Open < 0 || account.Open > reserved {
			t.Fatalf("open %d of %d reserved", account.Open, reserved)
		}
		var payable, settles int64
		for _, view := range account.Claims {
			status, _ := claim.Evaluate(snap, view.Object, now)
			if diff := cmp.Diff(euro(cents(view.Payable)), status.Payable); diff != "" {
				t.Fatalf("the account and the status of claim %s differ:\n%s", view.Object.Name, diff)
			}
			if view.Payable < 0 || view.OwnCost < 0 {
				t.Fatalf("claim %s: payable %d, own cost %d", view.Object.Name, view.Payable, view.OwnCost)
			}
			if !view.IsSettled && view.Stage != v1alpha1.ClaimDraft {
				payable += view.Payable
			}
			if view.Settle == nil {
				continue
			}
			if view.Accepted.Status != metav1.ConditionTrue || view.Settle.Amount <= 0 || view.Settle.Amount > view.Payable ||
				view.Settle.Unpaid < 0 || view.Settle.Unpaid > view.Settle.Amount {
				t.Fatalf("claim %s, %s and %d payable, settles %d", view.Object.Name, view.Accepted.Reason, view.Payable, view.Settle.Amount)
			}
			if !view.IsSettled {
				settles += view.Settle.Amount
			}
		}
		if payable > account.Open || settles > account.Open {
			t.Fatalf("payable %d, settles %d, open %d", payable, settles, account.Open)
		}
	})
}

func TestClaimsDoNotDependOnTheOrderOfObjects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, now := anyDesk(t), anyHour(t, "now")
		want := d.statuses(now)
		d.claims = rapid.Permutation(d.claims).Draw(t, "claims in another order")
		d.decisions = rapid.Permutation(d.decisions).Draw(t, "decisions in another order")
		if diff := cmp.Diff(want, d.statuses(now), ignoreTransitions); diff != "" {
			t.Fatalf("another order makes (-want +got):\n%s", diff)
		}
	})
}

func TestClaimsChangeNoEarlierThanTheySay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, now := anyDesk(t), anyHour(t, "now")
		snap := d.snapshot()
		account := func(at time.Time) *claim.Account {
			return accountOf(snap, d.request, at)
		}
		for _, c := range d.claims {
			before, next := claim.Evaluate(snap, c, now)
			later := anyHour(t, "later")
			if !next.IsZero() && !later.Before(next) {
				later = next.Add(-time.Nanosecond)
			}
			if later.Before(now) {
				continue
			}
			after, _ := claim.Evaluate(snap, c, later)
			if diff := cmp.Diff(before, after, ignoreTransitions); diff != "" {
				t.Fatalf("claim %s changed by %s, before %s (-before +after):\n%s", c.Name, later, next, diff)
			}
			x, y := account(now), account(later)
			if x.Open != y.Open || x.Pending != y.Pending || x.ResubmitThrough != y.ResubmitThrough || x.FinalPaid != y.FinalPaid {
				t.Fatalf("the account changed by %s, before %s: %+v, then %+v", later, next, x, y)
			}
		}
	})
}

func TestNothingThatIsSettledChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDesk(t)
		if rapid.Bool().Draw(t, "no decisions") {
			d.decisions = nil
		}
		if rapid.Bool().Draw(t, "another request") {
			d.request.Spec.RequestID = "2"
		}
		for name, status := range d.statuses(anyHour(t, "now")) {
			amount, settled := d.ledger.Spec.Settled[webinarKey+"/"+name]
			if !settled {
				if status.Paid != nil {
					t.Fatalf("claim %s says that %v is paid", name, status.Paid)
				}
				continue
			}
			paid := conditionOf(status.Conditions, v1alpha1.ConditionSettled)
			if diff := cmp.Diff(euro(cents(amount)), status.Paid); diff != "" || status.Stage != v1alpha1.ClaimSettled || paid.Status != metav1.ConditionTrue {
				t.Fatalf("claim %s is %s, %s (-want +got):\n%s", name, status.Stage, paid.Reason, diff)
			}
		}
	})
}

// sharesOf draws claims that are all approved, and returns the sum of their net costs.
func (d *desk) sharesOf(t *rapid.T, approvedTime func(i int) int) (net int64) {
	for i := range rapid.IntRange(1, 6).Draw(t, "claims") {
		name := fmt.Sprintf("c%d", i)
		cost := rapid.Int64Range(1, 9999).Draw(t, "net")
		net += cost
		c := d.add(testobj.Claim(name, "webinar").Cost(v1alpha1.Word(name), cents(cost)).Paid("T-"+name, "2026-12-01", "999.00").Obj())
		at := testobj.At("2026-11-09T10:00:00Z").Add(time.Duration(approvedTime(i)) * time.Hour)
		d.decide(c, v1alpha1.DecisionApproved, at.Format(time.RFC3339))
	}
	return net
}

// settleOne settles one claim, and returns the amount.
func (d *desk) settleOne(name string, now time.Time) int64 {
	account := accountOf(d.snapshot(), d.request, now)
	i := slices.IndexFunc(account.Claims, func(v *claim.Claim) bool { return v.Object.Name == name && v.Settle != nil })
	if i < 0 {
		return 0
	}
	s := account.Claims[i].Settle
	d.take(s)
	return s.Amount
}

func TestCumulativeRoundingIsRoundingOfTheSumInWhateverOrderClaimsArePaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		percent := rapid.Int64Range(1, 100000).Draw(t, "thousandths of a percent")
		d := newDesk().grant("EUR", "100000.00", v1alpha1.Percent(fmt.Sprintf("%d.%03d", percent/1000, percent%1000)), "1000.00", 100000)
		net := d.sharesOf(t, func(i int) int { return i })
		now, paid := testobj.At("2026-12-02T10:00:00Z"), int64(0)
		for _, c := range rapid.Permutation(slices.Clone(d.claims)).Draw(t, "order of payment") {
			paid += d.settleOne(c.Name, now)
		}
		if want := net * percent / 100000; paid != want {
			t.Fatalf("%d paid in all, %d is the share of %d", paid, want, net)
		}
	})
}

// TestDecisionsThatAreDatedBackNeverMakeMoreThanTheShareOfTheSum pays each claim as soon as it is decided on, while the decisions' own order
// is another one.
func TestDecisionsThatAreDatedBackNeverMakeMoreThanTheShareOfTheSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDesk().grant("EUR", "100000.00", "50", "1000.00", 100000)
		hours := rapid.Permutation([]int{0, 1, 2, 3, 4, 5}).Draw(t, "order of decisions")
		net := d.sharesOf(t, func(i int) int { return hours[i] })
		claims := d.claims
		d.claims = nil
		now, paid := testobj.At("2026-12-02T10:00:00Z"), int64(0)
		for _, c := range claims { // each is created and paid before the next
			d.claims = append(d.claims, c)
			paid += d.settleOne(c.Name, now)
		}
		if paid > net/2 {
			t.Fatalf("%d paid in all, %d is the share of %d", paid, net/2, net)
		}
	})
}

func TestClaimsTakeAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDesk()
		c := d.add(testobj.Claim("c", "webinar").Obj())
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "1", "-0", "9999-12-31", "0001-01-01", "1e9", "999999999999999.999999", "EUR"}))
		c.Spec.ClaimedOn, c.Spec.ResubmittedOn = v1alpha1.Date(text.Draw(t, "claimed")), v1alpha1.Date(text.Draw(t, "again"))
		c.Spec.Currency, c.Spec.Scope = v1alpha1.CurrencyCode(text.Draw(t, "currency")), v1alpha1.ClaimScope(text.Draw(t, "scope"))
		c.Spec.Costs = []v1alpha1.ClaimedCost{{
			Invoice: v1alpha1.Word(text.Draw(t, "invoice")), IncurredOn: v1alpha1.Date(text.Draw(t, "incurred")), Net: v1alpha1.Decimal(text.Draw(t, "net")),
		}}
		c.Spec.Results = []v1alpha1.ExpectedResult{{Metric: "qualified-leads", Value: v1alpha1.Decimal(text.Draw(t, "value"))}}
		for range rapid.IntRange(0, 3).Draw(t, "payments") {
			p := v1alpha1.Payment{
				Document: text.Draw(t, "document"), Line: rapid.Int32().Draw(t, "line"), PaidOn: v1alpha1.Date(text.Draw(t, "paid")),
				Currency: v1alpha1.CurrencyCode(text.Draw(t, "in")), Net: v1alpha1.Decimal(text.Draw(t, "paid net")), Tax: v1alpha1.Decimal(text.Draw(t, "tax")),
				Withheld: v1alpha1.Decimal(text.Draw(t, "withheld")), BookedRate: v1alpha1.Decimal(text.Draw(t, "rate")),
				DocumentTotal: v1alpha1.Decimal(text.Draw(t, "total")),
			}
			if rapid.Bool().Draw(t, "reversal") {
				p.Reverses = &v1alpha1.PaymentLine{Document: text.Draw(t, "reverses"), Line: rapid.Int32().Draw(t, "its line")}
			}
			c.Spec.Payments = append(c.Spec.Payments, p)
		}
		d.request.Spec.ReimbursementPercent = v1alpha1.Percent(text.Draw(t, "percent"))
		d.request.Spec.EndsOn = v1alpha1.Date(text.Draw(t, "ends"))
		if rapid.Bool().Draw(t, "approved") {
			d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
		}
		status := d.status(c, "2026-12-01T10:00:00Z")
		for _, kind := range []string{accepted, settled, v1alpha1.ConditionReady} {
			if c := conditionOf(status.Conditions, kind); c.Reason == "" || c.Message == "" {
				t.Fatalf("%s is %+v", kind, c)
			}
		}
	})
}
