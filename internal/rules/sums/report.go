package sums

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/verdict"
)

// Documented defaults of the policy of reports.
const (
	defaultSoftCloseDays = 30
	defaultHardCloseDays = 120
	// maxPeriods is how many periods of each interval are reported on, the newest first: those before stay as they are.
	maxPeriods = 8
	// maxAdjustments is the limit of the adjustments of a report.
	maxAdjustments = 64
)

// units are the fiscal intervals of the API.
var units = map[v1alpha1.ReportInterval]fiscal.Unit{
	v1alpha1.ReportQuarterly: fiscal.Quarter, v1alpha1.ReportHalfYearly: fiscal.Half, v1alpha1.ReportYearly: fiscal.Year,
}

// Periods returns the periods for each of which there is a report, the newest first: of each interval that the strategy names the one that runs today and
// those before and after it that hold a plan.
func (s *Sums) Periods(in Settings, today fiscal.Day) []fiscal.Span {
	every := []v1alpha1.ReportInterval{v1alpha1.ReportHalfYearly, v1alpha1.ReportYearly}
	if reports := in.Strategy.Reports; reports != nil && len(reports.Every) > 0 {
		every = reports.Every
	}
	calendar := in.Program.Calendar
	var all []fiscal.Span
	for _, interval := range every {
		unit, known := units[interval]
		if !known {
			continue
		}
		found := map[fiscal.Span]bool{calendar.PeriodContaining(unit, today): true}
		for span := range s.spans {
			if period := calendar.PeriodContaining(unit, span.From); period.Covers(span) {
				found[period] = true
			}
		}
		var list []fiscal.Span
		for span := range found {
			list = append(list, span)
		}
		slices.SortFunc(list, newestFirst)
		all = append(all, list[:min(len(list), maxPeriods)]...)
	}
	slices.SortFunc(all, newestFirst)
	return slices.Compact(all)
}

// newestFirst orders periods: those that begin later first, and of those the longer ones.
func newestFirst(a, b fiscal.Span) int {
	return cmp.Or(cmp.Compare(b.From, a.From), cmp.Compare(b.Through, a.Through))
}

// Name returns the name of the report of a period: northwind-fy2027-h1.
func Name(in Settings, span fiscal.Span) string {
	return string(in.Program.Name) + "-" + strings.ToLower(strings.ReplaceAll(in.Program.Calendar.Label(span), " ", "-"))
}

// NewReport returns the report of a period as it is created, without a status.
func NewReport(in Settings, span fiscal.Span) *v1alpha1.ProgramReport {
	r := &v1alpha1.ProgramReport{Spec: v1alpha1.ProgramReportSpec{
		ProgramRef: v1alpha1.Reference{Name: in.Program.Name}, Period: in.Program.Calendar.Label(span), From: span.From.Date(), Through: span.Through.Date(),
	}}
	r.Name, r.Generation = Name(in, span), 1 // as the API server creates it
	return r
}

// closes returns the first day on which the figures of a period are provisional, and the first on which they can become final.
func closes(in Settings, span fiscal.Span) (soft, hard fiscal.Day) {
	softDays, hardDays := defaultSoftCloseDays, defaultHardCloseDays
	if reports := in.Strategy.Reports; reports != nil {
		if reports.SoftCloseDays != nil {
			softDays = int(*reports.SoftCloseDays)
		}
		if reports.HardCloseDays != nil {
			hardDays = int(*reports.HardCloseDays)
		}
	}
	return span.Through.AddDays(softDays + 1), span.Through.AddDays(max(softDays, hardDays) + 1)
}

// Close returns the final figures of a report whose period is to be closed permanently; nil when it is not to be, or is. A report that is not kept yet cannot be
// closed: the day of the close is that of a report that exists.
func (s *Sums) Close(in Settings, report *v1alpha1.ProgramReport, now time.Time) *v1alpha1.FinalFigures {
	today := in.Program.Today(now)
	span, err := fiscal.ParseSpan(report.Spec.From, report.Spec.Through)
	if err != nil || report.Spec.Final != nil || report.CreationTimestamp.IsZero() {
		return nil
	}
	_, hard := closes(in, span)
	if today < hard || s.awaited > 0 {
		return nil
	}
	figures := s.Figures(in, span, today)
	if total := figures.Groups[0]; total.Closed < total.Plans {
		return nil
	}
	final := &v1alpha1.FinalFigures{ClosedOn: today.Date(), Basis: v1alpha1.BasisKept, Figures: *figures}
	if in.Program.Today(report.CreationTimestamp.Time) > hard {
		final.Basis = v1alpha1.BasisRecomputed
	}
	return final
}

// Report evaluates the report of a period, with all reports of the program, for what became known of closed ones. It returns the status, and the next
// instant at which it may differ although the sums do not (zero: never).
func (s *Sums) Report(in Settings, report *v1alpha1.ProgramReport, all []*v1alpha1.ProgramReport, now time.Time) (v1alpha1.ProgramReportStatus, time.Time) {
	today, horizon := in.Program.Today(now), verdict.NewHorizon(now)
	status := v1alpha1.ProgramReportStatus{}
	status.ObservedGeneration = report.Generation
	conditions := verdict.NewConditions(report.Status.Conditions, report.Generation, now)
	findings := &verdict.Findings{}
	span, err := fiscal.ParseSpan(report.Spec.From, report.Spec.Through)
	if err != nil {
		findings.Errorf(RulePeriodUnreadable, "spec.from", "%s: delete the report, it is written again", err)
		conditions.Unknown(v1alpha1.ConditionFinal, v1alpha1.ReasonNotEvaluated, "not evaluated: the days of the period cannot be read")
	} else {
		s.judge(in, report, all, span, today, &status, conditions, horizon)
	}
	conditions.Readiness(findings)
	status.Findings, status.Conditions = findings.List(), conditions.List()
	return status, horizon.Next()
}

// RulePeriodUnreadable: the days of a report are none. Remedy: delete the report; the controller writes it again.
const RulePeriodUnreadable = "PeriodUnreadable"

func (s *Sums) judge(in Settings, report *v1alpha1.ProgramReport, all []*v1alpha1.ProgramReport, span fiscal.Span, today fiscal.Day,
	status *v1alpha1.ProgramReportStatus, conditions *verdict.Conditions, horizon *verdict.Horizon,
) {
	calendar := in.Program.Calendar
	soft, hard := closes(in, span)
	status.SoftCloseOn, status.HardCloseOn = soft.Date(), hard.Date()
	for _, day := range []fiscal.Day{span.From, soft, hard} {
		horizon.At(calendar.StartOf(day))
	}
	horizon.At(calendar.EndOf(span.Through))
	if rules := in.Program.RuleSetAfter(today); rules != nil { // by whose tiers partners are counted then
		horizon.At(calendar.StartOf(rules.From))
	}
	var figures *v1alpha1.ReportFigures
	if final := report.Spec.Final; final != nil {
		figures = &final.Figures
		status.State = v1alpha1.ReportFinal
		conditions.True(v1alpha1.ConditionFinal, v1alpha1.ReasonFinal, finalMessage(final))
	} else {
		figures = s.Figures(in, span, today)
		status.Figures = figures
		var reason, message string
		status.State, reason, message = openState(figures, soft, hard, today)
		conditions.False(v1alpha1.ConditionFinal, reason, message)
	}
	total := figures.Groups[0]
	status.Plans = &total.Plans
	status.Headline = headline(in, report.Spec.Period, figures)
	if span.Contains(today) {
		status.Adjustments = s.adjustments(in, report, all, today)
	}
}

func finalMessage(final *v1alpha1.FinalFigures) string {
	message := fmt.Sprintf("the figures are final since %s: what becomes known later is an adjustment in the report of the period that runs then", final.ClosedOn)
	if final.Basis == v1alpha1.BasisRecomputed {
		message += "; they were computed after the close, from what was known on that day"
	}
	return message
}

// openState says how firm figures are that are not final, and what they wait for.
func openState(figures *v1alpha1.ReportFigures, soft, hard, today fiscal.Day) (state v1alpha1.ReportState, reason, message string) {
	total := figures.Groups[0]
	open := total.Plans - total.Closed
	switch {
	case today < soft:
		return v1alpha1.ReportOpen, v1alpha1.ReasonPeriodOpen, fmt.Sprintf("the figures are provisional from %s on, and final from %s on at the earliest", soft, hard)
	case today < hard:
		return v1alpha1.ReportProvisional, v1alpha1.ReasonPeriodOpen, fmt.Sprintf(
			"the figures are provisional since %s, and final from %s on, once every plan of the period is closed", soft, hard)
	case figures.Awaited > 0:
		return v1alpha1.ReportClosing, v1alpha1.ReasonPartnersAwaited, fmt.Sprintf("the figures are final once %s evaluated",
			verdict.Count(figures.Awaited, "partner")+" "+verb(figures.Awaited, "is", "are"))
	case open > 0:
		return v1alpha1.ReportClosing, v1alpha1.ReasonPlansOpen, fmt.Sprintf("the figures are final once %s of the period %s closed",
			verdict.Count(open, "plan"), verb(open, "is", "are"))
	default:
		return v1alpha1.ReportClosing, v1alpha1.ReasonPeriodOpen, "every plan of the period is closed: the figures become final when the report is next written"
	}
}

// headline says in a sentence what will be reached of what is planned: of the metric with the greatest number of plans or, among those, the first by name.
func headline(in Settings, period string, figures *v1alpha1.ReportFigures) string {
	var best *v1alpha1.ReportSum
	for i := range figures.Sums {
		row := &figures.Sums[i]
		if row.By != v1alpha1.GroupTotal {
			continue
		}
		currency := func(x *v1alpha1.ReportSum) int {
			if metric := in.Program.Metric(x.Metric); metric != nil && metric.Unit == v1alpha1.UnitCurrency {
				return 1
			}
			return 0
		}
		if best == nil || cmp.Or(cmp.Compare(currency(row), currency(best)), cmp.Compare(row.Plans, best.Plans)) > 0 {
			best = row
		}
	}
	if best == nil {
		return ""
	}
	text := fmt.Sprintf("%s of %s: %s of %s so far", period, best.Metric, in.value(best.Metric, best.Actual), in.value(best.Metric, best.Target))
	if best.ForecastPercent != nil {
		text += fmt.Sprintf(", forecast %s (%d percent)", in.value(best.Metric, best.Forecast), *best.ForecastPercent)
		if thinnest := weakest(figures, best.Metric); thinnest != nil && *thinnest.ForecastPercent < *best.ForecastPercent {
			text += fmt.Sprintf("; furthest behind is %s with %d percent", thinnest.Group, *thinnest.ForecastPercent)
		}
	}
	return printable.Clip(text, maxMessage)
}

// weakest returns the initiative that will reach the least of what is planned of a metric; nil when none has a forecast.
func weakest(figures *v1alpha1.ReportFigures, metric v1alpha1.Name) *v1alpha1.ReportSum {
	var worst *v1alpha1.ReportSum
	for i := range figures.Sums {
		row := &figures.Sums[i]
		if row.By == v1alpha1.GroupInitiative && row.Metric == metric && row.ForecastPercent != nil && !strings.HasPrefix(row.Group, "(") &&
			(worst == nil || *row.ForecastPercent < *worst.ForecastPercent) {
			worst = row
		}
	}
	return worst
}

// value writes a value of a metric for people: with the currency, where it is money.
func (in Settings) value(metric v1alpha1.Name, value v1alpha1.Decimal) string {
	amount, err := decimal.Parse(value)
	if err != nil {
		return string(value)
	}
	if m := in.Program.Metric(metric); m != nil && m.Unit == v1alpha1.UnitCurrency {
		return string(in.Program.Spec.Currency) + " " + decimal.Format(amount, 2)
	}
	return decimal.FormatShort(amount, decimal.MaxFractionDigits)
}

// targets compare what the vendor wants of each initiative in a period with what is planned and will be reached.
func targets(in Settings, span fiscal.Span, sums []v1alpha1.ReportSum) []v1alpha1.ReportTarget {
	var list []v1alpha1.ReportTarget
	for i := range in.Strategy.Targets {
		x := &in.Strategy.Targets[i]
		period, err := in.Program.Calendar.Period(x.Period)
		if err != nil || period != span {
			continue
		}
		at := slices.IndexFunc(sums, func(row v1alpha1.ReportSum) bool {
			return row.By == v1alpha1.GroupInitiative && row.Group == string(x.Initiative) && row.Metric == x.Metric
		})
		row := v1alpha1.ReportSum{Target: "0", Actual: "0"}
		if at >= 0 {
			row = sums[at]
		}
		list = append(list, in.target(x, &row))
	}
	slices.SortStableFunc(list, func(a, b v1alpha1.ReportTarget) int {
		return cmp.Or(cmp.Compare(a.Initiative, b.Initiative), cmp.Compare(a.Metric, b.Metric))
	})
	return list
}

func (in Settings) target(x *v1alpha1.InitiativeTarget, sum *v1alpha1.ReportSum) v1alpha1.ReportTarget {
	wanted, _ := read(x.Value)
	planned, _ := read(sum.Target)
	unplanned := wanted.minus(planned).atLeastZero()
	row := v1alpha1.ReportTarget{Initiative: x.Initiative, Metric: x.Metric, Target: wanted.shown(), Planned: planned.shown(), Unplanned: unplanned.shown()}
	message := fmt.Sprintf("%s of %s is wanted, and plans aim at %s", in.value(x.Metric, row.Target), x.Metric, in.value(x.Metric, row.Planned))
	if !unplanned.isZero() {
		message += fmt.Sprintf(": %s is in no plan", in.value(x.Metric, row.Unplanned))
	}
	if forecast, ok := read(sum.Forecast); ok {
		row.Forecast, row.ForecastPercent = forecast.shown(), forecast.percentOf(wanted)
		message += "; the forecast is " + in.value(x.Metric, row.Forecast)
		if row.ForecastPercent != nil {
			message += fmt.Sprintf(", %d percent of what is wanted", *row.ForecastPercent)
		}
	}
	row.Message = printable.Clip(message, maxTarget)
	return row
}

// adjustments return what became known of periods after they were closed permanently.
func (s *Sums) adjustments(in Settings, report *v1alpha1.ProgramReport, all []*v1alpha1.ProgramReport, today fiscal.Day) []v1alpha1.ReportAdjustment {
	var list []v1alpha1.ReportAdjustment
	own, _ := fiscal.ParseSpan(report.Spec.From, report.Spec.Through)
	for _, other := range slices.SortedFunc(slices.Values(all), func(a, b *v1alpha1.ProgramReport) int { return cmp.Compare(a.Name, b.Name) }) {
		span, err := fiscal.ParseSpan(other.Spec.From, other.Spec.Through)
		// Of the same interval alone, so that a year and its halves do not say everything twice.
		if err != nil || other.Spec.Final == nil || other.Spec.ProgramRef.Name != in.Program.Name || in.unitOf(span) != in.unitOf(own) {
			continue
		}
		list = append(list, s.adjusted(in, other, span, today)...)
	}
	return list[:min(len(list), maxAdjustments)]
}

// unitOf returns the fiscal interval that a period is; zero when it is none.
func (in Settings) unitOf(span fiscal.Span) fiscal.Unit {
	for _, unit := range units {
		if in.Program.Calendar.PeriodContaining(unit, span.From) == span {
			return unit
		}
	}
	return 0
}

// adjusted returns by how much the figures of a closed period are others today. Where plans are gone, that cannot be told.
func (s *Sums) adjusted(in Settings, report *v1alpha1.ProgramReport, span fiscal.Span, today fiscal.Day) []v1alpha1.ReportAdjustment {
	final, current := &report.Spec.Final.Figures, s.Figures(in, span, today)
	name := v1alpha1.Name(report.Name)
	if was, is := final.Groups[0].Plans, current.Groups[0].Plans; was != is {
		return []v1alpha1.ReportAdjustment{{Report: name, Message: fmt.Sprintf(
			"%s had %s when it was closed, and %d %s there now: what became known since cannot be told apart, and nothing is adjusted",
			report.Spec.Period, verdict.Count(was, "plan"), is, verb(is, "is", "are"))}}
	}
	var list []v1alpha1.ReportAdjustment
	for i := range current.Sums {
		row := &current.Sums[i]
		if row.By != v1alpha1.GroupTotal {
			continue
		}
		at := slices.IndexFunc(final.Sums, func(x v1alpha1.ReportSum) bool { return x.By == v1alpha1.GroupTotal && x.Metric == row.Metric })
		if at < 0 {
			continue
		}
		target, actual := difference(row.Target, final.Sums[at].Target), difference(row.Actual, final.Sums[at].Actual)
		if target.isZero() && actual.isZero() {
			continue
		}
		list = append(list, v1alpha1.ReportAdjustment{
			Report: name, Metric: row.Metric, Target: target.shown(), Actual: actual.shown(), Message: printable.Clip(fmt.Sprintf(
				"%s of %s: %s when it was closed on %s, %s now", report.Spec.Period, row.Metric, in.value(row.Metric, final.Sums[at].Actual),
				report.Spec.Final.ClosedOn, in.value(row.Metric, row.Actual)), maxMessage),
		})
	}
	return list
}

func difference(a, b v1alpha1.Decimal) amount {
	x, _ := read(a)
	y, _ := read(b)
	return x.minus(y)
}

// Outcome is what the sums of a program say at an instant.
type Outcome struct {
	// Strategy is a copy of the strategy with its status.
	Strategy *v1alpha1.ChannelStrategy
	// Reports are copies of the reports with their statuses, the newest period first: those that exist, and those that are to be created.
	Reports []*v1alpha1.ProgramReport
	// Next is the next instant at which any of it may differ although the sums do not; zero when never.
	Next time.Time
}

// Evaluate says how a program stands as a whole, by a strategy and the reports that exist. A period that is to be closed permanently has its figures in the spec.
func (s *Sums) Evaluate(in Settings, strategy *v1alpha1.ChannelStrategy, existing []*v1alpha1.ProgramReport, now time.Time) Outcome {
	in.Strategy = &strategy.Spec
	today, horizon := in.Program.Today(now), verdict.NewHorizon(now)
	known := map[string]bool{}
	var reports []*v1alpha1.ProgramReport
	for _, x := range existing {
		if x.Spec.ProgramRef.Name == in.Program.Name {
			known[x.Name] = true
			reports = append(reports, x.DeepCopy())
		}
	}
	for _, span := range s.Periods(in, today) {
		if x := NewReport(in, span); !known[x.Name] {
			known[x.Name] = true
			reports = append(reports, x)
		}
	}
	slices.SortFunc(reports, func(a, b *v1alpha1.ProgramReport) int {
		return cmp.Or(cmp.Compare(b.Spec.From, a.Spec.From), cmp.Compare(b.Spec.Through, a.Spec.Through), cmp.Compare(a.Name, b.Name))
	})
	var names []v1alpha1.Name
	for _, x := range reports {
		names = append(names, v1alpha1.Name(x.Name))
		if final := s.Close(in, x, now); final != nil {
			x.Spec.Final = final
		}
	}
	for _, x := range reports {
		var next time.Time
		x.Status, next = s.Report(in, x, reports, now)
		horizon.At(next)
	}
	updated := strategy.DeepCopy()
	updated.Status = Strategy(strategy, in.Program, names, now)
	return Outcome{Strategy: updated, Reports: reports, Next: horizon.Next()}
}
