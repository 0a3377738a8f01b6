package partner_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// returned returns a plan that the partner approved and the vendor returned.
func returned(x *v1alpha1.JointPlan, at string) []any {
	list := approved(x, at)
	for _, object := range list {
		if decision, ok := object.(*v1alpha1.ApprovalDecision); ok && decision.Spec.Party == v1alpha1.PartyVendor {
			decision.Spec.Decision = v1alpha1.DecisionReturned
		}
	}
	return list
}

// unsaid leaves out what obligations say in words, which findings do too.
var unsaid = cmpopts.IgnoreFields(v1alpha1.PlanObligation{}, "Message")

func TestObligations(t *testing.T) {
	const create = "create a JointPlan whose period covers it, and submit it"
	next := v1alpha1.PlanObligation{Period: "FY2027 H2", DueOn: "2027-01-11", State: "Pending"}
	tests := map[string]struct {
		partner *testobj.PartnerBuilder
		objects []any
		at      string
		want    []v1alpha1.PlanObligation
		finding v1alpha1.Finding
	}{
		"met by an approved plan of the period": {
			partner: testobj.Partner("acme").Tier("gold", "2026-07-01"), objects: approved(testobj.Plan("h1").Obj(), "2026-06-20T12:00:00Z"),
			at:   "2026-08-01T00:00:00+02:00",
			want: []v1alpha1.PlanObligation{{Period: "FY2027 H1", DueOn: "2026-07-11", State: "Met", Plan: "h1"}, next},
			finding: v1alpha1.Finding{
				Rule: "PlanMissing", Severity: "Info",
				Message: "Gold requires a plan for FY2027 H2, 2027-01-01 to 2027-06-30, submitted by 2027-01-11: " + create,
			},
		},
		"met by an approved plan of the year": {
			partner: testobj.Partner("acme").Tier("gold", "2026-07-01"),
			objects: approved(testobj.Plan("year").Period(2027, v1alpha1.PartYear).Obj(), "2026-06-20T12:00:00Z"), at: "2026-08-01T00:00:00+02:00",
			want: []v1alpha1.PlanObligation{
				{Period: "FY2027 H1", DueOn: "2026-07-11", State: "Met", Plan: "year"}, {Period: "FY2027 H2", DueOn: "2027-01-11", State: "Met", Plan: "year"},
			},
		},
		"not met by a plan of a quarter, nor by one that is not approved": {
			partner: testobj.Partner("acme").Tier("gold", "2026-07-01"),
			objects: append(approved(testobj.Plan("a-q1").Period(2027, v1alpha1.PartQ1).Obj(), "2026-06-20T12:00:00Z"), testobj.Plan("h1").Obj()),
			at:      "2026-07-12T00:00:00+02:00",
			want:    []v1alpha1.PlanObligation{{Period: "FY2027 H1", DueOn: "2026-07-11", State: "Overdue", Plan: "h1"}, next},
			finding: v1alpha1.Finding{
				Rule: "PlanMissing", Severity: "Warning",
				Message: "Gold requires a plan for FY2027 H1, 2026-07-01 to 2026-12-31, submitted by 2026-07-11: " +
					"plan h1 covers it and is not submitted: submit it",
			},
		},
		"one that is a draft": {
			partner: testobj.Partner("acme").Tier("gold", "2026-07-01"),
			objects: []any{testobj.Plan("h1").Obj()},
			at:      "2026-07-11T00:00:00+02:00",
			want:    []v1alpha1.PlanObligation{{Period: "FY2027 H1", DueOn: "2026-07-11", State: "Pending", Plan: "h1"}, next},
			finding: v1alpha1.Finding{
				Rule: "PlanMissing", Severity: "Info",
				Message: "Gold requires a plan for FY2027 H1, 2026-07-01 to 2026-12-31, submitted by 2026-07-11: " +
					"plan h1 covers it and is not submitted: submit it",
			},
		},
		"one that the vendor returned": {
			partner: testobj.Partner("acme").Tier("gold", "2026-07-01"), objects: returned(testobj.Plan("h1").Obj(), "2026-06-20T12:00:00Z"),
			at:   "2026-07-11T00:00:00+02:00",
			want: []v1alpha1.PlanObligation{{Period: "FY2027 H1", DueOn: "2026-07-11", State: "Pending", Plan: "h1"}, next},
			finding: v1alpha1.Finding{
				Rule: "PlanMissing", Severity: "Info",
				Message: "Gold requires a plan for FY2027 H1, 2026-07-01 to 2026-12-31, submitted by 2026-07-11: " +
					"plan h1 covers it, and the vendor sent it back on 2026-06-20: change it and submit it again",
			},
		},
		"pending through the due day": {
			partner: testobj.Partner("acme").Tier("gold", "2026-07-01"), at: "2026-07-11T23:59:59.999999999+02:00",
			want: []v1alpha1.PlanObligation{{Period: "FY2027 H1", DueOn: "2026-07-11", State: "Pending"}, next},
			finding: v1alpha1.Finding{
				Rule: "PlanMissing", Severity: "Info",
				Message: "Gold requires a plan for FY2027 H1, 2026-07-01 to 2026-12-31, submitted by 2026-07-11: " + create,
			},
		},
		"a tier held from within the interval counts from then": {
			partner: testobj.Partner("acme").Tier("gold", "2026-09-01"), at: "2026-09-11T00:00:00+02:00",
			want: []v1alpha1.PlanObligation{{Period: "FY2027 H1", DueOn: "2026-09-11", State: "Pending"}, next},
			finding: v1alpha1.Finding{
				Rule: "PlanMissing", Severity: "Info",
				Message: "Gold requires a plan for FY2027 H1, 2026-07-01 to 2026-12-31, submitted by 2026-09-11: " + create,
			},
		},
		"so does joining": {
			partner: testobj.Partner("acme").Tier("gold", "2026-07-01").Joined("2026-09-01"), at: "2026-09-12T00:00:00+02:00",
			want: []v1alpha1.PlanObligation{{Period: "FY2027 H1", DueOn: "2026-09-11", State: "Overdue"}, next},
			finding: v1alpha1.Finding{
				Rule: "PlanMissing", Severity: "Warning",
				Message: "Gold requires a plan for FY2027 H1, 2026-07-01 to 2026-12-31, submitted by 2026-09-11: " + create,
			},
		},
		"a period that went by without a plan stays overdue": {
			partner: testobj.Partner("acme").Tier("gold", "2026-07-01"), at: "2027-01-02T00:00:00+01:00",
			want: []v1alpha1.PlanObligation{
				{Period: "FY2027 H1", DueOn: "2026-07-11", State: "Overdue"}, next, {Period: "FY2028 H1", DueOn: "2027-07-11", State: "Pending"},
			},
			finding: v1alpha1.Finding{
				Rule: "PlanMissing", Severity: "Warning",
				Message: "Gold requires a plan for FY2027 H1, 2026-07-01 to 2026-12-31, submitted by 2026-07-11: for FY2027 H2 " + create,
			},
		},
		"also one in which a draft was never submitted": {
			partner: testobj.Partner("acme").Tier("gold", "2026-07-01"), objects: []any{testobj.Plan("h1").Obj()}, at: "2027-01-12T00:00:00+01:00",
			want: []v1alpha1.PlanObligation{
				{Period: "FY2027 H1", DueOn: "2026-07-11", State: "Overdue", Plan: "h1"},
				{Period: "FY2027 H2", DueOn: "2027-01-11", State: "Overdue"},
				{Period: "FY2028 H1", DueOn: "2027-07-11", State: "Pending"},
			},
		},
		"through all that follow": {
			partner: testobj.Partner("acme").Tier("gold", "2026-07-01"), at: "2028-01-02T00:00:00+01:00",
			want: []v1alpha1.PlanObligation{
				{Period: "FY2027 H1", DueOn: "2026-07-11", State: "Overdue"},
				{Period: "FY2027 H2", DueOn: "2027-01-11", State: "Overdue"},
				{Period: "FY2028 H1", DueOn: "2027-07-11", State: "Overdue"},
				{Period: "FY2028 H2", DueOn: "2028-01-11", State: "Pending"},
				{Period: "FY2029 H1", DueOn: "2028-07-11", State: "Pending"},
			},
		},
		"until a plan of the period that runs is submitted": {
			partner: testobj.Partner("acme").Tier("gold", "2026-07-01"),
			objects: approved(testobj.Plan("h2").Period(2027, v1alpha1.PartH2).Obj(), "2027-01-05T12:00:00Z"), at: "2027-01-12T00:00:00+01:00",
			want: []v1alpha1.PlanObligation{
				{Period: "FY2027 H2", DueOn: "2027-01-11", State: "Met", Plan: "h2"}, {Period: "FY2028 H1", DueOn: "2027-07-11", State: "Pending"},
			},
		},
		"a partner of whom nobody knows since when it is one owes nothing of the past": {
			partner: testobj.Partner("acme").Tier("gold", ""), at: "2027-01-02T00:00:00+01:00",
			want: []v1alpha1.PlanObligation{next, {Period: "FY2028 H1", DueOn: "2027-07-11", State: "Pending"}},
		},
		"so does being recorded": {
			partner: testobj.Partner("acme").Tier("gold", "2024-07-01").Joined("2020-09-01").Recorded("2026-09-01"), at: "2026-09-11T00:00:00+02:00",
			want: []v1alpha1.PlanObligation{{Period: "FY2027 H1", DueOn: "2026-09-11", State: "Pending"}, next},
			finding: v1alpha1.Finding{
				Rule: "PlanMissing", Severity: "Info",
				Message: "Gold requires a plan for FY2027 H1, 2026-07-01 to 2026-12-31, submitted by 2026-09-11: " + create,
			},
		},
		"recorded too late to submit a plan within the interval": {
			partner: testobj.Partner("acme").Tier("gold", "2024-07-01").Recorded("2026-12-22"), at: "2026-12-31T23:59:59+01:00",
			want: []v1alpha1.PlanObligation{next},
		},
		"recorded on the last day that leaves it the days": {
			partner: testobj.Partner("acme").Tier("gold", "2024-07-01").Recorded("2026-12-21"), at: "2026-12-22T00:00:00+01:00",
			want: []v1alpha1.PlanObligation{{Period: "FY2027 H1", DueOn: "2026-12-31", State: "Pending"}, next},
		},
		"a plan that is not owed and approved all the same": {
			partner: testobj.Partner("acme").Tier("gold", "2024-07-01").Recorded("2026-12-22"),
			objects: approved(testobj.Plan("h1").Obj(), "2026-12-27T12:00:00Z"), at: "2026-12-31T00:00:00+01:00",
			want: []v1alpha1.PlanObligation{{Period: "FY2027 H1", DueOn: "2026-12-31", State: "Met", Plan: "h1"}, next},
		},
		"before the day on which it was recorded it owes nothing": {
			partner: testobj.Partner("acme").Tier("gold", "2024-07-01").Recorded("2026-09-01"), at: "2026-08-31T23:59:59+02:00",
		},
		"a tier that owes none": {partner: testobj.Partner("acme").Tier("registered", "2026-07-01"), at: "2026-09-12T00:00:00+02:00"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := evaluate(test.partner.Obj(), test.at, append(test.objects, watched())...)
			if diff := cmp.Diff(test.want, got.Status.Obligations, unsaid); diff != "" {
				t.Errorf("obligations (-want +got):\n%s", diff)
			}
			if test.finding.Rule == "" {
				return
			}
			if diff := cmp.Diff(test.finding, finding(t, got.Status, "PlanMissing")); diff != "" {
				t.Errorf("finding (-want +got):\n%s", diff)
			}
		})
	}
}

// TestToLoseATierSettlesNothing has a partner fall on 2026-10-01 from gold, which requires a plan for each half, to silver, which owes none.
func TestToLoseATierSettlesNothing(t *testing.T) {
	const (
		owed = "False/Hold: New money is on hold, but not claims on money already granted. A plan for FY2027 H1 was to be submitted by 2026-07-11"
		none = ", and neither it nor one for a later period has been submitted"
		good = "True/NoCause: the partner is in good standing"
	)
	for name, tc := range map[string]struct {
		at      string
		due     int32
		objects []any
		tier    v1alpha1.Name
		states  []v1alpha1.ObligationState
		says    string
	}{
		"before it falls": {
			at: "2026-09-30T23:59:59+02:00", due: 10, tier: "gold", states: []v1alpha1.ObligationState{"Overdue", "Pending"},
			says: owed + ". Create a JointPlan whose period covers it, and submit it: this lifts the hold.",
		},
		"after that": {
			at: "2026-10-01T00:00:00+02:00", due: 10, tier: "silver", states: []v1alpha1.ObligationState{"Overdue"},
			says: owed + none + ". For FY2027 H1 create a JointPlan whose period covers it, and submit it: this lifts the hold.",
		},
		"and years later": {
			at: "2028-10-01T00:00:00+02:00", due: 10, tier: "silver", states: []v1alpha1.ObligationState{"Overdue"},
			says: owed + none + ". For FY2029 H1 create a JointPlan whose period covers it, and submit it: this lifts the hold.",
		},
		"until it has submitted a plan": {
			at: "2027-02-01T00:00:00+01:00", due: 10, tier: "silver",
			objects: approved(testobj.Plan("h2").Period(2027, v1alpha1.PartH2).Obj(), "2027-01-31T12:00:00Z"), says: good,
		},
		"what was not due yet is not owed": {at: "2026-10-01T00:00:00+02:00", due: 92, tier: "silver", says: good},
		"what was due on the last day is":  {at: "2027-01-01T00:00:00+01:00", due: 90, tier: "silver", states: []v1alpha1.ObligationState{"Overdue"}},
	} {
		t.Run(name, func(t *testing.T) {
			program := demanding(0)
			set := &program.Spec.RuleSets[0]
			set.Tiers[0].Planning.DueDaysAfterStart, set.Tiers[1].Planning = &tc.due, nil
			set.Standing = []v1alpha1.StandingRule{rule(v1alpha1.CausePlanOverdue, 0, 0, held(0, "NewMoney"))}
			x := testobj.Partner("acme").Tier("gold", "2026-07-01").Certified("certified", "Ada", "", "").Obj()
			got := evaluate(x, tc.at, append(tc.objects, program)...).Status
			if got.EffectiveTier != tc.tier {
				t.Errorf("it holds %q, not %q", got.EffectiveTier, tc.tier)
			}
			var states []v1alpha1.ObligationState
			for _, o := range got.Obligations {
				states = append(states, o.State)
			}
			if diff := cmp.Diff(tc.states, states); diff != "" {
				t.Errorf("obligations (-want +got):\n%s", diff)
			}
			c := condition(t, got, v1alpha1.ConditionInGoodStanding)
			if said := string(c.Status) + "/" + c.Reason + ": " + c.Message; tc.says != "" && said != tc.says {
				t.Errorf("it says\n%s\nnot\n%s", said, tc.says)
			}
		})
	}
}

// TestAPartnerThatComesInMidPeriod has a program that gives no days: the plan is due on the first day of the half, so who comes later cannot owe it.
func TestAPartnerThatComesInMidPeriod(t *testing.T) {
	overdue := rule(v1alpha1.CausePlanOverdue, 0, 0, held(0, v1alpha1.HoldNewMoney))
	for name, tc := range map[string]struct {
		partner *testobj.PartnerBuilder
		want    v1alpha1.StandingStep
		message string
	}{
		"it joins": {
			testobj.Partner("acme").Tier("gold", "2026-07-01").Joined("2026-09-01"), v1alpha1.StepGood,
			"Gold requires no plan for FY2027 H1, 2026-07-01 to 2026-12-31: the partner joined the program on 2026-09-01, too late to submit one in time",
		},
		"it comes to hold the tier": {
			testobj.Partner("acme").Tier("gold", "2026-09-02").Joined("2020-09-01"), v1alpha1.StepGood,
			"Gold requires no plan for FY2027 H1, 2026-07-01 to 2026-12-31: the partner came to hold the tier on 2026-09-02, too late to submit one in time",
		},
		"it is recorded": {
			testobj.Partner("acme").Tier("gold", "2020-09-01").Joined("2020-09-01").Recorded("2026-09-03"), v1alpha1.StepGood,
			"Gold requires no plan for FY2027 H1, 2026-07-01 to 2026-12-31: the partner was recorded on 2026-09-03, too late to submit one in time",
		},
		"it was there on the first day": {
			testobj.Partner("acme").Tier("gold", "2020-09-01").Joined("2026-07-01").Recorded("2026-07-01"), v1alpha1.StepHold,
			"Gold requires a plan for FY2027 H1, 2026-07-01 to 2026-12-31, submitted by 2026-07-01: create a JointPlan whose period covers it, and submit it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := evaluate(tc.partner.Obj(), "2026-12-30T00:00:00+01:00", watchedFrom(0, overdue))
			if got.Status.Standing.Step != tc.want {
				t.Errorf("standing %s, want %s", got.Status.Standing.Step, tc.want)
			}
			if !slices.ContainsFunc(got.Status.Findings, func(f v1alpha1.Finding) bool { return f.Rule == "PlanMissing" && f.Message == tc.message }) {
				t.Errorf("findings %v, want %q", got.Status.Findings, tc.message)
			}
			next := evaluate(tc.partner.Obj(), "2027-01-02T00:00:00+01:00", watchedFrom(0, overdue))
			if next.Status.Obligations[0].State != v1alpha1.ObligationOverdue {
				t.Errorf("obligations in the next half %v, want the first one Overdue", next.Status.Obligations)
			}
		})
	}
}
