package headroom

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/verdict"
)

// cadences are the fiscal units of the intervals in which money is earned.
var cadences = map[v1alpha1.Cadence]fiscal.Unit{
	v1alpha1.CadenceMonth: fiscal.Month, v1alpha1.CadenceQuarter: fiscal.Quarter, v1alpha1.CadenceHalf: fiscal.Half, v1alpha1.CadenceYear: fiscal.Year,
}

// Interval returns the fiscal unit in which money is earned; zero for a cadence that there is not.
func Interval(every v1alpha1.Cadence) fiscal.Unit { return cadences[every] }

// tariff is how a budget's money is earned, ready for use.
type tariff struct {
	currency v1alpha1.CurrencyCode
	from     fiscal.Day // the first day of the budget's period
	percent  *big.Rat   // nil where steps govern
	steps    []step     // by threshold; none where percentages govern
	percents []money.Step
	marginal bool // percents are each of their own band
	maximum  int64
	unit     fiscal.Unit // zero where the interval begins with an event
	next     bool        // a lot is spent in the interval after it
	carry    int         // months
}

type step struct {
	atLeast *big.Rat
	amount  int64
}

// newTariff reads an accrual. It fails on the first thing in it that cannot be used.
func newTariff(prog *program.Program, budget *v1alpha1.MDFBudget) (*tariff, error) {
	accrual, span := budget.Spec.Accrual, facts.PeriodOf(budget, prog)
	t := &tariff{
		currency: budget.Spec.Amount.Currency, from: span.From, maximum: money.Max, unit: Interval(accrual.Every),
		next: accrual.Spend == v1alpha1.SpendNextPeriod, carry: int(program.Or(accrual.CarryOverMonths, 0)),
	}
	switch {
	case span.IsZero():
		return nil, errors.New("program " + string(prog.Name) + " defines no such period as spec.period")
	case (accrual.Every == "") == (accrual.FromEvent == nil):
		return nil, errors.New("spec.accrual must give exactly one of every and fromEvent")
	case accrual.FromEvent != nil:
		if err := UsableInterval(prog, accrual.FromEvent); err != nil {
			return nil, fmt.Errorf("spec.accrual.fromEvent%w", err)
		}
	case t.unit == 0:
		return nil, fmt.Errorf("spec.accrual.every is %s: it must be Month, Quarter, Half or Year", decimal.Quote(string(accrual.Every)))
	}
	switch {
	case !t.next && accrual.Spend != v1alpha1.SpendSamePeriod:
		return nil, fmt.Errorf("spec.accrual.spend is %s: it must be SamePeriod or NextPeriod", decimal.Quote(string(accrual.Spend)))
	case Schemes(accrual) != 1:
		return nil, errors.New("spec.accrual must give exactly one of percent, steps and percentSteps")
	}
	if accrual.Maximum != "" {
		maximum, err := facts.ParseAmount(accrual.Maximum, t.currency)
		if err != nil {
			return nil, fmt.Errorf("spec.accrual.maximum: %w", err)
		}
		t.maximum = maximum
	}
	switch {
	case accrual.Percent != "":
		percent, err := decimal.ParsePercent(accrual.Percent)
		if err != nil {
			return nil, fmt.Errorf("spec.accrual.percent: %w", err)
		}
		t.percent = percent
	case len(accrual.PercentSteps) > 0:
		if err := t.readPercents(accrual); err != nil {
			return nil, err
		}
	default:
		err := t.readSteps(prog, accrual)
		return t, err
	}
	if err := UsableMetric(prog, accrual.Metric, t.currency); err != nil {
		return nil, fmt.Errorf("spec.accrual.metric: %w", err)
	}
	return t, nil
}

// Schemes returns in how many ways an accrual says how much is earned; it should be one.
func Schemes(accrual *v1alpha1.Accrual) int {
	given := 0
	for _, is := range []bool{accrual.Percent != "", len(accrual.Steps) > 0, len(accrual.PercentSteps) > 0} {
		if is {
			given++
		}
	}
	return given
}

// UsableInterval says why no interval begins with an event, after the field of it that is wrong.
func UsableInterval(prog *program.Program, from *v1alpha1.EventInterval) error {
	switch from.Event {
	case v1alpha1.EventFirstResult:
		if err := CountableMetric(prog, from.Metric); err != nil {
			return fmt.Errorf(".metric: %w", err)
		}
	case v1alpha1.EventAgreementSigned, v1alpha1.EventMemberSince, v1alpha1.EventFirstPlanApproved:
		if from.Metric != "" {
			return errors.New(".metric belongs to event FirstResult: remove metric, or make the event FirstResult")
		}
	default:
		return fmt.Errorf(".event is %s: it must be AgreementSigned, MemberSince, FirstResult or FirstPlanApproved", decimal.Quote(string(from.Event)))
	}
	if from.Months < 1 {
		return fmt.Errorf(".months is %d: it must be at least 1", from.Months)
	}
	return nil
}

// readPercents reads a table of percentages.
func (t *tariff) readPercents(accrual *v1alpha1.Accrual) error {
	t.marginal = accrual.StepsApply == v1alpha1.StepsMarginal
	if !t.marginal && accrual.StepsApply != v1alpha1.StepsRetroactive {
		return fmt.Errorf("spec.accrual.stepsApply is %s: it must be Marginal or Retroactive", decimal.Quote(string(accrual.StepsApply)))
	}
	for i := range accrual.PercentSteps {
		step := &accrual.PercentSteps[i]
		above, err := decimal.Parse(step.Above)
		if err == nil && above.Sign() < 0 {
			err = errors.New("it must not be negative")
		}
		if err != nil {
			return fmt.Errorf("spec.accrual.percentSteps[%d].above: %w", i, err)
		}
		percent, err := decimal.ParsePercent(step.Percent)
		if err != nil {
			return fmt.Errorf("spec.accrual.percentSteps[%s].percent: %w", step.Above, err)
		}
		t.percents = append(t.percents, money.Step{Above: above, Percent: percent})
	}
	slices.SortStableFunc(t.percents, func(a, b money.Step) int { return a.Above.Cmp(b.Above) })
	return nil
}

// readSteps reads a table of steps.
func (t *tariff) readSteps(prog *program.Program, accrual *v1alpha1.Accrual) error {
	for i := range accrual.Steps {
		atLeast, err := decimal.Parse(accrual.Steps[i].AtLeast)
		if err != nil {
			return fmt.Errorf("spec.accrual.steps[%d].atLeast: %w", i, err)
		}
		amount, err := facts.ParseAmount(accrual.Steps[i].Amount, t.currency)
		if err != nil {
			return fmt.Errorf("spec.accrual.steps[%s].amount: %w", accrual.Steps[i].AtLeast, err)
		}
		t.steps = append(t.steps, step{atLeast, amount})
	}
	slices.SortStableFunc(t.steps, func(a, b step) int { return a.atLeast.Cmp(b.atLeast) })
	if err := CountableMetric(prog, accrual.Metric); err != nil {
		return fmt.Errorf("spec.accrual.metric: %w", err)
	}
	return nil
}

// CountableMetric says why a metric does not add up over an interval.
func CountableMetric(prog *program.Program, name v1alpha1.Name) error {
	switch metric := prog.Metric(name); {
	case metric == nil:
		return fmt.Errorf("program %s has %s", prog.Name, verdict.NoSuch("metric", string(name), prog.MetricNames()))
	case metric.Behaviour != v1alpha1.BehaviourFlow:
		return fmt.Errorf("metric %s has behaviour %s: name one with behaviour Flow", name, metric.Behaviour)
	}
	return nil
}

// intervals returns the intervals of all lots that may matter: from the first measured day, or the first whose lot may be spent in the budget's
// period, through the one that today lies in.
func (t *tariff) intervals(cal *fiscal.Calendar, entries []measure.Entry, today fiscal.Day) []fiscal.Span {
	first := cal.PeriodContaining(t.unit, t.from.AddMonths(-t.carry)).From
	if t.next {
		first = cal.PeriodContaining(t.unit, first.AddDays(-1)).From
	}
	if len(entries) > 0 {
		first = min(first, entries[0].On)
	}
	if first > today {
		return nil
	}
	intervals := cal.Periods(t.unit, fiscal.Span{From: first, Through: today})
	return intervals[max(len(intervals)-maxLots, 0):]
}

// after returns the interval that follows one.
func (t *tariff) after(cal *fiscal.Calendar, interval fiscal.Span, months int) fiscal.Span {
	if t.unit == 0 {
		return fiscal.Span{From: interval.Through.AddDays(1), Through: interval.From.AddMonths(2 * months).AddDays(-1)}
	}
	return cal.PeriodContaining(t.unit, interval.Through.AddDays(1))
}

// valid returns the days on which the lot of an interval may be spent.
func (t *tariff) valid(cal *fiscal.Calendar, interval fiscal.Span, months int) fiscal.Span {
	span := interval
	if t.next {
		span = t.after(cal, interval, months)
	}
	if t.carry > 0 {
		monthEnd := span.Through.IsMonthEnd()
		span.Through = span.Through.AddMonths(t.carry)
		if monthEnd {
			span.Through = span.Through.MonthEnd()
		}
	}
	return span
}

// earned returns what a measured value earns.
func (t *tariff) earned(value *big.Rat) int64 {
	switch {
	case t.percent != nil:
		return min(floorAmount(decimal.PercentOf(t.percent, value), t.currency), t.maximum)
	case t.marginal:
		return min(floorAmount(money.Marginal(t.percents, value), t.currency), t.maximum)
	case len(t.percents) > 0:
		return min(floorAmount(money.Retroactive(t.percents, value), t.currency), t.maximum)
	}
	if reached := t.reached(value); reached != nil {
		return min(reached.amount, t.maximum)
	}
	return 0
}

// reached returns the highest step that a value reaches; nil when it reaches none.
func (t *tariff) reached(value *big.Rat) *step {
	for i := range slices.Backward(t.steps) {
		if value.Cmp(t.steps[i].atLeast) >= 0 {
			return &t.steps[i]
		}
	}
	return nil
}
