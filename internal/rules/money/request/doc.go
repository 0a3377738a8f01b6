// Package request says whether a request for money keeps the rules of the program, the plan and the budget: the activity, its days, the lead time,
// the window and the last day for requests, the claim window, milestones, exchange rates, standing and tier; and what it asks for in the budget's
// currency.
//
// It does not say what is left for the request (package headroom), whether it is granted (ledger, outcome), or what its claims are due (claim).
package request
