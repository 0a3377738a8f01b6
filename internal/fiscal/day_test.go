package fiscal_test

import (
	"flag"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "1000") // a -rapid.checks on the command line still wins
	os.Exit(m.Run())
}

// day is short for MustParseDay.
func day(text v1alpha1.Date) fiscal.Day { return fiscal.MustParseDay(text) }

// span is short for a span of two days.
func span(from, through v1alpha1.Date) fiscal.Span {
	return fiscal.Span{From: day(from), Through: day(through)}
}

var (
	anyDay = rapid.Custom(func(t *rapid.T) fiscal.Day {
		return fiscal.Day(rapid.Int32Range(1, int32(fiscal.LastDay)).Draw(t, "day"))
	})
	usualDay = rapid.Custom(func(t *rapid.T) fiscal.Day {
		return day("1902-01-01").AddDays(rapid.IntRange(0, 110000).Draw(t, "day"))
	})
	anyMonths = rapid.IntRange(-600, 600)
)

func TestParseDay(t *testing.T) {
	for _, text := range []v1alpha1.Date{"1900-01-01", "1970-01-01", "2000-02-29", "2024-02-29", "2026-09-30", "2026-12-31", "9999-12-31"} {
		d, err := fiscal.ParseDay(text)
		if err != nil || d.Date() != text || d.String() != string(text) {
			t.Errorf("ParseDay(%q) = %v, %v", text, d, err)
		}
	}
	for text, want := range map[v1alpha1.Date]string{
		"":                     `"" is not a calendar day; write it as YYYY-MM-DD, such as 2026-09-30`,
		"2026-9-30":            `"2026-9-30" is not a calendar day; write it as YYYY-MM-DD, such as 2026-09-30`,
		"30.09.2026":           `"30.09.2026" is not a calendar day; write it as YYYY-MM-DD, such as 2026-09-30`,
		"2026/09/30":           `"2026/09/30" is not a calendar day; write it as YYYY-MM-DD, such as 2026-09-30`,
		"2026-09-30T00:00:00Z": `"2026-09-30T00:00:00Z" is not a calendar day; write it as YYYY-MM-DD, such as 2026-09-30`,
		"2026-09-+1":           `"2026-09-+1" is not a calendar day; write it as YYYY-MM-DD, such as 2026-09-30`,
		"-026-09-30":           `"-026-09-30" is not a calendar day; write it as YYYY-MM-DD, such as 2026-09-30`,
		"２０26-09":              `"\uff12\uff1026-09" is not a calendar day; write it as YYYY-MM-DD, such as 2026-09-30`,
		"2026-13-01":           `"2026-13-01" is not a calendar day: the month must be from 01 to 12`,
		"2026-00-01":           `"2026-00-01" is not a calendar day: the month must be from 01 to 12`,
		"2026-02-29":           `"2026-02-29" is not a calendar day: February 2026 has the days 01 to 28`,
		"2100-02-29":           `"2100-02-29" is not a calendar day: February 2100 has the days 01 to 28`,
		"2026-09-31":           `"2026-09-31" is not a calendar day: September 2026 has the days 01 to 30`,
		"2026-09-00":           `"2026-09-00" is not a calendar day: September 2026 has the days 01 to 30`,
		"0026-09-30":           `"0026-09-30" is not a plausible calendar day: the year must be from 1900 to 9999`,
	} {
		d, err := fiscal.ParseDay(text)
		if err == nil {
			t.Errorf("ParseDay(%q) = %v; want an error", text, d)
		} else if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("ParseDay(%q): %s", text, diff)
		}
	}
}

func TestAbsentDayStaysAbsent(t *testing.T) {
	var absent fiscal.Day
	if !absent.IsZero() || absent.String() != "" || absent.Date() != "" || absent.AddDays(5) != 0 || absent.AddMonths(5) != 0 ||
		absent.MonthEnd() != 0 || absent.IsMonthEnd() || absent.Year() != 0 || absent.Month() != 0 || absent.Day() != 0 {
		t.Error("an absent day became one")
	}
	if absent >= fiscal.NewDay(1, time.January, 1) {
		t.Error("absent is not before every day")
	}
	if !fiscal.TrailingMonths(absent, 12).IsZero() {
		t.Error("an absent day has a trailing window")
	}
}

func TestEarliestAndLatestIgnoreAbsentDays(t *testing.T) {
	a, b := day("2026-09-30"), day("2026-10-01")
	if got := fiscal.Earliest(0, b, a, 0); got != a {
		t.Errorf("Earliest = %v", got)
	}
	if got := fiscal.Latest(0, a, b, 0); got != b {
		t.Errorf("Latest = %v", got)
	}
	if fiscal.Earliest() != 0 || fiscal.Latest(0) != 0 {
		t.Error("there is an earliest or a latest of none")
	}
}

func TestNewDayCarriesOver(t *testing.T) {
	for want, got := range map[v1alpha1.Date]fiscal.Day{
		"2026-05-01": fiscal.NewDay(2026, time.April, 31),
		"2025-12-31": fiscal.NewDay(2026, time.January, 0),
		"2027-02-01": fiscal.NewDay(2026, 14, 1),
		"2025-11-30": fiscal.NewDay(2026, -1, 30),
	} {
		if got != day(want) {
			t.Errorf("NewDay = %v; want %v", got, want)
		}
	}
}

func TestAddMonthsClampsAndDoesNotDrift(t *testing.T) {
	for _, test := range []struct {
		from v1alpha1.Date
		n    int
		want v1alpha1.Date
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2028-01-31", 1, "2028-02-29"},
		{"2026-01-31", 2, "2026-03-31"},
		{"2026-01-31", 3, "2026-04-30"},
		{"2026-01-31", 13, "2027-02-28"},
		{"2026-01-31", -2, "2025-11-30"},
		{"2028-02-29", 12, "2029-02-28"},
		{"2028-02-29", 48, "2032-02-29"},
		{"2028-02-29", -12, "2027-02-28"},
		{"2026-12-15", 1, "2027-01-15"},
		{"2026-01-15", -1, "2025-12-15"},
		{"2026-01-15", 0, "2026-01-15"},
	} {
		if got := day(test.from).AddMonths(test.n); got != day(test.want) {
			t.Errorf("%s + %d months = %s; want %s", test.from, test.n, got, test.want)
		}
	}
}

func TestArithmeticStaysInRange(t *testing.T) {
	first := fiscal.NewDay(1, time.January, 1)
	for _, n := range []int{math.MaxInt, math.MinInt, math.MaxInt32, math.MinInt32, 4_000_000, -4_000_000} {
		want := fiscal.LastDay
		if n < 0 {
			want = first
		}
		for _, d := range []fiscal.Day{first, day("2026-09-30"), fiscal.LastDay} {
			if got := d.AddDays(n); got != want {
				t.Errorf("%v + %d days = %v", d, n, got)
			}
			if got := d.AddMonths(n); got.Year() != want.Year() {
				t.Errorf("%v + %d months = %v", d, n, got)
			}
		}
	}
	if got := fiscal.LastDay.String(); got != "9999-12-31" {
		t.Errorf("LastDay is %s", got)
	}
}

func TestTrailingMonths(t *testing.T) {
	for _, test := range []struct {
		through v1alpha1.Date
		n       int
		want    fiscal.Span
	}{
		{"2026-09-30", 12, span("2025-10-01", "2026-09-30")},
		{"2026-02-28", 12, span("2025-03-01", "2026-02-28")},
		{"2028-02-29", 12, span("2027-03-01", "2028-02-29")},
		{"2029-02-28", 12, span("2028-03-01", "2029-02-28")},
		{"2028-02-28", 12, span("2027-03-01", "2028-02-28")},
		{"2026-06-30", 2, span("2026-05-01", "2026-06-30")},
		{"2026-09-30", 3, span("2026-07-01", "2026-09-30")},
		{"2026-09-15", 12, span("2025-09-16", "2026-09-15")},
		{"2026-03-30", 1, span("2026-03-01", "2026-03-30")},
		{"2026-12-31", 1, span("2026-12-01", "2026-12-31")},
		{"2026-12-31", 0, fiscal.Span{}},
		{"2026-12-31", -1, fiscal.Span{}},
	} {
		if got := fiscal.TrailingMonths(day(test.through), test.n); got != test.want {
			t.Errorf("%d months to %s are %s; want %s", test.n, test.through, got, test.want)
		}
	}
}

func TestSpan(t *testing.T) {
	s := span("2026-07-01", "2026-09-30")
	if s.Days() != 92 || !s.Contains(s.From) || !s.Contains(s.Through) || s.Contains(s.From-1) || s.Contains(s.Through+1) || s.Contains(0) {
		t.Error("days or ends are wrong")
	}
	if !s.Covers(s) || !s.Covers(span("2026-08-01", "2026-08-31")) || s.Covers(span("2026-08-01", "2026-10-01")) || s.Covers(fiscal.Span{}) {
		t.Error("covers is wrong")
	}
	if !s.Overlaps(span("2026-09-30", "2026-12-31")) || s.Overlaps(span("2026-10-01", "2026-12-31")) || s.Overlaps(fiscal.Span{}) || (fiscal.Span{}).Overlaps(s) {
		t.Error("overlaps is wrong")
	}
	if got := s.Intersect(span("2026-09-01", "2026-12-31")); got != span("2026-09-01", "2026-09-30") {
		t.Errorf("intersection is %s", got)
	}
	if got := s.Intersect(span("2026-10-01", "2026-12-31")); !got.IsZero() || got.Days() != 0 || got.String() != "" {
		t.Errorf("intersection is %s", got)
	}
	if s.String() != "2026-07-01 to 2026-09-30" || span("2026-07-01", "2026-07-01").String() != "2026-07-01" {
		t.Error("text is wrong")
	}
}

func TestParseSpan(t *testing.T) {
	if got, err := fiscal.ParseSpan("2026-07-01", "2026-07-01"); err != nil || got != span("2026-07-01", "2026-07-01") {
		t.Errorf("ParseSpan = %v, %v", got, err)
	}
	for want, dates := range map[string][2]v1alpha1.Date{
		`from: "x" is not a calendar day; write it as YYYY-MM-DD, such as 2026-09-30`:      {"x", "2026-07-01"},
		`through: "2026-02-30" is not a calendar day: February 2026 has the days 01 to 28`: {"2026-01-01", "2026-02-30"},
		`from (2026-07-02) is after through (2026-07-01)`:                                  {"2026-07-02", "2026-07-01"},
	} {
		if got, err := fiscal.ParseSpan(dates[0], dates[1]); err == nil || err.Error() != want {
			t.Errorf("ParseSpan(%v) = %v, %v; want %s", dates, got, err, want)
		}
	}
}

func TestDaysAgreeWithTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay.Draw(t, "d")
		at := time.Date(1, time.January, int(d), 0, 0, 0, 0, time.UTC)
		year, month, date := d.Civil()
		if year != at.Year() || month != at.Month() || date != at.Day() || d.Weekday() != at.Weekday() || d.String() != at.Format(time.DateOnly) {
			t.Fatalf("day %d is %v, a %v; want %v", int(d), d, d.Weekday(), at)
		}
		if d.Year() != year || d.Month() != month || d.Day() != date || fiscal.NewDay(year, month, date) != d {
			t.Fatalf("%v does not come back", d)
		}
		if parsed, err := fiscal.ParseDay(d.Date()); (err == nil) != (year >= 1900) || err == nil && parsed != d {
			t.Fatalf("ParseDay(%v) = %v, %v", d, parsed, err)
		}
		if d.IsMonthEnd() != (d == fiscal.LastDay || (d+1).Day() == 1) || d.MonthEnd().Month() != month || !d.MonthEnd().IsMonthEnd() {
			t.Fatalf("the month of %v ends on %v", d, d.MonthEnd())
		}
	})
}

func TestMonthsFromAnAnchorNeverDrift(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anchor, n := usualDay.Draw(t, "anchor"), anyMonths.Draw(t, "n")
		got := anchor.AddMonths(n)
		first := time.Date(anchor.Year(), anchor.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
		if got.Year() != first.Year() || got.Month() != first.Month() {
			t.Fatalf("%v + %d months = %v", anchor, n, got)
		}
		if want := min(anchor.Day(), got.MonthEnd().Day()); got.Day() != want {
			t.Fatalf("%v + %d months = %v; want day %d", anchor, n, got, want)
		}
		if next := anchor.AddMonths(n + 1); next <= got {
			t.Fatalf("%v + %d months = %v, one more = %v", anchor, n, got, next)
		}
	})
}

func TestDifferencesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyDay.Draw(t, "a"), anyDay.Draw(t, "b")
		if a.AddDays(b.Sub(a)) != b {
			t.Fatalf("%v + (%v - %v) = %v", a, b, a, a.AddDays(b.Sub(a)))
		}
	})
}

func TestTrailingWindowsOfMonthEndsTile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := usualDay.Draw(t, "d"), rapid.IntRange(1, 36).Draw(t, "n")
		window := fiscal.TrailingMonths(d, n)
		if window.Through != d || window.Days() < 28*n || window.Days() > 31*n {
			t.Fatalf("%d months to %v are %v", n, d, window)
		}
		window = fiscal.TrailingMonths(d.MonthEnd(), n)
		before := fiscal.TrailingMonths(window.From-1, n)
		if window.From.Day() != 1 || !before.Through.IsMonthEnd() || before.From.Day() != 1 || before.Overlaps(window) {
			t.Fatalf("%d months to %v are %v, and before that %v", n, d.MonthEnd(), window, before)
		}
	})
}

func TestSpansAgreeWithTheirDays(t *testing.T) {
	near := rapid.IntRange(0, 12)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (fiscal.Span, []fiscal.Day) {
			from := day("2026-01-01").AddDays(near.Draw(t, name+" from"))
			s := fiscal.Span{From: from, Through: from.AddDays(near.Draw(t, name+" days"))}
			var days []fiscal.Day
			for d := s.From; d <= s.Through; d++ {
				days = append(days, d)
			}
			return s, days
		}
		a, inA := draw("a")
		b, inB := draw("b")
		var both []fiscal.Day
		for _, d := range inA {
			if b.Contains(d) != slices.Contains(inB, d) {
				t.Fatalf("%v contains %v: %t", b, d, b.Contains(d))
			}
			if slices.Contains(inB, d) {
				both = append(both, d)
			}
		}
		if a.Days() != len(inA) || a.Overlaps(b) != (len(both) > 0) || b.Overlaps(a) != a.Overlaps(b) || a.Covers(b) != (len(both) == len(inB)) {
			t.Fatalf("%v and %v: overlap %t, cover %t", a, b, a.Overlaps(b), a.Covers(b))
		}
		if common := a.Intersect(b); common.Days() != len(both) || len(both) > 0 && common.From != both[0] {
			t.Fatalf("%v and %v have %v in common", a, b, common)
		}
	})
}
