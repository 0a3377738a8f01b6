package attainment

import (
	"math/big"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

// schools buy in July and August.
func schools(weights ...v1alpha1.Percent) func(*v1alpha1.PartnerProgramSpec) {
	return func(spec *v1alpha1.PartnerProgramSpec) {
		spec.SeasonCurves = []v1alpha1.SeasonCurve{{Segment: "schools", MonthWeights: weights}}
	}
}

func TestSeasonCurve(t *testing.T) {
	summer := schools("0", "0", "0", "0", "0", "10", "31", "50", "5", "0", "2", "2")
	nothing := schools("10", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0")
	tests := map[string]struct {
		season  func(*v1alpha1.PartnerProgramSpec)
		segment v1alpha1.Name
		metric  v1alpha1.Name
		change  func(*v1alpha1.Goal)
		on      string
		want    v1alpha1.Decimal
	}{
		"half of July":                          {summer, "schools", "qualified-leads", weight(""), "2026-07-10", "100"},
		"July and August":                       {summer, "schools", "qualified-leads", weight(""), "2026-08-31", "810"},
		"nothing more in October":               {summer, "schools", "qualified-leads", weight(""), "2026-10-15", "860"},
		"another segment goes evenly":           {summer, "banks", "qualified-leads", weight(""), "2026-09-30", "450"},
		"milestones go first":                   {summer, "schools", "qualified-leads", milestones("2026-08-31", "400"), "2026-08-31", "400"},
		"levels have no season":                 {summer, "schools", "retention", weight(""), "2026-09-30", "450"},
		"a season without a result goes evenly": {nothing, "schools", "qualified-leads", weight(""), "2026-09-30", "450"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStory().goal("g", tc.metric, "900", tc.change).measured(tc.metric, tc.on, "1")
			s.program.With(tc.season)
			s.plan.With(func(spec *v1alpha1.JointPlanSpec) { spec.Segment = tc.segment })
			if got := s.at(tc.on).Goals[0].Expected; got != tc.want {
				t.Errorf("expected %s, want %s", got, tc.want)
			}
		})
	}
}

// The weight of a span is the sum of its days' weights, each the month's weight over the days of the month.
func TestSeasonWeighsEachDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		written := v1alpha1.SeasonCurve{}
		for range 12 {
			written.MonthWeights = append(written.MonthWeights, v1alpha1.Percent(strconv.Itoa(rapid.IntRange(0, 9).Draw(t, "weight"))+".5"))
		}
		from := fiscal.MustParseDay("2027-01-01") + fiscal.Day(rapid.IntRange(0, 900).Draw(t, "from"))
		span := fiscal.Span{From: from, Through: from + fiscal.Day(rapid.IntRange(0, 900).Draw(t, "days"))}
		s := newSeason(&written, span)
		sum := new(big.Rat)
		for day := span.From; day <= span.Through; day++ {
			sum.Add(sum, big.NewRat(s[day.Month()-1], int64(day.MonthEnd().Day())))
		}
		if got := s.weight(span); got.Cmp(sum) != 0 {
			t.Fatalf("%s weighs %s, want %s", span, got, sum)
		}
	})
}

// What is expected never falls and ends at the target.
func TestExpectedGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		span := fiscal.Span{From: fiscal.MustParseDay("2026-07-01"), Through: fiscal.MustParseDay("2026-12-31")}
		c := curve{window: span}
		at := 0
		for day := span.From; day < span.Through; day += fiscal.Day(rapid.IntRange(1, 90).Draw(t, "step")) {
			at = rapid.IntRange(at, 100).Draw(t, "share")
			c.points = append(c.points, point{on: day, share: big.NewRat(int64(at), 100)})
		}
		last := new(big.Rat)
		for day := span.From - 1; day <= span.Through+1; day++ {
			share := c.share(day)
			if share.Cmp(last) < 0 {
				t.Fatalf("on %s the share falls from %s to %s", day, last, share)
			}
			last = share
		}
		if c.share(span.From-1).Sign() != 0 || last.Cmp(big.NewRat(1, 1)) != 0 {
			t.Fatalf("the way runs from %s to %s", c.share(span.From-1), last)
		}
	})
}

// A goal that starts on the last day of a month reports that day as a month.
func TestIntervalOfOneDay(t *testing.T) {
	window := fiscal.Span{From: fiscal.MustParseDay("2026-07-31"), Through: fiscal.MustParseDay("2026-12-31")}
	r := reporting{calendar: fiscal.UTC(), unit: fiscal.Month, window: window}
	if got := r.overdueThrough(window.From + 1); got != window.From {
		t.Errorf("overdue through %s", got)
	}
}

func TestReportingIntervals(t *testing.T) {
	window := fiscal.Span{From: fiscal.MustParseDay("2026-07-15"), Through: fiscal.MustParseDay("2026-11-15")}
	tests := map[string]struct {
		unit             fiscal.Unit
		lag              int
		today            v1alpha1.Date
		overdue, firstOf string // the day through which results are overdue, and the end of the interval of the first of October
	}{
		"first month, on its last day":   {fiscal.Month, 0, "2026-07-31", "", "2026-10-31"},
		"first month is over":            {fiscal.Month, 0, "2026-08-01", "2026-07-31", "2026-10-31"},
		"first month is over, with time": {fiscal.Month, 20, "2026-08-20", "", "2026-10-31"},
		"first month is late":            {fiscal.Month, 20, "2026-08-21", "2026-07-31", "2026-10-31"},
		"first quarter":                  {fiscal.Quarter, 0, "2026-10-01", "2026-09-30", "2026-11-15"},
		"the window's end cuts":          {fiscal.Quarter, 0, "2026-11-15", "2026-09-30", "2026-11-15"},
		"the window is over":             {fiscal.Quarter, 0, "2026-11-16", "2026-11-15", "2026-11-15"},
		"a year is cut too":              {fiscal.Year, 5, "2026-11-20", "", "2026-11-15"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := reporting{
				calendar: fiscal.MustNew(v1alpha1.Calendar{TimeZone: "UTC", FiscalYearStart: "07-01"}), unit: tc.unit, lag: tc.lag, window: window,
			}
			if got := r.overdueThrough(fiscal.MustParseDay(tc.today)).String(); got != tc.overdue {
				t.Errorf("overdue through %q, want %q", got, tc.overdue)
			}
			if got := r.firstAfter(fiscal.MustParseDay("2026-09-30")).String(); got != tc.firstOf {
				t.Errorf("first after 2026-09-30 %q, want %q", got, tc.firstOf)
			}
			if got := r.firstAfter(window.Through); !got.IsZero() {
				t.Errorf("first after the window %s", got)
			}
		})
	}
}
