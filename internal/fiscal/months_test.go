package fiscal_test

import (
	"testing"

	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

func TestMonthsFrom(t *testing.T) {
	for name, tc := range map[string]struct {
		from   v1alpha1.Date
		months int
		want   string
	}{
		"12 months from a sale":             {"2026-04-10", 12, "2026-04-10 to 2027-04-09"},
		"6 months from a last day":          {"2026-08-31", 6, "2026-08-31 to 2027-02-27"},
		"the same before a leap day":        {"2027-08-31", 6, "2027-08-31 to 2028-02-28"},
		"1 month from a first day":          {"2026-02-01", 1, "2026-02-01 to 2026-02-28"},
		"a year from a leap day":            {"2028-02-29", 12, "2028-02-29 to 2029-02-27"},
		"no month is no window":             {"2026-04-10", 0, ""},
		"nor are fewer":                     {"2026-04-10", -3, ""},
		"months from the end of the months": {"2026-01-31", 1, "2026-01-31 to 2026-02-27"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := fiscal.MonthsFrom(fiscal.MustParseDay(tc.from), tc.months).String(); got != tc.want {
				t.Errorf("%d months from %s are %s, want %s", tc.months, tc.from, got, tc.want)
			}
		})
	}
	if got := fiscal.MonthsFrom(0, 12); !got.IsZero() {
		t.Errorf("12 months from no day are %s", got)
	}
}

// TestMoreMonthsAreLonger checks that a window never ends before a shorter one, and always contains its first day.
func TestMoreMonthsAreLonger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := fiscal.MustParseDay("2024-01-01").AddDays(rapid.IntRange(0, 3000).Draw(t, "day"))
		n := rapid.IntRange(1, 60).Draw(t, "months")
		shorter, longer := fiscal.MonthsFrom(from, n), fiscal.MonthsFrom(from, n+1)
		if !shorter.Contains(from) || shorter.Through >= longer.Through {
			t.Fatalf("%d months from %s are %s, one more %s", n, from, shorter, longer)
		}
	})
}
