package fiscal_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

// Calendars of the tables.
var (
	julyByEnd   = v1alpha1.Calendar{TimeZone: "Europe/Berlin", FiscalYearStart: "07-01", FiscalYearNamedBy: v1alpha1.NamedByEnd}
	julyByStart = v1alpha1.Calendar{TimeZone: "Europe/Berlin", FiscalYearStart: "07-01", FiscalYearNamedBy: v1alpha1.NamedByStart}
	aprilUK     = v1alpha1.Calendar{TimeZone: "Europe/London", FiscalYearStart: "04-06"}
	monthEnds   = v1alpha1.Calendar{TimeZone: "UTC", FiscalYearStart: "08-31"}
	leapDay     = v1alpha1.Calendar{TimeZone: "UTC", FiscalYearStart: "02-29"}
	january     = v1alpha1.Calendar{TimeZone: "UTC"}
	// retail is the calendar of the US National Retail Federation.
	retail = v1alpha1.Calendar{
		TimeZone: "America/New_York", FiscalYearStart: "02-01", FiscalYearNamedBy: v1alpha1.NamedByStart,
		WeekYear: &v1alpha1.WeekYear{EndsOn: "Saturday", Rule: v1alpha1.EndsNearestMonthEnd, Pattern: v1alpha1.Pattern454},
	}
	// september ends on the last Saturday of September, as Apple's years do.
	september = v1alpha1.Calendar{
		TimeZone: "America/Los_Angeles", FiscalYearStart: "10-01",
		WeekYear: &v1alpha1.WeekYear{EndsOn: "Saturday", Rule: v1alpha1.EndsLastInMonth},
	}
	// december ends on the Friday nearest to 31 December, and so may start in the calendar year before or after.
	december = v1alpha1.Calendar{
		TimeZone: "UTC",
		WeekYear: &v1alpha1.WeekYear{EndsOn: "Friday", Rule: v1alpha1.EndsNearestMonthEnd, Pattern: v1alpha1.Pattern544},
	}
)

func fiscalPeriod(year int32, part v1alpha1.PeriodPart) v1alpha1.Period {
	return v1alpha1.Period{FiscalYear: &year, Part: part}
}

func TestPeriods(t *testing.T) {
	for name, test := range map[string]struct {
		spec   v1alpha1.Calendar
		period v1alpha1.Period
		want   fiscal.Span
	}{
		"named by end, H1":                {julyByEnd, fiscalPeriod(2027, "H1"), span("2026-07-01", "2026-12-31")},
		"named by end, Q3":                {julyByEnd, fiscalPeriod(2027, "Q3"), span("2027-01-01", "2027-03-31")},
		"named by end, year":              {julyByEnd, fiscalPeriod(2027, "Year"), span("2026-07-01", "2027-06-30")},
		"part absent is the year":         {julyByEnd, fiscalPeriod(2027, ""), span("2026-07-01", "2027-06-30")},
		"named by start":                  {julyByStart, fiscalPeriod(2026, "H2"), span("2027-01-01", "2027-06-30")},
		"January has one name, by end":    {january, fiscalPeriod(2026, "Q4"), span("2026-10-01", "2026-12-31")},
		"6 April":                         {aprilUK, fiscalPeriod(2027, "Q1"), span("2026-04-06", "2026-07-05")},
		"31 August, Q2 starts clamped":    {monthEnds, fiscalPeriod(2027, "Q2"), span("2026-11-30", "2027-02-27")},
		"31 August, Q3 starts clamped":    {monthEnds, fiscalPeriod(2027, "Q3"), span("2027-02-28", "2027-05-30")},
		"31 August, Q3 in a leap year":    {monthEnds, fiscalPeriod(2028, "Q3"), span("2028-02-29", "2028-05-30")},
		"29 February, common year":        {leapDay, fiscalPeriod(2028, "Year"), span("2027-02-28", "2028-02-28")},
		"29 February, leap year":          {leapDay, fiscalPeriod(2029, "Year"), span("2028-02-29", "2029-02-27")},
		"29 February, Q2 of common year":  {leapDay, fiscalPeriod(2028, "Q2"), span("2027-05-29", "2027-08-28")},
		"retail 2006 of 53 weeks":         {retail, fiscalPeriod(2006, "Year"), span("2006-01-29", "2007-02-03")},
		"retail 2012 of 53 weeks":         {retail, fiscalPeriod(2012, "Year"), span("2012-01-29", "2013-02-02")},
		"retail 2017 of 53 weeks":         {retail, fiscalPeriod(2017, "Year"), span("2017-01-29", "2018-02-03")},
		"retail 2022 of 52 weeks":         {retail, fiscalPeriod(2022, "Year"), span("2022-01-30", "2023-01-28")},
		"retail 2023 of 53 weeks":         {retail, fiscalPeriod(2023, "Year"), span("2023-01-29", "2024-02-03")},
		"retail 2023 Q1":                  {retail, fiscalPeriod(2023, "Q1"), span("2023-01-29", "2023-04-29")},
		"retail 2023 Q4 of 14 weeks":      {retail, fiscalPeriod(2023, "Q4"), span("2023-10-29", "2024-02-03")},
		"retail 2023 H2 of 27 weeks":      {retail, fiscalPeriod(2023, "H2"), span("2023-07-30", "2024-02-03")},
		"retail 2024 of 52 weeks":         {retail, fiscalPeriod(2024, "Year"), span("2024-02-04", "2025-02-01")},
		"September 2017 of 53 weeks":      {september, fiscalPeriod(2017, "Year"), span("2016-09-25", "2017-09-30")},
		"September 2022 of 52 weeks":      {september, fiscalPeriod(2022, "Year"), span("2021-09-26", "2022-09-24")},
		"September 2023 of 53 weeks":      {september, fiscalPeriod(2023, "Year"), span("2022-09-25", "2023-09-30")},
		"September 2024 of 52 weeks":      {september, fiscalPeriod(2024, "Year"), span("2023-10-01", "2024-09-28")},
		"December 2026, early":            {december, fiscalPeriod(2026, "Year"), span("2026-01-03", "2027-01-01")},
		"December 2021, from 2 January":   {december, fiscalPeriod(2021, "Year"), span("2021-01-02", "2021-12-31")},
		"December 2025 of 52 weeks":       {december, fiscalPeriod(2025, "Year"), span("2025-01-04", "2026-01-02")},
		"December 2020, from 4 January":   {december, fiscalPeriod(2020, "Year"), span("2020-01-04", "2021-01-01")},
		"December 2028 from 1 January":    {december, fiscalPeriod(2028, "Year"), span("2028-01-01", "2028-12-29")},
		"December 2029 from 30 December":  {december, fiscalPeriod(2029, "Year"), span("2028-12-30", "2029-12-28")},
		"explicit":                        {julyByEnd, v1alpha1.Period{From: "2026-08-15", Through: "2026-10-31"}, span("2026-08-15", "2026-10-31")},
		"explicit, of one day":            {julyByEnd, v1alpha1.Period{From: "2026-08-15", Through: "2026-08-15"}, span("2026-08-15", "2026-08-15")},
		"the schema's first year is fine": {julyByEnd, fiscalPeriod(1970, "Q1"), span("1969-07-01", "1969-09-30")},
		"the schema's last year is fine":  {julyByEnd, fiscalPeriod(2200, "Q4"), span("2200-04-01", "2200-06-30")},
	} {
		got, err := fiscal.MustNew(test.spec).Period(test.period)
		if err != nil || got != test.want {
			t.Errorf("%s: %v, %v; want %v", name, got, err, test.want)
		}
	}
}

func TestPeriodRefusals(t *testing.T) {
	cal := fiscal.MustNew(julyByEnd)
	both := fiscalPeriod(2027, "")
	both.From = "2026-07-01"
	for want, period := range map[string]v1alpha1.Period{
		"give either fiscalYear (with part) or both from and through":                            {},
		"give either fiscalYear (with part) or from and through, not both":                       both,
		"part needs a fiscalYear: add fiscalYear, or remove part":                                {From: "2026-07-01", Through: "2026-12-31", Part: "H1"},
		`part "Q5" must be Year, H1, H2, Q1, Q2, Q3 or Q4`:                                       fiscalPeriod(2027, "Q5"),
		"fiscalYear 27 must be from 1900 to 9998":                                                fiscalPeriod(27, "Q1"),
		"fiscalYear 9999 must be from 1900 to 9998":                                              fiscalPeriod(9999, "Q1"),
		"from (2026-12-31) is after through (2026-07-01)":                                        {From: "2026-12-31", Through: "2026-07-01"},
		`through: "" is not a calendar day; write it as YYYY-MM-DD, such as 2026-09-30`:          {From: "2026-12-31"},
		`from: "2026-02-30" is not a calendar day: February 2026 has the days 01 to 28`:          {From: "2026-02-30", Through: "2026-03-01"},
		`from: "0026-07-01" is not a plausible calendar day: the year must be from 1900 to 9999`: {From: "0026-07-01", Through: "2026-03-01"},
		`through: "2026-06-31" is not a calendar day: June 2026 has the days 01 to 30`:           {From: "2026-03-01", Through: "2026-06-31"},
		`from: "1. Juli 2026" is not a calendar day; write it as YYYY-MM-DD, such as 2026-09-30`: {From: "1. Juli 2026", Through: "2026-06-30"},
	} {
		if got, err := cal.Period(period); err == nil || err.Error() != want {
			t.Errorf("Period(%+v) = %v, %v; want %s", period, got, err, want)
		}
	}
}

func TestFiscalMonths(t *testing.T) {
	for name, test := range map[string]struct {
		spec v1alpha1.Calendar
		want []int // days of the months of the year
	}{
		"calendar months":          {january, []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}},
		"from 31 August":           {monthEnds, []int{30, 31, 30, 31, 31, 28, 31, 30, 31, 30, 31, 31}},
		"retail 4-5-4, 53 weeks":   {retail, []int{28, 35, 28, 28, 35, 28, 28, 35, 28, 28, 35, 35}},
		"September, 4-4-5":         {september, []int{28, 28, 35, 28, 28, 35, 28, 28, 35, 28, 28, 42}},
		"December, 5-4-4 52 weeks": {december, []int{35, 28, 28, 35, 28, 28, 35, 28, 28, 35, 28, 28}},
	} {
		cal := fiscal.MustNew(test.spec)
		year := cal.PeriodContaining(fiscal.Year, day("2023-06-30"))
		var got []int
		for _, month := range cal.Periods(fiscal.Month, year) {
			got = append(got, month.Days())
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s, %s: %s", name, year, diff)
		}
	}
}

func TestNamesOfFiscalYearsAndParts(t *testing.T) {
	type names struct {
		Year             int
		Half, Quarter    v1alpha1.PeriodPart
		YearLabel, Half2 string
	}
	for name, test := range map[string]struct {
		spec v1alpha1.Calendar
		day  v1alpha1.Date
		want names
	}{
		"by end":                 {julyByEnd, "2026-09-30", names{2027, "H1", "Q1", "FY2027", "FY2027 H1"}},
		"by start":               {julyByStart, "2026-09-30", names{2026, "H1", "Q1", "FY2026", "FY2026 H1"}},
		"by end, last day":       {julyByEnd, "2026-06-30", names{2026, "H2", "Q4", "FY2026", "FY2026 H2"}},
		"January":                {january, "2026-12-31", names{2026, "H2", "Q4", "FY2026", "FY2026 H2"}},
		"retail's late year end": {retail, "2024-02-03", names{2023, "H2", "Q4", "FY2023", "FY2023 H2"}},
		"the day after":          {retail, "2024-02-04", names{2024, "H1", "Q1", "FY2024", "FY2024 H1"}},
		"retail's early start":   {retail, "2023-01-29", names{2023, "H1", "Q1", "FY2023", "FY2023 H1"}},
		"December's early start": {december, "2028-12-30", names{2029, "H1", "Q1", "FY2029", "FY2029 H1"}},
		"December's late end":    {december, "2027-01-01", names{2026, "H2", "Q4", "FY2026", "FY2026 H2"}},
	} {
		cal, d := fiscal.MustNew(test.spec), day(test.day)
		got := names{
			cal.FiscalYearOf(d), cal.PartOf(fiscal.Half, d), cal.PartOf(fiscal.Quarter, d),
			cal.Label(cal.PeriodContaining(fiscal.Year, d)), cal.Label(cal.PeriodContaining(fiscal.Half, d)),
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if cal.PartOf(fiscal.Year, d) != "Year" || cal.PartOf(fiscal.Month, d) != "" || cal.PartOf(fiscal.Year, 0) != "" {
			t.Errorf("%s: year or month part is wrong", name)
		}
	}
}

func TestLabelOfAnyDays(t *testing.T) {
	cal := fiscal.MustNew(julyByEnd)
	for want, s := range map[string]fiscal.Span{
		"FY2027 Q2":                span("2026-10-01", "2026-12-31"),
		"2026-07-01 to 2026-07-31": span("2026-07-01", "2026-07-31"),
		"2026-07-01 to 2027-06-29": span("2026-07-01", "2027-06-29"),
		"2026-07-02 to 2026-12-31": span("2026-07-02", "2026-12-31"),
		"2026-07-02":               span("2026-07-02", "2026-07-02"),
		"":                         {},
	} {
		if got := cal.Label(s); got != want {
			t.Errorf("Label(%s) = %q; want %q", s, got, want)
		}
	}
}

func TestEvaluationDates(t *testing.T) {
	cal := fiscal.MustNew(julyByEnd)
	quarterEnds := []fiscal.Day{day("2026-03-31"), day("2026-06-30"), day("2026-09-30")}
	for name, test := range map[string]struct{ got, want []fiscal.Day }{
		"between two days":              {cal.PeriodEnds(fiscal.Quarter, day("2026-01-15"), day("2026-10-15")), quarterEnds},
		"the first day is exclusive":    {cal.PeriodEnds(fiscal.Quarter, day("2025-12-31"), day("2026-09-30")), quarterEnds},
		"the last day is inclusive":     {cal.PeriodEnds(fiscal.Quarter, day("2025-12-30"), day("2026-09-29")), []fiscal.Day{day("2025-12-31"), quarterEnds[0], quarterEnds[1]}},
		"none within a quarter":         {cal.PeriodEnds(fiscal.Quarter, day("2026-07-01"), day("2026-09-29")), nil},
		"none backwards":                {cal.PeriodEnds(fiscal.Quarter, day("2026-10-01"), day("2026-01-01")), nil},
		"none on the day itself":        {cal.PeriodEnds(fiscal.Quarter, day("2026-09-30"), day("2026-09-30")), nil},
		"none without a start":          {cal.PeriodEnds(fiscal.Quarter, 0, day("2026-09-30")), nil},
		"years":                         {cal.PeriodEnds(fiscal.Year, day("2025-01-01"), day("2026-12-31")), []fiscal.Day{day("2025-06-30"), day("2026-06-30")}},
		"to the last day there is":      {cal.PeriodEnds(fiscal.Year, day("9998-06-30"), fiscal.LastDay), []fiscal.Day{day("9999-06-30"), fiscal.LastDay}},
		"the latest three":              {cal.LastPeriodEnds(fiscal.Quarter, day("2026-10-15"), 3), quarterEnds},
		"the latest three, on the end":  {cal.LastPeriodEnds(fiscal.Quarter, day("2026-09-30"), 3), quarterEnds},
		"the latest one before the end": {cal.LastPeriodEnds(fiscal.Quarter, day("2026-06-29"), 1), quarterEnds[:1]},
		"the latest none":               {cal.LastPeriodEnds(fiscal.Quarter, day("2026-06-29"), 0), nil},
		"the latest without a day":      {cal.LastPeriodEnds(fiscal.Quarter, 0, 3), nil},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestPeriodEndedBy(t *testing.T) {
	cal := fiscal.MustNew(julyByEnd)
	for d, want := range map[v1alpha1.Date]fiscal.Span{
		"2026-09-30": span("2026-07-01", "2026-09-30"),
		"2026-09-29": span("2026-04-01", "2026-06-30"),
		"2026-10-01": span("2026-07-01", "2026-09-30"),
	} {
		if got := cal.PeriodEndedBy(fiscal.Quarter, day(d)); got != want {
			t.Errorf("by %s the quarter %s ended; want %s", d, got, want)
		}
	}
	if !cal.PeriodEndedBy(fiscal.Quarter, 0).IsZero() || !cal.PeriodContaining(fiscal.Year, 0).IsZero() || cal.FiscalYearOf(0) != 0 {
		t.Error("an absent day has a period")
	}
	if cal.Periods(fiscal.Month, fiscal.Span{}) != nil {
		t.Error("no span has months")
	}
}

func TestUnits(t *testing.T) {
	if got := []string{fiscal.Month.String(), fiscal.Quarter.String(), fiscal.Half.String(), fiscal.Year.String(), fiscal.Unit(0).String()}; !cmp.Equal(got,
		[]string{"month", "quarter", "half", "year", "Unit(0)"}) {
		t.Errorf("units are %v", got)
	}
}
