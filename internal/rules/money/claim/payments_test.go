package claim_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/testobj"
)

// line is a payment line in EUR, with changes.
func line(p v1alpha1.Payment, change func(*v1alpha1.Payment)) v1alpha1.Payment {
	change(&p)
	return p
}

func TestLinesOfPayments(t *testing.T) {
	const now = "2026-12-01T10:00:00Z"
	full, back := testobj.Payment("T-1", "2026-11-20", "3000.00"), testobj.Reversal("R-1", "2026-11-22", "3000.00", "T-1")
	for name, test := range map[string]struct {
		lines   []v1alpha1.Payment
		desk    func(*desk)
		settle  bool // the ledger takes the lines first
		stage   v1alpha1.ClaimStage
		paid    v1alpha1.Decimal // empty when the ledger holds nothing
		verdict string
		message string
		rule    string
		unpaid  int64 // that the ledger is to note; negative when it has nothing to do
	}{
		"in two parts": {
			lines: []v1alpha1.Payment{testobj.Payment("T-1", "2026-11-20", "1000.00"), testobj.Payment("T-2", "2026-11-21", "2000.00")}, settle: true,
			stage: v1alpha1.ClaimSettled, paid: "3000.00", verdict: "True/Settled",
			message: `EUR 3,000.00 is settled by payment "T-1" line 1 of 2026-11-20 and payment "T-2" line 1 of 2026-11-21`, unpaid: -1,
		},
		"that came back": {
			lines: []v1alpha1.Payment{full, back}, settle: true, stage: v1alpha1.ClaimAccepted, paid: "0.00", verdict: "False/AwaitingPayment",
			message: `EUR 3,000.00 is due for payment again, as payment "T-1" line 1 was returned on 2026-11-22 ("the account was closed"): pay it, then record ` +
				`the payment in spec.payments`, unpaid: -1,
		},
		"that came back before the ledger took it": {
			lines: []v1alpha1.Payment{full, back}, stage: v1alpha1.ClaimAccepted, verdict: "False/SettlementPending", message: "about to settle EUR 0.00", unpaid: 300000,
		},
		"that came back in part": {
			lines: []v1alpha1.Payment{full, testobj.Reversal("R-1", "2026-11-22", "500.00", "t-1")}, settle: true, stage: v1alpha1.ClaimAccepted, paid: "2500.00",
			verdict: "False/AwaitingPayment", message: "EUR 500.00 of EUR 3,000.00 is due for payment", unpaid: -1,
		},
		"that was paid again": {
			lines: []v1alpha1.Payment{full, back, testobj.Payment("T-2", "2026-11-25", "3000.00")}, settle: true, stage: v1alpha1.ClaimSettled, paid: "3000.00",
			verdict: "True/Settled", message: `EUR 3,000.00 is settled by payment "T-2" line 1 of 2026-11-25`, unpaid: -1,
		},
		"of which more came back than was paid": {
			lines: []v1alpha1.Payment{full, back, testobj.Reversal("R-2", "2026-11-23", "0.01", "T-1")}, stage: v1alpha1.ClaimAccepted, verdict: "False/InvalidSpec",
			message: `reversal "R-2" line 1 of EUR 0.01 is more than what is left of payment "T-1" line 1, EUR 0.00`, rule: claim.RulePaymentInvalid, unpaid: 300000,
		},
		"that came back before it was made": {
			lines: []v1alpha1.Payment{full, testobj.Reversal("R-1", "2026-11-19", "3000.00", "T-1")}, stage: v1alpha1.ClaimAccepted, verdict: "False/InvalidSpec",
			message: `reversal "R-1" line 1 is of 2026-11-19, before payment "T-1" line 1 of 2026-11-20`, rule: claim.RulePaymentInvalid,
		},
		"in dollars at the rate of the books": {
			lines:  []v1alpha1.Payment{line(testobj.Payment("T-1", "2026-11-20", "3333.34"), func(p *v1alpha1.Payment) { p.Currency, p.BookedRate = "USD", "0.9" })},
			settle: true, stage: v1alpha1.ClaimSettled, paid: "3000.00", verdict: "True/Settled", unpaid: -1,
		},
		"in dollars that came back": {
			lines: []v1alpha1.Payment{
				line(testobj.Payment("T-1", "2026-11-20", "3333.34"), func(p *v1alpha1.Payment) { p.Currency, p.BookedRate = "USD", "0.9" }),
				line(testobj.Reversal("R-1", "2026-11-22", "3333.34", "T-1"), func(p *v1alpha1.Payment) { p.Currency, p.BookedRate = "USD", "0.95" }),
			},
			settle: true, stage: v1alpha1.ClaimAccepted, paid: "0.00", verdict: "False/AwaitingPayment", message: "EUR 3,000.00 is due for payment", unpaid: -1,
		},
		"that was recorded by mistake and taken back": {
			lines: []v1alpha1.Payment{full, back, testobj.Payment("T-2", "2026-11-25", "3000.00")}, desk: func(d *desk) { d.ledger.Spec.Payments["T-1#1"] = "partner-acme/x" },
			settle: true, stage: v1alpha1.ClaimSettled, paid: "3000.00", verdict: "True/Settled", message: `by payment "T-2" line 1`, unpaid: -1,
		},
		"of a document that has no more left": {
			lines: []v1alpha1.Payment{line(full, func(p *v1alpha1.Payment) { p.Tax, p.DocumentTotal, p.Line = "570.00", "7140.00", 3 })},
			desk:  func(d *desk) { d.ledger.Spec.Documents["t-1/EUR"] = 357001 }, stage: v1alpha1.ClaimAccepted, verdict: "False/InvalidSpec",
			message: `with line 3, document "T-1" comes to more than its total of EUR 7,140.00`, rule: claim.RulePaymentAboveDocument, unpaid: -1,
		},
		"of a document that has just enough left": {
			lines: []v1alpha1.Payment{line(full, func(p *v1alpha1.Payment) {
				p.Tax, p.Withheld, p.DocumentTotal, p.Line = "570.00", "100.00", "7140.00", 3
			})},
			desk: func(d *desk) { d.ledger.Spec.Documents["t-1/EUR"] = 367000 }, settle: true, stage: v1alpha1.ClaimSettled, paid: "3000.00", verdict: "True/Settled", unpaid: -1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Obj())
			d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
			if c.Spec.Payments = test.lines; test.desk != nil {
				test.desk(d)
			}
			if test.settle {
				d.settle(now)
			}
			status := d.status(c, now)
			claimSays(t, status, settled, test.verdict, test.message)
			var paid v1alpha1.Decimal
			if status.Paid != nil {
				paid = status.Paid.Amount
			}
			if status.Stage != test.stage || paid != test.paid {
				t.Errorf("stage %s, paid %s; want %s, %s", status.Stage, paid, test.stage, test.paid)
			}
			errors := 0
			for _, f := range status.Findings {
				if f.Rule == test.rule && f.Severity == v1alpha1.SeverityError {
					errors++
				}
			}
			if test.rule != "" && errors != 1 {
				t.Errorf("%d errors of %s in %v", errors, test.rule, status.Findings)
			}
			got := int64(-1)
			if s := d.account(now).Claims[0].Settle; s != nil {
				got = s.Unpaid
			}
			if got != test.unpaid {
				t.Errorf("the ledger is to note %d as unpaid, want %d", got, test.unpaid)
			}
		})
	}
}

func TestAClaimThatIsSentBackAfterItsPaymentCameBackLetsItsMoneyGo(t *testing.T) {
	const now = "2026-12-01T10:00:00Z"
	for name, test := range map[string]struct {
		back     v1alpha1.Decimal
		stage    v1alpha1.ClaimStage
		accepted string
		settled  string
		message  string
		closes   int64
	}{
		"all of it": {
			"3000.00", v1alpha1.ClaimLapsed, "False/Rejected", "False/NotAccepted", `its payment was returned, and the vendor rejected the claim on 2026-11-25 (fiona, ApprovalDecision`, 300000,
		},
		"a part": {"500.00", v1alpha1.ClaimSettled, "True/AcceptedInPart", "True/Settled", `EUR 2,500.00 is settled`, 50000},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Paid("T-1", "2026-11-20", "3000.00").Obj())
			d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
			c.Spec.Payments = append(c.Spec.Payments, testobj.Reversal("R-1", "2026-11-22", test.back, "T-1"))
			d.settle(now)
			d.decide(c, v1alpha1.DecisionRejected, "2026-11-25T10:00:00Z")
			status := d.status(c, now)
			claimSays(t, status, accepted, test.accepted)
			claimSays(t, status, settled, test.settled, test.message)
			s := d.account(now).Claims[0].Settle
			if status.Stage != test.stage || s == nil || s.Close != test.closes || d.account(now).Closing() != test.closes {
				t.Errorf("stage %s, settlement %+v; want %s and %d let go", status.Stage, s, test.stage, test.closes)
			}
			c.Spec.Payments = append(c.Spec.Payments, testobj.Payment("T-2", "2026-11-26", test.back))
			if s := d.account(now).Claims[0].Settle; s.Close != test.closes || len(s.Lines) != 0 {
				t.Errorf("a payment after the rejection counts: %+v", s)
			}
		})
	}
}

// TestOneDocumentPaysThreeClaims is the payment run of RULES 23: lines 1 to 3 of one document, of which the first is of 2,100.00 net and 399.00 tax.
func TestOneDocumentPaysThreeClaims(t *testing.T) {
	d := newDesk()
	for i, net := range []v1alpha1.Decimal{"4200.00", "1000.00", "800.00"} {
		share := []v1alpha1.Decimal{"2100.00", "500.00", "400.00"}[i]
		tax := []v1alpha1.Decimal{"399.00", "95.00", "76.00"}[i]
		name := string(rune('a' + i))
		c := d.add(testobj.Claim(name, "webinar").Cost(v1alpha1.Word("I"+name), net).Obj())
		d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
		c.Spec.Payments = []v1alpha1.Payment{line(testobj.Payment("RUN-7", "2026-11-20", share), func(p *v1alpha1.Payment) {
			p.Line, p.Tax, p.Withheld, p.DocumentTotal = int32(i+1), tax, "0", "3570.00"
		})}
	}
	d.settle("2026-11-21T10:00:00Z")
	want := map[string]string{"RUN-7#1": "partner-acme/a", "RUN-7#2": "partner-acme/b", "RUN-7#3": "partner-acme/c"}
	if diff := cmp.Diff(want, d.ledger.Spec.Payments); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int64{"run-7/EUR": 357000}, d.ledger.Spec.Documents); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
	for _, view := range d.account("2026-11-21T10:00:00Z").Claims {
		if view.Stage != v1alpha1.ClaimSettled {
			t.Errorf("claim %s is %s: %s", view.Object.Name, view.Stage, view.Paid.Message)
		}
	}
}
