package funding

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/verdict"
)

// EvaluateDecision says whether a decision on a request or claim counts at an instant, and when that may change although no spec does (zero:
// never).
func EvaluateDecision(p *snapshot.Snapshot, d *v1alpha1.ApprovalDecision, now time.Time) (v1alpha1.ApprovalDecisionStatus, time.Time) {
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
	c, cal, missing := NewScene(p, facts.Gate{}, now).decided(target)
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
	decisions := slices.Clone(p.DecisionsAbout(target.Kind, target.Name))
	decisions = slices.DeleteFunc(decisions, func(x *v1alpha1.ApprovalDecision) bool { return x.Name == d.Name })
	f := foldDecisions(append(decisions, d), c, now)
	horizon.At(f.next)
	return f.judge(d, cal, findings)
}

// decided returns what decisions on a request or claim are about, with the calendar of its program; why it is not known when there is none.
func (s *Scene) decided(target v1alpha1.DecisionTargetReference) (c approvalCase, cal *fiscal.Calendar, missing string) {
	p := s.Snapshot
	a, claim := p.Allocation(target.Name), p.Claim(target.Name)
	switch {
	case target.Kind == facts.KindAllocation && a != nil:
		r := s.Request(a)
		return r.decided, (&requestInput{Request: r}).calendar(), ""
	case target.Kind == facts.KindAllocation:
		return c, nil, verdict.NotFound(target.Kind, string(target.Name), p.AllocationNames())
	case target.Kind != facts.KindClaim:
		return c, nil, verdict.NotFound(target.Kind, string(target.Name), nil)
	case claim == nil:
		return c, nil, verdict.NotFound(target.Kind, string(target.Name), p.ClaimNames())
	}
	r := &Request{Allocation: &v1alpha1.MDFAllocation{}}
	if a := p.Allocation(claim.Spec.AllocationRef.Name); a != nil {
		r = s.Request(a)
	}
	return s.claimCase(r, claim), (&requestInput{Request: r}).calendar(), ""
}

// judge returns the condition Effective of a decision that was folded.
func (f *fold) judge(d *v1alpha1.ApprovalDecision, cal *fiscal.Calendar, findings *verdict.Findings) verdict.Judgement {
	r := f.rulings[d.Name]
	switch {
	case r.reason == v1alpha1.ReasonNotYetInForce:
		return verdict.False(r.reason, "spec.decidedTime is in the future: it counts from %s on", instant(d.Spec.DecidedTime.Time))
	case r.reason == v1alpha1.ReasonPartyNotAsked:
		return verdict.False(r.reason, "money is approved by the Vendor, not by the %s", d.Spec.Party)
	case d.Spec.Revision != f.revision:
		return f.judgeOther(d)
	case r.err != nil:
		findings.Errorf(RuleDecisionAmount, "spec.amount", "%s", r.err)
		if r.reason == v1alpha1.ReasonCurrencyMismatch {
			return verdict.False(r.reason, "spec.amount: %s", r.err)
		}
		return verdict.Unknown(v1alpha1.ReasonNotEvaluated, "%s", "spec.amount: "+r.err.Error())
	}
	switch r.reason {
	case "":
		return f.judgeCounting(d, findings)
	case v1alpha1.ReasonSelfApproval:
		return verdict.False(r.reason, "%s asks for the money and cannot approve it: another person of the vendor has to", d.Spec.ApprovedBy)
	case rulingVoid:
		return verdict.False(v1alpha1.ReasonSuperseded, "%s, which voids the approvals before it", sentBackWords(r.by, cal))
	case rulingEnded:
		return verdict.False(v1alpha1.ReasonSuperseded, "%s after it had been approved, which ends this revision for good: ask again with another requestID, or other content",
			sentBackWords(r.by, cal))
	case rulingComplete:
		return verdict.False(v1alpha1.ReasonSuperseded, "the approval of this revision was complete with ApprovalDecision %q of %s: to take it back, reject the revision",
			r.by.Name, instant(r.by.Spec.DecidedTime.Time))
	default:
		return verdict.False(v1alpha1.ReasonSuperseded, "the vendor decided on this revision again: %s in ApprovalDecision %q of %s",
			r.by.Spec.Decision, r.by.Name, instant(r.by.Spec.DecidedTime.Time))
	}
}

// judgeOther judges a decision on another content than the current one: it counts only while it withdraws what was approved.
func (f *fold) judgeOther(d *v1alpha1.ApprovalDecision) verdict.Judgement {
	other := f.at(d.Spec.Revision)
	if now := f.at(f.revision); other.withdrawnBy == d && now.completedOn.IsZero() && now.withdrawnBy == nil {
		return verdict.True(v1alpha1.ReasonEffective, "counts: it withdraws the approval of revision %s, and the current "+
			"revision %s is not "+
			"approved", revision.Short(d.Spec.Revision), revision.Short(f.revision))
	}
	return verdict.False(v1alpha1.ReasonStale, "revision %s is not the current content of %s %q, which is revision %s: to "+
		"decide on the current "+
		"content, create another ApprovalDecision", revision.Short(d.Spec.Revision), f.kind, f.name, f.revision)
}

// judgeCounting judges a decision that counts for the current revision.
func (f *fold) judgeCounting(d *v1alpha1.ApprovalDecision, findings *verdict.Findings) verdict.Judgement {
	r := f.at(f.revision)
	switch {
	case r.withdrawnBy == d:
		return verdict.True(v1alpha1.ReasonEffective, "counts: it withdraws the approval of the current revision")
	case d.Spec.Decision != v1alpha1.DecisionApproved && d.Spec.Decision != v1alpha1.DecisionApprovedInPart:
		return verdict.True(v1alpha1.ReasonEffective, "counts: the current revision is %s", strings.ToLower(string(d.Spec.Decision)))
	}
	text := "counts: with it the current revision is approved"
	if r.completedOn.IsZero() {
		text = "counts, but the current revision needs the approval of more people"
	} else if r.last != d {
		text = fmt.Sprintf("counts: the current revision is approved, in full with ApprovalDecision %q", r.last.Name)
	}
	if amount, err := f.stated(d); err == nil && f.most >= 0 && amount > f.most {
		message := fmt.Sprintf("%s is approved, but only %s is asked for: it counts for that", money.Format(amount, f.currency), money.Format(f.most, f.currency))
		findings.Warningf(RuleDecisionAmount, "spec.amount", "%s. If less was meant, create another ApprovalDecision", message)
		return verdict.True(v1alpha1.ReasonAmountTooHigh, "%s", message)
	}
	return verdict.True(v1alpha1.ReasonEffective, "%s", text)
}
