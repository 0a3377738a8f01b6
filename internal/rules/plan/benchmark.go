package plan

import (
	"fmt"
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/attainment"
	"jointplan.dev/jointplan/internal/rules/benchmark"
)

// comparison is what a benchmark says of a goal: nothing when all texts are empty.
type comparison struct {
	source string // what it was compared with; empty when there was nothing
	high   string // that the target is above what three in four reached
	open   string // why it cannot be compared, and what to do
}

// compare compares the change that a goal asks for with what others reached: those of its tier and segment, as far as enough of them did.
func (c *check) compare(g *v1alpha1.Goal, metric *v1alpha1.Metric) comparison {
	figures := benchmark.Look(c.benchmark(), v1alpha1.BenchmarkCohort{
		Measure: v1alpha1.MeasureGrowthReachedPercent, Metric: g.Metric, Tier: c.tier.name, Segment: c.terms.Segment,
	})
	if figures == nil {
		return comparison{}
	}
	said := comparison{source: figures.Source("goal")}
	target, err := attainment.Target(g)
	if err != nil {
		said.open = "it has no target that can be read"
		return said
	}
	baseline, err := decimal.Parse(g.Baseline)
	change := benchmark.Change(baseline, target)
	if err != nil || change == nil {
		said.open = fmt.Sprintf("others are compared by their change against the baseline (%s), and the goal has none above zero; add baseline", said.source)
		return said
	}
	most, beyond, side := figures.P75, change.Cmp(figures.P75) > 0, "above"
	if metric.Direction == v1alpha1.DirectionDecrease {
		most, beyond, side = new(big.Rat).Neg(figures.P25), change.Cmp(figures.P25) < 0, "below"
		change.Neg(change)
	}
	if beyond {
		said.high = fmt.Sprintf("the target is %s percent %s the baseline of %s, and three in four goals for %s reached at most %s percent (%s)",
			shown(change), side, shown(baseline), g.Metric, shown(most), said.source)
	}
	return said
}

// benchmark returns the benchmark by which the terms are judged: the newest of a quarter before their period that was there when the partner first
// submitted or approved them or, while it has not, is there today. Nothing is judged by a quarter of its own period.
func (c *check) benchmark() *v1alpha1.PublishedBenchmark {
	list := c.snapshot.Benchmarks(c.ground.program.Name)
	if len(list) == 0 {
		return nil
	}
	submitted := c.submittedOn()
	if submitted.IsZero() {
		newest, next := benchmark.Newest(list, c.today, c.ground.span.From)
		c.from(next)
		return newest
	}
	newest, _ := benchmark.Newest(list, submitted, c.ground.span.From)
	return newest
}

// submittedOn returns the day on which the partner first submitted or approved the terms; absent when it has not.
func (c *check) submittedOn() (first fiscal.Day) {
	revision := c.approval.Revision
	if c.terms != &c.plan.Spec.PlanTerms {
		revision = c.approval.Record.Revision // it is evaluated by these or those
	}
	for _, d := range snapshot.InOrder(c.snapshot.DecisionsOn(v1alpha1.Name(c.plan.Name))) {
		if d.Spec.Party == v1alpha1.PartyPartner && d.Spec.Revision == revision && submits(d.Spec.Decision) && c.approval.acts(d) {
			return c.localDay(d.Spec.DecidedTime.Time)
		}
	}
	return 0
}
