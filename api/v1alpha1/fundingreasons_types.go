package v1alpha1

// Reasons for which a request for money is refused, cut or waits. They surface on Eligible, Approved and Granted of an MDFAllocation, and as
// its status.reason. The order is that of the rules: the first one that is broken is the reason, findings list all.
const (
	// ReasonEligible surfaces on Eligible when the request keeps every rule.
	ReasonEligible = "Eligible"
	// ReasonNotRequested surfaces on Eligible while requestedOn is not set or in the future.
	ReasonNotRequested = "NotRequested"
	// ReasonAfterTheFact surfaces on Eligible, Approved and Effective when the activity began before plan and request were approved, and on Eligible when
	// the interval of a reward ended before its plan was approved: nothing is granted after the fact.
	ReasonAfterTheFact = "AfterTheFact"
	// ReasonApprovedAsException surfaces on Approved when the vendor left a request undecided beyond its days and two people approved it after its
	// activity had begun.
	ReasonApprovedAsException = "ApprovedAsException"
	// ReasonNoPlan surfaces on Eligible when the plan does not exist or has no plan of record: no plan, no money.
	ReasonNoPlan = "NoPlan"
	// ReasonActivityNotInPlan surfaces on Eligible when the plan of record has no such activity.
	ReasonActivityNotInPlan = "ActivityNotInPlan"
	// ReasonOutsidePeriod surfaces on Eligible when the activity's days are outside those of the plan's activity or of the budget's period, and when the
	// plan has no day of a reward's interval.
	ReasonOutsidePeriod = "OutsidePeriod"
	// ReasonBudgetNotFound surfaces on Eligible when there is no such budget, or the namespace or the partner's program may not use it.
	ReasonBudgetNotFound = "BudgetNotFound"
	// ReasonBudgetGone surfaces on Eligible when the budget was deleted: its ledger and what was granted stay, nothing more is granted.
	ReasonBudgetGone = "BudgetGone"
	// ReasonActivityNotFunded surfaces on Eligible when neither the program nor the budget funds the type of activity.
	ReasonActivityNotFunded = "ActivityNotFunded"
	// ReasonStandingHold surfaces on Eligible while the partner's standing holds new money.
	ReasonStandingHold = "StandingHold"
	// ReasonTierNotAllowed surfaces on Eligible when the partner's effective tier does not fund the type of activity, or does not earn the reward.
	ReasonTierNotAllowed = "TierNotAllowed"
	// ReasonAgreementEnded surfaces on Eligible and Granted when the partner's agreement ends before the activity does: nothing is granted, and
	// what was granted and is not claimed is released.
	ReasonAgreementEnded = "AgreementEnded"
	// ReasonLeadTimeMissed surfaces on Eligible when the request was made too late before the activity.
	ReasonLeadTimeMissed = "LeadTimeMissed"
	// ReasonRequestDeadlineMissed surfaces on Eligible when the request was made after the budget's deadline or outside its window.
	ReasonRequestDeadlineMissed = "RequestDeadlineMissed"
	// ReasonMilestoneNotReached surfaces on Eligible while a goal that the money depends on has not reached its required value.
	ReasonMilestoneNotReached = "MilestoneNotReached"
	// ReasonRateAboveProgram surfaces on Eligible when reimbursementPercent is above the rate of the activity, as lowered by standing.
	ReasonRateAboveProgram = "RateAboveProgram"
	// ReasonAmountAboveShare surfaces on Eligible when the amount is above the share of the cost.
	ReasonAmountAboveShare = "AmountAboveShare"
	// ReasonExpectedOutcomeMissing surfaces on Eligible when the request states no expected result and the budget asks for one.
	ReasonExpectedOutcomeMissing = "ExpectedOutcomeMissing"
	// ReasonExchangeRateMissing surfaces on Eligible and Accepted when the program has no exchange rate into the budget's currency.
	ReasonExchangeRateMissing = "ExchangeRateMissing"
	// ReasonRewardNotFound surfaces on Eligible when the budget has no such reward, or the interval is none of those that it pays for.
	ReasonRewardNotFound = "RewardNotFound"
	// ReasonIntervalNotOver surfaces on Eligible when a reward was requested before its interval was over.
	ReasonIntervalNotOver = "IntervalNotOver"
	// ReasonGoalNotInPlan surfaces on Eligible when the plan that was of record when the interval of a reward ended has no goal with the reward's metric.
	ReasonGoalNotInPlan = "GoalNotInPlan"
	// ReasonRewardNotEarned surfaces on Granted when less is earned of a reward, or left of it, than is requested.
	ReasonRewardNotEarned = "RewardNotEarned"
	// ReasonLimitReached surfaces on Granted when a limit of the budget leaves too little.
	ReasonLimitReached = "LimitReached"
	// ReasonSharedAmountUsed surfaces on Granted when the shared activity has too little left.
	ReasonSharedAmountUsed = "SharedAmountUsed"
	// ReasonSharedActivityUnknown surfaces on Eligible when the budget has no such shared activity for the partner.
	ReasonSharedActivityUnknown = "SharedActivityUnknown"
	// ReasonAccrualInsufficient surfaces on Granted when the partner has earned too little.
	ReasonAccrualInsufficient = "AccrualInsufficient"
	// ReasonBudgetExhausted surfaces on Granted when the budget has too little left.
	ReasonBudgetExhausted = "BudgetExhausted"
	// ReasonClaimWindowClosed surfaces on Eligible and Granted when the time for claims is over: nothing is granted any more, and what was not
	// claimed in time is released.
	ReasonClaimWindowClosed = "ClaimWindowClosed"
	// ReasonSecondApproverMissing surfaces on Approved while the amount needs the approval of more people.
	ReasonSecondApproverMissing = "SecondApproverMissing"
	// ReasonApprovedInPart surfaces on Approved when less than the amount requested is approved.
	ReasonApprovedInPart = "ApprovedInPart"
	// ReasonChangePending surfaces on Approved when the request was changed after its approval: what is granted stays reserved, and nothing is
	// paid until the change is approved or undone.
	ReasonChangePending = "ChangePending"
	// ReasonApprovalWithdrawn surfaces on Approved and Granted when an approval was withdrawn: what was granted and is not claimed is released.
	// To ask again, set another requestID.
	ReasonApprovalWithdrawn = "ApprovalWithdrawn"
	// ReasonNotEligible surfaces on Granted when the request breaks a rule.
	ReasonNotEligible = "NotEligible"
	// ReasonNotApproved surfaces on Granted when the request is not approved.
	ReasonNotApproved = "NotApproved"
	// ReasonGrantPending surfaces on Granted when nothing stands in the way and the ledger is about to be written.
	ReasonGrantPending = "GrantPending"
	// ReasonGranted surfaces on Granted and Eligible when all that was requested is granted; on Eligible also when a part of it is.
	ReasonGranted = "Granted"
	// ReasonGrantedInPart surfaces on Granted when a part of what was requested is granted.
	ReasonGrantedInPart = "GrantedInPart"
	// ReasonWithdrawn surfaces on Granted when the partner withdrew the request.
	ReasonWithdrawn = "Withdrawn"
	// ReasonBudgetCut surfaces on Granted when the budget's amount was lowered and no longer covers the request.
	ReasonBudgetCut = "BudgetCut"
	// ReasonReleased surfaces on Granted when what was granted to the requestID is released, permanently.
	ReasonReleased = "Released"
	// ReasonFinalClaimPaid surfaces on Granted when the final claim is paid and the rest is released.
	ReasonFinalClaimPaid = "FinalClaimPaid"
	// ReasonSettled surfaces on Granted and Settled when all that was granted is paid, and when the claim is paid.
	ReasonSettled = "Settled"
	// ReasonWindowOpen surfaces on ClaimWindowClosing while the deadline is far or everything is claimed.
	ReasonWindowOpen = "WindowOpen"
	// ReasonWindowClosing surfaces on ClaimWindowClosing when money is not claimed and the deadline is near.
	ReasonWindowClosing = "WindowClosing"
	// ReasonNothingToClaim surfaces on ClaimWindowClosing when nothing is granted, or nothing is left to claim.
	ReasonNothingToClaim = "NothingToClaim"
)

// Reasons of the conditions of MDFClaim besides those above.
const (
	// ReasonNotClaimed surfaces on Accepted while claimedOn is not set or in the future.
	ReasonNotClaimed = "NotClaimed"
	// ReasonAllocationNotFound surfaces on Accepted when there is no such MDFAllocation.
	ReasonAllocationNotFound = "AllocationNotFound"
	// ReasonNothingGranted surfaces on Accepted when nothing is granted to the request, or all is released.
	ReasonNothingGranted = "NothingGranted"
	// ReasonClaimTooEarly surfaces on Accepted when the claim was made before the activity ended.
	ReasonClaimTooEarly = "ClaimTooEarly"
	// ReasonClaimTooLate surfaces on Accepted when the claim was made after its window.
	ReasonClaimTooLate = "ClaimTooLate"
	// ReasonResubmissionTooLate surfaces on Eligible and Accepted when the claim was submitted again after its window, or the request too late before the
	// activity.
	ReasonResubmissionTooLate = "ResubmissionTooLate"
	// ReasonCreativeNotApproved surfaces on Accepted when the program asks for the approval of what an activity shows, and the claim shows no creative, one
	// that is not approved, or a cost from before that.
	ReasonCreativeNotApproved = "CreativeNotApproved"
	// ReasonProofMissing surfaces on Accepted when a proof of performance is missing.
	ReasonProofMissing = "ProofMissing"
	// ReasonProofTooLate surfaces on Accepted when a proof was received after its deadline.
	ReasonProofTooLate = "ProofTooLate"
	// ReasonInvoiceCheckPending surfaces on Accepted while the budget has not checked what is left of the invoices of a shared activity.
	ReasonInvoiceCheckPending = "InvoiceCheckPending"
	// ReasonCurrencyMismatch surfaces on Accepted, Settled and Effective when a claim is in a currency other than its request, a payment in
	// another than the budget's, or a part that was approved in another than what is decided on.
	ReasonCurrencyMismatch = "CurrencyMismatch"
	// ReasonDuplicateInvoice surfaces on Accepted when other claims have all of an invoice.
	ReasonDuplicateInvoice = "DuplicateInvoice"
	// ReasonInvoiceNetDiffers surfaces on Accepted when an earlier claim states another net total of an invoice.
	ReasonInvoiceNetDiffers = "InvoiceNetDiffers"
	// ReasonCostNotCovered surfaces on Accepted when a cost was incurred while the plan or the request was not approved.
	ReasonCostNotCovered = "CostNotCovered"
	// ReasonBelowMinimum surfaces on Accepted when the claim is below the least amount of a claim.
	ReasonBelowMinimum = "BelowMinimum"
	// ReasonNothingPayable surfaces on Accepted when nothing is left of the grant.
	ReasonNothingPayable = "NothingPayable"
	// ReasonAllocationNotApproved surfaces on Accepted while the request is changed or its approval missing.
	ReasonAllocationNotApproved = "AllocationNotApproved"
	// ReasonAccepted surfaces on Accepted when the claim is approved.
	ReasonAccepted = "Accepted"
	// ReasonAcceptedInPart surfaces on Accepted when less is payable than was claimed.
	ReasonAcceptedInPart = "AcceptedInPart"
	// ReasonNotAccepted surfaces on Settled when the claim is not accepted.
	ReasonNotAccepted = "NotAccepted"
	// ReasonAwaitingPayment surfaces on Settled while an accepted claim has no payment.
	ReasonAwaitingPayment = "AwaitingPayment"
	// ReasonSettlementPending surfaces on Settled when a payment is recorded and the ledger is about to be written.
	ReasonSettlementPending = "SettlementPending"
	// ReasonPaymentDuplicate surfaces on Settled when the payment's id settled another claim.
	ReasonPaymentDuplicate = "PaymentDuplicate"
	// ReasonPaymentAboveClaim surfaces on Settled when more was paid than is payable: only what is payable is settled.
	ReasonPaymentAboveClaim = "PaymentAboveClaim"
)
