package budget

import (
	"fmt"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/rules/money/reward"
)

// RuleBudgetRewardInvalid: a reward of the budget cannot be used as written, and nothing is granted for it. Remedy: correct the field named.
const RuleBudgetRewardInvalid = "BudgetRewardInvalid"

// checkRewards checks the rewards.
func (c *checking) checkRewards() {
	if c.spec.Accrual != nil && len(c.spec.Rewards) > 0 {
		c.Errorf(RuleBudgetRewardInvalid, "spec.rewards", "rewards are granted only as far as the accrual of the budget goes too: give them a budget of their own")
	}
	for i := range c.spec.Rewards {
		c.checkReward(&c.spec.Rewards[i])
	}
}

// checkReward checks a reward.
func (c *checking) checkReward(rule *v1alpha1.RewardRule) {
	field := fmt.Sprintf("spec.rewards[%s]", rule.Name)
	const otherwise = "nothing is granted for this reward"
	if reward.Unit(rule) == 0 {
		c.Errorf(RuleBudgetRewardInvalid, field+".every", "%s until this is corrected: %s must be Month, Quarter, Half or Year", otherwise,
			decimal.Quote(string(rule.Every)))
	}
	if rule.Goal != "" && rule.Goal != v1alpha1.RewardGoalRequired && rule.Goal != v1alpha1.RewardGoalOptional {
		c.Errorf(RuleBudgetRewardInvalid, field+".goal", "a goal is required until this is corrected: %s must be Required or Optional",
			decimal.Quote(string(rule.Goal)))
	}
	c.checkTiers(field+".tiers", "nobody of this tier earns it", rule.Tiers)
	c.optional(field+".maximum", rule.Maximum)
	switch {
	case (rule.Percent == "") == (len(rule.Steps) == 0):
		c.Errorf(RuleBudgetRewardInvalid, field, "%s until this is corrected: give exactly one of percent and steps", otherwise)
	case rule.Percent != "":
		if _, err := decimal.ParsePercent(rule.Percent); err != nil {
			c.Errorf(RuleBudgetRewardInvalid, field+".percent", "%s until this is corrected: %s", otherwise, err)
		}
		c.checkMetric(field+".metric", func(prog *program.Program) error {
			return headroom.UsableMetric(prog, rule.Metric, c.spec.Amount.Currency)
		}, otherwise)
	default:
		c.checkSteps(field+".steps", rule.Steps)
		c.checkMetric(field+".metric", func(prog *program.Program) error { return headroom.CountableMetric(prog, rule.Metric) }, otherwise)
	}
}
