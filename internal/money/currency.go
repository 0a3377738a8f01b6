package money

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bojanz/currency"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/nearest"
)

// maxSuggestions bounds how many currency codes an error message suggests.
const maxSuggestions = 3

// Digits returns the number of digits after the point of a currency: EUR 2, JPY 0, KWD 3 (ISO 4217). The error for an
// unknown code names the nearest codes.
func Digits(code v1alpha1.CurrencyCode) (int, error) {
	if digits, ok := currency.GetDigits(string(code)); ok {
		return int(digits), nil
	}
	remedy := "write an ISO 4217 code such as EUR"
	if near := nearestCodes(string(code)); len(near) > 0 {
		remedy = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return 0, fmt.Errorf("%w %s: %s", ErrUnknownCurrency, decimal.Quote(string(code)), remedy)
}

// nearestCodes returns code itself in capital letters if that is known, or else the known codes with its letters in another order, then
// those that differ by one letter substituted, missing or added, with the same first letter before the others; widely used currencies first.
func nearestCodes(code string) []string {
	upper := strings.ToUpper(code)
	if _, ok := currency.GetDigits(upper); ok {
		return []string{upper}
	}
	near := nearest.Ranked(currency.GetCurrencyCodes(), func(known string) int {
		switch {
		case sameLetters(upper, known):
			return 0
		case nearest.Within(1, upper, known) == nearest.Far:
			return nearest.Far
		case upper != "" && upper[0] == known[0]:
			return 1
		default:
			return 2
		}
	})
	return near[:min(len(near), maxSuggestions)]
}

// sameLetters says whether a and b have the same letters in whatever order.
func sameLetters(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}
