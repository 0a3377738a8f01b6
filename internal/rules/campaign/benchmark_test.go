package campaign_test

import (
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/campaign"
	"jointplan.dev/jointplan/internal/testobj"
)

// aBenchmark is one of the quarter before the webinar, computed on 2026-07-02.
func aBenchmark(rows ...v1alpha1.PublishedRow) *v1alpha1.PublishedBenchmark {
	b := testobj.Published("northwind-fy2026-q4", "northwind", rows...)
	b.Spec.Days, b.Spec.ComputedOn = v1alpha1.DayRange{From: "2026-04-01", Through: "2026-06-30"}, "2026-07-02"
	return b
}

// cost is what a lead of webinars cost.
func cost(p25, p50, p75 v1alpha1.Decimal) v1alpha1.PublishedRow {
	return v1alpha1.PublishedRow{
		BenchmarkCohort: v1alpha1.BenchmarkCohort{Measure: v1alpha1.MeasureCostPerLead, Activity: "Webinar"},
		Quartiles:       v1alpha1.Quartiles{Partners: 8, Rows: 11, P25: p25, P50: p50, P75: p75},
	}
}

// rate is how many leads of webinars became opportunities, in percent.
func rate(p25, p50, p75 v1alpha1.Decimal) v1alpha1.PublishedRow {
	row := cost(p25, p50, p75)
	row.Measure = v1alpha1.MeasureLeadToOpportunityPercent
	return row
}

// TestExpectationsAreComparedWithOthers has a webinar of EUR 10,000 that is to bring 50 leads, EUR 200 each, and 10 opportunities, 20 percent.
func TestExpectationsAreComparedWithOthers(t *testing.T) {
	const source = " (benchmark northwind-fy2026-q4, 11 campaigns of 8 partners): check the expected figures and the cost"
	for name, tc := range map[string]struct {
		change func(*world)
		rows   []v1alpha1.PublishedRow
		want   string // Severity field message; empty for none
	}{
		"like others":                      {rows: []v1alpha1.PublishedRow{cost("150", "200", "250"), rate("10", "15", "20")}},
		"at the edges":                     {rows: []v1alpha1.PublishedRow{cost("200", "210", "250"), rate("20", "25", "30")}},
		"a lead costs less than others'":   {rows: []v1alpha1.PublishedRow{cost("210", "220", "250")}, want: "Info spec.funnel[qualified-leads].expected one lead is expected to cost EUR 200.00, and in three of four campaigns it cost EUR 210.00 or more" + source},
		"a lead costs less than half":      {rows: []v1alpha1.PublishedRow{cost("410", "420", "450")}, want: "Warning spec.funnel[qualified-leads].expected one lead is expected to cost EUR 200.00, and in three of four campaigns it cost EUR 410.00 or more" + source},
		"a lead costs half":                {rows: []v1alpha1.PublishedRow{cost("400", "420", "450")}, want: "Info spec.funnel[qualified-leads].expected one lead is expected to cost EUR 200.00, and in three of four campaigns it cost EUR 400.00 or more" + source},
		"a lead costs more than others'":   {rows: []v1alpha1.PublishedRow{cost("100", "120", "150")}, want: "Info spec.funnel[qualified-leads].expected one lead is expected to cost EUR 200.00, and in three of four campaigns it cost EUR 150.00 or less" + source},
		"a lead costs more than twice":     {rows: []v1alpha1.PublishedRow{cost("80", "90", "99")}, want: "Warning spec.funnel[qualified-leads].expected one lead is expected to cost EUR 200.00, and in three of four campaigns it cost EUR 99.00 or less" + source},
		"more leads become opportunities":  {rows: []v1alpha1.PublishedRow{rate("5", "10", "15")}, want: "Info spec.funnel[opportunities].expected 20 percent of the leads are expected to become opportunities, and in three of four campaigns 15 percent or less did" + source},
		"fewer leads become opportunities": {rows: []v1alpha1.PublishedRow{rate("41", "45", "50")}, want: "Warning spec.funnel[opportunities].expected 20 percent of the leads are expected to become opportunities, and in three of four campaigns 41 percent or more did" + source},
		"no leads are expected":            {change: func(w *world) { w.campaign.Spec.Funnel = w.campaign.Spec.Funnel[:1] }, rows: []v1alpha1.PublishedRow{cost("80", "90", "99")}},
		"another activity":                 {change: func(w *world) { w.campaign.Spec.Type = "TradeShow" }, rows: []v1alpha1.PublishedRow{cost("80", "90", "99")}},
		"the tier has figures of its own": {
			change: func(w *world) {
				w.program.RuleSets[0].Tiers = []v1alpha1.Tier{{Name: "gold", Rank: 1}}
				w.partners[0].Spec.Tier = &v1alpha1.HeldTier{Name: "gold", Since: "2026-01-01"}
			},
			rows: []v1alpha1.PublishedRow{cost("80", "90", "99"), func() v1alpha1.PublishedRow {
				row := cost("150", "200", "250")
				row.Tier = "gold"
				return row
			}()},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			if tc.change != nil {
				tc.change(w)
			}
			w.published = append(w.published, aBenchmark(tc.rows...))
			got, _ := w.at("2026-08-15")
			if said := unusual(got); said != tc.want {
				t.Errorf("found\n%s\nwant\n%s", said, tc.want)
			}
		})
	}
}

func unusual(status v1alpha1.CampaignStatus) string {
	var lines []string
	for _, f := range status.Findings {
		if f.Rule == campaign.RuleExpectationUnusual {
			lines = append(lines, strings.Join([]string{string(f.Severity), f.Field, f.Message}, " "))
		}
	}
	return strings.Join(lines, "\n")
}

// TestACampaignIsComparedWithWhatWasKnownWhenItStarted: it starts on 2026-09-01.
func TestACampaignIsComparedWithWhatWasKnownWhenItStarted(t *testing.T) {
	for name, tc := range map[string]struct {
		computed, through v1alpha1.Date
		at                string
		want              bool
	}{
		"on the day on which it is computed":  {"2026-07-02", "2026-06-30", "2026-07-02", true},
		"the day before":                      {"2026-07-02", "2026-06-30", "2026-07-01", false},
		"computed as it starts":               {"2026-09-01", "2026-06-30", "2026-10-15", true},
		"computed after it started":           {"2026-09-02", "2026-06-30", "2026-10-15", false},
		"of a quarter that ends as it starts": {"2026-09-01", "2026-09-01", "2026-10-15", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			b := aBenchmark(cost("80", "90", "99"))
			b.Spec.ComputedOn, b.Spec.Days.Through = tc.computed, tc.through
			w.published = append(w.published, b)
			if got, _ := w.at(tc.at); (unusual(got) != "") != tc.want {
				t.Errorf("compared: %t, want %t", unusual(got) != "", tc.want)
			}
		})
	}
}
