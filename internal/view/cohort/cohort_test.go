package cohort_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/view/cohort"
	"jointplan.dev/jointplan/internal/view/lineage"
)

var period = v1alpha1.BenchmarkPeriod{
	ProgramRef: v1alpha1.Reference{Name: "northwind"}, Days: v1alpha1.DayRange{From: "2026-07-01", Through: "2026-09-30"}, ComputedOn: "2026-10-01",
	ResultsThrough: "2026-06-30", Currency: "EUR",
}

func row(p50 v1alpha1.Decimal, c v1alpha1.BenchmarkCohort) v1alpha1.BenchmarkRow {
	return v1alpha1.BenchmarkRow{BenchmarkCohort: c, Quartiles: v1alpha1.Quartiles{Partners: 8, Rows: 11, P25: "1", P50: p50, P75: "999"}}
}

// exact is a benchmark of some cohorts.
func exact(name string) *v1alpha1.Benchmark {
	x := &v1alpha1.Benchmark{Spec: v1alpha1.BenchmarkSpec{BenchmarkPeriod: period}}
	x.Name = name
	cost := func(activity v1alpha1.ActivityType, tier, segment v1alpha1.Name) v1alpha1.BenchmarkCohort {
		return v1alpha1.BenchmarkCohort{Measure: v1alpha1.MeasureCostPerLead, Activity: activity, Tier: tier, Segment: segment}
	}
	growth := func(metric, tier v1alpha1.Name) v1alpha1.BenchmarkCohort {
		return v1alpha1.BenchmarkCohort{Measure: v1alpha1.MeasureGrowthReachedPercent, Metric: metric, Tier: tier}
	}
	x.Spec.Rows = []v1alpha1.BenchmarkRow{
		row("200", cost("", "", "")), row("210", cost("Webinar", "", "")), row("220", cost("Webinar", "silver", "")), row("230", cost("TradeShow", "", "")),
		row("12", growth("new-revenue", "")), row("13", growth("new-revenue", "silver")), row("14", growth("new-users", "")),
		row("5000", v1alpha1.BenchmarkCohort{Measure: v1alpha1.MeasureMonthlyRevenue, Month: new(int32(1))}),
	}
	x.Spec.Withheld = []v1alpha1.WithheldCohort{
		{BenchmarkCohort: cost("Webinar", "silver", "schools"), Reason: v1alpha1.WithheldTooFewPartners, Message: "too few"},
		{BenchmarkCohort: cost("Webinar", "gold", ""), Reason: v1alpha1.WithheldOneHoldsTooMuch, Message: "too much"},
	}
	return x
}

func published(name string) *v1alpha1.PublishedBenchmark {
	x := &v1alpha1.PublishedBenchmark{Spec: v1alpha1.PublishedBenchmarkSpec{BenchmarkPeriod: period}}
	x.Name = name
	x.Spec.WorthCopying = []v1alpha1.Practice{{Activity: "Webinar", Segment: "schools", Why: "good"}, {Activity: "TradeShow", Why: "better"}}
	return x
}

// TestCompare asks about cohorts: each measure has the narrowest that holds what is asked for, and what is withheld of it.
func TestCompare(t *testing.T) {
	for name, x := range map[string]struct {
		asked    cohort.Asked
		want     []string
		withheld []string
		hidden   int
	}{
		"all": {
			want: []string{
				"CostPerLead all 200", "CostPerLead Webinar 210", "CostPerLead Webinar, silver 220", "CostPerLead TradeShow 230",
				"GrowthReachedPercent new-revenue, all 12", "GrowthReachedPercent new-revenue, silver 13", "GrowthReachedPercent new-users, all 14",
			},
			withheld: []string{"Webinar, silver, schools TooFewPartners", "Webinar, gold OneHoldsTooMuch"}, hidden: 1,
		},
		"a type of activity is about campaigns": {
			asked: cohort.Asked{Activity: "Webinar", Tier: "silver"}, want: []string{"CostPerLead Webinar, silver 220"},
		},
		"a narrower cohort is withheld": {
			asked: cohort.Asked{Activity: "Webinar", Tier: "silver", Segment: "schools"}, want: []string{"CostPerLead Webinar, silver 220 wider"},
			withheld: []string{"Webinar, silver, schools TooFewPartners"},
		},
		"another tier": {
			asked: cohort.Asked{Activity: "Webinar", Tier: "gold"}, want: []string{"CostPerLead Webinar 210 wider"},
			withheld: []string{"Webinar, gold OneHoldsTooMuch"},
		},
		"a tier": {
			asked: cohort.Asked{Tier: "silver"}, hidden: 1,
			want: []string{"CostPerLead all 200 wider", "GrowthReachedPercent new-revenue, silver 13", "GrowthReachedPercent new-users, all 14 wider"},
		},
		"a metric":  {asked: cohort.Asked{Metric: "new-users"}, want: []string{"GrowthReachedPercent new-users, all 14"}},
		"a measure": {asked: cohort.Asked{Measure: v1alpha1.MeasureMonthlyRevenue}, want: []string{"MonthlyRevenue all, month 1 5000"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := cohort.Compare(cohort.Of(exact("northwind-fy2027-q1")), x.asked)
			var got, withheld []string
			for i := range c.Rows {
				r := &c.Rows[i]
				text := fmt.Sprintf("%s %s %s", r.Measure, cohort.Words(&r.BenchmarkCohort), r.P50)
				if c.Wider(&r.BenchmarkCohort) {
					text += " wider"
				}
				got = append(got, text)
			}
			for i := range c.Withheld {
				withheld = append(withheld, fmt.Sprintf("%s %s", cohort.Words(&c.Withheld[i].BenchmarkCohort), c.Withheld[i].Reason))
			}
			if diff := cmp.Diff(x.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(x.withheld, withheld); diff != "" || c.Hidden != x.hidden {
				t.Errorf("%d hidden, want %d; withheld (-want +got):\n%s", c.Hidden, x.hidden, diff)
			}
		})
	}
}

// TestWhatIsWorthCopyingIsOfTheActivity that is asked about.
func TestWhatIsWorthCopyingIsOfTheActivity(t *testing.T) {
	b := cohort.OfPublished(published("x"))
	for activity, want := range map[v1alpha1.ActivityType]int{"": 2, "Webinar": 1, "Roadshow": 0} {
		if got := cohort.Compare(b, cohort.Asked{Activity: activity}).WorthCopying; len(got) != want {
			t.Errorf("of %q: %v", activity, got)
		}
	}
}

// TestTheNewestIsShown: that of the last quarter that was computed by the instant; the exact one where both are there.
func TestTheNewestIsShown(t *testing.T) {
	old, next := published("northwind-fy2026-q4"), exact("northwind-fy2027-q2")
	old.Spec.Days, old.Spec.ComputedOn = v1alpha1.DayRange{From: "2026-04-01", Through: "2026-06-30"}, "2026-07-01"
	next.Spec.Days, next.Spec.ComputedOn = v1alpha1.DayRange{From: "2026-10-01", Through: "2026-12-31"}, "2027-01-01"
	both := []manifest.Object{old, published("northwind-fy2027-q1"), exact("northwind-fy2027-q1"), next}
	for name, x := range map[string]struct {
		objects []manifest.Object
		program string
		now     time.Time
		want    string
	}{
		"exact":            {both, "northwind", time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC), "northwind-fy2027-q1 true"},
		"published":        {both[:2], "northwind", time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC), "northwind-fy2027-q1 false"},
		"before":           {both, "northwind", time.Date(2026, 8, 1, 9, 0, 0, 0, time.UTC), "northwind-fy2026-q4 false"},
		"the next quarter": {both, "northwind", time.Date(2027, 1, 1, 9, 0, 0, 0, time.UTC), "northwind-fy2027-q2 true"},
		"none yet":         {both, "northwind", time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC), "none"},
		"another program":  {both, "subtle-erp", time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC), "none"},
	} {
		got := "none"
		if b, err := cohort.Newest(lineage.New(x.objects), x.program, x.now); err == nil {
			got = fmt.Sprintf("%s %t", b.Name, b.Exact)
		}
		if got != x.want {
			t.Errorf("%s: %s, want %s", name, got, x.want)
		}
	}
	if got := cohort.NewestExact(lineage.New(both), "northwind", fiscal.MustParseDay("2026-11-03")); got == nil || got.Name != "northwind-fy2027-q1" {
		t.Errorf("the newest exact one: %v", got)
	}
	if got := cohort.NewestExact(lineage.New(both[:2]), "northwind", fiscal.MustParseDay("2026-11-03")); got != nil {
		t.Errorf("the newest exact one of published ones: %v", got)
	}
}

// TestWhenItPays is the example of docs/benchmark.md: profitable in month 11.
func TestWhenItPays(t *testing.T) {
	from := exact("northwind-fy2027-q1")
	from.Spec.Rows = nil
	for month, revenue := range []string{"0", "0", "8000", "10000", "12000", "14000", "16000", "18000", "20000", "22000", "24000", "26000"} {
		c := v1alpha1.BenchmarkCohort{Measure: v1alpha1.MeasureMonthlyRevenue, Month: new(int32(month + 1))}
		r := row(v1alpha1.Decimal(revenue), c)
		r.P25, r.P75 = "0", "30000"
		from.Spec.Rows = append(from.Spec.Rows, r)
	}
	by := &v1alpha1.Profitability{MarginPercent: "28", Costs: []v1alpha1.CostLine{{Name: "certification", Start: "9000"}, {Name: "sales-engineer", Monthly: "2500"}}}
	p := cohort.ProfitOf(by, from, "")
	if p.Message != "profitable in month 11 (p25 not within 12, p75 2; from 8 partners)" || !p.Known || p.BreakEven != (cohort.Quarters{P50: 11, P75: 2}) {
		t.Errorf("%s %+v", p.Message, p.BreakEven)
	}
	want := []cohort.ProfitMonth{
		{Month: 10, Cost: "34000", P25: "0", P50: "33600", P75: "84000"}, {Month: 11, Cost: "36500", P25: "0", P50: "40320", P75: "92400"},
	}
	if diff := cmp.Diff(want, p.Months[9:11]); diff != "" {
		t.Errorf("months 10 and 11 (-want +got):\n%s", diff)
	}
	if unknown := cohort.ProfitOf(by, exact("x"), "gold"); !unknown.Known && len(unknown.Months) > 0 || len(unknown.Assumptions) == 0 && unknown.Known {
		t.Errorf("%+v", unknown)
	}
	from.Spec.Rows = nil
	if unknown := cohort.ProfitOf(by, from, ""); unknown.Known || len(unknown.Months) > 0 || unknown.Message == "" {
		t.Errorf("without a history: %+v", unknown)
	}
}
