package request

import (
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/verdict"
)

// sharedActivityKnown says that the budget has no such shared activity for the partner. Whether it has one for others is not said.
func sharedActivityKnown(in *input) (reason, message string, failed bool) {
	name := in.Object.Spec.SharedActivity
	if name == "" || in.Budget == nil || in.Partner == nil || in.Shared() != nil {
		return "", "", false
	}
	var names []string
	for i := range in.Budget.Spec.SharedActivities {
		if shared := &in.Budget.Spec.SharedActivities[i]; sharesIn(shared, in.Partner) {
			names = append(names, string(shared.Name))
		}
	}
	return v1alpha1.ReasonSharedActivityUnknown, fmt.Sprintf("budget %s has for partner %s %s: correct spec.sharedActivity, or ask the budget owner to add it",
		in.Budget.Name, in.Partner.Name, verdict.NoSuch("shared activity", string(name), names)), true
}

// sharesIn reports whether a partner carries out a shared activity.
func sharesIn(shared *v1alpha1.SharedActivity, partner *v1alpha1.Partner) bool {
	return slices.ContainsFunc(shared.Partners, func(p v1alpha1.SharingPartner) bool {
		return string(p.Namespace) == partner.Namespace && string(p.Name) == partner.Name
	})
}

// Shared returns the shared activity that the request is for; nil when it names none, or none that the budget has for its partner.
func (r *Request) Shared() *v1alpha1.SharedActivity {
	if r.Object.Spec.SharedActivity == "" || r.Budget == nil || r.Partner == nil {
		return nil
	}
	for i := range r.Budget.Spec.SharedActivities {
		if shared := &r.Budget.Spec.SharedActivities[i]; shared.Name == r.Object.Spec.SharedActivity && sharesIn(shared, r.Partner) {
			return shared
		}
	}
	return nil
}
