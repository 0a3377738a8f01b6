package invariants

import "jointplan.dev/jointplan/api/v1alpha1"

// kindOf returns the kind of an object; empty when it is none of the project's.
func kindOf(object Object) string {
	switch object.(type) {
	case *v1alpha1.PartnerProgram:
		return "PartnerProgram"
	case *v1alpha1.Partner:
		return "Partner"
	case *v1alpha1.JointPlan:
		return "JointPlan"
	case *v1alpha1.Campaign:
		return "Campaign"
	case *v1alpha1.MeasurementSet:
		return "MeasurementSet"
	case *v1alpha1.ApprovalDecision:
		return "ApprovalDecision"
	case *v1alpha1.PlanRevision:
		return "PlanRevision"
	default:
		return ""
	}
}

// business are the conditions that each kind owns besides those of all kinds. Each is set on each evaluation.
var business = map[string][]string{
	"Partner": {v1alpha1.ConditionInGoodStanding, v1alpha1.ConditionTierRequirementsMet},
	"JointPlan": {
		v1alpha1.ConditionApproved, v1alpha1.ConditionSmart, v1alpha1.ConditionAligned, v1alpha1.ConditionOnTrack,
		v1alpha1.ConditionReviewOverdue, v1alpha1.ConditionResultsStale,
	},
	"Campaign":         {v1alpha1.ConditionAligned, v1alpha1.ConditionWithinStopRule},
	"ApprovalDecision": {v1alpha1.ConditionEffective},
}

// anyBusiness stands for every business condition.
const anyBusiness = "*"

// onlyUnknown are the reasons that are documented for the status Unknown.
var onlyUnknown = []string{v1alpha1.ReasonMissingResults, v1alpha1.ReasonNotEvaluated, v1alpha1.ReasonNotJudged}

// reasons are those that the doc comments in api/v1alpha1 name for each condition, by which a test checks this table.
var reasons = map[string][]string{
	v1alpha1.ConditionReady: {
		v1alpha1.ReasonEvaluated, v1alpha1.ReasonInvalidSpec, v1alpha1.ReasonNoRuleSetInForce, v1alpha1.ReasonReferenceNotFound,
	},
	v1alpha1.ConditionStalled: {v1alpha1.ReasonInvalidSpec, v1alpha1.ReasonNoRuleSetInForce, v1alpha1.ReasonReferenceNotFound},
	anyBusiness:               {v1alpha1.ReasonMissingResults, v1alpha1.ReasonNotEvaluated},
	v1alpha1.ConditionAligned: {
		v1alpha1.ReasonAligned, v1alpha1.ReasonNoGoals, v1alpha1.ReasonNotAligned, v1alpha1.ReasonNotInPlan, v1alpha1.ReasonNotJudged,
		v1alpha1.ReasonPlanNotApproved,
	},
	v1alpha1.ConditionApproved: {
		v1alpha1.ReasonAmendmentPending, v1alpha1.ReasonApproved, v1alpha1.ReasonAwaitingDecision, v1alpha1.ReasonDraft,
		v1alpha1.ReasonRejected, v1alpha1.ReasonReturned,
	},
	v1alpha1.ConditionEffective: {
		v1alpha1.ReasonEffective, v1alpha1.ReasonNotYetInForce, v1alpha1.ReasonPartyNotAsked, v1alpha1.ReasonSelfApproval,
		v1alpha1.ReasonStale, v1alpha1.ReasonSuperseded, v1alpha1.ReasonTargetNotFound,
	},
	v1alpha1.ConditionInGoodStanding: {v1alpha1.ReasonHold, v1alpha1.ReasonNoCause, v1alpha1.ReasonReducedRate, v1alpha1.ReasonWatch},
	v1alpha1.ConditionOnTrack: {
		v1alpha1.ReasonAtRisk, v1alpha1.ReasonNoGoals, v1alpha1.ReasonNotMeasured, v1alpha1.ReasonNotStarted, v1alpha1.ReasonOffTrack,
		v1alpha1.ReasonOnTrack, v1alpha1.ReasonWeightsInvalid,
	},
	v1alpha1.ConditionResultsStale: {v1alpha1.ReasonResultsMissing, v1alpha1.ReasonUpToDate},
	v1alpha1.ConditionReviewOverdue: {
		v1alpha1.ReasonEscalated, v1alpha1.ReasonInGrace, v1alpha1.ReasonNoReviewsOwed, v1alpha1.ReasonOverdue, v1alpha1.ReasonReviewDue,
		v1alpha1.ReasonUpToDate,
	},
	v1alpha1.ConditionSmart: {v1alpha1.ReasonNoGoals, v1alpha1.ReasonNotJudged, v1alpha1.ReasonNotSmart, v1alpha1.ReasonSmart},
	v1alpha1.ConditionTierRequirementsMet: {
		v1alpha1.ReasonAllMet, v1alpha1.ReasonHeldInGrace, v1alpha1.ReasonNoTier, v1alpha1.ReasonQualifiesHigher, v1alpha1.ReasonShortfall,
	},
	v1alpha1.ConditionWithinStopRule: {
		v1alpha1.ReasonLimitExceeded, v1alpha1.ReasonNoStopRule, v1alpha1.ReasonNotYetJudged, v1alpha1.ReasonWithinLimit,
	},
}
