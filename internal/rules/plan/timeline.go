package plan

import (
	"math"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

// maxTimeline is the number of steps that a status shows.
const maxTimeline = 24

// Span is a span of days in which a plan was in the hands of one party, by its decisions.
type Span struct {
	// Phase says what the party had to do.
	Phase v1alpha1.PlanningPhase
	// Party is who had to do it.
	Party v1alpha1.Party
	// From is the day on which it came into the party's hands; absent of the first one.
	From fiscal.Day
	// Due is the last day on which the party does its part in time; absent when there is none.
	Due fiscal.Day
	// DoneOn is the day on which the party did its part; absent while it has not, and when the other party took the plan back.
	DoneOn fiscal.Day
	// Through is the day on which it left the party's hands; absent while it has not. A vendor that speaks once more before the partner submits again, on a
	// text that is not submitted, has the plan in its hands until then.
	Through fiscal.Day
	// Dropped says that it left the party's hands although that had not done its part.
	Dropped bool
}

// Spans returns in whose hands a plan was that the partner has to submit by a day; absent when it owes none.
func (d *Duty) Spans(due fiscal.Day) []Span {
	spans := []Span{{Phase: v1alpha1.PhaseSubmit, Party: v1alpha1.PartyPartner, Due: due}}
	last := func() *Span { return &spans[len(spans)-1] }
	open := true // the last one is
	pass := func(on fiscal.Day, dropped bool) {
		if s := last(); open {
			s.Through, s.Dropped = on, dropped
			if !dropped {
				s.DoneOn = on
			}
		}
		open = false
	}
	begin := func(s Span) {
		spans, open = append(spans, s), true
	}
	for _, m := range d.moves {
		switch m.kind {
		case moveSubmits:
			pass(m.on, last().Party == v1alpha1.PartyVendor)
			begin(Span{Phase: v1alpha1.PhaseDecide, Party: v1alpha1.PartyVendor, From: m.on, Due: m.on.AddDays(d.decide)})
		case moveWithdraws:
			if open && last().Party == v1alpha1.PartyPartner {
				continue
			}
			pass(m.on, true)
			begin(Span{Phase: v1alpha1.PhaseResubmit, Party: v1alpha1.PartyPartner, From: m.on})
		case moveSendsBack:
			pass(m.on, false)
			begin(Span{Phase: v1alpha1.PhaseResubmit, Party: v1alpha1.PartyPartner, From: m.on, Due: max(due, m.on.AddDays(d.resubmit))})
		case moveDecides:
			pass(m.on, false)
		case moveSpeaks:
			if n := len(spans); n > 1 && open && last().Party == v1alpha1.PartyPartner && spans[n-2].Party == v1alpha1.PartyVendor {
				spans[n-2].Through, last().From = m.on, m.on
			}
		case moveEdited:
		}
	}
	return spans
}

// Timeline returns in whose hands a plan was that the partner has to submit by a day, as the API shows it: the last steps.
func (d *Duty) Timeline(due fiscal.Day) []v1alpha1.PlanningStep {
	spans := d.Spans(due)
	spans = spans[max(0, len(spans)-maxTimeline):]
	steps := make([]v1alpha1.PlanningStep, 0, len(spans))
	for i := range spans {
		s := &spans[i]
		step := v1alpha1.PlanningStep{Step: s.Phase, InHandsOf: s.Party, From: s.From.Date(), Through: s.Through.Date(), Due: s.Due.Date()}
		if !s.From.IsZero() && !s.Through.IsZero() {
			step.Days = days(s.Through.Sub(s.From))
		}
		if !s.Due.IsZero() && s.DoneOn > s.Due {
			step.DaysLate = days(s.DoneOn.Sub(s.Due))
		}
		steps = append(steps, step)
	}
	return steps
}

// days is a number of days as the API has it.
func days(n int) *int32 { return new(int32(min(n, math.MaxInt32))) } //nolint:gosec // it fits

// InHands returns for how many days a plan was in the hands of a party by a day, by its timeline: those of the steps that are over and, of the one that
// is not, those so far.
func InHands(timeline []v1alpha1.PlanningStep, party v1alpha1.Party, today fiscal.Day) int {
	sum := 0
	for i := range timeline {
		step := &timeline[i]
		if step.InHandsOf != party {
			continue
		}
		if step.Days != nil {
			sum += int(*step.Days)
			continue
		}
		if from, err := fiscal.ParseDay(step.From); err == nil && step.Through == "" && today > from {
			sum += today.Sub(from)
		}
	}
	return sum
}

// planningDays returns the number of days from the first submission to the first full approval; nil while it is not approved, and when nobody submitted it
// before that.
func (e *evaluation) planningDays() *int32 {
	original := e.approval.Original
	if original == nil {
		return nil
	}
	approved := e.localDay(original.ApprovedTime)
	for _, m := range e.duty.moves {
		if m.kind == moveSubmits && m.on <= approved {
			return days(approved.Sub(m.on))
		}
	}
	return nil
}

// Promises returns what the parties promised by their turns with a plan that the partner has to submit by a day: submissions and decisions, each in time. A
// turn that was taken back before it was late promised nothing.
func (d *Duty) Promises(due fiscal.Day) []Promise {
	var list []Promise
	for _, s := range d.Spans(due) {
		if s.Due.IsZero() || s.Dropped && s.Through <= s.Due {
			continue
		}
		done := s.DoneOn
		if s.Dropped {
			done = s.Through
		}
		list = append(list, Promise{Kind: string(s.Phase), Party: s.Party, Due: s.Due, DoneOn: done})
	}
	return list
}
