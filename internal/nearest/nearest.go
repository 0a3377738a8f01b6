// Package nearest finds the name that someone meant who wrote another one.
package nearest

import (
	"cmp"
	"slices"
	"strings"
)

// maxCompared bounds the names that are compared, in bytes: the cost grows with the square of it, and what is longer is not a name.
const maxCompared = 253

// Far is the distance of what is not near at all.
const Far = -1

// Name returns the candidate that is nearest to name, whatever the case of the letters, or nothing when none is near: at most a third of the
// longer one's letters may differ. Of equally near ones the first in order of text wins. The name itself is not a candidate.
func Name(name string, candidates []string) string {
	if len(name) > maxCompared {
		return ""
	}
	lower := strings.ToLower(name)
	best := Best(candidates, func(candidate string) int {
		if candidate == name || len(candidate) > maxCompared {
			return Far
		}
		return Within(max(len(name), len(candidate))/3, lower, strings.ToLower(candidate))
	})
	if len(best) == 0 {
		return ""
	}
	return slices.Min(best)
}

// Best returns the candidates of the least distance, in the order in which they were given.
func Best(candidates []string, distance func(candidate string) int) []string {
	var best []string
	least := Far
	for _, candidate := range candidates {
		switch d := distance(candidate); {
		case d == Far || least != Far && d > least:
		case d == least:
			best = append(best, candidate)
		default:
			best, least = []string{candidate}, d
		}
	}
	return best
}

// Ranked returns the candidates that are not Far, the nearest first, and equally near ones in the order in which they were given.
func Ranked(candidates []string, distance func(candidate string) int) []string {
	var near []string
	distances := map[string]int{}
	for _, candidate := range candidates {
		if d := distance(candidate); d != Far {
			near, distances[candidate] = append(near, candidate), d
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return cmp.Compare(distances[a], distances[b]) })
	return near
}

// Within returns the distance of two names, or Far when it is more than a limit.
func Within(limit int, a, b string) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return Far
	}
	if d := Distance(a, b); d <= limit {
		return d
	}
	return Far
}

// Distance is the number of letters to insert, delete, replace or swap with their neighbour to turn a into b.
func Distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
