package fiscal

import (
	"fmt"
	"strconv"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Day is a calendar day of the Gregorian calendar, without a time zone. The zero value is not a day ("absent").
//
// Days compare with ==, < and >, and absent is before every day. They run from 0001-01-01 to LastDay; arithmetic that would leave that
// range stops at its end, and arithmetic on an absent day gives an absent day.
type Day int32 // days since 0000-12-31, so 0001-01-01 is 1

const (
	firstDay Day = 1
	// LastDay is 9999-12-31, the last day there is.
	LastDay Day = 3652059

	// minParseYear is the first year that ParseDay takes; what is earlier is a slip of the pen.
	minParseYear = 1900
	// epochDay is 1970-01-01.
	epochDay Day = 719163
)

// NewDay returns the day of a year, month and day of the month. Values outside their ranges carry over, as in time.Date: 31 April is
// 1 May.
func NewDay(year int, month time.Month, day int) Day {
	return clampDay(rawDay(year, int(month), 1) + int64(day) - 1)
}

// ParseDay reads a day such as "2026-09-30", with a year from 1900 to 9999. The error quotes the text and says what is
// wrong with it. Empty text is an error too.
func ParseDay(text v1alpha1.Date) (Day, error) {
	year, month, day, ok := splitDate(string(text))
	if !ok {
		return 0, fmt.Errorf("%s is not a calendar day; write it as YYYY-MM-DD, such as 2026-09-30", quote(string(text)))
	}
	switch {
	case year < minParseYear:
		return 0, fmt.Errorf("%q is not a plausible calendar day: the year must be from %d to 9999", text, minParseYear)
	case month < 1 || month > 12:
		return 0, fmt.Errorf("%q is not a calendar day: the month must be from 01 to 12", text)
	case day < 1 || day > daysIn(year, month):
		return 0, fmt.Errorf("%q is not a calendar day: %s %d has the days 01 to %d", text, time.Month(month), year, daysIn(year, month))
	}
	return clampDay(rawDay(year, month, day)), nil
}

// MustParseDay is ParseDay for constants and tests: it panics where ParseDay returns an error.
func MustParseDay(text v1alpha1.Date) Day {
	day, err := ParseDay(text)
	if err != nil {
		panic(err)
	}
	return day
}

// IsZero says whether d is absent.
func (d Day) IsZero() bool { return d == 0 }

// String returns the day as "2026-09-30", or "" when it is absent.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	year, month, day := d.civil()
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}

// Date returns the day as an API date, "" when it is absent.
func (d Day) Date() v1alpha1.Date { return v1alpha1.Date(d.String()) }

// Civil returns the year, the month and the day of the month; zeros when d is absent.
func (d Day) Civil() (year int, month time.Month, day int) {
	if d.IsZero() {
		return 0, 0, 0
	}
	year, m, day := d.civil()
	return year, time.Month(m), day
}

// Year returns the year, 0 when d is absent.
func (d Day) Year() int {
	year, _, _ := d.Civil()
	return year
}

// Month returns the month, 0 when d is absent.
func (d Day) Month() time.Month {
	_, month, _ := d.Civil()
	return month
}

// Day returns the day of the month, 0 when d is absent.
func (d Day) Day() int {
	_, _, day := d.Civil()
	return day
}

// Weekday returns the day of the week. It has no meaning when d is absent.
func (d Day) Weekday() time.Weekday { return time.Weekday(d % 7) } // 0001-01-01 was a Monday

// AddDays returns the day n days later, or earlier when n is negative.
func (d Day) AddDays(n int) Day {
	if d.IsZero() {
		return 0
	}
	const span = int(LastDay)
	return clampDay(int64(d) + int64(min(max(n, -span), span)))
}

// AddMonths returns the day n months later (earlier when n is negative), on the same day of the month or, where that month is shorter,
// on its last day: 31 January + 1 month is 28 or 29 February. A series is counted from its first day, anchor.AddMonths(1),
// anchor.AddMonths(2) and so on, and then does not drift; adding one month to each result would.
func (d Day) AddMonths(n int) Day {
	if d.IsZero() {
		return 0
	}
	const span = 12 * 9999
	year, month, day := d.civil()
	return monthDay(year, month+min(max(n, -span), span), day)
}

// Sub returns the number of days from other to d: 1 when d is the day after. It has no meaning when either is absent.
func (d Day) Sub(other Day) int { return int(d) - int(other) }

// IsMonthEnd says whether d is the last day of a calendar month.
func (d Day) IsMonthEnd() bool {
	if d.IsZero() {
		return false
	}
	year, month, day := d.civil()
	return day == daysIn(year, month)
}

// MonthEnd returns the last day of d's calendar month.
func (d Day) MonthEnd() Day {
	if d.IsZero() {
		return 0
	}
	year, month, _ := d.civil()
	return monthDay(year, month, 31)
}

// Earliest returns the earliest of the days that are not absent; absent when there is none.
func Earliest(days ...Day) Day {
	var earliest Day
	for _, day := range days {
		if !day.IsZero() && (earliest.IsZero() || day < earliest) {
			earliest = day
		}
	}
	return earliest
}

// Latest returns the latest of the days that are not absent; absent when there is none.
func Latest(days ...Day) Day {
	var latest Day
	for _, day := range days {
		latest = max(latest, day)
	}
	return latest
}

// monthDay returns a day of a month, or the month's last day where it is shorter. Months outside 1 to 12 carry over into the year.
func monthDay(year, month, day int) Day {
	year += floorDiv(month-1, 12)
	month = (month-1)%12 + 1
	if month < 1 {
		month += 12
	}
	return clampDay(rawDay(year, month, min(day, daysIn(year, month))))
}

// clampDay returns the day of a number, or the end of the range that is nearest to it.
func clampDay(number int64) Day {
	return Day(min(max(number, int64(firstDay)), int64(LastDay)))
}

// rawDay returns the number of a day that may be outside the range of Day. Months outside 1 to 12 carry over into the year. The sums
// count years from March, so that a leap day comes last (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
func rawDay(year, month, day int) int64 {
	year += floorDiv(month-1, 12)
	month -= 12 * floorDiv(month-1, 12)
	if month <= 2 {
		year--
		month += 12
	}
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	return 365*int64(year) + int64(floorDiv(year, 4)-floorDiv(year, 100)+floorDiv(year, 400)) + int64(dayOfYear) - 305
}

// civil is the reverse of rawDay.
func (d Day) civil() (year, month, day int) {
	z := int(d) + 305 // days since 0000-03-01
	era := z / 146097
	dayOfEra := z % 146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	fromMarch := (5*dayOfYear + 2) / 153
	year, month, day = era*400+yearOfEra, fromMarch+3, dayOfYear-(153*fromMarch+2)/5+1
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, day
}

// daysIn returns the number of days of a month.
func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	default:
		return 31
	}
}

// floorDiv divides and rounds toward minus infinity.
func floorDiv(a, b int) int {
	quotient := a / b
	if a%b < 0 {
		quotient--
	}
	return quotient
}

// splitDate splits text of the form YYYY-MM-DD into its numbers.
func splitDate(text string) (year, month, day int, ok bool) {
	if len(text) != len("2026-09-30") || text[4] != '-' || text[7] != '-' {
		return 0, 0, 0, false
	}
	year, okYear := digits(text[:4])
	month, okMonth := digits(text[5:7])
	day, okDay := digits(text[8:])
	return year, month, day, okYear && okMonth && okDay
}

// digits reads an unsigned number of ASCII digits.
func digits(text string) (int, bool) {
	n := 0
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = 10*n + int(text[i]-'0')
	}
	return n, true
}

// quote quotes text for a message in ASCII, so that look-alike digits show, and cuts it when it is long.
func quote(text string) string {
	const limit = 40
	if len(text) > limit {
		return strconv.QuoteToASCII(text[:limit]) + "..."
	}
	return strconv.QuoteToASCII(text)
}
