package status

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/storetest"
)

// recorded is an event.
type recorded struct{ kind, reason, action, object, note string }

// notebook notes events.
type notebook []recorded

// Eventf notes an event.
func (n *notebook) Eventf(regarding, _ runtime.Object, kind, reason, action, note string, args ...any) {
	*n = append(*n, recorded{kind, reason, action, storetest.NameOf(regarding.(client.Object)), fmt.Sprintf(note, args...)})
}

// all returns what was noted, without the notes.
func (n *notebook) all() []string {
	var list []string
	for _, e := range *n {
		list = append(list, e.kind+" "+e.reason+" "+e.object)
	}
	return list
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
			var notes notebook
			w := NewWriter(nil, &notes, nil)
			plan := &v1alpha1.JointPlan{ObjectMeta: metav1.ObjectMeta{Name: "x"}}
			w.recordTransitions(plan, tc.before, tc.after)
			for _, e := range notes {
				if e.action != "Evaluate" || e.note != "why" {
					t.Errorf("action %q and note %q, want Evaluate and the condition's message", e.action, e.note)
				}
			}
			if diff := cmp.Diff(tc.want, notes.all()); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheNoteOfAnEventFitsTheAPI(t *testing.T) {
	var notes notebook
	w := NewWriter(nil, &notes, nil)
	message := "proof\n\x1b[2Kx" + strings.Repeat("ä", maxNote) + "%d"
	w.recordTransitions(&v1alpha1.JointPlan{}, []metav1.Condition{{Type: "OnTrack"}}, []metav1.Condition{{Type: "OnTrack", Reason: "AtRisk", Message: message}})
	if note := notes[0].note; len(note) > maxNote || !utf8.ValidString(note) || strings.Contains(note, "%!") || !strings.HasPrefix(note, `proof ⏎ \u001b[2Kx`) {
		t.Errorf("a note of %d bytes, valid: %t: %.20q", len(note), utf8.ValidString(note), note)
	}
}
