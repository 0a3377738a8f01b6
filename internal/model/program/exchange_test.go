package program_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
)

func rate(from, to v1alpha1.CurrencyCode, day v1alpha1.Date, text v1alpha1.Decimal) v1alpha1.ExchangeRate {
	return v1alpha1.ExchangeRate{From: from, To: to, EffectiveFrom: day, Rate: text}
}

func withRates(rates ...v1alpha1.ExchangeRate) *program.Program {
	spec := northwind()
	spec.ExchangeRates = rates
	return program.Compile("northwind", spec)
}

func TestAnExchangeRateIsInForceFromItsDayUntilTheNextOne(t *testing.T) {
	p := withRates(rate("USD", "EUR", "2027-01-01", "0.95"), rate("USD", "EUR", "2026-07-01", "0.90"), rate("GBP", "EUR", "2026-10-01", "1.15"))
	for name, tc := range map[string]struct {
		from, to v1alpha1.CurrencyCode
		day      v1alpha1.Date
		want     v1alpha1.Decimal
		after    string
	}{
		"before the first":             {"USD", "EUR", "2026-06-30", "", "2026-07-01"},
		"on the first day":             {"USD", "EUR", "2026-07-01", "0.90", "2027-01-01"},
		"on its last day":              {"USD", "EUR", "2026-12-31", "0.90", "2027-01-01"},
		"on the next one's first day":  {"USD", "EUR", "2027-01-01", "0.95", ""},
		"long after":                   {"USD", "EUR", "2099-01-01", "0.95", ""},
		"never inverted":               {"EUR", "USD", "2026-08-01", "", ""},
		"never chained":                {"USD", "GBP", "2026-12-01", "", ""},
		"another pair has its own day": {"GBP", "EUR", "2026-09-30", "", "2026-10-01"},
		"of no stated currency":        {"JPY", "EUR", "2026-09-30", "", ""},
		"of a currency to itself":      {"EUR", "EUR", "2026-09-30", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			day := fiscal.MustParseDay(tc.day)
			got, text, ok := p.ExchangeRate(tc.from, tc.to, day)
			if text != tc.want || ok != (tc.want != "") || (got != nil) != ok {
				t.Errorf("ExchangeRate(%s, %s, %s) = %v, %q, %t; want %q", tc.from, tc.to, tc.day, got, text, ok, tc.want)
			}
			if after := p.ExchangeRateAfter(tc.from, tc.to, day); after.String() != tc.after {
				t.Errorf("ExchangeRateAfter(%s, %s, %s) = %q, want %q", tc.from, tc.to, tc.day, after, tc.after)
			}
		})
	}
}

func TestAnExchangeRateThatIsHandedOutIsACopy(t *testing.T) {
	p := withRates(rate("USD", "EUR", "2026-07-01", "0.90"))
	day := fiscal.MustParseDay("2026-08-01")
	first, _, _ := p.ExchangeRate("USD", "EUR", day)
	first.SetInt64(7)
	if got, _, _ := p.ExchangeRate("USD", "EUR", day); got.RatString() != "9/10" {
		t.Errorf("the rate became %s, want 9/10", got.RatString())
	}
}

func TestWrongExchangeRatesAreFoundAndNotUsed(t *testing.T) {
	for name, tc := range map[string]struct {
		rate v1alpha1.ExchangeRate
		want []v1alpha1.Finding
	}{
		"sound": {rate("USD", "EUR", "2026-07-01", "0.90"), nil},
		"an unknown currency": {rate("UDS", "EUR", "2026-07-01", "0.90"), []v1alpha1.Finding{{
			Rule: "CurrencyUnknown", Severity: "Error", Field: "spec.exchangeRates[UDS,EUR,2026-07-01].from",
			Message: `the rate is not used until this is corrected: unknown currency "UDS": did you mean USD or UZS?`,
		}}},
		"a bad day": {rate("USD", "EUR", "2026-02-30", "0.90"), []v1alpha1.Finding{{
			Rule: "DateInvalid", Severity: "Error", Field: "spec.exchangeRates[USD,EUR,2026-02-30].effectiveFrom",
			Message: `the rate is not used until this is corrected: "2026-02-30" is not a calendar day: February 2026 has the days 01 to 28`,
		}}},
		"zero": {rate("USD", "EUR", "2026-07-01", "0.00"), []v1alpha1.Finding{{
			Rule: "ExchangeRateInvalid", Severity: "Error", Field: "spec.exchangeRates[USD,EUR,2026-07-01].rate",
			Message: `the rate is not used until this is corrected: "0.00" is not above zero`,
		}}},
		"negative": {rate("USD", "EUR", "2026-07-01", "-0.9"), []v1alpha1.Finding{{
			Rule: "ExchangeRateInvalid", Severity: "Error", Field: "spec.exchangeRates[USD,EUR,2026-07-01].rate",
			Message: `the rate is not used until this is corrected: "-0.9" is not above zero`,
		}}},
		"between a currency and itself": {rate("EUR", "EUR", "2026-07-01", "1"), []v1alpha1.Finding{{
			Rule: "ExchangeRateInvalid", Severity: "Error", Field: "spec.exchangeRates[EUR,EUR,2026-07-01].to",
			Message: `the rate is not used until this is corrected: from and to must be different currencies`,
		}}},
	} {
		t.Run(name, func(t *testing.T) {
			p := withRates(tc.rate)
			if diff := cmp.Diff(tc.want, p.Findings); diff != "" {
				t.Errorf("Findings (-want +got):\n%s", diff)
			}
			if _, _, ok := p.ExchangeRate(tc.rate.From, tc.rate.To, fiscal.MustParseDay("2026-08-01")); ok != (tc.want == nil) {
				t.Errorf("the rate is used: %t", ok)
			}
		})
	}
}

func TestExchangeRatesTakeAnythingAndIgnoreTheirOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.SampledFrom([]v1alpha1.CurrencyCode{"USD", "EUR", "GBP", "XXQ", "", "usd"})
		day := rapid.SampledFrom([]v1alpha1.Date{"2026-07-01", "2026-10-01", "2027-01-01", "", "soon"})
		text := rapid.SampledFrom([]v1alpha1.Decimal{"0.9", "0.95", "1", "0", "-1", "1e3", ""})
		rates := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) v1alpha1.ExchangeRate {
			return rate(code.Draw(t, "from"), code.Draw(t, "to"), day.Draw(t, "day"), text.Draw(t, "rate"))
		}), 0, 8).Draw(t, "rates")
		a, b := withRates(rates...), withRates(rapid.Permutation(rates).Draw(t, "permuted")...)
		on := fiscal.MustParseDay("2026-06-01").AddDays(rapid.IntRange(0, 400).Draw(t, "on"))
		from, to := code.Draw(t, "asked from"), code.Draw(t, "asked to")
		x, _, okX := a.ExchangeRate(from, to, on)
		y, _, okY := b.ExchangeRate(from, to, on)
		if okX != okY || okX && x.Cmp(y) != 0 || !cmp.Equal(a.Findings, b.Findings) {
			t.Fatalf("%v, %t and %v, %t in another order", x, okX, y, okY)
		}
		if okX && x.Sign() <= 0 {
			t.Fatalf("the rate is %s", x)
		}
		if next := a.ExchangeRateAfter(from, to, on); !next.IsZero() && next <= on {
			t.Fatalf("the rate after %s is that of %s", on, next)
		}
	})
}
