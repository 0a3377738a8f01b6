package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// Audience is whom a campaign addresses.
type Audience struct {
	// segment is the market segment.
	// +optional
	Segment Name `json:"segment,omitempty"`

	// territory is the sales territory.
	// +optional
	Territory Name `json:"territory,omitempty"`

	// description says who they are and which problem they have.
	// +optional
	Description Text `json:"description,omitempty"`

	// size is the number of people or companies addressed: from 1 to 1000000000.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1000000000
	Size *int64 `json:"size,omitempty"` //nolint:kubeapilinter // absent is not zero
}

// Schedule says when a campaign runs.
//
// +kubebuilder:validation:XValidation:rule="self.startsOn <= self.endsOn",message="endsOn must not be before startsOn"
// +kubebuilder:validation:XValidation:rule="!has(self.resultsFrom) || self.startsOn <= self.resultsFrom",message="resultsFrom must not be before startsOn"
// +kubebuilder:validation:XValidation:rule="self.endsOn.getFullYear() <= 2197",fieldPath=".endsOn",message="a campaign must end by 2197, so that its attribution ends by 2200"
type Schedule struct {
	// startsOn is the first day. A campaign starts with its invitations: results and leads from before this day do not count as the campaign's; its
	// cost does.
	// +required
	StartsOn Date `json:"startsOn,omitempty"`

	// endsOn is the last day.
	// +required
	EndsOn Date `json:"endsOn,omitempty"`

	// resultsFrom is the first day on which results may be judged by the stop rule. Absent means the day after endsOn.
	// +optional
	ResultsFrom Date `json:"resultsFrom,omitempty"`

	// attributionDays is how many days after endsOn (of a cohort: after the lead's day) a result still counts as the campaign's. Absent means 90. From
	// 0 to 730.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=730
	AttributionDays *int32 `json:"attributionDays,omitempty"`
}

// FunnelStep is a step of the campaign's funnel with what is expected of it.
type FunnelStep struct {
	// metric is the metric of the catalogue that counts the step, such as attendees. The steps are in the order of the funnel.
	// +required
	Metric Name `json:"metric,omitempty"`

	// expected is how many are expected by the end of the attribution window.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Expected Decimal `json:"expected,omitempty"`
}

// StopRule says when a campaign costs more than its results are worth.
type StopRule struct {
	// metric is the metric of the catalogue whose results are counted, such as qualified-leads.
	// +required
	Metric Name `json:"metric,omitempty"`

	// maxCostPerResult is the most that one result may cost, in the program's currency.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	MaxCostPerResult Decimal `json:"maxCostPerResult,omitempty"`
}

// CampaignSpec is one marketing activity under a plan.
type CampaignSpec struct {
	// planRef names the JointPlan that the campaign is part of, in the same namespace.
	// +required
	PlanRef Reference `json:"planRef,omitzero"`

	// activity is the name of an activity of the plan, which the campaign carries out. Without one the campaign is not part of what was
	// approved.
	// +optional
	Activity Name `json:"activity,omitempty"`

	// type is an entry of the program's activity catalogue, such as Webinar.
	// +required
	Type ActivityType `json:"type,omitempty"`

	// title is the campaign's name for people.
	// +optional
	Title Title `json:"title,omitempty"`

	// message is what the campaign says to its audience.
	// +optional
	Message Text `json:"message,omitempty"`

	// initiatives lists the program's initiatives that the campaign serves. Absent means those of its activity in the plan. At most 8, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Initiatives []Name `json:"initiatives,omitempty"`

	// goals lists the goals of the plan that the campaign serves. At most 20, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=20
	Goals []Name `json:"goals,omitempty"`

	// audience is whom the campaign addresses.
	// +optional
	Audience *Audience `json:"audience,omitempty"`

	// schedule says when the campaign runs.
	// +required
	Schedule Schedule `json:"schedule,omitzero"`

	// funnel lists the steps of the funnel, in order, with what is expected of each. At most 10, each with its own metric.
	// +optional
	// +listType=map
	// +listMapKey=metric
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=10
	Funnel []FunnelStep `json:"funnel,omitempty"`

	// cost is the expected net cost.
	// +optional
	Cost *Money `json:"cost,omitempty"`

	// mdf is the part of the cost that the vendor is asked to fund.
	// +optional
	MDF *Money `json:"mdf,omitempty"`

	// marginPercent is the share of revenue that is margin, for the margin ROI.
	// +optional
	MarginPercent Percent `json:"marginPercent,omitempty"`

	// stopRule says when the campaign costs more than its results are worth.
	// +optional
	StopRule *StopRule `json:"stopRule,omitempty"`
}

// CampaignStage is where a campaign is in its life.
//
// +kubebuilder:validation:Enum=Planned;Running;Attributing;Completed
type CampaignStage string

const (
	// CampaignPlanned means that it has not started.
	CampaignPlanned CampaignStage = "Planned"
	// CampaignRunning means that it runs.
	CampaignRunning CampaignStage = "Running"
	// CampaignAttributing means that it has ended and results still count as its own.
	CampaignAttributing CampaignStage = "Attributing"
	// CampaignCompleted means that its attribution window is past.
	CampaignCompleted CampaignStage = "Completed"
)

// FunnelStepStatus is what a step of the funnel has brought.
type FunnelStepStatus struct {
	// metric is the metric that counts the step.
	// +required
	Metric Name `json:"metric,omitempty"`

	// expected is how many are expected.
	// +required
	Expected Decimal `json:"expected,omitempty"`

	// actual is how many were measured within the attribution window. Absent when nothing was measured.
	// +optional
	Actual Decimal `json:"actual,omitempty"`

	// expectedRatePercent is the expected share of the step before that reaches this one, rounded down. Absent for the first step,
	// when the units of the two steps differ, and when the step before is missing or not above zero.
	// +optional
	ExpectedRatePercent *int32 `json:"expectedRatePercent,omitempty"`

	// actualRatePercent is the measured share in percent, rounded down. Absent as expectedRatePercent is, and when nothing was measured.
	// +optional
	ActualRatePercent *int32 `json:"actualRatePercent,omitempty"`
}

// CampaignReturns are the campaign's returns, each labelled for what it is. All are percentages, rounded down, absent when their
// denominator is zero or not measured.
type CampaignReturns struct {
	// marginROIPercent is (revenue x margin - cost) / cost in percent.
	// +optional
	MarginROIPercent *int32 `json:"marginROIPercent,omitempty"`

	// mdfPaid is what was paid for the campaign's activity on the claims of its MDFAllocations, without what came back, in units of the program's currency.
	// +optional
	MDFPaid Decimal `json:"mdfPaid,omitempty"`

	// mdfReturnMessage says of what mdfReturnPercent is, or why it is absent. Absent of a campaign for which no MDF is asked.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	MDFReturnMessage string `json:"mdfReturnMessage,omitempty"`

	// mdfReturnPercent is revenue / mdfPaid in percent. What was only asked for or granted returns nothing. Absent while nothing was paid. Of
	// several campaigns that carry out one activity each is held against all that was paid for it.
	// +optional
	MDFReturnPercent *int32 `json:"mdfReturnPercent,omitempty"`

	// pipelineToSpendPercent is pipeline / cost in percent.
	// +optional
	PipelineToSpendPercent *int32 `json:"pipelineToSpendPercent,omitempty"`
}

// Cohort is the leads of one calendar month and what came of them.
type Cohort struct {
	// month is the calendar month in which the leads were made, such as 2026-09.
	// +required
	// +kubebuilder:validation:MinLength=7
	// +kubebuilder:validation:MaxLength=7
	Month string `json:"month,omitempty"`

	// leads is the number of leads.
	// +optional
	Leads Decimal `json:"leads,omitempty"`

	// opportunities is the number of sales opportunities that came of them within the attribution window.
	// +optional
	Opportunities Decimal `json:"opportunities,omitempty"`

	// revenue is the revenue that came of them within the attribution window, in units of the program's currency.
	// +optional
	Revenue Decimal `json:"revenue,omitempty"`

	// leadToOpportunityPercent is opportunities / leads in percent, rounded down.
	// +optional
	LeadToOpportunityPercent *int32 `json:"leadToOpportunityPercent,omitempty"`
}

// CostPerResult is what one result of a step has cost.
type CostPerResult struct {
	// metric is the metric that counts the results.
	// +required
	Metric Name `json:"metric,omitempty"`

	// expected is the expected cost / expected results, rounded down to the currency's digits. Absent when either is missing or no
	// results are expected.
	// +optional
	Expected Decimal `json:"expected,omitempty"`

	// actual is the measured cost / measured results, rounded down to the currency's digits. Absent when either is missing or the results
	// are not above zero.
	// +optional
	Actual Decimal `json:"actual,omitempty"`
}

// CampaignStatus is how a campaign stands.
type CampaignStatus struct {
	CommonStatus `json:",inline"`

	// stage is where the campaign is in its life: Planned, Running, Attributing or Completed.
	// +optional
	Stage CampaignStage `json:"stage,omitempty"`

	// attributionThrough is the last day on which a result counts as the campaign's.
	// +optional
	AttributionThrough Date `json:"attributionThrough,omitempty"`

	// asOf is the newest measured day.
	// +optional
	AsOf Date `json:"asOf,omitempty"`

	// leads is the number of leads measured, by the metric with role Leads.
	// +optional
	Leads Decimal `json:"leads,omitempty"`

	// currency is the ISO 4217 code of the program's currency, in which cost, pipeline, revenue and all other money of this status is.
	// Absent while the program is not found.
	// +optional
	Currency CurrencyCode `json:"currency,omitempty"`

	// cost is the cost measured, by the metric with role Cost, in units of the program's currency, whatever its day: a deposit paid ahead and a
	// late invoice count too.
	// +optional
	Cost Decimal `json:"cost,omitempty"`

	// pipeline is the pipeline measured, by the metric with role Pipeline, in units of the program's currency.
	// +optional
	Pipeline Decimal `json:"pipeline,omitempty"`

	// revenue is the revenue measured, by the metric with role Revenue, in units of the program's currency.
	// +optional
	Revenue Decimal `json:"revenue,omitempty"`

	// funnel says what each step of the funnel has brought.
	// +optional
	// +listType=map
	// +listMapKey=metric
	// +kubebuilder:validation:MaxItems=10
	Funnel []FunnelStepStatus `json:"funnel,omitempty"`

	// costPerResult says what one result of each step of the funnel has cost.
	// +optional
	// +listType=map
	// +listMapKey=metric
	// +kubebuilder:validation:MaxItems=11
	CostPerResult []CostPerResult `json:"costPerResult,omitempty"`

	// returns are the campaign's returns, each labelled for what it is.
	// +optional
	Returns *CampaignReturns `json:"returns,omitempty"`

	// cohorts are the leads by the month in which they were made, and what came of them, in the order of months; the newest 24.
	// +optional
	// +listType=map
	// +listMapKey=month
	// +kubebuilder:validation:MaxItems=24
	Cohorts []Cohort `json:"cohorts,omitempty"`
}

// Condition types of Campaign besides Aligned.
const (
	// ConditionWithinStopRule says that the cost per result is within the campaign's limit.
	ConditionWithinStopRule = "WithinStopRule"
)

// Condition reasons of Campaign besides those of all kinds and of JointPlan.
const (
	// ReasonNotInPlan surfaces on Aligned when the campaign's activity is not in the plan of record.
	ReasonNotInPlan = "NotInPlan"
	// ReasonPlanNotApproved surfaces on Aligned when the plan has no plan of record.
	ReasonPlanNotApproved = "PlanNotApproved"
	// ReasonWithinLimit surfaces on WithinStopRule and WithinLimit when the cost per result, or what is reserved and settled, is within the limit.
	ReasonWithinLimit = "WithinLimit"
	// ReasonLimitExceeded surfaces on WithinStopRule when the cost per result is above the limit.
	ReasonLimitExceeded = "LimitExceeded"
	// ReasonNotYetJudged surfaces on WithinStopRule before resultsFrom.
	ReasonNotYetJudged = "NotYetJudged"
	// ReasonNoStopRule surfaces on WithinStopRule when the campaign has no stop rule.
	ReasonNoStopRule = "NoStopRule"
)

// Campaign is one marketing activity under a plan: whom it addresses, when, at what cost, with which expected results.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,shortName=jcamp,categories=jmp
// +kubebuilder:selectablefield:JSONPath=`.spec.planRef.name`
// +kubebuilder:printcolumn:name="Act-By",type=string,JSONPath=`.status.nextSteps[0].by`
// +kubebuilder:printcolumn:name="Who",type=string,JSONPath=`.status.nextSteps[0].party`
// +kubebuilder:printcolumn:name="Plan",type=string,JSONPath=`.spec.planRef.name`
// +kubebuilder:printcolumn:name="Type",type=string,JSONPath=`.spec.type`
// +kubebuilder:printcolumn:name="Starts",type=string,JSONPath=`.spec.schedule.startsOn`
// +kubebuilder:printcolumn:name="Stage",type=string,JSONPath=`.status.stage`
// +kubebuilder:printcolumn:name="Leads",type=string,JSONPath=`.status.leads`
// +kubebuilder:printcolumn:name="Cost",type=string,JSONPath=`.status.cost`
// +kubebuilder:printcolumn:name="In",type=string,JSONPath=`.status.currency`
// +kubebuilder:printcolumn:name="ROI-%",type=integer,priority=1,JSONPath=`.status.returns.marginROIPercent`
// +kubebuilder:printcolumn:name="Next",type=string,priority=1,JSONPath=`.status.nextSteps[0].do`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="metadata.name must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit"
type Campaign struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the campaign.
	// +required
	Spec CampaignSpec `json:"spec,omitzero"`

	// status is how the campaign stands, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status CampaignStatus `json:"status,omitzero"`
}

// CampaignList is a list of Campaigns.
//
// +kubebuilder:object:root=true
type CampaignList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the campaigns.
	Items []Campaign `json:"items"`
}
