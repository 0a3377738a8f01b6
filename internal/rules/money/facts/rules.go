package facts

// Rules about what requests for money, claims and decisions on them say.
const (
	// RuleDateInvalid: a day is not a calendar day, or comes before the one that it must follow. Remedy: write it as 2026-09-30.
	RuleDateInvalid = "DateInvalid"
	// RuleAmountInvalid: an amount is not an amount above zero in its currency. Remedy: write it with at most as many digits as the currency has.
	RuleAmountInvalid = "AmountInvalid"
)
