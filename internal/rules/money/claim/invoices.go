package claim

import (
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/verdict"
)

// Rules about the invoices of a claim that refuse nothing.
const (
	// RuleInvoiceShared: other claims of the partner have a part of an invoice. Where they leave less than is claimed, only that counts (Warning).
	// Remedy: correct the part that is wrong; otherwise the rest is the partner's cost.
	RuleInvoiceShared = "InvoiceShared"
	// RuleInvoiceAlike: an invoice may be one that another claim has under another number, supplier or day. Nothing is refused for it. Remedy:
	// compare the two invoices before you approve; if they are one, reject the claim.
	RuleInvoiceAlike = "InvoiceAlike"
)

// isDuplicate reports whether other claims, or an earlier line of this one, have all of the invoice.
func (c *costInput) isDuplicate() bool {
	if len(c.use.Before) == 0 || c.use.Counts > 0 || c.net == 0 {
		return false
	}
	differs := c.use.Contradicts()
	return differs == nil || c.spec.InvoiceNet == "" && differs.Cost.InvoiceNet == ""
}

func duplicateInvoice(in *input) (reason, message string, failed bool) {
	var twice []string
	for i := range in.costs {
		cost := &in.costs[i]
		switch {
		case !cost.isDuplicate():
		case cost.use.Before[0].Claim.Name == in.claim.Name:
			twice = append(twice, fmt.Sprintf("invoice %s appears twice in this claim", quoted(cost.spec.Invoice)))
		default:
			twice = append(twice, fmt.Sprintf("invoice %s is claimed in %s", quoted(cost.spec.Invoice), claimsOf(cost.use.Before)))
		}
	}
	if len(twice) == 0 {
		return "", "", false
	}
	return v1alpha1.ReasonDuplicateInvoice, verdict.Some(twice, maxNamedCosts) + ": nothing of it is left, so take it out of one of them or, where each bears a " +
		"part, state the part as net and the whole as invoiceNet in both" + in.correctText(), true
}

// claimsOf names the claims of uses.
func claimsOf(uses []*facts.InvoiceUse) string {
	var names []string
	for _, use := range uses {
		if name := fmt.Sprintf("MDFClaim %q", use.Claim.Name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return verdict.Some(names, maxNamedCosts)
}

func netDiffers(in *input) (reason, message string, failed bool) {
	var differ []string
	for i := range in.costs {
		cost := &in.costs[i]
		first := cost.use.Contradicts()
		if first == nil || cost.isDuplicate() || cost.use.Counts > 0 {
			continue
		}
		differ = append(differ, fmt.Sprintf("invoice %s comes to %s net here and to %s in MDFClaim %q", quoted(cost.spec.Invoice),
			money.Format(cost.use.Total, in.claim.Spec.Currency), money.Format(first.Total, first.Claim.Spec.Currency), first.Claim.Name))
	}
	if len(differ) == 0 {
		return "", "", false
	}
	return v1alpha1.ReasonInvoiceNetDiffers, verdict.Some(differ, maxNamedCosts) + ": correct invoiceNet where it is wrong; without invoiceNet, net is the whole invoice" +
		in.correctText(), true
}

// findInvoices notes which invoices are shared, and which may be those of other claims.
func (v *Claim) findInvoices() {
	in := v.input
	if v.IsSettled || v.rank == rankDead {
		return
	}
	for i := range in.costs {
		in.findShared(&in.costs[i])
		in.findLess(&in.costs[i])
		in.findAlike(&in.costs[i])
	}
}

// findShared notes that other claims have a part of an invoice.
func (in *input) findShared(cost *costInput) {
	if cost.use.Counts == 0 || len(cost.use.Before) == 0 {
		return
	}
	currency := in.claim.Spec.Currency
	field := fmt.Sprintf("spec.costs[%s].net", cost.spec.Invoice)
	counting := slices.DeleteFunc(slices.Clone(cost.use.Before), func(first *facts.InvoiceUse) bool { return first.Counts == 0 })
	if len(counting) == 0 {
		return
	}
	text := fmt.Sprintf("invoice %s comes to %s net, of which %s counts in %s", quoted(cost.spec.Invoice), money.Format(cost.use.Total, currency),
		money.Format(cost.use.Taken(), currency), claimsOf(counting))
	if cost.use.Counts < cost.net {
		in.findings.Warningf(RuleInvoiceShared, field, "%s: of the %s claimed here, %s counts; the rest is the partner's cost", text,
			money.Format(cost.net, currency), money.Format(cost.use.Counts, currency))
		return
	}
	in.findings.Infof(RuleInvoiceShared, field, "%s, and %s here", text, money.Format(cost.net, currency))
}

// findAlike notes which other claims may have an invoice under another name.
func (in *input) findAlike(cost *costInput) {
	uses := in.facts.AlikeUses(cost.use)
	if len(uses) == 0 {
		return
	}
	var alike []string
	for _, other := range uses[:min(len(uses), maxNamedCosts)] {
		alike = append(alike, alikeText(other))
	}
	in.findings.Warningf(RuleInvoiceAlike, fmt.Sprintf("spec.costs[%s].invoice", cost.spec.Invoice),
		"invoice %s%s of %s may be one that is claimed elsewhere: %s; compare them, and reject the claim if they are one", quoted(cost.spec.Invoice),
		supplierText(cost.spec), cost.spec.IncurredOn, verdict.SomeOf(alike, len(uses)))
}

// alikeText says what is alike.
func alikeText(other facts.AlikeUse) string {
	where := fmt.Sprintf("MDFClaim %q", other.Claim.Name)
	switch other.Why {
	case facts.AlikeApart:
		return fmt.Sprintf("%s has this number%s with a cost of %s", where, supplierText(other.Cost), other.Cost.IncurredOn)
	case facts.AlikeSupplier:
		return fmt.Sprintf("%s has this number and amount%s", where, supplierText(other.Cost))
	default:
		return fmt.Sprintf("%s has %s%s of the same amount", where, quoted(other.Cost.Invoice), supplierText(other.Cost))
	}
}

// supplierText says whose invoice it is; nothing when that is not stated.
func supplierText(cost *v1alpha1.ClaimedCost) string {
	if cost.Supplier == "" {
		return ""
	}
	return " by " + quoted(cost.Supplier)
}
