package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// ReportInterval is a fiscal interval that is reported on.
//
// +kubebuilder:validation:Enum=Quarter;Half;Year
type ReportInterval string

const (
	// ReportQuarterly is a fiscal quarter.
	ReportQuarterly ReportInterval = "Quarter"
	// ReportHalfYearly is a fiscal half-year.
	ReportHalfYearly ReportInterval = "Half"
	// ReportYearly is a fiscal year.
	ReportYearly ReportInterval = "Year"
)

// ReportPolicy says for which fiscal periods a program is reported on, and when the books of a period close.
type ReportPolicy struct {
	// every lists the fiscal intervals for each of which there is a ProgramReport: Quarter, Half or Year. A plan counts in the reports whose period holds
	// all of its own. Absent means Half and Year. At most 3, each once.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=3
	Every []ReportInterval `json:"every,omitempty"`

	// softCloseDays is how many days after the end of a period its report is provisional: by then what is of the period is expected to be known. Absent
	// means 30. From 0 to 366.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=366
	SoftCloseDays *int32 `json:"softCloseDays,omitempty"`

	// hardCloseDays is how many days after the end of a period its report is final, once every partner has contributed and every plan is closed.
	// Absent means 120. From 0 to 732.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=732
	HardCloseDays *int32 `json:"hardCloseDays,omitempty"`
}

// InitiativeTarget is what the vendor wants all partners together to reach for an initiative.
type InitiativeTarget struct {
	// initiative is the name of an initiative of the program.
	// +required
	Initiative Name `json:"initiative,omitempty"`

	// metric is the name of a metric of the program.
	// +required
	Metric Name `json:"metric,omitempty"`

	// period is the fiscal period by whose end it is to be reached. It counts in the report of this period.
	// +required
	Period Period `json:"period,omitzero"`

	// value is the target in the metric's unit.
	// +required
	Value Decimal `json:"value,omitempty"`
}

// CompetencyNeed is how many people of a partner must hold a competency.
type CompetencyNeed struct {
	// name is the competency, as in spec.competencies of a Partner.
	// +required
	Name Name `json:"name,omitempty"`

	// people is how many people of one partner must hold it: 1 to 1000.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1000
	People int32 `json:"people,omitempty"`
}

// CoverageCell is a market that the vendor wants partners in: a segment of a territory.
type CoverageCell struct {
	// territory is one of spec.territories of the program.
	// +required
	Territory Name `json:"territory,omitempty"`

	// segment is one of spec.segments of the program.
	// +required
	Segment Name `json:"segment,omitempty"`

	// minPartners is how many partners the cell needs that sell there directly and have the competencies: 1 to 1000. Absent means that of coverage.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1000
	MinPartners *int32 `json:"minPartners,omitempty"` //nolint:kubeapilinter // absent is not zero

	// competencies lists what each of these partners must have. Absent means those of coverage. At most 4, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=4
	Competencies []CompetencyNeed `json:"competencies,omitempty"`

	// competitors says in a few words who else sells there, for the reader. Nothing is computed from it.
	// +optional
	Competitors Word `json:"competitors,omitempty"`
}

// CoveragePolicy says in which markets the vendor wants partners.
type CoveragePolicy struct {
	// minPartners is how many partners a cell needs that sell there directly and have the competencies: 1 to 1000. Absent means 1. Distributors sell
	// through others, and are none of them.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1000
	MinPartners *int32 `json:"minPartners,omitempty"` //nolint:kubeapilinter // absent is not zero

	// competencies lists what each of these partners must have. Absent means nothing. At most 4, each with its own name.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=4
	Competencies []CompetencyNeed `json:"competencies,omitempty"`

	// cells are the markets. At most 200, each territory and segment once.
	// +required
	// +listType=map
	// +listMapKey=territory
	// +listMapKey=segment
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=200
	Cells []CoverageCell `json:"cells,omitempty"`
}

// Capacity is how much of a benefit the vendor has in a fiscal year.
type Capacity struct {
	// benefit is the name of a benefit of the program's tiers, such as se-days.
	// +required
	Benefit Name `json:"benefit,omitempty"`

	// fiscalYear is the fiscal year by the name that the program's calendar gives it, 1971 to 2197.
	// +required
	// +kubebuilder:validation:Minimum=1971
	// +kubebuilder:validation:Maximum=2197
	FiscalYear int32 `json:"fiscalYear,omitempty"`

	// quantity is how much of it there is, in the benefit's unit.
	// +required
	// +kubebuilder:validation:XValidation:rule="!self.startsWith('-')",message="must not be negative"
	Quantity Decimal `json:"quantity,omitempty"`
}

// ChannelStrategySpec is what a vendor wants of its program as a whole.
type ChannelStrategySpec struct {
	// reports says for which periods the program is reported on. Absent means its defaults.
	// +optional
	Reports *ReportPolicy `json:"reports,omitempty"`

	// targets are what all partners together are to reach, by initiative. At most 64, each initiative and metric once for a period.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	Targets []InitiativeTarget `json:"targets,omitempty"`

	// coverage says in which markets partners are wanted. Absent means that none is compared.
	// +optional
	Coverage *CoveragePolicy `json:"coverage,omitempty"`

	// conflictOwner is the role that settles it when two partners plan for the same account. Absent means ChannelDirector.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=28
	// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Z][A-Za-z0-9]*$')",message="must be a role such as ChannelDirector: letters and digits, the first one a capital letter"
	ConflictOwner string `json:"conflictOwner,omitempty"`

	// capacity is how much the vendor has of the benefits to which tiers entitle. At most 64, each benefit once for a year.
	// +optional
	// +listType=map
	// +listMapKey=benefit
	// +listMapKey=fiscalYear
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	Capacity []Capacity `json:"capacity,omitempty"`

	// managers says that evidence is kept about the channel managers of the program, and what their bonus asks for. Absent means that nothing is collected
	// about them.
	// +optional
	Managers *ManagerPolicy `json:"managers,omitempty"`

	// benchmarks says that what partners reached is compared after each fiscal quarter, and how they are protected. Absent means that no Benchmark is computed.
	// +optional
	Benchmarks *BenchmarkPolicy `json:"benchmarks,omitempty"`

	// profitability holds the assumptions by which it is projected when the partnership pays for a new partner. Absent means that nothing is projected.
	// +optional
	Profitability *Profitability `json:"profitability,omitempty"`

	// planningBaselineDays is how many days it took from the submission of a plan to its approval before, for comparison: 1 to 732. Absent means that nothing
	// is compared.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=732
	PlanningBaselineDays *int32 `json:"planningBaselineDays,omitempty"` //nolint:kubeapilinter // absent is not zero
}

// ChannelStrategyStatus says whether a strategy can be used.
type ChannelStrategyStatus struct {
	CommonStatus `json:",inline"`

	// reports are the names of the ProgramReports of the program, the newest period first; at most 24.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=24
	Reports []Name `json:"reports,omitempty"`
}

// ChannelStrategy is what the vendor wants of the PartnerProgram of the same name as a whole: targets by initiative, the markets that partners are to
// cover, and how the program is reported on. It is the vendor's alone: no partner may read it. A program
// without one is not reported on.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Cluster,shortName=chstrat,categories=jmp
// +kubebuilder:printcolumn:name="Ready",type=string,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Latest-Report",type=string,JSONPath=`.status.reports[0]`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 63",message="metadata.name must be that of the PartnerProgram: at most 63 characters"
type ChannelStrategy struct {
	metav1.TypeMeta `json:",inline"`
	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the strategy.
	// +required
	Spec ChannelStrategySpec `json:"spec,omitzero"`

	// status says whether the strategy can be used, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status ChannelStrategyStatus `json:"status,omitzero"`
}

// ChannelStrategyList is a list of ChannelStrategies.
//
// +kubebuilder:object:root=true
type ChannelStrategyList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the strategies.
	Items []ChannelStrategy `json:"items"`
}
