package invariants

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// What generic tools (kstatus of cli-utils, on which Argo CD's and Flux's health checks are modelled) make of an object.
const (
	// Current means that the status is that of the current spec, and nothing is wrong.
	Current = "Current"
	// InProgress means that the status is not that of the current spec yet.
	InProgress = "InProgress"
	// Failed means that it will not become current unless a person changes something.
	Failed = "Failed"
	// Terminating means that the object is being deleted.
	Terminating = "Terminating"
)

// KStatus returns what generic tools make of an object. Unlike theirs, an object without a Ready condition is in progress here, as all of the
// project's kinds have one once they are evaluated.
func KStatus(object Object) string {
	status := object.Common()
	is := func(kind string, want metav1.ConditionStatus) bool {
		return slices.ContainsFunc(status.Conditions, func(x metav1.Condition) bool { return x.Type == kind && x.Status == want })
	}
	switch {
	case object.GetDeletionTimestamp() != nil:
		return Terminating
	case status.ObservedGeneration != object.GetGeneration(), is(v1alpha1.ConditionReconciling, metav1.ConditionTrue):
		return InProgress
	case is(v1alpha1.ConditionStalled, metav1.ConditionTrue):
		return Failed
	case is(v1alpha1.ConditionReady, metav1.ConditionTrue):
		return Current
	default:
		return InProgress
	}
}
