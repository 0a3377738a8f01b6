package attainment

import (
	"fmt"
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/verdict"
)

// shared adds up the targets of the goals that count one Flow through one day: each of them counts the whole of it, so that only the sum says what was
// promised. Levels are not added up, nor what is to decrease; goals that are due on different days are steps of one way.
func (e *evaluation) shared() []v1alpha1.SharedTarget {
	type way struct {
		metric v1alpha1.Name
		due    fiscal.Day
	}
	groups, order := map[way][]*outcome{}, []way{}
	for _, o := range e.outcomes {
		g := o.goal
		if g.deliverable() || g.broken != "" || g.target == nil || g.stock() || g.decrease() {
			continue
		}
		of := way{g.metric.Name, g.window.Through}
		if len(groups[of]) == 0 {
			order = append(order, of)
		}
		groups[of] = append(groups[of], o)
	}
	var list []v1alpha1.SharedTarget
	for _, of := range order {
		group := groups[of]
		if len(group) < 2 {
			continue
		}
		first, sum := group[0], new(big.Rat)
		s := v1alpha1.SharedTarget{Metric: of.metric, Due: of.due.Date(), Actual: shown(first.reading.Value)}
		for _, o := range group {
			sum.Add(sum, o.goal.target)
			s.Goals = append(s.Goals, o.goal.spec.Name)
		}
		s.Target = shown(sum)
		measured := "nothing of it is measured yet"
		if value := first.reading.Value; value != nil {
			s.AsOf, s.AttainmentPercent = first.asOf.Date(), floor(ratio(value, sum))
			measured = e.format.amount(first.goal.metric, value) + " is measured in all"
			if s.AttainmentPercent != nil {
				measured += fmt.Sprintf(" (%d%%)", *s.AttainmentPercent)
			}
		}
		e.findings.Infof(RuleTargetsShareMetric, "spec.goals", "goals %s each count the whole of %s: their targets add up to %s by %s, and %s; give each a metric of its "+
			"own, or write one goal", verdict.Some(s.Goals, maxShared), of.metric, e.format.amount(first.goal.metric, sum), of.due, measured)
		list = append(list, s)
	}
	return list
}

// maxShared is the number of goals that a message names.
const maxShared = 5
