package verdict

import "jointplan.dev/jointplan/internal/nearest"

// Nearest returns the candidate that is nearest to name, or nothing when none is near.
func Nearest(name string, candidates []string) string { return nearest.Name(name, candidates) }
