package samples_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/benchmark"
)

// benchmarkOf returns the benchmark of a quarter, exactly and as it is published.
func benchmarkOf(t *testing.T, objects []preview.Object, name string) (*v1alpha1.Benchmark, *v1alpha1.PublishedBenchmark) {
	t.Helper()
	var exact *v1alpha1.Benchmark
	var public *v1alpha1.PublishedBenchmark
	for _, object := range objects {
		switch x := object.(type) {
		case *v1alpha1.Benchmark:
			exact = x
		case *v1alpha1.PublishedBenchmark:
			public = x
		}
	}
	if exact == nil || public == nil || exact.Name != name || public.Name != name {
		t.Fatalf("there is no benchmark %s, or not as it is published: %v, %v", name, exact, public)
	}
	return exact, public
}

// TestBenchmarkOfHistory: what a lead of the webinars cost in 2026 was 90, 100, 110, 120, 120, 130, 140, 140, 150, 160, 170, 180, 190, 200, 220 and 230. Of 16
// rows p25 is at place 3.75, the median at 7.5 and p75 at 11.25; of the ten of silver partners at 2.25, 4.5 and 6.75.
func TestBenchmarkOfHistory(t *testing.T) {
	exact, public := benchmarkOf(t, allOfHistory(t), "meridian-fy2027-q1")
	want := map[string]string{
		"CostPerLead":                             "8 16: 120 145 182.5",
		"CostPerLead Webinar":                     "8 16: 120 145 182.5",
		"CostPerLead Webinar silver":              "5 10: 112.5 140 177.5",
		"GrowthReachedPercent revenue":            "8 16: 11.5 13.8421 20.5555",
		"GrowthReachedPercent silver revenue":     "5 10: 12.125 20 22.601",
		"GrowthAskedPercent revenue":              "8 16: 10 15 21.25",
		"GrowthAskedPercent silver revenue":       "5 10: 12.5 20 25",
		"DaysToFirstResult":                       "8 16: 2 4 8",
		"DaysToFirstResult Webinar":               "8 16: 2 4 8",
		"DaysToFirstResult Webinar silver":        "5 10: 3.25 4.5 8.5",
		"LeadToOpportunityPercent":                "8 16: 23.75 26.5 30",
		"LeadToOpportunityPercent Webinar":        "8 16: 23.75 26.5 30",
		"LeadToOpportunityPercent Webinar silver": "5 10: 21.25 26.5 31.5",
	}
	got := map[string]string{}
	for i := range exact.Spec.Rows {
		row := &exact.Spec.Rows[i]
		if row.Measure == v1alpha1.MeasureMonthlyRevenue || row.Measure == v1alpha1.MeasureAttainmentPercent {
			continue
		}
		key := string(row.Measure)
		for _, part := range []string{string(row.Activity), string(row.Tier), string(row.Metric)} {
			if part != "" {
				key += " " + part
			}
		}
		got[key] = fmt.Sprintf("%d %d: %s %s %s", row.Partners, row.Rows, row.P25, row.P50, row.P75)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	for i := range exact.Spec.Withheld {
		if w := &exact.Spec.Withheld[i]; w.Reason != v1alpha1.WithheldTooFewPartners {
			t.Errorf("%s %s %s %s is withheld: %s", w.Measure, w.Activity, w.Tier, w.Segment, w.Reason)
		}
	}
	shared := []v1alpha1.Practice{
		{Activity: "Webinar", Segment: "industry", By: "Alder Robotics GmbH", Why: "share of leads that became opportunities 60 percent above the median"},
	}
	if diff := cmp.Diff(shared, public.Spec.WorthCopying); diff != "" {
		t.Errorf("worth copying (-want +got):\n%s", diff)
	}
}

// TestAPartnershipOfHistoryPays: in 7 months the medians come to 116,500, of which 30 percent is 34,950; the costs are 24,000 and 7 times 1,500, 34,500. In 6
// months it was 97,500, 29,250 and 33,000. By the lower quartiles it is month 15: 156,750, 47,025 and 46,500.
func TestAPartnershipOfHistoryPays(t *testing.T) {
	exact, _ := benchmarkOf(t, allOfHistory(t), "meridian-fy2027-q1")
	var assumed *v1alpha1.Profitability
	for _, x := range readHistory(t).Strategies {
		assumed = x.Spec.Profitability
	}
	const want = "profitable in month 7 (p25 15, p75 3; from 6 partners)"
	if got := benchmark.Project(assumed, exact, "").Message; got != want {
		t.Errorf("it is %s\nwant: %s", got, want)
	}
}

// TestATargetOfHistoryIsJudgedByTheBenchmarkBeforeIt gives the preview what was published on 2026-10-01: that silver partners grew by 8, 10, 12, 20 and 20
// percent in 2026 H1. Birch, which submitted its plan in December, asks for 60. Alder is gold by then; of gold there are three partners, so all eight speak, of
// which three in four grew by 15.5 at most, published as 15.
func TestATargetOfHistoryIsJudgedByTheBenchmarkBeforeIt(t *testing.T) {
	_, public := benchmarkOf(t, preview.New(readHistory(t)).At(time.Date(2026, time.October, 1, 9, 0, 0, 0, time.UTC)), "meridian-fy2026-q3")
	set := readHistory(t)
	set.Add(public)
	judged := map[string]string{}
	for _, object := range preview.New(set).At(historyNow) {
		plan, ok := object.(*v1alpha1.JointPlan)
		if !ok || plan.Status.Stage != v1alpha1.StageActive {
			continue
		}
		for _, f := range plan.Status.Findings {
			if f.Rule == "SmartRealistic" {
				what, _, _ := strings.Cut(f.Message, ";") // the remedy follows
				judged[plan.Name] = fmt.Sprintf("%s: %s", f.Severity, what)
			}
		}
	}
	want := map[string]string{
		"alder-2027-h1": `Warning: goal "revenue" is not realistic: the target is 20 percent above the baseline of 234,000, and three in four goals for revenue reached ` +
			"at most 15 percent (benchmark meridian-fy2026-q3, 8 goals of 8 partners)",
		"birch-2027-h1": `Warning: goal "revenue" is not realistic: the target is 60 percent above the baseline of 81,000, and three in four goals for revenue reached ` +
			"at most 20 percent (benchmark meridian-fy2026-q3, 5 goals of 5 silver partners)",
	}
	if diff := cmp.Diff(want, judged); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
}

// TestPlanningOfHistory: from the submission to the vendor's approval it took 10, 12, 14, 14, 16, 16, 18 and 20 days, then 5, 7, 8, 8, 9, 9, 10 and 12, and in
// the half-year that runs 4, 5, 6, 6, 7, 8 and 9.
func TestPlanningOfHistory(t *testing.T) {
	want := map[string]string{
		"meridian-fy2026-h1": "8 approvals: 15", "meridian-fy2026-h2": "8 approvals: 8.5", "meridian-fy2026": "16 approvals: 11", "meridian-fy2027-h1": "7 approvals: 6",
	}
	got := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		figures, _ := figuresOfHistory(t, name)
		got[name] = fmt.Sprintf("%d approvals: %s", figures.Planning.Approvals, figures.Planning.MedianDays)
		if base := figures.Planning.BaselineDays; base == nil || *base != 20 {
			t.Errorf("%s compares with %v", name, base)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("planning (-want +got):\n%s", diff)
	}
}

// TestGatesOfClosedHalves: both gates opened for the half-years that are over, with one review of Tide held too late.
func TestGatesOfClosedHalves(t *testing.T) {
	got := map[string]string{}
	for name, x := range history[*v1alpha1.ChannelManager](t) {
		for i := range x.Status.Periods[1:] {
			p := &x.Status.Periods[1+i]
			got[name+" "+p.Period] = fmt.Sprintf("%s, %d of %d reviews in time", p.Gate.State, p.Reviews.InTime, p.Reviews.Slots)
		}
	}
	want := map[string]string{
		"cam-021 FY2026 H1": "Open, 8 of 8 reviews in time", "cam-021 FY2026 H2": "Open, 7 of 8 reviews in time",
		"cam-022 FY2026 H1": "Open, 8 of 8 reviews in time", "cam-022 FY2026 H2": "Open, 8 of 8 reviews in time",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gates (-want +got):\n%s", diff)
	}
}

// TestCampaignsOfHistoryAddUp: what the webinars of 2026 H2 cost, and brought.
func TestCampaignsOfHistoryAddUp(t *testing.T) {
	figures, _ := figuresOfHistory(t, "meridian-fy2026-h2")
	total := &figures.Groups[0]
	if total.By != v1alpha1.GroupTotal || total.Cost != "33200" || total.Leads != "245" || total.Revenue != "228000" {
		t.Errorf("%s: cost %s, %s leads, revenue %s", total.By, total.Cost, total.Leads, total.Revenue)
	}
}
