package attainment

// Rules that are found wrong, violated or at risk in the goals of a plan.
const (
	// RuleGoalMetricUnknown: a goal names a metric that the program's catalogue does not have. Remedy: correct the name.
	RuleGoalMetricUnknown = "GoalMetricUnknown"
	// RuleGoalUnitMismatch: a goal's target states another unit than the metric's; nothing is converted. Remedy: write the target in the metric's unit.
	RuleGoalUnitMismatch = "GoalUnitMismatch"
	// RuleGoalBaselineMissing: a goal has a relative target, or a metric of which less is better, and no baseline. Remedy: add baseline.
	RuleGoalBaselineMissing = "GoalBaselineMissing"
	// RuleGoalTargetInvalid: a goal's target is missing, cannot be read, is not above zero, or lies on the wrong side of the baseline. Remedy: write a
	// target that can be worked towards.
	RuleGoalTargetInvalid = "GoalTargetInvalid"
	// RuleGoalDueOutsidePeriod: a goal's due day is outside the plan's period; it is judged by the last day of the period. Remedy: write
	// a day of the period.
	RuleGoalDueOutsidePeriod = "GoalDueOutsidePeriod"
	// RuleGoalWeightsInvalid: the weights of the goals do not add up to 100, or only some goals state one; the plan has no score. Remedy: state weights that add
	// up to 100, or none.
	RuleGoalWeightsInvalid = "GoalWeightsInvalid"
	// RuleMilestoneOutsidePeriod: a milestone is not between the first day of the period and the goal's due day, and is left out. Remedy: move it or
	// remove it.
	RuleMilestoneOutsidePeriod = "MilestoneOutsidePeriod"
	// RuleMilestoneNotOnTheWay: a milestone's value falls back behind the one before it, or lies beyond the target, and is left out. Remedy: write a value
	// toward the target.
	RuleMilestoneNotOnTheWay = "MilestoneNotOnTheWay"
	// RuleDoneInFuture: a goal is recorded as done on a day in the future; it counts from that day on. Remedy: correct the day.
	RuleDoneInFuture = "DoneInFuture"
	// RuleResultsMissing: results that are due are missing, and count as zero. Remedy: report them in a MeasurementSet, with 0 where nothing was added.
	RuleResultsMissing = "ResultsMissing"
	// RuleGoalAtRisk: a goal's pace is below onTrackFromPercent. Remedy: agree in the next review on what brings it back.
	RuleGoalAtRisk = "GoalAtRisk"
	// RuleGoalOffTrack: a goal's pace is below atRiskFromPercent. Remedy: agree on actions, or amend the plan.
	RuleGoalOffTrack = "GoalOffTrack"
	// RuleGoalMissed: a goal's due day and its results' due day are past, and its target is not reached. Remedy: none; if results are missing, report them.
	RuleGoalMissed = "GoalMissed"
	// RuleTargetsShareMetric: several goals have targets of one metric by one day, and each counts the whole of it, so that they look attained before their
	// sum is. Remedy: give each a metric of its own, or write one goal.
	RuleTargetsShareMetric = "TargetsShareMetric"
	// RuleGateClosed: a gate goal stayed below its gatePercent, so the plan's score is 0. Remedy: none; if results are missing, report them.
	RuleGateClosed = "GateClosed"
)
