// Package budget says what is wrong with a budget as written (its period, limits, accrual, window, authority and claims), and how the budget stands
// by its ledger: what is reserved, settled, available and lapsed, whether its ledger is intact, and whether it holds no more than the amount.
//
// It decides on no money: that is package ledger's.
package budget
