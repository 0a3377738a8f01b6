package preview

import (
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/budget"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
)

// budgetEntry is a budget with the namespaces whose requests draw on it.
type budgetEntry struct {
	entry

	spaces []*space
	seen   []*snapshot.Snapshot // with which the budget was evaluated
}

func newBudget(w *World, x *v1alpha1.MDFBudget, all []*space) *budgetEntry {
	e := &budgetEntry{spaces: drawingOn(all, v1alpha1.Name(x.Name))}
	e.entry = *newEntry(x, func(_ *snapshot.Snapshot, x *v1alpha1.MDFBudget, now time.Time) (next time.Time) {
		e.seen = e.snapshots()
		pool := newPool(w, v1alpha1.Name(x.Name), x, e.seen)
		pool.Ledger = w.books.ledger(pool.Name, now)
		x.Status, next = budget.Evaluate(pool, now)
		return next
	})
	return e
}

// drawingOn returns the namespaces that hold requests on a budget.
func drawingOn(all []*space, budget v1alpha1.Name) []*space {
	var list []*space
	for _, n := range all {
		if slices.ContainsFunc(n.objects.Allocations, func(x *v1alpha1.MDFAllocation) bool { return x.Spec.BudgetRef.Name == budget }) {
			list = append(list, n)
		}
	}
	return list
}

// newPool returns a budget, which may be nil, with what decides about its money but the ledger.
func newPool(w *World, name v1alpha1.Name, budget *v1alpha1.MDFBudget, snapshots []*snapshot.Snapshot) ledger.Pool {
	pool := ledger.Pool{Name: name, Budget: budget, Snapshots: snapshots, Offline: true}
	if budget != nil {
		pool.Program = w.programs[budget.Spec.ProgramRef.Name]
	}
	return pool
}

func (x *budgetEntry) snapshots() []*snapshot.Snapshot {
	list := make([]*snapshot.Snapshot, len(x.spaces))
	for i, n := range x.spaces {
		list[i] = n.whole
	}
	return list
}

// stale reports whether a namespace holds other objects than when the budget was evaluated.
func (x *budgetEntry) stale() bool { return !slices.Equal(x.seen, x.snapshots()) }
