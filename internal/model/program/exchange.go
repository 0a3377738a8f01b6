package program

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/verdict"
)

// RuleExchangeRateInvalid: an exchange rate is not a number above zero, or is between a currency and itself; it does not count. Remedy: write
// the number of units of the one currency per unit of the other, such as 0.90.
const RuleExchangeRateInvalid = "ExchangeRateInvalid"

// currencies are the two currencies of an exchange rate.
type currencies struct {
	from, to v1alpha1.CurrencyCode
}

// exchangeRate is a rate that can be used.
type exchangeRate struct {
	from fiscal.Day // the first day on which it is in force
	rate *big.Rat
	text v1alpha1.Decimal
}

// ExchangeRate returns the rate in units of to per unit of from that the program states for a day, and how it is written there. It is false
// when no such rate is in force. No rate is inverted, and none is put together from others.
func (p *Program) ExchangeRate(from, to v1alpha1.CurrencyCode, day fiscal.Day) (rate *big.Rat, text v1alpha1.Decimal, ok bool) {
	for _, x := range slices.Backward(p.rates[currencies{from, to}]) {
		if x.from <= day {
			return new(big.Rat).Set(x.rate), x.text, true
		}
	}
	return nil, "", false
}

// ExchangeRateAfter returns the first day after a day on which another rate between the two currencies comes into force; absent when there
// is none.
func (p *Program) ExchangeRateAfter(from, to v1alpha1.CurrencyCode, day fiscal.Day) fiscal.Day {
	for _, x := range p.rates[currencies{from, to}] {
		if x.from > day {
			return x.from
		}
	}
	return 0
}

// compileExchangeRates sorts the exchange rates by their days. What is wrong with a rate is a finding, and the rate does not count.
func (p *Program) compileExchangeRates(findings *verdict.Findings) {
	p.rates = map[currencies][]exchangeRate{}
	for i := range p.Spec.ExchangeRates {
		raw := &p.Spec.ExchangeRates[i]
		if compiled, ok := compileExchangeRate(raw, findings); ok {
			pair := currencies{raw.From, raw.To}
			p.rates[pair] = append(p.rates[pair], compiled)
		}
	}
	for _, rates := range p.rates {
		slices.SortFunc(rates, func(a, b exchangeRate) int {
			return cmp.Or(cmp.Compare(a.from, b.from), a.rate.Cmp(b.rate)) // the schema allows one a day
		})
	}
}

func compileExchangeRate(raw *v1alpha1.ExchangeRate, findings *verdict.Findings) (compiled exchangeRate, ok bool) {
	field := fmt.Sprintf("spec.exchangeRates[%s,%s,%s]", raw.From, raw.To, raw.EffectiveFrom)
	const unused = "the rate is not used until this is corrected: %s"
	wrong := false
	for _, code := range []struct {
		field string
		code  v1alpha1.CurrencyCode
	}{{".from", raw.From}, {".to", raw.To}} {
		if _, err := money.Digits(code.code); err != nil {
			findings.Errorf(RuleCurrencyUnknown, field+code.field, unused, err)
			wrong = true
		}
	}
	if raw.From == raw.To {
		findings.Errorf(RuleExchangeRateInvalid, field+".to", unused, "from and to must be different currencies")
		wrong = true
	}
	from, err := fiscal.ParseDay(raw.EffectiveFrom)
	if err != nil {
		findings.Errorf(RuleDateInvalid, field+".effectiveFrom", unused, err)
		wrong = true
	}
	rate, err := decimal.Parse(raw.Rate)
	switch {
	case err != nil:
		findings.Errorf(RuleExchangeRateInvalid, field+".rate", unused, err)
		wrong = true
	case rate.Sign() <= 0:
		findings.Errorf(RuleExchangeRateInvalid, field+".rate", unused, decimal.Quote(string(raw.Rate))+" is not above zero")
		wrong = true
	}
	return exchangeRate{from: from, rate: rate, text: raw.Rate}, !wrong
}
