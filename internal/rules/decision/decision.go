// Package decision says of one ApprovalDecision whether it counts, whatever it is about: a plan, the record of a meeting, a request for money or
// a claim.
//
// What all decisions on a plan come to is said by package plan, and on money by package money/approval.
package decision

import (
	"fmt"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/approval"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// RuleDecisionUndated: a decision has no instant and so cannot be put in order with others. Remedy: create another ApprovalDecision.
const RuleDecisionUndated = "DecisionUndated"

// RuleDecisionNotUnderstood: a decision has an outcome or a party that only a later version knows. It does not count. Remedy: upgrade the manager, or
// create another ApprovalDecision.
const RuleDecisionNotUnderstood = "DecisionNotUnderstood"

// Evaluate says whether a decision counts at an instant, and when that may change although no spec does (zero: never).
func Evaluate(snap *snapshot.Snapshot, d *v1alpha1.ApprovalDecision, now time.Time) (v1alpha1.ApprovalDecisionStatus, time.Time) {
	e := &evaluation{Snapshot: snap, ApprovalDecision: d, now: now, horizon: verdict.NewHorizon(now)}
	conditions := verdict.NewConditions(d.Status.Conditions, d.Generation, now)
	if why := snap.Beyond(d); why != "" {
		conditions.LeftOut(&e.findings, why, v1alpha1.ConditionEffective)
	} else {
		conditions.Judge(v1alpha1.ConditionEffective, e.judge())
		conditions.Readiness(&e.findings)
	}
	var status v1alpha1.ApprovalDecisionStatus
	status.ObservedGeneration, status.Conditions, status.Findings = d.Generation, conditions.List(), e.findings.List()
	return status, e.horizon.Next()
}

// evaluation is that of one decision at one instant.
type evaluation struct {
	*snapshot.Snapshot
	*v1alpha1.ApprovalDecision
	now      time.Time
	findings verdict.Findings
	horizon  *verdict.Horizon
}

func (e *evaluation) judge() verdict.Judgement {
	verdict.FindAttested(&e.findings, e.Spec.Attestation, e.Spec.ApprovedBy)
	judge, missing := e.target()
	if missing != "" {
		e.findings.Errorf(verdict.RuleReferenceNotFound, "spec.targetRef.name", "%s", missing)
		return verdict.False(v1alpha1.ReasonTargetNotFound, "%s", "spec.targetRef.name: "+missing)
	}
	if field := snapshot.NotUnderstood(e.ApprovalDecision); field != "" {
		value := string(e.Spec.Decision)
		if field == "spec.party" {
			value = string(e.Spec.Party)
		}
		message := fmt.Sprintf("this version does not know %q, so the decision does not count: upgrade the manager, or create another ApprovalDecision", value)
		e.findings.Errorf(RuleDecisionNotUnderstood, field, "%s", message)
		return verdict.Unknown(v1alpha1.ReasonNotEvaluated, "%s", field+": "+message)
	}
	if e.Spec.DecidedTime.IsZero() {
		const message = "a decision needs the time at which it was made"
		e.findings.Errorf(RuleDecisionUndated, "spec.decidedTime", message)
		return verdict.Unknown(v1alpha1.ReasonNotEvaluated, "%s", "spec.decidedTime: "+message)
	}
	return judge()
}

// target finds what the decision is about, and returns how decisions on it are judged; why they cannot be when it is not there.
func (e *evaluation) target() (judge func() verdict.Judgement, missing string) {
	kind, name := e.Spec.TargetRef.Kind, e.Spec.TargetRef.Name
	notFound := func(names []string) (func() verdict.Judgement, string) {
		return nil, verdict.NotFound(kind, string(name), names)
	}
	switch kind {
	case kinds.JointPlan:
		of := e.Plan(name)
		if of == nil {
			return notFound(e.PlanNames())
		}
		return func() verdict.Judgement {
			return plan.JudgeDecision(e.Snapshot, of, e.ApprovalDecision, e.now, e.horizon)
		}, ""
	case kinds.PlanReview:
		of := e.Review(name)
		if of == nil {
			return notFound(e.ReviewNames())
		}
		return func() verdict.Judgement {
			return plan.JudgeAnswer(e.Snapshot, of, e.ApprovalDecision, e.now, e.horizon)
		}, ""
	case kinds.MDFAllocation:
		asked := e.Allocation(name)
		if asked == nil {
			return notFound(e.AllocationNames())
		}
		r := e.request(asked)
		return e.onMoney(r.Case, r.Calendar()), ""
	case kinds.MDFClaim:
		made := e.Claim(name)
		if made == nil {
			return notFound(e.ClaimNames())
		}
		r := &request.Request{Object: &v1alpha1.MDFAllocation{}}
		if a := e.Allocation(made.Spec.AllocationRef.Name); a != nil {
			r = e.request(a)
		}
		return e.onMoney(claim.CaseOf(r, made), r.Calendar()), ""
	}
	return notFound(nil)
}

func (e *evaluation) request(of *v1alpha1.MDFAllocation) *request.Request {
	return request.Of(facts.Of(e.Snapshot, e.now), of)
}

// onMoney judges decisions on a request or claim by the calendar of its program.
func (e *evaluation) onMoney(c approval.Case, cal *fiscal.Calendar) func() verdict.Judgement {
	return func() verdict.Judgement {
		return approval.Effect(e.Snapshot, c, e.ApprovalDecision, cal, &e.findings, e.horizon, e.now)
	}
}
