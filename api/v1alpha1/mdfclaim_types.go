package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// ClaimedCost is one invoice, or a part of one, of which a share is claimed.
//
// +kubebuilder:validation:XValidation:rule="!has(self.gross) || !self.net.matches('^[0-9]+([.][0-9]+)?$') || !self.gross.matches('^[0-9]+([.][0-9]+)?$') || double(self.net) <= double(self.gross)",fieldPath=".net",message="net must not be above gross"
// +kubebuilder:validation:XValidation:rule="!has(self.invoiceNet) || !self.net.matches('^[0-9]+([.][0-9]+)?$') || !self.invoiceNet.matches('^[0-9]+([.][0-9]+)?$') || double(self.net) <= double(self.invoiceNet)",fieldPath=".net",message="net is the part of invoiceNet that is claimed and must not be above it"
// +kubebuilder:validation:XValidation:rule="!has(self.invoiceNet) || !has(self.gross) || !self.invoiceNet.matches('^[0-9]+([.][0-9]+)?$') || !self.gross.matches('^[0-9]+([.][0-9]+)?$') || double(self.invoiceNet) <= double(self.gross)",fieldPath=".invoiceNet",message="invoiceNet must not be above gross"
type ClaimedCost struct {
	// invoice is the number of the supplier's invoice. Numbers are compared by their letters and digits, so R-2041, r 2041 and No. R/2041 are one
	// invoice of a supplier. What the claims of a partner count of an invoice adds up to at most its net total.
	// +required
	// +kubebuilder:validation:XValidation:rule="self.matches('[\\\\p{L}\\\\p{Nd}]')",message="must have a letter or digit, as the number of an invoice has"
	Invoice Word `json:"invoice,omitempty"`

	// supplier is who wrote the invoice. Without it, the invoice is taken for that of any supplier with this number.
	// +optional
	Supplier Title `json:"supplier,omitempty"`

	// incurredOn is the day of the invoice.
	// +required
	IncurredOn Date `json:"incurredOn,omitempty"`

	// performedOn is the day on which what the cost is for was performed or delivered, such as that of the event for which a hall was booked months
	// ahead. Whether the cost is covered goes by this day, and not by that of the order, deposit or invoice; who approves the claim vouches for it. Absent
	// means incurredOn.
	// +optional
	PerformedOn Date `json:"performedOn,omitempty"`

	// net is the eligible cost without tax, in units of the claim's currency, such as "6000.00": above zero. The vendor's share is of this. Where
	// only a part of the invoice is claimed it is that part, and invoiceNet is the whole.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-') && !self.matches('^0([.]0+)?$')",message="must be above zero"
	Net Decimal `json:"net,omitempty"`

	// invoiceNet is the invoice's total without tax, in units of the claim's currency, where net is only a part of it: because other activities or
	// claims bear the rest. All claims on the invoice state the same. Absent means that net is all of it.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-') && !self.matches('^0([.]0+)?$')",message="must be above zero"
	InvoiceNet Decimal `json:"invoiceNet,omitempty"`

	// gross is the invoice's total with tax, in units of the claim's currency, for the record. Nothing is computed from it.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Gross Decimal `json:"gross,omitempty"`
}

// Proof is one piece of the proof of performance.
type Proof struct {
	// type is the kind of proof: Invoice, ProofOfPayment, AttendeeList, Photo, Creative, Report, Screenshot or Agenda.
	// +required
	Type ProofType `json:"type,omitempty"`

	// reference says where it is: an address, or the number of a document.
	// +required
	Reference Note `json:"reference,omitempty"` //nolint:kubeapilinter // of a document, not of an object

	// sha256 is the SHA-256 digest of the proof, as 64 lower-case hexadecimal digits. One digest in two claims is a Warning.
	// +optional
	// +kubebuilder:validation:MinLength=64
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule="self.matches('^[0-9a-f]{64}$')",message="must be a SHA-256 digest: 64 lower-case hexadecimal digits"
	SHA256 string `json:"sha256,omitempty"`

	// receivedOn is the day on which the proof was received, where the program sets it a deadline of its own; who approves the claim vouches for it.
	// Absent means the day on which the claim was last submitted.
	// +optional
	ReceivedOn Date `json:"receivedOn,omitempty"`

	// count is how many the proof shows, such as the attendees of a list, 1 to 1000000. Their names stay out of the claim.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1000000
	Count int32 `json:"count,omitempty"`
}

// ClaimScope says whether more claims will follow.
//
// +kubebuilder:validation:Enum=Partial;Final
type ClaimScope string

const (
	// ClaimPartial means that more claims on the same grant may follow.
	ClaimPartial ClaimScope = "Partial"
	// ClaimFinal means that no more claims follow: what is left of the grant is released when the claim is paid.
	ClaimFinal ClaimScope = "Final"
)

// PaymentMethod is the way in which money was paid, or came back.
//
// +kubebuilder:validation:Enum=Transfer;CreditNote;Check;Card;Offset
type PaymentMethod string

const (
	// PaymentTransfer is a transfer between bank accounts.
	PaymentTransfer PaymentMethod = "Transfer"
	// PaymentCreditNote is a credit note on what the partner buys.
	PaymentCreditNote PaymentMethod = "CreditNote"
	// PaymentCheck is a check.
	PaymentCheck PaymentMethod = "Check"
	// PaymentCard is a payment to a card.
	PaymentCard PaymentMethod = "Card"
	// PaymentOffset is an amount that is set off against what the partner owes.
	PaymentOffset PaymentMethod = "Offset"
)

// PaymentLine names a line of a document: a document and its line are compared without regard to case.
type PaymentLine struct {
	// document is the number of the document, such as that of a payment run.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	Document string `json:"document,omitempty"`

	// line is the number of the line in the document, 1 to 99999.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=99999
	Line int32 `json:"line,omitempty"`
}

// Payment is one line of a document by which a claim was paid or, with reverses, by which what was paid came back. One document may pay several
// claims, each with a line of its own. The payment itself is made outside.
//
// +kubebuilder:validation:XValidation:rule="has(self.reverses) == has(self.reason)",fieldPath=".reason",message="a reversal needs a reason, and nothing else has one"
// +kubebuilder:validation:XValidation:rule="!has(self.reverses) || self.reverses.document != self.document || self.reverses.line != self.line",fieldPath=".reverses",message="a line cannot reverse itself: a reversal is a line of its own"
// +kubebuilder:validation:XValidation:rule="!has(self.withheld) || !self.net.matches('^[0-9]+([.][0-9]+)?$') || !self.withheld.matches('^[0-9]+([.][0-9]+)?$') || double(self.withheld) <= double(self.net) + (has(self.tax) && self.tax.matches('^[0-9]+([.][0-9]+)?$') ? double(self.tax) : 0.0)",fieldPath=".withheld",message="withheld must not be above net and tax together"
type Payment struct {
	// document is the number of the document in the system that made the payment, such as that of a payment run or a credit note. A line of a
	// document is recorded once: T-1 and t-1 are one document.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Za-z0-9]([-A-Za-z0-9._/]*[A-Za-z0-9])?$')",message="must consist of letters, digits and . _ / -, and begin and end with a letter or digit"
	Document string `json:"document,omitempty"`

	// line is the number of the line in the document, 1 to 99999: 1 for a document that pays one claim.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=99999
	Line int32 `json:"line,omitempty"`

	// paidOn is the day of the payment or, of a reversal, the day on which the money came back.
	// +required
	PaidOn Date `json:"paidOn,omitempty"`

	// method is the way in which it was paid: Transfer, CreditNote, Check, Card or Offset.
	// +required
	Method PaymentMethod `json:"method,omitempty"`

	// currency is the currency of all amounts of the line.
	// +required
	Currency CurrencyCode `json:"currency,omitempty"`

	// net is what was paid without tax, in units of currency, what was withheld included: above zero, of a reversal too. The claim is settled by this.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-') && !self.matches('^0([.]0+)?$')",message="must be above zero"
	Net Decimal `json:"net,omitempty"`

	// tax is what was paid on top of it as value-added or sales tax, in units of currency. Absent means none.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Tax Decimal `json:"tax,omitempty"`

	// withheld is what of both was not paid to the partner but to a tax office on its account, in units of currency. Absent means none.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Withheld Decimal `json:"withheld,omitempty"`

	// bookedRate is how many units of the budget's currency the books took for one unit of currency, above zero. It is needed where the two
	// differ, and must be absent where they do not.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-') && !self.matches('^0([.]0+)?$')",message="must be above zero"
	BookedRate Decimal `json:"bookedRate,omitempty"`

	// documentTotal is what the document pays in all, in units of currency: net and tax without what is withheld, over all its lines. Lines that
	// would take the document above it settle nothing. Absent means that it is not checked.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-') && !self.matches('^0([.]0+)?$')",message="must be above zero"
	DocumentTotal Decimal `json:"documentTotal,omitempty"`

	// reverses names the line, recorded before on the same claim, of which the amount came back, in full or in part.
	// +optional
	Reverses *PaymentLine `json:"reverses,omitempty"`

	// reason says why it came back. Only a reversal has it, and needs it.
	// +optional
	Reason Note `json:"reason,omitempty"`
}

// MDFClaimSpec claims a share of costs that were incurred for a granted activity, or a reward that was granted. All of it but payments and invoicedOn is what
// is decided on.
//
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.payments) || self.currency == oldSelf.currency && has(self.costs) == has(oldSelf.costs) && (!has(self.costs) || self.costs == oldSelf.costs) && has(self.claimedOn) == has(oldSelf.claimedOn) && (!has(self.claimedOn) || self.claimedOn == oldSelf.claimedOn) && has(self.resubmittedOn) == has(oldSelf.resubmittedOn) && (!has(self.resubmittedOn) || self.resubmittedOn == oldSelf.resubmittedOn) && has(self.scope) == has(oldSelf.scope) && (!has(self.scope) || self.scope == oldSelf.scope) && has(self.proofs) == has(oldSelf.proofs) && (!has(self.proofs) || self.proofs == oldSelf.proofs) && has(self.results) == has(oldSelf.results) && (!has(self.results) || self.results == oldSelf.results) && has(self.attestation) == has(oldSelf.attestation) && (!has(self.attestation) || self.attestation == oldSelf.attestation)",message="a claim with recorded payments cannot be changed but for more payments: it is the record of what was paid"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.payments) || has(self.payments) && oldSelf.payments.all(p, p in self.payments)",fieldPath=".payments",message="a recorded payment cannot be changed or removed: record a reversal of it, as a line of its own"
// +kubebuilder:validation:XValidation:rule="!has(self.payments) || self.payments.all(p, self.payments.exists_one(q, q.line == p.line && q.document.lowerAscii() == p.document.lowerAscii()))",fieldPath=".payments",message="each line of a document is recorded once, whatever the case of its letters"
// +kubebuilder:validation:XValidation:rule="!has(self.payments) || self.payments.all(p, !has(p.reverses) || self.payments.exists(q, !has(q.reverses) && q.line == p.reverses.line && q.document.lowerAscii() == p.reverses.document.lowerAscii() && q.currency == p.currency))",fieldPath=".payments",message="reverses must name a payment of the same claim, in the same currency, that is not a reversal itself"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.requestedBy) || has(self.requestedBy) && self.requestedBy == oldSelf.requestedBy",fieldPath=".requestedBy",message="requestedBy cannot be changed"
// +kubebuilder:validation:XValidation:rule="!has(self.resubmittedOn) || has(self.claimedOn)",fieldPath=".resubmittedOn",message="resubmittedOn needs claimedOn, the day of the first submission"
// +kubebuilder:validation:XValidation:rule="!has(self.scope) || self.scope == 'Partial' || has(self.results)",fieldPath=".results",message="the final claim states the results that the activity had: add results"
// +kubebuilder:validation:XValidation:rule="has(self.attestation) == has(oldSelf.attestation) && (!has(self.attestation) || self.attestation == oldSelf.attestation)",fieldPath=".attestation",message="attestation cannot be changed"
// +kubebuilder:validation:XValidation:rule="!has(self.attestation) || self.attestation.recordedBy != self.requestedBy",fieldPath=".attestation.recordedBy",message="you cannot attest your own claim: write it in your own name, without attestation"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.invoicedOn) || has(self.invoicedOn) && self.invoicedOn == oldSelf.invoicedOn",fieldPath=".invoicedOn",message="invoicedOn cannot be changed: it is the day from which the vendor's days to pay run"
type MDFClaimSpec struct {
	// allocationRef names the MDFAllocation, in the same namespace, that the claim draws on.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="the request that a claim draws on cannot be changed: create another MDFClaim"
	AllocationRef Reference `json:"allocationRef,omitzero"`

	// requestedBy is the person who claims, by user name. Who claims cannot approve.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="self.matches('^[^\\\\p{Z}\\\\s](.*[^\\\\p{Z}\\\\s])?$') && !self.matches('[\\\\p{C}\\\\p{Zl}\\\\p{Zp}\\\\x{034F}\\\\x{115F}\\\\x{1160}\\\\x{2800}\\\\x{3164}\\\\x{FFA0}]')",message="must be one line of visible text without control, zero-width or text-direction characters, and without spaces at its ends"
	RequestedBy string `json:"requestedBy,omitempty"`

	// attestation says who of the vendor recorded it, and from which document, where the partner has no account. Who recorded it
	// cannot approve it.
	// +optional
	Attestation *Attestation `json:"attestation,omitempty"`

	// claimedOn is the day on which the claim was received. Absent means that it is a draft. Deadlines are judged by this day; who approves the
	// claim vouches for it.
	// +optional
	ClaimedOn Date `json:"claimedOn,omitempty"`

	// resubmittedOn is the day on which the claim, after it was returned or rejected, was submitted again.
	// +optional
	ResubmittedOn Date `json:"resubmittedOn,omitempty"`

	// invoicedOn is the day of the partner's valid invoice to the vendor about what is claimed, once there is one. It is not part of what is decided on, and
	// cannot be changed once it is set. The vendor's days to pay run from it where it is later than the acceptance. Absent, and while it is in the future,
	// the days run from the acceptance or, if later, from the latest incurredOn.
	// +optional
	InvoicedOn Date `json:"invoicedOn,omitempty"`

	// scope is Partial (more claims may follow) or Final (what is left of the grant is released when this claim is paid). Absent means
	// Partial.
	// +optional
	Scope ClaimScope `json:"scope,omitempty"`

	// currency is the currency of all costs, and of a reward: that of the request.
	// +required
	Currency CurrencyCode `json:"currency,omitempty"`

	// costs lists the invoices of which a share is claimed: 1 to 32. Needed but for a claim on a reward, which has none.
	// +optional
	// +listType=map
	// +listMapKey=invoice
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	Costs []ClaimedCost `json:"costs,omitempty"`

	// proofs is the proof of performance: at most 32 pieces. The program says which types an activity needs.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	Proofs []Proof `json:"proofs,omitempty"`

	// results lists the results that the activity had: at most 10. The final claim needs them.
	// +optional
	// +listType=map
	// +listMapKey=metric
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=10
	Results []ExpectedResult `json:"results,omitempty"`

	// payments records how the claim was paid, by lines of documents: at most 8. Lines are only added. The claim is settled once what was paid,
	// without what came back, is what was accepted.
	// +optional
	// +listType=map
	// +listMapKey=document
	// +listMapKey=line
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Payments []Payment `json:"payments,omitempty"`
}

// ClaimStage is where a claim is in its life.
//
// +kubebuilder:validation:Enum=Draft;Refused;PendingDecision;SentBack;Accepted;Settled;Lapsed
type ClaimStage string

const (
	// ClaimDraft means that claimedOn is not set, or in the future.
	ClaimDraft ClaimStage = "Draft"
	// ClaimRefused means that a rule refuses the claim as it is.
	ClaimRefused ClaimStage = "Refused"
	// ClaimPendingDecision means that the claim keeps all rules and waits for its decision.
	ClaimPendingDecision ClaimStage = "PendingDecision"
	// ClaimSentBack means that the claim was returned or rejected, and can be submitted again.
	ClaimSentBack ClaimStage = "SentBack"
	// ClaimAccepted means that the claim is approved and waits for its payment, or for the rest of it, or for a payment in place of one that came back.
	ClaimAccepted ClaimStage = "Accepted"
	// ClaimSettled means that the claim is paid.
	ClaimSettled ClaimStage = "Settled"
	// ClaimLapsed means that the claim was sent back and not submitted again in time, or that its grant was released.
	ClaimLapsed ClaimStage = "Lapsed"
)

// MDFClaimStatus is how a claim stands.
type MDFClaimStatus struct {
	CommonStatus `json:",inline"`

	// stage is where the claim is in its life: Draft, Refused, PendingDecision, SentBack, Accepted, Settled or Lapsed.
	// +optional
	Stage ClaimStage `json:"stage,omitempty"`

	// reason is why it is there, as the reason of the condition that says it.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Reason string `json:"reason,omitempty"`

	// actBy is the last day on which the next step can be taken: to submit, or to submit again. Absent when no day is set.
	// +optional
	ActBy Date `json:"actBy,omitempty"`

	// revision identifies what is claimed. An ApprovalDecision names it.
	// +optional
	// +kubebuilder:validation:MaxLength=35
	Revision string `json:"revision,omitempty"` //nolint:kubeapilinter // output

	// claimed is the sum of the net costs, in the claim's currency. Absent for a reward, which has none.
	// +optional
	Claimed *Money `json:"claimed,omitempty"`

	// payable is what is due for payment on the claim, in the budget's currency: of a reward all that is granted, else the share of the net costs, rounded
	// down cumulatively over the claims on the grant; at most what was approved and what is left of the grant. Before its decision it is what it would be.
	// +optional
	Payable *Money `json:"payable,omitempty"`

	// ownCost is what the partner bears of the share claimed because it is above the grant, the claim limit or the approved amount.
	// +optional
	OwnCost *Money `json:"ownCost,omitempty"`

	// paid is what was paid, without what came back, at most payable, by the budget's ledger.
	// +optional
	Paid *Money `json:"paid,omitempty"`

	// paymentDue says by when the vendor pays the accepted claim, and that it is late. Absent while it is not accepted, and when the program promises no
	// day.
	// +optional
	PaymentDue *PaymentDue `json:"paymentDue,omitempty"`

	// posting is what finance needs to post the claim, as far as it is known. Absent while the claim is not accepted.
	// +optional
	Posting *ClaimPosting `json:"posting,omitempty"`

	// cycle says how long the claim took and in whose hands it was. Absent of a draft.
	// +optional
	Cycle *ClaimCycle `json:"cycle,omitempty"`

	// lane is Fast when the claim goes by the budget's fast lane. Absent otherwise.
	// +optional
	Lane Lane `json:"lane,omitempty"`

	// approvals lists the decisions that approved the current revision, by decidedTime; at most 5.
	// +optional
	// +listType=map
	// +listMapKey=by
	// +kubebuilder:validation:MaxItems=5
	Approvals []AllocationApproval `json:"approvals,omitempty"`
}

// Condition types of MDFClaim.
const (
	// ConditionAccepted says that the claim keeps every rule and is approved.
	ConditionAccepted = "Accepted"
	// ConditionSettled says that the claim is paid, by the budget's ledger.
	ConditionSettled = "Settled"
)

// MDFClaim is one claim on a granted request, with its proof of performance.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,shortName=mdfc,categories=jmp
// +kubebuilder:selectablefield:JSONPath=`.spec.allocationRef.name`
// +kubebuilder:printcolumn:name="Act-By",type=string,JSONPath=`.status.nextSteps[0].by`
// +kubebuilder:printcolumn:name="Who",type=string,JSONPath=`.status.nextSteps[0].party`
// +kubebuilder:printcolumn:name="Claimed",type=string,JSONPath=`.status.claimed.amount`
// +kubebuilder:printcolumn:name="In",type=string,JSONPath=`.status.claimed.currency`
// +kubebuilder:printcolumn:name="Payable",type=string,JSONPath=`.status.payable.amount`
// +kubebuilder:printcolumn:name="Payable-In",type=string,JSONPath=`.status.payable.currency`
// +kubebuilder:printcolumn:name="Stage",type=string,JSONPath=`.status.stage`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.reason`
// +kubebuilder:printcolumn:name="Allocation",type=string,priority=1,JSONPath=`.spec.allocationRef.name`
// +kubebuilder:printcolumn:name="Paid",type=string,priority=1,JSONPath=`.status.paid.amount`
// +kubebuilder:printcolumn:name="Paid-In",type=string,priority=1,JSONPath=`.status.paid.currency`
// +kubebuilder:printcolumn:name="Attested-By",type=string,priority=1,JSONPath=`.spec.attestation.recordedBy`
// +kubebuilder:printcolumn:name="Next",type=string,priority=1,JSONPath=`.status.nextSteps[0].do`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="metadata.name must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit"
type MDFClaim struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the claim.
	// +required
	Spec MDFClaimSpec `json:"spec,omitzero"`

	// status is how the claim stands, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status MDFClaimStatus `json:"status,omitzero"`
}

// MDFClaimList is a list of MDFClaims.
//
// +kubebuilder:object:root=true
type MDFClaimList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the claims.
	Items []MDFClaim `json:"items"`
}
