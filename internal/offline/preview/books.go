package preview

import (
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
)

// maxPasses bounds how often the budgets are decided on at one instant. What a decision changes can let another one follow, such as a grant
// after a release; a few passes settle it.
const maxPasses = 100

// books are the ledgers of all budgets over time. No manager runs here, so the ledgers at an instant are found by doing what a manager would
// have done up to then: from the first decision on money on, at every instant at which a ledger may have to change. What was found is kept.
type books struct {
	mutex  sync.Mutex
	world  *World
	spaces []*space // those with requests for money; of their entries only the plans are evaluated
	pools  []*poolAccount
	pages  []*page // by instant
}

// page are the ledgers from an instant on. It is never changed.
type page struct {
	from    time.Time // zero: from the beginning
	ledgers []*v1alpha1.MDFLedger
}

// poolAccount is a budget whose ledger is kept.
type poolAccount struct {
	name   v1alpha1.Name
	budget *v1alpha1.MDFBudget // nil when it is gone and only its ledger was given
	spaces []*space
	from   time.Time // from when on it is decided on; zero when never
	next   time.Time // when it is to be decided on next; zero when never
}

// newBooks opens the books of all budgets. Ledgers that were given hold as of an instant; when that is zero, it is found out.
func newBooks(w *World, asOf time.Time) *books {
	b := &books{world: w}
	for _, unit := range w.spaces {
		if len(unit.objects.Allocations) > 0 {
			b.spaces = append(b.spaces, newSpace(w, unit))
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
	first := &page{}
	for _, name := range slices.Sorted(maps.Keys(budgets)) {
		account := &poolAccount{name: name, budget: budgets[name], spaces: drawingOn(b.spaces, name)}
		if account.from = asOf; asOf.IsZero() || ledgers[name] == nil {
			account.from = firstDecision(account.spaces, name, ledgers[name])
		}
		account.next = account.from
		b.pools = append(b.pools, account)
		if ledger := firstLedger(w, account, ledgers[name]); ledger != nil {
			first.ledgers = append(first.ledgers, ledger)
		}
	}
	b.pages = []*page{first}
	return b
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
func firstDecision(spaces []*space, budget v1alpha1.Name, given *v1alpha1.MDFLedger) time.Time {
	var first, known time.Time
	for _, n := range spaces {
		for _, x := range n.objects.Allocations {
			decided := firstOn(n, x)
			if x.Spec.BudgetRef.Name != budget || decided.IsZero() {
				continue
			}
			first = earlier(first, decided)
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
func firstOn(n *space, x *v1alpha1.MDFAllocation) time.Time {
	var first time.Time
	for _, d := range n.given.DecisionsAbout(kinds.MDFAllocation, v1alpha1.Name(x.Name)) {
		first = earlier(first, d.Spec.DecidedTime.Time)
	}
	return first
}

// at returns the ledgers at an instant, and the next instant at which they may differ; zero when there is none.
func (b *books) at(now time.Time) (*page, time.Time) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for next := b.next(); !next.IsZero() && !next.After(now); next = b.next() {
		b.advance(next)
	}
	later := slices.IndexFunc(b.pages, func(p *page) bool { return p.from.After(now) })
	if later == 0 {
		return b.pages[0], b.pages[0].from // before anything was decided
	}
	if later > 0 {
		return b.pages[later-1], b.pages[later].from
	}
	return b.pages[len(b.pages)-1], b.next()
}

// ledger returns the ledger of a budget at an instant; nil when there is none.
func (b *books) ledger(budget v1alpha1.Name, now time.Time) *v1alpha1.MDFLedger {
	page, _ := b.at(now)
	return page.ledger(budget)
}

func (p *page) ledger(budget v1alpha1.Name) *v1alpha1.MDFLedger {
	for _, x := range p.ledgers {
		if x.Name == string(budget) {
			return x
		}
	}
	return nil
}

// next returns the next instant up to which nothing was decided; zero when there is none.
func (b *books) next() time.Time {
	var next time.Time
	for _, x := range b.pools {
		next = earlier(next, x.next)
	}
	for _, n := range b.spaces {
		for _, x := range n.plans {
			next = earlier(next, x.next)
		}
	}
	return next
}

// advance moves the ledgers on to an instant. A plan that comes to keep another revision may let anything follow.
func (b *books) advance(now time.Time) {
	changed := false
	for _, n := range b.spaces {
		n.advancePlans(now)
		_, other := n.keep()
		changed = changed || other
	}
	last := b.pages[len(b.pages)-1]
	current := &page{from: now, ledgers: slices.Clone(last.ledgers)}
	b.decide(current, now, changed)
	if !slices.Equal(current.ledgers, last.ledgers) {
		b.pages = append(b.pages, current)
	}
}

// decide decides on the budgets that are due, and on all of them again for as long as a ledger changes.
func (b *books) decide(current *page, now time.Time, all bool) {
	for range maxPasses {
		changed := false
		snaps := map[*space]*snapshot.Snapshot{}
		for _, x := range b.pools {
			if x.from.IsZero() || x.from.After(now) || !all && (x.next.IsZero() || x.next.After(now)) {
				continue
			}
			if b.decideOne(x, current, snaps, now) {
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
func (b *books) decideOne(x *poolAccount, current *page, snaps map[*space]*snapshot.Snapshot, now time.Time) bool {
	var snapshots []*snapshot.Snapshot
	for _, n := range x.spaces {
		if snaps[n] == nil {
			snaps[n] = n.snapshot(current.ledgers)
		}
		snapshots = append(snapshots, snaps[n])
	}
	pool := newPool(b.world, x.name, x.budget, snapshots)
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
