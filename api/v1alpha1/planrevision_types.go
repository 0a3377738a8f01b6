package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// RevisionApproval is one of the decisions that approved a revision.
type RevisionApproval struct {
	// party is Vendor or Partner.
	// +required
	Party Party `json:"party,omitempty"`

	// decision is the name of the ApprovalDecision.
	// +required
	Decision Name `json:"decision,omitempty"`

	// by is the person who decided.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	By string `json:"by,omitempty"`

	// decidedTime is the instant of the decision.
	// +required
	// +kubebuilder:validation:XValidation:rule="self.getFullYear() >= 1970",message="must be an instant in RFC 3339 form, such as 2026-09-30T12:00:00Z"
	DecidedTime metav1.Time `json:"decidedTime,omitzero"`

	// attestedBy is the person of the vendor who recorded the decision from a document, where the partner has no account. Absent for all others.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	AttestedBy string `json:"attestedBy,omitempty"`
}

// PlanRevisionSpec is the approved part of a plan as it was approved.
type PlanRevisionSpec struct {
	// planRef names the JointPlan, in the same namespace.
	// +required
	PlanRef Reference `json:"planRef,omitzero"`

	// revision identifies the content.
	// +required
	// +kubebuilder:validation:MinLength=35
	// +kubebuilder:validation:MaxLength=35
	// +kubebuilder:validation:XValidation:rule="self.matches('^v1:[0-9a-f]{32}$')",message="must be v1: and 32 hexadecimal digits"
	Revision string `json:"revision,omitempty"`

	// approvedTime is the instant at which the last party approved.
	// +required
	// +kubebuilder:validation:XValidation:rule="self.getFullYear() >= 1970",message="must be an instant in RFC 3339 form, such as 2026-09-30T12:00:00Z"
	ApprovedTime metav1.Time `json:"approvedTime,omitzero"`

	// approvals are the decisions that approved it. At most 2, each with its own party.
	// +required
	// +listType=map
	// +listMapKey=party
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=2
	Approvals []RevisionApproval `json:"approvals,omitempty"`

	// terms is the approved part of the plan.
	// +required
	Terms PlanTerms `json:"terms,omitzero"`
}

// PlanRevisionStatus says whether the revision is of record.
type PlanRevisionStatus struct {
	CommonStatus `json:",inline"`

	// ofRecord is Yes while this is the plan of record, else No.
	// +optional
	// +kubebuilder:validation:Enum=Yes;No
	OfRecord string `json:"ofRecord,omitempty"`
}

// PlanRevision keeps the approved part of a plan as it was approved, as a ControllerRevision keeps that of a StatefulSet. The
// controller writes it. It stays when its plan is deleted: it is the record of what was agreed.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,shortName=prev,categories=jmp-records
// +kubebuilder:selectablefield:JSONPath=`.spec.planRef.name`
// +kubebuilder:printcolumn:name="Plan",type=string,JSONPath=`.spec.planRef.name`
// +kubebuilder:printcolumn:name="Revision",type=string,JSONPath=`.spec.revision`
// +kubebuilder:printcolumn:name="Of-Record",type=string,JSONPath=`.status.ofRecord`
// +kubebuilder:printcolumn:name="Approved-Time",type=string,priority=1,JSONPath=`.spec.approvedTime`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="metadata.name must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit"
type PlanRevision struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the approved content. It cannot be changed.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="a revision cannot be changed"
	Spec PlanRevisionSpec `json:"spec,omitzero"`

	// status says whether the revision is of record, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status PlanRevisionStatus `json:"status,omitzero"`
}

// PlanRevisionList is a list of PlanRevisions.
//
// +kubebuilder:object:root=true
type PlanRevisionList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the revisions.
	Items []PlanRevision `json:"items"`
}
