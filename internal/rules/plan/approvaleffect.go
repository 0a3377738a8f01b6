package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/verdict"
)

// JudgeDecision says whether a decision on a plan counts at an instant. It does not need to be in the snapshot, so that a draft is judged in the same way.
func JudgeDecision(
	p *snapshot.Snapshot, plan *v1alpha1.JointPlan, d *v1alpha1.ApprovalDecision, now time.Time, horizon *verdict.Horizon,
) verdict.Judgement {
	var a *Approval
	if snapshot.Same(p.Decision(v1alpha1.Name(d.Name)), d) {
		a = Approvals(p, plan, now)
	} else {
		decisions := slices.Clone(p.DecisionsOn(d.Spec.TargetRef.Name))
		decisions = slices.DeleteFunc(decisions, func(x *v1alpha1.ApprovalDecision) bool { return x.Name == d.Name })
		a = approvals(p, plan, append(decisions, d), now)
	}
	horizon.At(a.NextChange)
	return a.judge(plan, d)
}

// judge returns the condition Effective of a decision that was folded.
func (a *Approval) judge(plan *v1alpha1.JointPlan, d *v1alpha1.ApprovalDecision) verdict.Judgement {
	current := d.Spec.Revision == a.Revision
	switch r := a.verdicts[d.Name]; r.reason {
	case "":
		return a.judgeLatest(plan, d)
	case v1alpha1.ReasonNotYetInForce:
		return verdict.False(r.reason, "spec.decidedTime is in the future: it counts from %s on", verdict.Instant(d.Spec.DecidedTime.Time))
	case v1alpha1.ReasonPartyNotAsked:
		message := fmt.Sprintf("the program does not ask the %s to approve plans of this period", d.Spec.Party)
		if d.Spec.Party == v1alpha1.PartyPartner {
			message += ": the partner submits the plan with an ApprovalDecision whose decision is Submitted, and the vendor approves it"
		}
		return verdict.False(r.reason, "%s", message)
	case v1alpha1.ReasonApprovalAsked:
		return verdict.False(r.reason, "the program asks the partner to approve plans of this period, and its approval is its submission: create an "+
			"ApprovalDecision whose decision is Approved")
	case v1alpha1.ReasonSelfApproval:
		return verdict.False(r.reason, "%s %s this revision for the %s too, in ApprovalDecision %q: one person cannot decide for both parties; someone else "+
			"at the %s must decide", d.Spec.ApprovedBy, strings.ToLower(string(r.by.Spec.Decision)), r.by.Spec.Party, r.by.Name, d.Spec.Party)
	case v1alpha1.ReasonRecorderApproves:
		attested, other := d, r.by
		if !recordedBy(attested, other.Spec.ApprovedBy) {
			attested, other = other, attested
		}
		return verdict.False(r.reason, "%s approves this revision for the %s in ApprovalDecision %q and recorded that of the %s in ApprovalDecision %q from a document: one "+
			"person cannot do both; let another person approve for the %s, or record it", other.Spec.ApprovedBy, other.Spec.Party, other.Name, attested.Spec.Party,
			attested.Name, other.Spec.Party)
	case v1alpha1.ReasonSuperseded:
		return verdict.False(r.reason, "the %s decided on this revision again: %s in ApprovalDecision %q of %s",
			d.Spec.Party, r.by.Spec.Decision, r.by.Name, verdict.Instant(r.by.Spec.DecidedTime.Time))
	case reasonReplaced:
		if !current {
			return a.stale(plan, d)
		}
		return verdict.False(v1alpha1.ReasonSuperseded, "revision %s became the plan of record on %s in place of this one, so going back to this one needs "+
			"a new decision of each party: create another ApprovalDecision", revision.Short(r.by.Spec.Revision), verdict.Instant(r.by.Spec.DecidedTime.Time))
	default:
		return verdict.Unknown(v1alpha1.ReasonNotEvaluated, "JointPlan %q cannot be evaluated, so its approvers cannot be determined: see its findings", plan.Name)
	}
}

// judgeLatest judges a decision that is its party's latest one on a revision.
func (a *Approval) judgeLatest(plan *v1alpha1.JointPlan, d *v1alpha1.ApprovalDecision) verdict.Judgement {
	ofRecord := a.Record != nil && a.Record.Revision == d.Spec.Revision
	var of string
	switch current := d.Spec.Revision == a.Revision; {
	case current && ofRecord:
		of = "the current revision, which is the plan of record"
	case current:
		of = "the current revision"
	case ofRecord:
		of = "the plan of record"
	default:
		return a.stale(plan, d)
	}
	return verdict.True(v1alpha1.ReasonEffective, "counts as the decision of the %s on %s: %s%s", d.Spec.Party, of, d.Spec.Decision, attestedText(recorderOf(d)))
}

// stale says that a decision is about content that is neither current nor of record.
func (a *Approval) stale(plan *v1alpha1.JointPlan, d *v1alpha1.ApprovalDecision) verdict.Judgement {
	message := fmt.Sprintf("revision %s is not the current version of JointPlan %q, which is revision %s", revision.Short(d.Spec.Revision), plan.Name, a.Revision)
	if a.Record != nil && a.Record.Revision != a.Revision {
		message += fmt.Sprintf(", nor its plan of record, %s", revision.Short(a.Record.Revision))
	}
	return verdict.False(v1alpha1.ReasonStale, "%s", message+": to decide on the current version, create another ApprovalDecision; the next steps of the plan say who decides and by when")
}
