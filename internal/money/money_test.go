package money_test

import (
	"errors"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/money"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "1000") // a -rapid.checks on the command line still wins
	os.Exit(m.Run())
}

func TestParseCountsMinorUnitsOfTheCurrency(t *testing.T) {
	for m, want := range map[v1alpha1.Money]int64{
		{Amount: "12500.00", Currency: "EUR"}:           1250000,
		{Amount: "12500", Currency: "EUR"}:              1250000,
		{Amount: "12500.5", Currency: "EUR"}:            1250050,
		{Amount: "-0.05", Currency: "EUR"}:              -5,
		{Amount: "0", Currency: "USD"}:                  0,
		{Amount: "0.00", Currency: "USD"}:               0,
		{Amount: "1250", Currency: "JPY"}:               1250,
		{Amount: "1.250", Currency: "KWD"}:              1250,
		{Amount: "1.2345", Currency: "CLF"}:             12345,
		{Amount: "90071992547409.91", Currency: "EUR"}:  money.Max,
		{Amount: "-90071992547409.91", Currency: "EUR"}: -money.Max,
		{Amount: "999999999999999", Currency: "JPY"}:    999999999999999,
	} {
		if got, err := money.ParseMoney(m); err != nil || got != want {
			t.Errorf("ParseMoney(%v) = %d, %v; want %d", m, got, err, want)
		}
	}
}

func TestParseRefusesWhatIsNoAmount(t *testing.T) {
	for m, want := range map[v1alpha1.Money]string{
		{Amount: "12.345", Currency: "EUR"}:             `"12.345" has too many digits after the point (3): EUR amounts have at most 2, such as "12.50"`,
		{Amount: "12.500", Currency: "EUR"}:             `"12.500" has too many digits after the point (3): EUR amounts have at most 2, such as "12.50"`,
		{Amount: "12.5", Currency: "JPY"}:               `"12.5" has too many digits after the point (1): JPY amounts have at most 0, such as "1250"`,
		{Amount: "0.0001", Currency: "KWD"}:             `"0.0001" has too many digits after the point (4): KWD amounts have at most 3, such as "1.250"`,
		{Amount: "90071992547409.92", Currency: "EUR"}:  `amount out of range: EUR 90,071,992,547,409.92 is beyond the largest amount, EUR 90,071,992,547,409.91`,
		{Amount: "-90071992547409.92", Currency: "EUR"}: `amount out of range: EUR -90,071,992,547,409.92 is beyond the largest amount, EUR 90,071,992,547,409.91`,
		{Amount: "999999999999999", Currency: "KWD"}:    `amount out of range: KWD 999,999,999,999,999 is beyond the largest amount, KWD 9,007,199,254,740.991`,
		{Amount: "1", Currency: "EUD"}:                  `unknown currency "EUD": did you mean EUR or AUD?`,
		{Amount: "1", Currency: "ERU"}:                  `unknown currency "ERU": did you mean EUR or ERN or MRU?`,
		{Amount: "1", Currency: "eur"}:                  `unknown currency "eur": did you mean EUR?`,
		{Amount: "1", Currency: "EURO"}:                 `unknown currency "EURO": did you mean EUR?`,
		{Amount: "1", Currency: "US"}:                   `unknown currency "US": did you mean USD or USN or UZS?`,
		{Amount: "1", Currency: ""}:                     `unknown currency "": write an ISO 4217 code such as EUR`,
		{Amount: "1", Currency: "€"}:                    `unknown currency "\u20ac": write an ISO 4217 code such as EUR`,
		{Amount: "1", Currency: "QQQ"}:                  `unknown currency "QQQ": write an ISO 4217 code such as EUR`,
	} {
		got, err := money.ParseMoney(m)
		if err == nil {
			t.Errorf("ParseMoney(%v) = %d; want an error", m, got)
		} else if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("ParseMoney(%v): %s", m, diff)
		}
	}
	if _, err := money.Parse("1e9", "EUR"); err == nil {
		t.Error("an exponent was parsed")
	}
}

func TestErrorsCanBeTold(t *testing.T) {
	if _, err := money.Parse("1", "EUD"); !errors.Is(err, money.ErrUnknownCurrency) {
		t.Errorf("unknown currency: %v", err)
	}
	if _, err := money.Add(money.Max, 1); !errors.Is(err, money.ErrRange) {
		t.Errorf("sum out of range: %v", err)
	}
}

func TestFormat(t *testing.T) {
	for want, test := range map[string]struct {
		minor int64
		code  v1alpha1.CurrencyCode
	}{
		"EUR 12,500.00":             {1250000, "EUR"},
		"EUR 0.00":                  {0, "EUR"},
		"EUR 0.05":                  {5, "EUR"},
		"EUR -0.05":                 {-5, "EUR"},
		"EUR -123.45":               {-12345, "EUR"},
		"EUR -1,234.56":             {-123456, "EUR"},
		"JPY 1,250":                 {1250, "JPY"},
		"JPY -100":                  {-100, "JPY"},
		"KWD 1.250":                 {1250, "KWD"},
		"EUR 90,071,992,547,409.91": {money.Max, "EUR"},
		"QQQ 1250 minor units":      {1250, "QQQ"},
	} {
		if got := money.Format(test.minor, test.code); got != want {
			t.Errorf("Format(%d, %s) = %q; want %q", test.minor, test.code, got, want)
		}
	}
}

// Figures of the worked scenarios and the public terms of partner programs.
func TestWorkedScenarios(t *testing.T) {
	percent := func(amount v1alpha1.Decimal, of string) string {
		minor, err := money.Parse(amount, "EUR")
		if err != nil {
			t.Fatal(err)
		}
		part, err := money.Percent(minor, decimal.MustParse(of))
		if err != nil {
			t.Fatal(err)
		}
		return money.Format(part, "EUR")
	}
	for name, test := range map[string]struct{ got, want string }{
		"half of an approved activity":   {percent("8000.00", "50"), "EUR 4,000.00"},
		"co-op fund of 3 percent":        {percent("40000.00", "3"), "EUR 1,200.00"},
		"half of the net cost":           {percent("6000.00", "50"), "EUR 3,000.00"},
		"half of an odd cent":            {percent("33.33", "50"), "EUR 16.66"},
		"half of an odd cent taken back": {percent("-33.33", "50"), "EUR -16.67"},
	} {
		if test.got != test.want {
			t.Errorf("%s: %s; want %s", name, test.got, test.want)
		}
	}
}

func TestConvert(t *testing.T) {
	for name, test := range map[string]struct {
		amount   int64
		from, to v1alpha1.CurrencyCode
		rate     string
		want     int64
	}{
		"the first request":  {1100000, "USD", "EUR", "0.90", 990000},
		"the second request": {900000, "USD", "EUR", "0.90", 810000},
		"rounded down":       {1, "USD", "EUR", "0.99", 0},
		"returns too":        {-1, "USD", "EUR", "0.99", -1},
		"to no digits":       {1000, "EUR", "JPY", "160.55", 1605},
		"to three digits":    {1000, "EUR", "KWD", "0.35", 3500},
	} {
		got, err := money.Convert(test.amount, test.from, test.to, decimal.MustParse(test.rate))
		if err != nil || got != test.want {
			t.Errorf("%s: %d, %v; want %d", name, got, err, test.want)
		}
	}
	for name, test := range map[string]struct {
		from, to v1alpha1.CurrencyCode
		rate     string
		want     string
	}{
		"unknown from":  {"QQQ", "EUR", "1", `unknown currency "QQQ": write an ISO 4217 code such as EUR`},
		"unknown to":    {"EUR", "QQQ", "1", `unknown currency "QQQ": write an ISO 4217 code such as EUR`},
		"zero rate":     {"EUR", "USD", "0", "the rate from EUR to USD must be above zero"},
		"negative rate": {"EUR", "USD", "-1", "the rate from EUR to USD must be above zero"},
		"overflow": {
			"EUR", "KWD", "999999999999999",
			"amount out of range: KWD 9,999,999,999,999,990 is beyond the largest amount, KWD 9,007,199,254,740.991",
		},
	} {
		if got, err := money.Convert(1000, test.from, test.to, decimal.MustParse(test.rate)); err == nil || err.Error() != test.want {
			t.Errorf("%s: %d, %v; want %s", name, got, err, test.want)
		}
	}
}
