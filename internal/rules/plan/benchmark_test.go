package plan_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// reached is what goals for a metric reached, by a tier or by all.
func reached(metric, tier v1alpha1.Name, p25, p50, p75 v1alpha1.Decimal) v1alpha1.PublishedRow {
	return v1alpha1.PublishedRow{
		BenchmarkCohort: v1alpha1.BenchmarkCohort{Measure: v1alpha1.MeasureGrowthReachedPercent, Metric: metric, Tier: tier},
		Quartiles:       v1alpha1.Quartiles{Partners: 8, Rows: 11, P25: p25, P50: p50, P75: p75},
	}
}

// lastQuarter is the benchmark of the quarter before the plan's period, computed on a day.
func lastQuarter(computedOn v1alpha1.Date, rows ...v1alpha1.PublishedRow) *v1alpha1.PublishedBenchmark {
	b := testobj.Published("northwind-fy2026-q4", "northwind", rows...)
	b.Spec.Days, b.Spec.ComputedOn = v1alpha1.DayRange{From: "2026-04-01", Through: "2026-06-30"}, computedOn
	return b
}

// TestRealisticIsWhatOthersReached has a gold partner that asks for 20 percent more than 500,000.
func TestRealisticIsWhatOthersReached(t *testing.T) {
	bound := func(r *v1alpha1.RuleSet) {
		r.Realism = []v1alpha1.RealismBound{{Metric: "new-revenue", MaxIncreasePercent: "25"}}
	}
	tight := func(r *v1alpha1.RuleSet) {
		r.Realism = []v1alpha1.RealismBound{{Metric: "new-revenue", MaxIncreasePercent: "15"}}
	}
	const open = `whether goal "revenue" is realistic cannot be judged: `
	const noBound = open + `rule set "fy27" states no bound for metric "new-revenue"; it can be added to its realism`
	const high = "the target is 20 percent above the baseline of 500,000, and three in four goals for new-revenue reached at most 18 percent " +
		"(benchmark northwind-fy2026-q4, 11 goals of 8 gold partners)"
	below := reached("new-revenue", "gold", "5", "11", "18")
	for name, tc := range map[string]struct {
		change     func(*v1alpha1.JointPlanSpec)
		rules      func(*v1alpha1.RuleSet)
		benchmarks []*v1alpha1.PublishedBenchmark
		verdict    string
		finding    string // Severity message; empty for none
	}{
		"no benchmark": {verdict: "Unknown/NotJudged", finding: "Info " + noBound},
		"above what three in four of the tier reached": {
			benchmarks: []*v1alpha1.PublishedBenchmark{lastQuarter("2026-07-02", below)}, verdict: "False/NotSmart",
			finding: `Warning goal "revenue" is not realistic: ` + high + "; lower the target. A bound in the realism of the rule set would decide instead",
		},
		"as much as three in four reached": {
			benchmarks: []*v1alpha1.PublishedBenchmark{lastQuarter("2026-07-02", reached("new-revenue", "gold", "5", "11", "20"))}, verdict: "True/Smart",
		},
		"the tier has no figures, all have": {
			benchmarks: []*v1alpha1.PublishedBenchmark{lastQuarter("2026-07-02", reached("new-revenue", "", "5", "11", "19"), reached("new-revenue", "silver", "5", "11", "90"))},
			verdict:    "False/NotSmart",
			finding: `Warning goal "revenue" is not realistic: the target is 20 percent above the baseline of 500,000, and three in four goals for new-revenue reached at most ` +
				"19 percent (benchmark northwind-fy2026-q4, 11 goals of 8 partners); lower the target. A bound in the realism of the rule set would decide instead",
		},
		"figures of another metric": {
			benchmarks: []*v1alpha1.PublishedBenchmark{lastQuarter("2026-07-02", reached("qualified-leads", "", "5", "11", "19"))},
			verdict:    "Unknown/NotJudged", finding: "Info " + noBound,
		},
		"another program's": {
			benchmarks: []*v1alpha1.PublishedBenchmark{func() *v1alpha1.PublishedBenchmark {
				b := lastQuarter("2026-07-02", below)
				b.Spec.ProgramRef.Name = "southwind"
				return b
			}()}, verdict: "Unknown/NotJudged", finding: "Info " + noBound,
		},
		"no baseline": {
			change:     func(s *v1alpha1.JointPlanSpec) { s.Goals[0].Baseline = "" },
			benchmarks: []*v1alpha1.PublishedBenchmark{lastQuarter("2026-07-02", below)}, verdict: "Unknown/NotJudged",
			finding: "Info " + open + "others are compared by their change against the baseline (benchmark northwind-fy2026-q4, 11 goals of 8 gold partners), " +
				"and the goal has none above zero; add baseline",
		},
		"within the program's bound, which decides": {
			rules: bound, benchmarks: []*v1alpha1.PublishedBenchmark{lastQuarter("2026-07-02", below)}, verdict: "True/Smart",
			finding: `Info goal "revenue" is realistic by the program's rules, but ` + high + ": make sure that the plan says how",
		},
		"beyond the program's bound, which decides": {
			rules: tight, benchmarks: []*v1alpha1.PublishedBenchmark{lastQuarter("2026-07-02", reached("new-revenue", "gold", "5", "11", "90"))}, verdict: "False/NotSmart",
			finding: `Warning goal "revenue" is not realistic: rule set "fy27" allows a change of at most 15 percent against the baseline of 500,000; ` +
				"the target 600,000 changes it by 20 percent",
		},
		"a quarter of the plan's own period judges nothing": {
			benchmarks: []*v1alpha1.PublishedBenchmark{testobj.Published("northwind-fy2027-q1", "northwind", below)},
			verdict:    "Unknown/NotJudged", finding: "Info " + noBound,
		},
		"one that is computed tomorrow": {
			benchmarks: []*v1alpha1.PublishedBenchmark{lastQuarter("2026-08-13", below)}, verdict: "Unknown/NotJudged", finding: "Info " + noBound,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := testobj.Plan("h1").Goal("revenue", "new-revenue", "600000").Commitment("train", "", "revenue").Obj()
			p.Spec.Goals[0].Baseline = "500000"
			if tc.change != nil {
				tc.change(&p.Spec)
			}
			objects := world(p, tc.rules)
			for _, b := range tc.benchmarks {
				objects = append(objects, b)
			}
			got := plan.Evaluate(testobj.Snapshot(objects...), p, noon)
			says(t, got.Status.Conditions, v1alpha1.ConditionSmart, tc.verdict)
			if said := ofRule(got.Status.Findings, plan.RuleSmartRealistic); said != tc.finding {
				t.Errorf("found\n%s\nwant\n%s", said, tc.finding)
			}
		})
	}
}

// ofRule writes the findings of a rule in a line each.
func ofRule(findings []v1alpha1.Finding, rule string) string {
	var lines []string
	for _, f := range findings {
		if f.Rule == rule {
			lines = append(lines, string(f.Severity)+" "+f.Message)
		}
	}
	return strings.Join(lines, "\n")
}

// TestWhatIsToDecreaseIsRealisticAsFarAsOthersWentDown has a metric of which less is better.
func TestWhatIsToDecreaseIsRealisticAsFarAsOthersWentDown(t *testing.T) {
	p := testobj.Plan("h1").Goal("churn", "churn", "70").Commitment("call", "", "churn").Obj()
	p.Spec.Goals[0].Baseline = "100"
	for edge, want := range map[v1alpha1.Decimal]string{
		"-30": "",
		"-29": `Warning goal "churn" is not realistic: the target is 30 percent below the baseline of 100, and three in four goals for churn reached at most 29 percent ` +
			"(benchmark northwind-fy2026-q4, 11 goals of 8 partners); lower the target. A bound in the realism of the rule set would decide instead",
	} {
		objects := world(p, nil, lastQuarter("2026-07-02", reached("churn", "", edge, "-10", "5")))
		for _, x := range objects {
			if program, ok := x.(*v1alpha1.PartnerProgram); ok {
				program.Spec.Metrics = append(program.Spec.Metrics, v1alpha1.Metric{
					Name: "churn", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourFlow, Direction: v1alpha1.DirectionDecrease, SourceOfRecord: "crm",
				})
			}
		}
		got := plan.Evaluate(testobj.Snapshot(objects...), p, noon)
		if said := ofRule(got.Status.Findings, plan.RuleSmartRealistic); said != want {
			t.Errorf("at %s percent found\n%s\nwant\n%s", edge, said, want)
		}
	}
}

// TestWhichBenchmarkJudges has one of the quarter before the period that is computed again later, and a plan that was submitted between the two.
func TestWhichBenchmarkJudges(t *testing.T) {
	p := testobj.Plan("h1").Goal("revenue", "new-revenue", "600000").Commitment("train", "", "revenue").Obj()
	p.Spec.Goals[0].Baseline = "500000"
	first, second := lastQuarter("2026-07-02", reached("new-revenue", "", "5", "11", "18")), lastQuarter("2026-08-01", reached("new-revenue", "", "5", "11", "40"))
	second.Name = "northwind-fy2026-q4-again"
	objects := world(p, nil, first, second)
	submitted := testobj.Decision("d", "h1", plan.Revision(&p.Spec.PlanTerms), partner, approved, "2026-07-31T21:59:59Z")
	ofAnother := testobj.Decision("e", "h1", "v1:another", partner, approved, "2026-07-05T09:00:00Z")
	byVendor := testobj.Decision("f", "h1", plan.Revision(&p.Spec.PlanTerms), vendor, approved, "2026-07-05T09:00:00Z")
	again := testobj.Decision("g", "h1", plan.Revision(&p.Spec.PlanTerms), partner, approved, "2026-08-20T09:00:00Z")
	for name, tc := range map[string]struct {
		at      string
		others  []any
		verdict string
		next    string // empty where it is not asked
	}{
		"before there is any":                    {"2026-07-01T12:00:00+02:00", nil, "Unknown", "2026-07-02T00:00:00+02:00"},
		"the first":                              {"2026-07-02T00:00:00+02:00", nil, "False", ""},
		"the second, while nothing is submitted": {"2026-08-01T00:00:00+02:00", nil, "True", ""},
		"the first, of what was submitted a moment before the second": {"2026-09-01T12:00:00+02:00", []any{submitted}, "False", ""},
		"the first, although it was submitted once more":              {"2026-09-01T12:00:00+02:00", []any{submitted, again}, "False", ""},
		"the second, of what was submitted in another version":        {"2026-09-01T12:00:00+02:00", []any{ofAnother}, "True", ""},
		"the second, of what the vendor alone approved":               {"2026-09-01T12:00:00+02:00", []any{byVendor}, "True", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := plan.Evaluate(testobj.Snapshot(slices.Concat(objects, tc.others)...), p, testobj.At(tc.at))
			for _, c := range got.Status.Conditions {
				if c.Type == v1alpha1.ConditionSmart && string(c.Status) != tc.verdict {
					t.Errorf("Smart is %s, want %s: %s", c.Status, tc.verdict, ofRule(got.Status.Findings, plan.RuleSmartRealistic))
				}
			}
			if tc.next != "" && got.NextChange.After(testobj.At(tc.next)) {
				t.Errorf("the next change is %s, want %s at the latest", got.NextChange.Format(time.RFC3339), tc.next)
			}
		})
	}
}
