package v1alpha1

// Funder is who pays a part of what an activity costs.
//
// +kubebuilder:validation:Enum=Vendor;Partner;ThirdParty
type Funder string

const (
	// FunderVendor is the vendor, with market development funds.
	FunderVendor Funder = "Vendor"
	// FunderPartner is the partner itself.
	FunderPartner Funder = "Partner"
	// FunderThirdParty is somebody else, such as a distributor or another vendor.
	FunderThirdParty Funder = "ThirdParty"
)

// ActivityFunding is the part of an activity's cost that one funder pays.
type ActivityFunding struct {
	// funder is Vendor, Partner or ThirdParty.
	// +required
	Funder Funder `json:"funder,omitempty"`

	// amount is what it pays, in the currency of the cost.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Amount Decimal `json:"amount,omitempty"`
}

// FundedCost is a cost by who pays it, in units of the currency.
type FundedCost struct {
	// vendor is what the vendor is to pay, in units of the currency.
	// +required
	Vendor Decimal `json:"vendor,omitempty"`

	// partner is what the partner is to pay, in units of the currency.
	// +required
	Partner Decimal `json:"partner,omitempty"`

	// thirdParty is what others are to pay, in units of the currency.
	// +required
	ThirdParty Decimal `json:"thirdParty,omitempty"`

	// total is all three together, in units of the currency.
	// +required
	Total Decimal `json:"total,omitempty"`
}

// BudgetLine is what an activity is to cost by funder, and the market development funds for it, in units of the currency.
type BudgetLine struct {
	// vendor is what the vendor is to pay, in units of the currency.
	// +required
	Vendor Decimal `json:"vendor,omitempty"`

	// partner is what the partner is to pay, in units of the currency.
	// +required
	Partner Decimal `json:"partner,omitempty"`

	// thirdParty is what others are to pay, in units of the currency.
	// +required
	ThirdParty Decimal `json:"thirdParty,omitempty"`

	// granted is what the vendor has granted, in units of the currency.
	// +required
	Granted Decimal `json:"granted,omitempty"`

	// paid is what the vendor has paid on claims, in units of the currency.
	// +required
	Paid Decimal `json:"paid,omitempty"`
}

// ActivityBudget is the budget of an activity of the plan.
type ActivityBudget struct {
	BudgetLine `json:",inline"`

	// name is the activity.
	// +required
	Name Name `json:"name,omitempty"`
}

// PlanBudget is what the activities of a plan are to cost, by who pays, beside what the vendor has granted and paid. It is about the terms under which the
// plan is evaluated.
type PlanBudget struct {
	// currency is the program's currency, in which everything here is.
	// +required
	Currency CurrencyCode `json:"currency,omitempty"`

	// planned is the cost of all activities. Where an activity does not say who funds it, the vendor pays the rate of its type, rounded down, and the
	// partner the rest.
	// +required
	Planned FundedCost `json:"planned,omitzero"`

	// granted is what the vendor has granted, in units of the currency.
	// +required
	Granted Decimal `json:"granted,omitempty"`

	// paid is what the vendor has paid on claims, in units of the currency.
	// +required
	Paid Decimal `json:"paid,omitempty"`

	// activities are the activities of the plan, by name; the first 16.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=16
	Activities []ActivityBudget `json:"activities,omitempty"`

	// others is what further activities come to, with the money for activities that the plan does not have: with it the lines make the totals. Absent
	// when there is neither.
	// +optional
	Others *BudgetLine `json:"others,omitempty"`

	// message says what the sums leave out. Absent when they leave nothing out.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Message string `json:"message,omitempty"`
}
