package benefit_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/benefit"
	"jointplan.dev/jointplan/internal/testobj"
)

func calendar() *fiscal.Calendar { return fiscal.MustNew(testobj.Program("x").Obj().Spec.Calendar) }

func span(from, through v1alpha1.Date) fiscal.Span {
	return fiscal.Span{From: fiscal.MustParseDay(from), Through: fiscal.MustParseDay(through)}
}

func TestWhatIsDueInAPeriod(t *testing.T) {
	for name, tc := range map[string]struct {
		quantity string
		span     fiscal.Span
		want     v1alpha1.Decimal
	}{
		"the first half of a year of 12":           {"12", span("2026-07-01", "2026-12-31"), "6.0"}, // 12 x 184/365 = 6.04
		"the second half has the rest":             {"12", span("2027-01-01", "2027-06-30"), "6.0"},
		"a year":                                   {"12", span("2026-07-01", "2027-06-30"), "12.0"},
		"a day below the first half unit":          {"12", span("2026-07-01", "2026-07-15"), "0.0"}, // 15 days are 0.493
		"the day that reaches it":                  {"12", span("2026-07-01", "2026-07-16"), "0.5"}, // 16 are 0.526
		"the day above":                            {"12", span("2026-07-17", "2026-07-17"), "0.0"},
		"exactly half a unit":                      {"36.5", span("2026-07-01", "2026-07-05"), "0.5"}, // 5 x 0.1
		"a quantity that is no multiple of halves": {"0.3", span("2026-07-01", "2026-12-31"), "0.0"},
		"which the last period has in full":        {"0.3", span("2027-01-01", "2027-06-30"), "0.3"},
		"two years":                                {"12", span("2026-07-01", "2028-06-30"), "24.0"},
		"across the end of a year":                 {"12", span("2027-01-01", "2027-12-31"), "12.0"}, // 6.0 and 12 x 184/366 = 6.03
		"nothing a year":                           {"0", span("2026-07-01", "2027-06-30"), "0.0"},
	} {
		if got := benefit.Shown(benefit.Entitled(calendar(), decimal.MustParse(tc.quantity), tc.span)); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

// However a year is divided, the periods make its quantity, and none is below zero.
func TestThePeriodsOfAYearMakeItsQuantity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cal := calendar()
		year := cal.PeriodContaining(fiscal.Year, fiscal.MustParseDay("2026-07-01").AddDays(rapid.IntRange(0, 2000).Draw(t, "day")))
		quantity := big.NewRat(int64(rapid.IntRange(0, 5000).Draw(t, "hundredths")), 100)
		sum := new(big.Rat)
		for from := year.From; from <= year.Through; {
			through := min(from.AddDays(rapid.IntRange(0, 200).Draw(t, "days")), year.Through)
			due := benefit.Entitled(cal, quantity, fiscal.Span{From: from, Through: through})
			if due.Sign() < 0 {
				t.Fatalf("%s to %s: %s is below zero", from, through, due)
			}
			share := big.NewRat(int64(rapid.IntRange(0, 100).Draw(t, "aligned")), 100)
			if aligned := benefit.Aligned(due, share); aligned.Cmp(due) > 0 || aligned.Sign() < 0 {
				t.Fatalf("%s of %s are aligned", aligned, due)
			}
			sum.Add(sum, due)
			from = through.AddDays(1)
		}
		if sum.Cmp(quantity) != 0 {
			t.Fatalf("the periods make %s, not %s", sum, quantity)
		}
	})
}

func TestTheShareThatIsAligned(t *testing.T) {
	goal := func(weight v1alpha1.Percent, initiatives ...v1alpha1.Name) v1alpha1.Goal {
		return v1alpha1.Goal{Name: "g", WeightPercent: weight, Initiatives: initiatives}
	}
	divided := goal("", "cloud-migration", "mainframe")
	divided.InitiativeShares = []v1alpha1.InitiativeShare{{Initiative: "cloud-migration", Percent: 60}, {Initiative: "mainframe", Percent: 40}}
	for name, tc := range map[string]struct {
		goals []v1alpha1.Goal
		want  *big.Rat
	}{
		"no goals":                                  {nil, big.NewRat(0, 1)},
		"all serve one":                             {[]v1alpha1.Goal{goal("", "cloud-migration"), goal("", "security")}, big.NewRat(1, 1)},
		"one of two, without weights":               {[]v1alpha1.Goal{goal("", "cloud-migration"), goal("")}, big.NewRat(1, 2)},
		"by weight":                                 {[]v1alpha1.Goal{goal("70", "cloud-migration"), goal("30")}, big.NewRat(7, 10)},
		"one that states no weight beside one":      {[]v1alpha1.Goal{goal("70", "cloud-migration"), goal("")}, big.NewRat(1, 1)},
		"one that is not in force":                  {[]v1alpha1.Goal{goal("", "mainframe"), goal("", "cloud-migration")}, big.NewRat(1, 2)},
		"one of which one of two initiatives is":    {[]v1alpha1.Goal{goal("", "mainframe", "cloud-migration")}, big.NewRat(1, 1)},
		"one that is divided: the part that serves": {[]v1alpha1.Goal{divided}, big.NewRat(3, 5)},
		"an initiative that there is not":           {[]v1alpha1.Goal{goal("", "unheard-of")}, big.NewRat(0, 1)},
		"weights of nothing":                        {[]v1alpha1.Goal{goal("0", "cloud-migration")}, big.NewRat(0, 1)},
	} {
		prog := program.Compile("x", &testobj.Program("x").Obj().Spec)
		got := benefit.Share(prog, &v1alpha1.PlanTerms{Goals: tc.goals}, span("2026-07-01", "2026-12-31"))
		if got.Cmp(tc.want) != 0 {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

// Where there is nothing to align with, nothing is held against a plan.
func TestWithoutInitiativesInForceAllIsAligned(t *testing.T) {
	spec := testobj.Program("x").Obj().Spec
	spec.Initiatives = []v1alpha1.Initiative{{Name: "mainframe", Through: "2026-06-30"}}
	terms := &v1alpha1.PlanTerms{Goals: []v1alpha1.Goal{{Name: "g"}}}
	if got := benefit.Share(program.Compile("x", &spec), terms, span("2026-07-01", "2026-12-31")); got.Cmp(big.NewRat(1, 1)) != 0 {
		t.Errorf("the share is %s", got)
	}
}

func TestWhatIsAlignedIsRoundedDownToHalves(t *testing.T) {
	for _, tc := range []struct {
		entitled string
		percent  int64
		want     v1alpha1.Decimal
	}{{"6", 50, "3.0"}, {"6", 59, "3.5"}, {"6", 60, "3.5"}, {"6", 66, "3.5"}, {"6", 67, "4.0"}, {"0.3", 100, "0.3"}, {"0.3", 99, "0.0"}, {"6", 0, "0.0"}} {
		got := benefit.Shown(benefit.Aligned(decimal.MustParse(tc.entitled), big.NewRat(tc.percent, 100)))
		if got != tc.want {
			t.Errorf("%d percent of %s: %s, want %s", tc.percent, tc.entitled, got, tc.want)
		}
	}
}
