package partner

import "jointplan.dev/jointplan/api/v1alpha1"

// Rules that are found when a partner is evaluated, besides those of its tier and its measurements.
const (
	// RuleDateInvalid: a day is not a calendar day from the year 1900 on; what it dates does not count. Remedy: write it as 2026-09-30.
	RuleDateInvalid = "DateInvalid"
	// RuleDateInFuture: something is recorded as done on a day that is still to come; it counts from that day on. Remedy: correct the day.
	RuleDateInFuture = "DateInFuture"
	// RuleNoRulesInForce: the program has no rules in force, so the partner cannot be judged. Remedy: wait, or add a rule set to the program.
	RuleNoRulesInForce = "NoRulesInForce"
	// RuleAgreementMissing: the program watches whether agreements lapse, and the partner's is not recorded. Remedy: add spec.agreement.
	RuleAgreementMissing = "AgreementMissing"
	// RulePeopleLookAlike: the names of two holders of a competency look alike and count as two people. Remedy: if they are one person, use
	// one spelling.
	RulePeopleLookAlike = "PeopleLookAlike"
	// RuleMarketUnknown: the program's catalogue has no such territory or segment, so the partner covers nothing with it. Remedy: name one of the
	// catalogue, or have the program owner add it.
	RuleMarketUnknown = "MarketUnknown"
	// RulePlanMissing: a plan that the tier owes is not approved: the partner has not submitted it in time (Warning) or not yet, or the vendor has not
	// decided (Info). Of an interval that had begun when the partner joined, was recorded or came to its tier, it says that none is owed (Info), where the
	// partner could not have submitted one in time. Remedy: create and submit it; the vendor decides. For a partner that was recorded late, spec.recordedOn.
	RulePlanMissing = "PlanMissing"
	// RuleParentNotDistributor: spec.parentRef names a partner that is not a distributor. Remedy: name one that is.
	RuleParentNotDistributor = "ParentNotDistributor"
	// RuleParentCircular: partners are, along their parentRefs, each other's parents. Remedy: remove the parentRef of one of them.
	RuleParentCircular = "ParentCircular"
	// RuleParentTooDeep: more than 5 levels of distributors are above a partner. Remedy: shorten the chain.
	RuleParentTooDeep = "ParentTooDeep"
	// RuleStandingReview: an overdue review costs, or may cost, the partner its good standing. Remedy: hold the review and record it.
	RuleStandingReview = "StandingReviewOverdue"
	// RuleStandingPlan: a plan that is owed and not submitted in time costs, or may cost, it. Remedy: submit the plan.
	RuleStandingPlan = "StandingPlanOverdue"
	// RuleStandingDecision: the vendor has not decided in time on a plan that the partner submitted. The partner is not penalized. Remedy: the vendor
	// approves, returns or rejects the plan.
	RuleStandingDecision = "StandingDecisionOverdue"
	// RuleStandingAttainment: low attainment costs, or may cost, it. Remedy: do better with the next plan.
	RuleStandingAttainment = "StandingLowAttainment"
	// RuleStandingAgreement: a lapsed agreement costs, or may cost, it. Remedy: renew it and record its new end.
	RuleStandingAgreement = "StandingAgreementLapsed"
	// RuleStandingInvoice: an overdue invoice costs, or may cost, it. Remedy: pay it and record the day.
	RuleStandingInvoice = "StandingInvoiceOverdue"
)

// rulesOf are the rules of the causes.
var rulesOf = map[v1alpha1.StandingCause]string{
	v1alpha1.CauseReviewOverdue:   RuleStandingReview,
	v1alpha1.CausePlanOverdue:     RuleStandingPlan,
	v1alpha1.CauseDecisionOverdue: RuleStandingDecision,
	v1alpha1.CauseLowAttainment:   RuleStandingAttainment,
	v1alpha1.CauseAgreementLapsed: RuleStandingAgreement,
	v1alpha1.CauseInvoiceOverdue:  RuleStandingInvoice,
}
