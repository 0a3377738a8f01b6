package attainment

import (
	"errors"
	"fmt"
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
)

var hundred = big.NewRat(100, 1)

// ErrBaselineMissing is wrapped by the error about a relative target without a baseline.
var ErrBaselineMissing = errors.New("the target is relative and the goal has no baseline: add baseline, or use mode Absolute")

// Target returns the absolute target of a goal in the metric's unit: of a relative one its baseline changed by the value. It fails when there is no
// target, a number cannot be read, or a relative target has no baseline. It does not look at the metric.
func Target(goal *v1alpha1.Goal) (*big.Rat, error) {
	if goal.Target == nil {
		return nil, errors.New("the goal has no target: add target, or say in deliverable what is to be done")
	}
	value, err := decimal.Parse(goal.Target.Value)
	if err != nil {
		return nil, fmt.Errorf("value %w", err)
	}
	if goal.Target.Mode == v1alpha1.TargetAbsolute {
		return value, nil
	}
	if goal.Baseline == "" {
		return nil, ErrBaselineMissing
	}
	baseline, err := decimal.Parse(goal.Baseline)
	if err != nil {
		return nil, fmt.Errorf("baseline %w", err)
	}
	return relative(goal.Target.Mode, baseline, value)
}

// relative returns the baseline changed by a value.
func relative(mode v1alpha1.TargetMode, baseline, value *big.Rat) (*big.Rat, error) {
	switch mode {
	case v1alpha1.TargetIncreaseBy:
		return new(big.Rat).Add(baseline, value), nil
	case v1alpha1.TargetDecreaseBy:
		return new(big.Rat).Sub(baseline, value), nil
	case v1alpha1.TargetIncreaseByPercent:
		return new(big.Rat).Add(baseline, decimal.PercentOf(value, baseline)), nil
	case v1alpha1.TargetDecreaseByPercent:
		return new(big.Rat).Sub(baseline, decimal.PercentOf(value, baseline)), nil
	case v1alpha1.TargetAbsolute:
		return value, nil
	default:
		return nil, fmt.Errorf("mode %s must be Absolute, IncreaseBy, IncreaseByPercent, DecreaseBy or DecreaseByPercent", decimal.Quote(string(mode)))
	}
}

// ratio returns a / b in percent; nil when b is zero.
func ratio(a, b *big.Rat) *big.Rat {
	if b.Sign() == 0 {
		return nil
	}
	r := new(big.Rat).Quo(a, b)
	return r.Mul(r, hundred)
}
