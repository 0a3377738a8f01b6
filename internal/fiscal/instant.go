package fiscal

import "time"

// Today returns the day of an instant: the last day that has started, so that Today(now) <= d as long as now is before EndOf(d). That is
// the day on the zone's wall clock, except where a clock that is turned back over midnight shows the old day once more: a day
// that has started stays.
func (c *Calendar) Today(now time.Time) Day {
	now = now.In(c.zone)
	year, month, date := now.Date()
	today := clampDay(rawDay(year, int(month), date))
	for today < LastDay && !now.Before(c.StartOf(today+1)) {
		today++
	}
	return today
}

// StartOf returns the first instant of a day, in the calendar's zone: the first at which the wall clock shows that day. That is not
// midnight where clocks are turned forward over it; it is the first midnight where there are two. A day that the zone skipped, as
// Pacific/Apia did 2011-12-30, starts when the next day does, and so is over at once. The result is the zero time when d is absent.
func (c *Calendar) StartOf(d Day) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	// midnight on the wall clock, as seconds of a zone without offset
	const secondsPerDay = 24 * 60 * 60
	midnight := d.Sub(epochDay) * secondsPerDay
	// No zone is, or was, 16 hours or more ahead of UTC, so the day before is still running everywhere.
	const before = 16 * 60 * 60
	at := time.Unix(int64(midnight-before), 0).In(c.zone)
	for {
		_, offset := at.Zone()
		start := time.Unix(int64(midnight-offset), 0).In(c.zone)
		if start.Before(at) {
			start = at // the clock was turned forward to or past midnight
		}
		change := offsetHoldsUntil(at)
		if change.IsZero() || start.Before(change) {
			return start
		}
		at = change
	}
}

// offsetHoldsUntil returns an instant after at, until which the zone's offset is that of at; the zero time when there is no end.
func offsetHoldsUntil(at time.Time) time.Time {
	_, end := at.ZoneBounds()
	if end.IsZero() || end.After(at) {
		return end
	}
	// Beyond a zone's recorded changes, ZoneBounds ends each period with the 365th day of the year in UTC, and so on the last day of a
	// leap year before it began. No rule changes a clock in what is left of that day.
	const day = 24 * time.Hour
	return at.Truncate(day).Add(day)
}

// EndOf returns the instant at which a day is over: the start of the next one. A deadline on day d holds while now is before EndOf(d). The result
// is the zero time when d is absent; LastDay ends a second early, in UTC, so that every result can be written as RFC 3339.
func (c *Calendar) EndOf(d Day) time.Time {
	if d >= LastDay {
		return time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC)
	}
	if d.IsZero() {
		return time.Time{}
	}
	return c.StartOf(d + 1)
}
