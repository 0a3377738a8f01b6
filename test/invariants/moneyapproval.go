package invariants

import (
	"cmp"
	"maps"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// unlimited stands for an amount that is not known here, such as of a request in a currency other than the budget's.
const unlimited = math.MaxInt64 / 4

// InOrder returns decisions in the order in which they were taken, without those that are not taken by an instant; a zero one keeps all.
func InOrder(decisions []*v1alpha1.ApprovalDecision, now time.Time) []*v1alpha1.ApprovalDecision {
	taken := slices.DeleteFunc(slices.Clone(decisions), func(d *v1alpha1.ApprovalDecision) bool {
		return !now.IsZero() && d.Spec.DecidedTime.After(now)
	})
	slices.SortFunc(taken, func(a, b *v1alpha1.ApprovalDecision) int {
		return cmp.Or(a.Spec.DecidedTime.Compare(b.Spec.DecidedTime.Time), cmp.Compare(a.Name, b.Name))
	})
	return taken
}

// Approval is what the decisions on one revision of a request or a claim come to.
type Approval struct {
	// Complete says that as many people approved as are needed, and nobody withdrew it.
	Complete bool
	// Withdrawn says that it was complete once and then returned or rejected: no later approval counts.
	Withdrawn bool
	// Time is that of the last approval that counted.
	Time time.Time
	// Amount is the least amount that anybody approved, in minor units; -1 for all that is asked.
	Amount int64
}

// Approve folds the vendor's decisions on a revision, given in order. Who requests may not approve. needed says how many people must approve an
// amount, -1 for all, at an instant; an exception at least two, who
// all approve an exception. A name in capitals is the same person. It is written apart from the rules of money, with which it must not share a mistake.
func Approve(decisions []*v1alpha1.ApprovalDecision, revision, requester string, needed func(amount int64, at time.Time) int) Approval {
	result, by, excepted := Approval{Amount: -1}, map[string]int64{}, map[string]bool{}
	for _, d := range decisions {
		if d.Spec.Revision != revision || d.Spec.Party != v1alpha1.PartyVendor {
			continue
		}
		if refuses(d) {
			result.Withdrawn = result.Withdrawn || result.Complete
			result.Complete, by, excepted = false, map[string]int64{}, map[string]bool{}
			continue
		}
		if strings.EqualFold(d.Spec.ApprovedBy, requester) || result.Complete || result.Withdrawn {
			continue
		}
		who, excepts := strings.ToLower(d.Spec.ApprovedBy), d.Spec.Exception != nil
		by[who] = -1
		if d.Spec.Amount != nil {
			by[who] = minorOf(d.Spec.Amount)
		}
		delete(excepted, who)
		if excepts {
			excepted[who] = true
		}
		result.Amount, result.Time = least(by), d.Spec.DecidedTime.Time
		people, have := needed(result.Amount, result.Time), len(by)
		if excepts {
			people, have = max(people, 2), len(excepted)
		}
		if result.Complete = have >= people; result.Complete && excepts {
			maps.DeleteFunc(by, func(who string, _ int64) bool { return !excepted[who] })
			result.Amount = least(by)
		}
	}
	return result
}

// Of is how much of what is asked the approval is for.
func (a Approval) Of(asked int64) int64 {
	if a.Amount < 0 {
		return asked
	}
	return min(asked, a.Amount)
}

// least is the least amount that is not all; -1 when all are.
func least(by map[string]int64) int64 {
	found := int64(-1)
	for _, amount := range by {
		if amount >= 0 && (found < 0 || amount < found) {
			found = amount
		}
	}
	return found
}

func refuses(d *v1alpha1.ApprovalDecision) bool {
	return d.Spec.Decision == v1alpha1.DecisionReturned || d.Spec.Decision == v1alpha1.DecisionRejected
}

// about returns the decisions on an object that were taken by now, in order.
func (h *moneyHistory) about(kind string, object metav1.Object) []*v1alpha1.ApprovalDecision {
	return InOrder(slices.Collect(maps.Values(h.decisions[object.GetNamespace()+"/"+kind+"/"+object.GetName()])), h.at)
}

// sentBack reports whether any revision of an object was ever returned or rejected.
func (h *moneyHistory) sentBack(kind string, object metav1.Object) bool {
	return slices.ContainsFunc(h.about(kind, object), refuses)
}

// approval is how much of what is asked the vendor approved of a revision; false when as many people as are needed did not, or somebody withdrew it.
func (h *moneyHistory) approval(
	kind string, object metav1.Object, revision, requester string, asked int64, needed func(int64, time.Time) int,
) (int64, bool) {
	result := Approve(h.about(kind, object), revision, requester, func(amount int64, at time.Time) int {
		return needed(Approval{Amount: amount}.Of(asked), at)
	})
	return result.Of(asked), result.Complete
}

// approvers is how many people must approve an amount that was requested on a day, at an instant: as many as any rule asks for that was surely in
// force between the two, in whatever time zone.
func approvers(b *v1alpha1.MDFBudget, amount int64, made v1alpha1.Date, at time.Time) int {
	const zones = 14 * time.Hour
	first := string(made)
	last := max(first, at.UTC().Add(-zones).Format(time.DateOnly))
	needed := 1
	for _, rule := range b.Spec.Authority {
		ended := slices.ContainsFunc(b.Spec.Authority, func(next v1alpha1.AuthorityRule) bool {
			return next.EffectiveFrom > rule.EffectiveFrom && string(next.EffectiveFrom) < first
		})
		if ended || string(rule.EffectiveFrom) > last {
			continue
		}
		for _, level := range rule.Levels {
			above := minorOf(&v1alpha1.Money{Amount: level.Above, Currency: b.Spec.Amount.Currency})
			if amount > above && amount < unlimited {
				needed = max(needed, int(level.Approvers))
			}
		}
	}
	return needed
}

// approvedOf is how much a request may be granted at this revision: its plan was approved, its budget is there, and it is approved itself.
func (h *moneyHistory) approvedOf(r *v1alpha1.MDFAllocation) (int64, bool) {
	b, p := h.budgets[string(r.Spec.BudgetRef.Name)], h.plans[r.Namespace+"/"+string(r.Spec.PlanRef.Name)]
	if b == nil || p == nil || r.Spec.RequestedOn == "" || r.Spec.WithdrawnOn != "" || !h.planApproved(p) {
		return 0, false
	}
	same := r.Spec.Amount.Currency == b.Spec.Amount.Currency
	asked := minorOf(&r.Spec.Amount)
	amount, ok := h.approval("MDFAllocation", r, facts.RequestRevision(&r.Spec), r.Spec.RequestedBy, asked, func(least int64, at time.Time) int {
		if !same {
			return 1
		}
		return approvers(b, least, r.Spec.RequestedOn, at)
	})
	if !same {
		amount = unlimited
	}
	return amount, ok
}

// planApproved reports whether any revision of a plan is approved.
func (h *moneyHistory) planApproved(p *v1alpha1.JointPlan) bool {
	latest := map[string]*v1alpha1.ApprovalDecision{}
	for _, d := range h.about("JointPlan", p) {
		if d.Spec.Party == v1alpha1.PartyVendor {
			latest[d.Spec.Revision] = d
		}
	}
	for _, d := range latest {
		if !refuses(d) {
			return true
		}
	}
	return false
}

// noteClaim notes how much may be payable on a claim at this revision: its share of the net costs, rounded up as an earlier claim may have left a
// fraction, at most what was approved.
func (h *moneyHistory) noteClaim(c *v1alpha1.MDFClaim) {
	r := h.requests[c.Namespace+"/"+string(c.Spec.AllocationRef.Name)]
	if r == nil || c.Spec.ClaimedOn == "" {
		return
	}
	v := h.view(string(r.Spec.BudgetRef.Name))
	currency := r.Spec.Amount.Currency
	if v.spec != nil {
		currency = v.spec.Currency
	}
	share := int64(unlimited)
	if c.Spec.Currency == currency && r.Spec.Reward == nil { // all that is granted of a reward is payable
		share = shareOf(c, string(r.Spec.ReimbursementPercent))
	}
	amount, ok := h.approval("MDFClaim", c, facts.ClaimRevision(&c.Spec), c.Spec.RequestedBy, share, func(int64, time.Time) int { return 1 })
	if key := requestKey(r, r.Spec.RequestID) + "/" + c.Name; ok {
		v.payable[key] = max(v.payable[key], amount)
	}
}

// shareOf is the share of a claim's net costs in minor units, rounded up.
func shareOf(c *v1alpha1.MDFClaim, percent string) int64 {
	sum := new(big.Rat)
	for _, cost := range c.Spec.Costs {
		net, err := money.ParseMoney(v1alpha1.Money{Amount: cost.Net, Currency: c.Spec.Currency})
		if err != nil {
			return 0
		}
		sum.Add(sum, new(big.Rat).SetInt64(net))
	}
	share, ok := new(big.Rat).SetString(percent)
	if !ok {
		return 0
	}
	sum.Mul(sum, share).Quo(sum, big.NewRat(100, 1))
	up := new(big.Int).Add(sum.Num(), new(big.Int).Sub(sum.Denom(), big.NewInt(1)))
	return up.Quo(up, sum.Denom()).Int64()
}
