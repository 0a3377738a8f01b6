package plan

import (
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxNamed is the number of items that a message names; the others are counted.
const maxNamed = 5

// Changes says in words what new terms change against old ones, such as "change the goal leads; add the activity webinar", by the same canonical
// form as revisions.
func Changes(before, after *v1alpha1.PlanTerms) string {
	var parts []string
	single := func(what string, write func(*revision.Form, *v1alpha1.PlanTerms)) {
		var x, y revision.Form
		write(&x, before)
		write(&y, after)
		if string(x) != string(y) {
			parts = append(parts, "change the "+what)
		}
	}
	single("partner", func(f *revision.Form, t *v1alpha1.PlanTerms) { f.Text("", string(t.PartnerRef.Name)) })
	single("period", func(f *revision.Form, t *v1alpha1.PlanTerms) { writePeriod(f, t.Period) })
	single("segment", func(f *revision.Form, t *v1alpha1.PlanTerms) { f.Text("", string(t.Segment)) })
	single("vision", func(f *revision.Form, t *v1alpha1.PlanTerms) { f.Text("", string(t.Vision)) })
	single("SWOT", func(f *revision.Form, t *v1alpha1.PlanTerms) { writeSwot(f, t.SWOT) })
	single("value proposition", func(f *revision.Form, t *v1alpha1.PlanTerms) { writeValueProposition(f, t.ValueProposition) })
	list := func(one, many string, of func(*v1alpha1.PlanTerms) map[string]revision.Form) {
		parts = append(parts, compare(one, many, of(before), of(after))...)
	}
	list("goal", "goals", func(t *v1alpha1.PlanTerms) map[string]revision.Form {
		return keyed(t.Goals, func(x *v1alpha1.Goal) (string, revision.Form) { return string(x.Name), goalForm(x, t.Period) })
	})
	list("strategy", "strategies", func(t *v1alpha1.PlanTerms) map[string]revision.Form {
		return keyed(t.Strategies, func(x *v1alpha1.Strategy) (string, revision.Form) { return string(x.Name), strategyForm(x) })
	})
	list("activity", "activities", func(t *v1alpha1.PlanTerms) map[string]revision.Form {
		return keyed(t.Activities, func(x *v1alpha1.PlannedActivity) (string, revision.Form) {
			return string(x.Name), activityForm(x, t.Period)
		})
	})
	list("commitment", "commitments", func(t *v1alpha1.PlanTerms) map[string]revision.Form {
		return keyed(t.Commitments, func(x *v1alpha1.Commitment) (string, revision.Form) {
			return string(x.Name), commitmentForm(x, t.Period)
		})
	})
	list("risk", "risks", func(t *v1alpha1.PlanTerms) map[string]revision.Form {
		return keyed(t.Risks, func(x *v1alpha1.Risk) (string, revision.Form) { return string(x.Name), riskForm(x) })
	})
	list("target account", "target accounts", func(t *v1alpha1.PlanTerms) map[string]revision.Form {
		return keyed(t.TargetAccounts, func(x *v1alpha1.TargetAccount) (string, revision.Form) { return string(x.Name), accountForm(x) })
	})
	if len(parts) == 0 {
		return "repeat an item" // a list that holds one name twice, which the schema refuses
	}
	return strings.Join(parts, "; ")
}

// compare says which items of a list were added, removed and changed.
func compare(one, many string, before, after map[string]revision.Form) []string {
	var added, removed, changed []string
	for name, x := range after {
		switch y, existed := before[name]; {
		case !existed:
			added = append(added, name)
		case string(x) != string(y):
			changed = append(changed, name)
		}
	}
	for name := range before {
		if _, exists := after[name]; !exists {
			removed = append(removed, name)
		}
	}
	var parts []string
	for _, group := range []struct {
		verb  string
		names []string
	}{{"add", added}, {"remove", removed}, {"change", changed}} {
		noun := many
		if len(group.names) == 1 {
			noun = one
		}
		slices.Sort(group.names)
		if len(group.names) > 0 {
			parts = append(parts, fmt.Sprintf("%s the %s %s", group.verb, noun, verdict.Some(group.names, maxNamed)))
		}
	}
	return parts
}

// keyed returns the canonical text of each item of a list by its key.
func keyed[T any](list []T, of func(*T) (string, revision.Form)) map[string]revision.Form {
	byKey := make(map[string]revision.Form, len(list))
	for i := range list {
		key, text := of(&list[i])
		byKey[key] = append(byKey[key], text...)
	}
	return byKey
}
