package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// BonusGate is what the evidence of a period must show before a channel manager's bonus is paid. It holds for the periods that begin while it is in force.
//
// +kubebuilder:validation:XValidation:rule="has(self.minApprovedInTimePercent) || has(self.minReviewsInTimePercent) || has(self.minReconciledPercent) || has(self.minAttainmentPercent) || has(self.minGoalsPercent)",message="ask for something: give at least one of minApprovedInTimePercent, minReviewsInTimePercent, minReconciledPercent, minAttainmentPercent and minGoalsPercent"
type BonusGate struct {
	// effectiveFrom is the first day on which it is in force. The one in force on the first day of a period holds for all of it: what is asked for does not
	// change under way.
	// +required
	EffectiveFrom Date `json:"effectiveFrom,omitempty"`

	// minApprovedInTimePercent is the least share of the plans owed for the period that were approved by the day on which they were due, 0 to 100. Absent
	// means that it is not asked for.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.matches('^[0-9]+([.][0-9]+)?$') || double(self) <= 100.0",message="must be at most 100"
	MinApprovedInTimePercent Percent `json:"minApprovedInTimePercent,omitempty"`

	// minReviewsInTimePercent is the least share of the reviews due under the period's plans that were held within their grace, 0 to 100. Absent means that
	// it is not asked for.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.matches('^[0-9]+([.][0-9]+)?$') || double(self) <= 100.0",message="must be at most 100"
	MinReviewsInTimePercent Percent `json:"minReviewsInTimePercent,omitempty"`

	// minReconciledPercent is the least share of the period's plans that were reconciled in time, 0 to 100. Absent means that it is not asked for.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.matches('^[0-9]+([.][0-9]+)?$') || double(self) <= 100.0",message="must be at most 100"
	MinReconciledPercent Percent `json:"minReconciledPercent,omitempty"`

	// minAttainmentPercent is the least mean score of the period's plans, each by its original targets or those of an amendment that was approved before
	// the cut-off. Absent means that it is not asked for.
	// +optional
	MinAttainmentPercent Percent `json:"minAttainmentPercent,omitempty"`

	// minGoalsPercent is the least share, by weight, of the manager's own goals of the period that were done in time, 0 to 100. Absent means that it is not
	// asked for.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.matches('^[0-9]+([.][0-9]+)?$') || double(self) <= 100.0",message="must be at most 100"
	MinGoalsPercent Percent `json:"minGoalsPercent,omitempty"`

	// amendmentCutOffDays is how many days after the first day of its period an amendment of a plan can be approved and still set the targets by which its
	// attainment counts here. Absent means 0: the first day. From 0 to 366.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=366
	AmendmentCutOffDays *int32 `json:"amendmentCutOffDays,omitempty"`
}

// ManagerPolicy says that a program keeps evidence about its channel managers, and what their bonus asks for. Without it nothing is collected about them.
type ManagerPolicy struct {
	// every is the fiscal interval by which evidence is kept: Quarter, Half or Year. Absent means Half. A plan counts in the interval in which its own period
	// ends, a plan that is owed in the one that holds the interval it is owed for.
	// +optional
	Every ReportInterval `json:"every,omitempty"`

	// bonus says what the evidence of a period must show, by the day from which on it is asked for. Absent means that there is evidence and no gate. At
	// most 8, each with its own effectiveFrom.
	// +optional
	// +listType=map
	// +listMapKey=effectiveFrom
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Bonus []BonusGate `json:"bonus,omitempty"`
}

// ManagerReference names a ChannelManager.
type ManagerReference struct {
	// name is the name of the ChannelManager: a pseudonym such as cam-014.
	// +required
	Name Name `json:"name,omitempty"`
}

// ManagerGoal is something that a channel manager is to have done by a day, besides what the partners' plans say: a goal without a number.
type ManagerGoal struct {
	// name is the goal's name, such as recruit-two-schools-partners.
	// +required
	Name Name `json:"name,omitempty"`

	// deliverable says what is to be there by then, so that two people would agree whether it is. No names of people: this object is kept under a
	// pseudonym.
	// +required
	Deliverable Note `json:"deliverable,omitempty"`

	// due is the last day on which it is done in time. The goal counts in the period that holds this day.
	// +required
	Due Date `json:"due,omitempty"`

	// weightPercent is how much it weighs among the goals of its period, in proportion to theirs. Give it for every goal, or for none: then all weigh the
	// same.
	// +optional
	WeightPercent Percent `json:"weightPercent,omitempty"`

	// doneOn is the day on which it was done, recorded by whoever the manager reports to. Absent means not yet.
	// +optional
	DoneOn Date `json:"doneOn,omitempty"`
}

// ChannelManagerSpec says for which program a channel manager works, and what they are to do besides the partners' plans.
//
// +kubebuilder:validation:XValidation:rule="!has(self.goals) || self.goals.all(g, has(g.weightPercent)) || self.goals.all(g, !has(g.weightPercent))",fieldPath=".goals",message="give weightPercent for every goal, or for none"
type ChannelManagerSpec struct {
	// programRef names the PartnerProgram whose partners the manager looks after.
	// +required
	ProgramRef Reference `json:"programRef,omitzero"`

	// users are the user names of the manager in the cluster, for those who bind the manager's right to read this object. They tell who it is: leave them
	// out, and keep them in the directory outside, unless a tool needs them here. Nothing is computed from them. At most 4, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=4
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=253
	Users []string `json:"users,omitempty"`

	// goals are the manager's own goals without a number. At most 24, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=24
	Goals []ManagerGoal `json:"goals,omitempty"`
}

// ManagerReviews counts the reviews due under a period's plans: decided = inTime + late + missed, and slots = decided + toCome.
type ManagerReviews struct {
	// slots is the number of reviews that are due under the plans that are approved.
	// +required
	// +kubebuilder:validation:Minimum=0
	Slots int32 `json:"slots"`

	// decided is the number of those that were held, or whose grace is past.
	// +required
	// +kubebuilder:validation:Minimum=0
	Decided int32 `json:"decided"`

	// inTime is the number of those that were held within their grace, on the word of the other party: the partner recorded it and the vendor has not
	// disputed it, or the vendor did and the partner confirmed it or let the time for a dispute pass.
	// +required
	// +kubebuilder:validation:Minimum=0
	InTime int32 `json:"inTime"`

	// late is the number of those that were held after their grace.
	// +required
	// +kubebuilder:validation:Minimum=0
	Late int32 `json:"late"`

	// missed is the number of those that were not held and whose grace is past.
	// +required
	// +kubebuilder:validation:Minimum=0
	Missed int32 `json:"missed"`

	// toCome is the number of those that can still be held within their grace, or whose record the other party has not answered.
	// +required
	// +kubebuilder:validation:Minimum=0
	ToCome int32 `json:"toCome"`
}

// ManagerReconciliations counts the reconciliations of a period's plans: owed = inTime + late + open.
type ManagerReconciliations struct {
	// owed is the number of plans that are to be reconciled.
	// +required
	// +kubebuilder:validation:Minimum=0
	Owed int32 `json:"owed"`

	// inTime is the number of those that were reconciled in time.
	// +required
	// +kubebuilder:validation:Minimum=0
	InTime int32 `json:"inTime"`

	// late is the number of those that were not: reconciled later, or still not although the time for it is past.
	// +required
	// +kubebuilder:validation:Minimum=0
	Late int32 `json:"late"`

	// open is the number of those that can still be reconciled in time.
	// +required
	// +kubebuilder:validation:Minimum=0
	Open int32 `json:"open"`
}

// ManagerGoals counts the manager's own goals of a period.
type ManagerGoals struct {
	// due is the number of goals whose due day is in the period.
	// +required
	// +kubebuilder:validation:Minimum=0
	Due int32 `json:"due"`

	// done is the number of those that are done.
	// +required
	// +kubebuilder:validation:Minimum=0
	Done int32 `json:"done"`

	// doneInTime is the number of those that were done by their due day.
	// +required
	// +kubebuilder:validation:Minimum=0
	DoneInTime int32 `json:"doneInTime"`
}

// GateState says whether the evidence of a period opens the gate of a bonus.
//
// +kubebuilder:validation:Enum=Open;Shut;CannotOpen;Unknown
type GateState string

const (
	// GateOpen means that all that is asked for is reached, and that nothing which is still to come can take it away.
	GateOpen GateState = "Open"
	// GateShut means that something is not reached yet, and still can be.
	GateShut GateState = "Shut"
	// GateCannotOpen means that something cannot be reached any more, even if all that is still to come goes well.
	GateCannotOpen GateState = "CannotOpen"
	// GateUnknown means that something cannot be judged, and that nothing is out of reach.
	GateUnknown GateState = "Unknown"
)

// GateCriterion is one of the things that a bonus asks for.
//
// +kubebuilder:validation:Enum=ApprovedInTime;ReviewsInTime;Reconciled;Attainment;Goals
type GateCriterion string

const (
	// CriterionApprovedInTime is about the plans that were approved by the day on which they were due.
	CriterionApprovedInTime GateCriterion = "ApprovedInTime"
	// CriterionReviewsInTime is about the reviews that were held within their grace.
	CriterionReviewsInTime GateCriterion = "ReviewsInTime"
	// CriterionReconciled is about the plans that were reconciled in time.
	CriterionReconciled GateCriterion = "Reconciled"
	// CriterionAttainment is about the mean score of the plans.
	CriterionAttainment GateCriterion = "Attainment"
	// CriterionGoals is about the manager's own goals.
	CriterionGoals GateCriterion = "Goals"
)

// GateFigure says how one criterion stands.
type GateFigure struct {
	// criterion is ApprovedInTime, ReviewsInTime, Reconciled, Attainment or Goals.
	// +required
	Criterion GateCriterion `json:"criterion,omitempty"`

	// state is Open (reached permanently), Shut (not reached yet), CannotOpen (out of reach) or Unknown (cannot be judged).
	// +required
	State GateState `json:"state,omitempty"`

	// asked is the least share or score, in percent.
	// +required
	Asked Percent `json:"asked,omitempty"`

	// found is the share of what is decided, or the score so far, in percent, rounded down. Absent while nothing is.
	// +optional
	Found *int32 `json:"found,omitempty"`

	// atBest is what the share or score is if all that is still to come goes well, in percent, rounded down. Absent when it cannot be said.
	// +optional
	AtBest *int32 `json:"atBest,omitempty"`

	// mayStillMiss is how many of those that are still to come may fail without shutting the gate permanently. Absent of Attainment and Goals, when nothing is
	// still to come, and when it cannot be said.
	// +optional
	// +kubebuilder:validation:Minimum=0
	MayStillMiss *int32 `json:"mayStillMiss,omitempty"`

	// message says all this in words, with the arithmetic.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Message string `json:"message,omitempty"`
}

// ManagerGate says whether the evidence opens the gate of the bonus. It is evidence: who decides on the bonus are people.
type ManagerGate struct {
	// state is Open, Shut, CannotOpen or Unknown.
	// +required
	State GateState `json:"state,omitempty"`

	// effectiveFrom says which entry of bonus asks: the one in force on the first day of the period.
	// +required
	EffectiveFrom Date `json:"effectiveFrom,omitempty"`

	// criteria say how each thing that is asked for stands.
	// +required
	// +listType=map
	// +listMapKey=criterion
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=5
	Criteria []GateFigure `json:"criteria,omitempty"`

	// message says it in words.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Message string `json:"message,omitempty"`
}

// ManagerPeriod is what a channel manager's partners came to in one fiscal period.
type ManagerPeriod struct {
	// period is the period, such as "FY2027 H1".
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Period string `json:"period,omitempty"`

	// from is its first day.
	// +required
	From Date `json:"from,omitempty"`

	// through is its last day.
	// +required
	Through Date `json:"through,omitempty"`

	// partners is the number of the manager's partners that owe a plan for the period or have one.
	// +required
	// +kubebuilder:validation:Minimum=0
	Partners int32 `json:"partners"`

	// owed is the number of plans that they owe for the period.
	// +required
	// +kubebuilder:validation:Minimum=0
	Owed int32 `json:"owed"`

	// created is the number of these that the partners have submitted.
	// +required
	// +kubebuilder:validation:Minimum=0
	Created int32 `json:"created"`

	// createdInTime is the number of these that they submitted in time.
	// +required
	// +kubebuilder:validation:Minimum=0
	CreatedInTime int32 `json:"createdInTime"`

	// approved is the number of owed plans that are approved.
	// +required
	// +kubebuilder:validation:Minimum=0
	Approved int32 `json:"approved"`

	// approvedInTime is the number of these that were first approved by the day on which they were due.
	// +required
	// +kubebuilder:validation:Minimum=0
	ApprovedInTime int32 `json:"approvedInTime"`

	// reviews counts the reviews due under the period's plans. Absent when none is known to be due.
	// +optional
	Reviews *ManagerReviews `json:"reviews,omitempty"`

	// reconciled counts the reconciliations of the period's plans. Absent when none is owed.
	// +optional
	Reconciled *ManagerReconciliations `json:"reconciled,omitempty"`

	// plans is the number of approved plans whose period ends in this one: their reviews, scores and reconciliations count here.
	// +required
	// +kubebuilder:validation:Minimum=0
	Plans int32 `json:"plans"`

	// scored is the number of these that have a score.
	// +required
	// +kubebuilder:validation:Minimum=0
	Scored int32 `json:"scored"`

	// attainmentPercent is the mean score of these in percent, rounded down: each plan weighs the same, by its original targets or those of an amendment that
	// was approved before the cut-off. Scores are added up before they are rounded. Absent while none has one.
	// +optional
	AttainmentPercent *int32 `json:"attainmentPercent,omitempty"`

	// goals counts the manager's own goals. Absent when none is due in the period.
	// +optional
	Goals *ManagerGoals `json:"goals,omitempty"`

	// lateDecisions is the number of the period's plans on which the vendor decided late, or has not decided although its time is past.
	// +required
	// +kubebuilder:validation:Minimum=0
	LateDecisions int32 `json:"lateDecisions"`

	// latePayments is the number of payments on claims under the period's plans that the vendor made late, or has not made although they are due. Absent
	// when payments have no due day.
	// +optional
	// +kubebuilder:validation:Minimum=0
	LatePayments *int32 `json:"latePayments,omitempty"`

	// gate says whether the evidence opens the gate of the bonus. Absent when no bonus was in force on the first day of the period.
	// +optional
	Gate *ManagerGate `json:"gate,omitempty"`
}

// ChannelManagerStatus is the evidence about a channel manager. It holds no figure while the program does not keep evidence about managers.
type ChannelManagerStatus struct {
	CommonStatus `json:",inline"`

	// partners is the number of partners that name this manager.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Partners *int32 `json:"partners,omitempty"`

	// periods are the fiscal periods that have begun, newest first; at most 8.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=8
	Periods []ManagerPeriod `json:"periods,omitempty"`
}

// Condition reasons of ChannelManager besides those of all kinds.
const (
	// ReasonManagersOff surfaces on Ready, with status True, when the program keeps no evidence about channel managers: no figure is computed or kept.
	ReasonManagersOff = "ManagersOff"
)

// ChannelManager is the evidence about one of the vendor's people who look after partners, under a pseudonym: what their partners owed, and what became of it,
// by fiscal period, with the gate of a bonus. Who it is stands in a directory outside. Partners that name it in spec.managerRef are theirs. There is
// evidence only where the program asks for it; it ranks nobody, and no partner can read it.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,shortName=cam
// +kubebuilder:selectablefield:JSONPath=`.spec.programRef.name`
// +kubebuilder:printcolumn:name="Program",type=string,JSONPath=`.spec.programRef.name`
// +kubebuilder:printcolumn:name="Partners",type=integer,JSONPath=`.status.partners`
// +kubebuilder:printcolumn:name="Period",type=string,JSONPath=`.status.periods[0].period`
// +kubebuilder:printcolumn:name="Gate",type=string,JSONPath=`.status.periods[0].gate.state`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="metadata.name must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit: a pseudonym such as cam-014, not a person's name"
type ChannelManager struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata. The name is a pseudonym such as cam-014.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec says for which program the manager works.
	// +required
	Spec ChannelManagerSpec `json:"spec,omitzero"`

	// status is the evidence, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status ChannelManagerStatus `json:"status,omitzero"`
}

// ChannelManagerList is a list of ChannelManagers.
//
// +kubebuilder:object:root=true
type ChannelManagerList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the managers.
	Items []ChannelManager `json:"items"`
}
