package fiscal

import (
	"fmt"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Calendar is the fiscal calendar of a program. It is immutable and safe for concurrent use; building one costs microseconds. The
// methods of a nil Calendar panic.
type Calendar struct {
	zone       *time.Location
	startMonth int
	startDay   int // up to 31; the last day of a month that is shorter
	naming     v1alpha1.YearNaming
	weeks      *weekYear // nil for years of months
	weekend    [7]bool   // by time.Weekday
	holidays   map[Day]struct{}
}

// weekYear is a fiscal year of 52 or 53 weeks.
type weekYear struct {
	endsOn  time.Weekday
	nearest bool   // nearest to the month's end, not the last in the month
	pattern [3]int // weeks of the months of a quarter
}

// Problem is one thing that is wrong with the spec of a calendar.
type Problem struct {
	// Field is the path of the field relative to the calendar, such as "timeZone" or "holidays[3]".
	Field string
	// Message says what is wrong and what to write instead.
	Message string
}

// weekdays are the days of the week by their API names.
var weekdays = map[v1alpha1.Weekday]time.Weekday{
	"Monday": time.Monday, "Tuesday": time.Tuesday, "Wednesday": time.Wednesday, "Thursday": time.Thursday,
	"Friday": time.Friday, "Saturday": time.Saturday, "Sunday": time.Sunday,
}

// patterns are the weeks of the months of a quarter by their API names.
var patterns = map[v1alpha1.WeekPattern][3]int{
	"":                  {4, 4, 5},
	v1alpha1.Pattern445: {4, 4, 5},
	v1alpha1.Pattern454: {4, 5, 4},
	v1alpha1.Pattern544: {5, 4, 4},
}

// UTC returns the calendar of days in UTC, fiscal years from 1 January, and weekends of Saturday and Sunday.
func UTC() *Calendar {
	return &Calendar{
		zone: time.UTC, startMonth: 1, startDay: 1, naming: v1alpha1.NamedByEnd,
		weekend: [7]bool{time.Saturday: true, time.Sunday: true},
	}
}

// New builds the calendar of a spec, with the defaults of the API where a field is absent. When anything is wrong the calendar is nil and
// every problem is listed, in the order of the spec's fields.
func New(spec v1alpha1.Calendar) (*Calendar, []Problem) {
	cal := UTC()
	var problems []Problem
	wrong := func(field, format string, args ...any) {
		problems = append(problems, Problem{Field: field, Message: fmt.Sprintf(format, args...)})
	}
	if zone, err := loadZone(spec.TimeZone); err != nil {
		wrong("timeZone", "%s", err)
	} else {
		cal.zone = zone
	}
	cal.setYear(spec, wrong)
	cal.setWeekYear(spec, wrong)
	cal.setWeekend(spec, wrong)
	cal.setHolidays(spec, wrong)
	if len(problems) > 0 {
		return nil, problems
	}
	return cal, nil
}

// MustNew is New for constants and tests: it panics where New returns problems.
func MustNew(spec v1alpha1.Calendar) *Calendar {
	cal, problems := New(spec)
	if len(problems) > 0 {
		panic(fmt.Sprintf("fiscal: %v", problems))
	}
	return cal
}

// wrongFunc notes a problem.
type wrongFunc = func(field, format string, args ...any)

// setYear takes over when fiscal years start and how they are named.
func (c *Calendar) setYear(spec v1alpha1.Calendar, wrong wrongFunc) {
	if spec.FiscalYearStart != "" {
		month, day, ok := parseMonthDay(spec.FiscalYearStart)
		if !ok {
			wrong("fiscalYearStart", "%s is not a month and a day of it; write it as MM-DD, such as 07-01", quote(spec.FiscalYearStart))
		} else {
			c.startMonth, c.startDay = month, day
		}
	}
	switch spec.FiscalYearNamedBy {
	case "":
	case v1alpha1.NamedByStart, v1alpha1.NamedByEnd:
		c.naming = spec.FiscalYearNamedBy
	default:
		wrong("fiscalYearNamedBy", "%s must be Start or End", quote(string(spec.FiscalYearNamedBy)))
	}
}

// setWeekYear takes over the rule of years of weeks.
func (c *Calendar) setWeekYear(spec v1alpha1.Calendar, wrong wrongFunc) {
	if spec.WeekYear == nil {
		return
	}
	endsOn, ok := weekdays[spec.WeekYear.EndsOn]
	if !ok {
		wrong("weekYear.endsOn", "%s is not a weekday; write its English name, such as Saturday", quote(string(spec.WeekYear.EndsOn)))
	}
	switch spec.WeekYear.Rule {
	case v1alpha1.EndsLastInMonth, v1alpha1.EndsNearestMonthEnd:
	default:
		wrong("weekYear.rule", "%s must be LastInMonth or NearestMonthEnd", quote(string(spec.WeekYear.Rule)))
	}
	pattern, ok := patterns[spec.WeekYear.Pattern]
	if !ok {
		wrong("weekYear.pattern", "%s must be FourFourFive, FourFiveFour or FiveFourFour", quote(string(spec.WeekYear.Pattern)))
	}
	if c.startDay != 1 {
		wrong("fiscalYearStart", "%q must end in -01, such as %02d-01, because weekYear is given: a year of weeks starts near a month's first day",
			spec.FiscalYearStart, c.startMonth)
	}
	c.weeks = &weekYear{endsOn: endsOn, nearest: spec.WeekYear.Rule == v1alpha1.EndsNearestMonthEnd, pattern: pattern}
}

// setWeekend takes over the weekdays that are not business days.
func (c *Calendar) setWeekend(spec v1alpha1.Calendar, wrong wrongFunc) {
	if len(spec.Weekend) == 0 {
		return
	}
	c.weekend = [7]bool{}
	for i, name := range spec.Weekend {
		weekday, ok := weekdays[name]
		if !ok {
			wrong(fmt.Sprintf("weekend[%d]", i), "%s is not a weekday; write its English name, such as Sunday", quote(string(name)))
			continue
		}
		c.weekend[weekday] = true
	}
	if c.weekend == [7]bool{true, true, true, true, true, true, true} {
		wrong("weekend", "no weekday is left as a business day; list at most 6")
	}
}

// setHolidays takes over the days that are not business days.
func (c *Calendar) setHolidays(spec v1alpha1.Calendar, wrong wrongFunc) {
	c.holidays = make(map[Day]struct{}, len(spec.Holidays))
	for i, text := range spec.Holidays {
		day, err := ParseDay(text)
		if err != nil {
			wrong(fmt.Sprintf("holidays[%d]", i), "%s", err)
			continue
		}
		c.holidays[day] = struct{}{}
	}
}

// TimeZone returns the IANA name of the calendar's zone.
func (c *Calendar) TimeZone() string { return c.zone.String() }

// parseMonthDay reads a month and a day of it, such as "07-01" or "02-29".
func parseMonthDay(text string) (month, day int, ok bool) {
	left, right, _ := strings.Cut(text, "-")
	if len(left) != 2 || len(right) != 2 {
		return 0, 0, false
	}
	month, okMonth := digits(left)
	day, okDay := digits(right)
	const leapYear = 2024
	ok = okMonth && okDay && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(leapYear, month)
	return month, day, ok
}
