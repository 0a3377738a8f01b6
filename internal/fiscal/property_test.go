package fiscal_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

var (
	weekdayNames = []v1alpha1.Weekday{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	anyWeekday   = rapid.SampledFrom(weekdayNames)
	anyUnit      = rapid.SampledFrom([]fiscal.Unit{fiscal.Month, fiscal.Quarter, fiscal.Half, fiscal.Year})
	anyPart      = rapid.SampledFrom([]v1alpha1.PeriodPart{"", "Year", "H1", "H2", "Q1", "Q2", "Q3", "Q4"})
	anyFiscal    = rapid.Custom(drawFiscal)
)

// drawFiscal draws a calendar with a fiscal year from any day, of months or of weeks.
func drawFiscal(t *rapid.T) v1alpha1.Calendar {
	start := day("2024-01-01").AddDays(rapid.IntRange(0, 365).Draw(t, "start"))
	spec := v1alpha1.Calendar{
		TimeZone:          "UTC",
		FiscalYearStart:   string(start.Date())[len("2024-"):],
		FiscalYearNamedBy: rapid.SampledFrom([]v1alpha1.YearNaming{"", v1alpha1.NamedByStart, v1alpha1.NamedByEnd}).Draw(t, "named by"),
	}
	if rapid.Bool().Draw(t, "weeks") {
		spec.FiscalYearStart = fmt.Sprintf("%02d-01", start.Month())
		spec.WeekYear = &v1alpha1.WeekYear{
			EndsOn:  anyWeekday.Draw(t, "ends on"),
			Rule:    rapid.SampledFrom([]v1alpha1.WeekYearEnd{v1alpha1.EndsLastInMonth, v1alpha1.EndsNearestMonthEnd}).Draw(t, "rule"),
			Pattern: rapid.SampledFrom([]v1alpha1.WeekPattern{"", v1alpha1.Pattern445, v1alpha1.Pattern454, v1alpha1.Pattern544}).Draw(t, "pattern"),
		}
	}
	return spec
}

func TestPartsTileTheYear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := anyFiscal.Draw(t, "calendar")
		cal, year := fiscal.MustNew(spec), rapid.IntRange(1970, 2200).Draw(t, "year")
		get := func(part v1alpha1.PeriodPart) fiscal.Span {
			s, err := cal.FiscalPeriod(year, part)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		whole := get("Year")
		for _, parts := range [][]v1alpha1.PeriodPart{{"H1", "H2"}, {"Q1", "Q2", "Q3", "Q4"}} {
			at := whole.From
			for _, part := range parts {
				if s := get(part); s.From != at || s.Days() < 85 {
					t.Fatalf("%s of %d is %s; want it from %s", part, year, s, at)
				}
				at = get(part).Through + 1
			}
			if at != whole.Through+1 {
				t.Fatalf("%v of %s end %s", parts, whole, at-1)
			}
		}
		if get("H1").Through != get("Q2").Through {
			t.Fatalf("H1 is %s, Q2 is %s", get("H1"), get("Q2"))
		}
		if next, err := cal.FiscalPeriod(year+1, ""); err != nil || next.From != whole.Through+1 {
			t.Fatalf("after %s comes %s, %v", whole, next, err)
		}
		if cal.FiscalYearOf(whole.From) != year || cal.FiscalYearOf(whole.Through) != year {
			t.Fatalf("%s is %d to %d; want %d", whole, cal.FiscalYearOf(whole.From), cal.FiscalYearOf(whole.Through), year)
		}
	})
}

func TestMonthsTileTheYear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := anyFiscal.Draw(t, "calendar")
		cal := fiscal.MustNew(spec)
		year := cal.PeriodContaining(fiscal.Year, usualDay.Draw(t, "day"))
		months := cal.Periods(fiscal.Month, year)
		at := year.From
		for i, month := range months {
			if month.From != at {
				t.Fatalf("month %d of %s is %s", i+1, year, month)
			}
			switch weeks := month.Days() / 7; {
			case spec.WeekYear == nil && (month.Days() < 28 || month.Days() > 31):
				t.Fatalf("month %s has %d days", month, month.Days())
			case spec.WeekYear != nil && (month.Days()%7 != 0 || weeks < 4 || weeks > 6 || weeks == 6 && i != 11):
				t.Fatalf("month %d, %s, has %d days", i+1, month, month.Days())
			}
			at = month.Through + 1
		}
		if len(months) != 12 || at != year.Through+1 {
			t.Fatalf("%s has %d months, through %s", year, len(months), at-1)
		}
	})
}

func TestYearsOfWeeksEndAsTheRuleSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := anyFiscal.Filter(func(c v1alpha1.Calendar) bool { return c.WeekYear != nil }).Draw(t, "calendar")
		year := fiscal.MustNew(spec).PeriodContaining(fiscal.Year, usualDay.Draw(t, "day"))
		if got := v1alpha1.Weekday(year.Through.Weekday().String()); got != spec.WeekYear.EndsOn {
			t.Fatalf("%s ends on a %s", year, got)
		}
		if year.Days() != 52*7 && year.Days() != 53*7 {
			t.Fatalf("%s has %d days", year, year.Days())
		}
		// The nearest end of the month before the month of fiscalYearStart.
		var start int
		if _, err := fmt.Sscanf(spec.FiscalYearStart, "%02d-01", &start); err != nil {
			t.Fatal(err)
		}
		monthEnd := year.Through.AddDays(10)
		for !(monthEnd.IsMonthEnd() && int(monthEnd.Month())%12+1 == start) {
			monthEnd--
		}
		distance := year.Through.Sub(monthEnd)
		last := spec.WeekYear.Rule == v1alpha1.EndsLastInMonth
		if last && (distance > 0 || distance <= -7) || !last && (distance > 3 || distance < -3) {
			t.Fatalf("%s ends %d days from %s", year, distance, monthEnd)
		}
	})
}

func TestEveryDayLiesInExactlyOnePeriod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := anyFiscal.Draw(t, "calendar")
		cal, unit, d := fiscal.MustNew(spec), anyUnit.Draw(t, "unit"), usualDay.Draw(t, "day")
		period := cal.PeriodContaining(unit, d)
		if !period.Contains(d) {
			t.Fatalf("the %s of %s is %s", unit, d, period)
		}
		within := period.From.AddDays(rapid.IntRange(0, period.Days()-1).Draw(t, "days into the period"))
		if same := cal.PeriodContaining(unit, within); same != period {
			t.Fatalf("the %s of %s is %s, and of %s it is %s", unit, d, period, within, same)
		}
		if next := cal.PeriodContaining(unit, period.Through+1); next.From != period.Through+1 {
			t.Fatalf("after the %s %s comes %s", unit, period, next)
		}
		if ended := cal.PeriodEndedBy(unit, d); ended.Through > d || d != period.Through && ended.Through != period.From-1 {
			t.Fatalf("by %s the %s %s ended", d, unit, ended)
		}
		if unit == fiscal.Month {
			return
		}
		if named, err := cal.FiscalPeriod(cal.FiscalYearOf(d), cal.PartOf(unit, d)); err != nil || named != period {
			t.Fatalf("%s %d is %s, %v; want %s", cal.PartOf(unit, d), cal.FiscalYearOf(d), named, err, period)
		}
	})
}

func TestFiscalYearsAreNamedByTheirStartOrEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := anyFiscal.Filter(func(c v1alpha1.Calendar) bool { return c.WeekYear == nil }).Draw(t, "calendar")
		d := usualDay.Draw(t, "day")
		cal := fiscal.MustNew(spec)
		year := cal.PeriodContaining(fiscal.Year, d)
		want := year.Through.Year()
		if spec.FiscalYearNamedBy == v1alpha1.NamedByStart {
			want = year.From.Year()
		}
		if got := cal.FiscalYearOf(d); got != want {
			t.Fatalf("%s is called %d", year, got)
		}
	})
}

func TestLabelsNameThePeriod(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cal, part, year := fiscal.MustNew(anyFiscal.Draw(t, "calendar")), anyPart.Draw(t, "part"), rapid.IntRange(1970, 2200).Draw(t, "year")
		s, err := cal.FiscalPeriod(year, part)
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("FY%d", year)
		if part != "" && part != v1alpha1.PartYear {
			want += " " + string(part)
		}
		if got := cal.Label(s); got != want {
			t.Fatalf("%s is labelled %q; want %q", s, got, want)
		}
	})
}

func TestEvaluationDatesAreAllPeriodEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cal, unit, after := fiscal.MustNew(anyFiscal.Draw(t, "calendar")), anyUnit.Draw(t, "unit"), usualDay.Draw(t, "after")
		through := after.AddDays(rapid.IntRange(-10, 1500).Draw(t, "days"))
		var want []fiscal.Day
		for d := after + 1; d <= through; d++ {
			if cal.PeriodContaining(unit, d).Through == d {
				want = append(want, d)
			}
		}
		got := cal.PeriodEnds(unit, after, through)
		if !slices.Equal(got, want) {
			t.Fatalf("%s ends after %s through %s: %v; want %v", unit, after, through, got, want)
		}
		if last := cal.LastPeriodEnds(unit, through, len(want)); !slices.Equal(last, want) {
			t.Fatalf("the last %d %s ends by %s: %v; want %v", len(want), unit, through, last, want)
		}
	})
}

func TestBusinessDaysAreCountedOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := usualDay.Draw(t, "from")
		spec := v1alpha1.Calendar{TimeZone: "UTC", Weekend: rapid.SliceOfNDistinct(anyWeekday, 0, 6, rapid.ID).Draw(t, "weekend")}
		for _, n := range rapid.SliceOfN(rapid.IntRange(-40, 40), 0, 30).Draw(t, "holidays") {
			spec.Holidays = append(spec.Holidays, from.AddDays(n).Date())
		}
		cal, n := fiscal.MustNew(spec), rapid.IntRange(1, 30).Draw(t, "n")
		later, earlier := cal.AddBusinessDays(from, n), cal.AddBusinessDays(from, -n)
		count := func(first, last fiscal.Day) (n int) {
			for d := first; d <= last; d++ {
				if cal.IsBusinessDay(d) {
					n++
				}
			}
			return n
		}
		if !cal.IsBusinessDay(later) || count(from+1, later) != n || !cal.IsBusinessDay(earlier) || count(earlier, from-1) != n {
			t.Fatalf("%d business days from %s: %s and %s", n, from, earlier, later)
		}
		if cal.BusinessDaysBefore(from, n) != earlier {
			t.Fatalf("%d business days before %s: %s", n, from, cal.BusinessDaysBefore(from, n))
		}
		next := cal.NextBusinessDay(from)
		if !cal.IsBusinessDay(next) || next < from || count(from, next) != 1 {
			t.Fatalf("the next business day from %s is %s", from, next)
		}
		if cal.IsBusinessDay(from) && (cal.AddBusinessDays(later, -n) != from || cal.AddBusinessDays(earlier, n) != from) {
			t.Fatalf("%d business days from %s and back: %s", n, from, cal.AddBusinessDays(later, -n))
		}
	})
}

func TestNothingPanicsAtTheEndsOfTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cal, d, unit := fiscal.MustNew(anyFiscal.Draw(t, "calendar")), anyDay.Draw(t, "day"), anyUnit.Draw(t, "unit")
		if rapid.Bool().Draw(t, "at an end") {
			d = rapid.SampledFrom([]fiscal.Day{1, 2, 400, fiscal.LastDay - 400, fiscal.LastDay - 1, fiscal.LastDay}).Draw(t, "end")
		}
		if period := cal.PeriodContaining(unit, d); !period.Contains(d) {
			t.Fatalf("the %s of %s is %s", unit, d, period)
		}
		_ = cal.PeriodEndedBy(unit, d)
		_ = cal.PeriodEnds(unit, d, d.AddMonths(30))
		_ = cal.LastPeriodEnds(unit, d, 8)
		_ = cal.Label(fiscal.TrailingMonths(d, 12))
		if today := cal.Today(cal.StartOf(d)); today != d {
			t.Fatalf("at the start of %s it is %s", d, today)
		}
	})
}

func BenchmarkToday(b *testing.B) {
	cal := in("Europe/Berlin")
	now := cal.StartOf(day("2026-08-09")).Add(1)
	for b.Loop() {
		cal.Today(now)
	}
}

func BenchmarkStartOf(b *testing.B) {
	cal, d := in("Europe/Berlin"), day("2026-08-09")
	for b.Loop() {
		cal.StartOf(d)
	}
}

func BenchmarkPeriodContaining(b *testing.B) {
	cal, d := fiscal.MustNew(retail), day("2026-08-09")
	for b.Loop() {
		cal.PeriodContaining(fiscal.Quarter, d)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		fiscal.MustNew(retail)
	}
}
