package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// PartnerType is the way in which a partner does business.
//
// +kubebuilder:validation:Enum=Reseller;Distributor;ServiceProvider;Integrator;Consultant;Technology
type PartnerType string

const (
	// PartnerDistributor sells to other partners, and may be their parent.
	PartnerDistributor PartnerType = "Distributor"
)

// HeldTier is the tier that a partner holds by the last decision that a person recorded.
type HeldTier struct {
	// name is the name of a tier.
	// +required
	Name Name `json:"name,omitempty"`

	// since is the first day on which the partner held it. Evaluations at the end of this day and later ones move the effective tier.
	// +required
	Since Date `json:"since,omitempty"`
}

// Competency is a certificate that one person of the partner holds.
//
// +kubebuilder:validation:XValidation:rule="!has(self.from) || !has(self.through) || self.from <= self.through",message="from must not be after through"
type Competency struct {
	// name is the competency, such as certified-engineer.
	// +required
	Name Name `json:"name,omitempty"`

	// person is the person who holds it; one person counts once per competency.
	// +required
	Person Title `json:"person,omitempty"`

	// from is the first day of the certificate. Absent means that it always was valid.
	// +optional
	From Date `json:"from,omitempty"`

	// through is the last day of the certificate. Absent means that it does not end.
	// +optional
	Through Date `json:"through,omitempty"`

	// territories lists the territories in which the person stands for the competency, where a tier requires it in each. Absent means none of them. At
	// most 64, each once; at most 512 of all competencies together.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	Territories []Name `json:"territories,omitempty"`
}

// Agreement is the contract between vendor and partner.
//
// +kubebuilder:validation:XValidation:rule="!has(self.endsOn) || self.signedOn <= self.endsOn",message="endsOn must not be before signedOn"
type Agreement struct {
	// signedOn is the day on which the agreement was signed.
	// +required
	SignedOn Date `json:"signedOn,omitempty"`

	// endsOn is the last day of the agreement. Absent means that it goes on.
	// +optional
	EndsOn Date `json:"endsOn,omitempty"`
}

// Contact is a person, by name and address.
type Contact struct {
	// name is the person's name.
	// +required
	Name Title `json:"name,omitempty"`

	// email is the person's address.
	// +optional
	// +kubebuilder:validation:MinLength=3
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="self.matches('^[^@\\\\p{Z}\\\\p{C}]+@[^@\\\\p{Z}\\\\p{C}]+$')",message="must be an e-mail address such as ana@example.com"
	Email string `json:"email,omitempty"`
}

// Invoice is an invoice of the vendor to the partner, as far as it matters for the partner's standing.
type Invoice struct {
	// number is the invoice's number.
	// +required
	Number Title `json:"number,omitempty"`

	// dueOn is the last day on which it can be paid in time.
	// +required
	DueOn Date `json:"dueOn,omitempty"`

	// paidOn is the day on which it was paid. Absent means not yet.
	// +optional
	PaidOn Date `json:"paidOn,omitempty"`
}

// PartnerReference names a partner in this or another namespace.
type PartnerReference struct {
	// name is the name of the partner.
	// +required
	Name Name `json:"name,omitempty"`

	// namespace is the namespace of the partner. Absent means this one.
	// +optional
	Namespace Name `json:"namespace,omitempty"`
}

// PartnerSpec is what the vendor records about a partner.
//
// +kubebuilder:validation:XValidation:rule="!has(self.childNamespaces) || has(self.type) && self.type == 'Distributor'",fieldPath=".childNamespaces",message="only a distributor has child namespaces: remove childNamespaces, or set type to Distributor"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.recordedOn) || has(self.recordedOn) && self.recordedOn == oldSelf.recordedOn",fieldPath=".recordedOn",message="recordedOn cannot be changed once it is set: it is the day on which the partner was recorded"
// +kubebuilder:validation:XValidation:rule="!has(self.competencies) || self.competencies.map(c, has(c.territories) ? c.territories.size() : 0).sum() <= 512",fieldPath=".competencies",message="all competencies together may have at most 512 territories: remove those in which no tier requires the competency"
type PartnerSpec struct {
	// programRef names the PartnerProgram that the partner belongs to.
	// +required
	ProgramRef Reference `json:"programRef,omitzero"`

	// displayName is the partner's name for people.
	// +optional
	DisplayName Title `json:"displayName,omitempty"`

	// supplierNumber is the number under which the vendor's finance knows the partner, such as 100234. Bank details stay with finance. Absent means none.
	// +optional
	SupplierNumber PostingCode `json:"supplierNumber,omitempty"`

	// type is Reseller, Distributor, ServiceProvider, Integrator, Consultant or Technology. Absent means Reseller.
	// +optional
	Type PartnerType `json:"type,omitempty"`

	// tier is the tier that the partner holds, and since when. Absent means none.
	// +optional
	Tier *HeldTier `json:"tier,omitempty"`

	// memberSince is the day on which the partner joined the program. It starts the exemption of new partners.
	// +optional
	MemberSince Date `json:"memberSince,omitempty"`

	// recordedOn is the day on which the vendor recorded the partner here, when that is later than memberSince: at most the day on which this object was
	// created. It does not change once it is set. What the partner owes by the rules begins with it: no plan is owed that had to be submitted before,
	// see obligations of the status. Absent means that the partner owes plans since it joined.
	// +optional
	RecordedOn Date `json:"recordedOn,omitempty"`

	// region is the sales region by which roll-ups group, such as dach.
	// +optional
	Region Name `json:"region,omitempty"`

	// territories lists the territories in which the partner sells. At most 64, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	Territories []Name `json:"territories,omitempty"`

	// segments lists the market segments to which the partner sells. At most 32, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	Segments []Name `json:"segments,omitempty"`

	// competencies lists the certificates that people of the partner hold. At most 256.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=256
	Competencies []Competency `json:"competencies,omitempty"`

	// agreement is the contract between vendor and partner.
	// +optional
	Agreement *Agreement `json:"agreement,omitempty"`

	// channelManager is the vendor's person who looks after the partner.
	// +optional
	ChannelManager *Contact `json:"channelManager,omitempty"`

	// managerRef names the ChannelManager that keeps the evidence about who looks after the partner, by a pseudonym such as cam-014. Absent means that the
	// partner counts for nobody.
	// +optional
	ManagerRef *ManagerReference `json:"managerRef,omitempty"`

	// contact is the partner's person who looks after its joint plans.
	// +optional
	Contact *Contact `json:"contact,omitempty"`

	// sharesPractices says that campaigns of the partner that were among the best of their like may be shown to other partners as worth copying: Anonymous
	// (without the partner's name) or Named. Absent means no. What was published before it was taken back stays published.
	// +optional
	SharesPractices PracticeSharing `json:"sharesPractices,omitempty"`

	// parentRef names the distributor through which the partner buys. The distributor must list this partner's namespace in its
	// childNamespaces, unless both are in one namespace.
	// +optional
	ParentRef *PartnerReference `json:"parentRef,omitempty"`

	// childNamespaces lists the namespaces whose partners may name this distributor as their parent. At most 500, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=500
	ChildNamespaces []Name `json:"childNamespaces,omitempty"`

	// invoices lists the vendor's invoices to the partner that are unpaid or were paid late. At most 100, each with its own number.
	// +optional
	// +listType=map
	// +listMapKey=number
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	Invoices []Invoice `json:"invoices,omitempty"`
}

// CriterionVerdict says whether a criterion is met.
//
// +kubebuilder:validation:Enum=Met;NotMet;Unknown
type CriterionVerdict string

const (
	// CriterionMet means that the figure reaches the threshold.
	CriterionMet CriterionVerdict = "Met"
	// CriterionNotMet means that it does not.
	CriterionNotMet CriterionVerdict = "NotMet"
	// CriterionUnknown means that results that could decide it are still missing.
	CriterionUnknown CriterionVerdict = "Unknown"
)

// CriterionResult explains one requirement of one tier as of a day.
type CriterionResult struct {
	// tier is the tier that requires it.
	// +required
	Tier Name `json:"tier,omitempty"`

	// subject is the metric or competency that was looked at; for anyOf, that of its criteria that decides: the best or, where several are required, the
	// weakest of the best.
	// +required
	Subject Name `json:"subject,omitempty"`

	// verdict is Met, NotMet or Unknown.
	// +required
	Verdict CriterionVerdict `json:"verdict,omitempty"`

	// threshold is the figure that is required, such as ">= 300" or, of growth, ">= 12 % growth".
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Threshold string `json:"threshold,omitempty"`

	// found is the figure that was found, in the metric's unit or people; of growth in percent; of a competency in each territory the people of the weakest
	// one. Absent when there is none.
	// +optional
	Found Decimal `json:"found,omitempty"`

	// shortfall is how much is missing, in the same unit. Absent when nothing is.
	// +optional
	Shortfall Decimal `json:"shortfall,omitempty"`

	// window is the span of days that is added up. Absent for levels and competencies.
	// +optional
	Window *DayRange `json:"window,omitempty"`

	// required is how many criteria of anyOf must be met. Absent when it is one.
	// +optional
	// +kubebuilder:validation:Minimum=2
	// +kubebuilder:validation:Maximum=5
	Required int32 `json:"required,omitempty"`

	// met is how many of them are met. Absent when one is enough.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=5
	Met *int32 `json:"met,omitempty"`

	// source is the source of the figure, as in spec.source of a MeasurementSet, or spec.competencies.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Source string `json:"source,omitempty"`

	// message says all this in words.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Message string `json:"message,omitempty"`
}

// TierEvaluation is the outcome of one evaluation day.
type TierEvaluation struct {
	// day is the evaluation day. Its outcome holds from the next day on.
	// +required
	Day Date `json:"day,omitempty"`

	// ruleSet is the name of the rule set that judged.
	// +required
	RuleSet Name `json:"ruleSet,omitempty"`

	// qualified is the highest tier whose requirements were all met; empty for none.
	// +optional
	// +kubebuilder:validation:MinLength=0
	// +kubebuilder:validation:MaxLength=63
	Qualified string `json:"qualified"` //nolint:kubeapilinter // no tier is an answer and is written out

	// effective is the tier that the partner holds from the next day on; empty for none.
	// +optional
	// +kubebuilder:validation:MinLength=0
	// +kubebuilder:validation:MaxLength=63
	Effective string `json:"effective"` //nolint:kubeapilinter // no tier is an answer and is written out

	// outcome is Kept, Promoted, Demoted, HeldInGrace, Exempt, PromotionOnHold, ByDecision or Unknown.
	// +required
	// +kubebuilder:validation:Enum=Kept;Promoted;Demoted;HeldInGrace;Exempt;PromotionOnHold;ByDecision;Unknown
	Outcome string `json:"outcome,omitempty"`

	// message says why.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	Message string `json:"message,omitempty"`
}

// NextTier says what a partner would lack on the next evaluation day for the tier to work for.
type NextTier struct {
	// name is the effective tier while something would be missing for it on that day, and otherwise the next higher tier.
	// +required
	Name Name `json:"name,omitempty"`

	// evaluatedOn is the next evaluation day.
	// +required
	EvaluatedOn Date `json:"evaluatedOn,omitempty"`

	// missing lists in words what would be missing on that day if nothing more were measured or certified.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=12
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=512
	Missing []string `json:"missing,omitempty"`
}

// ObligationState says how far a plan that is owed has come.
//
// +kubebuilder:validation:Enum=Met;MetLate;Submitted;Pending;Overdue
type ObligationState string

const (
	// ObligationMet means that an approved plan covers the interval, and that both parties did their part in time.
	ObligationMet ObligationState = "Met"
	// ObligationMetLate means that an approved plan covers the interval, and that a party was late: late says which, and by how many days.
	ObligationMetLate ObligationState = "MetLate"
	// ObligationSubmitted means that a plan that covers the interval is submitted: the partner has done its part, the vendor decides.
	ObligationSubmitted ObligationState = "Submitted"
	// ObligationPending means that none is submitted yet, and the due day has not passed.
	ObligationPending ObligationState = "Pending"
	// ObligationOverdue means that none is submitted and the due day has passed.
	ObligationOverdue ObligationState = "Overdue"
)

// Lateness says by how many days a party did its part late.
type Lateness struct {
	// party is Partner, which submits the plan, or Vendor, which decides on it.
	// +required
	Party Party `json:"party,omitempty"`

	// days is by how many days it was late.
	// +required
	// +kubebuilder:validation:Minimum=1
	Days int32 `json:"days,omitempty"`
}

// PlanObligation is a plan that the effective tier owes.
type PlanObligation struct {
	// period is the interval, such as "FY2027 H1".
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Period string `json:"period,omitempty"`

	// dueOn is the last day on which the partner can submit the plan in time: dueDaysAfterStart after the first day of the interval, or
	// after the day on which the partner joined, was recorded or came to hold its tier when that is later. After the vendor sent the plan back, it is the last day
	// for another text, if that is later.
	// +required
	DueOn Date `json:"dueOn,omitempty"`

	// state is Met, MetLate, Submitted, Pending or Overdue.
	// +required
	State ObligationState `json:"state,omitempty"`

	// late says which party did its part late, and by how many days: the partner once it has submitted the plan, the vendor once it has decided. Absent
	// when none was.
	// +optional
	// +listType=map
	// +listMapKey=party
	// +kubebuilder:validation:MaxItems=2
	Late []Lateness `json:"late,omitempty"`

	// plan is the name of the plan that covers the interval, approved or not. Absent when none does.
	// +optional
	Plan Name `json:"plan,omitempty"`

	// message says how far the plan has come, who was late and by how many days, and what to do.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	Message string `json:"message,omitempty"`
}

// OwedPlan is what became of a plan that the partner owed for one interval.
type OwedPlan struct {
	// from is the first day of the interval.
	// +required
	From Date `json:"from,omitempty"`

	// through is its last day.
	// +required
	Through Date `json:"through,omitempty"`

	// dueOn is the last day on which the partner could submit the plan in time, before any return of it.
	// +required
	DueOn Date `json:"dueOn,omitempty"`

	// state is Met, MetLate, Submitted, Pending or Overdue.
	// +required
	State ObligationState `json:"state,omitempty"`

	// plan is the name of the plan that covers the interval, approved or not. Absent when none does.
	// +optional
	Plan Name `json:"plan,omitempty"`

	// late says which party did its part late, and by how many days. Absent when none was.
	// +optional
	// +listType=map
	// +listMapKey=party
	// +kubebuilder:validation:MaxItems=2
	Late []Lateness `json:"late,omitempty"`
}

// PartnerBudget is a budget on which the partner may draw, as far as that is the partner's to know: not what it holds.
type PartnerBudget struct {
	// name is the name of the MDFBudget, as requests name it in spec.budgetRef.
	// +required
	Name Name `json:"name,omitempty"`

	// period is the fiscal period in which funded activities start and end, such as "FY2027".
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Period string `json:"period,omitempty"`

	// requestBy is the last day on which a request may be made. Absent means the last day of the period.
	// +optional
	RequestBy Date `json:"requestBy,omitempty"`

	// activities are the types of activity that it funds. Absent means all that the program's catalog gives a rate.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=32
	Activities []ActivityType `json:"activities,omitempty"`

	// limits are the limits that apply to the partner's tier, in words; the first 4.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=4
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=200
	Limits []string `json:"limits,omitempty"`
}

// CauseStatus is a cause that holds now.
type CauseStatus struct {
	// cause is ReviewOverdue, PlanOverdue, DecisionOverdue, LowAttainment, AgreementLapsed or InvoiceOverdue.
	// +required
	Cause StandingCause `json:"cause,omitempty"`

	// about names what the cause is about: a plan, a period or an invoice.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	About string `json:"about,omitempty"`

	// owner is the party that must remove the cause: Vendor or Partner.
	// +required
	Owner Party `json:"owner,omitempty"`

	// since is the first day on which the cause held.
	// +required
	Since Date `json:"since,omitempty"`

	// cureThrough is the last day of the cure period; the day before since when there is neither notice nor cure period.
	// +required
	CureThrough Date `json:"cureThrough,omitempty"`

	// step is how far the consequences have gone: Watch, ReducedRate or Hold.
	// +required
	Step StandingStep `json:"step,omitempty"`

	// message says what holds, what follows when, and what to do.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Message string `json:"message,omitempty"`
}

// StandingStatus is a partner's standing.
type StandingStatus struct {
	// step is the gravest step of all causes: Good, Watch, ReducedRate or Hold.
	// +required
	Step StandingStep `json:"step,omitempty"`

	// ratePercent is the share of the standard rate at which new activities are funded. Absent means all of it.
	// +optional
	RatePercent Percent `json:"ratePercent,omitempty"`

	// reducedSince is the first day on which the rate was reduced by a cause that holds. Absent while it is not, and without maxAmount.
	// +optional
	ReducedSince Date `json:"reducedSince,omitempty"`

	// maxAmount is the most that each budget newly grants since then, in the program's currency. Absent means no limit.
	// +optional
	MaxAmount Decimal `json:"maxAmount,omitempty"`

	// holds lists what is stopped: NewMoney, Promotion or both.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=2
	Holds []HoldScope `json:"holds,omitempty"`

	// causes lists every cause that holds, gravest first; at most 24.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=24
	Causes []CauseStatus `json:"causes,omitempty"`
}

// PlanTotals counts a partner's plans.
type PlanTotals struct {
	// open is the number of plans that are not closed.
	// +required
	// +kubebuilder:validation:Minimum=0
	Open int32 `json:"open"`

	// closed is the number of plans that are closed.
	// +required
	// +kubebuilder:validation:Minimum=0
	Closed int32 `json:"closed"`

	// approved is the number of plans, open or closed, that have a plan of record.
	// +required
	// +kubebuilder:validation:Minimum=0
	Approved int32 `json:"approved"`

	// overdue is the number of plans, open or closed, whose review is overdue.
	// +required
	// +kubebuilder:validation:Minimum=0
	Overdue int32 `json:"overdue"`
}

// PartnerStatus is how a partner stands.
type PartnerStatus struct {
	CommonStatus `json:",inline"`

	// ruleSet is the name of the rule set in force.
	// +optional
	RuleSet Name `json:"ruleSet,omitempty"`

	// effectiveTier is the tier that the partner holds today. Absent means none.
	// +optional
	EffectiveTier Name `json:"effectiveTier,omitempty"`

	// qualifiedTier is the highest tier whose requirements today's figures all meet. Absent means none.
	//
	// Each metric is looked at as of its as-of day: the newest measured day, or the last day of the latest reporting interval whose
	// results are due (reportingLagDays after the end of the metric's reportEvery), whichever is later. So what is not measured is
	// not zero until it is due; then it is. A window ends on that day; a level is the newest one by then. A competency counts the
	// people who hold it today. The requirements are those of the rule set that judges on nextEvaluationOn.
	// +optional
	QualifiedTier Name `json:"qualifiedTier,omitempty"`

	// criteria explain each requirement of each tier with today's figures, highest tier first. The days as of which figures are
	// read are those of qualifiedTier.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=64
	Criteria []CriterionResult `json:"criteria,omitempty"`

	// nextTier says what would be missing on nextEvaluationOn: for the effective tier, or, when nothing is, for the next higher one.
	// Absent when nothing is missing for the highest tier.
	// +optional
	NextTier *NextTier `json:"nextTier,omitempty"`

	// evaluations are the last evaluations, newest first; at most 8.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=8
	Evaluations []TierEvaluation `json:"evaluations,omitempty"`

	// nextEvaluationOn is the next evaluation day; an evaluation day is the next one until it is over.
	// +optional
	NextEvaluationOn Date `json:"nextEvaluationOn,omitempty"`

	// obligations are the plans that the effective tier owes for the current and the next interval; before them, while the partner has submitted no plan
	// for the current one, the intervals that it has let pass without a plan, also under a tier that it has lost: the first 14.
	//
	// An interval that had begun before the partner joined, was recorded or came to hold its tier is not owed when dueDaysAfterStart gives no days from
	// then on, or when they end after it.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=16
	Obligations []PlanObligation `json:"obligations,omitempty"`

	// owedPlans are the plans that the partner owes for the current and the next interval, and owed for earlier ones, newest first; at most 10. Unlike
	// obligations it keeps what was met: what became of a plan is not forgotten when the next one is there.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=10
	OwedPlans []OwedPlan `json:"owedPlans,omitempty"`

	// standing is the partner's standing with its causes.
	// +optional
	Standing *StandingStatus `json:"standing,omitempty"`

	// budgets are the budgets of the program on which the partner may draw for activities of today or later, the first 6 by name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=6
	Budgets []PartnerBudget `json:"budgets,omitempty"`

	// benefits are what the partner has of the benefits of its tier in the current fiscal year and later, by period; at most 16, those that have ended
	// left out first.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +listMapKey=period
	// +kubebuilder:validation:MaxItems=16
	Benefits []BenefitStatus `json:"benefits,omitempty"`

	// incentives says how the rewards of those budgets stand in the interval that is running and in the last one: the first 8, by the last day of the
	// interval, budget and reward.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=8
	Incentives []IncentiveStatus `json:"incentives,omitempty"`

	// decisions is the number of ApprovalDecisions on the partner's plans, those that are gone among them. They outlive it: while there are any,
	// deleting the partner needs the verb purge. Absent when there are none.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Decisions *int32 `json:"decisions,omitempty"`

	// plans counts the partner's plans.
	// +optional
	Plans *PlanTotals `json:"plans,omitempty"`

	// pipeline is what the campaigns of the partner's open plans have brought and cost. Absent when no open plan has campaigns or requests for money.
	// +optional
	Pipeline *PartnerPipeline `json:"pipeline,omitempty"`

	// resellers says which partners that buy through this distributor have a joint plan. Absent when there are none.
	// +optional
	Resellers *ResellerTotals `json:"resellers,omitempty"`

	// ancestors lists the distributors above the partner, nearest first, as namespace/name; at most 5.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=5
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=127
	Ancestors []string `json:"ancestors,omitempty"`
}

// Condition types of Partner.
const (
	// ConditionInGoodStanding says that nothing is taken from the partner for lack of good standing. It is True also while a
	// cause is only watched.
	ConditionInGoodStanding = "InGoodStanding"
	// ConditionTierRequirementsMet says that the partner meets, with today's figures, what its effective tier requires. Figures
	// are read as of the days that qualifiedTier describes.
	ConditionTierRequirementsMet = "TierRequirementsMet"
)

// Condition reasons of Partner besides those of all kinds.
const (
	// ReasonNoCause surfaces on InGoodStanding when there is no cause.
	ReasonNoCause = "NoCause"
	// ReasonWatch surfaces on InGoodStanding, with status True, when a cause holds, in its notice or cure period or without further consequence.
	ReasonWatch = "Watch"
	// ReasonReducedRate surfaces on InGoodStanding when a cause was not cured and the funding rate is reduced.
	ReasonReducedRate = "ReducedRate"
	// ReasonHold surfaces on InGoodStanding when a cause was not cured and new money or promotion is stopped.
	ReasonHold = "Hold"
	// ReasonAllMet surfaces on TierRequirementsMet when every requirement of the effective tier is met.
	ReasonAllMet = "AllMet"
	// ReasonQualifiesHigher surfaces on TierRequirementsMet when the partner meets a higher tier's requirements too.
	ReasonQualifiesHigher = "QualifiesHigher"
	// ReasonShortfall surfaces on TierRequirementsMet when a requirement of the effective tier is not met.
	ReasonShortfall = "Shortfall"
	// ReasonHeldInGrace surfaces on TierRequirementsMet when a requirement was not met at the last evaluation, still is not met, and the
	// tier is held in grace.
	ReasonHeldInGrace = "HeldInGrace"
	// ReasonNoTier surfaces on TierRequirementsMet, with status False, when the partner holds no tier.
	ReasonNoTier = "NoTier"
	// ReasonMissingResults surfaces on a condition, with status Unknown, when results that could decide it are missing and not due yet.
	ReasonMissingResults = "MissingResults"
)

// Partner is a company that sells the vendor's products under a program.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,shortName=ptnr,categories=jmp
// +kubebuilder:selectablefield:JSONPath=`.spec.programRef.name`
// +kubebuilder:printcolumn:name="Act-By",type=string,JSONPath=`.status.nextSteps[0].by`
// +kubebuilder:printcolumn:name="Who",type=string,JSONPath=`.status.nextSteps[0].party`
// +kubebuilder:printcolumn:name="Program",type=string,JSONPath=`.spec.programRef.name`
// +kubebuilder:printcolumn:name="Tier",type=string,JSONPath=`.status.effectiveTier`
// +kubebuilder:printcolumn:name="Qualifies",type=string,JSONPath=`.status.qualifiedTier`
// +kubebuilder:printcolumn:name="Standing",type=string,JSONPath=`.status.standing.step`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Pipeline",type=string,priority=1,JSONPath=`.status.pipeline.pipeline`
// +kubebuilder:printcolumn:name="Revenue",type=string,priority=1,JSONPath=`.status.pipeline.revenue`
// +kubebuilder:printcolumn:name="Currency",type=string,priority=1,JSONPath=`.status.pipeline.currency`
// +kubebuilder:printcolumn:name="Manager",type=string,priority=1,JSONPath=`.spec.channelManager.name`
// +kubebuilder:printcolumn:name="Next",type=string,priority=1,JSONPath=`.status.nextSteps[0].do`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="metadata.name must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit"
type Partner struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is what the vendor records about the partner.
	// +required
	Spec PartnerSpec `json:"spec,omitzero"`

	// status is how the partner stands, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status PartnerStatus `json:"status,omitzero"`
}

// PartnerList is a list of Partners.
//
// +kubebuilder:object:root=true
type PartnerList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the partners.
	Items []Partner `json:"items"`
}
