package claim_test

import (
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

func TestAPaymentThatIsDatedTomorrowIsLookedAtTomorrow(t *testing.T) {
	d := newDesk()
	c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Paid("T-1", "2026-12-02", "3000.00").Obj())
	d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
	if a := d.account("2026-12-01T10:00:00Z"); !a.Next.Equal(testobj.At("2026-12-02T00:00:00+01:00")) {
		t.Errorf("next %s", a.Next)
	}
	if a := d.account("2026-12-02T00:00:00+01:00"); a.Claims[0].Settle == nil {
		t.Error("nothing is settled on the day of the payment")
	}
}

func TestAnInvoiceStaysWithTheClaimThatWasPaidForIt(t *testing.T) {
	d := newDesk()
	c := d.add(testobj.Claim("c", "webinar").Cost("I1", "1000.00").Paid("T-1", "2026-11-20", "500.00").Obj())
	d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
	d.settle("2026-11-20T10:00:00Z")
	earlier := d.add(testobj.Claim("a", "webinar").Claimed("2026-10-20").Cost("I1", "1000.00").Obj())
	claimSays(t, d.status(earlier, "2026-12-01T10:00:00Z"), accepted, "False/DuplicateInvoice", `invoice "I1" is claimed in MDFClaim "c"`)
}

func TestARejectionOnTheDayOfTheResubmissionSendsTheClaimBackAgain(t *testing.T) {
	d := newDesk()
	c := d.add(testobj.Claim("c", "webinar").Claimed("2027-01-17").Cost("I1", "6000.00").Obj())
	d.decide(c, v1alpha1.DecisionReturned, "2027-02-01T10:00:00Z")
	c.Spec.ResubmittedOn = "2027-02-05"
	d.decide(c, v1alpha1.DecisionRejected, "2027-02-05T15:00:00Z")
	claimSays(t, d.status(c, "2027-02-05T16:00:00Z"), accepted, "False/Rejected", "submit it again through 2027-03-22")
}

func TestASettledClaimLooksAtDecisionsThatAreToCome(t *testing.T) {
	for name, decision := range map[string]func(*desk) *v1alpha1.ApprovalDecision{
		"on the plan": func(d *desk) *v1alpha1.ApprovalDecision {
			revision := plan.Revision(&d.plan.Spec.PlanTerms)
			return testobj.Decision("later", "acme-h1", revision, v1alpha1.PartyPartner, v1alpha1.DecisionRejected, "2027-06-01T10:00:00Z")
		},
		"on the request": func(d *desk) *v1alpha1.ApprovalDecision {
			return testobj.MoneyDecision("later", "MDFAllocation", "webinar", facts.RequestRevision(&d.request.Spec), v1alpha1.DecisionRejected, "fiona", "2027-06-01T10:00:00Z")
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Paid("T-1", "2026-11-20", "3000.00").Obj())
			d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
			d.settle("2026-11-20T10:00:00Z")
			if a := d.account("2027-05-01T10:00:00Z"); !a.Next.IsZero() {
				t.Errorf("a settled claim at rest looks again on %s", a.Next)
			}
			d.decisions = append(d.decisions, decision(d))
			if a := d.account("2027-05-01T10:00:00Z"); !a.Next.Equal(testobj.At("2027-06-01T10:00:00Z")) {
				t.Errorf("next %s", a.Next)
			}
		})
	}
}

func TestTheRateOfTheApprovalHoldsAfterItIsWithdrawnOrTheRequestChanged(t *testing.T) {
	for name, change := range map[string]func(*desk){
		"changed": func(d *desk) { d.request.Spec.Place = "Hamburg" },
		"withdrawn": func(d *desk) {
			d.decisions = append(d.decisions, testobj.MoneyDecision("withdrawn", "MDFAllocation", "webinar", facts.RequestRevision(&d.request.Spec),
				v1alpha1.DecisionRejected, "fiona", "2026-11-15T10:00:00Z"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			d.program.Spec.ExchangeRates = []v1alpha1.ExchangeRate{
				{From: "USD", To: "EUR", EffectiveFrom: "2026-07-01", Rate: "0.90"}, {From: "USD", To: "EUR", EffectiveFrom: "2026-08-06", Rate: "0.80"},
			}
			d.grant("USD", "10000.00", "50", "5000.00", 450000)
			d.add(testobj.Claim("c", "webinar").Cost("I1", "1000.00").With(func(s *v1alpha1.MDFClaimSpec) { s.Currency = "USD" }).Obj())
			change(d)
			if got := d.account("2026-12-01T10:00:00Z").Open; got != 45000 {
				t.Errorf("open %d, want 45000", got)
			}
		})
	}
}
