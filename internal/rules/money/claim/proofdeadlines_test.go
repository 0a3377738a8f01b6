package claim_test

import (
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/testobj"
)

// listed has the webinar end on Friday 2026-12-18, with holidays on 12-24 and 12-25, and the list of attendees due within 5 business days after it.
func listed() *desk {
	d := newDesk()
	d.program.Spec.Calendar.Holidays = []v1alpha1.Date{"2026-12-24", "2026-12-25"}
	d.program.Spec.Activities[0].Proofs = []v1alpha1.ProofType{"Invoice", "AttendeeList"}
	d.program.Spec.ProofDeadlines = []v1alpha1.ProofDeadline{{Type: "AttendeeList", WithinBusinessDays: new(int32(5))}}
	d.request.Spec.StartsOn, d.request.Spec.EndsOn = "2026-12-18", "2026-12-18"
	return d.approveRequest("2026-08-05T10:00:00Z")
}

func TestDeadlinesOfSingleProofs(t *testing.T) {
	const late = "False/ProofTooLate: the AttendeeList was received on 2026-12-30, and had to be by 2026-12-29, 5 business days after the activity ended on 2026-12-18: it " +
		"does not count. If it was received in time, state that day as its receivedOn by 2027-03-18; after that no money is held for the claim; otherwise the cost is the " +
		"partner's"
	for name, tc := range map[string]struct {
		desk  func(d *desk, c *v1alpha1.MDFClaim)
		claim func(s *v1alpha1.MDFClaimSpec)
		want  string
	}{
		"received one day before the last": {nil, func(s *v1alpha1.MDFClaimSpec) { s.Proofs[1].ReceivedOn = "2026-12-28" }, "True/Accepted"},
		"received on the last day":         {nil, func(s *v1alpha1.MDFClaimSpec) { s.Proofs[1].ReceivedOn = "2026-12-29" }, "True/Accepted"},
		"received on the day after":        {nil, func(s *v1alpha1.MDFClaimSpec) { s.Proofs[1].ReceivedOn = "2026-12-30" }, late},
		"the invoice has the claim's time": {nil, func(s *v1alpha1.MDFClaimSpec) {
			s.Proofs[0].ReceivedOn, s.Proofs[1].ReceivedOn = "2027-01-20", "2026-12-29"
		}, "True/Accepted"},
		"with a claim in time":       {nil, func(s *v1alpha1.MDFClaimSpec) { s.ClaimedOn = "2026-12-29" }, "True/Accepted"},
		"with a claim one day later": {nil, func(s *v1alpha1.MDFClaimSpec) { s.ClaimedOn = "2026-12-30" }, late},
		"another one came in time": {nil, func(s *v1alpha1.MDFClaimSpec) {
			s.Proofs = append(s.Proofs, v1alpha1.Proof{Type: "AttendeeList", Reference: "list-2", ReceivedOn: "2026-12-21"})
		}, "True/Accepted"},
		"not there at all": {nil, func(s *v1alpha1.MDFClaimSpec) { s.Proofs = s.Proofs[:1] }, "False/ProofMissing: "},
		"to be received":   {nil, func(s *v1alpha1.MDFClaimSpec) { s.Proofs[1].ReceivedOn = "2027-02-02" }, "False/ProofMissing: "},
		"a day that is none": {
			nil, func(s *v1alpha1.MDFClaimSpec) { s.Proofs[1].ReceivedOn = "2026-12-32" },
			"False/InvalidSpec: spec.proofs[1].receivedOn: ",
		},
		"in calendar days, one late": {
			func(d *desk, _ *v1alpha1.MDFClaim) {
				d.program.Spec.ProofDeadlines[0] = v1alpha1.ProofDeadline{Type: "AttendeeList", WithinDays: new(int32(7))}
			}, func(s *v1alpha1.MDFClaimSpec) { s.Proofs[1].ReceivedOn = "2026-12-26" },
			"False/ProofTooLate: the AttendeeList was received on 2026-12-26, and had to be by 2026-12-25, 7 days after the activity ended on 2026-12-18",
		},
		"in calendar days, on a holiday": {func(d *desk, _ *v1alpha1.MDFClaim) {
			d.program.Spec.ProofDeadlines[0] = v1alpha1.ProofDeadline{Type: "AttendeeList", WithinDays: new(int32(7))}
		}, func(s *v1alpha1.MDFClaimSpec) { s.Proofs[1].ReceivedOn = "2026-12-25" }, "True/Accepted"},
		"a deadline for the activity goes before one for all": {func(d *desk, _ *v1alpha1.MDFClaim) {
			d.program.Spec.ProofDeadlines = append(d.program.Spec.ProofDeadlines,
				v1alpha1.ProofDeadline{Type: "AttendeeList", Activity: "Webinar", WithinDays: new(int32(30))}, v1alpha1.ProofDeadline{Type: "AttendeeList", Activity: "TradeShow", WithinDays: new(int32(0))})
		}, func(s *v1alpha1.MDFClaimSpec) { s.Proofs[1].ReceivedOn = "2026-12-30" }, "True/Accepted"},
		"submitted again later, without a day": {nil, func(s *v1alpha1.MDFClaimSpec) {
			s.ClaimedOn, s.ResubmittedOn = "2026-12-29", "2026-12-30"
		}, late},
		"a draft says by when": {
			nil, func(s *v1alpha1.MDFClaimSpec) { s.ClaimedOn = "" },
			"False/NotClaimed: the claim is a draft: set spec.claimedOn to submit it; claims are received through 2027-03-18, the AttendeeList by 2026-12-29",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := listed()
			c := d.add(testobj.Claim("c", "webinar").Claimed("2027-01-20").Cost("I-1", "1000.00").Proof("Invoice", "I-1").Proof("AttendeeList", "list-1").Obj())
			c.Spec.Costs[0].IncurredOn = "2026-12-18"
			tc.claim(&c.Spec)
			if tc.desk != nil {
				tc.desk(d, c)
			}
			d.decide(c, v1alpha1.DecisionApproved, "2027-01-25T10:00:00Z")
			status, _ := claim.Evaluate(d.snapshot(), c, testobj.At("2027-02-01T10:00:00Z"))
			for _, condition := range status.Conditions {
				got := string(condition.Status) + "/" + condition.Reason + ": " + condition.Message
				if condition.Type == v1alpha1.ConditionAccepted && (len(got) < len(tc.want) || got[:len(tc.want)] != tc.want) {
					t.Errorf("Accepted is\n%s\nnot\n%s", got, tc.want)
				}
			}
		})
	}
}
