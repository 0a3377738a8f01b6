package v1alpha1

// TargetMode says how a target's value is meant.
//
// +kubebuilder:validation:Enum=Absolute;IncreaseBy;IncreaseByPercent;DecreaseBy;DecreaseByPercent
type TargetMode string

const (
	// TargetAbsolute means that value is the target itself.
	TargetAbsolute TargetMode = "Absolute"
	// TargetIncreaseBy means baseline + value.
	TargetIncreaseBy TargetMode = "IncreaseBy"
	// TargetIncreaseByPercent means baseline x (100 + value) / 100.
	TargetIncreaseByPercent TargetMode = "IncreaseByPercent"
	// TargetDecreaseBy means baseline - value.
	TargetDecreaseBy TargetMode = "DecreaseBy"
	// TargetDecreaseByPercent means baseline x (100 - value) / 100.
	TargetDecreaseByPercent TargetMode = "DecreaseByPercent"
)

// Target is what a goal wants to reach.
//
// +kubebuilder:validation:XValidation:rule="!self.value.startsWith('-')",message="value must not be negative: say DecreaseBy or DecreaseByPercent for a decrease"
// +kubebuilder:validation:XValidation:rule="self.mode == 'Absolute' || self.value.matches('[1-9]')",message="value of a relative target must be greater than zero"
// +kubebuilder:validation:XValidation:rule="self.mode != 'DecreaseByPercent' || !self.value.matches('^[0-9]+([.][0-9]+)?$') || double(self.value) <= 100.0",fieldPath=".value",message="a decrease by more than 100 percent would end below zero: value must be at most 100"
type Target struct {
	// mode is Absolute, IncreaseBy, IncreaseByPercent, DecreaseBy or DecreaseByPercent. All but Absolute are relative to the
	// goal's baseline.
	// +required
	Mode TargetMode `json:"mode,omitempty"`

	// value is the target, or the change against the baseline: in the metric's unit, or in percent of the baseline.
	// +required
	Value Decimal `json:"value,omitempty"`

	// unit states the unit for readers: Count, Currency, Percent or Days. It must be the metric's: nothing is converted.
	// +optional
	Unit MetricUnit `json:"unit,omitempty"`
}

// Milestone is a point on the way to a goal's target. Milestones shape the expected pace.
type Milestone struct {
	// day is the day by whose end the value is expected.
	// +required
	Day Date `json:"day,omitempty"`

	// value is what is expected to be reached by then, in the metric's unit.
	// +required
	Value Decimal `json:"value,omitempty"`
}

// ResellerResults says whether a distributor's results hold those of its resellers.
//
// +kubebuilder:validation:Enum=Included;Separate
type ResellerResults string

const (
	// ResellerResultsIncluded means that they are in the distributor's results.
	ResellerResultsIncluded ResellerResults = "Included"
	// ResellerResultsSeparate means that they are counted for the resellers alone.
	ResellerResultsSeparate ResellerResults = "Separate"
)

// InitiativeShare is the share of a goal that serves one of its initiatives.
type InitiativeShare struct {
	// initiative is one of the goal's initiatives.
	// +required
	Initiative Name `json:"initiative,omitempty"`

	// percent is its share in percent: 1 to 100. The shares of a goal make 100.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=100
	Percent int32 `json:"percent,omitempty"`
}

// Goal is something that the plan wants to reach: a number (metric and target), or a thing done by a date (deliverable).
//
// +kubebuilder:validation:XValidation:rule="!has(self.initiativeShares) || has(self.initiatives) && self.initiativeShares.all(s, s.initiative in self.initiatives) && self.initiativeShares.map(s, s.percent).sum() == 100",fieldPath=".initiativeShares",message="the shares must be of the goal's initiatives and make 100 percent in all"
// +kubebuilder:validation:XValidation:rule="has(self.metric) != has(self.deliverable)",message="give either metric (with target) or deliverable"
// +kubebuilder:validation:XValidation:rule="has(self.metric) == has(self.target)",message="metric and target go together: add the one that is missing, or remove the other"
// +kubebuilder:validation:XValidation:rule="!has(self.target) || self.target.mode == 'Absolute' || has(self.baseline)",message="a relative target needs a baseline: add baseline, or use mode Absolute",fieldPath=".baseline",reason="FieldValueRequired"
// +kubebuilder:validation:XValidation:rule="has(self.metric) || (!has(self.baseline) && !has(self.milestones))",message="baseline and milestones need a metric: add metric and target, or remove them"
type Goal struct {
	// name is the goal's name within the plan.
	// +required
	Name Name `json:"name,omitempty"`

	// title is the goal's name for people.
	// +optional
	Title Title `json:"title,omitempty"`

	// metric is the name of a metric of the program's catalogue.
	// +optional
	Metric Name `json:"metric,omitempty"`

	// deliverable says what is to be done by the due day, for a goal without a number. It is attained when spec.progress.done
	// names the goal.
	// +optional
	Deliverable Note `json:"deliverable,omitempty"`

	// initiatives lists the program's initiatives that the goal serves. At most 4, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=4
	Initiatives []Name `json:"initiatives,omitempty"`

	// initiativeShares divides the goal among its initiatives, where it serves several: a ProgramReport adds target, result and forecast to each by its share.
	// Absent means that they are not divided, and count under "(several)". At most 4, each initiative once.
	// +optional
	// +listType=map
	// +listMapKey=initiative
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=4
	InitiativeShares []InitiativeShare `json:"initiativeShares,omitempty"`

	// owner is the party that answers for the goal: Vendor or Partner.
	// +optional
	Owner Party `json:"owner,omitempty"`

	// baseline is the metric's value before the plan, in the metric's unit: the starting point of a relative target and of a Stock.
	// +optional
	Baseline Decimal `json:"baseline,omitempty"`

	// target is what is to be reached.
	// +optional
	Target *Target `json:"target,omitempty"`

	// due is the day by whose end the target is to be reached. Absent means the last day of the period.
	// +optional
	Due Date `json:"due,omitempty"`

	// weightPercent is the goal's share of the plan's score. The weights of all goals make 100; when no goal states one, all
	// weigh the same.
	// +optional
	WeightPercent Percent `json:"weightPercent,omitempty"`

	// gatePercent is the least attainment of this goal for the plan to score at all; below it the plan's score is 0 once the goal is due.
	// +optional
	GatePercent Percent `json:"gatePercent,omitempty"`

	// milestones are points toward the target, which shape the expected pace. At most 16, each with its own day.
	// +optional
	// +listType=map
	// +listMapKey=day
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Milestones []Milestone `json:"milestones,omitempty"`

	// resellerResults says of a goal of a distributor whether what is measured for it holds what its resellers report of the metric, too: Included or
	// Separate. When it is Included, the resellers' own goals of the metric count no second time in a ProgramReport. Absent means Separate.
	// +optional
	ResellerResults ResellerResults `json:"resellerResults,omitempty"`
}

// Strategy says how the plan will reach its goals.
type Strategy struct {
	// name is the strategy's name within the plan.
	// +required
	Name Name `json:"name,omitempty"`

	// description says what the strategy is.
	// +optional
	Description Note `json:"description,omitempty"`

	// initiatives lists the program's initiatives that the strategy serves; a strategy without one is a finding. At most 4, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=4
	Initiatives []Name `json:"initiatives,omitempty"`
}

// ValueProposition says why a customer should buy from vendor and partner together.
type ValueProposition struct {
	// relevant says which problem of the customer is solved.
	// +required
	Relevant Text `json:"relevant,omitempty"`

	// quantified says what the customer gains, with a number.
	// +required
	Quantified Text `json:"quantified,omitempty"`

	// differentiated says why no one else can offer it.
	// +required
	Differentiated Text `json:"differentiated,omitempty"`
}

// PlannedActivity is a marketing activity that the plan includes. Money is granted only for activities of the plan of record.
//
// +kubebuilder:validation:XValidation:rule="!has(self.from) || !has(self.through) || self.from <= self.through",message="from must not be after through"
// +kubebuilder:validation:XValidation:rule="!has(self.funding) || has(self.cost)",message="funding needs a cost: add cost, or remove funding",fieldPath=".cost",reason="FieldValueRequired"
type PlannedActivity struct {
	// name is the activity's name within the plan.
	// +required
	Name Name `json:"name,omitempty"`

	// type is an entry of the program's activity catalogue, such as Webinar.
	// +required
	Type ActivityType `json:"type,omitempty"`

	// initiatives lists the program's initiatives that the activity serves. At most 4, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=4
	Initiatives []Name `json:"initiatives,omitempty"`

	// from is the first day on which the activity may take place. Absent means the first day of the period.
	// +optional
	From Date `json:"from,omitempty"`

	// through is the last day on which the activity may take place. Absent means the last day of the period.
	// +optional
	Through Date `json:"through,omitempty"`

	// cost is the expected net cost.
	// +optional
	Cost *Money `json:"cost,omitempty"`

	// funding says who pays how much of the cost: Vendor, Partner or ThirdParty. Absent means that the vendor pays the rate of the activity's type and the
	// partner the rest. At most 3, each funder once.
	// +optional
	// +listType=map
	// +listMapKey=funder
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=3
	Funding []ActivityFunding `json:"funding,omitempty"`
}

// Commitment is something that one party promises to do.
type Commitment struct {
	// name is the commitment's name within the plan.
	// +required
	Name Name `json:"name,omitempty"`

	// party is the one that promises: Vendor or Partner.
	// +required
	Party Party `json:"party,omitempty"`

	// description says what is promised.
	// +required
	Description Note `json:"description,omitempty"`

	// goals lists the goals of the plan that the commitment serves. At most 8, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Goals []Name `json:"goals,omitempty"`

	// due is the day by whose end it is to be done. Absent means the last day of the period.
	// +optional
	Due Date `json:"due,omitempty"`

	// about is ResellerPlanning for support of a distributor in planning with its own resellers. Absent means the plan itself.
	// +optional
	About CommitmentSubject `json:"about,omitempty"`
}

// Risk is something that could keep the plan from its goals, and what is done then.
type Risk struct {
	// name is the risk's name within the plan.
	// +required
	Name Name `json:"name,omitempty"`

	// description says what could happen.
	// +required
	Description Note `json:"description,omitempty"`

	// trigger says how one sees that it has happened.
	// +optional
	Trigger Note `json:"trigger,omitempty"`

	// contingency says what is done then.
	// +optional
	Contingency Note `json:"contingency,omitempty"`

	// owner is the party that watches the risk and decides on the contingency: Vendor or Partner.
	// +optional
	Owner Party `json:"owner,omitempty"`
}

// SWOT lists strengths, weaknesses, opportunities and threats of the partnership.
type SWOT struct {
	// strengths lists what the partnership is good at. At most 10.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=10
	Strengths []Title `json:"strengths,omitempty"`

	// weaknesses lists what it lacks. At most 10.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=10
	Weaknesses []Title `json:"weaknesses,omitempty"`

	// opportunities lists what it could use. At most 10.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=10
	Opportunities []Title `json:"opportunities,omitempty"`

	// threats lists what endangers it. At most 10.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=10
	Threats []Title `json:"threats,omitempty"`
}

// TargetAccount is a customer whom both parties pursue, with an owner on each side.
type TargetAccount struct {
	// name is the customer's name.
	// +required
	Name Title `json:"name,omitempty"`

	// vendorOwner is the vendor's person for the account.
	// +optional
	VendorOwner Person `json:"vendorOwner,omitempty"`

	// partnerOwner is the partner's person for the account.
	// +optional
	PartnerOwner Person `json:"partnerOwner,omitempty"`
}

// PlanTerms is the part of a plan that is approved. Its normalised content is what status.revision is computed from.
type PlanTerms struct {
	// partnerRef names the Partner whose plan this is, in the same namespace.
	// +required
	PartnerRef Reference `json:"partnerRef,omitzero"`

	// period is the fiscal period of the plan.
	// +required
	Period Period `json:"period,omitzero"`

	// segment is the market segment of the plan; it chooses the season curve.
	// +optional
	Segment Name `json:"segment,omitempty"`

	// vision says in a few sentences what vendor and partner want to become together.
	// +optional
	Vision Text `json:"vision,omitempty"`

	// swot lists strengths, weaknesses, opportunities and threats.
	// +optional
	SWOT *SWOT `json:"swot,omitempty"`

	// goals are what the plan wants to reach. At most 20, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=20
	Goals []Goal `json:"goals,omitempty"`

	// strategies say how. At most 16, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Strategies []Strategy `json:"strategies,omitempty"`

	// valueProposition says why a customer should buy from both together.
	// +optional
	ValueProposition *ValueProposition `json:"valueProposition,omitempty"`

	// activities are the marketing activities that the plan includes. At most 50, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=50
	Activities []PlannedActivity `json:"activities,omitempty"`

	// commitments are what each party promises to do. At most 24, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=24
	Commitments []Commitment `json:"commitments,omitempty"`

	// risks are what could keep the plan from its goals. At most 12, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=12
	Risks []Risk `json:"risks,omitempty"`

	// targetAccounts are the customers whom both parties pursue. At most 50, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=50
	TargetAccounts []TargetAccount `json:"targetAccounts,omitempty"`

	// salesPlan is the joint sales plan: goals and forecast by fiscal quarter, when an opportunity counts, and the rates that are expected.
	// +optional
	SalesPlan *SalesPlan `json:"salesPlan,omitempty"`

	// benefitRequests ask for benefits of the tier, each for a goal or an activity. At most 16, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	BenefitRequests []BenefitRequest `json:"benefitRequests,omitempty"`
}
