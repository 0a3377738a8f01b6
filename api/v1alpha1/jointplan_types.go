package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// ItemName names something that a party has to do: a name within the plan, or that of a PlanReview, a slash, and the name of one of its actions.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=127
// +kubebuilder:validation:XValidation:rule="self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?(/[a-z0-9]([-a-z0-9]*[a-z0-9])?)?$')",message="must be a name of lower-case letters, digits and hyphens, or two of them with a slash between, such as acme-review-20261001/new-ad-text"
type ItemName string

// DoneItem records that a deliverable goal, a commitment or an action of a review was done, or that the contingency of a risk that occurred was decided on.
//
// +kubebuilder:validation:XValidation:rule="(self.kind == 'Action') == self.name.contains('/')",fieldPath=".name",message="an Action is named by its PlanReview and its name, such as acme-review-20261001/new-ad-text; a Goal, Commitment or Risk by its name alone"
type DoneItem struct {
	// name is the name of the goal, commitment or risk; of an action that of its PlanReview, a slash, and its own.
	// +required
	Name ItemName `json:"name,omitempty"`

	// kind is Goal, Commitment, Action or Risk.
	// +required
	// +kubebuilder:validation:Enum=Goal;Commitment;Action;Risk
	Kind string `json:"kind,omitempty"`

	// day is the day on which it was done, or on which the risk's contingency was decided on.
	// +required
	Day Date `json:"day,omitempty"`
}

// FiredRisk records that a risk has occurred.
type FiredRisk struct {
	// name is the name of the risk.
	// +required
	Name Name `json:"name,omitempty"`

	// day is the day on which it occurred.
	// +required
	Day Date `json:"day,omitempty"`
}

// Progress records what has been done. It is outside the approved part.
type Progress struct {
	// done lists deliverable goals, commitments and actions of reviews that were done. At most 128, each with its own kind and name.
	// +optional
	// +listType=map
	// +listMapKey=kind
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=128
	Done []DoneItem `json:"done,omitempty"`

	// firedRisks lists risks that have occurred. At most 12, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=12
	FiredRisks []FiredRisk `json:"firedRisks,omitempty"`
}

// JointPlanSpec is a joint plan: its terms, which are approved, and what is recorded as it goes, which is not. The meetings about it are PlanReviews.
type JointPlanSpec struct {
	PlanTerms `json:",inline"`

	// progress records what has been done.
	// +optional
	Progress *Progress `json:"progress,omitempty"`
}

// JointPlan is the joint marketing plan of vendor and partner for one fiscal period.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,shortName=jplan,categories=jmp
// +kubebuilder:selectablefield:JSONPath=`.spec.partnerRef.name`
// +kubebuilder:printcolumn:name="Act-By",type=string,JSONPath=`.status.nextSteps[0].by`
// +kubebuilder:printcolumn:name="Who",type=string,JSONPath=`.status.nextSteps[0].party`
// +kubebuilder:printcolumn:name="Partner",type=string,JSONPath=`.spec.partnerRef.name`
// +kubebuilder:printcolumn:name="Period",type=string,JSONPath=`.status.periodLabel`
// +kubebuilder:printcolumn:name="Stage",type=string,JSONPath=`.status.stage`
// +kubebuilder:printcolumn:name="Attainment-%",type=integer,JSONPath=`.status.attainmentPercent`
// +kubebuilder:printcolumn:name="Pace-%",type=integer,JSONPath=`.status.pacePercent`
// +kubebuilder:printcolumn:name="On-Track",type=string,JSONPath=`.status.conditions[?(@.type=="OnTrack")].reason`
// +kubebuilder:printcolumn:name="Review-Due",type=string,JSONPath=`.status.reviews.nextDue`
// +kubebuilder:printcolumn:name="Overdue",type=string,JSONPath=`.status.conditions[?(@.type=="ReviewOverdue")].status`
// +kubebuilder:printcolumn:name="Ready",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Pipeline",type=string,priority=1,JSONPath=`.status.pipeline.pipeline`
// +kubebuilder:printcolumn:name="Revenue",type=string,priority=1,JSONPath=`.status.pipeline.revenue`
// +kubebuilder:printcolumn:name="Currency",type=string,priority=1,JSONPath=`.status.pipeline.currency`
// +kubebuilder:printcolumn:name="Revision",type=string,priority=1,JSONPath=`.status.revision`
// +kubebuilder:printcolumn:name="Next",type=string,priority=1,JSONPath=`.status.nextSteps[0].do`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 52 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="metadata.name must consist of at most 52 lower-case letters, digits and hyphens (its revisions are named after it), and begin and end with a letter or digit"
type JointPlan struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the plan.
	// +required
	Spec JointPlanSpec `json:"spec,omitzero"`

	// status is how the plan stands, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status JointPlanStatus `json:"status,omitzero"`
}

// JointPlanList is a list of JointPlans.
//
// +kubebuilder:object:root=true
type JointPlanList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the plans.
	Items []JointPlan `json:"items"`
}
