package attainment

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxNamed is how many goals a message names before it only counts them.
const maxNamed = 5

// onTrack returns the condition OnTrack.
func (e *evaluation) onTrack(pace pace, s score) verdict.Judgement {
	unknown := func(reason, message string) verdict.Judgement {
		return verdict.Judgement{Status: metav1.ConditionUnknown, Reason: reason, Message: message}
	}
	switch {
	case !e.known():
		return unknown(v1alpha1.ReasonNotEvaluated, "the plan's program or period is not known")
	case len(e.outcomes) == 0:
		return unknown(v1alpha1.ReasonNoGoals, "the plan has no goals: add spec.goals")
	case e.weightsBad != "":
		return unknown(v1alpha1.ReasonWeightsInvalid, e.weightsBad+": the plan has no pace until they add up to 100")
	case e.today < e.Span.From:
		return unknown(v1alpha1.ReasonNotStarted, fmt.Sprintf("the period begins on %s", e.Span.From))
	case s.state == scoreClosed:
		return verdict.Judgement{Status: metav1.ConditionFalse, Reason: v1alpha1.ReasonOffTrack, Message: "the score is closed at " + s.message}
	case pace.capped == nil:
		return unknown(v1alpha1.ReasonNotMeasured, e.notMeasured())
	}
	message := fmt.Sprintf("the goals are at %s, %s%s", e.bothPaces(pace), e.describePace(pace.capped), e.behind())
	switch e.verdictOf(pace.capped) {
	case v1alpha1.VerdictOnTrack:
		return verdict.Judgement{Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonOnTrack, Message: message}
	case v1alpha1.VerdictAtRisk:
		return verdict.Judgement{Status: metav1.ConditionFalse, Reason: v1alpha1.ReasonAtRisk, Message: message}
	default:
		return verdict.Judgement{Status: metav1.ConditionFalse, Reason: v1alpha1.ReasonOffTrack, Message: message}
	}
}

// bothPaces writes the plan's pace, and the one that is judged where it reads differently.
func (e *evaluation) bothPaces(pace pace) string {
	full, capped := percent(pace.full), percent(pace.capped)
	if full == capped {
		return full + " of plan to date"
	}
	return fmt.Sprintf("%s of plan to date (%s with each goal counted up to %s)", full, capped, threshold(e.thresholds.GoalCap))
}

// notMeasured says when the first results are due.
func (e *evaluation) notMeasured() string {
	var first *outcome
	for _, o := range e.outcomes {
		if !o.nextDue.IsZero() && (first == nil || o.nextDue < first.nextDue) {
			first = o
		}
	}
	if first == nil {
		return "no goal has a pace yet"
	}
	return fmt.Sprintf("no goal is measured yet: the first results, of %s through %s, are due by %s",
		first.goal.metric.Name, first.nextEnd, first.nextDue)
}

// behind names the goals whose pace is below OnTrack, the slowest first.
func (e *evaluation) behind() string {
	var slow []*outcome
	for _, o := range e.outcomes {
		if o.pace != nil && o.pace.Cmp(e.thresholds.OnTrackFrom) < 0 {
			slow = append(slow, o)
		}
	}
	if len(slow) == 0 {
		return ""
	}
	slices.SortStableFunc(slow, func(a, b *outcome) int { return a.pace.Cmp(b.pace) })
	names := make([]string, 0, maxNamed)
	for _, o := range slow[:min(len(slow), maxNamed)] {
		names = append(names, fmt.Sprintf("%s (%s)", o.goal.spec.Name, percent(o.pace)))
	}
	text := "; behind: " + strings.Join(names, ", ")
	if more := len(slow) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// resultsStale returns the condition ResultsStale: one sentence per metric whose results are missing.
func (e *evaluation) resultsStale() verdict.Judgement {
	if !e.known() {
		return verdict.Judgement{Status: metav1.ConditionUnknown, Reason: v1alpha1.ReasonNotEvaluated, Message: "the plan's program or period is not known"}
	}
	var stale []string
	worst := e.worstByMetric()
	for _, o := range worst {
		measured := "is not measured"
		if !o.reading.AsOf.IsZero() {
			measured = "is measured through " + o.reading.AsOf.String()
		}
		text := fmt.Sprintf("%s %s: %s", o.goal.metric.Name, measured, missingText(o))
		stale = append(stale, text)
		e.findings.Warningf(RuleResultsMissing, o.goal.field+".metric", "%s; report them in a MeasurementSet, with 0 where nothing was added", text)
	}
	if len(stale) == 0 {
		return verdict.Judgement{Status: metav1.ConditionFalse, Reason: v1alpha1.ReasonUpToDate, Message: e.upToDate()}
	}
	return verdict.Judgement{
		Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonResultsMissing,
		Message: strings.Join(stale, "; ") + ". What is missing counts as zero: report it in a MeasurementSet",
	}
}

// worstByMetric returns of each metric whose results are missing the goal that misses them longest, by metric.
func (e *evaluation) worstByMetric() []*outcome {
	var list []*outcome
	for _, o := range e.outcomes {
		if !o.missing.IsZero() {
			list = append(list, o)
		}
	}
	slices.SortStableFunc(list, func(a, b *outcome) int {
		return cmp.Or(cmp.Compare(a.goal.metric.Name, b.goal.metric.Name), cmp.Compare(a.missing, b.missing), cmp.Compare(b.overdue, a.overdue))
	})
	return slices.CompactFunc(list, func(a, b *outcome) bool { return a.goal.metric.Name == b.goal.metric.Name })
}

// upToDate says which results are due next.
func (e *evaluation) upToDate() string {
	var next *outcome
	for _, o := range e.outcomes {
		if o.nextDue.IsZero() {
			continue
		}
		if next == nil || cmp.Or(cmp.Compare(o.nextDue, next.nextDue), cmp.Compare(o.goal.metric.Name, next.goal.metric.Name)) < 0 {
			next = o
		}
	}
	if next == nil {
		return "no results are missing, and no more are due"
	}
	return fmt.Sprintf("no results are missing; the next, of %s through %s, are due by %s", next.goal.metric.Name, next.nextEnd, next.nextDue)
}
