package preview

import (
	"fmt"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/verdict"
)

// AsNow says which results an evaluation of the past takes as they are written now: those without reportedOn of sets in which something was reported after
// the day, so that they may have been overwritten since, too. A correction that was made as an entry of its own, with reportedOn, leaves what was known before;
// one that changed an entry in place does not. Days are those of UTC. Empty when there are none.
func AsNow(objects []Object, at time.Time) string {
	day := fiscal.NewDay(at.UTC().Date())
	count, sets := 0, []string{}
	for _, x := range objects {
		if set, ok := x.(*v1alpha1.MeasurementSet); ok {
			if n := asNow(set, day); n > 0 {
				count, sets = count+n, append(sets, set.Namespace+"/"+set.Name)
			}
		}
	}
	if count == 0 {
		return ""
	}
	slices.Sort(sets)
	return fmt.Sprintf("as now: results without reportedOn, in sets in which something was reported after %s (%s). What was changed in place since then is shown as "+
		"it is written now; a correction that is an entry of its own, with reportedOn, is not", day, verdict.Some(sets, maxNamedSets))
}

// maxNamedSets is the number of sets that are named.
const maxNamedSets = 3

// asNow counts the entries of a set that are taken as they are written now.
func asNow(set *v1alpha1.MeasurementSet, day fiscal.Day) int {
	count, after := 0, false
	for i := range set.Spec.Entries {
		entry := &set.Spec.Entries[i]
		on, err := fiscal.ParseDay(entry.Day)
		if err != nil {
			continue
		}
		if reported, err := fiscal.ParseDay(entry.ReportedOn); err == nil {
			after = after || reported >= day
			continue
		}
		if after = after || on > day; on <= day {
			count++
		}
	}
	if !after {
		return 0
	}
	return count
}
