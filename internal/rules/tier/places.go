package tier

import (
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

// places are the territories in each of which a criterion must hold.
type places struct {
	weakest v1alpha1.Name
	failing []v1alpha1.Name // where it does not hold, by name
}

// people counts who holds a competency: of the whole partner, or in that of its territories where it stands worst. Nothing is found without territories.
func (j *judge) people(f *figure) {
	if f.criterion.ForEach != v1alpha1.ForEachTerritory {
		f.found = big.NewRat(j.holders(f.criterion.Competency, f.day, ""), 1)
		return
	}
	f.places = &places{}
	for _, territory := range slices.Sorted(slices.Values(j.partner.Spec.Territories)) {
		here := *f
		here.found = big.NewRat(j.holders(f.criterion.Competency, f.day, territory), 1)
		if here.threshold != nil {
			here.compare()
			if here.verdict == v1alpha1.CriterionNotMet {
				f.places.failing = append(f.places.failing, territory)
			}
		}
		if f.found == nil || f.atMost == (here.found.Cmp(f.found) > 0) && here.found.Cmp(f.found) != 0 {
			f.found, f.places.weakest = here.found, territory
		}
	}
}

// holders counts the different people who hold a competency on a day, by the certificates that have begun; in a territory, if one is given. Two spellings of a
// name that differ in case or spaces are one person; those that only look alike are counted, and found by package partner.
func (j *judge) holders(name v1alpha1.Name, day fiscal.Day, territory v1alpha1.Name) int64 {
	people := map[string]struct{}{}
	for i := range j.partner.Spec.Competencies {
		c := &j.partner.Spec.Competencies[i]
		if c.Name != name || territory != "" && !slices.Contains(c.Territories, territory) {
			continue
		}
		from, err := fiscal.ParseDay(c.From)
		if err == nil && from > j.today {
			j.horizon.At(j.cal.StartOf(from))
			continue
		}
		through, errThrough := fiscal.ParseDay(c.Through)
		if errThrough == nil && day == j.today {
			j.horizon.At(j.cal.EndOf(through))
		}
		if err == nil && from > day || errThrough == nil && through < day {
			continue
		}
		people[j.keys[i]] = struct{}{}
	}
	return int64(len(people))
}
