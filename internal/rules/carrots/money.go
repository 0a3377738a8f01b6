package carrots

import (
	"fmt"
	"math/big"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// How many carrots of a kind are shown.
const (
	maxRates    = 2
	maxBudgets  = 3
	maxRequests = 6
	maxRewards  = 6
)

// rates are the shares of the cost that the vendor pays: those of the types of the plan's activities or, while it has none, of all that the tier is funded
// for, highest first. Where the partner's standing reduces them, the reduced one is open, and the full one is not.
func (v *view) rates() []v1alpha1.PlanUnlock {
	if v.over() {
		return nil
	}
	byRate := map[string][]v1alpha1.ActivityType{}
	var rates []*big.Rat
	for _, kind := range v.types() {
		rate := plan.RateOf(v.program, kind)
		if rate.Sign() <= 0 {
			continue
		}
		if byRate[rate.RatString()] == nil {
			rates = append(rates, rate)
		}
		byRate[rate.RatString()] = append(byRate[rate.RatString()], kind)
	}
	slices.SortFunc(rates, func(a, b *big.Rat) int { return b.Cmp(a) })
	var list []v1alpha1.PlanUnlock
	reduced := v.reduced()
	for _, rate := range rates[:min(len(rates), maxRates)] {
		what := "MDF for " + verdict.Some(byRate[rate.RatString()], maxNamed)
		full := v1alpha1.PlanUnlock{Kind: v1alpha1.UnlockRate, What: what, Percent: percent(rate)}
		if reduced == nil || !v.money.done() {
			list = append(list, put(full, v.money, v.plan.Span.Through))
			continue
		}
		now := full
		now.Percent = percent(decimal.PercentOf(reduced, rate))
		full.What = "MDF at the full rate for " + verdict.Some(byRate[rate.RatString()], maxNamed)
		list = append(list, put(now, step{}, v.plan.Span.Through))
		if cause := v.cause(v1alpha1.StepReducedRate); cause != nil {
			list = append(list, put(full, cure(cause), 0))
		}
	}
	return list
}

// reduced returns the percentage of the rates that the partner's standing leaves; nil when it leaves all.
func (v *view) reduced() *big.Rat {
	if v.stands.Status.Standing == nil || v.stands.Status.Standing.RatePercent == "" {
		return nil
	}
	share, err := decimal.ParsePercent(v.stands.Status.Standing.RatePercent)
	if err != nil {
		return nil
	}
	return share
}

func percent(r *big.Rat) v1alpha1.Percent { return v1alpha1.Percent(decimal.Short(r, 2)) }

// types returns the types of activity that the plan's rates are about, in order.
func (v *view) types() []v1alpha1.ActivityType {
	var list []v1alpha1.ActivityType
	for i := range v.plan.Terms.Activities {
		list = append(list, v.plan.Terms.Activities[i].Type)
	}
	if len(list) == 0 {
		for i := range v.program.Spec.Activities {
			list = append(list, v.program.Spec.Activities[i].Type)
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return slices.DeleteFunc(list, func(kind v1alpha1.ActivityType) bool {
		return v.tier != nil && len(v.tier.Activities) > 0 && !slices.Contains(v.tier.Activities, kind)
	})
}

// budgets are the budgets on which the partner may draw for activities of the plan, by name: up to its own limit, or what it has earned. What others leave
// of a budget is not the partner's to know.
func (v *view) budgets() []v1alpha1.PlanUnlock {
	if v.over() {
		return nil
	}
	var list []v1alpha1.PlanUnlock
	for _, x := range v.snapshot.Usable() {
		if x.Spec.ProgramRef.Name != v.program.Name || len(list) == maxBudgets || !v.funds(x) {
			continue
		}
		span := facts.PeriodOf(x, v.program).Intersect(v.plan.Span)
		if span.IsZero() {
			continue
		}
		last := span.Through
		if by, err := fiscal.ParseDay(x.Spec.RequestBy); err == nil {
			last = min(last, by)
		}
		v.horizon.At(v.program.Calendar.EndOf(last))
		if last < v.today {
			continue
		}
		unlock := v1alpha1.PlanUnlock{Kind: v1alpha1.UnlockMDF, What: "MDF from budget " + x.Name}
		if minor, why, ok := v.most(x); ok {
			if amount, err := money.Money(minor, x.Spec.Amount.Currency); err == nil {
				unlock.Amount, unlock.Currency = amount.Amount, amount.Currency
				unlock.What += ", up to " + why
			}
		}
		list = append(list, put(unlock, v.money, last))
	}
	return list
}

// funds reports whether a budget funds some type of activity that the plan is about: one that only pays rewards does not.
func (v *view) funds(x *v1alpha1.MDFBudget) bool {
	return slices.ContainsFunc(v.types(), func(kind v1alpha1.ActivityType) bool {
		return plan.RateOf(v.program, kind).Sign() > 0 && (len(x.Spec.Activities) == 0 || slices.Contains(x.Spec.Activities, kind))
	})
}

// most returns what the partner's own limits on a budget leave it for the plan at most, and why: the least of its limits per plan and partner, and of what
// it has earned; where there is none, the least of those per activity. It reports false where none of them says. Limits for some types of activity alone,
// and those that are a share of a metric, are left to the requests.
func (v *view) most(x *v1alpha1.MDFBudget) (minor int64, why string, ok bool) {
	least := func(per v1alpha1.LimitScope, of string) {
		for i := range x.Spec.Limits {
			l := &x.Spec.Limits[i]
			amount, err := money.Parse(l.Amount, x.Spec.Amount.Currency)
			tiers := l.Tiers == nil || slices.Contains(l.Tiers, v.stands.Status.EffectiveTier)
			if err == nil && l.Per == per && tiers && len(l.Activities) == 0 && (!ok || amount < minor) {
				minor, why, ok = amount, "the limit per "+of, true
			}
		}
	}
	least(v1alpha1.LimitPerPlan, "plan")
	least(v1alpha1.LimitPerPartner, "partner")
	earned, known := headroom.Of(facts.Of(v.snapshot, v.now), v1alpha1.Name(x.Name)).Left(x, v.partner, v.program, v.horizon)
	if known && (!ok || earned < minor) {
		minor, why, ok = earned, "what is earned", true
	}
	if !ok {
		least(v1alpha1.LimitPerActivity, "activity")
	}
	return minor, why, ok
}

// closed are the reasons for which a request cannot be granted any more.
var closed = []string{
	v1alpha1.ReasonLeadTimeMissed, v1alpha1.ReasonRequestDeadlineMissed, v1alpha1.ReasonClaimWindowClosed, v1alpha1.ReasonAfterTheFact, v1alpha1.ReasonAgreementEnded,
}

// requests are the requests for money under the plan, by name: those that are granted are open until they can be claimed no more.
func (v *view) requests() []v1alpha1.PlanUnlock {
	var list []v1alpha1.PlanUnlock
	f := facts.Of(v.snapshot, v.now)
	for _, x := range v.snapshot.Allocations() {
		if x.Spec.PlanRef.Name != v.plan.name() || x.Spec.Reward != nil || len(list) == maxRequests {
			continue
		}
		r, holding := request.Of(f, x), outcome.HoldingOf(v.snapshot, x, v.now)
		v.horizon.At(r.Next)
		v.horizon.At(holding.NextChange)
		if !r.ClaimThrough.IsZero() {
			v.horizon.At(v.program.Calendar.EndOf(r.ClaimThrough))
		}
		unlock := v1alpha1.PlanUnlock{Kind: v1alpha1.UnlockMDF, What: fmt.Sprintf("MDF for activity %s (%s)", x.Spec.Activity, x.Name)}
		minor, currency := holding.Granted, holding.Currency
		by := step{}
		if minor == 0 {
			minor, currency = r.Asked, r.Currency
			if by = v.asks(r); holding.Currency != "" || holding.Lost || by.done() || v.over() {
				continue // it was released, cannot be told, or is nothing that anybody can still open
			}
		}
		if amount, err := money.Money(minor, currency); err == nil && minor > 0 {
			unlock.Amount, unlock.Currency = amount.Amount, amount.Currency
		}
		if by.done() && !r.ClaimThrough.IsZero() && r.ClaimThrough < v.today {
			continue
		}
		list = append(list, put(unlock, by, r.ClaimThrough))
	}
	return list
}

// asks returns the step that gets a request granted; none when it is withdrawn, or nothing can.
func (v *view) asks(r *request.Request) step {
	name := r.Object.Name
	switch {
	case r.Withdrawn, !r.Object.DeletionTimestamp.IsZero(), slices.Contains(closed, r.Eligible.Reason):
		return step{}
	case !v.money.done():
		return v.money
	case !r.Submitted:
		return v.until(step{"make the request: set spec.requestedOn of " + name, r.RequestThrough})
	case r.Eligible.Status != metav1.ConditionTrue:
		return v.until(step{fmt.Sprintf("correct request %s: %s", name, r.Eligible.Reason), r.RequestThrough})
	case r.Approved.Status != metav1.ConditionTrue:
		var through fiscal.Day
		if due := r.DecisionDue; due != nil {
			through, _ = fiscal.ParseDay(due.Through) // a day that was computed
		}
		return v.until(step{fmt.Sprintf("approve request %s (the vendor)", name), through})
	default:
		return step{do: fmt.Sprintf("wait until the budget grants request %s", name)}
	}
}
