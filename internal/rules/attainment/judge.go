package attainment

import (
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/measure"
)

// outcome is how a goal stands.
type outcome struct {
	goal    *goal
	weight  *big.Rat // in percent; nil when it is not known
	verdict v1alpha1.Verdict
	message string

	// known says that something was measured or done, or that results are due and count as zero.
	known bool
	// finalSince is the first day on which the due day was past and the results were in or due; absent before it.
	finalSince fiscal.Day

	reading    measure.Reading
	asOf       fiscal.Day // the day at which actual and expected are compared
	missing    fiscal.Day // the last day of the first interval without results whose results are due; absent when none is
	overdue    fiscal.Day // the last day of the newest such interval
	nextEnd    fiscal.Day // the last day of the next interval without results
	nextDue    fiscal.Day // the last day on which these are in time
	resultsDue fiscal.Day // the last day on which results through the due day are in time

	expected   *big.Rat
	attainment *big.Rat // in percent, before the cap
	pace       *big.Rat // in percent
	forecast   *big.Rat

	progress         *big.Rat // what was made of the way from the origin to the target
	expectedProgress *big.Rat // what was expected to be made of it by asOf
}

// final says that the due day is past and the results are in or due.
func (o *outcome) final() bool { return !o.finalSince.IsZero() }

// judge finds out how a goal stands.
func (e *evaluation) judge(g *goal, weight *big.Rat) *outcome {
	o := &outcome{goal: g, weight: weight, verdict: v1alpha1.VerdictUnknown, resultsDue: g.window.Through}
	if !e.known() {
		o.message = "cannot be judged: " + g.broken
		return o
	}
	e.note(g.window.From, g.window.Through)
	switch {
	case g.deliverable():
		e.judgeDeliverable(o)
	case g.broken != "":
		if e.today > g.window.Through {
			o.finalSince = g.window.Through.AddDays(1)
		}
		o.message = "cannot be judged: " + g.broken
	default:
		e.judgeNumber(o)
	}
	e.report(o)
	return o
}

// judgeDeliverable judges a goal that is done or not.
func (e *evaluation) judgeDeliverable(o *outcome) {
	due := o.goal.window.Through
	on, later := e.doneOn(o.goal)
	if later > e.today {
		e.noteStart(later)
	}
	switch {
	case !on.IsZero():
		o.asOf, o.attainment, o.pace = on, allOrNothing(true), allOrNothing(true)
		o.known, o.finalSince, o.verdict = true, on, v1alpha1.VerdictAttained
		o.message = "done on " + on.String()
		if on > due {
			o.message += ", after it was due on " + due.String()
		}
	case e.today > due:
		o.asOf, o.attainment, o.pace = due, allOrNothing(false), allOrNothing(false)
		o.known, o.verdict = true, v1alpha1.VerdictMissed
		if later.IsZero() {
			o.finalSince = due.AddDays(1)
		}
		o.message = "not done by " + due.String() + ": do it and record it in spec.progress.done"
	default:
		o.message = "not done yet, due by " + due.String() + ": record it in spec.progress.done when it is"
	}
}

// doneOn returns the day on which a goal was done, and the first day in the future on which it is recorded as done.
func (e *evaluation) doneOn(g *goal) (on, later fiscal.Day) {
	for i := range e.Done {
		item := &e.Done[i]
		day, err := fiscal.ParseDay(item.Day)
		if item.Kind != "Goal" || item.Name != v1alpha1.ItemName(g.spec.Name) || err != nil {
			continue
		}
		if day <= e.today {
			on = fiscal.Earliest(on, day)
			continue
		}
		later = fiscal.Earliest(later, day)
		e.findings.Warningf(RuleDoneInFuture, "spec.progress.done["+string(item.Name)+"].day", "%s is in the future: the goal counts as done from that day on", day)
	}
	return on, later
}

// judgeNumber judges a goal with a metric and a target.
func (e *evaluation) judgeNumber(o *outcome) {
	g := o.goal
	r := newReporting(e.Program, g)
	o.reading = e.Book.Series(g.metric.Name).Total(g.window)
	o.resultsDue = r.dueOn(g.window.Through)
	e.noteEnd(o.resultsDue)
	e.lookForMissing(o, r)
	o.known = o.reading.Value != nil || !o.overdue.IsZero()
	o.finalSince = e.finalSince(o)
	if !o.known {
		o.message = e.unmeasured(o)
		return
	}
	e.compute(o)
	e.compare(o)
	o.message = e.describe(o)
}

// finalSince returns the first day on which a goal with a metric was final: the day after it was due when its results through that day are in, else
// the day after these were due. Absent before that day.
func (e *evaluation) finalSince(o *outcome) fiscal.Day {
	last := o.resultsDue
	if end := o.goal.window.Through; o.reading.AsOf >= end && e.Book.KnownThrough(o.goal.metric.Name) >= end {
		last = o.goal.window.Through
	}
	if e.today <= last {
		return 0
	}
	return last.AddDays(1)
}

// lookForMissing finds the as-of day: the newest measured day, or where results after it are missing although they are due, the end of the newest interval
// that they are due of.
func (e *evaluation) lookForMissing(o *outcome, r reporting) {
	measured := o.reading.AsOf
	o.asOf = measured
	if due := r.overdueThrough(e.today); due > measured {
		o.missing, o.overdue, o.asOf = r.firstAfter(measured), due, due
	}
	o.nextEnd = r.firstAfter(o.asOf)
	if !o.nextEnd.IsZero() {
		o.nextDue = r.dueOn(o.nextEnd)
		e.noteEnd(o.nextDue)
	}
}

// compute finds attainment, pace and forecast. Progress is counted from the origin towards the target; what is missing adds none.
func (e *evaluation) compute(o *outcome) {
	g := o.goal
	share := g.curve.share(o.asOf)
	o.expected = new(big.Rat).Sub(g.target, g.start)
	o.expected.Add(g.start, o.expected.Mul(o.expected, share))
	progress := g.progress(o.reading)
	o.progress, o.expectedProgress = progress, new(big.Rat).Mul(g.gap, share)
	o.attainment, o.pace = ratio(progress, g.gap), ratio(progress, o.expectedProgress)
	held := progress.Sign() >= 0 && (o.reading.Value != nil || g.gap.Sign() > 0)
	if o.attainment == nil { // nothing is to be gained: the level or limit is held, or it is not
		o.attainment = allOrNothing(held)
	}
	if o.pace == nil { // nothing is expected yet: nothing was lost, or something was
		o.pace = allOrNothing(held)
	}
	if g.gap.Sign() > 0 && share.Sign() > 0 && e.enough(share) {
		rest := new(big.Rat).Quo(progress, share)
		if g.decrease() {
			rest.Neg(rest)
		}
		o.forecast = new(big.Rat).Add(g.origin, rest)
	}
}

// progress returns how far the metric has come from the origin towards the target. Of a Flow that is to decrease that is how much less was used up
// than the baseline's share of the days that were measured.
func (g *goal) progress(reading measure.Reading) *big.Rat {
	if reading.Value == nil {
		return new(big.Rat)
	}
	if g.saving() {
		allowed := new(big.Rat).Mul(g.origin, g.curve.share(reading.AsOf))
		return allowed.Sub(allowed, reading.Value)
	}
	progress := new(big.Rat).Sub(reading.Value, g.origin)
	if g.decrease() {
		progress.Neg(progress)
	}
	return progress
}

// enough reports whether enough of the way is expected for a forecast.
func (e *evaluation) enough(share *big.Rat) bool {
	return new(big.Rat).Mul(share, hundred).Cmp(e.thresholds.ForecastMinimumExpected) >= 0
}

func allOrNothing(all bool) *big.Rat {
	if all {
		return new(big.Rat).Set(hundred)
	}
	return new(big.Rat)
}

// compare finds the verdict. A target that is reached is Attained at once, except where it can still be lost by doing nothing: a level that is only to be
// held, or a Flow that is to stay low.
func (e *evaluation) compare(o *outcome) {
	reached := o.attainment.Cmp(hundred) >= 0
	atOnce := o.goal.gap.Sign() > 0 && !o.goal.saving()
	switch {
	case reached && (o.final() || atOnce):
		o.verdict = v1alpha1.VerdictAttained
	case o.final():
		o.verdict = v1alpha1.VerdictMissed
	default:
		o.verdict = e.verdictOf(o.pace)
	}
}

// verdictOf judges a pace in percent.
func (e *evaluation) verdictOf(pace *big.Rat) v1alpha1.Verdict {
	switch {
	case pace.Cmp(e.thresholds.OnTrackFrom) >= 0:
		return v1alpha1.VerdictOnTrack
	case pace.Cmp(e.thresholds.AtRiskFrom) >= 0:
		return v1alpha1.VerdictAtRisk
	default:
		return v1alpha1.VerdictOffTrack
	}
}

// report adds findings about a goal that is behind.
func (e *evaluation) report(o *outcome) {
	switch o.verdict {
	case v1alpha1.VerdictAtRisk:
		e.findings.Infof(RuleGoalAtRisk, o.goal.field, "%s", o.message)
	case v1alpha1.VerdictOffTrack:
		e.findings.Warningf(RuleGoalOffTrack, o.goal.field, "%s", o.message)
	case v1alpha1.VerdictMissed:
		e.findings.Warningf(RuleGoalMissed, o.goal.field, "%s", o.message)
	case v1alpha1.VerdictOnTrack, v1alpha1.VerdictAttained, v1alpha1.VerdictUnknown:
	default:
	}
}
