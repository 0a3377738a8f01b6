package approval

import (
	"fmt"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/verdict"
)

const sentBackRemedy = "%s: change what it objects to and have the new content approved"

// Judge says how the approval of a request or claim stands: Approved, ApprovedInPart, ApprovalWithdrawn, Returned, Rejected, SelfApproval,
// SecondApproverMissing or AwaitingDecision.
func (a *Approval) Judge(c *Case, cal *fiscal.Calendar) verdict.Judgement {
	sentBack := a.SentBack
	if sentBack != nil && sentBack.Spec.Revision != c.Revision {
		sentBack = nil // it is about an earlier content
	}
	missing := a.Needed - len(a.Approvals)
	switch {
	case a.Complete && a.Exception:
		return verdict.True(v1alpha1.ReasonApprovedAsException, "%s is approved as an exception by %s, after the activity had begun", c.what(a.Amount), a.approvers(cal))
	case a.Complete && a.Amount >= 0:
		return verdict.True(v1alpha1.ReasonApprovedInPart, "%s is approved by %s", c.part(a.Amount), a.approvers(cal))
	case a.Complete:
		return verdict.True(v1alpha1.ReasonApproved, "revision %s is approved by %s", revision.Short(c.Revision), a.approvers(cal))
	case a.WithdrawnBy != nil:
		return verdict.False(v1alpha1.ReasonApprovalWithdrawn, "the approval was withdrawn, which is final: %s", sentBackWords(a.WithdrawnBy, cal))
	case a.Withdrawn:
		return verdict.False(v1alpha1.ReasonApprovalWithdrawn, "an earlier version's approval was withdrawn, which is final: set a new spec.requestID")
	case sentBack != nil && sentBack.Spec.Decision == v1alpha1.DecisionRejected:
		return verdict.False(v1alpha1.ReasonRejected, sentBackRemedy, sentBackWords(sentBack, cal))
	case sentBack != nil:
		return verdict.False(v1alpha1.ReasonReturned, sentBackRemedy, sentBackWords(sentBack, cal))
	case a.excepting():
		return verdict.False(v1alpha1.ReasonSecondApproverMissing, "approved as an exception by %s; an exception needs %d people of the vendor, so %s must approve it "+
			"for revision %s%s", a.approvers(cal), a.Needed, more(missing), c.Revision, a.selfWords(c))
	case len(a.Approvals) > 0:
		return verdict.False(v1alpha1.ReasonSecondApproverMissing, "approved by %s; the budget's approval limits require %d people, so %s must approve revision %s%s",
			a.approvers(cal), a.Needed, more(missing), c.Revision, a.selfWords(c))
	case a.AfterTheFact != nil:
		return verdict.False(v1alpha1.ReasonAfterTheFact, "%s approved it on %s in ApprovalDecision %q, which does not count: an approval had to come by %s, the first day "+
			"of the activity", a.AfterTheFact.Spec.ApprovedBy, cal.Today(a.AfterTheFact.Spec.DecidedTime.Time), a.AfterTheFact.Name, cal.Today(c.Begun.Add(-1)))
	case a.Self != nil && c.SelfReason(a.Self) == v1alpha1.ReasonRecorderApproves:
		return verdict.False(v1alpha1.ReasonRecorderApproves, "%s recorded the request for %s (spec.attestation) and approved it in ApprovalDecision %q, which does not "+
			"count: %s of the vendor must approve revision %s", a.Self.Spec.ApprovedBy, c.Requester, a.Self.Name, others(missing), c.Revision)
	case a.Self != nil:
		return verdict.False(v1alpha1.ReasonSelfApproval, "%s requested the money and approved it in ApprovalDecision %q, which does not count: %s of the vendor must "+
			"approve revision %s",
			c.asker(a.Self), a.Self.Name, others(missing), c.Revision)
	default:
		return verdict.False(v1alpha1.ReasonAwaitingDecision, "waiting for %s on revision %s", whom(missing), c.Revision)
	}
}

// excepting reports whether some people, but not enough, have approved an exception.
func (a *Approval) excepting() bool { return len(a.Approvals) > 0 && !a.Complete && a.excepted }

// what writes what is approved.
func (c *Case) what(amount int64) string {
	if amount >= 0 {
		return c.part(amount)
	}
	return "revision " + revision.Short(c.Revision)
}

// part writes what is approved of what is requested.
func (c *Case) part(amount int64) string {
	if c.Most < 0 {
		return money.Format(amount, c.Currency)
	}
	return money.Format(amount, c.Currency) + " of " + money.Format(c.Most, c.Currency)
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
func (a *Approval) selfWords(c *Case) string {
	if a.Self == nil {
		return ""
	}
	if c.SelfReason(a.Self) == v1alpha1.ReasonRecorderApproves {
		return fmt.Sprintf("; %s recorded it for %s, so ApprovalDecision %q does not count", a.Self.Spec.ApprovedBy, c.Requester, a.Self.Name)
	}
	return fmt.Sprintf("; %s requested the money, so ApprovalDecision %q does not count", c.asker(a.Self), a.Self.Name)
}

// asker names who decided on what the same person asks for or claims, with the other spelling where there is one.
func (c *Case) asker(d *v1alpha1.ApprovalDecision) string {
	by := d.Spec.ApprovedBy
	switch {
	case by == c.Requester, by == c.Owner:
		return by
	case identity.SamePerson(by, c.Requester):
		return fmt.Sprintf("%s (%q in spec.requestedBy)", by, c.Requester)
	default:
		return fmt.Sprintf("%s (%q in the request)", by, c.Owner)
	}
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
	return fmt.Sprintf("the approval of %d people of the vendor, as the budget's approval limits require,", n)
}
