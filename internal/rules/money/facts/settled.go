package facts

import (
	"maps"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/identity"
)

// settlementIndex is what a ledger settled for one namespace.
type settlementIndex struct {
	sums map[string]int64  // by the request's key
	keys map[string]string // of claims, by allocation/claim: the first in order of the alphabet
}

// SettledFor returns what a budget's ledger, nil when there is none, settled for a request, by its key.
func (f *Facts) SettledFor(budget v1alpha1.Name, ledger *v1alpha1.MDFLedger, request string) int64 {
	return f.settlements(budget, ledger).sums[request]
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
	if earlier, known := f.settlements(budget, ledger).keys[string(claim.Spec.AllocationRef.Name)+"/"+claim.Name]; known {
		return earlier, ledger.Spec.Settled[earlier], true
	}
	return key, 0, false
}

// PaidClaim returns the claim, as namespace/name, that a payment settled by a budget's ledger, whatever the case of its reference; empty when it
// settled none.
func (f *Facts) PaidClaim(budget v1alpha1.Name, ledger *v1alpha1.MDFLedger, payment string) string {
	return f.payments.Get(budget, func() map[string]string { return PaidClaims(ledger.Spec.Payments) })[identity.ReferenceKey(payment)]
}

// LinesOf returns the lines that a budget's ledger has noted for a claim, given as namespace/name, in order.
func (f *Facts) LinesOf(budget v1alpha1.Name, ledger *v1alpha1.MDFLedger, claim string) []string {
	return f.lines.Get(budget, func() map[string][]string {
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

// settlements returns what a budget's ledger settled for the namespace.
func (f *Facts) settlements(budget v1alpha1.Name, ledger *v1alpha1.MDFLedger) settlementIndex {
	return f.settled.Get(budget, func() settlementIndex {
		index := settlementIndex{sums: map[string]int64{}, keys: map[string]string{}}
		if ledger != nil {
			for key, amount := range ledger.Spec.Settled {
				index.add(f.Snapshot.Namespace, key, amount)
			}
		}
		return index
	})
}

// add takes a settlement of the namespace into account. A key is namespace/allocation/requestID/claim.
func (x settlementIndex) add(namespace, key string, amount int64) {
	const parts = 4
	names := strings.Split(key, "/")
	if len(names) != parts || names[0] != namespace {
		return
	}
	x.sums[strings.Join(names[:parts-1], "/")] += amount
	claim := names[1] + "/" + names[parts-1]
	if first, known := x.keys[claim]; !known || key < first {
		x.keys[claim] = key
	}
}
