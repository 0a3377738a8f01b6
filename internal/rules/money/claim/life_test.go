package claim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

func pays(id string, on v1alpha1.Date, amount v1alpha1.Decimal, currency v1alpha1.CurrencyCode) []v1alpha1.Payment {
	p := testobj.Payment(id, on, amount)
	p.Currency = currency
	return []v1alpha1.Payment{p}
}

func TestWhoDecidesOnAClaim(t *testing.T) {
	const at, now = "2026-11-09T10:00:00Z", "2026-12-01T10:00:00Z"
	by := func(d *v1alpha1.ApprovalDecision, person string) { d.Spec.ApprovedBy = person }
	for name, test := range map[string]struct {
		decide  func(d *desk, c *v1alpha1.MDFClaim)
		verdict string
		message string
		payable v1alpha1.Decimal
	}{
		"one approver is enough, however large the claim": {
			decide: func(d *desk, c *v1alpha1.MDFClaim) {
				d.budget.Spec.Authority = testobj.Budget("").Authority("5000.00", 2).Obj().Spec.Authority
				d.decide(c, v1alpha1.DecisionApproved, at)
			},
			verdict: "True/Accepted", message: "approved by fiona on 2026-11-09", payable: "3000.00",
		},
		"never who claims": {
			decide:  func(d *desk, c *v1alpha1.MDFClaim) { by(d.decide(c, v1alpha1.DecisionApproved, at), "paul") },
			verdict: "False/SelfApproval", message: `paul claims or requested the money, and so cannot approve (ApprovalDecision "c-approved-2026-11-09")`,
			payable: "3000.00",
		},
		"nor who requested the money": {
			decide: func(d *desk, c *v1alpha1.MDFClaim) {
				c.Spec.RequestedBy = "pia"
				by(d.decide(c, v1alpha1.DecisionApproved, at), "paul")
			},
			verdict: "False/SelfApproval", message: "someone else at the vendor must decide", payable: "3000.00",
		},
		"in part, in the budget's currency": {
			decide: func(d *desk, c *v1alpha1.MDFClaim) {
				testobj.InPart(d.decide(c, v1alpha1.DecisionApproved, at), "2400.00", "EUR")
			},
			verdict: "True/AcceptedInPart", payable: "2400.00",
			message: "EUR 2,400.00 is payable: 50 percent of EUR 6,000.00 net; approved by fiona on 2026-11-09; EUR 600.00 more is the partner's cost, because " +
				"EUR 2,400.00 was approved",
		},
		"an approval of earlier content does not count": {
			decide: func(d *desk, c *v1alpha1.MDFClaim) {
				d.decide(c, v1alpha1.DecisionApproved, at)
				c.Spec.Costs[0].Net = "9000.00"
			},
			verdict: "False/AwaitingDecision", message: "EUR 4,500.00 would be payable", payable: "4500.00",
		},
		"a decision of tomorrow does not count yet": {
			decide:  func(d *desk, c *v1alpha1.MDFClaim) { d.decide(c, v1alpha1.DecisionApproved, "2026-12-02T10:00:00Z") },
			verdict: "False/AwaitingDecision", payable: "3000.00",
		},
		"returned": {
			decide:  func(d *desk, c *v1alpha1.MDFClaim) { d.decide(c, v1alpha1.DecisionReturned, at) },
			verdict: "False/Returned", message: "the vendor returned the claim on 2026-11-09", payable: "3000.00",
		},
		"rejected after its approval": {
			decide: func(d *desk, c *v1alpha1.MDFClaim) {
				d.decide(c, v1alpha1.DecisionApproved, at)
				d.decide(c, v1alpha1.DecisionRejected, "2026-11-20T10:00:00Z")
			},
			verdict: "False/Rejected", message: "submit it again through 2027-01-04", payable: "3000.00",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Obj())
			test.decide(d, c)
			status := d.status(c, now)
			claimSays(t, status, accepted, test.verdict, test.message)
			if diff := cmp.Diff(euro(test.payable), status.Payable); diff != "" {
				t.Errorf("payable (-want +got):\n%s", diff)
			}
		})
	}
}

func TestResubmission(t *testing.T) {
	for name, test := range map[string]struct {
		again   v1alpha1.Date
		days    *int32
		decide  string // an approval of what was submitted again
		now     string
		verdict string
		message string
		stage   v1alpha1.ClaimStage
		open    int64
	}{
		"in time, long after the claim window": {
			again: "2027-03-18", now: "2027-05-01T10:00:00Z", verdict: "False/AwaitingDecision",
			message: "submitted again on 2027-03-18; EUR 3,000.00 would be payable",
			stage:   "PendingDecision", open: 300000,
		},
		"in time and approved": {
			again: "2027-03-18", decide: "2027-04-01T10:00:00Z", now: "2027-05-01T10:00:00Z", verdict: "True/Accepted", stage: "Accepted", open: 300000,
		},
		"a day late": {
			again: "2027-03-19", now: "2027-05-01T10:00:00Z", verdict: "False/ResubmissionTooLate", stage: "Lapsed",
			message: "the claim was rejected on 2027-02-01 and could be submitted again through 2027-03-18; it was on 2027-03-19 (spec.resubmittedOn)",
		},
		"a day late, whatever an approver says": {
			again: "2027-03-19", decide: "2027-04-01T10:00:00Z", now: "2027-05-01T10:00:00Z", verdict: "False/ResubmissionTooLate", stage: "Lapsed",
		},
		"planned for a later day": {
			again: "2027-03-10", now: "2027-02-10T10:00:00Z", verdict: "False/Rejected", stage: "SentBack", open: 300000,
			message: "it is submitted again on 2027-03-10 (spec.resubmittedOn), which is in time through 2027-03-18",
		},
		"dated before the rejection": {
			again: "2027-01-31", now: "2027-02-10T10:00:00Z", verdict: "False/Rejected", stage: "SentBack", open: 300000,
			message: "correct it and set spec.resubmittedOn to submit it again through 2027-03-18",
		},
		"a window of the budget's own": {
			days: new(int32(10)), now: "2027-02-12T10:00:00Z", verdict: "False/ResubmissionTooLate", stage: "Lapsed",
			message: "through 2027-02-11, which was not done",
		},
		"no window": {
			days: new(int32(0)), now: "2027-02-01T20:00:00Z", verdict: "False/Rejected", stage: "SentBack", open: 300000, message: "through 2027-02-01",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			d.budget.Spec.Claims = &v1alpha1.ClaimPolicy{ResubmitWithinDays: test.days}
			c := d.add(testobj.Claim("c", "webinar").Claimed("2027-01-17").Cost("I1", "6000.00").Obj())
			d.decide(c, v1alpha1.DecisionRejected, "2027-02-01T10:00:00Z")
			c.Spec.ResubmittedOn = test.again
			if test.decide != "" {
				d.decide(c, v1alpha1.DecisionApproved, test.decide)
			}
			status := d.status(c, test.now)
			claimSays(t, status, accepted, test.verdict, test.message)
			if a := d.account(test.now); a.Open != test.open || status.Stage != test.stage {
				t.Errorf("stage %s, open %d; want %s and %d", status.Stage, a.Open, test.stage, test.open)
			}
		})
	}
}

func TestEachReturnOpensAnotherWindow(t *testing.T) {
	d := newDesk()
	c := d.add(testobj.Claim("c", "webinar").Claimed("2027-01-17").Cost("I1", "6000.00").Obj())
	d.decide(c, v1alpha1.DecisionReturned, "2027-02-01T10:00:00Z")
	c.Spec.ResubmittedOn = "2027-03-01"
	d.decide(c, v1alpha1.DecisionReturned, "2027-03-10T10:00:00Z")
	status := d.status(c, "2027-04-20T10:00:00Z")
	claimSays(t, status, accepted, "False/Returned", "submit it again through 2027-04-24")
	c.Spec.ResubmittedOn = "2027-04-24"
	d.decide(c, v1alpha1.DecisionApproved, "2027-06-01T10:00:00Z")
	claimSays(t, d.status(c, "2027-06-02T10:00:00Z"), accepted, "True/Accepted")
}

func TestAMistakeKeepsItsMoneyUntilTheWindowIsOver(t *testing.T) {
	d := newDesk()
	d.program.Spec.Activities[0].Proofs = []v1alpha1.ProofType{"Photo"}
	c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Obj())
	if a := d.account("2027-01-17T23:59:59+01:00"); a.Open != 300000 || a.Pending || !a.Next.Equal(testobj.At("2027-01-18T00:00:00+01:00")) {
		t.Errorf("open %d, pending %t, next %s", a.Open, a.Pending, a.Next)
	}
	if status := d.status(c, "2027-01-17T23:59:59+01:00"); status.ActBy != "2027-01-17" {
		t.Errorf("act by %s", status.ActBy)
	}
	if a := d.account("2027-01-18T00:00:00+01:00"); a.Open != 0 {
		t.Errorf("open %d after the window", a.Open)
	}
}

func TestPayments(t *testing.T) {
	const now = "2026-12-01T10:00:00Z"
	for name, test := range map[string]struct {
		payment []v1alpha1.Payment
		desk    func(*desk)
		open    bool // the claim is not approved
		verdict string
		message string
		settles int64
		rule    string // of severity Error or Warning
		field   string
	}{
		"none": {verdict: "False/AwaitingPayment", message: "EUR 3,000.00 is due for payment"},
		"in full": {
			payment: pays("T-1", "2026-11-20", "3000.00", "EUR"), verdict: "False/SettlementPending", message: "the ledger is about to settle EUR 3,000.00",
			settles: 300000,
		},
		"less": {payment: pays("T-1", "2026-11-20", "2000.00", "EUR"), verdict: "False/SettlementPending", message: "about to settle EUR 2,000.00", settles: 300000},
		"more": {payment: pays("T-1", "2026-11-20", "3500.00", "EUR"), verdict: "False/SettlementPending", settles: 300000},
		"before the claim is accepted": {
			payment: pays("T-1", "2026-11-20", "3000.00", "EUR"), open: true, verdict: "False/NotAccepted",
			message: `payment "T-1" line 1 of 2026-11-20 is recorded, and the claim is not accepted (AwaitingDecision): it is settled once the claim is`,
		},
		"dated tomorrow": {
			payment: pays("T-1", "2026-12-02", "3000.00", "EUR"), verdict: "False/AwaitingPayment", message: "it counts from that day on",
		},
		"in another currency": {
			payment: pays("T-1", "2026-11-20", "3000.00", "USD"), verdict: "False/CurrencyMismatch", message: `payment "T-1" line 1 is in USD and budget "fy27-emea" in EUR, so bookedRate has to say`,
			rule: claim.RulePaymentInvalid, field: "spec.payments[T-1#1].bookedRate",
		},
		"of nothing": {
			payment: pays("T-1", "2026-11-20", "0.00", "EUR"), verdict: "False/InvalidSpec", message: "spec.payments[T-1#1].net: 0.00 is not above zero",
			rule: claim.RulePaymentInvalid, field: "spec.payments[T-1#1].net",
		},
		"of no amount": {
			payment: pays("T-1", "2026-11-20", "1e3", "EUR"), verdict: "False/InvalidSpec", rule: claim.RulePaymentInvalid, field: "spec.payments[T-1#1].net",
		},
		"on no day": {
			payment: pays("T-1", "2026-11-31", "3000.00", "EUR"), verdict: "False/InvalidSpec", rule: claim.RulePaymentInvalid, field: "spec.payments[T-1#1].paidOn",
		},
		"that settled another claim": {
			payment: pays("T-1", "2026-11-20", "3000.00", "EUR"), desk: func(d *desk) { d.ledger.Spec.Payments["T-1#1"] = "partner-acme/x" },
			verdict: "False/PaymentDuplicate", message: `payment "T-1" line 1 is that of another MDFClaim`, rule: claim.RulePaymentDuplicate, field: "spec.payments[T-1#1].line",
		},
		"that settled another claim of the partner": {
			payment: pays("T-1", "2026-11-20", "3000.00", "EUR"), desk: func(d *desk) {
				d.add(testobj.Claim("x", "webinar").Cost("I2", "1000.00").Obj())
				d.ledger.Spec.Payments["T-1#1"] = "partner-acme/x"
			},
			verdict: "False/PaymentDuplicate", message: `payment "T-1" line 1 is that of MDFClaim partner-acme/x`, rule: claim.RulePaymentDuplicate, field: "spec.payments[T-1#1].line",
		},
		"that is recorded on an earlier claim too": {
			payment: pays("T-1", "2026-11-20", "3000.00", "EUR"), desk: func(d *desk) {
				other := d.add(testobj.Claim("a", "webinar").Cost("I2", "1000.00").Paid("T-1", "2026-11-20", "500.00").Obj())
				d.decide(other, v1alpha1.DecisionApproved, "2026-11-08T10:00:00Z")
			},
			verdict: "False/PaymentDuplicate", message: `payment "T-1" line 1 is recorded in MDFClaim "a" too`, rule: claim.RulePaymentDuplicate, field: "spec.payments[T-1#1].line",
		},
		"that settled another claim in small letters": {
			payment: pays("T-1", "2026-11-20", "3000.00", "EUR"), desk: func(d *desk) { d.ledger.Spec.Payments["t-1#1"] = "partner-acme/x" },
			verdict: "False/PaymentDuplicate", message: `payment "T-1" line 1 is that of another MDFClaim`, rule: claim.RulePaymentDuplicate, field: "spec.payments[T-1#1].line",
		},
		"that settled a claim of another namespace with a space": {
			payment: pays("T-1", "2026-11-20", "3000.00", "EUR"), desk: func(d *desk) { d.ledger.Spec.Payments["T- 1#1"] = "partner-bolt/x" },
			verdict: "False/PaymentDuplicate", message: `payment "T-1" line 1 is that of another MDFClaim`, rule: claim.RulePaymentDuplicate,
			field: "spec.payments[T-1#1].line",
		},
		"that is recorded on an earlier claim in small letters": {
			payment: pays("T-1", "2026-11-20", "3000.00", "EUR"), desk: func(d *desk) {
				other := d.add(testobj.Claim("a", "webinar").Cost("I2", "1000.00").Paid("t-1", "2026-11-20", "500.00").Obj())
				d.decide(other, v1alpha1.DecisionApproved, "2026-11-08T10:00:00Z")
			},
			verdict: "False/PaymentDuplicate", message: `payment "T-1" line 1 is recorded in MDFClaim "a" too`, rule: claim.RulePaymentDuplicate, field: "spec.payments[T-1#1].line",
		},
		"that the ledger has no room for": {
			payment: pays("T-1", "2026-11-20", "3000.00", "EUR"), desk: func(d *desk) {
				for i := range v1alpha1.MaxSettlements {
					d.ledger.Spec.Settled["other/a/1/"+strings.Repeat("x", i%9)+time.Duration(i).String()] = 0
				}
			},
			verdict: "False/LedgerFull", message: "has no space for another settlement",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Obj())
			if !test.open {
				d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
			}
			if c.Spec.Payments = test.payment; test.desk != nil {
				test.desk(d)
			}
			status := d.status(c, now)
			claimSays(t, status, settled, test.verdict, test.message)
			if test.rule != "" && foundIn(status.Findings, v1alpha1.SeverityError, test.rule, test.field)+foundIn(status.Findings, v1alpha1.SeverityWarning,
				test.rule, test.field) == "" {
				t.Errorf("no finding %s at %s in %v", test.rule, test.field, status.Findings)
			}
			var got int64
			for _, view := range d.account(now).Claims {
				if view.Object == c && view.Settle != nil {
					got = view.Settle.Amount
				}
			}
			if got != test.settles {
				t.Errorf("settles %d, want %d", got, test.settles)
			}
		})
	}
}

func TestWhatASettledClaimTells(t *testing.T) {
	const now = "2026-12-01T10:00:00Z"
	paid := func(amount v1alpha1.Decimal) (*desk, *v1alpha1.MDFClaim) {
		d := newDesk()
		c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Paid("T-1", "2026-11-20", amount).Obj())
		d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
		d.settle(now)
		return d, c
	}
	d, c := paid("3500.00")
	claimSays(t, d.status(c, now), settled, "True/PaymentAboveClaim", "EUR 3,000.00 is settled",
		"which came to EUR 3,500.00: EUR 500.00 is above what was payable")
	d, c = paid("2000.00")
	status := d.status(c, now)
	claimSays(t, status, settled, "False/AwaitingPayment", "EUR 1,000.00 of EUR 3,000.00 is due for payment: pay it")
	claimSays(t, status, accepted, "True/Accepted", "EUR 3,000.00 is payable")
	if status.Stage != v1alpha1.ClaimAccepted || status.Paid.Amount != "2000.00" {
		t.Errorf("stage %s, paid %v", status.Stage, status.Paid)
	}
	d, c = paid("3000.00")
	if a := d.account(now); a.FinalPaid {
		t.Error("a partial claim is taken for the final one")
	}
	c.Spec.Scope = v1alpha1.ClaimFinal
	if a := d.account(now); !a.FinalPaid {
		t.Error("the final claim is not seen")
	}
}

func TestWhatIsSettledStaysSettled(t *testing.T) {
	for name, change := range map[string]func(*desk, *v1alpha1.MDFClaim){
		"the decision is deleted": func(d *desk, _ *v1alpha1.MDFClaim) { d.decisions = d.decisions[:len(d.decisions)-1] },
		"the claim is rejected": func(d *desk, c *v1alpha1.MDFClaim) {
			d.decide(c, v1alpha1.DecisionRejected, "2026-11-25T10:00:00Z")
		},
		"its costs are changed":     func(_ *desk, c *v1alpha1.MDFClaim) { c.Spec.Costs[0].Net = "9.99" },
		"its costs are not amounts": func(_ *desk, c *v1alpha1.MDFClaim) { c.Spec.Costs[0].Net = "1k" },
		"its day is late":           func(_ *desk, c *v1alpha1.MDFClaim) { c.Spec.ClaimedOn = "2027-06-01" },
		"it becomes a draft":        func(_ *desk, c *v1alpha1.MDFClaim) { c.Spec.ClaimedOn = "" },
		"the budget is deleted":     func(d *desk, _ *v1alpha1.MDFClaim) { d.budget = nil },
		"the plan is gone":          func(d *desk, _ *v1alpha1.MDFClaim) { d.plan = testobj.Plan("another").Obj() },
		"the request is changed":    func(d *desk, _ *v1alpha1.MDFClaim) { d.request.Spec.EndsOn = "2026-12-24" },
		"the request asks anew":     func(d *desk, _ *v1alpha1.MDFClaim) { d.request.Spec.RequestID = "2" },
		"the request is gone":       func(d *desk, _ *v1alpha1.MDFClaim) { d.request = testobj.Allocation("another").Obj() },
		"the rest is released":      func(d *desk, _ *v1alpha1.MDFClaim) { d.ledger.Spec.Reserved[webinarKey] = 0 },
		"an earlier claim comes late": func(d *desk, _ *v1alpha1.MDFClaim) {
			d.add(testobj.Claim("a", "webinar").Claimed("2026-10-20").Cost("I1", "1.00").Obj())
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Paid("T-1", "2026-11-20", "3000.00").Obj())
			d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
			d.settle("2026-11-20T10:00:00Z")
			change(d, c)
			status := d.status(c, "2026-12-01T10:00:00Z")
			claimSays(t, status, accepted, "True/Accepted", "EUR 3,000.00 ")
			claimSays(t, status, settled, "True/Settled", "EUR 3,000.00 is settled")
			for _, c := range status.Conditions {
				if strings.Contains(c.Message, "percent of") && !strings.Contains(c.Message, ": 50 percent of EUR 6,000.00 net") {
					t.Errorf("%s: %s does not come to what was payable", c.Type, c.Message)
				}
			}
			if diff := cmp.Diff([]*v1alpha1.Money{euro("3000.00"), euro("3000.00")}, []*v1alpha1.Money{status.Paid, status.Payable}); diff != "" {
				t.Errorf("paid and payable (-want +got):\n%s", diff)
			}
			for _, view := range d.account("2026-12-01T10:00:00Z").Claims {
				if view.Object == c && view.Settle != nil {
					t.Errorf("it is to be settled again: %+v", view.Settle)
				}
			}
		})
	}
}

func TestAChangeOfAPaidClaimIsFound(t *testing.T) {
	d := newDesk()
	c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Paid("T-1", "2026-11-20", "3000.00").Obj())
	d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
	d.settle("2026-11-20T10:00:00Z")
	c.Spec.Costs[0].Net = "9000.00"
	text := foundIn(d.status(c, "2026-12-01T10:00:00Z").Findings, v1alpha1.SeverityWarning, claim.RuleClaimChanged, "spec")
	if !strings.Contains(text, "is not what was approved: undo the change") {
		t.Errorf("finding %q", text)
	}
}

func TestCurrencies(t *testing.T) {
	rate := func(from, to v1alpha1.CurrencyCode, on v1alpha1.Date, rate v1alpha1.Decimal) v1alpha1.ExchangeRate {
		return v1alpha1.ExchangeRate{From: from, To: to, EffectiveFrom: on, Rate: rate}
	}
	for name, test := range map[string]struct {
		budget, claim v1alpha1.CurrencyCode
		percent       v1alpha1.Percent
		nets          []v1alpha1.Decimal
		reserved      int64
		want          []string
	}{
		"yen have no digits":          {"JPY", "JPY", "50", []v1alpha1.Decimal{"333", "333", "333"}, 100000, []string{"JPY 166", "JPY 167", "JPY 166"}},
		"dinar have three":            {"KWD", "KWD", "33.333", []v1alpha1.Decimal{"10.001", "10.001"}, 100000, []string{"KWD 3.333", "KWD 3.334"}},
		"dollars on a budget in euro": {"EUR", "USD", "50", []v1alpha1.Decimal{"11000.01", "0.01"}, 4950 * 100, []string{"EUR 4,950.00", "EUR 0.00"}},
		"rounded once, not twice":     {"EUR", "USD", "50", []v1alpha1.Decimal{"0.03", "0.03"}, 100000, []string{"EUR 0.01", "EUR 0.01"}},
		"yen on a budget in euro":     {"EUR", "JPY", "50", []v1alpha1.Decimal{"1001", "999"}, 100000, []string{"EUR 3.00", "EUR 3.00"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			d.program.Spec.ExchangeRates = []v1alpha1.ExchangeRate{
				rate("USD", "EUR", "2026-07-01", "0.90"), rate("JPY", "EUR", "2026-07-01", "0.006"), rate("USD", "EUR", "2026-08-06", "0.95"),
			}
			d.budget.Spec.Amount = v1alpha1.Money{Amount: "9000000", Currency: test.budget}
			d.ledger.Spec.Currency = test.budget
			d.grant(test.claim, "20000", test.percent, "5000", test.reserved)
			var got []string
			for i, net := range test.nets {
				c := d.add(testobj.Claim(string(rune('a'+i)), "webinar").Cost("I"+v1alpha1.Word(rune('a'+i)), net).
					With(func(s *v1alpha1.MDFClaimSpec) { s.Currency = test.claim }).Obj())
				d.decide(c, v1alpha1.DecisionApproved, "2026-11-1"+string(rune('0'+i))+"T10:00:00Z")
			}
			for _, c := range d.claims {
				status := d.status(c, "2026-12-01T10:00:00Z")
				got = append(got, strings.SplitN(conditionOf(status.Conditions, accepted).Message, " is payable", 2)[0])
			}
			for i := range got {
				if !strings.HasPrefix(got[i], test.want[i]) && !strings.Contains(got[i], "comes to "+test.want[i]) && !strings.Contains(got[i],
					"has "+test.want[i]+" left") {
					t.Errorf("claim %d: %s, want %s", i, got[i], test.want[i])
				}
			}
		})
	}
}

func TestBadClaims(t *testing.T) {
	cost := func(change func(*v1alpha1.ClaimedCost)) func(*v1alpha1.MDFClaimSpec) {
		return func(s *v1alpha1.MDFClaimSpec) { change(&s.Costs[0]) }
	}
	for name, test := range map[string]struct {
		claim   func(*v1alpha1.MDFClaimSpec)
		rule    string
		field   string
		message string
	}{
		"negative": {cost(func(c *v1alpha1.ClaimedCost) { c.Net = "-1.00" }), facts.RuleAmountInvalid, "spec.costs[I1].net", "must be above zero"},
		"zero":     {cost(func(c *v1alpha1.ClaimedCost) { c.Net = "0" }), facts.RuleAmountInvalid, "spec.costs[I1].net", "must be above zero"},
		"17 digits": {
			cost(func(c *v1alpha1.ClaimedCost) { c.Net = "12345678901234567" }), facts.RuleAmountInvalid, "spec.costs[I1].net",
			"12345678901234567",
		},
		"1k":  {cost(func(c *v1alpha1.ClaimedCost) { c.Net = "1k" }), facts.RuleAmountInvalid, "spec.costs[I1].net", `"1k"`},
		"1e3": {cost(func(c *v1alpha1.ClaimedCost) { c.Net = "1e3" }), facts.RuleAmountInvalid, "spec.costs[I1].net", `"1e3"`},
		"too many decimals": {
			cost(func(c *v1alpha1.ClaimedCost) { c.Net = "1.001" }), facts.RuleAmountInvalid, "spec.costs[I1].net",
			"EUR amounts have at most 2",
		},
		"nothing": {cost(func(c *v1alpha1.ClaimedCost) { c.Net = "" }), facts.RuleAmountInvalid, "spec.costs[I1].net", `""`},
		"a cost on no day": {
			cost(func(c *v1alpha1.ClaimedCost) { c.IncurredOn = "2026-02-30" }), facts.RuleDateInvalid, "spec.costs[I1].incurredOn",
			"has the days 01 to 28",
		},
		"a cost without day": {
			cost(func(c *v1alpha1.ClaimedCost) { c.IncurredOn = "" }), facts.RuleDateInvalid, "spec.costs[I1].incurredOn", "is missing",
		},
		"claimed on no day":   {func(s *v1alpha1.MDFClaimSpec) { s.ClaimedOn = "soon" }, facts.RuleDateInvalid, "spec.claimedOn", `"soon"`},
		"again on no day":     {func(s *v1alpha1.MDFClaimSpec) { s.ResubmittedOn = "later" }, facts.RuleDateInvalid, "spec.resubmittedOn", `"later"`},
		"an unknown currency": {func(s *v1alpha1.MDFClaimSpec) { s.Currency = "EUX" }, facts.RuleAmountInvalid, "spec.currency", "EUX"},
		"more than any amount": {
			func(s *v1alpha1.MDFClaimSpec) {
				for _, invoice := range []v1alpha1.Word{"I2", "I3"} {
					s.Costs = append(s.Costs, v1alpha1.ClaimedCost{Invoice: invoice, IncurredOn: "2026-10-12", Net: "90071992547409.91"})
				}
			}, facts.RuleAmountInvalid, "spec.costs", "add up to more than any amount can hold",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			c := d.add(testobj.Claim("c", "webinar").Cost("I1", "1000.00").Obj())
			test.claim(&c.Spec)
			status := d.status(c, "2026-12-01T10:00:00Z")
			if text := foundIn(status.Findings, v1alpha1.SeverityError, test.rule, test.field); !strings.Contains(text, test.message) {
				t.Errorf("no Error %s at %s that says %q in %v", test.rule, test.field, test.message, status.Findings)
			}
			if ready := conditionOf(status.Conditions, v1alpha1.ConditionReady); ready.Status != metav1.ConditionFalse || ready.Reason != v1alpha1.ReasonInvalidSpec {
				t.Errorf("Ready is %s/%s", ready.Status, ready.Reason)
			}
			if c := conditionOf(status.Conditions, accepted); c.Status != metav1.ConditionFalse {
				t.Errorf("Accepted is %s/%s", c.Status, c.Reason)
			}
		})
	}
}
