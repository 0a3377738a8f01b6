package partner

import (
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// moment is what is known of a partner at one instant: now, or the end of an evaluation day of the past.
type moment struct {
	snapshot *snapshot.Snapshot
	partner  *v1alpha1.Partner
	plans    []planned
	horizon  *verdict.Horizon
	submitBy map[v1alpha1.Name]fiscal.Day // by which plans are to be submitted that the partner owes

	// These are nil and absent when the program is not found; rules is nil too when none are in force.
	program *program.Program
	today   fiscal.Day
	rules   *program.RuleSet
}

// planned is a plan and how it stands.
type planned struct {
	*plan.Result

	plan *v1alpha1.JointPlan
}

// newMoment evaluates each plan of the partner once.
func newMoment(p *snapshot.Snapshot, partner *v1alpha1.Partner, now time.Time) *moment {
	s := &moment{snapshot: p, partner: partner, program: p.ProgramOf(partner), horizon: verdict.NewHorizon(now)}
	for _, x := range p.PlansOf(v1alpha1.Name(partner.Name)) {
		result := plan.Of(p, x, now)
		s.horizon.At(result.NextChange)
		s.plans = append(s.plans, planned{plan: x, Result: result})
	}
	if s.program == nil {
		return s
	}
	s.today = s.program.Today(now)
	s.rules = s.program.RuleSetOn(s.today)
	if next := s.program.RuleSetAfter(s.today); next != nil {
		s.starts(next.From)
	}
	return s
}

// starts notes that something may change with the first instant of a day.
func (s *moment) starts(day fiscal.Day) { s.horizon.At(s.program.Calendar.StartOf(day)) }

// ends notes that something may change when a day is over.
func (s *moment) ends(day fiscal.Day) { s.horizon.At(s.program.Calendar.EndOf(day)) }

// past returns a day that is not after today, and absent for any other. A later one is noted.
func (s *moment) past(date v1alpha1.Date) fiscal.Day {
	day, err := fiscal.ParseDay(date)
	if err != nil {
		return 0
	}
	if day > s.today {
		s.starts(day)
		return 0
	}
	return day
}

// totals counts the plans.
func (s *moment) totals() *v1alpha1.PlanTotals {
	totals := &v1alpha1.PlanTotals{}
	for i := range s.plans {
		p := &s.plans[i]
		if p.Status.Stage == v1alpha1.StageClosed {
			totals.Closed++
		} else {
			totals.Open++
		}
		if p.Approved {
			totals.Approved++
		}
		if p.overdueSince() != 0 {
			totals.Overdue++
		}
	}
	return totals
}

// waitsThrough returns the last day of the span in which the clock of the plan's reviews stands still; absent when it does not.
func (p *planned) waitsThrough(today fiscal.Day) fiscal.Day {
	for _, stop := range p.Stops {
		if stop.From <= today && today <= stop.Through {
			return stop.Through
		}
	}
	return 0
}

// overdueSince returns the day since when a review of the plan is overdue; absent when none is.
func (p *planned) overdueSince() fiscal.Day {
	if p.Status.Reviews == nil {
		return 0
	}
	day, err := fiscal.ParseDay(p.Status.Reviews.OverdueSince)
	if err != nil {
		return 0
	}
	return day
}
