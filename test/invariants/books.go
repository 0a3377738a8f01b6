package invariants

import (
	"fmt"
	"maps"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Books is all money at one instant, at rest: nothing is on its way any more from a spec to a ledger or from a ledger to a status.
type Books struct {
	// Budgets are the budgets.
	Budgets []v1alpha1.MDFBudget
	// Ledgers are their ledgers.
	Ledgers []v1alpha1.MDFLedger
	// Requests are the requests on all budgets.
	Requests []v1alpha1.MDFAllocation
	// Claims are the claims on all requests.
	Claims []v1alpha1.MDFClaim
}

// Violations returns what does not add up; nothing when all does. Unlike MoneyViolations it needs no history: every ledger is within its budget's
// amount and holds nothing but what requests ask for and claims record, every status says what the ledger holds, and every payment that a claim records
// is settled.
func (b *Books) Violations() []string {
	a := &audit{ledgers: map[string]*v1alpha1.MDFLedgerSpec{}, requests: map[string]*v1alpha1.MDFAllocation{}}
	for i := range b.Ledgers {
		a.ledgers[b.Ledgers[i].Name] = &b.Ledgers[i].Spec
	}
	for i := range b.Requests {
		a.requests[nameOf(&b.Requests[i])] = &b.Requests[i]
	}
	for i := range b.Budgets {
		a.budget(&b.Budgets[i])
	}
	for i := range b.Requests {
		a.request(&b.Requests[i])
	}
	settled := map[string]bool{}
	for i := range b.Claims {
		a.claim(&b.Claims[i], settled)
	}
	a.entries(settled)
	return a.violations
}

// audit is what is known while books are gone through.
type audit struct {
	ledgers    map[string]*v1alpha1.MDFLedgerSpec // by name
	requests   map[string]*v1alpha1.MDFAllocation // by namespace/name
	violations []string
}

func (a *audit) addf(format string, args ...any) {
	a.violations = append(a.violations, fmt.Sprintf(format, args...))
}

// says checks that an amount in a status is that of the ledger.
func (a *audit) says(what string, status *v1alpha1.Money, ledger int64) {
	if got := minorOf(status); got != ledger {
		a.addf("%s says %d and the ledger %d", what, got, ledger)
	}
}

func (a *audit) budget(b *v1alpha1.MDFBudget) {
	l := a.ledgers[b.Name]
	if l == nil {
		a.addf("budget %s has no ledger", b.Name)
		return
	}
	held, limit := total(l.Reserved)+total(l.Settled), minorOf(&b.Spec.Amount)
	if held > limit || l.LimitMinor != limit {
		a.addf("ledger %s holds %d within %d; the budget's amount is %d", b.Name, held, l.LimitMinor, limit)
	}
	a.says("reserved of budget "+b.Name, b.Status.Reserved, total(l.Reserved)+total(l.Unpaid))
	a.says("settled of budget "+b.Name, b.Status.Settled, total(l.Settled)-total(l.Unpaid))
}

func (a *audit) request(r *v1alpha1.MDFAllocation) {
	l := a.ledgers[string(r.Spec.BudgetRef.Name)]
	if l == nil {
		return
	}
	key := requestKey(r, r.Spec.RequestID)
	reserved, settled, unpaid := l.Reserved[key], sumUnder(l.Settled, key), sumUnder(l.Unpaid, key)
	if granted, most := reserved+settled, minorOf(&r.Spec.Amount); granted > most {
		a.addf("the ledger holds %d of request %s, which asks for %d", granted, nameOf(r), most)
	}
	a.says("reserved of request "+nameOf(r), r.Status.Reserved, reserved+unpaid)
	a.says("paid of request "+nameOf(r), r.Status.Paid, settled-unpaid)
}

func (a *audit) claim(c *v1alpha1.MDFClaim, settled map[string]bool) {
	r := a.requests[c.Namespace+"/"+string(c.Spec.AllocationRef.Name)]
	if r == nil || a.ledgers[string(r.Spec.BudgetRef.Name)] == nil {
		return
	}
	l := a.ledgers[string(r.Spec.BudgetRef.Name)]
	key := requestKey(r, r.Spec.RequestID) + "/" + c.Name
	if _, entry := l.Settled[key]; entry {
		settled[key] = true
	}
	paid := l.Settled[key] - l.Unpaid[key]
	a.says("paid of claim "+nameOf(c), c.Status.Paid, paid)
	if recorded := staysPaid(c); recorded != paid {
		a.addf("payments of %d are recorded of claim %s, and %d is settled", recorded, nameOf(c), paid)
	}
}

// entries checks that each entry of a ledger is about a request or claim that is there.
func (a *audit) entries(settled map[string]bool) {
	reserved := map[string]bool{}
	for _, r := range a.requests {
		reserved[requestKey(r, r.Spec.RequestID)] = true
	}
	for _, name := range slices.Sorted(maps.Keys(a.ledgers)) {
		l := a.ledgers[name]
		for _, key := range slices.Sorted(maps.Keys(l.Reserved)) {
			if !reserved[key] && l.Reserved[key] != 0 {
				a.addf("ledger %s reserves %d for %s, which nobody asks for", name, l.Reserved[key], key)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(l.Settled)) {
			if !settled[key] {
				a.addf("ledger %s settles %d of %s, which nobody claims", name, l.Settled[key], key)
			}
		}
	}
}
