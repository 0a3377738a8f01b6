// Package attainment judges the goals of a plan: target, attainment, pace, forecast, verdict and score. docs/attainment.md says how, with
// what happens where a denominator is zero, negative or missing.
package attainment

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// Input is what the goals of a plan are judged by.
type Input struct {
	// Program is the plan's program. Without one no goal is judged.
	Program *program.Program
	// RuleSet is the rule set by which the plan is judged; nil for the documented defaults.
	RuleSet *program.RuleSet
	// Terms are the terms that are in force: those of record or else of the spec.
	Terms *v1alpha1.PlanTerms
	// Original are the first approved terms; nil when there are none.
	Original *v1alpha1.PlanTerms
	// Span is the plan's period. Without one no goal is judged.
	Span fiscal.Span
	// Book holds the plan's measurements.
	Book *measure.Book
	// Done is what is recorded as done; only what is about goals is looked at.
	Done []v1alpha1.DoneItem
	// Now is the instant.
	Now time.Time
}

// Result says how the goals stand.
type Result struct {
	// Goals say how each goal stands, by name.
	Goals []v1alpha1.GoalStatus
	// Shared are the sums of the targets that several goals have of one metric.
	Shared []v1alpha1.SharedTarget
	// Score says how the plan's score came about.
	Score *v1alpha1.ScoreStatus
	// AttainmentPercent is the score rounded down; nil when it is Unknown.
	AttainmentPercent *int32
	// PacePercent is the weighted pace rounded down, of each goal what it is and at least 0; nil when no goal has one.
	PacePercent *int32
	// Attainment is the exact score in percent; nil when it is Unknown.
	Attainment *big.Rat
	// AtBest is what the score can still come to, in percent: goals that are final count as they are, the others as much as one can count. Nil when the
	// goals cannot be judged.
	AtBest *big.Rat
	// OnTrack is the condition of that name.
	OnTrack verdict.Judgement
	// ResultsStale is the condition of that name.
	ResultsStale verdict.Judgement
	// Final says that the due days of all goals are past and their results are in or due: the score will not change unless a spec does.
	Final bool
	// FinalSince is the first day on which, as specs now stand, the score was final; absent while it is not.
	FinalSince fiscal.Day
	// ResultsDue is the last day on which results of the plan are due: the latest of the period's last day and every goal's due day plus
	// its metric's reportingLagDays. Absent when the period is not known.
	ResultsDue fiscal.Day
}

// Evaluate judges the goals of a plan. It adds what is wrong in them to the findings (what is wrong in the measurements is in Book.Findings), and to the
// horizon each instant at which a goal may stand differently although no spec changed.
func Evaluate(in Input, findings *verdict.Findings, horizon *verdict.Horizon) Result {
	if in.Terms == nil {
		in.Terms = &v1alpha1.PlanTerms{}
	}
	e := &evaluation{Input: in, findings: findings, horizon: horizon, thresholds: thresholdsOf(in.RuleSet), format: format{in.Program}}
	if in.Program != nil {
		e.today = in.Program.Today(in.Now)
		e.note(in.Span.From, in.Span.Through)
		if day, ok := in.Book.NextDay(); ok {
			e.noteStart(day)
		}
	}
	weights := e.weigh()
	for i := range in.Terms.Goals {
		g := prepare(&in, &in.Terms.Goals[i], findings)
		e.outcomes = append(e.outcomes, e.judge(g, weights[i]))
	}
	slices.SortStableFunc(e.outcomes, func(a, b *outcome) int { return cmp.Compare(a.goal.spec.Name, b.goal.spec.Name) })
	return e.result()
}

// evaluation is one evaluation under way.
type evaluation struct {
	Input
	findings   *verdict.Findings
	horizon    *verdict.Horizon
	thresholds program.Scoring
	format     format
	today      fiscal.Day
	weightsBad string // why the weights cannot be used; empty when they can
	outcomes   []*outcome
}

func thresholdsOf(set *program.RuleSet) program.Scoring {
	if set == nil || set.RuleSet == nil {
		set = &program.RuleSet{RuleSet: &v1alpha1.RuleSet{}}
	}
	return set.Thresholds()
}

// note notes that something may change when a day starts, and when another is over.
func (e *evaluation) note(starts, ends fiscal.Day) {
	e.noteStart(starts)
	e.noteEnd(ends)
}

func (e *evaluation) noteStart(day fiscal.Day) { e.horizon.At(e.Program.Calendar.StartOf(day)) }

func (e *evaluation) noteEnd(day fiscal.Day) { e.horizon.At(e.Program.Calendar.EndOf(day)) }

// result puts together what the goals came to.
func (e *evaluation) result() Result {
	r := Result{ResultsDue: e.Span.Through, Final: true}
	for _, o := range e.outcomes {
		r.Goals = append(r.Goals, e.status(o))
		r.Final = r.Final && o.final()
		r.FinalSince = max(r.FinalSince, o.finalSince)
		r.ResultsDue = max(r.ResultsDue, o.resultsDue)
	}
	if len(e.outcomes) == 0 {
		r.Final, r.FinalSince = e.today > e.Span.Through, e.Span.Through.AddDays(1)
	}
	if r.Final = r.Final && e.known(); !r.Final {
		r.FinalSince = 0
	}
	r.Shared = e.shared()
	s := e.score(r.Final)
	r.Score, r.Attainment, r.AttainmentPercent = s.status(), s.percent, floor(s.percent)
	r.AtBest = e.atBest(s)
	pace := e.pace()
	r.PacePercent = floor(pace.full)
	r.OnTrack = e.onTrack(pace, s)
	r.ResultsStale = e.resultsStale()
	return r
}

// known reports whether there is a program and a period to judge by.
func (e *evaluation) known() bool { return e.Program != nil && e.Span.Days() > 0 }
