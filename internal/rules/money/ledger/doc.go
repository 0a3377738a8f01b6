// Package ledger says what a budget's MDFLedger must become: which payments it settles, which requests it grants and how much, what it releases
// and why, what a lowered budget takes back, and how a lost ledger is rebuilt once a person has authorised it.
//
// It decides on a Pool: one budget with the objects of all partners that draw on it. It writes nothing; what became of one request is told by
// package outcome, and how the budget stands by package budget.
package ledger
