package funding

import (
	"cmp"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

// invoiceUse is one place at which an invoice is claimed.
type invoiceUse struct {
	claim   *v1alpha1.MDFClaim
	index   int // among the claim's costs
	settled bool
	claimed fiscal.Day
}

// invoiceKey identifies an invoice: its number and its supplier, whatever their case and spaces.
func invoiceKey(cost *v1alpha1.ClaimedCost) string {
	return plainText(string(cost.Invoice)) + "\x00" + plainText(string(cost.Supplier))
}

func plainText(text string) string {
	return strings.Join(strings.Fields(strings.ToLower(text)), "")
}

// before reports whether a use keeps the invoice from another: a settled claim goes first, then the one that was received first, then by
// name. Whether a claim was refused or has lapsed makes no difference: who wants the other one to be paid takes the invoice out of it.
func (u invoiceUse) before(other invoiceUse) bool {
	if u.settled != other.settled {
		return u.settled
	}
	return cmp.Or(cmp.Compare(u.claimed, other.claimed), cmp.Compare(u.claim.Name, other.claim.Name), cmp.Compare(u.index, other.index)) < 0
}

// invoices returns where each invoice is claimed, in all claims of the namespace. Claims that are no more than drafts block nobody.
func (s *Scene) invoices() map[string][]invoiceUse {
	if s.invoiceUses != nil {
		return s.invoiceUses
	}
	s.invoiceUses = map[string][]invoiceUse{}
	for _, claim := range s.Snapshot.Claims() {
		use, counts := s.useOf(claim)
		if !counts {
			continue
		}
		for i := range claim.Spec.Costs {
			use.index = i
			key := invoiceKey(&claim.Spec.Costs[i])
			s.invoiceUses[key] = append(s.invoiceUses[key], use)
		}
	}
	return s.invoiceUses
}

// useOf returns how a claim uses its invoices; false for a draft that states no day. A day in the future counts as any other: it is later
// than that of every claim that was received, and so takes nothing from them.
func (s *Scene) useOf(claim *v1alpha1.MDFClaim) (invoiceUse, bool) {
	use := invoiceUse{claim: claim, claimed: fiscal.LastDay}
	day, err := fiscal.ParseDay(claim.Spec.ClaimedOn)
	if err == nil {
		use.claimed = day
	}
	if a := s.Snapshot.Allocation(claim.Spec.AllocationRef.Name); a != nil {
		_, _, use.settled = s.settled(s.Snapshot.Ledger(a.Spec.BudgetRef.Name), a.Spec.BudgetRef.Name, Key(a), claim)
	}
	return use, err == nil || use.settled
}

// duplicateOf returns the claim that keeps an invoice from a claim: another one, or the claim itself when it lists the invoice twice; nil
// when the claim may have it.
func (s *Scene) duplicateOf(claim *v1alpha1.MDFClaim, index int) *v1alpha1.MDFClaim {
	own, _ := s.useOf(claim)
	own.index = index
	for i := range index {
		if invoiceKey(&claim.Spec.Costs[i]) == invoiceKey(&claim.Spec.Costs[index]) {
			return claim
		}
	}
	var first *invoiceUse
	for _, use := range s.invoices()[invoiceKey(&claim.Spec.Costs[index])] {
		if use.claim.Name != claim.Name && use.before(own) && (first == nil || use.before(*first)) {
			first = &use
		}
	}
	if first == nil {
		return nil
	}
	return first.claim
}
