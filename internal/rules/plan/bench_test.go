package plan_test

import (
	"fmt"
	"strconv"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// large is a plan of 10 goals with a number of campaigns, each with its leads, approved by both parties, and what belongs to it.
func large(campaigns int) (*snapshot.Snapshot, *v1alpha1.JointPlan) {
	builder := testobj.Plan("acme-h1").Goal("leads", "qualified-leads", "500").Goal("revenue", "new-revenue", "440000")
	for i := range 8 {
		builder.Deliverable(v1alpha1.Name(fmt.Sprintf("deliverable-%d", i)), "2026-11-30")
	}
	for i := range 12 {
		builder.Activity(v1alpha1.Name(fmt.Sprintf("webinar-%d", i)), "Webinar")
	}
	p := builder.Obj()
	id := plan.Revision(&p.Spec.PlanTerms)
	objects := []any{
		testobj.Program("northwind").Obj(), testobj.Partner("acme").Tier("gold", "2026-07-01").Obj(), p,
		testobj.Decision("one", p.Name, id, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T10:00:00+02:00"),
		testobj.Decision("two", p.Name, id, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, "2026-06-21T10:00:00+02:00"),
		testobj.Review(p.Name, "2026-08-03"), testobj.Review(p.Name, "2026-09-01"), testobj.Review(p.Name, "2026-10-01"),
		testobj.Measured("crm", p.Name, "new-revenue", "2026-07-31", "46000", "2026-08-31", "48500", "2026-09-30", "67500"),
	}
	for i := range campaigns {
		name := fmt.Sprintf("c%d", i)
		set := testobj.Measurements(name+"-crm", v1alpha1.SubjectCampaign, v1alpha1.Name(name))
		for month := range 3 {
			set.Entry("qualified-leads", v1alpha1.Date(fmt.Sprintf("2026-%02d-28", 7+month)), v1alpha1.Decimal(strconv.Itoa(1+(i+month)%9)))
		}
		campaign := testobj.Campaign(name, p.Name, "leads")
		campaign.Spec.Activity = v1alpha1.Name(fmt.Sprintf("webinar-%d", i%12))
		objects = append(objects, campaign, set.Obj())
	}
	return testobj.Snapshot(objects...), p
}

// BenchmarkEvaluate evaluates a plan of 10 goals: compare two versions with benchstat.
func BenchmarkEvaluate(b *testing.B) {
	now := testobj.At("2026-11-03T10:00:00+01:00")
	for _, campaigns := range []int{10, 50, 250} {
		b.Run(fmt.Sprintf("campaigns=%d", campaigns), func(b *testing.B) {
			snap, p := large(campaigns)
			b.ReportAllocs()
			for b.Loop() {
				plan.Evaluate(snap, p, now)
			}
		})
	}
}

// TestEvaluationAllocatesInProportion counts allocations, which, unlike time, are the same on every machine.
func TestEvaluationAllocatesInProportion(t *testing.T) {
	now := testobj.At("2026-11-03T10:00:00+01:00")
	count := func(campaigns int) float64 {
		snap, p := large(campaigns)
		return testing.AllocsPerRun(5, func() { plan.Evaluate(snap, p, now) })
	}
	some, many := count(50), count(250)
	if some > 6000 {
		t.Errorf("a plan of 10 goals and 50 campaigns takes %.0f allocations, want at most 6,000", some)
	}
	if per := (many - some) / 200; per > 60 {
		t.Errorf("each campaign more takes %.0f allocations, want at most 60", per)
	}
}
