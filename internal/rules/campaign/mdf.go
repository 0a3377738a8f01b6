package campaign

import (
	"fmt"
	"math/big"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// planned is an activity of a plan.
type planned struct{ plan, activity v1alpha1.Name }

// requestsBy is the key of the requests for money of the partner, by the activity that they are for.
type requestsBy struct{}

// requests returns the requests for money for the campaign's activity.
func (e *evaluation) requests() []*v1alpha1.MDFAllocation {
	if e.spec.Activity == "" {
		return nil
	}
	all := snapshot.Once(e.snapshot, snapshot.Judgement, e.now, requestsBy{}, func() map[planned][]*v1alpha1.MDFAllocation {
		all := map[planned][]*v1alpha1.MDFAllocation{}
		for _, x := range e.snapshot.Allocations() {
			of := planned{x.Spec.PlanRef.Name, x.Spec.Activity}
			all[of] = append(all[of], x)
		}
		return all
	})
	return all[planned{e.spec.PlanRef.Name, e.spec.Activity}]
}

// mdfReturn fills in revenue / MDF that was paid for the campaign's activity, or why nobody can tell. Of several campaigns that carry out one activity each
// is held against all that was paid. Of a campaign without MDF nothing is said.
func (e *evaluation) mdfReturn(returns *v1alpha1.CampaignReturns, sales *big.Rat) {
	requests := e.requests()
	if len(requests) == 0 && e.spec.MDF == nil {
		return
	}
	paid, problem := e.paid(requests)
	if problem == "" && paid.Sign() > 0 {
		returns.MDFPaid = e.shown(paid, v1alpha1.UnitCurrency)
	}
	switch {
	case problem != "":
		returns.MDFReturnMessage = problem
	case len(requests) == 0:
		returns.MDFReturnMessage = "no return on MDF: no MDFAllocation requests money for the campaign's activity"
	case paid.Sign() == 0:
		returns.MDFReturnMessage = fmt.Sprintf("no return on MDF yet: nothing is paid on %s", named(requests))
	case sales == nil:
		returns.MDFReturnMessage = fmt.Sprintf("%s of MDF was paid, and no revenue is measured: report it in a MeasurementSet about the campaign", e.amount(paid))
	default:
		returns.MDFReturnPercent = share(sales, paid)
		returns.MDFReturnMessage = fmt.Sprintf("revenue of %s on %s of MDF that was paid", e.amount(sales), e.amount(paid))
	}
}

// named names requests for people.
func named(requests []*v1alpha1.MDFAllocation) string {
	names := make([]string, 0, len(requests))
	for _, x := range requests {
		names = append(names, x.Name)
	}
	return "MDFAllocation " + verdict.Some(names, 3)
}

// paid adds up what was paid on requests, and says why nobody can tell.
func (e *evaluation) paid(requests []*v1alpha1.MDFAllocation) (total *big.Rat, problem string) {
	total, foreign := Paid(e.snapshot, e.prog, requests, e.now, e.horizon)
	if foreign != "" {
		problem = foreign + ": the return on MDF is not known"
	}
	return total, problem
}

// Paid adds up what claims on requests record as paid by today, without what came back, in units of the program's currency. The payments of one in another
// currency are not converted, as which rate would do is not said, and not counted: foreign says of which that is. Days on which it changes are noted.
func Paid(
	p *snapshot.Snapshot, prog *program.Program, requests []*v1alpha1.MDFAllocation, now time.Time, horizon *verdict.Horizon,
) (total *big.Rat, foreign string) {
	total = new(big.Rat)
	currency, today := prog.Spec.Currency, prog.Today(now)
	for _, x := range requests {
		r := &request.Request{Object: x, Program: prog, Currency: currency}
		for _, c := range p.ClaimsOn(v1alpha1.Name(x.Name)) {
			for i := range c.Spec.Payments {
				payment := &c.Spec.Payments[i]
				if day, err := fiscal.ParseDay(payment.PaidOn); err == nil && day > today {
					horizon.At(prog.Calendar.StartOf(day))
				} else if payment.Currency != currency {
					foreign = fmt.Sprintf("MDFClaim %q was paid in %s, and the program's currency is %s", c.Name, payment.Currency, currency)
				}
			}
			_, minor := claim.Recorded(c, r, now)
			if amount, err := money.Rat(minor, currency); err == nil {
				total.Add(total, amount)
			}
		}
	}
	return total, foreign
}
