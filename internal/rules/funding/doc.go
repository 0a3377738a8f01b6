// Package funding says what market development funds are granted, to whom, and why not: the eligibility of requests, what a partner has
// earned, the ledger's decisions, and claims.
//
// A budget's MDFLedger remembers the order of grants, so what is granted is a function of specs, an instant and the ledger. Of statuses one
// thing is read: whether a request's status still says that money is reserved, because money is released only after that.
//
// All amounts are int64 minor units of the budget's currency unless a comment says otherwise.
package funding
