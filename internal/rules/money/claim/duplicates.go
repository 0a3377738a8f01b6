package claim

import (
	"cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// before reports whether a use keeps the invoice from another: a settled claim goes first, then the one that was received first, then by
// name. Whether a claim was refused or has lapsed makes no difference: who wants the other one to be paid takes the invoice out of it.
func before(u, other *facts.InvoiceUse) bool {
	if u.Settled != other.Settled {
		return u.Settled
	}
	return cmp.Or(cmp.Compare(u.Claimed, other.Claimed), cmp.Compare(u.Claim.Name, other.Claim.Name), cmp.Compare(u.Index, other.Index)) < 0
}

// duplicateOf returns the claim that keeps an invoice from a claim: another one, or the claim itself when it lists the invoice twice; nil
// when the claim may have it.
func duplicateOf(f *facts.Facts, claim *v1alpha1.MDFClaim, index int) *v1alpha1.MDFClaim {
	own, _ := f.UseOfInvoices(claim)
	own.Index = index
	for i := range index {
		if facts.SameInvoice(&claim.Spec.Costs[i], &claim.Spec.Costs[index]) {
			return claim
		}
	}
	var first *facts.InvoiceUse
	for _, use := range f.InvoiceUses(&claim.Spec.Costs[index]) {
		if use.Claim.Name != claim.Name && before(&use, &own) && (first == nil || before(&use, first)) {
			first = &use
		}
	}
	if first == nil {
		return nil
	}
	return first.Claim
}
