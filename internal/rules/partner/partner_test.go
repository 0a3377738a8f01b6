package partner_test

import (
	"flag"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "1000"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// approved returns a plan with the decisions of both parties on its current terms.
func approved(x *v1alpha1.JointPlan, at string) []any {
	revision := plan.Revision(&x.Spec.PlanTerms)
	return []any{
		x,
		testobj.Decision(x.Name+"-v", x.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, at),
		testobj.Decision(x.Name+"-p", x.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, at),
	}
}

// watched is a program with standing rules, which asks gold partners for a plan by the tenth day after the start of each half.
func watched(rules ...v1alpha1.StandingRule) *v1alpha1.PartnerProgram {
	return testobj.Program("northwind").Rules(func(set *v1alpha1.RuleSet) {
		set.Tiers[0].Planning.DueDaysAfterStart = new(int32(10))
		set.Standing = rules
	}).Obj()
}

func rule(cause v1alpha1.StandingCause, notice, cure int32, consequences ...v1alpha1.StandingConsequence) v1alpha1.StandingRule {
	return v1alpha1.StandingRule{
		Cause: cause, Owner: v1alpha1.PartyPartner, NoticeDays: new(notice), CureDays: new(cure), Consequences: consequences,
	}
}

func reduced(percent v1alpha1.Percent, after int32) v1alpha1.StandingConsequence {
	return v1alpha1.StandingConsequence{Step: v1alpha1.StepReducedRate, RatePercent: percent, AfterDays: &after}
}

func held(after int32, scopes ...v1alpha1.HoldScope) v1alpha1.StandingConsequence {
	return v1alpha1.StandingConsequence{Step: v1alpha1.StepHold, Holds: scopes, AfterDays: &after}
}

// result is what an evaluation says.
type result struct {
	Status     v1alpha1.PartnerStatus
	NextChange time.Time
}

func evaluate(x *v1alpha1.Partner, at string, objects ...any) (r result) {
	r.Status, r.NextChange = partner.Evaluate(testobj.Snapshot(append(objects, x)...), x, partner.Ancestry{}, testobj.At(at))
	return r
}

func condition(t *testing.T, status v1alpha1.PartnerStatus, kind string) metav1.Condition {
	t.Helper()
	for _, c := range status.Conditions {
		if c.Type == kind {
			return metav1.Condition{Status: c.Status, Reason: c.Reason, Message: c.Message}
		}
	}
	t.Errorf("condition %s is not set", kind)
	return metav1.Condition{}
}

func finding(t *testing.T, status v1alpha1.PartnerStatus, rule string) v1alpha1.Finding {
	t.Helper()
	for _, f := range status.Findings {
		if f.Rule == rule {
			return f
		}
	}
	t.Errorf("no finding %s in %v", rule, status.Findings)
	return v1alpha1.Finding{}
}

// An invoice due on 2026-08-31, with 5 days of notice and 10 of cure: through 09-15 watched, from 09-16 at half the rate, from 09-26 on hold.
func TestStandingStepByStep(t *testing.T) {
	program := watched(rule(v1alpha1.CauseInvoiceOverdue, 5, 10, held(10, "Promotion", "NewMoney"), reduced("50", 0)))
	const (
		unpaid   = "Invoice 4711 was due on 2026-08-31 and is not paid. "
		pay      = "Pay it and state spec.invoices[4711].paidOn"
		late     = unpaid + "The grace period ended on 2026-09-15. " + pay
		half     = "ew activities are funded at 50 percent of the standard rate. "
		stopped  = "ew money and promotion to a higher tier are on hold, but not claims on money already granted."
		watching = unpaid + "Pay it by 2026-09-15 and state spec.invoices[4711].paidOn to avoid any penalty. From 2026-09-16 n" + half + "From 2026-09-26 n" + stopped
		reducing = late + ": this ends the reduced rate. From 2026-09-26 n" + stopped
		holding  = late + ": this ends the reduced rate and lifts the hold."
	)
	cause := func(step v1alpha1.StandingStep) []v1alpha1.CauseStatus {
		return []v1alpha1.CauseStatus{{
			Cause: v1alpha1.CauseInvoiceOverdue, About: "4711", Owner: v1alpha1.PartyPartner, Since: "2026-09-01", CureThrough: "2026-09-15",
			Step: step, Message: map[v1alpha1.StandingStep]string{"Watch": watching, "ReducedRate": reducing, "Hold": holding}[step],
		}}
	}
	both := []v1alpha1.HoldScope{"NewMoney", "Promotion"}
	tests := map[string]struct {
		at   string
		paid v1alpha1.Date
		want v1alpha1.StandingStatus
		cond metav1.Condition
		next string
	}{
		"through its due day it is no cause": {
			at: "2026-08-31T23:59:59.999999999+02:00", want: v1alpha1.StandingStatus{Step: "Good"}, next: "2026-09-01T00:00:00+02:00",
			cond: metav1.Condition{Status: "True", Reason: "NoCause", Message: "the partner is in good standing"},
		},
		"from the next day it is watched": {
			at: "2026-09-01T00:00:00+02:00", want: v1alpha1.StandingStatus{Step: "Watch", Causes: cause("Watch")}, next: "2026-09-16T00:00:00+02:00",
			cond: metav1.Condition{Status: "True", Reason: "Watch", Message: "On watch. " + watching},
		},
		"through the cure period too": {
			at: "2026-09-15T23:59:59.999999999+02:00", want: v1alpha1.StandingStatus{Step: "Watch", Causes: cause("Watch")}, next: "2026-09-16T00:00:00+02:00",
			cond: metav1.Condition{Status: "True", Reason: "Watch", Message: "On watch. " + watching},
		},
		"then the rate is reduced": {
			at:   "2026-09-16T00:00:00+02:00",
			want: v1alpha1.StandingStatus{Step: "ReducedRate", RatePercent: "50", Causes: cause("ReducedRate")}, next: "2026-09-26T00:00:00+02:00",
			cond: metav1.Condition{Status: "False", Reason: "ReducedRate", Message: "N" + half + reducing},
		},
		"then comes the hold, and the rate stays": {
			at:   "2026-09-26T00:00:00+02:00",
			want: v1alpha1.StandingStatus{Step: "Hold", RatePercent: "50", Holds: both, Causes: cause("Hold")}, next: "2026-10-01T00:00:00+02:00",
			cond: metav1.Condition{Status: "False", Reason: "Hold", Message: "N" + stopped + " N" + half + holding},
		},
		"a payment lifts it on its day": {
			at: "2026-10-05T00:00:00+02:00", paid: "2026-10-05", want: v1alpha1.StandingStatus{Step: "Good"}, next: "2027-01-01T00:00:00+01:00",
			cond: metav1.Condition{Status: "True", Reason: "NoCause", Message: "the partner is in good standing"},
		},
		"and not before": {
			at: "2026-10-04T23:59:59.999999999+02:00", paid: "2026-10-05",
			want: v1alpha1.StandingStatus{Step: "Hold", RatePercent: "50", Holds: both, Causes: cause("Hold")}, next: "2026-10-05T00:00:00+02:00",
			cond: metav1.Condition{Status: "False", Reason: "Hold", Message: "N" + stopped + " N" + half + holding},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			x := testobj.Partner("acme").Tier("registered", "2026-07-01").Invoice("4711", "2026-08-31", test.paid).Obj()
			got := evaluate(x, test.at, program)
			if diff := cmp.Diff(&test.want, got.Status.Standing); diff != "" {
				t.Errorf("standing (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.cond, condition(t, got.Status, v1alpha1.ConditionInGoodStanding)); diff != "" {
				t.Errorf("InGoodStanding (-want +got):\n%s", diff)
			}
			if want := testobj.At(test.next); !got.NextChange.Equal(want) {
				t.Errorf("next change is %s, not %s", got.NextChange, want)
			}
		})
	}
}

func TestCauses(t *testing.T) {
	ended := func(name string, fiscalYear int32, part v1alpha1.PeriodPart, leads v1alpha1.Decimal) []any {
		x := testobj.Plan(name).Period(fiscalYear, part).Goal("leads", "qualified-leads", "100").Obj()
		last := map[v1alpha1.PeriodPart]string{v1alpha1.PartQ1: "2026-09-30", v1alpha1.PartQ2: "2026-12-31"}[part]
		return append(approved(x, "2026-06-20T12:00:00Z"), testobj.Measured(name, name, "qualified-leads", last, string(leads)))
	}
	low := rule(v1alpha1.CauseLowAttainment, 0, 0, held(0, "Promotion"))
	low.AttainmentBelowPercent = "70"
	vendors := rule(v1alpha1.CauseReviewOverdue, 0, 7)
	vendors.Owner, vendors.Consequences = v1alpha1.PartyVendor, nil
	tests := map[string]struct {
		rule    v1alpha1.StandingRule
		partner *testobj.PartnerBuilder
		objects []any
		at      string
		want    []v1alpha1.CauseStatus
	}{
		"a lapsed agreement without a cure period": {
			rule: rule(v1alpha1.CauseAgreementLapsed, 0, 0, held(0, "NewMoney")), partner: testobj.Partner("acme").Agreement("2024-01-01", "2026-08-31"),
			at: "2026-09-01T00:00:00+02:00",
			want: []v1alpha1.CauseStatus{{
				Cause: "AgreementLapsed", About: "agreement", Owner: "Partner", Since: "2026-09-01", CureThrough: "2026-08-31", Step: "Hold",
				Message: "The agreement ended on 2026-08-31. " +
					"Renew it and state its new end in spec.agreement.endsOn: this lifts the hold.",
			}},
		},
		"an agreement holds through its last day": {
			rule: rule(v1alpha1.CauseAgreementLapsed, 0, 0, held(0, "NewMoney")), partner: testobj.Partner("acme").Agreement("2024-01-01", "2026-08-31"),
			at: "2026-08-31T23:59:59.999999999+02:00",
		},
		"a plan that is owed, due on the tenth day after the start": {
			rule: rule(v1alpha1.CausePlanOverdue, 0, 0), partner: testobj.Partner("acme").Tier("gold", "2026-07-01"), at: "2026-07-12T00:00:00+02:00",
			want: []v1alpha1.CauseStatus{{
				Cause: "PlanOverdue", About: "FY2027 H1", Owner: "Partner", Since: "2026-07-12", CureThrough: "2026-07-11", Step: "Watch",
				Message: "A plan for FY2027 H1 was to be submitted by 2026-07-11. To cure it, create a JointPlan whose period covers it, and submit it." +
					" It is on watch only: no penalty.",
			}},
		},
		"what the vendor owes costs the partner nothing": {
			rule: vendors, partner: testobj.Partner("acme").Tier("gold", "2026-07-01"), at: "2026-08-09T00:00:00+02:00",
			objects: approved(testobj.Plan("h1").Obj(), "2026-06-20T12:00:00Z"),
			want: []v1alpha1.CauseStatus{{
				Cause: "ReviewOverdue", About: "h1", Owner: "Vendor", Since: "2026-08-09", CureThrough: "2026-08-15", Step: "Watch",
				Message: "A review of plan h1 has been overdue since 2026-08-09. The vendor must hold the review by 2026-08-15 " +
					"and record it in a PlanReview within 5 business days of the meeting; the partner is not penalized.",
			}},
		},
		"two ended plans below the limit": {
			rule: low, partner: testobj.Partner("acme").Tier("registered", "2026-07-01"), at: "2027-01-01T00:00:00+01:00",
			objects: append(ended("q1", 2027, v1alpha1.PartQ1, "69"), ended("q2", 2027, v1alpha1.PartQ2, "10")...),
			want: []v1alpha1.CauseStatus{{
				Cause: "LowAttainment", About: "q1, q2", Owner: "Partner", Since: "2027-01-01", CureThrough: "2026-12-31", Step: "Hold",
				Message: "The last 2 plans that ended stayed below 70 percent: q1 69 percent, q2 10 percent. To cure it, agree on improvements for the next plan. " +
					"The cause is gone when the next plan ends with 70 percent or more. That lifts the hold.",
			}},
		},
		"a plan that is not over does not count": {
			rule: low, partner: testobj.Partner("acme").Tier("registered", "2026-07-01"), at: "2026-12-31T23:59:59+01:00",
			objects: append(ended("q1", 2027, v1alpha1.PartQ1, "69"), ended("q2", 2027, v1alpha1.PartQ2, "10")...),
		},
		"one plan at the limit is enough": {
			rule: low, partner: testobj.Partner("acme").Tier("registered", "2026-07-01"), at: "2027-02-01T00:00:00+01:00",
			objects: append(ended("q1", 2027, v1alpha1.PartQ1, "70"), ended("q2", 2027, v1alpha1.PartQ2, "10")...),
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := evaluate(test.partner.Obj(), test.at, append(test.objects, watched(test.rule))...)
			if diff := cmp.Diff(test.want, got.Status.Standing.Causes); diff != "" {
				t.Errorf("causes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCausesAddUp(t *testing.T) {
	program := watched(
		rule(v1alpha1.CauseAgreementLapsed, 0, 0, reduced("80", 0), held(0, "Promotion")),
		rule(v1alpha1.CauseInvoiceOverdue, 0, 0, reduced("9.5", 0), held(30, "NewMoney")),
	)
	x := testobj.Partner("acme").Agreement("2024-01-01", "2026-08-31").Invoice("2", "2026-08-30", "").Invoice("1", "2026-08-29", "").Obj()
	got := evaluate(x, "2026-09-15T00:00:00Z", program).Status.Standing
	var order []string
	for _, c := range got.Causes {
		order = append(order, string(c.Step)+" "+c.About)
	}
	if diff := cmp.Diff([]string{"Hold agreement", "ReducedRate 1", "ReducedRate 2"}, order); diff != "" {
		t.Errorf("gravest first (-want +got):\n%s", diff)
	}
	got.Causes = nil
	want := &v1alpha1.StandingStatus{Step: "Hold", RatePercent: "9.5", Holds: []v1alpha1.HoldScope{"Promotion"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// demanding is a program whose silver asks for 1 certified person and gold for 2, with an automatic tier, and holds for overdue invoices.
func demanding(grace int32) *v1alpha1.PartnerProgram {
	return testobj.Program("northwind").Rules(func(set *v1alpha1.RuleSet) {
		set.TierPolicy = &v1alpha1.TierPolicy{GraceEvaluations: &grace}
		set.Tiers[0].Requirements = []v1alpha1.Requirement{{Competency: "certified", AtLeast: "2"}}
		set.Tiers[1].Requirements = []v1alpha1.Requirement{{Competency: "certified", AtLeast: "1"}}
		set.Standing = []v1alpha1.StandingRule{rule(v1alpha1.CauseInvoiceOverdue, 0, 0, held(0, "Promotion"))}
	}).Obj()
}

func TestPromotionIsHeldByStandingAtTheEndOfTheEvaluationDay(t *testing.T) {
	tests := map[string]struct {
		paid    v1alpha1.Date
		tier    v1alpha1.Name
		outcome string
		message string
	}{
		"unpaid": {
			tier: "silver", outcome: "PromotionOnHold",
			message: "Qualifies for gold and stays at silver, since promotion is on hold: " +
				"on 2026-10-01 invoice 1, due on 2026-09-15, was not paid",
		},
		"paid later": {
			paid: "2026-10-02", tier: "silver", outcome: "PromotionOnHold",
			message: "Qualifies for gold and stays at silver, since promotion is on hold: " +
				"on 2026-10-01 invoice 1, due on 2026-09-15, was not paid",
		},
		"paid by then": {paid: "2026-10-01", tier: "gold", outcome: "Promoted", message: "Rises from silver to gold on 2026-10-01."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			x := testobj.Partner("acme").Tier("silver", "2026-07-01").Invoice("1", "2026-09-15", test.paid).
				Certified("certified", "Ada", "", "").Certified("certified", "Bob", "", "").Obj()
			got := evaluate(x, "2026-11-01T00:00:00Z", demanding(0))
			last := got.Status.Evaluations[0]
			if got.Status.EffectiveTier != test.tier || last.Outcome != test.outcome || last.Message != test.message {
				t.Errorf("holds %q: %s: %s", got.Status.EffectiveTier, last.Outcome, last.Message)
			}
		})
	}
}

func TestTierRequirementsMet(t *testing.T) {
	tests := map[string]struct {
		partner *testobj.PartnerBuilder
		want    metav1.Condition
	}{
		"all met": {
			partner: testobj.Partner("acme").Tier("silver", "2026-10-01").Certified("certified", "Ada", "", ""),
			want:    metav1.Condition{Status: "True", Reason: "AllMet", Message: "the figures so far meet every requirement of silver; the next evaluation is on 2026-12-31"},
		},
		"qualifies higher": {
			partner: testobj.Partner("acme").Tier("silver", "2026-10-01").Certified("certified", "Ada", "", "").Certified("certified", "Bob", "", ""),
			want: metav1.Condition{
				Status: "True", Reason: "QualifiesHigher",
				Message: "the figures so far meet every requirement of gold, above silver; the next evaluation is on 2026-12-31",
			},
		},
		"shortfall": {
			partner: testobj.Partner("acme").Tier("gold", "2026-10-01").Certified("certified", "Ada", "", ""),
			want: metav1.Condition{
				Status: "False", Reason: "Shortfall",
				Message: "Gold needs 2 people with certified; actual 1 (1 short).",
			},
		},
		"held in grace": {
			partner: testobj.Partner("acme").Tier("gold", "2026-07-01").Certified("certified", "Ada", "", ""),
			want: metav1.Condition{
				Status: "False", Reason: "HeldInGrace",
				Message: "Evaluation of 2026-09-30: Qualifies for silver; gold is held in grace (evaluation 1 of 1) and is judged again on 2026-12-31. " +
					"Gold needs 2 people with certified on 2026-09-30; actual 1 (1 short). Now: " +
					"Gold needs 2 people with certified; actual 1 (1 short).",
			},
		},
		"no tier": {
			partner: testobj.Partner("acme").Joined("2026-10-15").Certified("certified", "Ada", "", ""),
			want: metav1.Condition{
				Status: "False", Reason: "NoTier",
				Message: "the partner holds no tier; with the figures so far it would qualify for silver, and it is judged next on 2026-12-31",
			},
		},
		"unknown program": {
			partner: testobj.Partner("acme").With(func(spec *v1alpha1.PartnerSpec) { spec.ProgramRef.Name = "northwnd" }),
			want: metav1.Condition{
				Status: "Unknown", Reason: "NotEvaluated",
				Message: `cannot be judged: spec.programRef.name: PartnerProgram "northwnd" not found or not permitted: did you mean "northwind"?`,
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := evaluate(test.partner.Obj(), "2026-11-01T00:00:00Z", demanding(1))
			if diff := cmp.Diff(test.want, condition(t, got.Status, v1alpha1.ConditionTierRequirementsMet)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWrongSpecsAreFoundAndTheRestIsEvaluated(t *testing.T) {
	tests := map[string]struct {
		partner *testobj.PartnerBuilder
		at      string
		want    v1alpha1.Finding
		ready   string
	}{
		"unknown program": {
			partner: testobj.Partner("acme").With(func(spec *v1alpha1.PartnerSpec) { spec.ProgramRef.Name = "northwnd" }), ready: "ReferenceNotFound",
			want: v1alpha1.Finding{
				Rule: "ReferenceNotFound", Severity: "Error", Field: "spec.programRef.name",
				Message: `PartnerProgram "northwnd" not found or not permitted: did you mean "northwind"? Otherwise ask an administrator of the vendor's cluster to give ` +
					"the namespace the labels that spec.allowedNamespaces of the PartnerProgram requires: kubectl label namespace partner-acme KEY=VALUE",
			},
		},
		"a payment in the future": {
			partner: testobj.Partner("acme").Invoice("7", "2026-07-31", "2026-12-01"), ready: "Evaluated",
			want: v1alpha1.Finding{
				Rule: "DateInFuture", Severity: "Warning", Field: "spec.invoices[7].paidOn",
				Message: "2026-12-01 is in the future, so it counts from that day on only: correct the day, or record it when it is done",
			},
		},
		"a day that is none": {
			partner: testobj.Partner("acme").Agreement("0001-01-01", "2026-13-01"), ready: "InvalidSpec",
			want: v1alpha1.Finding{
				Rule: "DateInvalid", Severity: "Error", Field: "spec.agreement.endsOn",
				Message: `"2026-13-01" is not a calendar day: the month must be from 01 to 12: it does not count until this is corrected`,
			},
		},
		"two holders of a competency who look alike": {
			partner: testobj.Partner("acme").Certified("engineer", "Ana Kova\u010d", "", "").Certified("engineer", "ana  KOVA\u010c", "", "").
				Certified("engineer", "Ana Kovac", "", "").Certified("architect", "Ana Kovac", "", ""),
			ready: "Evaluated",
			want: v1alpha1.Finding{
				Rule: "PeopleLookAlike", Severity: "Warning", Field: "spec.competencies[2].person",
				Message: "\"Ana Kova\u010d\" and \"Ana Kovac\" look alike and count as two holders of engineer: if they are one person, use one spelling",
			},
		},
		"rules that are not in force yet": {
			partner: testobj.Partner("acme"), at: "2026-01-01T00:00:00Z", ready: "Evaluated",
			want: v1alpha1.Finding{
				Rule: "NoRulesInForce", Severity: "Info", Field: "spec.programRef.name",
				Message: "program northwind has no rule set in force before 2026-07-01, when fy27 begins",
			},
		},
		"no agreement although the rules watch it": {
			partner: testobj.Partner("acme"), ready: "Evaluated",
			want: v1alpha1.Finding{
				Rule: "AgreementMissing", Severity: "Info", Field: "spec.agreement",
				Message: "no agreement is recorded, so whether it has lapsed is unknown: state when it was signed and when it ends",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			at := test.at
			if at == "" {
				at = "2026-11-01T00:00:00Z"
			}
			got := evaluate(test.partner.Obj(), at, watched(rule(v1alpha1.CauseAgreementLapsed, 0, 0)))
			if diff := cmp.Diff(test.want, finding(t, got.Status, test.want.Rule)); diff != "" {
				t.Errorf("finding (-want +got):\n%s", diff)
			}
			if ready := condition(t, got.Status, v1alpha1.ConditionReady); ready.Reason != test.ready {
				t.Errorf("Ready is %s because %s: %s", ready.Status, ready.Reason, ready.Message)
			}
			condition(t, got.Status, v1alpha1.ConditionInGoodStanding)
			condition(t, got.Status, v1alpha1.ConditionTierRequirementsMet)
		})
	}
}

// A level that plans report and the partner does not is missed only where a tier asks for it.
func TestLevelIsMissedOnlyWhenATierAsks(t *testing.T) {
	program := func(requirements ...v1alpha1.Requirement) *v1alpha1.PartnerProgram {
		p := watched()
		p.Spec.Metrics = append(p.Spec.Metrics, v1alpha1.Metric{Name: "stock", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourStock})
		p.Spec.RuleSets[0].Tiers[0].Requirements = requirements
		return p
	}
	tests := map[string]struct {
		requirements []v1alpha1.Requirement
		want         int
	}{
		"no tier asks":        {},
		"a tier asks":         {requirements: []v1alpha1.Requirement{{Metric: "stock", AtLeast: "3"}}, want: 1},
		"as one of several":   {requirements: []v1alpha1.Requirement{{AnyOf: []v1alpha1.Criterion{{Metric: "stock", AtLeast: "3"}}}}, want: 1},
		"a tier asks another": {requirements: []v1alpha1.Requirement{{Metric: "qualified-leads", AtLeast: "3"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := evaluate(testobj.Partner("acme").Obj(), "2026-11-01T00:00:00Z", program(test.requirements...),
				testobj.Plan("h1").Obj(), testobj.Measured("h1", "h1", "stock", "2026-09-30", "5"))
			found := 0
			for _, f := range got.Status.Findings {
				if f.Rule == "LevelNotAdded" {
					found++
				}
			}
			if found != test.want {
				t.Errorf("%d findings LevelNotAdded, want %d: %v", found, test.want, got.Status.Findings)
			}
		})
	}
}

func TestPlansAreCounted(t *testing.T) {
	objects := append(approved(testobj.Plan("h1").Obj(), "2026-06-20T12:00:00Z"), testobj.Plan("draft").Obj(), watched())
	x := testobj.Partner("acme").Tier("gold", "2026-07-01").Obj()
	for at, want := range map[string]v1alpha1.PlanTotals{
		"2026-08-08T23:59:59+02:00": {Open: 2, Approved: 1},
		"2026-08-09T00:00:00+02:00": {Open: 2, Approved: 1, Overdue: 1},
		"2028-01-01T00:00:00+02:00": {Open: 1, Closed: 1, Approved: 1, Overdue: 1}, // what is closed stays in the sums
	} {
		if diff := cmp.Diff(&want, evaluate(x, at, objects...).Status.Plans); diff != "" {
			t.Errorf("%s (-want +got):\n%s", at, diff)
		}
	}
}

func TestEmptyObjectsDoNotPanic(t *testing.T) {
	for _, program := range []*v1alpha1.PartnerProgram{{}, {Spec: v1alpha1.PartnerProgramSpec{RuleSets: []v1alpha1.RuleSet{
		{
			EffectiveFrom: "2020-01-01", Tiers: []v1alpha1.Tier{{Requirements: []v1alpha1.Requirement{{}}, Planning: &v1alpha1.PlanningRule{}}},
			Standing: []v1alpha1.StandingRule{{}, {Cause: "LowAttainment"}, {Cause: "InvoiceOverdue", Consequences: []v1alpha1.StandingConsequence{{}}}},
		},
	}}}} {
		x := &v1alpha1.Partner{Spec: v1alpha1.PartnerSpec{
			Tier: &v1alpha1.HeldTier{}, Agreement: &v1alpha1.Agreement{}, Competencies: []v1alpha1.Competency{{}}, Invoices: []v1alpha1.Invoice{{}},
		}}
		for _, now := range []time.Time{{}, testobj.At("2026-01-01T00:00:00Z"), testobj.At("9999-12-31T23:59:59Z")} {
			partner.Evaluate(testobj.Snapshot(program, x, &v1alpha1.JointPlan{}), x, partner.ResolveAncestry(x, nil), now)
		}
	}
}
