// Package meeting says how the record of a meeting about a plan stands: whether it was made in time and is complete, and what the other party says
// of it. Whether a review is held by it is said by package plan, which knows the due days.
//
// Who does not profit vouches, and silence helps nobody. What the vendor records counts at once, for the partner. What the partner records stops the
// clock while the vendor can still answer, and counts when the vendor confirms it, or lets the days for a dispute go by. A dispute that nobody has
// resolved leaves things as they were when it was raised.
package meeting

import (
	"cmp"
	"fmt"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// Documented defaults of a rule set's reviews.
const (
	defaultRecordWithinDays  = 5
	defaultConfirmWithinDays = 5
	defaultResolveWithinDays = 10
	defaultResolver          = "ChannelDirector"
)

// Rules are what records are judged by.
type Rules struct {
	// Calendar is that of the program.
	Calendar *fiscal.Calendar
	// Resolver is the role that resolves disputes, EscalateTo the one that hears of those that are not resolved in time.
	Resolver, EscalateTo string

	record, confirm, resolve int // business days
	needs                    Needs
}

// NewRules takes the rules from a rule set.
func NewRules(calendar *fiscal.Calendar, set *v1alpha1.RuleSet) Rules {
	r := Rules{
		Calendar: calendar, Resolver: defaultResolver,
		record: defaultRecordWithinDays, confirm: defaultConfirmWithinDays, resolve: defaultResolveWithinDays,
	}
	var disputes *v1alpha1.DisputeRule
	if set.Reviews != nil {
		r.record = int(program.Or(set.Reviews.RecordWithinDays, defaultRecordWithinDays))
		r.confirm = int(program.Or(set.Reviews.ConfirmWithinDays, defaultConfirmWithinDays))
		disputes = set.Reviews.Disputes
	}
	if disputes != nil {
		r.Resolver, r.EscalateTo = disputes.Resolver, disputes.EscalateTo
		r.resolve = int(program.Or(disputes.ResolveWithinDays, defaultResolveWithinDays))
	}
	if r.EscalateTo == "" {
		r.EscalateTo = highest(set.Escalation, r.Resolver)
	}
	return r
}

// Within says within how many business days a meeting has to be recorded: "within 5 business days of the meeting".
func (r *Rules) Within() string {
	return fmt.Sprintf("within %s of the meeting", verdict.Count(r.record, "business day"))
}

// highest returns the last role of the ladder of reviews; otherwise without one.
func highest(ladder []v1alpha1.EscalationStep, otherwise string) string {
	var after int32
	for _, step := range ladder {
		if cmp.Or(step.About, v1alpha1.EscalateReview) == v1alpha1.EscalateReview && step.AfterDays > after {
			after, otherwise = step.AfterDays, step.To
		}
	}
	return otherwise
}
