package attainment

import (
	"fmt"
	"math/big"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/printable"
)

// maxMessage is the limit that the API sets to the messages of a goal and of the score.
const maxMessage = 512

// status writes down how a goal stands.
func (e *evaluation) status(o *outcome) v1alpha1.GoalStatus {
	g := o.goal
	s := v1alpha1.GoalStatus{
		Metric: g.spec.Metric, Initiatives: g.spec.Initiatives, InitiativeShares: g.spec.InitiativeShares, ResellerResults: g.spec.ResellerResults,
		Name: g.spec.Name, Verdict: o.verdict, WeightPercent: floor(o.weight), Due: g.window.Through.Date(),
		AsOf: o.asOf.Date(), Source: o.reading.Source,
		AttainmentPercent: floor(o.attainment), PacePercent: floor(o.pace), Message: printable.Clip(o.message, maxMessage),
	}
	s.Target, s.Actual = shown(g.target), shown(o.reading.Value)
	s.Expected = shownTo(o.expected, shownDigits)
	if o.forecast != nil {
		s.Forecast = shownTo(o.forecast, estimateDigits(g.metric))
	}
	if original := e.originalTarget(g); original != nil && g.target != nil && original.Cmp(g.target) != 0 {
		s.OriginalTarget = shown(original)
	}
	return s
}

// originalTarget returns the target of the goal of that name and metric in the first approved terms; nil when there is none.
func (e *evaluation) originalTarget(g *goal) *big.Rat {
	if e.Original == nil {
		return nil
	}
	for i := range e.Original.Goals {
		first := &e.Original.Goals[i]
		if first.Name != g.spec.Name || first.Metric != g.spec.Metric {
			continue
		}
		if target, err := Target(first); err == nil {
			return target
		}
	}
	return nil
}

// unmeasured says that nothing is known of a goal yet.
func (e *evaluation) unmeasured(o *outcome) string {
	if e.today < o.goal.window.From {
		return fmt.Sprintf("not started: the period begins on %s", o.goal.window.From)
	}
	return fmt.Sprintf("not measured yet: the first results, through %s, are due by %s", o.nextEnd, o.nextDue)
}

// describe says in words how a goal with a number stands.
func (e *evaluation) describe(o *outcome) string {
	var text strings.Builder
	text.WriteString(e.describeActual(o))
	switch o.verdict {
	case v1alpha1.VerdictAttained:
		text.WriteString(": attained")
	case v1alpha1.VerdictMissed:
		fmt.Fprintf(&text, ": missed, the results through %s are in or due", o.goal.window.Through)
	default:
		fmt.Fprintf(&text, "%s: pace %s, %s", e.describeExpected(o), percent(o.pace), e.describePace(o.pace))
	}
	if o.forecast != nil && !o.final() {
		fmt.Fprintf(&text, "; forecast %s by %s", e.format.estimate(o.goal.metric, o.forecast), o.goal.window.Through)
	}
	if !o.missing.IsZero() {
		text.WriteString("; ")
		text.WriteString(missingText(o))
	}
	return text.String()
}

// describeActual says what was measured against which target.
func (e *evaluation) describeActual(o *outcome) string {
	g := o.goal
	target := e.format.amount(g.metric, g.target)
	if o.reading.Value == nil {
		return fmt.Sprintf("nothing measured through %s, which counts as no progress towards %s", o.asOf, target)
	}
	actual, attained := e.format.amount(g.metric, o.reading.Value), percent(o.attainment)
	origin := e.format.amount(g.metric, g.origin)
	switch {
	case g.saving() && g.gap.Sign() == 0:
		return fmt.Sprintf("%s through %s against %s at the rate of the limit, %s by %s", actual, o.reading.AsOf, e.allowed(o), target, g.window.Through)
	case g.saving():
		return fmt.Sprintf("%s through %s against %s at the rate of the baseline, %s: %s saved, %s of the way to at most %s by %s", actual, o.reading.AsOf,
			e.allowed(o), origin, e.format.difference(g.metric, o.progress), attained, target, g.window.Through)
	case g.stock() && g.gap.Sign() == 0:
		return fmt.Sprintf("%s on %s, where %s is to be kept", actual, o.reading.AsOf, target)
	case g.stock():
		return fmt.Sprintf("from %s to %s on %s, %s of the way to %s", origin, actual, o.reading.AsOf, attained, target)
	default:
		return fmt.Sprintf("%s of %s (%s) through %s", actual, target, attained, o.reading.AsOf)
	}
}

// allowed writes what the baseline of a Flow that is to decrease comes to by the measured day.
func (e *evaluation) allowed(o *outcome) string {
	return e.format.amount(o.goal.metric, new(big.Rat).Add(o.reading.Value, o.progress))
}

// describeExpected says what was expected, so that a reader can compute the pace: of a Flow that is to increase the result, of all else the progress.
func (e *evaluation) describeExpected(o *outcome) string {
	g := o.goal
	switch {
	case g.gap.Sign() == 0:
		return ""
	case !g.stock() && !g.saving():
		return fmt.Sprintf("; %s expected by %s", e.expected(o), o.asOf)
	}
	by := "by then"
	if o.reading.Value != nil && o.reading.AsOf != o.asOf {
		by = "by " + o.asOf.String()
	}
	if o.expectedProgress.Sign() == 0 {
		return "; nothing is expected " + by
	}
	return fmt.Sprintf("; %s of the %s expected %s", e.format.bare(g.metric, o.progress), e.format.difference(g.metric, o.expectedProgress), by)
}

// expected writes the expected result: a Count as a whole number, unless the pace computed from that would be another by more than one percent.
func (e *evaluation) expected(o *outcome) string {
	whole := new(big.Rat).SetInt(decimal.Floor(o.expected))
	if pace := ratio(o.progress, whole); pace != nil {
		pace.Sub(pace, o.pace)
		if pace.Abs(pace).Cmp(big.NewRat(1, 1)) > 0 {
			return e.format.amount(o.goal.metric, o.expected)
		}
	}
	return e.format.estimate(o.goal.metric, o.expected)
}

// describePace says where a pace lies among the thresholds.
func (e *evaluation) describePace(pace *big.Rat) string {
	switch e.verdictOf(pace) {
	case v1alpha1.VerdictOnTrack:
		return "OnTrack from " + threshold(e.thresholds.OnTrackFrom)
	case v1alpha1.VerdictAtRisk:
		return "AtRisk below " + threshold(e.thresholds.OnTrackFrom)
	default:
		return "OffTrack below " + threshold(e.thresholds.AtRiskFrom)
	}
}

// missingText says which results are missing.
func missingText(o *outcome) string {
	lag := o.resultsDue.Sub(o.goal.window.Through)
	if o.missing == o.overdue {
		return fmt.Sprintf("results through %s were due by %s and are missing", o.overdue, o.overdue.AddDays(lag))
	}
	which := "results from " + string(o.goal.window.From.Date()) + " on"
	if !o.reading.AsOf.IsZero() {
		which = "results after " + string(o.reading.AsOf.Date())
	}
	return fmt.Sprintf("%s are missing, the first of them were due by %s", which, o.missing.AddDays(lag))
}

// shown returns a number with all its digits that a status can hold; "" for none.
func shown(value *big.Rat) v1alpha1.Decimal {
	if value == nil {
		return ""
	}
	text := string(decimal.Shown(value, decimal.MaxFractionDigits))
	if strings.Contains(text, ".") {
		text = strings.TrimRight(text, "0")
	}
	return v1alpha1.Decimal(text)
}

// shownTo returns a number rounded down to some digits; "" for none.
func shownTo(value *big.Rat, digits int) v1alpha1.Decimal {
	if value == nil {
		return ""
	}
	return decimal.Shown(value, digits)
}

// floor rounds a percentage down; nil for none.
func floor(value *big.Rat) *int32 {
	if value == nil {
		return nil
	}
	return new(decimal.FloorInt32(value))
}
