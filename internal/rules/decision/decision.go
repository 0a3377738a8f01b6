// Package decision says of one ApprovalDecision whether it counts, whatever it is about: a plan, a request for money or a claim.
//
// What all decisions on a plan come to is said by package plan, and on money by package money/approval.
package decision

import (
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/approval"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// RuleDecisionUndated: a decision on money has no instant and so cannot be put in order with others. Remedy: create another ApprovalDecision.
const RuleDecisionUndated = "DecisionUndated"

// Evaluate says whether a decision counts at an instant, and when that may change although no spec does (zero: never).
func Evaluate(snap *snapshot.Snapshot, d *v1alpha1.ApprovalDecision, now time.Time) (v1alpha1.ApprovalDecisionStatus, time.Time) {
	if !AboutMoney(d) {
		return plan.EvaluateDecision(snap, d, now)
	}
	return evaluateOnMoney(snap, d, now)
}

// AboutMoney reports whether a decision is about a request or a claim, and not about a plan.
func AboutMoney(d *v1alpha1.ApprovalDecision) bool { return d.Spec.TargetRef.Kind != "JointPlan" }

// evaluateOnMoney says whether a decision on a request or claim counts.
func evaluateOnMoney(p *snapshot.Snapshot, d *v1alpha1.ApprovalDecision, now time.Time) (v1alpha1.ApprovalDecisionStatus, time.Time) {
	var findings verdict.Findings
	conditions := verdict.NewConditions(d.Status.Conditions, d.Generation, now)
	horizon := verdict.NewHorizon(now)
	j := judgeDecision(p, d, now, &findings, horizon)
	conditions.Judge(v1alpha1.ConditionEffective, j)
	conditions.Readiness(&findings)
	var status v1alpha1.ApprovalDecisionStatus
	status.ObservedGeneration, status.Conditions, status.Findings = d.Generation, conditions.List(), findings.List()
	return status, horizon.Next()
}

func judgeDecision(
	p *snapshot.Snapshot, d *v1alpha1.ApprovalDecision, now time.Time, findings *verdict.Findings, horizon *verdict.Horizon,
) verdict.Judgement {
	target := d.Spec.TargetRef
	c, cal, missing := decided(facts.New(p, facts.Gate{}, now), target)
	if missing != "" {
		findings.Errorf(verdict.RuleReferenceNotFound, "spec.targetRef.name", "%s", missing)
		return verdict.False(v1alpha1.ReasonTargetNotFound, "%s", "spec.targetRef.name: "+missing)
	}
	if d.Spec.DecidedTime.IsZero() {
		const message = "a decision needs the instant at which it was taken"
		findings.Errorf(RuleDecisionUndated, "spec.decidedTime", message)
		return verdict.Unknown(v1alpha1.ReasonNotEvaluated, "%s", "spec.decidedTime: "+message)
	}
	if on := cal.Today(d.Spec.DecidedTime.Time); facts.Implausible(cal, on, d.CreationTimestamp) {
		findings.Warningf(facts.RuleDateImplausible, "spec.decidedTime", "the decision is said to be of %s, but was first written down on %s: if it is wrong, "+
			"create another "+
			"ApprovalDecision with the right instant", on, cal.Today(d.CreationTimestamp.Time))
	}
	return approval.Effect(p, c, d, cal, findings, horizon, now)
}

// decided returns what decisions on a request or claim are about, with the calendar of its program; why it is not known when there is none.
func decided(f *facts.Facts, target v1alpha1.DecisionTargetReference) (c approval.Case, cal *fiscal.Calendar, missing string) {
	p, requests := f.Snapshot, request.New(f)
	a, made := p.Allocation(target.Name), p.Claim(target.Name)
	switch {
	case target.Kind == facts.KindAllocation && a != nil:
		r := requests.Of(a)
		return r.Case, r.Calendar(), ""
	case target.Kind == facts.KindAllocation:
		return c, nil, verdict.NotFound(target.Kind, string(target.Name), p.AllocationNames())
	case target.Kind != facts.KindClaim:
		return c, nil, verdict.NotFound(target.Kind, string(target.Name), nil)
	case made == nil:
		return c, nil, verdict.NotFound(target.Kind, string(target.Name), p.ClaimNames())
	}
	r := &request.Request{Object: &v1alpha1.MDFAllocation{}}
	if a := p.Allocation(made.Spec.AllocationRef.Name); a != nil {
		r = requests.Of(a)
	}
	return claim.CaseOf(r, made), r.Calendar(), ""
}
