package partner

import (
	"cmp"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// Limits of the API.
const (
	maxCauses    = 32
	maxAbout     = 253
	maxCauseText = 512
)

// cause is something that costs, or may cost, the partner its good standing.
type cause struct {
	rule  *v1alpha1.StandingRule
	about string
	field string     // of the partner's spec; empty when none can be named
	since fiscal.Day // the first day on which it held
	what  string     // what holds, as a clause
	cure  string     // what to do, as a clause

	cureThrough fiscal.Day
	steps       []consequence // in the order in which they begin
	step        v1alpha1.StandingStep
}

// consequence is a step with the day on which it begins.
type consequence struct {
	*v1alpha1.StandingConsequence
	from    fiscal.Day
	reached bool
}

// causes returns the causes that hold by the rules in force today, gravest first.
func (s *scene) causes(obligations []obligation) []cause {
	if s.rules == nil {
		return nil
	}
	var list []cause
	for i := range s.rules.Standing {
		rule := &s.rules.Standing[i]
		for _, c := range s.found(rule, obligations) {
			c.rule = rule
			s.time(&c)
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b cause) int {
		return cmp.Or(
			cmp.Compare(gravity(b.step), gravity(a.step)), cmp.Compare(a.since, b.since),
			cmp.Compare(a.rule.Cause, b.rule.Cause), cmp.Compare(a.about, b.about),
		)
	})
	return list
}

// found returns the causes of a rule's kind.
func (s *scene) found(rule *v1alpha1.StandingRule, obligations []obligation) []cause {
	switch rule.Cause {
	case v1alpha1.CauseReviewOverdue:
		return s.reviewsOverdue()
	case v1alpha1.CausePlanOverdue:
		return plansOverdue(obligations)
	case v1alpha1.CauseLowAttainment:
		return s.lowAttainment(rule)
	case v1alpha1.CauseAgreementLapsed:
		return s.agreementLapsed()
	case v1alpha1.CauseInvoiceOverdue:
		return s.invoicesOverdue()
	default:
		return nil // the schema refuses it
	}
}

// time lays out a cause's notice, cure period and consequences. With noticeDays n and cureDays c the cure period ends n + c days after the day before
// the cause arose; a step begins afterDays days after the first day behind it. What the vendor has to cure has no consequences.
func (s *scene) time(c *cause) {
	c.step = v1alpha1.StepWatch
	c.cureThrough = c.since.AddDays(int(program.Or(c.rule.NoticeDays, 0)) + int(program.Or(c.rule.CureDays, 0)) - 1)
	if c.rule.Owner == v1alpha1.PartyVendor {
		return
	}
	for i := range c.rule.Consequences {
		step := consequence{StandingConsequence: &c.rule.Consequences[i]}
		step.from = c.cureThrough.AddDays(1 + int(program.Or(step.AfterDays, 0)))
		step.reached = s.today >= step.from
		if !step.reached {
			s.starts(step.from)
		} else if gravity(step.Step) > gravity(c.step) {
			c.step = step.Step
		}
		c.steps = append(c.steps, step)
	}
	slices.SortStableFunc(c.steps, func(a, b consequence) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(gravity(a.Step), gravity(b.Step)))
	})
}

// gravity orders steps.
func gravity(step v1alpha1.StandingStep) int {
	return slices.Index([]v1alpha1.StandingStep{v1alpha1.StepGood, v1alpha1.StepWatch, v1alpha1.StepReducedRate, v1alpha1.StepHold}, step)
}

// standing adds causes up: the gravest step, the lowest rate and everything that any of them holds.
func standing(causes []cause) *v1alpha1.StandingStatus {
	status := &v1alpha1.StandingStatus{Step: v1alpha1.StepGood}
	var lowest *big.Rat
	for i := range causes {
		c := &causes[i]
		if gravity(c.step) > gravity(status.Step) {
			status.Step = c.step
		}
		for _, step := range c.steps {
			if !step.reached {
				continue
			}
			if rate, err := decimal.ParsePercent(step.RatePercent); err == nil && (lowest == nil || rate.Cmp(lowest) < 0) {
				lowest, status.RatePercent = rate, step.RatePercent
			}
			status.Holds = append(status.Holds, step.Holds...)
		}
		if len(status.Causes) < maxCauses {
			status.Causes = append(status.Causes, c.status())
		}
	}
	slices.Sort(status.Holds)
	status.Holds = slices.Compact(status.Holds)
	return status
}

// status returns a cause as the API shows it.
func (c *cause) status() v1alpha1.CauseStatus {
	return v1alpha1.CauseStatus{
		Cause: c.rule.Cause, About: verdict.Clip(c.about, maxAbout), Owner: c.rule.Owner, Since: c.since.Date(),
		CureThrough: c.cureThrough.Date(), Step: c.step, Message: verdict.Clip(c.words(), maxCauseText),
	}
}

// find adds a finding for a cause.
func (c *cause) find(findings *verdict.Findings) {
	findings.Warning(rulesOf[c.rule.Cause], c.field, "%s", c.words())
}

// holdsPromotion says whether a cause stops promotions.
func (c *cause) holdsPromotion() bool {
	return slices.ContainsFunc(c.steps, func(step consequence) bool {
		return step.reached && slices.Contains(step.Holds, v1alpha1.HoldPromotion)
	})
}

// canHoldPromotion says whether any rule can stop promotions.
func canHoldPromotion(rules *program.RuleSet) bool {
	return rules != nil && slices.ContainsFunc(rules.Standing, func(rule v1alpha1.StandingRule) bool {
		return rule.Owner != v1alpha1.PartyVendor && slices.ContainsFunc(rule.Consequences, func(c v1alpha1.StandingConsequence) bool {
			return slices.Contains(c.Holds, v1alpha1.HoldPromotion)
		})
	})
}
