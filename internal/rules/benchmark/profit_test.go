package benchmark

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// revenueOf is a benchmark of revenue by month: each month has its quartiles, as "p25 p50 p75".
func revenueOf(tier v1alpha1.Name, partners int32, months ...string) []v1alpha1.BenchmarkRow {
	var rows []v1alpha1.BenchmarkRow
	for i, text := range months {
		q := strings.Fields(text)
		rows = append(rows, v1alpha1.BenchmarkRow{
			BenchmarkCohort: v1alpha1.BenchmarkCohort{Measure: v1alpha1.MeasureMonthlyRevenue, Tier: tier, Month: new(int32(i + 1))},
			Quartiles: v1alpha1.Quartiles{
				Partners: partners, Rows: partners, P25: v1alpha1.Decimal(q[0]), P50: v1alpha1.Decimal(q[1]), P75: v1alpha1.Decimal(q[2]),
			},
		})
	}
	return rows
}

// growing is revenue of 0, 0, and from the third month on three quarters of the median, 8,000 and 2,000 more each month, and a quarter more.
func growing(months int) (list []string) {
	for month := 1; month <= months; month++ {
		median := 0
		if month >= 3 {
			median = 8000 + 2000*(month-3)
		}
		list = append(list, fmt.Sprint(median*7/10, " ", median, " ", median*13/10))
	}
	return list
}

func TestWhenThePartnershipPays(t *testing.T) {
	costs := &v1alpha1.Profitability{MarginPercent: "28", Costs: []v1alpha1.CostLine{
		{Name: "certification", Start: "9000"}, {Name: "engineer", Monthly: "2000"}, {Name: "marketing", Monthly: "500"},
	}}
	for name, tc := range map[string]struct {
		by   *v1alpha1.Profitability
		rows []v1alpha1.BenchmarkRow
		tier v1alpha1.Name
		want string
	}{
		"in month 11":                     {costs, revenueOf("", 8, growing(24)...), "", "profitable in month 11 (p25 14, p75 9; from 8 partners)"},
		"by the history of the tier":      {costs, slices.Concat(revenueOf("", 8, growing(24)...), revenueOf("silver", 5, growing(12)...)), "silver", "profitable in month 11 (p25 not within 12, p75 9; from 5 partners)"},
		"the tier has no history":         {costs, revenueOf("", 8, growing(24)...), "gold", "profitable in month 11 (p25 14, p75 9; from 8 partners)"},
		"the history ends too early":      {costs, revenueOf("", 8, growing(10)...), "", "not profitable within the 10 months that others' history covers (p25 not within 10, p75 9; from 8 partners)"},
		"a month is missing":              {costs, slices.Delete(revenueOf("", 8, growing(24)...), 10, 11), "", "not profitable within the 10 months that others' history covers (p25 not within 10, p75 9; from 8 partners)"},
		"it costs nothing":                {&v1alpha1.Profitability{MarginPercent: "28"}, revenueOf("", 8, growing(24)...), "", "profitable in month 1 (p25 1, p75 1; from 8 partners)"},
		"too few partners have a history": {costs, nil, "", "unknown: benchmark northwind-fy2027-q1 shows no revenue by month of membership: too few partners have such a history"},
		"the first month is missing":      {costs, revenueOf("", 8, growing(24)...)[1:], "", "unknown: benchmark northwind-fy2027-q1 shows no revenue by month of membership: too few partners have such a history"},
		"nobody has said what it costs":   {nil, revenueOf("", 8, growing(24)...), "", "unknown: nobody has said what the partnership costs, or there is no benchmark"},
		"a margin that is no percentage":  {&v1alpha1.Profitability{MarginPercent: "much"}, revenueOf("", 8, growing(24)...), "", `unknown: marginPercent: "much" is not a percentage from 0 to 1000 such as 60 or 2.5: the character 'm' is not allowed, digits are 0 to 9 (allowed are at most 3 digits after the point, no percent sign)`},
	} {
		t.Run(name, func(t *testing.T) {
			b := &v1alpha1.Benchmark{}
			b.Name, b.Spec.Rows = "northwind-fy2027-q1", tc.rows
			got := Project(tc.by, b, tc.tier)
			if got.Message != tc.want {
				t.Errorf("got  %s\nwant %s", got.Message, tc.want)
			}
			if got.Known != !strings.HasPrefix(tc.want, "unknown") || got.Known != (len(got.Months) > 0) {
				t.Errorf("known: %t, with %d months", got.Known, len(got.Months))
			}
		})
	}
}

// TestTheProjectionByHand: 28 percent of 120,000 in month 10, of 144,000 in month 11.
func TestTheProjectionByHand(t *testing.T) {
	b := &v1alpha1.Benchmark{}
	b.Name, b.Spec.Rows, b.Spec.Currency, b.Spec.ResultsThrough = "northwind-fy2027-q1", revenueOf("", 8, growing(12)...), "EUR", "2026-06-30"
	got := Project(&v1alpha1.Profitability{MarginPercent: "28", Costs: []v1alpha1.CostLine{{Name: "all", Start: "9000", Monthly: "2500"}}}, b, "")
	var months []string
	for _, m := range got.Months[9:11] {
		months = append(months, fmt.Sprintf("month %d: margin %s, cost %s", m.Month, m.P50.RatString(), m.Cost.RatString()))
	}
	if diff := cmp.Diff([]string{"month 10: margin 33600, cost 34000", "month 11: margin 40320, cost 36500"}, months); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want := []string{
		"the partnership costs EUR 9,000 at the start and EUR 2,500 a month",
		"of its revenue the partner keeps 28 percent",
		"revenue grows as that of partners of every tier did in their first 12 months, by benchmark northwind-fy2027-q1 with results through 2026-06-30",
		"the median is that of each month: no single partner need have had all of them",
	}
	if diff := cmp.Diff(want, got.Assumptions); diff != "" {
		t.Errorf("assumptions (-want +got):\n%s", diff)
	}
}
