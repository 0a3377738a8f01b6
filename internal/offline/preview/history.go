package preview

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxPasses bounds how often the budgets are decided on at one instant. What a decision changes can let another one follow, such as a grant
// after a release; a few passes settle it.
const maxPasses = 100

// history are the ledgers of all budgets over time. No manager runs here, so the ledgers at an instant are found by doing what a manager would
// have done up to then: from the first decision on money on, at every instant at which a ledger may have to change. What was found is kept.
type history struct {
	mutex  sync.Mutex
	world  *World
	units  []*unit // those with requests for money; of their plans it is asked which revisions must be kept
	pools  []*poolAccount
	epochs []*epoch // by instant
}

// epoch are the ledgers from an instant on. It is never changed.
type epoch struct {
	from    time.Time // zero: from the beginning
	ledgers []*v1alpha1.MDFLedger
}

// poolAccount is a budget whose ledger is kept.
type poolAccount struct {
	name   v1alpha1.Name
	budget *v1alpha1.MDFBudget // nil when it is gone and only its ledger was given
	units  []*unit
	from   time.Time // from when on it is decided on; zero when never
	next   time.Time // when it is to be decided on next; zero when never
}

// newHistory begins the history of all budgets. Ledgers that were given hold as of an instant; when that is zero, it is found out.
func newHistory(w *World, asOf time.Time) *history {
	h := &history{world: w}
	for _, one := range w.units {
		if len(one.objects.Allocations) > 0 {
			h.units = append(h.units, newUnit(w, one))
		}
	}
	budgets, ledgers := map[v1alpha1.Name]*v1alpha1.MDFBudget{}, map[v1alpha1.Name]*v1alpha1.MDFLedger{}
	for _, x := range w.budgets {
		budgets[v1alpha1.Name(x.Name)] = x
	}
	for _, x := range w.set.Ledgers {
		ledgers[v1alpha1.Name(x.Name)] = x
		if _, there := budgets[v1alpha1.Name(x.Name)]; !there {
			budgets[v1alpha1.Name(x.Name)] = nil
		}
	}
	first := &epoch{}
	for _, name := range slices.Sorted(maps.Keys(budgets)) {
		account := &poolAccount{name: name, budget: budgets[name], units: drawingOn(h.units, name)}
		if account.from = asOf; asOf.IsZero() || ledgers[name] == nil {
			account.from = firstDecision(account.units, name, ledgers[name])
		}
		account.next = account.from
		h.pools = append(h.pools, account)
		if ledger := firstLedger(w, account, ledgers[name]); ledger != nil {
			first.ledgers = append(first.ledgers, ledger)
		}
	}
	h.epochs = []*epoch{first}
	return h
}

// firstLedger returns the ledger that was given for a budget or, when none was, the empty one that the controller would create.
func firstLedger(w *World, account *poolAccount, given *v1alpha1.MDFLedger) *v1alpha1.MDFLedger {
	if given != nil {
		return given
	}
	outcome := ledger.Decide(newPool(w, account.name, account.budget, nil), account.from)
	if outcome.Ledger == nil {
		return nil
	}
	ledger := &v1alpha1.MDFLedger{Spec: *outcome.Ledger}
	ledger.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kinds.MDFLedger))
	ledger.Name, ledger.Generation, ledger.Finalizers = string(account.name), 1, []string{v1alpha1.LedgerFinalizer}
	return ledger
}

// firstDecision returns the instant from which on a budget is decided on; zero when nothing was ever decided. Before the first decision on a
// request nothing can be granted. A ledger that was given is later than the first approval of each request that it holds: what was decided on
// until then is in it.
func firstDecision(units []*unit, budget v1alpha1.Name, given *v1alpha1.MDFLedger) time.Time {
	var first, known time.Time
	for _, u := range units {
		for _, x := range u.objects.Allocations {
			decided := firstOn(u, x)
			if x.Spec.BudgetRef.Name != budget || decided.IsZero() {
				continue
			}
			first = verdict.Earlier(first, decided)
			if given == nil {
				continue
			}
			if _, held := given.Spec.Reserved[facts.Key(x)]; held && decided.After(known) {
				known = decided
			}
		}
	}
	if !known.IsZero() {
		return known
	}
	return first
}

// firstOn returns the instant of the first decision on a request; zero when there is none.
func firstOn(u *unit, x *v1alpha1.MDFAllocation) time.Time {
	var first time.Time
	for _, d := range u.given.DecisionsAbout(kinds.MDFAllocation, v1alpha1.Name(x.Name)) {
		first = verdict.Earlier(first, d.Spec.DecidedTime.Time)
	}
	return first
}

// at returns the ledgers at an instant, and the next instant at which they may differ; zero when there is none. When the context ends it stops between
// two decisions, which another call takes up, and what it returns is of no use.
func (h *history) at(ctx context.Context, now time.Time) (*epoch, time.Time) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for next := h.next(); !next.IsZero() && !next.After(now) && ctx.Err() == nil; next = h.next() {
		h.advance(context.WithoutCancel(ctx), next) // all or nothing of it
	}
	later := slices.IndexFunc(h.epochs, func(p *epoch) bool { return p.from.After(now) })
	if later == 0 {
		return h.epochs[0], h.epochs[0].from // before anything was decided
	}
	if later > 0 {
		return h.epochs[later-1], h.epochs[later].from
	}
	return h.epochs[len(h.epochs)-1], h.next()
}

// ledger returns the ledger of a budget; nil when there is none.
func (p *epoch) ledger(budget v1alpha1.Name) *v1alpha1.MDFLedger {
	for _, x := range p.ledgers {
		if x.Name == string(budget) {
			return x
		}
	}
	return nil
}

// next returns the next instant up to which nothing was decided; zero when there is none.
func (h *history) next() time.Time {
	var next time.Time
	for _, x := range h.pools {
		next = verdict.Earlier(next, x.next)
	}
	for _, u := range h.units {
		for _, x := range u.plans {
			next = verdict.Earlier(next, x.next)
		}
	}
	return next
}

// advance moves the ledgers on to an instant. A plan that comes to keep another revision may let anything follow.
func (h *history) advance(ctx context.Context, now time.Time) {
	changed := false
	for _, u := range h.units {
		u.advancePlans(ctx, now)
		_, other := u.keep()
		changed = changed || other
	}
	last := h.epochs[len(h.epochs)-1]
	current := &epoch{from: now, ledgers: slices.Clone(last.ledgers)}
	h.decide(current, now, changed)
	if !slices.Equal(current.ledgers, last.ledgers) {
		h.epochs = append(h.epochs, current)
	}
}

// decide decides on the budgets that are due, and on all of them again for as long as a ledger changes.
func (h *history) decide(current *epoch, now time.Time, all bool) {
	for range maxPasses {
		changed := false
		snaps := map[*unit]*snapshot.Snapshot{}
		for _, x := range h.pools {
			if x.from.IsZero() || x.from.After(now) || !all && (x.next.IsZero() || x.next.After(now)) {
				continue
			}
			if h.decideOne(x, current, snaps, now) {
				changed = true
				clear(snaps)
			}
		}
		if !changed {
			return
		}
		all = true
	}
}

// decideOne decides on a budget, and reports whether its ledger changed.
func (h *history) decideOne(x *poolAccount, current *epoch, snaps map[*unit]*snapshot.Snapshot, now time.Time) bool {
	var snapshots []*snapshot.Snapshot
	for _, u := range x.units {
		if snaps[u] == nil {
			snaps[u] = u.snapshot(current.ledgers)
		}
		snapshots = append(snapshots, snaps[u])
	}
	pool := newPool(h.world, x.name, x.budget, snapshots)
	pool.Ledger = current.ledger(x.name)
	outcome := ledger.Decide(pool, now)
	x.next = outcome.Next
	if !outcome.Changed || outcome.Ledger == nil || pool.Ledger == nil || equality.Semantic.DeepEqual(&pool.Ledger.Spec, outcome.Ledger) {
		return false
	}
	ledger := pool.Ledger.DeepCopy()
	ledger.Spec = *outcome.Ledger
	current.ledgers[slices.Index(current.ledgers, pool.Ledger)] = ledger
	return true
}
