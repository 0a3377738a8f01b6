package request

import (
	"fmt"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// resubmittedInTime says that a request which was sent back was submitted again too late before the activity. Where the program sets a lead time for
// that, what was changed since states the day.
func resubmittedInTime(in *input) (reason, message string, failed bool) {
	last, lead := resubmissionDay(in.Request)
	if last.IsZero() || !in.Submitted {
		return "", "", false
	}
	text := fmt.Sprintf("a request for %s that was sent back must be submitted again at least %s before it starts on %s, so by %s", in.Activity.Type, lead,
		in.Starts, last)
	switch back := in.changedAfterReturn(); {
	case !in.Resubmitted.IsZero():
		if in.Resubmitted <= last {
			return "", "", false
		}
		return v1alpha1.ReasonResubmissionTooLate, fmt.Sprintf("%s; it was on %s (spec.resubmittedOn): choose a later start", text, in.Resubmitted), true
	case back != nil && in.Activity.ResubmissionLeadTimeDays != nil:
		return v1alpha1.ReasonResubmissionTooLate, fmt.Sprintf("%s; it was %s on %s and changed since: state in spec.resubmittedOn the day on which it is submitted again",
			text, strings.ToLower(string(back.Spec.Decision)), in.cal.Today(back.Spec.DecidedTime.Time)), true
	}
	return "", "", false
}

// changedAfterReturn returns the last decision that sent back another content than the current one, after the day of the first request and before
// the current one was approved; nil when there is none.
func (in *input) changedAfterReturn() *v1alpha1.ApprovalDecision {
	var last *v1alpha1.ApprovalDecision
	for _, d := range snapshot.InOrder(in.facts.Snapshot.DecisionsAbout(kinds.MDFAllocation, v1alpha1.Name(in.Object.Name))) {
		at := d.Spec.DecidedTime.Time
		sends := d.Spec.Decision == v1alpha1.DecisionReturned || d.Spec.Decision == v1alpha1.DecisionRejected
		if !sends || at.IsZero() || at.After(in.facts.Now) || d.Spec.Party != v1alpha1.PartyVendor || d.Spec.Revision == in.Revision {
			continue
		}
		if in.cal.Today(at) > in.asked && (!in.Approval.Complete || at.Before(in.Approval.DecidedTime)) {
			last = d
		}
	}
	return last
}
