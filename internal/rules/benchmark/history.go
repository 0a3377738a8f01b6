package benchmark

import (
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// History returns the facts that a partner contributes and that no status holds, from what was measured by a day: its revenue in each month of its
// membership, and how many days each completed campaign took to its first lead. Statuses are read of the given objects, results of the snapshot.
func History(
	p *snapshot.Snapshot, of *program.Program, partner *v1alpha1.Partner, campaigns []*v1alpha1.Campaign, today fiscal.Day,
) []Row {
	if p == nil || of == nil || partner == nil {
		return nil
	}
	f := facts{program: of, partner: partner}
	f.months(p, today)
	if leads := of.MetricFor(v1alpha1.RoleLeads); leads != nil {
		for _, campaign := range campaigns {
			plan := p.Plan(campaign.Spec.PlanRef.Name)
			if plan == nil || string(plan.Spec.PartnerRef.Name) != partner.Name {
				continue
			}
			if row, ok := f.rowOf(plan, campaign); ok {
				f.add(row, v1alpha1.MeasureDaysToFirstResult, daysToFirst(measure.OfCampaign(p, of, campaign, today).Series(leads.Name), campaign))
			}
		}
	}
	return f.rows
}

// daysToFirst returns the number of days from a campaign's first day to its first lead above zero; nil when there is none.
func daysToFirst(leads measure.Series, campaign *v1alpha1.Campaign) *big.Rat {
	starts, err := fiscal.ParseDay(campaign.Spec.Schedule.StartsOn)
	if err != nil {
		return nil
	}
	for _, entry := range leads.Entries() {
		if entry.On >= starts && entry.Value.Sign() > 0 {
			return big.NewRat(int64(entry.On.Sub(starts)), 1)
		}
	}
	return nil
}

// months adds the partner's revenue by month of its membership, for the months that are over and through which revenue was reported. A month without any
// before the newest one that has some is zero.
func (f *facts) months(p *snapshot.Snapshot, today fiscal.Day) {
	revenue := f.program.MetricFor(v1alpha1.RoleRevenue)
	joined, err := fiscal.ParseDay(f.partner.Spec.MemberSince)
	if revenue == nil || err != nil || revenue.Behaviour == v1alpha1.BehaviourStock {
		return
	}
	series := measure.OfPartner(p, f.program, f.partner, today).Series(revenue.Name)
	newest := series.Newest()
	for month := range MaxMonths {
		span := fiscal.Span{From: joined.AddMonths(month), Through: joined.AddMonths(month + 1).AddDays(-1)}
		if span.Through >= today || span.Through > newest {
			return
		}
		value := series.Total(span).Value
		if value == nil {
			value = new(big.Rat)
		}
		f.add(Row{Tier: f.partner.Status.EffectiveTier, Month: int32(month + 1), CompleteOn: span.Through}, v1alpha1.MeasureMonthlyRevenue, value)
	}
}
