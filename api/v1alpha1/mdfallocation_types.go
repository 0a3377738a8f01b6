package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// DefaultRequestID is the requestID of an MDFAllocation that states none.
const DefaultRequestID Name = "1"

// ExpectedResult is a result that is expected of a funded activity, or was reached.
type ExpectedResult struct {
	// metric is the metric of the catalogue that counts the result, such as qualified-leads.
	// +required
	Metric Name `json:"metric,omitempty"`

	// value is how much of it, in the metric's unit, such as "25": not negative.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Value Decimal `json:"value,omitempty"`
}

// Contingency makes a grant wait until a goal of the plan has reached a required value, or a share of its target.
//
// +kubebuilder:validation:XValidation:rule="has(self.atLeast) != has(self.attainmentPercent)",message="give exactly one of atLeast and attainmentPercent"
// +kubebuilder:validation:XValidation:rule="!has(self.basis) || has(self.attainmentPercent)",fieldPath=".basis",message="basis says by which target attainmentPercent is meant: remove it, or give attainmentPercent"
// +kubebuilder:validation:XValidation:rule="has(self.asOf) == (has(self.basis) && self.basis == 'AsOf')",fieldPath=".asOf",message="asOf is required for basis AsOf and must be absent otherwise"
type Contingency struct {
	// goal is the name of a goal of the plan of record, with a metric.
	// +required
	Goal Name `json:"goal,omitempty"`

	// atLeast is the measured value, in the goal's unit, such as "100000", that must be reached; where less is better, the value to fall to.
	// +optional
	AtLeast Decimal `json:"atLeast,omitempty"`

	// attainmentPercent is the attainment of the goal that must be reached, in whole percent of its target, such as "85".
	// +optional
	// +kubebuilder:validation:XValidation:rule="self.matches('^[1-9][0-9]*$')",message="must be a whole percentage above zero, such as 85"
	AttainmentPercent Percent `json:"attainmentPercent,omitempty"`

	// basis says whose target attainmentPercent is meant of: Current (the plan of record), Original (the first one) or AsOf (that of the end of a day).
	// Absent means Current.
	// +optional
	Basis TargetBasis `json:"basis,omitempty"`

	// asOf is the cut-off day for basis AsOf: an amendment that is approved after it does not count.
	// +optional
	AsOf Date `json:"asOf,omitempty"`
}

// MDFAllocationSpec is a request for money: for one activity of a plan, or for a reward that was earned under a plan. All of it but withdrawnOn and
// purchaseOrder is what is approved: a change of the date, place or audience, as of anything else, needs a new approval.
//
// +kubebuilder:validation:XValidation:rule="has(self.reward) || has(self.activity)",fieldPath=".activity",reason=FieldValueRequired,message="a request for an activity needs it, one for a reward needs reward instead"
// +kubebuilder:validation:XValidation:rule="has(self.reward) || has(self.startsOn)",fieldPath=".startsOn",reason=FieldValueRequired,message="a request for an activity needs it, one for a reward needs reward instead"
// +kubebuilder:validation:XValidation:rule="has(self.reward) || has(self.endsOn)",fieldPath=".endsOn",reason=FieldValueRequired,message="a request for an activity needs it, one for a reward needs reward instead"
// +kubebuilder:validation:XValidation:rule="has(self.reward) || has(self.cost)",fieldPath=".cost",reason=FieldValueRequired,message="a request for an activity needs it, one for a reward needs reward instead"
// +kubebuilder:validation:XValidation:rule="has(self.reward) || has(self.reimbursementPercent)",fieldPath=".reimbursementPercent",reason=FieldValueRequired,message="a request for an activity needs it, one for a reward needs reward instead"
// +kubebuilder:validation:XValidation:rule="!has(self.reward) || !(has(self.activity) || has(self.startsOn) || has(self.endsOn) || has(self.place) || has(self.audience) || has(self.cost) || has(self.reimbursementPercent) || has(self.expected) || has(self.contingentOn) || has(self.sharedActivity))",fieldPath=".reward",message="a reward has no activity: remove activity, startsOn, endsOn, place, audience, cost, reimbursementPercent, expected, contingentOn and sharedActivity, or remove reward"
// +kubebuilder:validation:XValidation:rule="has(self.reward) == has(oldSelf.reward) && (!has(self.reward) || self.reward == oldSelf.reward)",fieldPath=".reward",message="the reward of a request cannot be changed: create another MDFAllocation"
// +kubebuilder:validation:XValidation:rule="!has(self.startsOn) || !has(self.endsOn) || self.startsOn <= self.endsOn",fieldPath=".endsOn",message="endsOn must not be before startsOn"
// +kubebuilder:validation:XValidation:rule="!has(self.endsOn) || self.endsOn.getFullYear() <= 2197",fieldPath=".endsOn",message="an activity must end by 2197, so that its claims end by 2200"
// +kubebuilder:validation:XValidation:rule="!has(self.cost) || self.amount.currency == self.cost.currency",fieldPath=".amount.currency",message="amount and cost must be in one currency"
// +kubebuilder:validation:XValidation:rule="!self.amount.amount.matches('^0([.]0+)?$')",fieldPath=".amount.amount",message="must be above zero"
// +kubebuilder:validation:XValidation:rule="!has(self.acceptAtLeast) || !self.acceptAtLeast.matches('^[0-9]+([.][0-9]+)?$') || !self.amount.amount.matches('^[0-9]+([.][0-9]+)?$') || double(self.acceptAtLeast) <= double(self.amount.amount)",fieldPath=".acceptAtLeast",message="acceptAtLeast must not be above amount"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.withdrawnOn) || has(self.withdrawnOn) && self.withdrawnOn == oldSelf.withdrawnOn || (has(self.requestID) ? self.requestID : '1') != (has(oldSelf.requestID) ? oldSelf.requestID : '1')",fieldPath=".withdrawnOn",message="a withdrawal cannot be undone: request again with a new requestID"
// +kubebuilder:validation:XValidation:rule="!has(self.resubmittedOn) || has(self.requestedOn) && self.requestedOn <= self.resubmittedOn",fieldPath=".resubmittedOn",message="resubmittedOn needs requestedOn, the day of the first request, and must not be before it"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.requestedBy) || has(self.requestedBy) && self.requestedBy == oldSelf.requestedBy",fieldPath=".requestedBy",message="requestedBy cannot be changed"
// +kubebuilder:validation:XValidation:rule="has(self.attestation) == has(oldSelf.attestation) && (!has(self.attestation) || self.attestation == oldSelf.attestation)",fieldPath=".attestation",message="attestation cannot be changed"
// +kubebuilder:validation:XValidation:rule="!has(self.attestation) || self.attestation.recordedBy != self.requestedBy",fieldPath=".attestation.recordedBy",message="you cannot attest your own request: write it in your own name, without attestation"
type MDFAllocationSpec struct {
	// planRef names the JointPlan, in the same namespace, that includes the activity.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="the plan of a request cannot be changed: create another MDFAllocation"
	PlanRef Reference `json:"planRef,omitzero"`

	// budgetRef names the MDFBudget that is to pay. It is part of what is requested and cannot be changed, so that no request can be granted
	// from two budgets.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="the budget of a request cannot be changed: create another MDFAllocation"
	BudgetRef Reference `json:"budgetRef,omitzero"`

	// requestID tells this request from earlier ones of the same MDFAllocation. What was granted to a requestID and released is never granted
	// to it again: to ask again, set another one. Absent means "1".
	// +optional
	RequestID Name `json:"requestID,omitempty"`

	// requestedBy is the person who asks, by user name. Who asks cannot approve.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="self.matches('^[^\\\\p{Z}\\\\s](.*[^\\\\p{Z}\\\\s])?$') && !self.matches('[\\\\p{C}\\\\p{Zl}\\\\p{Zp}\\\\x{034F}\\\\x{115F}\\\\x{1160}\\\\x{2800}\\\\x{3164}\\\\x{FFA0}]')",message="must be one line of visible text without control, zero-width or text-direction characters, and without spaces at its ends"
	RequestedBy string `json:"requestedBy,omitempty"`

	// attestation says who of the vendor recorded it, and from which document, where the partner has no account. Who recorded it
	// cannot approve it.
	// +optional
	Attestation *Attestation `json:"attestation,omitempty"`

	// requestedOn is the day on which the request is made. Absent means that it is a draft: it is checked, but nothing is granted. Lead times
	// and deadlines are judged by this day; who approves the request vouches for it.
	// +optional
	RequestedOn Date `json:"requestedOn,omitempty"`

	// resubmittedOn is the day on which the request, after it was returned or rejected, was submitted again: requestedOn stays the day on which it was
	// first made. The program's lead time for resubmissions goes by it, and the vendor's days to decide begin with it.
	// +optional
	ResubmittedOn Date `json:"resubmittedOn,omitempty"`

	// reward is the reward that is requested, in place of an activity. It is part of what is requested and cannot be changed. A reward can be requested
	// from the day after its interval on.
	// +optional
	Reward *RewardRequest `json:"reward,omitempty"`

	// activity is the name of an activity of the plan. Money is granted only for activities of the plan of record. Needed unless reward is given.
	// +optional
	Activity Name `json:"activity,omitempty"`

	// startsOn is the first day of the activity. Needed unless reward is given.
	// +optional
	StartsOn Date `json:"startsOn,omitempty"`

	// endsOn is the last day of the activity. Needed unless reward is given.
	// +optional
	EndsOn Date `json:"endsOn,omitempty"`

	// place is where the activity takes place.
	// +optional
	Place Title `json:"place,omitempty"`

	// audience says whom the activity addresses.
	// +optional
	Audience Title `json:"audience,omitempty"`

	// cost is the expected cost of the activity, net of tax and of what others pay: above zero. Needed unless reward is given.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.amount.matches('^0([.]0+)?$')",fieldPath=".amount",message="must be above zero"
	Cost Money `json:"cost,omitzero"` //nolint:kubeapilinter // absent of a request for a reward, which nobody asks for its cost

	// reimbursementPercent is the share of the net eligible cost that the vendor is asked to pay, such as "50". It may be at most the rate of
	// the program's activity, lowered while the partner's standing lowers it. It holds for all claims on the grant, whatever the program says later.
	// Needed unless reward is given.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.matches('^0([.]0+)?$')",message="must be above zero"
	ReimbursementPercent Percent `json:"reimbursementPercent,omitempty"`

	// amount is what is requested: at most that share of the cost, or what is earned of the reward. A request in a currency other than the budget's is converted at the
	// program's exchange rate of the day of its approval, which then holds permanently.
	// +required
	Amount Money `json:"amount,omitzero"`

	// acceptAtLeast is the least part of the amount, in units of its currency, such as "1000.00", that is of use: above zero. Absent means that
	// the request is granted in full or not at all.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-') && !self.matches('^0([.]0+)?$')",message="must be above zero"
	AcceptAtLeast Decimal `json:"acceptAtLeast,omitempty"`

	// priority is the number that orders requests that wait for the same budget, from -100 to 100: a higher one goes first. Absent means 0.
	// +optional
	// +kubebuilder:validation:Minimum=-100
	// +kubebuilder:validation:Maximum=100
	Priority *int32 `json:"priority,omitempty"`

	// expected lists the results that are expected of the activity: at most 10.
	// +optional
	// +listType=map
	// +listMapKey=metric
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=10
	Expected []ExpectedResult `json:"expected,omitempty"`

	// contingentOn lists goals of the plan that must reach a required value before money is granted: at most 4.
	// +optional
	// +listType=map
	// +listMapKey=goal
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=4
	ContingentOn []Contingency `json:"contingentOn,omitempty"`

	// purchaseOrder is the number of the vendor's purchase order, under which finance posts the claims. It is not part of what is approved. Absent means
	// none.
	// +optional
	PurchaseOrder PostingCode `json:"purchaseOrder,omitempty"`

	// sharedActivity names the shared activity of the budget (spec.sharedActivities) that the plan's activity is this partner's part of. What is granted
	// counts toward its amount, and invoices are checked beside those of the other partners. Absent means that it is the partner's own.
	// +optional
	SharedActivity Name `json:"sharedActivity,omitempty"`

	// withdrawnOn is the day on which the partner withdrew the request. What is granted and not claimed is released, permanently.
	// +optional
	WithdrawnOn Date `json:"withdrawnOn,omitempty"`
}

// AllocationStage is where a request is in its life.
//
// +kubebuilder:validation:Enum=Draft;Refused;PendingApproval;Waiting;Granted;Settled;Released;Withdrawn
type AllocationStage string

const (
	// AllocationDraft means that requestedOn is not set, or in the future.
	AllocationDraft AllocationStage = "Draft"
	// AllocationRefused means that a rule of the program or the budget, or an approver, refuses the request as it is.
	AllocationRefused AllocationStage = "Refused"
	// AllocationPendingApproval means that the request keeps all rules and waits for its approval.
	AllocationPendingApproval AllocationStage = "PendingApproval"
	// AllocationWaiting means that the request is approved and waits for money: the budget has too little left, or cannot grant now.
	AllocationWaiting AllocationStage = "Waiting"
	// AllocationGranted means that money is reserved for the request.
	AllocationGranted AllocationStage = "Granted"
	// AllocationSettled means that all that was granted is paid.
	AllocationSettled AllocationStage = "Settled"
	// AllocationReleased means that what was granted and not paid is released.
	AllocationReleased AllocationStage = "Released"
	// AllocationWithdrawn means that the partner withdrew the request.
	AllocationWithdrawn AllocationStage = "Withdrawn"
)

// AllocationApproval is a decision that counts toward the approval of a request or claim.
type AllocationApproval struct {
	// by is the person who decided.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	By string `json:"by,omitempty"`

	// decision is the name of the ApprovalDecision.
	// +required
	Decision Name `json:"decision,omitempty"`

	// decidedTime is the instant of the decision.
	// +required
	// +kubebuilder:validation:XValidation:rule="self.getFullYear() >= 1970",message="must be an instant"
	DecidedTime metav1.Time `json:"decidedTime,omitzero"`
}

// DecisionDue is until when the vendor decides on a request, and who hears of it after that.
type DecisionDue struct {
	// through is the last day on which the vendor decides in time.
	// +required
	Through Date `json:"through,omitempty"`

	// overdueSince is the first day on which the vendor's decision is late. Absent while it is not.
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

// GrantedException is an approval after the activity had begun.
type GrantedException struct {
	// decideThrough is the last day on which the vendor had to decide on the request.
	// +required
	DecideThrough Date `json:"decideThrough,omitempty"`

	// decision is the name of the ApprovalDecision that completed the exception.
	// +required
	Decision Name `json:"decision,omitempty"`

	// reason is what that decision says why.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Reason string `json:"reason,omitempty"`
}

// MDFAllocationStatus is what became of a request.
type MDFAllocationStatus struct {
	CommonStatus `json:",inline"`

	// stage is where the request is in its life: Draft, Refused, PendingApproval, Waiting, Granted, Settled, Released or Withdrawn.
	// +optional
	Stage AllocationStage `json:"stage,omitempty"`

	// reason is why it is there, as the reason of the condition that says it.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Reason string `json:"reason,omitempty"`

	// actBy is the last day on which the next step can be taken: to approve, or to claim. Absent when no day is set.
	// +optional
	ActBy Date `json:"actBy,omitempty"`

	// revision identifies what is requested. An ApprovalDecision names it.
	// +optional
	// +kubebuilder:validation:MaxLength=35
	Revision string `json:"revision,omitempty"` //nolint:kubeapilinter // output

	// requestID is the requestID that this status is about.
	// +optional
	RequestID Name `json:"requestID,omitempty"`

	// requestThrough is the last day on which this activity could be asked for, by its lead time and the budget's deadlines.
	// +optional
	RequestThrough Date `json:"requestThrough,omitempty"`

	// approvals lists the decisions that approved the current revision, by decidedTime; at most 5.
	// +optional
	// +listType=map
	// +listMapKey=by
	// +kubebuilder:validation:MaxItems=5
	Approvals []AllocationApproval `json:"approvals,omitempty"`

	// decisionDue is until when the vendor decides on the request. Absent while it is not the vendor's turn: in a draft, once the vendor has decided, and
	// while the partner has to change something first.
	// +optional
	DecisionDue *DecisionDue `json:"decisionDue,omitempty"`

	// exception says that the request was approved after its activity had begun, because the vendor left it undecided. Absent otherwise.
	// +optional
	Exception *GrantedException `json:"exception,omitempty"`

	// lane is Fast when the request is small enough for the budget's fast lane. Absent otherwise.
	// +optional
	Lane Lane `json:"lane,omitempty"`

	// asked is what is requested, or approved if that is less, in the budget's currency.
	// +optional
	Asked *Money `json:"asked,omitempty"`

	// exchangeRate is the rate at which the request was converted: units of the budget's currency per unit of the request's. Absent when both
	// are the same.
	// +optional
	ExchangeRate Decimal `json:"exchangeRate,omitempty"`

	// granted is what is reserved and settled for the request, by the budget's ledger. Once the rest is released, it is what was settled.
	// +optional
	Granted *Money `json:"granted,omitempty"`

	// reserved is what is granted and not yet paid, by the budget's ledger.
	// +optional
	Reserved *Money `json:"reserved,omitempty"`

	// claimed is what is payable on the claims that are open or accepted, and was paid.
	// +optional
	Claimed *Money `json:"claimed,omitempty"`

	// paid is what is settled, by the budget's ledger.
	// +optional
	Paid *Money `json:"paid,omitempty"`

	// claimThrough is the last day on which a first claim can be received. What is not claimed by then is released.
	// +optional
	ClaimThrough Date `json:"claimThrough,omitempty"`

	// releaseOn is the day from whose first instant on what is not paid is released: after claimThrough, and after the resubmission windows of
	// claims that were sent back. Absent while a claim waits for its decision or payment.
	// +optional
	ReleaseOn Date `json:"releaseOn,omitempty"`
}

// Condition types of MDFAllocation besides Approved.
const (
	// ConditionEligible says that the request meets every rule of the program, the plan and the budget.
	ConditionEligible = "Eligible"
	// ConditionGranted says that money is reserved for the request.
	ConditionGranted = "Granted"
	// ConditionClaimWindowClosing says that money that was granted is not claimed in full and the deadline is near. True is bad news.
	ConditionClaimWindowClosing = "ClaimWindowClosing"
)

// MDFAllocation is a request for market development funds for one activity of a plan, and what became of it.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,shortName=mdfa,categories=jmp
// +kubebuilder:selectablefield:JSONPath=`.spec.planRef.name`
// +kubebuilder:selectablefield:JSONPath=`.spec.budgetRef.name`
// +kubebuilder:printcolumn:name="Act-By",type=string,JSONPath=`.status.nextSteps[0].by`
// +kubebuilder:printcolumn:name="Who",type=string,JSONPath=`.status.nextSteps[0].party`
// +kubebuilder:printcolumn:name="Requested",type=string,JSONPath=`.spec.amount.amount`
// +kubebuilder:printcolumn:name="In",type=string,JSONPath=`.spec.amount.currency`
// +kubebuilder:printcolumn:name="Granted",type=string,JSONPath=`.status.granted.amount`
// +kubebuilder:printcolumn:name="Granted-In",type=string,JSONPath=`.status.granted.currency`
// +kubebuilder:printcolumn:name="Stage",type=string,JSONPath=`.status.stage`
// +kubebuilder:printcolumn:name="Reason",type=string,JSONPath=`.status.reason`
// +kubebuilder:printcolumn:name="Plan",type=string,priority=1,JSONPath=`.spec.planRef.name`
// +kubebuilder:printcolumn:name="Budget",type=string,priority=1,JSONPath=`.spec.budgetRef.name`
// +kubebuilder:printcolumn:name="Paid",type=string,priority=1,JSONPath=`.status.paid.amount`
// +kubebuilder:printcolumn:name="Paid-In",type=string,priority=1,JSONPath=`.status.paid.currency`
// +kubebuilder:printcolumn:name="Attested-By",type=string,priority=1,JSONPath=`.spec.attestation.recordedBy`
// +kubebuilder:printcolumn:name="Next",type=string,priority=1,JSONPath=`.status.nextSteps[0].do`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="metadata.name must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit"
// +kubebuilder:validation:XValidation:rule="(has(self.spec.requestID) ? self.spec.requestID : '1') == (has(oldSelf.spec.requestID) ? oldSelf.spec.requestID : '1') || !has(oldSelf.status) || !has(oldSelf.status.claimed) || !has(oldSelf.status.paid) || oldSelf.status.claimed.amount == oldSelf.status.paid.amount",fieldPath=".spec.requestID",message="requestID cannot be changed while claims on the request wait for their decision or payment, as their money would be released"
type MDFAllocation struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the request.
	// +required
	Spec MDFAllocationSpec `json:"spec,omitzero"`

	// status is what became of the request, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status MDFAllocationStatus `json:"status,omitzero"`
}

// MDFAllocationList is a list of MDFAllocations.
//
// +kubebuilder:object:root=true
type MDFAllocationList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the requests.
	Items []MDFAllocation `json:"items"`
}
