package decimal

import (
	"math/big"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// FloorDecimal returns r rounded toward minus infinity to the given number of digits after the point, as plain text:
// "492475.24". An integral result has no decimals ("440000"), any other has exactly that many ("548250.90"). Zero has no
// sign. Negative digits count as 0.
func FloorDecimal(r *big.Rat, digits int) string {
	return plain(scaledFloor(r, digits), digits)
}

// Short is FloorDecimal without trailing zeros: "79.5" where FloorDecimal gives "79.50". It suits percentages and counts;
// FloorDecimal suits money.
func Short(r *big.Rat, digits int) string {
	return trim(FloorDecimal(r, digits))
}

// Format is FloorDecimal with commas between thousands, for messages: "492,475.24", "440,000", "-1,250.50".
func Format(r *big.Rat, digits int) string {
	return Group(FloorDecimal(r, digits))
}

// FormatShort is Short with commas between thousands, for messages: "1,079.5".
func FormatShort(r *big.Rat, digits int) string {
	return Group(Short(r, digits))
}

// Shown is FloorDecimal for a status field: always a valid Decimal. Digits above 6 count as 6, and a number too large for a
// Decimal becomes the nearest Decimal, 999999999999999.999999 or its negative (cut to the digits), so that no evaluation
// produces a status which the API server refuses.
func Shown(r *big.Rat, digits int) v1alpha1.Decimal {
	digits = min(max(digits, 0), MaxFractionDigits)
	limit := power10(MaxIntegerDigits + digits)
	limit.Sub(limit, big.NewInt(1))
	scaled := scaledFloor(r, digits)
	if scaled.CmpAbs(limit) > 0 {
		if scaled.Sign() < 0 {
			limit.Neg(limit)
		}
		scaled = limit
	}
	return v1alpha1.Decimal(plain(scaled, digits))
}

// scaledFloor returns the floor of r x 10^digits.
func scaledFloor(r *big.Rat, digits int) *big.Int {
	scaled := power10(max(digits, 0))
	scaled.Mul(scaled, r.Num())
	return scaled.Div(scaled, r.Denom())
}

// plain writes scaled / 10^digits, without decimals where it is integral.
func plain(scaled *big.Int, digits int) string {
	if digits <= 0 {
		return scaled.String()
	}
	text := new(big.Int).Abs(scaled).String()
	if pad := digits + 1 - len(text); pad > 0 {
		text = strings.Repeat("0", pad) + text
	}
	point := len(text) - digits
	integer, fraction := text[:point], text[point:]
	if scaled.Sign() < 0 {
		integer = "-" + integer
	}
	if strings.Trim(fraction, "0") == "" {
		return integer
	}
	return integer + "." + fraction
}

// trim removes the zeros at the end of a fraction.
func trim(text string) string {
	if !strings.Contains(text, ".") {
		return text
	}
	return strings.TrimRight(text, "0")
}

// Group puts commas between the thousands of plain decimal text: "-1234.5" becomes "-1,234.5".
func Group(text string) string {
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	integer, fraction, point := strings.Cut(text, ".")
	var out strings.Builder
	out.WriteString(sign)
	for i, digit := range integer {
		if i > 0 && (len(integer)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(digit)
	}
	if point {
		out.WriteByte('.')
		out.WriteString(fraction)
	}
	return out.String()
}

// power10 returns 10^n.
func power10(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}
