package samples_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/benchmark"
	"jointplan.dev/jointplan/internal/testobj"
)

// rowsOfTheSamples are the facts that the partners of program northwind have contributed by an instant.
func rowsOfTheSamples(t *testing.T, at time.Time) (northwind *program.Program, rows []benchmark.Row) {
	t.Helper()
	var all kinds.Objects
	for _, x := range preview.New(readSamples(t)).At(at) {
		all.Add(x)
	}
	for _, source := range all.Programs {
		if source.Name == "northwind" {
			northwind = program.Compile(source.Name, &source.Spec)
		}
	}
	for _, partner := range all.Partners {
		if partner.Spec.ProgramRef.Name == "northwind" {
			rows = append(rows, benchmark.Rows(northwind, partner, all.Plans, all.Campaigns)...)
		}
	}
	return northwind, rows
}

// TestTheLeadsOfTheSamplesAreTooFewToCompare: once all campaigns of the samples are completed and all plans closed, they are of fewer than five partners.
func TestTheLeadsOfTheSamplesAreTooFewToCompare(t *testing.T) {
	northwind, rows := rowsOfTheSamples(t, time.Date(2027, 10, 1, 9, 0, 0, 0, time.UTC))
	var costs []string
	for _, row := range rows {
		if row.Measure == v1alpha1.MeasureCostPerLead {
			costs = append(costs, fmt.Sprintf("%s %s %s", row.Partner, row.Activity, row.Value.FloatString(2)))
		}
	}
	slices.Sort(costs)
	want := []string{
		"partner-acme/acme DigitalAds 400.00", "partner-acme/acme TradeShow 185.91", "partner-acme/acme Webinar 269.04",
		"partner-brightpath/brightpath CustomerEvent 127.58", "partner-brightpath/brightpath DirectMail 120.00", "partner-corvid/corvid Roadshow 1225.00",
		"partner-lyra/lyra DirectMail 222.91",
	}
	if diff := cmp.Diff(want, costs); diff != "" {
		t.Errorf("costs per lead (-want +got):\n%s", diff)
	}
	quarter := fiscal.Span{From: fiscal.MustParseDay("2027-07-01"), Through: fiscal.MustParseDay("2027-09-30")} // by when all of them are old enough
	got, _ := benchmark.Compute(benchmark.Input{Program: northwind, Quarter: quarter, ComputedOn: fiscal.MustParseDay("2027-10-01"), Rows: rows})
	withheld := 0
	for i := range got.Spec.Withheld {
		if w := &got.Spec.Withheld[i]; w.Measure == v1alpha1.MeasureCostPerLead {
			withheld++
			if w.Reason != v1alpha1.WithheldTooFewPartners {
				t.Errorf("%s %s is withheld: %s", w.Measure, w.Activity, w.Reason)
			}
		}
	}
	for i := range got.Spec.Rows {
		row := &got.Spec.Rows[i]
		if row.Measure == v1alpha1.MeasureCostPerLead || row.Partners < 5 {
			t.Errorf("%s %s %s of %d partners is shown", row.Measure, row.Tier, row.Metric, row.Partners)
		}
	}
	if withheld < 1+6 {
		t.Errorf("%d cohorts of costs are withheld, want that of all and those of six activities at least", withheld)
	}
}

// TestAGivenBenchmarkJudgesOffline gives the preview a benchmark that was there before the plan of acme was submitted.
func TestAGivenBenchmarkJudgesOffline(t *testing.T) {
	set := readSamples(t)
	b := testobj.Published("northwind-fy2026-q4", "northwind", v1alpha1.PublishedRow{
		BenchmarkCohort: v1alpha1.BenchmarkCohort{Measure: v1alpha1.MeasureGrowthReachedPercent, Metric: "new-revenue"},
		Quartiles:       v1alpha1.Quartiles{Partners: 8, Rows: 21, P25: "2.1", P50: "6.4", P75: "9"},
	})
	b.Spec.Days, b.Spec.ComputedOn = v1alpha1.DayRange{From: "2026-01-01", Through: "2026-03-31"}, "2026-04-02"
	set.Add(b)
	const want = `goal "cloud-revenue" is realistic by the program's rules, but the target is 10 percent above the baseline of 400,000, and three in four goals for ` +
		"new-revenue reached at most 9 percent (benchmark northwind-fy2026-q4, 21 goals of 8 partners): make sure that the plan says how"
	objects := preview.New(set).At(now)
	if !slices.Contains(objects, preview.Object(b)) {
		t.Error("the benchmark is not among the objects, so what is compared with them would be judged without it")
	}
	for _, x := range objects {
		if x.GetName() == "acme-fy27-h1" && slices.ContainsFunc(preview.Common(x).Findings, func(f v1alpha1.Finding) bool { return f.Message == want }) {
			return
		}
	}
	t.Errorf("acme-fy27-h1 does not say that %s", want)
}
