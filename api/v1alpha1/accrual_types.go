package v1alpha1

// StepsApply says of what the percentages of steps are.
//
// +kubebuilder:validation:Enum=Marginal;Retroactive
type StepsApply string

const (
	// StepsMarginal lets each percentage hold for the part of the metric in its own band: above its step, up to the next one.
	StepsMarginal StepsApply = "Marginal"
	// StepsRetroactive lets the percentage of the highest step that is reached hold for all of the metric.
	StepsRetroactive StepsApply = "Retroactive"
)

// PercentStep is a step of a table of percentages. It begins above its threshold: who has exactly that much has not reached it.
type PercentStep struct {
	// above is the value of the metric above which the step begins, in the metric's unit: "0" for the lowest. A value below zero, as after returns,
	// takes the percentage of the step above 0.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Above Decimal `json:"above,omitempty"`

	// percent is what is earned at this step, 0 to 1000, such as "2".
	// +required
	Percent Percent `json:"percent,omitempty"`
}

// EventInterval is an interval that begins with the day of an event and lasts a number of months: 12 months from 2026-04-10 end with 2027-04-09. What is
// measured outside of it earns nothing.
//
// +kubebuilder:validation:XValidation:rule="has(self.metric) == (self.event == 'FirstResult')",message="metric is required for event FirstResult and must be absent otherwise"
type EventInterval struct {
	// event is AgreementSigned, MemberSince, FirstResult or FirstPlanApproved.
	// +required
	Event WindowEvent `json:"event,omitempty"`

	// metric is the metric, measured about the partner, whose first result above zero is the event, for FirstResult.
	// +optional
	Metric Name `json:"metric,omitempty"`

	// months is how many months the interval lasts: 1 to 60. It ends with the day before the same day of the month, or before the last day of a shorter
	// month: 6 months from 2026-08-31 end with 2027-02-27.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=60
	Months int32 `json:"months,omitempty"`
}
