package request_test

import (
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// reduceStanding has an invoice of the partner reduce its rate to 50 percent.
func reduceStanding(d *moneytest.Dossier) {
	d.Partner.Spec.Invoices = []v1alpha1.Invoice{{Number: "4711", DueOn: "2026-07-31"}}
	d.Program.Spec.RuleSets[0].Standing = []v1alpha1.StandingRule{{
		Cause: v1alpha1.CauseInvoiceOverdue, Owner: v1alpha1.PartyPartner,
		Consequences: []v1alpha1.StandingConsequence{{Step: v1alpha1.StepReducedRate, RatePercent: "50"}},
	}}
}

// TestARequestAtTheRateOfItsInitiative asks for a share of a Webinar at 50 percent, +10 where it serves secure-edge, -20 where it serves none: 60, 50, 30, and
// with a standing of 50 percent (50 + 10) x 50 % = 30.
func TestARequestAtTheRateOfItsInitiative(t *testing.T) {
	for name, tc := range map[string]struct {
		serves  []v1alpha1.Name
		reduced bool
		most    v1alpha1.Percent
		above   v1alpha1.Percent
		says    string
	}{
		"the important initiative": {
			serves: []v1alpha1.Name{"secure-edge"}, most: "60", above: "60.001",
			says: `60.001 percent is requested; program "northwind" pays 50 percent of the cost of Webinar, +10 where it serves secure-edge, so 60 percent: lower spec.reimbursementPercent`,
		},
		"another one": {serves: []v1alpha1.Name{"data-platform"}, most: "50", above: "50.001", says: "pays 50 percent of the cost of Webinar: lower"},
		"none":        {most: "30", above: "30.001", says: "-20 where it serves no initiative in force, so 30 percent"},
		"reduced": {
			serves: []v1alpha1.Name{"secure-edge"}, reduced: true, most: "30", above: "30.001",
			says: "so 60 percent, and because of the partner's standing 50 percent of that, so 30 percent: lower spec.reimbursementPercent",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, percent := range []v1alpha1.Percent{tc.most, tc.above} {
				d := moneytest.NewDossier()
				d.Program.Spec.Initiatives = []v1alpha1.Initiative{{Name: "secure-edge"}, {Name: "data-platform"}}
				d.Program.Spec.InitiativeRates = []v1alpha1.InitiativeRate{{Initiative: "secure-edge", Points: "10"}, {Points: "-20"}}
				d.Plan.Spec.Activities[0].Initiatives = tc.serves
				d.Request.Spec.ReimbursementPercent, d.Request.Spec.Amount.Amount = percent, "1000.00"
				if tc.reduced {
					reduceStanding(d)
				}
				d.ApprovePlan()
				status := d.Evaluate(testobj.At(moneytest.Noon))
				got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible)
				if percent == tc.most && !strings.HasPrefix(got, "True/") || percent == tc.above && (!strings.HasPrefix(got, "False/RateAboveProgram") || !strings.Contains(got, tc.says)) {
					t.Errorf("%s percent: %s", percent, got)
				}
			}
		})
	}
}

// TestAGateByTheTextOfACutOffDay is a goal with a target of 500,000 that was lowered to 350,000 on 2026-08-05, of which 400,000 is reached: 80 percent of the
// original, 114 of the current.
func TestAGateByTheTextOfACutOffDay(t *testing.T) {
	for name, tc := range map[string]struct {
		basis   v1alpha1.TargetBasis
		asOf    v1alpha1.Date
		percent v1alpha1.Percent
		want    string
	}{
		"the current one":                  {percent: "114", want: "True/"},
		"the current one, above":           {percent: "115", want: "contingent on 115 percent of the target of goal revenue (EUR 350,000, approved on 2026-08-05); measured through 2026-08-09 is EUR 400,000, 114 percent of it"},
		"the original, at":                 {basis: v1alpha1.BasisOriginal, percent: "80", want: "True/"},
		"the original, below":              {basis: v1alpha1.BasisOriginal, percent: "81", want: "80 percent of it"},
		"on the last day before the text":  {basis: v1alpha1.BasisAsOf, asOf: "2026-08-04", percent: "85", want: "80 percent of it"},
		"on the day of the text":           {basis: v1alpha1.BasisAsOf, asOf: "2026-08-05", percent: "85", want: "True/"},
		"before any text, the first holds": {basis: v1alpha1.BasisAsOf, asOf: "2026-05-31", percent: "85", want: "80 percent of it"},
		"85 on originals": {
			basis: v1alpha1.BasisOriginal, percent: "85",
			want: "False/MilestoneNotReached: the money is contingent on 85 percent of the original target of goal revenue (EUR 500,000, approved on 2026-06-20); measured " +
				"through 2026-08-09 is EUR 400,000, 80 percent of it (the current target is EUR 350,000, of which it is 114 percent): the request can be granted when that is measured",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.Plan.Spec.Goals[1].Target.Value = "500000"
			d.ApprovePlan()
			first := plan.Revision(&d.Plan.Spec.PlanTerms)
			kept := &v1alpha1.PlanRevision{Spec: v1alpha1.PlanRevisionSpec{
				PlanRef: v1alpha1.Reference{Name: v1alpha1.Name(d.Plan.Name)}, Revision: first, ApprovedTime: moneytest.Created("2026-06-20T10:00:00Z"),
				Terms: *d.Plan.Spec.PlanTerms.DeepCopy(),
			}}
			kept.Name, kept.Namespace = plan.RevisionName(d.Plan.Name, first), d.Plan.Namespace
			d.Plan.Spec.Goals[1].Target.Value = "350000"
			revision := plan.Revision(&d.Plan.Spec.PlanTerms)
			d.More = append(d.More, kept,
				testobj.Decision("later-vendor", d.Plan.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-08-05T09:00:00Z"),
				testobj.Decision("later-partner", d.Plan.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, "2026-08-05T10:00:00Z"),
				testobj.Measurements("crm", v1alpha1.SubjectJointPlan, v1alpha1.Name(d.Plan.Name)).Entry("new-revenue", "2026-08-09", "400000").Obj())
			d.Request.Spec.ContingentOn = []v1alpha1.Contingency{{Goal: "revenue", AttainmentPercent: tc.percent, Basis: tc.basis, AsOf: tc.asOf}}
			status := d.Evaluate(testobj.At(moneytest.Noon))
			if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible); !strings.Contains(got, tc.want) {
				t.Errorf("got %s\nwant %s", got, tc.want)
			}
		})
	}
}

// TestTheFastLane is up to EUR 1,000.00, for requests that every rule of authority lets into it.
func TestTheFastLane(t *testing.T) {
	lane := func(upTo v1alpha1.Decimal) *v1alpha1.FastLane {
		return &v1alpha1.FastLane{UpTo: upTo, Proofs: []v1alpha1.ProofType{"Invoice"}}
	}
	for name, tc := range map[string]struct {
		rules  []v1alpha1.AuthorityRule
		amount v1alpha1.Decimal
		want   v1alpha1.Lane
	}{
		"at the amount":            {[]v1alpha1.AuthorityRule{{EffectiveFrom: "2026-07-01", FastLane: lane("1000.00")}}, "1000.00", v1alpha1.LaneFast},
		"one cent above":           {[]v1alpha1.AuthorityRule{{EffectiveFrom: "2026-07-01", FastLane: lane("1000.00")}}, "1000.01", ""},
		"no fast lane":             {[]v1alpha1.AuthorityRule{{EffectiveFrom: "2026-07-01"}}, "1000.00", ""},
		"one that came too late":   {[]v1alpha1.AuthorityRule{{EffectiveFrom: "2026-07-01"}, {EffectiveFrom: "2026-08-03", FastLane: lane("1000.00")}}, "1000.00", ""},
		"one that came in time":    {[]v1alpha1.AuthorityRule{{EffectiveFrom: "2026-07-01"}, {EffectiveFrom: "2026-08-02", FastLane: lane("1000.00")}}, "1000.00", v1alpha1.LaneFast},
		"one that ended meanwhile": {[]v1alpha1.AuthorityRule{{EffectiveFrom: "2026-07-01", FastLane: lane("1000.00")}, {EffectiveFrom: "2026-08-08"}}, "1000.00", ""},
		"above a level": {[]v1alpha1.AuthorityRule{{
			EffectiveFrom: "2026-07-01", FastLane: lane("1000.00"), Levels: []v1alpha1.AuthorityLevel{{Above: "500.00", Approvers: 2}},
		}}, "600.00", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.Budget.Spec.Authority = tc.rules
			d.Request.Spec.Amount.Amount = tc.amount
			d.ApprovePlan()
			if got := d.Evaluate(testobj.At(moneytest.Noon)).Lane; got != tc.want {
				t.Errorf("got %q, want %q (requested on %s)", got, tc.want, d.Request.Spec.RequestedOn)
			}
		})
	}
}

// TestThePurchaseOrderIsNotApproved: finance may state it later.
func TestThePurchaseOrderIsNotApproved(t *testing.T) {
	d := moneytest.NewDossier()
	before := facts.RequestRevision(&d.Request.Spec)
	d.Request.Spec.PurchaseOrder = "PO-2026-0815"
	if after := facts.RequestRevision(&d.Request.Spec); after != before {
		t.Errorf("%s became %s", before, after)
	}
}
