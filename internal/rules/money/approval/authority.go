package approval

import (
	"cmp"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/money"
)

// Rule is a rule of authority of a budget.
type Rule struct {
	*v1alpha1.AuthorityRule

	// From is the first day on which it is in force; absent when it states none that can be read.
	From fiscal.Day
}

// Authority returns the rules of authority of a budget by the day from which they are in force; none when the budget is nil.
func Authority(budget *v1alpha1.MDFBudget) []Rule {
	if budget == nil {
		return nil
	}
	rules := make([]Rule, 0, len(budget.Spec.Authority))
	for i := range budget.Spec.Authority {
		rule := &budget.Spec.Authority[i]
		from, _ := fiscal.ParseDay(rule.EffectiveFrom) // an absent day is before all others
		rules = append(rules, Rule{AuthorityRule: rule, From: from})
	}
	slices.SortStableFunc(rules, func(a, b Rule) int { return cmp.Compare(a.From, b.From) })
	return rules
}

// InForce returns those of a budget's rules of authority that bind a request made on one day and decided on another: all that were in force on any day
// from the one to the other, or on the first alone if it was decided ahead. On the day from which a rule is in force, the one before it still is. So no
// rule that came between makes a decision easier. A rule without a day that can be read is always in force.
func InForce(budget *v1alpha1.MDFBudget, made, decided fiscal.Day) []Rule {
	first, last := made, max(made, decided)
	if made.IsZero() {
		first = decided
	}
	rules := Authority(budget)
	var inForce []Rule
	for i, rule := range rules {
		ended := i+1 < len(rules) && rules[i+1].From < first && !rule.From.IsZero()
		if rule.From <= last && !ended {
			inForce = append(inForce, rule)
		}
	}
	return inForce
}

// Fast says whether a request of an amount, in minor units of the budget's currency, made on one day and decided on another, is in the budget's fast lane, and
// which proofs a claim on it must bring: it is by every rule of authority that binds it, and brings what any of them asks for. No amount is in it whose
// level more than one person must approve.
func Fast(budget *v1alpha1.MDFBudget, minor int64, made, decided fiscal.Day) (proofs []v1alpha1.ProofType, fast bool) {
	rules := InForce(budget, made, decided)
	if minor <= 0 || len(rules) == 0 || Approvers(budget, minor, made, decided) > 1 {
		return nil, false
	}
	for _, rule := range rules {
		if rule.FastLane == nil || rule.From.IsZero() {
			return nil, false
		}
		most, err := money.Parse(rule.FastLane.UpTo, budget.Spec.Amount.Currency)
		if err != nil || minor > most {
			return nil, false
		}
		proofs = append(proofs, rule.FastLane.Proofs...)
	}
	slices.Sort(proofs)
	return slices.Compact(proofs), true
}

// Approvers returns how many people must approve an amount, in minor units of the budget's currency, of a request made on one day and decided on
// another, by the budget's rules of authority; one when the budget is nil. A level whose amount cannot be read is taken for exceeded, and a rule
// whose day cannot be read asks for as many people as a rule can.
func Approvers(budget *v1alpha1.MDFBudget, minor int64, made, decided fiscal.Day) int {
	needed := 1
	for _, rule := range InForce(budget, made, decided) {
		if rule.From.IsZero() {
			return v1alpha1.MostApprovers
		}
		for _, level := range rule.Levels {
			above, err := money.Parse(level.Above, budget.Spec.Amount.Currency)
			if err != nil || minor > above {
				needed = max(needed, int(level.Approvers))
			}
		}
	}
	return needed
}
