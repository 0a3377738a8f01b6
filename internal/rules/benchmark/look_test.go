package benchmark

import (
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

func publishedOf(name string, through, computed v1alpha1.Date, rows ...v1alpha1.PublishedRow) *v1alpha1.PublishedBenchmark {
	b := &v1alpha1.PublishedBenchmark{}
	b.Name, b.Spec.Days.Through, b.Spec.ComputedOn, b.Spec.Rows = name, through, computed, rows
	return b
}

func TestNewest(t *testing.T) {
	q4, q1 := publishedOf("q4", "2026-06-30", "2026-07-02"), publishedOf("q1", "2026-09-30", "2026-10-01")
	list := []*v1alpha1.PublishedBenchmark{q1, q4, publishedOf("broken", "2026-13-30", "2026-10-01"), publishedOf("broken too", "2026-06-30", "yesterday")}
	list = append(list, publishedOf("q1, computed again", "2026-09-30", "2026-10-03"))
	for name, tc := range map[string]struct {
		by, before v1alpha1.Date
		want       string
		next       v1alpha1.Date
	}{
		"before there was any":                     {"2026-07-01", "2027-01-01", "", "2026-07-02"},
		"on the day on which the first came":       {"2026-07-02", "2027-01-01", "q4", "2026-10-01"},
		"a day before the second":                  {"2026-09-30", "2027-01-01", "q4", "2026-10-01"},
		"the second":                               {"2026-10-01", "2027-01-01", "q1", "2026-10-03"},
		"the second, computed once more":           {"2026-10-03", "2027-01-01", "q1, computed again", ""},
		"a quarter of the own period is not asked": {"2026-11-01", "2026-09-30", "q4", ""},
		"from the day after a quarter on it is":    {"2026-11-01", "2026-10-01", "q1, computed again", ""},
		"a period before all":                      {"2026-11-01", "2026-06-30", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, next := Newest(list, fiscal.MustParseDay(tc.by), fiscal.MustParseDay(tc.before))
			if gotName := nameOf(got); gotName != tc.want || next.Date() != tc.next {
				t.Errorf("got %q and next %s, want %q and %s", gotName, next.Date(), tc.want, tc.next)
			}
		})
	}
}

func nameOf(b *v1alpha1.PublishedBenchmark) string {
	if b == nil {
		return ""
	}
	return b.Name
}

func TestLook(t *testing.T) {
	row := func(c v1alpha1.BenchmarkCohort, p75 v1alpha1.Decimal) v1alpha1.PublishedRow {
		c.Measure = v1alpha1.MeasureGrowthReachedPercent
		return v1alpha1.PublishedRow{BenchmarkCohort: c, Quartiles: v1alpha1.Quartiles{Partners: 8, Rows: 11, P25: "5", P50: "10", P75: p75}}
	}
	b := publishedOf("northwind-fy2027-q1", "2026-09-30", "2026-10-01",
		row(v1alpha1.BenchmarkCohort{Metric: "new-revenue"}, "20"), row(v1alpha1.BenchmarkCohort{Metric: "new-revenue", Tier: "silver"}, "22"),
		row(v1alpha1.BenchmarkCohort{Metric: "new-revenue", Tier: "silver", Segment: "schools"}, "30"), row(v1alpha1.BenchmarkCohort{Metric: "retention"}, "2"),
		row(v1alpha1.BenchmarkCohort{Metric: "broken"}, "much"),
	)
	for name, tc := range map[string]struct {
		of     v1alpha1.BenchmarkCohort
		source string // empty for none
		p75    string
	}{
		"the narrowest": {
			v1alpha1.BenchmarkCohort{Metric: "new-revenue", Tier: "silver", Segment: "schools"}, "benchmark northwind-fy2027-q1, 11 goals of 8 silver partners in schools", "30",
		},
		"of the tier where its segment is not shown": {
			v1alpha1.BenchmarkCohort{Metric: "new-revenue", Tier: "silver", Segment: "public"}, "benchmark northwind-fy2027-q1, 11 goals of 8 silver partners", "22",
		},
		"of all where the tier is not shown": {
			v1alpha1.BenchmarkCohort{Metric: "new-revenue", Tier: "gold", Segment: "schools"}, "benchmark northwind-fy2027-q1, 11 goals of 8 partners", "20",
		},
		"of all for one without a tier": {v1alpha1.BenchmarkCohort{Metric: "new-revenue"}, "benchmark northwind-fy2027-q1, 11 goals of 8 partners", "20"},
		"no such metric":                {v1alpha1.BenchmarkCohort{Metric: "leads"}, "", ""},
		"what cannot be read":           {v1alpha1.BenchmarkCohort{Metric: "broken"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tc.of.Measure = v1alpha1.MeasureGrowthReachedPercent
			got := Look(b, tc.of)
			if got == nil {
				if tc.source != "" {
					t.Error("nothing is found")
				}
				return
			}
			if source := got.Source("goal"); source != tc.source || got.P75.RatString() != tc.p75 {
				t.Errorf("got %s with p75 %s, want %s with %s", source, got.P75.RatString(), tc.source, tc.p75)
			}
		})
	}
	if Look(nil, v1alpha1.BenchmarkCohort{}) != nil {
		t.Error("something is found without a benchmark")
	}
}
