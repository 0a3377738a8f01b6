package facts

import (
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// LedgerLost reports whether the ledger of an allocation's budget is gone, by what statuses remember of it and by the payments from it that
// claims of the partner record. The budget is nil when it does not exist or may not be used.
func (f *Facts) LedgerLost(a *v1alpha1.MDFAllocation, budget *v1alpha1.MDFBudget) bool {
	name := a.Spec.BudgetRef.Name
	if f.Snapshot.Ledger(name) != nil { // it is there, even where the namespace does not see it
		return false
	}
	return budget != nil && budget.Status.Ledger != nil || RemembersLedger(f.Snapshot, a) || f.paidFrom(name)
}

// paidFrom is the key of the budgets from which claims of the partner record payments.
type paidFrom struct{}

// paidFrom reports whether a claim of the partner records a payment from a budget, so that there was a ledger.
func (f *Facts) paidFrom(budget v1alpha1.Name) bool {
	return Once(f, paidFrom{}, func() map[v1alpha1.Name]bool {
		budgets := map[v1alpha1.Name]bool{}
		for _, c := range f.Snapshot.Claims() {
			if a := f.Snapshot.Allocation(c.Spec.AllocationRef.Name); len(c.Spec.Payments) > 0 && a != nil {
				budgets[a.Spec.BudgetRef.Name] = true
			}
		}
		return budgets
	})[budget]
}

// RemembersLedger reports whether an allocation's status or the payment of a claim on it says that its budget had a ledger.
func RemembersLedger(snap *snapshot.Snapshot, a *v1alpha1.MDFAllocation) bool {
	if a.Status.Granted != nil || a.Status.Reserved != nil || a.Status.Paid != nil {
		return true
	}
	return slices.ContainsFunc(snap.ClaimsOn(v1alpha1.Name(a.Name)), func(c *v1alpha1.MDFClaim) bool { return len(c.Spec.Payments) > 0 })
}
