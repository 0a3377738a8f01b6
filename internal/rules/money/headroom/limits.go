package headroom

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

const (
	// defaultTrailingMonths is the window of a limit that states none.
	defaultTrailingMonths = 12
	// daysAhead is how far a window that moves with today is looked ahead for a change.
	daysAhead = 31
)

// applies reports whether a limit bounds a request.
func (x *Rooms) applies(r *request.Request, limit *v1alpha1.FundingLimit, horizon *verdict.Horizon) bool {
	if len(limit.Activities) > 0 && r.Activity != nil && !slices.Contains(limit.Activities, r.Activity.Type) {
		return false
	}
	if len(limit.Tiers) == 0 {
		return true
	}
	view := x.facts.Partner(r.Partner)
	horizon.At(view.Next)
	return slices.Contains(limit.Tiers, view.Tier)
}

// roomUnder returns what a limit leaves.
func (x *Rooms) roomUnder(r *request.Request, limit *v1alpha1.FundingLimit, others []drawn, horizon *verdict.Horizon) Room {
	allowed := x.allowed(r, limit)
	horizon.At(allowed.next)
	used := slices.DeleteFunc(slices.Clone(others), func(d drawn) bool { return !x.counts(r, limit, &d, horizon) })
	room := Room{Reason: v1alpha1.ReasonLimitReached, Name: string(limit.Name), Amount: max(allowed.amount-total(used), 0)}
	what := fmt.Sprintf("limit %s of budget %s", limit.Name, r.Budget.Name)
	if allowed.problem != nil {
		room.Message = fmt.Sprintf("%s cannot be used, so that nothing is granted until finance has mended it: %s", what, allowed.problem)
		return room
	}
	room.Message = fmt.Sprintf("%s %s for %s", what, allowed.words, scopeOf(r, limit))
	currency := r.Budget.Spec.Amount.Currency
	switch {
	case limit.Per == v1alpha1.LimitPerRequest:
		room.Message += ": " + remedy(room.Amount, currency, "ask finance to raise the limit")
	case len(used) == 0:
		room.Message += ", none of it used: " + remedy(room.Amount, currency, "ask finance to raise the limit")
	default:
		room.Message += fmt.Sprintf("; %s is used, %s, %s is left: %s", money.Format(total(used), currency), usedBy(used, currency),
			money.Format(room.Amount, currency), remedy(room.Amount, currency, "wait until money is released or the limit raised"))
	}
	return room
}

// scopeOf names what a limit adds up over.
func scopeOf(r *request.Request, limit *v1alpha1.FundingLimit) string {
	spec := &r.Object.Spec
	var scope string
	switch limit.Per {
	case v1alpha1.LimitPerRequest:
		scope = "one request"
	case v1alpha1.LimitPerActivity:
		scope = fmt.Sprintf("activity %s of plan %s", spec.Activity, spec.PlanRef.Name)
	case v1alpha1.LimitPerPlan:
		scope = fmt.Sprintf("all requests under plan %s", spec.PlanRef.Name)
	case v1alpha1.LimitPerPartner:
		scope = "all requests of partner " + r.Partner.Name
	default: // no such scope, which is taken as the widest
		scope = "all requests of partner " + r.Partner.Name
	}
	if len(limit.Activities) > 0 && limit.Per != v1alpha1.LimitPerActivity {
		scope += " for activities of type " + verdict.AnyOf(limit.Activities)
	}
	if len(limit.Tiers) > 0 {
		scope += " of tier " + verdict.AnyOf(limit.Tiers)
	}
	return scope
}

// counts reports whether an entry of the ledger counts toward a limit.
func (x *Rooms) counts(r *request.Request, limit *v1alpha1.FundingLimit, d *drawn, horizon *verdict.Horizon) bool {
	if limit.Per == v1alpha1.LimitPerRequest || !x.ofPartner(d, r.Partner.Name) {
		return false
	}
	samePlan := d.object == nil || d.object.Spec.PlanRef.Name == r.Object.Spec.PlanRef.Name
	perPlan := limit.Per == v1alpha1.LimitPerPlan || limit.Per == v1alpha1.LimitPerActivity
	if perPlan && !samePlan {
		return false
	}
	if limit.Per != v1alpha1.LimitPerActivity && len(limit.Activities) == 0 {
		return true
	}
	other := x.grantedFor(d, horizon)
	if other == nil {
		return true
	}
	if limit.Per == v1alpha1.LimitPerActivity && other.Object.Spec.Activity != r.Object.Spec.Activity {
		return false
	}
	return len(limit.Activities) == 0 || other.Activity == nil || slices.Contains(limit.Activities, other.Activity.Type)
}

// grantedFor returns the request that an entry was granted for; nil when its spec does not tell any more: the MDFAllocation is gone, makes
// another request now, or was changed since its approval.
func (x *Rooms) grantedFor(d *drawn, horizon *verdict.Horizon) *request.Request {
	if !d.current() {
		return nil
	}
	other := x.request(d.object)
	horizon.At(other.Next)
	if other.Approved.Status != metav1.ConditionTrue {
		return nil
	}
	return other
}

// share is what a limit allows.
type share struct {
	amount  int64
	words   string // such as "allows EUR 5,000.00"
	problem error  // why the limit cannot be used as written
	next    time.Time
}

// allowed returns what a limit allows. A limit that cannot be used allows nothing.
func (x *Rooms) allowed(r *request.Request, limit *v1alpha1.FundingLimit) share {
	key := strings.Join([]string{r.Partner.Name, r.Budget.Name, string(limit.Name)}, "/")
	return x.shares.Get(key, func() share { return x.allow(r, limit) })
}

func (x *Rooms) allow(r *request.Request, limit *v1alpha1.FundingLimit) share {
	currency := r.Budget.Spec.Amount.Currency
	if (limit.Amount == "") == (limit.Percent == "") {
		return share{problem: errors.New("it must give exactly one of amount and percent")}
	}
	if limit.Percent == "" {
		amount, err := facts.ParseAmount(limit.Amount, currency)
		if err != nil {
			return share{problem: err}
		}
		return share{amount: amount, words: "allows " + money.Format(amount, currency)}
	}
	percent, err := decimal.ParsePercent(limit.Percent)
	if err == nil {
		err = UsableMetric(r.Program, limit.Metric, currency)
	}
	if err != nil {
		return share{problem: err}
	}
	return x.allowPercent(r, limit, percent)
}

// allowPercent returns a percentage of what was measured of a metric in the months that end today.
func (x *Rooms) allowPercent(r *request.Request, limit *v1alpha1.FundingLimit, percent *big.Rat) share {
	currency, months := r.Budget.Spec.Amount.Currency, int(program.Or(limit.TrailingMonths, defaultTrailingMonths))
	today, series := r.Program.Today(x.facts.Now), x.facts.Book(r.Program, r.Partner).Series(limit.Metric)
	reading := series.Total(fiscal.TrailingMonths(today, months))
	of := fmt.Sprintf("%s %% of %s in the trailing %s", limit.Percent, limit.Metric, verdict.Count(months, "month"))
	found := share{words: fmt.Sprintf("allows %s, of which nothing is measured, and so nothing", of)}
	if reading.Value != nil {
		found.amount = max(floorAmount(decimal.PercentOf(percent, reading.Value), currency), 0)
		found.words = fmt.Sprintf("allows %s: of %s, measured through %s, that is %s",
			of, spokenAmount(reading.Value, currency), reading.Through(), money.Format(found.amount, currency))
	}
	horizon := verdict.NewHorizon(x.facts.Now)
	horizon.At(x.facts.BookNext(r.Program, r.Partner))
	horizon.At(r.Program.Calendar.StartOf(nextDrop(today, func(day fiscal.Day) bool {
		later := series.Total(fiscal.TrailingMonths(day, months))
		return (later.Value == nil) != (reading.Value == nil) || later.AsOf != reading.AsOf || later.Value != nil && later.Value.Cmp(reading.Value) != 0
	})))
	found.next = horizon.Next()
	return found
}

// nextDrop returns the first day after today on which something differs; or, when that is far, a day before it.
func nextDrop(today fiscal.Day, differs func(fiscal.Day) bool) fiscal.Day {
	for ahead := 1; ahead < daysAhead; ahead++ {
		if day := today.AddDays(ahead); differs(day) {
			return day
		}
	}
	return today.AddDays(daysAhead)
}

// UsableMetric says why no share of a metric can be money of a currency.
func UsableMetric(prog *program.Program, name v1alpha1.Name, currency v1alpha1.CurrencyCode) error {
	metric := prog.Metric(name)
	switch {
	case metric == nil:
		return fmt.Errorf("program %s has %s", prog.Name, verdict.NoSuch("metric", string(name), prog.MetricNames()))
	case metric.Behaviour != v1alpha1.BehaviourFlow:
		return fmt.Errorf("metric %s has behaviour %s: name one with behaviour Flow", name, metric.Behaviour)
	case metric.Unit != v1alpha1.UnitCurrency:
		return fmt.Errorf("metric %s has unit %s: name one with unit Currency", name, metric.Unit)
	case prog.Spec.Currency != currency:
		return fmt.Errorf("metric %s is measured in %s, the currency of program %s, and the budget is in %s", name, prog.Spec.Currency, prog.Name, currency)
	}
	return nil
}

// floorAmount returns minor units rounded down; what is beyond the largest amount, either way, is that amount.
func floorAmount(value *big.Rat, currency v1alpha1.CurrencyCode) int64 {
	minor, err := money.FromRat(value, currency)
	switch {
	case err == nil:
		return minor
	case value.Sign() < 0:
		return -money.Max
	default:
		return money.Max
	}
}

// spokenAmount writes an exact amount of money for people.
func spokenAmount(value *big.Rat, currency v1alpha1.CurrencyCode) string {
	return money.Format(floorAmount(value, currency), currency)
}
