package table

import (
	"math/big"
	"testing"
)

func TestReadNumber(t *testing.T) {
	type want struct {
		value, currency string
		percent         bool
		err             string
	}
	const (
		noDigits = "is not a number: write digits, with one mark for the fraction"
		groups   = "is not a number: its separators do not make groups of three digits"
		missing  = "is not a number: there is no value, and missing is not zero; if it says that there is no value, list it in missing of the mapping"
	)
	twoWays := func(a, b string) string {
		return "can be read in two ways, as " + a + " or as " + b + ": set decimalMark in the mapping to Point or Comma"
	}
	for name, tc := range map[string]struct {
		text string
		mark Mark
		want want
	}{
		"whole":                              {text: "1250", want: want{value: "1250"}},
		"zero":                               {text: "0", want: want{value: "0"}},
		"spaces around":                      {text: " 1250\t", want: want{value: "1250"}},
		"a point, few digits":                {text: "12.5", want: want{value: "12.5"}},
		"a comma, few digits":                {text: "12,5", want: want{value: "12.5"}},
		"a comma, many digits":               {text: "12,3456", want: want{value: "12.3456"}},
		"three digits after a point":         {text: "1.234", want: want{err: twoWays("1234", "1.234")}},
		"three digits after a comma":         {text: "1,234", want: want{err: twoWays("1234", "1.234")}},
		"three digits after nought":          {text: "0,234", want: want{value: "0.234"}},
		"four digits before":                 {text: "1234.567", want: want{value: "1234.567"}},
		"three digits, point said":           {text: "1.234", mark: Point, want: want{value: "1.234"}},
		"three digits, comma said":           {text: "1.234", mark: Comma, want: want{value: "1234"}},
		"both, comma last":                   {text: "1.234,50", want: want{value: "1234.5"}},
		"both, point last":                   {text: "1,234.50", want: want{value: "1234.5"}},
		"both, against what is said":         {text: "1,234.50", mark: Comma, want: want{err: "is not a number with a decimal comma: what follows the mark is not a fraction; correct decimalMark of the mapping, or the cell"}},
		"groups by points":                   {text: "1.234.567", want: want{value: "1234567"}},
		"groups by spaces":                   {text: "1 234 567,89", want: want{value: "1234567.89"}},
		"groups by narrow spaces":            {text: "1\u202f234\u202f567,89", want: want{value: "1234567.89"}},
		"groups by hard spaces":              {text: "1\u00a0234,5", want: want{value: "1234.5"}},
		"groups by apostrophes":              {text: "1'234'567.89", want: want{value: "1234567.89"}},
		"groups by curly apostrophes":        {text: "1’234.5", want: want{value: "1234.5"}},
		"groups of two":                      {text: "12,34,567", want: want{err: groups}},
		"groups that mix":                    {text: "1.234'567,00", want: want{err: groups + "; if another mark than the comma separates the fraction, correct decimalMark of the mapping"}},
		"a point too few":                    {text: "12.34", mark: Comma, want: want{err: groups + "; if another mark than the comma separates the fraction, correct decimalMark of the mapping"}},
		"two fractions":                      {text: "1.2.3", mark: Point, want: want{err: "is not a number with a decimal point: it has more than one; correct decimalMark of the mapping, or the cell"}},
		"a sign":                             {text: "-12.5", want: want{value: "-12.5"}},
		"a long sign":                        {text: "−12.5", want: want{value: "-12.5"}},
		"a sign after it":                    {text: "12,50-", want: want{value: "-12.5"}},
		"a plus":                             {text: "+3", want: want{value: "3"}},
		"parentheses":                        {text: "(1,234.50)", want: want{value: "-1234.5"}},
		"parentheses with a currency":        {text: "(€ 12.50)", want: want{value: "-12.5", currency: "€"}},
		"two signs":                          {text: "--1", want: want{err: `is not a number: "-" stands beside the digits: write the number in full, without words and powers of ten`}},
		"signs at both ends":                 {text: "-1-", want: want{err: "is not a number: it has two signs"}},
		"a code before":                      {text: "EUR 1.234,50", want: want{value: "1234.5", currency: "EUR"}},
		"a code after":                       {text: "12.5usd", want: want{value: "12.5", currency: "USD"}},
		"a symbol after":                     {text: "12,50 €", want: want{value: "12.5", currency: "€"}},
		"two currencies":                     {text: "€ 12 EUR", want: want{err: `is not a number: "EUR" stands beside the digits`}},
		"percent":                            {text: "45 %", want: want{value: "45", percent: true}},
		"thousands in a word":                {text: "12k", want: want{err: `is not a number: "k" stands beside the digits: write the number in full, without words and powers of ten`}},
		"a power of ten":                     {text: "1.2E+05", want: want{err: noDigits}},
		"words":                              {text: "about 12", want: want{err: `is not a number: "about" stands beside the digits: write the number in full, without words and powers of ten`}},
		"two numbers":                        {text: "12/13", want: want{err: noDigits}},
		"other digits":                       {text: "١٢", want: want{err: noDigits}},
		"nothing":                            {text: "  ", want: want{err: "there is no value, and missing is not zero"}},
		"a dash":                             {text: "–", want: want{err: missing}},
		"not available":                      {text: "N/A", want: want{err: missing}},
		"not a number":                       {text: "NaN", want: want{err: missing}},
		"null":                               {text: "NULL", want: want{err: missing}},
		"infinite":                           {text: "+Inf", want: want{err: missing}},
		"an invisible mark":                  {text: "\ufeff12", want: want{value: "12"}},
		"fraction alone":                     {text: ",5", want: want{value: "0.5"}},
		"a mark at the end":                  {text: "5,", want: want{err: "is not a number with a decimal comma: what follows the mark is not a fraction; correct decimalMark of the mapping, or the cell"}},
		"leading zeros, as of a spreadsheet": {text: "007", want: want{value: "7"}},
	} {
		t.Run(name, func(t *testing.T) {
			n, err := ReadNumber(Cell{Text: tc.text}, tc.mark)
			got := want{currency: n.Currency, percent: n.Percent}
			if err != nil {
				got = want{err: err.Error()}
			} else {
				got.value = plainOf(n.Value)
			}
			if got != tc.want {
				t.Errorf("%q:\n got %+v\nwant %+v", tc.text, got, tc.want)
			}
		})
	}
}

func TestReadStoredNumber(t *testing.T) {
	for name, tc := range map[string]struct {
		cell Cell
		want string
	}{
		"exact":                    {Cell{Text: "1234.5", Stored: true}, "1234.5"},
		"three digits":             {Cell{Text: "1.234", Stored: true}, "1.234"},
		"in percent":               {Cell{Text: "0.455", Stored: true, Percent: true}, "45.5"},
		"a day":                    {Cell{Text: "2026-10-31", Stored: true, Day: true}, "is a day, not a number"},
		"the error of a formula":   {Cell{Text: "#N/A", Wrong: "is an error"}, "is an error"},
		"what a database calls so": {Cell{Text: "NaN", Stored: true}, errNotANumber.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			n, err := ReadNumber(tc.cell, AnyMark)
			var got string
			if err != nil {
				got = err.Error()
			} else {
				got = plainOf(n.Value)
			}
			if got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestStoredNumbersAreRoundedToWhatSpreadsheetsKeep(t *testing.T) {
	for text, want := range map[string]string{
		"162000.00000000003": "162000", "0.1": "0.1", "1.2345E+4": "12345", "33.333333333333336": "33.3333333333333", "-5.0000000000000001E-3": "-0.005", "": "",
	} {
		if got, _ := stored(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestCurrencies(t *testing.T) {
	for _, tc := range []struct {
		written, code string
		want          bool
	}{
		{"eur", "EUR", true}, {"€", "EUR", true}, {"$", "USD", true}, {"$", "CAD", true}, {"US$", "CAD", false}, {"$", "EUR", false}, {"kr", "NOK", true}, {"£", "EUR", false},
	} {
		if got := IsCurrency(tc.written, tc.code); got != tc.want {
			t.Errorf("%s for %s: %v", tc.written, tc.code, got)
		}
	}
}

// FuzzReadNumber looks that a number that is read in one way is the number that its digits say.
func FuzzReadNumber(f *testing.F) {
	for _, text := range []string{"1.234,50", "(12)", "1 234", "€ 5-", "1,234", "5%", "0,5", "''", "1.2.3", "-"} {
		f.Add(text, byte(0))
		f.Add(text, byte('.'))
		f.Add(text, byte(','))
	}
	f.Fuzz(func(t *testing.T, text string, mark byte) {
		if mark != 0 && mark != '.' && mark != ',' {
			return
		}
		n, err := ReadNumber(Cell{Text: text}, Mark(mark))
		if err != nil {
			return
		}
		if n.Value == nil {
			t.Fatalf("%q: no value and no error", text)
		}
		digits, nonzero := 0, false
		for _, r := range text {
			if r >= '0' && r <= '9' {
				digits++
				nonzero = nonzero || r != '0'
			}
		}
		if digits == 0 || (n.Value.Sign() != 0) != nonzero {
			t.Fatalf("%q became %s", text, n.Value.RatString())
		}
		shown := plainOf(new(big.Rat).Abs(n.Value))
		again, err := ReadNumber(Cell{Text: shown}, Point)
		if err != nil || again.Value.Cmp(new(big.Rat).Abs(n.Value)) != 0 {
			t.Fatalf("%q became %s, which is read as %v (%v)", text, shown, again.Value, err)
		}
	})
}
