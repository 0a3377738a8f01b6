// Package claim says what claims on a granted request are due: whether each keeps the rules, whether another claim has an invoice already, what is
// payable of it and what is the partner's own cost, what its payment settles, and what must stay reserved for all of them (Account).
//
// It does not move money: what is to be settled or kept is written by package ledger. Whether the request kept its rules is said by request.
package claim
