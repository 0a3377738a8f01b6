package fiscal_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

func TestNewNamesEveryProblemAndItsRemedy(t *testing.T) {
	const zone = "Europe/Berlin"
	zoneProblem := func(message string) []fiscal.Problem { return []fiscal.Problem{{Field: "timeZone", Message: message}} }
	for name, test := range map[string]struct {
		spec v1alpha1.Calendar
		want []fiscal.Problem
	}{
		"no zone":        {v1alpha1.Calendar{}, zoneProblem(`"" is not the IANA name of a time zone, such as Europe/Berlin or UTC`)},
		"the host's":     {v1alpha1.Calendar{TimeZone: "Local"}, zoneProblem(`"Local" is not the IANA name of a time zone, such as Europe/Berlin or UTC`)},
		"a slip":         {v1alpha1.Calendar{TimeZone: "Europe/Berln"}, zoneProblem(`"Europe/Berln" is not the IANA name of a time zone, such as Europe/Berlin or UTC; did you mean Europe/Berlin?`)},
		"swapped":        {v1alpha1.Calendar{TimeZone: "Afriac/Acrca"}, zoneProblem(`"Afriac/Acrca" is not the IANA name of a time zone, such as Europe/Berlin or UTC; did you mean Africa/Accra?`)},
		"lower case":     {v1alpha1.Calendar{TimeZone: "europe/berlin"}, zoneProblem(`"europe/berlin" is not the IANA name of a time zone, such as Europe/Berlin or UTC; did you mean Europe/Berlin?`)},
		"a city":         {v1alpha1.Calendar{TimeZone: "Tokyo"}, zoneProblem(`"Tokyo" is not the IANA name of a time zone, such as Europe/Berlin or UTC; did you mean Asia/Tokyo?`)},
		"two words":      {v1alpha1.Calendar{TimeZone: "New York"}, zoneProblem(`"New York" is not the IANA name of a time zone, such as Europe/Berlin or UTC; did you mean America/New_York?`)},
		"wrong part":     {v1alpha1.Calendar{TimeZone: "Africa/Berlin"}, zoneProblem(`"Africa/Berlin" is not the IANA name of a time zone, such as Europe/Berlin or UTC; did you mean Europe/Berlin?`)},
		"nothing near":   {v1alpha1.Calendar{TimeZone: "Mars/Olympus_Mons"}, zoneProblem(`"Mars/Olympus_Mons" is not the IANA name of a time zone, such as Europe/Berlin or UTC`)},
		"outside":        {v1alpha1.Calendar{TimeZone: "../etc/passwd"}, zoneProblem(`"../etc/passwd" is not the IANA name of a time zone, such as Europe/Berlin or UTC`)},
		"a folder":       {v1alpha1.Calendar{TimeZone: "Europe"}, zoneProblem(`"Europe" is not the IANA name of a time zone, such as Europe/Berlin or UTC`)},
		"year start":     {v1alpha1.Calendar{TimeZone: zone, FiscalYearStart: "02-30"}, []fiscal.Problem{{Field: "fiscalYearStart", Message: `"02-30" is not a month and a day of it; write it as MM-DD, such as 07-01`}}},
		"year start 2":   {v1alpha1.Calendar{TimeZone: zone, FiscalYearStart: "7-1"}, []fiscal.Problem{{Field: "fiscalYearStart", Message: `"7-1" is not a month and a day of it; write it as MM-DD, such as 07-01`}}},
		"naming":         {v1alpha1.Calendar{TimeZone: zone, FiscalYearNamedBy: "Middle"}, []fiscal.Problem{{Field: "fiscalYearNamedBy", Message: `"Middle" must be Start or End`}}},
		"weeks mid-year": {v1alpha1.Calendar{TimeZone: zone, FiscalYearStart: "07-15", WeekYear: &v1alpha1.WeekYear{EndsOn: "Saturday", Rule: v1alpha1.EndsLastInMonth}}, []fiscal.Problem{{Field: "fiscalYearStart", Message: `"07-15" must end in -01, such as 07-01, because weekYear is given: a year of weeks starts near a month's first day`}}},
		"weeks": {v1alpha1.Calendar{TimeZone: zone, WeekYear: &v1alpha1.WeekYear{EndsOn: "Samstag", Rule: "First", Pattern: "444"}}, []fiscal.Problem{
			{Field: "weekYear.endsOn", Message: `"Samstag" is not a weekday; write its English name, such as Saturday`},
			{Field: "weekYear.rule", Message: `"First" must be LastInMonth or NearestMonthEnd`},
			{Field: "weekYear.pattern", Message: `"444" must be FourFourFive, FourFiveFour or FiveFourFour`},
		}},
		"weekend":  {v1alpha1.Calendar{TimeZone: zone, Weekend: []v1alpha1.Weekday{"Sunday", "Caturday"}}, []fiscal.Problem{{Field: "weekend[1]", Message: `"Caturday" is not a weekday; write its English name, such as Sunday`}}},
		"no work":  {v1alpha1.Calendar{TimeZone: zone, Weekend: []v1alpha1.Weekday{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}}, []fiscal.Problem{{Field: "weekend", Message: `no weekday is left as a business day; list at most 6`}}},
		"holidays": {v1alpha1.Calendar{TimeZone: zone, Holidays: []v1alpha1.Date{"2026-12-25", "2026-02-29"}}, []fiscal.Problem{{Field: "holidays[1]", Message: `"2026-02-29" is not a calendar day: February 2026 has the days 01 to 28`}}},
		"several": {v1alpha1.Calendar{FiscalYearNamedBy: "x", Holidays: []v1alpha1.Date{"y"}}, []fiscal.Problem{
			{Field: "timeZone", Message: `"" is not the IANA name of a time zone, such as Europe/Berlin or UTC`},
			{Field: "fiscalYearNamedBy", Message: `"x" must be Start or End`},
			{Field: "holidays[0]", Message: `"y" is not a calendar day; write it as YYYY-MM-DD, such as 2026-09-30`},
		}},
	} {
		cal, problems := fiscal.New(test.spec)
		if cal != nil {
			t.Errorf("%s: a calendar in spite of the problems", name)
		}
		if diff := cmp.Diff(test.want, problems); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestCalendarDefaults(t *testing.T) {
	cal := fiscal.MustNew(v1alpha1.Calendar{TimeZone: "UTC"})
	if got := cal.PeriodContaining(fiscal.Year, day("2026-09-30")); got != span("2026-01-01", "2026-12-31") || cal.FiscalYearOf(day("2026-09-30")) != 2026 {
		t.Errorf("the year is %s", got)
	}
	if cal.IsBusinessDay(day("2026-10-03")) || cal.IsBusinessDay(day("2026-10-04")) || !cal.IsBusinessDay(day("2026-10-05")) {
		t.Error("weekends are not Saturday and Sunday")
	}
	if cal.TimeZone() != "UTC" || fiscal.UTC().TimeZone() != "UTC" {
		t.Errorf("the zone is %s", cal.TimeZone())
	}
	if got, want := fiscal.UTC().StartOf(day("2026-10-03")), time.Date(2026, time.October, 3, 0, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("the day starts %v", got)
	}
}

func TestBusinessDays(t *testing.T) {
	germany := fiscal.MustNew(v1alpha1.Calendar{TimeZone: "Europe/Berlin", Holidays: []v1alpha1.Date{"2026-12-25", "2026-12-26", "2027-01-01"}})
	gulf := fiscal.MustNew(v1alpha1.Calendar{TimeZone: "Asia/Dubai", Weekend: []v1alpha1.Weekday{"Friday"}})
	for name, test := range map[string]struct {
		got  fiscal.Day
		want v1alpha1.Date
	}{
		"apply 10 business days before a Monday":  {germany.BusinessDaysBefore(day("2026-10-19"), 10), "2026-10-05"},
		"apply none before":                       {germany.BusinessDaysBefore(day("2026-10-19"), 0), "2026-10-19"},
		"one before a Sunday":                     {germany.BusinessDaysBefore(day("2026-10-18"), 1), "2026-10-16"},
		"over Christmas":                          {germany.AddBusinessDays(day("2026-12-24"), 1), "2026-12-28"},
		"over Christmas and New Year":             {germany.AddBusinessDays(day("2026-12-24"), 5), "2027-01-04"},
		"back over them":                          {germany.AddBusinessDays(day("2027-01-04"), -5), "2026-12-24"},
		"from a Saturday":                         {germany.AddBusinessDays(day("2026-10-17"), 1), "2026-10-19"},
		"back from a Saturday":                    {germany.AddBusinessDays(day("2026-10-17"), -1), "2026-10-16"},
		"a slot on a Saturday moves to Monday":    {germany.NextBusinessDay(day("2026-08-01")), "2026-08-03"},
		"a slot on a business day stays":          {germany.NextBusinessDay(day("2026-09-01")), "2026-09-01"},
		"a slot on a holiday moves":               {germany.NextBusinessDay(day("2026-12-25")), "2026-12-28"},
		"a weekend of one day":                    {gulf.NextBusinessDay(day("2026-10-02")), "2026-10-03"},
		"a Sunday where that is a business day":   {gulf.NextBusinessDay(day("2026-10-04")), "2026-10-04"},
		"the search stops at the last day":        {germany.AddBusinessDays(day("9999-12-30"), 1000000), "9999-12-31"},
		"a Friday holiday before a Monday's slot": {germany.BusinessDaysBefore(day("2027-01-04"), 1), "2026-12-31"},
	} {
		if test.got != day(test.want) {
			t.Errorf("%s: %s; want %s", name, test.got, test.want)
		}
	}
	if germany.NextBusinessDay(0) != 0 || germany.AddBusinessDays(0, 3) != 0 || germany.IsBusinessDay(0) {
		t.Error("an absent day became a business day")
	}
}

func TestSearchForBusinessDaysEnds(t *testing.T) {
	// One business day a week, and 400 of those are holidays.
	spec := v1alpha1.Calendar{TimeZone: "UTC", Weekend: []v1alpha1.Weekday{"Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}}
	monday := day("2026-01-05")
	for i := range 400 {
		spec.Holidays = append(spec.Holidays, monday.AddDays(7*i).Date())
	}
	cal := fiscal.MustNew(spec)
	if got, want := cal.NextBusinessDay(monday), monday.AddDays(7*400); got != want {
		t.Errorf("the next business day is %s; want %s", got, want)
	}
	if got, want := cal.AddBusinessDays(monday.AddDays(7*400), -1), monday.AddDays(-7); got != want {
		t.Errorf("the business day before is %s; want %s", got, want)
	}
	if got := cal.AddBusinessDays(monday, 1<<40); got != fiscal.LastDay {
		t.Errorf("the search ended at %s", got)
	}
	if got := cal.AddBusinessDays(monday, -1<<40); got != fiscal.NewDay(1, time.January, 1) {
		t.Errorf("the search ended at %s", got)
	}
}

// Days and instants of the worked scenarios (Berlin).
func TestWorkedScenarios(t *testing.T) {
	cal := in("Europe/Berlin")
	slot := cal.NextBusinessDay(day("2026-07-01").AddMonths(1))
	lastInGrace := slot.AddDays(5)
	rejected := day("2027-02-01")
	for name, test := range map[string]struct {
		got  any
		want any
	}{
		"the slot is due on Monday":           {slot, day("2026-08-03")},
		"the last day in grace":               {lastInGrace, day("2026-08-08")},
		"overdue from":                        {cal.EndOf(lastInGrace).Format(time.RFC3339), "2026-08-09T00:00:00+02:00"},
		"to the channel manager from":         {cal.EndOf(slot.AddDays(7)).Format(time.RFC3339), "2026-08-11T00:00:00+02:00"},
		"to the director from":                {cal.EndOf(slot.AddDays(14)).Format(time.RFC3339), "2026-08-18T00:00:00+02:00"},
		"held 9 days late":                    {day("2026-08-12").Sub(slot), 9},
		"the next slot":                       {cal.NextBusinessDay(day("2026-07-01").AddMonths(2)), day("2026-09-01")},
		"the last day to apply":               {cal.BusinessDaysBefore(day("2026-10-19"), 10), day("2026-10-05")},
		"the last day to claim":               {day("2026-10-19").AddDays(90), day("2027-01-17")},
		"the last day to resubmit":            {rejected.AddDays(45), day("2027-03-18")},
		"released":                            {cal.EndOf(rejected.AddDays(45)).Format(time.RFC3339), "2027-03-19T00:00:00+01:00"},
		"an event claim of 7 days":            {day("2026-05-12").AddDays(7), day("2026-05-19")},
		"days of the season after 31 August":  {fiscal.Span{From: day("2026-09-01"), Through: day("2026-12-31")}.Days(), 122},
		"days from then to the year's end":    {fiscal.Span{From: day("2026-09-01"), Through: day("2027-06-30")}.Days(), 303},
		"12 months to the evaluation in June": {fiscal.TrailingMonths(day("2026-06-30"), 12), span("2025-07-01", "2026-06-30")},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
