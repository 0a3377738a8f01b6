package campaign

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/model/measure"
)

// maxCohorts is the number of cohorts that a status holds.
const maxCohorts = 24

// setFunnel says what each step was expected to bring and brought, with the rates to the step before. Steps of different units, such as
// opportunities and their value, have no rate.
func (e *evaluation) setFunnel() {
	var before v1alpha1.MetricUnit
	var expectedBefore, actualBefore *big.Rat
	for i := range e.spec.Funnel {
		step := &e.spec.Funnel[i]
		expected, actual, unit := e.expectedOf(step), e.account.byMetric[step.Metric].value(), e.unitOf(step.Metric)
		line := v1alpha1.FunnelStepStatus{Metric: step.Metric, Expected: step.Expected, Actual: e.shown(actual, unit)}
		if i > 0 && unit != "" && unit == before {
			line.ExpectedRatePercent = share(expected, expectedBefore)
			line.ActualRatePercent = share(actual, actualBefore)
		}
		e.status.Funnel = append(e.status.Funnel, line)
		before, expectedBefore, actualBefore = unit, expected, actual
	}
}

// expectedOf returns what a step is expected to bring; nil when that is not a number or negative, which checkFunnel finds.
func (e *evaluation) expectedOf(step *v1alpha1.FunnelStep) *big.Rat {
	expected, err := decimal.Parse(step.Expected)
	if err != nil || expected.Sign() < 0 {
		return nil
	}
	return expected
}

// unitOf returns the unit of a metric; empty when the catalogue does not have it.
func (e *evaluation) unitOf(name v1alpha1.Name) v1alpha1.MetricUnit {
	if metric := e.prog.Metric(name); metric != nil {
		return metric.Unit
	}
	return ""
}

// setCostPerResult says what one result of each step, and of the stop rule's metric, was expected to cost and cost. A metric for which neither
// is known is left out.
func (e *evaluation) setCostPerResult() {
	planned := e.amountOf(e.spec.Cost)
	actual := e.account.cost.value()
	add := func(name v1alpha1.Name, expected *big.Rat) {
		line := v1alpha1.CostPerResult{
			Metric:   name,
			Expected: e.shown(quotient(planned, expected), v1alpha1.UnitCurrency),
			Actual:   e.shown(quotient(actual, e.account.byMetric[name].value()), v1alpha1.UnitCurrency),
		}
		known := slices.ContainsFunc(e.status.CostPerResult, func(x v1alpha1.CostPerResult) bool { return x.Metric == name })
		if !known && (line.Expected != "" || line.Actual != "") {
			e.status.CostPerResult = append(e.status.CostPerResult, line)
		}
	}
	for i := range e.spec.Funnel {
		add(e.spec.Funnel[i].Metric, e.expectedOf(&e.spec.Funnel[i]))
	}
	if e.spec.StopRule != nil {
		add(e.spec.StopRule.Metric, nil)
	}
}

// setReturns computes the returns; each is absent when one of its figures is missing or its denominator is not above zero.
func (e *evaluation) setReturns() {
	cost, sales := e.account.cost.value(), e.account.sales.value()
	returns := v1alpha1.CampaignReturns{
		PipelineToSpendPercent: share(e.account.pipeline.value(), cost),
	}
	e.mdfReturn(&returns, sales)
	if margin, err := decimal.ParsePercent(e.spec.MarginPercent); err == nil && sales != nil && cost != nil {
		gain := decimal.PercentOf(margin, sales)
		returns.MarginROIPercent = share(gain.Sub(gain, cost), cost)
	}
	if returns != (v1alpha1.CampaignReturns{}) {
		e.status.Returns = &returns
	}
}

// setCohorts adds up leads, and the opportunities and revenue that came of them, by the calendar month in which the leads were made. Leads
// that name no cohort were made on their own day; other results that name none belong to no cohort. Only what counts as the campaign's counts.
func (e *evaluation) setCohorts() {
	type sums struct{ leads, opportunities, sales *big.Rat }
	byMonth := map[string]*sums{}
	add := func(t *tally, own bool, sum func(*sums) **big.Rat) {
		if t == nil {
			return
		}
		for _, entry := range t.counted {
			month, ok := monthOf(entry, own)
			if !ok {
				continue
			}
			if byMonth[month] == nil {
				byMonth[month] = &sums{}
			}
			total := sum(byMonth[month])
			if *total == nil {
				*total = new(big.Rat)
			}
			(*total).Add(*total, entry.Value)
		}
	}
	add(e.account.leads, true, func(s *sums) **big.Rat { return &s.leads })
	add(e.account.opportunities, false, func(s *sums) **big.Rat { return &s.opportunities })
	add(e.account.sales, false, func(s *sums) **big.Rat { return &s.sales })

	for month, s := range byMonth {
		e.status.Cohorts = append(e.status.Cohorts, v1alpha1.Cohort{
			Month:                    month,
			Leads:                    e.shown(s.leads, v1alpha1.UnitCount),
			Opportunities:            e.shown(s.opportunities, v1alpha1.UnitCount),
			Revenue:                  e.shown(s.sales, v1alpha1.UnitCurrency),
			LeadToOpportunityPercent: share(s.opportunities, s.leads),
		})
	}
	slices.SortFunc(e.status.Cohorts, func(a, b v1alpha1.Cohort) int { return cmp.Compare(a.Month, b.Month) })
	e.status.Cohorts = e.status.Cohorts[max(0, len(e.status.Cohorts)-maxCohorts):]
}

// monthOf returns the calendar month of an entry's cohort, such as "2026-09". own says that the entry's own day stands for a missing cohort.
func monthOf(entry measure.Entry, own bool) (string, bool) {
	day := entry.Cohort
	if day.IsZero() && own {
		day = entry.On
	}
	if day.IsZero() {
		return "", false
	}
	year, month, _ := day.Civil()
	return fmt.Sprintf("%04d-%02d", year, int(month)), true
}
