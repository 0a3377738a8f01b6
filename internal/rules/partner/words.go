package partner

import (
	"jointplan.dev/jointplan/api/v1alpha1"
)

// titleOf returns a tier's name for people.
func titleOf(tier *v1alpha1.Tier) string {
	if tier.Title != "" {
		return string(tier.Title)
	}
	return string(tier.Name)
}
