package funding

import "jointplan.dev/jointplan/api/v1alpha1"

// RuleText is a rule of a chain in words.
type RuleText struct {
	// Reason is the reason for which the rule refuses.
	Reason string
	// Asks says what the rule asks.
	Asks string
}

// RequestRules returns the rules of eligibility in words, in the order in which requests are judged by them.
func RequestRules() []RuleText {
	return []RuleText{
		{v1alpha1.ReasonNotRequested, "the request is made (spec.requestedOn)"},
		{v1alpha1.ReasonNoPlan, "its plan has a plan of record"},
		{v1alpha1.ReasonActivityNotInPlan, "the plan of record foresees the activity"},
		{v1alpha1.ReasonOutsidePeriod, "the activity is within the days of the plan and of the budget"},
		{v1alpha1.ReasonBudgetNotFound, "the budget is there for this partner"},
		{v1alpha1.ReasonBudgetGone, "the budget has not been deleted"},
		{v1alpha1.ReasonActivityNotFunded, "program and budget fund the type of activity"},
		{v1alpha1.ReasonStandingHold, "the partner's standing does not hold new money"},
		{v1alpha1.ReasonTierNotAllowed, "the partner's tier is funded for the type of activity"},
		{v1alpha1.ReasonAgreementEnded, "the partner's agreement lasts as long as the activity"},
		{v1alpha1.ReasonLeadTimeMissed, "the request was made early enough before the activity"},
		{v1alpha1.ReasonRequestDeadlineMissed, "the request was made in the budget's time for requests"},
		{v1alpha1.ReasonMilestoneNotReached, "the goals that it is contingent on have come so far"},
		{v1alpha1.ReasonRateAboveProgram, "the share asked for is at most the program's rate"},
		{v1alpha1.ReasonAmountAboveShare, "the amount is at most that share of the cost"},
		{v1alpha1.ReasonExpectedOutcomeMissing, "the expected results are stated"},
		{v1alpha1.ReasonExchangeRateMissing, "the program states the exchange rate, where one is needed"},
		{v1alpha1.ReasonClaimWindowClosed, "there is still time for claims"},
	}
}

// ClaimRules returns the rules about claims in words, in the order in which claims are judged by them.
func ClaimRules() []RuleText {
	return []RuleText{
		{v1alpha1.ReasonNotClaimed, "the claim is handed in (spec.claimedOn)"},
		{v1alpha1.ReasonNothingGranted, "money is granted to its request"},
		{v1alpha1.ReasonClaimTooEarly, "it was made after the activity"},
		{v1alpha1.ReasonClaimTooLate, "it was made within the time for claims"},
		{v1alpha1.ReasonResubmissionTooLate, "after it was sent back it was submitted again in time"},
		{v1alpha1.ReasonProofMissing, "the proof of performance is complete"},
		{v1alpha1.ReasonCurrencyMismatch, "it is in the currency of the request"},
		{v1alpha1.ReasonExchangeRateMissing, "the exchange rate is known, where one is needed"},
		{v1alpha1.ReasonInvalidSpec, "its amounts and days can be read"},
		{v1alpha1.ReasonDuplicateInvoice, "no invoice is claimed twice"},
		{v1alpha1.ReasonCostNotCovered, "plan and request were approved when the costs were incurred"},
		{v1alpha1.ReasonBelowMinimum, "it is at least the least amount of a claim"},
		{v1alpha1.ReasonNothingPayable, "something is left of the grant for it"},
	}
}
