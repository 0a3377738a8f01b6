// Package promises says what both parties promised for a plan and kept, side by side, and in whose hands its planning lay: what package plan knows of
// meetings, commitments and decisions, with the day by which the partner owes the plan and the payments that the vendor owes.
package promises

import (
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// kindPayment is the kind of the promise to pay an accepted claim.
const kindPayment = "Payment"

// Fill adds to the status of a plan what both parties promised and kept, and its timeline. It returns the next instant at which that may differ although no
// spec and no ledger does (zero: never).
func Fill(snap *snapshot.Snapshot, x *v1alpha1.JointPlan, status *v1alpha1.JointPlanStatus, now time.Time) time.Time {
	result := plan.Of(snap, x, now)
	if result.Duty == nil || result.RuleSet == nil {
		return time.Time{}
	}
	all, timeline, today, next := of(snap, x, result, now)
	status.Parties, status.Timeline = plan.Count(all, today), timeline
	return next
}

// Of returns all that the parties promised for a plan; nil when it cannot be evaluated.
func Of(snap *snapshot.Snapshot, x *v1alpha1.JointPlan, now time.Time) []plan.Promise {
	result := plan.Of(snap, x, now)
	if result.Duty == nil || result.RuleSet == nil {
		return nil
	}
	all, _, _, _ := of(snap, x, result, now) //nolint:dogsled // the promises alone
	return all
}

func of(snap *snapshot.Snapshot, x *v1alpha1.JointPlan, result *plan.Result, now time.Time) (
	all []plan.Promise, timeline []v1alpha1.PlanningStep, today fiscal.Day, next time.Time,
) {
	cal, horizon := fiscal.UTC(), verdict.NewHorizon(now)
	due := fiscal.Day(0)
	if of := snap.Partner(result.Terms.PartnerRef.Name); of != nil {
		if prog := snap.ProgramOf(of); prog != nil {
			cal = prog.Calendar
		}
		stands := partner.Of(snap, of, now)
		horizon.At(stands.NextChange)
		due = stands.SubmitBy[v1alpha1.Name(x.Name)]
	}
	today = cal.Today(now)
	all = append(result.Duty.Promises(due), result.Promises...)
	f := facts.Of(snap, now)
	for _, a := range snap.Allocations() {
		if string(a.Spec.PlanRef.Name) != x.Name {
			continue
		}
		account := claim.Of(f, a)
		horizon.At(account.Next)
		for _, view := range account.All() {
			if p := view.Payment; p != nil {
				all = append(all, plan.Promise{
					Kind: kindPayment, Name: v1alpha1.ItemName(view.Object.Name), Party: v1alpha1.PartyVendor, Due: p.Turn.Through, DoneOn: p.PaidOn,
				})
			}
		}
	}
	for i := range all {
		if all[i].DoneOn.IsZero() {
			horizon.At(cal.StartOf(all[i].Due.AddDays(1)))
		}
	}
	return all, result.Duty.Timeline(due), today, horizon.Next()
}
