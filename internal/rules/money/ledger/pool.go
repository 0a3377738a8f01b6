package ledger

import (
	"cmp"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/model/suspension"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// Pool is a budget with everything that decides about its money.
type Pool struct {
	// Name is the budget's name, which is the ledger's too.
	Name v1alpha1.Name
	// Budget is the budget; nil when it is gone.
	Budget *v1alpha1.MDFBudget
	// Program is the program that the budget names; nil when there is none.
	Program *program.Program
	// Ledger is its ledger; nil when there is none. The snapshots hold the same one.
	Ledger *v1alpha1.MDFLedger
	// Snapshots are the objects of the partners that have requests on the budget.
	Snapshots []*snapshot.Snapshot
	// Gate stops all grants.
	Gate facts.Gate
	// Offline says that statuses are not those of a cluster: no status says that money is reserved, and no ledger was ever lost.
	Offline bool
}

// entry is one request of a pool, with what decides about it.
type entry struct {
	*request.Request

	facts *facts.Facts
}

// account is what the claims on the request come to.
func (e entry) account() *claim.Account { return claim.Of(e.facts, e.Object) }

// entries returns all requests on the budget, by key, and notes when they may change.
func (p *Pool) entries(now time.Time, horizon *verdict.Horizon) []entry {
	var all []entry
	for _, snap := range p.Snapshots {
		f := facts.Of(snap, now)
		for _, a := range snap.Allocations() {
			if a.Spec.BudgetRef.Name == p.Name {
				e := entry{Request: request.Of(f, a), facts: f}
				horizon.At(e.Next)
				all = append(all, e)
			}
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.Key, b.Key) })
	return all
}

// Held is a request with what the ledger ever settled for it.
type Held struct {
	*request.Request

	// Settled is what claims took, paid or not.
	Settled int64
}

// Requests returns all requests on the budget at an instant, by key, and notes when they may change.
func (p *Pool) Requests(now time.Time, horizon *verdict.Horizon) []Held {
	entries := p.entries(now, horizon)
	list := make([]Held, len(entries))
	for i, e := range entries {
		list[i] = Held{e.Request, e.facts.Entries(p.Name, p.Ledger).Settled(e.Key)}
	}
	return list
}

// Shortfalls says of each partner that has drawn more than it has earned by now, and of each reward of which more was granted, in the order of the
// requests.
func (p *Pool) Shortfalls(now time.Time, horizon *verdict.Horizon) []string {
	if p.Ledger == nil || p.Budget == nil || p.Budget.Spec.Accrual == nil && len(p.Budget.Spec.Rewards) == 0 {
		return nil
	}
	var words []string
	done := map[string]bool{}
	for _, e := range p.entries(now, horizon) {
		if key := e.Object.Namespace + "/" + e.RewardKey(); e.IsReward() && !done[key] {
			done[key] = true
			if short := headroom.Of(e.facts, p.Name).RewardShort(e.Request, horizon); short != "" {
				words = append(words, short)
			}
		}
		if e.Partner == nil || done[e.Partner.Namespace+"/"+e.Partner.Name] {
			continue
		}
		done[e.Partner.Namespace+"/"+e.Partner.Name] = true
		if short := headroom.Of(e.facts, p.Name).Shortfall(e.Request, horizon); !short.IsZero() {
			words = append(words, short.Words(e.Request))
		}
	}
	return words
}

// Limit returns the budget's amount in minor units; false when there is no budget, or its amount cannot be used.
func (p *Pool) Limit() (int64, bool) {
	if p.Budget == nil {
		return 0, false
	}
	amount, err := money.ParseMoney(p.Budget.Spec.Amount)
	if err != nil || amount < 0 {
		return 0, false
	}
	return amount, true
}

// Suspended reports whether the budget is there and suspended.
func (p *Pool) Suspended() bool { return p.Budget != nil && suspension.Requested(p.Budget) }

// Mismatched reports whether the ledger is of another currency than the budget.
func (p *Pool) Mismatched() bool {
	return p.Ledger != nil && p.Budget != nil && p.Ledger.Spec.Currency != p.Budget.Spec.Amount.Currency
}

// Lost reports whether the ledger is gone: there is none, though payments, statuses or the budget's own record say that it existed.
func (p *Pool) Lost() bool {
	if p.Ledger != nil || p.Offline {
		return false
	}
	return p.Budget != nil && p.Budget.Status.Ledger != nil || slices.ContainsFunc(p.Snapshots, func(snap *snapshot.Snapshot) bool {
		// What a namespace says that may not use the budget is no evidence.
		return snap.Budget(p.Name) != nil && slices.ContainsFunc(snap.Allocations(), func(a *v1alpha1.MDFAllocation) bool {
			return a.Spec.BudgetRef.Name == p.Name && facts.RemembersLedger(snap, a)
		})
	})
}

// Left returns what a budget of which some is committed has left to grant at an instant, in minor units, and the day on which it ended if it has; absent
// while it has not. It notes when the budget ends. What is left at the end lapses: nothing more is granted.
func Left(budget *v1alpha1.MDFBudget, prog *program.Program, committed int64, now time.Time, horizon *verdict.Horizon) (int64, fiscal.Day) {
	amount, err := money.ParseMoney(budget.Spec.Amount)
	if err != nil {
		return 0, 0
	}
	if span := facts.PeriodOf(budget, prog); !span.IsZero() {
		over := prog.Calendar.EndOf(span.Through)
		horizon.At(over)
		if !now.Before(over) {
			return 0, span.Through
		}
	}
	return max(amount-committed, 0), 0
}
