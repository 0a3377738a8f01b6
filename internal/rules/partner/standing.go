package partner

import (
	"cmp"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/rules/standing"
)

// Limits of the API.
const (
	maxCauses    = 24
	maxAbout     = 253
	maxCauseText = 512

	maxObligationText = 256
	maxPassed         = 14
)

// causes returns the causes that hold by the rules in force today, gravest first.
func (s *moment) causes(obligations []obligation) []standing.Cause {
	if s.rules == nil {
		return nil
	}
	var list []standing.Cause
	for i := range s.rules.Standing {
		rule := &s.rules.Standing[i]
		for _, c := range s.found(rule, obligations) {
			c.Unfold(rule, s.today)
			if len(c.Steps) > 0 {
				s.ends(c.CureThrough) // its words change, also where the first step begins later
			}
			for _, step := range c.Steps {
				s.starts(step.From)
			}
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b standing.Cause) int {
		return cmp.Or(
			cmp.Compare(standing.Gravity(b.Step), standing.Gravity(a.Step)), cmp.Compare(a.Since, b.Since),
			cmp.Compare(a.Rule.Cause, b.Rule.Cause), cmp.Compare(a.About, b.About),
		)
	})
	return list
}

// found returns the causes of a rule's kind.
func (s *moment) found(rule *v1alpha1.StandingRule, obligations []obligation) []standing.Cause {
	switch rule.Cause {
	case v1alpha1.CauseReviewOverdue:
		return s.reviewsOverdue()
	case v1alpha1.CausePlanOverdue:
		return plansOverdue(obligations)
	case v1alpha1.CauseDecisionOverdue:
		return s.decisionsOverdue()
	case v1alpha1.CauseLowAttainment:
		return s.lowAttainment(rule)
	default:
		return standing.OfSpec(s.partner, rule.Cause, s.today, s.starts)
	}
}

// standingOf adds causes up: the gravest step, the lowest rate and everything that any of them holds.
func standingOf(causes []standing.Cause) *v1alpha1.StandingStatus {
	status := &v1alpha1.StandingStatus{Step: v1alpha1.StepGood}
	var lowest *big.Rat
	for i := range causes {
		c := &causes[i]
		if standing.Gravity(c.Step) > standing.Gravity(status.Step) {
			status.Step = c.Step
		}
		for _, step := range c.Steps {
			if !step.Reached {
				continue
			}
			if since := step.From.Date(); step.Step == v1alpha1.StepReducedRate && (status.ReducedSince == "" || since < status.ReducedSince) {
				status.ReducedSince = since
			}
			if rate, err := decimal.ParsePercent(step.RatePercent); err == nil && (lowest == nil || rate.Cmp(lowest) < 0) {
				lowest, status.RatePercent = rate, step.RatePercent
			}
			status.Holds = append(status.Holds, step.Holds...)
		}
		if len(status.Causes) < maxCauses {
			status.Causes = append(status.Causes, causeStatus(c))
		}
	}
	slices.Sort(status.Holds)
	status.Holds = slices.Compact(status.Holds)
	return status
}

// causeStatus returns a cause as the API shows it.
func causeStatus(c *standing.Cause) v1alpha1.CauseStatus {
	return v1alpha1.CauseStatus{
		Cause: c.Rule.Cause, About: printable.Clip(c.About, maxAbout), Owner: c.Rule.Owner, Since: c.Since.Date(),
		CureThrough: c.CureThrough.Date(), Step: c.Step, Message: printable.Clip(c.Words(), maxCauseText),
	}
}
