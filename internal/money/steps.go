package money

import (
	"math/big"

	"jointplan.dev/jointplan/internal/decimal"
)

// Step is a step of a table of percentages: its percentage begins above a value. Who has exactly that much has not reached it.
type Step struct {
	// Above is the value above which the step begins, at least zero.
	Above *big.Rat
	// Percent is its percentage.
	Percent *big.Rat
}

// Marginal returns what steps, in rising order, come to when each percentage is of the part of a value in its own band: at 2 percent above 0, 3 above
// 100,000 and 4 above 250,000 that is 8,500 of 300,000. Up to the lowest step it is nothing. A value below zero, as after returns, is in the band above
// zero. The result is exact.
func Marginal(steps []Step, value *big.Rat) *big.Rat {
	if value.Sign() < 0 {
		return of(fromZero(steps), value)
	}
	sum := new(big.Rat)
	for i, step := range steps {
		if value.Cmp(step.Above) <= 0 {
			break
		}
		top := value
		if i+1 < len(steps) && steps[i+1].Above.Cmp(value) < 0 {
			top = steps[i+1].Above
		}
		sum.Add(sum, decimal.PercentOf(step.Percent, new(big.Rat).Sub(top, step.Above)))
	}
	return sum
}

// Retroactive returns what steps, in rising order, come to when the percentage of the highest one that is reached is of all of a value: at 2 percent
// above 0, 3 above 100,000 and 4 above 250,000 that is 12,000 of 300,000. Up to the lowest step it is nothing, and a value below zero is as in Marginal.
// The result is exact.
func Retroactive(steps []Step, value *big.Rat) *big.Rat {
	if value.Sign() < 0 {
		return of(fromZero(steps), value)
	}
	return of(Reached(steps, value), value)
}

// Reached returns the highest step that a value is above; nil when it is above none.
func Reached(steps []Step, value *big.Rat) *Step {
	var reached *Step
	for i := range steps {
		if value.Cmp(steps[i].Above) > 0 {
			reached = &steps[i]
		}
	}
	return reached
}

// fromZero returns the step that begins above zero; nil when there is none.
func fromZero(steps []Step) *Step {
	if len(steps) == 0 || steps[0].Above.Sign() > 0 {
		return nil
	}
	return &steps[0]
}

// of returns the percentage of a step of a value; nothing of no step.
func of(step *Step, value *big.Rat) *big.Rat {
	if step == nil {
		return new(big.Rat)
	}
	return decimal.PercentOf(step.Percent, value)
}
