package sums

import (
	"math/big"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
)

// amount is an exact sum of decimals of the API: a whole number of millionths, which is as fine as these are. The number is never changed, so that amounts
// can be copied; nil is zero.
type amount struct{ millionths *big.Int }

var (
	million = big.NewInt(1_000_000) // how many millionths make one
	nothing = new(big.Int)
)

func (a amount) number() *big.Int {
	if a.millionths == nil {
		return nothing
	}
	return a.millionths
}

// read returns a decimal of a status; ok is false for one that is absent.
func read[T ~string](text T) (a amount, ok bool) {
	value, err := decimal.Parse(text)
	if err != nil {
		return a, false
	}
	number := new(big.Int).Mul(value.Num(), million)
	return amount{number.Quo(number, value.Denom())}, true
}

// plus returns the amount with another one, or without it where sign is -1.
func (a amount) plus(b amount, sign int) amount {
	switch {
	case b.isZero():
		return a
	case sign < 0:
		return amount{new(big.Int).Sub(a.number(), b.number())}
	default:
		return amount{new(big.Int).Add(a.number(), b.number())}
	}
}

func (a amount) minus(b amount) amount { return a.plus(b, -1) }

// add adds an amount to a sum, or takes it away where sign is -1.
func add(to *amount, b amount, sign int) { *to = to.plus(b, sign) }

func (a amount) isZero() bool { return a.number().Sign() == 0 }

func (a amount) cmp(b amount) int { return a.number().Cmp(b.number()) }

// atLeastZero returns the amount, or zero where it is below.
func (a amount) atLeastZero() amount {
	if a.number().Sign() < 0 {
		return amount{}
	}
	return a
}

// part returns percent hundredths of an amount, rounded toward zero to a millionth.
func (a amount) part(percent int32) amount {
	share := new(big.Int).Mul(a.number(), big.NewInt(int64(percent)))
	return amount{share.Quo(share, big.NewInt(100))}
}

// shown writes an amount as the API has it, without loss: with two digits at least where it is no whole number.
func (a amount) shown() v1alpha1.Decimal {
	value := new(big.Rat).SetFrac(a.number(), million)
	text := decimal.Shown(value, 2)
	if exact, ok := read(text); ok && exact.cmp(a) == 0 {
		return text
	}
	return v1alpha1.Decimal(strings.TrimRight(string(decimal.Shown(value, decimal.MaxFractionDigits)), "0")) // it has other digits after the point
}

// percentOf returns an amount in percent of another, rounded down; nil of zero.
func (a amount) percentOf(whole amount) *int32 {
	if whole.number().Sign() <= 0 {
		return nil
	}
	share := new(big.Rat).SetFrac(a.number(), whole.number())
	percent := decimal.FloorInt32(share.Mul(share, big.NewRat(100, 1)))
	return &percent
}
