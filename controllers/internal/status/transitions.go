package status

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/internal/model/health"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/printable"
)

// maxNote is the limit that the API server sets to the note of an event.
const maxNote = 1024

// recordTransitions records an event for each condition whose status or reason changed. A condition that appears for the first time
// has not changed. What is confidential is not an event: who may read events is not who may read the object.
func (w *Writer) recordTransitions(object Object, before, after []metav1.Condition) {
	if kinds.Of(object).Confidential {
		return
	}
	for i := range after {
		was := meta.FindStatusCondition(before, after[i].Type)
		if was == nil || was.Status == after[i].Status && was.Reason == after[i].Reason {
			continue
		}
		kind := corev1.EventTypeNormal
		if health.IsBad(&after[i]) {
			kind = corev1.EventTypeWarning
		}
		w.events.Eventf(object, nil, kind, after[i].Reason, "Evaluate", "%s", printable.Clip(after[i].Message, maxNote))
	}
}
