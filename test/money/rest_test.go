package money

import (
	"fmt"
	"maps"
	"slices"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/equality"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/model/suspension"
	"jointplan.dev/jointplan/internal/rules/evaluate"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// rest waits until a manager would write nothing any more: every status is what the specs, the ledger and the clock make it, and so is the ledger.
func (w *world) rest() {
	w.Helper()
	w.Await(w, w.unrest)
}

// unrest says what a manager would still write about money; nothing at rest.
func (w *world) unrest(latest map[string]client.Object) string {
	now := w.clock.Now()
	world := gather(latest)
	for _, name := range slices.Sorted(maps.Keys(world.pools)) {
		pool := world.pools[name]
		if outcome := ledger.Decide(pool, now); outcome.Changed {
			return fmt.Sprintf("the ledger of %s must change: %s", name, cmp.Diff(ledgerOf(pool), outcome.Ledger))
		}
		if pool.Budget != nil {
			updated := pool.Budget.DeepCopy()
			if suspension.Requested(pool.Budget) {
				suspension.Mark(updated, now)
			} else {
				evaluate.Budget(pool, updated, now)
			}
			if !equality.Semantic.DeepEqual(updated.Status, pool.Budget.Status) {
				return fmt.Sprintf("status of budget %s: %s", name, cmp.Diff(pool.Budget.Status, updated.Status))
			}
		}
	}
	for _, snap := range world.snaps {
		for _, a := range snap.Allocations() {
			updated := a.DeepCopy()
			evaluate.Object(evaluate.Input{Snapshot: snap, Now: now}, a, updated)
			if !equality.Semantic.DeepEqual(updated.Status, a.Status) {
				return fmt.Sprintf("status of request %s: %s", a.Name, cmp.Diff(a.Status, updated.Status))
			}
		}
		for _, c := range snap.Claims() {
			updated := c.DeepCopy()
			evaluate.Object(evaluate.Input{Snapshot: snap, Now: now}, c, updated)
			if !equality.Semantic.DeepEqual(updated.Status, c.Status) {
				return fmt.Sprintf("status of claim %s: %s", c.Name, cmp.Diff(c.Status, updated.Status))
			}
		}
	}
	return world.decisionsAndPlans(w)
}

func ledgerOf(pool ledger.Pool) *v1alpha1.MDFLedgerSpec {
	if pool.Ledger == nil {
		return nil
	}
	return &pool.Ledger.Spec
}

// gathered are the objects of a world as evaluations look at them.
type gathered struct {
	snaps     map[string]*snapshot.Snapshot
	pools     map[string]ledger.Pool
	decisions []*v1alpha1.ApprovalDecision
	plans     []*v1alpha1.JointPlan
}

func (g *gathered) decisionsAndPlans(w *world) string {
	now := w.clock.Now()
	for _, d := range g.decisions {
		snap := g.snaps[d.Namespace]
		updated := d.DeepCopy()
		evaluate.Object(evaluate.Input{Snapshot: snap, Now: now}, d, updated)
		if !equality.Semantic.DeepEqual(updated.Status, d.Status) {
			return fmt.Sprintf("status of decision %s: %s", d.Name, cmp.Diff(d.Status, updated.Status))
		}
	}
	for _, p := range g.plans {
		if p.Status.ObservedGeneration != p.Generation || len(plan.Evaluate(g.snaps[p.Namespace], p, now).Keep) > 0 {
			return fmt.Sprintf("plan %s is not evaluated, or its revisions are not kept", p.Name)
		}
	}
	return ""
}

func gather(latest map[string]client.Object) *gathered {
	g := &gathered{snaps: map[string]*snapshot.Snapshot{}, pools: map[string]ledger.Pool{}}
	programs, objects := map[v1alpha1.Name]*program.Program{}, map[string]*snapshot.Objects{}
	var budgets []*v1alpha1.MDFBudget
	var ledgers []*v1alpha1.MDFLedger
	for _, object := range latest {
		in := objects[object.GetNamespace()]
		if in == nil {
			in = &snapshot.Objects{}
			objects[object.GetNamespace()] = in
		}
		switch x := object.(type) {
		case *v1alpha1.PartnerProgram:
			programs[v1alpha1.Name(x.Name)] = program.Compile(x.Name, &x.Spec)
		case *v1alpha1.MDFBudget:
			budgets = append(budgets, x)
		case *v1alpha1.MDFLedger:
			ledgers = append(ledgers, x)
		case *v1alpha1.Partner:
			in.Partners = append(in.Partners, x)
		case *v1alpha1.JointPlan:
			in.Plans = append(in.Plans, x)
			g.plans = append(g.plans, x)
		case *v1alpha1.ApprovalDecision:
			in.Decisions = append(in.Decisions, x)
			g.decisions = append(g.decisions, x)
		case *v1alpha1.MeasurementSet:
			in.Measurements = append(in.Measurements, x)
		case *v1alpha1.PlanRevision:
			in.Revisions = append(in.Revisions, x)
		case *v1alpha1.MDFAllocation:
			in.Allocations = append(in.Allocations, x)
		case *v1alpha1.MDFClaim:
			in.Claims = append(in.Claims, x)
		}
	}
	delete(objects, "")
	for namespace, in := range objects {
		in.Budgets, in.Ledgers = budgets, ledgers
		g.snaps[namespace] = snapshot.New(namespace, programs, *in)
	}
	for _, budget := range budgets {
		g.pools[budget.Name] = ledger.Pool{Name: v1alpha1.Name(budget.Name), Budget: budget, Program: programs[budget.Spec.ProgramRef.Name]}
	}
	for _, ledger := range ledgers {
		pool := g.pools[ledger.Name]
		pool.Name, pool.Ledger = v1alpha1.Name(ledger.Name), ledger
		g.pools[ledger.Name] = pool
	}
	for name, pool := range g.pools {
		for _, namespace := range slices.Sorted(maps.Keys(g.snaps)) {
			snap := g.snaps[namespace]
			if slices.ContainsFunc(snap.Allocations(), func(a *v1alpha1.MDFAllocation) bool { return a.Spec.BudgetRef.Name == pool.Name }) {
				pool.Snapshots = append(pool.Snapshots, snap)
			}
		}
		g.pools[name] = pool
	}
	return g
}
