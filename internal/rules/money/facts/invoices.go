package facts

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// InvoiceUse is one place at which an invoice is claimed.
type InvoiceUse struct {
	// Claim is the claim that lists the invoice.
	Claim *v1alpha1.MDFClaim
	// Index is the invoice's place among the claim's costs.
	Index int
	// Settled says that the claim is settled.
	Settled bool
	// Claimed is the day on which the claim was received; the last day of all for a settled claim that states none.
	Claimed fiscal.Day
}

// SameInvoice reports whether two costs are of one invoice: of the same number and supplier, whatever their case and spaces.
func SameInvoice(a, b *v1alpha1.ClaimedCost) bool { return kinds.Invoice(a) == kinds.Invoice(b) }

// InvoiceUses returns where the invoice of a cost is claimed, in all claims of the partner. Claims that are no more than drafts block nobody.
func (f *Facts) InvoiceUses(cost *v1alpha1.ClaimedCost) []InvoiceUse {
	return f.invoices.Get(struct{}{}, f.indexInvoices)[kinds.Invoice(cost)]
}

// indexInvoices returns where each invoice is claimed, by kinds.Invoice.
func (f *Facts) indexInvoices() map[string][]InvoiceUse {
	uses := map[string][]InvoiceUse{}
	for _, claim := range f.Snapshot.Claims() {
		use, counts := f.UseOfInvoices(claim)
		if !counts {
			continue
		}
		for i := range claim.Spec.Costs {
			use.Index = i
			key := kinds.Invoice(&claim.Spec.Costs[i])
			uses[key] = append(uses[key], use)
		}
	}
	return uses
}

// UseOfInvoices returns how a claim uses its invoices; false for a draft that states no day. A day in the future counts as any other: it is
// later than that of every claim that was received, and so takes nothing from them.
func (f *Facts) UseOfInvoices(claim *v1alpha1.MDFClaim) (InvoiceUse, bool) {
	use := InvoiceUse{Claim: claim, Claimed: fiscal.LastDay}
	day, err := fiscal.ParseDay(claim.Spec.ClaimedOn)
	if err == nil {
		use.Claimed = day
	}
	if a := f.Snapshot.Allocation(claim.Spec.AllocationRef.Name); a != nil {
		_, _, use.Settled = f.Settlement(a.Spec.BudgetRef.Name, f.Snapshot.Ledger(a.Spec.BudgetRef.Name), Key(a), claim)
	}
	return use, err == nil || use.Settled
}
