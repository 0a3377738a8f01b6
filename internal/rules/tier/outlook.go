package tier

import (
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/printable"
)

// Limits of the API.
const (
	maxCriteria        = 64
	maxMissing         = 12
	maxCriterionText   = 512
	maxEvaluationText  = 1024
	maxThresholdText   = 63
	sourceCompetencies = "spec.competencies"
)

// outlook says how today's figures stand to the rules of the next evaluation day, and what would be missing on that day if nothing more were
// measured. Between two evaluations it changes only when a fact begins or ceases to count, or results become due.
func (j *judge) outlook(now holding, outcome *Outcome) {
	next := j.nextEvaluation(j.today)
	if next.IsZero() {
		return
	}
	j.horizon.At(j.cal.EndOf(next))
	outcome.NextEvaluation = next
	set := j.prog.RuleSetOn(next)
	r := j.rule(occasion{day: next, set: set, view: today})
	outcome.Qualified = r.reached.name()
	for i := range r.tiers {
		for k := range r.tiers[i].figures {
			if len(outcome.Criteria) < maxCriteria {
				outcome.Criteria = append(outcome.Criteria, r.tiers[i].figures[k].status(r.occasion))
			}
		}
	}
	if same := r.of(now.name); same != nil {
		outcome.Verdict, outcome.Lacks = same.verdict, strings.TrimSpace(r.lacks(same))
	}
	outcome.Next = j.rule(occasion{day: next, set: set, view: ahead}).next(now)
}

// next says what is missing for the tier to work for: the one held while its requirements are not met, else the next higher one; nil when there is
// none.
func (r *ruling) next(now holding) *v1alpha1.NextTier {
	rank := now.rank
	aim := r.of(now.name)
	if aim != nil {
		rank = aim.rank()
	}
	if aim == nil || aim.verdict == v1alpha1.CriterionMet {
		aim = r.above(rank)
	}
	if aim == nil {
		return nil
	}
	next := &v1alpha1.NextTier{Name: aim.name(), EvaluatedOn: r.day.Date()}
	for i := range aim.figures {
		f := &aim.figures[i]
		if f.verdict != v1alpha1.CriterionMet && len(next.Missing) < maxMissing {
			next.Missing = append(next.Missing, printable.Clip(f.words(r.occasion), maxCriterionText))
		}
	}
	return next
}

// status returns a figure as the API shows it.
func (f *figure) status(at occasion) v1alpha1.CriterionResult {
	c := v1alpha1.CriterionResult{
		Tier: f.tier.Name, Subject: f.subject(), Verdict: f.verdict, Message: printable.Clip(f.words(at), maxCriterionText),
	}
	sign := ">= "
	if f.atMost {
		sign = "<= "
	}
	limit := f.limit()
	if f.criterion.GrowthOver != nil {
		limit += " % growth"
	}
	c.Threshold = printable.Clip(sign+limit, maxThresholdText)
	if f.group != nil {
		c.Required, c.Met = int32(f.group.required), new(int32(f.group.met)) //nolint:gosec // at most 5
	}
	if f.found != nil {
		c.Found = shown(f.found)
	}
	if f.missing != nil {
		c.Shortfall = shown(f.missing)
	}
	if !f.window.IsZero() {
		c.Window = &v1alpha1.DayRange{From: f.window.From.Date(), Through: f.window.Through.Date()}
	}
	c.Source = string(f.source)
	if f.criterion.Competency != "" {
		c.Source = sourceCompetencies
	}
	return c
}

// subject returns the metric or competency that was looked at.
func (f *figure) subject() v1alpha1.Name {
	if f.criterion.Competency != "" {
		return f.criterion.Competency
	}
	return f.criterion.Metric
}
