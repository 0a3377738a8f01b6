package fiscal

// IsBusinessDay says whether d is neither on a weekend nor a holiday. An absent day is not a business day.
func (c *Calendar) IsBusinessDay(d Day) bool {
	if d.IsZero() || c.weekend[d.Weekday()] {
		return false
	}
	_, holiday := c.holidays[d]
	return !holiday
}

// NextBusinessDay returns d itself if it is a business day, and else the first one after it. Absent stays absent.
func (c *Calendar) NextBusinessDay(d Day) Day {
	if d.IsZero() || c.IsBusinessDay(d) {
		return d
	}
	return c.AddBusinessDays(d, 1)
}

// AddBusinessDays returns the n-th business day after d, or before d when n is negative; d itself is not counted, whether or not it is a business
// day. With n = 0 it is d. Absent stays absent, and the search stops at the ends of the range of days.
func (c *Calendar) AddBusinessDays(d Day, n int) Day {
	step := 1
	if n < 0 {
		step = -1
	}
	for n != 0 {
		next := d.AddDays(step)
		if next == d {
			return d // absent, or the end of the range
		}
		d = next
		if c.IsBusinessDay(d) {
			n -= step
		}
	}
	return d
}

// BusinessDaysBefore returns the last day that is n business days before a start, as in "apply at least 10 business days before the
// activity": with start Monday 2026-10-19 and n = 10 that is 2026-10-05. The start itself is not counted.
func (c *Calendar) BusinessDaysBefore(start Day, n int) Day {
	return c.AddBusinessDays(start, -n)
}
