package attainment

import (
	"math/big"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
)

// curve says which share of the way to the target is expected by the end of a day.
type curve struct {
	window fiscal.Span
	points []point // between the window's ends, by day
	season *season // where there are no points
}

// point is a day by whose end a share of the way is expected.
type point struct {
	on    fiscal.Day
	share *big.Rat
}

// share returns the share of the way that is expected by the end of a day: 0 before the window, 1 from its last day on. Between the start,
// the points and the end it grows evenly by day; without points it follows the season, if there is one.
func (c *curve) share(day fiscal.Day) *big.Rat {
	switch {
	case day < c.window.From:
		return new(big.Rat)
	case day >= c.window.Through:
		return big.NewRat(1, 1)
	case len(c.points) == 0 && c.season != nil:
		return c.season.share(c.window, day)
	}
	before := point{on: c.window.From - 1, share: new(big.Rat)}
	after := point{on: c.window.Through, share: big.NewRat(1, 1)}
	for _, p := range c.points {
		if p.on > day {
			after = p
			break
		}
		before = p
	}
	part := big.NewRat(int64(day.Sub(before.on)), int64(after.on.Sub(before.on)))
	rise := new(big.Rat).Sub(after.share, before.share)
	return rise.Add(before.share, rise.Mul(rise, part))
}

// season holds how much of a year's result each calendar month brings, January first, in thousandths of a percent.
type season [12]int64

// newSeason reads a season curve; nil when there is none or it brings nothing on the days of the window, so that results are expected evenly.
func newSeason(written *v1alpha1.SeasonCurve, window fiscal.Span) *season {
	if written == nil || len(written.MonthWeights) != len(season{}) {
		return nil
	}
	s := &season{}
	for i, text := range written.MonthWeights {
		weight, err := decimal.ParsePercent(text)
		if err != nil {
			return nil // the schema refuses it
		}
		s[i] = decimal.FloorInt64(new(big.Rat).Mul(weight, big.NewRat(1000, 1))) // at most three digits: exact
	}
	if s.weight(window).Sign() == 0 {
		return nil
	}
	return s
}

// share returns the part of the window's result that is expected by the end of a day in it.
func (s *season) share(window fiscal.Span, day fiscal.Day) *big.Rat {
	part := s.weight(fiscal.Span{From: window.From, Through: day})
	return part.Quo(part, s.weight(window))
}

// weight returns how much the days of a span bring. Within a month every day brings the same.
func (s *season) weight(span fiscal.Span) *big.Rat {
	first, last := span.From.MonthEnd(), span.Through.MonthEnd()
	if first == last {
		return s.part(span.From, span.Days())
	}
	sum := s.part(span.From, first.Sub(span.From)+1)
	sum.Add(sum, s.part(last, span.Through.Day()))
	between := monthNumber(last) - monthNumber(first) - 1
	var whole, year int64
	for _, weight := range s {
		year += weight
	}
	for i := range between % 12 {
		whole += s[(int(first.Month())+i)%12] // the month after first, as months count from 1 and weights from 0
	}
	whole += int64(between/12) * year
	return sum.Add(sum, new(big.Rat).SetInt64(whole))
}

// part returns how much a number of days of one month bring.
func (s *season) part(month fiscal.Day, days int) *big.Rat {
	return big.NewRat(s[month.Month()-time.January]*int64(days), int64(month.MonthEnd().Day()))
}

// monthNumber counts calendar months.
func monthNumber(day fiscal.Day) int { return day.Year()*12 + int(day.Month()) }
