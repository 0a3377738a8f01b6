// Package fiscal turns calendar days, fiscal periods and business days into each other and into instants.
//
// Day and Span are small values without a time zone. Calendar is built from a program's spec by New; it knows the time zone, the
// fiscal year and the business days. It never reads the clock: who needs "today" passes the instant to Calendar.Today.
//
// Days are inclusive at both ends. A deadline on day D holds while now is before Calendar.EndOf(D), which is the same as
// Calendar.Today(now) <= D: the days of a calendar tile the time line without a gap, whatever the zone's clocks do.
package fiscal
