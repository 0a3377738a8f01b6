package sums

import (
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/benefit"
)

// benefitShare is what plans ask for, and have, of a benefit.
type benefitShare struct {
	plans          int // how many are added up; 1 of one
	benefit        v1alpha1.Name
	asked, granted amount
}

func (x *benefitShare) add(y *benefitShare, sign int) {
	x.plans += sign * y.plans
	add(&x.asked, y.asked, sign)
	add(&x.granted, y.granted, sign)
}

// benefitsOf returns what a plan asks for, and has, of benefits; nothing of those that it does not ask for.
func benefitsOf(plan *v1alpha1.JointPlan) []benefitShare {
	var all []benefitShare
	for i := range plan.Status.Benefits {
		x := &plan.Status.Benefits[i]
		share := benefitShare{plans: 1, benefit: x.Benefit}
		share.asked, _ = read(x.Asked)
		share.granted, _ = read(x.Granted)
		if !share.asked.isZero() {
			all = append(all, share)
		}
	}
	return all
}

// addBenefit adds what a plan, or others, ask for of a benefit, or takes it away.
func (p *period) addBenefit(of *benefitShare, sign int) {
	x := p.benefits[of.benefit]
	if x == nil {
		x = &benefitShare{benefit: of.benefit}
		p.benefits[of.benefit] = x
	}
	x.add(of, sign)
	if x.plans == 0 {
		delete(p.benefits, of.benefit)
	}
}

// benefits returns what the tiers entitle to in a period and what its plans ask for, beside what the vendor has: of the quantity of a year what is due in the
// period, as for each partner.
func (s *Sums) benefits(in Settings, of *reach, span fiscal.Span) []v1alpha1.BenefitDemand {
	set, cal := in.Program.RuleSetOn(span.From), in.Program.Calendar
	if set == nil {
		return nil
	}
	entitled, names := map[v1alpha1.Name]*big.Rat{}, []v1alpha1.Name{}
	note := func(name v1alpha1.Name) {
		if entitled[name] == nil {
			entitled[name] = new(big.Rat)
			names = append(names, name)
		}
	}
	for _, tier := range set.Ranked {
		for i := range tier.Benefits {
			name := tier.Benefits[i].Name
			quantity := benefit.QuantityOf(tier, name)
			if quantity == nil {
				continue
			}
			note(name)
			due := benefit.Entitled(cal, quantity, span)
			entitled[name].Add(entitled[name], due.Mul(due, big.NewRat(int64(s.tiers[tier.Name]), 1)))
		}
	}
	for name := range of.benefits {
		note(name)
	}
	capacity := map[v1alpha1.Name]*big.Rat{}
	for i := range in.Strategy.Capacity {
		x := &in.Strategy.Capacity[i]
		if quantity, err := decimal.Parse(x.Quantity); err == nil && int(x.FiscalYear) == cal.FiscalYearOf(span.From) {
			capacity[x.Benefit] = benefit.Entitled(cal, quantity, span.Intersect(cal.PeriodContaining(fiscal.Year, span.From)))
		}
	}
	slices.Sort(names)
	var list []v1alpha1.BenefitDemand
	for _, name := range names {
		row := v1alpha1.BenefitDemand{Benefit: name, Entitled: benefit.Shown(entitled[name])}
		if entry := in.Program.Benefit(name); entry != nil {
			row.Unit = entry.Unit
		}
		asked := new(big.Rat)
		if x := of.benefits[name]; x != nil {
			asked.SetFrac(x.asked.number(), million)
			row.Asked, row.Granted = benefit.Shown(asked), benefit.Shown(new(big.Rat).SetFrac(x.granted.number(), million))
		}
		if has := capacity[name]; has != nil {
			row.Capacity = benefit.Shown(has)
			if over := new(big.Rat).Sub(asked, has); over.Sign() > 0 {
				row.Over = benefit.Shown(over)
			}
		}
		list = append(list, row)
	}
	return list[:min(len(list), maxBenefits)]
}
