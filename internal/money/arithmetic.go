package money

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

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

// Sub returns a - b in minor units of one currency. It fails with ErrRange when a, b or the difference is out of range.
func Sub(a, b int64) (int64, error) {
	if err := check(b); err != nil {
		return 0, err
	}
	return Add(a, -b)
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

// PercentCumulative returns what a further amount adds to the percentage of a growing sum: the rounded-down percentage of
// before + amount, less that of before. So parts paid one after the other add up to the percentage of their sum: at 50 percent,
// three times 3333 gives 1666, 1667 and 1666. All in minor units. It fails with ErrRange when an amount or a result is out of range.
func PercentCumulative(before, amount int64, percent *big.Rat) (int64, error) {
	after, err := Add(before, amount)
	if err != nil {
		return 0, err
	}
	paid, err := Percent(before, percent)
	if err != nil {
		return 0, err
	}
	due, err := Percent(after, percent)
	if err != nil {
		return 0, err
	}
	return Sub(due, paid)
}

// Share splits an amount in minor units by weights into shares that add up to it. Each share is the exact one rounded down, plus at
// most one minor unit: those that are left over go to the largest remainders, the earlier share first where they are equal. A weight of zero
// gets nothing. It fails when there is no weight, one is negative or all are zero, and with ErrRange when the amount is out of range.
func Share(amount int64, weights []*big.Rat) ([]int64, error) {
	if err := check(amount); err != nil {
		return nil, err
	}
	total := new(big.Rat)
	for i, weight := range weights {
		if weight.Sign() < 0 {
			return nil, fmt.Errorf("weight %d is negative; a weight must be zero or more", i+1)
		}
		total.Add(total, weight)
	}
	if total.Sign() == 0 {
		return nil, errors.New("there is no weight above zero to share by")
	}
	shares := make([]int64, len(weights))
	remainders := make([]*big.Rat, len(weights))
	left := amount
	for i, weight := range weights {
		exact := new(big.Rat).SetInt64(amount)
		exact.Mul(exact, weight).Quo(exact, total)
		share := new(big.Int).Div(exact.Num(), exact.Denom())
		shares[i] = share.Int64() // between amount and 0, so it fits
		remainders[i] = exact.Sub(exact, new(big.Rat).SetInt(share))
		left -= shares[i]
	}
	for _, i := range byRemainder(remainders)[:left] {
		shares[i]++
	}
	return shares, nil
}

// byRemainder returns the indexes of remainders from the largest to the smallest, equal ones in their order. The remainders add up
// to the number of units left over and each is below 1, so at least that many are above zero.
func byRemainder(remainders []*big.Rat) []int {
	order := make([]int, len(remainders))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(remainders[a]) })
	return order
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
