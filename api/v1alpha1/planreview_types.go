package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// ReviewOccasion is what a meeting was held for.
//
// +kubebuilder:validation:Enum=Review;KickOff;Reconciliation
type ReviewOccasion string

const (
	// OccasionReview is a review that the plan owes in its course.
	OccasionReview ReviewOccasion = "Review"
	// OccasionKickOff is the meeting with which the plan starts.
	OccasionKickOff ReviewOccasion = "KickOff"
	// OccasionReconciliation is the meeting that closes the plan: what was planned, what came of it, what was paid.
	OccasionReconciliation ReviewOccasion = "Reconciliation"
)

// Attendee is a person at a meeting.
type Attendee struct {
	// name is the person's name.
	// +required
	Name Person `json:"name,omitempty"`

	// party is the side that the person is on: Vendor or Partner.
	// +required
	Party Party `json:"party,omitempty"`

	// functions lists the functions that the person holds, such as channel-manager, by the names that the program's rule sets have. At most 5, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=5
	Functions []Function `json:"functions,omitempty"`
}

// ActionItem is something that a review decided to do. That it was done is recorded in spec.progress.done of the plan.
type ActionItem struct {
	// name is the action's name within the review.
	// +required
	Name Name `json:"name,omitempty"`

	// description says what is to be done.
	// +optional
	Description Note `json:"description,omitempty"`

	// party is the one that does it: Vendor or Partner.
	// +required
	Party Party `json:"party,omitempty"`

	// owner is the person who does it.
	// +optional
	Owner Person `json:"owner,omitempty"`

	// due is the last day on which it can be done in time.
	// +required
	Due Date `json:"due,omitempty"`
}

// ReviewOutcome is what a review found.
//
// +kubebuilder:validation:Enum=OnTrack;AtRisk;OffTrack
type ReviewOutcome string

// PlanReviewSpec is a meeting about a plan, as one party recorded it.
//
// +kubebuilder:validation:XValidation:rule="self.occasion == 'KickOff' ? !has(self.outcome) : has(self.outcome)",fieldPath=".outcome",message="a Review or Reconciliation has an outcome, a KickOff has none"
// +kubebuilder:validation:XValidation:rule="self.occasion != 'Review' || has(self.actions) != has(self.noActionsBecause)",message="list the actions that the review decided on, or say in noActionsBecause why there are none"
// +kubebuilder:validation:XValidation:rule="self.occasion != 'KickOff' || !has(self.goals)",fieldPath=".goals",message="a KickOff has no results yet: remove goals"
// +kubebuilder:validation:XValidation:rule="!has(self.actions) || !has(self.noActionsBecause)",message="there are actions: remove noActionsBecause"
type PlanReviewSpec struct {
	// planRef names the JointPlan that the meeting was about, in the same namespace.
	// +required
	PlanRef Reference `json:"planRef,omitzero"`

	// occasion is Review, KickOff or Reconciliation.
	// +required
	Occasion ReviewOccasion `json:"occasion,omitempty"`

	// party is the party that recorded it: Vendor or Partner. What the vendor records counts at once; what the partner records stops the clock, and
	// counts once the vendor has confirmed it, or has let the days for that go by without a dispute.
	// +required
	Party Party `json:"party,omitempty"`

	// recordedBy is the person who recorded it, by user name.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="self.matches('^[^\\\\p{Z}\\\\s](.*[^\\\\p{Z}\\\\s])?$') && !self.matches('[\\\\p{C}\\\\p{Zl}\\\\p{Zp}\\\\x{034F}\\\\x{115F}\\\\x{1160}\\\\x{2800}\\\\x{3164}\\\\x{FFA0}]')",message="must be one line of visible text without control, zero-width or text-direction characters, and without spaces at its ends"
	RecordedBy string `json:"recordedBy,omitempty"`

	// recordedTime is the instant at which it was recorded: the one at which this object is created. Only an account with the verb attest may bring older
	// records.
	// +required
	// +kubebuilder:validation:XValidation:rule="self.getFullYear() >= 1970",message="must be an instant in RFC 3339 form, such as 2026-09-30T12:00:00Z"
	RecordedTime metav1.Time `json:"recordedTime,omitzero"`

	// heldOn is the day of the meeting. A record counts when it is made within the days after it that the program gives.
	// +required
	HeldOn Date `json:"heldOn,omitempty"`

	// attendees lists who was there. A meeting counts only with attendees of both parties. At most 8.
	// +required
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Attendees []Attendee `json:"attendees,omitempty"`

	// outcome is what a Review or Reconciliation found: OnTrack, AtRisk or OffTrack.
	// +optional
	Outcome ReviewOutcome `json:"outcome,omitempty"`

	// obstacles lists what stood in the way. At most 8.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Obstacles []Title `json:"obstacles,omitempty"`

	// lessons lists what both parties learned for the plans to come. At most 8.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Lessons []Title `json:"lessons,omitempty"`

	// goals say of goals of the plan whether they were realistic and what was accomplished. Where the program asks for a reconciliation, that counts only
	// if it says so of each goal of the plan of record. At most 20, each goal once.
	// +optional
	// +listType=map
	// +listMapKey=goal
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=20
	Goals []GoalOutcome `json:"goals,omitempty"`

	// actions lists what was decided to do. At most 16, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Actions []ActionItem `json:"actions,omitempty"`

	// noActionsBecause says why a Review decided on no actions.
	// +optional
	NoActionsBecause Title `json:"noActionsBecause,omitempty"`

	// nextReviewOn is the day that was agreed on for the next meeting. It moves no due day.
	// +optional
	NextReviewOn Date `json:"nextReviewOn,omitempty"`
}

// Confirmation says what the other party than the one that recorded a meeting says of it.
//
// +kubebuilder:validation:Enum=Pending;Confirmed;Uncontested;Disputed;Dismissed;Upheld
type Confirmation string

const (
	// ConfirmationPending means that the other party has not answered, and still can.
	ConfirmationPending Confirmation = "Pending"
	// ConfirmationConfirmed means that the other party confirmed it, or recorded the same meeting.
	ConfirmationConfirmed Confirmation = "Confirmed"
	// ConfirmationUncontested means that the other party let the days for an answer go by without a dispute.
	ConfirmationUncontested Confirmation = "Uncontested"
	// ConfirmationDisputed means that the other party disputes it, and nobody has resolved that.
	ConfirmationDisputed Confirmation = "Disputed"
	// ConfirmationDismissed means that it was disputed, and that the dispute was dismissed: the record counts.
	ConfirmationDismissed Confirmation = "Dismissed"
	// ConfirmationUpheld means that it was disputed, and that the dispute was upheld: the record does not count.
	ConfirmationUpheld Confirmation = "Upheld"
)

// ReviewDispute says how a dispute about a record stands.
type ReviewDispute struct {
	// decision is the name of the ApprovalDecision that disputes the record; its comment says what is disputed.
	// +required
	Decision Name `json:"decision,omitempty"`

	// by is the person who disputes it.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	By string `json:"by,omitempty"`

	// resolver is the role that resolves it.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Resolver string `json:"resolver,omitempty"`

	// resolveBy is the last day for that.
	// +required
	ResolveBy Date `json:"resolveBy,omitempty"`

	// escalatedTo is the role that hears of a dispute that nobody resolved in time. Absent until then.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	EscalatedTo string `json:"escalatedTo,omitempty"`

	// resolvedBy is the person who resolved it.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	ResolvedBy string `json:"resolvedBy,omitempty"`
}

// PlanReviewStatus says whether a record counts, and why.
type PlanReviewStatus struct {
	CommonStatus `json:",inline"`

	// revision identifies the content of the record: "v1:" and 32 hexadecimal digits. Answers name it.
	// +optional
	// +kubebuilder:validation:MinLength=35
	// +kubebuilder:validation:MaxLength=35
	Revision string `json:"revision,omitempty"`

	// confirmation says what the other party says of it: Pending, Confirmed, Uncontested, Disputed, Dismissed or Upheld.
	// +optional
	Confirmation Confirmation `json:"confirmation,omitempty"`

	// confirmedOn is the day from which on it is Confirmed, Uncontested or Dismissed.
	// +optional
	ConfirmedOn Date `json:"confirmedOn,omitempty"`

	// answerBy is the last day on which the other party can dispute it.
	// +optional
	AnswerBy Date `json:"answerBy,omitempty"`

	// slotDue is the due day of the review for which it is counted or, while it does not count yet, recorded.
	// +optional
	SlotDue Date `json:"slotDue,omitempty"`

	// dispute says how a dispute about it stands. Absent when there was none.
	// +optional
	Dispute *ReviewDispute `json:"dispute,omitempty"`
}

// Condition types of PlanReview.
const (
	// ConditionCounts says whether the record of a meeting counts.
	ConditionCounts = "Counts"
)

// Condition reasons of PlanReview besides those of all kinds.
const (
	// ReasonRecordedByVendor surfaces on Counts when the vendor recorded it in time: it counts at once.
	ReasonRecordedByVendor = "RecordedByVendor"
	// ReasonConfirmed surfaces on Counts when the vendor confirmed what the partner recorded.
	ReasonConfirmed = "Confirmed"
	// ReasonUncontested surfaces on Counts when the vendor did not dispute in time what the partner recorded.
	ReasonUncontested = "Uncontested"
	// ReasonDisputeDismissed surfaces on Counts when the record was disputed and the dispute was dismissed.
	ReasonDisputeDismissed = "DisputeDismissed"
	// ReasonDisputeUpheld surfaces on Counts when the record was disputed and the dispute was upheld.
	ReasonDisputeUpheld = "DisputeUpheld"
	// ReasonDisputed surfaces on Counts when the vendor disputes what the partner recorded, and nobody has resolved that.
	ReasonDisputed = "Disputed"
	// ReasonAwaitingConfirmation surfaces on Counts, ReviewOverdue and ReconciliationOverdue when the vendor has not answered what the partner recorded.
	ReasonAwaitingConfirmation = "AwaitingConfirmation"
	// ReasonRecordedLate surfaces on Counts when the record was made after the days that the program gives for it.
	ReasonRecordedLate = "RecordedLate"
	// ReasonRecordedAhead surfaces on Counts when the record was made before the meeting.
	ReasonRecordedAhead = "RecordedAhead"
	// ReasonRecordedTwice surfaces on Counts when the party recorded another meeting of the same day before.
	ReasonRecordedTwice = "RecordedTwice"
	// ReasonIncomplete surfaces on Counts when the record lacks what a meeting needs to count, such as attendees of both parties, a function that the
	// program names, or of a reconciliation a goal.
	ReasonIncomplete = "Incomplete"
	// ReasonNoSlot surfaces on Counts when the meeting was held when no review, or no reconciliation, could be held.
	ReasonNoSlot = "NoSlot"
	// ReasonPlanNotFound surfaces on Counts when the plan does not exist.
	ReasonPlanNotFound = "PlanNotFound"
)

// PlanReview is an immutable record of a meeting about a plan: a review, the kick-off or the reconciliation. It outlives the plan. The other party
// confirms or disputes it with an ApprovalDecision.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,shortName=plrev,categories=jmp-records
// +kubebuilder:selectablefield:JSONPath=`.spec.planRef.name`
// +kubebuilder:printcolumn:name="Act-By",type=string,JSONPath=`.status.nextSteps[0].by`
// +kubebuilder:printcolumn:name="Who",type=string,JSONPath=`.status.nextSteps[0].party`
// +kubebuilder:printcolumn:name="Plan",type=string,JSONPath=`.spec.planRef.name`
// +kubebuilder:printcolumn:name="Occasion",type=string,JSONPath=`.spec.occasion`
// +kubebuilder:printcolumn:name="Held-On",type=string,JSONPath=`.spec.heldOn`
// +kubebuilder:printcolumn:name="Party",type=string,JSONPath=`.spec.party`
// +kubebuilder:printcolumn:name="Outcome",type=string,JSONPath=`.spec.outcome`
// +kubebuilder:printcolumn:name="Counts",type=string,JSONPath=`.status.conditions[?(@.type=="Counts")].status`
// +kubebuilder:printcolumn:name="Confirmation",type=string,JSONPath=`.status.confirmation`
// +kubebuilder:printcolumn:name="By",type=string,priority=1,JSONPath=`.spec.recordedBy`
// +kubebuilder:printcolumn:name="Revision",type=string,priority=1,JSONPath=`.status.revision`
// +kubebuilder:printcolumn:name="Next",type=string,priority=1,JSONPath=`.status.nextSteps[0].do`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="metadata.name must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit"
type PlanReview struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the record. It cannot be changed.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="a record of a meeting cannot be changed: record it again within the days that the program gives, or dispute it"
	Spec PlanReviewSpec `json:"spec,omitzero"`

	// status says whether the record counts, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status PlanReviewStatus `json:"status,omitzero"`
}

// PlanReviewList is a list of PlanReviews.
//
// +kubebuilder:object:root=true
type PlanReviewList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the records.
	Items []PlanReview `json:"items"`
}
