package headroom

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/money/reward"
	"jointplan.dev/jointplan/internal/verdict"
)

// Reward is what a partner earns of a reward in one interval by what is measured now. Amounts are minor units of the budget's currency.
type Reward struct {
	reward.Measured

	// Earned is what is earned; zero while nothing is measured.
	Earned int64
	// Missing is what more has to be measured for the next step; nil when there is none. Then is what is earned there in all.
	Missing *big.Rat
	Then    int64
	// Words say of what it is earned, such as "by the step that EUR 120,000.00 new-revenue reach, measured through 2026-09-30 by crm".
	Words string
}

// rewardOf is the key of what a partner earns of a reward.
type rewardOf struct {
	partner, budget, reward string
	interval                fiscal.Span
}

// earnedReward is a Reward, or why it cannot be computed.
type earnedReward struct {
	Reward

	problem error
}

// RewardOf returns what a partner earns of a reward of a budget in an interval by what is measured now; an error says why that cannot be computed.
func RewardOf(
	f *facts.Facts, prog *program.Program, partner *v1alpha1.Partner, budget *v1alpha1.MDFBudget, rule *v1alpha1.RewardRule, interval fiscal.Span,
) (Reward, error) {
	found := facts.Once(f, rewardOf{partner.Name, budget.Name, string(rule.Name), interval}, func() earnedReward {
		tariff, accrual, err := rewardTariff(prog, budget, rule)
		if err != nil {
			return earnedReward{problem: err}
		}
		earned := Reward{Measured: reward.Measure(f, prog, partner, rule, interval)}
		value := earned.Value
		if value != nil {
			earned.Earned = max(tariff.earned(value), 0)
			lot := Lot{Measured: earned.Reading, Earned: earned.Earned}
			earned.Words = fmt.Sprintf("%s, measured through %s", tariffWords(&lot, prog, accrual, budget.Spec.Amount.Currency), earned.Through())
		} else {
			value = new(big.Rat)
		}
		for _, next := range tariff.steps {
			if then := tariff.earned(next.atLeast); next.atLeast.Cmp(value) > 0 && then > earned.Earned {
				earned.Missing, earned.Then = new(big.Rat).Sub(next.atLeast, value), then
				break
			}
		}
		return earnedReward{Reward: earned}
	})
	return found.Reward, found.problem
}

// rewardTariff reads how a reward is earned: as an accrual is, of which it has the fields.
func rewardTariff(prog *program.Program, budget *v1alpha1.MDFBudget, rule *v1alpha1.RewardRule) (*tariff, *v1alpha1.Accrual, error) {
	as := *budget
	as.Spec.Accrual = &v1alpha1.Accrual{
		Metric: rule.Metric, Percent: rule.Percent, Steps: rule.Steps, Every: rule.Every, Spend: v1alpha1.SpendNextPeriod, Maximum: rule.Maximum,
	}
	t, err := newTariff(prog, &as)
	if err != nil {
		return nil, nil, errors.New(strings.ReplaceAll(err.Error(), "spec.accrual", fmt.Sprintf("spec.rewards[%s]", rule.Name)))
	}
	return t, as.Spec.Accrual, nil
}

// rewarded is what a ledger holds for a request for a reward.
type rewarded struct {
	key    string // of the reward
	amount int64
}

// notedRewards returns what a ledger holds for rewards in the namespace, by the keys of requests. It goes by what the ledger notes of its grants alone:
// whatever became of a request or its plan, an interval is not rewarded twice.
func notedRewards(f *facts.Facts, ledger *v1alpha1.MDFLedgerSpec) map[string]rewarded {
	noted := map[string]rewarded{}
	for request, key := range ledger.Rewards {
		if facts.NamespaceOf(request) == f.Snapshot.Namespace {
			noted[request] = rewarded{key, ledger.Reserved[request]}
		}
	}
	if len(noted) == 0 {
		return noted
	}
	for claim, amount := range ledger.Settled {
		if of, ok := noted[facts.RequestOf(claim)]; ok {
			of.amount = min(of.amount+amount, money.Max)
			noted[facts.RequestOf(claim)] = of
		}
	}
	return noted
}

// rewarded returns what is granted of a reward, by the key that the ledger notes of it, beside what is held for the request of a key of its own.
func (x *Rooms) rewarded(key, own string) int64 {
	var sum int64
	for request, of := range x.noted {
		if of.key == key && request != own {
			sum = min(sum+of.amount, money.Max)
		}
	}
	return sum
}

// roomRewarded returns what of a reward is earned and not granted. What is not complete, or not over, has earned nothing yet.
func (x *Rooms) roomRewarded(r *request.Request, say bool, horizon *verdict.Horizon) Room {
	room := Room{Reason: v1alpha1.ReasonRewardNotEarned, Name: string(r.Object.Spec.Reward.Name)}
	if r.Reward == nil || r.Interval.IsZero() || r.Program.Today(x.facts.Now) <= r.Interval.Through {
		room.Message = "nothing is earned yet" // the request is not eligible, which says why
		return room
	}
	earned, err := RewardOf(x.facts, r.Program, r.Partner, r.Budget, r.Reward, r.Interval)
	if err != nil {
		room.Message = fmt.Sprintf("what reward %s of budget %s comes to cannot be computed, so nothing is granted until finance corrects it: %s",
			r.Reward.Name, r.Budget.Name, err)
		return room
	}
	horizon.At(earned.Next)
	granted := x.rewarded(r.RewardKey(), r.Key)
	if earned.Complete {
		room.Amount = max(earned.Earned-granted, 0)
	}
	if say {
		room.Message = rewardWords(r, &earned, granted, room.Amount)
	}
	return room
}

// rewardWords says what is earned of a reward, and what is left of it.
func rewardWords(r *request.Request, earned *Reward, granted, left int64) string {
	currency := r.Budget.Spec.Amount.Currency
	text := fmt.Sprintf("partner %s has earned %s of reward %s in %s", r.Partner.Name, money.Format(earned.Earned, currency), r.Reward.Name,
		r.Program.Calendar.Label(r.Interval))
	if earned.Words != "" {
		text += " (" + earned.Words + ")"
	}
	if granted > 0 {
		text += fmt.Sprintf(", of which %s is granted to other requests", money.Format(granted, currency))
	}
	if left == 0 {
		return text + ": nothing is left to request, so withdraw this one (spec.withdrawnOn)"
	}
	return fmt.Sprintf("%s: request at most %s", text, money.Format(left, currency))
}

// RewardShort says that more of a reward was granted to the partner of a request than it has earned by what is measured now, because results were
// corrected; empty when it was not, and when it cannot be computed. What was granted stays.
func (x *Rooms) RewardShort(r *request.Request, horizon *verdict.Horizon) string {
	if r.Reward == nil || r.Budget == nil || r.Partner == nil || r.Program == nil || r.Interval.IsZero() {
		return ""
	}
	earned, err := RewardOf(x.facts, r.Program, r.Partner, r.Budget, r.Reward, r.Interval)
	if err != nil {
		return "" // the budget's own findings say why
	}
	x.mutex.Lock()
	defer x.mutex.Unlock()
	horizon.At(earned.Next)
	granted := x.rewarded(r.RewardKey(), "")
	if granted <= earned.Earned {
		return ""
	}
	currency := r.Budget.Spec.Amount.Currency
	return fmt.Sprintf("%s of reward %s is granted to partner %s for %s, and %s of it is earned by what is measured now: what was granted stays, and %s is no longer "+
		"earned", money.Format(granted, currency), r.Reward.Name, r.Partner.Name, r.Program.Calendar.Label(r.Interval), money.Format(earned.Earned, currency),
		money.Format(granted-earned.Earned, currency))
}

// EarnedReward says what the money of a request for a reward rests on: what is earned, by which results of whom, and what of it is granted to others; empty
// for a request of another kind, and while nothing is earned.
func (x *Rooms) EarnedReward(r *request.Request) (string, error) {
	if r.Reward == nil || r.Budget == nil || r.Partner == nil || r.Program == nil || r.Interval.IsZero() {
		return "", nil
	}
	earned, err := RewardOf(x.facts, r.Program, r.Partner, r.Budget, r.Reward, r.Interval)
	if err != nil {
		return "", err
	}
	x.mutex.Lock()
	defer x.mutex.Unlock()
	granted := x.rewarded(r.RewardKey(), r.Key)
	text, _, _ := strings.Cut(rewardWords(r, &earned, granted, max(earned.Earned-granted, 1)), ": request at most")
	return text, nil
}

// Shown writes a measured value of a metric, or what is missing of one, as a plain number.
func Shown(value *big.Rat) v1alpha1.Decimal {
	if value == nil {
		return ""
	}
	return v1alpha1.Decimal(decimal.Short(value, decimal.MaxFractionDigits))
}
