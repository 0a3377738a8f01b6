package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// findDuty finds whose turn it is, after all that is wrong in the current terms has been found.
func (e *evaluation) findDuty() {
	e.current = e.ground.rules
	if e.terms != &e.plan.Spec.PlanTerms {
		e.current = resolve(e.snapshot, &e.plan.Spec.PlanTerms).rules
	}
	e.errors = ErrorsInTerms(e.findings.List())
	e.duty = newDuty(e.approval, e.plan, e.snapshot, e.calendar, e.current, len(e.errors) > 0)
	s := e.duty.pending()
	if s == nil {
		return
	}
	for _, day := range s.turn.Changes() {
		e.from(day)
	}
	if s.turn.IsOver(e.today) {
		e.findings.Warningf(RuleDecisionOverdue, "status.submission", "%s: approve, return or reject the plan. The partner is not penalized",
			verdict.Capital(s.turn.Words("submitted", e.today)))
	}
}

// ErrorsInTerms returns those of a plan's findings that are errors in its current terms: with them nothing submits the plan. What is recorded as it goes,
// and so not submitted, is left out.
func ErrorsInTerms(findings []v1alpha1.Finding) []v1alpha1.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f v1alpha1.Finding) bool {
		field, ofSpec := strings.CutPrefix(f.Field, "spec.")
		return f.Severity != v1alpha1.SeverityError || !ofSpec || strings.HasPrefix(field, "progress")
	})
}

// ladder returns the steps of escalation about something, in order.
func ladder(rules *program.RuleSet, about v1alpha1.EscalationSubject) []v1alpha1.EscalationStep {
	if rules == nil {
		return nil
	}
	steps := slices.DeleteFunc(slices.Clone(rules.Escalation), func(s v1alpha1.EscalationStep) bool {
		return cmp.Or(s.About, v1alpha1.EscalateReview) != about
	})
	slices.SortFunc(steps, func(a, b v1alpha1.EscalationStep) int {
		return cmp.Or(cmp.Compare(a.AfterDays, b.AfterDays), cmp.Compare(a.To, b.To))
	})
	return steps
}

// submissionStatus returns the part of the status about the last submission; nil when there is none, or the vendor is not asked.
func (e *evaluation) submissionStatus() *v1alpha1.PlanSubmission {
	s := e.duty.submission
	if s == nil || !slices.Contains(e.approval.Asked, v1alpha1.PartyVendor) {
		return nil
	}
	status := &v1alpha1.PlanSubmission{
		Revision: s.decision.Spec.Revision, Decision: v1alpha1.Name(s.decision.Name), SubmittedOn: s.turn.On.Date(), DecideThrough: s.turn.Through.Date(),
		DecidedOn: s.decidedOn.Date(),
	}
	if late := s.daysLate(); late > 0 {
		status.DaysLate = new(int32(late)) //nolint:gosec // days between two days fit
	}
	if pending := e.duty.pending(); pending == nil || !s.turn.IsOver(e.today) {
		return status
	}
	role, since := s.turn.EscalatedTo(e.today)
	status.OverdueSince, status.EscalatedTo, status.EscalatedSince = s.turn.OverdueSince().Date(), role, since.Date()
	return status
}

// isDraft reports whether nobody has to decide on the current revision: the partner has not submitted it, and the vendor has not approved it ahead.
func (e *evaluation) isDraft() bool {
	if e.duty.pending() != nil {
		return false
	}
	return !slices.ContainsFunc(e.approval.Parties, func(x v1alpha1.PartyApproval) bool {
		return x.State == string(v1alpha1.DecisionApproved) && (x.Party == v1alpha1.PartyVendor || len(e.errors) == 0)
	})
}

// isDecisionOverdue reports whether the vendor's decision is late.
func (e *evaluation) isDecisionOverdue() bool {
	s := e.duty.pending()
	return s != nil && s.turn.IsOver(e.today)
}

// decisions says whose turn it is and how each party stands to the current revision.
func (e *evaluation) decisions() string {
	return strings.Join(slices.DeleteFunc([]string{e.waits(), e.openDecisions()}, func(text string) bool { return text == "" }), "; ")
}

// waits says since when the vendor has had the plan, and until when it decides; nothing when it is not the vendor's turn.
func (e *evaluation) waits() string {
	s := e.duty.pending()
	switch {
	case s == nil && len(e.errors) > 0 && e.partnerApproved():
		return e.notSubmitted()
	case s == nil:
		return ""
	default:
		return s.turn.Words("submitted", e.today)
	}
}

// draft says how the partner submits the plan.
func (e *evaluation) draft() string {
	a := e.approval
	if len(e.errors) > 0 && e.partnerApproved() {
		return "the plan is a draft: " + e.notSubmitted()
	}
	if slices.Contains(a.Asked, v1alpha1.PartyPartner) {
		text := fmt.Sprintf("the plan is a draft: the partner submits it by approving revision %s (an ApprovalDecision of party Partner)", a.Revision)
		if slices.Contains(a.Asked, v1alpha1.PartyVendor) {
			text += fmt.Sprintf("; the vendor then has %s to decide", verdict.Count(e.duty.decide, "day"))
		}
		return strings.Join(append([]string{text}, e.outdated(a.Asked)...), "; ")
	}
	text := fmt.Sprintf("the plan is a draft: the partner submits revision %s by an ApprovalDecision of party Partner with decision Submitted; the vendor "+
		"then has %s to decide", a.Revision, verdict.Count(e.duty.decide, "day"))
	return strings.Join(append([]string{text}, e.outdated([]v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner})...), "; ")
}

// notSubmitted says that the partner approved or submitted content with errors, which does not count as a submission.
func (e *evaluation) notSubmitted() string {
	first := e.errors[0]
	text := fmt.Sprintf("the partner's approval does not submit it, because it has errors: %s: %s", first.Field, first.Message)
	if n := len(e.errors) - 1; n > 0 {
		text += fmt.Sprintf(" (and %s more)", verdict.Count(n, "error"))
	}
	return text + ". Correct the plan, and approve it again"
}

// partnerApproved reports whether the partner approved or submitted the current revision.
func (e *evaluation) partnerApproved() bool {
	return slices.ContainsFunc(e.snapshot.DecisionsOn(v1alpha1.Name(e.plan.Name)), func(d *v1alpha1.ApprovalDecision) bool {
		return d.Spec.Party == v1alpha1.PartyPartner && d.Spec.Revision == e.approval.Revision && submits(d.Spec.Decision) && e.approval.verdicts[d.Name].reason == ""
	})
}
