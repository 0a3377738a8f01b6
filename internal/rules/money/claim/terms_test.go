package claim_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

// promises has the program promise to pay within 30 days, with an escalation.
func (d *desk) promises() {
	rules := &d.program.Spec.RuleSets[0]
	rules.Approval = &v1alpha1.ApprovalPolicy{PayWithinDays: new(int32(30))}
	rules.Escalation = append(rules.Escalation, v1alpha1.EscalationStep{About: v1alpha1.EscalatePayment, AfterDays: 5, To: "Finance"})
}

// TestTheDaysToPayRunFromTheLaterOfAcceptanceAndInvoice is about a claim with an activity in July that is accepted on 2026-11-09 (or another day).
func TestTheDaysToPayRunFromTheLaterOfAcceptanceAndInvoice(t *testing.T) {
	for name, tc := range map[string]struct {
		accepted string
		invoiced v1alpha1.Date
		at       string
		want     v1alpha1.PaymentDue
	}{
		"invoiced before":                  {"2026-11-09T10:00:00Z", "2026-10-20", "2026-12-09T12:00:00Z", v1alpha1.PaymentDue{PayBy: "2026-12-09"}},
		"invoiced on the day":              {"2026-11-09T10:00:00Z", "2026-11-09", "2026-12-09T12:00:00Z", v1alpha1.PaymentDue{PayBy: "2026-12-09"}},
		"invoiced a day later":             {"2026-11-09T10:00:00Z", "2026-11-10", "2026-12-09T12:00:00Z", v1alpha1.PaymentDue{PayBy: "2026-12-10"}},
		"no invoice of its own":            {"2026-11-09T10:00:00Z", "", "2026-12-10T12:00:00Z", v1alpha1.PaymentDue{PayBy: "2026-12-09", OverdueSince: "2026-12-10"}},
		"an invoice to come stops nothing": {"2026-11-09T10:00:00Z", "2026-12-20", "2026-12-10T12:00:00Z", v1alpha1.PaymentDue{PayBy: "2026-12-09", OverdueSince: "2026-12-10"}},
		"a Saturday is the Monday after":   {"2026-11-12T10:00:00Z", "", "2026-12-14T12:00:00Z", v1alpha1.PaymentDue{PayBy: "2026-12-14"}},
		"late from the Tuesday on":         {"2026-11-12T10:00:00Z", "", "2026-12-15T00:00:00+01:00", v1alpha1.PaymentDue{PayBy: "2026-12-14", OverdueSince: "2026-12-15"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			d.promises()
			c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Obj())
			d.decide(c, v1alpha1.DecisionApproved, tc.accepted)
			c.Spec.InvoicedOn = tc.invoiced
			got := d.status(c, tc.at)
			if diff := cmp.Diff(&tc.want, got.PaymentDue); diff != "" {
				t.Errorf("payment due (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTheHorizonOfAnInvoiceToCome: the day of the invoice moves the last day to pay.
func TestTheHorizonOfAnInvoiceToCome(t *testing.T) {
	d := newDesk()
	d.promises()
	c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Obj())
	d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
	c.Spec.InvoicedOn = "2026-11-20"
	if a := d.account("2026-11-19T12:00:00Z"); !a.Next.Equal(testobj.At("2026-11-20T00:00:00+01:00")) {
		t.Errorf("next %s", a.Next)
	}
}

// TestTheCycleOfAClaim counts days and touches from claim to cash.
func TestTheCycleOfAClaim(t *testing.T) {
	n := func(i int32) *int32 { return &i }
	type cycle = v1alpha1.ClaimCycle
	for name, tc := range map[string]struct {
		story func(d *desk, c *v1alpha1.MDFClaim)
		at    string
		want  *cycle
	}{
		"a draft": {func(_ *desk, c *v1alpha1.MDFClaim) { c.Spec.ClaimedOn = "" }, "2026-11-05T12:00:00Z", nil},
		"in the vendor's hands": {
			func(*desk, *v1alpha1.MDFClaim) {}, "2026-11-05T12:00:00Z",
			&cycle{ReceivedOn: "2026-11-02", VendorDays: n(0), PartnerDays: n(0), With: "Vendor", Submissions: n(1), Decisions: n(0), Touches: n(1)},
		},
		"sent back": {
			func(d *desk, c *v1alpha1.MDFClaim) { d.decide(c, v1alpha1.DecisionReturned, "2026-11-06T12:00:00Z") }, "2026-11-07T12:00:00Z",
			&cycle{ReceivedOn: "2026-11-02", VendorDays: n(4), PartnerDays: n(0), With: "Partner", Submissions: n(1), Decisions: n(1), Touches: n(2)},
		},
		"submitted again, accepted and paid": {
			func(d *desk, c *v1alpha1.MDFClaim) {
				d.decide(c, v1alpha1.DecisionReturned, "2026-11-06T12:00:00Z")
				c.Spec.ResubmittedOn = "2026-11-09"
				d.decide(c, v1alpha1.DecisionApproved, "2026-11-11T12:00:00Z")
				c.Spec.Payments = pays("T-1", "2026-11-20", "3000.00", "EUR")
				d.settle("2026-11-20T12:00:00Z")
			}, "2026-12-20T12:00:00Z",
			&cycle{
				ReceivedOn: "2026-11-02", AcceptedOn: "2026-11-11", PaidOn: "2026-11-20", TotalDays: n(18), VendorDays: n(4 + 2 + 9), PartnerDays: n(3),
				Submissions: n(2), Decisions: n(2), Touches: n(5),
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			c := d.add(testobj.Claim("c", "webinar").Claimed("2026-11-02").Cost("I1", "6000.00").Obj())
			tc.story(d, c)
			if diff := cmp.Diff(tc.want, d.status(c, tc.at).Cycle); diff != "" {
				t.Errorf("cycle (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWhatFinancePosts shows the codes of an accepted claim, and names those that the budget asks for and nobody has stated.
func TestWhatFinancePosts(t *testing.T) {
	d := newDesk()
	d.budget.Spec.CostCentre = "CC-4711"
	d.budget.Spec.Posting = &v1alpha1.BudgetPosting{Account: "6600", Asks: []v1alpha1.PostingField{"TaxCode", "SupplierNumber", "PurchaseOrder", "Account"}}
	c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Obj())
	if got := d.status(c, "2026-11-09T12:00:00Z"); got.Posting != nil {
		t.Errorf("a claim that is not accepted has %+v", got.Posting)
	}
	d.decide(c, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
	d.request.Spec.PurchaseOrder = "PO-2026-0815"
	got := d.status(c, "2026-11-09T12:00:00Z")
	if diff := cmp.Diff(&v1alpha1.ClaimPosting{PurchaseOrder: "PO-2026-0815", CostCentre: "CC-4711", Account: "6600"}, got.Posting); diff != "" {
		t.Errorf("posting (-want +got):\n%s", diff)
	}
	const want = `Finance cannot post the claim yet: state the supplier number (spec.supplierNumber of Partner "acme") and the tax code (spec.posting.taxCode of MDFBudget "fy27-emea")`
	if message := foundIn(got.Findings, v1alpha1.SeverityInfo, claim.RulePostingIncomplete, "status.posting"); message != want {
		t.Errorf("got %q\nwant %q", message, want)
	}
}

// TestACreativeIsApprovedBeforeMoneyIsSpent: where the program asks for it, costs count from the day on which the vendor approved the file that the claim shows.
func TestACreativeIsApprovedBeforeMoneyIsSpent(t *testing.T) {
	shown, other := strings.Repeat("a", 64), strings.Repeat("b", 64)
	const front = "program northwind asks that the vendor approves what activity type Webinar shows before money is spent on it"
	for name, tc := range map[string]struct {
		sha       string
		approves  string
		by        string
		decidedOn string
		performed v1alpha1.Date
		says      string
	}{
		"no creative":             {says: "False/CreativeNotApproved " + front + ": add a proof of type Creative with the sha256 of the file to spec.proofs"},
		"one that nobody saw":     {sha: shown, says: `False/CreativeNotApproved ` + front + `: "banner" is not approved; give the digest`},
		"another file":            {sha: shown, approves: other, decidedOn: "2026-08-20T10:00:00Z", says: `"banner" is not approved`},
		"by who asked":            {sha: shown, approves: shown, by: "paul", decidedOn: "2026-08-20T10:00:00Z", says: `"banner" is not approved`},
		"spent the day before":    {sha: shown, approves: shown, decidedOn: "2026-08-20T10:00:00Z", performed: "2026-08-19", says: `the creative was approved on 2026-08-20: what was spent before that is the partner's cost, so take invoice "I1" of 2026-08-19 out of the claim`},
		"spent on the day":        {sha: shown, approves: shown, decidedOn: "2026-08-20T10:00:00Z", performed: "2026-08-20", says: "False/AwaitingDecision "},
		"approved after the fact": {sha: shown, approves: shown, decidedOn: "2026-10-25T10:00:00Z", performed: "2026-10-24", says: "the creative was approved on 2026-10-25"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			d.program.Spec.Activities[0].Creative = v1alpha1.CreativeApproved
			b := testobj.Claim("c", "webinar").Cost("I1", "6000.00")
			if tc.sha != "" {
				b = b.Proof(v1alpha1.ProofCreative, "banner").With(func(s *v1alpha1.MDFClaimSpec) { s.Proofs[len(s.Proofs)-1].SHA256 = tc.sha })
			}
			if tc.performed != "" {
				b = b.With(func(s *v1alpha1.MDFClaimSpec) { s.Costs[0].IncurredOn = tc.performed })
			}
			c := d.add(b.Obj())
			if tc.approves != "" {
				by := "vera"
				if tc.by != "" {
					by = tc.by
				}
				x := testobj.MoneyDecision("creative", "MDFAllocation", d.request.Name, facts.RequestRevision(&d.request.Spec), v1alpha1.DecisionApproved, by, tc.decidedOn)
				x.Spec.Creatives = []v1alpha1.SHA256{v1alpha1.SHA256(tc.approves)}
				d.decisions = append(d.decisions, x)
			}
			got := d.status(c, "2026-11-09T12:00:00Z")
			accepted := ""
			for _, x := range got.Conditions {
				if x.Type == v1alpha1.ConditionAccepted {
					accepted = string(x.Status) + "/" + x.Reason + " " + x.Message
				}
			}
			if !strings.Contains(accepted, tc.says) {
				t.Errorf("got %s\nwant %s", accepted, tc.says)
			}
		})
	}
}

// TestTheFastLaneAsksForFewerProofs: an activity asks for an invoice and a list of attendees, the fast lane for the invoice alone.
func TestTheFastLaneAsksForFewerProofs(t *testing.T) {
	for upTo, want := range map[v1alpha1.Decimal]string{"5000.00": "AwaitingDecision", "4999.99": "ProofMissing"} {
		d := newDesk()
		d.program.Spec.Activities[0].Proofs = []v1alpha1.ProofType{"Invoice", "AttendeeList"}
		d.budget.Spec.Authority = []v1alpha1.AuthorityRule{{EffectiveFrom: "2026-07-01", FastLane: &v1alpha1.FastLane{UpTo: upTo, Proofs: []v1alpha1.ProofType{"Invoice"}}}}
		c := d.add(testobj.Claim("c", "webinar").Cost("I1", "6000.00").Proof("Invoice", "r").Obj())
		got := d.status(c, "2026-11-09T12:00:00Z")
		if got.Reason != want || (got.Lane == v1alpha1.LaneFast) != (want == "AwaitingDecision") {
			t.Errorf("up to %s: %s, lane %q, want %s", upTo, got.Reason, got.Lane, want)
		}
	}
}
