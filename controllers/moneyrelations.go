package controllers

import (
	"context"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// budgetsOfLedger maps a ledger to its budget, which has its name, and to the budgets whose partners may have spent there what they earned.
func (r *relations) budgetsOfLedger(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	budgets := []reconcile.Request{{NamespacedName: types.NamespacedName{Name: object.GetName()}}}
	for _, request := range r.requestsOnAccruals(ctx, object) {
		budgets = append(budgets, r.budgetOfRequest(ctx, request, false)...)
	}
	return union(nil, budgets)
}

// requestsOnAccruals returns the requests on other budgets with an accrual in the namespaces that have requests on a ledger's budget: what a partner
// earned may be spent in two budgets that follow each other, so what is granted in one changes the room in the other.
func (r *relations) requestsOnAccruals(ctx context.Context, ledger client.Object) []*v1alpha1.MDFAllocation {
	accruals := map[string]bool{}
	for _, budget := range r.list(ctx, &v1alpha1.MDFBudgetList{}, client.InNamespace(""), func(x client.Object) bool {
		budget, ok := x.(*v1alpha1.MDFBudget)
		return ok && budget.Spec.Accrual != nil && budget.Name != ledger.GetName()
	}) {
		accruals[budget.Name] = true
	}
	if len(accruals) == 0 {
		return nil
	}
	var found []*v1alpha1.MDFAllocation
	seen := map[string]bool{}
	for _, request := range r.list(ctx, &v1alpha1.MDFAllocationList{}, client.MatchingFields{indexBudget: ledger.GetName()}, nil) {
		if seen[request.Namespace] {
			continue
		}
		seen[request.Namespace] = true
		r.list(ctx, &v1alpha1.MDFAllocationList{}, client.InNamespace(request.Namespace), func(x client.Object) bool {
			if other, ok := x.(*v1alpha1.MDFAllocation); ok && accruals[string(other.Spec.BudgetRef.Name)] {
				found = append(found, other)
			}
			return false
		})
	}
	return found
}

// budgetOfRequest maps a request to the budget that is to pay.
func (*relations) budgetOfRequest(_ context.Context, object client.Object, _ bool) []reconcile.Request {
	request, ok := object.(*v1alpha1.MDFAllocation)
	if !ok {
		return nil
	}
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Name: string(request.Spec.BudgetRef.Name)}}}
}

// budgetsOfNamespace maps an object, or its namespace, to the budgets of all requests in the namespace.
func (r *relations) budgetsOfNamespace(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	namespace := object.GetNamespace()
	if namespace == "" {
		namespace = object.GetName()
	}
	requests := v1alpha1.MDFAllocationList{}
	if err := r.reader.List(ctx, &requests, client.InNamespace(namespace), client.UnsafeDisableDeepCopy); err != nil {
		logf.FromContext(ctx).Error(err, "cannot list the requests that an event concerns")
		return nil
	}
	var budgets []reconcile.Request
	for i := range requests.Items {
		budgets = append(budgets, r.budgetOfRequest(ctx, &requests.Items[i], false)...)
	}
	return union(nil, budgets)
}

// allBudgets maps an object to all budgets, and to those that are gone but have a ledger.
func (r *relations) allBudgets(ctx context.Context, _ client.Object, _ bool) []reconcile.Request {
	return union(r.list(ctx, &v1alpha1.MDFBudgetList{}, client.InNamespace(""), nil), r.list(ctx, &v1alpha1.MDFLedgerList{}, client.InNamespace(""), nil))
}

// requestsOnBudget maps a budget or its ledger to the requests on it; to all requests when a budget came or went, as requests may have meant it.
func (r *relations) requestsOnBudget(ctx context.Context, object client.Object, whole bool) []reconcile.Request {
	if _, ledger := object.(*v1alpha1.MDFLedger); whole && !ledger {
		return r.list(ctx, &v1alpha1.MDFAllocationList{}, client.InNamespace(""), nil)
	}
	requests := r.list(ctx, &v1alpha1.MDFAllocationList{}, client.MatchingFields{indexBudget: object.GetName()}, nil)
	if _, ledger := object.(*v1alpha1.MDFLedger); !ledger {
		return requests
	}
	for _, other := range r.requestsOnAccruals(ctx, object) {
		requests = append(requests, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(other)})
	}
	return union(nil, requests)
}

// claimsOnBudget maps a budget or its ledger to the claims in the namespaces with requests on it.
func (r *relations) claimsOnBudget(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	var claims []reconcile.Request
	seen := map[string]bool{}
	for _, request := range r.requestsOnBudget(ctx, object, false) {
		if !seen[request.Namespace] {
			seen[request.Namespace] = true
			claims = append(claims, r.list(ctx, &v1alpha1.MDFClaimList{}, client.InNamespace(request.Namespace), nil)...)
		}
	}
	return claims
}

// moneyDecisions maps a budget to the decisions on requests and claims in the namespaces with requests on it.
func (r *relations) moneyDecisions(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	var decisions []reconcile.Request
	seen := map[string]bool{}
	for _, request := range r.requestsOnBudget(ctx, object, false) {
		if !seen[request.Namespace] {
			seen[request.Namespace] = true
			decisions = append(decisions, r.list(ctx, &v1alpha1.ApprovalDecisionList{}, client.InNamespace(request.Namespace), func(x client.Object) bool {
				return aboutMoney(object, x)
			})...)
		}
	}
	return decisions
}

// aboutMoney keeps decisions on requests and claims.
func aboutMoney(_, candidate client.Object) bool {
	decision, ok := candidate.(*v1alpha1.ApprovalDecision)
	return ok && decision.Spec.TargetRef.Kind != kindPlan
}

// sameTarget keeps decisions about the target of the event's decision.
func sameTarget(event, candidate client.Object) bool {
	one, ok := event.(*v1alpha1.ApprovalDecision)
	other, same := candidate.(*v1alpha1.ApprovalDecision)
	return ok && same && one.Spec.TargetRef == other.Spec.TargetRef
}
