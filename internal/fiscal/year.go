package fiscal

import "jointplan.dev/jointplan/api/v1alpha1"

// A fiscal year is known inside by the calendar year that it starts in: for a year of months the year of its first day, for a year of
// weeks that of the month near whose first day it starts. So a year of weeks from late December is the next year's, as its owner means it.

const (
	monthsPerYear    = 12
	monthsPerQuarter = 3
	weeksPerQuarter  = 13
	daysPerWeek      = 7
)

// nameOffset returns what to add to the year that a fiscal year starts in to get its name.
func (c *Calendar) nameOffset() int {
	if c.naming == v1alpha1.NamedByStart || c.startMonth == 1 && c.startDay == 1 {
		return 0
	}
	return 1
}

// startYear returns the year that the fiscal year of d starts in.
func (c *Calendar) startYear(d Day) int {
	year := d.Year()
	if c.weeks != nil {
		year++ // it may start a few days before its month
	}
	for c.boundary(year, 0) > int64(d) {
		year--
	}
	return year
}

// locate returns the fiscal year of d, by the year it starts in, and the first fiscal month, from 0 to 11, of d's period of a unit.
func (c *Calendar) locate(unit Unit, d Day) (year, first int) {
	year, length := c.startYear(d), unit.months()
	first = monthsPerYear - length
	for first > 0 && c.boundary(year, first) > int64(d) {
		first -= length
	}
	return year, first
}

// span returns a period: the fiscal year by the year it starts in, the first fiscal month from 0, and the unit.
func (c *Calendar) span(year, first int, unit Unit) Span {
	return Span{From: clampDay(c.boundary(year, first)), Through: clampDay(c.boundary(year, first+unit.months()) - 1)}
}

// boundary returns the number of the first day of a fiscal month, from 0 to 12, of the fiscal year that starts in a year. Month 12
// is month 0 of the next year.
func (c *Calendar) boundary(year, month int) int64 {
	if c.weeks != nil {
		return c.weekBoundary(year, month)
	}
	// Always counted from the year's start with the day of the month that the spec names, so clamping never adds up.
	total := year*monthsPerYear + c.startMonth - 1 + month
	y, m := floorDiv(total, monthsPerYear), total-monthsPerYear*floorDiv(total, monthsPerYear)+1
	return rawDay(y, m, min(c.startDay, daysIn(y, m)))
}

// weekBoundary is boundary for a year of weeks. A 53rd week belongs to the last month.
func (c *Calendar) weekBoundary(year, month int) int64 {
	if month >= monthsPerYear {
		return c.weeks.start(year+1, c.startMonth)
	}
	weeks := month / monthsPerQuarter * weeksPerQuarter
	for _, length := range c.weeks.pattern[:month%monthsPerQuarter] {
		weeks += length
	}
	return c.weeks.start(year, c.startMonth) + int64(weeks*daysPerWeek)
}

// start returns the number of the first day of the year of weeks that starts near the first of a month.
func (w *weekYear) start(year, month int) int64 {
	end := rawDay(year, month, 1) - 1 // the end of the month before
	if w.nearest {
		const half = daysPerWeek / 2
		end += half
	}
	back := (end%daysPerWeek - int64(w.endsOn) + 2*daysPerWeek) % daysPerWeek // days since endsOn, also before 0001-01-01
	return end - back + 1
}
