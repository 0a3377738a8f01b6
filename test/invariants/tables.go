package invariants

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// kindOf returns the kind of an object; empty when it is none of the project's.
func kindOf(object Object) string {
	if k := kinds.Of(object); k != nil {
		return k.Name
	}
	return ""
}

// business are the conditions that each kind owns besides those of all kinds. Each is set on each evaluation.
var business = map[string][]string{
	"Partner": {v1alpha1.ConditionInGoodStanding, v1alpha1.ConditionTierRequirementsMet},
	"JointPlan": {
		v1alpha1.ConditionApproved, v1alpha1.ConditionSmart, v1alpha1.ConditionAligned, v1alpha1.ConditionOnTrack,
		v1alpha1.ConditionReviewOverdue, v1alpha1.ConditionResultsStale, v1alpha1.ConditionReconciliationOverdue,
	},
	"Campaign":         {v1alpha1.ConditionAligned, v1alpha1.ConditionWithinStopRule},
	"PlanReview":       {v1alpha1.ConditionCounts},
	"ApprovalDecision": {v1alpha1.ConditionEffective},
	"MDFBudget":        {v1alpha1.ConditionLedgerIntact, v1alpha1.ConditionWithinLimit},
	"MDFAllocation": {
		v1alpha1.ConditionEligible, v1alpha1.ConditionApproved, v1alpha1.ConditionGranted, v1alpha1.ConditionClaimWindowClosing,
	},
	"MDFClaim":      {v1alpha1.ConditionAccepted, v1alpha1.ConditionSettled},
	"ProgramReport": {v1alpha1.ConditionFinal},
}

// anyBusiness stands for every business condition.
const anyBusiness = "*"

// onlyUnknown are the reasons that are documented for the status Unknown.
var onlyUnknown = []string{v1alpha1.ReasonMissingResults, v1alpha1.ReasonNotEvaluated, v1alpha1.ReasonNotJudged}

// reasons are those that the doc comments in api/v1alpha1 name for each condition, by which a test checks this table.
var reasons = map[string][]string{
	v1alpha1.ConditionReady: {
		v1alpha1.ReasonEvaluated, v1alpha1.ReasonInvalidSpec, v1alpha1.ReasonManagersOff, v1alpha1.ReasonNoRuleSetInForce,
		v1alpha1.ReasonReferenceNotFound, v1alpha1.ReasonTooManyObjects,
	},
	v1alpha1.ConditionStalled: {
		v1alpha1.ReasonInvalidSpec, v1alpha1.ReasonNoRuleSetInForce, v1alpha1.ReasonReferenceNotFound, v1alpha1.ReasonTooManyObjects,
	},
	anyBusiness: {v1alpha1.ReasonMissingResults, v1alpha1.ReasonNotEvaluated},
	v1alpha1.ConditionAccepted: {
		v1alpha1.ReasonAccepted, v1alpha1.ReasonAcceptedInPart, v1alpha1.ReasonAllocationNotApproved, v1alpha1.ReasonAllocationNotFound,
		v1alpha1.ReasonAwaitingDecision, v1alpha1.ReasonBelowMinimum, v1alpha1.ReasonClaimTooEarly, v1alpha1.ReasonClaimTooLate,
		v1alpha1.ReasonCostNotCovered, v1alpha1.ReasonCreativeNotApproved, v1alpha1.ReasonCurrencyMismatch, v1alpha1.ReasonDuplicateInvoice, v1alpha1.ReasonExchangeRateMissing,
		v1alpha1.ReasonInvalidSpec, v1alpha1.ReasonInvoiceCheckPending, v1alpha1.ReasonInvoiceNetDiffers, v1alpha1.ReasonNotClaimed, v1alpha1.ReasonNothingGranted,
		v1alpha1.ReasonNothingPayable, v1alpha1.ReasonProofMissing, v1alpha1.ReasonProofTooLate, v1alpha1.ReasonRecorderApproves, v1alpha1.ReasonRecoveryRequired,
		v1alpha1.ReasonRejected, v1alpha1.ReasonResubmissionTooLate, v1alpha1.ReasonReturned, v1alpha1.ReasonSelfApproval,
	},
	v1alpha1.ConditionAligned: {
		v1alpha1.ReasonAligned, v1alpha1.ReasonNoGoals, v1alpha1.ReasonNotAligned, v1alpha1.ReasonNotInPlan, v1alpha1.ReasonNotJudged,
		v1alpha1.ReasonPlanNotApproved,
	},
	v1alpha1.ConditionApproved: {
		v1alpha1.ReasonAfterTheFact, v1alpha1.ReasonAmendmentPending, v1alpha1.ReasonApprovalWithdrawn, v1alpha1.ReasonApproved,
		v1alpha1.ReasonApprovedAsException, v1alpha1.ReasonApprovedInPart, v1alpha1.ReasonAwaitingDecision, v1alpha1.ReasonChangePending,
		v1alpha1.ReasonDecisionOverdue, v1alpha1.ReasonDraft, v1alpha1.ReasonRecorderApproves, v1alpha1.ReasonRejected,
		v1alpha1.ReasonReturned, v1alpha1.ReasonSecondApproverMissing, v1alpha1.ReasonSelfApproval,
	},
	v1alpha1.ConditionClaimWindowClosing: {
		v1alpha1.ReasonNothingToClaim, v1alpha1.ReasonRecoveryRequired, v1alpha1.ReasonWindowClosing, v1alpha1.ReasonWindowOpen,
	},
	v1alpha1.ConditionCounts: {
		v1alpha1.ReasonAwaitingConfirmation, v1alpha1.ReasonConfirmed, v1alpha1.ReasonDisputeDismissed, v1alpha1.ReasonDisputeUpheld,
		v1alpha1.ReasonDisputed, v1alpha1.ReasonIncomplete, v1alpha1.ReasonNoSlot, v1alpha1.ReasonNotYetInForce, v1alpha1.ReasonPlanNotFound,
		v1alpha1.ReasonRecordedAhead, v1alpha1.ReasonRecordedByVendor, v1alpha1.ReasonRecordedLate, v1alpha1.ReasonRecordedTwice,
		v1alpha1.ReasonUncontested,
	},
	v1alpha1.ConditionEffective: {
		v1alpha1.ReasonAfterTheFact, v1alpha1.ReasonAmountTooHigh, v1alpha1.ReasonApprovalAsked, v1alpha1.ReasonCurrencyMismatch,
		v1alpha1.ReasonEffective, v1alpha1.ReasonNoException, v1alpha1.ReasonNotYetInForce, v1alpha1.ReasonNotYetRecorded,
		v1alpha1.ReasonNothingDisputed, v1alpha1.ReasonPartyNotAsked, v1alpha1.ReasonRecorderApproves, v1alpha1.ReasonSelfApproval,
		v1alpha1.ReasonStale, v1alpha1.ReasonSuperseded, v1alpha1.ReasonTargetNotFound, v1alpha1.ReasonTooLate,
	},
	v1alpha1.ConditionEligible: {
		v1alpha1.ReasonActivityNotFunded, v1alpha1.ReasonActivityNotInPlan, v1alpha1.ReasonAfterTheFact, v1alpha1.ReasonAgreementEnded, v1alpha1.ReasonAmountAboveShare,
		v1alpha1.ReasonBudgetGone, v1alpha1.ReasonBudgetNotFound, v1alpha1.ReasonClaimWindowClosed, v1alpha1.ReasonEligible,
		v1alpha1.ReasonExchangeRateMissing, v1alpha1.ReasonExpectedOutcomeMissing, v1alpha1.ReasonGoalNotInPlan, v1alpha1.ReasonGranted,
		v1alpha1.ReasonIntervalNotOver, v1alpha1.ReasonLeadTimeMissed, v1alpha1.ReasonMilestoneNotReached, v1alpha1.ReasonNoPlan,
		v1alpha1.ReasonNotRequested, v1alpha1.ReasonOutsidePeriod, v1alpha1.ReasonRateAboveProgram, v1alpha1.ReasonRequestDeadlineMissed,
		v1alpha1.ReasonResubmissionTooLate, v1alpha1.ReasonRewardNotFound, v1alpha1.ReasonSharedActivityUnknown, v1alpha1.ReasonStandingHold,
		v1alpha1.ReasonTierNotAllowed,
	},
	v1alpha1.ConditionFinal: {
		v1alpha1.ReasonFinal, v1alpha1.ReasonPartnersAwaited, v1alpha1.ReasonPeriodOpen, v1alpha1.ReasonPlansOpen,
	},
	v1alpha1.ConditionGranted: {
		v1alpha1.ReasonAccrualInsufficient, v1alpha1.ReasonAgreementEnded, v1alpha1.ReasonApprovalWithdrawn, v1alpha1.ReasonBudgetCut,
		v1alpha1.ReasonBudgetExhausted, v1alpha1.ReasonBudgetSuspended, v1alpha1.ReasonClaimWindowClosed, v1alpha1.ReasonFinalClaimPaid,
		v1alpha1.ReasonGrantPending,
		v1alpha1.ReasonGranted, v1alpha1.ReasonGrantedInPart, v1alpha1.ReasonLedgerFull, v1alpha1.ReasonLedgerMismatch,
		v1alpha1.ReasonLimitReached, v1alpha1.ReasonNotApproved, v1alpha1.ReasonNotEligible, v1alpha1.ReasonPolicyMissing,
		v1alpha1.ReasonRecoveryRequired, v1alpha1.ReasonReleased, v1alpha1.ReasonRewardNotEarned, v1alpha1.ReasonSettled, v1alpha1.ReasonSharedAmountUsed,
		v1alpha1.ReasonWithdrawn,
	},
	v1alpha1.ConditionInGoodStanding: {v1alpha1.ReasonHold, v1alpha1.ReasonNoCause, v1alpha1.ReasonReducedRate, v1alpha1.ReasonWatch},
	v1alpha1.ConditionLedgerIntact: {
		v1alpha1.ReasonLedgerFull, v1alpha1.ReasonLedgerIntact, v1alpha1.ReasonLedgerMismatch, v1alpha1.ReasonLedgerMissing,
		v1alpha1.ReasonPolicyMissing, v1alpha1.ReasonRecoveryRequired,
	},
	v1alpha1.ConditionClockTrusted: {v1alpha1.ReasonClockSkewed},
	v1alpha1.ConditionOnTrack: {
		v1alpha1.ReasonAtRisk, v1alpha1.ReasonNoGoals, v1alpha1.ReasonNotMeasured, v1alpha1.ReasonNotStarted, v1alpha1.ReasonOffTrack,
		v1alpha1.ReasonOnTrack, v1alpha1.ReasonWeightsInvalid,
	},
	v1alpha1.ConditionReconciliationOverdue: {
		v1alpha1.ReasonAwaitingConfirmation, v1alpha1.ReasonEscalated, v1alpha1.ReasonNoReconciliationOwed, v1alpha1.ReasonOverdue, v1alpha1.ReasonReconciled,
		v1alpha1.ReasonUpToDate,
	},
	v1alpha1.ConditionResultsStale: {v1alpha1.ReasonResultsMissing, v1alpha1.ReasonUpToDate},
	v1alpha1.ConditionReviewOverdue: {
		v1alpha1.ReasonAwaitingConfirmation, v1alpha1.ReasonEscalated, v1alpha1.ReasonInGrace, v1alpha1.ReasonNoReviewsOwed, v1alpha1.ReasonOverdue, v1alpha1.ReasonReviewDue,
		v1alpha1.ReasonUpToDate,
	},
	v1alpha1.ConditionSettled: {
		v1alpha1.ReasonAwaitingPayment, v1alpha1.ReasonBudgetSuspended, v1alpha1.ReasonCurrencyMismatch, v1alpha1.ReasonInvalidSpec,
		v1alpha1.ReasonLedgerFull,
		v1alpha1.ReasonNotAccepted, v1alpha1.ReasonPaymentAboveClaim, v1alpha1.ReasonPaymentDuplicate, v1alpha1.ReasonRecoveryRequired,
		v1alpha1.ReasonSettled, v1alpha1.ReasonSettlementPending,
	},
	v1alpha1.ConditionSmart:     {v1alpha1.ReasonNoGoals, v1alpha1.ReasonNotJudged, v1alpha1.ReasonNotSmart, v1alpha1.ReasonSmart},
	v1alpha1.ConditionSuspended: {v1alpha1.ReasonSuspended},
	v1alpha1.ConditionTierRequirementsMet: {
		v1alpha1.ReasonAllMet, v1alpha1.ReasonHeldInGrace, v1alpha1.ReasonNoTier, v1alpha1.ReasonQualifiesHigher, v1alpha1.ReasonShortfall,
	},
	v1alpha1.ConditionWithinLimit: {v1alpha1.ReasonBudgetExceeded, v1alpha1.ReasonWithinLimit},
	v1alpha1.ConditionWithinStopRule: {
		v1alpha1.ReasonLimitExceeded, v1alpha1.ReasonNoStopRule, v1alpha1.ReasonNotYetJudged, v1alpha1.ReasonWithinLimit,
	},
}
