package attainment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/verdict"
)

func TestBadGoalsAreFindings(t *testing.T) {
	tests := map[string]struct {
		story *story
		want  v1alpha1.Finding
	}{
		"unknown metric": {
			newStory().goal("g", "new-revenu", "10"),
			v1alpha1.Finding{
				Rule: RuleGoalMetricUnknown, Field: "spec.goals[g].metric",
				Message: `program northwind has no metric "new-revenu": did you mean "new-revenue"?`,
			},
		},
		"wrong unit": {
			newStory().goal("g", "qualified-leads", "10", func(g *v1alpha1.Goal) { g.Target.Unit = v1alpha1.UnitCurrency }),
			v1alpha1.Finding{
				Rule: RuleGoalUnitMismatch, Field: "spec.goals[g].target.unit",
				Message: "the target's unit is Currency, and qualified-leads is measured in Count: write the target in Count, nothing is converted",
			},
		},
		"relative without baseline": {
			newStory().goal("g", "new-revenue", "10", mode(v1alpha1.TargetIncreaseByPercent)),
			v1alpha1.Finding{
				Rule: RuleGoalBaselineMissing, Field: "spec.goals[g].baseline",
				Message: "the target is relative and the goal has no baseline: add baseline, or use mode Absolute",
			},
		},
		"decrease without baseline": {
			newStory().goal("g", "first-call", "5"),
			v1alpha1.Finding{
				Rule: RuleGoalBaselineMissing, Field: "spec.goals[g].baseline",
				Message: "less is better for first-call, so the goal needs to know from where: add baseline",
			},
		},
		"zero target": {
			newStory().goal("g", "new-revenue", "0"),
			v1alpha1.Finding{
				Rule: RuleGoalTargetInvalid, Field: "spec.goals[g].target", Message: "the target is EUR 0: write one that is above zero",
			},
		},
		"negative target": {
			newStory().goal("g", "new-revenue", "100", baseline("40"), mode(v1alpha1.TargetDecreaseBy)),
			v1alpha1.Finding{
				Rule: RuleGoalTargetInvalid, Field: "spec.goals[g].target", Message: "the target is EUR -60: write one that is above zero",
			},
		},
		"negative target of a decrease": {
			newStory().goal("g", "complaints", "100", baseline("40"), mode(v1alpha1.TargetDecreaseBy)),
			v1alpha1.Finding{
				Rule: RuleGoalTargetInvalid, Field: "spec.goals[g].target", Message: "the target is -60: write one that is not below zero",
			},
		},
		"target of a level below its baseline": {
			newStory().goal("g", "retention", "70", baseline("80")),
			v1alpha1.Finding{
				Rule: RuleGoalTargetInvalid, Field: "spec.goals[g].target",
				Message: "more is better for retention, and the target 70% is below the baseline 80%: write a higher target",
			},
		},
		"increase of what is to decrease": {
			newStory().goal("g", "first-call", "12", baseline("10")),
			v1alpha1.Finding{
				Rule: RuleGoalTargetInvalid, Field: "spec.goals[g].target",
				Message: "less is better for first-call, and the target 12 days is above the baseline 10 days: write a lower target",
			},
		},
		"a number that is none": {
			newStory().goal("g", "new-revenue", "1e9"),
			v1alpha1.Finding{
				Rule: RuleGoalTargetInvalid, Field: "spec.goals[g].target",
				Message: `value "1e9" is not a plain decimal number such as 1250 or 12.5: an exponent is not allowed (allowed are at most 15 digits before ` +
					"and 6 after the point, no exponent, no separators, no leading zeros, no sign on zero)",
			},
		},
		"no target": {
			newStory().goal("g", "new-revenue", "1", func(g *v1alpha1.Goal) { g.Target = nil }),
			v1alpha1.Finding{
				Rule: RuleGoalTargetInvalid, Field: "spec.goals[g].target",
				Message: "the goal has no target: add target, or say in deliverable what is to be done",
			},
		},
		"due outside the period": {
			newStory().goal("g", "new-revenue", "10", due("2027-01-01")),
			v1alpha1.Finding{
				Rule: RuleGoalDueOutsidePeriod, Field: "spec.goals[g].due",
				Message: "2027-01-01 is outside the plan's period, 2026-07-01 to 2026-12-31: choose a day within it; until then the goal is judged by 2026-12-31",
			},
		},
		"milestone outside the period": {
			newStory().goal("g", "new-revenue", "10", milestones("2026-06-30", "1")),
			v1alpha1.Finding{
				Rule: RuleMilestoneOutsidePeriod, Field: "spec.goals[g].milestones[2026-06-30].day",
				Message: "2026-06-30 is not a day from 2026-07-01 to 2026-12-31: move the milestone or remove it; until then it is left out",
			},
		},
		"milestone after the goal is due": {
			newStory().goal("g", "new-revenue", "10", due("2026-10-31"), milestones("2026-11-30", "9")),
			v1alpha1.Finding{
				Rule: RuleMilestoneOutsidePeriod, Field: "spec.goals[g].milestones[2026-11-30].day",
				Message: "2026-11-30 is not a day from 2026-07-01 to 2026-10-31: move the milestone or remove it; until then it is left out",
			},
		},
		"milestone that falls back": {
			newStory().goal("g", "new-revenue", "10", milestones("2026-09-30", "3", "2026-08-31", "4")),
			v1alpha1.Finding{
				Rule: RuleMilestoneNotOnTheWay, Field: "spec.goals[g].milestones[2026-09-30].value",
				Message: "EUR 3 falls back behind what is expected before: write a value toward the target, EUR 10; until then the milestone is left out",
			},
		},
		"milestone beyond the target": {
			newStory().goal("g", "first-call", "5", baseline("10"), milestones("2026-09-30", "4")),
			v1alpha1.Finding{
				Rule: RuleMilestoneNotOnTheWay, Field: "spec.goals[g].milestones[2026-09-30].value",
				Message: "4 days by 2026-09-30 does not lie toward the target, 5 days by 2026-12-31: write a value on the way; until then the milestone is left out",
			},
		},
		"milestone that contradicts the target": {
			newStory().goal("g", "new-revenue", "10", milestones("2026-12-31", "9")),
			v1alpha1.Finding{
				Rule: RuleMilestoneNotOnTheWay, Field: "spec.goals[g].milestones[2026-12-31].value",
				Message: "EUR 9 by 2026-12-31 does not lie toward the target, EUR 10 by 2026-12-31: write a value on the way; until then the milestone is left out",
			},
		},
		"weights that make too little": {
			newStory().goal("a", "new-revenue", "10", weight("60")).goal("b", "qualified-leads", "10", weight("39.5")),
			v1alpha1.Finding{
				Rule: RuleGoalWeightsInvalid, Field: "spec.goals",
				Message: "the weights of the goals add up to 99.5%, not 100%: change weightPercent so that they add up to 100",
			},
		},
		"some weights missing": {
			newStory().goal("a", "new-revenue", "10", weight("100")).goal("b", "qualified-leads", "10"),
			v1alpha1.Finding{
				Rule: RuleGoalWeightsInvalid, Field: "spec.goals",
				Message: "1 of 2 goals state no weight: state weightPercent for every goal so that they add up to 100, or for none",
			},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			tc.want.Severity = v1alpha1.SeverityError
			got := tc.story.at("2026-07-15")
			if diff := cmp.Diff([]v1alpha1.Finding{tc.want}, got.findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// One wrong goal does not keep the others from being judged.
func TestOtherGoalsAreJudged(t *testing.T) {
	s := newStory().goal("bad", "new-revenue", "0").goal("good", "qualified-leads", "100").measured("qualified-leads", "2026-12-31", "100")
	during, after := s.at("2026-12-31T12:00:00+01:00"), s.at("2027-02-01")
	if got := during.goal("good").Verdict; got != v1alpha1.VerdictAttained {
		t.Errorf("the good goal is %s", got)
	}
	want := &v1alpha1.ScoreStatus{
		State: "Provisional", Percent: new(int32(50)), UnmeasuredWeightPercent: new(int32(50)),
		Message: "50% so far, without the goals that are not measured and weigh 50%: bad",
	}
	if diff := cmp.Diff(want, during.Score); diff != "" {
		t.Errorf("during the period (-want +got):\n%s", diff)
	}
	want = &v1alpha1.ScoreStatus{
		State: "Unknown", UnmeasuredWeightPercent: new(int32(50)), Message: "no score: not all goals can be judged (bad): see findings",
	}
	if diff := cmp.Diff(want, after.Score); diff != "" {
		t.Errorf("after it (-want +got):\n%s", diff)
	}
	if after.Attainment != nil || !after.Final {
		t.Errorf("attainment %v, final %v", after.Attainment, after.Final)
	}
}

func TestOriginalTarget(t *testing.T) {
	s := newStory().goal("g", "new-revenue", "90")
	first := newStory().goal("g", "new-revenue", "10", baseline("100"), mode(v1alpha1.TargetIncreaseByPercent)).plan.Obj()
	s.original = &first.Spec.PlanTerms
	got := s.at("2026-07-15").goal("g")
	if got.Target != "90" || got.OriginalTarget != "110" {
		t.Errorf("target %s, originally %s", got.Target, got.OriginalTarget)
	}
}

func TestNothingToJudgeBy(t *testing.T) {
	plan := newStory().goal("g", "new-revenue", "10").plan.Obj()
	horizon := verdict.NewHorizon(fiscal.UTC().StartOf(1))
	got := Evaluate(Input{Terms: &plan.Spec.PlanTerms}, &verdict.Findings{}, horizon)
	want := verdict.Unknown(v1alpha1.ReasonNotEvaluated, "the plan's program or period is not known")
	if got.OnTrack != want || got.ResultsStale != want || got.Attainment != nil || got.Final || !horizon.Next().IsZero() {
		t.Errorf("got %+v", got)
	}
	if message := got.Goals[0].Message; message != "cannot be judged: the plan's program or period is not known" {
		t.Errorf("the goal says %q", message)
	}
	Evaluate(Input{}, &verdict.Findings{}, horizon)
}

func TestTarget(t *testing.T) {
	tests := map[string]struct {
		mode     v1alpha1.TargetMode
		baseline v1alpha1.Decimal
		want     string
	}{
		"absolute":            {v1alpha1.TargetAbsolute, "", "10"},
		"increase":            {v1alpha1.TargetIncreaseBy, "2.5", "25/2"},
		"increase by percent": {v1alpha1.TargetIncreaseByPercent, "2.5", "11/4"},
		"decrease":            {v1alpha1.TargetDecreaseBy, "2.5", "-15/2"},
		"decrease by percent": {v1alpha1.TargetDecreaseByPercent, "2.5", "9/4"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := Target(&v1alpha1.Goal{Baseline: tc.baseline, Target: &v1alpha1.Target{Mode: tc.mode, Value: "10"}})
			if err != nil || got.RatString() != tc.want {
				t.Errorf("got %v, %v; want %s", got, err, tc.want)
			}
		})
	}
	for _, goal := range []*v1alpha1.Goal{
		{},
		{Target: &v1alpha1.Target{Mode: "Sideways", Value: "1"}, Baseline: "1"},
		{Target: &v1alpha1.Target{Mode: v1alpha1.TargetIncreaseBy, Value: "1"}, Baseline: "x"},
	} {
		if _, err := Target(goal); err == nil {
			t.Errorf("no error for %+v", goal)
		}
	}
}
