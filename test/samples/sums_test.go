package samples_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// TestSamplesOfSums checks the worked numbers of config/samples-rules/sums.
func TestSamplesOfSums(t *testing.T) {
	set, err := reader.Read(context.Background(), manifest.Options{}, "../../config/samples-rules/sums")
	if err != nil {
		t.Fatal(err)
	}
	world := preview.New(set)
	newYear := time.Date(2027, time.January, 1, 9, 0, 0, 0, time.UTC)
	november := time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		namespace, partner string
		tier               v1alpha1.Name
		at                 time.Time
		want               []string
	}{
		"points on the last day of the year": {"eastwind-partners", "petrel", "silver", time.Date(2026, time.December, 31, 12, 0, 0, 0, time.UTC), []string{
			"NotMet: Silver needs 70 partner-points in the 12 months to 2026-12-31; actual 68 (18 from assisted and 50 from sourced; 2 short)",
		}},
		"points on the first day of the next": {"eastwind-partners", "petrel", "silver", newYear, []string{
			"NotMet: Silver needs 70 partner-points in the 12 months to 2026-12-31; actual 68 (18 from assisted and 50 from sourced; 2 short)",
		}},
		"points with a result under other rules": {"eastwind-partners", "petrel", "silver", time.Date(2027, time.January, 5, 9, 0, 0, 0, time.UTC), []string{
			"Met: Silver needs 70 partner-points in the 12 months to 2027-01-05; actual 70 (18 from assisted and 52 from sourced)",
		}},
		"growth, and one person in both territories": {"eastwind-partners", "osprey", "platinum", november, []string{
			"Met: Platinum needs growth of service-revenue of at least 12 % in FY2026 Q3 over FY2025 Q3; actual 89,600 EUR against 80,000 EUR, growth of 12 %",
			"Met: Platinum needs 1 person with certified-engineer in each territory; in at actual 1",
		}},
		"a cent short, and nobody in ch": {"eastwind-partners", "dunlin", "platinum", november, []string{
			"NotMet: Platinum needs growth of service-revenue of at least 12 % in FY2026 Q3 over FY2025 Q3; actual 89,599.99 EUR against 80,000 EUR, growth of 11.99 % " +
				"(0.01 short)",
			"NotMet: Platinum needs 1 person with certified-engineer in each territory; in ch actual 0 (1 short)",
		}},
		"any 3 of 5": {"eastwind-partners", "petrel", "diamond", newYear, []string{
			"Met: Diamond needs any 3 of 5 requirements; 3 are met: partner-points, sourced and solution-architect",
		}},
		"a distributor": {"eastwind-distribution", "gannet", "gold", newYear, []string{
			"NotMet: Gold needs revenue of 500,000 EUR in the 12 months to 2026-12-31; actual 490,000 EUR, measured through 2026-09-30 (370,000 EUR of it from resellers; " +
				"10,000 short)",
		}},
		"a reseller": {"eastwind-resellers", "plover", "gold", newYear, []string{
			"NotMet: Gold needs revenue of 500,000 EUR in the 12 months to 2026-12-31; actual 250,000 EUR, measured through 2026-09-30 (250,000 short)",
		}},
		"a reseller with a transaction that the distributor has": {"eastwind-resellers", "sanderling", "gold", newYear, []string{
			"NotMet: Gold needs revenue of 500,000 EUR in the 12 months to 2026-12-31; actual 135,000 EUR, measured through 2026-10-02 (365,000 short)",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			of, ok := preview.Find(world.At(tc.at), "Partner", tc.namespace, tc.partner).(*v1alpha1.Partner)
			if !ok {
				t.Fatal("no such partner")
			}
			var got []string
			for _, c := range of.Status.Criteria {
				if c.Tier == tc.tier {
					got = append(got, string(c.Verdict)+": "+c.Message)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
