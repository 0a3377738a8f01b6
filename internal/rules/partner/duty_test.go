package partner_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestSilence is rule 21: the plan is due on 2026-07-15, a hold begins at once, and the vendor has 10 days from the submission. The vendor's silence
// costs the partner nothing, and the partner's costs it until it submits.
func TestSilence(t *testing.T) {
	const (
		good     = "True/NoCause: the partner is in good standing"
		watched  = "True/Watch: On watch. Plan h1 was submitted on 2026-07-14, and the vendor's decision on it was due by 2026-07-24. The vendor must "
		mine     = "approve, return or reject it; the partner is not penalized."
		hold     = "False/Hold: New money is on hold, but not claims on money already granted. A plan for FY2027 H1 was to be submitted by "
		lift     = ": this lifts the hold."
		again    = "Change plan h1, which covers it, and submit it again" + lift
		owes     = "Gold requires a plan for FY2027 H1, 2026-07-01 to 2026-12-31, "
		decided  = "the vendor decides by "
		inHand   = owes + "and the partner has submitted it: plan h1 was submitted on "
		dueOn    = owes + "submitted by 2026-07-15: plan h1 covers it"
		sentBack = ", and the vendor sent it back on 2026-07-22: change it and submit it again"
	)
	on := func(text v1alpha1.Text, party v1alpha1.Party, outcome v1alpha1.DecisionOutcome, day string) *v1alpha1.ApprovalDecision {
		return testobj.Decision(strings.ToLower(string(party))+"-"+day, "h1", plan.Revision(&version(text).Spec.PlanTerms), party, outcome, day+"T12:00:00Z")
	}
	submitted := func(text v1alpha1.Text, day string) *v1alpha1.ApprovalDecision {
		return on(text, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, day)
	}
	vendor := func(text v1alpha1.Text, outcome v1alpha1.DecisionOutcome, day string) *v1alpha1.ApprovalDecision {
		return on(text, v1alpha1.PartyVendor, outcome, day)
	}
	type list = []*v1alpha1.ApprovalDecision
	for name, tc := range map[string]struct {
		at         string
		decisions  list
		text       v1alpha1.Text // of the current content; default "first"
		state      v1alpha1.ObligationState
		late       int32 // days of the partner
		vendorLate int32
		message    string        // of the obligation
		due        v1alpha1.Date // default 2026-07-15
		standing   string
		finding    string
	}{
		"nothing is submitted through the due day": {
			at: "2026-07-15T23:59:59.999999999+02:00", state: "Pending", standing: good, finding: dueOn + " and is not submitted: submit it",
		},
		"nor on the day after": {
			at: "2026-07-16T00:00:00+02:00", state: "Overdue", standing: hold + "2026-07-15. Submit plan h1, which covers it" + lift,
			finding: dueOn + " and is not submitted: submit it",
		},
		"submitted in time, the vendor's last day": {
			at: "2026-07-24T23:59:59.999999999+02:00", decisions: list{submitted("first", "2026-07-14")}, state: "Submitted", standing: good,
			finding: inHand + "2026-07-14; " + decided + "2026-07-24",
		},
		"the vendor is late, and the partner in good standing": {
			at: "2026-07-25T00:00:00+02:00", decisions: list{submitted("first", "2026-07-14")}, state: "Submitted", standing: watched + mine,
			finding: inHand + "2026-07-14; " + decided + "2026-07-24",
		},
		"a year later it still is": {
			at: "2026-12-30T00:00:00+01:00", decisions: list{submitted("first", "2026-07-14")}, state: "Submitted", standing: watched + mine,
			finding: inHand + "2026-07-14; " + decided + "2026-07-24",
		},
		"before a late submission the hold holds": {
			at: "2026-07-20T11:59:59Z", decisions: list{submitted("first", "2026-07-20")}, state: "Overdue",
			standing: hold + "2026-07-15. Submit plan h1, which covers it" + lift, finding: dueOn + " and is not submitted: submit it",
		},
		"with it the hold ends, met late by 5 days": {
			at: "2026-07-20T12:00:00Z", decisions: list{submitted("first", "2026-07-20")}, state: "Submitted", late: 5, standing: good,
			finding: inHand + "2026-07-20; the partner submitted it 5 days late; " + decided + "2026-07-30",
		},
		"approved after that, late as well": {
			at: "2026-08-10T12:00:00Z", decisions: list{submitted("first", "2026-07-20"), vendor("first", "Approved", "2026-08-02")}, state: "MetLate", late: 5, vendorLate: 3, message: "plan h1 covers it and is approved; the partner submitted it 5 days late; the vendor decided on it 3 days late",
			standing: good,
		},
		"returned, through the days that the program gives": {
			at: "2026-08-01T23:59:59+02:00", decisions: list{submitted("first", "2026-07-14"), vendor("first", "Returned", "2026-07-22")}, state: "Pending",
			due: "2026-08-01", standing: good, finding: owes + "submitted by 2026-08-01: plan h1 covers it" + sentBack,
		},
		"returned, and not submitted again": {
			at: "2026-08-02T00:00:00+02:00", decisions: list{submitted("first", "2026-07-14"), vendor("first", "Returned", "2026-07-22")}, state: "Overdue",
			due: "2026-08-01", standing: hold + "2026-08-01. " + again, finding: owes + "submitted by 2026-08-01: plan h1 covers it" + sentBack,
		},
		"what was returned is not submitted by approving it again": {
			at: "2026-08-02T00:00:00+02:00", state: "Overdue", due: "2026-08-01", standing: hold + "2026-08-01. " + again,
			decisions: list{submitted("first", "2026-07-14"), vendor("first", "Returned", "2026-07-22"), submitted("first", "2026-07-23")},
			finding:   owes + "submitted by 2026-08-01: plan h1 covers it" + sentBack,
		},
		"another text is submitted two days late": {
			at: "2026-08-13T23:59:59+02:00", text: "second", state: "Submitted", late: 2, standing: good,
			decisions: list{submitted("first", "2026-07-14"), vendor("first", "Returned", "2026-07-22"), submitted("second", "2026-08-03")},
			finding:   inHand + "2026-08-03; the partner submitted it 2 days late; " + decided + "2026-08-13",
		},
		"the text is changed after it was submitted in time": {
			at: "2026-07-24T23:59:59+02:00", text: "second", state: "Pending", due: "2026-07-24", standing: good, decisions: list{submitted("first", "2026-07-14")},
			finding: owes + "submitted by 2026-07-24: plan h1 covers it and was changed after it was submitted on 2026-07-14: submit it again",
		},
		"and the new one is not submitted in the vendor's days": {
			at: "2026-07-25T00:00:00+02:00", text: "second", state: "Overdue", due: "2026-07-24", decisions: list{submitted("first", "2026-07-14")},
			standing: hold + "2026-07-24. Submit plan h1, which covers it" + lift,
			finding:  owes + "submitted by 2026-07-24: plan h1 covers it and was changed after it was submitted on 2026-07-14: submit it again",
		},
		"another text that is changed buys no more time": {
			at: "2026-07-25T00:00:00+02:00", text: "third", state: "Overdue", due: "2026-07-24",
			decisions: list{submitted("first", "2026-07-14"), submitted("second", "2026-07-23")},
			standing:  hold + "2026-07-24. Submit plan h1, which covers it" + lift,
			finding:   owes + "submitted by 2026-07-24: plan h1 covers it and was changed after it was submitted on 2026-07-14: submit it again",
		},
		"the vendor's days begin with the new text": {
			at: "2026-07-30T23:59:59+02:00", text: "second", state: "Submitted", standing: good,
			decisions: list{submitted("first", "2026-07-14"), submitted("second", "2026-07-20")}, finding: inHand + "2026-07-20; " + decided + "2026-07-30",
		},
		"content with errors is not submitted": {
			at: "2026-07-16T00:00:00+02:00", text: "wrong", decisions: list{submitted("wrong", "2026-07-14")}, state: "Overdue",
			standing: hold + "2026-07-15. Submit plan h1, which covers it" + lift, finding: dueOn + ", has errors and is not submitted: correct and submit it",
		},
		"what was returned is late, also if the partner takes it back after that": {
			at: "2026-08-05T23:59:59+02:00", state: "Overdue", due: "2026-08-01", standing: hold + "2026-08-01. " + again,
			decisions: list{
				submitted("first", "2026-07-14"), vendor("first", "Returned", "2026-07-22"), on("first", v1alpha1.PartyPartner, "Returned", "2026-08-05"),
			},
			finding: owes + "submitted by 2026-08-01: plan h1 covers it" + sentBack,
		},
		"all approve a text with errors, the partner late": {
			at: "2026-07-20T12:00:00Z", text: "wrong", decisions: list{vendor("wrong", "Approved", "2026-07-10"), submitted("wrong", "2026-07-18")}, state: "MetLate", late: 3, message: "plan h1 covers it and is approved; the partner submitted it 3 days late",
			standing: good,
		},
		"the partner takes it back": {
			at: "2026-07-18T00:00:00+02:00", state: "Overdue", due: "2026-07-17", standing: hold + "2026-07-17. Submit plan h1, which covers it" + lift,
			decisions: list{submitted("first", "2026-07-14"), on("first", v1alpha1.PartyPartner, "Returned", "2026-07-17")},
			finding:   owes + "submitted by 2026-07-17: plan h1 covers it and is not submitted: submit it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			text := tc.text
			if text == "" {
				text = "first"
			}
			decision := rule(v1alpha1.CauseDecisionOverdue, 0, 0)
			decision.Owner = v1alpha1.PartyVendor
			program := watchedFrom(14, rule(v1alpha1.CausePlanOverdue, 0, 0, held(0, "NewMoney")), decision)
			objects := []any{program, version(text)}
			for _, d := range tc.decisions {
				objects = append(objects, d)
			}
			got := evaluate(testobj.Partner("acme").Tier("gold", "2026-07-01").Obj(), tc.at, objects...)
			want := v1alpha1.PlanObligation{Period: "FY2027 H1", DueOn: "2026-07-15", State: tc.state, Plan: "h1"}
			if tc.due != "" {
				want.DueOn = tc.due
			}
			if tc.late > 0 {
				want.Late = append(want.Late, v1alpha1.Lateness{Party: v1alpha1.PartyPartner, Days: tc.late})
			}
			if tc.vendorLate > 0 {
				want.Late = append(want.Late, v1alpha1.Lateness{Party: v1alpha1.PartyVendor, Days: tc.vendorLate})
			}
			if diff := cmp.Diff(want, got.Status.Obligations[0], unsaid); diff != "" {
				t.Errorf("obligation (-want +got):\n%s", diff)
			}
			if said := got.Status.Obligations[0].Message; tc.message != "" && said != tc.message {
				t.Errorf("the obligation says\n%s\nnot\n%s", said, tc.message)
			}
			c := condition(t, got.Status, v1alpha1.ConditionInGoodStanding)
			if said := string(c.Status) + "/" + c.Reason + ": " + c.Message; said != tc.standing {
				t.Errorf("it says\n%s\nnot\n%s", said, tc.standing)
			}
			if tc.finding == "" {
				return
			}
			for _, f := range got.Status.Findings {
				if f.Rule == "PlanMissing" && strings.Contains(f.Message, "FY2027 H1") {
					if f.Message != tc.finding {
						t.Errorf("it finds\n%s\nnot\n%s", f.Message, tc.finding)
					}
					return
				}
			}
			t.Errorf("it does not find %s in %v", tc.finding, got.Status.Findings)
		})
	}
}

// version is plan h1 with a vision, which makes its content; that of "wrong" has an error.
func version(text v1alpha1.Text) *v1alpha1.JointPlan {
	b := testobj.Plan("h1").With(func(s *v1alpha1.JointPlanSpec) { s.Vision = text })
	if text == "wrong" {
		b = b.Activity("dance", "Dance")
	}
	return b.Obj()
}

// watchedFrom is a program with standing rules, which asks gold partners for a plan some days after the start of each half.
func watchedFrom(days int32, rules ...v1alpha1.StandingRule) *v1alpha1.PartnerProgram {
	program := watched(rules...)
	program.Spec.RuleSets[0].Tiers[0].Planning.DueDaysAfterStart = &days
	return program
}
