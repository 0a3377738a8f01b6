package fiscal

import (
	"fmt"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Span is a range of days, both inclusive. The zero value is not a span.
type Span struct {
	// From is the first day.
	From Day
	// Through is the last day.
	Through Day
}

// ParseSpan reads two days such as "2026-07-01" and "2026-12-31". It fails when either is not a day, as in ParseDay, or when from is after
// through.
func ParseSpan(from, through v1alpha1.Date) (Span, error) {
	first, err := ParseDay(from)
	if err != nil {
		return Span{}, fmt.Errorf("from: %w", err)
	}
	last, err := ParseDay(through)
	if err != nil {
		return Span{}, fmt.Errorf("through: %w", err)
	}
	if first > last {
		return Span{}, fmt.Errorf("from (%s) is after through (%s)", first, last)
	}
	return Span{From: first, Through: last}, nil
}

// IsZero says whether s is not a span.
func (s Span) IsZero() bool { return s == Span{} }

// Days returns the number of days, both ends counted; 0 for no span.
func (s Span) Days() int {
	if s.IsZero() || s.Through < s.From {
		return 0
	}
	return s.Through.Sub(s.From) + 1
}

// Contains says whether d is in s. An absent day is in no span.
func (s Span) Contains(d Day) bool { return !d.IsZero() && s.From <= d && d <= s.Through }

// Covers says whether every day of other is in s. No span is covered by none and covers none.
func (s Span) Covers(other Span) bool { return s.Contains(other.From) && s.Contains(other.Through) }

// Overlaps says whether s and other have a day in common.
func (s Span) Overlaps(other Span) bool {
	return s.Days() > 0 && other.Days() > 0 && s.From <= other.Through && other.From <= s.Through
}

// Intersect returns the days that s and other have in common; no span when there are none.
func (s Span) Intersect(other Span) Span {
	if !s.Overlaps(other) {
		return Span{}
	}
	return Span{From: max(s.From, other.From), Through: min(s.Through, other.Through)}
}

// String returns "2026-07-01 to 2026-12-31", the day alone for a span of one day, and "" for no span.
func (s Span) String() string {
	switch {
	case s.IsZero():
		return ""
	case s.From == s.Through:
		return s.From.String()
	default:
		return s.From.String() + " to " + s.Through.String()
	}
}

// TrailingMonths returns the window of n months that ends with d: the days after (d - n months), through d. A month end is n months after a
// month end, so windows that end with months consist of whole months: 12 months to 2026-09-30 are 2025-10-01 to 2026-09-30, and to 2026-02-28
// they are 2025-03-01 to 2026-02-28; 2 months to 2026-06-30 begin on 2026-05-01. Any other day is n months after the same day of the month, or after
// the last day of a shorter month: 1 month to 2026-03-30 begins on 2026-03-01. There is no window, and the result is not a span,
// when d is absent or n is below 1.
func TrailingMonths(d Day, n int) Span {
	if d.IsZero() || n < 1 {
		return Span{}
	}
	before := d.AddMonths(-n)
	if d.IsMonthEnd() {
		before = before.MonthEnd()
	}
	return Span{From: before.AddDays(1), Through: d}
}

// MonthsFrom returns the window of n months that begins with d. It ends with the day before the same day of the month or, where that month is shorter,
// before its last day: 12 months from 2026-04-10 are 2026-04-10 to 2027-04-09, and 6 months from 2026-08-31 end with 2027-02-27. There is no window, and
// the result is not a span, when d is absent or n is below 1.
func MonthsFrom(d Day, n int) Span {
	if d.IsZero() || n < 1 {
		return Span{}
	}
	return Span{From: d, Through: d.AddMonths(n).AddDays(-1)}
}
