package metrics

import (
	"k8s.io/apimachinery/pkg/api/meta"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// partner counts a partner.
func (c *count) partner(x *v1alpha1.Partner) {
	if x.Status.Standing == nil {
		return
	}
	c.add(Partners, string(c.programs[keyOf(x)]), string(x.Status.EffectiveTier), string(x.Status.Standing.Step))
}

// plan counts a plan.
func (c *count) plan(x *v1alpha1.JointPlan) {
	if x.Status.Stage == "" {
		return
	}
	program := c.programOf(x.Namespace, v1alpha1.Name(x.Name))
	c.add(Plans, string(program), string(x.Status.Stage))
	if state := reasonOf(x, v1alpha1.ConditionReviewOverdue); state != "" {
		c.add(PlanReviews, string(program), state) // to close settles none
	}
	if x.Status.Stage == v1alpha1.StageClosed {
		return
	}
	if verdict := reasonOf(x, v1alpha1.ConditionOnTrack); verdict != "" {
		c.add(PlanPace, string(program), verdict)
	}
	c.planPending(x, program)
}

// planPending notes since when a plan waits for a decision: from the day on which it was submitted, an amendment from the instant at which the
// plan was no longer approved as it is written.
func (c *count) planPending(x *v1alpha1.JointPlan, program v1alpha1.Name) {
	approved := meta.FindStatusCondition(x.Status.Conditions, v1alpha1.ConditionApproved)
	if approved == nil {
		return
	}
	switch approved.Reason {
	case v1alpha1.ReasonAwaitingDecision, v1alpha1.ReasonDecisionOverdue:
		if x.Status.Submission != nil {
			c.pending(kinds.JointPlan, program, x.Status.Submission.SubmittedOn)
		}
	case v1alpha1.ReasonAmendmentPending:
		c.earliest(OldestPendingDecision, approved.LastTransitionTime.Time, string(program), kinds.JointPlan)
	}
}

// pending notes that something waits for a decision since a day.
func (c *count) pending(kind string, program v1alpha1.Name, since v1alpha1.Date) {
	day, err := fiscal.ParseDay(since)
	if err != nil { // it waits since it was written; the API server asks for the day
		return
	}
	calendar := c.calendars[program]
	if calendar == nil {
		calendar = fiscal.UTC()
	}
	c.earliest(OldestPendingDecision, calendar.StartOf(day), string(program), kind)
}
