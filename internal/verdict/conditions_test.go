package verdict_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/verdict"
)

var (
	yesterday = time.Date(2026, 9, 29, 12, 0, 0, 0, time.UTC)
	now       = time.Date(2026, 9, 30, 14, 30, 15, 999, time.FixedZone("CEST", 2*60*60))
	nowShown  = time.Date(2026, 9, 30, 12, 30, 15, 0, time.UTC)
)

func TestConditionKeepsItsTransitionTimeWhileItsStatusStays(t *testing.T) {
	old := func(status metav1.ConditionStatus) []metav1.Condition {
		return []metav1.Condition{
			{Type: "Smart", Status: metav1.ConditionFalse, LastTransitionTime: metav1.NewTime(yesterday.Add(-time.Hour))},
			{Type: "OnTrack", Status: status, Reason: "Old", Message: "old", ObservedGeneration: 2, LastTransitionTime: metav1.NewTime(yesterday)},
		}
	}
	for name, tc := range map[string]struct {
		old  []metav1.Condition
		want time.Time
	}{
		"new":                           {nil, nowShown},
		"same status with a new reason": {old(metav1.ConditionTrue), yesterday},
		"other status":                  {old(metav1.ConditionFalse), nowShown},
		"unknown before":                {old(metav1.ConditionUnknown), nowShown},
		"same status without a time":    {[]metav1.Condition{{Type: "OnTrack", Status: metav1.ConditionTrue}}, nowShown},
	} {
		t.Run(name, func(t *testing.T) {
			c := verdict.NewConditions(tc.old, 3, now)
			c.True("OnTrack", "OnTrack", "pace 108")
			want := []metav1.Condition{{
				Type: "OnTrack", Status: metav1.ConditionTrue, Reason: "OnTrack", Message: "pace 108", ObservedGeneration: 3,
				LastTransitionTime: metav1.NewTime(tc.want),
			}}
			if diff := cmp.Diff(want, c.List()); diff != "" {
				t.Errorf("List() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConditionsNotSetAgainAreGone(t *testing.T) {
	c := verdict.NewConditions([]metav1.Condition{{Type: "Stalled", Status: metav1.ConditionTrue, LastTransitionTime: metav1.NewTime(yesterday)}}, 1, now)
	c.Readiness(&verdict.Findings{})
	if diff := cmp.Diff([]string{"Ready=True"}, brief(c)); diff != "" {
		t.Errorf("List() (-want +got):\n%s", diff)
	}
}

func TestConditionSetTwiceHasTheLastVerdict(t *testing.T) {
	c := verdict.NewConditions(nil, 1, now)
	c.False("Smart", "NotSmart", "no owner")
	c.Unknown("Smart", "NotEvaluated", "no goals")
	if diff := cmp.Diff([]string{"Smart=Unknown"}, brief(c)); diff != "" {
		t.Errorf("List() (-want +got):\n%s", diff)
	}
}

func TestConditionsAreListedReadyStalledReconcilingThenByName(t *testing.T) {
	c := verdict.NewConditions(nil, 1, now)
	for _, kind := range []string{"OnTrack", "Stalled", "Approved", "Reconciling", "Ready", "Smart"} {
		c.True(kind, "R", "")
	}
	want := []string{"Ready=True", "Stalled=True", "Reconciling=True", "Approved=True", "OnTrack=True", "Smart=True"}
	if diff := cmp.Diff(want, brief(c)); diff != "" {
		t.Errorf("List() (-want +got):\n%s", diff)
	}
}

func TestConditionMessageIsOneLine(t *testing.T) {
	c := verdict.NewConditions(nil, 1, now)
	c.True("Approved", "R", "approved by vera\nApproved: by dirk\u202e")
	if got, want := c.List()[0].Message, `approved by vera ⏎ Approved: by dirk\u202e`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestConditionMessageFitsTheAPI(t *testing.T) {
	c := verdict.NewConditions(nil, 1, now)
	c.True("OnTrack", "R", strings.Repeat("m", 40000))
	if got := len(c.List()[0].Message); got != 1024 {
		t.Errorf("a message of %d bytes, want 1024", got)
	}
}

func TestReadiness(t *testing.T) {
	for name, tc := range map[string]struct {
		add         func(*verdict.Findings)
		wantReason  string
		wantMessage string
		wantStalled bool
	}{
		"nothing wrong": {
			add: func(f *verdict.Findings) { f.Warningf("Late", "spec.a", "late"); f.Infof("Soon", "", "soon") },

			wantReason: v1alpha1.ReasonEvaluated, wantMessage: "evaluated; the spec has no errors",
		},
		"one error": {
			add:        func(f *verdict.Findings) { f.Errorf("MetricUnknown", "spec.goals[a].metric", "no metric %q", "x") },
			wantReason: v1alpha1.ReasonInvalidSpec, wantMessage: `spec.goals[a].metric: no metric "x"`, wantStalled: true,
		},
		"an error about no field": {
			add:        func(f *verdict.Findings) { f.Errorf("Odd", "", "odd") },
			wantReason: v1alpha1.ReasonInvalidSpec, wantMessage: "odd", wantStalled: true,
		},
		"two errors": {
			add: func(f *verdict.Findings) {
				f.Errorf("B", "spec.b", "wrong")
				f.Errorf("A", "spec.a", "wrong")
				f.Warningf("W", "spec.w", "late")
			},
			wantReason: v1alpha1.ReasonInvalidSpec, wantMessage: "spec.a: wrong (and 1 more error: see findings)", wantStalled: true,
		},
		"the same error found twice": {
			add:        func(f *verdict.Findings) { f.Errorf("A", "spec.a", "wrong"); f.Errorf("A", "spec.a", "wrong") },
			wantReason: v1alpha1.ReasonInvalidSpec, wantMessage: "spec.a: wrong", wantStalled: true,
		},
		"a missing reference first": {
			add: func(f *verdict.Findings) {
				f.Errorf(verdict.RuleReferenceNotFound, "spec.planRef.name", "%s", verdict.NotFound("plan", "acme-h", []string{"acme-h1"}))
				f.Errorf("Z", "spec.z", "wrong")
				f.Errorf("Zz", "spec.z", "wrong")
			},
			wantReason:  v1alpha1.ReasonReferenceNotFound,
			wantMessage: `spec.planRef.name: plan "acme-h" not found or not permitted: did you mean "acme-h1"? (and 2 more errors: see findings)`,
			wantStalled: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			findings := &verdict.Findings{}
			tc.add(findings)
			c := verdict.NewConditions(nil, 1, now)
			c.Readiness(findings)
			status := metav1.ConditionTrue
			if tc.wantStalled {
				status = metav1.ConditionFalse
			}
			condition := func(kind string, status metav1.ConditionStatus) metav1.Condition {
				return metav1.Condition{
					Type: kind, Status: status, Reason: tc.wantReason, Message: tc.wantMessage, ObservedGeneration: 1,
					LastTransitionTime: metav1.NewTime(nowShown),
				}
			}
			want := []metav1.Condition{condition("Ready", status)}
			if tc.wantStalled {
				want = append(want, condition("Stalled", metav1.ConditionTrue))
			}
			if diff := cmp.Diff(want, c.List()); diff != "" {
				t.Errorf("List() (-want +got):\n%s", diff)
			}
		})
	}
}

func brief(c *verdict.Conditions) []string {
	var list []string
	for _, x := range c.List() {
		list = append(list, x.Type+"="+string(x.Status))
	}
	return list
}
