package plan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/internal/verdict"
)

// world is a program, a gold partner and a plan, with what else is given.
func world(p *v1alpha1.JointPlan, rules func(*v1alpha1.RuleSet), others ...any) []any {
	program := testobj.Program("northwind").With(func(spec *v1alpha1.PartnerProgramSpec) {
		spec.Benefits = []v1alpha1.ProgramBenefit{{Name: "se-days"}, {Name: "seats"}}
		spec.RuleSets[0].Tiers[0].Benefits = []v1alpha1.Benefit{{Name: "se-days", Quantity: "12"}}
	})
	if rules != nil {
		program.Rules(rules)
	}
	return append([]any{program.Obj(), testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(), p}, others...)
}

var noon = testobj.At("2026-08-12T12:00:00+02:00")

func TestWhatTheTermsGetWrong(t *testing.T) {
	for name, test := range map[string]struct {
		change   func(*v1alpha1.JointPlanSpec)
		rules    func(*v1alpha1.RuleSet)
		severity v1alpha1.Severity
		rule     string
		field    string
		message  []string
	}{
		"an unknown initiative of a goal": {
			change:   func(s *v1alpha1.JointPlanSpec) { s.Goals[0].Initiatives[0] = "cloud-migratoin" },
			severity: v1alpha1.SeverityError, rule: plan.RuleInitiativeUnknown, field: "spec.goals[revenue].initiatives",
			message: []string{"program northwind has no initiative \"cloud-migratoin\": did you mean \"cloud-migration\"?"},
		},
		"an unknown initiative of an activity": {
			change:   func(s *v1alpha1.JointPlanSpec) { s.Activities[0].Initiatives = []v1alpha1.Name{"x"} },
			severity: v1alpha1.SeverityError, rule: plan.RuleInitiativeUnknown, field: "spec.activities[launch].initiatives",
		},
		"an initiative that has ended": {
			change:   func(s *v1alpha1.JointPlanSpec) { s.Goals[0].Initiatives[0] = "mainframe" },
			severity: v1alpha1.SeverityWarning, rule: plan.RuleInitiativeNotInForce, field: "spec.goals[revenue].initiatives",
			message: []string{"not in force from 2026-07-01 to 2026-12-31: it is in force through 2026-06-30"},
		},
		"a strategy without an initiative": {
			change:   func(s *v1alpha1.JointPlanSpec) { s.Strategies = []v1alpha1.Strategy{{Name: "win"}} },
			severity: v1alpha1.SeverityWarning, rule: plan.RuleNotAligned, field: "spec.strategies[win].initiatives",
			message: []string{"add at least one that is in force during the period: cloud-migration or security"},
		},
		"an unknown activity type": {
			change:   func(s *v1alpha1.JointPlanSpec) { s.Activities[0].Type = "Webinars" },
			severity: v1alpha1.SeverityError, rule: plan.RuleActivityTypeUnknown, field: "spec.activities[launch].type", message: []string{"did you mean \"Webinar\"?"},
		},
		"an activity that the tier may not have": {
			rules:    func(r *v1alpha1.RuleSet) { r.Tiers[0].Activities = []v1alpha1.ActivityType{"TradeShow"} },
			severity: v1alpha1.SeverityWarning, rule: plan.RuleActivityNotAllowed, field: "spec.activities[launch].type", message: []string{"choose one of TradeShow"},
		},
		"an activity outside the period": {
			change:   func(s *v1alpha1.JointPlanSpec) { s.Activities[0].Through = "2027-01-01" },
			severity: v1alpha1.SeverityWarning, rule: plan.RuleOutsidePeriod, field: "spec.activities[launch]", message: []string{"from 2026-07-01 through 2027-01-01"},
		},
		"a cost with too many digits": {
			change: func(s *v1alpha1.JointPlanSpec) {
				s.Activities[0].Cost = &v1alpha1.Money{Amount: "1.005", Currency: "EUR"}
			},
			severity: v1alpha1.SeverityError, rule: plan.RuleCostInvalid, field: "spec.activities[launch].cost",
		},
		"a negative cost": {
			change:   func(s *v1alpha1.JointPlanSpec) { s.Activities[0].Cost = &v1alpha1.Money{Amount: "-1", Currency: "EUR"} },
			severity: v1alpha1.SeverityError, rule: plan.RuleCostInvalid, field: "spec.activities[launch].cost", message: []string{"-1 EUR is negative"},
		},
		"a cost in another currency": {
			change: func(s *v1alpha1.JointPlanSpec) {
				s.Activities[0].Cost = &v1alpha1.Money{Amount: "1.00", Currency: "USD"}
			},
			severity: v1alpha1.SeverityError, rule: plan.RuleCurrencyMismatch, field: "spec.activities[launch].cost.currency",
			message: []string{`"USD" is not the program's currency: state the amount in EUR; until then it is not used`},
		},
		"funders that pay less than the cost": {
			change:   funded("6000.00", "3000.00", "2999.99"),
			severity: v1alpha1.SeverityError, rule: plan.RuleFundingSum, field: "spec.activities[launch].funding",
			message: []string{"the funders pay EUR 5,999.99 together, and the cost is EUR 6,000.00"},
		},
		"funders that pay more": {
			change:   funded("6000.00", "3000.00", "3000.01"),
			severity: v1alpha1.SeverityError, rule: plan.RuleFundingSum, field: "spec.activities[launch].funding", message: []string{"EUR 6,000.01 together"},
		},
		"a funder with too many digits": {
			change:   funded("6000.00", "3000.00", "2999.995"),
			severity: v1alpha1.SeverityError, rule: plan.RuleCostInvalid, field: "spec.activities[launch].funding[Partner].amount",
		},
		"a vendor that pays more than the rate": {
			change:   funded("6000.00", "3000.01", "2999.99"),
			severity: v1alpha1.SeverityWarning, rule: plan.RuleVendorShareAboveRate, field: "spec.activities[launch].funding[Vendor]",
			message: []string{"EUR 3,000.01", "of the type Webinar it pays 50 percent, which is EUR 3,000.00"},
		},
		"a benefit for an unknown goal": {
			change:   asks(v1alpha1.BenefitRequest{Benefit: "se-days", Quantity: "1", Goal: "revenues"}),
			severity: v1alpha1.SeverityError, rule: plan.RuleGoalUnknown, field: "spec.benefitRequests[ask].goal", message: []string{"did you mean \"revenue\"?"},
		},
		"a benefit for an unknown activity": {
			change:   asks(v1alpha1.BenefitRequest{Benefit: "se-days", Quantity: "1", Activity: "lunch"}),
			severity: v1alpha1.SeverityError, rule: plan.RuleActivityNotPlanned, field: "spec.benefitRequests[ask].activity", message: []string{"did you mean \"launch\"?"},
		},
		"an unknown benefit": {
			change:   asks(v1alpha1.BenefitRequest{Benefit: "se-day", Quantity: "1", Goal: "revenue"}),
			severity: v1alpha1.SeverityError, rule: plan.RuleBenefitUnknown, field: "spec.benefitRequests[ask].benefit", message: []string{"did you mean \"se-days\"?"},
		},
		"a benefit that the tier does not have": {
			change:   asks(v1alpha1.BenefitRequest{Benefit: "seats", Quantity: "1", Goal: "revenue"}),
			severity: v1alpha1.SeverityWarning, rule: plan.RuleBenefitNotOfTier, field: "spec.benefitRequests[ask].benefit",
			message: []string{`tier "gold", which the partner holds on 2026-07-01, entitles to only se-days: nothing of seats is granted`},
		},
		"more of a benefit than is aligned": {
			change:   asks(v1alpha1.BenefitRequest{Benefit: "se-days", Quantity: "6.01", Goal: "revenue"}),
			severity: v1alpha1.SeverityWarning, rule: plan.RuleBenefitAboveAligned, field: "spec.benefitRequests",
			message: []string{"6.01 se-days requested, and 6.0 can be granted", "100 percent of the goals' weight serves an initiative in force; request at most 6.0"},
		},
		"a commitment to an unknown goal": {
			change:   func(s *v1alpha1.JointPlanSpec) { s.Commitments[0].Goals[0] = "revenues" },
			severity: v1alpha1.SeverityError, rule: plan.RuleGoalUnknown, field: "spec.commitments[train].goals", message: []string{"did you mean \"revenue\"?"},
		},
		"a commitment outside the period": {
			change:   func(s *v1alpha1.JointPlanSpec) { s.Commitments[0].Due = "2026-06-30" },
			severity: v1alpha1.SeverityWarning, rule: plan.RuleOutsidePeriod, field: "spec.commitments[train].due",
		},
		"a commitment due on no day": {
			change:   func(s *v1alpha1.JointPlanSpec) { s.Commitments[0].Due = "soon" },
			severity: v1alpha1.SeverityError, rule: plan.RuleDateInvalid, field: "spec.commitments[train].due",
		},
		"a target account without owners": {
			change: func(s *v1alpha1.JointPlanSpec) {
				s.TargetAccounts = []v1alpha1.TargetAccount{{Name: "Big Corp", PartnerOwner: "Paul"}}
			},
			severity: v1alpha1.SeverityInfo, rule: plan.RuleAccountWithoutOwner, field: "spec.targetAccounts[Big Corp]", message: []string{"no vendorOwner"},
		},
		"a missing section": {
			rules: func(r *v1alpha1.RuleSet) {
				r.Tiers[0].Planning.RequiredSections = []v1alpha1.PlanSection{"Risks", "Goals"}
			},
			severity: v1alpha1.SeverityWarning, rule: plan.RuleSectionMissing, field: "spec.risks", message: []string{"tier \"gold\" of rule set \"fy27\" requires it"},
		},
		"missing sections": {
			rules: func(r *v1alpha1.RuleSet) {
				r.Tiers[0].Planning.RequiredSections = []v1alpha1.PlanSection{"Vision", "SWOT", "Risks"}
			},
			severity: v1alpha1.SeverityWarning, rule: plan.RuleSectionMissing, field: "spec",
			message: []string{`the plan has no sections Risks, SWOT and Vision: tier "gold" of rule set "fy27" requires them; add them`},
		},
		"a missing kick-off": {
			rules:    func(r *v1alpha1.RuleSet) { r.Tiers[0].Planning.RequiredSections = []v1alpha1.PlanSection{"KickOff"} },
			severity: v1alpha1.SeverityWarning, rule: plan.RuleSectionMissing, field: "status.meetings",
			message: []string{"although the period began on 2026-07-01"},
		},
		"a value proposition without a number": {
			change:   func(s *v1alpha1.JointPlanSpec) { s.ValueProposition = value("much faster") },
			severity: v1alpha1.SeverityWarning, rule: plan.RuleValueNotQuantified, field: "spec.valueProposition.quantified",
		},
		"a value proposition that takes too long": {
			change:   func(s *v1alpha1.JointPlanSpec) { s.ValueProposition = value(v1alpha1.Text(strings.Repeat("9 ", 117))) },
			rules:    func(r *v1alpha1.RuleSet) { r.ValueProposition = &v1alpha1.ValuePropositionRule{} },
			severity: v1alpha1.SeverityWarning, rule: plan.RuleValueTooLong, field: "spec.valueProposition",
			message: []string{"121 words, rule set \"fy27\" allows 120"},
		},
		"a value proposition with a hype word": {
			change: func(s *v1alpha1.JointPlanSpec) { s.ValueProposition = value("A Game-Changing 20 percent!") },
			rules: func(r *v1alpha1.RuleSet) {
				r.ValueProposition = &v1alpha1.ValuePropositionRule{HypeWords: []v1alpha1.Word{"game changing"}}
			},
			severity: v1alpha1.SeverityWarning, rule: plan.RuleValueHype, field: "spec.valueProposition.quantified", message: []string{"\"game changing\""},
		},
		"an unknown thing done": {
			change:   done("Commitment", "trian", "2026-08-01"),
			severity: v1alpha1.SeverityError, rule: plan.RuleDoneUnknown, field: "spec.progress.done[Commitment/trian]",
			message: []string{"the plan has no commitment \"trian\": did you mean \"train\"?"},
		},
		"a measured goal done": {
			change:   done("Goal", "revenue", "2026-08-01"),
			severity: v1alpha1.SeverityWarning, rule: plan.RuleDoneNotDeliverable, field: "spec.progress.done[Goal/revenue]",
		},
		"a thing done in the future": {
			change:   done("Commitment", "train", "2026-08-13"),
			severity: v1alpha1.SeverityError, rule: plan.RuleFactInFuture, field: "spec.progress.done[Commitment/train].day",
		},
		"a risk that nobody foresaw": {
			change: func(s *v1alpha1.JointPlanSpec) {
				s.Progress = &v1alpha1.Progress{FiredRisks: []v1alpha1.FiredRisk{{Name: "flood", Day: "2026-08-01"}}}
			},
			severity: v1alpha1.SeverityError, rule: plan.RuleRiskUnknown, field: "spec.progress.firedRisks[flood]",
		},
		"a risk without a contingency": {
			change: func(s *v1alpha1.JointPlanSpec) {
				s.Risks = []v1alpha1.Risk{{Name: "flood", Description: "water"}}
				s.Progress = &v1alpha1.Progress{FiredRisks: []v1alpha1.FiredRisk{{Name: "flood", Day: "2026-08-01"}}}
			},
			severity: v1alpha1.SeverityWarning, rule: plan.RuleRiskWithoutContingency, field: "spec.progress.firedRisks[flood]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			build := func() *v1alpha1.JointPlan {
				return testobj.Plan("h1").Goal("revenue", "new-revenue", "600000").Activity("launch", "Webinar").Commitment("train", "", "revenue").Obj()
			}
			clean := plan.Evaluate(testobj.Snapshot(world(build(), nil)...), build(), noon)
			if slices.Contains(rules(clean.Status.Findings), test.rule) {
				t.Fatalf("%s is found without the mistake:\n%s", test.rule, findingLines(clean.Status.Findings))
			}
			p := build()
			if test.change != nil {
				test.change(&p.Spec)
			}
			got := plan.Evaluate(testobj.Snapshot(world(p, test.rules)...), p, noon)
			finds(t, got.Status.Findings, test.severity, test.rule, test.field, test.message...)
			ready := "True/Evaluated"
			if test.severity == v1alpha1.SeverityError {
				ready = "False/InvalidSpec"
			}
			says(t, got.Status.Conditions, v1alpha1.ConditionReady, ready)
		})
	}
}

// funded lets the activity cost an amount that vendor and partner pay.
func funded(cost, vendor, partner v1alpha1.Decimal) func(*v1alpha1.JointPlanSpec) {
	return func(s *v1alpha1.JointPlanSpec) {
		s.Activities[0].Cost = &v1alpha1.Money{Amount: cost, Currency: "EUR"}
		s.Activities[0].Funding = []v1alpha1.ActivityFunding{{Funder: v1alpha1.FunderVendor, Amount: vendor}, {Funder: v1alpha1.FunderPartner, Amount: partner}}
	}
}

// asks lets the plan ask for a benefit.
func asks(request v1alpha1.BenefitRequest) func(*v1alpha1.JointPlanSpec) {
	return func(s *v1alpha1.JointPlanSpec) {
		request.Name = "ask"
		s.BenefitRequests = []v1alpha1.BenefitRequest{request}
	}
}

// What is exactly aligned, and exactly the rate, is not found.
func TestBenefitsAndFundersAtTheirBounds(t *testing.T) {
	p := testobj.Plan("h1").Goal("revenue", "new-revenue", "600000").Activity("launch", "Webinar").Commitment("train", "", "revenue").Obj()
	funded("6000.00", "3000.00", "3000.00")(&p.Spec)
	asks(v1alpha1.BenefitRequest{Benefit: "se-days", Quantity: "6", Goal: "revenue"})(&p.Spec)
	got := plan.Evaluate(testobj.Snapshot(world(p, nil)...), p, noon)
	for _, rule := range []string{plan.RuleFundingSum, plan.RuleVendorShareAboveRate, plan.RuleBenefitAboveAligned, plan.RuleBenefitNotOfTier} {
		if slices.Contains(rules(got.Status.Findings), rule) {
			t.Errorf("%s is found:\n%s", rule, findingLines(got.Status.Findings))
		}
	}
	says(t, got.Status.Conditions, v1alpha1.ConditionReady, "True/Evaluated")
}

func value(quantified v1alpha1.Text) *v1alpha1.ValueProposition {
	return &v1alpha1.ValueProposition{Relevant: "slow shops", Quantified: quantified, Differentiated: "only we"}
}

func done(kind string, name v1alpha1.ItemName, on v1alpha1.Date) func(*v1alpha1.JointPlanSpec) {
	return func(s *v1alpha1.JointPlanSpec) {
		s.Progress = &v1alpha1.Progress{Done: []v1alpha1.DoneItem{{Kind: kind, Name: name, Day: on}}}
	}
}

func TestSmart(t *testing.T) {
	bound := func(b v1alpha1.RealismBound) func(*v1alpha1.RuleSet) {
		return func(r *v1alpha1.RuleSet) {
			r.Realism = []v1alpha1.RealismBound{{Metric: "new-revenue", Tier: "silver", MaxTarget: "1"}, b}
		}
	}
	within := bound(v1alpha1.RealismBound{Metric: "new-revenue", MaxIncreasePercent: "20", MinTarget: "100000", MaxTarget: "900000"})
	for name, test := range map[string]struct {
		change  func(*v1alpha1.JointPlanSpec)
		rules   func(*v1alpha1.RuleSet)
		verdict string
		message []string
		rule    string
		field   string
		finding []string
		only    bool // the Error says it, and no finding of SMART repeats it
	}{
		"all letters hold": {rules: within, verdict: "True/Smart", message: []string{"every goal (1) is specific"}},
		"nobody owns it": {
			rules: within, change: func(s *v1alpha1.JointPlanSpec) { s.Goals[0].Owner = "" }, verdict: "False/NotSmart",
			message: []string{"1 of 1 goal not SMART: revenue (specific)"},
			rule:    plan.RuleSmartSpecific, field: "spec.goals[revenue]", finding: []string{"set owner to Vendor or Partner"},
		},
		"no metric of the catalogue": {
			rules: within, change: func(s *v1alpha1.JointPlanSpec) { s.Goals[0].Metric = "revenue" }, verdict: "False/NotSmart",
			message: []string{"revenue (specific, measurable)"},
			rule:    "GoalMetricUnknown", field: "spec.goals[revenue].metric", finding: []string{"program northwind has no metric \"revenue\""},
			only: true,
		},
		"another unit": {
			rules: within, change: func(s *v1alpha1.JointPlanSpec) { s.Goals[0].Target.Unit = v1alpha1.UnitCount }, verdict: "False/NotSmart",
			rule: "GoalUnitMismatch", field: "spec.goals[revenue].target.unit", finding: []string{"the target's unit is Count"}, only: true,
		},
		"no known source": {
			change: func(s *v1alpha1.JointPlanSpec) { s.Goals[0].Metric = "qualified-leads" }, verdict: "Unknown/NotJudged",
			message: []string{"revenue (measurable, realistic)"},
			rule:    plan.RuleSmartMeasurable, field: "spec.goals[revenue]", finding: []string{"has no sourceOfRecord"},
		},
		"nothing serves it": {
			rules: within, change: func(s *v1alpha1.JointPlanSpec) { s.Commitments = nil }, verdict: "False/NotSmart", message: []string{"revenue (actionable)"},
			rule: plan.RuleSmartActionable, field: "spec.goals[revenue]", finding: []string{"no campaign and no commitment serves it"},
		},
		"no bound": {
			verdict: "Unknown/NotJudged", message: []string{"revenue (realistic)"},
			rule: plan.RuleSmartRealistic, field: "spec.goals[revenue].target", finding: []string{"states no bound for metric \"new-revenue\""},
		},
		"too low": {
			rules: bound(v1alpha1.RealismBound{Metric: "new-revenue", MinTarget: "600000.01"}), verdict: "False/NotSmart",
			rule: plan.RuleSmartRealistic, field: "spec.goals[revenue].target", finding: []string{"at least 600,000.01", "the target is 600,000"},
		},
		"too high for the tier": {
			rules:   bound(v1alpha1.RealismBound{Metric: "new-revenue", Tier: "gold", MaxTarget: "599999"}),
			verdict: "False/NotSmart", rule: plan.RuleSmartRealistic, field: "spec.goals[revenue].target", finding: []string{"allows at most 599,999"},
		},
		"too great a change": {
			rules: bound(v1alpha1.RealismBound{Metric: "new-revenue", MaxIncreasePercent: "19.999"}), verdict: "False/NotSmart",
			rule: plan.RuleSmartRealistic, field: "spec.goals[revenue].target", finding: []string{"at most 19.999 percent", "by 20 percent"},
		},
		"a change against nothing": {
			rules: bound(v1alpha1.RealismBound{Metric: "new-revenue", MaxIncreasePercent: "20"}), change: func(s *v1alpha1.JointPlanSpec) { s.Goals[0].Baseline = "" },
			verdict: "Unknown/NotJudged", rule: plan.RuleSmartRealistic, field: "spec.goals[revenue].target", finding: []string{"add baseline"},
		},
		"due after the period": {
			rules: within, change: func(s *v1alpha1.JointPlanSpec) { s.Goals[0].Due = "2027-01-01" }, verdict: "False/NotSmart",
			message: []string{"revenue (time-bound)"},
			rule:    "GoalDueOutsidePeriod", field: "spec.goals[revenue].due",
			finding: []string{"2027-01-01 is outside the plan's period, 2026-07-01 to 2026-12-31"}, only: true,
		},
		"a deliverable": {
			change: func(s *v1alpha1.JointPlanSpec) {
				s.Goals[0] = testobj.Plan("x").Deliverable("revenue", "2026-10-01").Obj().Spec.Goals[0]
			},
			verdict: "True/Smart",
		},
		"no goals": {change: func(s *v1alpha1.JointPlanSpec) { s.Goals, s.Commitments = nil, nil }, verdict: "Unknown/NoGoals"},
	} {
		t.Run(name, func(t *testing.T) {
			p := testobj.Plan("h1").Goal("revenue", "new-revenue", "600000").Commitment("train", "", "revenue").Obj()
			p.Spec.Goals[0].Baseline = "500000"
			if test.change != nil {
				test.change(&p.Spec)
			}
			got := plan.Evaluate(testobj.Snapshot(world(p, test.rules)...), p, noon)
			says(t, got.Status.Conditions, v1alpha1.ConditionSmart, test.verdict, test.message...)
			if test.rule != "" {
				severity := v1alpha1.SeverityWarning
				if strings.HasPrefix(test.verdict, "Unknown") {
					severity = v1alpha1.SeverityInfo
				}
				if test.only {
					severity = v1alpha1.SeverityError
				}
				finds(t, got.Status.Findings, severity, test.rule, test.field, test.finding...)
			}
			if test.only && strings.Contains(strings.Join(rules(got.Status.Findings), " "), "Smart") {
				t.Errorf("one mistake is found twice:\n%s", findingLines(got.Status.Findings))
			}
		})
	}
	t.Run("a campaign serves it and was measured", func(t *testing.T) {
		p := testobj.Plan("h1").Goal("leads", "qualified-leads", "50").Obj()
		all := world(p, func(r *v1alpha1.RuleSet) {
			r.Realism = []v1alpha1.RealismBound{{Metric: "qualified-leads", MaxTarget: "100"}}
		},
			testobj.Campaign("launch", "h1", "leads"), testobj.Measured("leads", "h1", "qualified-leads", "2026-08-01", "3"))
		got := plan.Evaluate(testobj.Snapshot(all...), p, noon)
		says(t, got.Status.Conditions, v1alpha1.ConditionSmart, "True/Smart")
		if *got.Status.Campaigns != 1 {
			t.Errorf("%d campaigns", *got.Status.Campaigns)
		}
	})
}

func TestAlignment(t *testing.T) {
	p := testobj.Plan("h1").Goal("revenue", "new-revenue", "600000").With(func(s *v1alpha1.JointPlanSpec) {
		s.Strategies = []v1alpha1.Strategy{{Name: "win", Initiatives: []v1alpha1.Name{"mainframe"}}}
	}).Obj()
	got := plan.Evaluate(testobj.Snapshot(world(p, nil)...), p, noon).Status
	says(t, got.Conditions, v1alpha1.ConditionAligned, "False/NotAligned", "strategy win")
	want := &v1alpha1.AlignmentStatus{Covered: []v1alpha1.Name{"cloud-migration"}, Uncovered: []v1alpha1.Name{"security"}}
	if diff := cmp.Diff(want, got.Alignment); diff != "" {
		t.Errorf("alignment (-want +got):\n%s", diff)
	}
	p.Spec.Strategies[0].Initiatives = []v1alpha1.Name{"security"}
	got = plan.Evaluate(testobj.Snapshot(world(p, nil)...), p, noon).Status
	says(t, got.Conditions, v1alpha1.ConditionAligned, "True/Aligned", "cloud-migration and security")

	none := testobj.Program("northwind").With(func(s *v1alpha1.PartnerProgramSpec) { s.Initiatives = nil }).Obj()
	p.Spec.Strategies, p.Spec.Goals[0].Initiatives = nil, nil
	got = plan.Evaluate(testobj.Snapshot(none, testobj.Partner("acme").Obj(), p), p, noon).Status
	says(t, got.Conditions, v1alpha1.ConditionAligned, "Unknown/NotJudged", "program \"northwind\" lists no initiative in force")

	ended := testobj.Program("northwind").With(func(s *v1alpha1.PartnerProgramSpec) {
		for i := range s.Initiatives {
			s.Initiatives[i].Through = "2026-06-30"
		}
	}).Obj()
	got = plan.Evaluate(testobj.Snapshot(ended, testobj.Partner("acme").Obj(), p), p, noon).Status
	says(t, got.Conditions, v1alpha1.ConditionAligned, "Unknown/NotJudged",
		"program \"northwind\" lists no initiative in force from 2026-07-01 to 2026-12-31 to align with")
	if slices.Contains(rules(got.Findings), plan.RuleNotAligned) {
		t.Errorf("an initiative is requested where none is in force:\n%s", findingLines(got.Findings))
	}
}

// Of a metric that nobody knows it is not also said that it has no bound.
func TestAnUnknownMetricIsNotJudgedRealistic(t *testing.T) {
	p := testobj.Plan("h1").Goal("revenue", "revenues", "600000").Commitment("train", "", "revenue").Obj()
	got := plan.Evaluate(testobj.Snapshot(world(p, nil)...), p, noon).Status
	says(t, got.Conditions, v1alpha1.ConditionSmart, "False/NotSmart", "revenue (specific, measurable)")
	if slices.Contains(rules(got.Findings), plan.RuleSmartRealistic) {
		t.Errorf("findings:\n%s", findingLines(got.Findings))
	}
}

func TestAPlanThatCannotBeEvaluated(t *testing.T) {
	for name, test := range map[string]struct {
		change  func(*v1alpha1.JointPlanSpec)
		objects []any
		rule    string
		ready   string
		field   string
		message string
	}{
		"no partner": {
			objects: []any{testobj.Program("northwind").Obj(), testobj.Partner("acmee").Obj()},
			rule:    verdict.RuleReferenceNotFound, ready: "False/ReferenceNotFound", field: "spec.partnerRef.name",
			message: "Partner \"acme\" not found or not permitted: did you mean \"acmee\"? Otherwise create the partner",
		},
		"no partner of a name like it": {
			objects: []any{testobj.Program("northwind").Obj(), testobj.Partner("brightpath").Obj()},
			rule:    verdict.RuleReferenceNotFound, ready: "False/ReferenceNotFound", field: "spec.partnerRef.name",
			message: "Partner \"acme\" not found or not permitted; create the partner or correct the name",
		},
		"no program": {
			objects: []any{testobj.Partner("acme").Obj()},
			rule:    verdict.RuleReferenceNotFound, ready: "False/ReferenceNotFound", field: "spec.partnerRef.name",
			message: "PartnerProgram \"northwind\" not found or not permitted",
		},
		"no such period": {
			change:  func(s *v1alpha1.JointPlanSpec) { s.Period.Part = "Q5" },
			objects: []any{testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj()},
			rule:    plan.RulePeriodInvalid, ready: "False/InvalidSpec", field: "spec.period", message: "program \"northwind\" defines no such period",
		},
		"no rules yet": {
			change:  func(s *v1alpha1.JointPlanSpec) { *s.Period.FiscalYear = 2026 },
			objects: []any{testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj()},
			rule:    plan.RuleNoRules, ready: "False/InvalidSpec", field: "spec.period", message: "its first one, \"fy27\", is in force from 2026-07-01",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := testobj.Plan("h1").Goal("revenue", "new-revenue", "1").Obj()
			if test.change != nil {
				test.change(&p.Spec)
			}
			got := plan.Evaluate(testobj.Snapshot(append(test.objects, p)...), p, noon)
			finds(t, got.Status.Findings, v1alpha1.SeverityError, test.rule, test.field, test.message)
			says(t, got.Status.Conditions, v1alpha1.ConditionReady, test.ready, test.message)
			says(t, got.Status.Conditions, v1alpha1.ConditionStalled, strings.Replace(test.ready, "False", "True", 1))
			for _, kind := range []string{"Approved", "Smart", "Aligned", "OnTrack", "ReviewOverdue", "ResultsStale"} {
				says(t, got.Status.Conditions, kind, "Unknown/NotEvaluated", test.message)
			}
			if got.Status.Revision == "" || got.Terms != nil || got.RuleSet != nil || got.Approved {
				t.Errorf("revision %q, terms %v, rule set %v", got.Status.Revision, got.Terms, got.RuleSet)
			}
		})
	}
}

func TestTwoPlansForOnePeriod(t *testing.T) {
	p := testobj.Plan("h1").Obj()
	same := testobj.Plan("other").With(func(s *v1alpha1.JointPlanSpec) {
		s.Period = v1alpha1.Period{From: "2026-07-01", Through: "2026-12-31"}
	}).Obj()
	within := testobj.Plan("q1").Period(2027, v1alpha1.PartQ1).Obj()
	all := testobj.Snapshot(world(p, nil, same, within)...)
	finds(t, plan.Evaluate(all, p, noon).Status.Findings, v1alpha1.SeverityWarning, plan.RulePlanOverlap, "spec.period",
		"partner \"acme\" has another plan for FY2027 H1, the same period: plan other")
	if found := plan.Evaluate(all, within, noon).Status.Findings; slices.Contains(rules(found), plan.RulePlanOverlap) {
		t.Errorf("a plan within another is no conflict:\n%s", findingLines(found))
	}
}

// TestARiskThatCameTrueIsDecidedOn by its owner, by the next review: once it occurred it is an open item until that is recorded.
func TestARiskThatCameTrueIsDecidedOn(t *testing.T) {
	field := "spec.progress.firedRisks[flood]"
	const act = " decides on its contingency and records that in spec.progress.done as {kind: Risk, name: flood}"
	for name, tc := range map[string]struct {
		at      string
		fired   v1alpha1.Date
		decided v1alpha1.Date
		owner   v1alpha1.Party
		want    *v1alpha1.OpenItem
		found   string // severity and message
	}{
		"before it occurred": {at: "2026-08-11T12:00:00Z", fired: "2026-08-12", owner: partner},
		"until the next review": {
			at: "2026-09-01T12:00:00Z", fired: "2026-08-12", owner: partner,
			want:  &v1alpha1.OpenItem{Kind: "Risk", Name: "flood", Party: partner, Due: "2026-09-01", State: "Pending"},
			found: `Info: risk "flood" occurred on 2026-08-12: the partner` + act + "; the next review is due on 2026-09-01",
		},
		"after it": {
			at: "2027-09-02T00:00:00+02:00", fired: "2026-08-12", owner: vendor,
			want:  &v1alpha1.OpenItem{Kind: "Risk", Name: "flood", Party: vendor, Due: "2026-09-01", State: "Overdue"},
			found: `Warning: risk "flood" occurred on 2026-08-12: the vendor` + act + "; the review by which it was to be decided was due on 2026-09-01",
		},
		"on the day of a review": {
			at: "2026-09-01T12:00:00Z", fired: "2026-09-01",
			want:  &v1alpha1.OpenItem{Kind: "Risk", Name: "flood", Due: "2026-09-01", State: "Pending"},
			found: `Info: risk "flood" occurred on 2026-09-01: its owner, whom the plan does not name,` + act + "; the next review is due on 2026-09-01",
		},
		"after the last review": {
			at: "2027-01-05T12:00:00Z", fired: "2027-01-02", owner: partner,
			want:  &v1alpha1.OpenItem{Kind: "Risk", Name: "flood", Party: partner, State: "Pending"},
			found: `Info: risk "flood" occurred on 2027-01-02: the partner` + act,
		},
		"decided on": {at: "2026-09-02T12:00:00Z", fired: "2026-08-12", decided: "2026-08-30", owner: partner},
	} {
		t.Run(name, func(t *testing.T) {
			p := testobj.Plan("h1").With(func(s *v1alpha1.JointPlanSpec) {
				s.Risks = []v1alpha1.Risk{{Name: "flood", Description: "water", Contingency: "pumps", Owner: tc.owner}}
				s.Progress = &v1alpha1.Progress{FiredRisks: []v1alpha1.FiredRisk{{Name: "flood", Day: tc.fired}}}
				if tc.decided != "" {
					s.Progress.Done = []v1alpha1.DoneItem{{Kind: "Risk", Name: "flood", Day: tc.decided}}
				}
			}).Obj()
			got := plan.Evaluate(met(p, beforePeriod, nil), p, testobj.At(tc.at)).Status
			var want []v1alpha1.OpenItem
			if tc.want != nil {
				want = append(want, *tc.want)
			}
			if diff := cmp.Diff(want, got.OpenItems); diff != "" {
				t.Errorf("open items (-want +got):\n%s", diff)
			}
			found := ""
			for _, f := range got.Findings {
				if f.Rule == plan.RuleRiskUndecided && f.Field == field {
					found = string(f.Severity) + ": " + f.Message
				}
			}
			if found != tc.found {
				t.Errorf("it finds\n%s\nnot\n%s", found, tc.found)
			}
		})
	}
}

func TestOpenItems(t *testing.T) {
	p := testobj.Plan("h1").Deliverable("portal", "2026-08-11").Deliverable("guide", "").
		Commitment("train", "2026-08-11", "portal").Commitment("visit", "2026-08-12").With(func(s *v1alpha1.JointPlanSpec) {
		s.Progress = &v1alpha1.Progress{Done: []v1alpha1.DoneItem{
			{Kind: "Goal", Name: "guide", Day: "2026-08-12"},
			{Kind: "Goal", Name: "train", Day: "2026-08-01"},
			{Kind: "Action", Name: "h1-review-2026-08-03/mail", Day: "2026-08-11"},
			{Kind: "Action", Name: "h1-review-2026-08-03/meet", Day: "2026-08-13"},
			{Kind: "Action", Name: "h1-review-2026-08-03/cal", Day: "2026-08-11"},
		}}
	}).Obj()
	r := testobj.Review("h1", "2026-08-03")
	r.Spec.NoActionsBecause = ""
	r.Spec.Actions = []v1alpha1.ActionItem{
		{Name: "call", Party: vendor, Due: "2026-08-10"}, {Name: "mail", Party: partner, Due: "2026-08-10"}, {Name: "meet", Party: partner, Due: "2026-08-20"},
	}
	got := plan.Evaluate(met(p, beforePeriod, []any{r}), p, noon).Status
	want := []v1alpha1.OpenItem{
		{Kind: "Action", Name: "h1-review-2026-08-03/call", Party: vendor, Due: "2026-08-10", State: "Overdue"},
		{Kind: "Commitment", Name: "train", Party: vendor, Due: "2026-08-11", State: "Overdue"},
		{Kind: "Deliverable", Name: "portal", Party: partner, Due: "2026-08-11", State: "Overdue"},
		{Kind: "Commitment", Name: "visit", Party: vendor, Due: "2026-08-12", State: "Pending"},
		{Kind: "Action", Name: "h1-review-2026-08-03/meet", Party: partner, Due: "2026-08-20", State: "Pending"},
	}
	if diff := cmp.Diff(want, got.OpenItems); diff != "" {
		t.Errorf("open items (-want +got):\n%s", diff)
	}
	finds(t, got.Findings, v1alpha1.SeverityWarning, plan.RuleActionOverdue, "spec.progress.done",
		"the vendor's action \"call\", decided in the meeting of 2026-08-03, was due by 2026-08-10")
	finds(t, got.Findings, v1alpha1.SeverityError, plan.RuleDoneUnknown, "spec.progress.done[Action/h1-review-2026-08-03/cal]", "h1-review-2026-08-03/call")
	finds(t, got.Findings, v1alpha1.SeverityError, plan.RuleFactInFuture, "spec.progress.done[Action/h1-review-2026-08-03/meet].day", "2026-08-13 is in the future")
	finds(t, got.Findings, v1alpha1.SeverityWarning, plan.RuleCommitmentOverdue, "spec.commitments[train]", "the vendor's commitment \"train\" was due by 2026-08-11")
	finds(t, got.Findings, v1alpha1.SeverityError, plan.RuleDoneUnknown, "spec.progress.done[Goal/train]", "the plan has no goal \"train\"")
}

func TestAnAmendmentIsCheckedAndGetsNothing(t *testing.T) {
	before := testobj.Plan("h1").Goal("revenue", "new-revenue", "600000").Goal("leads", "qualified-leads", "50").Commitment("train", "", "revenue", "leads").Obj()
	revision := plan.Revision(&before.Spec.PlanTerms)
	p := before.DeepCopy()
	p.Spec.Goals[0].Target.Value = "700000"
	p.Spec.Goals[1] = v1alpha1.Goal{Name: "extra", Metric: "new-revenu", Target: &v1alpha1.Target{Mode: v1alpha1.TargetAbsolute, Value: "1"}}
	held := kept("x")
	held.Spec.Revision, held.Spec.Terms = revision, before.Spec.PlanTerms
	all := testobj.Snapshot(world(p, nil, held,
		testobj.Decision("v", "h1", revision, vendor, approved, beforePeriod), testobj.Decision("p", "h1", revision, partner, approved, beforePeriod),
	)...)
	got := plan.Evaluate(all, p, noon)
	finds(t, got.Status.Findings, v1alpha1.SeverityInfo, plan.RuleAmendmentPending, "spec", "add the goal extra; remove the goal leads; change the goal revenue")
	finds(t, got.Status.Findings, v1alpha1.SeverityWarning, plan.RuleNotAligned, "spec.goals[extra].initiatives")
	finds(t, got.Status.Findings, v1alpha1.SeverityError, "GoalMetricUnknown", "spec.goals[extra].metric")
	finds(t, got.Status.Findings, v1alpha1.SeverityError, plan.RuleGoalUnknown, "spec.commitments[train].goals", "\"leads\"")
	finds(t, got.Status.Findings, v1alpha1.SeverityInfo, plan.RuleSmartRealistic, "planOfRecord.goals[revenue].target")
	says(t, got.Status.Conditions, v1alpha1.ConditionAligned, "True/Aligned")
	var names []v1alpha1.Name
	for _, g := range got.Status.Goals {
		names = append(names, g.Name)
	}
	slices.Sort(names)
	if !slices.Equal(names, []v1alpha1.Name{"leads", "revenue"}) {
		t.Errorf("goals %v are evaluated", names)
	}

	p.Spec.PartnerRef.Name = "gone"
	broken := plan.Evaluate(testobj.Snapshot(world(p, nil, held,
		testobj.Decision("v", "h1", revision, vendor, approved, beforePeriod), testobj.Decision("p", "h1", revision, partner, approved, beforePeriod),
	)...), p, noon)
	finds(t, broken.Status.Findings, v1alpha1.SeverityError, verdict.RuleReferenceNotFound, "spec.partnerRef.name")
	says(t, broken.Status.Conditions, v1alpha1.ConditionApproved, "False/AmendmentPending", "nobody can decide on it before the errors in the spec are corrected")
	if !broken.Approved || broken.Status.Stage != v1alpha1.StageActive {
		t.Errorf("approved %t, stage %s", broken.Approved, broken.Status.Stage)
	}
}

func TestStages(t *testing.T) {
	for name, test := range map[string]struct {
		at       string
		stage    v1alpha1.PlanStage
		closesOn v1alpha1.Date
	}{
		"before the period":     {"2026-06-30T23:59:59.999999999+02:00", v1alpha1.StageApproved, "2027-03-02"},
		"its first instant":     {"2026-07-01T00:00:00+02:00", v1alpha1.StageActive, "2027-03-02"},
		"its last":              {"2026-12-31T23:59:59.999999999+01:00", v1alpha1.StageActive, "2027-03-02"},
		"after it":              {"2027-01-01T00:00:00+01:00", v1alpha1.StageAwaitingClaims, "2027-03-02"},
		"the last day to claim": {"2027-03-01T23:59:59.999999999+01:00", v1alpha1.StageAwaitingClaims, "2027-03-02"},
		"after the last claim":  {"2027-03-02T00:00:00+01:00", v1alpha1.StageClosed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := testobj.Plan("h1").Activity("fair", "TradeShow").Obj() // claims within 60 days
			got := plan.Evaluate(running(p, beforePeriod), p, testobj.At(test.at))
			if got.Status.Stage != test.stage || got.Status.ClosesOn != test.closesOn {
				t.Errorf("stage %s, closes on %q, want %s, %q", got.Status.Stage, got.Status.ClosesOn, test.stage, test.closesOn)
			}
		})
	}
}
