package claim_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestByWhenTheVendorPays is about a claim that was accepted on 2026-11-09 and that the program promises to pay within 30 days: by 2026-12-09.
func TestByWhenTheVendorPays(t *testing.T) {
	two := int32(2)
	for name, test := range map[string]struct {
		at      string
		paid    v1alpha1.Date
		amount  v1alpha1.Decimal
		settles string // when the ledger notes it
		silent  bool   // the program promises no day
		want    *v1alpha1.PaymentDue
		verdict string
		message string
		finding string
		next    string
	}{
		"the last day": {
			at: "2026-12-09T22:59:59Z", want: &v1alpha1.PaymentDue{PayBy: "2026-12-09"}, verdict: "False/AwaitingPayment",
			message: "EUR 3,000.00 is due for payment by 2026-12-09: pay it", next: "2026-12-10T00:00:00+01:00",
		},
		"overdue": {
			at: "2026-12-09T23:00:00Z", want: &v1alpha1.PaymentDue{PayBy: "2026-12-09", OverdueSince: "2026-12-10"}, verdict: "False/AwaitingPayment",
			message: "EUR 3,000.00 is due for payment: pay it", next: "2026-12-15T00:00:00+01:00",
			finding: "the claim was accepted on 2026-11-09; its payment was due by 2026-12-09 and has been overdue since 2026-12-10; it escalates to the Finance on " +
				"2026-12-15: pay it, and record the payment in spec.payments",
		},
		"escalated": {
			at: "2026-12-15T00:00:00+01:00", want: &v1alpha1.PaymentDue{
				PayBy: "2026-12-09", OverdueSince: "2026-12-10", EscalatedTo: "Finance", EscalatedSince: "2026-12-15",
			}, verdict: "False/AwaitingPayment", finding: "overdue since 2026-12-10; escalated to the Finance on 2026-12-15: pay it",
		},
		"paid in time": {
			at: "2027-01-09T12:00:00Z", paid: "2026-12-09", amount: "3000.00", settles: "2026-12-09T12:00:00Z",
			want: &v1alpha1.PaymentDue{PayBy: "2026-12-09", PaidOn: "2026-12-09"}, verdict: "True/Settled",
		},
		"paid, and not noted by the ledger yet": {
			at: "2026-12-12T12:00:00Z", paid: "2026-12-09", amount: "3000.00", want: &v1alpha1.PaymentDue{PayBy: "2026-12-09", PaidOn: "2026-12-09"}, verdict: "False/SettlementPending",
		},
		"paid late": {
			at: "2027-01-09T12:00:00Z", paid: "2026-12-11", amount: "3000.00", settles: "2026-12-11T12:00:00Z",
			want: &v1alpha1.PaymentDue{PayBy: "2026-12-09", PaidOn: "2026-12-11", DaysLate: &two}, verdict: "True/Settled",
		},
		"paid in part": {
			at: "2026-12-12T12:00:00Z", paid: "2026-12-01", amount: "1000.00", settles: "2026-12-01T12:00:00Z",
			want: &v1alpha1.PaymentDue{PayBy: "2026-12-09", OverdueSince: "2026-12-10"}, verdict: "False/AwaitingPayment", finding: "has been overdue since 2026-12-10",
		},
		"no day is promised": {at: "2027-01-09T12:00:00Z", silent: true, verdict: "False/AwaitingPayment", message: "EUR 3,000.00 is due for payment: pay it"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			if !test.silent {
				rules := &d.program.Spec.RuleSets[0]
				rules.Approval = &v1alpha1.ApprovalPolicy{PayWithinDays: new(int32(30))}
				rules.Escalation = append(rules.Escalation, v1alpha1.EscalationStep{About: v1alpha1.EscalatePayment, AfterDays: 5, To: "Finance"})
			}
			b := testobj.Claim("c", "webinar").Cost("I1", "6000.00")
			if test.paid != "" {
				b = b.Paid("T-1", test.paid, test.amount)
			}
			c := d.add(b.Obj())
			d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
			if test.settles != "" {
				d.settle(test.settles)
			}
			got := d.status(c, test.at)
			if diff := cmp.Diff(test.want, got.PaymentDue); diff != "" {
				t.Errorf("payment due (-want +got):\n%s", diff)
			}
			claimSays(t, got, v1alpha1.ConditionSettled, test.verdict, test.message)
			if message := foundIn(got.Findings, v1alpha1.SeverityWarning, claim.RulePaymentOverdue, "status.paymentDue"); (test.finding == "") != (message == "") || !strings.Contains(message, test.finding) {
				t.Errorf("finding %q, want %q", message, test.finding)
			}
			if a := d.account(test.at); test.next != "" && !a.Next.Equal(testobj.At(test.next)) {
				t.Errorf("next %s, want %s", a.Next, test.next)
			}
		})
	}
}
