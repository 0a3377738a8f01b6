// Package money computes with amounts of money.
//
// At the edge an amount is decimal text with an ISO 4217 currency code; inside it is an int64 number of minor units of one
// currency (EUR 12.50 is 1250, JPY 12 is 12, KWD 12.500 is 12500), from -Max to Max. The caller keeps track of the currency:
// no function here exchanges currencies except Convert, and none lets a result outside that range pass. Whatever must be
// rounded is rounded down, toward minus infinity.
package money

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
)

// Max is the largest amount in minor units, 2^53 - 1: the largest integer that every JSON reader keeps exactly.
// The smallest is -Max.
const Max int64 = 1<<53 - 1

var (
	// ErrRange is wrapped by every error about an amount that is not from -Max to Max minor units.
	ErrRange = errors.New("amount out of range")
	// ErrUnknownCurrency is wrapped by every error about a code that is not an ISO 4217 currency.
	ErrUnknownCurrency = errors.New("unknown currency")
)

// Parse returns the minor units of an amount given in units of a currency: "12500.00" EUR is 1250000. It fails on text that is not a
// plain decimal number, an unknown currency, more digits after the point than the currency has (even zeros), and an amount beyond
// Max. Negative amounts are parsed; who must not have one checks the sign.
func Parse(amount v1alpha1.Decimal, code v1alpha1.CurrencyCode) (int64, error) {
	digits, err := Digits(code)
	if err != nil {
		return 0, err
	}
	value, err := decimal.Parse(amount)
	if err != nil {
		return 0, err
	}
	if _, fraction, _ := strings.Cut(string(amount), "."); len(fraction) > digits {
		return 0, fmt.Errorf("%s has too many digits after the point (%d): %s amounts have at most %d, such as %q",
			decimal.Quote(string(amount)), len(fraction), code, digits, units(1250, digits))
	}
	return floorUnits(value, digits, code)
}

// ParseMoney is Parse for an API amount.
func ParseMoney(m v1alpha1.Money) (int64, error) {
	return Parse(m.Amount, m.Currency)
}

// Money returns minor units of a currency as an API amount, with all the digits of the currency: "12500.00". It fails on an
// unknown currency and with ErrRange on an amount out of range or, in a currency without minor units, of more digits than a Decimal has.
func Money(minor int64, code v1alpha1.CurrencyCode) (v1alpha1.Money, error) {
	digits, err := Digits(code)
	if err != nil {
		return v1alpha1.Money{}, err
	}
	if err := check(minor); err != nil {
		return v1alpha1.Money{}, err
	}
	amount := v1alpha1.Decimal(units(minor, digits))
	if _, err := decimal.Parse(amount); err != nil {
		return v1alpha1.Money{}, fmt.Errorf("%w: %w", ErrRange, err)
	}
	return v1alpha1.Money{Amount: amount, Currency: code}, nil
}

// Rat returns minor units of a currency as an exact number of its units: 1250 of EUR is 25/2. It fails on an unknown currency.
func Rat(minor int64, code v1alpha1.CurrencyCode) (*big.Rat, error) {
	digits, err := Digits(code)
	if err != nil {
		return nil, err
	}
	return new(big.Rat).SetFrac(big.NewInt(minor), power10(digits)), nil
}

// FromRat returns the minor units of an exact number of units of a currency, rounded down. It fails on an unknown currency and on
// an amount beyond Max.
func FromRat(value *big.Rat, code v1alpha1.CurrencyCode) (int64, error) {
	digits, err := Digits(code)
	if err != nil {
		return 0, err
	}
	return floorUnits(value, digits, code)
}

// Format writes minor units of a currency for people, with the currency, commas between thousands and all the digits of the
// currency: "EUR 12,500.00", "JPY 1,250", "EUR -0.05". An unknown currency is written as "XYZ 1250 minor units".
func Format(minor int64, code v1alpha1.CurrencyCode) string {
	digits, err := Digits(code)
	if err != nil {
		return fmt.Sprintf("%s %d minor units", code, minor)
	}
	return string(code) + " " + decimal.Group(units(minor, digits))
}

// floorUnits returns value x 10^digits, rounded down and checked.
func floorUnits(value *big.Rat, digits int, code v1alpha1.CurrencyCode) (int64, error) {
	scaled := power10(digits)
	scaled.Mul(scaled, value.Num())
	scaled.Div(scaled, value.Denom())
	if !scaled.IsInt64() || check(scaled.Int64()) != nil {
		return 0, fmt.Errorf("%w: %s %s is beyond the largest amount, %s", ErrRange, code, decimal.Format(value, digits), Format(Max, code))
	}
	return scaled.Int64(), nil
}

// units writes minor / 10^digits with exactly that many digits after the point.
func units(minor int64, digits int) string {
	text := strconv.FormatInt(minor, 10)
	if digits == 0 {
		return text
	}
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	if pad := digits + 1 - len(text); pad > 0 {
		text = strings.Repeat("0", pad) + text
	}
	point := len(text) - digits
	return sign + text[:point] + "." + text[point:]
}

// check returns an error when minor is not from -Max to Max.
func check(minor int64) error {
	if minor < -Max || minor > Max {
		return fmt.Errorf("%w: %d minor units are not between -%d and %d", ErrRange, minor, Max, Max)
	}
	return nil
}

// power10 returns 10^n.
func power10(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}
