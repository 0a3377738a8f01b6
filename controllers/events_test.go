package controllers

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
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

	edit(w, s.plan, func(p *v1alpha1.JointPlan) {
		p.Spec.Reviews = []v1alpha1.Review{{
			HeldOn: "2026-08-18", Outcome: "OnTrack", NoActionsBecause: "all goes well",
			Attendees: []v1alpha1.Attendee{{Name: "Vera", Party: v1alpha1.PartyVendor}, {Name: "Paul", Party: v1alpha1.PartyPartner}},
		}}
	})
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

func TestTransitions(t *testing.T) {
	condition := func(kind string, status metav1.ConditionStatus, reason string) metav1.Condition {
		return metav1.Condition{Type: kind, Status: status, Reason: reason, Message: "why"}
	}
	for name, tc := range map[string]struct {
		before, after []metav1.Condition
		want          []string
	}{
		"a first evaluation": {nil, []metav1.Condition{condition("OnTrack", "False", "OffTrack")}, nil},
		"nothing new":        {[]metav1.Condition{condition("OnTrack", "True", "OnTrack")}, []metav1.Condition{condition("OnTrack", "True", "OnTrack")}, nil},
		"another reason": {
			[]metav1.Condition{condition("OnTrack", "False", "AtRisk")},
			[]metav1.Condition{condition("OnTrack", "False", "OffTrack")},
			[]string{"Warning OffTrack JointPlan/x"},
		},
		"better": {
			[]metav1.Condition{condition("OnTrack", "False", "AtRisk")},
			[]metav1.Condition{condition("OnTrack", "True", "OnTrack")},
			[]string{"Normal OnTrack JointPlan/x"},
		},
		"not known": {
			[]metav1.Condition{condition("OnTrack", "False", "AtRisk")},
			[]metav1.Condition{condition("OnTrack", "Unknown", "WeightsInvalid")},
			[]string{"Normal WeightsInvalid JointPlan/x"},
		},
		"bad news that is True": {
			[]metav1.Condition{condition("ReviewOverdue", "False", "InGrace"), condition("ResultsStale", "False", "UpToDate")},
			[]metav1.Condition{condition("ReviewOverdue", "True", "Overdue"), condition("ResultsStale", "True", "ResultsMissing")},
			[]string{"Warning Overdue JointPlan/x", "Warning ResultsMissing JointPlan/x"},
		},
		"the same, over": {
			[]metav1.Condition{condition("ReviewOverdue", "True", "Overdue")},
			[]metav1.Condition{condition("ReviewOverdue", "False", "UpToDate")},
			[]string{"Normal UpToDate JointPlan/x"},
		},
		"stalled: Ready tells": {
			[]metav1.Condition{condition("Ready", "True", "Evaluated")},
			[]metav1.Condition{condition("Ready", "False", "InvalidSpec"), condition("Stalled", "True", "InvalidSpec")},
			[]string{"Warning InvalidSpec JointPlan/x"},
		},
		"still stalled, for another reason": {
			[]metav1.Condition{condition("Stalled", "True", "InvalidSpec")},
			[]metav1.Condition{condition("Stalled", "True", "ReferenceNotFound")},
			[]string{"Warning ReferenceNotFound JointPlan/x"},
		},
		"not approved in the course of events": {
			[]metav1.Condition{condition("Approved", "False", "Draft")},
			[]metav1.Condition{condition("Approved", "False", "AwaitingDecision")},
			[]string{"Normal AwaitingDecision JointPlan/x"},
		},
		"refused": {
			[]metav1.Condition{condition("Approved", "False", "AwaitingDecision")},
			[]metav1.Condition{condition("Approved", "False", "Rejected")},
			[]string{"Warning Rejected JointPlan/x"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := &world{TB: t}
			r := Reconciler{Events: w}
			plan := &v1alpha1.JointPlan{ObjectMeta: metav1.ObjectMeta{Name: "x"}}
			r.recordTransitions(plan, tc.before, tc.after)
			for _, e := range w.events {
				if e.action != "Evaluate" || e.note != "why" {
					t.Errorf("action %q and note %q, want Evaluate and the condition's message", e.action, e.note)
				}
			}
			if diff := cmp.Diff(tc.want, w.happened(plan)); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheNoteOfAnEventFitsTheAPI(t *testing.T) {
	w := &world{TB: t}
	r := Reconciler{Events: w}
	message := strings.Repeat("ä", maxNote) + "%d"
	r.recordTransitions(&v1alpha1.JointPlan{}, []metav1.Condition{{Type: "OnTrack"}}, []metav1.Condition{{Type: "OnTrack", Reason: "AtRisk", Message: message}})
	if note := w.events[0].note; len(note) > maxNote || !utf8.ValidString(note) || strings.Contains(note, "%!") {
		t.Errorf("a note of %d bytes, valid: %t", len(note), utf8.ValidString(note))
	}
}
