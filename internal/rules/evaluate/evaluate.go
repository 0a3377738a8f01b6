// Package evaluate says how an object of any kind stands. It is the one list of which rules evaluate which kind, for the controllers and offline.
package evaluate

import (
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/campaign"
	"jointplan.dev/jointplan/internal/rules/carrots"
	"jointplan.dev/jointplan/internal/rules/decision"
	"jointplan.dev/jointplan/internal/rules/money/budget"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/incentive"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/rules/pipeline"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/rules/promises"
	"jointplan.dev/jointplan/internal/rules/rollup"
	"jointplan.dev/jointplan/internal/rules/steps"
	"jointplan.dev/jointplan/internal/verdict"
)

// Input is what an evaluation looks at besides the object.
type Input struct {
	// Snapshot holds the object's partner with all that hangs on it.
	Snapshot *snapshot.Snapshot
	// Ancestry are the distributors above a partner; only of partners.
	Ancestry partner.Ancestry
	// Resellers are the partners below a distributor; only of partners.
	Resellers []partner.Reseller
	// Gate is what stops all grants; only of requests for money.
	Gate facts.Gate
	// Now is the instant.
	Now time.Time
}

// Outcome is what an evaluation says besides the status.
type Outcome struct {
	// Next is the next instant at which the status may change although no spec and no ledger does. Zero means never.
	Next time.Time
	// Keep are the revisions that must be kept, of a plan.
	Keep []*v1alpha1.PlanRevision
}

// Object evaluates an object of a namespace and puts the status into updated, a copy of it.
func Object(in Input, object, updated kinds.Evaluated) Outcome {
	out := statusOf(in, object, updated)
	next, at := steps.Of(in.Snapshot, updated, in.Now)
	updated.Common().NextSteps, out.Next = next, verdict.Earlier(out.Next, at)
	return out
}

// statusOf evaluates an object by the rules of its kind.
func statusOf(in Input, object, updated kinds.Evaluated) (out Outcome) {
	snap, now := in.Snapshot, in.Now
	switch x := object.(type) {
	case *v1alpha1.Partner:
		out.Next = partnerStatus(in, x, &as(x, updated).Status)
	case *v1alpha1.JointPlan:
		result := plan.Evaluate(snap, x, now)
		sums, next := pipeline.OfPlan(snap, x, now)
		result.Status.Pipeline = sums
		next = verdict.Earlier(next, carry(in, x, &result.Status))
		as(x, updated).Status, out.Next, out.Keep = result.Status, verdict.Earlier(result.NextChange, next), result.Keep
		out.Next = verdict.Earlier(out.Next, promises.Fill(snap, x, &as(x, updated).Status, now))
	case *v1alpha1.Campaign:
		as(x, updated).Status, out.Next = campaign.Evaluate(snap, x, now)
	case *v1alpha1.MeasurementSet:
		as(x, updated).Status, out.Next = measure.EvaluateSet(snap, x, now)
	case *v1alpha1.PlanReview:
		as(x, updated).Status, out.Next = plan.EvaluateReview(snap, x, now)
	case *v1alpha1.ApprovalDecision:
		as(x, updated).Status, out.Next = decision.Evaluate(snap, x, now)
	case *v1alpha1.PlanRevision:
		as(x, updated).Status, out.Next = plan.EvaluateRevision(snap, x, now)
	case *v1alpha1.MDFAllocation:
		as(x, updated).Status, out.Next = outcome.Evaluate(snap, x, in.Gate, now)
	case *v1alpha1.MDFClaim:
		as(x, updated).Status, out.Next = claim.Evaluate(snap, x, now)
	}
	return out
}

// partnerStatus fills in the status of a partner, and returns when it may differ.
func partnerStatus(in Input, x *v1alpha1.Partner, status *v1alpha1.PartnerStatus) time.Time {
	stands, next := partner.Evaluate(in.Snapshot, x, in.Ancestry, in.Now)
	sums, sumsNext := pipeline.OfPartner(in.Snapshot, x, in.Now)
	resellers, resellersNext := partner.JudgeResellers(in.Snapshot, x, in.Resellers, in.Now)
	*status = stands
	status.Pipeline, status.Resellers = sums, resellers
	var benefitsNext, incentivesNext time.Time
	status.Benefits, benefitsNext = carrots.OfPartner(in.Snapshot, x, in.Now)
	status.Incentives, incentivesNext = incentive.OfPartner(in.Snapshot, x, in.Now)
	next = verdict.Earlier(next, verdict.Earlier(benefitsNext, incentivesNext))
	return verdict.Earlier(next, verdict.Earlier(sumsNext, resellersNext))
}

// carry fills in what a plan costs and opens, and returns when that may differ.
func carry(in Input, x *v1alpha1.JointPlan, status *v1alpha1.JointPlanStatus) (next time.Time) {
	var at time.Time
	status.Budget, next = pipeline.BudgetOf(in.Snapshot, x, in.Now)
	status.Benefits, at = carrots.BenefitsOfPlan(in.Snapshot, x, in.Now)
	next = verdict.Earlier(next, at)
	status.Unlocks, at = carrots.OfPlan(in.Snapshot, x, in.Now)
	return verdict.Earlier(next, at)
}

// as returns the copy of an object in the type of the object.
func as[T kinds.Evaluated](_ T, updated kinds.Evaluated) T {
	copied, _ := updated.(T) // it is a copy
	return copied
}

// Budget evaluates the budget of a pool and puts the status into updated, a copy of it.
func Budget(pool ledger.Pool, updated *v1alpha1.MDFBudget, now time.Time) (next time.Time) {
	updated.Status, next = budget.Evaluate(pool, now)
	todo, at := steps.OfBudget(pool, updated, now)
	updated.Status.NextSteps = todo
	return verdict.Earlier(next, at)
}

// Program evaluates a program and puts the status into updated, a copy of it.
func Program(x, updated *v1alpha1.PartnerProgram, compiled *program.Program, in rollup.Statuses, now time.Time) (next time.Time) {
	updated.Status, next = rollup.Evaluate(x, compiled, in, now)
	updated.Status.NextSteps = steps.OfProgram(updated, compiled, now)
	return next
}
