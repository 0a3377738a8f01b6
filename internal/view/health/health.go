// Package health says how an object stands in one word, as the health scripts of config/argocd do, and which of its verdicts matter.
package health

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// State is how an object stands, in the words of Argo CD.
type State string

const (
	// Healthy means that the object is evaluated and nobody has to act.
	Healthy State = "Healthy"
	// Progressing means that the status is not that of the current spec yet, or that the controller is about to go on.
	Progressing State = "Progressing"
	// Suspended means that it goes on once a person acts: approves, holds a review, cures a cause, pays.
	Suspended State = "Suspended"
	// Degraded means that a person must change the spec.
	Degraded State = "Degraded"
)

// Health is how an object stands, and why.
type Health struct {
	// State is Healthy, Progressing, Suspended or Degraded.
	State State `json:"state"`
	// Reason is the reason of the condition that says so; empty when there is none.
	Reason string `json:"reason,omitempty"`
	// Message says why, in the words of that condition.
	Message string `json:"message,omitempty"`
}

// waiting is what is said of an object whose status is not that of its spec.
const waiting = "waiting for the controller to evaluate it"

// Of returns how an object stands. The first of these that holds decides: its evaluation is suspended as it is now (Suspended); it is not
// evaluated as it is now, or not to the end (Progressing); it is Stalled (Degraded, but Suspended for a decision, which cannot be changed); it
// is not Ready (Progressing); a person must act (Suspended). Else it is Healthy.
func Of(object manifest.Object) Health {
	status, known := kinds.Common(object)
	if !known {
		return Health{State: Healthy, Message: "written by the controller alone: its MDFBudget of the same name says how it stands"}
	}
	s := stand{status}
	paused := s.find(v1alpha1.ConditionSuspended)
	_, isDecision := object.(*v1alpha1.ApprovalDecision)
	switch {
	case paused != nil && paused.Status == isTrue && paused.ObservedGeneration == object.GetGeneration():
		return s.says(Suspended, v1alpha1.ConditionSuspended)
	case status.ObservedGeneration != object.GetGeneration():
		return Health{State: Progressing, Message: waiting}
	case s.has(v1alpha1.ConditionReconciling, isTrue):
		return s.says(Progressing, v1alpha1.ConditionReconciling)
	case s.has(v1alpha1.ConditionStalled, isTrue) && isDecision:
		return s.says(Suspended, v1alpha1.ConditionStalled)
	case s.has(v1alpha1.ConditionStalled, isTrue):
		return s.says(Degraded, v1alpha1.ConditionStalled)
	case !s.has(v1alpha1.ConditionReady, isTrue):
		return s.says(Progressing, v1alpha1.ConditionReady)
	}
	return s.evaluated(object)
}

// stand is what a status says.
type stand struct{ *v1alpha1.CommonStatus }

// evaluated returns how an object stands that is evaluated and Ready.
func (s stand) evaluated(object manifest.Object) Health {
	switch x := object.(type) {
	case *v1alpha1.Partner:
		return s.partner()
	case *v1alpha1.JointPlan:
		return s.plan(x.Status.Stage)
	case *v1alpha1.Campaign:
		return s.campaign(x.Status.Stage)
	case *v1alpha1.MDFBudget:
		return s.budget()
	case *v1alpha1.MDFAllocation:
		return s.allocation(x.Status.Stage, x.Status.Reason)
	case *v1alpha1.MDFClaim:
		return s.claim(x.Status.Stage, x.Status.Reason)
	case *v1alpha1.ApprovalDecision:
		return s.says(Healthy, v1alpha1.ConditionEffective)
	default:
		return s.says(Healthy, v1alpha1.ConditionReady)
	}
}

func (s stand) find(kind string) *metav1.Condition {
	for i := range s.Conditions {
		if s.Conditions[i].Type == kind {
			return &s.Conditions[i]
		}
	}
	return nil
}

func (s stand) has(kind string, status metav1.ConditionStatus) bool {
	c := s.find(kind)
	return c != nil && c.Status == status
}

func (s stand) reason(kind string) string {
	if c := s.find(kind); c != nil {
		return c.Reason
	}
	return ""
}

// says returns a state in the words of a condition; of Ready where there is no such condition.
func (s stand) says(state State, kind string) Health {
	c := s.find(kind)
	if c == nil {
		c = s.find(v1alpha1.ConditionReady)
	}
	if c == nil {
		return Health{State: state, Message: waiting}
	}
	return Health{State: state, Reason: c.Reason, Message: c.Message}
}

// partner: one whose standing costs it money has to cure the cause.
func (s stand) partner() Health {
	if s.has(v1alpha1.ConditionInGoodStanding, isFalse) {
		return s.says(Suspended, v1alpha1.ConditionInGoodStanding)
	}
	return s.says(Healthy, v1alpha1.ConditionTierRequirementsMet)
}

// plan: someone must act while a review is overdue, an approval is awaited or results are missing. How far it has come is no fault of its
// manifest.
func (s stand) plan(stage v1alpha1.PlanStage) Health {
	idle := []string{v1alpha1.ReasonDraft, v1alpha1.ReasonRejected}
	switch {
	case stage == v1alpha1.StageClosed:
		return s.says(Healthy, v1alpha1.ConditionOnTrack)
	case s.has(v1alpha1.ConditionReviewOverdue, isTrue):
		return s.says(Suspended, v1alpha1.ConditionReviewOverdue)
	case s.has(v1alpha1.ConditionApproved, isFalse) && slices.Contains(idle, s.reason(v1alpha1.ConditionApproved)):
		return s.says(Healthy, v1alpha1.ConditionApproved)
	case s.has(v1alpha1.ConditionApproved, isFalse):
		return s.says(Suspended, v1alpha1.ConditionApproved)
	case s.has(v1alpha1.ConditionResultsStale, isTrue):
		return s.says(Suspended, v1alpha1.ConditionResultsStale)
	default:
		return s.says(Healthy, v1alpha1.ConditionOnTrack)
	}
}

// campaign: until it has ended, someone must act when it is not in the plan of record, or costs more than its stop rule allows.
func (s stand) campaign(stage v1alpha1.CampaignStage) Health {
	goesOn := stage == v1alpha1.CampaignPlanned || stage == v1alpha1.CampaignRunning
	switch {
	case goesOn && s.has(v1alpha1.ConditionAligned, isFalse):
		return s.says(Suspended, v1alpha1.ConditionAligned)
	case goesOn && s.has(v1alpha1.ConditionWithinStopRule, isFalse):
		return s.says(Suspended, v1alpha1.ConditionWithinStopRule)
	case s.has(v1alpha1.ConditionWithinStopRule, metav1.ConditionUnknown):
		return s.says(Healthy, v1alpha1.ConditionAligned)
	default:
		return s.says(Healthy, v1alpha1.ConditionWithinStopRule)
	}
}

// budget: one that can grant nothing, or has granted too much, calls for a person, though not for a change of its manifest.
func (s stand) budget() Health {
	switch {
	case s.has(v1alpha1.ConditionLedgerIntact, isFalse):
		return s.says(Suspended, v1alpha1.ConditionLedgerIntact)
	case s.has(v1alpha1.ConditionWithinLimit, isFalse):
		return s.says(Suspended, v1alpha1.ConditionWithinLimit)
	case !s.has(v1alpha1.ConditionLedgerIntact, isTrue):
		return s.says(Progressing, v1alpha1.ConditionLedgerIntact)
	default:
		return s.says(Healthy, v1alpha1.ConditionWithinLimit)
	}
}

// Reasons for which a request or a claim is refused for good.
var (
	refusedForGood = []string{
		v1alpha1.ReasonApprovalWithdrawn, v1alpha1.ReasonBudgetGone, v1alpha1.ReasonClaimWindowClosed, v1alpha1.ReasonRejected,
		v1alpha1.ReasonRequestDeadlineMissed,
	}
	claimRefusedForGood = []string{
		v1alpha1.ReasonClaimTooLate, v1alpha1.ReasonNothingPayable, v1alpha1.ReasonRejected, v1alpha1.ReasonResubmissionTooLate,
	}
)

// allocation: a request waits for a person while it can still get money: for its approval, a cure of what refuses it, money, or claims.
func (s stand) allocation(stage v1alpha1.AllocationStage, reason string) Health {
	withdrawn := []string{v1alpha1.ReasonApprovalWithdrawn, v1alpha1.ReasonRejected}
	approved := s.reason(v1alpha1.ConditionApproved)
	switch {
	case s.reason(v1alpha1.ConditionGranted) == v1alpha1.ReasonRecoveryRequired:
		return s.says(Suspended, v1alpha1.ConditionGranted)
	case stage == v1alpha1.AllocationDraft:
		return s.says(Healthy, v1alpha1.ConditionEligible)
	case stage == v1alpha1.AllocationPendingApproval:
		return s.says(Suspended, v1alpha1.ConditionApproved)
	case stage == v1alpha1.AllocationWaiting && s.reason(v1alpha1.ConditionGranted) == v1alpha1.ReasonGrantPending:
		return s.says(Progressing, v1alpha1.ConditionGranted)
	case stage == v1alpha1.AllocationWaiting, stage == v1alpha1.AllocationRefused && !slices.Contains(refusedForGood, reason):
		return s.says(Suspended, v1alpha1.ConditionGranted)
	case stage == v1alpha1.AllocationGranted && s.has(v1alpha1.ConditionApproved, isFalse) && !slices.Contains(withdrawn, approved):
		return s.says(Suspended, v1alpha1.ConditionApproved)
	case stage == v1alpha1.AllocationGranted && s.has(v1alpha1.ConditionClaimWindowClosing, isTrue):
		return s.says(Suspended, v1alpha1.ConditionClaimWindowClosing)
	default:
		return s.says(Healthy, v1alpha1.ConditionGranted)
	}
}

// claim: it waits for a person until it is paid: for its decision, for what is missing, or for its payment.
func (s stand) claim(stage v1alpha1.ClaimStage, reason string) Health {
	switch stage {
	case v1alpha1.ClaimDraft, v1alpha1.ClaimLapsed:
		return s.says(Healthy, v1alpha1.ConditionAccepted)
	case v1alpha1.ClaimRefused:
		if slices.Contains(claimRefusedForGood, reason) {
			return s.says(Healthy, v1alpha1.ConditionAccepted)
		}
		return s.says(Suspended, v1alpha1.ConditionAccepted)
	case v1alpha1.ClaimPendingDecision, v1alpha1.ClaimSentBack:
		return s.says(Suspended, v1alpha1.ConditionAccepted)
	case v1alpha1.ClaimAccepted:
		if s.reason(v1alpha1.ConditionSettled) == v1alpha1.ReasonSettlementPending {
			return s.says(Progressing, v1alpha1.ConditionSettled)
		}
		return s.says(Suspended, v1alpha1.ConditionSettled)
	default:
		return s.says(Healthy, v1alpha1.ConditionSettled)
	}
}
