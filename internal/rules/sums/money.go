package sums

import (
	"cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// spendShare is what the campaigns of a plan brought and cost: in all, and by initiative.
type spendShare struct {
	group group // by initiative, or the total for all other groupings
	spend spend
}

// spend is what campaigns brought and cost.
type spend struct {
	cost, revenue, pipeline, leads, granted, paid amount
}

func (x *spend) add(y *spend, sign int) {
	add(&x.cost, y.cost, sign)
	add(&x.revenue, y.revenue, sign)
	add(&x.pipeline, y.pipeline, sign)
	add(&x.leads, y.leads, sign)
	add(&x.granted, y.granted, sign)
	add(&x.paid, y.paid, sign)
}

func (x *spend) isZero() bool {
	return x.cost.isZero() && x.revenue.isZero() && x.pipeline.isZero() && x.leads.isZero() && x.granted.isZero() && x.paid.isZero()
}

// spendOf reads what campaigns brought and cost; what was not measured is nothing.
func spendOf(cost, revenue, pipeline, leads, granted, paid v1alpha1.Decimal) (x spend) {
	x.cost, _ = read(cost)
	x.revenue, _ = read(revenue)
	x.pipeline, _ = read(pipeline)
	x.leads, _ = read(leads)
	x.granted, _ = read(granted)
	x.paid, _ = read(paid)
	return x
}

// groupsOfPipelines are the entries of a plan's pipeline that are of no one initiative.
var groupsOfPipelines = map[v1alpha1.Name]string{"several": v1alpha1.InSeveral, "none": v1alpha1.InNone}

// spendsOf returns what the campaigns of a plan brought and cost. Leads are not told apart by initiative.
func spendsOf(plan *v1alpha1.JointPlan) []spendShare {
	p := plan.Status.Pipeline
	if p == nil {
		return nil
	}
	all := []spendShare{{group{by: v1alpha1.GroupTotal}, spendOf(p.Cost, p.Revenue, p.Pipeline, p.Leads, p.MDFGranted, p.MDFPaid)}}
	for i := range p.Initiatives {
		x := &p.Initiatives[i]
		name := cmp.Or(groupsOfPipelines[x.Initiative], string(x.Initiative))
		if share := spendOf(x.Cost, x.Revenue, x.Pipeline, "", x.MDFGranted, x.MDFPaid); !share.isZero() {
			all = append(all, spendShare{group{v1alpha1.GroupInitiative, name}, share})
		}
	}
	return all
}

// moneyOf returns the money of requests by plan.
func moneyOf(in Evaluated) map[v1alpha1.Name][]moneyShare {
	open := map[v1alpha1.Name]*moneyShare{} // by request: what its claims come to
	for _, claim := range in.Claims {
		name := claim.Spec.AllocationRef.Name
		if open[name] == nil {
			open[name] = &moneyShare{}
		}
		payable, paid := amountOf(claim.Status.Payable), amountOf(claim.Status.Paid)
		rest := payable.minus(paid)
		switch claim.Status.Stage { //nolint:exhaustive // of others nothing is to be paid, or all is
		case v1alpha1.ClaimAccepted:
			add(&open[name].unpaid, rest, 1)
		case v1alpha1.ClaimPendingDecision, v1alpha1.ClaimSentBack:
			add(&open[name].undecided, rest, 1)
		}
	}
	all := map[v1alpha1.Name][]moneyShare{}
	for _, request := range in.Requests {
		if request.Status.Granted == nil {
			continue
		}
		share := moneyShare{requests: 1, budget: request.Spec.BudgetRef.Name, currency: request.Status.Granted.Currency, granted: amountOf(request.Status.Granted)}
		share.paid = amountOf(request.Status.Paid)
		if claims := open[v1alpha1.Name(request.Name)]; claims != nil {
			share.undecided, share.unpaid = claims.undecided, claims.unpaid
		}
		share.unclaimed = amountOf(request.Status.Reserved)
		add(&share.unclaimed, share.undecided, -1)
		add(&share.unclaimed, share.unpaid, -1)
		share.unclaimed = share.unclaimed.atLeastZero()
		all[request.Spec.PlanRef.Name] = append(all[request.Spec.PlanRef.Name], share)
	}
	return all
}

func amountOf(money *v1alpha1.Money) amount {
	if money == nil {
		return amount{}
	}
	a, _ := read(money.Amount)
	return a
}
