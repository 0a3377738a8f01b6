package gather

import (
	"cmp"
	"context"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
)

// Pool is a budget with everything that decides about its money.
type Pool struct {
	ledger.Pool

	parts []part          // by snapshot
	live  map[string]bool // the requests that were read live, as namespace/name
}

// part is what of a pool belongs to one partner.
type part struct {
	around   *around
	requests []*v1alpha1.MDFAllocation // those beyond a bound too
}

// IsLive reports whether some requests were read live, with all by which they are judged.
func (p *Pool) IsLive(requests []string) bool {
	return !slices.ContainsFunc(requests, func(name string) bool { return !p.live[name] })
}

// Err returns why something that a decision asked for could not be read; nil when all could. Ask it before the decision is used.
func (p *Pool) Err() error {
	for _, x := range p.parts {
		if err := x.around.Err(); err != nil {
			return err
		}
	}
	return nil
}

// add adds what belongs to one partner.
func (p *Pool) add(snap *snapshot.Snapshot, what part) {
	p.Snapshots, p.parts = append(p.Snapshots, snap), append(p.parts, what)
}

// Pool returns a budget with everything that decides about its money, from the cache.
func (g *Gatherer) Pool(ctx context.Context, name string) (pool Pool, err error) {
	if pool.Pool, err = g.money(ctx, g.reader, v1alpha1.Name(name)); err != nil {
		return pool, err
	}
	requests, err := g.reader.Find(ctx, kinds.BudgetOfAllocation, "", name)
	if err != nil {
		return pool, err
	}
	slices.SortFunc(requests.Allocations, func(a, b *v1alpha1.MDFAllocation) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	done := map[string]bool{} // those beyond a bound too
	for _, request := range requests.Allocations {
		if done[nameOf(request)] {
			continue
		}
		objects, err := snapshot.Gather(source{ctx, g.reader, request.Namespace}, request, snapshot.Everything)
		if err != nil {
			return pool, err
		}
		gathered, err := g.gathered(ctx, snapshot.Root{Namespace: request.Namespace}, objects, nil)
		if err != nil {
			return pool, err
		}
		pool.add(gathered.Snapshot, part{gathered.around, objects.Allocations})
		for _, other := range objects.Allocations {
			done[nameOf(other)] = true
		}
	}
	pool.Share(pool.Ledger)
	return pool, nil
}

// Accrues reports whether partners spend what they earned on a budget, if it is there.
func Accrues(budget *v1alpha1.MDFBudget) bool { return budget != nil && budget.Spec.Accrual != nil }

// money reads a budget, its ledger and its program.
func (g *Gatherer) money(ctx context.Context, reader Reader, name v1alpha1.Name) (pool ledger.Pool, err error) {
	pool.Name = name
	if pool.Ledger, err = get[*v1alpha1.MDFLedger](ctx, reader, name); err != nil {
		return pool, err
	}
	if pool.Budget, err = get[*v1alpha1.MDFBudget](ctx, reader, name); err != nil || pool.Budget == nil {
		return pool, err
	}
	source, err := get[*v1alpha1.PartnerProgram](ctx, g.reader, pool.Budget.Spec.ProgramRef.Name)
	if source != nil {
		pool.Program = g.Compiled(source)
	}
	return pool, err
}

// Share gives the pool a ledger, which its snapshots share. So they do the budget, where they may use it.
func (p *Pool) Share(ledger *v1alpha1.MDFLedger) {
	p.Ledger = ledger
	for i, snap := range p.Snapshots {
		budget := snap.Budget(p.Name)
		if budget != nil {
			budget = p.Budget
		}
		p.Snapshots[i] = snap.WithMoney(p.Name, budget, ledger)
	}
}
