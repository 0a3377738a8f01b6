// Package facts holds what rules about money read and none of them decides: how the approvals of a plan stand, the tier and standing of a
// partner, what is measured about it, what a ledger settled, and where invoices are claimed. Facts computes each once for a partner at an
// instant. Beside it stand the names of things: keys, notes and bounds of ledgers, and the revisions of requests and claims.
//
// It does not judge a request, a claim or a budget. What the words mean is said in the folder above.
package facts
