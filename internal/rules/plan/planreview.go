package plan

import (
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/verdict"
)

// EvaluateReview says whether the record of a meeting counts at an instant, and when that may change although no spec does (zero: never).
func EvaluateReview(p *snapshot.Snapshot, r *v1alpha1.PlanReview, now time.Time) (status v1alpha1.PlanReviewStatus, next time.Time) {
	var findings verdict.Findings
	conditions := verdict.NewConditions(r.Status.Conditions, r.Generation, now)
	status.Revision = meeting.Revision(&r.Spec)
	if why := p.Beyond(r); why != "" {
		conditions.LeftOut(&findings, why, v1alpha1.ConditionCounts)
		status.ObservedGeneration, status.Conditions, status.Findings = r.Generation, conditions.List(), findings.List()
		return status, time.Time{}
	}
	of := p.Plan(r.Spec.PlanRef.Name)
	var counts verdict.Judgement
	if of == nil {
		missing := verdict.NotFound(kinds.JointPlan, string(r.Spec.PlanRef.Name), p.PlanNames())
		findings.Errorf(verdict.RuleReferenceNotFound, "spec.planRef.name", "%s", missing)
		counts = verdict.False(v1alpha1.ReasonPlanNotFound, "%s", "spec.planRef.name: "+missing)
	} else {
		counts, next = judgeReview(p, of, r, now, &status, &findings)
	}
	conditions.Judge(v1alpha1.ConditionCounts, counts)
	conditions.Readiness(&findings)
	status.ObservedGeneration, status.Conditions, status.Findings = r.Generation, conditions.List(), findings.List()
	return status, next
}

func judgeReview(
	p *snapshot.Snapshot, of *v1alpha1.JointPlan, r *v1alpha1.PlanReview, now time.Time, status *v1alpha1.PlanReviewStatus, findings *verdict.Findings,
) (verdict.Judgement, time.Time) {
	result := Of(p, of, now)
	told := result.Meetings[r.Name]
	if told == nil {
		return verdict.Unknown(v1alpha1.ReasonNotEvaluated, "JointPlan %q cannot be evaluated, so the rules for its records cannot be determined: see its findings",
			of.Name), result.NextChange
	}
	today := fiscal.UTC().Today(now)
	if result.RuleSet != nil {
		today = resolve(p, result.Terms).program.Today(now)
	}
	told.Fill(status, today)
	status.SlotDue = told.SlotDue.Date()
	findings.Append(told.Findings...)
	return told.Counts, result.NextChange
}

// JudgeAnswer says whether a decision on the record of a meeting counts at an instant. It does not need to be in the snapshot, so that a draft is judged
// in the same way.
func JudgeAnswer(
	p *snapshot.Snapshot, r *v1alpha1.PlanReview, d *v1alpha1.ApprovalDecision, now time.Time, horizon *verdict.Horizon,
) verdict.Judgement {
	of := p.Plan(r.Spec.PlanRef.Name)
	if of == nil {
		return verdict.Unknown(v1alpha1.ReasonNotEvaluated, "JointPlan %q does not exist, so the rules for its records cannot be determined", r.Spec.PlanRef.Name)
	}
	var found *meetingRecords
	if snapshot.Same(p.Decision(v1alpha1.Name(d.Name)), d) {
		found = snapshot.Once(p, snapshot.Judgement, now, recordsOf{of.Name}, func() *meetingRecords {
			return recordsFor(p, of, func(name v1alpha1.Name) []*v1alpha1.ApprovalDecision { return p.DecisionsAbout(kinds.PlanReview, name) }, now)
		})
	} else { // a decision as it might be
		found = recordsFor(p, of, func(name v1alpha1.Name) []*v1alpha1.ApprovalDecision {
			decisions := p.DecisionsAbout(kinds.PlanReview, name)
			if string(name) != r.Name {
				return decisions
			}
			decisions = slices.DeleteFunc(slices.Clone(decisions), func(x *v1alpha1.ApprovalDecision) bool { return x.Name == d.Name })
			return append(decisions, d)
		}, now)
	}
	horizon.At(found.next)
	switch record := found.byName[r.Name]; {
	case found.unknown:
		return verdict.Unknown(v1alpha1.ReasonNotEvaluated, "JointPlan %q cannot be evaluated, so the rules for its records cannot be determined: see its findings", of.Name)
	case record == nil:
		return verdict.Unknown(v1alpha1.ReasonNotEvaluated, "PlanReview %q is not among the records of its plan", r.Name)
	default:
		return record.Answer(d.Name)
	}
}

// recordsOf is the key of the records of the meetings about a plan.
type recordsOf struct{ plan string }

// meetingRecords are the records of the meetings about a plan, by name.
type meetingRecords struct {
	byName  map[string]*meeting.Record
	unknown bool // the rules by which they count are not known
	next    time.Time
}

// recordsFor says how the records of the meetings about a plan stand.
func recordsFor(
	p *snapshot.Snapshot, of *v1alpha1.JointPlan, answers func(name v1alpha1.Name) []*v1alpha1.ApprovalDecision, now time.Time,
) *meetingRecords {
	horizon, found := verdict.NewHorizon(now), &meetingRecords{byName: map[string]*meeting.Record{}}
	approval := Approvals(p, of, now)
	horizon.At(approval.NextChange)
	terms := approval.termsOf(of)
	if g := resolve(p, terms); g.problem != nil {
		found.unknown = true
	} else {
		rules := meeting.With(meeting.NewRules(g.program.Calendar, g.rules.RuleSet), g.needs(g.tierAtStart(p, now, horizon), terms))
		for _, record := range meeting.All(&rules, p.ReviewsOf(v1alpha1.Name(of.Name)), answers, now, horizon) {
			found.byName[record.Name] = record
		}
	}
	found.next = horizon.Next()
	return found
}
