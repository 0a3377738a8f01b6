package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// LedgerFinalizer keeps a ledger from being deleted by mistake. Nothing removes it but a person who knows that the ledger is not needed.
const LedgerFinalizer = "channel.jointplan.dev/ledger"

// LedgerRecoveryAnnotation is the annotation of a ledger that was rebuilt that holds, as JSON, the RecoveryReport for its budget's status. It is
// written with the ledger, so that the authorisation is used up with it whatever fails between the two writes.
const LedgerRecoveryAnnotation = "channel.jointplan.dev/recovery"

// Bounds of a ledger.
const (
	// MaxReservations is the most entries of reserved that a ledger holds.
	MaxReservations = 2000
	// MaxSettlements is the most entries of settled that a ledger holds.
	MaxSettlements = 4000
	// MaxClaimPayments is the most payments that a claim records.
	MaxClaimPayments = 8
	// MaxPaymentLines is the most entries of payments that a ledger holds.
	MaxPaymentLines = 8000
	// MaxSharedInvoices is the most entries of invoices that a ledger holds.
	MaxSharedInvoices = 4000
)

// MDFLedgerSpec is what was reserved and settled of one budget. All amounts are minor units of the currency (EUR 12.50 is 1250; JPY 12
// is 12), from 0 to 2^53 - 1.
//
// +kubebuilder:validation:XValidation:rule="(has(self.reserved) ? self.reserved.map(k, self.reserved[k]).sum() : 0) + (has(self.settled) ? self.settled.map(k, self.settled[k]).sum() : 0) <= self.limitMinor || (oldSelf.hasValue() && (has(self.reserved) ? self.reserved.map(k, self.reserved[k]).sum() : 0) + (has(self.settled) ? self.settled.map(k, self.settled[k]).sum() : 0) <= (has(oldSelf.value().reserved) ? oldSelf.value().reserved.map(k, oldSelf.value().reserved[k]).sum() : 0) + (has(oldSelf.value().settled) ? oldSelf.value().settled.map(k, oldSelf.value().settled[k]).sum() : 0))",optionalOldSelf=true,message="what is reserved and settled must not exceed limitMinor; above it, it may only shrink"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.settled) || has(self.settled) && oldSelf.settled.all(k, k in self.settled && (self.settled[k] == oldSelf.settled[k] || has(oldSelf.unpaid) && k in oldSelf.unpaid && self.settled[k] == oldSelf.settled[k] - oldSelf.unpaid[k]))",message="a settlement cannot be removed, and changes only by what of it is not paid"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.reserved) || has(self.reserved) && oldSelf.reserved.all(k, k in self.reserved && self.reserved[k] <= oldSelf.reserved[k])",message="a reservation cannot grow or be removed: a release leaves 0, and requesting again needs a new requestID"
type MDFLedgerSpec struct {
	// currency is the ISO 4217 code of the budget's currency.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="the currency of a ledger cannot be changed"
	Currency CurrencyCode `json:"currency,omitempty"`

	// limitMinor is the most that may be reserved and settled in all: the budget's amount in minor units, 0 to 9007199254740991.
	// +required
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=9007199254740991
	LimitMinor int64 `json:"limitMinor"`

	// reserved holds what is granted and not paid, in minor units, by namespace/name/requestID of the MDFAllocation: at most 2000 entries, each 0
	// to 9007199254740991. An absent key was never granted; 0 means that all of it is paid or released, permanently.
	// +optional
	// +mapType=atomic
	// +kubebuilder:validation:MaxProperties=2000
	// +kubebuilder:validation:XValidation:rule="self.all(k, self[k] >= 0 && self[k] <= 9007199254740991)",message="amounts must be from 0 to 9007199254740991 minor units"
	Reserved map[string]int64 `json:"reserved,omitempty"`

	// settled holds what claims take permanently, in minor units, by namespace/name/requestID/claim of the MDFClaim: what was accepted, from the
	// first payment on. At most 4000 entries, each 0 to 9007199254740991. None is changed, but to leave what was never paid when the claim's
	// approval is withdrawn.
	// +optional
	// +mapType=atomic
	// +kubebuilder:validation:MaxProperties=4000
	// +kubebuilder:validation:XValidation:rule="self.all(k, self[k] >= 0 && self[k] <= 9007199254740991)",message="amounts must be from 0 to 9007199254740991 minor units"
	Settled map[string]int64 `json:"settled,omitempty"`

	// unpaid holds what of settled is not paid, or came back, in minor units, by the same key. It stays with the claim and is granted to nobody
	// else. An absent key is paid in full.
	// +optional
	// +mapType=atomic
	// +kubebuilder:validation:MaxProperties=4000
	// +kubebuilder:validation:XValidation:rule="self.all(k, self[k] > 0 && self[k] <= 9007199254740991)",message="amounts must be from 1 to 9007199254740991 minor units"
	Unpaid map[string]int64 `json:"unpaid,omitempty"`

	// payments holds the claim that records a line of a document, as namespace/name of the MDFClaim, by document#line: at most 8000 entries. A
	// line counts for one claim only.
	// +optional
	// +mapType=atomic
	// +kubebuilder:validation:MaxProperties=8000
	Payments map[string]string `json:"payments,omitempty"`

	// documents holds what the lines of a document come to that payments holds, in minor units, by the document in small letters and its
	// currency, such as run-7/EUR: net and tax without what is withheld. At most 8000 entries.
	// +optional
	// +mapType=atomic
	// +kubebuilder:validation:MaxProperties=8000
	Documents map[string]int64 `json:"documents,omitempty"`

	// ends holds the last day of the activity of each reservation, such as 2026-10-19, by its key: as it was approved. Deadlines go by it while a
	// change of the request is not approved, so that nobody can move them alone.
	// +optional
	// +mapType=atomic
	// +kubebuilder:validation:MaxProperties=2000
	Ends map[string]string `json:"ends,omitempty"`

	// shared holds the shared activity for which a reservation was granted, by its key: at most 2000 entries. What is reserved and settled by these keys
	// is what is granted of the activity's amount.
	// +optional
	// +mapType=atomic
	// +kubebuilder:validation:MaxProperties=2000
	Shared map[string]string `json:"shared,omitempty"`

	// invoices holds what a claim on such a reservation counts of an invoice, in minor units of the claim's currency, by the claim's key and the
	// letters and digits of the invoice's number: at most 4000 entries. Claims of different partners on one invoice count at most its net total.
	// +optional
	// +mapType=atomic
	// +kubebuilder:validation:MaxProperties=4000
	// +kubebuilder:validation:XValidation:rule="self.all(k, self[k] >= 0 && self[k] <= 9007199254740991)",message="amounts must be from 0 to 9007199254740991 minor units"
	Invoices map[string]int64 `json:"invoices,omitempty"`

	// rewards holds what reservations for rewards were granted for, as partner/reward/first day of the interval, by their keys: at most 2000 entries. None
	// is changed, so that no interval is rewarded twice, whatever becomes of requests.
	// +optional
	// +mapType=atomic
	// +kubebuilder:validation:MaxProperties=2000
	Rewards map[string]string `json:"rewards,omitempty"`

	// notes holds what else must be remembered of a reservation, by its key: why a grant was cut (Cut and what allowed no more), why it is about
	// to be released (Ending and the reason), or since when its MDFAllocation is missing (Missing and the instant). At most 2000 entries.
	// +optional
	// +mapType=atomic
	// +kubebuilder:validation:MaxProperties=2000
	Notes map[string]string `json:"notes,omitempty"`
}

// MDFLedger remembers what was reserved and settled of the MDFBudget of the same name. The controller alone writes it, and the API server
// refuses a sum above the limit: so a budget cannot be over-committed, whoever writes and whatever a cache believes.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,shortName=mdfl,categories=jmp-records
// +kubebuilder:printcolumn:name="Currency",type=string,JSONPath=`.spec.currency`
// +kubebuilder:printcolumn:name="Limit-Minor",type=integer,JSONPath=`.spec.limitMinor`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type MDFLedger struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the ledger.
	// +required
	Spec MDFLedgerSpec `json:"spec,omitzero"`
}

// MDFLedgerList is a list of MDFLedgers.
//
// +kubebuilder:object:root=true
type MDFLedgerList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the ledgers.
	Items []MDFLedger `json:"items"`
}
