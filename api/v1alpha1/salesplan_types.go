package v1alpha1

// SalesPlan is the joint sales plan: goals and forecast by fiscal quarter, when an opportunity counts as qualified, and how many are expected to be won.
//
// +kubebuilder:validation:MinProperties=1
type SalesPlan struct {
	// qualification says when an opportunity counts as qualified, so that both parties count the same.
	// +optional
	Qualification Text `json:"qualification,omitempty"`

	// quarters say what each goal is to reach in each fiscal quarter of the period. At most 32; each goal has one entry a quarter.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	Quarters []SalesQuarter `json:"quarters,omitempty"`

	// stages are the stages of the sales process, in order, with the share that is expected to go on from one to the next. At most 8, each with its own
	// name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Stages []SalesStage `json:"stages,omitempty"`

	// expectedWinRatePercent is the share of opportunities that is expected to be won: wins / opportunities. From 0 to 100.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.matches('^[0-9]+([.][0-9]+)?$') || double(self) <= 100.0",message="no more than all opportunities can be won: write at most 100"
	ExpectedWinRatePercent Percent `json:"expectedWinRatePercent,omitempty"`
}

// FiscalQuarter is a quarter of a fiscal year.
//
// +kubebuilder:validation:Enum=Q1;Q2;Q3;Q4
type FiscalQuarter string

// SalesQuarter is what a goal is to reach in a fiscal quarter.
//
// +kubebuilder:validation:XValidation:rule="has(self.quarter) != has(self.from)",message="give either quarter, or both from and through"
// +kubebuilder:validation:XValidation:rule="has(self.from) == has(self.through)",message="from and through go together: add the one that is missing, or remove the other"
// +kubebuilder:validation:XValidation:rule="!has(self.from) || !has(self.through) || self.from <= self.through",message="from must not be after through"
type SalesQuarter struct {
	// goal is the name of a goal of the plan that has a metric.
	// +required
	Goal Name `json:"goal,omitempty"`

	// quarter is the fiscal quarter of the plan's period: Q1, Q2, Q3 or Q4.
	// +optional
	Quarter FiscalQuarter `json:"quarter,omitempty"`

	// from is the first day, for a period that is not made of fiscal quarters.
	// +optional
	From Date `json:"from,omitempty"`

	// through is the last day, for a period that is not made of fiscal quarters.
	// +optional
	Through Date `json:"through,omitempty"`

	// target is what the goal is to reach in the quarter, in the metric's unit: of a Flow what is added in it, of a Stock the level at its end. The
	// targets of a Flow add up to the goal's target; the last one of a Stock is the goal's target.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Target Decimal `json:"target,omitempty"`

	// forecast is what both parties expect by their own judgement, in the metric's unit. Absent means that they say nothing besides the target.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Forecast Decimal `json:"forecast,omitempty"`
}

// SalesStage is a stage of the sales process.
type SalesStage struct {
	// name is the stage's name within the plan, such as qualified.
	// +required
	Name Name `json:"name,omitempty"`

	// metric is the metric of the catalogue that counts what has reached the stage, such as opportunities. Absent means that the stage is not measured.
	// +optional
	Metric Name `json:"metric,omitempty"`

	// expectedRatePercent is the share of what reached the stage before that is expected to reach this one. Absent says nothing; the first stage has none.
	// From 0 to 100.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.matches('^[0-9]+([.][0-9]+)?$') || double(self) <= 100.0",message="no more than all of the stage before can go on: write at most 100"
	ExpectedRatePercent Percent `json:"expectedRatePercent,omitempty"`
}

// SalesPlanStatus says how the joint sales plan stands.
type SalesPlanStatus struct {
	// quarters say what each goal has reached in each quarter, by day and then by goal.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=32
	Quarters []SalesQuarterStatus `json:"quarters,omitempty"`

	// stages say what has reached each stage, in the order of the plan.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=8
	Stages []SalesStageStatus `json:"stages,omitempty"`

	// winRate is how many opportunities were won. Absent while the plan expects no rate and none is measured.
	// +optional
	WinRate *SalesWinRate `json:"winRate,omitempty"`
}

// SalesQuarterStatus is what a goal has reached in a quarter.
type SalesQuarterStatus struct {
	// goal is the name of the goal.
	// +required
	Goal Name `json:"goal,omitempty"`

	// label is the quarter for people, such as "FY2027 Q1".
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Label string `json:"label,omitempty"`

	// from is the first day.
	// +required
	From Date `json:"from,omitempty"`

	// through is the last day.
	// +required
	Through Date `json:"through,omitempty"`

	// target is what is to be reached, in the metric's unit.
	// +required
	Target Decimal `json:"target,omitempty"`

	// actual is what was measured on days of the quarter, in the metric's unit, as the goal's own actual is: of a Stock the newest level. Absent when nothing was measured.
	// +optional
	Actual Decimal `json:"actual,omitempty"`

	// asOf is the newest measured day of the quarter. Absent when nothing was measured.
	// +optional
	AsOf Date `json:"asOf,omitempty"`

	// attainmentPercent is actual / target in percent, rounded down. Absent when nothing was measured, when the target is zero, for a Stock and where less
	// is better.
	// +optional
	AttainmentPercent *int32 `json:"attainmentPercent,omitempty"`

	// forecast is what the quarter comes to, in the metric's unit, if each day to come brings as much as each day so far: actual x days of the quarter / days through
	// asOf. Absent when nothing was measured, and for a Stock.
	// +optional
	Forecast Decimal `json:"forecast,omitempty"`

	// statedForecast is the forecast that the plan states, in the metric's unit.
	// +optional
	StatedForecast Decimal `json:"statedForecast,omitempty"`
}

// SalesStageStatus is what has reached a stage.
type SalesStageStatus struct {
	// name is the name of the stage.
	// +required
	Name Name `json:"name,omitempty"`

	// actual is what was measured in the period so far, in the metric's unit. Absent when nothing was measured.
	// +optional
	Actual Decimal `json:"actual,omitempty"`

	// measuredOn says whose results these are: JointPlan where the plan has figures of its own, else Campaign (the sum of its campaigns), else Partner.
	// +optional
	MeasuredOn SubjectKind `json:"measuredOn,omitempty"`

	// expectedRatePercent is the rate that the plan expects.
	// +optional
	ExpectedRatePercent Percent `json:"expectedRatePercent,omitempty"`

	// actualRatePercent is actual / actual of the stage before in percent, rounded down. Absent for the first stage, when either is not measured or
	// measured on another kind of subject, when their units differ, and when the stage before is not above zero.
	// +optional
	ActualRatePercent *int32 `json:"actualRatePercent,omitempty"`
}

// SalesWinRate is how many opportunities were won.
type SalesWinRate struct {
	// opportunities is the number of opportunities measured in the period so far, by the metric with role Opportunities.
	// +optional
	Opportunities Decimal `json:"opportunities,omitempty"`

	// wins is the number of those won, by the metric with role Wins.
	// +optional
	Wins Decimal `json:"wins,omitempty"`

	// expectedPercent is the rate that the plan expects.
	// +optional
	ExpectedPercent Percent `json:"expectedPercent,omitempty"`

	// actualPercent is wins / opportunities in percent, rounded down. Absent when either is not measured, when one is the plan's and the other its
	// campaigns', and without opportunities.
	// +optional
	ActualPercent *int32 `json:"actualPercent,omitempty"`

	// message says why actualPercent is absent. Absent when it is not.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	Message string `json:"message,omitempty"`
}
