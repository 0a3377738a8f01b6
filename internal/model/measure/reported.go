package measure

import (
	"cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

// Fact is what a value is about, within one subject and source.
type Fact struct {
	Metric v1alpha1.Name
	Day    fiscal.Day
	Cohort fiscal.Day // none for results that state none
	Deal   string     // the transaction, as it is compared; empty for results that state none
}

// Reported is the entry that was reported last of a fact, in its set.
type Reported struct {
	*v1alpha1.Measurement

	Set *v1alpha1.MeasurementSet
	// Known is the day on which it became known.
	Known fiscal.Day
	pos   int
}

// LastReported returns what sets about one subject from one source say of each fact, whatever the day is: by the same order as an evaluation, but with what
// becomes known later. Entries whose days cannot be read are left out.
func LastReported(sets []*v1alpha1.MeasurementSet) map[Fact]Reported {
	last := map[Fact]Reported{}
	for _, set := range sets {
		for pos := range set.Spec.Entries {
			entry := &set.Spec.Entries[pos]
			on, known, err := daysOf(entry)
			if err != nil {
				continue
			}
			fact := Fact{Metric: entry.Metric, Day: on, Deal: dealOf(entry)}
			if entry.Cohort != "" {
				fact.Cohort, _ = fiscal.ParseDay(entry.Cohort)
			}
			x := Reported{Measurement: entry, Set: set, Known: known, pos: pos}
			if before, found := last[fact]; !found || before.compare(x) < 0 {
				last[fact] = x
			}
		}
	}
	return last
}

func (r Reported) compare(x Reported) int {
	return cmp.Or(cmp.Compare(countsFrom(r.Measurement, r.Known), countsFrom(x.Measurement, x.Known)), cmp.Compare(r.Set.Name, x.Set.Name), cmp.Compare(r.pos, x.pos))
}
