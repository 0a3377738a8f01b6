package controllers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

func TestEventsTellTheStoryOfALateReview(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-08-02T23:30:00+02:00")
	for _, step := range []struct {
		at   string
		want []string
	}{
		{"2026-08-02T23:59:59.999999999+02:00", nil},
		{"2026-08-03T00:00:00+02:00", []string{"Normal ReviewDue JointPlan/acme-h1"}},
		{"2026-08-04T00:00:00+02:00", []string{"Normal InGrace JointPlan/acme-h1"}},
		{"2026-08-08T23:59:59.999999999+02:00", nil},
		{graceEnds, []string{"Warning Overdue JointPlan/acme-h1"}},
		{"2026-08-11T00:00:00+02:00", []string{"Warning Escalated JointPlan/acme-h1"}},
		{"2026-08-18T00:00:00+02:00", nil}, // to the director too: neither the status nor the reason is another one
	} {
		w.advance(step.at)
		if diff := cmp.Diff(step.want, w.happened(s.plan)); diff != "" {
			t.Errorf("events by %s (-want +got):\n%s", step.at, diff)
		}
	}

	w.create(testobj.Review("acme-h1", "2026-08-18"))
	w.written()
	w.run()
	if got := w.condition(s.plan, v1alpha1.ConditionReviewOverdue); !strings.HasPrefix(got, "False UpToDate: ") {
		t.Errorf("ReviewOverdue is %q after the review was applied, want False UpToDate", got)
	}
	if len(w.events) == 0 {
		t.Fatal("no event when the review was applied")
	}
	for _, e := range w.events {
		if e.object == nameOf(s.plan) && e.writes == 0 {
			t.Errorf("%s was recorded before the status was written", e)
		}
		if e.object == nameOf(s.plan) && !strings.HasSuffix(w.condition(s.plan, v1alpha1.ConditionReviewOverdue), e.reason+": "+e.note) {
			t.Errorf("%s says %q, want what the condition says", e, e.note)
		}
	}
	if diff := cmp.Diff([]string{"Normal UpToDate JointPlan/acme-h1"}, w.happened(s.plan)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestEventsTellTheStoryOfAnAmendment(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-07-10T10:00:00+02:00")
	amended := func(p *v1alpha1.JointPlan) { p.Spec.Goals[0].Target.Value = "500000" }
	edit(w, s.plan, amended)
	w.run()
	if diff := cmp.Diff([]string{"Normal AmendmentPending JointPlan/acme-h1"}, w.happened(s.plan)); diff != "" {
		t.Errorf("events of the amendment (-want +got):\n%s", diff)
	}
	amended(s.plan)
	vendor, byPartner := s.decisions("-2", "2026-07-10T09:00:00+02:00")
	w.create(vendor)
	w.run()
	if diff := cmp.Diff([]string(nil), w.happened(s.plan)); diff != "" {
		t.Errorf("events of the first approval (-want +got):\n%s", diff)
	}
	w.create(byPartner)
	w.run()
	events := w.events
	if diff := cmp.Diff([]string{"Normal Approved JointPlan/acme-h1"}, w.happened(s.plan)); diff != "" {
		t.Errorf("events of the second approval (-want +got):\n%s", diff)
	}
	w.events = events
	if diff := cmp.Diff([]string{"Normal Stale ApprovalDecision/vendor"}, w.happened(s.vendor)); diff != "" {
		t.Errorf("events of the decision on the old revision (-want +got):\n%s", diff)
	}
}
