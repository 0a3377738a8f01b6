package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// BenchmarkMeasure is what a benchmark compares.
//
// +kubebuilder:validation:Enum=CostPerLead;LeadToOpportunityPercent;DaysToFirstResult;AttainmentPercent;GrowthAskedPercent;GrowthReachedPercent;MonthlyRevenue
type BenchmarkMeasure string

const (
	// MeasureCostPerLead is what one qualified lead of a completed campaign has cost, in the program's currency: less is better.
	MeasureCostPerLead BenchmarkMeasure = "CostPerLead"
	// MeasureLeadToOpportunityPercent is the share of a completed campaign's leads that became sales opportunities, in percent.
	MeasureLeadToOpportunityPercent BenchmarkMeasure = "LeadToOpportunityPercent"
	// MeasureDaysToFirstResult is the number of days from a completed campaign's first day to its first lead: less is better.
	MeasureDaysToFirstResult BenchmarkMeasure = "DaysToFirstResult"
	// MeasureAttainmentPercent is how much of a goal's target was attained when all results of its plan were in or due, in percent.
	MeasureAttainmentPercent BenchmarkMeasure = "AttainmentPercent"
	// MeasureGrowthAskedPercent is by how much a goal's target, as it was first approved, was above its baseline, in percent of the baseline.
	MeasureGrowthAskedPercent BenchmarkMeasure = "GrowthAskedPercent"
	// MeasureGrowthReachedPercent is by how much a goal's result was above its baseline, in percent of the baseline.
	MeasureGrowthReachedPercent BenchmarkMeasure = "GrowthReachedPercent"
	// MeasureMonthlyRevenue is the revenue of a partner in one month of its membership, in the program's currency.
	MeasureMonthlyRevenue BenchmarkMeasure = "MonthlyRevenue"
)

// BenchmarkPolicy says how benchmarks protect the partners whose results they are made of.
type BenchmarkPolicy struct {
	// minPartners is the least number of partners that a cohort's figures come from: with fewer they are withheld. Absent means 5. From 3 to 1000.
	// +optional
	// +kubebuilder:validation:Minimum=3
	// +kubebuilder:validation:Maximum=1000
	MinPartners *int32 `json:"minPartners,omitempty"` //nolint:kubeapilinter // absent is not zero

	// maxSharePercent is the largest share of a cohort's rows that one partner may have, in percent: with more they are withheld. Absent means 25.
	// From 1 to 50.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=50
	MaxSharePercent *int32 `json:"maxSharePercent,omitempty"` //nolint:kubeapilinter // absent is not zero

	// minAgeQuarters is how many quarters, the benchmark's own and those before it, are left out because their results are too young. Absent means 1.
	// From 0 to 8.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=8
	MinAgeQuarters *int32 `json:"minAgeQuarters,omitempty"`

	// windowQuarters is how many quarters of results a benchmark looks back on. Absent means 12. From 1 to 40.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=40
	WindowQuarters *int32 `json:"windowQuarters,omitempty"` //nolint:kubeapilinter // absent is not zero
}

// BenchmarkCohort says what the figures of a row are of. What is absent is not told apart: without activity, tier and segment they are of all.
type BenchmarkCohort struct {
	// measure is what is compared: CostPerLead, LeadToOpportunityPercent or DaysToFirstResult of campaigns, AttainmentPercent, GrowthAskedPercent or
	// GrowthReachedPercent of goals, or MonthlyRevenue of partners.
	// +required
	Measure BenchmarkMeasure `json:"measure,omitempty"`

	// activity is the type of the campaigns. Absent means all, and of measures that are not of campaigns.
	// +optional
	Activity ActivityType `json:"activity,omitempty"`

	// tier is the tier that the partner held on the first day of the campaign or plan; of MonthlyRevenue the one that it holds. Absent means all.
	// +optional
	Tier Name `json:"tier,omitempty"`

	// segment is the market segment of the campaign's audience, else of the plan. Absent means all.
	// +optional
	Segment Name `json:"segment,omitempty"`

	// metric is the metric of the goals. Absent of measures that are not of goals.
	// +optional
	Metric Name `json:"metric,omitempty"`

	// month is the month of the partner's membership, of MonthlyRevenue: 1 is the one that begins on the day on which the partner joined. Absent of all
	// other measures. From 1 to 24.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=24
	Month *int32 `json:"month,omitempty"` //nolint:kubeapilinter // absent is not zero
}

// Quartiles are the three figures that cut the rows of a cohort, in order of value, into four parts. They are interpolated linearly: of n rows the
// one at place (n - 1) x p, counted from 0, with p = 0.25, 0.5 and 0.75. Of 1, 2, 3, 4 the quartiles are 1.75, 2.5 and 3.25.
type Quartiles struct {
	// partners is the number of partners that the rows are of.
	// +required
	// +kubebuilder:validation:Minimum=1
	Partners int32 `json:"partners,omitempty"`

	// rows is the number of rows: completed campaigns, goals of plans whose results are in or due, or partners.
	// +required
	// +kubebuilder:validation:Minimum=1
	Rows int32 `json:"rows,omitempty"`

	// p25 is the lower quartile: a quarter of the rows is at or below it. It is in the unit of the measure: the program's currency, percent or days.
	// +required
	P25 Decimal `json:"p25,omitempty"`

	// p50 is the median, in the unit of p25.
	// +required
	P50 Decimal `json:"p50,omitempty"`

	// p75 is the upper quartile: a quarter of the rows is at or above it. It is in the unit of p25.
	// +required
	P75 Decimal `json:"p75,omitempty"`
}

// BenchmarkRow is what is known of one cohort, exactly: to 4 digits after the point, rounded down.
type BenchmarkRow struct {
	BenchmarkCohort `json:",inline"`
	Quartiles       `json:",inline"`

	// fingerprint stands for the set of partners that the rows are of: 32 hexadecimal digits. It names nobody. Later benchmarks find out by it whether
	// exactly one partner joined the cohort since.
	// +required
	// +kubebuilder:validation:MinLength=32
	// +kubebuilder:validation:MaxLength=32
	Fingerprint string `json:"fingerprint,omitempty"`
}

// WithheldReason is why the figures of a cohort are withheld.
//
// +kubebuilder:validation:Enum=TooFewPartners;OneHoldsTooMuch;OneApartFromEarlier;OneApartFromWider
type WithheldReason string

const (
	// WithheldTooFewPartners means that fewer partners than minPartners contributed.
	WithheldTooFewPartners WithheldReason = "TooFewPartners"
	// WithheldOneHoldsTooMuch means that more than maxSharePercent of the rows are one partner's.
	WithheldOneHoldsTooMuch WithheldReason = "OneHoldsTooMuch"
	// WithheldOneApartFromEarlier means that the partners may differ by exactly one from those of an earlier benchmark: the two together would tell that
	// one's figures.
	WithheldOneApartFromEarlier WithheldReason = "OneApartFromEarlier"
	// WithheldOneApartFromWider means that a wider cohort of the same benchmark, without this one and its like, would leave one partner's rows.
	WithheldOneApartFromWider WithheldReason = "OneApartFromWider"
)

// WithheldCohort is a cohort whose figures are withheld.
type WithheldCohort struct {
	BenchmarkCohort `json:",inline"`

	// reason is TooFewPartners, OneHoldsTooMuch, OneApartFromEarlier or OneApartFromWider.
	// +required
	Reason WithheldReason `json:"reason,omitempty"`

	// message says why in words, without saying how many or who.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=160
	Message string `json:"message,omitempty"`
}

// BenchmarkPeriod says which program and quarter a benchmark is of, and when it was computed.
type BenchmarkPeriod struct {
	// programRef names the PartnerProgram.
	// +required
	ProgramRef Reference `json:"programRef,omitzero"`

	// quarter is the fiscal quarter after whose end it was computed.
	// +required
	Quarter Period `json:"quarter,omitzero"`

	// days are the first and last day of that quarter.
	// +required
	Days DayRange `json:"days,omitzero"`

	// computedOn is the day on which it was computed, after the last day of the quarter. Plans and campaigns are judged by it from this day on.
	// +required
	ComputedOn Date `json:"computedOn,omitempty"`

	// resultsThrough is the last day on which results were complete that it is made of.
	// +required
	ResultsThrough Date `json:"resultsThrough,omitempty"`

	// currency is the ISO 4217 code of the program's currency, in which CostPerLead and MonthlyRevenue are.
	// +required
	Currency CurrencyCode `json:"currency,omitempty"`
}

// BenchmarkSpec is what the partners of a program have reached, exactly, as known at the end of a quarter.
type BenchmarkSpec struct {
	BenchmarkPeriod `json:",inline"`

	// policy is what protects the partners, as it was when the benchmark was computed, with its defaults written out.
	// +required
	Policy BenchmarkPolicy `json:"policy,omitzero"`

	// rows are the cohorts with their figures, by measure, the widest first. At most 240.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=240
	Rows []BenchmarkRow `json:"rows,omitempty"`

	// withheld are the cohorts whose figures are withheld, and why, by measure, the widest first. At most 120.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=120
	Withheld []WithheldCohort `json:"withheld,omitempty"`

	// leftOut is the number of cohorts that found no place in rows or withheld, the narrowest of each measure. Absent when all did.
	// +optional
	// +kubebuilder:validation:Minimum=1
	LeftOut *int32 `json:"leftOut,omitempty"` //nolint:kubeapilinter // absent is not zero
}

// Benchmark is what the partners of a program have reached, by cohort, as known at the end of a fiscal quarter, in exact figures for the vendor's people.
// Partners read the PublishedBenchmark of the same name. It names nobody. The manager alone writes it, once, and it cannot be changed.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,shortName=bmk,categories=jmp
// +kubebuilder:printcolumn:name="Program",type=string,JSONPath=`.spec.programRef.name`
// +kubebuilder:printcolumn:name="Through",type=string,JSONPath=`.spec.days.through`
// +kubebuilder:printcolumn:name="Computed",type=string,JSONPath=`.spec.computedOn`
// +kubebuilder:printcolumn:name="Results-Through",type=string,JSONPath=`.spec.resultsThrough`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type Benchmark struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is what was reached. It cannot be changed.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="a benchmark cannot be changed: plans were judged by it"
	Spec BenchmarkSpec `json:"spec,omitzero"`
}

// BenchmarkList is a list of Benchmarks.
//
// +kubebuilder:object:root=true
type BenchmarkList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the benchmarks.
	Items []Benchmark `json:"items"`
}
