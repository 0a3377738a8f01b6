package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// ReportGrouping is what the sums of a report are grouped by.
//
// +kubebuilder:validation:Enum=Total;Initiative;Tier;Region;Segment;Territory;Distributor;ChannelManager
type ReportGrouping string

const (
	// GroupTotal is all together.
	GroupTotal ReportGrouping = "Total"
	// GroupInitiative is by the initiative that a goal serves.
	GroupInitiative ReportGrouping = "Initiative"
	// GroupTier is by the partner's effective tier.
	GroupTier ReportGrouping = "Tier"
	// GroupRegion is by the partner's region.
	GroupRegion ReportGrouping = "Region"
	// GroupSegment is by the plan's segment or, without one, the partner's.
	GroupSegment ReportGrouping = "Segment"
	// GroupTerritory is by the partner's territory.
	GroupTerritory ReportGrouping = "Territory"
	// GroupDistributor is by the distributor through which the partner buys; a distributor is in its own group.
	GroupDistributor ReportGrouping = "Distributor"
	// GroupManager is by the ChannelManager who looks after the partner.
	GroupManager ReportGrouping = "ChannelManager"
)

// Groups of what is not in one group alone.
const (
	// InNone is the group of what is in none.
	InNone = "(none)"
	// InSeveral is the group of what is in several at once, and has no stated shares. It counts there once, and in none of them.
	InSeveral = "(several)"
	// InOthers is the group of the smallest groups together, where there are more than a report holds.
	InOthers = "(others)"
)

// ReportSum is what the plans of a group aim at, have reached and will reach, of one metric. Each plan counts once for a metric.
type ReportSum struct {
	// by is what is grouped by: Total, Initiative, Tier, Region, Segment, Territory, Distributor or ChannelManager.
	// +required
	By ReportGrouping `json:"by,omitempty"`

	// group is the name of the group; "(several)" of what is in several at once, "(none)" of what is in none. Absent of Total.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=127
	Group string `json:"group,omitempty"`

	// metric is the metric: one of behaviour Flow. Levels do not add up.
	// +required
	Metric Name `json:"metric,omitempty"`

	// plans is the number of plans with such a goal under a plan of record. One that is split by shares counts in each of its groups.
	// +required
	// +kubebuilder:validation:Minimum=0
	Plans int32 `json:"plans"`

	// target is the sum of their targets, in the metric's unit.
	// +required
	Target Decimal `json:"target,omitempty"`

	// originalTarget is the sum of the targets of their first approved revisions, in the metric's unit, when it differs.
	// +optional
	OriginalTarget Decimal `json:"originalTarget,omitempty"`

	// actual is the sum of what was measured, in the metric's unit.
	// +required
	Actual Decimal `json:"actual,omitempty"`

	// forecast is the sum of the forecasts of the plans that have one, in the metric's unit. Absent when none has.
	// +optional
	Forecast Decimal `json:"forecast,omitempty"`

	// withoutForecast is the part of target for which there is no forecast yet, in the metric's unit. Absent when there is none.
	// +optional
	WithoutForecast Decimal `json:"withoutForecast,omitempty"`

	// gap is forecast less the part of target that it is about, in the metric's unit; negative when less is to be expected than is planned. Absent without a
	// forecast.
	// +optional
	Gap Decimal `json:"gap,omitempty"`

	// forecastPercent is forecast in percent of the part of target that it is about, rounded down. Absent without a forecast.
	// +optional
	ForecastPercent *int32 `json:"forecastPercent,omitempty"`
}

// ReportGroup is how many partners and plans a group has and how they stand, and what was spent on them and came back.
type ReportGroup struct {
	// by is what is grouped by: Total, Initiative, Tier, Region, Segment, Territory, Distributor or ChannelManager.
	// +required
	By ReportGrouping `json:"by,omitempty"`

	// group is the name of the group, as of a sum. Absent of Total.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=127
	Group string `json:"group,omitempty"`

	// partners is the number of partners of the group; by initiative of those with a plan that serves it.
	// +required
	// +kubebuilder:validation:Minimum=0
	Partners int32 `json:"partners"`

	// plans is the number of plans of the period.
	// +required
	// +kubebuilder:validation:Minimum=0
	Plans int32 `json:"plans"`

	// approved is the number of these that have a plan of record.
	// +required
	// +kubebuilder:validation:Minimum=0
	Approved int32 `json:"approved"`

	// closed is the number of these that are closed.
	// +required
	// +kubebuilder:validation:Minimum=0
	Closed int32 `json:"closed"`

	// overdue is the number of these whose review is overdue.
	// +required
	// +kubebuilder:validation:Minimum=0
	Overdue int32 `json:"overdue"`

	// verdicts says how these are judged.
	// +required
	Verdicts VerdictCount `json:"verdicts"`

	// cost is what the campaigns have cost, in the program's currency.
	// +optional
	Cost Decimal `json:"cost,omitempty"`

	// revenue is what the campaigns brought in, in the program's currency.
	// +optional
	Revenue Decimal `json:"revenue,omitempty"`

	// pipeline is the pipeline of the campaigns, in the program's currency.
	// +optional
	Pipeline Decimal `json:"pipeline,omitempty"`

	// leads is the number of leads of the campaigns.
	// +optional
	Leads Decimal `json:"leads,omitempty"`

	// mdfGranted is what is granted for the plans' activities, in the program's currency.
	// +optional
	MDFGranted Decimal `json:"mdfGranted,omitempty"`

	// mdfPaid is what was paid for the plans' activities on claims, in the program's currency.
	// +optional
	MDFPaid Decimal `json:"mdfPaid,omitempty"`
}

// ReportTarget compares what the vendor wants of an initiative with what the partners plan and will reach.
type ReportTarget struct {
	// initiative is the name of the initiative.
	// +required
	Initiative Name `json:"initiative,omitempty"`

	// metric is the metric.
	// +required
	Metric Name `json:"metric,omitempty"`

	// target is what the vendor wants, in the metric's unit.
	// +required
	Target Decimal `json:"target,omitempty"`

	// planned is the sum of the targets of the plans that serve the initiative, in the metric's unit.
	// +required
	Planned Decimal `json:"planned,omitempty"`

	// unplanned is what no plan aims at yet, in the metric's unit: target less planned, at least zero.
	// +required
	Unplanned Decimal `json:"unplanned,omitempty"`

	// forecast is the sum of their forecasts, in the metric's unit. Absent when no plan has one.
	// +optional
	Forecast Decimal `json:"forecast,omitempty"`

	// forecastPercent is forecast in percent of target, rounded down. Absent without a forecast.
	// +optional
	ForecastPercent *int32 `json:"forecastPercent,omitempty"`

	// message says all this in words.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	Message string `json:"message,omitempty"`
}

// CoverageState says how a market is covered.
//
// +kubebuilder:validation:Enum=Covered;Thin;ThroughDistributor;Gap
type CoverageState string

const (
	// CoverageCovered means that as many partners as are wanted sell there directly and have the competencies.
	CoverageCovered CoverageState = "Covered"
	// CoverageThin means that partners sell there directly, but too few of them, or without the competencies.
	CoverageThin CoverageState = "Thin"
	// CoverageThroughDistributor means that only distributors sell there.
	CoverageThroughDistributor CoverageState = "ThroughDistributor"
	// CoverageGap means that nobody sells there.
	CoverageGap CoverageState = "Gap"
)

// CellCoverage says how a market is covered.
type CellCoverage struct {
	// territory is the territory.
	// +required
	Territory Name `json:"territory,omitempty"`

	// segment is the segment.
	// +required
	Segment Name `json:"segment,omitempty"`

	// state is Covered, Thin, ThroughDistributor or Gap.
	// +required
	State CoverageState `json:"state,omitempty"`

	// wanted is how many partners are wanted that sell there directly and have the competencies.
	// +required
	// +kubebuilder:validation:Minimum=0
	Wanted int32 `json:"wanted"`

	// ready is how many there are.
	// +required
	// +kubebuilder:validation:Minimum=0
	Ready int32 `json:"ready"`

	// direct is how many partners sell there directly, with the competencies or without.
	// +required
	// +kubebuilder:validation:Minimum=0
	Direct int32 `json:"direct"`

	// distributors is how many distributors sell there.
	// +required
	// +kubebuilder:validation:Minimum=0
	Distributors int32 `json:"distributors"`

	// plans is the number of plans of the period of these partners and distributors.
	// +required
	// +kubebuilder:validation:Minimum=0
	Plans int32 `json:"plans"`

	// missing says what is missing. Absent of a cell that is covered.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=200
	Missing string `json:"missing,omitempty"`

	// competitors says who else sells there, as the strategy notes it.
	// +optional
	Competitors Word `json:"competitors,omitempty"`
}

// AccountConflict says that plans of several partners name the same account.
type AccountConflict struct {
	// account is the account as the first of the plans spells it.
	// +required
	Account Title `json:"account,omitempty"`

	// plans are the plans, as namespace/name, in order; the first 8.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=2
	// +kubebuilder:validation:MaxItems=8
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=127
	Plans []string `json:"plans,omitempty"`

	// owner is the role that settles it.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Owner string `json:"owner,omitempty"`
}

// TierMovement is how many partners hold a tier, and how many came and went in the period.
type TierMovement struct {
	// tier is the name of the tier; empty for partners that hold none.
	// +optional
	// +kubebuilder:validation:MinLength=0
	// +kubebuilder:validation:MaxLength=63
	Tier string `json:"tier"` //nolint:kubeapilinter // no tier is an answer and is written out

	// partners is the number of partners that hold it.
	// +required
	// +kubebuilder:validation:Minimum=0
	Partners int32 `json:"partners"`

	// promotedTo is how many evaluations of the period promoted a partner to it.
	// +required
	// +kubebuilder:validation:Minimum=0
	PromotedTo int32 `json:"promotedTo"`

	// demotedTo is how many evaluations of the period demoted a partner to it.
	// +required
	// +kubebuilder:validation:Minimum=0
	DemotedTo int32 `json:"demotedTo"`

	// heldInGrace is how many partners hold it in grace, by their last evaluation.
	// +required
	// +kubebuilder:validation:Minimum=0
	HeldInGrace int32 `json:"heldInGrace"`
}

// PlanningPace says how long planning takes, and in whose hands plans lie.
type PlanningPace struct {
	// approvals is the number of plans of the period whose days from submission to approval are known.
	// +required
	// +kubebuilder:validation:Minimum=0
	Approvals int32 `json:"approvals"`

	// medianDays is the median of the days from their submission to their approval. Absent when there are none.
	// +optional
	MedianDays Decimal `json:"medianDays,omitempty"`

	// baselineDays is how many days it took before, as the strategy states it.
	// +optional
	// +kubebuilder:validation:Minimum=1
	BaselineDays *int32 `json:"baselineDays,omitempty"` //nolint:kubeapilinter // absent is not zero

	// withVendor is the number of plans that wait for the vendor.
	// +required
	// +kubebuilder:validation:Minimum=0
	WithVendor int32 `json:"withVendor"`

	// withPartner is the number of plans that are not approved and wait for the partner.
	// +required
	// +kubebuilder:validation:Minimum=0
	WithPartner int32 `json:"withPartner"`

	// vendorDays is the sum of the days that plans of the period lay with the vendor, and partnerDays with the partner, from their first submission on.
	// +required
	// +kubebuilder:validation:Minimum=0
	VendorDays int32 `json:"vendorDays"`

	// partnerDays is the sum of the days that plans of the period lay with the partner, from their first submission on.
	// +required
	// +kubebuilder:validation:Minimum=0
	PartnerDays int32 `json:"partnerDays"`
}

// Exposure is money that the vendor still owes, or may come to owe, for the plans of the period.
type Exposure struct {
	// costCentre is that of the budgets; absent of those that state none.
	// +optional
	CostCentre Word `json:"costCentre,omitempty"`

	// currency is the ISO 4217 code of all amounts.
	// +required
	Currency CurrencyCode `json:"currency,omitempty"`

	// granted is what was granted, reserved or settled, in units of the currency.
	// +required
	Granted Decimal `json:"granted,omitempty"`

	// unclaimed is what is granted and not claimed, in units of the currency.
	// +required
	Unclaimed Decimal `json:"unclaimed,omitempty"`

	// undecided is what is claimed and not decided on, in units of the currency.
	// +required
	Undecided Decimal `json:"undecided,omitempty"`

	// unpaid is what was accepted and is not paid, in units of the currency.
	// +required
	Unpaid Decimal `json:"unpaid,omitempty"`

	// paid is what was paid, in units of the currency.
	// +required
	Paid Decimal `json:"paid,omitempty"`
}

// BenefitDemand is what tiers entitle their partners to of a benefit in the period and what plans ask for, beside what the vendor has.
type BenefitDemand struct {
	// benefit is the name of the benefit.
	// +required
	Benefit Name `json:"benefit,omitempty"`

	// unit says what is counted.
	// +optional
	Unit Word `json:"unit,omitempty"`

	// entitled is the sum over all partners of what their tiers entitle them to, for the days of the period.
	// +required
	Entitled Decimal `json:"entitled,omitempty"`

	// asked is what all plans of the period ask for, approved or not, in the benefit's unit. Absent when none asks.
	// +optional
	Asked Decimal `json:"asked,omitempty"`

	// granted is what approved plans of the period are granted, in the benefit's unit. Absent when none asks.
	// +optional
	Granted Decimal `json:"granted,omitempty"`

	// capacity is how much the vendor has for the days of the period, as the strategy states it for the year. Absent when it does not.
	// +optional
	Capacity Decimal `json:"capacity,omitempty"`

	// over is by how much what plans ask for is above the capacity, in the benefit's unit. Absent when it is not, and when no capacity is stated.
	// +optional
	Over Decimal `json:"over,omitempty"`
}

// ReportFigures are the figures of a period.
type ReportFigures struct {
	// partners is the number of partners of the program.
	// +required
	// +kubebuilder:validation:Minimum=0
	Partners int32 `json:"partners"`

	// awaited is the number of partners that have not contributed: they or their plans are not evaluated yet.
	// +required
	// +kubebuilder:validation:Minimum=0
	Awaited int32 `json:"awaited"`

	// groups are the groups, the total first; at most 200.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=200
	Groups []ReportGroup `json:"groups,omitempty"`

	// sums are targets, actuals and forecasts by group and metric, the total first; at most 450.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=450
	Sums []ReportSum `json:"sums,omitempty"`

	// targets compare what the vendor wants of each initiative with what is planned and will be reached; at most 64.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=64
	Targets []ReportTarget `json:"targets,omitempty"`

	// coverage says how each market is covered that the strategy names; at most 200.
	// +optional
	// +listType=map
	// +listMapKey=territory
	// +listMapKey=segment
	// +kubebuilder:validation:MaxItems=200
	Coverage []CellCoverage `json:"coverage,omitempty"`

	// overlaps is the number of pairs of partners that sell to the same segment of the same territory, neither of them through the other. That is no conflict.
	// +required
	// +kubebuilder:validation:Minimum=0
	Overlaps int32 `json:"overlaps"`

	// conflicts are the accounts that plans of several partners name, by account; the first 40.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=40
	Conflicts []AccountConflict `json:"conflicts,omitempty"`

	// tiers say how many partners hold each tier, and who came and went, from the highest tier down; at most 32.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=32
	Tiers []TierMovement `json:"tiers,omitempty"`

	// planning says how long planning takes, and in whose hands plans lie.
	// +required
	Planning PlanningPace `json:"planning"`

	// exposure is money that is granted and not paid, by cost centre; the first 64.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=64
	Exposure []Exposure `json:"exposure,omitempty"`

	// benefits are what tiers entitle to, beside what the vendor has; the first 64.
	// +optional
	// +listType=map
	// +listMapKey=benefit
	// +kubebuilder:validation:MaxItems=64
	Benefits []BenefitDemand `json:"benefits,omitempty"`
}

// FinalBasis says what final figures rest on.
//
// +kubebuilder:validation:Enum=Kept;Recomputed
type FinalBasis string

const (
	// BasisKept means that the report was kept while its period ran, and was closed in its time.
	BasisKept FinalBasis = "Kept"
	// BasisRecomputed means that the report did not exist yet when its books were closed, or was lost since.
	BasisRecomputed FinalBasis = "Recomputed"
)

// FinalFigures are the figures of a period that is closed permanently. They are set once.
type FinalFigures struct {
	// closedOn is the day on which they were set.
	// +required
	ClosedOn Date `json:"closedOn,omitempty"`

	// basis is Kept or Recomputed. Recomputed means that the report did not exist yet when its books were closed, or was lost since: the figures are those of
	// what was known on closedOn, and not of what was known when the period was closed.
	// +required
	Basis FinalBasis `json:"basis,omitempty"`

	// figures are the figures.
	// +required
	Figures ReportFigures `json:"figures"`
}

// ProgramReportSpec is the period that is reported on and, once it is closed permanently, its figures.
//
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.final) || has(self.final) && self.final == oldSelf.final",fieldPath=".final",message="the final figures of a period cannot be changed: what becomes known later is an adjustment in the report of the open period"
type ProgramReportSpec struct {
	// programRef names the PartnerProgram.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="the program of a report cannot be changed"
	ProgramRef Reference `json:"programRef,omitzero"`

	// period is the period for people, such as "FY2027 H1".
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Period string `json:"period,omitempty"`

	// from is the first day of the period.
	// +required
	From Date `json:"from,omitempty"`

	// through is the last day of the period.
	// +required
	Through Date `json:"through,omitempty"`

	// final holds the figures once the period is closed permanently. Absent until then.
	// +optional
	Final *FinalFigures `json:"final,omitempty"`
}

// ReportState says how firm the figures of a report are.
//
// +kubebuilder:validation:Enum=Open;Provisional;Closing;Final
type ReportState string

const (
	// ReportOpen means that the period has not ended, or that its soft close is in the future.
	ReportOpen ReportState = "Open"
	// ReportProvisional means that the soft close has come: what is of the period is expected to be known.
	ReportProvisional ReportState = "Provisional"
	// ReportClosing means that the hard close has come, and that the report waits for plans to close or partners to contribute.
	ReportClosing ReportState = "Closing"
	// ReportFinal means that the figures stand in the spec.
	ReportFinal ReportState = "Final"
)

// ReportAdjustment is what became known of a period after it was closed permanently.
type ReportAdjustment struct {
	// report is the name of the ProgramReport of that period.
	// +required
	Report Name `json:"report,omitempty"`

	// metric is the metric. Absent for a note about the whole period.
	// +optional
	Metric Name `json:"metric,omitempty"`

	// target is by how much the sum of the targets is another than the final one, in the metric's unit. Absent for a note.
	// +optional
	Target Decimal `json:"target,omitempty"`

	// actual is by how much what was measured is another than the final figure, in the metric's unit. Absent for a note.
	// +optional
	Actual Decimal `json:"actual,omitempty"`

	// message says all this in words.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Message string `json:"message,omitempty"`
}

// ProgramReportStatus is how a program stands in a period.
type ProgramReportStatus struct {
	CommonStatus `json:",inline"`

	// state is Open, Provisional, Closing or Final.
	// +optional
	State ReportState `json:"state,omitempty"`

	// softCloseOn is the first day on which the figures are provisional.
	// +optional
	SoftCloseOn Date `json:"softCloseOn,omitempty"`

	// hardCloseOn is the first day on which they can become final.
	// +optional
	HardCloseOn Date `json:"hardCloseOn,omitempty"`

	// plans is the number of plans of the period, closed ones among them.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Plans *int32 `json:"plans,omitempty"`

	// headline says in a sentence what will be reached of what is planned, of the metric with role Revenue or else the first one that plans have goals for.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Headline string `json:"headline,omitempty"`

	// figures are the figures so far. Absent once they are final: then they are in spec.final.
	// +optional
	Figures *ReportFigures `json:"figures,omitempty"`

	// adjustments are what became known of periods after they were closed permanently: in the report of the period that runs today; the first 64.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=64
	Adjustments []ReportAdjustment `json:"adjustments,omitempty"`
}

// Condition types of ProgramReport.
const (
	// ConditionFinal says whether the figures of a report are final.
	ConditionFinal = "Final"
)

// Condition reasons of ProgramReport besides those of all kinds.
const (
	// ReasonFinal surfaces on Final when the figures stand in the spec.
	ReasonFinal = "Final"
	// ReasonPeriodOpen surfaces on Final when the hard close is in the future, or the report is not written since.
	ReasonPeriodOpen = "PeriodOpen"
	// ReasonPlansOpen surfaces on Final when the hard close has come and plans of the period are not closed.
	ReasonPlansOpen = "PlansOpen"
	// ReasonPartnersAwaited surfaces on Final when the hard close has come and partners have not contributed.
	ReasonPartnersAwaited = "PartnersAwaited"
)

// ProgramReport adds up how a program stands in a fiscal period: targets, results and forecasts, coverage, money, tiers, and how long planning takes. The
// controller alone writes it; it is for the vendor's eyes. It is kept until somebody deletes it. One that was lost is computed again.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,shortName=prep,categories=jmp
// +kubebuilder:selectablefield:JSONPath=`.spec.programRef.name`
// +kubebuilder:printcolumn:name="Program",type=string,JSONPath=`.spec.programRef.name`
// +kubebuilder:printcolumn:name="Period",type=string,JSONPath=`.spec.period`
// +kubebuilder:printcolumn:name="State",type=string,JSONPath=`.status.state`
// +kubebuilder:printcolumn:name="Plans",type=integer,JSONPath=`.status.plans`
// +kubebuilder:printcolumn:name="Headline",type=string,JSONPath=`.status.headline`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 127",message="metadata.name must be at most 127 characters"
type ProgramReport struct {
	metav1.TypeMeta `json:",inline"`
	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the period and, once it is closed permanently, its figures.
	// +required
	Spec ProgramReportSpec `json:"spec,omitzero"`

	// status is how the program stands in the period, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status ProgramReportStatus `json:"status,omitzero"`
}

// ProgramReportList is a list of ProgramReports.
//
// +kubebuilder:object:root=true
type ProgramReportList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the reports.
	Items []ProgramReport `json:"items"`
}
