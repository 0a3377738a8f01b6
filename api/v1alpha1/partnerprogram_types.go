package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// MetricUnit is the unit of a metric's values.
//
// +kubebuilder:validation:Enum=Count;Currency;Percent;Days
type MetricUnit string

const (
	// UnitCount counts things: leads, users, certificates.
	UnitCount MetricUnit = "Count"
	// UnitCurrency is an amount in the program's currency.
	UnitCurrency MetricUnit = "Currency"
	// UnitPercent is a percentage, such as a retention of 85.
	UnitPercent MetricUnit = "Percent"
	// UnitDays counts days, such as the days from a lead to its first call.
	UnitDays MetricUnit = "Days"
)

// MetricBehaviour says how values of a metric combine over time.
//
// +kubebuilder:validation:Enum=Flow;Stock
type MetricBehaviour string

const (
	// BehaviourFlow adds up over a window and starts at zero: revenue, leads.
	BehaviourFlow MetricBehaviour = "Flow"
	// BehaviourStock is a level, of which the newest value counts: retention, installed base.
	BehaviourStock MetricBehaviour = "Stock"
)

// MetricReporting says what an entry of a Flow metric holds.
//
// +kubebuilder:validation:Enum=Incremental;CumulativeInPeriod
type MetricReporting string

const (
	// ReportingIncremental entries each hold what was added since the entry before; negative ones take back (returns).
	ReportingIncremental MetricReporting = "Incremental"
	// ReportingCumulative entries each hold the total since the first day of the entry's fiscal year, or of the period of the plan
	// that the entry is about.
	ReportingCumulative MetricReporting = "CumulativeInPeriod"
)

// MetricDirection says which way is better.
//
// +kubebuilder:validation:Enum=Increase;Decrease
type MetricDirection string

const (
	// DirectionIncrease means that more is better.
	DirectionIncrease MetricDirection = "Increase"
	// DirectionDecrease means that less is better, as for churn or days to first call.
	DirectionDecrease MetricDirection = "Decrease"
)

// MetricRole says which part of a campaign's account a metric fills.
//
// +kubebuilder:validation:Enum=Cost;Leads;Opportunities;Wins;Pipeline;Revenue
type MetricRole string

const (
	// RoleCost is what a campaign has cost so far.
	RoleCost MetricRole = "Cost"
	// RoleLeads counts the qualified leads of a campaign.
	RoleLeads MetricRole = "Leads"
	// RoleOpportunities counts the sales opportunities that came of a campaign's leads.
	RoleOpportunities MetricRole = "Opportunities"
	// RoleWins counts the sales opportunities that were won.
	RoleWins MetricRole = "Wins"
	// RolePipeline is the value of the sales opportunities that came of a campaign.
	RolePipeline MetricRole = "Pipeline"
	// RoleRevenue is the revenue that came of a campaign.
	RoleRevenue MetricRole = "Revenue"
)

// Cadence is a regular fiscal interval.
//
// +kubebuilder:validation:Enum=Month;Quarter;Half;Year
type Cadence string

const (
	// CadenceMonth is every fiscal month.
	CadenceMonth Cadence = "Month"
	// CadenceQuarter is every fiscal quarter.
	CadenceQuarter Cadence = "Quarter"
	// CadenceHalf is every half of a fiscal year.
	CadenceHalf Cadence = "Half"
	// CadenceYear is every fiscal year.
	CadenceYear Cadence = "Year"
)

// Metric is an entry of the program's catalogue of metrics, which makes plans comparable: goals and measurements name
// a metric of the catalogue and nothing else.
//
// +kubebuilder:validation:XValidation:rule="!has(self.reporting) || self.behaviour == 'Flow'",message="reporting applies to metrics with behaviour Flow only: remove reporting, or make behaviour Flow"
// +kubebuilder:validation:XValidation:rule="!has(self.role) || self.behaviour == 'Flow'",message="a metric with a role must have behaviour Flow: remove role, or make behaviour Flow"
// +kubebuilder:validation:XValidation:rule="!has(self.role) || (self.role in ['Cost', 'Pipeline', 'Revenue'] ? self.unit == 'Currency' : self.unit == 'Count')",message="the roles Cost, Pipeline and Revenue need unit Currency, Leads, Opportunities and Wins need unit Count"
// +kubebuilder:validation:XValidation:rule="!has(self.resellerResults) || self.resellerResults != 'Included' || self.behaviour == 'Flow'",fieldPath=".resellerResults",message="only a metric with behaviour Flow is added up over resellers: remove resellerResults, or make behaviour Flow"
type Metric struct {
	// name is how goals, measurements and rules refer to the metric, such as qualified-leads.
	// +required
	Name Name `json:"name,omitempty"`

	// definition says what exactly is measured, such as "budget and date confirmed, accepted by sales".
	// +optional
	Definition Note `json:"definition,omitempty"`

	// unit is Count, Currency (the program's currency), Percent or Days.
	// +required
	Unit MetricUnit `json:"unit,omitempty"`

	// behaviour is Flow (adds up over a window, starts at zero) or Stock (a level; the newest value counts).
	// +required
	Behaviour MetricBehaviour `json:"behaviour,omitempty"`

	// reporting says what an entry of a Flow metric holds: Incremental (what was added since the entry before) or
	// CumulativeInPeriod (the total since the start of the plan's period, or of the fiscal year when the entry is not about a plan or campaign).
	// Absent means Incremental.
	// +optional
	Reporting MetricReporting `json:"reporting,omitempty"`

	// direction is Increase (more is better) or Decrease (less is better). Absent means Increase.
	// +optional
	Direction MetricDirection `json:"direction,omitempty"`

	// role says which part of a campaign's account the metric fills: Cost, Leads, Opportunities, Wins, Pipeline or Revenue. At most one
	// metric has each role.
	// +optional
	Role MetricRole `json:"role,omitempty"`

	// reportEvery is how often results are reported: Month, Quarter, Half or Year. Absent means Month.
	// +optional
	ReportEvery Cadence `json:"reportEvery,omitempty"`

	// reportingLagDays is how many days after the end of a reporting interval its results are due. Until then a missing result is unknown, from then
	// on it counts as zero and the plan is ResultsStale. Absent means 0. From 0 to 366.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=366
	ReportingLagDays *int32 `json:"reportingLagDays,omitempty"`

	// sourceOfRecord is the one source whose measurements count, by the name in a MeasurementSet's spec.source. Absent means
	// any, but only one per subject.
	// +optional
	SourceOfRecord Name `json:"sourceOfRecord,omitempty"`

	// resellerResults says whether a distributor's figures of a Flow metric hold those of the partners that buy through it, each result counted once:
	// Included or Separate. A reseller's own figures are its own either way. Absent means Separate.
	// +optional
	ResellerResults ResellerResults `json:"resellerResults,omitempty"`
}

// Initiative is one of the vendor's go-to-market initiatives, to which goals and strategies align.
//
// +kubebuilder:validation:XValidation:rule="!has(self.from) || !has(self.through) || self.from <= self.through",message="from must not be after through"
type Initiative struct {
	// name is how goals, strategies and campaigns refer to the initiative.
	// +required
	Name Name `json:"name,omitempty"`

	// title is the initiative's name for people.
	// +optional
	Title Title `json:"title,omitempty"`

	// from is the first day on which the initiative is in force. Absent means that it always was.
	// +optional
	From Date `json:"from,omitempty"`

	// through is the last day on which the initiative is in force. Absent means that it goes on.
	// +optional
	Through Date `json:"through,omitempty"`
}

// ProofType is a kind of proof of performance.
//
// +kubebuilder:validation:Enum=Invoice;ProofOfPayment;AttendeeList;Photo;Creative;Report;Screenshot;Agenda
type ProofType string

// Activity is an entry of the program's catalogue of marketing activities.
//
// +kubebuilder:validation:XValidation:rule="!has(self.leadTimeDays) || !has(self.leadTimeBusinessDays)",message="give at most one of leadTimeDays and leadTimeBusinessDays"
type Activity struct {
	// type is how plans and campaigns refer to the activity, such as Webinar.
	// +required
	Type ActivityType `json:"type,omitempty"`

	// reimbursementPercent is the share of the net eligible cost that the vendor pays, such as "50". Absent means none.
	// +optional
	ReimbursementPercent Percent `json:"reimbursementPercent,omitempty"`

	// leadTimeBusinessDays is how many business days before the start of the activity a request must be made. Absent means 0. From 0 to 120.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=120
	LeadTimeBusinessDays *int32 `json:"leadTimeBusinessDays,omitempty"`

	// leadTimeDays is the lead time in calendar days, where it is not in business days: a last day that is a holiday or on a weekend stays the last day.
	// Absent means that leadTimeBusinessDays alone counts. From 0 to 366.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=366
	LeadTimeDays *int32 `json:"leadTimeDays,omitempty"`

	// resubmissionLeadTimeDays is how many calendar days before the start a request that was returned or rejected must be submitted again
	// (spec.resubmittedOn). Absent means the lead time of a first request. From 0 to 366.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=366
	ResubmissionLeadTimeDays *int32 `json:"resubmissionLeadTimeDays,omitempty"`

	// claimWithinDays is how many days after the end of the activity a claim may be made. Absent means 90. From 0 to 366.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=366
	ClaimWithinDays *int32 `json:"claimWithinDays,omitempty"`

	// proofs lists the proofs of performance that a claim must bring: Invoice, ProofOfPayment, AttendeeList, Photo, Creative, Report, Screenshot or
	// Agenda. At most 8, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	Proofs []ProofType `json:"proofs,omitempty"`

	// creative is Approved when the vendor approves what is shown before money is spent on it: by the digest of the file, in an ApprovalDecision on the
	// request. Absent means that it is not asked for.
	// +optional
	Creative CreativeRule `json:"creative,omitempty"`
}

// ProofDeadline says until when one proof must be received. One that comes later does not count.
//
// +kubebuilder:validation:XValidation:rule="has(self.withinDays) != has(self.withinBusinessDays)",message="give exactly one of withinDays and withinBusinessDays"
type ProofDeadline struct {
	// type is the kind of proof, for activities that need it: Invoice, ProofOfPayment, AttendeeList, Photo, Creative, Report, Screenshot or Agenda.
	// +required
	Type ProofType `json:"type,omitempty"`

	// activity is the type of activity that it is for; it goes before a deadline for all. Absent means all.
	// +optional
	Activity ActivityType `json:"activity,omitempty"`

	// withinDays is how many calendar days after the end of the activity: 0 to 366.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=366
	WithinDays *int32 `json:"withinDays,omitempty"`

	// withinBusinessDays is how many business days after the end of the activity: 0 to 120.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=120
	WithinBusinessDays *int32 `json:"withinBusinessDays,omitempty"`
}

// ActivityType names an entry of the activity catalogue, such as Webinar: letters and digits, first letter a capital.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=63
// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Z][A-Za-z0-9]*$')",message="must begin with a capital letter and consist of letters and digits, such as TradeShow"
type ActivityType string

// SeasonCurve says how a result is usually spread over the calendar year in one segment. It shapes the expected pace of
// goals that give no milestones.
type SeasonCurve struct {
	// segment is the market segment whose plans follow the curve, such as schools.
	// +required
	Segment Name `json:"segment,omitempty"`

	// monthWeights holds twelve weights, January first: the share of each calendar month in the year's result relative to the others, at least one of
	// them above zero. Within a month the result is spread evenly over its days. At most 12.
	// +required
	// +kubebuilder:validation:XValidation:rule="self.exists(w, w.matches('[1-9]'))",message="at least one month must have a weight above zero"
	// +listType=atomic
	// +kubebuilder:validation:MinItems=12
	// +kubebuilder:validation:MaxItems=12
	MonthWeights []Percent `json:"monthWeights,omitempty"`
}

// ExchangeRate is the program's stated rate between two currencies, in force from its day until the next one's of the same two.
//
// +kubebuilder:validation:XValidation:rule="self.from != self.to",message="from and to must be different currencies"
type ExchangeRate struct {
	// from is the currency that is converted.
	// +required
	From CurrencyCode `json:"from,omitempty"`

	// to is the currency that it is converted into.
	// +required
	To CurrencyCode `json:"to,omitempty"`

	// effectiveFrom is the first day on which the rate is in force.
	// +required
	EffectiveFrom Date `json:"effectiveFrom,omitempty"`

	// rate is the number of units of to per unit of from, such as "0.90".
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-') && !self.matches('^0([.]0+)?$')",message="must be above zero"
	Rate Decimal `json:"rate,omitempty"`
}

// NamespacesFrom says which namespaces may use a cluster-scoped object.
//
// +kubebuilder:validation:Enum=All;Selector
type NamespacesFrom string

const (
	// NamespacesFromAll lets every namespace use the object.
	NamespacesFromAll NamespacesFrom = "All"
	// NamespacesFromSelector lets the namespaces use the object whose labels match the selector.
	NamespacesFromSelector NamespacesFrom = "Selector"
)

// AllowedNamespaces says which namespaces may use a cluster-scoped object.
//
// +kubebuilder:validation:XValidation:rule="self.from == 'Selector' ? has(self.selector) : !has(self.selector)",message="selector is required when from is Selector and must be absent otherwise"
type AllowedNamespaces struct {
	// from is All or Selector.
	// +required
	From NamespacesFrom `json:"from,omitempty"`

	// selector chooses namespaces by their labels when from is Selector: at most 16 labels and 16 expressions.
	// +optional
	// +kubebuilder:validation:XValidation:rule="(!has(self.matchLabels) || self.matchLabels.size() <= 16) && (!has(self.matchExpressions) || self.matchExpressions.size() <= 16)",message="a selector may have at most 16 labels and 16 expressions"
	Selector *metav1.LabelSelector `json:"selector,omitempty"`
}

// RoleFinance is the role of who pays for the vendor.
const RoleFinance = "Finance"

// RoleHolder is the person who holds a role of the vendor.
type RoleHolder struct {
	// role is the role, such as ChannelDirector.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=28
	Role string `json:"role,omitempty"`

	// name is the person's name.
	// +required
	Name Person `json:"name,omitempty"`
}

// PartnerProgramSpec is what a vendor's program asks and offers.
//
// +kubebuilder:validation:XValidation:rule="self.ruleSets.all(a, self.ruleSets.exists_one(b, b.effectiveFrom == a.effectiveFrom))",fieldPath=".ruleSets",message="each rule set needs an effectiveFrom of its own: two rule sets cannot start on one day"
// +kubebuilder:validation:XValidation:rule="self.metrics.all(a, !has(a.role) || self.metrics.exists_one(b, has(b.role) && b.role == a.role))",fieldPath=".metrics",message="no two metrics may have the same role: remove role from one of them"
// +kubebuilder:validation:XValidation:rule="self.ruleSets.map(r, has(r.tiers) ? r.tiers.size() : 0).sum() <= 16",fieldPath=".ruleSets",message="all rule sets together may have at most 16 tiers: remove rule sets that are no longer needed"
// +kubebuilder:validation:XValidation:rule="self.ruleSets.map(r, has(r.realism) ? r.realism.size() : 0).sum() <= 56",fieldPath=".ruleSets",message="all rule sets together may have at most 56 realism bounds: remove rule sets that are no longer needed"
// +kubebuilder:validation:XValidation:rule="self.ruleSets.map(r, has(r.escalation) ? r.escalation.size() : 0).sum() <= 32",fieldPath=".ruleSets",message="all rule sets together may have at most 32 steps of escalation: remove rule sets that are no longer needed"
// +kubebuilder:validation:XValidation:rule="self.ruleSets.map(r, has(r.points) ? r.points.size() : 0).sum() <= 32",fieldPath=".ruleSets",message="all rule sets together may have at most 32 entries of points: remove rule sets that are no longer needed"
type PartnerProgramSpec struct {
	// displayName is the program's name for people.
	// +optional
	DisplayName Title `json:"displayName,omitempty"`

	// allowedNamespaces says which namespaces may hold partners of this program. Absent means all.
	// +optional
	AllowedNamespaces *AllowedNamespaces `json:"allowedNamespaces,omitempty"`

	// roles says who holds the vendor's roles that rules name, such as those of escalations and disputes; Finance is who pays. At most 5, each once.
	// +optional
	// +listType=map
	// +listMapKey=role
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=5
	Roles []RoleHolder `json:"roles,omitempty"`

	// calendar is the fiscal calendar by which all days and periods of the program are meant.
	// +required
	Calendar Calendar `json:"calendar,omitzero"`

	// currency is the ISO 4217 code of the currency of all metrics with unit Currency, such as EUR.
	// +required
	Currency CurrencyCode `json:"currency,omitempty"`

	// metrics is the catalogue of metrics. At most 64, each with its own name.
	// +required
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	Metrics []Metric `json:"metrics,omitempty"`

	// initiatives is the catalogue of the vendor's go-to-market initiatives. At most 32, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	Initiatives []Initiative `json:"initiatives,omitempty"`

	// territories is the catalogue of territories that partners sell in. A partner or an audience that names another is a finding. Absent means that any
	// name will do. At most 64, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	Territories []Name `json:"territories,omitempty"`

	// segments is the catalogue of market segments that partners sell to. A partner or a plan that names another is a finding. Absent means that any name
	// will do. At most 32, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	Segments []Name `json:"segments,omitempty"`

	// activities is the catalogue of marketing activities. At most 32, each with its own type.
	// +optional
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=32
	Activities []Activity `json:"activities,omitempty"`

	// benefits is the catalogue of what partners get besides money: days of a sales engineer, marketing hours, training seats, credits. Tiers say how much.
	// At most 16, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Benefits []ProgramBenefit `json:"benefits,omitempty"`

	// initiativeRates raises or lowers the rates of activities by the initiatives that they serve. Of all entries that fit an activity the best one for the
	// partner counts; the rate stays between 0 and 100 percent, and a reduced standing comes after. At most 12.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=12
	InitiativeRates []InitiativeRate `json:"initiativeRates,omitempty"`

	// proofDeadlines lists proofs that must be received sooner than the claim, such as the list of attendees: at most 12, of which no two are of one type
	// for the same activity.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=12
	// +kubebuilder:validation:XValidation:rule="self.all(a, self.exists_one(b, b.type == a.type && has(b.activity) == has(a.activity) && (!has(a.activity) || b.activity == a.activity)))",message="a type of proof has one deadline for an activity: remove the other"
	ProofDeadlines []ProofDeadline `json:"proofDeadlines,omitempty"`

	// seasonCurves holds a season curve per segment. At most 16, each with its own segment.
	// +optional
	// +listType=map
	// +listMapKey=segment
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	SeasonCurves []SeasonCurve `json:"seasonCurves,omitempty"`

	// exchangeRates are the rates at which requests for money in a currency other than their budget's are converted. The rate in force on the day of
	// the approval holds permanently. There is no rate but those stated here, and none is inverted. At most 64, each with its own from, to and
	// effectiveFrom.
	// +optional
	// +listType=map
	// +listMapKey=from
	// +listMapKey=to
	// +listMapKey=effectiveFrom
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	ExchangeRates []ExchangeRate `json:"exchangeRates,omitempty"`

	// ruleSets are the versions of the program's rules, each in force from its day until the next one's. A new version is a new entry, so that every
	// verdict can say under which rules it was given. At most 8, each with its own name.
	// +required
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=8
	RuleSets []RuleSet `json:"ruleSets,omitempty"`
}

// TierCount counts the partners of one effective tier.
type TierCount struct {
	// tier is the tier's name; empty for partners of no tier.
	// +required
	// +kubebuilder:validation:MinLength=0
	// +kubebuilder:validation:MaxLength=63
	Tier string `json:"tier"`

	// partners is the number of partners of the tier.
	// +required
	// +kubebuilder:validation:Minimum=0
	Partners int32 `json:"partners"`
}

// VerdictCount counts the plans by how they stand.
type VerdictCount struct {
	// onTrack counts the plans whose pace reaches the program's onTrackFromPercent.
	// +required
	// +kubebuilder:validation:Minimum=0
	OnTrack int32 `json:"onTrack"`

	// atRisk counts the plans between atRiskFromPercent and onTrackFromPercent.
	// +required
	// +kubebuilder:validation:Minimum=0
	AtRisk int32 `json:"atRisk"`

	// offTrack counts the plans below atRiskFromPercent.
	// +required
	// +kubebuilder:validation:Minimum=0
	OffTrack int32 `json:"offTrack"`

	// unknown counts the plans that cannot be judged yet.
	// +required
	// +kubebuilder:validation:Minimum=0
	Unknown int32 `json:"unknown"`
}

// InitiativeCoverage says how many current plans serve an initiative.
type InitiativeCoverage struct {
	// initiative is the initiative's name.
	// +required
	Initiative Name `json:"initiative,omitempty"`

	// plans is the number of plans with a goal or strategy that names the initiative.
	// +required
	// +kubebuilder:validation:Minimum=0
	Plans int32 `json:"plans"`
}

// FiscalYearRollUp adds up the plans of one fiscal year. A plan that closes stays in its sums.
type FiscalYearRollUp struct {
	// fiscalYear is the fiscal year in which the periods of the plans begin, such as 2027.
	// +required
	// +kubebuilder:validation:Minimum=1
	FiscalYear int32 `json:"fiscalYear,omitempty"`

	// plans is the number of plans.
	// +required
	// +kubebuilder:validation:Minimum=0
	Plans int32 `json:"plans"`

	// closed is the number of these that are closed.
	// +required
	// +kubebuilder:validation:Minimum=0
	Closed int32 `json:"closed"`

	// approved is the number of these plans, closed or not, that have a plan of record.
	// +required
	// +kubebuilder:validation:Minimum=0
	Approved int32 `json:"approved"`

	// overdue is the number of these plans, closed or not, whose review is overdue.
	// +required
	// +kubebuilder:validation:Minimum=0
	Overdue int32 `json:"overdue"`

	// verdicts counts the plans, closed or not, by how they stand.
	// +required
	Verdicts VerdictCount `json:"verdicts"`
}

// PartnerProgramStatus is how the program stands. The counts are a roll-up of the partners' and plans' statuses.
type PartnerProgramStatus struct {
	CommonStatus `json:",inline"`

	// ruleSet is the name of the rule set in force.
	// +optional
	RuleSet Name `json:"ruleSet,omitempty"`

	// nextRuleSet is the name of the rule set that comes into force next.
	// +optional
	NextRuleSet Name `json:"nextRuleSet,omitempty"`

	// nextRuleSetFrom is the day on which nextRuleSet comes into force.
	// +optional
	NextRuleSetFrom Date `json:"nextRuleSetFrom,omitempty"`

	// fiscalPeriod is the current fiscal quarter, such as "FY2027 Q2".
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	FiscalPeriod string `json:"fiscalPeriod,omitempty"`

	// partners is the number of partners of the program.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Partners *int32 `json:"partners,omitempty"`

	// partnersOnHold is the number of partners whose standing is Hold.
	// +optional
	// +kubebuilder:validation:Minimum=0
	PartnersOnHold *int32 `json:"partnersOnHold,omitempty"`

	// plans is the number of plans that are not closed.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Plans *int32 `json:"plans,omitempty"`

	// plansOverdue is the number of plans, closed or not, whose review is overdue.
	// +optional
	// +kubebuilder:validation:Minimum=0
	PlansOverdue *int32 `json:"plansOverdue,omitempty"`

	// verdicts counts the plans that are not closed by how they stand.
	// +optional
	Verdicts *VerdictCount `json:"verdicts,omitempty"`

	// fiscalYears add up all plans by the fiscal year in which their period begins, closed ones among them; the last 8, newest first.
	// +optional
	// +listType=map
	// +listMapKey=fiscalYear
	// +kubebuilder:validation:MaxItems=8
	FiscalYears []FiscalYearRollUp `json:"fiscalYears,omitempty"`

	// tiers counts the partners by effective tier, highest first.
	// +optional
	// +listType=map
	// +listMapKey=tier
	// +kubebuilder:validation:MaxItems=97
	Tiers []TierCount `json:"tiers,omitempty"`

	// initiatives says how many plans serve each initiative in force.
	// +optional
	// +listType=map
	// +listMapKey=initiative
	// +kubebuilder:validation:MaxItems=64
	Initiatives []InitiativeCoverage `json:"initiatives,omitempty"`
}

// PartnerProgram is a vendor's program: its calendar, catalogues and effective-dated rules. It is the one standard form
// by which all plans of all partners are written and judged.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,shortName=pprog,categories=jmp
// +kubebuilder:printcolumn:name="Act-By",type=string,JSONPath=`.status.nextSteps[0].by`
// +kubebuilder:printcolumn:name="Who",type=string,JSONPath=`.status.nextSteps[0].party`
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="RuleSet",type=string,JSONPath=`.status.ruleSet`
// +kubebuilder:printcolumn:name="Partners",type=integer,JSONPath=`.status.partners`
// +kubebuilder:printcolumn:name="OnHold",type=integer,JSONPath=`.status.partnersOnHold`
// +kubebuilder:printcolumn:name="Plans",type=integer,JSONPath=`.status.plans`
// +kubebuilder:printcolumn:name="Overdue",type=integer,JSONPath=`.status.plansOverdue`
// +kubebuilder:printcolumn:name="Next",type=string,priority=1,JSONPath=`.status.nextSteps[0].do`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="metadata.name must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit"
type PartnerProgram struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is what the program asks and offers.
	// +required
	Spec PartnerProgramSpec `json:"spec,omitzero"`

	// status is how the program stands, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status PartnerProgramStatus `json:"status,omitzero"`
}

// PartnerProgramList is a list of PartnerPrograms.
//
// +kubebuilder:object:root=true
type PartnerProgramList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the programs.
	Items []PartnerProgram `json:"items"`
}

// Condition reasons of PartnerProgram besides those of all kinds.
const (
	// ReasonNoRuleSetInForce surfaces on Ready and Stalled when no rule set is in force; on Ready alone, with status True, while one is to come.
	ReasonNoRuleSetInForce = "NoRuleSetInForce"
)
