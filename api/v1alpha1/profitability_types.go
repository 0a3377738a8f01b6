package v1alpha1

// CostLine is a cost that a new partner bears for the partnership, in the program's currency.
//
// +kubebuilder:validation:XValidation:rule="has(self.start) || has(self.monthly)",message="give at least one of start and monthly"
type CostLine struct {
	// name is the name of the cost, such as certification.
	// +required
	Name Name `json:"name,omitempty"`

	// start is what it costs once, before the first month.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Start Decimal `json:"start,omitempty"`

	// monthly is what it costs in each month from the first on.
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Monthly Decimal `json:"monthly,omitempty"`
}

// Profitability are the assumptions by which the vendor projects when a partnership pays for a new partner. The revenue comes from what other partners
// made in the months since they joined, as the newest Benchmark has it.
type Profitability struct {
	// marginPercent is the share of its revenue that a partner keeps, before the costs below.
	// +required
	MarginPercent Percent `json:"marginPercent,omitempty"`

	// costs lists what the partnership costs a partner. Absent means that it costs nothing. At most 20, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=20
	Costs []CostLine `json:"costs,omitempty"`
}
