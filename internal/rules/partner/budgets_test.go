package partner_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestBudgetsOfAPartner: it is told on which budgets of its program it may draw and what limits its tier, and not what they hold.
func TestBudgetsOfAPartner(t *testing.T) {
	shared := testobj.Budget("fy27").With(func(s *v1alpha1.MDFBudgetSpec) {
		s.Period.Part = v1alpha1.PartYear
		s.RequestBy, s.Activities = "2027-04-30", []v1alpha1.ActivityType{"Webinar"}
		s.Limits = []v1alpha1.FundingLimit{
			{Name: "gold-cap", Per: v1alpha1.LimitPerActivity, Tiers: []v1alpha1.Name{"gold"}, Amount: "8000.00"},
			{Name: "silver-cap", Per: v1alpha1.LimitPerActivity, Tiers: []v1alpha1.Name{"silver"}, Amount: "4000.00"},
			{Name: "share", Per: v1alpha1.LimitPerPartner, Percent: "3", Metric: "new-revenue", Activities: []v1alpha1.ActivityType{"Webinar", "Roadshow"}},
		}
	}).Obj()
	old := testobj.Budget("fy26").With(func(s *v1alpha1.MDFBudgetSpec) { s.Period.FiscalYear = new(int32(2026)) }).Obj()
	foreign := testobj.Budget("other").With(func(s *v1alpha1.MDFBudgetSpec) { s.ProgramRef.Name = "southwind" }).Obj()
	acme := testobj.Partner("acme").Tier("gold", "2026-07-01").Obj()
	full := v1alpha1.PartnerBudget{
		Name: "fy27", Period: "FY2027", RequestBy: "2027-04-30", Activities: []v1alpha1.ActivityType{"Webinar"},
		Limits: []string{
			"gold-cap: at most EUR 8,000.00 per activity of a plan", "share: at most 3 percent of new-revenue per partner, for Webinar and Roadshow",
		},
	}
	for at, want := range map[string][]v1alpha1.PartnerBudget{
		"2026-11-01T00:00:00+01:00":           {full},
		"2027-06-30T23:59:59.999999999+02:00": {full},
		"2027-07-01T00:00:00+02:00":           nil,
	} {
		got, next := partner.Evaluate(testobj.Snapshot(watched(), acme, shared, old, foreign), acme, partner.Ancestry{}, testobj.At(at))
		if diff := cmp.Diff(want, got.Budgets); diff != "" {
			t.Errorf("%s: budgets (-want +got):\n%s", at, diff)
		}
		if end := testobj.At("2027-07-01T00:00:00+02:00"); want != nil && (next.IsZero() || next.After(end)) {
			t.Errorf("%s: the next change is %s, after the budget ended", at, next.Format(time.RFC3339))
		}
	}
}
