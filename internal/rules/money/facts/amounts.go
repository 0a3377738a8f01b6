package facts

import (
	"fmt"
	"math"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
)

// Sum adds up entries of a ledger. The API server keeps each within 2^53 - 1 and their number below 4,001, so a sum that does not fit is that
// of no ledger: it is the largest number, which fits no limit.
func Sum(entries map[string]int64) int64 {
	var sum int64
	for _, amount := range entries {
		if amount < 0 || amount > money.Max || sum > math.MaxInt64/4-amount {
			return math.MaxInt64 / 4
		}
		sum += amount
	}
	return sum
}

// UnpaidOf returns what of the settlements of a request, by its key, is not paid.
func UnpaidOf(ledger *v1alpha1.MDFLedgerSpec, key string) int64 {
	var sum int64
	for claim, amount := range ledger.Unpaid {
		if strings.HasPrefix(claim, key+"/") {
			sum += amount
		}
	}
	return sum
}

// MoneyOf returns minor units as an API amount; the currency is known where it is used. What no amount can hold is the largest one.
func MoneyOf(minor int64, currency v1alpha1.CurrencyCode) v1alpha1.Money {
	amount, err := money.Money(min(max(minor, -money.Max), money.Max), currency)
	if err != nil {
		return v1alpha1.Money{Amount: "0", Currency: currency}
	}
	return amount
}

// ParseAmount reads an amount of a budget's currency, in minor units. It fails on one that is negative or that the currency does not have.
func ParseAmount(amount v1alpha1.Decimal, currency v1alpha1.CurrencyCode) (int64, error) {
	minor, err := money.Parse(amount, currency)
	if err == nil && minor < 0 {
		err = fmt.Errorf("%s must not be negative", decimal.Quote(string(amount)))
	}
	if err != nil {
		return 0, err
	}
	return minor, nil
}

// PeriodOf returns a budget's period; zero when it is not known, as when the budget or the program is nil.
func PeriodOf(budget *v1alpha1.MDFBudget, prog *program.Program) fiscal.Span {
	if budget == nil || prog == nil {
		return fiscal.Span{}
	}
	span, err := prog.Calendar.Period(budget.Spec.Period)
	if err != nil {
		return fiscal.Span{}
	}
	return span
}
