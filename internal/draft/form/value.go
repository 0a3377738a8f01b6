package form

import (
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"jointplan.dev/jointplan/internal/decimal"
)

// epoch is the day before the first that spreadsheet programs count, with the day that they count though it never was.
var epoch = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

const hoursOfDay = 24

// serialOf returns the number by which spreadsheet programs know a day.
func serialOf(day string) (int64, bool) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0, false
	}
	return int64(at.Sub(epoch).Hours()) / hoursOfDay, true
}

// maxExact is how many digits spreadsheet programs keep of a number.
const maxExact = 15

// storable reports whether a number comes back from a spreadsheet program as it is written, and how many digits it has after the point.
func storable(text string) (digits int, ok bool) {
	if text == "" {
		return 0, false
	}
	_, fraction, _ := strings.Cut(text, ".")
	significant := strings.TrimLeft(strings.ReplaceAll(strings.TrimPrefix(text, "-"), ".", ""), "0")
	again, isNumber := plainNumber(text, len(fraction))
	return len(fraction), isNumber && len(significant) <= maxExact && again == text
}

// plainNumber writes a stored number as a plain decimal, with at least as many digits after the point as it is shown with. What programs store as binary
// fractions has more digits than they keep, so it is rounded to those.
func plainNumber(stored string, digits int) (string, bool) {
	value, err := strconv.ParseFloat(stored, 64)
	if err != nil {
		return "", false
	}
	exact, ok := new(big.Rat).SetString(strconv.FormatFloat(value, 'e', maxExact-1, 64))
	if !ok {
		return "", false
	}
	const most = 400
	needed, _ := exact.FloatPrec()
	return exact.FloatString(min(max(needed, digits), most)), true
}

// cellFormat is how a cell shows a number.
type cellFormat struct {
	day, percent bool
	digits       int
}

// Formats by their numbers in the standard.
var standardFormats = map[int]cellFormat{2: {digits: 2}, 4: {digits: 2}, 9: {percent: true}, 10: {percent: true, digits: 2}, 39: {digits: 2}, 40: {digits: 2}, 43: {digits: 2}, 44: {digits: 2}}

// formatOf reads the format of numbers of a style.
func formatOf(style *excelize.Style) cellFormat {
	if style == nil {
		return cellFormat{}
	}
	if style.CustomNumFmt == nil {
		n := style.NumFmt
		how := standardFormats[n]
		how.day = n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 50 && n <= 58
		return how
	}
	positive, _, _ := strings.Cut(bare(*style.CustomNumFmt), ";")
	how := cellFormat{percent: strings.Contains(positive, "%")}
	how.day = !strings.EqualFold(positive, "general") && positive != textFormat && strings.ContainsAny(strings.ToLower(positive), "yd") && !strings.ContainsAny(positive, "#0")
	if _, fraction, found := strings.Cut(positive, "."); found {
		how.digits = len(fraction) - len(strings.TrimLeft(fraction, "0"))
	}
	return how
}

// bare is a format of numbers without what it shows as it stands.
func bare(format string) string {
	var b strings.Builder
	quoted, bracket, skip := false, false, false
	for _, r := range format {
		switch {
		case skip:
			skip = false
		case quoted:
			quoted = r != '"'
		case bracket:
			bracket = r != ']'
		case r == '"':
			quoted = true
		case r == '[':
			bracket = true
		case r == '\\' || r == '_' || r == '*':
			skip = true
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// isPlain reports whether a text is a number as manifests have it.
func isPlain(text string) bool {
	_, err := decimal.Parse(text)
	return err == nil
}
