package controllers

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// maxNote is the limit that the API server sets to the note of an event.
const maxNote = 1024

// recordTransitions records an event for each condition whose status or reason changed. A condition that appears for the first time
// has not changed.
func (r *Reconciler) recordTransitions(object Object, before, after []metav1.Condition) {
	for i := range after {
		was := meta.FindStatusCondition(before, after[i].Type)
		if was == nil || was.Status == after[i].Status && was.Reason == after[i].Reason {
			continue
		}
		kind := corev1.EventTypeNormal
		if isBad(&after[i]) {
			kind = corev1.EventTypeWarning
		}
		note := after[i].Message
		if len(note) > maxNote {
			note = note[:maxNote]
		}
		r.Events.Eventf(object, nil, kind, after[i].Reason, "Evaluate", "%s", note)
	}
}

// isBad reports whether a condition is bad news.
func isBad(c *metav1.Condition) bool {
	switch c.Type {
	case v1alpha1.ConditionReviewOverdue, v1alpha1.ConditionResultsStale, v1alpha1.ConditionStalled:
		return c.Status == metav1.ConditionTrue
	default:
		return c.Status == metav1.ConditionFalse
	}
}
