package campaign

import (
	"fmt"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// attributionDays is the documented default of spec.schedule.attributionDays.
const attributionDays = 90

// schedule is the campaign's schedule in days.
type schedule struct {
	runs        fiscal.Span
	attribution int        // days
	through     fiscal.Day // the last day on which a result counts
	resultsFrom fiscal.Day // the first day on which the stop rule is judged
}

// readSchedule reads the schedule and sets the stage by it. The stage stays absent, and results are not attributed, when its days are wrong.
func (e *evaluation) readSchedule() {
	written := e.spec.Schedule
	starts, okStarts := e.readDay("spec.schedule.startsOn", written.StartsOn)
	ends, okEnds := e.readDay("spec.schedule.endsOn", written.EndsOn)
	if !okStarts || !okEnds {
		return
	}
	if starts > ends {
		e.findings.Errorf(RuleScheduleInvalid, "spec.schedule", "the campaign starts on %s and ends on %s: endsOn must not be before startsOn", starts, ends)
		return
	}
	s := &schedule{runs: fiscal.Span{From: starts, Through: ends}, resultsFrom: ends.AddDays(1)}
	s.attribution = int(max(program.Or(written.AttributionDays, attributionDays), 0))
	s.through = ends.AddDays(s.attribution)
	if written.ResultsFrom != "" {
		if from, ok := e.readDay("spec.schedule.resultsFrom", written.ResultsFrom); ok {
			s.resultsFrom = from
		}
	}
	if s.resultsFrom < starts {
		e.findings.Errorf(RuleScheduleInvalid, "spec.schedule.resultsFrom",
			"results cannot be judged from %s, before the campaign starts on %s: write a later day", s.resultsFrom, starts)
		s.resultsFrom = ends.AddDays(1)
	}
	e.schedule = s
	e.status.AttributionThrough = s.through.Date()
	e.status.Stage = s.stage(e.today)
	calendar := e.prog.Calendar
	e.horizon.At(calendar.StartOf(starts))
	e.horizon.At(calendar.EndOf(ends))
	e.horizon.At(calendar.StartOf(s.resultsFrom))
	e.horizon.At(calendar.EndOf(s.through))
}

func (e *evaluation) readDay(field string, text v1alpha1.Date) (fiscal.Day, bool) {
	day, err := fiscal.ParseDay(text)
	if err != nil {
		e.findings.Errorf(RuleDateInvalid, field, "%s", err)
	}
	return day, err == nil
}

func (s *schedule) stage(today fiscal.Day) v1alpha1.CampaignStage {
	switch {
	case today < s.runs.From:
		return v1alpha1.CampaignPlanned
	case today <= s.runs.Through:
		return v1alpha1.CampaignRunning
	case today <= s.through:
		return v1alpha1.CampaignAttributing
	default:
		return v1alpha1.CampaignCompleted
	}
}

// exclusion is why a result does not count as the campaign's; zero when it counts.
type exclusion int

const (
	counted exclusion = iota
	tooEarly
	tooLate
	oldLeads  // the leads were made before the campaign
	slowLeads // the leads were made too long before the result
)

// exclude says whether a result of a day, that came of leads of a cohort (absent: not said), counts as the campaign's.
func (s *schedule) exclude(on, cohort fiscal.Day) exclusion {
	switch {
	case on < s.runs.From:
		return tooEarly
	case on > s.through:
		return tooLate
	case cohort.IsZero():
		return counted
	case cohort < s.runs.From:
		return oldLeads
	case on > cohort.AddDays(s.attribution):
		return slowLeads
	default:
		return counted
	}
}

// describe says in words why results do not count.
func (s *schedule) describe(why exclusion) string {
	switch why {
	case tooEarly:
		return fmt.Sprintf("dated before %s, the campaign's first day", s.runs.From)
	case tooLate:
		return fmt.Sprintf("dated after %s, the last day on which results count", s.through)
	case oldLeads:
		return fmt.Sprintf("of leads from before %s, the campaign's first day", s.runs.From)
	case slowLeads:
		return fmt.Sprintf("more than %s after their leads", verdict.Count(s.attribution, "day"))
	default:
		return "counted"
	}
}
