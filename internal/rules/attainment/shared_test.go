package attainment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// TestTargetsOfOneMetricAreAddedUp: each of them counts the whole of what is measured, so that each is attained while their sum is not.
func TestTargetsOfOneMetricAreAddedUp(t *testing.T) {
	due := func(day v1alpha1.Date) func(*v1alpha1.Goal) { return func(g *v1alpha1.Goal) { g.Due = day } }
	three := func() *story {
		return newStory().goal("cloud", "new-revenue", "100000").goal("edge", "new-revenue", "50000").goal("security", "new-revenue", "50000").
			goal("leads", "qualified-leads", "100")
	}
	sum := v1alpha1.SharedTarget{Metric: "new-revenue", Due: "2026-12-31", Goals: []v1alpha1.Name{"cloud", "edge", "security"}, Target: "200000"}
	const each = "goals cloud, edge and security each count the whole of new-revenue: their targets add up to EUR 200,000 by 2026-12-31, and "
	const remedy = "; give each a metric of its own, or write one goal"
	measured := sum
	measured.Actual, measured.AsOf, measured.AttainmentPercent = "120000", "2026-09-30", new(int32(60))
	for name, tc := range map[string]struct {
		story *story
		want  []v1alpha1.SharedTarget
		says  string
	}{
		"three of one metric": {
			story: three().measured("new-revenue", "2026-09-30", "120000"), want: []v1alpha1.SharedTarget{measured},
			says: each + "EUR 120,000 is measured in all (60%)" + remedy,
		},
		"nothing measured":                {story: three(), want: []v1alpha1.SharedTarget{sum}, says: each + "nothing of it is measured yet" + remedy},
		"due on days of their own":        {story: newStory().goal("third", "new-revenue", "50000", due("2026-09-30")).goal("all", "new-revenue", "150000")},
		"levels are not added up":         {story: newStory().goal("a", "retention", "80", baseline("70")).goal("b", "retention", "85", baseline("70"))},
		"nor is what is to decrease":      {story: newStory().goal("a", "complaints", "10", baseline("70")).goal("b", "complaints", "15", baseline("70"))},
		"of one without a target nothing": {story: newStory().goal("a", "new-revenue", "10").goal("b", "new-revenue", "x")},
	} {
		t.Run(name, func(t *testing.T) {
			got := tc.story.at("2026-10-05")
			if diff := cmp.Diff(tc.want, got.Shared); diff != "" {
				t.Errorf("sums (-want +got):\n%s", diff)
			}
			said := ""
			for _, f := range got.findings {
				if f.Rule == RuleTargetsShareMetric && f.Severity == v1alpha1.SeverityInfo && f.Field == "spec.goals" {
					said = f.Message
				}
			}
			if said != tc.says {
				t.Errorf("it says\n%s\nnot\n%s", said, tc.says)
			}
		})
	}
}
