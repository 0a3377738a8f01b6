package v1alpha1

// Function is what a person does at a meeting about a plan, such as channel-manager, marketing or finance: lower-case letters, digits and hyphens, at
// most 24.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=24
// +kubebuilder:validation:XValidation:rule="self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="must consist of lower-case letters, digits and hyphens, and begin and end with a letter or digit, such as channel-manager"
type Function string

// MeetingFunctions are the functions that must be at a meeting, of each party. One person may hold several.
//
// +kubebuilder:validation:XValidation:rule="has(self.vendor) || has(self.partner)",message="name the functions of at least one party: vendor or partner"
type MeetingFunctions struct {
	// vendor lists the functions of the vendor. At most 5, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=5
	Vendor []Function `json:"vendor,omitempty"`

	// partner lists the functions of the partner. At most 5, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=5
	Partner []Function `json:"partner,omitempty"`
}

// GoalRealism says how realistic the target of a goal was.
//
// +kubebuilder:validation:Enum=Realistic;TooHigh;TooLow
type GoalRealism string

const (
	// GoalRealistic means that the target could be reached and was worth the effort.
	GoalRealistic GoalRealism = "Realistic"
	// GoalTooHigh means that the target could not be reached.
	GoalTooHigh GoalRealism = "TooHigh"
	// GoalTooLow means that the target would have been reached without the plan.
	GoalTooLow GoalRealism = "TooLow"
)

// GoalAccomplishment says what was accomplished of a goal.
//
// +kubebuilder:validation:Enum=Attained;InPart;Missed
type GoalAccomplishment string

const (
	// GoalAttained means that the goal was attained.
	GoalAttained GoalAccomplishment = "Attained"
	// GoalInPart means that a part of it was.
	GoalInPart GoalAccomplishment = "InPart"
	// GoalMissed means that it was missed.
	GoalMissed GoalAccomplishment = "Missed"
)

// GoalOutcome is what the people at a meeting say of one goal. It changes no figure: those come from measurements.
type GoalOutcome struct {
	// goal is the name of a goal of the plan.
	// +required
	Goal Name `json:"goal,omitempty"`

	// realistic is Realistic, TooHigh or TooLow.
	// +required
	Realistic GoalRealism `json:"realistic,omitempty"`

	// accomplished is Attained, InPart or Missed. A Reconciliation says it of each goal; a Review leaves it out while it is open.
	// +optional
	Accomplished GoalAccomplishment `json:"accomplished,omitempty"`

	// note says why.
	// +optional
	Note Title `json:"note,omitempty"`
}

// ReconciliationState says how the reconciliation of a plan stands.
//
// +kubebuilder:validation:Enum=Pending;Recorded;Overdue;Held
type ReconciliationState string

const (
	// ReconciliationPending means that it is to be held by its due day, which has not passed, or while its clock stands still.
	ReconciliationPending ReconciliationState = "Pending"
	// ReconciliationRecorded means that the partner recorded one, which counts once the vendor has confirmed it or has not disputed it in time.
	ReconciliationRecorded ReconciliationState = "Recorded"
	// ReconciliationOverdue means that its due day has passed and none was held that counts.
	ReconciliationOverdue ReconciliationState = "Overdue"
	// ReconciliationHeld means that one was held that counts.
	ReconciliationHeld ReconciliationState = "Held"
)

// ReconciliationStatus says how the reconciliation stands, with which both parties close a plan.
type ReconciliationStatus struct {
	// due is the last day on which it can be held in time: reconcileWithinDays after the last results of the plan are due.
	// +required
	Due Date `json:"due,omitempty"`

	// state is Pending, Recorded, Overdue or Held.
	// +required
	State ReconciliationState `json:"state,omitempty"`

	// heldOn is the day of the meeting by which it is Held or Recorded.
	// +optional
	HeldOn Date `json:"heldOn,omitempty"`

	// daysLate is by how many days it was held late. Absent when it was not.
	// +optional
	// +kubebuilder:validation:Minimum=1
	DaysLate *int32 `json:"daysLate,omitempty"` //nolint:kubeapilinter // absent is not zero

	// record is the name of the PlanReview by which it is Held or Recorded.
	// +optional
	Record Name `json:"record,omitempty"`

	// confirmation says what the other party says of that record: Pending, Confirmed, Uncontested, Disputed, Dismissed or, never of one that is shown here,
	// Upheld.
	// +optional
	Confirmation Confirmation `json:"confirmation,omitempty"`

	// confirmedOn is the day from which on it is Confirmed, Uncontested or Dismissed.
	// +optional
	ConfirmedOn Date `json:"confirmedOn,omitempty"`

	// overdueSince is the first day on which it was overdue. Absent when it is not.
	// +optional
	OverdueSince Date `json:"overdueSince,omitempty"`

	// escalatedTo is the highest role of the escalation ladder of reconciliations that is reached.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	EscalatedTo string `json:"escalatedTo,omitempty"`

	// escalatedSince is the first day on which that role was reached.
	// +optional
	EscalatedSince Date `json:"escalatedSince,omitempty"`
}

// Condition type and reasons of the reconciliation of a plan.
const (
	// ConditionReconciliationOverdue is True while the reconciliation of a plan is overdue. Like ReviewOverdue, its True is the bad news.
	ConditionReconciliationOverdue = "ReconciliationOverdue"

	// ReasonNoReconciliationOwed surfaces on ReconciliationOverdue when the rule set asks for no reconciliation, or the plan is not approved.
	ReasonNoReconciliationOwed = "NoReconciliationOwed"
	// ReasonReconciled surfaces on ReconciliationOverdue when a reconciliation was held that counts.
	ReasonReconciled = "Reconciled"
)

// PlanningPhase is a part of the planning of a plan.
//
// +kubebuilder:validation:Enum=Submit;Decide;Resubmit
type PlanningPhase string

const (
	// PhaseSubmit is that in which the partner writes the plan, until it submits it for the first time.
	PhaseSubmit PlanningPhase = "Submit"
	// PhaseDecide is that in which the vendor decides on what was submitted.
	PhaseDecide PlanningPhase = "Decide"
	// PhaseResubmit is that in which the partner changes what was sent back or what it took back, until it submits it again.
	PhaseResubmit PlanningPhase = "Resubmit"
)

// PlanningStep is a span of days in which a plan was, or is, in the hands of one party.
type PlanningStep struct {
	// step is Submit, Decide or Resubmit.
	// +required
	Step PlanningPhase `json:"step,omitempty"`

	// inHandsOf is the party whose turn it was: Vendor or Partner.
	// +required
	InHandsOf Party `json:"inHandsOf,omitempty"`

	// from is the day on which it came into the party's hands. Absent of the first Submit: when somebody began to write is not known.
	// +optional
	From Date `json:"from,omitempty"`

	// through is the day on which the party passed it on. Absent while it has not.
	// +optional
	Through Date `json:"through,omitempty"`

	// days is the number of days between the two. Absent when one of them is.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Days *int32 `json:"days,omitempty"`

	// due is the last day on which the party does its part in time. Absent when nothing asks for one.
	// +optional
	Due Date `json:"due,omitempty"`

	// daysLate is by how many days it did its part late. Absent when it was in time, and while it has not done it.
	// +optional
	// +kubebuilder:validation:Minimum=1
	DaysLate *int32 `json:"daysLate,omitempty"` //nolint:kubeapilinter // absent is not zero
}

// PartyPromises counts what one party promised for a plan by a day: its submission and what was sent back to it, decisions, reviews and the
// reconciliation (which both owe), answers to records, resolutions of disputes, commitments, deliverables, actions, decisions on risks that occurred, and
// payments.
type PartyPromises struct {
	// party is Vendor or Partner.
	// +required
	Party Party `json:"party,omitempty"`

	// due is the number of promises that were to be kept by now, or were kept ahead: kept, late and overdue together.
	// +required
	// +kubebuilder:validation:Minimum=0
	Due int32 `json:"due"`

	// kept is the number of those that were kept in time.
	// +required
	// +kubebuilder:validation:Minimum=0
	Kept int32 `json:"kept"`

	// late is the number of those that were kept after their day.
	// +required
	// +kubebuilder:validation:Minimum=0
	Late int32 `json:"late"`

	// overdue is the number of those whose day has passed and that were not kept at all.
	// +required
	// +kubebuilder:validation:Minimum=0
	Overdue int32 `json:"overdue"`

	// open is the number of promises that are not kept and whose day is yet to come.
	// +required
	// +kubebuilder:validation:Minimum=0
	Open int32 `json:"open"`

	// percent is kept in percent of due, rounded down. Absent while nothing was due.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=100
	Percent *int32 `json:"percent,omitempty"`
}

// CommitmentSubject is what a commitment is about, beyond the plan itself.
//
// +kubebuilder:validation:Enum=ResellerPlanning
type CommitmentSubject string

const (
	// CommitmentResellerPlanning is support of a distributor in planning with its own resellers.
	CommitmentResellerPlanning CommitmentSubject = "ResellerPlanning"
)

// PaymentDue says by when the vendor pays an accepted claim, and that it is late.
type PaymentDue struct {
	// payBy is the last day on which the payment is in time: payWithinDays after the claim was accepted.
	// +required
	PayBy Date `json:"payBy,omitempty"`

	// paidOn is the day of the last payment. Absent while the claim is not paid in full.
	// +optional
	PaidOn Date `json:"paidOn,omitempty"`

	// daysLate is by how many days it was paid late. Absent when it was not, and while it is not paid in full.
	// +optional
	// +kubebuilder:validation:Minimum=1
	DaysLate *int32 `json:"daysLate,omitempty"` //nolint:kubeapilinter // absent is not zero

	// overdueSince is the first day on which the payment was overdue. Absent when it is not, and once it is made.
	// +optional
	OverdueSince Date `json:"overdueSince,omitempty"`

	// escalatedTo is the highest role of the escalation ladder of payments that is reached.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	EscalatedTo string `json:"escalatedTo,omitempty"`

	// escalatedSince is the first day on which that role was reached.
	// +optional
	EscalatedSince Date `json:"escalatedSince,omitempty"`
}
