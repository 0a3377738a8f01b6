package meeting

import (
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/verdict"
)

// fold goes through the answers in order. A confirmation is final, and so is a resolution, and that the days for a dispute are over.
func (r *Record) fold(decisions []*v1alpha1.ApprovalDecision, twin *Record, now time.Time, horizon *verdict.Horizon) {
	for _, d := range snapshot.InOrder(decisions) {
		at := d.Spec.DecidedTime.Time
		if at.After(now) {
			horizon.At(at)
			r.answers[d.Name] = verdict.False(v1alpha1.ReasonNotYetInForce, "spec.decidedTime is in the future: it counts from %s on", verdict.Instant(at))
			continue
		}
		r.passes(at, twin)
		r.answers[d.Name] = r.answer(d)
	}
	r.passes(now, twin)
	if r.HeldOn.IsZero() {
		return
	}
	if r.Confirmation == v1alpha1.ConfirmationPending {
		horizon.At(r.deadline)
	}
	if r.Dispute != nil {
		horizon.At(r.rules.Calendar.StartOf(r.Dispute.ResolveBy.AddDays(1)))
	}
}

// passes notes what time and the record of the other party have done by an instant.
func (r *Record) passes(at time.Time, twin *Record) {
	if !r.Known || r.Confirmation != v1alpha1.ConfirmationPending && r.Confirmation != v1alpha1.ConfirmationDisputed || r.deadline.IsZero() {
		return
	}
	if twin != nil {
		both := later(r.from, twin.from)
		if !both.After(at) && (r.Confirmation == v1alpha1.ConfirmationDisputed || both.Before(r.deadline)) {
			r.settle(v1alpha1.ConfirmationConfirmed, both)
			r.answeredAt(both)
			return
		}
	}
	if r.Confirmation == v1alpha1.ConfirmationPending && !at.Before(r.deadline) {
		r.settle(v1alpha1.ConfirmationUncontested, r.deadline)
	}
	if both := later(r.from, from(twin)); twin != nil && !both.After(at) {
		r.answeredAt(both)
	}
}

// from is the instant from which on a twin is known; the zero time without one.
func from(twin *Record) time.Time {
	if twin == nil {
		return time.Time{}
	}
	return twin.from
}

// answeredAt notes the first answer of the other party.
func (r *Record) answeredAt(at time.Time) {
	if !r.Answered {
		r.Answered, r.AnsweredOn = true, r.rules.Calendar.Today(at)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (r *Record) settle(to v1alpha1.Confirmation, at time.Time) {
	r.Confirmation, r.Since = to, r.rules.Calendar.Today(at)
}

// other is the party that answers.
func (r *Record) other() v1alpha1.Party {
	if r.Spec.Party == v1alpha1.PartyVendor {
		return v1alpha1.PartyPartner
	}
	return v1alpha1.PartyVendor
}

// answer takes an answer or a resolution, and says whether it counts.
func (r *Record) answer(d *v1alpha1.ApprovalDecision) verdict.Judgement {
	at := d.Spec.DecidedTime.Time
	switch {
	case d.Spec.Revision != r.Revision:
		return verdict.False(v1alpha1.ReasonStale, "revision %s is not the content of PlanReview %q, which is revision %s: to answer it, create another "+
			"ApprovalDecision", revision.Short(d.Spec.Revision), r.Name, r.Revision)
	case !r.Known || at.Before(r.Spec.RecordedTime.Time):
		return verdict.False(v1alpha1.ReasonNotYetRecorded, "PlanReview %q was recorded at %s, after this decision: to answer it, create another ApprovalDecision",
			r.Name, verdict.Instant(r.Spec.RecordedTime.Time))
	case d.Spec.Decision == v1alpha1.DecisionUpheld || d.Spec.Decision == v1alpha1.DecisionDismissed:
		return r.resolve(d)
	case d.Spec.Party == r.Spec.Party:
		return verdict.False(v1alpha1.ReasonPartyNotAsked, "the %s recorded the meeting itself: the %s confirms or disputes it", r.Spec.Party, r.other())
	case identity.SamePerson(d.Spec.ApprovedBy, r.Spec.RecordedBy):
		return verdict.False(v1alpha1.ReasonSelfApproval, "%s recorded the meeting for the %s and cannot answer for the %s: someone at the %s must",
			d.Spec.ApprovedBy, r.Spec.Party, r.other(), r.other())
	case d.Spec.Decision == v1alpha1.DecisionConfirmed:
		return r.confirm(d)
	default:
		return r.dispute(d)
	}
}

func (r *Record) confirm(d *v1alpha1.ApprovalDecision) verdict.Judgement {
	switch r.Confirmation {
	case v1alpha1.ConfirmationPending, v1alpha1.ConfirmationDisputed:
		r.settle(v1alpha1.ConfirmationConfirmed, d.Spec.DecidedTime.Time)
		r.answeredAt(d.Spec.DecidedTime.Time)
		return verdict.True(v1alpha1.ReasonEffective, "counts as the answer of the %s: the meeting of %s is confirmed", d.Spec.Party, r.HeldOn)
	case v1alpha1.ConfirmationUncontested:
		r.answeredAt(d.Spec.DecidedTime.Time)
		return verdict.True(v1alpha1.ReasonEffective, "counts as the answer of the %s, which was due on %s: the meeting of %s counted since then",
			d.Spec.Party, r.AnswerBy, r.HeldOn)
	default:
		return r.settled()
	}
}

func (r *Record) dispute(d *v1alpha1.ApprovalDecision) verdict.Judgement {
	switch r.Confirmation {
	case v1alpha1.ConfirmationPending:
		on := r.rules.Calendar.Today(d.Spec.DecidedTime.Time)
		r.Confirmation = v1alpha1.ConfirmationDisputed
		r.answeredAt(d.Spec.DecidedTime.Time)
		r.Dispute = &Dispute{By: d, On: on, ResolveBy: r.rules.Calendar.AddBusinessDays(on, r.rules.resolve)}
		return verdict.True(v1alpha1.ReasonEffective, "counts as the answer of the %s: the meeting of %s is disputed; the %s resolves that by %s",
			d.Spec.Party, r.HeldOn, r.rules.Resolver, r.Dispute.ResolveBy)
	case v1alpha1.ConfirmationUncontested:
		return verdict.False(v1alpha1.ReasonTooLate, "the last day to dispute the meeting of %s, which was recorded on %s, was %s: it counts as uncontested",
			r.HeldOn, r.RecordedOn, r.AnswerBy)
	case v1alpha1.ConfirmationDisputed:
		return verdict.False(v1alpha1.ReasonSuperseded, "ApprovalDecision %q disputes the meeting already", r.Dispute.By.Name)
	default:
		return r.settled()
	}
}

// resolve takes the resolution of a dispute, by a person who neither recorded the meeting nor disputes it.
func (r *Record) resolve(d *v1alpha1.ApprovalDecision) verdict.Judgement {
	switch {
	case r.Dispute == nil:
		return verdict.False(v1alpha1.ReasonNothingDisputed, "nobody disputed the meeting of %s by then: there is nothing to resolve", r.HeldOn)
	case r.Confirmation != v1alpha1.ConfirmationDisputed:
		return r.settled()
	}
	for _, one := range []struct{ name, did string }{{r.Spec.RecordedBy, "recorded the meeting"}, {r.Dispute.By.Spec.ApprovedBy, "disputes it"}} {
		if identity.SamePerson(d.Spec.ApprovedBy, one.name) {
			return verdict.False(v1alpha1.ReasonSelfApproval, "%s %s and cannot resolve the dispute: another person has to, as the %s",
				d.Spec.ApprovedBy, one.did, r.rules.Resolver)
		}
	}
	r.Dispute.Resolution = d
	if d.Spec.Decision == v1alpha1.DecisionUpheld {
		r.Confirmation = v1alpha1.ConfirmationUpheld
		return verdict.True(v1alpha1.ReasonEffective, "resolves the dispute: the record of the meeting of %s does not count", r.HeldOn)
	}
	r.settle(v1alpha1.ConfirmationDismissed, d.Spec.DecidedTime.Time)
	return verdict.True(v1alpha1.ReasonEffective, "resolves the dispute: the record of the meeting of %s counts", r.HeldOn)
}

// settled says that an answer comes after all is said.
func (r *Record) settled() verdict.Judgement {
	if r.Dispute != nil && r.Dispute.Resolution != nil {
		return verdict.False(v1alpha1.ReasonSuperseded, "the dispute about the meeting of %s was resolved before, in ApprovalDecision %q (%s)",
			r.HeldOn, r.Dispute.Resolution.Name, r.Dispute.Resolution.Spec.Decision)
	}
	return verdict.False(v1alpha1.ReasonSuperseded, "the meeting of %s was confirmed on %s, which stands", r.HeldOn, r.Since)
}

// Answer says whether a decision on the record, which was among its answers, counts.
func (r *Record) Answer(name string) verdict.Judgement { return r.answers[name] }

// Overdue reports whether a dispute is open after the last day to resolve it.
func (d *Dispute) Overdue(today fiscal.Day) bool { return d.Resolution == nil && today > d.ResolveBy }
