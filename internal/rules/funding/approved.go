package funding

import (
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/verdict"
)

const sentBackRemedy = "%s: change what it objects to and have the new content approved"

// judge says how the approval of a request or claim stands: Approved, ApprovedInPart, ApprovalWithdrawn, Returned, Rejected, SelfApproval,
// SecondApproverMissing or AwaitingDecision.
func (a *Approval) judge(c *approvalCase, cal *fiscal.Calendar) verdict.Judgement {
	sentBack := a.SentBack
	if sentBack != nil && sentBack.Spec.Revision != c.revision {
		sentBack = nil // it is about an earlier content
	}
	missing := a.Needed - len(a.Approvals)
	switch {
	case a.Complete && a.Amount >= 0:
		return verdict.True(v1alpha1.ReasonApprovedInPart, "%s is approved by %s", c.part(a.Amount), a.approvers(cal))
	case a.Complete:
		return verdict.True(v1alpha1.ReasonApproved, "revision %s is approved by %s", revision.Short(c.revision), a.approvers(cal))
	case a.withdrawnBy != nil:
		return verdict.False(v1alpha1.ReasonApprovalWithdrawn, "the approval was withdrawn for good: %s", sentBackWords(a.withdrawnBy, cal))
	case a.Withdrawn:
		return verdict.False(v1alpha1.ReasonApprovalWithdrawn, "the approval of the content before this one was withdrawn for good")
	case sentBack != nil && sentBack.Spec.Decision == v1alpha1.DecisionRejected:
		return verdict.False(v1alpha1.ReasonRejected, sentBackRemedy, sentBackWords(sentBack, cal))
	case sentBack != nil:
		return verdict.False(v1alpha1.ReasonReturned, sentBackRemedy, sentBackWords(sentBack, cal))
	case len(a.Approvals) > 0:
		return verdict.False(v1alpha1.ReasonSecondApproverMissing, "approved by %s; the budget's limits of authority ask for %d people, so %s must approve revision %s%s",
			a.approvers(cal), a.Needed, more(missing), c.revision, a.selfWords())
	case a.Self != nil:
		return verdict.False(v1alpha1.ReasonSelfApproval, "%s asks for the money and approved it in ApprovalDecision %q, which does not count: %s of the vendor must "+
			"approve revision %s",
			a.Self.Spec.ApprovedBy, a.Self.Name, others(missing), c.revision)
	default:
		return verdict.False(v1alpha1.ReasonAwaitingDecision, "waiting for %s on revision %s: create an ApprovalDecision with targetRef {kind: %s, name: %s}, that "+
			"revision, party Vendor, "+
			"the decision, approvedBy and decidedTime", whom(missing), c.revision, c.kind, c.name)
	}
}

// part writes what is approved of what is asked for.
func (c *approvalCase) part(amount int64) string {
	if c.most < 0 {
		return money.Format(amount, c.currency)
	}
	return money.Format(amount, c.currency) + " of " + money.Format(c.most, c.currency)
}

// approvers names the people who approved: "vera (2026-08-05) and walt (2026-08-06)".
func (a *Approval) approvers(cal *fiscal.Calendar) string {
	var names []string
	for _, approval := range a.Approvals {
		names = append(names, fmt.Sprintf("%s (%s)", approval.By, cal.Today(approval.DecidedTime.Time)))
	}
	return verdict.List(names)
}

// selfWords tells of an approval by the requester beside others.
func (a *Approval) selfWords() string {
	if a.Self == nil {
		return ""
	}
	return fmt.Sprintf("; %s asks for the money, so ApprovalDecision %q does not count", a.Self.Spec.ApprovedBy, a.Self.Name)
}

// sentBackWords says who returned or rejected it, and when.
func sentBackWords(d *v1alpha1.ApprovalDecision, cal *fiscal.Calendar) string {
	return fmt.Sprintf("%s %s it on %s (ApprovalDecision %q says why)",
		d.Spec.ApprovedBy, strings.ToLower(string(d.Spec.Decision)), cal.Today(d.Spec.DecidedTime.Time), d.Name)
}

// more returns "1 more person" or "2 more people".
func more(n int) string {
	if n == 1 {
		return "1 more person"
	}
	return fmt.Sprintf("%d more people", n)
}

// others returns "another person" or "2 other people".
func others(n int) string {
	if n == 1 {
		return "another person"
	}
	return fmt.Sprintf("%d other people", n)
}

// whom says whose decision is waited for.
func whom(n int) string {
	if n == 1 {
		return "the decision of the vendor"
	}
	return fmt.Sprintf("the approval of %d people of the vendor, as the budget's limits of authority ask,", n)
}

// judgeApproved says how the request's approval stands. While the ledger holds money for it, a change of the request leaves that reserved.
func (in *requestInput) judgeApproved() verdict.Judgement {
	a, c := in.Approval, in.decided
	_, granted := in.Held()
	if a.Withdrawn && a.withdrawnBy == nil && !granted {
		a.Withdrawn = false // the content of now was never granted, so it can be approved
	}
	j := a.judge(&c, in.cal)
	sentBack := j.Reason == v1alpha1.ReasonReturned || j.Reason == v1alpha1.ReasonRejected
	switch {
	case j.Reason == v1alpha1.ReasonApprovalWithdrawn:
		j.Message += ": to ask again, set another requestID and have the request approved"
	case j.Status == metav1.ConditionTrue:
		j.Message += in.belowLeast()
	case a.Changed && !in.anew() && !sentBack:
		effect := ""
		if granted {
			effect = "what is granted stays reserved, and nothing is paid until then; "
		}
		j.Reason, j.Message = v1alpha1.ReasonChangePending, "the request was changed after its approval: have the change approved, or undo it; "+effect+j.Message
	case j.Reason == v1alpha1.ReasonAwaitingDecision && !in.Submitted:
		j.Reason, j.Message = v1alpha1.ReasonDraft, "the request is a draft, which nobody has to decide on: set spec.requestedOn to submit it"
	}
	return j
}

// anew reports whether the request is another one than those for which the ledger ever reserved money for this allocation.
func (in *requestInput) anew() bool {
	if in.Ledger == nil {
		return false
	}
	if _, granted := in.Held(); granted {
		return false
	}
	owner := in.Allocation.Namespace + "/" + in.Allocation.Name + "/"
	for key := range in.Ledger.Spec.Reserved {
		if strings.HasPrefix(key, owner) {
			return true
		}
	}
	return false
}

// belowLeast says that less is approved than the request would accept.
func (in *requestInput) belowLeast() string {
	spec := &in.Allocation.Spec
	if spec.AcceptAtLeast == "" || in.Approval.Amount < 0 {
		return ""
	}
	least, err := money.Parse(spec.AcceptAtLeast, spec.Amount.Currency)
	if err != nil || least <= in.Approval.Amount {
		return ""
	}
	return fmt.Sprintf("; that is less than the %s that the request accepts at least: to decline it, withdraw the request (spec.withdrawnOn)",
		money.Format(least, spec.Amount.Currency))
}

// checkReservation warns of money that is reserved for a request which nobody approved: a decision was deleted, or who may approve was changed.
func (in *requestInput) checkReservation() {
	reserved, _ := in.Held()
	if a := &in.Approval; reserved == 0 || a.Complete || a.Changed || a.Withdrawn {
		return
	}
	in.findings.Warningf(RuleReservationUnapproved, "spec", "%s is reserved though no approval holds any more, because a decision was deleted or more "+
		"people must approve: it "+
		"stays reserved and nothing is paid on it. Have revision %s approved, or withdraw the request", money.Format(reserved, in.Ledger.Spec.Currency), in.Revision)
}
