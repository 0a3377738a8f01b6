package status

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxNote is the limit that the API server sets to the note of an event.
const maxNote = 1024

// recordTransitions records an event for each condition whose status or reason changed. A condition that appears for the first time
// has not changed.
func (w *Writer) recordTransitions(object Object, before, after []metav1.Condition) {
	for i := range after {
		was := meta.FindStatusCondition(before, after[i].Type)
		if was == nil || was.Status == after[i].Status && was.Reason == after[i].Reason {
			continue
		}
		kind := corev1.EventTypeNormal
		if isBad(&after[i]) {
			kind = corev1.EventTypeWarning
		}
		w.events.Eventf(object, nil, kind, after[i].Reason, "Evaluate", "%s", verdict.Clip(after[i].Message, maxNote))
	}
}

// inCourse are the reasons with which a condition is False in the course of events: a plan or request waits for its approval, a decision for
// its day, a claim for its payment, or the plan or another decision went on from there.
var inCourse = []string{
	v1alpha1.ReasonDraft, v1alpha1.ReasonAwaitingDecision, v1alpha1.ReasonAmendmentPending,
	v1alpha1.ReasonNotYetInForce, v1alpha1.ReasonSuperseded, v1alpha1.ReasonStale,
	v1alpha1.ReasonNotRequested, v1alpha1.ReasonSecondApproverMissing, v1alpha1.ReasonNotApproved, v1alpha1.ReasonGrantPending,
	v1alpha1.ReasonNotClaimed, v1alpha1.ReasonAwaitingPayment, v1alpha1.ReasonSettlementPending,
}

// isBad reports whether a condition is bad news.
func isBad(c *metav1.Condition) bool {
	switch c.Type {
	case v1alpha1.ConditionReviewOverdue, v1alpha1.ConditionResultsStale, v1alpha1.ConditionStalled, v1alpha1.ConditionClaimWindowClosing:
		return c.Status == metav1.ConditionTrue
	default:
		return c.Status == metav1.ConditionFalse && !slices.Contains(inCourse, c.Reason)
	}
}
