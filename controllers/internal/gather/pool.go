package gather

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
)

// Pool is a budget with everything that decides about its money.
type Pool struct {
	ledger.Pool

	around []*around
}

// Err returns why something that a decision asked for could not be read; nil when all could. Ask it before the decision is used.
func (p *Pool) Err() error {
	for _, around := range p.around {
		if err := around.Err(); err != nil {
			return err
		}
	}
	return nil
}

// add adds what belongs to one partner.
func (p *Pool) add(snap *snapshot.Snapshot, around *around) {
	p.Snapshots, p.around = append(p.Snapshots, snap), append(p.around, around)
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
	err = eachUnit(requests.Allocations, func(request *v1alpha1.MDFAllocation) (*kinds.Objects, error) {
		objects, err := snapshot.Gather(source{ctx, g.reader, request.Namespace}, request, snapshot.Everything)
		if err != nil {
			return nil, err
		}
		gathered, err := g.gathered(ctx, snapshot.Root{Namespace: request.Namespace}, objects, nil)
		if err != nil {
			return nil, err
		}
		pool.add(gathered.Snapshot, gathered.around)
		return objects, nil
	})
	pool.Share(pool.Ledger)
	return pool, err
}

// eachUnit calls gather for one request of each unit of work, of which it returns the objects: those beyond a bound too.
func eachUnit(requests []*v1alpha1.MDFAllocation, gather func(*v1alpha1.MDFAllocation) (*kinds.Objects, error)) error {
	sorted := slices.Clone(requests)
	slices.SortFunc(sorted, func(a, b *v1alpha1.MDFAllocation) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	done := map[kinds.Key]bool{}
	for _, request := range sorted {
		if done[kinds.KeyOf(request)] {
			continue
		}
		unit, err := gather(request)
		if err != nil {
			return err
		}
		for _, other := range unit.Allocations {
			done[kinds.KeyOf(other)] = true
		}
	}
	return nil
}

// Live returns a pool with the budget, its ledger and all that decides about money in some namespaces as the API server itself has them; what was
// measured too, where money rests on it. Programs and campaigns are those of the cache.
func (g *Gatherer) Live(ctx context.Context, live Reader, cached Pool, namespaces []string) (pool Pool, err error) {
	if pool.Pool, err = g.money(ctx, live, cached.Name); err != nil {
		return pool, err
	}
	pool.Gate = cached.Gate
	for _, namespace := range namespaces {
		if err := g.addLive(ctx, live, &pool, namespace); err != nil {
			return pool, err
		}
	}
	for i, snap := range cached.Snapshots {
		if !slices.Contains(namespaces, snap.Namespace) {
			pool.add(snap, cached.around[i])
		}
	}
	pool.Share(pool.Ledger)
	return pool, nil
}

// addLive adds the units of a namespace that have requests on a pool's budget. Each kind is listed once, whatever the number of units.
func (g *Gatherer) addLive(ctx context.Context, live Reader, pool *Pool, namespace string) error {
	var objects kinds.Objects
	for _, k := range kinds.All() {
		if !k.Namespaced {
			continue
		}
		reader := live
		switch k.Name {
		case kinds.Campaign:
			reader = g.reader
		case kinds.MeasurementSet:
			continue
		}
		if err := add(ctx, reader, &objects, k, namespace); err != nil {
			return err
		}
	}
	results := g.reader
	if restsOnResults(pool.Budget, objects.Allocations) {
		results = live
	}
	if err := add(ctx, results, &objects, kinds.Named(kinds.MeasurementSet), namespace); err != nil {
		return err
	}
	labels, err := g.reader.Labels(ctx, namespace)
	if err != nil {
		return err
	}
	ledgers := g.reader
	if Accrues(pool.Budget) { // what was earned may have been spent in another budget
		ledgers = live
	}
	memory := snapshot.NewMemory(&objects)
	requests, _ := memory.Find(kinds.BudgetOfAllocation, string(pool.Name)) // a memory does not fail
	return eachUnit(requests.Allocations, func(request *v1alpha1.MDFAllocation) (*kinds.Objects, error) {
		unit, err := snapshot.Gather(memory, request, snapshot.Everything)
		if err != nil {
			return nil, err
		}
		around := &around{ctx: ctx, reader: g.reader, namespace: namespace, labels: labels, read: memory}
		snap, err := g.complete(ctx, around, unit, ledgers)
		if err == nil {
			pool.add(snap, around)
		}
		return unit, err
	})
}

// add adds the objects of a kind in a namespace.
func add(ctx context.Context, reader Reader, objects *kinds.Objects, k *kinds.Kind, namespace string) error {
	found, err := reader.List(ctx, k, namespace)
	if err != nil {
		return fmt.Errorf("in namespace %s: %w", namespace, err)
	}
	for _, x := range k.In(found) {
		k.Add(objects, x)
	}
	return nil
}

// restsOnResults reports whether what was measured bears on how much is granted: what partners earn, a limit that is a share of a metric, or a
// request that is contingent on a goal. Otherwise nobody waits for the list of it, which may be long.
func restsOnResults(budget *v1alpha1.MDFBudget, requests []*v1alpha1.MDFAllocation) bool {
	if budget == nil {
		return false
	}
	return Accrues(budget) || slices.ContainsFunc(budget.Spec.Limits, func(l v1alpha1.FundingLimit) bool { return l.Metric != "" }) ||
		slices.ContainsFunc(requests, func(a *v1alpha1.MDFAllocation) bool {
			return string(a.Spec.BudgetRef.Name) == budget.Name && len(a.Spec.ContingentOn) > 0
		})
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
