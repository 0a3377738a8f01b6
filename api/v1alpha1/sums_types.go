package v1alpha1

// PointsRule says how many points each result of one metric adds to another metric, which is computed and never measured.
//
// +kubebuilder:validation:XValidation:rule="self.metric != self.of",fieldPath=".of",message="a metric cannot count its own results: name another metric of the catalogue in of"
type PointsRule struct {
	// metric is the metric that is computed: a Flow of unit Count of the catalogue, or of unit Currency where all that it counts are. Results that are
	// reported for it on a day on which it is computed do not count.
	// +required
	Metric Name `json:"metric,omitempty"`

	// of is the metric whose results count: a Flow of the catalogue that is measured.
	// +required
	Of Name `json:"of,omitempty"`

	// points is what each per of the counted results adds, such as "4". Parts of a per count in proportion: nothing is rounded until it is shown.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Points Decimal `json:"points,omitempty"`

	// per is the quantity of results that is worth the points, in the unit of their metric, such as "100". Absent means "1".
	// +optional
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-') && !self.matches('^0([.]0+)?$')",message="must be above zero"
	Per Decimal `json:"per,omitempty"`
}

// Growth says against which earlier window a Flow metric is compared.
type Growth struct {
	// months is how many months before the window the other one lies, such as 12 for the same window of the year before. From 1 to 60.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=60
	Months int32 `json:"months,omitempty"`
}

// ForEach says for each of what a criterion must hold.
//
// +kubebuilder:validation:Enum=Territory
type ForEach string

const (
	// ForEachTerritory means each territory that the partner states in its spec.
	ForEachTerritory ForEach = "Territory"
)
