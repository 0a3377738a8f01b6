package partner

import (
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/verdict"
)

// What a status names is bounded.
const (
	maxBudgets = 6
	maxLimits  = 4 // of a budget
	maxTypes   = 2 // of activity, in the words of a limit

	maxLimitText = 200
)

// budgets returns the budgets on which the partner may draw for activities of today or later, by name, each with the limits for its tier. What a budget
// holds and what others asked for is left out: that is not the partner's to know.
func (s *moment) budgets(tier v1alpha1.Name) []v1alpha1.PartnerBudget {
	var list []v1alpha1.PartnerBudget
	for _, x := range s.snapshot.Usable() {
		if x.Spec.ProgramRef.Name != s.program.Name || len(list) == maxBudgets {
			continue
		}
		span, err := s.program.Calendar.Period(x.Spec.Period)
		if err != nil || span.Through < s.today {
			continue // a period that cannot be read is a finding of the budget
		}
		s.ends(span.Through)
		budget := v1alpha1.PartnerBudget{
			Name: v1alpha1.Name(x.Name), Period: s.program.Calendar.Label(span), RequestBy: x.Spec.RequestBy, Activities: x.Spec.Activities,
		}
		for i := range x.Spec.Limits {
			if l := &x.Spec.Limits[i]; (l.Tiers == nil || slices.Contains(l.Tiers, tier)) && len(budget.Limits) < maxLimits {
				budget.Limits = append(budget.Limits, printable.Clip(limitWords(l, x.Spec.Amount.Currency), maxLimitText))
			}
		}
		list = append(list, budget)
	}
	return list
}

// limitWords says what a limit allows, such as "per-activity: EUR 8,000.00 per activity".
func limitWords(l *v1alpha1.FundingLimit, code v1alpha1.CurrencyCode) string {
	per := map[v1alpha1.LimitScope]string{
		v1alpha1.LimitPerRequest: "request", v1alpha1.LimitPerActivity: "activity of a plan", v1alpha1.LimitPerPlan: "plan", v1alpha1.LimitPerPartner: "partner",
	}[l.Per]
	most := fmt.Sprintf("%s percent of %s", l.Percent, l.Metric)
	if l.Amount != "" {
		most = fmt.Sprintf("%s %s", code, l.Amount)
		if minor, err := money.Parse(l.Amount, code); err == nil {
			most = money.Format(minor, code)
		}
	}
	text := fmt.Sprintf("%s: at most %s per %s", l.Name, most, per)
	if len(l.Activities) > 0 {
		text += ", for " + verdict.Some(l.Activities, maxTypes)
	}
	return text
}
