package controllers

import (
	"context"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// budgetsOfLedger maps a ledger to its budget, which has its name, and to the budgets that spend the same lots.
func (r *relations) budgetsOfLedger(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	return append(r.sameLots(ctx, object), budgetNamed(v1alpha1.Name(object.GetName())))
}

// sameLots returns the budgets beside that of a ledger on which partners spend what they earned by the same metric: what is granted in one changes the
// room in the others.
func (r *relations) sameLots(ctx context.Context, ledger client.Object) []reconcile.Request {
	budget, err := r.gatherer.Budget(ctx, v1alpha1.Name(ledger.GetName()))
	if err != nil {
		logf.FromContext(ctx).Error(err, cannotFind)
	}
	if !gather.Accrues(budget) {
		return nil // of a budget that is gone nothing is counted in others
	}
	return requestsFor(r.naming(ctx, kinds.AccrualOfBudget, kinds.Accrual(budget)), func(other client.Object) bool {
		return other.GetName() != budget.Name
	})
}

// budgetOfRequest maps a request to the budget that is to pay.
func (*relations) budgetOfRequest(_ context.Context, object client.Object, _ bool) []reconcile.Request {
	request, ok := object.(*v1alpha1.MDFAllocation)
	if !ok {
		return nil
	}
	return []reconcile.Request{budgetNamed(request.Spec.BudgetRef.Name)}
}

func budgetNamed(name v1alpha1.Name) reconcile.Request {
	return reconcile.Request{NamespacedName: types.NamespacedName{Name: string(name)}}
}

// budgetsOfPartner maps an object to the budgets of all requests of its partner.
func (r *relations) budgetsOfPartner(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	var budgets []reconcile.Request
	for _, request := range r.unit(ctx, object, snapshot.Money).Allocations {
		budgets = append(budgets, budgetNamed(request.Spec.BudgetRef.Name))
	}
	return queue.Union(nil, budgets)
}

// budgetsOfNamespace maps a namespace to the budgets of all requests in it.
func (r *relations) budgetsOfNamespace(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	var budgets []reconcile.Request
	for _, request := range r.list(ctx, kinds.MDFAllocation, client.InNamespace(object.GetName())) {
		budgets = append(budgets, r.budgetOfRequest(ctx, request, false)...)
	}
	return queue.Union(nil, budgets)
}

// allBudgets maps an object to all budgets, and to those that are gone but have a ledger.
func (r *relations) allBudgets(ctx context.Context, _ client.Object, _ bool) []reconcile.Request {
	return queue.Union(requestsFor(r.list(ctx, kinds.MDFBudget), nil), requestsFor(r.list(ctx, kinds.MDFLedger), nil))
}

// onBudget returns the requests on a budget or, of a ledger, on its budget and on those that spend the same lots.
func (r *relations) onBudget(ctx context.Context, object client.Object) []kinds.Object {
	requests := r.naming(ctx, kinds.BudgetOfAllocation, object.GetName())
	if _, ledger := object.(*v1alpha1.MDFLedger); ledger {
		for _, other := range r.sameLots(ctx, object) {
			requests = append(requests, r.naming(ctx, kinds.BudgetOfAllocation, other.Name)...)
		}
	}
	return requests
}

// onBudgetsOf returns the requests on the budgets of a program.
func (r *relations) onBudgetsOf(ctx context.Context, program string) []kinds.Object {
	var requests []kinds.Object
	for _, x := range r.list(ctx, kinds.MDFBudget) {
		if budget, ok := x.(*v1alpha1.MDFBudget); ok && string(budget.Spec.ProgramRef.Name) == program {
			requests = append(requests, r.naming(ctx, kinds.BudgetOfAllocation, budget.Name)...)
		}
	}
	return requests
}

// requestsOnBudget maps a budget or its ledger to the requests on it and, when a budget came or went, to those that asked for such names.
func (r *relations) requestsOnBudget(ctx context.Context, object client.Object, whole bool) []reconcile.Request {
	requests := requestsFor(r.onBudget(ctx, object), nil)
	if whole {
		requests = append(requests, r.gatherer.AskedFor(object, kinds.MDFAllocation)...)
	}
	return queue.Union(nil, requests)
}

// partnersOnBudget maps a budget or its ledger to the objects of a kind of the partners that have requests on it, as far as a filter keeps them; and to
// those that asked for such names.
func (r *relations) partnersOnBudget(kind string, keep func(event, candidate client.Object) bool) queue.Mapping {
	return func(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
		requests := r.gatherer.AskedFor(object, kind)
		done := map[types.NamespacedName]bool{}
		for _, request := range r.onBudget(ctx, object) {
			if done[client.ObjectKeyFromObject(request)] {
				continue
			}
			unit := r.unit(ctx, request, scopes[kind])
			for _, other := range unit.Allocations {
				done[client.ObjectKeyFromObject(other)] = true
			}
			requests = append(requests, requestsFor(kinds.Named(kind).In(unit), func(candidate client.Object) bool {
				return keep == nil || keep(object, candidate)
			})...)
		}
		return queue.Union(nil, requests)
	}
}

// besides maps a request that came or went, or a plan with its requests, to the other requests of the namespace on the same budget, if the budget's
// ledger holds anything for it. Nobody can tell any more whom such an entry is for, so it counts for all of them.
func (r *relations) besides(ctx context.Context, object client.Object, whole bool) []reconcile.Request {
	if !whole {
		return nil
	}
	requests := []kinds.Object{object}
	if _, plan := object.(*v1alpha1.JointPlan); plan {
		requests = r.naming(ctx, kinds.PlanOfAllocation, object.GetName(), client.InNamespace(object.GetNamespace()))
	}
	var concerned []reconcile.Request
	for _, x := range requests {
		request, ok := x.(*v1alpha1.MDFAllocation)
		if !ok || !r.holds(ctx, request) {
			continue
		}
		concerned = append(concerned, requestsFor(r.naming(ctx, kinds.BudgetOfAllocation, string(request.Spec.BudgetRef.Name),
			client.InNamespace(request.Namespace)), nil)...)
	}
	return queue.Union(nil, concerned)
}

// holds reports whether the ledger of a request's budget has an entry of it.
func (r *relations) holds(ctx context.Context, request *v1alpha1.MDFAllocation) bool {
	ledger, err := r.gatherer.Ledger(ctx, request.Spec.BudgetRef.Name)
	if err != nil {
		logf.FromContext(ctx).Error(err, cannotFind)
	}
	if ledger == nil {
		return false
	}
	for _, entries := range []map[string]int64{ledger.Spec.Reserved, ledger.Spec.Settled} {
		for key := range entries {
			if facts.OwnerOf(key) == request.Namespace+"/"+request.Name {
				return true
			}
		}
	}
	return false
}

// aboutMoney keeps decisions on requests and claims.
func aboutMoney(_, candidate client.Object) bool {
	decision, ok := candidate.(*v1alpha1.ApprovalDecision)
	return ok && decision.Spec.TargetRef.Kind != kinds.JointPlan
}

// sameTarget keeps decisions about the target of the event's decision.
func sameTarget(event, candidate client.Object) bool {
	one, ok := event.(*v1alpha1.ApprovalDecision)
	other, same := candidate.(*v1alpha1.ApprovalDecision)
	return ok && same && one.Spec.TargetRef == other.Spec.TargetRef
}
