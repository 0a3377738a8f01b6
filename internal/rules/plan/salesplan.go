package plan

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/attainment"
	"jointplan.dev/jointplan/internal/verdict"
)

// salesQuarter is an entry of the sales plan made ready: what a goal is to reach on some days.
type salesQuarter struct {
	spec   *v1alpha1.SalesQuarter
	metric *v1alpha1.Metric
	days   fiscal.Span
	target *big.Rat
}

// checkSalesPlan notes what is wrong in the sales plan.
func (c *check) checkSalesPlan() {
	sales := c.terms.SalesPlan
	if sales == nil {
		return
	}
	field := c.root + ".salesPlan"
	usable := c.readQuarters(field)
	c.checkTwice(field, usable)
	for i := range c.terms.Goals {
		c.checkSum(field, &c.terms.Goals[i], usable)
	}
	for i := range sales.Stages {
		stage := &sales.Stages[i]
		if stage.Metric != "" && c.ground.program.Metric(stage.Metric) == nil {
			c.findings.Errorf(RuleSalesMetricUnknown, item(field+".stages", stage.Name)+".metric", "program %s has %s",
				c.ground.program.Name, verdict.NoSuch("metric", string(stage.Metric), c.ground.program.MetricNames()))
		}
	}
	if sales.ExpectedWinRatePercent != "" && c.ground.program.MetricFor(v1alpha1.RoleWins) == nil {
		c.findings.Infof(RuleWinRateNotMeasured, field+".expectedWinRatePercent",
			"the win rate cannot be measured: program %s has no metric with role Wins; add one to its catalogue, and report it as other results are",
			c.ground.program.Name)
	}
}

// readQuarters makes the entries of the sales plan ready, and notes what is wrong in those that are not.
func (c *check) readQuarters(field string) []salesQuarter {
	usable, wrong := quartersOf(c.ground, c.terms)
	for _, w := range wrong {
		c.findings.Errorf(w.rule, fmt.Sprintf("%s.quarters[%s].%s", field, w.entry, w.field), "%s", w.message)
	}
	return usable
}

// wrongQuarter is why an entry of the sales plan cannot be used.
type wrongQuarter struct {
	entry   string
	rule    string
	field   string
	message string
}

// quartersOf returns the entries of a sales plan that can be used, by day and goal, and what is wrong with the others.
func quartersOf(g ground, terms *v1alpha1.PlanTerms) (usable []salesQuarter, wrong []wrongQuarter) {
	if terms.SalesPlan == nil {
		return nil, nil
	}
	for i := range terms.SalesPlan.Quarters {
		q := salesQuarter{spec: &terms.SalesPlan.Quarters[i]}
		if w := q.read(g, terms); w.rule != "" {
			w.entry = fmt.Sprintf("%s/%s", q.spec.Goal, cmp.Or(string(q.spec.Quarter), string(q.spec.From)))
			wrong = append(wrong, w)
			continue
		}
		usable = append(usable, q)
	}
	slices.SortStableFunc(usable, func(a, b salesQuarter) int {
		return cmp.Or(cmp.Compare(a.days.From, b.days.From), cmp.Compare(a.days.Through, b.days.Through), cmp.Compare(a.spec.Goal, b.spec.Goal),
			a.target.Cmp(b.target), cmp.Compare(a.spec.Forecast, b.spec.Forecast))
	})
	return usable, wrong
}

// read makes an entry ready, or says why it cannot be used.
func (q *salesQuarter) read(g ground, terms *v1alpha1.PlanTerms) (wrong wrongQuarter) {
	of := goal(terms, q.spec.Goal)
	switch {
	case of == nil:
		return wrongQuarter{rule: RuleGoalUnknown, field: "goal", message: "the plan has " + verdict.NoSuch("goal", string(q.spec.Goal), goalNames(terms))}
	case of.Metric == "":
		return wrongQuarter{
			rule: RuleSalesQuarterInvalid, field: "goal",
			message: fmt.Sprintf("goal %q is a deliverable, which has no figures by quarter: name a goal with a metric, or remove the entry", of.Name),
		}
	}
	if q.metric = g.program.Metric(of.Metric); q.metric == nil {
		return wrongQuarter{
			rule: RuleSalesMetricUnknown, field: "goal",
			message: fmt.Sprintf("the metric of goal %q is not in the catalogue of program %s: correct the goal", of.Name, g.program.Name),
		}
	}
	var problem string
	if q.days, problem = q.span(g); problem != "" {
		field := "from"
		if q.spec.Quarter != "" {
			field = "quarter"
		}
		return wrongQuarter{rule: RuleSalesQuarterInvalid, field: field, message: problem}
	}
	target, err := decimal.Parse(q.spec.Target)
	if err != nil {
		return wrongQuarter{rule: RuleSalesQuarterInvalid, field: "target", message: err.Error()}
	}
	q.target = target
	return wrongQuarter{}
}

// span returns the days of an entry, or says why they are none of the plan's.
func (q *salesQuarter) span(g ground) (span fiscal.Span, problem string) {
	if q.spec.Quarter == "" {
		span, err := fiscal.ParseSpan(q.spec.From, q.spec.Through)
		switch {
		case err != nil:
			return span, err.Error()
		case !g.span.Covers(span):
			return span, fmt.Sprintf("%s is not within the plan's period, %s: choose days within it", span, g.span)
		}
		return span, ""
	}
	var found []fiscal.Span
	var labels []string
	for _, quarter := range g.program.Calendar.Periods(fiscal.Quarter, g.span) {
		if !g.span.Covers(quarter) {
			continue
		}
		labels = append(labels, g.program.Calendar.Label(quarter))
		if g.program.Calendar.PartOf(fiscal.Quarter, quarter.From) == v1alpha1.PeriodPart(q.spec.Quarter) {
			found = append(found, quarter)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], ""
	case len(found) > 1:
		return span, fmt.Sprintf("the plan's period, %s, has several quarters %s: write from and through instead", g.span, q.spec.Quarter)
	case len(labels) == 0:
		return span, fmt.Sprintf("the plan's period, %s, has no whole fiscal quarter: write from and through instead", g.span)
	default:
		return span, fmt.Sprintf("%s is not a quarter of the plan's period, %s: choose one of %s", q.spec.Quarter, g.span, verdict.Some(labels, maxNamed))
	}
}

// checkTwice notes entries of one goal that share days.
func (c *check) checkTwice(field string, usable []salesQuarter) {
	last := map[v1alpha1.Name]fiscal.Span{}
	for i := range usable {
		q := &usable[i]
		before, known := last[q.spec.Goal]
		if known && before.Overlaps(q.days) {
			c.findings.Errorf(RuleSalesQuarterInvalid, field+".quarters", "goal %q has two entries for the same days, %s and %s: leave one of them",
				q.spec.Goal, c.ground.program.Calendar.Label(before), c.ground.program.Calendar.Label(q.days))
		}
		if before.Through < q.days.Through {
			last[q.spec.Goal] = q.days
		}
	}
}

// checkSum notes that the quarters of a goal do not come to its target: of a Flow their sum, of a Stock the last one.
func (c *check) checkSum(field string, g *v1alpha1.Goal, usable []salesQuarter) {
	var sum *big.Rat
	var metric *v1alpha1.Metric
	for i := range usable {
		q := &usable[i]
		if q.spec.Goal != g.Name {
			continue
		}
		metric = q.metric
		if sum == nil || metric.Behaviour == v1alpha1.BehaviourStock {
			sum = new(big.Rat)
		}
		sum.Add(sum, q.target)
	}
	target, err := attainment.Target(g)
	if sum == nil || err != nil || sum.Cmp(target) == 0 {
		return
	}
	if metric.Behaviour == v1alpha1.BehaviourStock {
		c.findings.Warningf(RuleSalesTargetsDiffer, field+".quarters", "the last quarter of goal %q ends at %s, and the goal's target is %s: correct the quarter, or the goal",
			g.Name, c.figure(metric, sum), c.figure(metric, target))
		return
	}
	difference, word := new(big.Rat).Sub(sum, target), "too much"
	if difference.Sign() < 0 {
		difference.Neg(difference)
		word = "short"
	}
	c.findings.Warningf(RuleSalesTargetsDiffer, field+".quarters",
		"the targets of the quarters of goal %q add up to %s, and the goal's target is %s (%s %s): correct the quarters, or the goal's target",
		g.Name, c.figure(metric, sum), c.figure(metric, target), c.figure(metric, difference), word)
}

// figure writes a value of a metric for people.
func (c *check) figure(metric *v1alpha1.Metric, value *big.Rat) string {
	switch metric.Unit {
	case v1alpha1.UnitCurrency:
		return string(c.ground.program.Spec.Currency) + " " + decimal.Format(value, shownDigits)
	case v1alpha1.UnitPercent:
		return shown(value) + "%"
	case v1alpha1.UnitDays:
		return shown(value) + " days"
	case v1alpha1.UnitCount:
		return shown(value)
	default:
		return shown(value)
	}
}

// salesPlan says how the sales plan of the evaluated terms stands. Results are the plan's as its goals read them: its own, else the sums of its campaigns,
// else its partner's. It changes only when a result begins to count, which the goals note.
func (c *check) salesPlan() *v1alpha1.SalesPlanStatus {
	sales := c.terms.SalesPlan
	if sales == nil {
		return nil
	}
	status := &v1alpha1.SalesPlanStatus{}
	usable, _ := quartersOf(c.ground, c.terms)
	for i := range usable {
		status.Quarters = append(status.Quarters, c.salesQuarter(&usable[i]))
	}
	status.Stages = c.salesStages(sales.Stages)
	status.WinRate = c.winRate(sales)
	return status
}

// salesQuarter says what a goal has reached in a quarter.
func (c *check) salesQuarter(q *salesQuarter) v1alpha1.SalesQuarterStatus {
	line := v1alpha1.SalesQuarterStatus{
		Goal: q.spec.Goal, Label: c.ground.program.Calendar.Label(q.days), From: q.days.From.Date(), Through: q.days.Through.Date(),
		Target: q.spec.Target, StatedForecast: q.spec.Forecast,
	}
	found := c.book.Series(q.metric.Name).Total(q.days)
	if found.Value == nil {
		return line
	}
	line.Actual, line.AsOf = shownIn(c.ground.program, q.metric, found.Value), found.AsOf.Date()
	if q.metric.Behaviour == v1alpha1.BehaviourStock {
		return line
	}
	if q.target.Sign() > 0 && q.metric.Direction != v1alpha1.DirectionDecrease {
		line.AttainmentPercent = rate(found.Value, q.target)
	}
	so := fiscal.Span{From: q.days.From, Through: found.AsOf}
	forecast := new(big.Rat).Mul(found.Value, big.NewRat(int64(q.days.Days()), int64(so.Days())))
	line.Forecast = shownIn(c.ground.program, q.metric, forecast)
	return line
}

// salesStages says what has reached each stage in the period so far, and which share of the stage before that is.
func (c *check) salesStages(stages []v1alpha1.SalesStage) []v1alpha1.SalesStageStatus {
	var all []v1alpha1.SalesStageStatus
	var before measure.Reading
	var unit v1alpha1.MetricUnit
	for i := range stages {
		stage := &stages[i]
		line := v1alpha1.SalesStageStatus{Name: stage.Name, ExpectedRatePercent: stage.ExpectedRatePercent}
		var found measure.Reading
		metric := c.ground.program.Metric(stage.Metric)
		if metric != nil {
			found = c.book.Series(metric.Name).Total(c.ground.span)
		}
		if found.Value != nil {
			line.Actual, line.MeasuredOn = shownIn(c.ground.program, metric, found.Value), found.On
			if before.Value != nil && before.On == found.On && unit == metric.Unit {
				line.ActualRatePercent = rate(found.Value, before.Value)
			}
			unit = metric.Unit
		}
		before = found
		all = append(all, line)
	}
	return all
}

// winRate says how many opportunities of the period so far were won.
func (c *check) winRate(sales *v1alpha1.SalesPlan) *v1alpha1.SalesWinRate {
	read := func(role v1alpha1.MetricRole) (measure.Reading, v1alpha1.Decimal) {
		metric := c.ground.program.MetricFor(role)
		if metric == nil {
			return measure.Reading{}, ""
		}
		found := c.book.Series(metric.Name).Total(c.ground.span)
		if found.Value == nil {
			return found, ""
		}
		return found, shownIn(c.ground.program, metric, found.Value)
	}
	line := v1alpha1.SalesWinRate{ExpectedPercent: sales.ExpectedWinRatePercent}
	var opportunities, wins measure.Reading
	opportunities, line.Opportunities = read(v1alpha1.RoleOpportunities)
	wins, line.Wins = read(v1alpha1.RoleWins)
	switch {
	case opportunities.Value == nil && wins.Value == nil && sales.ExpectedWinRatePercent == "":
		return nil
	case opportunities.Value == nil:
		line.Message = "no opportunities are measured in the period yet"
	case wins.Value == nil:
		line.Message = "no wins are measured in the period yet"
	case opportunities.On != wins.On:
		line.Message = fmt.Sprintf("opportunities are those of the %s, and wins those of the %s: report both about the same", opportunities.On, wins.On)
	case opportunities.Value.Sign() <= 0:
		line.Message = "there are no opportunities in the period so far"
	default:
		line.ActualPercent = rate(wins.Value, opportunities.Value)
	}
	return &line
}

// rate returns part / whole in percent, rounded down; nil when the whole is not above zero.
func rate(part, whole *big.Rat) *int32 {
	if whole.Sign() <= 0 {
		return nil
	}
	percent := new(big.Rat).Quo(part, whole)
	return new(decimal.FloorInt32(percent.Mul(percent, big.NewRat(100, 1))))
}

// shownIn returns a figure of a metric for the status, rounded down: an amount to the digits of the program's currency, all else without trailing zeros.
func shownIn(prog *program.Program, metric *v1alpha1.Metric, value *big.Rat) v1alpha1.Decimal {
	if metric.Unit == v1alpha1.UnitCurrency {
		digits, err := money.Digits(prog.Spec.Currency)
		if err != nil {
			digits = shownDigits
		}
		return decimal.Shown(value, digits)
	}
	text := string(decimal.Shown(value, decimal.MaxFractionDigits))
	if strings.Contains(text, ".") {
		text = strings.TrimRight(text, "0")
	}
	return v1alpha1.Decimal(text)
}
