package suspension_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/suspension"
)

func TestRequested(t *testing.T) {
	suspended := metav1.ObjectMeta{Annotations: map[string]string{v1alpha1.AnnotationSuspend: "true"}}
	for name, tc := range map[string]struct {
		object metav1.Object
		want   bool
	}{
		"a program":             {&v1alpha1.PartnerProgram{ObjectMeta: suspended}, true},
		"a partner":             {&v1alpha1.Partner{ObjectMeta: suspended}, true},
		"a plan":                {&v1alpha1.JointPlan{ObjectMeta: suspended}, true},
		"a campaign":            {&v1alpha1.Campaign{ObjectMeta: suspended}, true},
		"a budget":              {&v1alpha1.MDFBudget{ObjectMeta: suspended}, true},
		"a request":             {&v1alpha1.MDFAllocation{ObjectMeta: suspended}, false},
		"a claim":               {&v1alpha1.MDFClaim{ObjectMeta: suspended}, false},
		"a decision":            {&v1alpha1.ApprovalDecision{ObjectMeta: suspended}, false},
		"results":               {&v1alpha1.MeasurementSet{ObjectMeta: suspended}, false},
		"a ledger":              {&v1alpha1.MDFLedger{ObjectMeta: suspended}, false},
		"without an annotation": {&v1alpha1.JointPlan{}, false},
		"false":                 {planWith("false"), false},
		"another word for true": {planWith("yes"), false},
		"another case":          {planWith("True"), false},
		"nothing":               {planWith(""), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := suspension.Requested(tc.object); got != tc.want {
				t.Errorf("Requested() = %t, want %t", got, tc.want)
			}
		})
	}
}

func planWith(value string) *v1alpha1.JointPlan {
	return &v1alpha1.JointPlan{ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{v1alpha1.AnnotationSuspend: value}}}
}

// TestAnAnnotationThatStopsNothingIsAWarning gives every kind the values that people write for true.
func TestAnAnnotationThatStopsNothingIsAWarning(t *testing.T) {
	const field = "metadata.annotations[channel.jointplan.dev/suspend]"
	other := v1alpha1.Finding{Rule: "A", Severity: v1alpha1.SeverityError, Message: "a"}
	for _, k := range kinds.All() {
		for _, value := range []string{"true", "false", "True", "TRUE", "yes", "1", "", " true", "on", "none"} {
			object := k.New()
			of, evaluated := object.(suspension.Object)
			if !evaluated {
				continue
			}
			want := []v1alpha1.Finding{other}
			switch {
			case value == "false" || value == "true" && k.Suspendable:
			case k.Suspendable:
				want = append(want, v1alpha1.Finding{Rule: "SuspendIgnored", Severity: v1alpha1.SeverityWarning, Field: field, Message: fmt.Sprintf(
					`the value %q suspends nothing: write "true" to suspend this %s, or remove the annotation`, value, k.Name)})
			case k.Money:
				want = append(want, v1alpha1.Finding{
					Rule: "SuspendIgnored", Severity: v1alpha1.SeverityWarning, Field: field,
					Message: k.Called + " cannot be suspended, and go on: to stop their money suspend the MDFBudget; remove the annotation here",
				})
			default:
				want = append(want, v1alpha1.Finding{
					Rule: "SuspendIgnored", Severity: v1alpha1.SeverityWarning, Field: field, Message: k.Called + " cannot be suspended, and go on: remove the annotation",
				})
			}
			object.SetAnnotations(map[string]string{v1alpha1.AnnotationSuspend: value})
			before := []v1alpha1.Finding{other}
			of.Common().Findings = before
			suspension.Remark(of)
			suspension.Remark(of) // again
			if diff := cmp.Diff(want, of.Common().Findings); diff != "" {
				t.Errorf("%s with %q (-want +got):\n%s", k.Name, value, diff)
			}
			object.SetAnnotations(nil)
			suspension.Remark(of)
			if diff := cmp.Diff([]v1alpha1.Finding{other}, of.Common().Findings); diff != "" || before[0] != other {
				t.Errorf("%s after its removal (-want +got):\n%s", k.Name, diff)
			}
		}
	}
	bare := &v1alpha1.Partner{}
	suspension.Remark(bare)
	if bare.Status.Findings != nil {
		t.Errorf("without annotation there are the findings %v", bare.Status.Findings)
	}
}

func TestConditions(t *testing.T) {
	const begin = "suspended by the annotation channel.jointplan.dev/suspend: "
	before, now := metav1.NewTime(time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)), metav1.NewTime(time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC))
	status := func(kind string, status metav1.ConditionStatus) metav1.Condition {
		return metav1.Condition{Type: kind, Status: status, Reason: "X", Message: "x", ObservedGeneration: 1, LastTransitionTime: before}
	}
	suspended := func(generation int64, since metav1.Time, message string) metav1.Condition {
		return metav1.Condition{
			Type: "Suspended", Status: "True", Reason: "Suspended", Message: begin + message, ObservedGeneration: generation, LastTransitionTime: since,
		}
	}
	const current, resume = "this status stays as it is; it is that of the current spec", "; to resume, remove the annotation"
	for name, tc := range map[string]struct {
		object     suspension.Object
		generation int64
		observed   int64
		conditions []metav1.Condition
		want       []metav1.Condition
	}{
		"stands after what all kinds have": {
			&v1alpha1.JointPlan{}, 1, 1,
			[]metav1.Condition{status("Ready", "False"), status("Stalled", "True"), status("Approved", "False")},
			[]metav1.Condition{status("Ready", "False"), status("Stalled", "True"), suspended(1, now, current+resume), status("Approved", "False")},
		},
		"says of which generation the status is": {
			&v1alpha1.Campaign{}, 3, 1,
			[]metav1.Condition{status("Ready", "True"), status("Aligned", "True")},
			[]metav1.Condition{
				status("Ready", "True"),
				suspended(3, now, "this status stays as it is; it is that of generation 1 of the spec, which is now at 3"+resume), status("Aligned", "True"),
			},
		},
		"keeps since when, and follows the generation": {
			&v1alpha1.Partner{}, 2, 2,
			[]metav1.Condition{status("Ready", "True"), suspended(1, before, "old")},
			[]metav1.Condition{status("Ready", "True"), suspended(2, before, current+resume)},
		},
		"never evaluated": {
			&v1alpha1.PartnerProgram{}, 1, -1, nil,
			[]metav1.Condition{suspended(1, now, "this status stays as it is; the object was never evaluated"+resume)},
		},
		"a budget": {
			&v1alpha1.MDFBudget{}, 1, 1,
			[]metav1.Condition{status("Ready", "True")},
			[]metav1.Condition{status("Ready", "True"), suspended(1, now, "nothing is granted, released or settled, and "+current+resume)},
		},
		"a budget of which a wrong clock was told": {
			&v1alpha1.MDFBudget{}, 1, 1,
			[]metav1.Condition{status("Ready", "True"), status("ClockTrusted", "False")},
			[]metav1.Condition{status("Ready", "True"), suspended(1, now, "nothing is granted, released or settled, and "+current+resume)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.object.SetGeneration(tc.generation)
			tc.object.Common().ObservedGeneration, tc.object.Common().Conditions = tc.observed, tc.conditions
			kept := append([]metav1.Condition(nil), tc.conditions...)
			got := suspension.Conditions(tc.object, now.Time)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("conditions (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(kept, tc.object.Common().Conditions); diff != "" {
				t.Errorf("the object's own conditions were changed (-before +after):\n%s", diff)
			}
		})
	}
}
