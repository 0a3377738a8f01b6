package meeting

import (
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/verdict"
)

// Needs are what a plan asks of its meetings, besides people of both parties.
type Needs struct {
	// Tier is the name of the tier that asks for functions.
	Tier v1alpha1.Name
	// KickOff and Review are the functions that must be at a kick-off, and at a review or reconciliation; nil asks for none.
	KickOff, Review *v1alpha1.MeetingFunctions
	// Goals are the goals of which a reconciliation has to tell, where one is owed; nil when none is.
	Goals []v1alpha1.Name
	// Ends is the last day of the period, where a reconciliation is owed: it is held after that. Absent when none is.
	Ends fiscal.Day
}

// With returns the rules for the meetings about one plan, with what that asks of them.
func With(r Rules, needs Needs) Rules {
	r.needs = needs
	return r
}

// lacksFunction returns the flaw of a meeting at which a function was missing that the program names.
func (r *Record) lacksFunction() *Flaw {
	needs := &r.rules.needs
	wanted, what := needs.Review, "a review"
	switch r.Spec.Occasion {
	case v1alpha1.OccasionKickOff:
		wanted, what = needs.KickOff, "a kick-off"
	case v1alpha1.OccasionReconciliation:
		what = "a reconciliation"
	default:
	}
	if wanted == nil {
		return nil
	}
	var missing []string
	for _, side := range []struct {
		party     v1alpha1.Party
		functions []v1alpha1.Function
	}{{v1alpha1.PartyVendor, wanted.Vendor}, {v1alpha1.PartyPartner, wanted.Partner}} {
		functions := slices.Clone(side.functions)
		slices.Sort(functions)
		for _, function := range functions {
			if !slices.ContainsFunc(r.Spec.Attendees, func(a v1alpha1.Attendee) bool { return a.Party == side.party && slices.Contains(a.Functions, function) }) {
				missing = append(missing, fmt.Sprintf("%s of the %s", function, side.party))
			}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &Flaw{v1alpha1.ReasonIncomplete, RuleFunctionMissing, "spec.attendees", fmt.Sprintf(
		"nobody attended as %s; tier %q asks for that at %s: hold the meeting with them, or record it again with the functions of who was there "+
			"(attendees[].functions; one person may hold several)", verdict.List(missing), needs.Tier, what)}
}

// reconciles returns the flaw of a reconciliation that was held too early, or does not tell of each goal.
func (r *Record) reconciles() *Flaw {
	needs := &r.rules.needs
	switch {
	case r.Spec.Occasion != v1alpha1.OccasionReconciliation || needs.Ends.IsZero():
		return nil
	case r.HeldOn <= needs.Ends:
		return &Flaw{v1alpha1.ReasonNoSlot, RuleReconciliationEarly, "spec.heldOn", fmt.Sprintf(
			"the reconciliation was held on %s, and the period ends on %s: hold it after that", r.HeldOn, needs.Ends)}
	}
	var silent, half []v1alpha1.Name
	for _, goal := range needs.Goals {
		switch i := slices.IndexFunc(r.Spec.Goals, func(g v1alpha1.GoalOutcome) bool { return g.Goal == goal }); {
		case i < 0:
			silent = append(silent, goal)
		case r.Spec.Goals[i].Realistic == "" || r.Spec.Goals[i].Accomplished == "":
			half = append(half, goal)
		}
	}
	slices.Sort(silent)
	slices.Sort(half)
	const remedy = ": record it again with all goals of the plan of record, each with realistic and accomplished"
	switch {
	case len(silent) > 0:
		return &Flaw{v1alpha1.ReasonIncomplete, RuleReconciliationIncomplete, "spec.goals", fmt.Sprintf("it says nothing of goal %s%s", verdict.List(quoted(silent)), remedy)}
	case len(half) > 0:
		return &Flaw{v1alpha1.ReasonIncomplete, RuleReconciliationIncomplete, "spec.goals", fmt.Sprintf(
			"it does not say of goal %s whether it was realistic and what was accomplished%s", verdict.List(quoted(half)), remedy)}
	default:
		return nil
	}
}

// quoted returns names in quotation marks.
func quoted(names []v1alpha1.Name) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = fmt.Sprintf("%q", name)
	}
	return all
}
