package headroom

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
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
	if r.IsReward() && (limit.Per == v1alpha1.LimitPerActivity || len(limit.Activities) > 0) {
		return false // a reward is for no activity
	}
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

// scope is what a limit adds up over.
type scope struct {
	limit    *v1alpha1.FundingLimit
	partner  string
	plan     v1alpha1.Name // of a limit per plan or activity; empty for others
	activity v1alpha1.Name // of a limit per activity; empty for others
}

// usage is what entries use of a limit in a scope.
type usage struct {
	amount int64
	sums   map[v1alpha1.Name]int64 // by allocation
	gone   map[v1alpha1.Name]bool  // the allocations that are gone, or draw on another budget now
	next   time.Time

	seen, loose int // how many entries were looked at
}

// usedUnder returns what is used of a limit in the scope of a request.
func (x *Rooms) usedUnder(r *request.Request, limit *v1alpha1.FundingLimit) *usage {
	at := scope{limit: limit, partner: r.Partner.Name}
	candidates, loose := x.drawn.list, []*drawn(nil)
	switch limit.Per {
	case v1alpha1.LimitPerRequest:
		candidates = nil
	case v1alpha1.LimitPerActivity:
		at.activity = r.Object.Spec.Activity
		fallthrough
	case v1alpha1.LimitPerPlan:
		at.plan = r.Object.Spec.PlanRef.Name
		candidates, loose = x.drawn.byPlan[at.plan], x.drawn.loose
	default:
	}
	u := x.used[at]
	if u == nil {
		u = &usage{sums: map[v1alpha1.Name]int64{}, gone: map[v1alpha1.Name]bool{}}
		x.used[at] = u
	}
	horizon := verdict.NewHorizon(x.facts.Now)
	for _, d := range candidates[u.seen:] {
		u.add(d, x.counts(at, d, horizon))
	}
	for _, d := range loose[u.loose:] {
		u.add(d, x.counts(at, d, horizon))
	}
	u.seen, u.loose, u.next = len(candidates), len(loose), verdict.Earlier(u.next, horizon.Next())
	return u
}

// add adds an entry up, if it counts. What is beyond the largest amount is the largest amount.
func (u *usage) add(d *drawn, counts bool) {
	if counts {
		u.amount = min(u.amount+d.amount, money.Max)
		u.sums[d.allocation] = min(u.sums[d.allocation]+d.amount, money.Max)
		u.gone[d.allocation] = u.gone[d.allocation] || d.object == nil
	}
}

// roomUnder returns what a limit leaves.
func (x *Rooms) roomUnder(r *request.Request, limit *v1alpha1.FundingLimit, say bool, horizon *verdict.Horizon) Room {
	allowed, used := x.allowed(r, limit), x.usedUnder(r, limit)
	horizon.At(allowed.next)
	horizon.At(used.next)
	room := Room{Reason: v1alpha1.ReasonLimitReached, Name: string(limit.Name), Amount: max(allowed.amount-used.amount, 0)}
	if !say {
		return room
	}
	what := fmt.Sprintf("limit %s of budget %s", limit.Name, r.Budget.Name)
	if allowed.problem != nil {
		room.Message = fmt.Sprintf("%s cannot be used, so nothing is granted until finance corrects it: %s", what, allowed.problem)
		return room
	}
	room.Message = fmt.Sprintf("%s %s for %s", what, allowed.words, scopeOf(r, limit))
	currency := r.Budget.Spec.Amount.Currency
	switch {
	case limit.Per == v1alpha1.LimitPerRequest:
		room.Message += ": " + remedy(room.Amount, currency, "ask finance to raise the limit")
	case len(used.sums) == 0:
		room.Message += ", none of it used: " + remedy(room.Amount, currency, "ask finance to raise the limit")
	default:
		room.Message += fmt.Sprintf("; %s is used, %s, %s is left: %s", money.Format(used.amount, currency), used.usedBy(currency),
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

// counts reports whether an entry of the ledger counts toward a limit in a scope.
func (x *Rooms) counts(at scope, d *drawn, horizon *verdict.Horizon) bool {
	if !x.ofPartner(d, at.partner) {
		return false
	}
	perActivity := at.limit.Per == v1alpha1.LimitPerActivity
	if !perActivity && len(at.limit.Activities) == 0 {
		return true
	}
	other := x.grantedFor(d, horizon)
	if other == nil {
		return true
	}
	if other.IsReward() {
		return false
	}
	if perActivity && other.Object.Spec.Activity != at.activity {
		return false
	}
	return len(at.limit.Activities) == 0 || other.Activity == nil || slices.Contains(at.limit.Activities, other.Activity.Type)
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

// shareOf is the key of what a limit allows.
type shareOf struct{ partner, budget, limit string }

// allowed returns what a limit allows. A limit that cannot be used allows nothing.
func (x *Rooms) allowed(r *request.Request, limit *v1alpha1.FundingLimit) share {
	key := shareOf{r.Partner.Name, r.Budget.Name, string(limit.Name)}
	return facts.Once(x.facts, key, func() share { return x.allow(r, limit) })
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
