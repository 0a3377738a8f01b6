package ledger

import (
	"cmp"
	"maps"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// sharedUse is what a claim counts of an invoice of a shared activity.
type sharedUse struct {
	claim.SharedInvoice

	claimKey string
	request  string
	claimed  v1alpha1.Date
	currency v1alpha1.CurrencyCode
	settled  bool
	known    bool // the ledger has noted it
	counts   int64
}

// group are the uses of one number by the claims on one shared activity.
type group struct {
	activity, number string
}

// noteInvoices notes what claims of different partners count of the invoices of a shared activity, so that each counts at most its net total. What was
// noted once stays with its claim as long as that counts; then who claimed first goes first. A claim's status reads what is noted for it alone.
func (d *decision) noteInvoices() {
	d.renoted = map[string]bool{}
	if len(d.work.Shared) == 0 {
		return
	}
	groups := map[group][]*sharedUse{}
	requests := map[string]bool{}
	for _, e := range d.entries {
		requests[e.Key] = true
		activity := d.work.Shared[e.Key]
		if activity == "" {
			continue
		}
		for _, view := range e.account().Claims {
			for _, invoice := range view.SharedInvoices() {
				use := &sharedUse{
					SharedInvoice: invoice, claimKey: view.Key, request: e.Key, claimed: view.Object.Spec.ClaimedOn, currency: view.Object.Spec.Currency, settled: view.IsSettled,
				}
				use.counts, use.known = d.work.Invoices[use.Key]
				if !use.settled {
					use.counts = min(use.counts, use.Wants)
				}
				at := group{activity, invoice.Use.Number()}
				groups[at] = append(groups[at], use)
			}
		}
	}
	d.keepOrphans(groups, requests)
	for _, at := range slices.SortedFunc(maps.Keys(groups), func(a, b group) int {
		return cmp.Or(cmp.Compare(a.activity, b.activity), cmp.Compare(a.number, b.number))
	}) {
		d.noteGroup(groups[at])
	}
}

// keepOrphans keeps what is noted for claims that nobody can see any more but whose money is settled or reserved, and forgets what is noted for others
// that do not count.
func (d *decision) keepOrphans(groups map[group][]*sharedUse, requests map[string]bool) {
	listed := map[string]bool{}
	for _, uses := range groups {
		for _, use := range uses {
			listed[use.Key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(d.work.Invoices)) {
		if listed[key] {
			continue
		}
		claimKey, number := facts.ClaimOfInvoice(key)
		of := facts.RequestOf(claimKey)
		if d.work.Settled[claimKey] > 0 || !requests[of] && d.work.Reserved[of] > 0 {
			at := group{d.work.Shared[of], number}
			groups[at] = append(groups[at], &sharedUse{SharedInvoice: claim.SharedInvoice{Key: key}, request: of, settled: true, known: true, counts: d.work.Invoices[key]})
			continue
		}
		delete(d.work.Invoices, key)
		d.touched[of] = true
	}
}

// noteGroup notes the uses of one number.
func (d *decision) noteGroup(uses []*sharedUse) {
	slices.SortFunc(uses, func(a, b *sharedUse) int {
		return cmp.Or(first(a.settled, b.settled), first(a.known, b.known), cmp.Compare(a.claimed, b.claimed), cmp.Compare(a.Key, b.Key))
	})
	for _, use := range uses {
		if !use.settled {
			use.counts += max(min(use.Wants-use.counts, use.leftBeside(uses)), 0)
		}
		if noted, known := d.work.Invoices[use.Key]; known && noted == use.counts {
			continue
		}
		if !use.known && (len(d.work.Invoices) >= v1alpha1.MaxSharedInvoices || !facts.Fits(d.size, use.Key)) {
			use.counts = 0
			continue
		}
		d.work.Invoices[use.Key] = use.counts
		d.size += facts.SizeOf(use.Key, "")
		d.touched[use.request], d.renoted[use.claimKey] = true, true
	}
}

// leftBeside returns what all uses leave of the invoice: of the least net total that any of those that count states. Of one that is stated in another
// currency nothing is left.
func (u *sharedUse) leftBeside(uses []*sharedUse) int64 {
	left := u.Use.Total
	var taken int64
	for _, other := range uses {
		switch {
		case other.counts == 0 || other.Use != nil && !u.Use.Same(other.Use):
			continue
		case other.Use != nil && other.currency != u.currency:
			return 0
		case other.Use != nil:
			left = min(left, other.Use.Total)
		}
		taken += min(other.counts, money.Max-taken)
	}
	return left - taken
}

// first puts what is before what is not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}
