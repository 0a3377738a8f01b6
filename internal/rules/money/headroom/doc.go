// Package headroom says how much of a request the limits of its budget leave, and what its partner has earned: limits per request, activity, plan or
// partner, shares of a metric, and accruals with their lots, beside what the ledger holds for other requests already.
//
// It leaves the budget's own amount aside, which package ledger looks at, and grants nothing.
package headroom
