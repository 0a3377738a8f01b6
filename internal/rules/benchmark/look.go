package benchmark

import (
	"fmt"
	"math/big"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/verdict"
)

// Newest returns the newest benchmark that was computed by a day and whose quarter ended before another; nil when there is none. next is the first day
// after the former on which there may be another answer; absent when there is none.
func Newest(list []*v1alpha1.PublishedBenchmark, by, before fiscal.Day) (newest *v1alpha1.PublishedBenchmark, next fiscal.Day) {
	var computed, ended fiscal.Day
	for _, b := range list {
		on, err := fiscal.ParseDay(b.Spec.ComputedOn)
		through, wrong := fiscal.ParseDay(b.Spec.Days.Through)
		switch {
		case err != nil, wrong != nil, through >= before:
		case on > by:
			next = fiscal.Earliest(next, on)
		case newest == nil || through > ended || through == ended && (on > computed || on == computed && b.Name > newest.Name):
			newest, computed, ended = b, on, through
		}
	}
	return newest, next
}

// Figures are the quartiles of a cohort, as partners may read them.
type Figures struct {
	// Row is the row that they are of.
	Row *v1alpha1.PublishedRow
	// P25, P50 and P75 are its quartiles.
	P25, P50, P75 *big.Rat

	benchmark string
}

// Look returns the figures of the narrowest cohort of a benchmark that is shown and that something belongs to; nil when there is none.
func Look(b *v1alpha1.PublishedBenchmark, of v1alpha1.BenchmarkCohort) *Figures {
	if b == nil {
		return nil
	}
	want, found, depth := keyOf(&of), (*v1alpha1.PublishedRow)(nil), -1
	for i := range b.Spec.Rows {
		row := &b.Spec.Rows[i]
		k := keyOf(&row.BenchmarkCohort)
		if k.family != want.family || k.activity != "" && k.activity != want.activity || k.tier != "" && k.tier != want.tier ||
			k.segment != "" && k.segment != want.segment {
			continue
		}
		if d := k.depth(); d > depth {
			found, depth = row, d
		}
	}
	if found == nil {
		return nil
	}
	f := &Figures{Row: found, benchmark: b.Name}
	for _, q := range []struct {
		to   **big.Rat
		text v1alpha1.Decimal
	}{{&f.P25, found.P25}, {&f.P50, found.P50}, {&f.P75, found.P75}} {
		value, err := decimal.Parse(q.text)
		if err != nil {
			return nil
		}
		*q.to = value
	}
	return f
}

// depth is the number of things that a cohort tells apart.
func (k key) depth() (n int) {
	for _, told := range []bool{k.activity != "", k.tier != "", k.segment != ""} {
		if told {
			n++
		}
	}
	return n
}

// Source says what figures are of, such as "benchmark northwind-fy2027-q1, 11 goals of 8 silver partners in mid-market". The noun is what its rows are.
func (f *Figures) Source(noun string) string {
	partners := verdict.Count(f.Row.Partners, "partner")
	if f.Row.Tier != "" {
		partners = strings.Replace(partners, " ", " "+string(f.Row.Tier)+" ", 1)
	}
	text := fmt.Sprintf("benchmark %s, %s of %s", f.benchmark, verdict.Count(f.Row.Rows, noun), partners)
	if f.Row.Segment != "" {
		text += " in " + string(f.Row.Segment)
	}
	return text
}
