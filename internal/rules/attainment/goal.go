package attainment

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// goal is a goal made ready to be judged: the way from where its metric starts to its target.
type goal struct {
	spec   *v1alpha1.Goal
	field  string
	window fiscal.Span // from the first day of the period through the due day
	// broken says why the goal cannot be judged; empty when it can.
	broken string

	metric *v1alpha1.Metric // nil for a deliverable
	target *big.Rat
	start  *big.Rat // where the metric's value starts: 0 for a Flow, the baseline of a Stock
	origin *big.Rat // what progress is counted from: start, but of a Flow that is to decrease the baseline
	gap    *big.Rat // the progress that is wanted: not negative
	curve  curve
}

func (g *goal) deliverable() bool { return g.spec.Metric == "" }

func (g *goal) stock() bool { return g.metric.Behaviour == v1alpha1.BehaviourStock }

func (g *goal) decrease() bool { return g.metric.Direction == v1alpha1.DirectionDecrease }

// saving says that the goal is a Flow that is to decrease: what counts is how much less than the baseline was used up.
func (g *goal) saving() bool { return g.decrease() && !g.stock() }

// prepare makes a goal ready and finds what is wrong in it.
func prepare(in *Input, spec *v1alpha1.Goal, findings *verdict.Findings) *goal {
	g := &goal{spec: spec, field: fmt.Sprintf("spec.goals[%s]", spec.Name), window: in.Span}
	if in.Program == nil || in.Span.Days() == 0 {
		g.broken = "the plan's program or period is not known"
		return g
	}
	g.setDue(findings)
	if g.deliverable() {
		return g
	}
	g.metric = in.Program.Metric(spec.Metric)
	if g.metric == nil {
		g.breaks(findings, RuleGoalMetricUnknown, "metric", fmt.Sprintf("program %s has %s",
			in.Program.Name, verdict.NoSuch("metric", string(spec.Metric), in.Program.MetricNames())))
		return g
	}
	if g.setTarget(format{in.Program}, findings) {
		g.setCurve(in.Program.Season(in.Terms.Segment), format{in.Program}, findings)
	}
	return g
}

// breaks notes that the goal cannot be judged, and why.
func (g *goal) breaks(findings *verdict.Findings, rule, field, message string) {
	g.broken = message
	findings.Errorf(rule, g.field+"."+field, "%s", message)
}

func (g *goal) setDue(findings *verdict.Findings) {
	due, err := fiscal.ParseDay(g.spec.Due)
	switch {
	case err != nil: // absent; the schema refuses what is not a day
	case !g.window.Contains(due):
		findings.Errorf(RuleGoalDueOutsidePeriod, g.field+".due", "%s is outside the plan's period, %s: choose a day within it; "+
			"until then the goal is judged by %s", due, g.window, g.window.Through)
	default:
		g.window.Through = due
	}
}

// setTarget finds the way to the target. It reports whether there is one.
func (g *goal) setTarget(f format, findings *verdict.Findings) bool {
	if unit := g.spec.Target; unit != nil && unit.Unit != "" && unit.Unit != g.metric.Unit {
		g.breaks(findings, RuleGoalUnitMismatch, "target.unit", fmt.Sprintf("the target's unit is %s, and %s is measured in %s: write the target in %s, "+
			"nothing is converted", unit.Unit, g.metric.Name, g.metric.Unit, g.metric.Unit))
		return false
	}
	target, err := Target(g.spec)
	if errors.Is(err, ErrBaselineMissing) {
		g.breaks(findings, RuleGoalBaselineMissing, "baseline", err.Error())
		return false
	}
	if err != nil {
		g.breaks(findings, RuleGoalTargetInvalid, "target", err.Error())
		return false
	}
	g.target = target
	return g.setStart(f, findings)
}

// setStart finds where the way to the target starts and how long it is.
func (g *goal) setStart(f format, findings *verdict.Findings) bool {
	baseline, err := decimal.Parse(g.spec.Baseline)
	if err != nil && g.spec.Baseline != "" {
		g.breaks(findings, RuleGoalTargetInvalid, "baseline", err.Error())
		return false
	}
	if err != nil && g.decrease() {
		g.breaks(findings, RuleGoalBaselineMissing, "baseline",
			fmt.Sprintf("less is better for %s, so the goal needs to know from where: add baseline", g.metric.Name))
		return false
	}
	g.start, g.origin = new(big.Rat), new(big.Rat)
	if baseline != nil && g.stock() {
		g.start = baseline
	}
	if baseline != nil && (g.stock() || g.decrease()) {
		g.origin = baseline
	}
	g.gap = new(big.Rat).Sub(g.target, g.origin)
	if g.decrease() {
		g.gap.Neg(g.gap)
	}
	if wrong := g.wrongTarget(f); wrong != "" {
		g.breaks(findings, RuleGoalTargetInvalid, "target", wrong)
		return false
	}
	return true
}

// wrongTarget says what is wrong with the target, or nothing.
func (g *goal) wrongTarget(f format) string {
	target, baseline := f.amount(g.metric, g.target), f.amount(g.metric, g.origin)
	switch {
	case g.decrease() && g.target.Sign() < 0:
		return fmt.Sprintf("the target is %s: write one that is not below zero", target)
	case !g.decrease() && g.target.Sign() <= 0:
		return fmt.Sprintf("the target is %s: write one that is above zero", target)
	case g.gap.Sign() >= 0:
		return ""
	case g.decrease():
		return fmt.Sprintf("less is better for %s, and the target %s is above the baseline %s: write a lower target", g.metric.Name, target, baseline)
	default:
		return fmt.Sprintf("more is better for %s, and the target %s is below the baseline %s: write a higher target", g.metric.Name, target, baseline)
	}
}

// setCurve finds what is expected by when.
func (g *goal) setCurve(written *v1alpha1.SeasonCurve, f format, findings *verdict.Findings) {
	g.curve.window = g.window
	way, last := new(big.Rat).Sub(g.target, g.start), new(big.Rat)
	for _, m := range g.milestones() {
		if way.Sign() == 0 {
			break // a level that is to be kept, or a limit of nothing: there is no way on which a milestone could lie
		}
		share := new(big.Rat).Sub(m.value, g.start)
		share.Quo(share, way)
		if g.leaveOut(m, share, last, f, findings) {
			continue
		}
		last = share
		g.curve.points = append(g.curve.points, point{on: m.on, share: share})
	}
	if len(g.curve.points) == 0 && !g.stock() {
		g.curve.season = newSeason(written, g.window)
	}
}

// leaveOut reports whether a milestone does not lie on the way, and finds why.
func (g *goal) leaveOut(m milestone, share, last *big.Rat, f format, findings *verdict.Findings) bool {
	field, value := fmt.Sprintf("%s.milestones[%s]", g.field, m.on), f.amount(g.metric, m.value)
	one := big.NewRat(1, 1)
	switch {
	case !g.window.Contains(m.on):
		findings.Errorf(RuleMilestoneOutsidePeriod, field+".day", "%s is not a day from %s to %s: move the milestone or remove it; until then it is left out",
			m.on, g.window.From, g.window.Through)
		return true
	case share.Cmp(last) < 0:
		findings.Errorf(RuleMilestoneNotOnTheWay, field+".value", "%s falls back behind what is expected before: write a value toward the target, %s; "+
			"until then the milestone is left out", value, f.amount(g.metric, g.target))
		return true
	case share.Cmp(one) > 0, m.on == g.window.Through && share.Cmp(one) != 0:
		findings.Errorf(RuleMilestoneNotOnTheWay, field+".value", "%s by %s does not lie toward the target, %s by %s: write a value on the way; "+
			"until then the milestone is left out", value, m.on, f.amount(g.metric, g.target), g.window.Through)
		return true
	default:
		return m.on == g.window.Through // it says what the target says
	}
}

// milestone is a milestone that could be read.
type milestone struct {
	on    fiscal.Day
	value *big.Rat
}

// milestones returns the goal's milestones by day.
func (g *goal) milestones() []milestone {
	var list []milestone
	for i := range g.spec.Milestones {
		on, errOn := fiscal.ParseDay(g.spec.Milestones[i].Day)
		value, errValue := decimal.Parse(g.spec.Milestones[i].Value)
		if errOn == nil && errValue == nil { // the schema refuses the others
			list = append(list, milestone{on: on, value: value})
		}
	}
	slices.SortFunc(list, func(a, b milestone) int { return cmp.Or(cmp.Compare(a.on, b.on), a.value.Cmp(b.value)) })
	return slices.CompactFunc(list, func(a, b milestone) bool { return a.on == b.on })
}

// format writes values for people.
type format struct {
	program *program.Program
}

// shownDigits is how many digits after the point messages show.
const shownDigits = 2

// amount writes a value in its metric's unit: "EUR 162,000", "79.5%", "12 days", "300".
func (f format) amount(metric *v1alpha1.Metric, value *big.Rat) string {
	return f.write(metric, value, shownDigits)
}

// estimate writes a value that nobody measured: amount, but of what is counted only whole ones.
func (f format) estimate(metric *v1alpha1.Metric, value *big.Rat) string {
	return f.write(metric, value, estimateDigits(metric))
}

// estimateDigits is how many digits after the point an estimate in a metric's unit shows.
func estimateDigits(metric *v1alpha1.Metric) int {
	if metric.Unit == v1alpha1.UnitCount {
		return 0
	}
	return shownDigits
}

func (f format) write(metric *v1alpha1.Metric, value *big.Rat, digits int) string {
	switch metric.Unit {
	case v1alpha1.UnitCurrency:
		return string(f.program.Spec.Currency) + " " + decimal.Format(value, digits)
	case v1alpha1.UnitPercent:
		return decimal.FormatShort(value, digits) + "%"
	case v1alpha1.UnitDays:
		return decimal.FormatShort(value, digits) + " days"
	case v1alpha1.UnitCount:
		return decimal.FormatShort(value, digits)
	default:
		return decimal.FormatShort(value, digits)
	}
}

// difference writes the difference of two values: that of percentages is in points.
func (f format) difference(metric *v1alpha1.Metric, value *big.Rat) string {
	if metric.Unit == v1alpha1.UnitPercent {
		return decimal.FormatShort(value, shownDigits) + " points"
	}
	return f.amount(metric, value)
}

// bare writes a difference without its unit, to stand before another difference that has it. Amounts of money keep theirs.
func (f format) bare(metric *v1alpha1.Metric, value *big.Rat) string {
	if metric.Unit == v1alpha1.UnitCurrency {
		return f.amount(metric, value)
	}
	return decimal.FormatShort(value, shownDigits)
}

// percent writes a percentage, rounded down: "95%".
func percent(value *big.Rat) string { return decimal.Short(value, 0) + "%" }

// threshold writes a percentage as a program states it: "92.5%".
func threshold(value *big.Rat) string {
	return decimal.Short(value, decimal.MaxPercentFractionDigits) + "%"
}
