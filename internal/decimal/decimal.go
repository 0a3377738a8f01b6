// Package decimal turns the decimal text of the API into exact numbers and exact numbers into text for people.
//
// Inside the domain every quantity is a *big.Rat, so comparisons and divisions are exact; only what is shown is rounded,
// and always toward minus infinity ("rounded down"). Functions here never change their arguments, and return new numbers.
// A nil *big.Rat is a programming error and panics, as it does in math/big.
package decimal

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Limits of decimal text, the same as those of the API type Decimal.
const (
	// MaxIntegerDigits is the largest number of digits before the point.
	MaxIntegerDigits = 15
	// MaxFractionDigits is the largest number of digits after the point.
	MaxFractionDigits = 6
	// MaxPercentFractionDigits is the largest number of digits after the point of a percentage.
	MaxPercentFractionDigits = 3
	// MaxPercent is the largest percentage.
	MaxPercent = 1000
)

// quoteLimit bounds how much of a wrong text an error message repeats, in bytes.
const quoteLimit = 40

// Parse reads a plain decimal number such as "1250", "-3.5" or "0.25": at most 15 digits before and 6 after the point, no
// exponent, no separators, no leading zeros, no plus sign, no sign on zero, no spaces, no digits other than 0 to 9. These are
// the rules of the API type Decimal. The error quotes the text, names what is wrong with it and says what is allowed.
func Parse[T ~string](text T) (*big.Rat, error) {
	if r := fast(string(text)); r != nil {
		return r, nil
	}
	if wrong := syntax(string(text), MaxIntegerDigits, MaxFractionDigits); wrong != "" {
		return nil, fmt.Errorf("%s is not a plain decimal number such as 1250 or 12.5: %s (allowed are at most %d digits before and %d after "+
			"the point, no exponent, no separators, no leading zeros, no sign on zero)",
			Quote(string(text)), wrong, MaxIntegerDigits, MaxFractionDigits)
	}
	return rat(string(text)), nil
}

// ParsePercent reads a percentage from 0 to 1000 such as "60" or "2.5", with at most 3 digits after the point and without a
// percent sign. These are the rules of the API type Percent. The result is in percent: "2.5" is 5/2; see PercentOf.
// The error quotes the text, names what is wrong with it and says what is allowed.
func ParsePercent[T ~string](text T) (*big.Rat, error) {
	const integerDigits = 4
	wrong := syntax(string(text), integerDigits, MaxPercentFractionDigits)
	if wrong == "" && text[0] == '-' {
		wrong = "it is negative"
	}
	if wrong == "" {
		r := rat(string(text))
		if r.Cmp(new(big.Rat).SetInt64(MaxPercent)) <= 0 {
			return r, nil
		}
		wrong = "it is above " + strconv.Itoa(MaxPercent)
	}
	return nil, fmt.Errorf("%s is not a percentage from 0 to %d such as 60 or 2.5: %s (allowed are at most %d digits after the point, no percent sign)",
		Quote(string(text)), MaxPercent, wrong, MaxPercentFractionDigits)
}

// MustParse is Parse for constants and tests: it panics where Parse returns an error.
func MustParse(text string) *big.Rat {
	r, err := Parse(text)
	if err != nil {
		panic(err)
	}
	return r
}

// PercentOf returns percent hundredths of r, exactly: 10 percent of 400000 is 40000.
func PercentOf(percent, r *big.Rat) *big.Rat {
	product := new(big.Rat).Mul(percent, r)
	return product.Mul(product, big.NewRat(1, 100))
}

// Quote quotes text for a message in ASCII, so that look-alike digits and invisible characters show, and cuts it when it is
// long.
func Quote(text string) string {
	if len(text) > quoteLimit {
		return strconv.QuoteToASCII(text[:quoteLimit]) + "..."
	}
	return strconv.QuoteToASCII(text)
}

// Floor returns the largest integer that is not above r.
func Floor(r *big.Rat) *big.Int {
	// Int.Div is Euclidean, and a Rat's denominator is positive, so the quotient is the floor.
	return new(big.Int).Div(r.Num(), r.Denom())
}

// FloorInt64 returns the largest integer that is not above r, or the nearest int64 where that does not fit.
func FloorInt64(r *big.Rat) int64 {
	floor := Floor(r)
	switch {
	case floor.IsInt64():
		return floor.Int64()
	case floor.Sign() < 0:
		return math.MinInt64
	default:
		return math.MaxInt64
	}
}

// FloorInt32 returns the largest integer that is not above r, or the nearest int32 where that does not fit.
func FloorInt32(r *big.Rat) int32 {
	return int32(min(max(FloorInt64(r), math.MinInt32), math.MaxInt32))
}

// syntax says what is wrong with decimal text, or "" when nothing is.
func syntax(text string, maxInteger, maxFraction int) string {
	if text == "" {
		return "it is empty"
	}
	if wrong := characters(text); wrong != "" {
		return wrong
	}
	integer, fraction, point := strings.Cut(strings.TrimPrefix(text, "-"), ".")
	switch {
	case strings.Contains(integer, "-") || strings.Contains(fraction, "-"):
		return "a minus sign must come first"
	case strings.Contains(fraction, "."):
		return "it has more than one point"
	case integer == "":
		return "digits before the point are missing"
	case point && fraction == "":
		return "digits after the point are missing"
	case len(integer) > 1 && integer[0] == '0':
		return "it has a leading zero"
	case len(integer) > maxInteger:
		return fmt.Sprintf("it has %d digits before the point", len(integer))
	case len(fraction) > maxFraction:
		return fmt.Sprintf("it has %d digits after the point", len(fraction))
	case text[0] == '-' && strings.Trim(text, "-0.") == "":
		return "it has a sign on zero"
	}
	return ""
}

// characters says which character of text no decimal number has, or "".
func characters(text string) string {
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9', c == '.', c == '-':
		case c == 'e' || c == 'E':
			return "an exponent is not allowed"
		case c == ',' || c == '_' || c == '\'':
			return "a separator is not allowed"
		case c == '+':
			return "a plus sign is not allowed"
		case c == '%':
			return "a percent sign is not allowed"
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			return "a space is not allowed"
		default:
			return fmt.Sprintf("the character %s is not allowed, digits are 0 to 9", strconv.QuoteRuneToASCII(c))
		}
	}
	return ""
}

// rat returns the number that text, which has the right syntax, stands for.
func rat(text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		panic("decimal: checked text " + strconv.Quote(text) + " does not parse")
	}
	return r
}

// fast reads decimal text of the right syntax whose digits fit in an int64, as nearly all do, in one pass. It returns nil for all other text: what is
// wrong with that, if anything, is found by syntax.
func fast(text string) *big.Rat {
	const maxDigits = 18 // an int64 holds any number with that many
	digits := strings.TrimPrefix(text, "-")
	integer, fraction, point := strings.Cut(digits, ".")
	leadingZero := len(integer) > 1 && integer[0] == '0'
	if integer == "" || leadingZero || len(integer) > MaxIntegerDigits || point && fraction == "" || len(fraction) > MaxFractionDigits ||
		len(integer)+len(fraction) > maxDigits {
		return nil
	}
	fraction = strings.TrimRight(fraction, "0")
	var number int64
	for _, part := range []string{integer, fraction} {
		for i := range len(part) {
			if part[i] < '0' || part[i] > '9' {
				return nil
			}
			number = number*10 + int64(part[i]-'0')
		}
	}
	if len(digits) < len(text) {
		if number == 0 {
			return nil
		}
		number = -number
	}
	if fraction == "" {
		return new(big.Rat).SetInt64(number)
	}
	return big.NewRat(number, powers[len(fraction)])
}

// powers of ten.
var powers = [MaxFractionDigits + 1]int64{1, 10, 100, 1_000, 10_000, 100_000, 1_000_000}
