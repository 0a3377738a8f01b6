package funding

import (
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// Gate stops all grants of all budgets, such as while an admission policy is not in force. The zero value is open.
type Gate struct {
	// Reason is the reason of the conditions that say it; empty while the gate is open.
	Reason string
	// Message says what is missing and what to do.
	Message string
}

// Scene is the money side of one namespace at an instant. It computes each thing once, when first asked for; it is not safe for concurrent
// use.
type Scene struct {
	// Snapshot are the objects of the namespace.
	Snapshot *snapshot.Snapshot
	// Now is the instant.
	Now time.Time
	// Gate stops all grants.
	Gate Gate

	requests map[v1alpha1.Name]*Request
	accounts map[v1alpha1.Name]*Account
	plans    map[v1alpha1.Name]*planView
	partners map[v1alpha1.Name]*partnerView
	rooms    roomMemo

	settlements map[v1alpha1.Name]settlementIndex // by ledger
	invoiceUses map[string][]invoiceUse           // by invoiceKey
}

// NewScene returns the money side of a namespace at an instant.
func NewScene(p *snapshot.Snapshot, gate Gate, now time.Time) *Scene {
	return &Scene{
		Snapshot: p, Now: now, Gate: gate,
		requests: map[v1alpha1.Name]*Request{}, accounts: map[v1alpha1.Name]*Account{},
		plans: map[v1alpha1.Name]*planView{}, partners: map[v1alpha1.Name]*partnerView{},
	}
}

// RequestIDOf returns the requestID of an allocation's spec, the default when it states none.
func RequestIDOf(a *v1alpha1.MDFAllocation) v1alpha1.Name {
	if a.Spec.RequestID == "" {
		return v1alpha1.DefaultRequestID
	}
	return a.Spec.RequestID
}

// Key returns the key of an allocation's current request in its budget's ledger: namespace/name/requestID.
func Key(a *v1alpha1.MDFAllocation) string {
	return keyOf(a, RequestIDOf(a))
}

// keyOf returns the key of one of an allocation's requests.
func keyOf(a *v1alpha1.MDFAllocation, requestID v1alpha1.Name) string {
	return strings.Join([]string{a.Namespace, a.Name, string(requestID)}, "/")
}

// ClaimKey returns the key of a claim on a request in the budget's ledger: the request's key and the claim's name.
func ClaimKey(request string, claim v1alpha1.Name) string { return request + "/" + string(claim) }
