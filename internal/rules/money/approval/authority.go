package approval

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
)

// Approvers returns how many people must approve an amount, in minor units of the budget's currency, by the budget's limits of authority; one when
// the budget is nil. A limit whose amount cannot be read is taken for exceeded.
func Approvers(budget *v1alpha1.MDFBudget, minor int64) int {
	needed := 1
	if budget == nil {
		return needed
	}
	for _, limit := range budget.Spec.Authority {
		above, err := money.Parse(limit.Above, budget.Spec.Amount.Currency)
		if err != nil || minor > above {
			needed = max(needed, int(limit.Approvers))
		}
	}
	return needed
}
