package metrics

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/suspension"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// budget tells the figures of a budget, each in its own currency.
func (c *count) budget(x *v1alpha1.MDFBudget) {
	c.money(BudgetAmount, x, &x.Spec.Amount)
	c.money(BudgetReserved, x, x.Status.Reserved)
	c.money(BudgetSettled, x, x.Status.Settled)
	c.money(BudgetAvailable, x, x.Status.Available)
	c.money(BudgetLapsed, x, x.Status.Lapsed)
	c.money(BudgetExcess, x, x.Status.Excess)
	if c.lost(x) {
		c.set(LedgerIntact, 0, x.Name, v1alpha1.ReasonRecoveryRequired)
	} else if intact := meta.FindStatusCondition(x.Status.Conditions, v1alpha1.ConditionLedgerIntact); intact != nil {
		c.set(LedgerIntact, truth(intact.Status == metav1.ConditionTrue), x.Name, intact.Reason)
	}
}

// lost reports whether the ledger of a suspended budget is gone: the budget's status stays as it is and cannot say so.
func (c *count) lost(x *v1alpha1.MDFBudget) bool {
	return suspension.Requested(x) && x.Status.Ledger != nil &&
		!slices.ContainsFunc(c.Ledgers, func(ledger *v1alpha1.MDFLedger) bool { return ledger.Name == x.Name })
}

// money tells an amount, in units of its currency.
func (c *count) money(family *Family, of *v1alpha1.MDFBudget, amount *v1alpha1.Money) {
	if amount == nil {
		return
	}
	if value, err := strconv.ParseFloat(string(amount.Amount), 64); err == nil {
		c.set(family, value, of.Name, string(amount.Currency))
	}
}

// request counts a request.
func (c *count) request(x *v1alpha1.MDFAllocation) {
	if x.Status.Stage == "" {
		return
	}
	c.add(Requests, c.budgetOf(x), string(x.Status.Stage), x.Status.Reason)
	if x.Status.Stage == v1alpha1.AllocationPendingApproval {
		c.requestPending(x, c.programOf(x.Namespace, x.Spec.PlanRef.Name))
	}
}

// requestPending notes since when a request waits for a decision: from the day on which it was made, one that was changed after its approval from
// the instant at which it was no longer approved as it is written.
func (c *count) requestPending(x *v1alpha1.MDFAllocation, program v1alpha1.Name) {
	approved := meta.FindStatusCondition(x.Status.Conditions, v1alpha1.ConditionApproved)
	if approved != nil && approved.Reason == v1alpha1.ReasonChangePending {
		c.earliest(OldestPendingDecision, approved.LastTransitionTime.Time, string(program), kinds.MDFAllocation)
		return
	}
	c.pending(kinds.MDFAllocation, program, x.Spec.RequestedOn)
}

// claim counts a claim.
func (c *count) claim(x *v1alpha1.MDFClaim) {
	if x.Status.Stage == "" {
		return
	}
	request := c.requests[key{x.Namespace, x.Spec.AllocationRef.Name}]
	budget := c.budgetOf(request)
	c.add(Claims, budget, string(x.Status.Stage), x.Status.Reason)
	switch x.Status.Stage {
	case v1alpha1.ClaimPendingDecision:
		since := x.Spec.ClaimedOn
		if x.Spec.ResubmittedOn != "" {
			since = x.Spec.ResubmittedOn
		}
		var program v1alpha1.Name
		if request != nil {
			program = c.programOf(x.Namespace, request.Spec.PlanRef.Name)
		}
		c.pending(kinds.MDFClaim, program, since)
	case v1alpha1.ClaimAccepted:
		if since := approvedTime(x.Status.Approvals); !since.IsZero() {
			c.earliest(OldestUnpaidClaim, since, budget)
		}
	default:
	}
}

// budgetOf returns the budget of a request; empty when there is none.
func (c *count) budgetOf(request *v1alpha1.MDFAllocation) string {
	if request == nil || c.budgets[request.Spec.BudgetRef.Name] == nil {
		return ""
	}
	return string(request.Spec.BudgetRef.Name)
}

// approvedTime is the instant of the decision that completed the approval.
func approvedTime(approvals []v1alpha1.AllocationApproval) (last time.Time) {
	for i := range approvals {
		if on := approvals[i].DecidedTime.Time; on.After(last) {
			last = on
		}
	}
	return last
}

// ledgers tells how full ledgers are, those whose budget is gone too.
func (c *count) ledgers() {
	for _, x := range c.Ledgers {
		use := facts.UseOf(&x.Spec)
		c.set(LedgerUsed, use.Reservations, x.Name, "reservations")
		c.set(LedgerUsed, use.Settlements, x.Name, "settlements")
		c.set(LedgerUsed, use.Size, x.Name, "size")
	}
}

// Moves is what one write of a ledger did.
type Moves struct {
	// Grants is the number of requests to which money was granted.
	Grants int
	// Releases is the number of reservations of which money was released.
	Releases int
	// Settlements is the number of claims that were settled.
	Settlements int
}

// MovesOf compares a ledger before a write, nil if there was none, with what was written.
func MovesOf(before, after *v1alpha1.MDFLedgerSpec) Moves {
	if before == nil {
		before = &v1alpha1.MDFLedgerSpec{}
	}
	var moves Moves
	paid := map[string]int64{} // in this write, by reservation
	for id, amount := range after.Settled {
		if _, known := before.Settled[id]; known {
			continue
		}
		moves.Settlements++
		if end := strings.LastIndexByte(id, '/'); end >= 0 {
			paid[id[:end]] += amount
		}
	}
	for id, amount := range after.Reserved {
		was, known := before.Reserved[id]
		switch {
		case !known:
			moves.Grants++
		case was-amount > paid[id]:
			moves.Releases++
		}
	}
	return moves
}
