package stats_test

import (
	"math"
	"testing"
	"time"

	"jointplan.dev/jointplan/test/bench/stats"
)

func TestOfReturnsLeastMiddleAndGreatest(t *testing.T) {
	for name, tc := range map[string]struct {
		samples []float64
		want    stats.Spread
	}{
		"none":       {nil, stats.Spread{}},
		"one":        {[]float64{3}, stats.Spread{Min: 3, Median: 3, Max: 3}},
		"odd":        {[]float64{9, 1, 4}, stats.Spread{Min: 1, Median: 4, Max: 9}},
		"even":       {[]float64{4, 1, 9, 2}, stats.Spread{Min: 1, Median: 3, Max: 9}},
		"all equal":  {[]float64{2, 2}, stats.Spread{Min: 2, Median: 2, Max: 2}},
		"below zero": {[]float64{-1, -3}, stats.Spread{Min: -3, Median: -2, Max: -1}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := stats.Of(tc.samples...); got != tc.want {
				t.Errorf("Of(%v) = %+v, want %+v", tc.samples, got, tc.want)
			}
		})
	}
}

func TestPercentileIsTheNearestRank(t *testing.T) {
	samples := []int{50, 10, 40, 20, 30}
	for p, want := range map[float64]int{0: 10, 20: 10, 20.1: 20, 50: 30, 99: 50, 100: 50} {
		if got := stats.Percentile(samples, p); got != want {
			t.Errorf("Percentile(%v) = %d, want %d", p, got, want)
		}
	}
	if got := stats.Percentile([]int(nil), 50); got != 0 {
		t.Errorf("Percentile of nothing = %d", got)
	}
	if samples[0] != 50 {
		t.Error("the samples were put in another order")
	}
}

func TestGrowthIsTheExponent(t *testing.T) {
	x := []float64{1000, 3000, 10000}
	power := func(exponent float64) []float64 {
		var y []float64
		for _, v := range x {
			y = append(y, 7*math.Pow(v, exponent))
		}
		return y
	}
	for _, exponent := range []float64{0, 0.5, 1, 2} {
		if got := stats.Growth(x, power(exponent)); math.Abs(got-exponent) > 1e-9 {
			t.Errorf("growth of x^%v = %v", exponent, got)
		}
	}
	if got := stats.Slope([]float64{1, 2, 3}, []float64{5, 7, 9}); math.Abs(got-2) > 1e-9 {
		t.Errorf("slope = %v, want 2", got)
	}
	if stats.Slope([]float64{1}, []float64{1}) != 0 || stats.Slope([]float64{1, 1}, []float64{1, 2}) != 0 {
		t.Error("a slope where there is none")
	}
}

func TestMilliseconds(t *testing.T) {
	if got := stats.Milliseconds(1500 * time.Microsecond); got != 1.5 {
		t.Errorf("got %v, want 1.5", got)
	}
}
