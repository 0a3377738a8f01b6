package budget

import (
	"fmt"

	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
)

// checkShared checks the activities that partners share.
func (c *checking) checkShared() {
	const otherwise = "nothing is granted for it until this is corrected"
	for i := range c.spec.SharedActivities {
		shared := &c.spec.SharedActivities[i]
		field := fmt.Sprintf("spec.sharedActivities[%s]", shared.Name)
		amount, ok := c.amount(field+".amount", shared.Amount)
		switch {
		case ok && amount == 0:
			c.Errorf(RuleBudgetSharedInvalid, field+".amount", "%s: the amount must be above zero", otherwise)
		case ok && c.sound && amount > c.total:
			c.Warningf(RuleBudgetSharedInvalid, field+".amount", "%s is above the budget's amount, %s: it cannot be granted in full; lower it",
				money.Format(amount, c.spec.Amount.Currency), money.Format(c.total, c.spec.Amount.Currency))
		}
		if len(shared.Partners) < 2 {
			c.Errorf(RuleBudgetSharedInvalid, field+".partners", "an activity is shared by two partners at least: add the others, or remove it")
		}
		if _, err := headroom.SharesOf(shared, amount); err != nil {
			c.Errorf(RuleBudgetSharedInvalid, field+".partners", "%s: %s", otherwise, err)
		}
	}
}
