package decimal_test

import (
	"flag"
	"math"
	"math/big"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "1000") // a -rapid.checks on the command line still wins
	os.Exit(m.Run())
}

const decimalRules = "(allowed are at most 15 digits before and 6 after the point, no exponent, no separators, no leading zeros, no sign on zero)"

func TestParseReadsPlainDecimals(t *testing.T) {
	for text, want := range map[v1alpha1.Decimal]*big.Rat{
		"0":                      big.NewRat(0, 1),
		"0.00":                   big.NewRat(0, 1),
		"1250":                   big.NewRat(1250, 1),
		"-3.5":                   big.NewRat(-7, 2),
		"0.000001":               big.NewRat(1, 1000000),
		"-0.25":                  big.NewRat(-1, 4),
		"12.500":                 big.NewRat(25, 2),
		"999999999999999.999999": new(big.Rat).SetFrac(bigInt("999999999999999999999"), bigInt("1000000")),
	} {
		got, err := decimal.Parse(text)
		if err != nil || got.Cmp(want) != 0 {
			t.Errorf("Parse(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestParseRefusesWhatIsNotPlain(t *testing.T) {
	for text, wrong := range map[string]string{
		"":                               `"" is not a plain decimal number such as 1250 or 12.5: it is empty`,
		"1e9":                            `"1e9" is not a plain decimal number such as 1250 or 12.5: an exponent is not allowed`,
		"1E9":                            `"1E9" is not a plain decimal number such as 1250 or 12.5: an exponent is not allowed`,
		"NaN":                            `"NaN" is not a plain decimal number such as 1250 or 12.5: the character 'N' is not allowed, digits are 0 to 9`,
		"Inf":                            `"Inf" is not a plain decimal number such as 1250 or 12.5: the character 'I' is not allowed, digits are 0 to 9`,
		"0x10":                           `"0x10" is not a plain decimal number such as 1250 or 12.5: the character 'x' is not allowed, digits are 0 to 9`,
		"1/2":                            `"1/2" is not a plain decimal number such as 1250 or 12.5: the character '/' is not allowed, digits are 0 to 9`,
		"１２":                             `"\uff11\uff12" is not a plain decimal number such as 1250 or 12.5: the character '\uff11' is not allowed, digits are 0 to 9`,
		"٣":                              `"\u0663" is not a plain decimal number such as 1250 or 12.5: the character '\u0663' is not allowed, digits are 0 to 9`,
		"1\u200b0":                       `"1\u200b0" is not a plain decimal number such as 1250 or 12.5: the character '\u200b' is not allowed, digits are 0 to 9`,
		"\xff":                           `"\xff" is not a plain decimal number such as 1250 or 12.5: the character '\ufffd' is not allowed, digits are 0 to 9`,
		"-0":                             `"-0" is not a plain decimal number such as 1250 or 12.5: it has a sign on zero`,
		"-0.00":                          `"-0.00" is not a plain decimal number such as 1250 or 12.5: it has a sign on zero`,
		"+1":                             `"+1" is not a plain decimal number such as 1250 or 12.5: a plus sign is not allowed`,
		" 1":                             `" 1" is not a plain decimal number such as 1250 or 12.5: a space is not allowed`,
		"1\n":                            `"1\n" is not a plain decimal number such as 1250 or 12.5: a space is not allowed`,
		"1,000":                          `"1,000" is not a plain decimal number such as 1250 or 12.5: a separator is not allowed`,
		"1_000":                          `"1_000" is not a plain decimal number such as 1250 or 12.5: a separator is not allowed`,
		"50%":                            `"50%" is not a plain decimal number such as 1250 or 12.5: a percent sign is not allowed`,
		"01":                             `"01" is not a plain decimal number such as 1250 or 12.5: it has a leading zero`,
		"00.5":                           `"00.5" is not a plain decimal number such as 1250 or 12.5: it has a leading zero`,
		".5":                             `".5" is not a plain decimal number such as 1250 or 12.5: digits before the point are missing`,
		"-":                              `"-" is not a plain decimal number such as 1250 or 12.5: digits before the point are missing`,
		"5.":                             `"5." is not a plain decimal number such as 1250 or 12.5: digits after the point are missing`,
		"1.2.3":                          `"1.2.3" is not a plain decimal number such as 1250 or 12.5: it has more than one point`,
		"--1":                            `"--1" is not a plain decimal number such as 1250 or 12.5: a minus sign must come first`,
		"1-":                             `"1-" is not a plain decimal number such as 1250 or 12.5: a minus sign must come first`,
		"1.-5":                           `"1.-5" is not a plain decimal number such as 1250 or 12.5: a minus sign must come first`,
		"1000000000000000":               `"1000000000000000" is not a plain decimal number such as 1250 or 12.5: it has 16 digits before the point`,
		"0.0000001":                      `"0.0000001" is not a plain decimal number such as 1250 or 12.5: it has 7 digits after the point`,
		"123456789012345678901234567890": `"123456789012345678901234567890" is not a plain decimal number such as 1250 or 12.5: it has 30 digits before the point`,
		strings.Repeat("9", 100000):      `"` + strings.Repeat("9", 40) + `"... is not a plain decimal number such as 1250 or 12.5: it has 100000 digits before the point`,
	} {
		got, err := decimal.Parse(text)
		if err == nil {
			t.Errorf("Parse(%q) = %v; want an error", text, got)
		} else if diff := cmp.Diff(wrong+" "+decimalRules, err.Error()); diff != "" {
			t.Errorf("Parse(%q): %s", text, diff)
		}
	}
}

func TestParsePercent(t *testing.T) {
	for text, want := range map[v1alpha1.Percent]*big.Rat{
		"0": big.NewRat(0, 1), "2.5": big.NewRat(5, 2), "33.333": big.NewRat(33333, 1000), "1000": big.NewRat(1000, 1), "1000.000": big.NewRat(1000, 1),
	} {
		got, err := decimal.ParsePercent(text)
		if err != nil || got.Cmp(want) != 0 {
			t.Errorf("ParsePercent(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	const rules = " (allowed are at most 3 digits after the point, no percent sign)"
	for text, wrong := range map[string]string{
		"-5":       "it is negative",
		"1000.001": "it is above 1000",
		"1001":     "it is above 1000",
		"10000":    "it has 5 digits before the point",
		"2.5555":   "it has 4 digits after the point",
		"60%":      "a percent sign is not allowed",
		"":         "it is empty",
	} {
		want := `"` + text + `" is not a percentage from 0 to 1000 such as 60 or 2.5: ` + wrong + rules
		if got, err := decimal.ParsePercent(text); err == nil || err.Error() != want {
			t.Errorf("ParsePercent(%q) = %v, %v; want %s", text, got, err, want)
		}
	}
}

func TestPercentOf(t *testing.T) {
	percent, whole := big.NewRat(5, 2), big.NewRat(400000, 1)
	if got := decimal.PercentOf(percent, whole); got.Cmp(big.NewRat(10000, 1)) != 0 {
		t.Errorf("2.5 percent of 400000 = %v", got)
	}
	if percent.Cmp(big.NewRat(5, 2)) != 0 || whole.Cmp(big.NewRat(400000, 1)) != 0 {
		t.Error("PercentOf changed its arguments")
	}
}

func TestFloorSaturates(t *testing.T) {
	for name, test := range map[string]struct {
		r  *big.Rat
		i6 int64
		i3 int32
	}{
		"half":             {big.NewRat(1, 2), 0, 0},
		"minus half":       {big.NewRat(-1, 2), -1, -1},
		"whole":            {big.NewRat(7, 1), 7, 7},
		"minus whole":      {big.NewRat(-7, 1), -7, -7},
		"above int32":      {big.NewRat(math.MaxInt32+1, 1), math.MaxInt32 + 1, math.MaxInt32},
		"below int32":      {big.NewRat(math.MinInt32-1, 1), math.MinInt32 - 1, math.MinInt32},
		"above int64":      {new(big.Rat).SetInt(bigInt("9223372036854775808")), math.MaxInt64, math.MaxInt32},
		"below int64":      {new(big.Rat).SetInt(bigInt("-9223372036854775809")), math.MinInt64, math.MinInt32},
		"just below int64": {new(big.Rat).SetFrac(bigInt("-18446744073709551617"), big.NewInt(2)), math.MinInt64, math.MinInt32},
	} {
		if got := decimal.FloorInt64(test.r); got != test.i6 {
			t.Errorf("%s: FloorInt64 = %d; want %d", name, got, test.i6)
		}
		if got := decimal.FloorInt32(test.r); got != test.i3 {
			t.Errorf("%s: FloorInt32 = %d; want %d", name, got, test.i3)
		}
	}
}

func TestFormats(t *testing.T) {
	type texts struct{ Floor, Short, Format, FormatShort, Shown string }
	for name, test := range map[string]struct {
		r      *big.Rat
		digits int
		want   texts
	}{
		"count":                   {big.NewRat(440000, 1), 2, texts{"440000", "440000", "440,000", "440,000", "440000"}},
		"season expected":         {new(big.Rat).Add(big.NewRat(420000, 1), big.NewRat(180000*122, 303)), 2, texts{"492475.24", "492475.24", "492,475.24", "492,475.24", "492475.24"}},
		"season forecast":         {big.NewRat(54825090, 100), 2, texts{"548250.90", "548250.9", "548,250.90", "548,250.9", "548250.90"}},
		"percent":                 {big.NewRat(159, 2), 2, texts{"79.50", "79.5", "79.50", "79.5", "79.50"}},
		"zero":                    {new(big.Rat), 2, texts{"0", "0", "0", "0", "0"}},
		"under a cent":            {big.NewRat(1, 1000), 2, texts{"0", "0", "0", "0", "0"}},
		"minus under a cent":      {big.NewRat(-1, 1000), 2, texts{"-0.01", "-0.01", "-0.01", "-0.01", "-0.01"}},
		"minus":                   {big.NewRat(-1234567, 1000), 2, texts{"-1234.57", "-1234.57", "-1,234.57", "-1,234.57", "-1234.57"}},
		"minus hundred":           {big.NewRat(-100, 1), 2, texts{"-100", "-100", "-100", "-100", "-100"}},
		"no digits":               {big.NewRat(1999, 1000), 0, texts{"1", "1", "1", "1", "1"}},
		"negative digits":         {big.NewRat(1999, 1000), -3, texts{"1", "1", "1", "1", "1"}},
		"thousand":                {big.NewRat(1000, 1), 0, texts{"1000", "1000", "1,000", "1,000", "1000"}},
		"999":                     {big.NewRat(999, 1), 0, texts{"999", "999", "999", "999", "999"}},
		"more digits than status": {big.NewRat(1, 3), 8, texts{"0.33333333", "0.33333333", "0.33333333", "0.33333333", "0.333333"}},
		"too large for status":    {big.NewRat(1e15, 1), 2, texts{"1000000000000000", "1000000000000000", "1,000,000,000,000,000", "1,000,000,000,000,000", "999999999999999.99"}},
		"too small for status":    {big.NewRat(-1e15, 1), 0, texts{"-1000000000000000", "-1000000000000000", "-1,000,000,000,000,000", "-1,000,000,000,000,000", "-999999999999999"}},
	} {
		got := texts{
			Floor: decimal.FloorDecimal(test.r, test.digits), Short: decimal.Short(test.r, test.digits), Format: decimal.Format(test.r, test.digits),
			FormatShort: decimal.FormatShort(test.r, test.digits), Shown: string(decimal.Shown(test.r, test.digits)),
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// The rules of the CRDs, as in api/v1alpha1.
var (
	decimalCEL      = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,14})([.][0-9]{1,6})?$`)
	decimalCELNot   = regexp.MustCompile(`^-[0.]+$`)
	percentCEL      = regexp.MustCompile(`^(0|[1-9][0-9]{0,2}|1000)([.][0-9]{1,3})?$`)
	percentCELNot   = regexp.MustCompile(`^1000[.]0*[1-9]`)
	almostDecimal   = rapid.StringMatching(`-{0,2}[0-9]{0,17}[.]{0,2}[0-9]{0,8}[e+-１ ]?`)
	almostPercent   = rapid.StringMatching(`-?(0|1|10|100|1000|99)?[0-9]{0,2}[.]?[0-9]{0,4}%?`)
	plainDecimal    = rapid.StringMatching(`-?(0|[1-9][0-9]{0,14})([.][0-9]{1,6})?`).Filter(func(s string) bool { return !decimalCELNot.MatchString(s) })
	almostOrPlain   = rapid.OneOf(almostDecimal, plainDecimal, rapid.String())
	anyRat          = rapid.Custom(drawRat)
	anyDigits       = rapid.IntRange(0, 8)
	plainOrGrouping = strings.NewReplacer(",", "")
)

func TestParseAgreesWithTheSchema(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := almostOrPlain.Draw(t, "text")
		want := decimalCEL.MatchString(text) && !decimalCELNot.MatchString(text)
		if _, err := decimal.Parse(text); (err == nil) != want {
			t.Fatalf("Parse(%q): %v; the schema allows it: %t", text, err, want)
		}
		percent := rapid.OneOf(almostPercent, rapid.String()).Draw(t, "percent")
		want = percentCEL.MatchString(percent) && !percentCELNot.MatchString(percent)
		if _, err := decimal.ParsePercent(percent); (err == nil) != want {
			t.Fatalf("ParsePercent(%q): %v; the schema allows it: %t", percent, err, want)
		}
	})
}

func TestParsedNumbersComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := plainDecimal.Draw(t, "text")
		r := decimal.MustParse(text)
		for _, out := range []string{
			decimal.FloorDecimal(r, 6), decimal.Short(r, 6), string(decimal.Shown(r, 6)),
			plainOrGrouping.Replace(decimal.Format(r, 6)), plainOrGrouping.Replace(decimal.FormatShort(r, 6)),
		} {
			if again := decimal.MustParse(out); again.Cmp(r) != 0 {
				t.Fatalf("%q came back as %q", text, out)
			}
		}
	})
}

func TestShownIsTheLargestShownNumberNotAbove(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, digits := anyRat.Draw(t, "r"), anyDigits.Draw(t, "digits")
		before := new(big.Rat).Set(r)
		shown, ok := new(big.Rat).SetString(decimal.FloorDecimal(r, digits))
		if !ok {
			t.Fatalf("FloorDecimal(%v, %d) = %q is not a number", r, digits, decimal.FloorDecimal(r, digits))
		}
		step := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil))
		if shown.Cmp(r) > 0 || new(big.Rat).Add(shown, step).Cmp(r) <= 0 {
			t.Fatalf("FloorDecimal(%v, %d) = %v", r, digits, shown)
		}
		if r.Cmp(before) != 0 {
			t.Fatal("FloorDecimal changed its argument")
		}
		if floor := decimal.Floor(r); floor.String() != decimal.FloorDecimal(r, 0) {
			t.Fatalf("Floor(%v) = %v", r, floor)
		}
		if _, err := decimal.Parse(decimal.Shown(r, digits)); err != nil {
			t.Fatalf("Shown(%v, %d): %v", r, digits, err)
		}
	})
}

func TestShownKeepsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, digits := anyRat.Draw(t, "a"), anyRat.Draw(t, "b"), anyDigits.Draw(t, "digits")
		x, y := decimal.MustParse(string(decimal.Shown(a, digits))), decimal.MustParse(string(decimal.Shown(b, digits)))
		if a.Cmp(b) <= 0 && x.Cmp(y) > 0 || a.Cmp(b) >= 0 && x.Cmp(y) < 0 {
			t.Fatalf("%v and %v are shown as %v and %v", a, b, x, y)
		}
	})
}

func drawRat(t *rapid.T) *big.Rat {
	r := big.NewRat(rapid.Int64().Draw(t, "numerator"), rapid.Int64Range(1, 1_000_000).Draw(t, "denominator"))
	if rapid.Bool().Draw(t, "large") {
		r.Mul(r, big.NewRat(rapid.Int64().Draw(t, "factor"), 1))
	}
	return r
}

func bigInt(text string) *big.Int {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		panic(text)
	}
	return n
}

// Numbers that fit in an int64 are read by a path of their own; the result is the same.
func TestParseAgreesWithBigRat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?`).Draw(t, "text")
		want, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("no number: %q", text)
		}
		got, err := decimal.Parse(text)
		if want.Sign() == 0 && text[0] == '-' {
			if err == nil {
				t.Fatalf("Parse(%q) = %v; want an error about the sign on zero", text, got)
			}
			return
		}
		if err != nil || got.RatString() != want.RatString() {
			t.Fatalf("Parse(%q) = %v, %v; want %v", text, got, err, want)
		}
	})
}

// What the pattern of the API type Decimal refuses is refused, and nothing else.
func TestParseReadsWhatTheSchemaAllows(t *testing.T) {
	allowed := regexp.MustCompile(`^(0|-?[1-9][0-9]{0,14})$|^-?(0|[1-9][0-9]{0,14})\.[0-9]{1,6}$`)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-{0,2}[0-9]{0,17}(\.[0-9]{0,8})?[-.e5]?`).Draw(t, "text")
		want := allowed.MatchString(text) && (text[0] != '-' || strings.Trim(text, "-0.") != "")
		if got, err := decimal.Parse(text); (err == nil) != want {
			t.Fatalf("Parse(%q) = %v, %v; want it to be allowed: %v", text, got, err, want)
		}
	})
}

// A book of measurements reads thousands of numbers.
func BenchmarkParse(b *testing.B) {
	for _, text := range []string{"37", "162000.50", "-3.5", "999999999999999.999999"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := decimal.Parse(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
