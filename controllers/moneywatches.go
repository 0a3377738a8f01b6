package controllers

import (
	"context"
	"slices"

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
	return append(r.sameLots(ctx, object, false), budgetNamed(v1alpha1.Name(object.GetName())))
}

// sameLots maps a budget, also one that is gone, or its ledger to the other budgets on which partners spend what they earned by the same metric: what
// is granted in one changes the room in the others.
func (r *relations) sameLots(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	budget, ok := object.(*v1alpha1.MDFBudget)
	if !ok {
		found, err := r.gatherer.Budget(ctx, v1alpha1.Name(object.GetName()))
		if err != nil {
			logf.FromContext(ctx).Error(err, cannotFind)
		}
		budget = found
	}
	if !gather.Accrues(budget) {
		return nil // of a ledger whose budget is gone nothing is counted in others
	}
	return requestsFor(r.naming(ctx, kinds.AccrualOfBudget, "", kinds.Accrual(budget)), func(other client.Object) bool {
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

// budgetsOfPartner finds the budgets of all requests of an object's partner.
func (r *relations) budgetsOfPartner() *queue.Within {
	return &queue.Within{Units: r.unitsOf, Among: func(ctx context.Context, turn *queue.Turn, unit snapshot.Root, _ []queue.Event) []reconcile.Request {
		return budgetsIn(r.unit(ctx, turn, unit))
	}}
}

// budgetsIn returns the budgets of the requests in a unit of work.
func budgetsIn(unit *kinds.Objects) []reconcile.Request {
	var budgets []reconcile.Request
	for _, request := range unit.Allocations {
		budgets = append(budgets, budgetNamed(request.Spec.BudgetRef.Name))
	}
	return queue.Union(nil, budgets)
}

// sameActivity keeps campaigns that carry out the activity for which a request asks money.
func sameActivity(event, candidate client.Object) bool {
	request, isRequest := event.(*v1alpha1.MDFAllocation)
	campaign, isCampaign := candidate.(*v1alpha1.Campaign)
	return isRequest && isCampaign && request.Spec.Activity == campaign.Spec.Activity && request.Spec.PlanRef == campaign.Spec.PlanRef
}

// campaignsOfClaim finds the campaigns that carry out the activity for which a claim's money is: what is paid on it is what they return on. When a claim
// came or went, all campaigns of its partner are concerned.
func (r *relations) campaignsOfClaim() *queue.Within {
	return &queue.Within{Units: r.unitsOf, Among: func(ctx context.Context, turn *queue.Turn, unit snapshot.Root, events []queue.Event) []reconcile.Request {
		objects := r.unit(ctx, turn, unit)
		all := len(events) == 0
		var requests []*v1alpha1.MDFAllocation
		for _, e := range events {
			all = all || e.Whole
			if claim, ok := e.Object.(*v1alpha1.MDFClaim); ok {
				for _, x := range objects.Allocations {
					if v1alpha1.Name(x.Name) == claim.Spec.AllocationRef.Name {
						requests = append(requests, x)
					}
				}
			}
		}
		return requestsFor(kinds.Named(kinds.Campaign).In(objects), func(campaign client.Object) bool {
			return all || slices.ContainsFunc(requests, func(x *v1alpha1.MDFAllocation) bool { return sameActivity(x, campaign) })
		})
	}}
}

// budgetsOfNamespace maps a namespace to the budgets of all requests in it.
func (r *relations) budgetsOfNamespace(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	var budgets []reconcile.Request
	for _, request := range r.list(ctx, kinds.MDFAllocation, object.GetName()) {
		budgets = append(budgets, r.budgetOfRequest(ctx, request, false)...)
	}
	return queue.Union(nil, budgets)
}

// allBudgets maps an object to all budgets, and to those that are gone but have a ledger.
func (r *relations) allBudgets(ctx context.Context, _ client.Object, _ bool) []reconcile.Request {
	return queue.Union(requestsFor(r.list(ctx, kinds.MDFBudget, ""), nil), requestsFor(r.list(ctx, kinds.MDFLedger, ""), nil))
}

// onBudget returns the requests on a budget or that of a ledger, and on those that spend the same lots.
func (r *relations) onBudget(ctx context.Context, object client.Object) []kinds.Object {
	requests := r.naming(ctx, kinds.BudgetOfAllocation, "", object.GetName())
	for _, other := range r.sameLots(ctx, object, false) {
		requests = append(requests, r.naming(ctx, kinds.BudgetOfAllocation, "", other.Name)...)
	}
	return requests
}

// onBudgetsOf returns the requests on the budgets of a program.
func (r *relations) onBudgetsOf(ctx context.Context, program string) []kinds.Object {
	var requests []kinds.Object
	for _, x := range r.list(ctx, kinds.MDFBudget, "") {
		if budget, ok := x.(*v1alpha1.MDFBudget); ok && string(budget.Spec.ProgramRef.Name) == program {
			requests = append(requests, r.naming(ctx, kinds.BudgetOfAllocation, "", budget.Name)...)
		}
	}
	return requests
}

// requestsOnBudget maps a budget or its ledger to the requests on it.
func (r *relations) requestsOnBudget(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	return queue.Union(nil, requestsFor(r.onBudget(ctx, object), nil))
}

// partnersOnBudget finds the objects of a kind of the partners that have requests on a budget or that of a ledger, as far as a filter keeps them; and
// those that asked for such names.
func (r *relations) partnersOnBudget(kind string, keep func(event, candidate client.Object) bool) *queue.Within {
	return r.within(func(ctx context.Context, e queue.Event) []snapshot.Root {
		units := r.gatherer.AskedFor(e.Object)
		for _, request := range r.onBudget(ctx, e.Object) {
			units = append(units, r.unitsOf(ctx, queue.Event{Object: request})...)
		}
		return units
	}, kind, keep)
}

// besides maps a request that came or went, or a plan with its requests, to the other requests of the namespace on the budgets whose ledgers hold
// anything for it. Nobody can tell any more whom such an entry is for, so it counts for all of them.
func (r *relations) besides(ctx context.Context, object client.Object, whole bool) []reconcile.Request {
	return queue.Union(nil, requestsFor(r.requestsBesides(ctx, object, whole), nil))
}

// partnersBesides finds the objects of a kind of the partners of those requests: the same entry leaves them less of what they earned.
func (r *relations) partnersBesides(kind string) *queue.Within {
	return r.within(func(ctx context.Context, e queue.Event) (units []snapshot.Root) {
		for _, request := range r.requestsBesides(ctx, e.Object, e.Whole) {
			units = append(units, r.unitsOf(ctx, queue.Event{Object: request})...)
		}
		return units
	}, kind, nil)
}

// requestsBesides returns the requests of the namespace on the budgets whose ledgers hold anything for a request that came or went, or for those of a plan.
func (r *relations) requestsBesides(ctx context.Context, object client.Object, whole bool) []kinds.Object {
	var requests []kinds.Object
	for _, budget := range r.budgetsBesides(ctx, object, whole) {
		requests = append(requests, r.naming(ctx, kinds.BudgetOfAllocation, object.GetNamespace(), budget.Name)...)
	}
	return requests
}

// budgetsBesides maps a request that came or went, or a plan with its requests, to the budgets whose ledgers hold anything for it, whatever budget it
// names now, and to those that spend the same lots.
func (r *relations) budgetsBesides(ctx context.Context, object client.Object, whole bool) []reconcile.Request {
	if !whole {
		return nil
	}
	requests := r.requestsUnder(ctx, object)
	if len(requests) == 0 {
		return nil
	}
	var budgets []reconcile.Request
	for _, x := range r.list(ctx, kinds.MDFLedger, "") {
		ledger, ok := x.(*v1alpha1.MDFLedger)
		if ok && slices.ContainsFunc(requests, func(x kinds.Object) bool { return facts.Holds(&ledger.Spec, x.GetNamespace()+"/"+x.GetName()) }) {
			budgets = append(budgets, r.budgetsOfLedger(ctx, ledger, false)...)
		}
	}
	return queue.Union(nil, budgets)
}

// invoices is the kind of roots that stand for all who list an invoice.
const invoices = "Invoice"

// sameInvoice finds, for a claim on a request that is gone, or a request or plan that came or went with the claims on it, the objects of a kind of those
// who list the same invoices: nobody can tell whose such a claim is, so it counts for all of them.
func (r *relations) sameInvoice(kind string) *queue.Within {
	return &queue.Within{
		Units: func(ctx context.Context, e queue.Event) []snapshot.Root {
			var units []snapshot.Root
			for _, claim := range r.ownerless(ctx, e.Object, e.Whole) {
				for _, invoice := range kinds.InvoiceOfClaim.Values(claim) {
					units = append(units, snapshot.Root{Namespace: claim.GetNamespace(), Kind: invoices, Name: v1alpha1.Name(invoice)})
				}
			}
			return units
		},
		Among: func(ctx context.Context, turn *queue.Turn, unit snapshot.Root, _ []queue.Event) []reconcile.Request {
			var concerned []reconcile.Request
			done := map[snapshot.Root]bool{}
			for _, claim := range r.naming(ctx, kinds.InvoiceOfClaim, unit.Namespace, string(unit.Name)) {
				for _, of := range r.unitsOf(ctx, queue.Event{Object: claim}) {
					if done[of] {
						continue
					}
					done[of] = true
					found := r.unit(ctx, turn, of)
					if kind == kinds.MDFBudget {
						concerned = append(concerned, budgetsIn(found)...)
					} else {
						concerned = append(concerned, requestsFor(kinds.Named(kind).In(found), nil)...)
					}
				}
			}
			return queue.Union(nil, concerned)
		},
	}
}

// ownerless returns the claims of which an event decides whether anybody can tell whose they are.
func (r *relations) ownerless(ctx context.Context, object client.Object, whole bool) []kinds.Object {
	if claim, ok := object.(*v1alpha1.MDFClaim); ok {
		owned, err := r.gatherer.Owned(ctx, claim.Namespace, claim.Spec.AllocationRef.Name)
		if err != nil {
			logf.FromContext(ctx).Error(err, cannotFind)
		}
		if owned {
			return nil
		}
		return []kinds.Object{claim}
	}
	if !whole {
		return nil
	}
	var claims []kinds.Object
	for _, request := range r.requestsUnder(ctx, object) {
		claims = append(claims, r.naming(ctx, kinds.AllocationOfClaim, object.GetNamespace(), request.GetName())...)
	}
	return claims
}

// requestsUnder returns the requests under a plan, or the request that an object is.
func (r *relations) requestsUnder(ctx context.Context, object client.Object) []kinds.Object {
	if _, plan := object.(*v1alpha1.JointPlan); plan {
		return r.naming(ctx, kinds.PlanOfAllocation, object.GetNamespace(), object.GetName())
	}
	return []kinds.Object{object}
}

// aboutMoney keeps decisions on requests and claims.
func aboutMoney(_, candidate client.Object) bool {
	decision, ok := candidate.(*v1alpha1.ApprovalDecision)
	return ok && decision.Spec.TargetRef.Kind != kinds.JointPlan && decision.Spec.TargetRef.Kind != kinds.PlanReview
}

// samePlanOrMoney keeps decisions about the event's plan, about records of meetings, which are judged by its rules, and about money: who may approve it
// depends on the plan's partner and its program.
func samePlanOrMoney(event, candidate client.Object) bool {
	return samePlan(event, candidate) || aboutReviews(event, candidate) || aboutMoney(event, candidate)
}

// onceWhole finds what is concerned only when an object came or went.
func onceWhole(within *queue.Within) *queue.Within {
	return &queue.Within{Among: within.Among, Units: func(ctx context.Context, e queue.Event) []snapshot.Root {
		if !e.Whole {
			return nil
		}
		return within.Units(ctx, e)
	}}
}

// sameTarget keeps decisions about the target of the event's decision. Records of meetings are judged together, and by the approved content of the plan.
func sameTarget(event, candidate client.Object) bool {
	if onReview(candidate) && !aboutMoney(nil, event) {
		return true
	}
	one, ok := event.(*v1alpha1.ApprovalDecision)
	other, same := candidate.(*v1alpha1.ApprovalDecision)
	return ok && same && one.Spec.TargetRef == other.Spec.TargetRef
}
