package plan

// Rules that are found violated, at risk or not to be judged in a plan, a decision or a kept revision.
const (
	// RulePeriodInvalid: the program's calendar defines no such period.
	RulePeriodInvalid = "PeriodInvalid"
	// RuleNoRules: the period begins before the program's first rule set.
	RuleNoRules = "NoRules"
	// RuleCalendarDoubtful: the program's calendar has mistakes, so the plan's days may be judged wrongly.
	RuleCalendarDoubtful = "CalendarDoubtful"
	// RulePlanOverlap: another plan of the same partner is for the same days.
	RulePlanOverlap = "PlanOverlap"
	// RuleDateInvalid: a day is no calendar day.
	RuleDateInvalid = "DateInvalid"
	// RuleFactInFuture: something is recorded as done on a day that has not come. It counts from that day on.
	RuleFactInFuture = "FactInFuture"

	// RulePeopleLookAlike: the names of the approvers of both parties look alike. Remedy: find out whether they are two people; if they are one,
	// return the plan, and let another person approve for one of the parties.
	RulePeopleLookAlike = "PeopleLookAlike"
	// RuleDecisionOverdue: the vendor has not decided within its days on a plan that the partner submitted. Remedy: the vendor approves, returns or
	// rejects it.
	RuleDecisionOverdue = "DecisionOverdue"
	// RuleAmendmentPending: the current terms differ from the plan of record; what is only in them gets nothing.
	RuleAmendmentPending = "AmendmentPending"
	// RuleRevisionCorrupt: a kept revision's content is not what its revision says.
	RuleRevisionCorrupt = "RevisionCorrupt"
	// RulePlanGone: the plan of a kept revision does not exist; the revision stays as the record of what was agreed.
	RulePlanGone = "PlanGone"
	// RuleRevisionMissing: nothing holds the content of the plan of record.
	RuleRevisionMissing = "RevisionMissing"

	// RuleReviewOverdue: a review is late beyond its grace.
	RuleReviewOverdue = "ReviewOverdue"
	// RuleReviewInGrace: a review is late, within its grace.
	RuleReviewInGrace = "ReviewInGrace"
	// RuleReviewUnanswered: the vendor neither confirmed nor disputed in time what the partner recorded.
	RuleReviewUnanswered = "ReviewUnanswered"
	// RuleReviewDisputed: the record of a meeting is disputed, and nobody has resolved that yet.
	RuleReviewDisputed = "ReviewDisputed"
	// RuleDisputeOverdue: a dispute about the record of a meeting was not resolved in time, and is escalated.
	RuleDisputeOverdue = "DisputeOverdue"
	// RuleReviewTooEarly: a review was held before the period or the approval and does not count.
	RuleReviewTooEarly = "ReviewTooEarly"
	// RuleReviewExtra: a review was held when none was due or open, and counts for none.
	RuleReviewExtra = "ReviewExtra"
	// RuleActionOverdue: an action that a review decided on is late.
	RuleActionOverdue = "ActionOverdue"
	// RuleCommitmentOverdue: a party has not kept a commitment by its day.
	RuleCommitmentOverdue = "CommitmentOverdue"

	// RuleSmartSpecific: a goal names no metric of the catalogue, or no owner.
	RuleSmartSpecific = "SmartSpecific"
	// RuleSmartMeasurable: a goal's target cannot be measured in the metric's unit, or no source of results is known.
	RuleSmartMeasurable = "SmartMeasurable"
	// RuleSmartActionable: no campaign and no commitment serves a goal.
	RuleSmartActionable = "SmartActionable"
	// RuleSmartRealistic: a goal's target is outside the bounds of the program, or the program states none.
	RuleSmartRealistic = "SmartRealistic"
	// RuleSmartTimeBound: a goal is not due within the period.
	RuleSmartTimeBound = "SmartTimeBound"

	// RuleInitiativeUnknown: a goal, strategy or activity names an initiative that the program's catalogue does not have.
	RuleInitiativeUnknown = "InitiativeUnknown"
	// RuleInitiativeNotInForce: a goal, strategy or activity names an initiative that is not in force during the period.
	RuleInitiativeNotInForce = "InitiativeNotInForce"
	// RuleNotAligned: a goal or strategy names no initiative.
	RuleNotAligned = "NotAligned"

	// RuleSectionMissing: the plan lacks a section that the tier requires.
	RuleSectionMissing = "SectionMissing"
	// RuleValueNotQuantified: the quantified part of the value proposition holds no number.
	RuleValueNotQuantified = "ValueNotQuantified"
	// RuleValueTooLong: reading the value proposition takes longer than the program allows.
	RuleValueTooLong = "ValueTooLong"
	// RuleValueHype: the value proposition uses a word that the program does not want to read.
	RuleValueHype = "ValueHype"
	// RuleRiskUnknown: a risk that came true is not in the plan.
	RuleRiskUnknown = "RiskUnknown"
	// RuleRiskWithoutContingency: a risk came true and the plan does not say what is done then.
	RuleRiskWithoutContingency = "RiskWithoutContingency"
	// RuleRiskUndecided: a risk came true, and nobody has recorded that its contingency was decided on. Remedy: its owner decides, and records it in
	// spec.progress.done with kind Risk.
	RuleRiskUndecided = "RiskUndecided"
	// RuleAccountWithoutOwner: a target account lacks an owner on one side.
	RuleAccountWithoutOwner = "AccountWithoutOwner"
	// RuleGoalUnknown: a commitment names a goal that the plan does not have.
	RuleGoalUnknown = "GoalUnknown"
	// RuleDoneUnknown: progress names a goal or commitment that the plan does not have.
	RuleDoneUnknown = "DoneUnknown"
	// RuleDoneNotDeliverable: progress names a goal that is measured and cannot be reported as done.
	RuleDoneNotDeliverable = "DoneNotDeliverable"
	// RuleActivityTypeUnknown: an activity's type is not in the program's catalogue.
	RuleActivityTypeUnknown = "ActivityTypeUnknown"
	// RuleActivityNotAllowed: the tier may not be funded for an activity of this type.
	RuleActivityNotAllowed = "ActivityNotAllowed"
	// RuleOutsidePeriod: an activity or commitment has a day outside the period.
	RuleOutsidePeriod = "OutsidePeriod"
	// RuleCostInvalid: an activity's cost is no amount of its currency.
	RuleCostInvalid = "CostInvalid"
	// RuleCurrencyMismatch: an activity's cost is not in the program's currency, and is not used. Remedy: state it in that currency.
	RuleCurrencyMismatch = "CurrencyMismatch"
)
