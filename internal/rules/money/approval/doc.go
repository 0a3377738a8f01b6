// Package approval says who must approve money, and what the decisions on a request or a claim come to: how many people an amount needs by the
// budget's approval limits, whether the current revision is approved, in part, sent back or withdrawn, and whether one decision counts.
//
// It knows a request or claim only as a Case. Whether what is requested keeps the rules is said by packages request and claim.
package approval
