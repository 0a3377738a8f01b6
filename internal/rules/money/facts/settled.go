package facts

import (
	"maps"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/identity"
)

// Entries are what a ledger holds, looked through once: sums of all, and by request those of one namespace.
type Entries struct {
	// Committed is what is reserved and settled.
	Committed int64
	// Full says that there is no room for one more reservation, SettlementsFull for one more settlement.
	Full, SettlementsFull bool

	settled map[string]int64  // by the request's key
	unpaid  map[string]int64  // by the request's key
	claims  map[string]string // keys of settlements, by allocation/claim: the first in order of the alphabet
	asked   map[string]bool   // names of allocations for which something was ever reserved
}

// Settled returns what is settled for a request, by its key, paid or not.
func (e *Entries) Settled(request string) int64 { return e.settled[request] }

// Unpaid returns what of the settlements of a request, by its key, is not paid.
func (e *Entries) Unpaid(request string) int64 { return e.unpaid[request] }

// EverReserved reports whether something was ever reserved for an allocation, for whatever request of it.
func (e *Entries) EverReserved(allocation string) bool { return e.asked[allocation] }

// Keys of what is computed once of a ledger, by its name.
type (
	entriesOf struct{ ledger v1alpha1.Name }
	paidBy    struct{ ledger v1alpha1.Name }
	linesOf   struct{ ledger v1alpha1.Name }
)

// Entries returns what the ledger of a budget, nil when there is none, holds for the namespace.
func (f *Facts) Entries(budget v1alpha1.Name, ledger *v1alpha1.MDFLedger) *Entries {
	return Once(f, entriesOf{budget}, func() *Entries { return newEntries(f.Snapshot.Namespace, ledger) })
}

func newEntries(namespace string, ledger *v1alpha1.MDFLedger) *Entries {
	e := &Entries{settled: map[string]int64{}, unpaid: map[string]int64{}, claims: map[string]string{}, asked: map[string]bool{}}
	if ledger == nil {
		return e
	}
	spec := &ledger.Spec
	e.Committed, e.Full, e.SettlementsFull = Sum(spec.Reserved)+Sum(spec.Settled), LedgerFull(spec), SettlementsFull(spec)
	for key := range spec.Reserved {
		if allocation, ours := strings.CutPrefix(OwnerOf(key), namespace+"/"); ours {
			e.asked[allocation] = true
		}
	}
	addByRequest(e.settled, namespace, spec.Settled)
	addByRequest(e.unpaid, namespace, spec.Unpaid)
	for key := range spec.Settled {
		const parts = 4
		names := strings.Split(key, "/")
		if len(names) != parts || names[0] != namespace {
			continue
		}
		claim := names[1] + "/" + names[parts-1]
		if first, known := e.claims[claim]; !known || key < first {
			e.claims[claim] = key
		}
	}
	return e
}

// addByRequest adds up amounts of claims on requests of a namespace. A key is namespace/allocation/requestID/claim.
func addByRequest(sums map[string]int64, namespace string, amounts map[string]int64) {
	for key, amount := range amounts {
		if NamespaceOf(key) == namespace {
			sums[RequestOf(key)] += amount
		}
	}
}

// Settlement returns the key under which a budget's ledger, nil when there is none, settled a claim, and the amount: under the given request's
// key or, since a claim is paid once, under that of an earlier request of the same allocation.
func (f *Facts) Settlement(
	budget v1alpha1.Name, ledger *v1alpha1.MDFLedger, request string, claim *v1alpha1.MDFClaim,
) (key string, amount int64, settled bool) {
	key = ClaimKey(request, v1alpha1.Name(claim.Name))
	if ledger == nil {
		return key, 0, false
	}
	if amount, settled = ledger.Spec.Settled[key]; settled {
		return key, amount, true
	}
	if earlier, known := f.Entries(budget, ledger).claims[string(claim.Spec.AllocationRef.Name)+"/"+claim.Name]; known {
		return earlier, ledger.Spec.Settled[earlier], true
	}
	return key, 0, false
}

// PaidClaim returns the claim, as namespace/name, that a payment settled by a budget's ledger, whatever the case of its reference; empty when it
// settled none.
func (f *Facts) PaidClaim(budget v1alpha1.Name, ledger *v1alpha1.MDFLedger, payment string) string {
	return Once(f, paidBy{budget}, func() map[string]string { return PaidClaims(ledger.Spec.Payments) })[identity.ReferenceKey(payment)]
}

// LinesOf returns the lines that a budget's ledger has noted for a claim, given as namespace/name, in order.
func (f *Facts) LinesOf(budget v1alpha1.Name, ledger *v1alpha1.MDFLedger, claim string) []string {
	return Once(f, linesOf{budget}, func() map[string][]string {
		lines := map[string][]string{}
		for _, payment := range slices.Sorted(maps.Keys(ledger.Spec.Payments)) {
			of := ledger.Spec.Payments[payment]
			lines[of] = append(lines[of], payment)
		}
		return lines
	})[claim]
}

// PaidClaims returns the claims that a ledger's payments settled, by identity.ReferenceKey of the payment. Of references that differ in case only
// it is the claim of the first in order of text.
func PaidClaims(payments map[string]string) map[string]string {
	claims := make(map[string]string, len(payments))
	for _, payment := range slices.Backward(slices.Sorted(maps.Keys(payments))) {
		claims[identity.ReferenceKey(payment)] = payments[payment]
	}
	return claims
}
