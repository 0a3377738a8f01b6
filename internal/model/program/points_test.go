package program

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

// withPoints is a program of two rule sets, in force from 2026 and 2027, of which the first gives the points that are given.
func withPoints(points ...v1alpha1.PointsRule) *Program {
	flow := func(name v1alpha1.Name, unit v1alpha1.MetricUnit) v1alpha1.Metric {
		return v1alpha1.Metric{Name: name, Unit: unit, Behaviour: v1alpha1.BehaviourFlow}
	}
	spec := &v1alpha1.PartnerProgramSpec{
		Currency: "EUR",
		Metrics: []v1alpha1.Metric{
			flow("points", v1alpha1.UnitCount), flow("sourced", v1alpha1.UnitCount), flow("revenue", v1alpha1.UnitCurrency), flow("bonus", v1alpha1.UnitCurrency),
			flow("share", v1alpha1.UnitPercent), flow("leads", v1alpha1.UnitCount), flow("twice", v1alpha1.UnitCount),
			{Name: "retention", Unit: v1alpha1.UnitPercent, Behaviour: v1alpha1.BehaviourStock},
		},
		RuleSets: []v1alpha1.RuleSet{
			{Name: "y2026", EffectiveFrom: "2026-01-01", Points: points},
			{Name: "y2027", EffectiveFrom: "2027-01-01", Points: []v1alpha1.PointsRule{{Metric: "twice", Of: "sourced", Points: "1"}}},
		},
	}
	spec.Metrics[5].Role = v1alpha1.RoleLeads
	return Compile("p", spec)
}

func TestPointsThatCannotBeUsed(t *testing.T) {
	const until = ": until this is corrected these points do not count"
	for name, tc := range map[string]struct {
		rule v1alpha1.PointsRule
		want []v1alpha1.Finding
	}{
		"good":                 {rule: v1alpha1.PointsRule{Metric: "points", Of: "sourced", Points: "4", Per: "100"}},
		"an amount of amounts": {rule: v1alpha1.PointsRule{Metric: "bonus", Of: "revenue", Points: "0.02"}},
		"a level": {v1alpha1.PointsRule{Metric: "points", Of: "retention", Points: "4"}, []v1alpha1.Finding{{
			Rule: RulePointsInvalid, Field: "of", Message: "retention is a level, and levels are not added up: name a metric with behaviour Flow" + until,
		}}},
		"to a level": {v1alpha1.PointsRule{Metric: "retention", Of: "sourced", Points: "4"}, []v1alpha1.Finding{{
			Rule: RulePointsInvalid, Field: "metric", Message: "retention is a level, and points add up: make its behaviour Flow" + until,
		}}},
		"to a percentage": {v1alpha1.PointsRule{Metric: "share", Of: "sourced", Points: "4"}, []v1alpha1.Finding{{
			Rule: RulePointsInvalid, Field: "metric", Message: "share is in Percent, and points are counted: make its unit Count" + until,
		}}},
		"an amount of a count": {v1alpha1.PointsRule{Metric: "bonus", Of: "sourced", Points: "4"}, []v1alpha1.Finding{{
			Rule: RulePointsInvalid, Field: "of", Message: "bonus is an amount of money, and sourced is in Count: make the unit of bonus Count" + until,
		}}},
		"to a metric with a role": {v1alpha1.PointsRule{Metric: "leads", Of: "sourced", Points: "4"}, []v1alpha1.Finding{{
			Rule: RulePointsInvalid, Field: "metric", Message: "leads is computed and never measured, so it has no role, no sourceOfRecord and no totals: remove these " +
				"from spec.metrics, or give the points to a metric of their own" + until,
		}}},
		"of points, of another rule set even": {v1alpha1.PointsRule{Metric: "points", Of: "twice", Points: "4"}, []v1alpha1.Finding{{
			Rule: RulePointsInvalid, Field: "of", Message: "twice is itself computed of points: name the metrics that it counts" + until,
		}}},
		"per nothing": {v1alpha1.PointsRule{Metric: "points", Of: "sourced", Points: "4", Per: "0"}, []v1alpha1.Finding{{
			Rule: RulePointsInvalid, Message: "points and per must be plain decimal numbers, per above zero: these points do not count until it is corrected",
		}}},
		"of no metric": {v1alpha1.PointsRule{Metric: "points", Of: "source", Points: "4"}, []v1alpha1.Finding{{
			Rule: RuleMetricUnknown, Field: "of", Message: `spec.metrics has no metric "source": did you mean "sourced"?`,
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			p := withPoints(tc.rule)
			var got []v1alpha1.Finding
			for _, f := range p.Findings {
				if f.Rule == RulePointsInvalid || f.Rule == RuleMetricUnknown {
					got = append(got, f)
				}
			}
			for i := range tc.want {
				at := "spec.ruleSets[y2026].points[0]"
				if tc.want[i].Field != "" {
					at += "."
				}
				tc.want[i].Severity, tc.want[i].Field = v1alpha1.SeverityError, at+tc.want[i].Field
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if counts := p.PointsOf(tc.rule.Metric, tc.rule.Of, fiscal.MustParseDay("2026-06-01")) != nil; counts != (len(tc.want) == 0) {
				t.Errorf("counts: %t", counts)
			}
		})
	}
}

func TestPointsAreInForceWithTheirRuleSet(t *testing.T) {
	p := withPoints(v1alpha1.PointsRule{Metric: "points", Of: "sourced", Points: "4", Per: "100"})
	for day, want := range map[v1alpha1.Date]struct {
		computes bool
		points   string
	}{
		"2025-12-31": {false, ""}, "2026-01-01": {true, "1/25"}, "2026-12-31": {true, "1/25"}, "2027-01-01": {false, ""},
	} {
		on, points := fiscal.MustParseDay(day), ""
		if x := p.PointsOf("points", "sourced", on); x != nil {
			points = x.RatString()
		}
		if p.Computes("points", on) != want.computes || points != want.points {
			t.Errorf("%s: computed %t, %s points; want %t, %s", day, p.Computes("points", on), points, want.computes, want.points)
		}
	}
	for span, want := range map[fiscal.Span]v1alpha1.Date{
		{From: fiscal.MustParseDay("2025-07-01"), Through: fiscal.MustParseDay("2025-12-31")}: "",
		{From: fiscal.MustParseDay("2025-07-01"), Through: fiscal.MustParseDay("2026-01-01")}: "2026-01-01",
		{From: fiscal.MustParseDay("2026-07-01"), Through: fiscal.MustParseDay("2027-06-30")}: "2026-07-01",
		{From: fiscal.MustParseDay("2027-01-01"), Through: fiscal.MustParseDay("2027-06-30")}: "",
	} {
		var got v1alpha1.Date
		if list := p.CountedIn("points", span); len(list) == 1 {
			got = list[0].From.Date()
		}
		if got != want {
			t.Errorf("%s: counted from %q, want %q", span, got, want)
		}
	}
}
