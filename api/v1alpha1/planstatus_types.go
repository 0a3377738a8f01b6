package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// PlanStage is where a plan is in its life.
//
// +kubebuilder:validation:Enum=Draft;PendingApproval;Approved;Active;AwaitingResults;AwaitingClaims;AwaitingReconciliation;Closed
type PlanStage string

const (
	// StageDraft means not submitted, or sent back.
	StageDraft PlanStage = "Draft"
	// StagePendingApproval means submitted and not approved by all parties.
	StagePendingApproval PlanStage = "PendingApproval"
	// StageApproved means approved, and the period has not started.
	StageApproved PlanStage = "Approved"
	// StageActive means approved, and the period runs.
	StageActive PlanStage = "Active"
	// StageAwaitingResults means that the period has ended and results are not due yet, or are missing.
	StageAwaitingResults PlanStage = "AwaitingResults"
	// StageAwaitingClaims means that the period has ended and its results are in or due, while money can still be claimed.
	StageAwaitingClaims PlanStage = "AwaitingClaims"
	// StageAwaitingReconciliation means that all that is past, and that both parties still have to hold the reconciliation that the program asks for.
	StageAwaitingReconciliation PlanStage = "AwaitingReconciliation"
	// StageClosed means that the last results and the last claim window are past, and the reconciliation was held where the program asks for one.
	StageClosed PlanStage = "Closed"
)

// PlanOfRecord is the last fully approved revision of a plan.
type PlanOfRecord struct {
	// revision is the approved revision.
	// +required
	// +kubebuilder:validation:MinLength=35
	// +kubebuilder:validation:MaxLength=35
	Revision string `json:"revision,omitempty"`

	// approvedTime is the instant at which the last party approved it.
	// +required
	ApprovedTime metav1.Time `json:"approvedTime,omitzero"`

	// name is the name of the PlanRevision that keeps its content.
	// +required
	Name Name `json:"name,omitempty"`
}

// PartyApproval says how one party has decided on the current revision.
type PartyApproval struct {
	// party is Vendor or Partner.
	// +required
	Party Party `json:"party,omitempty"`

	// state is Approved, Returned, Rejected or Missing.
	// +required
	// +kubebuilder:validation:Enum=Approved;Returned;Rejected;Missing
	State string `json:"state,omitempty"`

	// decision is the name of the ApprovalDecision. Absent when there is none.
	// +optional
	Decision Name `json:"decision,omitempty"`

	// by is the person who decided.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	By string `json:"by,omitempty"`

	// decidedTime is the instant of the decision.
	// +optional
	DecidedTime *metav1.Time `json:"decidedTime,omitempty"`

	// attestedBy is the person of the vendor who recorded the decision from a document, where the partner has no account. Absent for all others.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	AttestedBy string `json:"attestedBy,omitempty"`
}

// Verdict says how a goal or a plan stands.
//
// +kubebuilder:validation:Enum=OnTrack;AtRisk;OffTrack;Attained;Missed;Unknown
type Verdict string

const (
	// VerdictOnTrack means that the pace reaches onTrackFromPercent.
	VerdictOnTrack Verdict = "OnTrack"
	// VerdictAtRisk means that the pace is between atRiskFromPercent and onTrackFromPercent.
	VerdictAtRisk Verdict = "AtRisk"
	// VerdictOffTrack means that the pace is below atRiskFromPercent.
	VerdictOffTrack Verdict = "OffTrack"
	// VerdictAttained means that the target is reached.
	VerdictAttained Verdict = "Attained"
	// VerdictMissed means that the due day is past, its results are due, and the target is not reached.
	VerdictMissed Verdict = "Missed"
	// VerdictUnknown means that it cannot be judged yet.
	VerdictUnknown Verdict = "Unknown"
)

// GoalStatus is how a goal stands, under the plan of record.
type GoalStatus struct {
	// name is the goal's name.
	// +required
	Name Name `json:"name,omitempty"`

	// verdict is OnTrack, AtRisk, OffTrack, Attained, Missed or Unknown.
	// +required
	Verdict Verdict `json:"verdict,omitempty"`

	// metric is the goal's metric. Absent for a deliverable.
	// +optional
	Metric Name `json:"metric,omitempty"`

	// initiatives are those that the goal serves.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=4
	Initiatives []Name `json:"initiatives,omitempty"`

	// initiativeShares divides the goal among its initiatives, as it states.
	// +optional
	// +listType=map
	// +listMapKey=initiative
	// +kubebuilder:validation:MaxItems=4
	InitiativeShares []InitiativeShare `json:"initiativeShares,omitempty"`

	// resellerResults says whether what is measured holds what the distributor's resellers report of the metric, too, as the goal states it: Included or
	// Separate.
	// +optional
	ResellerResults ResellerResults `json:"resellerResults,omitempty"`

	// weightPercent is the goal's share of the score in percent, rounded down.
	// +optional
	// +kubebuilder:validation:Minimum=0
	WeightPercent *int32 `json:"weightPercent,omitempty"`

	// target is the absolute target in the metric's unit.
	// +optional
	Target Decimal `json:"target,omitempty"`

	// originalTarget is the absolute target of the first approved revision, in the metric's unit, when it differs from target.
	// +optional
	OriginalTarget Decimal `json:"originalTarget,omitempty"`

	// due is the day by whose end the target is to be reached.
	// +optional
	Due Date `json:"due,omitempty"`

	// actual is what was measured through asOf, in the metric's unit. Absent when nothing was.
	// +optional
	Actual Decimal `json:"actual,omitempty"`

	// asOf is the newest measured day, at which actual and expected are compared.
	// +optional
	AsOf Date `json:"asOf,omitempty"`

	// source is the system of record of the measurements.
	// +optional
	Source Name `json:"source,omitempty"`

	// expected is what was expected by asOf, in the metric's unit, rounded down to 2 digits.
	// +optional
	Expected Decimal `json:"expected,omitempty"`

	// attainmentPercent is how much of the target is attained, in percent, before the cap, rounded down.
	// +optional
	AttainmentPercent *int32 `json:"attainmentPercent,omitempty"`

	// pacePercent is the share of the progress expected by asOf that was made, in percent, rounded down. Progress is counted from 0 for a Flow (so this is
	// actual / expected), from the baseline for a Stock: from 24 to 29 where 29.39 was expected is 5 / 5.39. For a Flow that is to decrease it is what
	// was saved against the baseline's rate.
	// +optional
	PacePercent *int32 `json:"pacePercent,omitempty"`

	// forecast is what the result will be if the rest of the period goes as the part so far, rounded down to 2 digits; of a Count to a whole number.
	// +optional
	Forecast Decimal `json:"forecast,omitempty"`

	// message says all this in words.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Message string `json:"message,omitempty"`
}

// SharedTarget is the sum of the targets that several goals have of one metric of behaviour Flow by one day. Each of the goals counts the whole of what is
// measured, so that only the sum says what was promised.
type SharedTarget struct {
	// metric is the name of the metric.
	// +required
	Metric Name `json:"metric,omitempty"`

	// due is the day by whose end the targets are to be reached.
	// +required
	Due Date `json:"due,omitempty"`

	// goals are the names of the goals.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=2
	// +kubebuilder:validation:MaxItems=20
	Goals []Name `json:"goals,omitempty"`

	// target is the sum of their targets, in the metric's unit.
	// +required
	Target Decimal `json:"target,omitempty"`

	// actual is what was measured through asOf, in the metric's unit. Absent when nothing was.
	// +optional
	Actual Decimal `json:"actual,omitempty"`

	// asOf is the day through which it is known, as of the goals.
	// +optional
	AsOf Date `json:"asOf,omitempty"`

	// attainmentPercent is how much of the sum is attained, in percent, rounded down.
	// +optional
	AttainmentPercent *int32 `json:"attainmentPercent,omitempty"`
}

// ScoreStatus is the plan's score: its goals' capped attainments, weighted.
type ScoreStatus struct {
	// state is Final (all results are in or due), Provisional (some goals are unmeasured), Running (all goals are measured, the
	// period goes on), Closed (a gate goal closed it) or Unknown.
	// +required
	// +kubebuilder:validation:Enum=Final;Provisional;Running;Closed;Unknown
	State string `json:"state,omitempty"`

	// percent is the score, rounded down. Unmeasured goals count as zero while it is Provisional.
	// +optional
	Percent *int32 `json:"percent,omitempty"`

	// unmeasuredWeightPercent is the weight of the goals that are not measured yet, rounded down.
	// +optional
	// +kubebuilder:validation:Minimum=0
	UnmeasuredWeightPercent *int32 `json:"unmeasuredWeightPercent,omitempty"`

	// message says all this in words.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Message string `json:"message,omitempty"`
}

// RevisionScore is the plan's score by the goals, weights and targets of one of its approved revisions, whatever replaced them later.
type RevisionScore struct {
	// approvedOn is the day on which the revision was approved.
	// +required
	ApprovedOn Date `json:"approvedOn,omitempty"`

	// state is the state of the score: Final, Provisional, Running, Closed or Unknown.
	// +required
	// +kubebuilder:validation:Enum=Final;Provisional;Running;Closed;Unknown
	State string `json:"state,omitempty"`

	// percent is the score in percent, rounded up to 6 digits after the point, so that thirds add up to the whole. Absent while it is Unknown.
	// +optional
	Percent Decimal `json:"percent,omitempty"`

	// atBestPercent is what the score can still come to, in percent, rounded up to 6 digits: goals whose results are in or due count as they are, the others
	// as much as one goal can count. Absent when the goals cannot be judged.
	// +optional
	AtBestPercent Decimal `json:"atBestPercent,omitempty"`
}

// SlotState says how a review slot stands.
//
// +kubebuilder:validation:Enum=Upcoming;Open;Due;InGrace;Overdue;Recorded;Held;Missed
type SlotState string

const (
	// SlotUpcoming means that a review cannot be held for it yet.
	SlotUpcoming SlotState = "Upcoming"
	// SlotOpen means that a review may be held for it.
	SlotOpen SlotState = "Open"
	// SlotDue means that it is due today.
	SlotDue SlotState = "Due"
	// SlotInGrace means that it is late, within the grace.
	SlotInGrace SlotState = "InGrace"
	// SlotOverdue means that the grace is past.
	SlotOverdue SlotState = "Overdue"
	// SlotRecorded means that the partner recorded a review for it, which counts once the vendor has confirmed it or has not disputed it in time.
	SlotRecorded SlotState = "Recorded"
	// SlotHeld means that a review was held for it.
	SlotHeld SlotState = "Held"
	// SlotMissed means that the next slot fell due before a review was held for it.
	SlotMissed SlotState = "Missed"
)

// ReviewSlot is a day by which a review is due.
type ReviewSlot struct {
	// due is the last day on which the review can be held in time.
	// +required
	Due Date `json:"due,omitempty"`

	// state is Upcoming, Open, Due, InGrace, Overdue, Recorded, Held or Missed.
	// +required
	State SlotState `json:"state,omitempty"`

	// heldOn is the day of the review that was held for it or, of a slot that is Recorded, that the partner recorded for it.
	// +optional
	HeldOn Date `json:"heldOn,omitempty"`

	// daysLate is by how many days that review was late.
	// +optional
	// +kubebuilder:validation:Minimum=1
	DaysLate *int32 `json:"daysLate,omitempty"` //nolint:kubeapilinter // absent is not zero

	// record is the name of the PlanReview by which it is Held or Recorded, or that is disputed.
	// +optional
	Record Name `json:"record,omitempty"`

	// confirmation says what the other party says of that record: Pending, Confirmed, Uncontested, Disputed, Dismissed or, never of one that is shown here,
	// Upheld. A review that the vendor recorded is Held at once, for the partner; as an achievement of the vendor's own people it counts when it is
	// Confirmed, Uncontested or Dismissed.
	// +optional
	Confirmation Confirmation `json:"confirmation,omitempty"`

	// confirmedOn is the day from which on it is Confirmed, Uncontested or Dismissed.
	// +optional
	ConfirmedOn Date `json:"confirmedOn,omitempty"`
}

// ReviewStatus says how the plan's reviews stand.
type ReviewStatus struct {
	// nextDue is the due day of the earliest slot that is neither held nor missed.
	// +optional
	NextDue Date `json:"nextDue,omitempty"`

	// graceThrough is the last day of grace of that slot.
	// +optional
	GraceThrough Date `json:"graceThrough,omitempty"`

	// overdueSince is the first day on which the review was overdue. Absent when it is not.
	// +optional
	OverdueSince Date `json:"overdueSince,omitempty"`

	// escalatedTo is the highest role of the escalation ladder that is reached.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	EscalatedTo string `json:"escalatedTo,omitempty"`

	// escalatedSince is the first day on which that role was reached.
	// +optional
	EscalatedSince Date `json:"escalatedSince,omitempty"`

	// held is the number of slots for which a review was held.
	// +required
	// +kubebuilder:validation:Minimum=0
	Held int32 `json:"held"`

	// heldLate is the number of these for which it was held after the due day.
	// +required
	// +kubebuilder:validation:Minimum=0
	HeldLate int32 `json:"heldLate"`

	// missed is the number of slots for which none was held before the next one fell due.
	// +required
	// +kubebuilder:validation:Minimum=0
	Missed int32 `json:"missed"`

	// graceDays is how many days after its due day a review may be held before it is overdue.
	// +optional
	// +kubebuilder:validation:Minimum=0
	GraceDays *int32 `json:"graceDays,omitempty"`

	// slots are the review slots of the period, in order; at most 24.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=24
	Slots []ReviewSlot `json:"slots,omitempty"`
}

// OpenItem is something that a party still has to do.
type OpenItem struct {
	// kind is Action, Commitment, Deliverable, Confirmation (of what the partner recorded), Dispute (to be resolved) or Risk (that occurred, and on whose
	// contingency its owner decides).
	// +required
	// +kubebuilder:validation:Enum=Action;Commitment;Deliverable;Confirmation;Dispute;Risk
	Kind string `json:"kind,omitempty"`

	// name is the item's name, as spec.progress.done names it; of a Confirmation or Dispute that of the PlanReview.
	// +required
	Name ItemName `json:"name,omitempty"`

	// party is the one that has to do it: Vendor or Partner. Absent when the plan does not say.
	// +optional
	Party Party `json:"party,omitempty"`

	// role is the role that has to do it, of a Dispute.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Role string `json:"role,omitempty"`

	// due is the last day on which it can be done in time; of a Risk the due day of the next review. Absent of a Risk when no review is owed after it.
	// +optional
	Due Date `json:"due,omitempty"`

	// state is Pending or Overdue.
	// +required
	// +kubebuilder:validation:Enum=Pending;Overdue
	State string `json:"state,omitempty"`

	// escalatedTo is the highest role of the escalation ladder of commitments that is reached, of an Action, Commitment or Deliverable that is overdue.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=28
	EscalatedTo string `json:"escalatedTo,omitempty"`
}

// AlignmentStatus says which initiatives the plan serves.
type AlignmentStatus struct {
	// covered lists the initiatives in force that a goal or strategy serves.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	Covered []Name `json:"covered,omitempty"`

	// uncovered lists those that none serves.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	Uncovered []Name `json:"uncovered,omitempty"`
}

// PlanSubmission is a submission of a plan for the vendor's decision.
type PlanSubmission struct {
	// revision is what was submitted.
	// +required
	// +kubebuilder:validation:MinLength=35
	// +kubebuilder:validation:MaxLength=35
	Revision string `json:"revision,omitempty"`

	// decision is the name of the partner's ApprovalDecision that submitted it.
	// +required
	Decision Name `json:"decision,omitempty"`

	// submittedOn is the day of that decision.
	// +required
	SubmittedOn Date `json:"submittedOn,omitempty"`

	// decideThrough is the last day on which the vendor decides in time.
	// +required
	DecideThrough Date `json:"decideThrough,omitempty"`

	// decidedOn is the day on which the vendor decided. Absent while it has not.
	// +optional
	DecidedOn Date `json:"decidedOn,omitempty"`

	// daysLate is by how many days the vendor decided late. Absent while it has not decided, and when it was in time.
	// +optional
	// +kubebuilder:validation:Minimum=1
	DaysLate *int32 `json:"daysLate,omitempty"` //nolint:kubeapilinter // absent is not zero

	// overdueSince is the first day on which the vendor's decision is late. Absent when it is not, and once it has decided.
	// +optional
	OverdueSince Date `json:"overdueSince,omitempty"`

	// escalatedTo is the highest role of the escalation ladder of decisions that is reached.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	EscalatedTo string `json:"escalatedTo,omitempty"`

	// escalatedSince is the first day on which that role was reached.
	// +optional
	EscalatedSince Date `json:"escalatedSince,omitempty"`
}

// JointPlanStatus is how a plan stands.
type JointPlanStatus struct {
	CommonStatus `json:",inline"`

	// revision identifies the current content of the approved part of the spec: "v1:" and 32 hexadecimal digits.
	// +optional
	// +kubebuilder:validation:MinLength=35
	// +kubebuilder:validation:MaxLength=35
	Revision string `json:"revision,omitempty"`

	// stage is where the plan is in its life: Draft, PendingApproval, Approved, Active, AwaitingResults, AwaitingClaims,
	// AwaitingReconciliation or Closed.
	// +optional
	Stage PlanStage `json:"stage,omitempty"`

	// closesOn is the first day on which the plan is Closed: after the last results are due and the last claim window of its activities
	// has passed. Absent while the reconciliation that the program asks for is not held.
	// +optional
	ClosesOn Date `json:"closesOn,omitempty"`

	// ruleSet is the name of the rule set by which the plan is judged: the one in force on the first day of its period.
	// +optional
	RuleSet Name `json:"ruleSet,omitempty"`

	// periodLabel is the period for people, such as "FY2027 H1".
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	PeriodLabel string `json:"periodLabel,omitempty"`

	// period is the first and last day of the period.
	// +optional
	Period *DayRange `json:"period,omitempty"`

	// decisions is the number of ApprovalDecisions on the plan, on whichever of its revisions. They outlive it: while there are any, deleting the plan
	// needs the verb purge. Absent when there are none.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Decisions *int32 `json:"decisions,omitempty"`

	// meetings is the number of PlanReviews of the plan. They outlive it as its decisions do. Absent when there are none.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Meetings *int32 `json:"meetings,omitempty"`

	// planOfRecord is the last fully approved revision, under which the plan is evaluated.
	// +optional
	PlanOfRecord *PlanOfRecord `json:"planOfRecord,omitempty"`

	// approvals say how each party has decided on the current revision.
	// +optional
	// +listType=map
	// +listMapKey=party
	// +kubebuilder:validation:MaxItems=2
	Approvals []PartyApproval `json:"approvals,omitempty"`

	// submission is the last submission of the plan by the partner, and what the vendor made of it. Absent while nothing is submitted, and where the
	// vendor is not asked to approve.
	// +optional
	Submission *PlanSubmission `json:"submission,omitempty"`

	// attainmentPercent is the plan's score in percent, rounded down; score says how it came about.
	// +optional
	AttainmentPercent *int32 `json:"attainmentPercent,omitempty"`

	// pacePercent is the weighted pace of the measured goals in percent, each at least 0, rounded down. It is not capped; condition OnTrack is judged by the
	// weighted pace of the goals with each counted up to goalCapPercent, so that one that is far ahead does not hide another that is behind.
	// +optional
	PacePercent *int32 `json:"pacePercent,omitempty"`

	// score says how attainmentPercent came about.
	// +optional
	Score *ScoreStatus `json:"score,omitempty"`

	// scoresByRevision are the scores by the revisions that the parties approved, in the order of their approval: the first one, and each that changed the
	// goals; the first 6. Results are those of now: only the goals and targets are those of the revision. Absent while none is approved.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=6
	ScoresByRevision []RevisionScore `json:"scoresByRevision,omitempty"`

	// goals say how each goal stands.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=20
	Goals []GoalStatus `json:"goals,omitempty"`

	// sharedTargets are the sums of the targets that several goals have of one metric by one day. Absent when no goals share one.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=10
	SharedTargets []SharedTarget `json:"sharedTargets,omitempty"`

	// reviews say how the review meetings stand.
	// +optional
	Reviews *ReviewStatus `json:"reviews,omitempty"`

	// reconciliation says how the reconciliation stands, with which both parties close the plan. Absent when the program asks for none, and while the plan
	// is not approved.
	// +optional
	Reconciliation *ReconciliationStatus `json:"reconciliation,omitempty"`

	// parties count what each party promised for the plan, and kept: the vendor and the partner side by side.
	// +optional
	// +listType=map
	// +listMapKey=party
	// +kubebuilder:validation:MaxItems=2
	Parties []PartyPromises `json:"parties,omitempty"`

	// timeline says in whose hands the plan was from its first submission on, in order; the last 24 steps.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=24
	Timeline []PlanningStep `json:"timeline,omitempty"`

	// planningDays is the number of days from the first submission of the plan to its first full approval. Absent while it is not approved, and when
	// nobody submitted it.
	// +optional
	// +kubebuilder:validation:Minimum=0
	PlanningDays *int32 `json:"planningDays,omitempty"`

	// openItems are the actions, commitments and deliverables that are still to be done, and the records of meetings that wait for an answer of the
	// vendor or for the end of a dispute, by due day; the first 64.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=64
	OpenItems []OpenItem `json:"openItems,omitempty"`

	// alignment says which initiatives the plan serves.
	// +optional
	Alignment *AlignmentStatus `json:"alignment,omitempty"`

	// campaigns is the number of campaigns under the plan.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Campaigns *int32 `json:"campaigns,omitempty"`

	// pipeline is what the campaigns under the plan have brought and cost, and the market development funds for them. Absent when the plan has neither
	// campaigns nor requests for money.
	// +optional
	Pipeline *PlanPipeline `json:"pipeline,omitempty"`

	// salesPlan says how the joint sales plan stands. Absent when the plan has none.
	// +optional
	SalesPlan *SalesPlanStatus `json:"salesPlan,omitempty"`

	// benefits are what the plan asks for, and has, of each benefit of the tier or that it asks for, by name; the first 12.
	// +optional
	// +listType=map
	// +listMapKey=benefit
	// +kubebuilder:validation:MaxItems=12
	Benefits []PlanBenefit `json:"benefits,omitempty"`

	// unlocks are what the plan opens for the partner: each carrot with how much it is, whether it is open, and by which step; at most 24. Absent once the
	// plan is closed.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=24
	Unlocks []PlanUnlock `json:"unlocks,omitempty"`

	// budget is what the activities are to cost, by who pays, beside what was granted and paid. Absent when no activity has a cost and no money
	// is requested.
	// +optional
	Budget *PlanBudget `json:"budget,omitempty"`
}

// Condition types of JointPlan.
const (
	// ConditionApproved says that the current revision is approved by every party that the program names.
	ConditionApproved = "Approved"
	// ConditionSmart says that every goal is specific, measurable, actionable, realistic and time-bound.
	ConditionSmart = "Smart"
	// ConditionAligned says that every goal and strategy (of a plan), or the campaign itself, serves an initiative in force.
	ConditionAligned = "Aligned"
	// ConditionOnTrack says that the plan's pace reaches what the program calls on track.
	ConditionOnTrack = "OnTrack"
	// ConditionReviewOverdue is True while a review is overdue. Like ResultsStale, its True is the bad news.
	ConditionReviewOverdue = "ReviewOverdue"
	// ConditionResultsStale is True while results that are due are missing.
	ConditionResultsStale = "ResultsStale"
)

// Condition reasons of JointPlan besides those of all kinds.
const (
	// ReasonApproved surfaces on Approved when everyone whose approval is needed has approved the current revision.
	ReasonApproved = "Approved"
	// ReasonDecisionOverdue surfaces on Approved when the vendor has not decided within its days on a plan that the partner submitted, or on a request
	// for money.
	ReasonDecisionOverdue = "DecisionOverdue"
	// ReasonDraft surfaces on Approved when the plan or request is not submitted and nobody has sent it back.
	ReasonDraft = "Draft"
	// ReasonAwaitingDecision surfaces on Approved and Accepted when a party has not decided on the current revision.
	ReasonAwaitingDecision = "AwaitingDecision"
	// ReasonReturned surfaces on Approved and Accepted when a party sent the current revision back.
	ReasonReturned = "Returned"
	// ReasonRejected surfaces on Approved and Accepted when a party rejected the current revision.
	ReasonRejected = "Rejected"
	// ReasonAmendmentPending surfaces on Approved when an earlier revision is the plan of record and the current one is not approved.
	ReasonAmendmentPending = "AmendmentPending"
	// ReasonSmart surfaces on Smart when all five letters hold for all goals.
	ReasonSmart = "Smart"
	// ReasonNotSmart surfaces on Smart when a letter fails for a goal.
	ReasonNotSmart = "NotSmart"
	// ReasonNotJudged surfaces on Smart and Aligned, with status Unknown, when nothing fails and something cannot be judged yet.
	ReasonNotJudged = "NotJudged"
	// ReasonNoGoals surfaces on Smart, Aligned and OnTrack when the plan has no goals.
	ReasonNoGoals = "NoGoals"
	// ReasonAligned surfaces on Aligned when everything serves an initiative in force.
	ReasonAligned = "Aligned"
	// ReasonNotAligned surfaces on Aligned when something serves no initiative in force.
	ReasonNotAligned = "NotAligned"
	// ReasonOnTrack surfaces on OnTrack when the pace reaches onTrackFromPercent.
	ReasonOnTrack = "OnTrack"
	// ReasonAtRisk surfaces on OnTrack when the pace is between atRiskFromPercent and onTrackFromPercent.
	ReasonAtRisk = "AtRisk"
	// ReasonOffTrack surfaces on OnTrack when the pace is below atRiskFromPercent.
	ReasonOffTrack = "OffTrack"
	// ReasonNotStarted surfaces on OnTrack when the period has not started.
	ReasonNotStarted = "NotStarted"
	// ReasonNotMeasured surfaces on OnTrack when no goal is measured yet.
	ReasonNotMeasured = "NotMeasured"
	// ReasonWeightsInvalid surfaces on OnTrack when the goals' weights do not add up to 100.
	ReasonWeightsInvalid = "WeightsInvalid"
	// ReasonUpToDate surfaces on ReviewOverdue, ReconciliationOverdue and ResultsStale when nothing is late.
	ReasonUpToDate = "UpToDate"
	// ReasonReviewDue surfaces on ReviewOverdue when a review is due today.
	ReasonReviewDue = "ReviewDue"
	// ReasonInGrace surfaces on ReviewOverdue when a review is late, within its grace.
	ReasonInGrace = "InGrace"
	// ReasonOverdue surfaces on ReviewOverdue and ReconciliationOverdue when a review is late beyond its grace, or the reconciliation late.
	ReasonOverdue = "Overdue"
	// ReasonEscalated surfaces on ReviewOverdue and ReconciliationOverdue when a step of the escalation ladder is reached.
	ReasonEscalated = "Escalated"
	// ReasonNoReviewsOwed surfaces on ReviewOverdue when the tier owes no reviews, or the plan is not approved yet.
	ReasonNoReviewsOwed = "NoReviewsOwed"
	// ReasonResultsMissing surfaces on ResultsStale when results that are due are missing.
	ReasonResultsMissing = "ResultsMissing"
)
