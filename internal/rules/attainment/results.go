package attainment

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
)

// reporting says when the results of a goal's metric are due. Reporting intervals are the fiscal periods of the metric's reportEvery, cut to the goal's
// window; the results of one are due through the day that lies reportingLagDays after its last day.
type reporting struct {
	calendar *fiscal.Calendar
	unit     fiscal.Unit
	lag      int
	window   fiscal.Span
}

func newReporting(p *program.Program, g *goal) reporting {
	r := reporting{calendar: p.Calendar, unit: unitOf(g.metric.ReportEvery), window: g.window}
	r.lag = max(0, int(program.Or(g.metric.ReportingLagDays, 0)))
	for _, name := range p.CountedFor(g.metric.Name) { // what is computed is due when the last of what counts for it is
		of := p.Metric(name)
		r.unit = max(r.unit, unitOf(of.ReportEvery))
		r.lag = max(r.lag, int(program.Or(of.ReportingLagDays, 0)))
	}
	return r
}

func unitOf(cadence v1alpha1.Cadence) fiscal.Unit {
	switch cadence {
	case v1alpha1.CadenceQuarter:
		return fiscal.Quarter
	case v1alpha1.CadenceHalf:
		return fiscal.Half
	case v1alpha1.CadenceYear:
		return fiscal.Year
	case v1alpha1.CadenceMonth:
		return fiscal.Month
	default:
		return fiscal.Month
	}
}

// dueOn returns the last day on which results through a day are in time.
func (r reporting) dueOn(end fiscal.Day) fiscal.Day { return end.AddDays(r.lag) }

// overdueThrough returns the last day of the newest interval whose results must be in; absent when there is none yet.
func (r reporting) overdueThrough(today fiscal.Day) fiscal.Day {
	latest := today.AddDays(-r.lag - 1) // the newest day through which results can have been due before today
	if latest >= r.window.Through {
		return r.window.Through
	}
	if end := r.calendar.PeriodEndedBy(r.unit, latest).Through; end >= r.window.From {
		return end
	}
	return 0
}

// firstAfter returns the last day of the first interval that ends after a day; absent when the window does.
func (r reporting) firstAfter(day fiscal.Day) fiscal.Day {
	if day >= r.window.Through {
		return 0
	}
	next := max(day+1, r.window.From)
	return min(r.calendar.PeriodContaining(r.unit, next).Through, r.window.Through)
}
