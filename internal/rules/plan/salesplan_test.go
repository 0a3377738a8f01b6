package plan_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// withSales is a plan for the second half of 2026 (FY2027 H1: quarters Q1 and Q2) with a sales plan: revenue of 440,000 and retention of 95%.
func withSales(change func(*v1alpha1.JointPlanSpec)) *v1alpha1.JointPlan {
	return testobj.Plan("h1").Goal("revenue", "new-revenue", "440000").Goal("retention", "retention", "95").Deliverable("portal", "2026-09-30").
		With(func(s *v1alpha1.JointPlanSpec) {
			s.SalesPlan = &v1alpha1.SalesPlan{
				Qualification: "Budget, decision maker and date are named.",
				Quarters: []v1alpha1.SalesQuarter{
					{Goal: "revenue", Quarter: "Q2", Target: "240000", Forecast: "250000"},
					{Goal: "revenue", Quarter: "Q1", Target: "200000"},
					{Goal: "retention", Quarter: "Q1", Target: "90"},
					{Goal: "retention", Quarter: "Q2", Target: "95"},
				},
				Stages: []v1alpha1.SalesStage{
					{Name: "lead", Metric: "qualified-leads"},
					{Name: "qualified", Metric: "opportunities", ExpectedRatePercent: "20"},
					{Name: "proposal", ExpectedRatePercent: "60"},
					{Name: "won", Metric: "deals-won"},
				},
				ExpectedWinRatePercent: "30",
			}
			if change != nil {
				change(s)
			}
		}).Obj()
}

// salesWorld is a plan with a program whose metrics have roles.
func salesWorld(p *v1alpha1.JointPlan, others ...any) []any {
	program := testobj.Program("northwind").With(func(s *v1alpha1.PartnerProgramSpec) {
		s.Metrics = append(s.Metrics,
			v1alpha1.Metric{Name: "opportunities", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourFlow, Role: v1alpha1.RoleOpportunities},
			v1alpha1.Metric{Name: "deals-won", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourFlow, Role: v1alpha1.RoleWins})
	})
	return append([]any{program.Obj(), testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(), p}, others...)
}

func TestWhatASalesPlanGetsWrong(t *testing.T) {
	quarters := func(all ...v1alpha1.SalesQuarter) func(*v1alpha1.JointPlanSpec) {
		return func(s *v1alpha1.JointPlanSpec) { s.SalesPlan.Quarters = all }
	}
	const rest = `add up to EUR 200,000, and the goal's target is EUR 440,000 (EUR 240,000 short): correct the quarters, or the goal's target`
	for name, tc := range map[string]struct {
		change func(*v1alpha1.JointPlanSpec)
		want   []string
	}{
		"nothing": {},
		"too little": {
			quarters(v1alpha1.SalesQuarter{Goal: "revenue", Quarter: "Q1", Target: "200000"}),
			[]string{"Warning SalesTargetsDiffer spec.salesPlan.quarters: the targets of the quarters of goal \"revenue\" " + rest},
		},
		"too much": {
			func(s *v1alpha1.JointPlanSpec) { s.SalesPlan.Quarters[1].Target = "200000.50" },
			[]string{`Warning SalesTargetsDiffer spec.salesPlan.quarters: the targets of the quarters of goal "revenue" add up to EUR 440,000.50, and the goal's ` +
				`target is EUR 440,000 (EUR 0.50 too much): correct the quarters, or the goal's target`},
		},
		"a relative target": {func(s *v1alpha1.JointPlanSpec) {
			s.Goals[0].Baseline, s.Goals[0].Target = "400000", &v1alpha1.Target{Mode: v1alpha1.TargetIncreaseByPercent, Value: "10"}
		}, nil},
		"a level that does not end at its target": {
			func(s *v1alpha1.JointPlanSpec) { s.SalesPlan.Quarters[3].Target = "94" },
			[]string{`Warning SalesTargetsDiffer spec.salesPlan.quarters: the last quarter of goal "retention" ends at 94%, and the goal's target is 95%: ` +
				`correct the quarter, or the goal`},
		},
		"an unknown goal": {
			quarters(v1alpha1.SalesQuarter{Goal: "revenues", Quarter: "Q1", Target: "1"}),
			[]string{`Error GoalUnknown spec.salesPlan.quarters[revenues/Q1].goal: the plan has no goal "revenues": did you mean "revenue"?`},
		},
		"a deliverable": {
			quarters(v1alpha1.SalesQuarter{Goal: "portal", Quarter: "Q1", Target: "1"}),
			[]string{`Error SalesQuarterInvalid spec.salesPlan.quarters[portal/Q1].goal: goal "portal" is a deliverable, which has no figures by quarter: ` +
				`name a goal with a metric, or remove the entry`},
		},
		"a quarter of another half": {
			func(s *v1alpha1.JointPlanSpec) {
				s.SalesPlan.Quarters = append(s.SalesPlan.Quarters, v1alpha1.SalesQuarter{Goal: "revenue", Quarter: "Q3", Target: "1"})
			},
			[]string{`Error SalesQuarterInvalid spec.salesPlan.quarters[revenue/Q3].quarter: Q3 is not a quarter of the plan's period, 2026-07-01 to 2026-12-31: ` +
				`choose one of FY2027 Q1 and FY2027 Q2`},
		},
		"days beyond the period": {
			func(s *v1alpha1.JointPlanSpec) {
				s.SalesPlan.Quarters = append(s.SalesPlan.Quarters, v1alpha1.SalesQuarter{Goal: "revenue", From: "2026-12-01", Through: "2027-01-31", Target: "1"})
			},
			[]string{`Error SalesQuarterInvalid spec.salesPlan.quarters[revenue/2026-12-01].from: 2026-12-01 to 2027-01-31 is not within the plan's period, ` +
				`2026-07-01 to 2026-12-31: choose days within it`},
		},
		"a period without a whole quarter": {
			func(s *v1alpha1.JointPlanSpec) {
				s.Period = v1alpha1.Period{From: "2026-08-01", Through: "2026-11-30"}
				s.SalesPlan.Quarters = s.SalesPlan.Quarters[1:2]
			},
			[]string{`Error SalesQuarterInvalid spec.salesPlan.quarters[revenue/Q1].quarter: the plan's period, 2026-08-01 to 2026-11-30, has no whole fiscal quarter: ` +
				`write from and through instead`},
		},
		"a quarter that the period has twice": {
			func(s *v1alpha1.JointPlanSpec) {
				s.Period = v1alpha1.Period{From: "2026-07-01", Through: "2028-06-30"}
				s.SalesPlan.Quarters = s.SalesPlan.Quarters[1:2]
			},
			[]string{`Error SalesQuarterInvalid spec.salesPlan.quarters[revenue/Q1].quarter: the plan's period, 2026-07-01 to 2028-06-30, has several quarters Q1: ` +
				`write from and through instead`},
		},
		"the same days twice": {
			func(s *v1alpha1.JointPlanSpec) {
				s.SalesPlan.Quarters = append(s.SalesPlan.Quarters, v1alpha1.SalesQuarter{Goal: "revenue", From: "2026-09-01", Through: "2026-09-30", Target: "0"})
			},
			[]string{`Error SalesQuarterInvalid spec.salesPlan.quarters: goal "revenue" has two entries for the same days, FY2027 Q1 and 2026-09-01 to 2026-09-30: ` +
				`leave one of them`},
		},
		"days within a quarter, behind others within it": {
			func(s *v1alpha1.JointPlanSpec) {
				for _, from := range []v1alpha1.Date{"2026-08-01", "2026-09-01"} {
					s.SalesPlan.Quarters = append(s.SalesPlan.Quarters, v1alpha1.SalesQuarter{Goal: "revenue", From: from, Through: from, Target: "0"})
				}
			},
			[]string{
				`Error SalesQuarterInvalid spec.salesPlan.quarters: goal "revenue" has two entries for the same days, FY2027 Q1 and 2026-08-01: ` +
					`leave one of them`,
				`Error SalesQuarterInvalid spec.salesPlan.quarters: goal "revenue" has two entries for the same days, FY2027 Q1 and 2026-09-01: ` +
					`leave one of them`,
			},
		},
		"an unknown metric of a stage": {
			func(s *v1alpha1.JointPlanSpec) { s.SalesPlan.Stages[1].Metric = "opportunity" },
			[]string{`Error SalesMetricUnknown spec.salesPlan.stages[qualified].metric: program northwind has no metric "opportunity": ` +
				`did you mean "opportunities"?`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := withSales(tc.change)
			got := plan.Evaluate(testobj.Snapshot(salesWorld(p)...), p, noon)
			var found []string
			for _, f := range got.Status.Findings {
				if strings.Contains(f.Field, "salesPlan") {
					found = append(found, fmt.Sprintf("%s %s %s: %s", f.Severity, f.Rule, f.Field, f.Message))
				}
			}
			if diff := cmp.Diff(tc.want, found); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAWinRateNeedsAMetric(t *testing.T) {
	p := withSales(nil)
	got := plan.Evaluate(testobj.Snapshot(world(p, nil)...), p, noon)
	finds(t, got.Status.Findings, v1alpha1.SeverityInfo, plan.RuleWinRateNotMeasured, "spec.salesPlan.expectedWinRatePercent",
		"program northwind has no metric with role Wins; add one to its catalogue")
}

func TestATierCanRequireASalesPlan(t *testing.T) {
	rules := func(r *v1alpha1.RuleSet) { r.Tiers[0].Planning.RequiredSections = []v1alpha1.PlanSection{"SalesPlan"} }
	for _, has := range []bool{true, false} {
		p := withSales(func(s *v1alpha1.JointPlanSpec) {
			if !has {
				s.SalesPlan = nil
			}
		})
		got := plan.Evaluate(testobj.Snapshot(world(p, rules)...), p, noon)
		if missing := strings.Contains(findingLines(got.Status.Findings), "the plan has no section SalesPlan"); missing == has {
			t.Errorf("with a sales plan %t: missing %t\n%s", has, missing, findingLines(got.Status.Findings))
		}
	}
}

func TestHowASalesPlanStands(t *testing.T) {
	about := func(name string, kind v1alpha1.SubjectKind, subject v1alpha1.Name, metric v1alpha1.Name, pairs ...string) *v1alpha1.MeasurementSet {
		b := testobj.Measurements(name, kind, subject)
		for i := 0; i+1 < len(pairs); i += 2 {
			b.Entry(metric, v1alpha1.Date(pairs[i]), v1alpha1.Decimal(pairs[i+1]))
		}
		return b.Obj()
	}
	onPlan := func(metric v1alpha1.Name, pairs ...string) *v1alpha1.MeasurementSet {
		return about("plan-"+string(metric), v1alpha1.SubjectJointPlan, "h1", metric, pairs...)
	}
	onCampaign := func(metric v1alpha1.Name, pairs ...string) *v1alpha1.MeasurementSet {
		return about("campaign-"+string(metric), v1alpha1.SubjectCampaign, "fair", metric, pairs...)
	}
	for name, tc := range map[string]struct {
		results []any
		at      string
		change  func(*v1alpha1.JointPlanSpec)
		want    string
	}{
		"nothing is measured": {at: "2026-08-12T12:00:00+02:00", want: `
FY2027 Q1 retention: - of 90
FY2027 Q1 revenue: - of 200000
FY2027 Q2 retention: - of 95
FY2027 Q2 revenue: - of 240000, stated 250000
lead: -
qualified: - (expected 20)
proposal: - (expected 60)
won: -
wins - of - (expected 30): no opportunities are measured in the period yet`},
		"half a quarter, then a quarter and a month": {
			results: []any{
				onPlan("new-revenue", "2026-08-15", "92000", "2026-09-30", "70000.55", "2026-10-31", "62000", "2026-11-30", "1"),
				onPlan("retention", "2026-08-31", "88", "2026-10-31", "91.5"),
				onCampaign("qualified-leads", "2026-08-31", "40", "2026-10-31", "20"), onCampaign("opportunities", "2026-10-01", "9"), onCampaign("deals-won", "2026-10-20", "2"),
			},
			at: "2026-11-03T10:00:00+01:00", want: `
FY2027 Q1 retention: 88 as of 2026-08-31 of 90
FY2027 Q1 revenue: 162000.55 as of 2026-09-30 of 200000 = 81%, forecast 162000.55
FY2027 Q2 retention: 91.5 as of 2026-10-31 of 95
FY2027 Q2 revenue: 62000 as of 2026-10-31 of 240000 = 25%, forecast 184000, stated 250000
lead: 60 of Campaign
qualified: 9 of Campaign = 15% (expected 20)
proposal: - (expected 60)
won: 2 of Campaign
wins 2 of 9 = 22% (expected 30)`,
		},
		"in the middle of a quarter": {
			results: []any{onPlan("new-revenue", "2026-08-15", "92000", "2026-09-30", "70000.55")},
			at:      "2026-08-20T10:00:00+02:00", want: `
FY2027 Q1 retention: - of 90
FY2027 Q1 revenue: 92000 as of 2026-08-15 of 200000 = 46%, forecast 184000
FY2027 Q2 retention: - of 95
FY2027 Q2 revenue: - of 240000, stated 250000
lead: -
qualified: - (expected 20)
proposal: - (expected 60)
won: -
wins - of - (expected 30): no opportunities are measured in the period yet`,
		},
		"opportunities of campaigns, and wins of the plan: no rate of the two": {
			results: []any{onCampaign("opportunities", "2026-10-01", "9"), onPlan("deals-won", "2026-10-20", "12"), onPlan("qualified-leads", "2026-10-20", "30")},
			at:      "2026-11-03T10:00:00+01:00",
			change:  func(s *v1alpha1.JointPlanSpec) { s.SalesPlan.Quarters = nil },
			want: `
lead: 30 of JointPlan
qualified: 9 of Campaign (expected 20)
proposal: - (expected 60)
won: 12 of JointPlan
wins 12 of 9 (expected 30): opportunities are those of the Campaign, and wins those of the JointPlan: report both about the same`,
		},
		"stages of different units": {
			results: []any{onPlan("qualified-leads", "2026-10-01", "10"), onPlan("new-revenue", "2026-10-20", "1200")},
			at:      "2026-11-03T10:00:00+01:00",
			change: func(s *v1alpha1.JointPlanSpec) {
				s.SalesPlan = &v1alpha1.SalesPlan{Stages: []v1alpha1.SalesStage{{Name: "lead", Metric: "qualified-leads"}, {Name: "won", Metric: "new-revenue"}}}
			},
			want: "\nlead: 10 of JointPlan\nwon: 1200 of JointPlan",
		},
		"no opportunities at all": {
			results: []any{onPlan("opportunities", "2026-10-01", "0"), onPlan("deals-won", "2026-10-20", "0")},
			at:      "2026-11-03T10:00:00+01:00",
			change:  func(s *v1alpha1.JointPlanSpec) { s.SalesPlan = &v1alpha1.SalesPlan{Qualification: "x"} },
			want:    "\nwins 0 of 0: there are no opportunities in the period so far",
		},
		"nothing expected and nothing measured": {
			at: "2026-11-03T10:00:00+01:00", change: func(s *v1alpha1.JointPlanSpec) { s.SalesPlan = &v1alpha1.SalesPlan{Qualification: "x"} },
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := withSales(tc.change)
			objects := append(salesWorld(p, testobj.Campaign("fair", "h1")), tc.results...)
			got := plan.Evaluate(testobj.Snapshot(withSources(objects)...), p, testobj.At(tc.at))
			if diff := cmp.Diff(tc.want, toldSales(got.Status.SalesPlan)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	p := withSales(func(s *v1alpha1.JointPlanSpec) { s.SalesPlan = nil })
	if got := plan.Evaluate(testobj.Snapshot(salesWorld(p)...), p, noon).Status.SalesPlan; got != nil {
		t.Errorf("without a sales plan: %+v", got)
	}
}

// withSources has measurement sets come from the system of record of the revenue.
func withSources(objects []any) []any {
	for _, x := range objects {
		if set, ok := x.(*v1alpha1.MeasurementSet); ok {
			set.Spec.Source = "crm"
		}
	}
	return objects
}

// toldSales writes how a sales plan stands, a line for each quarter, stage and the win rate.
func toldSales(x *v1alpha1.SalesPlanStatus) string {
	var b strings.Builder
	or := func(d v1alpha1.Decimal) string {
		if d == "" {
			return "-"
		}
		return string(d)
	}
	add := func(has bool, format string, args ...any) {
		if has {
			fmt.Fprintf(&b, format, args...)
		}
	}
	percent := func(p *int32) {
		if p != nil {
			fmt.Fprintf(&b, " = %d%%", *p)
		}
	}
	for _, q := range x.Quarters {
		add(true, "\n%s %s: %s", q.Label, q.Goal, or(q.Actual))
		add(q.AsOf != "", " as of %s", q.AsOf)
		add(true, " of %s", q.Target)
		percent(q.AttainmentPercent)
		add(q.Forecast != "", ", forecast %s", q.Forecast)
		add(q.StatedForecast != "", ", stated %s", q.StatedForecast)
	}
	for _, s := range x.Stages {
		add(true, "\n%s: %s", s.Name, or(s.Actual))
		add(s.MeasuredOn != "", " of %s", s.MeasuredOn)
		percent(s.ActualRatePercent)
		add(s.ExpectedRatePercent != "", " (expected %s)", s.ExpectedRatePercent)
	}
	if w := x.WinRate; w != nil {
		add(true, "\nwins %s of %s", or(w.Wins), or(w.Opportunities))
		percent(w.ActualPercent)
		add(w.ExpectedPercent != "", " (expected %s)", w.ExpectedPercent)
		add(w.Message != "", ": %s", w.Message)
	}
	return b.String()
}

// TestQuartersAddUpToTheGoal: with a quarter for each day of the period, the measured quarters of a flow add up to what the goal has reached.
func TestQuartersAddUpToTheGoal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := withSales(nil)
		set := testobj.Measurements("crm", v1alpha1.SubjectJointPlan, "h1")
		for range rapid.IntRange(0, 8).Draw(t, "entries") {
			set.Entry("new-revenue", drawDay(t, "on"), v1alpha1.Decimal(fmt.Sprint(rapid.IntRange(1, 90000).Draw(t, "value"))))
		}
		got := plan.Evaluate(testobj.Snapshot(withSources(append(salesWorld(p), set.Obj()))...), p, drawInstant(t)).Status
		sum, measured := new(big.Rat), false
		for _, q := range got.SalesPlan.Quarters {
			if q.Goal == "revenue" && q.Actual != "" {
				sum.Add(sum, decimal.MustParse(string(q.Actual)))
				measured = true
			}
		}
		for _, g := range got.Goals {
			if g.Name != "revenue" {
				continue
			}
			if measured != (g.Actual != "") || measured && decimal.MustParse(string(g.Actual)).Cmp(sum) != 0 {
				t.Fatalf("the quarters come to %s (measured: %t), the goal to %q", sum.FloatString(2), measured, g.Actual)
			}
		}
	})
}
