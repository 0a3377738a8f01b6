package plan

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/verdict"
)

// item returns the field path of an item of a list by its key, such as spec.goals[cloud-revenue].
func item[K ~string](list string, key K) string { return list + "[" + string(key) + "]" }

// theParties names parties in the middle of a sentence: "the vendor", "the vendor and partner".
func theParties(parties []v1alpha1.Party) string {
	return "the " + verdict.List(parties)
}
