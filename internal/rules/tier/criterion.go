package tier

import (
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
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

	verdict   v1alpha1.CriterionVerdict
	why       unknown
	threshold *big.Rat // nil when the rule states none that can be read
	atMost    bool
	found     *big.Rat   // nil when nothing was
	asOf      fiscal.Day // of a metric: the newest measured day in the window
	source    v1alpha1.Name
	missing   *big.Rat   // how far found is from the threshold; nil when it is met or nothing was found
	due       fiscal.Day // the last day on which results may still come in; for notDue
	begins    fiscal.Day // the day by which a first result is needed; for notCovered
}

// unknown says why a figure is not to be judged.
type unknown int

const (
	known       unknown = iota
	notReadable         // the rule names no metric of the catalogue, or no threshold
	notMeasured         // nothing was ever measured, or no level within the window
	notCovered          // what was measured does not reach back to the start of the window
	notDue              // more results may come in
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
		f.found = big.NewRat(j.holders(c.Competency, f.day), 1)
	} else if f.metric = j.prog.Metric(c.Metric); f.metric != nil && at.view == today {
		f.day = j.asOf(f.metric)
	}
	switch {
	case f.threshold == nil, c.Competency == "" && f.metric == nil:
		f.unknown(notReadable)
	case f.metric == nil:
		f.compare()
	case f.metric.Behaviour == v1alpha1.BehaviourStock:
		j.level(&f, at)
	default:
		j.flow(&f, at)
	}
	return f
}

// holders counts the different people who hold a competency on a day, by the certificates that have begun. Two spellings of a name that differ
// in case or spaces are one person; those that only look alike are counted, and found by package partner.
func (j *judge) holders(name v1alpha1.Name, day fiscal.Day) int64 {
	people := map[string]struct{}{}
	for i := range j.partner.Spec.Competencies {
		c := &j.partner.Spec.Competencies[i]
		if c.Name != name {
			continue
		}
		from, err := fiscal.ParseDay(c.From)
		if err == nil && from > j.today {
			j.horizon.At(j.cal.StartOf(from))
			continue
		}
		through, errThrough := fiscal.ParseDay(c.Through)
		if errThrough == nil && day == j.today {
			j.horizon.At(j.cal.EndOf(through))
		}
		if err == nil && from > day || errThrough == nil && through < day {
			continue
		}
		people[j.people[i]] = struct{}{}
	}
	return int64(len(people))
}

// level judges a Stock: the newest level in the window counts.
func (j *judge) level(f *figure, at occasion) {
	reading := j.book.Series(f.metric.Name).Level(min(f.day, j.today))
	if reading.Value == nil || !fiscal.TrailingMonths(f.day, f.months).Contains(reading.AsOf) {
		f.unknown(notMeasured)
		return
	}
	f.found, f.asOf, f.source = reading.Value, reading.AsOf, reading.Source
	f.compare()
	if f.verdict == v1alpha1.CriterionNotMet && at.view == over {
		j.awaitResults(f, at)
	}
}

// flow judges a Flow: what was measured in the window is added up.
func (j *judge) flow(f *figure, at occasion) {
	f.window = fiscal.TrailingMonths(f.day, f.months)
	first := j.extent(f.metric.Name).first
	if first.IsZero() || first > f.day {
		f.unknown(notMeasured)
		return
	}
	reading := j.book.Series(f.metric.Name).Total(f.window)
	f.found, f.asOf, f.source = reading.Value, reading.AsOf, reading.Source
	if f.found == nil {
		f.found = new(big.Rat) // there are results, none of them in the window
	}
	f.compare()
	if (f.verdict == v1alpha1.CriterionMet) != f.atMost {
		return // enough is enough, and too much is too much, whatever is still to come
	}
	if begins := j.begins(f.metric, f.window); first > begins {
		f.begins = begins
		f.unknown(notCovered)
	} else if at.view == over {
		j.awaitResults(f, at)
	}
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
func (j *judge) awaitResults(f *figure, at occasion) {
	if j.extent(f.metric.Name).newest >= at.day {
		return
	}
	due := at.day.AddDays(int(program.Or(f.metric.ReportingLagDays, 0)))
	if j.today > due {
		return
	}
	j.horizon.At(j.cal.EndOf(due))
	f.due = due
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

// requirement judges a requirement: of anyOf the best criterion stands for all.
func (j *judge) requirement(tier *v1alpha1.Tier, r *v1alpha1.Requirement, at occasion) figure {
	if len(r.AnyOf) == 0 {
		return j.criterion(tier, v1alpha1.Criterion{
			Metric: r.Metric, Competency: r.Competency, Window: r.Window, AtLeast: r.AtLeast, AtMost: r.AtMost,
		}, at)
	}
	best := j.criterion(tier, r.AnyOf[0], at)
	for _, c := range r.AnyOf[1:] {
		if next := j.criterion(tier, c, at); next.betterThan(&best) {
			best = next
		}
	}
	return best
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
