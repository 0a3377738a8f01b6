package funding

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/verdict"
)

// ClaimRules returns the rules about claims in words, in the order in which claims are judged by them.
func ClaimRules() []verdict.RuleText {
	return []verdict.RuleText{
		{Reason: v1alpha1.ReasonNotClaimed, Asks: "the claim is handed in (spec.claimedOn)"},
		{Reason: v1alpha1.ReasonNothingGranted, Asks: "money is granted to its request"},
		{Reason: v1alpha1.ReasonClaimTooEarly, Asks: "it was made after the activity"},
		{Reason: v1alpha1.ReasonClaimTooLate, Asks: "it was made within the time for claims"},
		{Reason: v1alpha1.ReasonResubmissionTooLate, Asks: "after it was sent back it was submitted again in time"},
		{Reason: v1alpha1.ReasonProofMissing, Asks: "the proof of performance is complete"},
		{Reason: v1alpha1.ReasonCurrencyMismatch, Asks: "it is in the currency of the request"},
		{Reason: v1alpha1.ReasonExchangeRateMissing, Asks: "the exchange rate is known, where one is needed"},
		{Reason: v1alpha1.ReasonInvalidSpec, Asks: "its amounts and days can be read"},
		{Reason: v1alpha1.ReasonDuplicateInvoice, Asks: "no invoice is claimed twice"},
		{Reason: v1alpha1.ReasonCostNotCovered, Asks: "plan and request were approved when the costs were incurred"},
		{Reason: v1alpha1.ReasonBelowMinimum, Asks: "it is at least the least amount of a claim"},
		{Reason: v1alpha1.ReasonNothingPayable, Asks: "something is left of the grant for it"},
	}
}
