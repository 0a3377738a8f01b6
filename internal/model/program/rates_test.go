package program_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/testobj"
)

// withPoints is a program that pays 50 percent for a Webinar, with points.
func withPoints(rates ...v1alpha1.InitiativeRate) *program.Program {
	p := testobj.Program("northwind").With(func(spec *v1alpha1.PartnerProgramSpec) {
		spec.Initiatives = []v1alpha1.Initiative{{Name: "secure-edge"}, {Name: "data-platform"}, {Name: "old", Through: "2026-06-30"}}
		spec.InitiativeRates = rates
	}).Obj()
	return program.Compile(p.Name, &p.Spec)
}

func TestRatesByInitiative(t *testing.T) {
	points := func(initiative v1alpha1.Name, points string) v1alpha1.InitiativeRate {
		return v1alpha1.InitiativeRate{Initiative: initiative, Points: points}
	}
	issue := []v1alpha1.InitiativeRate{points("secure-edge", "10"), points("", "-20")}
	for name, tc := range map[string]struct {
		rates  []v1alpha1.InitiativeRate
		serves []v1alpha1.Name
		want   string
	}{
		"it serves the important one":      {issue, []v1alpha1.Name{"secure-edge"}, "60"},
		"another one":                      {issue, []v1alpha1.Name{"data-platform"}, "50"},
		"none":                             {issue, nil, "30"},
		"one that has ended is none":       {issue, []v1alpha1.Name{"old"}, "30"},
		"one that nobody knows is none":    {issue, []v1alpha1.Name{"cloud"}, "30"},
		"several: the best one counts":     {append(slices.Clone(issue), points("data-platform", "-5")), []v1alpha1.Name{"data-platform", "secure-edge"}, "60"},
		"never below 0":                    {[]v1alpha1.InitiativeRate{points("", "-60")}, nil, "0"},
		"never above 100":                  {[]v1alpha1.InitiativeRate{points("", "60")}, nil, "100"},
		"of another activity":              {[]v1alpha1.InitiativeRate{{Activity: "TradeShow", Points: "10"}}, nil, "50"},
		"of this activity":                 {[]v1alpha1.InitiativeRate{{Activity: "Webinar", Points: "2.5"}}, nil, "52.5"},
		"points that cannot be read":       {[]v1alpha1.InitiativeRate{points("", "ten")}, nil, "50"},
		"a worse one for all beside a fit": {[]v1alpha1.InitiativeRate{points("", "-20"), {Activity: "Webinar", Points: "-10"}}, nil, "40"},
	} {
		t.Run(name, func(t *testing.T) {
			p := withPoints(tc.rates...)
			rate := p.Rate(p.Activity("Webinar"), tc.serves, fiscal.MustParseDay("2026-10-19"))
			if got := decimal.Short(rate.Percent, decimal.MaxFractionDigits); got != tc.want {
				t.Errorf("got %s percent, want %s", got, tc.want)
			}
		})
	}
}

// TestTheOrderOfRatesDoesNotMatter shuffles entries and initiatives.
func TestTheOrderOfRatesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rates := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) v1alpha1.InitiativeRate {
			return v1alpha1.InitiativeRate{
				Initiative: rapid.SampledFrom([]v1alpha1.Name{"", "secure-edge", "data-platform", "old"}).Draw(t, "initiative"),
				Activity:   rapid.SampledFrom([]v1alpha1.ActivityType{"", "Webinar", "TradeShow"}).Draw(t, "activity"),
				Points:     rapid.SampledFrom([]string{"10", "-20", "5", "100", "-100"}).Draw(t, "points"),
			}
		}), 0, 6).Draw(t, "rates")
		serves := rapid.SliceOfNDistinct(rapid.SampledFrom([]v1alpha1.Name{"secure-edge", "data-platform", "old"}), 0, 3, rapid.ID).Draw(t, "serves")
		of := func(rates []v1alpha1.InitiativeRate, serves []v1alpha1.Name) program.Rate {
			p := withPoints(rates...)
			return p.Rate(p.Activity("Webinar"), serves, fiscal.MustParseDay("2026-10-19"))
		}
		one, other := of(rates, serves), of(rapid.Permutation(rates).Draw(t, "shuffled"), rapid.Permutation(serves).Draw(t, "in another order"))
		if one.Percent.Cmp(other.Percent) != 0 || (one.Points == nil) != (other.Points == nil) || one.Points != nil && program.PointsWords(one.Points) != program.PointsWords(other.Points) {
			t.Fatalf("%v and %v", one, other)
		}
		if one.Percent.Sign() < 0 || one.Percent.Cmp(decimal.MustParse("100")) > 0 {
			t.Fatalf("%s percent", one.Percent)
		}
	})
}
