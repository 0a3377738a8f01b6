package campaign

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/verdict"
)

// checkSpec finds what the schema cannot: names that are in no catalogue, and values that only together make no sense.
func (e *evaluation) checkSpec() {
	if e.prog.Activity(e.spec.Type) == nil {
		e.findings.Errorf(RuleActivityTypeUnknown, "spec.type", "the program has %s",
			verdict.NoSuch("activity", string(e.spec.Type), e.prog.ActivityNames()))
	}
	e.checkGoals()
	e.checkFunnel()
	e.checkStopRule()
	e.checkMoney()
	e.checkAudience()
	e.checkSeason()
	e.checkExpectations()
}

func (e *evaluation) checkGoals() {
	for _, name := range e.spec.Goals {
		field := fmt.Sprintf("spec.goals[%s]", name)
		current := slices.Contains(goalNames(&e.plan.Spec.PlanTerms), string(name))
		ofRecord := e.record != nil && slices.Contains(goalNames(e.record), string(name))
		switch {
		case ofRecord:
		case current && e.record != nil:
			e.findings.Infof(RuleGoalNotApproved, field,
				"goal %q is in the amendment of plan %q, not in the plan of record: it counts once every party has approved the amendment", name, e.plan.Name)
		case !current:
			e.findings.Errorf(RuleGoalUnknown, field, "plan %q has %s", e.plan.Name, verdict.NoSuch("goal", string(name), goalNames(e.terms())))
		}
	}
}

func goalNames(terms *v1alpha1.PlanTerms) []string {
	names := make([]string, 0, len(terms.Goals))
	for i := range terms.Goals {
		names = append(names, string(terms.Goals[i].Name))
	}
	return names
}

func (e *evaluation) checkMetric(name v1alpha1.Name, field string) {
	if e.prog.Metric(name) == nil {
		e.findings.Errorf(RuleMetricUnknown, field, "the program has %s", verdict.NoSuch("metric", string(name), e.prog.MetricNames()))
	}
}

// checkFunnel finds unknown metrics, wrong figures, and steps that count more of the same unit than the step before.
func (e *evaluation) checkFunnel() {
	for i := range e.spec.Funnel {
		step := &e.spec.Funnel[i]
		field := fmt.Sprintf("spec.funnel[%s]", step.Metric)
		e.checkMetric(step.Metric, field+".metric")
		expected := e.expectedOf(step)
		if expected == nil {
			e.findings.Errorf(RuleExpectedInvalid, field+".expected", "%s", wrongNumber(step.Expected, "what is expected must be 0 or more"))
		}
		if i == 0 || expected == nil {
			continue
		}
		before := &e.spec.Funnel[i-1]
		unit, more := e.unitOf(step.Metric), e.expectedOf(before)
		if unit == v1alpha1.UnitCount && unit == e.unitOf(before.Metric) && more != nil && expected.Cmp(more) > 0 {
			e.findings.Warningf(RuleFunnelGrows, field+".expected", "%s %s are expected of %s %s: check the order of the steps and their figures",
				e.count(expected), step.Metric, e.count(more), before.Metric)
		}
	}
}

func (e *evaluation) checkStopRule() {
	rule := e.spec.StopRule
	if rule == nil {
		return
	}
	e.checkMetric(rule.Metric, "spec.stopRule.metric")
	if limit, err := decimal.Parse(rule.MaxCostPerResult); err != nil || limit.Sign() <= 0 {
		e.findings.Errorf(RuleStopLimitInvalid, "spec.stopRule.maxCostPerResult", "%s",
			wrongNumber(rule.MaxCostPerResult, "the limit must be above zero: write the most that one result may cost"))
	}
}

// wrongNumber says what is wrong with decimal text: its syntax, or else what its value violates.
func wrongNumber(text v1alpha1.Decimal, otherwise string) string {
	if _, err := decimal.Parse(text); err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s was found: %s", text, otherwise)
}

// checkMoney finds amounts that cannot be used, MDF above the cost, and a margin above the revenue.
func (e *evaluation) checkMoney() {
	e.checkAmount("spec.cost", e.spec.Cost)
	e.checkAmount("spec.mdf", e.spec.MDF)
	cost, mdf := e.amountOf(e.spec.Cost), e.amountOf(e.spec.MDF)
	if cost != nil && mdf != nil && mdf.Cmp(cost) > 0 {
		e.findings.Warningf(RuleMDFAboveCost, "spec.mdf", "%s of MDF is requested for a campaign that is expected to cost %s: request the cost or less",
			e.amount(mdf), e.amount(cost))
	}
	if e.spec.MarginPercent == "" {
		return
	}
	margin, err := decimal.ParsePercent(e.spec.MarginPercent)
	switch {
	case err != nil:
		e.findings.Errorf(RulePercentInvalid, "spec.marginPercent", "%s", err)
	case margin.Cmp(big.NewRat(100, 1)) > 0:
		e.findings.Warningf(RuleMarginAboveRevenue, "spec.marginPercent",
			"a margin of %s percent is more than the revenue: write the share of revenue that is margin, at most 100", e.spec.MarginPercent)
	}
}

func (e *evaluation) checkAmount(field string, amount *v1alpha1.Money) {
	if amount == nil {
		return
	}
	if amount.Currency != e.prog.Spec.Currency {
		e.findings.Errorf(RuleCurrencyMismatch, field+".currency", "%s is not the program's currency: state the amount in %s; until then it is not used",
			decimal.Quote(string(amount.Currency)), e.prog.Spec.Currency)
		return
	}
	minor, err := money.ParseMoney(*amount)
	switch {
	case err != nil:
		e.findings.Errorf(RuleAmountInvalid, field+".amount", "%s; until this is corrected the amount is not used", err)
	case minor < 0:
		e.findings.Errorf(RuleAmountInvalid, field+".amount", "%s is negative: write 0 or more; until then the amount is not used", amount.Amount)
	}
}

// amountOf returns an amount of the spec; nil when it is absent, or for a reason that checkAmount finds cannot be used.
func (e *evaluation) amountOf(amount *v1alpha1.Money) *big.Rat {
	if amount == nil || amount.Currency != e.prog.Spec.Currency {
		return nil
	}
	minor, err := money.ParseMoney(*amount)
	if err != nil || minor < 0 {
		return nil
	}
	value, err := money.Rat(minor, amount.Currency)
	if err != nil {
		return nil
	}
	return value
}

func (e *evaluation) checkAudience() {
	if audience := e.spec.Audience; audience != nil {
		const message = "program %s has %s (or have the program owner add it to spec.%s)"
		if unknown := e.prog.UnknownTerritory(audience.Territory); unknown != "" {
			e.findings.Warningf(RuleAudienceUnknown, "spec.audience.territory", message, e.prog.Name, unknown, "territories")
		}
		if unknown := e.prog.UnknownSegment(audience.Segment); unknown != "" {
			e.findings.Warningf(RuleAudienceUnknown, "spec.audience.segment", message, e.prog.Name, unknown, "segments")
		}
	}
	const remedy = "say whom the campaign addresses and how many they are"
	switch audience := e.spec.Audience; {
	case audience == nil:
		e.findings.Infof(RuleAudienceVague, "spec.audience", "no audience is stated: %s", remedy)
	case audience.Segment == "" && audience.Size == nil:
		e.findings.Infof(RuleAudienceVague, "spec.audience", "the audience has no segment and no size: %s", remedy)
	case audience.Segment == "":
		e.findings.Infof(RuleAudienceVague, "spec.audience.segment", "the audience has no segment: %s", remedy)
	case audience.Size == nil:
		e.findings.Infof(RuleAudienceVague, "spec.audience.size", "the audience has no size: %s", remedy)
	}
}

// checkSeason finds a campaign that runs only in calendar months in which the season curve of the plan's segment expects nothing.
func (e *evaluation) checkSeason() {
	segment := e.terms().Segment
	curve := e.prog.Season(segment)
	if curve == nil || e.schedule == nil || len(curve.MonthWeights) != 12 {
		return
	}
	flat, runs := true, e.schedule.runs
	touched := monthsOf(runs)
	for i, text := range curve.MonthWeights {
		weight, err := decimal.ParsePercent(text)
		if err != nil {
			return
		}
		flat = flat && weight.Sign() == 0
		if weight.Sign() > 0 && touched[time.Month(i+1)] {
			return
		}
	}
	if flat {
		return // a curve without any weight is the program's mistake
	}
	e.findings.Infof(RuleOutOfSeason, "spec.schedule",
		"runs from %s through %s, in months in which the season curve of segment %q expects no results: move the campaign, or check the curve",
		runs.From, runs.Through, segment)
}

// monthsOf returns the calendar months that have a day in a span.
func monthsOf(span fiscal.Span) map[time.Month]bool {
	months := map[time.Month]bool{}
	for day := span.From; day <= span.Through && len(months) < 12; day = day.MonthEnd().AddDays(1) {
		if months[day.Month()] {
			break // the last day there is
		}
		months[day.Month()] = true
	}
	return months
}
