package plan

import (
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxInitiatives is the number of initiatives that a status lists as covered or not.
const maxInitiatives = 64

// check judges terms as such: those under which the plan is evaluated, or an amendment to them. Its own ground, terms and tier stand
// in front of those of the evaluation.
type check struct {
	*evaluation

	ground ground
	terms  *v1alpha1.PlanTerms
	tier   heldTier
	root   string // what fields of the terms begin with
	book   *measure.Book
}

// field returns the path of an item of a list of the terms.
func (c *check) field(list string, name v1alpha1.Name) string { return item(c.root+"."+list, name) }

// judgeAlignment says which initiatives in force during the period the goals and strategies serve, and judges the condition Aligned.
func (c *check) judgeAlignment() (*v1alpha1.AlignmentStatus, verdict.Judgement) {
	served := map[v1alpha1.Name]bool{}
	var unaligned []string
	look := func(what, field string, name v1alpha1.Name, initiatives []v1alpha1.Name) {
		if !c.align(what, field, name, initiatives, served) {
			unaligned = append(unaligned, fmt.Sprintf("%s %s", what, name))
		}
	}
	for i := range c.terms.Goals {
		look("goal", c.field("goals", c.terms.Goals[i].Name), c.terms.Goals[i].Name, c.terms.Goals[i].Initiatives)
	}
	for i := range c.terms.Strategies {
		look("strategy", c.field("strategies", c.terms.Strategies[i].Name), c.terms.Strategies[i].Name, c.terms.Strategies[i].Initiatives)
	}
	for i := range c.terms.Activities {
		activity := &c.terms.Activities[i]
		c.initiatives(c.field("activities", activity.Name), activity.Initiatives)
	}
	status := c.coverage(served)
	slices.Sort(unaligned)
	switch {
	case len(c.terms.Goals)+len(c.terms.Strategies) == 0:
		return status, verdict.Unknown(v1alpha1.ReasonNoGoals, "the plan has no goals and no strategies to align")
	case len(unaligned) > 0:
		return status, verdict.False(v1alpha1.ReasonNotAligned, "no initiative in force during the period is served by %s: see findings", verdict.Some(unaligned, maxNamed))
	case len(c.inForce()) == 0:
		return status, verdict.Unknown(v1alpha1.ReasonNotJudged, "program %q lists no initiative in force from %s to align with", c.ground.program.Name, c.ground.span)
	default:
		return status, verdict.True(v1alpha1.ReasonAligned, "every goal and strategy serves an initiative in force: %s", verdict.Some(status.Covered, maxNamed))
	}
}

// align reports whether a goal or strategy names an initiative in force, and notes what is missing or wrong.
func (c *check) align(what, field string, name v1alpha1.Name, initiatives []v1alpha1.Name, served map[v1alpha1.Name]bool) bool {
	if len(initiatives) == 0 {
		names := c.inForce()
		if len(names) == 0 {
			return true // there is nothing to align with
		}
		c.findings.Warningf(RuleNotAligned, field+".initiatives", "%s %q names no initiative of program %q: add at least one that is in force during the period: %s",
			what, name, c.ground.program.Name, verdict.AnyOf(names[:min(len(names), maxNamed)]))
		return false
	}
	inForce := c.initiatives(field, initiatives)
	for _, initiative := range inForce {
		served[initiative] = true
	}
	return len(inForce) > 0
}

// initiatives returns those of the named initiatives that are in force during the period, and says what is wrong with the others.
func (c *check) initiatives(field string, names []v1alpha1.Name) []v1alpha1.Name {
	var inForce []v1alpha1.Name
	for _, name := range names {
		switch initiative := c.ground.program.Initiative(name); {
		case initiative == nil:
			c.findings.Errorf(RuleInitiativeUnknown, field+".initiatives", "program %s has %s",
				c.ground.program.Name, verdict.NoSuch("initiative", string(name), c.ground.program.InitiativeNames()))
		case !program.InForce(initiative, c.ground.span):
			c.findings.Warningf(RuleInitiativeNotInForce, field+".initiatives", "initiative %q is not in force from %s: it is in force%s; name another one",
				name, c.ground.span, daysOf(initiative))
		default:
			inForce = append(inForce, name)
		}
	}
	return inForce
}

// inForce returns the names of the program's initiatives that are in force during the period, sorted.
func (c *check) inForce() []string {
	return slices.DeleteFunc(slices.Clone(c.ground.program.InitiativeNames()), func(name string) bool {
		return !program.InForce(c.ground.program.Initiative(v1alpha1.Name(name)), c.ground.span)
	})
}

// daysOf says when an initiative is in force.
func daysOf(initiative *v1alpha1.Initiative) string {
	days := ""
	if initiative.From != "" {
		days += " from " + string(initiative.From)
	}
	if initiative.Through != "" {
		days += " through " + string(initiative.Through)
	}
	return days
}

// coverage lists the initiatives in force during the period that are served, and those that are not.
func (c *check) coverage(served map[v1alpha1.Name]bool) *v1alpha1.AlignmentStatus {
	status := &v1alpha1.AlignmentStatus{}
	for _, text := range c.ground.program.InitiativeNames() {
		name := v1alpha1.Name(text)
		switch {
		case served[name] && len(status.Covered) < maxInitiatives:
			status.Covered = append(status.Covered, name)
		case !served[name] && len(status.Uncovered) < maxInitiatives && program.InForce(c.ground.program.Initiative(name), c.ground.span):
			status.Uncovered = append(status.Uncovered, name)
		}
	}
	return status
}
