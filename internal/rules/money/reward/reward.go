package reward

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// units are the fiscal units of the intervals in which rewards are earned.
var units = map[v1alpha1.Cadence]fiscal.Unit{
	v1alpha1.CadenceMonth: fiscal.Month, v1alpha1.CadenceQuarter: fiscal.Quarter, v1alpha1.CadenceHalf: fiscal.Half, v1alpha1.CadenceYear: fiscal.Year,
}

// Unit returns the fiscal unit of a reward's intervals; zero when it says none.
func Unit(rule *v1alpha1.RewardRule) fiscal.Unit { return units[rule.Every] }

// Find returns a reward of a budget; nil when it has none of that name.
func Find(budget *v1alpha1.MDFBudget, name v1alpha1.Name) *v1alpha1.RewardRule {
	i := slices.IndexFunc(budget.Spec.Rewards, func(r v1alpha1.RewardRule) bool { return r.Name == name })
	if i < 0 {
		return nil
	}
	return &budget.Spec.Rewards[i]
}

// Names returns the names of a budget's rewards.
func Names(budget *v1alpha1.MDFBudget) []string {
	var names []string
	for i := range budget.Spec.Rewards {
		names = append(names, string(budget.Spec.Rewards[i].Name))
	}
	return names
}

// NotInterval says why a span is not one of a reward's intervals, and names the one that it may mean; empty when it is one.
func NotInterval(cal *fiscal.Calendar, rule *v1alpha1.RewardRule, span fiscal.Span) string {
	unit := Unit(rule)
	if unit == 0 {
		return fmt.Sprintf("every of reward %s is %s: it must be Month, Quarter, Half or Year", rule.Name, decimal.Quote(string(rule.Every)))
	}
	meant := cal.PeriodContaining(unit, span.Through)
	if meant == span {
		return ""
	}
	return fmt.Sprintf("reward %s is earned in each fiscal %s, and %s is none: did you mean %s (%s to %s)?", rule.Name, strings.ToLower(string(rule.Every)),
		cal.Label(span), cal.Label(meant), meant.From, meant.Through)
}

// Pays reports whether a budget of a period pays for an interval: when the day after it is in the period. So each interval is paid by one budget of a
// row of budgets.
func Pays(period, interval fiscal.Span) bool {
	return !period.IsZero() && !interval.IsZero() && period.Contains(interval.Through.AddDays(1))
}

// Key is what a ledger notes of a grant: the partner, the reward and the first day of the interval.
func Key(partner string, name v1alpha1.Name, interval fiscal.Span) string {
	return strings.Join([]string{partner, string(name), interval.From.String()}, "/")
}

// Measured is what was measured of a reward's metric in an interval.
type Measured struct {
	measure.Reading

	// Complete says that results are reported through the last day of the interval: one of them is of that day or later. What is missing is not zero.
	Complete bool
	// Next is the next instant at which this may differ although no spec does; zero when there is none.
	Next time.Time
}

// Measure returns what is measured of a reward's metric about a partner in an interval, as known now.
func Measure(f *facts.Facts, prog *program.Program, partner *v1alpha1.Partner, rule *v1alpha1.RewardRule, interval fiscal.Span) Measured {
	series := f.Book(prog, partner).Series(rule.Metric)
	found := Measured{Reading: series.Total(interval), Next: f.BookNext(prog, partner)}
	found.Complete = found.Value != nil && series.Newest() >= interval.Through
	return found
}

// ClaimThrough returns the last day on which rewards that a budget granted can be claimed: receivedBy of its claims or, without that, the 90th day after
// its period; absent when its period is not known.
func ClaimThrough(budget *v1alpha1.MDFBudget, prog *program.Program) fiscal.Day {
	const days = 90
	if claims := budget.Spec.Claims; claims != nil {
		if by, err := fiscal.ParseDay(claims.ReceivedBy); err == nil {
			return by
		}
	}
	if span := facts.PeriodOf(budget, prog); !span.IsZero() {
		return span.Through.AddDays(days)
	}
	return 0
}
