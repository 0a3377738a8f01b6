package benchmark

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/testobj"
)

var northwind = program.Compile("northwind", &testobj.Program("northwind").Obj().Spec)

// firstQuarter is FY2027 Q1: with the defaults its benchmark is made of results through 2026-06-30.
var firstQuarter = fiscal.Span{From: fiscal.MustParseDay("2026-07-01"), Through: fiscal.MustParseDay("2026-09-30")}

// oldEnough is a day on which results are complete that count for the first quarter.
var oldEnough = fiscal.MustParseDay("2026-06-30")

func inputOf(rows ...Row) Input {
	return Input{Program: northwind, Quarter: firstQuarter, ComputedOn: fiscal.MustParseDay("2026-10-01"), Rows: rows}
}

// lead is a row of a campaign's cost per lead.
func lead(partner, activity, value string) Row {
	return Row{
		Partner: "partner-" + partner + "/" + partner, Measure: v1alpha1.MeasureCostPerLead, Activity: v1alpha1.ActivityType(activity), Tier: "silver", Segment: "schools",
		CompleteOn: oldEnough, Value: decimal.MustParse(value),
	}
}

// leads are rows of one activity, of one partner each: a, b, c and so on.
func leads(activity string, values ...string) (rows []Row) {
	for i, value := range values {
		rows = append(rows, lead(string(rune('a'+i)), activity, value))
	}
	return rows
}

// told says in a line each what a benchmark shows and withholds.
func told(b *v1alpha1.Benchmark) (lines []string) {
	for i := range b.Spec.Rows {
		row := &b.Spec.Rows[i]
		lines = append(lines, fmt.Sprintf("%s: %d/%d %s %s %s", named(&row.BenchmarkCohort), row.Partners, row.Rows, row.P25, row.P50, row.P75))
	}
	for i := range b.Spec.Withheld {
		lines = append(lines, fmt.Sprintf("%s: %s: %s", named(&b.Spec.Withheld[i].BenchmarkCohort), b.Spec.Withheld[i].Reason, b.Spec.Withheld[i].Message))
	}
	return lines
}

func named(c *v1alpha1.BenchmarkCohort) string {
	text := string(c.Measure)
	for _, part := range []string{string(c.Activity), string(c.Tier), string(c.Segment), string(c.Metric)} {
		if part != "" {
			text += " " + part
		}
	}
	if c.Month != nil {
		text += fmt.Sprint(" ", *c.Month)
	}
	return text
}

// TestQuartiles compares with figures by hand: the value at place (n - 1) x p.
func TestQuartiles(t *testing.T) {
	for name, tc := range map[string]struct {
		values string
		want   string
	}{
		"one":                      {"7", "7 7 7"},
		"two":                      {"10 20", "12.5 15 17.5"},
		"three":                    {"1 2 4", "1.5 2 3"},
		"four":                     {"1 2 3 4", "1.75 2.5 3.25"},
		"five, in no order":        {"50 10 40 20 30", "20 30 40"},
		"the leads of northwind":   {"120 127.58 185.91 222.91 269.04 400 1225", "156.745 222.91 334.52"},
		"equal ones":               {"5 5 5 9", "5 5 6"},
		"below zero":               {"-10 -5 0 5", "-6.25 -2.5 1.25"},
		"rounded down to 4 digits": {"0 0.00003", "0 0 0"},
	} {
		t.Run(name, func(t *testing.T) {
			var rows []Row
			for value := range strings.FieldsSeq(tc.values) {
				rows = append(rows, lead("a", "Webinar", value))
			}
			g := group{partners: map[string]int{"a": len(rows)}}
			for i := range rows {
				g.rows = append(g.rows, &rows[i])
			}
			row := g.row("northwind")
			if got := fmt.Sprint(row.P25, " ", row.P50, " ", row.P75); got != tc.want {
				t.Errorf("quartiles %s, want %s", got, tc.want)
			}
		})
	}
}

// TestTheLeadsOfTheSamplesAreWithheld has the seven completed campaigns of the samples, of six types and four partners.
func TestTheLeadsOfTheSamplesAreWithheld(t *testing.T) {
	got, public := Compute(inputOf(
		lead("acme", "Webinar", "120"), lead("acme", "TradeShow", "269.04"), lead("finch", "Webinar", "127.58"), lead("corvid", "Email", "185.91"),
		lead("corvid", "Roadshow", "222.91"), lead("lyra", "Dinner", "400"), lead("lyra", "Print", "1225"),
	))
	for _, line := range told(got) {
		if !strings.HasSuffix(line, ": TooFewPartners: fewer than 5 partners have results to compare") {
			t.Error(line)
		}
	}
	if len(got.Spec.Rows) != 0 || len(public.Spec.Rows) != 0 || len(got.Spec.Withheld) != 1+6+6+6 {
		t.Errorf("%d rows and %d withheld of 19 cohorts", len(got.Spec.Rows), len(got.Spec.Withheld))
	}
	var widest []string
	for i := range public.Spec.Withheld {
		widest = append(widest, named(&public.Spec.Withheld[i].BenchmarkCohort))
	}
	want := []string{
		"CostPerLead", "CostPerLead Dinner", "CostPerLead Email", "CostPerLead Print", "CostPerLead Roadshow", "CostPerLead TradeShow", "CostPerLead Webinar",
	}
	if diff := cmp.Diff(want, widest); diff != "" {
		t.Errorf("what partners read of what is withheld (-want +got):\n%s", diff)
	}
}

func TestWhatIsShownAndWithheld(t *testing.T) {
	young := lead("e", "Webinar", "50")
	young.CompleteOn = oldEnough.AddDays(1)
	old := lead("e", "Webinar", "50")
	old.CompleteOn = fiscal.MustParseDay("2023-06-30")
	oldest := lead("e", "Webinar", "50")
	oldest.CompleteOn = fiscal.MustParseDay("2023-07-01")
	noSegment := leads("Webinar", "10", "20", "30", "40", "50")
	for i := range noSegment {
		noSegment[i].Segment = ""
	}
	for name, tc := range map[string]struct {
		rows   []Row
		policy *v1alpha1.BenchmarkPolicy
		want   []string
	}{
		"five partners": {rows: leads("Webinar", "10", "20", "30", "40", "50"), want: []string{
			"CostPerLead: 5/5 20 30 40", "CostPerLead Webinar: 5/5 20 30 40", "CostPerLead Webinar silver: 5/5 20 30 40",
			"CostPerLead Webinar silver schools: 5/5 20 30 40",
		}},
		"rows without a segment are in no cohort of one": {rows: noSegment, want: []string{
			"CostPerLead: 5/5 20 30 40", "CostPerLead Webinar: 5/5 20 30 40", "CostPerLead Webinar silver: 5/5 20 30 40",
		}},
		"four partners": {rows: leads("Webinar", "10", "20", "30", "40")[:4], want: []string{
			"CostPerLead: TooFewPartners: fewer than 5 partners have results to compare",
			"CostPerLead Webinar: TooFewPartners: fewer than 5 partners have results to compare",
			"CostPerLead Webinar silver: TooFewPartners: fewer than 5 partners have results to compare",
			"CostPerLead Webinar silver schools: TooFewPartners: fewer than 5 partners have results to compare",
		}},
		"four partners where three are enough, and one may have a third": {
			rows: noSegment[:4], policy: &v1alpha1.BenchmarkPolicy{MinPartners: new(int32(3)), MaxSharePercent: new(int32(34))},
			want: []string{"CostPerLead: 4/4 17.5 25 32.5", "CostPerLead Webinar: 4/4 17.5 25 32.5", "CostPerLead Webinar silver: 4/4 17.5 25 32.5"},
		},
		"one has two of seven": {rows: append(noSegment, noSegment[0], noSegment[0])[:7], want: []string{
			"CostPerLead: OneHoldsTooMuch: more than 25 percent of the results are one partner's",
			"CostPerLead Webinar: OneHoldsTooMuch: more than 25 percent of the results are one partner's",
			"CostPerLead Webinar silver: OneHoldsTooMuch: more than 25 percent of the results are one partner's",
		}},
		"one has two of eight, a quarter": {
			rows: slices.Concat(noSegment, noSegment[:1], strip(lead("f", "Webinar", "60")), strip(lead("g", "Webinar", "70"))),
			want: []string{
				"CostPerLead: 7/8 17.5 35 52.5", "CostPerLead Webinar: 7/8 17.5 35 52.5", "CostPerLead Webinar silver: 7/8 17.5 35 52.5",
			},
		},
		"the fifth is younger than a quarter": {rows: append(strip(leads("Webinar", "10", "20", "30", "40")...), strip(young)...), want: []string{
			"CostPerLead: TooFewPartners: fewer than 5 partners have results to compare",
			"CostPerLead Webinar: TooFewPartners: fewer than 5 partners have results to compare",
			"CostPerLead Webinar silver: TooFewPartners: fewer than 5 partners have results to compare",
		}},
		"the fifth is as young as the program lets it be": {
			rows: append(strip(leads("Webinar", "10", "20", "30", "40")...), strip(young)...), policy: &v1alpha1.BenchmarkPolicy{MinAgeQuarters: new(int32(0))},
			want: []string{"CostPerLead: 5/5 20 30 40", "CostPerLead Webinar: 5/5 20 30 40", "CostPerLead Webinar silver: 5/5 20 30 40"},
		},
		"the fifth is older than three years": {rows: append(strip(leads("Webinar", "10", "20", "30", "40")...), strip(old)...), want: []string{
			"CostPerLead: TooFewPartners: fewer than 5 partners have results to compare",
			"CostPerLead Webinar: TooFewPartners: fewer than 5 partners have results to compare",
			"CostPerLead Webinar silver: TooFewPartners: fewer than 5 partners have results to compare",
		}},
		"the fifth is three years old": {
			rows: append(strip(leads("Webinar", "10", "20", "30", "40")...), strip(oldest)...),
			want: []string{"CostPerLead: 5/5 20 30 40", "CostPerLead Webinar: 5/5 20 30 40", "CostPerLead Webinar silver: 5/5 20 30 40"},
		},
		"without webinars, one partner is left of all": {
			rows: append(strip(leads("Webinar", "10", "20", "30", "40", "50")...), strip(lead("f", "TradeShow", "900"))...),
			want: []string{
				"CostPerLead: 6/6 22.5 35 47.5",
				"CostPerLead TradeShow: TooFewPartners: fewer than 5 partners have results to compare",
				"CostPerLead Webinar: OneApartFromWider: compared with a wider cohort, the figures could tell one partner's results",
				"CostPerLead TradeShow silver: TooFewPartners: fewer than 5 partners have results to compare",
				"CostPerLead Webinar silver: OneApartFromWider: compared with a wider cohort, the figures could tell one partner's results",
			},
		},
		"without webinars, rows of one partner are left, which has webinars too": {
			rows: append(strip(leads("Webinar", "10", "20", "30", "40", "50")...), strip(lead("a", "TradeShow", "900"), lead("f", "Webinar", "60"), lead("g", "Webinar", "70"))...),
			want: []string{
				"CostPerLead: 7/8 27.5 45 62.5",
				"CostPerLead TradeShow: TooFewPartners: fewer than 5 partners have results to compare",
				"CostPerLead Webinar: OneApartFromWider: compared with a wider cohort, the figures could tell one partner's results",
				"CostPerLead TradeShow silver: TooFewPartners: fewer than 5 partners have results to compare",
				"CostPerLead Webinar silver: OneApartFromWider: compared with a wider cohort, the figures could tell one partner's results",
			},
		},
		"without webinars, one partner is left, and rows of others": {
			rows: append(strip(leads("Webinar", "10", "20", "30", "40", "50")...), strip(lead("f", "TradeShow", "60"), lead("a", "TradeShow", "70"), lead("b", "TradeShow", "80"))...),
			want: []string{
				"CostPerLead: 6/8 27.5 45 62.5",
				"CostPerLead TradeShow: TooFewPartners: fewer than 5 partners have results to compare",
				"CostPerLead Webinar: OneApartFromWider: compared with a wider cohort, the figures could tell one partner's results",
				"CostPerLead TradeShow silver: TooFewPartners: fewer than 5 partners have results to compare",
				"CostPerLead Webinar silver: OneApartFromWider: compared with a wider cohort, the figures could tell one partner's results",
			},
		},
		"without webinars one is left, and without all activities nobody": {
			rows: slices.Concat(
				tierless(leads("TradeShow", "10", "20", "30", "40", "50", "60", "70")[2:]), tierless(leads("Webinar", "1", "2", "3", "4", "5", "6")),
			),
			want: []string{
				"CostPerLead: 7/11 3.5 6 45",
				"CostPerLead TradeShow: 5/5 40 50 60",
				"CostPerLead Webinar: OneApartFromWider: compared with a wider cohort, the figures could tell one partner's results",
			},
		},
		"two activities together leave one": {
			rows: slices.Concat(
				tierless(leads("Webinar", "10", "20", "30", "40", "50")), tierless(shifted(leads("TradeShow", "1", "2", "3", "4", "5"))),
				tierless([]Row{lead("z", "Dinner", "900")}),
			),
			want: []string{
				"CostPerLead: 11/11 3.5 10 35",
				"CostPerLead TradeShow: 5/5 2 3 4",
				"CostPerLead Dinner: TooFewPartners: fewer than 5 partners have results to compare",
				"CostPerLead Webinar: OneApartFromWider: compared with a wider cohort, the figures could tell one partner's results",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputOf(tc.rows...)
			in.Policy = tc.policy
			got, _ := Compute(in)
			if diff := cmp.Diff(tc.want, told(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func strip(rows ...Row) []Row {
	for i := range rows {
		rows[i].Segment = ""
	}
	return rows
}

func tierless(rows []Row) []Row {
	for i := range rows {
		rows[i].Tier, rows[i].Segment = "", ""
	}
	return rows
}

// shifted gives rows to other partners.
func shifted(rows []Row) []Row {
	for i := range rows {
		rows[i].Partner += "2"
	}
	return rows
}

// TestOnePartnerMoreOrLess compares a benchmark with the one of the quarter before, or of any before.
func TestOnePartnerMoreOrLess(t *testing.T) {
	five, six, seven := tierless(leads("", "10", "20", "30", "40", "50")), tierless(leads("", "10", "20", "30", "40", "50", "60")),
		tierless(leads("", "10", "20", "30", "40", "50", "60", "70"))
	swapped := slices.Clone(five)
	swapped[0].Partner = "partner-x/x"
	swappedAndMore := append(slices.Clone(swapped), six[5])
	const withheld = "CostPerLead: OneApartFromEarlier: compared with an earlier benchmark, the figures could tell one partner's results"
	for name, tc := range map[string]struct {
		before [][]Row
		now    []Row
		want   string
	}{
		"the same partners":           {[][]Row{five}, five, "CostPerLead: 5/5 20 30 40"},
		"one joined":                  {[][]Row{five}, six, withheld},
		"one left":                    {[][]Row{six}, five, withheld},
		"two joined":                  {[][]Row{five}, seven, "CostPerLead: 7/7 25 40 55"},
		"two left":                    {[][]Row{seven}, five, "CostPerLead: 5/5 20 30 40"},
		"one left and another joined": {[][]Row{five}, swapped, "CostPerLead: 5/5 20 30 40"},
		"one left and two joined":     {[][]Row{five}, swappedAndMore, "CostPerLead: 6/6 22.5 35 47.5"},
		"one joined since the quarter before last": {[][]Row{five, tierless(leads("", "10", "20", "30", "40", "50", "60", "70", "80"))}, six, withheld},
		"one was withheld between":                 {[][]Row{five, six}, six, withheld},
	} {
		t.Run(name, func(t *testing.T) {
			in := inputOf(tc.now...)
			for i, rows := range tc.before {
				earlier := inputOf(rows...)
				earlier.Earlier = slices.Clone(in.Earlier)
				b, _ := Compute(earlier)
				b.Name += fmt.Sprint("-", i)
				in.Earlier = append(in.Earlier, b)
			}
			slices.Reverse(in.Earlier) // the order is nobody's business
			got, _ := Compute(in)
			if diff := cmp.Diff([]string{tc.want}, told(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestABrokenFingerprintWithholds: what cannot be compared may differ by one.
func TestABrokenFingerprintWithholds(t *testing.T) {
	earlier, _ := Compute(inputOf(tierless(leads("", "10", "20", "30", "40", "50"))...))
	earlier.Name = "northwind-fy2026-q4"
	earlier.Spec.Rows[0].Fingerprint = "nothing"
	in := inputOf(tierless(shifted(leads("", "10", "20", "30", "40", "50", "60")))...)
	in.Earlier = []*v1alpha1.Benchmark{earlier}
	if got, _ := Compute(in); len(got.Spec.Rows) != 0 || got.Spec.Withheld[0].Reason != v1alpha1.WithheldOneApartFromEarlier {
		t.Errorf("got %v", told(got))
	}
	earlier.Spec.ProgramRef.Name = "subtle"
	if got, _ := Compute(in); len(got.Spec.Rows) != 1 {
		t.Errorf("another program's benchmark withholds: %v", told(got))
	}
}

func TestNameAndPeriod(t *testing.T) {
	exact, public := Compute(inputOf())
	want := v1alpha1.BenchmarkPeriod{
		ProgramRef: v1alpha1.Reference{Name: "northwind"}, Quarter: v1alpha1.Period{FiscalYear: new(int32(2027)), Part: v1alpha1.PartQ1},
		Days: v1alpha1.DayRange{From: "2026-07-01", Through: "2026-09-30"}, ComputedOn: "2026-10-01", ResultsThrough: "2026-06-30", Currency: "EUR",
	}
	if diff := cmp.Diff(want, exact.Spec.BenchmarkPeriod); diff != "" {
		t.Errorf("period (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, public.Spec.BenchmarkPeriod); diff != "" {
		t.Errorf("period of the published one (-want +got):\n%s", diff)
	}
	policy := v1alpha1.BenchmarkPolicy{MinPartners: new(int32(5)), MaxSharePercent: new(int32(25)), MinAgeQuarters: new(int32(1)), WindowQuarters: new(int32(12))}
	if diff := cmp.Diff(policy, exact.Spec.Policy); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
	if exact.Name != "northwind-fy2027-q1" || public.Name != exact.Name {
		t.Errorf("names %q and %q", exact.Name, public.Name)
	}
}

func TestPartnersReadTwoSignificantDigits(t *testing.T) {
	for figure, want := range map[string]v1alpha1.Decimal{
		"127.58": "120", "185.91": "180", "9.57": "9.5", "0.347": "0.34", "0.0341": "0.034", "1225": "1200", "1000": "1000", "99.9": "99", "100": "100",
		"0": "0", "7": "7", "12": "12", "-12.7": "-13", "-127": "-130", "999999999999999": "990000000000000", "0.000019": "0.000019", "10.5": "10",
	} {
		if got := roundly(v1alpha1.Decimal(figure)); got != want {
			t.Errorf("%s is published as %s, want %s", figure, got, want)
		}
	}
}

// TestALimitLeavesOutTheNarrowest has more cohorts than fit.
func TestALimitLeavesOutTheNarrowest(t *testing.T) {
	var rows []Row
	for n := range 200 {
		for _, row := range leads("Webinar", "10", "20", "30", "40", "50") {
			row.Segment = v1alpha1.Name(fmt.Sprintf("segment-%03d", n))
			rows = append(rows, row)
			row.Measure, row.Activity, row.Metric = v1alpha1.MeasureAttainmentPercent, "", "new-revenue"
			rows = append(rows, row)
		}
	}
	got, public := Compute(inputOf(rows...))
	if len(got.Spec.Rows) != maxRows || *got.Spec.LeftOut != 405-maxRows || *public.Spec.LeftOut != *got.Spec.LeftOut || len(public.Spec.Rows) != maxRows {
		t.Fatalf("%d rows, %d left out", len(got.Spec.Rows), *got.Spec.LeftOut)
	}
	wide := 0
	for i := range got.Spec.Rows {
		if got.Spec.Rows[i].Segment == "" {
			wide++
		}
	}
	if wide != 5 {
		t.Errorf("%d of the 5 wide cohorts are there", wide)
	}
}

// drawRows draws rows of some partners, activities, tiers and segments, old enough or not.
func drawRows(t *rapid.T) []Row {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Row {
		name := rapid.StringMatching("[a-j]").Draw(t, "partner")
		row := Row{
			Partner: "partner-" + name + "/" + name, Measure: rapid.SampledFrom([]v1alpha1.BenchmarkMeasure{
				v1alpha1.MeasureCostPerLead, v1alpha1.MeasureAttainmentPercent, v1alpha1.MeasureMonthlyRevenue,
			}).Draw(t, "measure"),
			Tier:       rapid.SampledFrom([]v1alpha1.Name{"", "gold", "silver"}).Draw(t, "tier"),
			Segment:    rapid.SampledFrom([]v1alpha1.Name{"", "schools"}).Draw(t, "segment"),
			CompleteOn: oldEnough.AddDays(rapid.SampledFrom([]int{-100, 0, 0, 0, 1}).Draw(t, "age")),
			Value:      big.NewRat(rapid.Int64Range(-50, 5000).Draw(t, "value"), 3),
			Shares:     rapid.SampledFrom([]v1alpha1.PracticeSharing{"", v1alpha1.ShareAnonymous, v1alpha1.ShareNamed}).Draw(t, "shares"),
			By:         v1alpha1.Title("Planted " + name),
		}
		switch row.Measure {
		case v1alpha1.MeasureCostPerLead:
			row.Activity = rapid.SampledFrom([]v1alpha1.ActivityType{"Webinar", "TradeShow"}).Draw(t, "activity")
		case v1alpha1.MeasureAttainmentPercent:
			row.Metric = "new-revenue"
		default:
			row.Month = 1
		}
		return row
	}), 0, 60).Draw(t, "rows")
}

// TestEveryReleaseProtects holds for all rows what the policy says, whatever their order.
func TestEveryReleaseProtects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := drawRows(t)
		in := inputOf(rows...)
		before := inputOf(drawRows(t)...)
		earlier, _ := Compute(before)
		earlier.Name = "northwind-fy2026-q4"
		in.Earlier = []*v1alpha1.Benchmark{earlier}
		exact, public := Compute(in)

		in.Rows = rapid.Permutation(rows).Draw(t, "order")
		again, publicAgain := Compute(in)
		if diff := cmp.Diff(exact, again) + cmp.Diff(public, publicAgain); diff != "" {
			t.Fatalf("the order of rows matters:\n%s", diff)
		}
		for i := range exact.Spec.Rows {
			row := &exact.Spec.Rows[i]
			now, then := contributors(rows, row.BenchmarkCohort), contributors(before.Rows, row.BenchmarkCohort)
			all, most := 0, 0
			for _, n := range now {
				all += n
				most = max(most, n)
			}
			if len(now) < 5 || most*4 > all || len(now) != int(row.Partners) || all != int(row.Rows) {
				t.Fatalf("%s shows %d partners with %d of %d rows", named(&row.BenchmarkCohort), len(now), most, all)
			}
			shownBefore := slices.ContainsFunc(earlier.Spec.Rows, func(x v1alpha1.BenchmarkRow) bool { return cmp.Equal(x.BenchmarkCohort, row.BenchmarkCohort) })
			if shownBefore && apart(now, then) == 1 {
				t.Fatalf("%s differs by one partner from the release before", named(&row.BenchmarkCohort))
			}
			for j := range exact.Spec.Rows {
				wider := &exact.Spec.Rows[j]
				if wide := contributors(rows, wider.BenchmarkCohort); covers(&wider.BenchmarkCohort, &row.BenchmarkCohort) && apart(now, wide) == 1 {
					t.Fatalf("%s and %s differ by one partner", named(&wider.BenchmarkCohort), named(&row.BenchmarkCohort))
				}
			}
			p := public.Spec.Rows[i]
			if p25, p50, p75 := decimal.MustParse(string(p.P25)), decimal.MustParse(string(p.P50)), decimal.MustParse(string(p.P75)); p25.Cmp(p50) > 0 || p50.Cmp(p75) > 0 {
				t.Fatalf("quartiles %s %s %s", p.P25, p.P50, p.P75)
			}
		}
		vendor, err := json.Marshal(exact)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(vendor), "partner-") || strings.Contains(string(vendor), "Planted") {
			t.Fatalf("a name is in %s", vendor)
		}
		for _, practice := range public.Spec.WorthCopying {
			ok := slices.ContainsFunc(rows, func(row Row) bool {
				return row.Activity == practice.Activity && row.Segment == practice.Segment &&
					(practice.By == "" && row.Shares == v1alpha1.ShareAnonymous || practice.By == row.By && row.Shares == v1alpha1.ShareNamed)
			})
			if !ok {
				t.Fatalf("%+v is of nobody who agreed", practice)
			}
		}
		public.Spec.WorthCopying = nil
		partners, err := json.Marshal(public)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(partners), "partner-") || strings.Contains(string(partners), "Planted") || strings.Contains(string(partners), "fingerprint") {
			t.Fatalf("a name is in %s", partners)
		}
	})
}

// TestOneMoreContributorWithholds adds rows of one partner to a cohort that was shown.
func TestOneMoreContributorWithholds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(5, 20).Draw(t, "partners")
		var rows []Row
		for i := range n {
			rows = append(rows, Row{
				Partner: fmt.Sprint("ns/p", i), Measure: v1alpha1.MeasureCostPerLead, CompleteOn: oldEnough, Value: big.NewRat(rapid.Int64Range(0, 999).Draw(t, "value"), 1),
			})
		}
		earlier, _ := Compute(inputOf(rows...))
		earlier.Name = "northwind-fy2026-q4"
		if len(earlier.Spec.Rows) != 1 {
			t.Fatalf("%d partners are not shown: %v", n, told(earlier))
		}
		in := inputOf(append(rows, Row{
			Partner: rapid.StringMatching("other/[a-z]{1,8}").Draw(t, "joins"), Measure: v1alpha1.MeasureCostPerLead, CompleteOn: oldEnough, Value: big.NewRat(7, 1),
		})...)
		if alone, _ := Compute(in); len(alone.Spec.Rows) != 1 {
			t.Fatalf("without an earlier one it is not shown: %v", told(alone))
		}
		in.Earlier = []*v1alpha1.Benchmark{earlier}
		if got, _ := Compute(in); len(got.Spec.Rows) != 0 || got.Spec.Withheld[0].Reason != v1alpha1.WithheldOneApartFromEarlier {
			t.Fatalf("one more is shown: %v", told(got))
		}
	})
}

// contributors counts the rows by partner that are in a cohort and old enough.
func contributors(rows []Row, c v1alpha1.BenchmarkCohort) map[string]int {
	by := map[string]int{}
	for i := range rows {
		row := &rows[i]
		if row.Measure == c.Measure && row.Metric == c.Metric && (c.Activity == "" || c.Activity == row.Activity) && (c.Tier == "" || c.Tier == row.Tier) &&
			(c.Segment == "" || c.Segment == row.Segment) && row.CompleteOn <= oldEnough {
			by[row.Partner]++
		}
	}
	return by
}

// apart returns how many partners are in one of two sets alone.
func apart(a, b map[string]int) (n int) {
	for name := range a {
		if b[name] == 0 {
			n++
		}
	}
	for name := range b {
		if a[name] == 0 {
			n++
		}
	}
	return n
}

func covers(wide, narrow *v1alpha1.BenchmarkCohort) bool {
	return wide.Measure == narrow.Measure && wide.Metric == narrow.Metric && (wide.Activity == "" || wide.Activity == narrow.Activity) &&
		(wide.Tier == "" || wide.Tier == narrow.Tier) && (wide.Segment == "" || wide.Segment == narrow.Segment)
}
