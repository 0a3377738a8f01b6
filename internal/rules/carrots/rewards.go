package carrots

import (
	"fmt"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/money/incentive"
)

// rewards are the rewards that can be earned under the plan, in the interval that is running and in the last one: what more results open, and what is earned
// and can be requested or claimed. What is paid, and what was not earned, opens nothing any more.
func (v *view) rewards() []v1alpha1.PlanUnlock {
	all, next := incentive.OfPlan(v.snapshot, v.plan.object, v.now)
	v.horizon.At(next)
	var list []v1alpha1.PlanUnlock
	for i := range all {
		x := &all[i]
		by, last, opens := v.rewardStep(x)
		if !opens || len(list) == maxRewards {
			continue
		}
		unlock := v1alpha1.PlanUnlock{Kind: v1alpha1.UnlockReward, What: fmt.Sprintf("reward %s of %s from budget %s", x.Reward, x.Interval, x.Budget)}
		if unlock.Amount = x.Earned; x.ToNext != nil {
			unlock.Amount = x.ToNext.Earns
		}
		if unlock.Amount != "" {
			unlock.Currency = x.Currency
		}
		list = append(list, put(unlock, by, last))
	}
	return list
}

// rewardStep returns the step that opens a reward or more of it, and the last day on which results count for one that is open. It reports false for one
// that opens nothing any more.
func (v *view) rewardStep(x *v1alpha1.IncentiveStatus) (by step, last fiscal.Day, opens bool) {
	through, err := fiscal.ParseDay(x.Through)
	if err != nil {
		return step{}, 0, false
	}
	switch x.State {
	case v1alpha1.IncentiveOpen, v1alpha1.IncentiveLocked:
		switch {
		case !v.money.done():
			return v.money, 0, true
		case x.State == v1alpha1.IncentiveLocked:
			return step{do: x.Why}, 0, true
		case x.ToNext != nil:
			return step{do: fmt.Sprintf("reach %s more of %s", x.ToNext.Missing, x.Metric), through: through}, 0, true
		}
		return step{}, through, true
	case v1alpha1.IncentiveAwaitingResults:
		return step{do: fmt.Sprintf("report %s through %s (the vendor)", x.Metric, through)}, 0, true
	case v1alpha1.IncentiveEarned, v1alpha1.IncentiveRequested, v1alpha1.IncentiveGranted:
		return step{}, 0, true
	default:
		return step{}, 0, false
	}
}
