package money

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bojanz/currency"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
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
	if nearest := nearestCodes(string(code)); len(nearest) > 0 {
		remedy = "did you mean " + strings.Join(nearest, " or ") + "?"
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
	var swapped, sameFirst, others []string
	for _, known := range currency.GetCurrencyCodes() {
		switch {
		case isSwap(upper, known):
			swapped = append(swapped, known)
		case !isOneEdit(upper, known):
		case upper != "" && upper[0] == known[0]:
			sameFirst = append(sameFirst, known)
		default:
			others = append(others, known)
		}
	}
	nearest := slices.Concat(swapped, sameFirst, others)
	return nearest[:min(len(nearest), maxSuggestions)]
}

// isSwap says whether a and b have the same letters in another order.
func isSwap(a, b string) bool {
	x, y := []byte(a), []byte(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// isOneEdit says whether a becomes b by one letter substituted, removed or added.
func isOneEdit(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	switch {
	case i == len(a):
		return false // equal
	case len(a) == len(b):
		return a[i+1:] == b[i+1:]
	default:
		return a[i+1:] == b[i:]
	}
}
