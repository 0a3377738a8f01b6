package campaign

import (
	"fmt"
	"math/big"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/money"
)

// account holds what was measured about the campaign and counts as its own.
type account struct {
	byMetric                                          map[v1alpha1.Name]*tally
	cost, leads, opportunities, wins, pipeline, sales *tally // by the roles of the program's metrics
}

// Account is what counts of a campaign for its plan, by the roles of the program's metrics, exactly; nil where nothing was measured. What the partner alone
// reports counts for the campaign's own figures and not here, as for all else of a plan and a partner.
type Account struct {
	// AsOf is the newest day of these figures; absent when there are none.
	AsOf fiscal.Day
	// Leads, Opportunities and Wins are counts.
	Leads, Opportunities, Wins *big.Rat
	// Cost, Pipeline and Revenue are in units of the program's currency.
	Cost, Pipeline, Revenue *big.Rat
	// Unvouched are the metrics that are left out, as the partner alone reports them.
	Unvouched []v1alpha1.Name
}

// figures returns the account without its entries.
func (a *account) figures() (f Account) {
	for _, x := range []struct {
		to *(*big.Rat)
		by *tally
	}{{&f.Leads, a.leads}, {&f.Opportunities, a.opportunities}, {&f.Wins, a.wins}, {&f.Cost, a.cost}, {&f.Pipeline, a.pipeline}, {&f.Revenue, a.sales}} {
		switch {
		case x.by.value() == nil:
		case x.by.unvouched:
			f.Unvouched = append(f.Unvouched, x.by.metric)
		default:
			*x.to, f.AsOf = x.by.total, max(f.AsOf, x.by.asOf)
		}
	}
	return f
}

// tally is what one metric has brought.
type tally struct {
	metric    v1alpha1.Name
	total     *big.Rat // nil when nothing was measured
	asOf      fiscal.Day
	counted   []measure.Entry
	unvouched bool // the partner alone reports it, and the program does not take its word
}

// value returns the total; nil when nothing was measured.
func (t *tally) value() *big.Rat {
	if t == nil {
		return nil
	}
	return t.total
}

// readAccount adds up the campaign's results of today, for the metrics of its funnel, its stop rule and the program's roles.
func (e *evaluation) readAccount() {
	book := measure.OfCampaign(e.snapshot, e.prog, e.campaign, e.today)
	e.findings.Append(book.Findings()...)
	if day, ok := book.NextDay(); ok {
		e.horizon.At(e.prog.Calendar.StartOf(day))
	}
	e.account.byMetric = map[v1alpha1.Name]*tally{}
	if e.schedule == nil {
		return
	}
	for i := range e.spec.Funnel {
		e.tallyOf(book, e.prog.Metric(e.spec.Funnel[i].Metric))
	}
	if e.spec.StopRule != nil {
		e.tallyOf(book, e.prog.Metric(e.spec.StopRule.Metric))
	}
	e.account.cost = e.tallyOf(book, e.prog.MetricFor(v1alpha1.RoleCost))
	e.account.leads = e.tallyOf(book, e.prog.MetricFor(v1alpha1.RoleLeads))
	e.account.opportunities = e.tallyOf(book, e.prog.MetricFor(v1alpha1.RoleOpportunities))
	e.account.wins = e.tallyOf(book, e.prog.MetricFor(v1alpha1.RoleWins))
	e.account.pipeline = e.tallyOf(book, e.prog.MetricFor(v1alpha1.RolePipeline))
	e.account.sales = e.tallyOf(book, e.prog.MetricFor(v1alpha1.RoleRevenue))

	asOf := fiscal.Day(0)
	for _, t := range e.account.byMetric {
		asOf = max(asOf, t.asOf)
	}
	e.status.AsOf = asOf.Date()
	e.status.Leads = e.shown(e.account.leads.value(), v1alpha1.UnitCount)
	e.status.Cost = e.shown(e.account.cost.value(), v1alpha1.UnitCurrency)
	e.status.Pipeline = e.shown(e.account.pipeline.value(), v1alpha1.UnitCurrency)
	e.status.Revenue = e.shown(e.account.sales.value(), v1alpha1.UnitCurrency)
}

// tallyOf adds up a metric once; nil for no metric.
func (e *evaluation) tallyOf(book *measure.Book, metric *v1alpha1.Metric) *tally {
	if metric == nil {
		return nil
	}
	if t, done := e.account.byMetric[metric.Name]; done {
		return t
	}
	series := book.Series(metric.Name)
	t := &tally{metric: metric.Name}
	t.unvouched = series.Level(e.today).Source == v1alpha1.SourcePartnerReported && metric.SourceOfRecord != v1alpha1.SourcePartnerReported
	e.account.byMetric[metric.Name] = t
	entries := series.Entries()
	var left [slowLeads + 1]int
	for _, entry := range entries {
		if metric.Role != v1alpha1.RoleCost {
			if why := e.schedule.exclude(entry.On, entry.Cohort); why != counted {
				left[why]++
				continue
			}
		}
		t.counted = append(t.counted, entry)
		t.asOf = max(t.asOf, entry.On)
	}
	t.total = combine(metric, t.counted)
	e.reportExcluded(metric.Name, len(entries), left[tooEarly:])
	return t
}

// reportExcluded says how many entries of a metric do not count, and why: left counts them from tooEarly on.
func (e *evaluation) reportExcluded(metric v1alpha1.Name, entries int, left []int) {
	sum := 0
	var causes []string
	for i, n := range left {
		if n > 0 {
			causes = append(causes, fmt.Sprintf("%s (%d)", e.schedule.describe(tooEarly+exclusion(i)), n))
		}
		sum += n
	}
	switch {
	case sum == 0:
		return
	case len(causes) == 1: // all of them
		causes[0], _, _ = strings.Cut(causes[0], " (")
	}
	noun, verb := "entries", "do"
	if entries == 1 {
		noun = "entry"
	}
	if sum == 1 {
		verb = "does"
	}
	e.findings.Infof(RuleResultsNotAttributed, "", "%d of %d %s of %s %s not count: %s", sum, entries, noun, metric, verb, strings.Join(causes, "; "))
}

// combine adds up entries of a flow, and takes the newest of a level; of equally new levels the greatest. It is nil for none.
func combine(metric *v1alpha1.Metric, entries []measure.Entry) *big.Rat {
	var total *big.Rat
	newest := fiscal.Day(0)
	for _, entry := range entries {
		switch {
		case total == nil:
			total, newest = new(big.Rat).Set(entry.Value), entry.On
		case metric.Behaviour != v1alpha1.BehaviourStock:
			total.Add(total, entry.Value)
		case entry.On > newest || entry.On == newest && entry.Value.Cmp(total) > 0:
			total, newest = new(big.Rat).Set(entry.Value), entry.On
		}
	}
	return total
}

// shown returns a figure for the status, rounded down: amounts to the digits of the program's currency, all else without trailing zeros. It
// is empty for none.
func (e *evaluation) shown(r *big.Rat, unit v1alpha1.MetricUnit) v1alpha1.Decimal {
	if r == nil {
		return ""
	}
	if unit == v1alpha1.UnitCurrency {
		return decimal.Shown(r, e.digits)
	}
	text := string(decimal.Shown(r, decimal.MaxFractionDigits))
	if strings.Contains(text, ".") {
		text = strings.TrimRight(text, "0")
	}
	return v1alpha1.Decimal(text)
}

// amount writes an amount of the program's currency for people, such as "EUR 12,500.00", rounded down to the currency's digits.
func (e *evaluation) amount(r *big.Rat) string {
	code := e.prog.Spec.Currency
	if minor, err := money.FromRat(r, code); err == nil {
		return money.Format(minor, code)
	}
	return string(code) + " " + decimal.Format(r, e.digits)
}

// price is amount for a limit, which may have more digits than the currency.
func (e *evaluation) price(r *big.Rat) string {
	if floor, ok := new(big.Rat).SetString(decimal.FloorDecimal(r, e.digits)); ok && floor.Cmp(r) == 0 {
		return e.amount(r)
	}
	return string(e.prog.Spec.Currency) + " " + decimal.FormatShort(r, decimal.MaxFractionDigits)
}

// share returns part / whole in percent, rounded down; nil when either is missing or the whole is not above zero.
func share(part, whole *big.Rat) *int32 {
	if part == nil || whole == nil || whole.Sign() <= 0 {
		return nil
	}
	percent := decimal.FloorInt32(new(big.Rat).Mul(new(big.Rat).Quo(part, whole), big.NewRat(100, 1)))
	return &percent
}

// quotient returns a / b; nil when either is missing or b is not above zero.
func quotient(a, b *big.Rat) *big.Rat {
	if a == nil || b == nil || b.Sign() <= 0 {
		return nil
	}
	return new(big.Rat).Quo(a, b)
}
