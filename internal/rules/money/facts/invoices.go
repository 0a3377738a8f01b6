package facts

import (
	"cmp"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/money"
)

// InvoiceUse is one place at which an invoice is claimed, in whole or in part.
type InvoiceUse struct {
	// Claim is the claim that lists the invoice.
	Claim *v1alpha1.MDFClaim
	// Cost is its place there.
	Cost *v1alpha1.ClaimedCost
	// Net is the part that is claimed, in minor units of the claim's currency; zero when it is not an amount.
	Net int64
	// Total is the invoice's net total as it is stated there: Net when all of it is claimed.
	Total int64
	// Counts is how much of Net counts: at most what the claims before leave of the total. Nothing when they state another total.
	Counts int64
	// Before lists the uses of the same invoice that come before this one, in their order.
	Before []*InvoiceUse

	index    int
	settled  bool
	void     bool       // it states another net total than those before it
	claimed  fiscal.Day // the last day of all for a claim that states none
	number   identity.Number
	supplier string
	incurred fiscal.Day // absent when it is not a day
}

// apartDays is by how many days the costs of two invoices with one number differ when they are taken for two: suppliers begin their numbers
// anew with a year.
const apartDays = 300

// sameNumber reports whether two uses are of one number, by suppliers that are the same as far as they are stated.
func (u *InvoiceUse) sameNumber(other *InvoiceUse) bool {
	return u.number.Key == other.number.Key && u.sameSupplier(other)
}

// sameSupplier reports whether two uses are of one supplier, as far as it is stated.
func (u *InvoiceUse) sameSupplier(other *InvoiceUse) bool {
	return u.supplier == other.supplier || u.supplier == "" || other.supplier == ""
}

// apart reports whether two uses lie so far apart that they are of two invoices, whatever their numbers.
func (u *InvoiceUse) apart(other *InvoiceUse) bool {
	if u.incurred.IsZero() || other.incurred.IsZero() {
		return false
	}
	return u.incurred >= other.incurred.AddDays(apartDays) || other.incurred >= u.incurred.AddDays(apartDays)
}

// same reports whether two uses are of one invoice.
func (u *InvoiceUse) same(other *InvoiceUse) bool { return u.sameNumber(other) && !u.apart(other) }

// Same reports whether two uses are of one invoice, also of claims of different partners.
func (u *InvoiceUse) Same(other *InvoiceUse) bool { return u.same(other) }

// Number returns the letters and digits by which the invoice's number is compared.
func (u *InvoiceUse) Number() string { return u.number.Key }

// Contradicts returns the first use before this one that counts and states another net total of the invoice; nil when none does.
func (u *InvoiceUse) Contradicts() *InvoiceUse {
	i := slices.IndexFunc(u.Before, func(first *InvoiceUse) bool { return !first.void && !u.sameTotal(first) })
	if i < 0 {
		return nil
	}
	return u.Before[i]
}

// Taken returns what the uses before this one count of the invoice.
func (u *InvoiceUse) Taken() int64 {
	var sum int64
	for _, first := range u.Before {
		sum += min(first.Counts, money.Max-sum)
	}
	return sum
}

// compareUses puts uses of an invoice in the order in which they take of it: a settled claim goes first, then the one that was received first,
// then by name. Whether a claim was refused or has lapsed makes no difference: who wants the other one to be paid takes the invoice out of it.
func compareUses(u, other *InvoiceUse) int {
	if u.settled != other.settled {
		if u.settled {
			return -1
		}
		return 1
	}
	return compareDays(u, other)
}

// maxSharers bounds the uses of one number that are counted, so that the time that it takes does not grow with their square. No invoice has that many:
// the claims after them get nothing of it.
const maxSharers = 256

// countAll says what each of the uses of one number counts of its invoice. They are in their order.
func countAll(group []*InvoiceUse) {
	for i, use := range group {
		use.count(group[:min(i, maxSharers)])
		if i < maxSharers || use.settled {
			continue
		}
		use.Counts = 0
		if len(use.Before) == 0 {
			use.Before = group[:1]
		}
	}
}

// count says what a use counts of its invoice, after uses of the same number that come before it. What is settled stays counted, whatever was
// stated.
func (u *InvoiceUse) count(before []*InvoiceUse) {
	u.Before = before
	if slices.ContainsFunc(before, func(first *InvoiceUse) bool { return !u.same(first) }) {
		u.Before = slices.DeleteFunc(slices.Clone(before), func(first *InvoiceUse) bool { return !u.same(first) })
	}
	if u.void = !u.settled && u.Contradicts() != nil; !u.void {
		u.Counts = max(min(u.Net, u.Total-u.Taken()), 0)
	}
}

// AlikeKind is why two invoices that are not the same may be one all the same.
type AlikeKind int

const (
	// AlikeApart: they have one number, and costs that lie 300 days or more apart.
	AlikeApart AlikeKind = iota
	// AlikeNumber: they have numbers that are similar, one amount, and suppliers that are the same as far as they are stated.
	AlikeNumber
	// AlikeSupplier: they have one number and amount, and different suppliers.
	AlikeSupplier
)

// AlikeUse is a use of an invoice that may be the one at hand under another name.
type AlikeUse struct {
	*InvoiceUse

	// Why says what is alike.
	Why AlikeKind
}

// invoiceBook are the uses of all invoices of a partner.
type invoiceBook struct {
	byNumber map[string][]*InvoiceUse // in their order
	byTotal  map[total][]*InvoiceUse  // by the day on which they were claimed
	byClaim  map[string][]*InvoiceUse // by the claim's name, as they stand in it
}

// total is an amount that an invoice comes to.
type total struct {
	minor    int64
	currency v1alpha1.CurrencyCode
}

func (u *InvoiceUse) total() total { return total{u.Total, u.Claim.Spec.Currency} }

// sameTotal reports whether two uses state one amount.
func (u *InvoiceUse) sameTotal(other *InvoiceUse) bool { return u.total() == other.total() }

// invoices is the key of the uses of invoices.
type invoices struct{}

// invoiceBook returns the uses of invoices by the partner's claims that take of them, counted.
func (f *Facts) invoiceBook() invoiceBook {
	return Once(f, invoices{}, func() invoiceBook {
		book := invoiceBook{byNumber: map[string][]*InvoiceUse{}, byTotal: map[total][]*InvoiceUse{}, byClaim: map[string][]*InvoiceUse{}}
		for _, claim := range f.Snapshot.Claims() {
			uses, counts := f.usesOf(claim)
			if !counts {
				continue
			}
			for _, use := range uses {
				book.byNumber[use.number.Key] = append(book.byNumber[use.number.Key], use)
				book.byTotal[use.total()] = append(book.byTotal[use.total()], use)
			}
			book.byClaim[claim.Name] = uses
		}
		for _, group := range book.byNumber {
			slices.SortFunc(group, compareUses)
			countAll(group)
		}
		for _, group := range book.byTotal {
			slices.SortFunc(group, compareDays)
		}
		return book
	})
}

// InvoiceUses returns how a claim uses the invoices of its costs, in their order, beside all other claims of the partner. Claims that no longer exist
// than drafts take nothing from others.
func (f *Facts) InvoiceUses(claim *v1alpha1.MDFClaim) []*InvoiceUse {
	book := f.invoiceBook()
	if uses := book.byClaim[claim.Name]; len(uses) > 0 && uses[0].Claim == claim {
		return uses
	}
	uses, _ := f.usesOf(claim) // a draft, or a claim as it might be
	for i, use := range uses {
		group, others := []*InvoiceUse{use}, book.byNumber[use.number.Key]
		for _, other := range slices.Concat(others[:min(len(others), 2*maxSharers)], uses[:i]) {
			if own := slices.Contains(uses, other); (own || other.Claim.Name != claim.Name) && other.number.Key == use.number.Key && compareUses(other, use) < 0 {
				group = append(group, other.uncounted())
			}
		}
		slices.SortFunc(group, compareUses)
		countAll(group) // use is the last of them
	}
	return uses
}

// uncounted returns a copy of a use that is not counted yet.
func (u *InvoiceUse) uncounted() *InvoiceUse {
	x := *u
	x.Counts, x.Before, x.void = 0, nil, false
	return &x
}

// maxCompared bounds the other uses with which one is compared, of its number and of its total each.
const maxCompared = 256

// AlikeUses returns the uses by other claims of invoices that are not that of a use but may be, in the order in which they were claimed. Of very
// many those are looked at that were claimed at about the same time.
func (f *Facts) AlikeUses(use *InvoiceUse) []AlikeUse {
	book := f.invoiceBook()
	var alike []AlikeUse
	note := func(other *InvoiceUse, why AlikeKind) {
		if other.Claim.Name != use.Claim.Name {
			alike = append(alike, AlikeUse{other, why})
		}
	}
	for _, other := range around(book.byNumber[use.number.Key], use, compareUses) {
		switch {
		case use.sameNumber(other) && use.apart(other):
			note(other, AlikeApart)
		case !use.sameNumber(other) && use.sameTotal(other) && use.Total > 0:
			note(other, AlikeSupplier)
		}
	}
	for _, other := range around(book.byTotal[use.total()], use, compareDays) {
		if use.Total > 0 && use.sameSupplier(other) && use.number.Similar(&other.number) {
			note(other, AlikeNumber)
		}
	}
	slices.SortFunc(alike, func(a, b AlikeUse) int { return compareDays(a.InvoiceUse, b.InvoiceUse) })
	return alike
}

// compareDays puts uses in the order in which they were claimed.
func compareDays(u, other *InvoiceUse) int {
	return cmp.Or(cmp.Compare(u.claimed, other.claimed), cmp.Compare(u.Claim.Name, other.Claim.Name), cmp.Compare(u.index, other.index))
}

// around returns the uses of a list in an order that are next before and after a use. A list that is not long is returned as it is.
func around(list []*InvoiceUse, use *InvoiceUse, compare func(u, other *InvoiceUse) int) []*InvoiceUse {
	if len(list) <= maxCompared {
		return list
	}
	at, _ := slices.BinarySearchFunc(list, use, compare)
	from := min(max(at-maxCompared/2, 0), len(list)-maxCompared)
	return list[from : from+maxCompared]
}

// usesOf returns how a claim uses its invoices, not counted yet; false for a draft that states no day. A day in the future counts as any other:
// it is later than that of every claim that was received, and so takes nothing from them.
func (f *Facts) usesOf(claim *v1alpha1.MDFClaim) ([]*InvoiceUse, bool) {
	claimed, settled, closed := fiscal.LastDay, false, false
	day, err := fiscal.ParseDay(claim.Spec.ClaimedOn)
	if err == nil {
		claimed = day
	}
	if a := f.Snapshot.Allocation(claim.Spec.AllocationRef.Name); a != nil {
		_, amount, known := f.Settlement(a.Spec.BudgetRef.Name, f.Snapshot.Ledger(a.Spec.BudgetRef.Name), Key(a), claim)
		settled, closed = known && amount > 0, known && amount == 0
	}
	uses := make([]*InvoiceUse, len(claim.Spec.Costs))
	for i := range claim.Spec.Costs {
		cost := &claim.Spec.Costs[i]
		use := &InvoiceUse{
			Claim: claim, Cost: cost, index: i, settled: settled, claimed: claimed,
			number: identity.NewNumber(string(cost.Invoice)), supplier: identity.SupplierKey(string(cost.Supplier)),
		}
		use.incurred, _ = fiscal.ParseDay(cost.IncurredOn)
		use.Net, use.Total = amountOf(cost.Net, claim.Spec.Currency), amountOf(cost.InvoiceNet, claim.Spec.Currency)
		if cost.InvoiceNet == "" {
			use.Total = use.Net
		}
		uses[i] = use
	}
	return uses, !closed && (err == nil || settled)
}

// amountOf returns an amount in minor units; zero when it is none, or negative.
func amountOf(text v1alpha1.Decimal, currency v1alpha1.CurrencyCode) int64 {
	amount, err := money.Parse(text, currency)
	if err != nil {
		return 0
	}
	return max(amount, 0)
}
