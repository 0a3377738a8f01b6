package request

import (
	"errors"
	"math/big"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// exchange is a rate between two currencies as the program states it.
type exchange struct {
	rate *big.Rat
	from fiscal.Day
}

// exchanges returns the program's rates from one currency to another, by the day from which they are in force. Of one day the last one counts.
func exchanges(prog *program.Program, from, to v1alpha1.CurrencyCode) []exchange {
	var list []exchange
	if prog == nil {
		return nil
	}
	for _, stated := range prog.Spec.ExchangeRates {
		day, err := fiscal.ParseDay(stated.EffectiveFrom)
		rate, wrong := decimal.Parse(stated.Rate)
		if stated.From == from && stated.To == to && err == nil && wrong == nil && rate.Sign() > 0 {
			list = append(list, exchange{rate: rate, from: day})
		}
	}
	slices.SortStableFunc(list, func(a, b exchange) int { return a.from.Sub(b.from) })
	return list
}

// rateOn returns the program's rate from one currency to another in force on a day; nil when it states none.
func rateOn(prog *program.Program, from, to v1alpha1.CurrencyCode, day fiscal.Day) *big.Rat {
	var rate *big.Rat
	for _, x := range exchanges(prog, from, to) {
		if x.from <= day {
			rate = x.rate
		}
	}
	return rate
}

// RateOn returns the program's rate from one currency to another in force on a day, nil when it states none, and the instant from which another one is; zero
// when there is none.
func RateOn(prog *program.Program, from, to v1alpha1.CurrencyCode, day fiscal.Day) (rate *big.Rat, next time.Time) {
	for _, x := range exchanges(prog, from, to) {
		if x.from > day {
			return rate, prog.Calendar.StartOf(x.from)
		}
		rate = x.rate
	}
	return rate, time.Time{}
}

// rateDay is the day of the rate: that of the approval, or today while the request is not approved.
func (in *input) rateDay() fiscal.Day {
	if in.Approval.Complete {
		return in.cal.Today(in.Approval.DecidedTime)
	}
	return in.today
}

// errNoRate says that the program has no exchange rate.
var errNoRate = errors.New("the program has no exchange rate")

// converted returns an amount of the request in the budget's currency.
func (in *input) converted(amount int64, rate *big.Rat) (int64, error) {
	from := in.Object.Spec.Amount.Currency
	switch {
	case from == in.Currency:
		return amount, nil
	case rate == nil:
		return 0, errNoRate
	default:
		return money.Convert(amount, from, in.Currency, rate)
	}
}

// convert finds the rate and what is requested in the budget's currency.
func (in *input) convert() {
	least := in.Least
	in.Least = 0
	from := in.Object.Spec.Amount.Currency
	if in.most == 0 || in.Currency == "" {
		return
	}
	if from != in.Currency {
		in.Rate = rateOn(in.Program, from, in.Currency, in.rateDay())
		if !in.Approval.Complete {
			in.noteRates(from)
		}
	}
	asked, err := in.converted(in.most, in.Rate)
	switch {
	case in.Rate == nil && from != in.Currency:
		return
	case err != nil:
		in.mistakef(facts.RuleAmountInvalid, "spec.amount", "%s cannot be converted: %s", money.Format(in.most, from), err)
		return
	case asked == 0:
		in.mistakef(facts.RuleAmountInvalid, "spec.amount", "%s is %s in the budget's currency: request more", money.Format(in.most, from), money.Format(0, in.Currency))
		return
	}
	in.Asked = asked
	if approved := in.Approval.Amount; approved >= 0 {
		if part, err := in.converted(approved, in.Rate); err == nil {
			in.Asked = min(asked, part)
		}
	}
	in.Least = in.Asked
	if part, err := in.converted(least, in.Rate); err == nil && least > 0 {
		in.Least = min(part, in.Asked) // what was approved in part is granted even where the request would accept no less than more
	}
}

// noteRates notes when the next rate between the two currencies comes into force.
func (in *input) noteRates(from v1alpha1.CurrencyCode) {
	for _, x := range exchanges(in.Program, from, in.Currency) {
		in.horizon.At(in.cal.StartOf(x.from))
	}
}

// ClaimRate returns the rate at which claims are converted: that of the day of the approval, also while a change of the request is not approved
// or after the approval was withdrawn. It is nil when both currencies are the same, or none is stated.
func (r *Request) ClaimRate() *big.Rat {
	from := r.Object.Spec.Amount.Currency
	if from == r.Currency || r.Approval.Complete || r.Approval.Since.IsZero() || r.Program == nil {
		return r.Rate
	}
	return rateOn(r.Program, from, r.Currency, r.Program.Today(r.Approval.Since))
}
