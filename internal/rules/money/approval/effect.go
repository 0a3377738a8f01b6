package approval

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
	"jointplan.dev/jointplan/internal/verdict"
)

// RuleDecisionAmount: an approval in part states an amount that is above what was requested, or that cannot be used. Remedy: create another
// ApprovalDecision with the amount that is meant.
const RuleDecisionAmount = "DecisionAmount"

// Effect says whether a decision on a request or claim of the snapshot counts, as the condition Effective, beside the other decisions on it. It adds what is
// wrong in the decision to findings, and notes when any of this may change. Days are those of the calendar.
func Effect(
	snap *snapshot.Snapshot, c Case, d *v1alpha1.ApprovalDecision, cal *fiscal.Calendar, findings *verdict.Findings, horizon *verdict.Horizon, now time.Time,
) verdict.Judgement {
	decisions := snap.DecisionsAbout(c.Kind, c.Name)
	var f *fold
	if held := snap.Decision(v1alpha1.Name(d.Name)); snapshot.Same(held, d) {
		d = held
		f = snapshot.Once(snap, snapshot.Everything, now, foldOf{c.Kind, c.Name}, func() *fold { return foldDecisions(decisions, c, now) })
	} else { // a decision as it might be
		others := slices.DeleteFunc(slices.Clone(decisions), func(x *v1alpha1.ApprovalDecision) bool { return x.Name == d.Name })
		f = foldDecisions(append(others, d), c, now)
	}
	horizon.At(f.next)
	return f.judge(d, cal, findings)
}

// foldOf is the key of the decisions on a request or claim.
type foldOf struct {
	kind string
	name v1alpha1.Name
}

// judge returns the condition Effective of a decision that was folded.
func (f *fold) judge(d *v1alpha1.ApprovalDecision, cal *fiscal.Calendar, findings *verdict.Findings) verdict.Judgement {
	r := f.rulings[d.Name]
	if f.showsCreatives(d) && (r.reason != "" || d.Spec.Revision != f.Revision) {
		return verdict.True(v1alpha1.ReasonEffective, "counts for %s; it approves nothing else, as the request is approved without it, was changed, or had begun",
			verdict.Count(len(d.Spec.Creatives), "creative"))
	}
	switch {
	case r.reason == v1alpha1.ReasonNotYetInForce:
		return verdict.False(r.reason, "spec.decidedTime is in the future: it counts from %s on", verdict.Instant(d.Spec.DecidedTime.Time))
	case r.reason == v1alpha1.ReasonPartyNotAsked:
		return verdict.False(r.reason, "money is approved by the vendor, not by the %s", d.Spec.Party)
	case d.Spec.Revision != f.Revision:
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
		return verdict.False(r.reason, "%s requested the money and cannot approve it: someone else at the vendor must", f.asker(d))
	case v1alpha1.ReasonRecorderApproves:
		return verdict.False(r.reason, "%s recorded %s %q for %s from a document, and so cannot approve it: someone else at the vendor must", d.Spec.ApprovedBy,
			f.Kind, f.Name, f.Requester)
	case rulingBegun:
		return verdict.False(v1alpha1.ReasonAfterTheFact, "%s", f.begunWords(cal)+": nothing is granted after the fact"+f.exceptionWords(cal))
	case v1alpha1.ReasonNoException:
		return verdict.False(r.reason, "%s", f.noException(d, r.by, cal))
	case rulingVoid:
		return verdict.False(v1alpha1.ReasonSuperseded, "%s, which voids the approvals before it", sentBackWords(r.by, cal))
	case rulingEnded:
		return verdict.False(v1alpha1.ReasonSuperseded, "%s after it had been approved, which is final for this revision: request again with a new requestID or other content",
			sentBackWords(r.by, cal))
	case rulingComplete:
		return verdict.False(v1alpha1.ReasonSuperseded, "the approval of this revision was complete with ApprovalDecision %q of %s: to take it back, reject the revision",
			r.by.Name, verdict.Instant(r.by.Spec.DecidedTime.Time))
	default:
		return verdict.False(v1alpha1.ReasonSuperseded, "the vendor decided on this revision again: %s in ApprovalDecision %q of %s",
			r.by.Spec.Decision, r.by.Name, verdict.Instant(r.by.Spec.DecidedTime.Time))
	}
}

// begunWords says until when an approval would have counted.
func (f *fold) begunWords(cal *fiscal.Calendar) string {
	return fmt.Sprintf("an approval had to come by %s, the first day of the activity", cal.Today(f.Begun.Add(-1)))
}

// exceptionWords says how the money can be granted all the same; nothing when it cannot. An approval within the vendor's days is a decision, so what is
// undecided after one is so beyond them.
func (f *fold) exceptionWords(cal *fiscal.Calendar) string {
	if f.decided != nil || f.Late.IsZero() {
		return ""
	}
	return fmt.Sprintf(". The vendor left the request undecided beyond %s, its last day, so two of its people may approve it as an exception (spec.exception)",
		cal.Today(f.Late.Add(-1)))
}

// noException says why an exception does not count.
func (f *fold) noException(d, decided *v1alpha1.ApprovalDecision, cal *fiscal.Calendar) string {
	switch {
	case f.Begun.IsZero() || f.Late.IsZero():
		return "the request is not made, or granted already, so there is nothing to make an exception of: create an ApprovalDecision without spec.exception"
	case !f.hasBegun(d):
		return fmt.Sprintf("the activity had not begun: an approval without spec.exception counts through %s", cal.Today(f.Begun.Add(-1)))
	case decided != nil:
		return fmt.Sprintf("the vendor decided in time (%s on %s in ApprovalDecision %q), so there is no exception", decided.Spec.Decision,
			cal.Today(decided.Spec.DecidedTime.Time), decided.Name)
	default:
		return fmt.Sprintf("the vendor had through %s to decide: only what it left undecided beyond that day is granted as an exception", cal.Today(f.Late.Add(-1)))
	}
}

// judgeOther judges a decision on another content than the current one: it counts only while it withdraws what was approved.
func (f *fold) judgeOther(d *v1alpha1.ApprovalDecision) verdict.Judgement {
	other := f.of(d.Spec.Revision)
	if now := f.of(f.Revision); other.withdrawnBy == d && now.completedOn.IsZero() && now.withdrawnBy == nil {
		return verdict.True(v1alpha1.ReasonEffective, "counts: it withdraws the approval of revision %s, and the current "+
			"revision %s is not "+
			"approved", revision.Short(d.Spec.Revision), revision.Short(f.Revision))
	}
	return verdict.False(v1alpha1.ReasonStale, "revision %s is not the current version of %s %q, which is revision %s: to "+
		"decide on the current version, create another ApprovalDecision; the next steps of the %s say who decides and by when", revision.Short(d.Spec.Revision), f.Kind, f.Name, f.Revision, f.Kind)
}

// judgeCounting judges a decision that counts for the current revision.
func (f *fold) judgeCounting(d *v1alpha1.ApprovalDecision, findings *verdict.Findings) verdict.Judgement {
	r := f.of(f.Revision)
	switch {
	case r.withdrawnBy == d:
		return verdict.True(v1alpha1.ReasonEffective, "counts: it withdraws the approval of the current revision")
	case d.Spec.Decision != v1alpha1.DecisionApproved && d.Spec.Decision != v1alpha1.DecisionApprovedInPart:
		return verdict.True(v1alpha1.ReasonEffective, "counts: the current revision is %s", strings.ToLower(string(d.Spec.Decision)))
	}
	text := "counts: with it the current revision is approved"
	if d.Spec.Exception != nil {
		text = "counts: with it the current revision is approved as an exception"
	}
	switch {
	case r.completedOn.IsZero() && d.Spec.Exception != nil:
		text = "counts, but an exception needs the approval of two different people"
	case r.completedOn.IsZero():
		text = "counts, but the current revision needs the approval of more people"
	case r.last != d:
		text = fmt.Sprintf("counts: the current revision is approved, in full with ApprovalDecision %q", r.last.Name)
	}
	if amount, err := f.stated(d); err == nil && f.Most >= 0 && amount > f.Most {
		message := fmt.Sprintf("%s is approved, but only %s is requested: it counts for that", money.Format(amount, f.Currency), money.Format(f.Most, f.Currency))
		findings.Warningf(RuleDecisionAmount, "spec.amount", "%s. If less was meant, create another ApprovalDecision", message)
		return verdict.True(v1alpha1.ReasonAmountTooHigh, "%s", message)
	}
	return verdict.True(v1alpha1.ReasonEffective, "%s", text)
}
