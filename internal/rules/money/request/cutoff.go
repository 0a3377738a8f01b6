package request

import (
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/rules/attainment"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// attains says what a goal lacks of the attainment that a request is contingent on, by the target that it states; nothing when it has it, or cannot be
// judged, which is a mistake in the spec.
func (in *input) attains(book *measure.Book, c *v1alpha1.Contingency, field string) string {
	least, err := decimal.ParsePercent(c.AttainmentPercent)
	if err != nil || !least.IsInt() || least.Sign() == 0 {
		in.mistakef(RuleValueInvalid, field+".attainmentPercent", "%s must be a whole percentage above zero, such as 85", decimal.Quote(string(c.AttainmentPercent)))
		return ""
	}
	record := in.basisOf(c, field)
	if record == nil {
		return ""
	}
	approved := in.cal.Today(record.ApprovedTime)
	if record.Terms == nil {
		return fmt.Sprintf("the money is contingent on goal %s by the plan of record approved on %s, whose content nothing holds: its findings say how to bring it back", c.Goal,
			approved)
	}
	goal, ok := in.attained(book, record.Terms, c, field)
	if !ok || goal.AttainmentPercent != nil && int64(*goal.AttainmentPercent) >= decimal.FloorInt64(least) {
		return ""
	}
	text := fmt.Sprintf("the money is contingent on %s percent of the %s of goal %s (%s, approved on %s)", c.AttainmentPercent, basisWords(c), c.Goal, in.worth(goal, goal.Target),
		approved)
	if goal.AttainmentPercent == nil {
		return text + ", and nothing is measured yet"
	}
	text += fmt.Sprintf("; measured through %s is %s, %d percent of it", goal.AsOf, in.worth(goal, goal.Actual), *goal.AttainmentPercent)
	if now, known := in.attained(book, in.Terms, c, ""); known && now.Target != goal.Target && now.AttainmentPercent != nil {
		text += fmt.Sprintf(" (the current target is %s, of which it is %d percent)", in.worth(now, now.Target), *now.AttainmentPercent)
	}
	return text
}

// basisOf returns the plan of record by whose target a request is contingent on a goal; nil when there is none.
func (in *input) basisOf(c *v1alpha1.Contingency, field string) *plan.Record {
	var cutOff fiscal.Day // before all: the first one
	switch c.Basis {
	case v1alpha1.BasisOriginal:
	case v1alpha1.BasisAsOf:
		day, err := fiscal.ParseDay(c.AsOf)
		if err != nil {
			in.mistakef(RuleValueInvalid, field+".asOf", "%s", err)
			return nil
		}
		cutOff = day
	default:
		return in.facts.Approvals(in.Plan).Record
	}
	history := in.facts.Approvals(in.Plan).History
	at := fiscal.ByCutOff(history, func(r **plan.Record) fiscal.Day { return in.cal.Today((*r).ApprovedTime) }, cutOff)
	if at < 0 {
		return nil
	}
	return history[at]
}

// attained judges a goal by the terms of a plan. It is not known when they have no such goal, which is a mistake where a field is given.
func (in *input) attained(book *measure.Book, of *v1alpha1.PlanTerms, c *v1alpha1.Contingency, field string) (goal v1alpha1.GoalStatus, known bool) {
	i := slices.IndexFunc(of.Goals, func(g v1alpha1.Goal) bool { return g.Name == c.Goal })
	if i < 0 || in.Program.Metric(of.Goals[i].Metric) == nil {
		if field != "" {
			in.mistakef(RuleGoalUnknown, field+".goal", "the %s of JointPlan %q has %s: name a goal with a metric that it has", textWords(c), in.Plan.Name,
				verdict.NoSuch("goal", string(c.Goal), goalNames(of)))
		}
		return goal, false
	}
	terms := *in.Terms
	terms.Goals = of.Goals[i : i+1]
	result := attainment.Evaluate(attainment.Input{
		Program: in.Program, RuleSet: in.Program.RuleSetOn(in.period.From), Terms: &terms, Original: &terms, Span: in.period, Book: book, Now: in.facts.Now,
	}, &verdict.Findings{}, in.horizon)
	if len(result.Goals) != 1 {
		return goal, false
	}
	return result.Goals[0], true
}

// basisWords names the target by which a request is contingent on a goal.
func basisWords(c *v1alpha1.Contingency) string {
	switch c.Basis {
	case v1alpha1.BasisOriginal:
		return "original target"
	case v1alpha1.BasisAsOf:
		return "target of " + string(c.AsOf)
	default:
		return "target"
	}
}

// textWords names the text of the plan by which a request is contingent on a goal.
func textWords(c *v1alpha1.Contingency) string {
	switch c.Basis {
	case v1alpha1.BasisOriginal:
		return "first plan of record"
	case v1alpha1.BasisAsOf:
		return "plan of record of " + string(c.AsOf)
	default:
		return "plan of record"
	}
}

// worth writes a value of a goal's metric for a message.
func (in *input) worth(goal v1alpha1.GoalStatus, text v1alpha1.Decimal) string {
	value, err := decimal.Parse(text)
	if err != nil {
		return "unknown"
	}
	return in.shown(in.Program.Metric(goal.Metric), value)
}
