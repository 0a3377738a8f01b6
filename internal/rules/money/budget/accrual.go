package budget

import (
	"fmt"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
)

// checkAccrual checks how money is earned.
func (c *checking) checkAccrual(accrual *v1alpha1.Accrual) {
	const field, otherwise = "spec.accrual", "nothing is earned and nothing granted"
	c.checkInterval(accrual, field, otherwise)
	if accrual.Spend != v1alpha1.SpendSamePeriod && accrual.Spend != v1alpha1.SpendNextPeriod {
		c.Errorf(RuleBudgetAccrualInvalid, field+".spend", "%s until this is corrected: %s must be SamePeriod or NextPeriod",
			otherwise, decimal.Quote(string(accrual.Spend)))
	}
	c.optional(field+".maximum", accrual.Maximum)
	switch {
	case headroom.Schemes(accrual) != 1:
		c.Errorf(RuleBudgetAccrualInvalid, field, "%s until this is corrected: give exactly one of percent, steps and percentSteps", otherwise)
		return
	case len(accrual.Steps) > 0:
		c.checkSteps(field+".steps", accrual.Steps)
		c.checkMetric(field+".metric", func(prog *program.Program) error { return headroom.CountableMetric(prog, accrual.Metric) }, otherwise)
		return
	case len(accrual.PercentSteps) > 0:
		c.checkPercentSteps(field, accrual)
	default:
		if _, err := decimal.ParsePercent(accrual.Percent); err != nil {
			c.Errorf(RuleBudgetAccrualInvalid, field+".percent", "%s until this is corrected: %s", otherwise, err)
		}
	}
	c.checkMetric(field+".metric", func(prog *program.Program) error {
		return headroom.UsableMetric(prog, accrual.Metric, c.spec.Amount.Currency)
	}, otherwise)
}

// checkSteps checks a table of steps: who reaches a higher threshold earns no less.
func (c *checking) checkSteps(field string, steps []v1alpha1.AccrualStep) {
	type step struct {
		atLeast *big.Rat
		amount  int64
	}
	var sound []step
	for i := range steps {
		at := fmt.Sprintf("%s[%s]", field, steps[i].AtLeast)
		atLeast, err := decimal.Parse(steps[i].AtLeast)
		if err != nil {
			c.Errorf(RuleBudgetAccrualInvalid, at+".atLeast", "nothing is earned and nothing granted until this is corrected: %s", err)
		}
		amount, ok := c.amount(at+".amount", steps[i].Amount)
		if err == nil && ok {
			sound = append(sound, step{atLeast, amount})
		}
	}
	slices.SortStableFunc(sound, func(a, b step) int { return a.atLeast.Cmp(b.atLeast) })
	for i := 1; i < len(sound); i++ {
		low, high := sound[i-1], sound[i]
		const digits = decimal.MaxFractionDigits
		switch {
		case low.atLeast.Cmp(high.atLeast) == 0:
			c.Errorf(RuleBudgetAccrualInvalid, field, "two steps have the threshold %s: remove one of them", decimal.FormatShort(high.atLeast, digits))
		case low.amount >= high.amount:
			c.Warningf(RuleBudgetAccrualInvalid, field, "the step from %s pays %s, no more than the %s of the step from %s: raise the one, or lower the other",
				decimal.FormatShort(high.atLeast, digits), money.Format(high.amount, c.spec.Amount.Currency),
				money.Format(low.amount, c.spec.Amount.Currency), decimal.FormatShort(low.atLeast, digits))
		}
	}
}

// checkInterval checks in which intervals money is earned.
func (c *checking) checkInterval(accrual *v1alpha1.Accrual, field, otherwise string) {
	switch {
	case (accrual.Every == "") == (accrual.FromEvent == nil):
		c.Errorf(RuleBudgetAccrualInvalid, field, "%s until this is corrected: give exactly one of every and fromEvent", otherwise)
	case accrual.FromEvent == nil && headroom.Interval(accrual.Every) == 0:
		c.Errorf(RuleBudgetAccrualInvalid, field+".every", "%s until this is corrected: %s must be Month, Quarter, Half or Year",
			otherwise, decimal.Quote(string(accrual.Every)))
	case accrual.FromEvent != nil && c.program != nil:
		if err := headroom.UsableInterval(c.program, accrual.FromEvent); err != nil {
			c.Errorf(RuleBudgetAccrualInvalid, field+".fromEvent", "%s until this is corrected: fromEvent%s", otherwise, err)
		}
	}
}

// checkPercentSteps checks a table of percentages: who reaches a higher threshold earns no less on it.
func (c *checking) checkPercentSteps(field string, accrual *v1alpha1.Accrual) {
	const otherwise = "nothing is earned and nothing granted"
	if accrual.StepsApply != v1alpha1.StepsMarginal && accrual.StepsApply != v1alpha1.StepsRetroactive {
		c.Errorf(RuleBudgetAccrualInvalid, field+".stepsApply", "%s until this is corrected: %s must be Marginal or Retroactive",
			otherwise, decimal.Quote(string(accrual.StepsApply)))
	}
	var sound []money.Step
	for i := range accrual.PercentSteps {
		at := fmt.Sprintf("%s.percentSteps[%s]", field, accrual.PercentSteps[i].Above)
		above, err := decimal.Parse(accrual.PercentSteps[i].Above)
		switch {
		case err != nil:
			c.Errorf(RuleBudgetAccrualInvalid, at+".above", "%s until this is corrected: %s", otherwise, err)
		case above.Sign() < 0:
			c.Errorf(RuleBudgetAccrualInvalid, at+".above", "%s until this is corrected: it must not be negative", otherwise)
		}
		percent, wrong := decimal.ParsePercent(accrual.PercentSteps[i].Percent)
		if wrong != nil {
			c.Errorf(RuleBudgetAccrualInvalid, at+".percent", "%s until this is corrected: %s", otherwise, wrong)
		}
		if err == nil && wrong == nil {
			sound = append(sound, money.Step{Above: above, Percent: percent})
		}
	}
	slices.SortStableFunc(sound, func(a, b money.Step) int { return a.Above.Cmp(b.Above) })
	for i := 1; i < len(sound); i++ {
		low, high := sound[i-1], sound[i]
		const digits = decimal.MaxFractionDigits
		switch {
		case low.Above.Cmp(high.Above) == 0:
			c.Errorf(RuleBudgetAccrualInvalid, field+".percentSteps", "two steps begin above %s: remove one of them", decimal.FormatShort(high.Above, digits))
		case low.Percent.Cmp(high.Percent) >= 0:
			c.Warningf(RuleBudgetAccrualInvalid, field+".percentSteps", "the step above %s pays %s %%, no more than the %s %% of the step above %s: raise the one, or lower "+
				"the other", decimal.FormatShort(high.Above, digits), decimal.FormatShort(high.Percent, digits), decimal.FormatShort(low.Percent, digits),
				decimal.FormatShort(low.Above, digits))
		}
	}
}
