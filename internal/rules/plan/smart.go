package plan

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/rules/attainment"
	"jointplan.dev/jointplan/internal/verdict"
)

// shownDigits is the number of digits after the point of figures in messages.
const shownDigits = 2

// letter is what one letter of SMART says of a goal: it holds when it neither fails nor is open.
type letter struct {
	fails string // what is wrong, and what to do
	open  string // why it cannot be judged yet, and what to do
	note  string // what is worth knowing although it holds
}

// smart are the letters of SMART in order, with the fields of a goal that each looks at: an Error about one of them says it already.
var smart = []struct {
	rule, word, field string
	reads             []string
	judge             func(*check, *v1alpha1.Goal) letter
}{
	{RuleSmartSpecific, "specific", "", []string{".metric"}, (*check).specific},
	{RuleSmartMeasurable, "measurable", "", []string{".metric", ".target", ".target.unit", ".baseline"}, (*check).measurable},
	{RuleSmartActionable, "actionable", "", nil, (*check).actionable},
	{RuleSmartRealistic, "realistic", ".target", []string{".metric", ".target", ".target.unit", ".baseline"}, (*check).realistic},
	{RuleSmartTimeBound, "time-bound", ".due", []string{".due"}, (*check).timeBound},
}

// judgeSmart judges each letter for each goal and, from them, the condition Smart: False when a letter fails for a goal, else Unknown
// when one cannot be judged, else True. What an Error says of a field of a goal counts here and is not said again.
func (c *check) judgeSmart() verdict.Judgement {
	var failing, open []string
	errors := c.errorFields()
	for i := range c.terms.Goals {
		g := &c.terms.Goals[i]
		fails, unknown := c.judgeLetters(g, errors)
		if len(fails) > 0 {
			failing = append(failing, fmt.Sprintf("%s (%s)", g.Name, strings.Join(fails, ", ")))
		}
		if len(unknown) > 0 {
			open = append(open, fmt.Sprintf("%s (%s)", g.Name, strings.Join(unknown, ", ")))
		}
	}
	slices.Sort(failing)
	slices.Sort(open)
	switch all := len(c.terms.Goals); {
	case all == 0:
		return verdict.Unknown(v1alpha1.ReasonNoGoals, "the plan has no goals")
	case len(failing) > 0:
		return verdict.False(v1alpha1.ReasonNotSmart, "%d of %s not SMART: %s; see findings", len(failing), verdict.Count(all, "goal"), verdict.Some(failing, maxNamed))
	case len(open) > 0:
		return verdict.Unknown(v1alpha1.ReasonNotJudged, "no goal falls short, but some cannot be judged in full: %s; see findings", verdict.Some(open, maxNamed))
	default:
		return verdict.True(v1alpha1.ReasonSmart, "every goal (%d) is specific, measurable, actionable, realistic and time-bound", all)
	}
}

// judgeLetters returns the words of SMART that fail for a goal, and those that cannot be judged, and notes why, except where an Error does.
func (c *check) judgeLetters(g *v1alpha1.Goal, errors map[string]bool) (fails, unknown []string) {
	field := c.field("goals", g.Name)
	for _, s := range smart {
		said := slices.ContainsFunc(s.reads, func(read string) bool { return errors[field+read] })
		l := s.judge(c, g)
		switch {
		case l.fails != "":
			fails = append(fails, s.word)
			if !said {
				c.findings.Warningf(s.rule, field+s.field, "goal %q is not %s: %s", g.Name, s.word, l.fails)
			}
		case l.open != "":
			unknown = append(unknown, s.word)
			if !said {
				c.findings.Infof(s.rule, field+s.field, "whether goal %q is %s cannot be judged: %s", g.Name, s.word, l.open)
			}
		case l.note != "":
			c.findings.Infof(s.rule, field+s.field, "goal %q is %s by the program's rules, but %s: make sure that the plan says how", g.Name, s.word, l.note)
		}
	}
	return fails, unknown
}

// errorFields returns the fields that Error findings are about so far.
func (c *check) errorFields() map[string]bool {
	fields := map[string]bool{}
	for _, finding := range c.findings.List() {
		if finding.Severity == v1alpha1.SeverityError {
			fields[finding.Field] = true
		}
	}
	return fields
}

// specific asks for a metric of the catalogue, or a deliverable, and for an owner.
func (c *check) specific(g *v1alpha1.Goal) letter {
	switch {
	case g.Metric == "" && g.Deliverable == "":
		return letter{fails: "it has neither a metric nor a deliverable; give one"}
	case g.Metric != "" && c.ground.program.Metric(g.Metric) == nil:
		return letter{fails: fmt.Sprintf("metric %q is not in the catalogue of program %q; name one that is", g.Metric, c.ground.program.Name)}
	case g.Owner == "":
		return letter{fails: "it has no owner; set owner to Vendor or Partner"}
	}
	return letter{}
}

// measurable asks for a target in the metric's unit and for a source of results. A deliverable is measured by whether it is done.
func (c *check) measurable(g *v1alpha1.Goal) letter {
	if g.Metric == "" {
		return letter{}
	}
	metric := c.ground.program.Metric(g.Metric)
	switch {
	case metric == nil:
		return letter{fails: fmt.Sprintf("there is no metric %q to measure it by", g.Metric)}
	case g.Target == nil:
		return letter{fails: "it has no target; add one"}
	case g.Target.Unit != "" && g.Target.Unit != metric.Unit:
		return letter{fails: fmt.Sprintf("its target is in %s, and metric %q is in %s; nothing is converted: state the target in the metric's unit",
			g.Target.Unit, g.Metric, metric.Unit)}
	}
	if _, err := attainment.Target(g); err != nil {
		return letter{fails: err.Error()}
	}
	if !c.hasSource(metric) && c.book.Series(g.Metric).Newest().IsZero() {
		return letter{open: fmt.Sprintf("metric %q has no sourceOfRecord in program %q and nothing was measured yet; say where results come from, "+
			"or create a MeasurementSet", g.Metric, c.ground.program.Name)}
	}
	return letter{}
}

// hasSource reports whether the program says where the results of a metric come from; of one that is computed, of all that count for it.
func (c *check) hasSource(metric *v1alpha1.Metric) bool {
	counted := c.ground.program.CountedFor(metric.Name)
	return metric.SourceOfRecord != "" || len(counted) > 0 && !slices.ContainsFunc(counted, func(name v1alpha1.Name) bool {
		return c.ground.program.Metric(name).SourceOfRecord == ""
	})
}

// actionable asks for a campaign or a commitment that serves the goal.
func (c *check) actionable(g *v1alpha1.Goal) letter {
	for _, campaign := range c.snapshot.CampaignsOf(v1alpha1.Name(c.plan.Name)) {
		if slices.Contains(campaign.Spec.Goals, g.Name) {
			return letter{}
		}
	}
	for i := range c.terms.Commitments {
		if slices.Contains(c.terms.Commitments[i].Goals, g.Name) {
			return letter{}
		}
	}
	return letter{fails: "no campaign and no commitment serves it; name it in goals of a campaign or commitment"}
}

// realistic asks for a target within the bounds that the program states for the metric and tier or, where it states none, for one that others have
// reached too. Where it states some they decide, and what others have reached is noted. A deliverable has no number to bound, and of a metric that the
// catalogue does not have (which is no longer specific) nothing can be said.
func (c *check) realistic(g *v1alpha1.Goal) letter {
	metric := c.ground.program.Metric(g.Metric)
	if g.Metric == "" || metric == nil {
		return letter{}
	}
	bound, others := c.bound(g.Metric), c.compare(g, metric)
	if bound == nil && others.source != "" {
		if others.high != "" {
			others.high += "; lower the target. A bound in the realism of the rule set would decide instead"
		}
		return letter{fails: others.high, open: others.open}
	}
	if bound == nil {
		return letter{open: fmt.Sprintf("rule set %q states no bound for metric %q; it can be added to its realism", c.ground.rules.Name, g.Metric)}
	}
	target, err := attainment.Target(g)
	if err != nil {
		return letter{open: "it has no target that can be read"}
	}
	if wrong := beyond(bound, target); wrong != "" {
		return letter{fails: fmt.Sprintf("rule set %q %s for metric %q; the target is %s", c.ground.rules.Name, wrong, g.Metric, shown(target))}
	}
	if l := c.realisticChange(g, bound, target); l.fails != "" || l.open != "" {
		return l
	}
	return letter{note: others.high}
}

// realisticChange asks for a change against the baseline that is within the bound.
func (c *check) realisticChange(g *v1alpha1.Goal, bound *v1alpha1.RealismBound, target *big.Rat) letter {
	limit, err := decimal.ParsePercent(bound.MaxIncreasePercent)
	if err != nil {
		return letter{}
	}
	baseline, err := decimal.Parse(g.Baseline)
	if err != nil || baseline.Sign() == 0 {
		return letter{open: fmt.Sprintf("rule set %q allows a change of at most %s percent against the baseline, and the goal has none above zero; add baseline",
			c.ground.rules.Name, bound.MaxIncreasePercent)}
	}
	change := new(big.Rat).Sub(target, baseline)
	change.Quo(change.Abs(change), baseline)
	change.Mul(change.Abs(change), big.NewRat(100, 1))
	if change.Cmp(limit) > 0 {
		return letter{fails: fmt.Sprintf("rule set %q allows a change of at most %s percent against the baseline of %s; the target %s changes it by %s percent",
			c.ground.rules.Name, bound.MaxIncreasePercent, shown(baseline), shown(target), shown(change))}
	}
	return letter{}
}

// bound returns the program's bound for a metric: that of the tier, else that of all tiers; nil when there is none.
func (c *check) bound(metric v1alpha1.Name) *v1alpha1.RealismBound {
	var general *v1alpha1.RealismBound
	for i := range c.ground.rules.Realism {
		switch bound := &c.ground.rules.Realism[i]; {
		case bound.Metric != metric:
		case bound.Tier != "" && bound.Tier == c.tier.name:
			return bound
		case bound.Tier == "" && general == nil:
			general = bound
		}
	}
	return general
}

// beyond says which absolute bound a target is beyond; nothing when it is within.
func beyond(bound *v1alpha1.RealismBound, target *big.Rat) string {
	if least, err := decimal.Parse(bound.MinTarget); err == nil && target.Cmp(least) < 0 {
		return "requires at least " + shown(least)
	}
	if most, err := decimal.Parse(bound.MaxTarget); err == nil && target.Cmp(most) > 0 {
		return "allows at most " + shown(most)
	}
	return ""
}

// timeBound asks for a due day within the period.
func (c *check) timeBound(g *v1alpha1.Goal) letter {
	due, err := dueOr(g.Due, c.ground.span.Through)
	switch {
	case err != nil:
		return letter{fails: err.Error()}
	case !c.ground.span.Contains(due):
		return letter{fails: fmt.Sprintf("it is due on %s, which is not within the period %s; correct due", due, c.ground.span)}
	}
	return letter{}
}

// shown writes a figure for a message.
func shown(figure *big.Rat) string { return decimal.FormatShort(figure, shownDigits) }
