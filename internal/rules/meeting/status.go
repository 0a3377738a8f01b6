package meeting

import (
	"fmt"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/verdict"
)

// Revision identifies the content of a record.
func Revision(spec *v1alpha1.PlanReviewSpec) string {
	var f revision.Form
	f.Text("planRef", string(spec.PlanRef.Name))
	f.Text("occasion", string(spec.Occasion))
	f.Text("party", string(spec.Party))
	f.Text("recordedBy", spec.RecordedBy)
	f.Text("recordedTime", verdict.Instant(spec.RecordedTime.Time))
	f.Text("heldOn", string(spec.HeldOn))
	f.Text("outcome", string(spec.Outcome))
	f.Text("noActionsBecause", string(spec.NoActionsBecause))
	f.Text("nextReviewOn", string(spec.NextReviewOn))
	f.Items("attendees", revision.Of(spec.Attendees, func(a *v1alpha1.Attendee) revision.Form {
		var f revision.Form
		f.Text("name", string(a.Name))
		f.Text("party", string(a.Party))
		f.Set("function", texts(a.Functions))
		return f
	}))
	f.Items("actions", revision.Of(spec.Actions, func(a *v1alpha1.ActionItem) revision.Form {
		var f revision.Form
		f.Text("name", string(a.Name))
		f.Text("description", string(a.Description))
		f.Text("party", string(a.Party))
		f.Text("owner", string(a.Owner))
		f.Text("due", string(a.Due))
		return f
	}))
	f.Items("obstacles", revision.Of(spec.Obstacles, func(o *v1alpha1.Title) revision.Form {
		var f revision.Form
		f.Text("text", string(*o))
		return f
	}))
	f.Items("lessons", revision.Of(spec.Lessons, func(o *v1alpha1.Title) revision.Form {
		var f revision.Form
		f.Text("text", string(*o))
		return f
	}))
	f.Items("goals", revision.Of(spec.Goals, func(g *v1alpha1.GoalOutcome) revision.Form {
		var f revision.Form
		f.Text("goal", string(g.Goal))
		f.Text("realistic", string(g.Realistic))
		f.Text("accomplished", string(g.Accomplished))
		f.Text("note", string(g.Note))
		return f
	}))
	return f.Revision()
}

// texts returns the elements of a list as texts.
func texts[T ~string](list []T) []string {
	all := make([]string, len(list))
	for i, x := range list {
		all[i] = string(x)
	}
	return all
}

// Judge returns the condition Counts.
func (r *Record) Judge() verdict.Judgement {
	what := fmt.Sprintf("the meeting of %s, which the %s recorded on %s", r.HeldOn, r.Spec.Party, r.RecordedOn)
	switch {
	case r.Flaw != nil && r.Known:
		return verdict.False(r.Flaw.Reason, "does not count: %s", r.Flaw.Message)
	case !r.Known:
		return verdict.False(v1alpha1.ReasonNotYetInForce, "it counts from %s on, not before", verdict.Instant(r.from))
	case r.Confirmation == v1alpha1.ConfirmationUpheld:
		return verdict.False(v1alpha1.ReasonDisputeUpheld, "%s, does not count: %s disputed it, and %s upheld that on %s (ApprovalDecision %q says why)", what,
			printable.Line(r.Dispute.By.Spec.ApprovedBy), printable.Line(r.Dispute.Resolution.Spec.ApprovedBy),
			r.rules.Calendar.Today(r.Dispute.Resolution.Spec.DecidedTime.Time), r.Dispute.Resolution.Name)
	case r.Spec.Party == v1alpha1.PartyVendor:
		return verdict.True(v1alpha1.ReasonRecordedByVendor, "%s, counts%s", what, r.forVendor())
	}
	switch r.Confirmation {
	case v1alpha1.ConfirmationConfirmed:
		return verdict.True(v1alpha1.ReasonConfirmed, "%s, counts: the vendor confirmed it on %s", what, r.Since)
	case v1alpha1.ConfirmationUncontested:
		return verdict.True(v1alpha1.ReasonUncontested, "%s, counts since %s: the vendor did not dispute it by %s%s", what, r.Since, r.AnswerBy, r.unanswered())
	case v1alpha1.ConfirmationDismissed:
		return verdict.True(v1alpha1.ReasonDisputeDismissed, "%s, counts since %s: the dispute about it was dismissed (ApprovalDecision %q says why)",
			what, r.Since, r.Dispute.Resolution.Name)
	case v1alpha1.ConfirmationDisputed:
		return verdict.False(v1alpha1.ReasonDisputed, "%s, does not count: %s", what, r.Disputed())
	default:
		return verdict.False(v1alpha1.ReasonAwaitingConfirmation, "%s, does not count yet: %s", what, r.Waits())
	}
}

// forVendor says how a record of the vendor stands as an achievement of its own people.
func (r *Record) forVendor() string {
	switch r.Confirmation {
	case v1alpha1.ConfirmationConfirmed:
		return fmt.Sprintf("; the partner confirmed it on %s", r.Since)
	case v1alpha1.ConfirmationUncontested:
		return fmt.Sprintf("; the partner did not dispute it by %s", r.AnswerBy)
	case v1alpha1.ConfirmationDismissed:
		return fmt.Sprintf("; the partner's dispute about it was dismissed on %s", r.Since)
	case v1alpha1.ConfirmationDisputed:
		return " for the partner, but not as an achievement of the vendor's people: " + r.Disputed()
	default:
		return fmt.Sprintf("; the partner can confirm or dispute it through %s", r.AnswerBy)
	}
}

// unanswered says that the vendor still owes an answer.
func (r *Record) unanswered() string {
	if r.Answered {
		return ""
	}
	return "; its answer is still owed"
}

// Waits says for what a record of the partner waits.
func (r *Record) Waits() string {
	return fmt.Sprintf("the vendor confirms or disputes it (PlanReview %q) by %s; without a dispute it counts from %s on", r.Name, r.AnswerBy, r.AnswerBy.AddDays(1))
}

// Disputed says who disputes a record, and who resolves that by when.
func (r *Record) Disputed() string {
	d := r.Dispute
	return fmt.Sprintf("%s of the %s disputes it since %s (ApprovalDecision %q says why); the %s resolves that by %s", printable.Line(d.By.Spec.ApprovedBy), d.By.Spec.Party, d.On, d.By.Name,
		r.rules.Resolver, d.ResolveBy)
}

// Fill writes what is known of a record into its status.
func (r *Record) Fill(status *v1alpha1.PlanReviewStatus, today fiscal.Day) {
	status.Revision = r.Revision
	if !r.Known || r.HeldOn.IsZero() {
		return
	}
	status.Confirmation, status.ConfirmedOn, status.AnswerBy = r.Confirmation, r.Since.Date(), r.AnswerBy.Date()
	if d := r.Dispute; d != nil {
		status.Dispute = &v1alpha1.ReviewDispute{
			Decision: v1alpha1.Name(d.By.Name), By: d.By.Spec.ApprovedBy, Resolver: r.rules.Resolver, ResolveBy: d.ResolveBy.Date(),
		}
		if d.Resolution != nil {
			status.Dispute.ResolvedBy = d.Resolution.Spec.ApprovedBy
		} else if r.Confirmation == v1alpha1.ConfirmationDisputed && d.Overdue(today) {
			status.Dispute.EscalatedTo = r.rules.EscalateTo
		}
	}
}

// Resolver and EscalateTo are the roles that resolve a dispute, and that hear of one that is late.
func (r *Record) Resolver() string { return r.rules.Resolver }

// EscalateTo is the role that hears of a dispute that is not resolved in time.
func (r *Record) EscalateTo() string { return r.rules.EscalateTo }
