package v1alpha1

// Window is the span of days over which a Flow metric is added up: months that end on the day of the evaluation, or the last whole fiscal interval.
//
// +kubebuilder:validation:XValidation:rule="has(self.trailingMonths) != has(self.lastWhole)",message="give exactly one of trailingMonths and lastWhole"
type Window struct {
	// trailingMonths is the number of months that end with the evaluation day: with 12, (D - 12 months, D]. From 1 to 60.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=60
	TrailingMonths int32 `json:"trailingMonths,omitempty"`

	// lastWhole is the last fiscal interval that has ended by the evaluation day: Month, Quarter, Half or Year.
	// +optional
	LastWhole Cadence `json:"lastWhole,omitempty"`
}

// Criterion compares one figure of a partner with a threshold: a metric, or the number of people who hold a competency.
//
// +kubebuilder:validation:XValidation:rule="has(self.metric) != has(self.competency)",message="give exactly one of metric and competency"
// +kubebuilder:validation:XValidation:rule="has(self.atLeast) != has(self.atMost)",message="give exactly one of atLeast and atMost"
// +kubebuilder:validation:XValidation:rule="!has(self.window) || has(self.metric)",message="window applies to a metric only: remove window"
// +kubebuilder:validation:XValidation:rule="!has(self.growthOver) || has(self.metric)",message="growthOver applies to a metric only: remove growthOver"
// +kubebuilder:validation:XValidation:rule="!has(self.forEach) || has(self.competency)",message="forEach applies to a competency only: remove forEach"
// +kubebuilder:validation:XValidation:rule="!has(self.growthOver) || !has(self.window) || !has(self.window.lastWhole) || self.growthOver.months % (self.window.lastWhole == 'Month' ? 1 : self.window.lastWhole == 'Quarter' ? 3 : self.window.lastWhole == 'Half' ? 6 : 12) == 0",fieldPath=".growthOver",message="months must be whole intervals of window: a multiple of 3 for a Quarter, of 6 for a Half, of 12 for a Year"
type Criterion struct {
	// metric is the name of a metric of the catalogue.
	// +optional
	Metric Name `json:"metric,omitempty"`

	// competency is the name of a competency; the figure is the number of different people who hold it on the evaluation day.
	// +optional
	Competency Name `json:"competency,omitempty"`

	// window is the span over which a Flow metric is added up. Absent means the trailing 12 months.
	// +optional
	Window *Window `json:"window,omitempty"`

	// atLeast is the least figure that meets the criterion, in the metric's unit or people.
	// +optional
	AtLeast Decimal `json:"atLeast,omitempty"`

	// atMost is the greatest figure that meets the criterion, in the metric's unit or people.
	// +optional
	AtMost Decimal `json:"atMost,omitempty"`

	// growthOver compares the figure with that of the same window that number of months before: the threshold and the figure are then the growth in percent of
	// the earlier one, such as "12". Against an earlier window of nothing, or of less, the growth is unknown. Absent means that the figure itself is
	// compared.
	// +optional
	GrowthOver *Growth `json:"growthOver,omitempty"`

	// forEach is Territory: the criterion must hold in each territory of the partner, counting the people who hold the competency there. Absent means for
	// the partner as a whole.
	// +optional
	ForEach ForEach `json:"forEach,omitempty"`
}

// Requirement is a criterion, or several of which some must be met.
//
// +kubebuilder:validation:XValidation:rule="has(self.anyOf) ? !has(self.metric) && !has(self.competency) && !has(self.atLeast) && !has(self.atMost) && !has(self.window) && !has(self.growthOver) && !has(self.forEach) : has(self.metric) != has(self.competency)",message="give either anyOf alone, or exactly one of metric and competency with its threshold"
// +kubebuilder:validation:XValidation:rule="has(self.anyOf) || has(self.atLeast) != has(self.atMost)",message="give exactly one of atLeast and atMost"
// +kubebuilder:validation:XValidation:rule="!has(self.window) || has(self.metric)",message="window applies to a metric only: remove window"
// +kubebuilder:validation:XValidation:rule="!has(self.growthOver) || has(self.metric)",message="growthOver applies to a metric only: remove growthOver"
// +kubebuilder:validation:XValidation:rule="!has(self.forEach) || has(self.competency)",message="forEach applies to a competency only: remove forEach"
// +kubebuilder:validation:XValidation:rule="!has(self.growthOver) || !has(self.window) || !has(self.window.lastWhole) || self.growthOver.months % (self.window.lastWhole == 'Month' ? 1 : self.window.lastWhole == 'Quarter' ? 3 : self.window.lastWhole == 'Half' ? 6 : 12) == 0",fieldPath=".growthOver",message="months must be whole intervals of window: a multiple of 3 for a Quarter, of 6 for a Half, of 12 for a Year"
// +kubebuilder:validation:XValidation:rule="!has(self.required) || has(self.anyOf) && self.required <= self.anyOf.size()",fieldPath=".required",message="required says how many criteria of anyOf must be met: give anyOf at least as many"
type Requirement struct {
	// metric is the name of a metric of the catalogue.
	// +optional
	Metric Name `json:"metric,omitempty"`

	// competency is the name of a competency; the figure is the number of different people who hold it on the evaluation day.
	// +optional
	Competency Name `json:"competency,omitempty"`

	// window is the span over which a Flow metric is added up. Absent means the trailing 12 months.
	// +optional
	Window *Window `json:"window,omitempty"`

	// atLeast is the least figure that meets the requirement, in the metric's unit or people.
	// +optional
	AtLeast Decimal `json:"atLeast,omitempty"`

	// atMost is the greatest figure that meets the requirement, in the metric's unit or people.
	// +optional
	AtMost Decimal `json:"atMost,omitempty"`

	// growthOver compares the figure with that of the same window that number of months before: the threshold and the figure are then the growth in percent of
	// the earlier one, such as "12". Against an earlier window of nothing, or of less, the growth is unknown. Absent means that the figure itself is
	// compared.
	// +optional
	GrowthOver *Growth `json:"growthOver,omitempty"`

	// forEach is Territory: the requirement must hold in each territory of the partner, counting the people who hold the competency there. Absent means for
	// the partner as a whole.
	// +optional
	ForEach ForEach `json:"forEach,omitempty"`

	// anyOf lists criteria of which one must be met, or as many as required says. At most 5.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=2
	// +kubebuilder:validation:MaxItems=5
	AnyOf []Criterion `json:"anyOf,omitempty"` //nolint:kubeapilinter // CEL rules say which fields an entry needs

	// required is how many criteria of anyOf must be met, whichever they are. Absent means 1. From 1 to 5.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=5
	Required int32 `json:"required,omitempty"`
}

// PlanSection is a part of a JointPlan that a tier can require.
//
// +kubebuilder:validation:Enum=Vision;Goals;Strategies;ValueProposition;Activities;Commitments;Risks;SWOT;TargetAccounts;SalesPlan;KickOff
type PlanSection string

// PlanningRule says which plans a tier owes and how often they are reviewed.
type PlanningRule struct {
	// every is the fiscal interval for which a plan is owed: Quarter, Half or Year. A plan for a longer period covers it.
	// +required
	// +kubebuilder:validation:XValidation:rule="self != 'Month'",message="must be Quarter, Half or Year: plans cannot be required monthly"
	Every Cadence `json:"every,omitempty"`

	// dueDaysAfterStart is how many days after the first day of the interval the partner has to have submitted its plan; negative means before it.
	// Absent means 0: the first day. From -180 to 180.
	// +optional
	// +kubebuilder:validation:Minimum=-180
	// +kubebuilder:validation:Maximum=180
	DueDaysAfterStart *int32 `json:"dueDaysAfterStart,omitempty"`

	// reviewEvery is the interval between review meetings: Month or Quarter. Absent means that no reviews are owed.
	// +optional
	// +kubebuilder:validation:XValidation:rule="self in ['Month', 'Quarter']",message="must be Month or Quarter: reviews are required at least once a quarter"
	ReviewEvery Cadence `json:"reviewEvery,omitempty"`

	// reviewOpensDaysAhead is how many days before its due day a review may be held and still count for it. Absent means 10. From 0 to 60.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=60
	ReviewOpensDaysAhead *int32 `json:"reviewOpensDaysAhead,omitempty"`

	// reviewGraceDays is how many days after its due day a review may be late before the plan is ReviewOverdue. Absent means 0. From 0 to 60.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=60
	ReviewGraceDays *int32 `json:"reviewGraceDays,omitempty"`

	// requiredSections lists the sections that a plan of this tier must have: Vision, Goals, Strategies, ValueProposition, Activities, Commitments,
	// Risks, SWOT, TargetAccounts, SalesPlan or KickOff. At most 10, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=10
	RequiredSections []PlanSection `json:"requiredSections,omitempty"`

	// kickOffFunctions are the functions that must be at the kick-off for it to count. Absent means any people of both parties.
	// +optional
	KickOffFunctions *MeetingFunctions `json:"kickOffFunctions,omitempty"`

	// reviewFunctions are the functions that must be at a review, and at the reconciliation, for it to count. Absent means any people of both parties.
	// +optional
	ReviewFunctions *MeetingFunctions `json:"reviewFunctions,omitempty"`
}

// Benefit is something that a tier is entitled to, by quantity.
type Benefit struct {
	// name is an entry of the program's catalogue of benefits, such as se-days.
	// +required
	Name Name `json:"name,omitempty"`

	// quantity is how much of it per fiscal year, in the unit of the catalogue, such as "10".
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Quantity Decimal `json:"quantity,omitempty"`
}

// Tier is a level of the program.
//
// +kubebuilder:validation:XValidation:rule="!has(self.requirements) || self.requirements.map(r, has(r.anyOf) ? r.anyOf.size() : 1).sum() <= 12",fieldPath=".requirements",message="all requirements of a tier together may have at most 12 criteria, those of anyOf counted each"
type Tier struct {
	// name is the tier's name, such as gold.
	// +required
	Name Name `json:"name,omitempty"`

	// title is the tier's name for people.
	// +optional
	Title Title `json:"title,omitempty"`

	// rank orders tiers: a higher rank is a higher tier. No two tiers of a rule set share a rank. From 1 to 100.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=100
	Rank int32 `json:"rank,omitempty"`

	// requirements must all be met to qualify for the tier. Absent means that every partner qualifies. At most 8, with at most 12 criteria together.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Requirements []Requirement `json:"requirements,omitempty"` //nolint:kubeapilinter // CEL rules say which fields an entry needs

	// planning says which plans partners of this tier owe and how often they are reviewed. Absent means none.
	// +optional
	Planning *PlanningRule `json:"planning,omitempty"`

	// activities lists the activity types for which partners of this tier may be funded. Absent means all of the catalogue. At most 20, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=20
	Activities []ActivityType `json:"activities,omitempty"`

	// benefits lists what partners of this tier are entitled to. At most 8, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Benefits []Benefit `json:"benefits,omitempty"`
}

// TierChange says how the effective tier follows qualification.
//
// +kubebuilder:validation:Enum=Automatic;ByDecision
type TierChange string

const (
	// TierChangeAutomatic lets the effective tier follow the evaluations.
	TierChangeAutomatic TierChange = "Automatic"
	// TierChangeByDecision keeps the tier that spec.tier of the partner states until a person changes it.
	TierChangeByDecision TierChange = "ByDecision"
)

// TierPolicy says when tiers are judged and what follows.
type TierPolicy struct {
	// evaluateEvery is the fiscal interval at whose ends tiers are judged: Month, Quarter, Half or Year. Absent means Quarter.
	// +optional
	EvaluateEvery Cadence `json:"evaluateEvery,omitempty"`

	// change is Automatic (the effective tier follows the evaluations) or ByDecision (it stays what spec.tier of the partner
	// states). Absent means Automatic.
	// +optional
	Change TierChange `json:"change,omitempty"`

	// graceEvaluations is the number of successive evaluations below the tier that a partner may have and still keep it. Absent means 0: the first one
	// demotes. From 0 to 7.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=7
	GraceEvaluations *int32 `json:"graceEvaluations,omitempty"`

	// newPartnerExemptMonths is the number of months after memberSince during which a partner is not demoted. Absent means 0. From 0 to 36.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=36
	NewPartnerExemptMonths *int32 `json:"newPartnerExemptMonths,omitempty"`
}

// Scoring holds the thresholds by which plans are judged.
//
// +kubebuilder:validation:XValidation:rule="!has(self.onTrackFromPercent) || !has(self.atRiskFromPercent) || [self.onTrackFromPercent, self.atRiskFromPercent].exists(p, !p.matches('^[0-9]+([.][0-9]+)?$')) || double(self.atRiskFromPercent) <= double(self.onTrackFromPercent)",fieldPath=".atRiskFromPercent",message="atRiskFromPercent must not be above onTrackFromPercent"
type Scoring struct {
	// onTrackFromPercent is the least pace of a plan that is OnTrack. Absent means "95".
	// +optional
	OnTrackFromPercent Percent `json:"onTrackFromPercent,omitempty"`

	// atRiskFromPercent is the least pace of a plan that is AtRisk rather than OffTrack. Absent means "80".
	// +optional
	AtRiskFromPercent Percent `json:"atRiskFromPercent,omitempty"`

	// goalCapPercent is the most that one goal's attainment counts in the plan's score, so that one goal cannot make up for
	// the others without limit. Absent means "100".
	// +optional
	GoalCapPercent Percent `json:"goalCapPercent,omitempty"`

	// forecastMinimumExpectedPercent is the least share of the target that must be expected by the as-of day before a forecast
	// is made. Absent means "10".
	// +optional
	ForecastMinimumExpectedPercent Percent `json:"forecastMinimumExpectedPercent,omitempty"`
}

// ApprovalPolicy says who approves a plan, and within which days.
type ApprovalPolicy struct {
	// parties lists the parties each of which must approve a plan: Vendor, Partner or both. Absent means both. At most 2, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=2
	Parties []Party `json:"parties,omitempty"`

	// decideWithinDays is how many days after its submission the vendor decides: on a plan, and on a request for money after its requestedOn. Absent
	// means 10. From 1 to 366.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=366
	DecideWithinDays *int32 `json:"decideWithinDays,omitempty"` //nolint:kubeapilinter // absent is not zero

	// resubmitWithinDays is how many days after the vendor returned or rejected a plan the partner submits another text. Absent means 10. From 1 to
	// 366.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=366
	ResubmitWithinDays *int32 `json:"resubmitWithinDays,omitempty"` //nolint:kubeapilinter // absent is not zero

	// payWithinDays is how many days after a claim was accepted, or after a valid invoice if that is later, the vendor pays it. A last day that is no business
	// day moves to the next one. Absent means that no day is promised. From 1 to 366.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=366
	PayWithinDays *int32 `json:"payWithinDays,omitempty"` //nolint:kubeapilinter // absent is not zero
}

// RealismBound says what targets of one metric are realistic.
//
// +kubebuilder:validation:XValidation:rule="has(self.maxIncreasePercent) || has(self.minTarget) || has(self.maxTarget)",message="give at least one of maxIncreasePercent, minTarget and maxTarget"
// +kubebuilder:validation:XValidation:rule="!has(self.minTarget) || !has(self.maxTarget) || [self.minTarget, self.maxTarget].exists(d, !d.matches('^-?[0-9]+([.][0-9]+)?$')) || double(self.minTarget) <= double(self.maxTarget)",message="minTarget must not be above maxTarget"
type RealismBound struct {
	// metric is the name of a metric of the catalogue.
	// +required
	Metric Name `json:"metric,omitempty"`

	// tier is the tier to which the bound applies. Absent means all tiers without a bound of their own for the metric.
	// +optional
	Tier Name `json:"tier,omitempty"`

	// maxIncreasePercent is the greatest realistic change against the baseline, in percent of the baseline.
	// +optional
	MaxIncreasePercent Percent `json:"maxIncreasePercent,omitempty"`

	// minTarget is the least target that is worth planning, in the metric's unit.
	// +optional
	MinTarget Decimal `json:"minTarget,omitempty"`

	// maxTarget is the greatest realistic target, in the metric's unit.
	// +optional
	MaxTarget Decimal `json:"maxTarget,omitempty"`
}

// StandingCause is a reason for which a partner loses its good standing.
//
// +kubebuilder:validation:Enum=ReviewOverdue;PlanOverdue;DecisionOverdue;LowAttainment;AgreementLapsed;InvoiceOverdue
type StandingCause string

const (
	// CauseReviewOverdue holds while a plan's review is overdue.
	CauseReviewOverdue StandingCause = "ReviewOverdue"
	// CausePlanOverdue holds while the partner has not submitted a plan that the tier owes past its due day, or, after the vendor sent the plan back, past
	// the last day for another text. It ends with the submission.
	CausePlanOverdue StandingCause = "PlanOverdue"
	// CauseDecisionOverdue holds while the vendor has not decided on a plan that was submitted within its days. It is always the vendor's.
	CauseDecisionOverdue StandingCause = "DecisionOverdue"
	// CauseLowAttainment holds while the last plans that ended were all below a limit.
	CauseLowAttainment StandingCause = "LowAttainment"
	// CauseAgreementLapsed holds while the partner's agreement has ended.
	CauseAgreementLapsed StandingCause = "AgreementLapsed"
	// CauseInvoiceOverdue holds while an invoice of the vendor is unpaid past its due day.
	CauseInvoiceOverdue StandingCause = "InvoiceOverdue"
)

// StandingStep is how far the consequences of a cause have gone.
//
// +kubebuilder:validation:Enum=Good;Watch;ReducedRate;Hold
type StandingStep string

const (
	// StepGood means that there is no cause.
	StepGood StandingStep = "Good"
	// StepWatch means that there is a cause, in its notice or cure period or without further consequence.
	StepWatch StandingStep = "Watch"
	// StepReducedRate lowers the rate at which new activities are funded.
	StepReducedRate StandingStep = "ReducedRate"
	// StepHold stops what the step's holds list.
	StepHold StandingStep = "Hold"
)

// HoldScope is something that a hold stops. Claims on money already granted are never stopped.
//
// +kubebuilder:validation:Enum=NewMoney;Promotion
type HoldScope string

const (
	// HoldNewMoney stops new grants.
	HoldNewMoney HoldScope = "NewMoney"
	// HoldPromotion stops a rise to a higher tier.
	HoldPromotion HoldScope = "Promotion"
)

// StandingConsequence is a step that follows when a cause is not cured.
//
// +kubebuilder:validation:XValidation:rule="self.step == 'ReducedRate' ? has(self.ratePercent) : !has(self.ratePercent)",message="ratePercent is required for step ReducedRate and must be absent otherwise"
// +kubebuilder:validation:XValidation:rule="self.step == 'Hold' ? has(self.holds) : !has(self.holds)",message="holds is required for step Hold and must be absent otherwise"
type StandingConsequence struct {
	// step is ReducedRate or Hold.
	// +required
	// +kubebuilder:validation:XValidation:rule="self in ['ReducedRate', 'Hold']",message="must be ReducedRate or Hold: the other steps are no consequences"
	Step StandingStep `json:"step,omitempty"`

	// afterDays is how many days after the end of the cure period the step begins. Absent means 0: with its end. From 0 to 366.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=366
	AfterDays *int32 `json:"afterDays,omitempty"`

	// ratePercent is the share of the standard rate at which new activities are funded, for step ReducedRate.
	// +optional
	RatePercent Percent `json:"ratePercent,omitempty"`

	// holds lists what is stopped, for step Hold: NewMoney, Promotion or both. At most 2, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=2
	Holds []HoldScope `json:"holds,omitempty"`
}

// StandingRule says what follows from one cause.
//
// +kubebuilder:validation:XValidation:rule="self.cause == 'LowAttainment' ? has(self.attainmentBelowPercent) : !has(self.attainmentBelowPercent) && !has(self.periods)",message="attainmentBelowPercent is required for cause LowAttainment; it and periods must be absent for other causes"
// +kubebuilder:validation:XValidation:rule="self.cause == 'PlanOverdue' ? self.owner == 'Partner' : self.cause != 'DecisionOverdue' || self.owner == 'Vendor'",fieldPath=".owner",message="the partner submits the plan and the vendor decides on it: set owner to Partner for PlanOverdue, to Vendor for DecisionOverdue"
// +kubebuilder:validation:XValidation:rule="self.owner == 'Partner' || !has(self.consequences)",message="a cause that the vendor owns has no consequences for the partner: remove consequences, or set owner to Partner"
type StandingRule struct {
	// cause is ReviewOverdue, PlanOverdue, DecisionOverdue, LowAttainment, AgreementLapsed or InvoiceOverdue.
	// +required
	Cause StandingCause `json:"cause,omitempty"`

	// owner is the party that must remove the cause: Vendor or Partner. What the vendor fails to do is escalated, but never
	// holds the partner's money.
	// +required
	Owner Party `json:"owner,omitempty"`

	// noticeDays is how many days after the cause arose the cure period begins. Absent means 0. From 0 to 366.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=366
	NoticeDays *int32 `json:"noticeDays,omitempty"`

	// cureDays is the length of the cure period in days. Absent means 0. From 0 to 366.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=366
	CureDays *int32 `json:"cureDays,omitempty"`

	// attainmentBelowPercent is the limit below which a plan's final attainment counts as low, for cause LowAttainment.
	// +optional
	AttainmentBelowPercent Percent `json:"attainmentBelowPercent,omitempty"`

	// periods is the number of successive ended plans that must be low, for cause LowAttainment. Absent means 2. From 1 to 8.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=8
	Periods *int32 `json:"periods,omitempty"` //nolint:kubeapilinter // absent is not zero

	// consequences are the steps that follow when the cause is not cured. Absent means that the partner is watched only. At most 2, each with its own
	// step.
	// +optional
	// +listType=map
	// +listMapKey=step
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=2
	Consequences []StandingConsequence `json:"consequences,omitempty"`
}

// EscalationSubject is what a step of escalation is about.
//
// +kubebuilder:validation:Enum=Review;Decision;Payment;Commitment;Reconciliation
type EscalationSubject string

const (
	// EscalateReview is about a review that was not held.
	EscalateReview EscalationSubject = "Review"
	// EscalateDecision is about the vendor's decision on a plan that was submitted, or on a request for money.
	EscalateDecision EscalationSubject = "Decision"
	// EscalatePayment is about an accepted claim that the vendor has not paid.
	EscalatePayment EscalationSubject = "Payment"
	// EscalateCommitment is about a commitment, a deliverable or an action of a meeting that was not done.
	EscalateCommitment EscalationSubject = "Commitment"
	// EscalateReconciliation is about the reconciliation of a plan that was not held.
	EscalateReconciliation EscalationSubject = "Reconciliation"
)

// EscalationStep says who hears of what is overdue, and when.
type EscalationStep struct {
	// about is Review (a review that was not held), Decision (the vendor's decision on a plan that was submitted, or on a request for money), Payment (an
	// accepted claim that the vendor has not paid within payWithinDays), Commitment (a commitment, a deliverable or an action of a meeting that was not
	// done) or Reconciliation (one that was not held within reconcileWithinDays). Absent means Review.
	// +optional
	// +kubebuilder:default=Review
	About EscalationSubject `json:"about,omitempty"`

	// afterDays is how many days after the due day, such as that of the review or the last day to decide, the step is reached. From 1 to 366.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=366
	AfterDays int32 `json:"afterDays,omitempty"`

	// to is the role that hears of it, such as ChannelAccountManager.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=28
	// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Z][A-Za-z0-9]*$')",message="must be a role such as ChannelDirector: letters and digits, the first one a capital letter"
	To string `json:"to,omitempty"`
}

// DisputeRule says who resolves a dispute about the record of a meeting, and by when.
type DisputeRule struct {
	// resolver is the role that resolves disputes, such as ChannelDirector; a person of it has the verb resolve-disputes.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=28
	// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Z][A-Za-z0-9]*$')",message="must be a role such as ChannelDirector: letters and digits, the first one a capital letter"
	Resolver string `json:"resolver,omitempty"`

	// resolveWithinDays is how many business days after the dispute it is to be resolved. Absent means 10. From 1 to 60.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=60
	ResolveWithinDays *int32 `json:"resolveWithinDays,omitempty"` //nolint:kubeapilinter // absent is not zero

	// escalateTo is the role that hears of a dispute that is not resolved by then. Absent means the last step of escalation, or else the resolver.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=28
	// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Z][A-Za-z0-9]*$')",message="must be a role such as ChannelDirector: letters and digits, the first one a capital letter"
	EscalateTo string `json:"escalateTo,omitempty"`
}

// ReviewPolicy says when the record of a meeting counts.
type ReviewPolicy struct {
	// recordWithinDays is how many business days after a meeting its record must be made to count. Absent means 5. From 0 to 60.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=60
	RecordWithinDays *int32 `json:"recordWithinDays,omitempty"`

	// confirmWithinDays is how many business days after the record was made the other party can dispute it. What is not disputed by then is uncontested.
	// Absent means 5. From 1 to 60.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=60
	ConfirmWithinDays *int32 `json:"confirmWithinDays,omitempty"` //nolint:kubeapilinter // absent is not zero

	// reconcileWithinDays is how many days after the last results of a plan are due both parties hold its reconciliation: a meeting after the period that
	// says of each goal whether it was realistic and what was accomplished. Absent means that no reconciliation is owed, and a plan closes without. From
	// 0 to 366.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=366
	ReconcileWithinDays *int32 `json:"reconcileWithinDays,omitempty"`

	// disputes says who resolves disputes, and by when. Absent means the ChannelDirector, within 10 business days.
	// +optional
	Disputes *DisputeRule `json:"disputes,omitempty"`
}

// ValuePropositionRule says what a joint value proposition must be like.
type ValuePropositionRule struct {
	// maxReadingSeconds is the longest time in seconds that reading it may take, at 240 words a minute. Absent means 30. From 1 to 600.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=600
	MaxReadingSeconds *int32 `json:"maxReadingSeconds,omitempty"` //nolint:kubeapilinter // absent is not zero

	// hypeWords lists words that the program does not allow in a value proposition, such as "revolutionary". At most 8, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	HypeWords []Word `json:"hypeWords,omitempty"`
}

// RuleSet is one version of the program's rules.
//
// +kubebuilder:validation:XValidation:rule="!has(self.tiers) || self.tiers.all(a, self.tiers.exists_one(b, b.rank == a.rank))",fieldPath=".tiers",message="each tier needs a rank of its own: no two tiers may share one"
type RuleSet struct {
	// name is the version's name, such as fy27.
	// +required
	Name Name `json:"name,omitempty"`

	// effectiveFrom is the first day on which the rules are in force. Plans are judged by the rules in force on the first day of
	// their period, tiers by those in force on the evaluation day, standing by those in force today.
	// +required
	EffectiveFrom Date `json:"effectiveFrom,omitempty"`

	// tiers are the levels of the program. At most 8, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Tiers []Tier `json:"tiers,omitempty"`

	// tierPolicy says when tiers are judged and what follows.
	// +optional
	TierPolicy *TierPolicy `json:"tierPolicy,omitempty"`

	// scoring holds the thresholds by which plans are judged.
	// +optional
	Scoring *Scoring `json:"scoring,omitempty"`

	// approval says who approves a plan, and within which days.
	// +optional
	Approval *ApprovalPolicy `json:"approval,omitempty"`

	// realism says what targets are realistic. At most 56.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=56
	Realism []RealismBound `json:"realism,omitempty"`

	// valueProposition says what a joint value proposition must be like.
	// +optional
	ValueProposition *ValuePropositionRule `json:"valueProposition,omitempty"`

	// standing says what costs a partner its good standing. Absent means nothing does. At most 6, each with its own cause.
	// +optional
	// +listType=map
	// +listMapKey=cause
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=6
	Standing []StandingRule `json:"standing,omitempty"`

	// reducedMaximum is the most that each budget newly grants a partner in all while its standing reduces the rate, in units of the program's currency, such
	// as "5000.00". The lesser of this and the reduced rate holds. Absent means no limit.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	ReducedMaximum Decimal `json:"reducedMaximum,omitempty"`

	// escalation are the ladders of overdue reviews, decisions, payments, commitments and reconciliations. At most 10, each with its own about and
	// afterDays.
	// +optional
	// +listType=map
	// +listMapKey=about
	// +listMapKey=afterDays
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=10
	Escalation []EscalationStep `json:"escalation,omitempty"`

	// reviews says when the record of a meeting counts, and who resolves disputes about it. Absent means its defaults.
	// +optional
	Reviews *ReviewPolicy `json:"reviews,omitempty"`

	// points says which metrics are computed from the results of others, by weights. Each result counts by the rule set in force on its own day. At most
	// 16, each with its own metric and of.
	// +optional
	// +listType=map
	// +listMapKey=metric
	// +listMapKey=of
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Points []PointsRule `json:"points,omitempty"`
}
