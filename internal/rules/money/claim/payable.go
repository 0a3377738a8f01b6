package claim

import (
	"fmt"
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/request"
)

// shareRate returns what the request pays per unit of net cost: units of the budget's currency per unit of the claim's; nil when it is not known.
func shareRate(r *request.Request) *big.Rat {
	percent, err := decimal.ParsePercent(r.Object.Spec.ReimbursementPercent)
	if err != nil || r.Currency == "" {
		return nil
	}
	share := percent.Mul(percent, big.NewRat(1, 100))
	if r.Object.Spec.Amount.Currency == r.Currency {
		return share
	}
	rate := r.ClaimRate()
	if rate == nil {
		return nil
	}
	return share.Mul(share, rate)
}

// shareOf returns the request's share of a net cost, in units of the claim's currency, in minor units of the budget's, rounded down once. A share
// that no amount can hold is the largest amount, which no grant has left.
func shareOf(r *request.Request, net *big.Rat) int64 {
	share := shareRate(r)
	if share == nil {
		return 0
	}
	amount, err := money.FromRat(share.Mul(share, net), r.Currency)
	if err != nil {
		if _, unknown := money.Digits(r.Currency); unknown != nil {
			return 0
		}
		return money.Max
	}
	return amount
}

// claimMinimum returns the least amount of a claim; false when there is none.
func claimMinimum(r *request.Request) (int64, bool) {
	if r.Budget == nil || r.Budget.Spec.Claims == nil {
		return 0, false
	}
	return policyAmount(r, r.Budget.Spec.Claims.Minimum)
}

// claimMaximum returns the most that is paid on one claim; false when there is none.
func claimMaximum(r *request.Request) (int64, bool) {
	if r.Budget == nil || r.Budget.Spec.Claims == nil {
		return 0, false
	}
	return policyAmount(r, r.Budget.Spec.Claims.Maximum)
}

// policyAmount reads an amount of the budget; false when it is absent or cannot be used, which the budget's own findings tell.
func policyAmount(r *request.Request, text v1alpha1.Decimal) (int64, bool) {
	if text == "" {
		return 0, false
	}
	amount, err := money.Parse(text, r.Budget.Spec.Amount.Currency)
	return amount, err == nil && amount >= 0 && r.Budget.Spec.Amount.Currency == r.Currency
}

// distribute says what is payable on each claim on a request, in the order in which they count.
//
// The share is rounded down cumulatively, so that it adds up to the share of all costs: each claim is due what its costs add to the share of
// those before it. What is payable is bounded by what was approved, by the most that one claim may get, and by what is left of the grant. What
// one claim does not get for that does not come back in the next. What is settled stays as it is. A reward has no costs: each claim is due what those
// before it leave of the grant.
func distribute(r *request.Request, claims []*Claim) {
	sum, before := new(big.Rat), int64(0)
	for _, view := range claims {
		if view.rank == rankDead || r.IsReward() {
			break
		}
		sum.Add(sum, view.input.eligible)
		after := shareOf(r, sum)
		view.due, before = max(after-before, 0), after
	}
	ahead := roundedAhead(claims)
	left, _ := r.Held()
	for _, view := range claims {
		if r.IsReward() { // it has no costs of which a share is due: what is left of it is
			ahead, view.due = 0, max(left, 0)
			if view.IsSettled {
				view.due = view.Settled
			}
		}
		switch {
		case view.rank == rankDead:
			view.due = 0
			continue
		case view.IsSettled:
			view.Payable = view.Settled
			view.OwnCost = max(view.due-view.Settled, 0)
			continue
		}
		taken := min(ahead, view.due)
		view.due, ahead = view.due-taken, ahead-taken
		view.Payable, view.bound = view.most(left)
		if r.IsReward() {
			view.due = view.Payable // the rest can be claimed by another one
		}
		view.OwnCost = view.due - view.Payable
		left -= view.Payable
		if view.rank != rankDraft {
			view.holds = view.Payable
		}
	}
}

// roundedAhead returns how many minor units settled claims got by rounding that in today's order are due to others: one at most for each. The
// order differs from that of the settlements when a decision is dated back or an earlier claim has lost its approval.
func roundedAhead(claims []*Claim) int64 {
	var ahead int64
	for _, view := range claims {
		if view.IsSettled && view.Settled > view.due {
			ahead++
		}
	}
	return ahead
}

// most returns the most that is payable on a claim of what is left of the grant, and what bounds it; nothing when its share is payable in full.
func (v *Claim) most(left int64) (amount int64, bound string) {
	r := v.input.request
	amount = v.due
	if v.rank == rankDecided && v.Approval.Complete && v.Approval.Amount >= 0 && v.Approval.Amount < amount {
		amount, bound = v.Approval.Amount, money.Format(v.Approval.Amount, r.Currency)+" was approved"
	}
	if most, set := claimMaximum(r); set && most < amount {
		amount, bound = most, fmt.Sprintf("budget %q pays at most %s on one claim", r.Object.Spec.BudgetRef.Name, money.Format(most, r.Currency))
	}
	if left = max(left, 0); left < amount {
		amount, bound = left, fmt.Sprintf("MDFAllocation %q has %s left that no claim before this one takes", r.Object.Name, money.Format(left, r.Currency))
	}
	return amount, bound
}
