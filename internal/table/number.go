package table

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/money"
)

// Mark is the mark between the whole part and the fraction of a number.
type Mark byte

// Marks.
const (
	AnyMark Mark = 0 // what can be read in one way only
	Point   Mark = '.'
	Comma   Mark = ','
)

// String names a mark.
func (m Mark) String() string {
	switch m {
	case Point:
		return "Point"
	case Comma:
		return "Comma"
	default:
		return ""
	}
}

// Number is a number that was read.
type Number struct {
	// Value is the exact value.
	Value *big.Rat
	// Currency is what stands with it: a code or symbol; empty for none.
	Currency string
	// Percent says that a percent sign stands with it.
	Percent bool
	// Mark is the mark that it shows to be used; AnyMark if it shows none.
	Mark Mark
}

// symbols are the signs of currencies, with the codes for which they stand.
var symbols = map[string][]string{
	"€": {"EUR"}, "£": {"GBP"}, "¥": {"JPY", "CNY"}, "₹": {"INR"}, "₩": {"KRW"}, "₺": {"TRY"}, "₽": {"RUB"}, "zł": {"PLN"}, "Kč": {"CZK"}, "kr": {"SEK", "NOK", "DKK"},
	"kr.": {"DKK"}, "Fr.": {"CHF"}, "R$": {"BRL"}, "US$": {"USD"}, "A$": {"AUD"}, "C$": {"CAD"},
	"$": {"USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN"},
}

// isCode reports whether a text is the code of a currency, and not, say, the name of a month.
func isCode(text string) bool {
	_, err := money.Digits(v1alpha1.CurrencyCode(text))
	return err == nil
}

func isSymbol(text string) bool { _, found := symbols[text]; return found }

// IsCurrency reports whether a code or symbol that stands with an amount can mean a currency.
func IsCurrency(written, code string) bool {
	if strings.EqualFold(written, code) {
		return true
	}
	for symbol, of := range symbols {
		if Key(symbol) != Key(written) {
			continue
		}
		if slices.Contains(of, code) {
			return true
		}
	}
	return false
}

var (
	// inParts splits a number from what stands before and after it.
	inParts = regexp.MustCompile(`^(\D*?)([0-9.,](?:[0-9.,' ]*[0-9.,])?)(\D*)$`)
	// groupsOf match a whole part in groups of three digits, by their separator.
	inGroups = regexp.MustCompile(`^[0-9]{1,3}([., '])[0-9]{3}(?:[., '][0-9]{3})*$`)
)

// noValue are texts of programs and people that say that there is no value.
var noValue = map[string]bool{
	"": true, "-": true, "–": true, "—": true, "n/a": true, "na": true, "#n/a": true, "nan": true, "null": true, "none": true, "nil": true, "tbd": true, "?": true, ".": true, "k.a.": true,
	"inf": true, "+inf": true, "-inf": true, "infinity": true,
}

// ErrNoValue says that a cell has no value.
var ErrNoValue = errors.New("there is no value, and missing is not zero")

// ReadNumber reads a number as people and programs write it: with a decimal point or comma, groups of three digits, a sign before or after it, in
// parentheses if it is negative, with a currency or a percent sign. With AnyMark it reads only what can mean one number.
func ReadNumber(cell Cell, mark Mark) (n Number, err error) {
	if cell.Wrong != "" {
		return n, errors.New(cell.Wrong)
	}
	if cell.Stored {
		return storedNumber(cell)
	}
	text := strings.TrimSpace(strings.Map(plainSpace, cell.Text))
	if noValue[strings.ToLower(text)] {
		if text == "" {
			return n, ErrNoValue
		}
		return n, fmt.Errorf("is not a number: %w; if it says that there is no value, list it in missing of the mapping", ErrNoValue)
	}
	parts := inParts.FindStringSubmatch(text)
	if parts == nil {
		return n, errNotANumber
	}
	negative, err := n.around(parts[1], parts[3])
	if err != nil {
		return n, fmt.Errorf("is not a number: %w", err)
	}
	plain, err := n.plain(parts[2], mark)
	if err != nil {
		return n, err
	}
	value, ok := new(big.Rat).SetString(plain)
	if !ok {
		return n, errNotANumber
	}
	if negative {
		value.Neg(value)
	}
	n.Value = value
	return n, nil
}

func storedNumber(cell Cell) (n Number, err error) {
	if cell.Day {
		return n, errors.New("is a day, not a number")
	}
	value, ok := new(big.Rat).SetString(cell.Text)
	if !ok {
		return n, errNotANumber
	}
	if cell.Percent {
		value.Mul(value, new(big.Rat).SetInt64(100))
	}
	return Number{Value: value, Currency: cell.Currency, Percent: cell.Percent}, nil
}

var errNotANumber = errors.New("is not a number: write digits, with one mark for the fraction")

// plainSpace makes one space of all that people cannot tell apart, a minus sign of the longer ones, and an apostrophe of those that separate groups.
func plainSpace(r rune) rune {
	switch {
	case r == '−' || r == '‒' || r == '–' || r == '﹣' || r == '－':
		return '-'
	case r == '’' || r == '‘' || r == '`' || r == '´':
		return '\''
	case unicode.IsSpace(r) || r == '\u202f' || r == '\u2007':
		return ' '
	case r == '\ufeff' || r == '\u200b':
		return -1
	default:
		return r
	}
}

// around reads what stands before and after the digits.
func (n *Number) around(before, after string) (negative bool, err error) {
	b, a := strings.TrimSpace(before), strings.TrimSpace(after)
	if strings.HasPrefix(b, "(") && strings.HasSuffix(a, ")") {
		negative, b, a = true, strings.TrimSpace(b[1:]), strings.TrimSpace(a[:len(a)-1])
	}
	signs := 0
	trim := func(text string) string {
		for _, sign := range []string{"-", "+"} {
			if bare, found := strings.CutPrefix(text, sign); found {
				signs++
				negative = negative || sign == "-"
				return strings.TrimSpace(bare)
			}
			if bare, found := strings.CutSuffix(text, sign); found {
				signs++
				negative = negative || sign == "-"
				return strings.TrimSpace(bare)
			}
		}
		return text
	}
	if b, a = trim(b), trim(a); signs > 1 {
		return false, errors.New("it has two signs")
	}
	if bare, found := strings.CutSuffix(a, "%"); found {
		n.Percent, a = true, strings.TrimSpace(bare)
	}
	for _, text := range []string{b, a} {
		switch {
		case text == "":
		case n.Currency != "" || n.Percent:
			return false, fmt.Errorf("%s stands beside the digits", decimal.Quote(text))
		case isSymbol(text):
			n.Currency = text
		case isCode(strings.ToUpper(text)):
			n.Currency = strings.ToUpper(text)
		default:
			return false, fmt.Errorf("%s stands beside the digits: write the number in full, without words and powers of ten", decimal.Quote(text))
		}
	}
	return negative, nil
}

// plain makes a decimal number with a point of digits with separators.
func (n *Number) plain(text string, mark Mark) (string, error) {
	points, commas := strings.Count(text, "."), strings.Count(text, ",")
	if mark == AnyMark {
		var err error
		if mark, err = markOf(text, points, commas); err != nil {
			return "", err
		}
		n.Mark = mark
	}
	whole, fraction := text, ""
	switch {
	case mark == AnyMark:
	case strings.Count(text, string(rune(mark))) > 1:
		return "", fmt.Errorf("is not a number with a decimal %s: it has more than one; correct decimalMark of the mapping, or the cell", strings.ToLower(mark.String()))
	default:
		var found bool
		if whole, fraction, found = strings.Cut(text, string(rune(mark))); found && (fraction == "" || strings.ContainsAny(fraction, ",.' ")) {
			return "", fmt.Errorf("is not a number with a decimal %s: what follows the mark is not a fraction; correct decimalMark of the mapping, or the cell", strings.ToLower(mark.String()))
		}
	}
	if whole == "" {
		whole = "0"
	}
	if strings.ContainsAny(whole, "., '") {
		match := inGroups.FindStringSubmatch(whole)
		if len(match) < 2 || mixes(whole, match[1]) {
			return "", errors.New("is not a number: its separators do not make groups of three digits" + otherMark(mark))
		}
		whole = strings.ReplaceAll(whole, match[1], "")
	}
	if fraction == "" {
		return whole, nil
	}
	return whole + "." + fraction, nil
}

// mixes reports whether a number has other separators than one.
func mixes(whole, separator string) bool {
	return strings.ContainsAny(strings.ReplaceAll(whole, separator, ""), "., '")
}

func otherMark(mark Mark) string {
	if mark == AnyMark {
		return ""
	}
	return "; if another mark than the " + strings.ToLower(mark.String()) + " separates the fraction, correct decimalMark of the mapping"
}

// markOf finds the mark of a number that can be read in one way only; none for one without a fraction.
func markOf(text string, points, commas int) (Mark, error) {
	switch {
	case points > 0 && commas > 0:
		if strings.LastIndexByte(text, '.') > strings.LastIndexByte(text, ',') {
			return Point, nil
		}
		return Comma, nil
	case points == 0 && commas == 0, points > 1, commas > 1:
		return AnyMark, nil
	}
	mark := Point
	if commas == 1 {
		mark = Comma
	}
	whole, fraction, _ := strings.Cut(text, string(rune(mark)))
	if len(fraction) != 3 || whole == "" || strings.HasPrefix(whole, "0") || len(whole) > 3 {
		return mark, nil
	}
	return AnyMark, fmt.Errorf("can be read in two ways, as %s%s or as %s.%s: set decimalMark in the mapping to Point or Comma", whole, fraction, whole, fraction)
}
