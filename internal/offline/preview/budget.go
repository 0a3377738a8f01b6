package preview

import (
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/evaluate"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
)

// budgetEntry is a budget with the partners whose requests draw on it.
type budgetEntry struct {
	entry

	units []*unit
	seen  []*snapshot.Snapshot // with which the budget was evaluated
}

func newBudget(s *state, x *v1alpha1.MDFBudget) *budgetEntry {
	e := &budgetEntry{units: drawingOn(s.units, v1alpha1.Name(x.Name))}
	e.entry = *newEntry(x, func(_ *snapshot.Snapshot, x *v1alpha1.MDFBudget, now time.Time) (next time.Time) {
		e.seen = e.snapshots()
		pool := newPool(s.world, v1alpha1.Name(x.Name), x, e.seen)
		pool.Ledger = s.epoch.ledger(pool.Name)
		return evaluate.Budget(pool, x, now)
	})
	return e
}

// drawingOn returns the partners that have requests on a budget.
func drawingOn(all []*unit, budget v1alpha1.Name) []*unit {
	var list []*unit
	for _, u := range all {
		if slices.ContainsFunc(u.objects.Allocations, func(x *v1alpha1.MDFAllocation) bool { return x.Spec.BudgetRef.Name == budget }) {
			list = append(list, u)
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
	list := make([]*snapshot.Snapshot, len(x.units))
	for i, u := range x.units {
		list[i] = u.whole
	}
	return list
}

// stale reports whether a partner has other objects than when the budget was evaluated.
func (x *budgetEntry) stale() bool { return !slices.Equal(x.seen, x.snapshots()) }
