package benchmark

import (
	"math/big"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
)

// exactDigits is the number of digits after the point of a benchmark's figures.
const exactDigits = 4

var (
	quarter       = big.NewRat(1, 4)
	half          = big.NewRat(1, 2)
	threeQuarters = big.NewRat(3, 4)
	hundred       = big.NewRat(100, 1)
)

// quantile returns the figure below which a share of ordered values lies: the value at place (n - 1) x share, counted from 0, on the straight line between
// the values beside that place (definition 7 of Hyndman and Fan, QUARTILE.INC of spreadsheets). There is at least one value.
func quantile(values []*big.Rat, share *big.Rat) *big.Rat {
	place := new(big.Rat).Mul(big.NewRat(int64(len(values)-1), 1), share)
	at := int(decimal.FloorInt32(place))
	low := values[at]
	rest := place.Sub(place, big.NewRat(int64(at), 1))
	if rest.Sign() == 0 {
		return new(big.Rat).Set(low)
	}
	step := new(big.Rat).Sub(values[at+1], low)
	return step.Add(step.Mul(step, rest), low)
}

// exactly writes a figure for the vendor.
func exactly(figure *big.Rat) v1alpha1.Decimal { return short(decimal.Shown(figure, exactDigits)) }

func short(text v1alpha1.Decimal) v1alpha1.Decimal {
	if !strings.Contains(string(text), ".") {
		return text
	}
	return v1alpha1.Decimal(strings.TrimRight(strings.TrimRight(string(text), "0"), "."))
}

// twoDigits returns a figure rounded down to two significant digits: 127.58 is 120, 9.57 is 9.5, and 0.347 is 0.34.
func twoDigits(figure *big.Rat) *big.Rat {
	if figure.Sign() == 0 {
		return new(big.Rat)
	}
	ten, size, unit := big.NewRat(10, 1), new(big.Rat).Abs(figure), big.NewRat(1, 1)
	for new(big.Rat).Quo(size, unit).Cmp(hundred) >= 0 {
		unit.Mul(unit, ten)
	}
	for new(big.Rat).Quo(size, unit).Cmp(ten) < 0 {
		unit.Quo(unit, ten)
	}
	steps := new(big.Rat).SetInt(decimal.Floor(new(big.Rat).Quo(figure, unit)))
	return steps.Mul(steps, unit)
}

// roundly writes a figure for partners.
func roundly(text v1alpha1.Decimal) v1alpha1.Decimal {
	figure, err := decimal.Parse(text)
	if err != nil {
		return text
	}
	return short(decimal.Shown(twoDigits(figure), decimal.MaxFractionDigits))
}

// published is what partners read of a row.
func published(row *v1alpha1.BenchmarkRow) v1alpha1.PublishedRow {
	q := row.Quartiles
	q.P25, q.P50, q.P75 = roundly(q.P25), roundly(q.P50), roundly(q.P75)
	return v1alpha1.PublishedRow{BenchmarkCohort: row.BenchmarkCohort, Quartiles: q}
}
