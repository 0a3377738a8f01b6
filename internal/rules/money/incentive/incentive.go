// Package incentive says how the rewards of budgets stand for a partner or a plan: what is earned, what is missing for more, what stands in the way, and what
// is granted and paid.
package incentive

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/money/reward"
	"jointplan.dev/jointplan/internal/verdict"
)

// What a status lists is bounded.
const (
	maxIncentives = 8
	maxWhy        = 300
)

// OfPartner returns how the rewards of the budgets on which a partner may draw stand at an instant, in the interval that is running and in the last one: by
// the last day of the interval, budget and reward. They may differ from the second result on although no spec and no ledger does; zero means never.
func OfPartner(snap *snapshot.Snapshot, partner *v1alpha1.Partner, now time.Time) ([]v1alpha1.IncentiveStatus, time.Time) {
	return list(snap, partner, snap.PlansOf(v1alpha1.Name(partner.Name)), now)
}

// OfPlan returns how the rewards stand that a partner can earn under a plan, as OfPartner does.
func OfPlan(snap *snapshot.Snapshot, plan *v1alpha1.JointPlan, now time.Time) ([]v1alpha1.IncentiveStatus, time.Time) {
	partner := snap.Partner(plan.Spec.PartnerRef.Name)
	prog := snap.ProgramOf(partner)
	if prog == nil {
		return nil, time.Time{}
	}
	all, next := list(snap, partner, []*v1alpha1.JointPlan{plan}, now)
	span, err := prog.Calendar.Period(plan.Spec.Period)
	if err != nil {
		return nil, next
	}
	return slices.DeleteFunc(all, func(x v1alpha1.IncentiveStatus) bool {
		last, err := fiscal.ParseDay(x.Through)
		return err != nil || !span.Contains(last)
	}), next
}

// judging is what rewards of a partner are judged by.
type judging struct {
	facts   *facts.Facts
	program *program.Program
	partner *v1alpha1.Partner
	plans   []*v1alpha1.JointPlan
	today   fiscal.Day
	horizon *verdict.Horizon
}

// of is a reward in an interval.
type of struct {
	budget   *v1alpha1.MDFBudget
	rule     *v1alpha1.RewardRule
	interval fiscal.Span
}

func list(snap *snapshot.Snapshot, partner *v1alpha1.Partner, plans []*v1alpha1.JointPlan, now time.Time) ([]v1alpha1.IncentiveStatus, time.Time) {
	prog := snap.ProgramOf(partner)
	if prog == nil {
		return nil, time.Time{}
	}
	j := judging{facts: facts.Of(snap, now), program: prog, partner: partner, plans: plans, today: prog.Today(now), horizon: verdict.NewHorizon(now)}
	all := j.find()
	slices.SortStableFunc(all, func(a, b of) int {
		return cmp.Or(cmp.Compare(a.interval.Through, b.interval.Through), cmp.Compare(a.budget.Name, b.budget.Name), cmp.Compare(a.rule.Name, b.rule.Name))
	})
	var statuses []v1alpha1.IncentiveStatus
	for _, x := range all[:min(len(all), maxIncentives)] {
		statuses = append(statuses, j.judge(x))
	}
	return statuses, j.horizon.Next()
}

// find returns the rewards in the intervals that are running, and in those before them, as far as a budget pays for them.
func (j *judging) find() []of {
	var all []of
	cal := j.program.Calendar
	for _, budget := range j.facts.Snapshot.Usable() {
		span := facts.PeriodOf(budget, j.program)
		if budget.Spec.ProgramRef.Name != j.program.Name || len(budget.Spec.Rewards) == 0 || span.IsZero() {
			continue
		}
		for i := range budget.Spec.Rewards {
			rule := &budget.Spec.Rewards[i]
			unit := reward.Unit(rule)
			if unit == 0 {
				continue // which is a finding of the budget
			}
			running := cal.PeriodContaining(unit, j.today)
			j.horizon.At(cal.EndOf(running.Through))
			for _, interval := range []fiscal.Span{cal.PeriodContaining(unit, running.From.AddDays(-1)), running} {
				if reward.Pays(span, interval) {
					all = append(all, of{budget, rule, interval})
				}
			}
		}
	}
	return all
}

// judge says how a reward stands in an interval.
func (j *judging) judge(x of) v1alpha1.IncentiveStatus {
	currency := x.budget.Spec.Amount.Currency
	status := v1alpha1.IncentiveStatus{
		Budget: v1alpha1.Name(x.budget.Name), Reward: x.rule.Name, Interval: j.program.Calendar.Label(x.interval), Through: x.interval.Through.Date(),
		Stage: x.rule.Stage, Metric: x.rule.Metric, Currency: currency,
	}
	earned, err := headroom.RewardOf(j.facts, j.program, j.partner, x.budget, x.rule, x.interval)
	if err != nil {
		status.State, status.Why = v1alpha1.IncentiveLocked, printable.Clip("what it comes to cannot be computed until finance corrects the budget: "+err.Error(), maxWhy)
		return status
	}
	j.horizon.At(earned.Next)
	status.Measured = headroom.Shown(earned.Value)
	if earned.Value != nil {
		status.Earned = amount(earned.Earned, currency)
	}
	if earned.Missing != nil && j.today <= x.interval.Through {
		status.ToNext = &v1alpha1.IncentiveStep{Missing: headroom.Shown(earned.Missing), Earns: amount(earned.Then, currency)}
	}
	held := j.held(x)
	if held.granted > 0 {
		status.Granted = amount(held.granted, currency)
	}
	if held.paid > 0 {
		status.Paid = amount(held.paid, currency)
	}
	var why string
	status.State, why = j.state(x, &earned, held)
	status.Why = printable.Clip(why, maxWhy)
	return status
}

// amount writes minor units without their currency.
func amount(minor int64, currency v1alpha1.CurrencyCode) v1alpha1.Decimal {
	return facts.MoneyOf(minor, currency).Amount
}

// holding is what became of a reward.
type holding struct {
	granted int64  // reserved and settled
	paid    int64  // settled and paid
	claimed int64  // reserved for claims that are open
	pending string // the request that waits; empty when none does
}

// held returns what the budget's ledger holds of a reward, and what claims and requests there are.
func (j *judging) held(x of) (h holding) {
	name, key := v1alpha1.Name(x.budget.Name), reward.Key(j.partner.Name, x.rule.Name, x.interval)
	var requests []*request.Request
	named := false
	for _, a := range j.facts.Snapshot.Allocations() {
		if a.Spec.BudgetRef.Name != name {
			continue
		}
		named = true
		if r := request.Of(j.facts, a); r.RewardKey() == key {
			requests = append(requests, r)
			account := claim.Of(j.facts, a)
			j.horizon.At(r.Next)
			j.horizon.At(account.Next)
			h.claimed += account.Open
		}
	}
	if ledger := j.facts.Snapshot.Ledger(name); ledger != nil && named { // a partner without a request on the budget knows nothing of its ledger
		entries := j.facts.Entries(name, ledger)
		for of, noted := range ledger.Spec.Rewards {
			if noted == key && facts.NamespaceOf(of) == j.partner.Namespace {
				settled := entries.Settled(of)
				h.granted += ledger.Spec.Reserved[of] + settled
				h.paid += settled - entries.Unpaid(of)
			}
		}
	}
	for _, r := range requests {
		if _, held := r.Held(); !held && r.Submitted && !r.Withdrawn && h.pending == "" {
			h.pending = r.Object.Name
		}
	}
	return h
}

// state says how a reward stands, and why.
func (j *judging) state(x of, earned *headroom.Reward, h holding) (state v1alpha1.IncentiveState, why string) {
	currency, interval := x.budget.Spec.Amount.Currency, j.program.Calendar.Label(x.interval)
	if h.granted > 0 && h.granted >= earned.Earned {
		state, why = v1alpha1.IncentivePaid, "all that is earned is paid"
		if h.paid < h.granted {
			state, why = v1alpha1.IncentiveGranted, j.unpaidWords(x, h)
		}
		if h.granted > earned.Earned {
			why = fmt.Sprintf("%s of what was granted is no longer earned, because results were corrected: what was granted stays",
				money.Format(h.granted-earned.Earned, currency))
		}
		return state, why
	}
	lock := j.lock(x)
	switch {
	case lock != "":
		return v1alpha1.IncentiveLocked, lock
	case j.today <= x.interval.Through:
		return v1alpha1.IncentiveOpen, j.openWords(x, earned)
	case !earned.Complete:
		return v1alpha1.IncentiveAwaitingResults, fmt.Sprintf("the vendor has not reported %s through %s, and what is missing is not zero", x.rule.Metric, x.interval.Through)
	case earned.Earned == 0:
		return v1alpha1.IncentiveNotEarned, fmt.Sprintf("nothing is earned in %s: %s", interval, earned.Words)
	case h.pending != "":
		return v1alpha1.IncentiveRequested, fmt.Sprintf("%s is earned: MDFAllocation %q waits, and says for what", money.Format(earned.Earned-h.granted, currency), h.pending)
	default:
		return v1alpha1.IncentiveEarned, fmt.Sprintf("%s is earned and not requested: request it by %s (kubectl jointplan reward)",
			money.Format(earned.Earned-h.granted, currency), j.requestBy(x))
	}
}

// unpaidWords says what of a reward that is granted is not paid, and whose turn it is.
func (j *judging) unpaidWords(x of, h holding) string {
	unpaid := money.Format(h.granted-h.paid, x.budget.Spec.Amount.Currency)
	if h.claimed >= h.granted-h.paid {
		return unpaid + " is claimed and not paid yet"
	}
	return fmt.Sprintf("%s is granted and not paid: claim it by %s (kubectl jointplan claim)", unpaid, reward.ClaimThrough(x.budget, j.program))
}

// requestBy returns the last day on which a reward can be requested.
func (j *judging) requestBy(x of) fiscal.Day {
	if by, err := fiscal.ParseDay(x.budget.Spec.RequestBy); err == nil {
		return by
	}
	return facts.PeriodOf(x.budget, j.program).Through
}

// openWords says what is missing for more in an interval that is not over.
func (j *judging) openWords(x of, earned *headroom.Reward) string {
	if earned.Missing == nil {
		return fmt.Sprintf("it can be requested from %s on", x.interval.Through.AddDays(1))
	}
	return fmt.Sprintf("%s more of %s by %s earns %s", headroom.Shown(earned.Missing), x.rule.Metric, x.interval.Through,
		money.Format(earned.Then, x.budget.Spec.Amount.Currency))
}

// aside are the rules that say where a reward is in its life, and not that something is missing.
var aside = []string{v1alpha1.ReasonNotRequested, v1alpha1.ReasonIntervalNotOver, v1alpha1.ReasonMissingResults}

// lock says what is missing without which nothing is granted, by the plan of the interval that lacks the least; empty when nothing is.
func (j *judging) lock(x of) string {
	plan, lacks := PlanFor(j.facts, j.plans, x.budget, x.rule.Name, x.interval, j.horizon)
	if plan == nil {
		return fmt.Sprintf("no plan has a day of %s: no plan, no reward", j.program.Calendar.Label(x.interval))
	}
	return lacks
}

// PlanFor returns the plan under which a reward can be requested for an interval: of those that have a day of it the first one that lacks nothing or, when
// all do, the one that lacks the least, and what comes first of that; nil when no plan has a day of the interval. It notes when that may differ.
func PlanFor(
	f *facts.Facts, plans []*v1alpha1.JointPlan, budget *v1alpha1.MDFBudget, name v1alpha1.Name, interval fiscal.Span, horizon *verdict.Horizon,
) (found *v1alpha1.JointPlan, missing string) {
	least := 0
	for _, plan := range plans {
		r := request.ForReward(f, plan, budget, name, interval)
		horizon.At(r.Next)
		if slices.ContainsFunc(r.Findings, func(f v1alpha1.Finding) bool { return f.Rule == v1alpha1.ReasonOutsidePeriod }) {
			continue // it is of another time
		}
		lacks := slices.DeleteFunc(slices.Clone(r.Findings), func(f v1alpha1.Finding) bool {
			return slices.Contains(aside, f.Rule) || !slices.ContainsFunc(request.RewardRules(), func(rule verdict.RuleText) bool { return rule.Reason == f.Rule })
		})
		if found == nil || len(lacks) < least {
			found, missing, least = plan, first(lacks), len(lacks)
		}
	}
	return found, missing
}

// first returns the message of the finding whose rule comes first.
func first(findings []v1alpha1.Finding) string {
	for _, rule := range request.RewardRules() {
		for _, f := range findings {
			if f.Rule == rule.Reason {
				return f.Message
			}
		}
	}
	return ""
}
