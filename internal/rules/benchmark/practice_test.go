package benchmark

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
)

func TestWhatIsWorthCopying(t *testing.T) {
	// Medians: 222.91 of the five webinars. Of 153 that is 31.3 percent less.
	webinars := func(shares ...v1alpha1.PracticeSharing) []Row {
		rows := leads("Webinar", "153", "200", "222.91", "400", "1225")
		for i, share := range shares {
			rows[i].Shares, rows[i].By = share, v1alpha1.Title("Partner "+string(rune('A'+i)))
		}
		return rows
	}
	rates := webinars(v1alpha1.ShareNamed, v1alpha1.ShareNamed, v1alpha1.ShareNamed, v1alpha1.ShareNamed, v1alpha1.ShareNamed)
	for i := range rates {
		rates[i].Measure = v1alpha1.MeasureLeadToOpportunityPercent
	}
	equal := leads("Webinar", "200", "200", "201", "300", "400")
	for i := range equal {
		equal[i].Shares, equal[i].By = v1alpha1.ShareNamed, "Partner"
	}
	third := leads("Webinar", "100", "110", "150", "190", "200", "210", "220", "230") // below the median of 195, above the lower quartile of 140
	third[2].Shares = v1alpha1.ShareAnonymous
	all := []v1alpha1.PracticeSharing{v1alpha1.ShareNamed, v1alpha1.ShareNamed, v1alpha1.ShareNamed, v1alpha1.ShareNamed, v1alpha1.ShareNamed}
	for name, tc := range map[string]struct {
		rows []Row
		want []v1alpha1.Practice
	}{
		"nobody agreed": {webinars(), nil},
		"the best agreed to be named": {webinars(v1alpha1.ShareNamed), []v1alpha1.Practice{
			{Activity: "Webinar", Segment: "schools", Why: "cost per lead 31 percent under the median", By: "Partner A"},
		}},
		"the best agreed, without its name": {webinars(v1alpha1.ShareAnonymous), []v1alpha1.Practice{
			{Activity: "Webinar", Segment: "schools", Why: "cost per lead 31 percent under the median"},
		}},
		"what nobody knows is no consent": {webinars("Everybody"), nil},
		"only the best quarter": {webinars(all...), []v1alpha1.Practice{
			{Activity: "Webinar", Segment: "schools", Why: "cost per lead 31 percent under the median", By: "Partner A"},
			{Activity: "Webinar", Segment: "schools", Why: "cost per lead 10 percent under the median", By: "Partner B"},
		}},
		"of a rate the highest": {rates, []v1alpha1.Practice{
			{Activity: "Webinar", Segment: "schools", Why: "share of leads that became opportunities 449 percent above the median", By: "Partner E"},
			{Activity: "Webinar", Segment: "schools", Why: "share of leads that became opportunities 79 percent above the median", By: "Partner D"},
		}},
		"better than the median, and not among the best quarter": {third, nil},
		"less than one percent better is not shown":              {equal, nil},
		"none of a cohort that is withheld":                      {webinars(all...)[:4], nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, got := Compute(inputOf(tc.rows...))
			if diff := cmp.Diff(tc.want, got.Spec.WorthCopying); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
