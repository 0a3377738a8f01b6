package tier

import (
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
)

// occasion is a day as of which tiers are judged.
type occasion struct {
	day  fiscal.Day
	set  *program.RuleSet
	view view
}

// view is how an occasion is looked at.
type view int

const (
	// ahead: the day is still to come or not over; the figures so far are compared as if nothing more came.
	ahead view = iota
	// over: the day is over.
	over
	// today: each metric is looked at as of its as-of day and competencies as held today, whatever the occasion's day.
	today
)

// figure is what was found about one criterion.
type figure struct {
	tier      *v1alpha1.Tier
	criterion v1alpha1.Criterion
	metric    *v1alpha1.Metric // nil for a competency
	months    int
	currency  v1alpha1.CurrencyCode
	day       fiscal.Day  // as of which it is judged: the occasion's, or the metric's as-of day
	window    fiscal.Span // of a Flow
	called    string      // the window's name, where it is a fiscal interval
	grown     *growth     // of growthOver
	places    *places     // of forEach
	group     *group      // of several criteria of which more than one must be met

	verdict   v1alpha1.CriterionVerdict
	why       unknown
	threshold *big.Rat // nil when the rule states none that can be read
	atMost    bool
	found     *big.Rat   // nil when nothing was
	asOf      fiscal.Day // of a metric: the newest measured day in the window
	source    v1alpha1.Name
	missing   *big.Rat      // how far found is from the threshold; nil when it is met or nothing was found
	due       fiscal.Day    // the last day on which results may still come in; for notDue
	begins    fiscal.Day    // the day by which a first result is needed; for notCovered
	covered   fiscal.Day    // the first day of the window that is not covered; for notCovered
	lacking   v1alpha1.Name // the metric that counts for a computed one, and that is not covered or not in

	parts       []measure.Part // of a metric that is computed
	ofResellers *big.Rat       // what of it a distributor's resellers reported
}

// unknown says why a figure is not to be judged.
type unknown int

const (
	known       unknown = iota
	notReadable         // the rule names no metric of the catalogue, or no threshold
	notMeasured         // nothing was ever measured, or no level within the window
	notCovered          // what was measured does not reach back to the start of the window
	notDue              // more results may come in
	notGrown            // there is nothing, or less, to grow from
	noTerritory         // the partner states no territory
)

// defaultMonths is the window of a rule that states none.
const defaultMonths = 12

// criterion judges one criterion of a tier.
func (j *judge) criterion(tier *v1alpha1.Tier, c v1alpha1.Criterion, at occasion) figure {
	f := figure{tier: tier, criterion: c, months: defaultMonths, currency: j.prog.Spec.Currency, day: at.day}
	f.atMost = c.AtLeast == ""
	if threshold, err := decimal.Parse(f.limit()); err == nil {
		f.threshold = threshold
	}
	if c.Window != nil && c.Window.TrailingMonths > 0 {
		f.months = int(c.Window.TrailingMonths)
	}
	if c.Competency != "" {
		if at.view == today {
			f.day = j.today
		}
		j.people(&f)
	} else if f.metric = j.prog.Metric(c.Metric); f.metric != nil && at.view == today {
		f.day = j.asOf(f.metric)
	}
	switch {
	case f.threshold == nil, c.Competency == "" && f.metric == nil, c.ForEach != "" && c.ForEach != v1alpha1.ForEachTerritory:
		f.unknown(notReadable)
	case f.metric == nil && f.found == nil:
		f.unknown(noTerritory)
	case f.metric == nil:
		f.compare()
	case c.GrowthOver != nil && f.metric.Behaviour == v1alpha1.BehaviourStock:
		f.unknown(notReadable)
	case f.metric.Behaviour == v1alpha1.BehaviourStock:
		j.level(&f, at)
	default:
		j.flow(&f, at)
	}
	return f
}

// windowOf returns the days that are looked at, and names them where they are a fiscal interval; no span when none has ended.
func (j *judge) windowOf(f *figure) (window fiscal.Span, called string) {
	if f.criterion.Window == nil || f.criterion.Window.LastWhole == "" {
		return fiscal.TrailingMonths(f.day, f.months), ""
	}
	window = j.cal.PeriodEndedBy(unitOf(f.criterion.Window.LastWhole, fiscal.Quarter), f.day)
	return window, j.cal.Label(window)
}

// level judges a Stock: the newest level in the window counts.
func (j *judge) level(f *figure, at occasion) {
	window, called := j.windowOf(f)
	f.called = called
	reading := j.book.Series(f.metric.Name).Level(min(f.day, j.today, window.Through))
	if reading.Value == nil || !window.Contains(reading.AsOf) {
		f.unknown(notMeasured)
		return
	}
	f.found, f.asOf, f.source = reading.Value, reading.AsOf, reading.Source
	f.compare()
	if f.verdict == v1alpha1.CriterionNotMet && at.view == over {
		j.awaitResults(f, part{f.metric, window})
	}
}

// part is a metric whose results are looked at, with the days on which they count.
type part struct {
	metric *v1alpha1.Metric
	window fiscal.Span
}

// partsOf returns the metrics whose results of a window make up a metric: those that count for it, or itself.
func (j *judge) partsOf(metric *v1alpha1.Metric, window fiscal.Span) []part {
	var list []part
	for _, c := range j.prog.CountedIn(metric.Name, window) {
		list = append(list, part{c.Metric, fiscal.Span{From: c.From, Through: window.Through}})
	}
	if len(list) == 0 {
		return []part{{metric, window}}
	}
	return list
}

// flow judges a Flow: what was measured in the window is added up.
func (j *judge) flow(f *figure, at occasion) {
	f.window, f.called = j.windowOf(f)
	parts := j.partsOf(f.metric, f.window)
	if !slices.ContainsFunc(parts, func(p part) bool { first := j.extent(p.metric.Name).first; return !first.IsZero() && first <= f.day }) {
		f.unknown(notMeasured)
		return
	}
	reading := j.book.Series(f.metric.Name).Total(f.window)
	f.found, f.asOf, f.source = reading.Value, reading.AsOf, reading.Source
	f.parts, f.ofResellers = reading.Parts, reading.OfResellers
	if f.found == nil {
		f.found = new(big.Rat) // there are results, none of them in the window
	}
	if f.criterion.GrowthOver != nil && !j.grow(f) {
		return
	}
	f.compare()
	if (f.verdict == v1alpha1.CriterionMet) != f.atMost {
		return // enough is enough, and too much is too much, whatever is still to come
	}
	if j.covers(f, parts) && at.view == over {
		for _, p := range parts {
			j.awaitResults(f, p)
		}
	}
}

// covers reports whether history reaches back to the first days on which metrics count; if not, the verdict is Unknown.
func (j *judge) covers(f *figure, parts []part) bool {
	for _, p := range parts {
		first, begins := j.extent(p.metric.Name).first, j.begins(p.metric, p.window)
		if !first.IsZero() && first <= begins {
			continue
		}
		f.begins, f.covered = begins, p.window.From
		if p.metric != f.metric {
			f.lacking = p.metric.Name
		}
		f.unknown(notCovered)
		return false
	}
	return true
}

// asOf returns the day through which a metric is known today: the newest measured day or the end of the last reporting interval whose results
// are due, whichever is later. What is not measured is not zero before it is due; then it is.
func (j *judge) asOf(metric *v1alpha1.Metric) fiscal.Day {
	unit, lag := unitOf(metric.ReportEvery, fiscal.Month), int(program.Or(metric.ReportingLagDays, 0))
	day := max(j.extent(metric.Name).newest, j.cal.PeriodEndedBy(unit, j.today.AddDays(-lag-1)).Through, 1)
	j.horizon.At(j.cal.EndOf(j.cal.PeriodContaining(unit, day.AddDays(1)).Through.AddDays(lag)))
	return day
}

// awaitResults makes a verdict Unknown that results which may still come in could turn.
func (j *judge) awaitResults(f *figure, of part) {
	through := of.window.Through
	if j.extent(of.metric.Name).through >= through {
		return
	}
	due := through.AddDays(int(program.Or(of.metric.ReportingLagDays, 0)))
	if j.today > due {
		return
	}
	j.horizon.At(j.cal.EndOf(due))
	f.due = max(f.due, due)
	if of.metric != f.metric {
		f.lacking = of.metric.Name
	}
	f.unknown(notDue)
}

// begins returns the last day on which a first result still covers a window from its start: the end of the reporting interval in which the window
// begins, or in which the partner joined when that is later. A cumulative result reaches back to the first day of its fiscal year.
func (j *judge) begins(metric *v1alpha1.Metric, window fiscal.Span) fiscal.Day {
	start := min(max(window.From, j.member), window.Through)
	unit := unitOf(metric.ReportEvery, fiscal.Month)
	if year := j.cal.PeriodContaining(fiscal.Year, start); metric.Reporting == v1alpha1.ReportingCumulative && year.From == start {
		unit = fiscal.Year
	}
	return j.cal.PeriodContaining(unit, start).Through
}

// limit returns the threshold as the rule states it.
func (f *figure) limit() string {
	if f.atMost {
		return string(f.criterion.AtMost)
	}
	return string(f.criterion.AtLeast)
}

// unknown makes the verdict Unknown.
func (f *figure) unknown(why unknown) { f.verdict, f.why = v1alpha1.CriterionUnknown, why }

// compare compares what was found with the threshold.
func (f *figure) compare() {
	difference := new(big.Rat).Sub(f.threshold, f.found)
	if f.atMost {
		difference.Neg(difference)
	}
	if difference.Sign() > 0 {
		f.verdict, f.missing = v1alpha1.CriterionNotMet, difference
		return
	}
	f.verdict = v1alpha1.CriterionMet
}

// requirement judges a requirement: of anyOf the best criterion stands for all or, where several are required, the weakest of the best.
func (j *judge) requirement(tier *v1alpha1.Tier, r *v1alpha1.Requirement, at occasion) figure {
	if len(r.AnyOf) == 0 {
		return j.criterion(tier, program.CriterionOf(r), at)
	}
	all := make([]figure, len(r.AnyOf))
	for i := range r.AnyOf {
		all[i] = j.criterion(tier, r.AnyOf[i], at)
	}
	slices.SortStableFunc(all, func(a, b figure) int {
		switch {
		case a.betterThan(&b):
			return -1
		case b.betterThan(&a):
			return 1
		default:
			return 0
		}
	})
	if r.Required <= 1 {
		return all[0]
	}
	return together(all, int(r.Required))
}

// betterThan says whether f comes nearer to being met: Met, then Unknown, then NotMet, and then by the share that is missing.
func (f *figure) betterThan(other *figure) bool {
	if a, b := closeness(f.verdict), closeness(other.verdict); a != b {
		return a > b
	}
	a, b := f.gap(), other.gap()
	return a != nil && (b == nil || a.Cmp(b) < 0)
}

func closeness(verdict v1alpha1.CriterionVerdict) int {
	switch verdict {
	case v1alpha1.CriterionMet:
		return 2
	case v1alpha1.CriterionUnknown:
		return 1
	default:
		return 0
	}
}

// gap returns the missing share of the threshold; nil when nothing was found. Of a threshold of 0 the missing quantity itself stands for it.
func (f *figure) gap() *big.Rat {
	switch {
	case f.found == nil:
		return nil
	case f.missing == nil:
		return new(big.Rat)
	case f.threshold.Sign() == 0:
		return f.missing
	}
	share := new(big.Rat).Quo(f.missing, f.threshold)
	return share.Abs(share)
}
