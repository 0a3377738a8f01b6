package v1alpha1

// ReadinessStep is a step on the way to a plan that can be carried out.
//
// +kubebuilder:validation:Enum=Visualize;Synthesize;Organize;Educate;Execute
type ReadinessStep string

const (
	// StepVisualize is what vendor and partner want to become together, and why customers should buy from both.
	StepVisualize ReadinessStep = "Visualize"
	// StepSynthesize is what that means in goals, and by which strategies they are reached.
	StepSynthesize ReadinessStep = "Synthesize"
	// StepOrganize is who does what, with what money and resources, and what could go wrong.
	StepOrganize ReadinessStep = "Organize"
	// StepEducate is what those who carry the plan out have to know and to have at hand.
	StepEducate ReadinessStep = "Educate"
	// StepExecute is how it is begun and followed through.
	StepExecute ReadinessStep = "Execute"
)
