package v1alpha1

// SharedActivity is an activity that several partners carry out together. Their requests (spec.sharedActivity of an MDFAllocation) draw on one amount,
// and what they claim of one invoice adds up to at most its net total. Nothing that one of them reads names another.
//
// +kubebuilder:validation:XValidation:rule="self.partners.all(p, has(p.weight)) || !self.partners.exists(p, has(p.weight))",fieldPath=".partners",message="give each partner a weight, or none"
type SharedActivity struct {
	// name is how requests name it, such as spring-fair.
	// +required
	Name Name `json:"name,omitempty"`

	// amount is the most that all requests for it are granted together, in units of the budget's currency, such as "5000.00".
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-') && !self.matches('^0([.]0+)?$')",message="must be above zero"
	Amount Decimal `json:"amount,omitempty"`

	// partners lists who carries it out: 2 to 8 partners. With weights each is granted at most its share of the amount; without, whatever the others
	// leave.
	// +required
	// +listType=map
	// +listMapKey=namespace
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=2
	// +kubebuilder:validation:MaxItems=8
	Partners []SharingPartner `json:"partners,omitempty"`
}

// SharingPartner is a partner that carries out a shared activity.
type SharingPartner struct {
	// namespace is the namespace of the partner.
	// +required
	Namespace Name `json:"namespace,omitempty"`

	// name is the name of the partner.
	// +required
	Name Name `json:"name,omitempty"`

	// weight is the partner's share of the amount relative to the weights of the others, 1 to 1000000. Shares are rounded down to the currency's digits;
	// what that leaves goes, one smallest unit each, to those with the largest remainders, then by name. Absent means that no share is set.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1000000
	Weight *int32 `json:"weight,omitempty"` //nolint:kubeapilinter // absent is not zero
}

// SharedActivityUse is what of a shared activity is granted.
type SharedActivityUse struct {
	// name is the name of the shared activity.
	// +required
	Name Name `json:"name,omitempty"`

	// granted is what is reserved and settled for it, by the ledger.
	// +required
	Granted Money `json:"granted,omitzero"`

	// left is what may still be granted for it, as far as the budget has it.
	// +required
	Left Money `json:"left,omitzero"`
}
