package plan

import (
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/verdict"
)

// judgeApproved returns the condition Approved.
func (e *evaluation) judgeApproved() verdict.Judgement {
	a := e.approval
	switch {
	case a.Record != nil && a.Record.Revision == a.Revision:
		return verdict.True(v1alpha1.ReasonApproved, "revision %s is approved by %s, in full since %s", revision.Short(a.Revision), e.approvers(a.Record), e.localDay(a.Record.ApprovedTime))
	case a.Record != nil:
		return verdict.False(v1alpha1.ReasonAmendmentPending, "the plan of record, revision %s, approved in full on %s, stays in force; the amendment is not approved: %s",
			revision.Short(a.Record.Revision), e.localDay(a.Record.ApprovedTime), e.decisions())
	case e.sentBack() == string(v1alpha1.DecisionRejected):
		return verdict.False(v1alpha1.ReasonRejected, "%s", e.openDecisions()+e.withdrawn())
	case e.sentBack() == string(v1alpha1.DecisionReturned):
		return verdict.False(v1alpha1.ReasonReturned, "%s", e.openDecisions()+e.withdrawn())
	case e.isDraft():
		return verdict.False(v1alpha1.ReasonDraft, "%s", e.draft()+e.withdrawn())
	case e.isDecisionOverdue():
		return verdict.False(v1alpha1.ReasonDecisionOverdue, "%s", e.decisions()+e.withdrawn())
	default:
		return verdict.False(v1alpha1.ReasonAwaitingDecision, "%s", e.decisions()+e.withdrawn())
	}
}

// approvers names the parties and persons who approved a revision.
func (e *evaluation) approvers(record *Record) string {
	var names []string
	for _, approval := range record.Approvals {
		names = append(names, fmt.Sprintf("the %s (%s, %s%s)", approval.Party, approval.By, e.localDay(approval.DecidedTime.Time), attestedText(approval.AttestedBy)))
	}
	return verdict.List(names)
}

// sentBack returns the gravest decision other than Approved that a party took on the current revision; nothing when none did.
func (e *evaluation) sentBack() string {
	for _, decision := range []v1alpha1.DecisionOutcome{v1alpha1.DecisionRejected, v1alpha1.DecisionReturned} {
		if slices.ContainsFunc(e.approval.Parties, func(x v1alpha1.PartyApproval) bool { return x.State == string(decision) }) {
			return string(decision)
		}
	}
	return ""
}

// openDecisions says how each party stands to the current revision and what it has to do.
func (e *evaluation) openDecisions() string {
	a := e.approval
	if a.Asked == nil {
		return "nobody can decide on it before the errors in the spec are corrected: see findings"
	}
	var waiting []v1alpha1.Party
	var parts []string
	for _, state := range a.Parties {
		switch state.State {
		case stateMissing:
			waiting = append(waiting, state.Party)
		case string(v1alpha1.DecisionApproved):
			parts = append(parts, fmt.Sprintf("the %s approved it (%s, %s%s)", state.Party, state.By, e.localDay(state.DecidedTime.Time), attestedText(state.AttestedBy)))
		case string(v1alpha1.DecisionReturned):
			if state.Party == v1alpha1.PartyPartner && e.everSubmitted() {
				parts = append(parts, fmt.Sprintf("the partner took it back on %s (%s, ApprovalDecision %q says why), so nobody else has to decide: submit it as it is, or change "+
					"it first", e.localDay(state.DecidedTime.Time), state.By, state.Decision))
				return strings.Join(parts, "; ")
			}
			fallthrough
		default:
			parts = append(parts, fmt.Sprintf("the %s %s it on %s (%s, ApprovalDecision %q says why): change the plan, or let the %s decide again",
				state.Party, strings.ToLower(state.State), e.localDay(state.DecidedTime.Time), state.By, state.Decision, state.Party))
		}
	}
	if submitted := e.duty.pending() != nil && slices.Equal(waiting, []v1alpha1.Party{v1alpha1.PartyVendor}); len(waiting) > 0 && !submitted {
		parts = append(parts, fmt.Sprintf("waiting for the decision of %s on revision %s", theParties(waiting), a.Revision))
	}
	if a.Record == nil {
		parts = append(parts, e.outdated(waiting)...)
	}
	return strings.Join(parts, "; ")
}

// everSubmitted reports whether the partner has approved or submitted the current revision, whatever it said later.
func (e *evaluation) everSubmitted() bool {
	return slices.ContainsFunc(e.snapshot.DecisionsOn(v1alpha1.Name(e.plan.Name)), func(d *v1alpha1.ApprovalDecision) bool {
		return d.Spec.Party == v1alpha1.PartyPartner && d.Spec.Revision == e.approval.Revision && submits(d.Spec.Decision) && !d.Spec.DecidedTime.After(e.now)
	})
}

// outdated tells of the latest decision of each waiting party on other content. While a plan of record is in force these are of course about it.
func (e *evaluation) outdated(waiting []v1alpha1.Party) []string {
	var parts []string
	for _, party := range waiting {
		var latest *v1alpha1.ApprovalDecision
		for _, d := range snapshot.InOrder(e.snapshot.DecisionsOn(v1alpha1.Name(e.plan.Name))) {
			if at := d.Spec.DecidedTime.Time; d.Spec.Party == party && d.Spec.Revision != e.approval.Revision && !at.IsZero() && !at.After(e.now) {
				latest = d
			}
		}
		if latest != nil {
			parts = append(parts, fmt.Sprintf("ApprovalDecision %q is on an earlier version, revision %s", latest.Name, revision.Short(latest.Spec.Revision)))
		}
	}
	return parts
}

// notYet tells of decisions on the current revision or the plan of record that are dated in the future, in the order in which they will count.
func (e *evaluation) notYet() string {
	a := e.approval
	var parts []string
	for _, d := range snapshot.InOrder(e.snapshot.DecisionsOn(v1alpha1.Name(e.plan.Name))) {
		about := d.Spec.Revision == a.Revision || a.Record != nil && d.Spec.Revision == a.Record.Revision
		if about && d.Spec.DecidedTime.After(e.now) && slices.Contains(a.Asked, d.Spec.Party) {
			parts = append(parts, fmt.Sprintf("ApprovalDecision %q counts from %s on", d.Name, verdict.Instant(d.Spec.DecidedTime.Time)))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "; " + verdict.Some(parts, maxNamed)
}

// withdrawn tells of the plan of record that a party withdrew.
func (e *evaluation) withdrawn() string {
	history := e.approval.History
	if len(history) == 0 {
		return ""
	}
	last := history[len(history)-1]
	by := last.WithdrawnBy
	if by == nil {
		return ""
	}
	return fmt.Sprintf("; revision %s was the plan of record until the %s %s it on %s (ApprovalDecision %q)",
		revision.Short(last.Revision), by.Spec.Party, strings.ToLower(string(by.Spec.Decision)), e.localDay(last.EndedOn), by.Name)
}

// checkPeople notes approvals of both parties by people whose names look alike.
func (e *evaluation) checkPeople() {
	approvals := e.approval.Parties
	for i := range approvals {
		for j := range approvals[:i] {
			first, second := &approvals[j], &approvals[i]
			approved := first.State == string(v1alpha1.DecisionApproved) && second.State == string(v1alpha1.DecisionApproved)
			if approved && identity.LookAlike(first.By, second.By) {
				e.findings.Warningf(RulePeopleLookAlike, "spec", "%q, who approved for the %s (ApprovalDecision %q), and %q, who approved for the %s (ApprovalDecision %q), "+
					"look alike: find out whether they are two people; if they are one, return the plan, and let another person approve for one of the parties",
					first.By, first.Party, first.Decision, second.By, second.Party, second.Decision)
			}
		}
	}
}

// checkRecord notes what is wrong with the plan of record and what the current terms would change.
func (e *evaluation) checkRecord() {
	a := e.approval
	if a.Record == nil {
		return
	}
	unknown := ""
	if a.Record.Terms == nil {
		unknown = "; as nothing else holds the content of the plan of record, no plan is in force: the current terms are evaluated without approval"
	}
	for _, kept := range e.snapshot.RevisionsOf(v1alpha1.Name(e.plan.Name)) {
		if kept.Spec.Revision == a.Record.Revision && a.corrupt[kept.Name] {
			e.findings.Errorf(RuleRevisionCorrupt, fieldRecord, "the content of PlanRevision %q is not that of its revision %s%s: restore it from a backup, "+
				"or delete it and go back to the approved content of the plan, then it is written anew", kept.Name, revision.Short(kept.Spec.Revision), unknown)
			unknown = ""
		}
	}
	if unknown != "" {
		e.findings.Errorf(RuleRevisionMissing, fieldRecord, "no PlanRevision holds the content of the plan of record, revision %s%s: restore PlanRevision %q "+
			"from a backup, go back to the approved content, or approve the current revision", a.Record.Revision, unknown, a.Record.Name)
	}
	if a.Record.Terms != nil && a.Record.Revision != a.Revision {
		e.findings.Infof(RuleAmendmentPending, "spec", "the current terms are not approved and receive no funding until they are; they %s",
			Changes(a.Record.Terms, &e.plan.Spec.PlanTerms))
	}
}

// fieldRecord is the field that findings about the plan of record as a whole name.
const fieldRecord = "status.planOfRecord"

// attestedText marks a decision that somebody else recorded from a document; nothing for all others.
func attestedText(by string) string {
	if by == "" {
		return ""
	}
	return ", attested by " + by
}
