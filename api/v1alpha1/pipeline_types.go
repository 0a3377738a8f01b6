package v1alpha1

// Names under which an account by initiative holds what it cannot give to one.
const (
	// InitiativeSeveral is the entry of campaigns that serve several initiatives: what they brought is not split, and counts once.
	InitiativeSeveral Name = "several"
	// InitiativeNone is the entry of campaigns that serve no initiative of the program.
	InitiativeNone Name = "none"
)

// PipelineSums are what campaigns have brought and cost: the sums of what counts as each campaign's own, but for what the partner alone reports. All money
// is in units of currency. A sum is absent when it is measured of none of the campaigns: what is not measured is not zero.
type PipelineSums struct {
	// campaigns is the number of campaigns that are added up.
	// +required
	// +kubebuilder:validation:Minimum=0
	Campaigns int32 `json:"campaigns"`

	// measured is the number of these of which anything is measured.
	// +required
	// +kubebuilder:validation:Minimum=0
	Measured int32 `json:"measured"`

	// currency is the ISO 4217 code of the program's currency, in which all money of this account is.
	// +optional
	Currency CurrencyCode `json:"currency,omitempty"`

	// asOf is the newest day of the figures that are added up. A campaign that is measured through an earlier day counts with what it has.
	// +optional
	AsOf Date `json:"asOf,omitempty"`

	// leads is the number of leads, by the metric with role Leads.
	// +optional
	Leads Decimal `json:"leads,omitempty"`

	// opportunities is the number of sales opportunities, by the metric with role Opportunities.
	// +optional
	Opportunities Decimal `json:"opportunities,omitempty"`

	// wins is the number of opportunities that were won, by the metric with role Wins.
	// +optional
	Wins Decimal `json:"wins,omitempty"`

	// pipeline is the value of the sales opportunities, by the metric with role Pipeline, in units of the program's currency.
	// +optional
	Pipeline Decimal `json:"pipeline,omitempty"`

	// revenue is the revenue, by the metric with role Revenue, in units of the program's currency.
	// +optional
	Revenue Decimal `json:"revenue,omitempty"`

	// cost is the net cost, by the metric with role Cost, in units of the program's currency.
	// +optional
	Cost Decimal `json:"cost,omitempty"`

	// mdfGranted is what is granted to the requests for money of the plan: what is reserved, and what accepted claims took of it, paid or not. What
	// was released is not in it. It is in units of the program's currency. Absent when the plan has no request.
	// +optional
	MDFGranted Decimal `json:"mdfGranted,omitempty"`

	// mdfPaid is what was paid on the claims of these requests, without what came back, in units of the program's currency. Absent when the plan has no request.
	// +optional
	MDFPaid Decimal `json:"mdfPaid,omitempty"`

	// message says what the sums leave out, and why. Absent when that is nothing.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Message string `json:"message,omitempty"`
}

// PlanPipeline is what the campaigns of a plan have brought and cost.
type PlanPipeline struct {
	PipelineSums `json:",inline"`

	// initiatives are the same sums by initiative, in order of their names; at most 66. Each campaign, and each request for money, counts in one of
	// them, so they add up to the whole.
	// +optional
	// +listType=map
	// +listMapKey=initiative
	// +kubebuilder:validation:MaxItems=66
	Initiatives []InitiativePipeline `json:"initiatives,omitempty"`
}

// InitiativePipeline is what the campaigns for one initiative have brought and cost.
type InitiativePipeline struct {
	// initiative is the initiative that the campaigns serve: their own or else that of their activity in the plan. The entry several holds the campaigns
	// that serve more than one, the entry none those that serve none that the program has. Money that is requested for an activity counts
	// where the activity's campaigns do, and without one where the activity itself does.
	// +required
	Initiative Name `json:"initiative,omitempty"`

	// campaigns is the number of campaigns.
	// +required
	// +kubebuilder:validation:Minimum=0
	Campaigns int32 `json:"campaigns"`

	// cost is the net cost measured, by the metric with role Cost, in units of the program's currency.
	// +optional
	Cost Decimal `json:"cost,omitempty"`

	// mdfGranted is what is granted, as in the whole account, in units of the program's currency.
	// +optional
	MDFGranted Decimal `json:"mdfGranted,omitempty"`

	// mdfPaid is what was paid, as in the whole account, in units of the program's currency.
	// +optional
	MDFPaid Decimal `json:"mdfPaid,omitempty"`

	// pipeline is the value of the sales opportunities measured, by the metric with role Pipeline, in units of the program's currency.
	// +optional
	Pipeline Decimal `json:"pipeline,omitempty"`

	// revenue is the revenue measured, by the metric with role Revenue, in units of the program's currency.
	// +optional
	Revenue Decimal `json:"revenue,omitempty"`
}

// PartnerPipeline is what the campaigns of a partner's open plans have brought and cost.
type PartnerPipeline struct {
	PipelineSums `json:",inline"`

	// plans are the plans that are added up: those that are not closed, and have a campaign or a request for money; the first 8 by name.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=8
	Plans []Name `json:"plans,omitempty"`

	// furtherPlans is the number of plans that are added up besides those listed. Absent when there are none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	FurtherPlans *int32 `json:"furtherPlans,omitempty"` //nolint:kubeapilinter // absent is not zero
}

// ResellerTotals says of the partners that buy through a distributor which of them have a joint plan. It holds nothing of what these plans say: no
// targets, no figures, no approvals.
type ResellerTotals struct {
	// count is the number of partners of the same program that name the distributor in spec.parentRef, and may: they are in its namespace or in one of its
	// spec.childNamespaces.
	// +required
	// +kubebuilder:validation:Minimum=0
	Count int32 `json:"count"`

	// planned is the number of these that have a joint plan, approved or not, for a period with today in it.
	// +required
	// +kubebuilder:validation:Minimum=0
	Planned int32 `json:"planned"`

	// unplanned are those that have none, as namespace/name; the first 20.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=20
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=127
	Unplanned []string `json:"unplanned,omitempty"`

	// furtherUnplanned is the number of those without a plan besides those listed. Absent when there are none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	FurtherUnplanned *int32 `json:"furtherUnplanned,omitempty"` //nolint:kubeapilinter // absent is not zero
}
