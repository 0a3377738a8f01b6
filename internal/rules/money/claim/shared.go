package claim

import (
	"fmt"

	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/verdict"
)

// SharedInvoice is what a claim on a shared activity wants to count of an invoice, beside the other claims of its partner.
type SharedInvoice struct {
	// Key is its key in the ledger.
	Key string
	// Use is the first place at which the claim lists the invoice.
	Use *facts.InvoiceUse
	// Wants is how much of it, in minor units of the claim's currency.
	Wants int64
}

// SharedInvoices returns what the claim wants to count of its invoices, which the ledger checks beside the claims of other partners; nothing of a claim
// that is not for a shared activity, is a draft, or does not count.
func (v *Claim) SharedInvoices() []SharedInvoice {
	in := v.input
	if !in.shared || v.rank == rankDraft || v.rank == rankDead {
		return nil
	}
	var list []SharedInvoice
	at := map[string]int{}
	for i := range in.costs {
		cost := &in.costs[i]
		key := facts.InvoiceKey(in.key, cost.use.Number())
		if n, known := at[key]; known {
			list[n].Wants += cost.wants
			continue
		}
		at[key] = len(list)
		list = append(list, SharedInvoice{Key: key, Use: cost.use, Wants: cost.wants})
	}
	return list
}

// noted returns what of a cost counts: of a shared activity at most what the ledger has noted of its invoice for this claim.
func (in *input) noted(cost *costInput) int64 {
	if !in.shared {
		return cost.wants
	}
	key := facts.InvoiceKey(in.key, cost.use.Number())
	noted, known := in.request.Ledger.Spec.Invoices[key]
	if !known {
		in.unnoted = true
		return cost.wants
	}
	counts := min(cost.wants, max(noted-in.taken[key], 0))
	in.taken[key] += counts
	return counts
}

// lessText says of which invoices of a shared activity less is left than is claimed; nothing when all of it counts. Who has the rest is not said.
func (in *input) lessText() string {
	var less []string
	for i := range in.costs {
		if cost := &in.costs[i]; cost.counts < cost.wants {
			less = append(less, fmt.Sprintf("%s of invoice %s is left", money.Format(cost.counts, in.claim.Spec.Currency), quoted(cost.spec.Invoice)))
		}
	}
	if len(less) == 0 {
		return ""
	}
	return verdict.Some(less, maxNamedCosts)
}

// findLess notes that less is left of an invoice of a shared activity than is claimed.
func (in *input) findLess(cost *costInput) {
	if cost.counts >= cost.wants {
		return
	}
	currency := in.claim.Spec.Currency
	in.findings.Warningf(RuleInvoiceShared, fmt.Sprintf("spec.costs[%s].net", cost.spec.Invoice), "%s of invoice %s is left: other claims on the shared activity count "+
		"the rest of its %s net; of the %s claimed here, %s counts, and the rest is the partner's cost", money.Format(cost.counts, currency), quoted(cost.spec.Invoice),
		money.Format(cost.use.Total, currency), money.Format(cost.net, currency), money.Format(cost.counts, currency))
}
