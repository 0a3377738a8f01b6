package request

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/verdict"
)

// milestonesReached holds when every goal that the request is contingent on has reached its required value, as measured in the plan's period by now.
func milestonesReached(in *input) (reason, message string, failed bool) {
	if in.Terms == nil || in.Program == nil || in.period.IsZero() || len(in.Object.Spec.ContingentOn) == 0 {
		return "", "", false
	}
	book := measure.OfPlan(in.facts.Snapshot, in.Program, in.Plan, in.period, in.today)
	if next, ok := book.NextDay(); ok {
		in.horizon.At(in.cal.StartOf(next))
	}
	var missing []string
	for i := range in.Object.Spec.ContingentOn {
		if text := in.lacks(book, &in.Object.Spec.ContingentOn[i]); text != "" {
			missing = append(missing, text)
		}
	}
	if len(missing) == 0 {
		return "", "", false
	}
	return v1alpha1.ReasonMilestoneNotReached, strings.Join(missing, "; ") + ": the request can be granted when that is measured", true
}

// lacks says what a goal lacks; nothing when it has reached its value, or cannot be judged, which is a mistake in the spec.
func (in *input) lacks(book *measure.Book, c *v1alpha1.Contingency) string {
	field := fmt.Sprintf("spec.contingentOn[%s]", c.Goal)
	if c.AttainmentPercent != "" {
		return in.attains(book, c, field)
	}
	i := slices.IndexFunc(in.Terms.Goals, func(g v1alpha1.Goal) bool { return g.Name == c.Goal })
	if i < 0 {
		in.mistakef(RuleGoalUnknown, field+".goal", "the plan of record of JointPlan %q has %s", in.Plan.Name, verdict.NoSuch("goal", string(c.Goal),
			goalNames(in.Terms)))
		return ""
	}
	metric := in.Program.Metric(in.Terms.Goals[i].Metric)
	if metric == nil {
		in.mistakef(RuleGoalUnknown, field+".goal", "goal %q has no metric of the program's catalogue, so nothing tells how far it has come: name one that has",
			c.Goal)
		return ""
	}
	least, err := decimal.Parse(c.AtLeast)
	if err != nil {
		in.mistakef(RuleValueInvalid, field+".atLeast", "%s", err)
		return ""
	}
	window := in.period
	if due, err := fiscal.ParseDay(in.Terms.Goals[i].Due); err == nil && window.Contains(due) {
		window.Through = due
	}
	return in.short(metric, c.Goal, least, book.Series(metric.Name).Total(window))
}

// short says by how much a goal falls short of a value; nothing when it does not.
func (in *input) short(metric *v1alpha1.Metric, goal v1alpha1.Name, least *big.Rat, reading measure.Reading) string {
	decrease := metric.Direction == v1alpha1.DirectionDecrease
	want := "at least " + in.shown(metric, least)
	if decrease {
		want = "at most " + in.shown(metric, least)
	}
	if reading.Value == nil {
		return fmt.Sprintf("the money is contingent on %s of goal %s (%s), and nothing is measured yet", want, goal, metric.Name)
	}
	order := reading.Value.Cmp(least)
	if order == 0 || (order < 0) == decrease {
		return ""
	}
	return fmt.Sprintf("the money is contingent on %s of goal %s (%s); measured through %s is %s", want, goal, metric.Name, reading.Through(),
		in.shown(metric, reading.Value))
}

// shown writes a value of a metric for a message.
func (in *input) shown(metric *v1alpha1.Metric, value *big.Rat) string {
	switch metric.Unit {
	case v1alpha1.UnitCurrency:
		return string(in.Program.Spec.Currency) + " " + decimal.Format(value, 2)
	case v1alpha1.UnitPercent:
		return decimal.FormatShort(value, decimal.MaxFractionDigits) + " percent"
	default:
		return decimal.FormatShort(value, decimal.MaxFractionDigits)
	}
}

func goalNames(terms *v1alpha1.PlanTerms) []string {
	var names []string
	for i := range terms.Goals {
		names = append(names, string(terms.Goals[i].Name))
	}
	return names
}
