package partner

import (
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/tier"
)

// maxOwed is the number of intervals of which a status says what became of the plan that was owed.
const maxOwed = 10

// owedPlans returns what became of the plans that a partner that has held some tiers owes for the current and the next interval and owed for earlier ones,
// newest first. What obligations forgets once a later plan is there, it keeps: a plan that was never made does not vanish with the next one.
func (s *moment) owedPlans(held []tier.Tenure) []v1alpha1.OwedPlan {
	spans := s.owingOf(held)
	if len(spans) == 0 || s.past(s.partner.Spec.RecordedOn) == 0 && s.partner.Spec.RecordedOn != "" {
		return nil // the latter of a day before the partner was recorded
	}
	last := &spans[len(spans)-1]
	current := s.program.Calendar.PeriodContaining(last.unit, s.today)
	s.ends(current.Through)
	var list []v1alpha1.OwedPlan
	add := func(o *obligation) {
		if !o.exempt {
			list = append(list, o.owed())
		}
	}
	day := current.From.AddDays(-1)
	if last.until.IsZero() {
		if next := s.program.Calendar.PeriodContaining(last.unit, current.Through.AddDays(1)); next != current {
			o := s.obligation(last.tier, next, last.since)
			add(&o)
		}
		o := s.obligation(last.tier, current, last.since)
		add(&o)
	} else {
		day = current.Through
	}
	for i := range slices.Backward(spans) {
		span := &spans[i]
		if span.since.day.IsZero() {
			break // of a past that is not known nothing is owed
		}
		for len(list) < maxOwed && day >= span.since.day && s.program.RuleSetOn(day) != nil {
			interval := s.program.Calendar.PeriodContaining(span.unit, day)
			if o, owes := s.owedIn(interval, span); owes {
				add(&o)
			}
			day = interval.From.AddDays(-1)
		}
		day = min(day, span.since.day.AddDays(-1))
	}
	return list
}

// owed returns the obligation as one of those that are kept.
func (o *obligation) owed() v1alpha1.OwedPlan {
	owed := v1alpha1.OwedPlan{
		From: o.interval.From.Date(), Through: o.interval.Through.Date(), DueOn: o.due.Date(), State: o.state, Late: o.late(),
	}
	if o.isOpen() {
		owed.Late = nil // who is late is said once it has acted
	}
	if o.plan != nil {
		owed.Plan = v1alpha1.Name(o.plan.plan.Name)
	}
	return owed
}
