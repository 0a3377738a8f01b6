package moneytest

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// RewardNoon is an instant at which the request of NewRewardDossier is made and can be granted.
const RewardNoon = "2026-10-13T12:00:00+02:00"

// NewRewardDossier is a dossier whose request is for growth-rebate in FY2027 Q1: EUR 2,000.00 of 120,000.00 new-revenue, requested on 2026-10-12 and not
// approved. Plan acme-h1 is of record and has a goal with that metric.
func NewRewardDossier(change ...func(*v1alpha1.RewardRule)) *Dossier {
	d := NewDossier()
	d.ApprovePlan()
	d.Budget = testobj.Budget("fy27-emea").Rewards(change...).Obj()
	d.Request = testobj.Allocation("r1").Reward("growth-rebate", v1alpha1.PartQ1, "2000.00", "2026-10-12").Obj()
	d.Earn("2026-07-31", "70000", "2026-09-30", "50000")
	return d
}

// Earn replaces the new-revenue of partner acme by values of days, as crm reports them.
func (d *Dossier) Earn(daysAndValues ...string) {
	for i := range d.More {
		if _, ok := d.More[i].(*v1alpha1.MeasurementSet); ok {
			d.More = append(d.More[:i:i], d.More[i+1:]...)
			break
		}
	}
	if len(daysAndValues) == 0 {
		return
	}
	set := testobj.Measurements("acme-crm", v1alpha1.SubjectPartner, "acme")
	for i := 0; i+1 < len(daysAndValues); i += 2 {
		set.Entry("new-revenue", v1alpha1.Date(daysAndValues[i]), v1alpha1.Decimal(daysAndValues[i+1]))
	}
	d.More = append(d.More, set.Obj())
}

// GrantReward approves the request and reserves what it asks for.
func (d *Dossier) GrantReward(minor int64) {
	d.Approve("vera", "2026-10-13T10:00:00+02:00")
	d.Grant(minor)
	d.Ledger.Spec.Rewards = map[string]string{RequestKey: "acme/growth-rebate/2026-07-01"}
}
