package controllers

import (
	"context"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
)

// Pool returns a budget with everything that decides about its money, from the cache.
func (g *Gatherer) Pool(ctx context.Context, name string) (ledger.Pool, error) {
	pool, err := g.money(ctx, g.reader, name)
	if err != nil {
		return pool, err
	}
	requests := v1alpha1.MDFAllocationList{}
	if err := g.reader.List(ctx, &requests, client.MatchingFields{indexBudget: name}, client.UnsafeDisableDeepCopy); err != nil {
		return pool, fmt.Errorf("list requests on budget %s: %w", name, err)
	}
	var namespaces []string
	for i := range requests.Items {
		namespaces = append(namespaces, requests.Items[i].Namespace)
	}
	slices.Sort(namespaces)
	for _, namespace := range slices.Compact(namespaces) {
		snap, err := g.Snapshot(ctx, namespace)
		if err != nil {
			return pool, err
		}
		pool.Snapshots = append(pool.Snapshots, snap)
	}
	return withLedger(pool, pool.Ledger), nil
}

// Live returns a pool with the budget, its ledger and all that decides about money in some namespaces as the API server itself has them. What
// was measured, and programs, are those of the cache.
func (g *Gatherer) Live(ctx context.Context, live client.Reader, cached ledger.Pool, namespaces []string) (ledger.Pool, error) {
	pool, err := g.money(ctx, live, string(cached.Name))
	if err != nil {
		return pool, err
	}
	pool.Gate = cached.Gate
	for _, namespace := range namespaces {
		snap, err := g.liveSnapshot(ctx, live, namespace, accrues(pool.Budget))
		if err != nil {
			return pool, err
		}
		pool.Snapshots = append(pool.Snapshots, snap)
	}
	for _, snap := range cached.Snapshots {
		if !slices.Contains(namespaces, snap.Namespace) {
			pool.Snapshots = append(pool.Snapshots, snap)
		}
	}
	return withLedger(pool, pool.Ledger), nil
}

// money reads a budget, its ledger and its program.
func (g *Gatherer) money(ctx context.Context, reader client.Reader, name string) (ledger.Pool, error) {
	pool := ledger.Pool{Name: v1alpha1.Name(name)}
	budget, ledger, source := &v1alpha1.MDFBudget{}, &v1alpha1.MDFLedger{}, &v1alpha1.PartnerProgram{}
	switch err := reader.Get(ctx, client.ObjectKey{Name: name}, ledger); {
	case err == nil:
		pool.Ledger = ledger
	case !apierrors.IsNotFound(err):
		return pool, fmt.Errorf("get ledger %s: %w", name, err)
	}
	switch err := reader.Get(ctx, client.ObjectKey{Name: name}, budget); {
	case apierrors.IsNotFound(err):
		return pool, nil
	case err != nil:
		return pool, fmt.Errorf("get budget %s: %w", name, err)
	}
	pool.Budget = budget
	switch err := g.reader.Get(ctx, client.ObjectKey{Name: string(budget.Spec.ProgramRef.Name)}, source); {
	case err == nil:
		pool.Program = g.Compiled(source)
	case !apierrors.IsNotFound(err):
		return pool, fmt.Errorf("get program %s: %w", budget.Spec.ProgramRef.Name, err)
	}
	return pool, nil
}

// liveSnapshot returns the objects of a namespace as the API server has them, but for what was measured.
func (g *Gatherer) liveSnapshot(ctx context.Context, live client.Reader, namespace string, accrual bool) (*snapshot.Snapshot, error) {
	var objects snapshot.Objects
	if err := g.objects(ctx, namespace, &objects); err != nil {
		return nil, err
	}
	partners, plans, revisions := v1alpha1.PartnerList{}, v1alpha1.JointPlanList{}, v1alpha1.PlanRevisionList{}
	decisions, allocations, claims := v1alpha1.ApprovalDecisionList{}, v1alpha1.MDFAllocationList{}, v1alpha1.MDFClaimList{}
	for _, list := range []client.ObjectList{&partners, &plans, &revisions, &decisions, &allocations, &claims} {
		if err := live.List(ctx, list, client.InNamespace(namespace)); err != nil {
			return nil, fmt.Errorf("list %T in namespace %s: %w", list, namespace, err)
		}
	}
	objects.Partners, objects.Plans, objects.Revisions = pointers(partners.Items), pointers(plans.Items), pointers(revisions.Items)
	objects.Decisions, objects.Allocations, objects.Claims = pointers(decisions.Items), pointers(allocations.Items), pointers(claims.Items)
	if accrual { // what was earned may have been spent in another budget
		ledgers := v1alpha1.MDFLedgerList{}
		if err := live.List(ctx, &ledgers); err != nil {
			return nil, fmt.Errorf("list ledgers: %w", err)
		}
		objects.Ledgers = pointers(ledgers.Items)
	}
	return g.snapshot(ctx, namespace, objects)
}

// withLedger returns a pool with a ledger, which its snapshots share. So they do the budget, where they may use it.
func withLedger(pool ledger.Pool, ledger *v1alpha1.MDFLedger) ledger.Pool {
	pool.Ledger = ledger
	snaps := make([]*snapshot.Snapshot, 0, len(pool.Snapshots))
	for _, snap := range pool.Snapshots {
		budget := snap.Budget(pool.Name)
		if budget != nil {
			budget = pool.Budget
		}
		snaps = append(snaps, snap.WithMoney(pool.Name, budget, ledger))
	}
	pool.Snapshots = snaps
	return pool
}
