package tier

import (
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/verdict"
)

// Limits of the API.
const (
	maxCriteria        = 96
	maxMissing         = 12
	maxCriterionText   = 512
	maxEvaluationText  = 1024
	maxThresholdText   = 63
	sourceCompetencies = "spec.competencies"
)

// outlook says how the partner would be judged on the next evaluation day if nothing more were measured. Between two evaluations it
// changes only when a fact begins to count.
func (j *judge) outlook(now holding, outcome *Outcome) {
	next := j.nextEvaluation(j.today)
	if next.IsZero() {
		return
	}
	j.horizon.At(j.cal.EndOf(next))
	outcome.NextEvaluation = next
	r := j.rule(occasion{day: next, set: j.prog.RuleSetOn(next)})
	outcome.Qualified = r.reached.name()
	for i := range r.tiers {
		for k := range r.tiers[i].figures {
			if len(outcome.Criteria) < maxCriteria {
				outcome.Criteria = append(outcome.Criteria, r.tiers[i].figures[k].status(r.occasion))
			}
		}
	}
	rank := now.rank
	if same := r.of(now.name); same != nil {
		rank, outcome.Verdict, outcome.Lacks = same.rank(), same.verdict, strings.TrimSpace(r.lacks(same))
	}
	higher := r.above(rank)
	if higher == nil {
		return
	}
	outcome.Next = &v1alpha1.NextTier{Name: higher.name(), EvaluatedOn: next.Date()}
	for i := range higher.figures {
		f := &higher.figures[i]
		if f.verdict != v1alpha1.CriterionMet && len(outcome.Next.Missing) < maxMissing {
			outcome.Next.Missing = append(outcome.Next.Missing, verdict.Clip(f.words(r.occasion), maxCriterionText))
		}
	}
}

// status returns a figure as the API shows it.
func (f *figure) status(at occasion) v1alpha1.CriterionResult {
	c := v1alpha1.CriterionResult{
		Tier: f.tier.Name, Subject: f.subject(), Verdict: f.verdict, Message: verdict.Clip(f.words(at), maxCriterionText),
	}
	sign := ">= "
	if f.atMost {
		sign = "<= "
	}
	c.Threshold = verdict.Clip(sign+f.limit(), maxThresholdText)
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
