// Package reward reads the rewards of budgets: which intervals one is earned in, which of them a budget pays for, and what was measured in one.
//
// What a measured value earns is said by package headroom, as with accruals. Whether money is granted for it is said by the rules of requests: a reward
// is requested, approved, granted, claimed and paid by the same machinery as money for activities.
package reward
