// Package money is the house of the rules about market development funds; each room is a package of its own, and this one holds no code.
// Arrows run down the list, never up:
//
//	outcome   what became of a request: its stage, what is granted, reserved and paid
//	budget    what is wrong with a budget, and how it stands
//	ledger    what a ledger grants, settles and releases; how a lost one is rebuilt
//	claim     what a claim is due: its rules, duplicate invoices, shares, payments
//	headroom  what the limits of a budget, and what its partner earned, leave for whoever asks
//	request   whether a request keeps the rules: the plan, lead time, the window for requests, the claim window, milestones, exchange rates
//	approval  who must approve an amount, and what decisions come to
//	facts     what is computed once and read by all: keys and notes of ledgers, revisions, standing, measurements
//
// Whether one ApprovalDecision counts, about a plan as about money, is said by package decision beside this folder.
//
// # Words
//
// An MDFAllocation is a request until money is granted to it, and stays the place where that grant is told. "Allocation" means the object alone.
// A request is what an allocation asks for under one requestID; another requestID is another request of the same allocation. A claim, the
// object MDFClaim, asks for the payment of costs under a granted request. A budget's MDFLedger holds all that was granted: a reservation is what
// it holds for a request and has not paid, a settlement what it paid for a claim, and a grant both together. A room is what a limit or an
// accrual leaves for a request; what the budget's own amount leaves is "left". In the packages, a Request and a Claim have their API object
// in the field Object.
//
// A ledger remembers the order of grants, so what is granted is a function of specs, an instant and the ledger. Of statuses one thing is
// read: whether a request's status still says that money is reserved, because money is released only after that; and, once a ledger is lost,
// what they remember of it.
//
// All amounts are int64 minor units of the budget's currency unless a comment says otherwise.
package money
