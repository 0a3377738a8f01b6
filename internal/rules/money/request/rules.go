package request

// Rules about a request for money that are the reasons of its condition Eligible too.
const (
	// RuleNotRequested: the request is a draft. Remedy: set spec.requestedOn to the day on which it is made.
	RuleNotRequested = "NotRequested"
	// RuleNoPlan: the plan has no plan of record: no plan, no money. Remedy: let every party approve the plan.
	RuleNoPlan = "NoPlan"
	// RuleActivityNotInPlan: the plan of record has no such activity. Remedy: name one that it has, or amend the plan.
	RuleActivityNotInPlan = "ActivityNotInPlan"
	// RuleOutsidePeriod: the activity's days are outside those that the plan of record has, or outside the budget's period. Remedy: choose
	// other days, or another budget.
	RuleOutsidePeriod = "OutsidePeriod"
	// RuleBudgetGone: the budget was deleted or may no longer be used; what it granted stays. Remedy: request money from another budget.
	RuleBudgetGone = "BudgetGone"
	// RuleActivityNotFunded: the program or the budget pays nothing for the type of activity. Remedy: choose another activity or budget.
	RuleActivityNotFunded = "ActivityNotFunded"
	// RuleStandingHold: the partner's standing holds new money. Remedy: cure what the message names.
	RuleStandingHold = "StandingHold"
	// RuleTierNotAllowed: the partner's tier is not funded for the type of activity. Remedy: choose another activity.
	RuleTierNotAllowed = "TierNotAllowed"
	// RuleAgreementEnded: the partner's agreement ends before the activity does. Remedy: renew the agreement, or choose earlier days.
	RuleAgreementEnded = "AgreementEnded"
	// RuleLeadTimeMissed: the request was made too late before the activity. Remedy: choose a later start.
	RuleLeadTimeMissed = "LeadTimeMissed"
	// RuleSharedActivityUnknown: the budget has no such shared activity for the partner. Remedy: correct spec.sharedActivity, or have the budget owner add
	// the activity with this partner.
	RuleSharedActivityUnknown = "SharedActivityUnknown"
	// RuleAfterTheFact: the activity began before plan and request were approved. Remedy: none; where the vendor left the request undecided beyond its
	// days, two of its people may grant an exception.
	RuleAfterTheFact = "AfterTheFact"
	// RuleGrantedAsException: the request was approved as an exception, after its activity had begun. Remedy: none; the budget counts it apart.
	RuleGrantedAsException = "GrantedAsException"
	// RuleRequestDeadlineMissed: the request was made after the budget's last day, or outside its window. Remedy: ask another budget.
	RuleRequestDeadlineMissed = "RequestDeadlineMissed"
	// RuleMilestoneNotReached: a goal that the money depends on has not reached its required value. Remedy: record the results, or wait for them.
	RuleMilestoneNotReached = "MilestoneNotReached"
	// RuleRateAboveProgram: a larger share of the cost is requested than the program pays. Remedy: lower spec.reimbursementPercent.
	RuleRateAboveProgram = "RateAboveProgram"
	// RuleAmountAboveShare: the amount is above the share of the cost. Remedy: lower spec.amount.
	RuleAmountAboveShare = "AmountAboveShare"
	// RuleExpectedOutcomeMissing: the budget asks what results are expected. Remedy: list them in spec.expected.
	RuleExpectedOutcomeMissing = "ExpectedOutcomeMissing"
	// RuleExchangeRateMissing: the program has no exchange rate into the budget's currency. Remedy: add it to the program, or ask in the
	// budget's currency.
	RuleExchangeRateMissing = "ExchangeRateMissing"
	// RuleClaimWindowClosed: the time for claims was over before money was granted. Remedy: ask for an activity to come.
	RuleClaimWindowClosed = "ClaimWindowClosed"
)

// Rules about what a request for money says.
const (
	// RuleMetricUnknown: an expected result names a metric that the program's catalogue does not have. Remedy: correct the name.
	RuleMetricUnknown = "MetricUnknown"
	// RuleValueInvalid: a value is not a plain number, or negative. Remedy: write it as 1250 or 12.5.
	RuleValueInvalid = "ValueInvalid"
	// RuleGoalUnknown: the request is contingent on a goal that the plan of record does not have, or that has no metric. Remedy: correct the name.
	RuleGoalUnknown = "GoalUnknown"
	// RuleDecisionOverdue: the vendor has not decided within its days on a request for money. Remedy: the vendor approves, returns or rejects it; once the
	// activity has begun two of its people may grant an exception instead of an approval.
	RuleDecisionOverdue = "DecisionOverdue"
	// RuleReservationUnapproved: money is reserved though no approval of the request holds any more. Remedy: have the request approved, or withdraw it.
	RuleReservationUnapproved = "ReservationUnapproved"
)
