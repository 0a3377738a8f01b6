package testobj

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// PlanBuilder builds a JointPlan.
type PlanBuilder struct{ plan *v1alpha1.JointPlan }

// Plan is a plan of partner acme for the first half of fiscal year 2027, without goals.
func Plan(name string) *PlanBuilder {
	b := &PlanBuilder{plan: &v1alpha1.JointPlan{ObjectMeta: meta(name)}}
	b.plan.Spec.PartnerRef.Name = "acme"
	return b.Period(2027, v1alpha1.PartH1)
}

// Period sets the plan's period to a part of a fiscal year.
func (b *PlanBuilder) Period(fiscalYear int32, part v1alpha1.PeriodPart) *PlanBuilder {
	b.plan.Spec.Period = v1alpha1.Period{FiscalYear: &fiscalYear, Part: part}
	return b
}

// Goal adds a goal of the partner that serves initiative cloud-migration and has an absolute target.
func (b *PlanBuilder) Goal(name, metric v1alpha1.Name, target v1alpha1.Decimal) *PlanBuilder {
	b.plan.Spec.Goals = append(b.plan.Spec.Goals, v1alpha1.Goal{
		Name: name, Metric: metric, Owner: v1alpha1.PartyPartner, Initiatives: []v1alpha1.Name{"cloud-migration"},
		Target: &v1alpha1.Target{Mode: v1alpha1.TargetAbsolute, Value: target},
	})
	return b
}

// Deliverable adds a goal without a number, of the partner, that serves initiative cloud-migration.
func (b *PlanBuilder) Deliverable(name v1alpha1.Name, due v1alpha1.Date) *PlanBuilder {
	b.plan.Spec.Goals = append(b.plan.Spec.Goals, v1alpha1.Goal{
		Name: name, Deliverable: "a thing to be done", Owner: v1alpha1.PartyPartner, Initiatives: []v1alpha1.Name{"cloud-migration"}, Due: due,
	})
	return b
}

// Activity adds a planned activity.
func (b *PlanBuilder) Activity(name v1alpha1.Name, kind v1alpha1.ActivityType) *PlanBuilder {
	b.plan.Spec.Activities = append(b.plan.Spec.Activities, v1alpha1.PlannedActivity{Name: name, Type: kind})
	return b
}

// Commitment adds a commitment of the vendor that serves goals.
func (b *PlanBuilder) Commitment(name v1alpha1.Name, due v1alpha1.Date, goals ...v1alpha1.Name) *PlanBuilder {
	b.plan.Spec.Commitments = append(b.plan.Spec.Commitments, v1alpha1.Commitment{
		Name: name, Party: v1alpha1.PartyVendor, Description: "a promise", Due: due, Goals: goals,
	})
	return b
}

// With changes the plan's spec.
func (b *PlanBuilder) With(change func(*v1alpha1.JointPlanSpec)) *PlanBuilder {
	change(&b.plan.Spec)
	return b
}

// Obj returns the plan.
func (b *PlanBuilder) Obj() *v1alpha1.JointPlan { return b.plan }

// Decision is a decision of a party on a revision of a plan, at an instant, by vera for the vendor and paul for the partner.
func Decision(name, plan, revision string, party v1alpha1.Party, decision v1alpha1.DecisionOutcome, at string) *v1alpha1.ApprovalDecision {
	by := map[v1alpha1.Party]string{v1alpha1.PartyVendor: "vera", v1alpha1.PartyPartner: "paul"}[party]
	return &v1alpha1.ApprovalDecision{
		ObjectMeta: meta(name),
		Spec: v1alpha1.ApprovalDecisionSpec{
			TargetRef: v1alpha1.DecisionTargetReference{Kind: kinds.JointPlan, Name: v1alpha1.Name(plan)},
			Revision:  revision, Party: party, Decision: decision, ApprovedBy: by, DecidedTime: metav1.NewTime(At(at)), Comment: "because",
		},
	}
}

// Review is a review of a plan that counts: with an outcome, attendees of both parties, and a reason for having no actions, recorded by vera for the
// vendor at the beginning of its day.
func Review(plan string, heldOn v1alpha1.Date) *v1alpha1.PlanReview {
	return &v1alpha1.PlanReview{ObjectMeta: meta(plan + "-review-" + string(heldOn)), Spec: v1alpha1.PlanReviewSpec{
		PlanRef: v1alpha1.Reference{Name: v1alpha1.Name(plan)}, Occasion: v1alpha1.OccasionReview, Party: v1alpha1.PartyVendor,
		RecordedBy: "vera", RecordedTime: metav1.NewTime(startOf(heldOn)), HeldOn: heldOn, Outcome: "OnTrack", NoActionsBecause: "all goes well",
		Attendees: []v1alpha1.Attendee{{Name: "Vera", Party: v1alpha1.PartyVendor}, {Name: "Paul", Party: v1alpha1.PartyPartner}},
	}}
}

// startOf is the first instant of a day in the zone of Program; of what is not a day that of 2026-07-01.
func startOf(day v1alpha1.Date) time.Time {
	parsed, err := fiscal.ParseDay(day)
	if err != nil {
		parsed = fiscal.MustParseDay("2026-07-01")
	}
	return fiscal.MustNew(Program("x").Obj().Spec.Calendar).StartOf(parsed)
}

// ByPartner makes a review one that paul recorded for the partner at an instant.
func ByPartner(r *v1alpha1.PlanReview, at string) *v1alpha1.PlanReview {
	r.Name += "-p"
	r.Spec.Party, r.Spec.RecordedBy, r.Spec.RecordedTime = v1alpha1.PartyPartner, "paul", metav1.NewTime(At(at))
	return r
}

// Answer is a decision of a person of a party on a review, of which the revision is given, at an instant.
func Answer(name string, on *v1alpha1.PlanReview, revision string, party v1alpha1.Party, decision v1alpha1.DecisionOutcome, by, at string) *v1alpha1.ApprovalDecision {
	d := Decision(name, on.Name, revision, party, decision, at)
	d.Spec.TargetRef.Kind, d.Spec.ApprovedBy = kinds.PlanReview, by
	return d
}

// Campaign is a webinar under a plan in September 2026 that serves goals.
func Campaign(name, plan string, goals ...v1alpha1.Name) *v1alpha1.Campaign {
	return &v1alpha1.Campaign{ObjectMeta: meta(name), Spec: v1alpha1.CampaignSpec{
		PlanRef: v1alpha1.Reference{Name: v1alpha1.Name(plan)}, Type: "Webinar", Goals: goals,
		Schedule: v1alpha1.Schedule{StartsOn: "2026-09-01", EndsOn: "2026-09-30"},
	}}
}

// Measured is a set of values of one metric of a plan, from source crm. The pairs are days and values.
func Measured(name, plan string, metric v1alpha1.Name, pairs ...string) *v1alpha1.MeasurementSet {
	set := &v1alpha1.MeasurementSet{ObjectMeta: meta(name), Spec: v1alpha1.MeasurementSetSpec{
		SubjectRef: v1alpha1.SubjectReference{Kind: v1alpha1.SubjectJointPlan, Name: v1alpha1.Name(plan)}, Source: "crm",
	}}
	for i := 0; i+1 < len(pairs); i += 2 {
		set.Spec.Entries = append(set.Spec.Entries, v1alpha1.Measurement{
			Metric: metric, Day: v1alpha1.Date(pairs[i]), Value: v1alpha1.Decimal(pairs[i+1]),
		})
	}
	return set
}
