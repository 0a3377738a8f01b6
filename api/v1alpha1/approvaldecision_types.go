package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// DecisionTargetReference names the object that a decision is about, in the same namespace.
type DecisionTargetReference struct {
	// kind is JointPlan, PlanReview, MDFAllocation or MDFClaim.
	// +required
	// +kubebuilder:validation:Enum=JointPlan;PlanReview;MDFAllocation;MDFClaim
	Kind string `json:"kind,omitempty"`

	// name is the name of the object.
	// +required
	Name Name `json:"name,omitempty"`
}

// DecisionOutcome is what was decided.
//
// +kubebuilder:validation:Enum=Approved;ApprovedInPart;Submitted;Returned;Rejected;Confirmed;Disputed;Upheld;Dismissed
type DecisionOutcome string

const (
	// DecisionApproved means that the party agrees to the revision as it is.
	DecisionApproved DecisionOutcome = "Approved"
	// DecisionApprovedInPart means that the vendor agrees to a request or claim for money up to an amount.
	DecisionApprovedInPart DecisionOutcome = "ApprovedInPart"
	// DecisionSubmitted means that the partner submits a revision of a plan which the vendor alone approves. Where the partner approves too, its
	// approval is its submission.
	DecisionSubmitted DecisionOutcome = "Submitted"
	// DecisionReturned means that the party sends the revision back to be changed.
	DecisionReturned DecisionOutcome = "Returned"
	// DecisionRejected means that the party refuses the revision. Given after an approval of the same revision, it withdraws it.
	DecisionRejected DecisionOutcome = "Rejected"
	// DecisionConfirmed means that the other party than the one that recorded a meeting says that it was so. It also takes back a dispute.
	DecisionConfirmed DecisionOutcome = "Confirmed"
	// DecisionDisputed means that the other party says that it was not so; the comment says what is wrong.
	DecisionDisputed DecisionOutcome = "Disputed"
	// DecisionUpheld resolves a dispute: the record does not count.
	DecisionUpheld DecisionOutcome = "Upheld"
	// DecisionDismissed resolves a dispute: the record counts.
	DecisionDismissed DecisionOutcome = "Dismissed"
)

// DecisionException says why money is granted after the fact.
type DecisionException struct {
	// reason says why the vendor did not decide in time, and why it grants the money all the same.
	// +required
	Reason Text `json:"reason,omitempty"`
}

// ApprovalDecisionSpec is a decision of one party on one revision.
//
// +kubebuilder:validation:XValidation:rule="self.targetRef.kind in ['JointPlan', 'PlanReview'] || self.party == 'Vendor'",fieldPath=".party",message="money is approved by the vendor: set party to Vendor"
// +kubebuilder:validation:XValidation:rule="self.targetRef.kind != 'JointPlan' || self.decision != 'ApprovedInPart'",fieldPath=".decision",message="a plan cannot be approved in part: return it and say what to change"
// +kubebuilder:validation:XValidation:rule="(self.targetRef.kind == 'PlanReview') == (self.decision in ['Confirmed', 'Disputed', 'Upheld', 'Dismissed'])",fieldPath=".decision",message="a PlanReview is Confirmed or Disputed, and a dispute about it Upheld or Dismissed; everything else is Approved, ApprovedInPart, Submitted, Returned or Rejected"
// +kubebuilder:validation:XValidation:rule="self.decision != 'Submitted' || self.targetRef.kind == 'JointPlan' && self.party == 'Partner'",fieldPath=".decision",message="only the partner submits, and only a plan: money is requested with requestedOn and claimed with claimedOn"
// +kubebuilder:validation:XValidation:rule="!has(self.exception) || self.targetRef.kind == 'MDFAllocation' && self.decision in ['Approved', 'ApprovedInPart']",fieldPath=".exception",message="an exception approves a request for money after its activity began: remove exception, or approve an MDFAllocation"
// +kubebuilder:validation:XValidation:rule="!has(self.creatives) || self.targetRef.kind == 'MDFAllocation' && self.decision in ['Approved', 'ApprovedInPart']",fieldPath=".creatives",message="creatives are approved with a request for money: remove creatives, or approve an MDFAllocation"
// +kubebuilder:validation:XValidation:rule="self.decision == 'ApprovedInPart' ? has(self.amount) != has(self.percent) : !has(self.amount) && !has(self.percent)",fieldPath=".amount",message="ApprovedInPart needs exactly one of amount and percent; no other decision has either"
// +kubebuilder:validation:XValidation:rule="!has(self.percent) || self.targetRef.kind == 'MDFAllocation'",fieldPath=".percent",message="percent is of the amount of a request (MDFAllocation): approve a claim in part with amount"
// +kubebuilder:validation:XValidation:rule="!has(self.attestation) || self.party == 'Partner'",fieldPath=".attestation",message="only a decision of the partner is attested: the vendor's people decide under their own accounts"
// +kubebuilder:validation:XValidation:rule="!has(self.attestation) || self.attestation.recordedBy != self.approvedBy",fieldPath=".attestation.recordedBy",message="you cannot attest your own decision: create it in your own name, without attestation"
// +kubebuilder:validation:XValidation:rule="!has(self.attestation) || self.decidedTime < self.attestation.receivedOn + duration('38h')",fieldPath=".attestation.receivedOn",message="a document cannot be received before the decision it shows"
type ApprovalDecisionSpec struct {
	// targetRef names the JointPlan, PlanReview, MDFAllocation or MDFClaim that is decided on.
	// +required
	TargetRef DecisionTargetReference `json:"targetRef,omitzero"`

	// revision is the revision that is decided on, from status.revision of the target.
	// +required
	// +kubebuilder:validation:MinLength=35
	// +kubebuilder:validation:MaxLength=35
	// +kubebuilder:validation:XValidation:rule="self.matches('^v1:[0-9a-f]{32}$')",message="must be a revision as status.revision shows it: v1: and 32 hexadecimal digits"
	Revision string `json:"revision,omitempty"`

	// party is the party that decides: Vendor or Partner.
	// +required
	Party Party `json:"party,omitempty"`

	// decision is Approved, ApprovedInPart (of a request or claim for money, with amount or, of a request, percent), Submitted (by the partner, of a plan that the vendor alone
	// approves), Returned or Rejected; about a PlanReview it is Confirmed or Disputed, which the other party than the one that recorded it says, or
	// Upheld or Dismissed, which resolves a dispute.
	// +required
	Decision DecisionOutcome `json:"decision,omitempty"`

	// amount is what is approved, for ApprovedInPart: of an MDFAllocation in the currency of the request, of an MDFClaim in that of the budget.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.amount.matches('^0([.]0+)?$')",message="must be above zero: reject instead"
	Amount *Money `json:"amount,omitempty"`

	// percent is what is approved, for ApprovedInPart of an MDFAllocation, as a share of the amount requested: above 0 and below 100, such as "60". The
	// amount is rounded down. The share of the costs that claims are paid (reimbursementPercent of the request) stays as it is.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.matches('^0([.]0+)?$')",message="must be above zero: reject instead"
	// +kubebuilder:validation:XValidation:rule="!self.matches('^[0-9]+([.][0-9]+)?$') || double(self) < 100.0",message="must be below 100: approve instead"
	Percent Percent `json:"percent,omitempty"`

	// approvedBy is the person who decides, by user name.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="self.matches('^[^\\\\p{Z}\\\\s](.*[^\\\\p{Z}\\\\s])?$') && !self.matches('[\\\\p{C}\\\\p{Zl}\\\\p{Zp}\\\\x{034F}\\\\x{115F}\\\\x{1160}\\\\x{2800}\\\\x{3164}\\\\x{FFA0}]')",message="must be one line of visible text without control, zero-width or text-direction characters, and without spaces at its ends"
	ApprovedBy string `json:"approvedBy,omitempty"`

	// decidedTime is the instant of the decision: when it is written, or up to an hour before. An earlier one needs the verb attest. Of several
	// decisions of one party the latest counts, then the last by name.
	// +required
	// +kubebuilder:validation:XValidation:rule="self.getFullYear() >= 1970",message="must be an instant in RFC 3339 form, such as 2026-09-30T12:00:00Z"
	DecidedTime metav1.Time `json:"decidedTime,omitzero"`

	// exception grants an MDFAllocation although its activity has begun, where the vendor left the request undecided beyond its days. It counts with
	// those of two different people.
	// +optional
	Exception *DecisionException `json:"exception,omitempty"`

	// creatives lists the SHA-256 digests of the files that the vendor approves to be shown, with an approval of an MDFAllocation. They are approved from
	// decidedTime on, also where the request itself is approved already. At most 8, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Creatives []SHA256 `json:"creatives,omitempty"`

	// comment says why. A decision other than Approved, Submitted and Confirmed needs one.
	// +optional
	Comment Text `json:"comment,omitempty"`

	// attestation says who of the vendor recorded the decision, and from which document, where the partner has no account. Who recorded it cannot
	// approve for the vendor what it is about.
	// +optional
	Attestation *Attestation `json:"attestation,omitempty"`
}

// ApprovalDecisionStatus says whether the decision counts.
type ApprovalDecisionStatus struct {
	CommonStatus `json:",inline"`
}

// Condition types of ApprovalDecision.
const (
	// ConditionEffective says that the decision counts: it is the party's latest one on a revision that is current or of record.
	ConditionEffective = "Effective"
)

// Condition reasons of ApprovalDecision besides those of all kinds.
const (
	// ReasonEffective surfaces on Effective when the decision counts.
	ReasonEffective = "Effective"
	// ReasonStale surfaces on Effective when the revision is neither the current one nor, of a plan, the plan of record.
	ReasonStale = "Stale"
	// ReasonSuperseded surfaces on Effective when the party has decided on the revision again, or content that was replaced needs a new decision.
	ReasonSuperseded = "Superseded"
	// ReasonSelfApproval surfaces on Effective, Approved and Accepted when one person decides for both parties, or on money that the same person
	// asked for.
	ReasonSelfApproval = "SelfApproval"
	// ReasonRecorderApproves surfaces on Effective, Approved and Accepted when who recorded what the partner decided, asked for or claims, from a
	// document, approves it for the vendor.
	ReasonRecorderApproves = "RecorderApproves"
	// ReasonTargetNotFound surfaces on Effective when the object that is decided on does not exist.
	ReasonTargetNotFound = "TargetNotFound"
	// ReasonNotYetInForce surfaces on Effective and Counts when decidedTime or recordedTime is in the future.
	ReasonNotYetInForce = "NotYetInForce"
	// ReasonAmountTooHigh surfaces on Effective when more is approved than was requested: the decision counts for what was requested.
	ReasonAmountTooHigh = "AmountTooHigh"
	// ReasonPartyNotAsked surfaces on Effective when the program does not ask the party, or when it answers its own record.
	ReasonPartyNotAsked = "PartyNotAsked"
	// ReasonTooLate surfaces on Effective when a record is disputed after the days for that.
	ReasonTooLate = "TooLate"
	// ReasonNothingDisputed surfaces on Effective when a dispute is resolved that does not exist.
	ReasonNothingDisputed = "NothingDisputed"
	// ReasonNotYetRecorded surfaces on Effective when a record is answered at an instant before it was made.
	ReasonNotYetRecorded = "NotYetRecorded"
	// ReasonApprovalAsked surfaces on Effective when the partner submits a plan that it has to approve: its approval is the submission.
	ReasonApprovalAsked = "ApprovalAsked"
	// ReasonNoException surfaces on Effective when an exception is approved that the rules do not allow.
	ReasonNoException = "NoException"
)

// ApprovalDecision is an immutable decision of one party on one revision of a plan, a request, a claim or the record of a meeting. To change one's mind, create another.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,shortName=apdec,categories=jmp-records
// +kubebuilder:selectablefield:JSONPath=`.spec.targetRef.kind`
// +kubebuilder:selectablefield:JSONPath=`.spec.targetRef.name`
// +kubebuilder:printcolumn:name="Act-By",type=string,JSONPath=`.status.nextSteps[0].by`
// +kubebuilder:printcolumn:name="Who",type=string,JSONPath=`.status.nextSteps[0].party`
// +kubebuilder:printcolumn:name="Target-Kind",type=string,JSONPath=`.spec.targetRef.kind`
// +kubebuilder:printcolumn:name="Target",type=string,JSONPath=`.spec.targetRef.name`
// +kubebuilder:printcolumn:name="Party",type=string,JSONPath=`.spec.party`
// +kubebuilder:printcolumn:name="Decision",type=string,JSONPath=`.spec.decision`
// +kubebuilder:printcolumn:name="By",type=string,JSONPath=`.spec.approvedBy`
// +kubebuilder:printcolumn:name="Effective",type=string,JSONPath=`.status.conditions[?(@.type=="Effective")].status`
// +kubebuilder:printcolumn:name="Revision",type=string,priority=1,JSONPath=`.spec.revision`
// +kubebuilder:printcolumn:name="Attested-By",type=string,priority=1,JSONPath=`.spec.attestation.recordedBy`
// +kubebuilder:printcolumn:name="Next",type=string,priority=1,JSONPath=`.status.nextSteps[0].do`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="metadata.name must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit"
type ApprovalDecision struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the decision. It cannot be changed.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="a decision cannot be changed: create another one"
	// +kubebuilder:validation:XValidation:rule="self.decision in ['Approved', 'Submitted', 'Confirmed'] || has(self.comment)",message="a decision other than Approved, Submitted and Confirmed needs a comment that says why"
	Spec ApprovalDecisionSpec `json:"spec,omitzero"`

	// status says whether the decision counts, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status ApprovalDecisionStatus `json:"status,omitzero"`
}

// ApprovalDecisionList is a list of ApprovalDecisions.
//
// +kubebuilder:object:root=true
type ApprovalDecisionList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the decisions.
	Items []ApprovalDecision `json:"items"`
}
