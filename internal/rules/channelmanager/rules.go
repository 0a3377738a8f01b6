package channelmanager

// Rules that are found when the evidence about a channel manager is evaluated.
const (
	// RuleManagerDateInvalid: a day of a manager's goal is not a calendar day from the year 1900 on; the goal does not count as it is written. Remedy: write
	// it as 2026-09-30.
	RuleManagerDateInvalid = "ManagerDateInvalid"
	// RuleManagerGoalInFuture: a manager's goal is recorded as done on a day that is still to come; it counts from that day on. Remedy: correct the day.
	RuleManagerGoalInFuture = "ManagerGoalInFuture"
)
