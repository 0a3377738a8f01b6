// Package outcome says what became of a request: the status of an MDFAllocation with its stage, what is granted, reserved, claimed and paid, what
// stands in the way of a grant, and the days by which something has to be done so that money is not released.
//
// It tells what the ledger holds and grants nothing: that is package ledger's.
package outcome
