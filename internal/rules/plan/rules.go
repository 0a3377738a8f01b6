package plan

// Rules that are found violated, at risk or not to be judged in a plan, a decision or a kept revision.
const (
	// RulePeriodInvalid: the program's calendar defines no such period. Remedy: write the period as the program's calendar has it.
	RulePeriodInvalid = "PeriodInvalid"
	// RuleNoRules: the period begins before the program's first rule set. Remedy: choose a later period, or add a rule set to the program.
	RuleNoRules = "NoRules"
	// RuleCalendarDoubtful: the program's calendar has mistakes, so the plan's days may be judged wrongly. Remedy: the program owner corrects
	// spec.calendar of the program.
	RuleCalendarDoubtful = "CalendarDoubtful"
	// RulePlanOverlap: another plan of the same partner is for the same days. Remedy: merge the plans, or give each a period of its own.
	RulePlanOverlap = "PlanOverlap"
	// RuleDateInvalid: a day is not a calendar day. Remedy: write the day as 2026-09-30.
	RuleDateInvalid = "DateInvalid"
	// RuleFactInFuture: something is recorded as done on a day in the future. It counts from that day on. Remedy: record it once it has happened, or
	// correct the day.
	RuleFactInFuture = "FactInFuture"

	// RulePeopleLookAlike: the names of the approvers of both parties look alike. Remedy: find out whether they are two people; if they are one,
	// return the plan, and let another person approve for one of the parties.
	RulePeopleLookAlike = "PeopleLookAlike"
	// RuleDecisionOverdue: the vendor has not decided within its days on a plan that the partner submitted. Remedy: the vendor approves, returns or
	// rejects it.
	RuleDecisionOverdue = "DecisionOverdue"
	// RuleAmendmentPending: the current terms differ from the plan of record; what is only in them gets nothing. Remedy: have the amendment approved, or
	// go back to the approved terms.
	RuleAmendmentPending = "AmendmentPending"
	// RuleRevisionCorrupt: a kept revision's content is not what its revision says. Remedy: restore it from a backup, or delete it.
	RuleRevisionCorrupt = "RevisionCorrupt"
	// RulePlanGone: the plan of a kept revision does not exist; the revision stays as the record of what was agreed. Remedy: none.
	RulePlanGone = "PlanGone"
	// RuleRevisionMissing: nothing holds the content of the plan of record. Remedy: restore the PlanRevision from a backup, go back to the approved
	// content, or approve the current revision.
	RuleRevisionMissing = "RevisionMissing"

	// RuleReviewOverdue: a review is late beyond its grace. Remedy: hold the review and record it in a PlanReview.
	RuleReviewOverdue = "ReviewOverdue"
	// RuleReviewInGrace: a review is late, within its grace. Remedy: hold the review and record it in a PlanReview.
	RuleReviewInGrace = "ReviewInGrace"
	// RuleReviewUnanswered: the vendor neither confirmed nor disputed in time what the partner recorded. Remedy: the vendor confirms the record.
	RuleReviewUnanswered = "ReviewUnanswered"
	// RuleReviewDisputed: the record of a meeting is disputed, and nobody has resolved that yet. Remedy: the resolver upholds or dismisses the dispute.
	RuleReviewDisputed = "ReviewDisputed"
	// RuleDisputeOverdue: a dispute about the record of a meeting was not resolved in time, and is escalated. Remedy: the resolver upholds or dismisses
	// the dispute.
	RuleDisputeOverdue = "DisputeOverdue"
	// RuleReviewTooEarly: a review was held before the period or the approval and does not count. Remedy: hold a review within the period, after the
	// approval.
	RuleReviewTooEarly = "ReviewTooEarly"
	// RuleReviewExtra: a review was held when none was due or open, and counts for none. Remedy: none; hold the next review when it is open.
	RuleReviewExtra = "ReviewExtra"
	// RuleReconciliationOverdue: both parties have not held, within the days that the program gives, the reconciliation that closes the plan. Remedy: hold
	// it and record it in a PlanReview of occasion Reconciliation.
	RuleReconciliationOverdue = "ReconciliationOverdue"
	// RuleFunctionUnknown: somebody at a meeting holds a function that the program does not name. Remedy: write the function as the program's tiers name it;
	// the message lists them.
	RuleFunctionUnknown = "FunctionUnknown"
	// RuleGoalNotInPlan: the record of a meeting tells of a goal that the plan does not have. Remedy: record the meeting again with the goal's name; the
	// message lists the goals.
	RuleGoalNotInPlan = "GoalNotInPlan"
	// RuleActionOverdue: an action that a review decided on is late. Remedy: do it and record it in spec.progress.done.
	RuleActionOverdue = "ActionOverdue"
	// RuleCommitmentOverdue: a party has not kept a commitment by its day. Remedy: keep it and record it in spec.progress.done.
	RuleCommitmentOverdue = "CommitmentOverdue"

	// RuleSmartSpecific: a goal names no metric of the catalogue, or no owner. Remedy: name a metric of the catalogue and an owner.
	RuleSmartSpecific = "SmartSpecific"
	// RuleSmartMeasurable: a goal's target cannot be measured in the metric's unit, or no source of results is known. Remedy: state a target in the
	// metric's unit, and where results come from.
	RuleSmartMeasurable = "SmartMeasurable"
	// RuleSmartActionable: no campaign and no commitment serves a goal. Remedy: name the goal in a campaign or a commitment.
	RuleSmartActionable = "SmartActionable"
	// RuleSmartRealistic: a goal's target is outside the bounds of the program, or the program states none and the target is above what three in four others
	// reached, or there is nothing to compare it with. Remedy: choose a target within the bounds, or have the program state some.
	RuleSmartRealistic = "SmartRealistic"
	// RuleSmartTimeBound: a goal is not due within the period. Remedy: set due to a day within the period.
	RuleSmartTimeBound = "SmartTimeBound"

	// RuleInitiativeUnknown: a goal, strategy or activity names an initiative that the program's catalogue does not have. Remedy: correct the name; the
	// message lists the program's initiatives.
	RuleInitiativeUnknown = "InitiativeUnknown"
	// RuleInitiativeNotInForce: a goal, strategy or activity names an initiative that is not in force during the period. Remedy: name an initiative that
	// is in force during the period.
	RuleInitiativeNotInForce = "InitiativeNotInForce"
	// RuleNotAligned: a goal or strategy names no initiative. Remedy: add an initiative that is in force during the period.
	RuleNotAligned = "NotAligned"

	// RuleSegmentUnknown: the program's catalogue has no such segment, so the plan counts for none in reports. Remedy: name one of the catalogue, or have the
	// program owner add it.
	RuleSegmentUnknown = "SegmentUnknown"
	// RuleSectionMissing: the plan lacks a section that the tier requires. Remedy: add the section.
	RuleSectionMissing = "SectionMissing"
	// RuleValueNotQuantified: the quantified part of the value proposition holds no number. Remedy: say with a number what the customer gains.
	RuleValueNotQuantified = "ValueNotQuantified"
	// RuleValueTooLong: reading the value proposition takes longer than the program allows. Remedy: shorten it.
	RuleValueTooLong = "ValueTooLong"
	// RuleValueHype: the value proposition uses a word that the program does not allow. Remedy: say what is meant instead.
	RuleValueHype = "ValueHype"
	// RuleRiskUnknown: a risk that occurred is not in the plan. Remedy: correct the name, or add the risk to the plan.
	RuleRiskUnknown = "RiskUnknown"
	// RuleRiskWithoutContingency: a risk occurred and the plan has no contingency for it. Remedy: add a contingency to the risk.
	RuleRiskWithoutContingency = "RiskWithoutContingency"
	// RuleRiskUndecided: a risk occurred, and nobody has recorded that its contingency was decided on. Remedy: its owner decides, and records it in
	// spec.progress.done with kind Risk.
	RuleRiskUndecided = "RiskUndecided"
	// RuleAccountWithoutOwner: a target account lacks an owner on one side. Remedy: name the person of each party who pursues it.
	RuleAccountWithoutOwner = "AccountWithoutOwner"
	// RuleSalesQuarterInvalid: an entry of the sales plan is for no quarter or days of the period, shares days with another one of its goal, or is for a
	// goal without figures. Remedy: choose a quarter of the period, and leave one entry for each goal and quarter.
	RuleSalesQuarterInvalid = "SalesQuarterInvalid"
	// RuleSalesTargetsDiffer: the quarters of a goal do not come to its target: the sum of a Flow, the last one of a Stock. Remedy: correct the quarters, or
	// the goal's target.
	RuleSalesTargetsDiffer = "SalesTargetsDiffer"
	// RuleSalesMetricUnknown: a stage of the sales plan names a metric that the program's catalogue does not have, or a quarter a goal with such a metric.
	// Remedy: correct the name.
	RuleSalesMetricUnknown = "SalesMetricUnknown"
	// RuleWinRateNotMeasured: a win rate is expected, and the program has no metric that counts wins. Remedy: the program owner adds a metric with role
	// Wins.
	RuleWinRateNotMeasured = "WinRateNotMeasured"
	// RuleGoalUnknown: a commitment, the sales plan or a request for a benefit names a goal that the plan does not have. Remedy: correct the name, or add the goal to the plan.
	RuleGoalUnknown = "GoalUnknown"
	// RuleDoneUnknown: progress names a goal or commitment that the plan does not have. Remedy: correct the name; the message lists those that there are.
	RuleDoneUnknown = "DoneUnknown"
	// RuleDoneNotDeliverable: progress names a goal that is measured and cannot be reported as done. Remedy: remove the entry; results come from a
	// MeasurementSet.
	RuleDoneNotDeliverable = "DoneNotDeliverable"
	// RuleActivityTypeUnknown: an activity's type is not in the program's catalogue. Remedy: correct the type; the message lists those that there are.
	RuleActivityTypeUnknown = "ActivityTypeUnknown"
	// RuleActivityNotAllowed: the tier may not be funded for an activity of this type. Remedy: choose a type that the tier is funded for.
	RuleActivityNotAllowed = "ActivityNotAllowed"
	// RuleOutsidePeriod: an activity or commitment has a day outside the period. Remedy: choose days within the period.
	RuleOutsidePeriod = "OutsidePeriod"
	// RuleCostInvalid: an activity's cost is not an amount of its currency. Remedy: write the net cost as a number, such as 1250.00.
	RuleCostInvalid = "CostInvalid"
	// RuleFundingSum: what the funders of an activity pay does not add up to its cost. Remedy: change the amounts, or the cost.
	RuleFundingSum = "FundingSum"
	// RuleVendorShareAboveRate: an activity counts on more of the vendor's money than the rate of its type pays. Remedy: lower the vendor's part, and name who
	// pays the rest.
	RuleVendorShareAboveRate = "VendorShareAboveRate"
	// RuleBenefitUnknown: the plan asks for a benefit that the program's catalogue does not have. Remedy: correct the name; the message lists the benefits.
	RuleBenefitUnknown = "BenefitUnknown"
	// RuleBenefitNotOfTier: the plan asks for a benefit that the tier does not entitle to; nothing of it is granted. Remedy: ask for one that it does.
	RuleBenefitNotOfTier = "BenefitNotOfTier"
	// RuleBenefitAboveAligned: the plan asks for more of a benefit than is aligned; what is above is not granted. Remedy: ask for less, or let more goals serve
	// an initiative in force.
	RuleBenefitAboveAligned = "BenefitAboveAligned"
	// RuleActivityNotPlanned: a request for a benefit is for an activity that the plan does not have; nothing is granted for it. Remedy: correct the name, or
	// add the activity.
	RuleActivityNotPlanned = "ActivityNotPlanned"
	// RuleCurrencyMismatch: an activity's cost is not in the program's currency, and is not used. Remedy: state it in that currency.
	RuleCurrencyMismatch = "CurrencyMismatch"
)
