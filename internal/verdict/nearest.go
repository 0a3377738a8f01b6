package verdict

import "strings"

// maxCompared bounds the names that are compared, in bytes: the cost grows with the square of it, and what is longer is no name.
const maxCompared = 253

// Nearest returns the candidate that is nearest to name, or nothing when none is near: at most a third of the longer one's letters
// may differ. Of equally near ones the first in order of text wins.
func Nearest(name string, candidates []string) string {
	if len(name) > maxCompared {
		return ""
	}
	best, bestDistance := "", -1
	lower := strings.ToLower(name)
	for _, candidate := range candidates {
		if candidate == name || len(candidate) > maxCompared {
			continue
		}
		d := distance(lower, strings.ToLower(candidate))
		if 3*d > max(len(name), len(candidate)) {
			continue
		}
		if bestDistance < 0 || d < bestDistance || d == bestDistance && candidate < best {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete, replace or swap with their neighbour to turn a into b.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
