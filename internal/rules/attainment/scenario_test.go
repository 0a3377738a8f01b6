package attainment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/verdict"
)

// Schools buy in summer: most of a year's revenue is expected by the end of August.
func TestSeasonScenario(t *testing.T) {
	tests := map[string]struct {
		measured []string
		now      string
		want     v1alpha1.GoalStatus
		onTrack  verdict.Judgement
	}{
		"in August the plan is nearly where it should be": {
			measured: []string{"2026-07-31", "200000", "2026-08-31", "205000"},
			now:      "2026-09-10",
			want: v1alpha1.GoalStatus{
				Name: "revenue", Metric: "new-revenue", Initiatives: cloud, Verdict: v1alpha1.VerdictOnTrack, WeightPercent: new(int32(100)), Target: "600000", Due: "2027-06-30",
				Actual: "405000", AsOf: "2026-08-31", Source: "crm", Expected: "420000",
				AttainmentPercent: new(int32(67)), PacePercent: new(int32(96)), Forecast: "578571.42",
				Message: "EUR 405,000 of EUR 600,000 (67%) through 2026-08-31; EUR 420,000 expected by 2026-08-31: pace 96%, OnTrack from 95%; " +
					"forecast EUR 578,571.42 by 2027-06-30",
			},
			onTrack: verdict.True(v1alpha1.ReasonOnTrack, "%s", "the goals are at 96% of plan to date, OnTrack from 95%"),
		},
		"by the end of the year too little has followed": {
			measured: []string{"2026-08-31", "405000", "2026-12-31", "45000"},
			now:      "2027-01-05",
			want: v1alpha1.GoalStatus{
				Name: "revenue", Metric: "new-revenue", Initiatives: cloud, Verdict: v1alpha1.VerdictAtRisk, WeightPercent: new(int32(100)), Target: "600000", Due: "2027-06-30",
				Actual: "450000", AsOf: "2026-12-31", Source: "crm", Expected: "492475.24",
				AttainmentPercent: new(int32(75)), PacePercent: new(int32(91)), Forecast: "548250.90",
				Message: "EUR 450,000 of EUR 600,000 (75%) through 2026-12-31; EUR 492,475.24 expected by 2026-12-31: pace 91%, AtRisk below 95%; " +
					"forecast EUR 548,250.90 by 2027-06-30",
			},
			onTrack: verdict.False(v1alpha1.ReasonAtRisk, "%s", "the goals are at 91% of plan to date, AtRisk below 95%; behind: revenue (91%)"),
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStory().goal("revenue", "new-revenue", "600000", milestones("2026-08-31", "420000")).measured("new-revenue", tc.measured...)
			s.plan.Period(2027, v1alpha1.PartYear)
			got := s.at(tc.now)
			if diff := cmp.Diff([]v1alpha1.GoalStatus{tc.want}, got.Goals); diff != "" {
				t.Errorf("goals (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.onTrack, got.OnTrack); diff != "" {
				t.Errorf("OnTrack (-want +got):\n%s", diff)
			}
		})
	}
}

// cloud is the initiative that goals serve.
var cloud = []v1alpha1.Name{"cloud-migration"}

// Atlas Copco's distributor score: the sum of weight x min(1, result / target).
func TestWeightedScore(t *testing.T) {
	s := newStory().
		goal("sales", "new-revenue", "1000", weight("50")).
		goal("leads", "qualified-leads", "100", weight("30")).
		goal("retention", "retention", "80", weight("20"), baseline("70")).
		measured("new-revenue", "2026-12-31", "1200").
		measured("qualified-leads", "2026-12-31", "50").
		measured("retention", "2026-12-31", "70")
	got := s.at("2027-01-31")
	if diff := cmp.Diff(new(int32(65)), got.AttainmentPercent); diff != "" {
		t.Errorf("attainment (-want +got):\n%s", diff)
	}
	want := &v1alpha1.ScoreStatus{State: "Final", Percent: new(int32(65)), Message: "65%, final: no more results are due"}
	if diff := cmp.Diff(want, got.Score); diff != "" {
		t.Errorf("score (-want +got):\n%s", diff)
	}
	if !got.Final {
		t.Error("the score is not final")
	}
}

// The example of the design: a target of 400,000 and 10 percent more.
func TestRelativeTarget(t *testing.T) {
	for name, change := range map[string]func(*v1alpha1.Goal){
		"absolute":            func(g *v1alpha1.Goal) { g.Target.Value = "440000" },
		"increase by":         func(g *v1alpha1.Goal) { g.Target.Mode, g.Target.Value = v1alpha1.TargetIncreaseBy, "40000" },
		"increase by percent": func(g *v1alpha1.Goal) { g.Target.Mode, g.Target.Value = v1alpha1.TargetIncreaseByPercent, "10" },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStory().goal("cloud-revenue", "new-revenue", "1", baseline("400000"), milestones("2026-09-30", "150000"), change).
				measured("new-revenue", "2026-08-31", "100000", "2026-09-30", "62000")
			got := s.at("2026-10-05").goal("cloud-revenue")
			want := v1alpha1.GoalStatus{
				Name: "cloud-revenue", Metric: "new-revenue", Initiatives: cloud, Verdict: v1alpha1.VerdictOnTrack, WeightPercent: new(int32(100)), Target: "440000", Due: "2026-12-31",
				Actual: "162000", AsOf: "2026-09-30", Source: "crm", Expected: "150000",
				AttainmentPercent: new(int32(36)), PacePercent: new(int32(108)), Forecast: "475200",
				Message: "EUR 162,000 of EUR 440,000 (36%) through 2026-09-30; EUR 150,000 expected by 2026-09-30: pace 108%, OnTrack from 95%; " +
					"forecast EUR 475,200 by 2026-12-31",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
