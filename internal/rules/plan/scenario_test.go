package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// story is a plan with what else exists, as people change it over time.
type story struct {
	plan      *v1alpha1.JointPlan
	decisions []*v1alpha1.ApprovalDecision
	reviews   []*v1alpha1.PlanReview
	kept      []*v1alpha1.PlanRevision
	measured  *v1alpha1.MeasurementSet
}

// decide adds a decision on what the plan says at that moment.
func (s *story) decide(name string, party v1alpha1.Party, at string) {
	s.decisions = append(s.decisions, testobj.Decision(name, "h1", plan.Revision(&s.plan.Spec.PlanTerms), party, approved, at))
}

func (s *story) evaluate(now time.Time) plan.Result {
	objects := world(s.plan, func(r *v1alpha1.RuleSet) {
		r.Realism = []v1alpha1.RealismBound{{Metric: "new-revenue", MaxTarget: "900000"}}
		r.Tiers[0].Planning.RequiredSections = []v1alpha1.PlanSection{"Goals", "KickOff"}
	})
	for _, d := range s.decisions {
		objects = append(objects, d)
	}
	for _, r := range s.reviews {
		objects = append(objects, r)
	}
	if s.measured != nil {
		objects = append(objects, s.measured)
	}
	for _, r := range s.kept {
		objects = append(objects, r)
	}
	result := plan.Evaluate(testobj.Snapshot(objects...), s.plan, now)
	s.kept = append(s.kept, result.Keep...)
	return result
}

// kickOff is the vendor's record of a kick-off of plan h1.
func kickOff(heldOn v1alpha1.Date) *v1alpha1.PlanReview {
	r := testobj.Review("h1", heldOn)
	r.Name += "-kick-off"
	r.Spec.Occasion, r.Spec.Outcome, r.Spec.NoActionsBecause = v1alpha1.OccasionKickOff, "", ""
	return r
}

// lines says how a plan stands, a line per thing.
func (s *story) lines(r plan.Result) []string {
	lines := []string{"stage " + string(r.Status.Stage)}
	if record := r.Status.PlanOfRecord; record != nil {
		lines = append(lines, fmt.Sprintf("of record %s since %s", record.Name, record.ApprovedTime.UTC().Format(time.RFC3339)))
	}
	for _, c := range r.Status.Conditions {
		lines = append(lines, fmt.Sprintf("%s %s %s: %s", c.Type, c.Status, c.Reason, c.Message))
	}
	for _, f := range r.Status.Findings {
		lines = append(lines, fmt.Sprintf("finding %s %s %s: %s", f.Severity, f.Rule, f.Field, f.Message))
	}
	for _, g := range r.Status.Goals {
		lines = append(lines, fmt.Sprintf("goal %s %s: %s", g.Name, g.Verdict, g.Message))
	}
	for _, i := range r.Status.OpenItems {
		lines = append(lines, fmt.Sprintf("open %s %s of %s by %s: %s", i.Kind, i.Name, i.Party, i.Due, i.State))
	}
	if r.Status.Reviews != nil {
		lines = append(lines, "reviews "+strings.Join(slotLines(r.Status.Reviews), ", "))
	}
	return lines
}

// TestThePlanOfAHalfYear tells a plan's life from draft to closed, and steps through every change on the way.
func TestThePlanOfAHalfYear(t *testing.T) {
	s := &story{plan: testobj.Plan("h1").Goal("revenue", "new-revenue", "600000").Deliverable("portal", "2026-09-30").
		Commitment("train", "2026-08-31", "revenue", "portal").Activity("fair", "TradeShow").
		With(func(spec *v1alpha1.JointPlanSpec) {
			spec.Goals[0].Milestones = []v1alpha1.Milestone{{Day: "2026-08-31", Value: "420000"}}
		}).Obj()}
	var out strings.Builder
	var before []string
	show := func(at time.Time, why string, r plan.Result) {
		lines := s.lines(r)
		if slices.Equal(lines, before) {
			return
		}
		fmt.Fprintf(&out, "\n%s  %s\n", at.UTC().Format(time.RFC3339), why)
		for _, line := range before {
			if !slices.Contains(lines, line) {
				fmt.Fprintf(&out, "  - %s\n", line)
			}
		}
		for _, line := range lines {
			if !slices.Contains(before, line) {
				fmt.Fprintf(&out, "  + %s\n", line)
			}
		}
		before = lines
	}
	steps := []struct {
		at, why string
		change  func()
	}{
		{"2026-06-10T09:00:00+02:00", "a draft is written", func() {}},
		{"2026-06-15T09:00:00+02:00", "the partner approves, and so submits it", func() { s.decide("partner-1", partner, "2026-06-15T09:00:00+02:00") }},
		{"2026-06-25T10:00:00+02:00", "the vendor approves", func() { s.decide("vendor-1", vendor, "2026-06-25T10:00:00+02:00") }},
		{"2026-07-02T10:00:00+02:00", "the kick-off is held", func() {
			s.reviews = []*v1alpha1.PlanReview{kickOff("2026-07-02")}
		}},
		{"2026-08-12T16:00:00+02:00", "a late review is held", func() {
			r := testobj.Review("h1", "2026-08-12")
			r.Spec.NoActionsBecause = ""
			r.Spec.Actions = []v1alpha1.ActionItem{{Name: "call", Party: vendor, Due: "2026-08-20"}}
			s.reviews = append(s.reviews, r)
		}},
		{"2026-08-22T09:00:00+02:00", "the action is done", func() {
			s.plan.Spec.Progress = &v1alpha1.Progress{Done: []v1alpha1.DoneItem{{Kind: "Action", Name: "h1-review-2026-08-12/call", Day: "2026-08-22"}}}
		}},
		{"2026-08-31T18:00:00+02:00", "results come in, and the commitment is kept", func() {
			s.measured = testobj.Measured("crm", "h1", "new-revenue", "2026-08-31", "405000")
			s.plan.Spec.Progress.Done = append(s.plan.Spec.Progress.Done, v1alpha1.DoneItem{Kind: "Commitment", Name: "train", Day: "2026-08-31"})
		}},
		{"2026-09-01T12:00:00+02:00", "a review is held in time", func() {
			s.reviews = append(s.reviews, testobj.Review("h1", "2026-09-01"))
		}},
		{"2026-09-10T12:00:00+02:00", "the plan is amended", func() {
			s.plan.Spec.Goals[0].Target.Value = "650000"
			s.plan.Spec.Risks = []v1alpha1.Risk{{Name: "strike", Description: "no trains"}}
		}},
		{"2026-09-14T12:00:00+02:00", "the partner approves the amendment", func() { s.decide("partner-2", partner, "2026-09-14T12:00:00+02:00") }},
		{"2026-09-15T12:00:00+02:00", "the vendor approves the amendment", func() { s.decide("vendor-2", vendor, "2026-09-15T12:00:00+02:00") }},
		{"2026-10-01T12:00:00+02:00", "a review is held, the portal is late", func() {
			s.reviews = append(s.reviews, testobj.Review("h1", "2026-10-01"))
		}},
		{"2026-10-05T12:00:00+02:00", "the portal is there", func() {
			s.plan.Spec.Progress.Done = append(s.plan.Spec.Progress.Done, v1alpha1.DoneItem{Kind: "Goal", Name: "portal", Day: "2026-10-05"})
		}},
		{"2026-12-31T20:00:00+01:00", "the last results come in", func() {
			s.measured.Spec.Entries = append(s.measured.Spec.Entries, v1alpha1.Measurement{Metric: "new-revenue", Day: "2026-12-31", Value: "45000"})
		}},
		{"2027-04-01T00:00:00+02:00", "the end of the story", func() {}},
	}
	var stages []v1alpha1.PlanStage
	for i, step := range steps {
		step.change()
		at, why := testobj.At(step.at), step.why
		for {
			r := s.evaluate(at)
			s.plan.Status = r.Status
			show(at, why, r)
			stages = append(stages, r.Status.Stage)
			checkInvariants(t, s.plan, r.Status)
			next := r.NextChange
			if i+1 == len(steps) || next.IsZero() || !next.Before(testobj.At(steps[i+1].at)) {
				break
			}
			at, why = next, "time passes"
		}
	}
	want := []v1alpha1.PlanStage{"Draft", "PendingApproval", "Approved", "Active", "AwaitingClaims", "Closed"}
	if got := slices.Compact(stages); !slices.Equal(got, want) {
		t.Errorf("stages %v, want %v", got, want)
	}
	if last := s.evaluate(testobj.At("2027-04-01T00:00:00Z")); !last.NextChange.IsZero() {
		t.Errorf("a closed plan changes on %s", last.NextChange)
	}
	golden(t, "half-year.golden", strings.TrimPrefix(out.String(), "\n"))
}

func TestAConditionKeepsItsTransitionTimeWhileItsStatusStays(t *testing.T) {
	p := testobj.Plan("h1").Obj()
	all := running(p, beforePeriod)
	p.Status = plan.Evaluate(all, p, testobj.At("2026-08-03T00:00:00Z")).Status
	later := plan.Evaluate(all, p, testobj.At("2026-08-10T00:00:00Z")).Status
	for kind, want := range map[string]string{"Approved": "2026-08-03T00:00:00Z", "ReviewOverdue": "2026-08-10T00:00:00Z"} {
		if got := condition(later.Conditions, kind).LastTransitionTime; !got.Equal(&metav1.Time{Time: testobj.At(want)}) {
			t.Errorf("%s since %s, want %s", kind, got, want)
		}
	}
}
