package budget

// Rules about a budget's ledger.
const (
	// RuleExceptions: requests were granted as exceptions, after their activity had begun. Remedy: none; decide within the program's days.
	RuleExceptions = "Exceptions"
	// RuleLedgerLost: the budget's ledger is gone though something says that it existed; nothing is granted or settled. Remedy: restore the
	// MDFLedger from a backup, or authorise its rebuilding with kubectl jointplan rebuild-ledger.
	RuleLedgerLost = "LedgerLost"
	// RuleLedgerMismatch: the ledger is in the currency of an earlier budget of the same name. Remedy: create a budget of another name.
	RuleLedgerMismatch = "LedgerMismatch"
	// RuleLedgerFull: the ledger has no space for another entry. Remedy: create another budget for further requests.
	RuleLedgerFull = "LedgerFull"
	// RuleBudgetExceeded: more is reserved and settled than the amount, because it was lowered. Remedy: raise spec.amount, or wait until claims
	// are paid or lapse.
	RuleBudgetExceeded = "BudgetExceeded"
)
