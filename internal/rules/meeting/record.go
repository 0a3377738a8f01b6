package meeting

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/verdict"
)

// Record is the record of a meeting as it stands at an instant.
type Record struct {
	*v1alpha1.PlanReview

	// Revision identifies its content.
	Revision string
	// HeldOn is the day of the meeting; absent when it is none.
	HeldOn fiscal.Day
	// RecordedOn is the day on which it was recorded.
	RecordedOn fiscal.Day
	// RecordBy is the last day on which it could be recorded.
	RecordBy fiscal.Day
	// AnswerBy is the last day on which the other party can dispute it.
	AnswerBy fiscal.Day
	// Known says that it is recorded, and that its day has come.
	Known bool
	// Flaw is why it does not count whatever anybody says of it; nil when nothing is wrong with it.
	Flaw *Flaw
	// Confirmation says what the other party says of it.
	Confirmation v1alpha1.Confirmation
	// Since is the day from which on it is Confirmed, Uncontested or Dismissed; absent otherwise.
	Since fiscal.Day
	// Answered says that the other party has answered, if only after it was uncontested; AnsweredOn is the day on which it first did.
	Answered   bool
	AnsweredOn fiscal.Day
	// Dispute is the dispute about it; nil when there was none that counts.
	Dispute *Dispute

	rules    *Rules
	from     time.Time // from which on it is known
	deadline time.Time // from which on it cannot be disputed
	answers  map[string]verdict.Judgement
}

// Flaw is what keeps a record from counting.
type Flaw struct {
	// Reason is that of condition Counts.
	Reason string
	// Rule is the finding.
	Rule string
	// Field is the field of the record that is wrong.
	Field string
	// Message says what is wrong, and what can be done.
	Message string
}

// Dispute is a dispute about a record.
type Dispute struct {
	// By is the decision that disputes it.
	By *v1alpha1.ApprovalDecision
	// On is the day of the dispute, ResolveBy the last day to resolve it.
	On, ResolveBy fiscal.Day
	// Resolution is the decision that resolved it; nil while none has.
	Resolution *v1alpha1.ApprovalDecision
}

// Findings about records.
const (
	// RuleReviewInFuture: a meeting is recorded for a day in the future. Remedy: record it once it was held.
	RuleReviewInFuture = "ReviewInFuture"
	// RuleReviewRecordedLate: a meeting was recorded after the days that the program gives for it, and does not count. Remedy: hold another meeting and
	// record it in time.
	RuleReviewRecordedLate = "ReviewRecordedLate"
	// RuleReviewTwice: a party recorded two meetings of one day: they count as one. Remedy: none; the first record stands.
	RuleReviewTwice = "ReviewTwice"
	// RuleReviewOneSided: a meeting lacks attendees of one party and does not count. Remedy: hold a meeting with people of both parties and record it.
	RuleReviewOneSided = "ReviewOneSided"
	// RuleReviewIncomplete: a meeting lacks its outcome, or its actions and the reason why there are none, and does not count. Remedy: record the meeting
	// again with what is missing.
	RuleReviewIncomplete = "ReviewIncomplete"
	// RuleFunctionMissing: a function that the program names for the meeting was not at it, so it does not count. Remedy: hold the meeting with a person
	// who holds the function, or record it again with the functions of who was there.
	RuleFunctionMissing = "FunctionMissing"
	// RuleReconciliationIncomplete: a reconciliation does not say of each goal of the plan of record whether it was realistic and what was accomplished, so
	// it does not count. Remedy: record it again with all goals.
	RuleReconciliationIncomplete = "ReconciliationIncomplete"
	// RuleReconciliationEarly: a reconciliation was held before the period had ended, so it does not count. Remedy: hold it after the period.
	RuleReconciliationEarly = "ReconciliationEarly"
	// RuleReviewUndated: the day of the meeting, or the instant of its record, cannot be read. Remedy: record the meeting again with a valid day.
	RuleReviewUndated = "ReviewUndated"
)

// All says how the records of the meetings about one plan stand at an instant, in the order in which they were recorded. Answers returns the
// decisions on a record. The horizon is told when any of it may change.
func All(
	rules *Rules, reviews []*v1alpha1.PlanReview, answers func(name v1alpha1.Name) []*v1alpha1.ApprovalDecision, now time.Time, horizon *verdict.Horizon,
) []*Record {
	records := make([]*Record, 0, len(reviews))
	for _, review := range reviews {
		records = append(records, newRecord(rules, review, now, horizon))
	}
	slices.SortFunc(records, func(a, b *Record) int {
		return cmp.Or(a.Spec.RecordedTime.Compare(b.Spec.RecordedTime.Time), cmp.Compare(a.Name, b.Name))
	})
	made := map[occasion][]*Record{}
	for _, r := range records {
		made[r.occasion(r.Spec.Party)] = append(made[r.occasion(r.Spec.Party)], r)
	}
	for _, r := range records {
		if r.Known && r.Flaw == nil {
			r.Flaw = r.twice(made[r.occasion(r.Spec.Party)])
		}
		r.fold(answers(v1alpha1.Name(r.Name)), r.twin(made), now, horizon)
	}
	return records
}

func newRecord(rules *Rules, review *v1alpha1.PlanReview, now time.Time, horizon *verdict.Horizon) *Record {
	r := &Record{
		PlanReview: review, Revision: Revision(&review.Spec), rules: rules, Confirmation: v1alpha1.ConfirmationPending, answers: map[string]verdict.Judgement{},
	}
	cal := rules.Calendar
	day, err := fiscal.ParseDay(review.Spec.HeldOn)
	switch {
	case err != nil:
		r.Flaw = &Flaw{v1alpha1.ReasonIncomplete, RuleReviewUndated, "spec.heldOn", err.Error()}
	case review.Spec.RecordedTime.IsZero():
		r.Flaw = &Flaw{v1alpha1.ReasonIncomplete, RuleReviewUndated, "spec.recordedTime", "a record needs the instant at which it was made"}
	}
	if r.Flaw != nil {
		r.Known = true
		return r
	}
	r.HeldOn, r.RecordedOn = day, cal.Today(review.Spec.RecordedTime.Time)
	r.RecordBy = cal.AddBusinessDays(r.HeldOn, rules.record)
	r.AnswerBy = cal.AddBusinessDays(max(r.RecordedOn, r.HeldOn), rules.confirm)
	r.deadline = cal.StartOf(r.AnswerBy.AddDays(1))
	r.from = review.Spec.RecordedTime.Time
	if r.HeldOn == r.RecordedOn.AddDays(1) { // in a zone that is ahead of the program's
		r.from = cal.StartOf(r.HeldOn)
	}
	if r.Known = !r.from.After(now); !r.Known {
		horizon.At(r.from)
	}
	r.Flaw = r.flaw()
	return r
}

// flaw returns what is wrong with a record in itself.
func (r *Record) flaw() *Flaw {
	spec := &r.Spec
	switch {
	case r.HeldOn > r.RecordedOn.AddDays(1):
		return &Flaw{v1alpha1.ReasonRecordedAhead, RuleReviewInFuture, "spec.heldOn", fmt.Sprintf(
			"it was recorded on %s, before the meeting of %s: record a meeting once it was held", r.RecordedOn, r.HeldOn)}
	case r.RecordedOn > r.RecordBy:
		return &Flaw{v1alpha1.ReasonRecordedLate, RuleReviewRecordedLate, "spec.recordedTime", fmt.Sprintf(
			"the meeting of %s was recorded on %s, and the last day for that was %s (%s after it): hold another one and record it in time",
			r.HeldOn, r.RecordedOn, r.RecordBy, verdict.Count(r.rules.record, "business day"))}
	}
	for _, party := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
		if !slices.ContainsFunc(spec.Attendees, func(a v1alpha1.Attendee) bool { return a.Party == party }) {
			return &Flaw{v1alpha1.ReasonIncomplete, RuleReviewOneSided, "spec.attendees", fmt.Sprintf(
				"nobody from the %s attended; a meeting needs attendees from both parties", party)}
		}
	}
	if spec.Occasion != v1alpha1.OccasionKickOff && spec.Outcome == "" ||
		spec.Occasion == v1alpha1.OccasionReview && len(spec.Actions) == 0 && spec.NoActionsBecause == "" {
		return &Flaw{
			v1alpha1.ReasonIncomplete, RuleReviewIncomplete, "spec",
			"it needs an outcome and, of a review, actions or the reason why there are none (noActionsBecause)",
		}
	}
	if flaw := r.lacksFunction(); flaw != nil {
		return flaw
	}
	return r.reconciles()
}

// occasion is a meeting that a party recorded.
type occasion struct {
	of     v1alpha1.ReviewOccasion
	heldOn fiscal.Day
	party  v1alpha1.Party
}

// occasion returns the meeting, as a party recorded it.
func (r *Record) occasion(by v1alpha1.Party) occasion { return occasion{r.Spec.Occasion, r.HeldOn, by} }

// twice returns the flaw of a record of a meeting that the same party recorded before, unless that record does not count any more. The party's records of
// the meeting are in order.
func (r *Record) twice(records []*Record) *Flaw {
	for _, other := range records {
		if other == r {
			break
		}
		if other.Known && other.Flaw == nil && other.Confirmation != v1alpha1.ConfirmationUpheld {
			return &Flaw{v1alpha1.ReasonRecordedTwice, RuleReviewTwice, "spec.heldOn", fmt.Sprintf(
				"the %s recorded the meeting of %s before, in PlanReview %q: they count as one", r.Spec.Party, r.HeldOn, other.Name)}
		}
	}
	return nil
}

// twin returns the record that another person made of the same meeting for the other party, by which each confirms the other; nil when there is none.
func (r *Record) twin(made map[occasion][]*Record) *Record {
	if r.Flaw != nil {
		return nil
	}
	records := made[r.occasion(r.other())]
	i := slices.IndexFunc(records, func(other *Record) bool {
		return other.Known && (other.Flaw == nil || other.Flaw.Reason == v1alpha1.ReasonRecordedTwice) &&
			!identity.SamePerson(other.Spec.RecordedBy, r.Spec.RecordedBy)
	})
	if i < 0 {
		return nil
	}
	return records[i]
}

// Counts reports whether the record counts for the plan: nothing is wrong with it, and who does not profit vouches for it.
func (r *Record) Counts() bool {
	if !r.Known || r.Flaw != nil || r.Confirmation == v1alpha1.ConfirmationUpheld {
		return false
	}
	return r.Spec.Party == v1alpha1.PartyVendor || !r.Since.IsZero()
}

// Open reports whether it may still count: the partner recorded it, and the vendor has not answered or disputes it.
func (r *Record) Open() bool {
	return r.Known && r.Flaw == nil && r.Spec.Party == v1alpha1.PartyPartner && r.Since.IsZero() && r.Confirmation != v1alpha1.ConfirmationUpheld
}

// Awaited reports whether the vendor can still dispute what the partner recorded, and has not answered: the clock stands still.
func (r *Record) Awaited() bool { return r.Open() && r.Confirmation == v1alpha1.ConfirmationPending }

// Stops returns the days on which a record of the partner stops the clock: from the day of the record to the day before the one on which it goes on
// again, which is that of the dispute or, while nobody has answered, the first one behind the last day for an answer.
func (r *Record) Stops() (stop Stop, ok bool) {
	if !r.Known || r.Flaw != nil || r.Spec.Party != v1alpha1.PartyPartner {
		return Stop{}, false
	}
	stop.From = r.rules.Calendar.Today(r.from)
	switch {
	case r.Awaited():
		stop.Through = r.AnswerBy
	case r.Dispute != nil:
		stop.Through = r.Dispute.On.AddDays(-1)
	default:
		return Stop{}, false
	}
	return stop, stop.Through >= stop.From
}
