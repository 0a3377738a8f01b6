package carrots

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/benefit"
	"jointplan.dev/jointplan/internal/verdict"
)

// benefits are what the plan opens of the benefits of the tier, by name: what it is granted, what is aligned and not asked for, and what more would be
// aligned if its other goals served an initiative in force.
func (v *view) benefits() []v1alpha1.PlanUnlock {
	if v.over() {
		return nil
	}
	all := read(v.snapshot, v.partner, v.now)
	if all == nil {
		return nil
	}
	v.horizon.At(all.next)
	entries := all.ofPlan(v.plan.name())
	slices.SortFunc(entries, func(a, b *entry) int { return cmp.Compare(a.name, b.name) })
	var list []v1alpha1.PlanUnlock
	for _, e := range entries {
		list = append(list, v.benefit(all, e)...)
	}
	return list
}

// benefit is what the plan opens of one benefit.
func (v *view) benefit(all *benefits, e *entry) []v1alpha1.PlanUnlock {
	var list []v1alpha1.PlanUnlock
	row := func(quantity *big.Rat, more string, by step) {
		if quantity.Sign() <= 0 {
			return
		}
		what := more + string(e.name)
		if entry := all.program.Benefit(e.name); entry != nil && entry.Unit != "" {
			what += fmt.Sprintf(" (%s)", entry.Unit)
		}
		list = append(list, put(v1alpha1.PlanUnlock{Kind: v1alpha1.UnlockBenefit, What: what, Quantity: benefit.Shown(quantity)}, by, e.expires))
	}
	granted, rest := e.byPlan[v.plan.name()], new(big.Rat).Sub(e.aligned, e.granted)
	if v.plans.done() {
		row(granted, "", step{})
		row(rest, "further ", step{
			do: fmt.Sprintf("ask for %s in spec.benefitRequests, and have the amendment approved", e.name), through: v.plan.Span.Through,
		})
	} else {
		row(rest, "", v.plans)
	}
	if unaligned := v.unaligned(); len(unaligned) > 0 {
		row(new(big.Rat).Sub(e.entitled, e.aligned), "more ", step{
			do: fmt.Sprintf("let %s serve an initiative in force", verdict.Some(unaligned, maxNamed)), through: v.plan.Span.Through,
		})
	}
	return list
}

// unaligned returns the goals that serve no initiative in force, or not wholly.
func (v *view) unaligned() []string {
	var names []string
	for i := range v.plan.Terms.Goals {
		goal := &v.plan.Terms.Goals[i]
		if benefit.Serves(v.program, goal, v.plan.Span).Cmp(big.NewRat(1, 1)) < 0 {
			names = append(names, "goal "+string(goal.Name))
		}
	}
	slices.Sort(names)
	return names
}
