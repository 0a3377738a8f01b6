package plan

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
)

// defaultClaimWithinDays is the documented default of claimWithinDays.
const defaultClaimWithinDays = 90

// closesAfter returns the last day before the plan is closed: the later of the day on which the last results are due, and of the end
// of the last claim window, that of an activity which ends with the period. Without activities there is nothing to claim.
func (e *evaluation) closesAfter(resultsDue fiscal.Day) fiscal.Day {
	closes := fiscal.Latest(e.ground.span.Through, resultsDue)
	for i := range e.terms.Activities {
		days := int32(defaultClaimWithinDays)
		if activity := e.ground.program.Activity(e.terms.Activities[i].Type); activity != nil {
			days = program.Or(activity.ClaimWithinDays, defaultClaimWithinDays)
		}
		closes = max(closes, e.ground.span.Through.AddDays(int(days)))
	}
	return closes
}

// inForce reports whether there is a plan of record whose content is known. Terms that nobody approved do not take its place.
func (e *evaluation) inForce() bool {
	return e.approval.Record != nil && e.approval.Record.Terms != nil
}

// stage says where the plan is in its life, if its results are awaited through a day and it closes after another, once a reconciliation that is owed was
// held.
func (e *evaluation) stage(awaited, closes fiscal.Day, reconciled bool) v1alpha1.PlanStage {
	if !e.inForce() {
		if !e.isDraft() && e.sentBack() == "" {
			return v1alpha1.StagePendingApproval
		}
		return v1alpha1.StageDraft
	}
	span := e.ground.span
	for _, change := range []fiscal.Day{span.From, span.Through.AddDays(1), awaited.AddDays(1), closes.AddDays(1)} {
		e.from(change)
	}
	switch {
	case e.today < span.From:
		return v1alpha1.StageApproved
	case e.today <= span.Through:
		return v1alpha1.StageActive
	case e.today <= awaited:
		return v1alpha1.StageAwaitingResults
	case e.today <= closes:
		return v1alpha1.StageAwaitingClaims
	case !reconciled:
		return v1alpha1.StageAwaitingReconciliation
	default:
		return v1alpha1.StageClosed
	}
}
