// Package stats sums up samples: least, middle, greatest, percentiles, and the growth of one quantity with another.
package stats

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Spread is the least, the middle and the greatest of some samples.
type Spread struct{ Min, Median, Max float64 }

// Of returns the spread of samples; zero of none.
func Of(samples ...float64) Spread {
	if len(samples) == 0 {
		return Spread{}
	}
	sorted := slices.Sorted(slices.Values(samples))
	n := len(sorted)
	return Spread{Min: sorted[0], Median: (sorted[(n-1)/2] + sorted[n/2]) / 2, Max: sorted[n-1]}
}

// Percentile returns the least sample that is not below p percent of all (the nearest rank); zero of none.
func Percentile[T cmp.Ordered](samples []T, p float64) T {
	var none T
	if len(samples) == 0 {
		return none
	}
	sorted := slices.Sorted(slices.Values(samples))
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

// Milliseconds returns a duration in milliseconds.
func Milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// Slope returns the slope of the line through points by least squares; zero of less than two.
func Slope(x, y []float64) float64 {
	n := float64(min(len(x), len(y)))
	if n < 2 {
		return 0
	}
	var sx, sy, sxx, sxy float64
	for i := range int(n) {
		sx, sy = sx+x[i], sy+y[i]
		sxx, sxy = sxx+x[i]*x[i], sxy+x[i]*y[i]
	}
	denominator := n*sxx - sx*sx
	if denominator == 0 {
		return 0
	}
	return (n*sxy - sx*sy) / denominator
}

// Growth returns the exponent with which y grows with x: the slope of their logarithms. 1 is linear, 0 is constant.
func Growth(x, y []float64) float64 {
	return Slope(logs(x), logs(y))
}

func logs(list []float64) []float64 {
	out := make([]float64, 0, len(list))
	for _, v := range list {
		out = append(out, math.Log(v))
	}
	return out
}
