package meeting

import (
	"cmp"
	"slices"

	"jointplan.dev/jointplan/internal/fiscal"
)

// Stop is a span of days on which a clock stands still. What has begun by its first day goes on; what was to begin later begins later by its length.
type Stop struct {
	// From is the first day, Through the last one.
	From, Through fiscal.Day
}

// Merge returns stops in order and without overlap.
func Merge(stops []Stop) []Stop {
	stops = slices.SortedFunc(slices.Values(stops), func(a, b Stop) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Through, b.Through))
	})
	var merged []Stop
	for _, stop := range stops {
		if n := len(merged); n > 0 && stop.From <= merged[n-1].Through.AddDays(1) {
			merged[n-1].Through = max(merged[n-1].Through, stop.Through)
			continue
		}
		merged = append(merged, stop)
	}
	return merged
}

// Shift returns the day on which something begins that was to begin on a day, if the clock stands still on merged stops.
func Shift(day fiscal.Day, stops []Stop) fiscal.Day {
	for _, stop := range stops {
		if day > stop.From {
			day = day.AddDays(stop.Through.Sub(stop.From) + 1)
		}
	}
	return day
}

// After returns the stops that begin on a day or later.
func After(stops []Stop, day fiscal.Day) []Stop {
	return slices.DeleteFunc(slices.Clone(stops), func(stop Stop) bool { return stop.From < day })
}
