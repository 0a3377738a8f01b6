package headroom

import (
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// reducedName is what stands for the cap of a reduced standing where limits are named.
const reducedName = "reducedMaximum"

// capsReduced reports whether any rule set of a program caps what is granted while a standing reduces the rate.
func capsReduced(prog *program.Program) bool {
	return prog != nil && slices.ContainsFunc(prog.Spec.RuleSets, func(r v1alpha1.RuleSet) bool { return r.ReducedMaximum != "" })
}

// roomReduced returns what the cap of a reduced standing leaves: of what the budget newly grants in all since the rate is reduced, by the instant of the
// approval. It is not bound while the standing is not reduced.
func (x *Rooms) roomReduced(r *request.Request, say bool, horizon *verdict.Horizon) (room Room, bound bool) {
	view := x.facts.Partner(r.Partner)
	horizon.At(view.Next)
	if view.Standing == nil || view.Standing.MaxAmount == "" {
		return Room{}, false
	}
	since, err := fiscal.ParseDay(view.Standing.ReducedSince)
	if err != nil {
		return Room{}, false
	}
	currency := r.Budget.Spec.Amount.Currency
	room = Room{Reason: v1alpha1.ReasonLimitReached, Name: reducedName}
	most, stated := x.capIn(r, view.Standing.MaxAmount, horizon)
	if !stated {
		room.Message = fmt.Sprintf("the standing of partner %s caps what is granted at %s %s, which cannot be converted into %s: ask the vendor to add a rate to "+
			"spec.exchangeRates of the program; nothing is granted until then", r.Partner.Name, r.Program.Spec.Currency, decimal.Group(string(view.Standing.MaxAmount)), currency)
		return room, true
	}
	used, starts := int64(0), r.Program.Calendar.StartOf(since)
	for _, d := range x.drawn.list {
		if x.ofPartner(d, r.Partner.Name) && !x.approvedAt(r.Program.Calendar, d, horizon).Before(starts) {
			used = min(used+d.amount, money.Max)
		}
	}
	room.Amount = max(most-used, 0)
	if say {
		room.Message = fmt.Sprintf("while the standing of partner %s reduces its rate, budget %s grants it at most %s in all from %s on; %s of that is granted, %s is left: %s",
			r.Partner.Name, r.Budget.Name, money.Format(most, currency), since, money.Format(used, currency), money.Format(room.Amount, currency),
			remedy(room.Amount, currency, "cure what reduces the rate"))
	}
	return room, true
}

// capIn returns an amount of the program's currency in the budget's, at the program's rate of today; false when it states none.
func (x *Rooms) capIn(r *request.Request, amount v1alpha1.Decimal, horizon *verdict.Horizon) (minor int64, stated bool) {
	from, to := r.Program.Spec.Currency, r.Budget.Spec.Amount.Currency
	minor, err := money.Parse(amount, from)
	if err != nil || from == to {
		return minor, err == nil
	}
	rate, next := request.RateOn(r.Program, from, to, r.Program.Today(x.facts.Now))
	horizon.At(next)
	if rate == nil {
		return 0, false
	}
	minor, err = money.Convert(minor, from, to, rate)
	return minor, err == nil
}
