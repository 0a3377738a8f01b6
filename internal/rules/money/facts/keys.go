package facts

import (
	"strconv"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/identity"
)

// RequestIDOf returns the requestID of an allocation's spec, the default when it states none.
func RequestIDOf(a *v1alpha1.MDFAllocation) v1alpha1.Name {
	if a.Spec.RequestID == "" {
		return v1alpha1.DefaultRequestID
	}
	return a.Spec.RequestID
}

// Key returns the key of an allocation's current request in its budget's ledger: namespace/name/requestID.
func Key(a *v1alpha1.MDFAllocation) string {
	return KeyOf(a, RequestIDOf(a))
}

// KeyOf returns the key of one of an allocation's requests.
func KeyOf(a *v1alpha1.MDFAllocation, requestID v1alpha1.Name) string {
	return strings.Join([]string{a.Namespace, a.Name, string(requestID)}, "/")
}

// ClaimKey returns the key of a claim on a request in the budget's ledger: the request's key and the claim's name.
func ClaimKey(request string, claim v1alpha1.Name) string { return request + "/" + string(claim) }

// InvoiceKey returns the key of what a claim, by its key, counts of an invoice of a shared activity, by the key of its number.
func InvoiceKey(claim, number string) string { return claim + "/" + number }

// ClaimOfInvoice returns the key of the claim of the key of an invoice, and the key of the invoice's number.
func ClaimOfInvoice(key string) (claim, number string) {
	const names = 4
	claim = upTo(key, names)
	return claim, strings.TrimPrefix(key[len(claim):], "/")
}

// LineKey returns the key of a line of a document among a ledger's payments.
func LineKey(document string, line int32) string { return document + "#" + strconv.Itoa(int(line)) }

// DocumentKey returns the key of a document among a ledger's documents, whatever the case of its letters.
func DocumentKey(document string, currency v1alpha1.CurrencyCode) string {
	return identity.ReferenceKey(document) + "/" + string(currency)
}

// NamespaceOf returns the namespace of a key of the ledger.
func NamespaceOf(key string) string {
	namespace, _, _ := strings.Cut(key, "/")
	return namespace
}

// Holds reports whether a ledger has an entry of an allocation, given as namespace/name, of whatever request of it.
func Holds(ledger *v1alpha1.MDFLedgerSpec, allocation string) bool {
	for _, entries := range []map[string]int64{ledger.Reserved, ledger.Settled} {
		for key := range entries {
			if strings.HasPrefix(key, allocation) && strings.HasPrefix(key[len(allocation):], "/") {
				return true
			}
		}
	}
	return false
}

// OwnerOf returns namespace/name of the allocation of a key.
func OwnerOf(key string) string { return upTo(key, 2) }

// RequestOf returns the key of the request of the key of a claim on it.
func RequestOf(key string) string { return upTo(key, 3) }

// upTo returns the first names of a key, or all of it when it has no more.
func upTo(key string, names int) string {
	slashes := 0
	for i := range len(key) {
		if key[i] == '/' {
			slashes++
		}
		if slashes == names {
			return key[:i]
		}
	}
	return key
}
