package money

import (
	"fmt"
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Add returns the sum of amounts in minor units of one currency, 0 for none. It fails with ErrRange when an amount or a sum
// on the way is out of range.
func Add(amounts ...int64) (int64, error) {
	var sum int64
	for _, amount := range amounts {
		if err := check(amount); err != nil {
			return 0, err
		}
		sum += amount // cannot overflow: both are within 2^53
		if err := check(sum); err != nil {
			return 0, err
		}
	}
	return sum, nil
}

// Percent returns percent hundredths of an amount in minor units, rounded down: 50 percent of 3333 is 1666. It fails with
// ErrRange when the amount or the result is out of range.
func Percent(amount int64, percent *big.Rat) (int64, error) {
	if err := check(amount); err != nil {
		return 0, err
	}
	product := new(big.Rat).SetInt64(amount)
	product.Mul(product, percent)
	return floor(product.Mul(product, big.NewRat(1, 100)))
}

// Convert returns an amount in minor units of one currency in minor units of another, rounded down, at a rate in units of the other per
// unit of the one: USD 11,000.00 at 0.90 is EUR 9,900.00. It fails on an unknown currency, a rate that is not above zero, and with
// ErrRange when the amount or the result is out of range.
func Convert(amount int64, from, to v1alpha1.CurrencyCode, rate *big.Rat) (int64, error) {
	if err := check(amount); err != nil {
		return 0, err
	}
	if rate.Sign() <= 0 {
		return 0, fmt.Errorf("the rate from %s to %s must be above zero", from, to)
	}
	value, err := Rat(amount, from)
	if err != nil {
		return 0, err
	}
	return FromRat(value.Mul(value, rate), to)
}

// floor returns an exact number of minor units rounded down and checked.
func floor(value *big.Rat) (int64, error) {
	units := new(big.Int).Div(value.Num(), value.Denom())
	if !units.IsInt64() {
		return 0, fmt.Errorf("%w: %s minor units are not between -%d and %d", ErrRange, units, Max, Max)
	}
	if err := check(units.Int64()); err != nil {
		return 0, err
	}
	return units.Int64(), nil
}
