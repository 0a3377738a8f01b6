package campaign

import (
	"fmt"
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/rules/benchmark"
	"jointplan.dev/jointplan/internal/rules/tier"
)

// far is by which factor an expectation is outside the middle half of others for a warning.
const far = 2

// checkExpectations compares what a lead is expected to cost, and how many leads are expected to become opportunities, with what others had: by the newest
// benchmark of a quarter before the campaign that was there when it started or, before that, is there today.
func (e *evaluation) checkExpectations() {
	list := e.snapshot.Benchmarks(e.prog.Name)
	if len(list) == 0 || e.schedule == nil {
		return
	}
	starts := e.schedule.runs.From
	newest, next := benchmark.Newest(list, min(e.today, starts), starts)
	if e.today < starts && next > e.today {
		e.horizon.At(e.prog.Calendar.StartOf(next))
	}
	if newest == nil {
		return
	}
	held, changes := tier.HeldOn(e.snapshot, e.prog, e.snapshot.Partner(e.plan.Spec.PartnerRef.Name), starts, e.now)
	e.horizon.At(changes)
	cohort := v1alpha1.BenchmarkCohort{Activity: e.spec.Type, Tier: held, Segment: benchmark.SegmentOf(e.terms().Segment, e.campaign)}

	leads, field := e.expectedFor(v1alpha1.RoleLeads)
	cohort.Measure = v1alpha1.MeasureCostPerLead
	e.compare(field, quotient(e.amountOf(e.spec.Cost), leads), benchmark.Look(newest, cohort), func(value, edge string, above bool) string {
		return fmt.Sprintf("one lead is expected to cost %s, and in three of four campaigns it cost %s %s", value, edge, orMore(!above))
	}, e.amount)

	opportunities, field := e.expectedFor(v1alpha1.RoleOpportunities)
	cohort.Measure = v1alpha1.MeasureLeadToOpportunityPercent
	rate := quotient(opportunities, leads)
	if rate != nil {
		rate.Mul(rate, big.NewRat(100, 1))
	}
	e.compare(field, rate, benchmark.Look(newest, cohort), func(value, edge string, above bool) string {
		return fmt.Sprintf("%s of the leads are expected to become opportunities, and in three of four campaigns %s %s did", value, edge, orMore(!above))
	}, percent)
}

// orMore says on which side of the edge the others are.
func orMore(more bool) string {
	if more {
		return "or more"
	}
	return "or less"
}

// expectedFor returns what the step of the funnel is expected to bring whose metric has a role, and its field; nil when there is no such step.
func (e *evaluation) expectedFor(role v1alpha1.MetricRole) (expected *big.Rat, field string) {
	metric := e.prog.MetricFor(role)
	for i := range e.spec.Funnel {
		if step := &e.spec.Funnel[i]; metric != nil && step.Metric == metric.Name {
			return e.expectedOf(step), fmt.Sprintf("spec.funnel[%s].expected", step.Metric)
		}
	}
	return nil, ""
}

// compare notes a figure that is outside the middle half of others.
func (e *evaluation) compare(
	field string, value *big.Rat, others *benchmark.Figures, says func(value, edge string, above bool) string, shown func(*big.Rat) string,
) {
	if value == nil || others == nil {
		return
	}
	factor := big.NewRat(far, 1)
	edge, above := others.P75, value.Cmp(others.P75) > 0
	isFar := above && value.Cmp(new(big.Rat).Mul(others.P75, factor)) > 0
	if !above {
		if value.Cmp(others.P25) >= 0 {
			return
		}
		edge, isFar = others.P25, new(big.Rat).Mul(value, factor).Cmp(others.P25) < 0
	}
	note := e.findings.Infof
	if isFar {
		note = e.findings.Warningf
	}
	note(RuleExpectationUnusual, field, "%s (%s): check the expected figures and the cost", says(shown(value), shown(edge), above), others.Source("campaign"))
}

// percent writes a share for a message.
func percent(share *big.Rat) string { return decimal.FormatShort(share, 2) + " percent" }
