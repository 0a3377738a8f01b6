package v1alpha1

// RewardStage says whether a reward is for what leads to sales or for what comes of them.
//
// +kubebuilder:validation:Enum=PreSale;PostSale
type RewardStage string

const (
	// RewardPreSale is a reward for what comes before a sale, such as qualified leads, demonstrations or registered deals.
	RewardPreSale RewardStage = "PreSale"
	// RewardPostSale is a reward for what was sold, or came after it, such as revenue or adoption.
	RewardPostSale RewardStage = "PostSale"
)

// RewardKind is the form of a reward.
//
// +kubebuilder:validation:Enum=Rebate;Bonus;Credit
type RewardKind string

const (
	// RewardRebate is a part of what the partner bought or sold that it gets back.
	RewardRebate RewardKind = "Rebate"
	// RewardBonus is an amount for a result that was reached.
	RewardBonus RewardKind = "Bonus"
	// RewardCredit is an amount that is set off against what the partner buys.
	RewardCredit RewardKind = "Credit"
)

// RewardGoal says whether the partner must have named the objective of a reward itself.
//
// +kubebuilder:validation:Enum=Required;Optional
type RewardGoal string

const (
	// RewardGoalRequired asks for a goal with the reward's metric in the plan that was of record when the interval ended.
	RewardGoalRequired RewardGoal = "Required"
	// RewardGoalOptional asks for a plan of record alone.
	RewardGoalOptional RewardGoal = "Optional"
)

// RewardRule is a rebate, bonus or credit that a partner earns by a metric in a fiscal interval, and that the budget pays once the interval is over. It is
// requested, approved, granted, claimed and paid as market development funds are: no plan, no reward.
//
// +kubebuilder:validation:XValidation:rule="has(self.percent) != has(self.steps)",message="give exactly one of percent and steps"
type RewardRule struct {
	// name is the reward's name, by which requests name it, such as growth-rebate.
	// +required
	Name Name `json:"name,omitempty"`

	// title is the reward's name for people, such as "Growth rebate".
	// +optional
	Title Title `json:"title,omitempty"`

	// stage is PreSale (for what leads to sales) or PostSale (for what comes of them).
	// +required
	Stage RewardStage `json:"stage,omitempty"`

	// kind is Rebate, Bonus or Credit.
	// +required
	Kind RewardKind `json:"kind,omitempty"`

	// metric is the metric, measured about the partner, by which it earns: a Flow metric; with unit Currency, in the program's currency, which must be
	// the budget's, where percent is given.
	// +required
	Metric Name `json:"metric,omitempty"`

	// every is the fiscal interval in which it is earned: Month, Quarter, Half or Year. The budget pays for an interval when the day after it is in the
	// budget's period: that of a fiscal year pays for the last quarter of the year before and the first three of its own. It can be claimed through
	// receivedBy of the budget's claims or, without that, through the 90th day after the budget's period.
	// +required
	Every Cadence `json:"every,omitempty"`

	// percent is the share of the metric that is earned, 0 to 1000, such as "2"; the amount is rounded down once per interval.
	// +optional
	Percent Percent `json:"percent,omitempty"`

	// steps is a table of at most 16 thresholds and amounts; the highest threshold that is reached governs.
	// +optional
	// +listType=map
	// +listMapKey=atLeast
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Steps []AccrualStep `json:"steps,omitempty"`

	// tiers lists the effective tiers that may earn it: at most 16. Absent means all partners, also those without a tier.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Tiers []Name `json:"tiers,omitempty"`

	// goal is Required (the plan that was of record when the interval ended must have a goal with this metric: the objective is one that the partner
	// named itself) or Optional. Absent means Required.
	// +optional
	Goal RewardGoal `json:"goal,omitempty"`

	// maximum is the most that is earned in one interval, in units of the budget's currency, such as "5000.00". Absent means no limit.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Maximum Decimal `json:"maximum,omitempty"`
}

// RewardRequest names the reward that a request asks for, and the interval in which it was earned.
type RewardRequest struct {
	// name is the name of a reward of the budget.
	// +required
	Name Name `json:"name,omitempty"`

	// period is the interval in which it was earned: one of those of the reward, such as fiscalYear 2027 and part Q1; a fiscal month by its first and
	// last day.
	// +required
	Period Period `json:"period,omitzero"`
}

// IncentiveState is how a reward stands for a partner.
//
// +kubebuilder:validation:Enum=Open;Locked;AwaitingResults;NotEarned;Earned;Requested;Granted;Paid
type IncentiveState string

const (
	// IncentiveOpen means that the interval is not over: what is earned so far may change.
	IncentiveOpen IncentiveState = "Open"
	// IncentiveLocked means that something is missing without which nothing is granted: why says what, and what to do.
	IncentiveLocked IncentiveState = "Locked"
	// IncentiveAwaitingResults means that the interval is over and its results are not reported through its last day. What is missing is not zero.
	IncentiveAwaitingResults IncentiveState = "AwaitingResults"
	// IncentiveNotEarned means that the interval is over, and what was measured earns nothing.
	IncentiveNotEarned IncentiveState = "NotEarned"
	// IncentiveEarned means that something is earned and not granted: it can be requested, or what was requested waits.
	IncentiveEarned IncentiveState = "Earned"
	// IncentiveRequested means that a request for what is earned waits for its approval or grant.
	IncentiveRequested IncentiveState = "Requested"
	// IncentiveGranted means that all that is earned is granted, and not all of it is paid: it is to be claimed, decided on or paid.
	IncentiveGranted IncentiveState = "Granted"
	// IncentivePaid means that all that is earned is paid.
	IncentivePaid IncentiveState = "Paid"
)

// IncentiveStep is what is missing to earn more.
type IncentiveStep struct {
	// missing is how much more has to be measured, in the metric's unit.
	// +required
	Missing Decimal `json:"missing,omitempty"`

	// earns is what is earned then in all, in units of currency.
	// +required
	Earns Decimal `json:"earns,omitempty"`
}

// IncentiveStatus is how a reward of a budget stands for a partner in one interval.
type IncentiveStatus struct {
	// budget is the name of the MDFBudget that pays it.
	// +required
	Budget Name `json:"budget,omitempty"`

	// reward is its name in the budget.
	// +required
	Reward Name `json:"reward,omitempty"`

	// interval names the interval for people, such as FY2027 Q1.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Interval string `json:"interval,omitempty"`

	// through is the last day of the interval.
	// +required
	Through Date `json:"through,omitempty"`

	// stage is PreSale or PostSale.
	// +optional
	Stage RewardStage `json:"stage,omitempty"`

	// state is Open, Locked, AwaitingResults, NotEarned, Earned, Requested, Granted or Paid.
	// +required
	State IncentiveState `json:"state,omitempty"`

	// why says why it stands so, and what to do.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=300
	Why string `json:"why,omitempty"`

	// metric is the metric by which it is earned.
	// +optional
	Metric Name `json:"metric,omitempty"`

	// measured is what is measured of it in the interval, in the metric's unit. Absent while nothing is.
	// +optional
	Measured Decimal `json:"measured,omitempty"`

	// currency is that of the budget, in which the amounts are.
	// +optional
	Currency CurrencyCode `json:"currency,omitempty"`

	// earned is what is earned by what is measured now, in units of currency. Absent while nothing is measured.
	// +optional
	Earned Decimal `json:"earned,omitempty"`

	// toNext is what is missing to the next step. Absent when there is no higher one, when a percentage is earned, and once the interval is over.
	// +optional
	ToNext *IncentiveStep `json:"toNext,omitempty"`

	// granted is what is reserved and settled of it, in units of currency, by the budget's ledger. Absent while nothing is.
	// +optional
	Granted Decimal `json:"granted,omitempty"`

	// paid is what of it is settled and paid, in units of currency, by the budget's ledger. Absent while nothing is.
	// +optional
	Paid Decimal `json:"paid,omitempty"`
}
