package campaign

import (
	"fmt"
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
)

// judgeStopRule sets WithinStopRule: cost per result against the limit, from the day on which results may be judged.
func (e *evaluation) judgeStopRule() {
	const kind = v1alpha1.ConditionWithinStopRule
	rule := e.spec.StopRule
	if rule == nil {
		e.conditions.Unknown(kind, v1alpha1.ReasonNoStopRule, "no stop rule is set, so the cost per result is not checked: add spec.stopRule")
		return
	}
	limit, err := decimal.Parse(rule.MaxCostPerResult)
	if err != nil || limit.Sign() <= 0 || e.prog.Metric(rule.Metric) == nil || e.schedule == nil {
		e.conditions.Unknown(kind, v1alpha1.ReasonNotEvaluated, "not judged: correct spec.stopRule and spec.schedule as the findings say")
		return
	}
	if e.today < e.schedule.resultsFrom {
		e.conditions.Unknown(kind, v1alpha1.ReasonNotYetJudged, fmt.Sprintf(
			"judged from %s: one result of %s may then cost at most %s", e.schedule.resultsFrom, rule.Metric, e.price(limit)))
		return
	}
	if e.prog.MetricFor(v1alpha1.RoleCost) == nil {
		e.conditions.Unknown(kind, v1alpha1.ReasonMissingResults,
			"the cost is not known: the program has no metric with role Cost; the vendor must add one to spec.metrics of the program")
		return
	}
	if e.account.cost.value() == nil {
		e.conditions.Unknown(kind, v1alpha1.ReasonMissingResults, fmt.Sprintf(
			"no cost is measured: record it as %s in a MeasurementSet about this campaign", e.prog.MetricFor(v1alpha1.RoleCost).Name))
		return
	}
	e.judgeCost(rule.Metric, limit)
}

// judgeCost compares what the results have cost with the limit. While there are none, the first one has cost all that was spent.
func (e *evaluation) judgeCost(metric v1alpha1.Name, limit *big.Rat) {
	const kind = v1alpha1.ConditionWithinStopRule
	cost, results := e.account.cost, e.account.byMetric[metric]
	through := max(cost.asOf, results.asOf)
	each := quotient(cost.total, results.total)
	spent := e.amount(cost.total)
	switch {
	case each == nil && cost.total.Cmp(limit) > 0:
		e.conditions.False(kind, v1alpha1.ReasonLimitExceeded, fmt.Sprintf(
			"no %s for %s through %s, limit %s per result%s%s", metric, spent, through, e.price(limit), e.stopOrChange(), e.tooLate()))
	case each == nil:
		e.conditions.True(kind, v1alpha1.ReasonWithinLimit, fmt.Sprintf(
			"no %s yet, and the cost of %s through %s is within the limit of %s per result", metric, spent, through, e.price(limit)))
	case each.Cmp(limit) > 0:
		e.conditions.False(kind, v1alpha1.ReasonLimitExceeded, fmt.Sprintf(
			"%s per result of %s, limit %s%s; %s %s for %s through %s%s",
			e.above(each, limit), metric, e.price(limit), e.stopOrChange(), e.count(results.total), metric, spent, through, e.tooLate()))
	default:
		e.conditions.True(kind, v1alpha1.ReasonWithinLimit, fmt.Sprintf(
			"%s per result of %s, limit %s; %s %s for %s through %s",
			e.amount(each), metric, e.price(limit), e.count(results.total), metric, spent, through))
	}
}

// stopOrChange advises what can still be done about costs above the limit.
func (e *evaluation) stopOrChange() string {
	if e.hasEnded() {
		return ""
	}
	return ": stop or change the campaign"
}

// tooLate says that nothing can be done about costs above the limit any more, once the campaign has ended.
func (e *evaluation) tooLate() string {
	if e.hasEnded() {
		return "; the campaign has ended, so there is nothing left to stop"
	}
	return ""
}

func (e *evaluation) hasEnded() bool { return e.today > e.schedule.runs.Through }

// above writes an amount that is above a limit with as many digits as it takes to read so, although it is rounded down.
func (e *evaluation) above(r, limit *big.Rat) string {
	if isAbove(decimal.FloorDecimal(r, e.digits), limit) {
		return e.amount(r)
	}
	if isAbove(decimal.FloorDecimal(r, decimal.MaxFractionDigits), limit) {
		return string(e.prog.Spec.Currency) + " " + decimal.FormatShort(r, decimal.MaxFractionDigits)
	}
	return "more than " + e.price(limit)
}

func isAbove(text string, limit *big.Rat) bool {
	r, ok := new(big.Rat).SetString(text)
	return ok && r.Cmp(limit) > 0
}

// count writes a number of results for people.
func (e *evaluation) count(r *big.Rat) string { return decimal.FormatShort(r, 2) }
