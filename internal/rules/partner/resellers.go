package partner

import (
	"math"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxUnplanned is the number of resellers without a plan that a status lists.
const maxUnplanned = 20

// Reseller is a partner that buys through a distributor, with its plans. Only their specs are looked at.
type Reseller struct {
	// Partner is the reseller.
	Partner *v1alpha1.Partner
	// Plans are the plans that name it.
	Plans []*v1alpha1.JointPlan
}

// JudgeResellers says which of a distributor's resellers have a joint plan for a period with today in it, and when that may differ although no spec does
// (zero: never). It is nil for a partner without resellers, and without a program, by whose calendar periods are read.
func JudgeResellers(p *snapshot.Snapshot, of *v1alpha1.Partner, resellers []Reseller, now time.Time) (*v1alpha1.ResellerTotals, time.Time) {
	program := p.ProgramOf(of)
	if program == nil {
		return nil, time.Time{}
	}
	today, horizon := program.Today(now), verdict.NewHorizon(now)
	var totals v1alpha1.ResellerTotals
	for _, one := range resellers {
		if !snapshot.IsReseller(of, one.Partner) {
			continue
		}
		totals.Count++
		planned := false
		for _, plan := range one.Plans {
			span, err := program.Calendar.Period(plan.Spec.Period)
			if err != nil {
				continue // the plan's own status says so
			}
			horizon.At(program.Calendar.StartOf(span.From))
			horizon.At(program.Calendar.EndOf(span.Through))
			planned = planned || span.Contains(today)
		}
		if planned {
			totals.Planned++
			continue
		}
		totals.Unplanned = append(totals.Unplanned, one.Partner.Namespace+"/"+one.Partner.Name)
	}
	if totals.Count == 0 {
		return nil, time.Time{}
	}
	slices.Sort(totals.Unplanned)
	if further := len(totals.Unplanned) - maxUnplanned; further > 0 {
		totals.Unplanned, totals.FurtherUnplanned = totals.Unplanned[:maxUnplanned], new(int32(min(further, math.MaxInt32)))
	}
	return &totals, horizon.Next()
}
