package tier

import (
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

// growth is what a figure is compared with that is a growth in percent.
type growth struct {
	window fiscal.Span
	called string   // the window's name, where it is a fiscal interval
	before *big.Rat // what was measured in it; nil when nothing was
	now    *big.Rat // what was measured in the figure's own window
}

// grow turns what was found into its growth over the same window of some months before, in percent. It reports whether there is one: without it the verdict
// is Unknown.
func (j *judge) grow(f *figure) bool {
	g := &growth{now: f.found}
	g.window, g.called = j.earlier(f)
	f.grown = g
	g.before = j.book.Series(f.metric.Name).Total(g.window).Value
	if g.before == nil || g.before.Sign() <= 0 {
		f.unknown(notGrown)
		return false
	}
	f.found = percentMore(g.before, g.now)
	parts := j.partsOf(f.metric, g.window)
	if !j.covers(f, parts) {
		return false
	}
	for _, p := range parts { // more of the earlier results may come in, too
		j.awaitResults(f, p)
	}
	return f.why == known
}

// earlier returns the same window of some months before: the fiscal interval of then, or as many days of the calendar.
func (j *judge) earlier(f *figure) (window fiscal.Span, called string) {
	months := -int(f.criterion.GrowthOver.Months)
	if f.called == "" {
		return fiscal.TrailingMonths(f.day.AddMonths(months), f.months), ""
	}
	middle := f.window.From.AddDays(f.window.Days() / 2) // which is in the interval, however weeks fall in years of weeks
	window = j.cal.PeriodContaining(unitOf(f.criterion.Window.LastWhole, fiscal.Quarter), middle.AddMonths(months))
	return window, j.cal.Label(window)
}

// percentMore returns by how many percent of the former the latter is more.
func percentMore(before, now *big.Rat) *big.Rat {
	more := new(big.Rat).Sub(now, before)
	more.Quo(more, before)
	return more.Mul(more, big.NewRat(100, 1))
}

// amount returns what is missing of a growth in the metric's unit.
func (g *growth) amount(missing *big.Rat) *big.Rat {
	amount := new(big.Rat).Mul(g.before, missing)
	return amount.Quo(amount, big.NewRat(100, 1))
}

// group are several criteria of which more than one must be met.
type group struct {
	required int
	met      int
	all      []figure // the best first
}

// together judges criteria of which some must be met; the best come first. The weakest of as many as are required stands for all: it is met when enough
// are, and not met when even those that are unknown would not be enough.
func together(all []figure, required int) figure {
	g := &group{required: required, all: all}
	for i := range all {
		if all[i].verdict == v1alpha1.CriterionMet {
			g.met++
		}
	}
	decides := all[min(required, len(all))-1]
	decides.group = g
	if required > len(all) && decides.verdict == v1alpha1.CriterionMet {
		decides.verdict = v1alpha1.CriterionNotMet // the schema refuses it
	}
	return decides
}
