// Package standing holds what costs a partner its good standing, and when: a cause, its notice and cure period, and the consequences that begin
// after them one by one.
//
// Two causes follow from the partner's spec alone, a lapsed agreement and an overdue invoice, and are found here. The others need the partner's
// plans and are found by package partner. Whether one of the two holds promotions is a function of the partner's spec, a rule set and a day; so the
// tier by which a plan is judged can honour these holds, while it cannot ask the plans, which are judged by it.
package standing

import (
	"cmp"
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/meeting"
)

// Cause is something that costs, or may cost, a partner its good standing.
type Cause struct {
	// Rule is the rule that watches it; set by Unfold.
	Rule *v1alpha1.StandingRule
	// About names the plan, period or invoice.
	About string
	// Field is the field of the partner's spec; empty when none can be named.
	Field string
	// Since is the first day on which it held.
	Since fiscal.Day

	// What says what holds, as a clause: "invoice 4711 was due on 2026-08-31 and is not paid".
	What string
	// Was says in the past tense what held on a day: "invoice 4711, due on 2026-08-31, was not paid".
	Was string
	// Cure is what to do, behind "has to": "pay it".
	Cure string
	// Record is where to state that it is done; empty when it is seen anyway.
	Record string
	// Stops are spans, in order, in which the clock stands still: what has begun goes on, and what was to begin begins later.
	Stops []meeting.Stop
	// Waits is a sentence about why it stands still now; empty when it does not.
	Waits string
	// Note is a sentence about what ends the cause, where that is not plain.
	Note string

	// CureThrough is the last day of the cure period; before Since when there is neither notice nor cure period. Set by Unfold.
	CureThrough fiscal.Day
	// CurePeriodOver says that the last day of the cure period has passed; set by Unfold.
	CurePeriodOver bool
	// Steps are the consequences in the order in which they begin; set by Unfold.
	Steps []Consequence
	// Step is the gravest step that has begun; set by Unfold.
	Step v1alpha1.StandingStep
}

// Consequence is a step with the day on which it begins.
type Consequence struct {
	*v1alpha1.StandingConsequence

	// From is the first day.
	From fiscal.Day
	// Reached says that the first day has come.
	Reached bool
}

// Unfold lays out a cause's notice, cure period and consequences as they stand on a day. With noticeDays n and cureDays c the cure period ends n + c
// days after the day before the cause arose; a step begins afterDays days after the first day behind it. Days on which the clock stands still are not
// counted. What the vendor must cure has no consequences.
func (c *Cause) Unfold(rule *v1alpha1.StandingRule, today fiscal.Day) {
	c.Rule, c.Step, c.Steps = rule, v1alpha1.StepWatch, nil
	over := c.Since.AddDays(int(program.Or(rule.NoticeDays, 0)) + int(program.Or(rule.CureDays, 0)))
	c.CureThrough = meeting.Shift(over, c.Stops).AddDays(-1)
	c.CurePeriodOver = today > c.CureThrough
	if rule.Owner == v1alpha1.PartyVendor {
		return
	}
	for i := range rule.Consequences {
		step := Consequence{StandingConsequence: &rule.Consequences[i]}
		step.From = meeting.Shift(over.AddDays(int(program.Or(step.AfterDays, 0))), c.Stops)
		step.Reached = today >= step.From
		if step.Reached && Gravity(step.Step) > Gravity(c.Step) {
			c.Step = step.Step
		}
		c.Steps = append(c.Steps, step)
	}
	slices.SortStableFunc(c.Steps, func(a, b Consequence) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(Gravity(a.Step), Gravity(b.Step)))
	})
}

// Gravity orders steps: the graver the higher.
func Gravity(step v1alpha1.StandingStep) int {
	return slices.Index([]v1alpha1.StandingStep{v1alpha1.StepGood, v1alpha1.StepWatch, v1alpha1.StepReducedRate, v1alpha1.StepHold}, step)
}

// Holds returns what a cause stops now.
func (c *Cause) Holds() []v1alpha1.HoldScope {
	var holds []v1alpha1.HoldScope
	for _, step := range c.Steps {
		if step.Reached {
			holds = append(holds, step.Holds...)
		}
	}
	return holds
}

// HoldsPromotion says whether a cause stops promotions.
func (c *Cause) HoldsPromotion() bool { return slices.Contains(c.Holds(), v1alpha1.HoldPromotion) }

// CanHoldPromotion says whether any rule of a rule set can stop promotions.
func CanHoldPromotion(rules *program.RuleSet) bool {
	return rules != nil && slices.ContainsFunc(rules.Standing, func(rule v1alpha1.StandingRule) bool {
		return rule.Owner != v1alpha1.PartyVendor && slices.ContainsFunc(rule.Consequences, func(c v1alpha1.StandingConsequence) bool {
			return slices.Contains(c.Holds, v1alpha1.HoldPromotion)
		})
	})
}

// PromotionHold says whether a lapsed agreement or an overdue invoice stops promotions on a day by a rule set, and why. Facts dated after that day
// do not count.
func PromotionHold(partner *v1alpha1.Partner, rules *program.RuleSet, day fiscal.Day) (reason string, held bool) {
	if !CanHoldPromotion(rules) {
		return "", false
	}
	for i := range rules.Standing {
		rule := &rules.Standing[i]
		for _, c := range OfSpec(partner, rule.Cause, day, func(fiscal.Day) {}) {
			c.Unfold(rule, day)
			if c.HoldsPromotion() {
				return c.HeldOn(day), true
			}
		}
	}
	return "", false
}

// OfSpec returns the causes of a kind that follow from the partner's spec alone and hold on a day; none of another kind. starts is told each later
// day from which on the answer may be another.
func OfSpec(partner *v1alpha1.Partner, kind v1alpha1.StandingCause, today fiscal.Day, starts func(fiscal.Day)) []Cause {
	switch kind {
	case v1alpha1.CauseAgreementLapsed:
		return agreementLapsed(partner, today, starts)
	case v1alpha1.CauseInvoiceOverdue:
		return invoicesOverdue(partner, today, starts)
	default:
		return nil
	}
}

// agreementLapsed finds an agreement that has ended.
func agreementLapsed(partner *v1alpha1.Partner, today fiscal.Day, starts func(fiscal.Day)) []Cause {
	agreement := partner.Spec.Agreement
	if agreement == nil {
		return nil
	}
	last, err := fiscal.ParseDay(agreement.EndsOn)
	if err != nil {
		return nil
	}
	if today <= last {
		starts(last.AddDays(1))
		return nil
	}
	return []Cause{{
		About: "agreement", Field: "spec.agreement.endsOn", Since: last.AddDays(1),
		What: fmt.Sprintf("the agreement ended on %s", last),
		Was:  fmt.Sprintf("the agreement, which ended on %s, was not renewed", last),
		Cure: "renew it", Record: "state its new end in spec.agreement.endsOn",
	}}
}

// invoicesOverdue finds the invoices that are unpaid past their due day. One that is paid stops counting on the day of the payment.
func invoicesOverdue(partner *v1alpha1.Partner, today fiscal.Day, starts func(fiscal.Day)) []Cause {
	var list []Cause
	for i := range partner.Spec.Invoices {
		invoice := &partner.Spec.Invoices[i]
		due, err := fiscal.ParseDay(invoice.DueOn)
		if err != nil {
			continue
		}
		if paid, err := fiscal.ParseDay(invoice.PaidOn); err == nil {
			if paid <= today {
				continue
			}
			starts(paid)
		}
		if today <= due {
			starts(due.AddDays(1))
			continue
		}
		field := fmt.Sprintf("spec.invoices[%s]", invoice.Number)
		list = append(list, Cause{
			About: string(invoice.Number), Field: field, Since: due.AddDays(1),
			What: fmt.Sprintf("invoice %s was due on %s and is not paid", invoice.Number, due),
			Was:  fmt.Sprintf("invoice %s, due on %s, was not paid", invoice.Number, due),
			Cure: "pay it", Record: fmt.Sprintf("state %s.paidOn", field),
		})
	}
	return list
}
