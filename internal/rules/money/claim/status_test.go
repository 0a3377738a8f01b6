package claim_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

func TestAClaimOnNoRequest(t *testing.T) {
	d := newDesk()
	c := d.add(testobj.Claim("c", "webinars").Cost("I1", "1000.00").Obj())
	status := d.status(c, "2026-12-01T10:00:00Z")
	claimSays(t, status, accepted, "False/AllocationNotFound",
		`spec.allocationRef.name: MDFAllocation "webinars" not found or not permitted: did you mean "webinar"?`)
	claimSays(t, status, settled, "False/NotAccepted")
	claimSays(t, status, v1alpha1.ConditionReady, "False/ReferenceNotFound")
	if status.Stage != v1alpha1.ClaimRefused || status.Reason != "AllocationNotFound" {
		t.Errorf("stage %s/%s", status.Stage, status.Reason)
	}
}

func TestALostLedgerLeavesTheFiguresOfClaims(t *testing.T) {
	d := newDesk()
	c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Paid("T-1", "2026-11-20", "3000.00").Obj())
	d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
	d.settle("2026-11-20T10:00:00Z")
	c.Status = d.status(c, "2026-11-20T10:00:00Z")
	d.budget.Status.Ledger = &v1alpha1.LedgerRecord{Name: "fy27-emea", UID: "ledger-1", Settlements: 1}
	d.ledger = nil
	status := d.status(c, "2026-12-01T10:00:00Z")
	claimSays(t, status, accepted, "Unknown/RecoveryRequired", "restore it or run kubectl jointplan rebuild-ledger")
	claimSays(t, status, settled, "Unknown/RecoveryRequired")
	if diff := cmp.Diff([]*v1alpha1.Money{euro("3000.00"), euro("3000.00")}, []*v1alpha1.Money{status.Paid, status.Payable}); diff != "" ||
		status.Stage != v1alpha1.ClaimSettled {
		t.Errorf("stage %s, paid and payable (-want +got):\n%s", status.Stage, diff)
	}
}

func TestAWithdrawnRequestKeepsTheClaimsThatWereReceived(t *testing.T) {
	d := newDesk()
	before := d.add(testobj.Claim("before", "webinar").Cost("I1", "2000.00").Obj())
	d.decide(before, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
	after := d.add(testobj.Claim("cost-after", "webinar").Claimed("2026-11-20").Cost("I2", "1000.00").With(func(s *v1alpha1.MDFClaimSpec) {
		s.Costs[0].IncurredOn = "2026-11-16"
	}).Obj())
	d.decisions = append(d.decisions, testobj.MoneyDecision("withdrawn", "MDFAllocation", "webinar", facts.RequestRevision(&d.request.Spec),
		v1alpha1.DecisionRejected, "fiona", "2026-11-15T10:00:00Z"))
	claimSays(t, d.status(before, "2026-12-01T10:00:00Z"), accepted, "True/Accepted", "EUR 1,000.00 is payable")
	claimSays(t, d.status(after, "2026-12-01T10:00:00Z"), accepted, "False/CostNotCovered",
		`the approval of MDFAllocation "webinar" was withdrawn on 2026-11-15`)
}

func TestACostUnderAnEarlierApprovalOfTheRequestIsCovered(t *testing.T) {
	d := newDesk()
	c := d.add(testobj.Claim("c", "webinar").Cost("I1", "2000.00").Obj())
	d.request.Spec.Place = "Hamburg"
	d.decisions = append(d.decisions, testobj.MoneyDecision("change", "MDFAllocation", "webinar", facts.RequestRevision(&d.request.Spec),
		v1alpha1.DecisionApproved, "fiona", "2026-10-20T10:00:00Z"))
	claimSays(t, d.status(c, "2026-12-01T10:00:00Z"), accepted, "False/AwaitingDecision", "EUR 1,000.00 would be payable")
}

func TestFindingsThatRefuseNothing(t *testing.T) {
	d := newDesk()
	d.request.Spec.Expected = append(d.request.Spec.Expected, v1alpha1.ExpectedResult{Metric: "new-revenue", Value: "9000"})
	d.approveRequest("2026-08-05T10:00:00Z")
	c := d.add(testobj.Claim("c", "webinar").Cost("I1", "1000.00").Final().With(func(s *v1alpha1.MDFClaimSpec) {
		s.Results = []v1alpha1.ExpectedResult{{Metric: "qualified-leads", Value: "43"}}
	}).Obj())
	status := d.status(c, "2026-12-01T10:00:00Z")
	want := "new-revenue: 9000 expected, no result stated; qualified-leads: 40 expected, 43 reached (107 percent)"
	if got := foundIn(status.Findings, v1alpha1.SeverityInfo, claim.RuleResultsCompared, "spec.results"); got != want {
		t.Errorf("results: %q, want %q", got, want)
	}
	claimSays(t, status, accepted, "False/AwaitingDecision")
}

func TestWorkedExamplesOfPrograms(t *testing.T) {
	t.Run("Armatic: up to half of the cost of an approved activity", func(t *testing.T) {
		d := newDesk().grant("EUR", "10000.00", "50", "5000.00", 500000)
		c := d.add(testobj.Claim("c", "webinar").Cost("I-1", "8000.00").Obj())
		if got := d.status(c, "2026-11-10T10:00:00Z").Payable; cmp.Diff(euro("4000.00"), got) != "" {
			t.Errorf("payable %v", got)
		}
	})
	t.Run("Monday.com: through 7 days after the event", func(t *testing.T) {
		for day, want := range map[v1alpha1.Date]string{"2026-10-26": "False/AwaitingDecision", "2026-10-27": "False/ClaimTooLate"} {
			d := newDesk()
			d.program.Spec.Activities[0].ClaimWithinDays = new(int32(7))
			c := d.add(testobj.Claim("c", "webinar").Claimed(day).Cost("I-1", "100.00").Obj())
			claimSays(t, d.status(c, "2026-11-10T10:00:00Z"), accepted, want)
		}
	})
	t.Run("4x4: a claim of at least 25.00", func(t *testing.T) {
		for net, want := range map[v1alpha1.Decimal]string{"49.98": "False/BelowMinimum", "49.99": "False/BelowMinimum", "50.00": "False/AwaitingDecision"} {
			d := newDesk()
			d.budget.Spec.Claims = &v1alpha1.ClaimPolicy{Minimum: "25.00"}
			c := d.add(testobj.Claim("c", "webinar").Cost("I-1", net).Obj())
			claimSays(t, d.status(c, "2026-11-10T10:00:00Z"), accepted, want)
		}
	})
	t.Run("SAP: money that a claim holds does not expire at the fund's end", func(t *testing.T) {
		d := newDesk()
		approved := d.add(testobj.Claim("approved", "webinar").Cost("I-1", "2000.00").Obj())
		d.decide(approved, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
		d.add(testobj.Claim("waiting", "webinar").Cost("I-2", "1000.00").Obj())
		for _, now := range []string{"2026-12-31T12:00:00Z", "2027-01-02T12:00:00Z", "2028-06-30T12:00:00Z"} {
			if a := d.account(now); a.Open != 150000 || !a.Pending {
				t.Errorf("%s: open %d, pending %t", now, a.Open, a.Pending)
			}
		}
	})
}
