package fiscal

import (
	"errors"
	"fmt"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Unit is a kind of fiscal period. The periods of a unit follow each other without a gap.
type Unit int

const (
	// Month is a twelfth of a fiscal year: a month from the fiscal year's day of the month, or 4 or 5 weeks in a year of weeks.
	Month Unit = iota + 1
	// Quarter is three fiscal months; 13 weeks in a year of weeks, 14 in the last quarter of a year of 53.
	Quarter
	// Half is two quarters.
	Half
	// Year is a fiscal year.
	Year
)

// months returns the length of a unit in fiscal months.
func (u Unit) months() int {
	switch u {
	case Month:
		return 1
	case Quarter:
		return 3
	case Half:
		return 6
	case Year:
		return 12
	default:
		panic(fmt.Sprintf("fiscal: unknown unit %d", int(u)))
	}
}

// String returns the unit's name: "month", "quarter", "half" or "year".
func (u Unit) String() string {
	switch u {
	case Month:
		return "month"
	case Quarter:
		return "quarter"
	case Half:
		return "half"
	case Year:
		return "year"
	default:
		return fmt.Sprintf("Unit(%d)", int(u))
	}
}

// part is where a part of a fiscal year lies in it: the first fiscal month, and the unit.
type part struct {
	first int
	unit  Unit
}

// parts are the parts of a fiscal year.
var parts = map[v1alpha1.PeriodPart]part{
	"":                {0, Year},
	v1alpha1.PartYear: {0, Year},
	v1alpha1.PartH1:   {0, Half},
	v1alpha1.PartH2:   {6, Half},
	v1alpha1.PartQ1:   {0, Quarter},
	v1alpha1.PartQ2:   {3, Quarter},
	v1alpha1.PartQ3:   {6, Quarter},
	v1alpha1.PartQ4:   {9, Quarter},
}

// Period returns the days of a period: a fiscal year or a part of it, or two explicit days. It fails when the period has neither or both, when
// its part or its days are not valid, and when from is after through.
func (c *Calendar) Period(p v1alpha1.Period) (Span, error) {
	explicit := p.From != "" || p.Through != ""
	switch {
	case p.FiscalYear != nil && explicit:
		return Span{}, errors.New("give either fiscalYear (with part) or from and through, not both")
	case p.FiscalYear == nil && !explicit:
		return Span{}, errors.New("give either fiscalYear (with part) or both from and through")
	case p.FiscalYear == nil && p.Part != "":
		return Span{}, errors.New("part needs a fiscalYear: add fiscalYear, or remove part")
	case explicit:
		return ParseSpan(p.From, p.Through)
	}
	return c.FiscalPeriod(int(*p.FiscalYear), p.Part)
}

// FiscalPeriod returns the days of a part of the fiscal year of that name; an absent part is the whole year. It fails on a year outside
// 1900 to 9998 and on text that is no part.
func (c *Calendar) FiscalPeriod(fiscalYear int, name v1alpha1.PeriodPart) (Span, error) {
	p, ok := parts[name]
	if !ok {
		return Span{}, fmt.Errorf("part %s must be Year, H1, H2, Q1, Q2, Q3 or Q4", quote(string(name)))
	}
	const maxYear = 9998
	if fiscalYear < minParseYear || fiscalYear > maxYear {
		return Span{}, fmt.Errorf("fiscalYear %d must be from %d to %d", fiscalYear, minParseYear, maxYear)
	}
	return c.span(fiscalYear-c.nameOffset(), p.first, p.unit), nil
}

// FiscalYearOf returns the name of the fiscal year that d lies in, such as 2027; 0 when d is absent.
func (c *Calendar) FiscalYearOf(d Day) int {
	if d.IsZero() {
		return 0
	}
	return c.startYear(d) + c.nameOffset()
}

// PartOf returns the part of the fiscal year that d lies in: Year, H1 or H2, or Q1 to Q4. It is "" for Month, which has no
// part, and when d is absent.
func (c *Calendar) PartOf(unit Unit, d Day) v1alpha1.PeriodPart {
	if d.IsZero() || unit == Month {
		return ""
	}
	_, first := c.locate(unit, d)
	for name, p := range parts {
		if name != "" && p.unit == unit && p.first == first {
			return name
		}
	}
	return ""
}

// PeriodContaining returns the period of a unit that d lies in; no span when d is absent.
func (c *Calendar) PeriodContaining(unit Unit, d Day) Span {
	if d.IsZero() {
		return Span{}
	}
	year, first := c.locate(unit, d)
	return c.span(year, first, unit)
}

// PeriodEndedBy returns the latest period of a unit that ended on d or before; no span when d is absent.
func (c *Calendar) PeriodEndedBy(unit Unit, d Day) Span {
	span := c.PeriodContaining(unit, d)
	if span.Through == d || span.IsZero() {
		return span
	}
	return c.PeriodContaining(unit, span.From.AddDays(-1))
}

// Periods returns the periods of a unit that have a day in common with s, whole and in order.
func (c *Calendar) Periods(unit Unit, s Span) []Span {
	if s.Days() == 0 {
		return nil
	}
	var periods []Span
	for next := s.From; ; {
		period := c.PeriodContaining(unit, next)
		periods = append(periods, period)
		if period.Through >= s.Through {
			return periods
		}
		next = period.Through + 1
	}
}

// PeriodEnds returns the last days of the periods of a unit that end after one day and through another, in order: the evaluation dates between
// the two. It returns none when either is absent.
func (c *Calendar) PeriodEnds(unit Unit, after, through Day) []Day {
	if after.IsZero() || after >= through {
		return nil
	}
	var ends []Day
	for _, period := range c.Periods(unit, Span{From: after + 1, Through: through}) {
		if period.Through <= through {
			ends = append(ends, period.Through)
		}
	}
	return ends
}

// LastPeriodEnds returns the last days of the n latest periods of a unit that ended on d or before, in order. It returns none when d
// is absent or n is below 1.
func (c *Calendar) LastPeriodEnds(unit Unit, d Day, n int) []Day {
	if d.IsZero() || n < 1 {
		return nil
	}
	ends := make([]Day, n)
	for i := n - 1; i >= 0; i-- {
		ends[i] = c.PeriodEndedBy(unit, d).Through
		d = ends[i].AddDays(-1)
	}
	return ends
}

// Label returns the name of a span that is a fiscal year, half or quarter, such as "FY2027", "FY2027 H1" or "FY2027 Q3", and else its days,
// "2026-07-01 to 2026-12-31".
func (c *Calendar) Label(s Span) string {
	for _, unit := range []Unit{Quarter, Half, Year} {
		if s.IsZero() || c.PeriodContaining(unit, s.From) != s {
			continue
		}
		label := fmt.Sprintf("FY%d", c.FiscalYearOf(s.From))
		if unit != Year {
			label += " " + string(c.PartOf(unit, s.From))
		}
		return label
	}
	return s.String()
}
