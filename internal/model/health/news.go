package health

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// badWhen is the status with which each type of condition is bad news.
var badWhen = map[string]metav1.ConditionStatus{
	v1alpha1.ConditionReady:                 isFalse,
	v1alpha1.ConditionStalled:               isTrue,
	v1alpha1.ConditionReconciling:           isFalse, // never written
	v1alpha1.ConditionSuspended:             isFalse, // never written
	v1alpha1.ConditionAccepted:              isFalse,
	v1alpha1.ConditionAligned:               isFalse,
	v1alpha1.ConditionApproved:              isFalse,
	v1alpha1.ConditionClaimWindowClosing:    isTrue,
	v1alpha1.ConditionEffective:             isFalse,
	v1alpha1.ConditionClockTrusted:          isFalse,
	v1alpha1.ConditionCounts:                isFalse,
	v1alpha1.ConditionEligible:              isFalse,
	v1alpha1.ConditionGranted:               isFalse,
	v1alpha1.ConditionInGoodStanding:        isFalse,
	v1alpha1.ConditionLedgerIntact:          isFalse,
	v1alpha1.ConditionFinal:                 "", // neither is
	v1alpha1.ConditionOnTrack:               isFalse,
	v1alpha1.ConditionReconciliationOverdue: isTrue,
	v1alpha1.ConditionResultsStale:          isTrue,
	v1alpha1.ConditionReviewOverdue:         isTrue,
	v1alpha1.ConditionSettled:               isFalse,
	v1alpha1.ConditionSmart:                 isFalse,
	v1alpha1.ConditionTierRequirementsMet:   isFalse,
	v1alpha1.ConditionWithinLimit:           isFalse,
	v1alpha1.ConditionWithinStopRule:        isFalse,
}

// inCourse are the reasons with which a condition is False in the course of events: a plan or request waits for its approval, a decision for
// its day, a claim for its payment, or the plan or another decision went on from there. A reason means the same in whatever condition it is.
var inCourse = []string{
	v1alpha1.ReasonDraft, v1alpha1.ReasonAwaitingDecision, v1alpha1.ReasonAmendmentPending,
	v1alpha1.ReasonNotYetInForce, v1alpha1.ReasonSuperseded, v1alpha1.ReasonStale,
	v1alpha1.ReasonNotRequested, v1alpha1.ReasonSecondApproverMissing, v1alpha1.ReasonNotApproved, v1alpha1.ReasonGrantPending,
	v1alpha1.ReasonNotClaimed, v1alpha1.ReasonAwaitingPayment, v1alpha1.ReasonSettlementPending, v1alpha1.ReasonAwaitingConfirmation,
}

// BadWhen returns the status with which a type of condition is bad news, but for the reasons that are in the course of events.
func BadWhen(condition string) metav1.ConditionStatus {
	if status, ok := badWhen[condition]; ok {
		return status
	}
	return isFalse
}

// IsBad reports whether a condition is bad news.
func IsBad(c *metav1.Condition) bool {
	bad := BadWhen(c.Type)
	return c.Status == bad && (bad == isTrue || !slices.Contains(inCourse, c.Reason))
}
