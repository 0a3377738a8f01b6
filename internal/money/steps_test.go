package money_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/money"
)

func step(above, percent string) money.Step {
	return money.Step{Above: decimal.MustParse(above), Percent: decimal.MustParse(percent)}
}

// rebate pays 2 percent to 100,000, 3 to 250,000 and 4 above.
var rebate = []money.Step{step("0", "2"), step("100000", "3"), step("250000", "4")}

func TestStepsOfPercentages(t *testing.T) {
	for name, tc := range map[string]struct {
		steps                 []money.Step
		value                 string
		marginal, retroactive string
	}{
		"nothing":                  {rebate, "0", "0", "0"},
		"the first cents":          {rebate, "1", "0.02", "0.02"},
		"one below the step":       {rebate, "99999.99", "1999.9998", "1999.9998"},
		"at the step":              {rebate, "100000.00", "2000", "2000"},
		"one above it":             {rebate, "100000.01", "2000.0003", "3000.0003"},
		"at the next":              {rebate, "250000", "6500", "7500"},
		"one above the next":       {rebate, "250000.01", "6500.0004", "10000.0004"},
		"the worked example":       {rebate, "300000", "8500", "12000"},
		"more returned than sold":  {rebate, "-10000", "-200", "-200"},
		"nothing up to the lowest": {rebate[1:], "100000", "0", "0"},
		"only above the lowest":    {rebate[1:], "100100", "3", "3003"},
		"returns below the lowest": {rebate[1:], "-10000", "0", "0"},
		"no steps":                 {nil, "5", "0", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			value := decimal.MustParse(tc.value)
			if got := money.Marginal(tc.steps, value); got.Cmp(decimal.MustParse(tc.marginal)) != 0 {
				t.Errorf("marginal: %s, want %s", got.FloatString(4), tc.marginal)
			}
			if got := money.Retroactive(tc.steps, value); got.Cmp(decimal.MustParse(tc.retroactive)) != 0 {
				t.Errorf("retroactive: %s, want %s", got.FloatString(4), tc.retroactive)
			}
		})
	}
}

// drawSteps draws steps in rising order.
func drawSteps(t *rapid.T) []money.Step {
	above := rapid.SliceOfNDistinct(rapid.IntRange(0, 10_000), 1, 6, rapid.ID).Draw(t, "above")
	slices.Sort(above)
	var steps []money.Step
	for _, at := range above {
		steps = append(steps, money.Step{Above: big.NewRat(int64(at), 1), Percent: big.NewRat(rapid.Int64Range(0, 3000).Draw(t, "percent"), 100)})
	}
	return steps
}

// TestMarginalStepsAreContinuous checks that a little more is worth a little more: at most the highest percentage of it, also across thresholds.
func TestMarginalStepsAreContinuous(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := drawSteps(t)
		highest := new(big.Rat)
		for _, s := range steps {
			if s.Percent.Cmp(highest) > 0 {
				highest = s.Percent
			}
		}
		value, more := big.NewRat(rapid.Int64Range(-1_000_000, 1_500_000).Draw(t, "cents"), 100), big.NewRat(rapid.Int64Range(0, 200_000).Draw(t, "more"), 100)
		gain := new(big.Rat).Sub(money.Marginal(steps, new(big.Rat).Add(value, more)), money.Marginal(steps, value))
		if gain.Sign() < 0 || gain.Cmp(decimal.PercentOf(highest, more)) > 0 {
			t.Fatalf("%s more than %s is worth %s", more, value, gain)
		}
	})
}

// TestRetroactiveStepsJumpAtThresholdsAlone checks that between two thresholds a value is worth its own percentage, and no other one.
func TestRetroactiveStepsJumpAtThresholdsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := drawSteps(t)
		one := big.NewRat(rapid.Int64Range(1, 1_500_000).Draw(t, "one"), 100)
		other := big.NewRat(rapid.Int64Range(1, 1_500_000).Draw(t, "other"), 100)
		if slices.ContainsFunc(steps, func(s money.Step) bool { return (one.Cmp(s.Above) > 0) != (other.Cmp(s.Above) > 0) }) {
			return // a threshold lies between them
		}
		x, y := money.Retroactive(steps, one), money.Retroactive(steps, other)
		if new(big.Rat).Mul(x, other).Cmp(new(big.Rat).Mul(y, one)) != 0 {
			t.Fatalf("%s is worth %s, and %s in the same band %s", one, x, other, y)
		}
	})
}
