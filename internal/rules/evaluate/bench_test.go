package evaluate_test

import (
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/campaign"
	"jointplan.dev/jointplan/internal/rules/decision"
	"jointplan.dev/jointplan/internal/rules/evaluate"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// BenchmarkPartner evaluates all objects of a partner, as a turn does: with the next steps, and the statuses alone. The ratio of the two is what the steps
// cost.
func BenchmarkPartner(b *testing.B) {
	now := testobj.At(moneytest.NowOfCrowd)
	for name, crowd := range map[string]moneytest.Crowd{
		"ordinary": {Plans: 2, Campaigns: 4, Reviews: 6, Sets: 8, Decisions: 8, Pending: 3, Granted: 6, Claims: 8, Costs: 3, Limits: true},
		"large":    {Plans: 10, Campaigns: 40, Reviews: 60, Sets: 40, Decisions: 60, Pending: 100, Granted: 100, Claims: 200, Costs: 8, Limits: true},
	} {
		var objects []any
		var all []kinds.Evaluated
		for _, x := range crowd.Objects() {
			objects = append(objects, x)
			if evaluated, ok := x.(kinds.Evaluated); ok && x.GetNamespace() != "" {
				all = append(all, evaluated)
			}
		}
		snap := testobj.Snapshot(objects...)
		for how, one := range map[string]func(*snapshot.Snapshot, kinds.Evaluated){
			"statuses": func(snap *snapshot.Snapshot, x kinds.Evaluated) {
				switch x := x.(type) {
				case *v1alpha1.Partner:
					partner.Evaluate(snap, x, partner.Ancestry{}, now)
				case *v1alpha1.JointPlan:
					plan.Evaluate(snap, x, now)
				case *v1alpha1.Campaign:
					campaign.Evaluate(snap, x, now)
				case *v1alpha1.ApprovalDecision:
					decision.Evaluate(snap, x, now)
				case *v1alpha1.PlanReview:
					plan.EvaluateReview(snap, x, now)
				case *v1alpha1.MDFAllocation:
					outcome.Evaluate(snap, x, facts.Gate{}, now)
				case *v1alpha1.MDFClaim:
					claim.Evaluate(snap, x, now)
				}
			},
			"with steps": func(snap *snapshot.Snapshot, x kinds.Evaluated) {
				updated, _ := x.DeepCopyObject().(kinds.Evaluated)
				evaluate.Object(evaluate.Input{Snapshot: snap, Now: now}, x, updated)
			},
		} {
			b.Run(name+"/"+how, func(b *testing.B) {
				for b.Loop() {
					turn := snap.Apart()
					for _, x := range all {
						one(turn, x)
					}
				}
			})
		}
	}
}
