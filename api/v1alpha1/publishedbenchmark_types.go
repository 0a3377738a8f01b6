package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// PracticeSharing says whether a partner's campaigns may be shown to other partners as worth copying.
//
// +kubebuilder:validation:Enum=Anonymous;Named
type PracticeSharing string

const (
	// ShareAnonymous means that they may be shown without the partner's name.
	ShareAnonymous PracticeSharing = "Anonymous"
	// ShareNamed means that they may be shown with the partner's name, so that others can ask how it was done.
	ShareNamed PracticeSharing = "Named"
)

// PublishedRow is what partners read of one cohort: to two significant digits, rounded down.
type PublishedRow struct {
	BenchmarkCohort `json:",inline"`
	Quartiles       `json:",inline"`
}

// Practice is a campaign that others may learn from, of a partner that agreed to have it shown.
type Practice struct {
	// activity is the type of the campaign.
	// +required
	Activity ActivityType `json:"activity,omitempty"`

	// segment is the market segment that it addressed. Absent where it named none.
	// +optional
	Segment Name `json:"segment,omitempty"`

	// why says by how much it is better than the middle of its like, such as "cost per lead 31 percent under the median".
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	Why string `json:"why,omitempty"`

	// by is the partner's name for people. Absent of a partner that wants not to be named.
	// +optional
	By Title `json:"by,omitempty"`
}

// PublishedBenchmarkSpec is what partners may know of what all have reached.
type PublishedBenchmarkSpec struct {
	BenchmarkPeriod `json:",inline"`

	// rows are the cohorts with their figures, by measure, the widest first. At most 240.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=240
	Rows []PublishedRow `json:"rows,omitempty"` //nolint:kubeapilinter // what an entry needs its inlined parts say

	// withheld are the cohorts whose figures are withheld, and why, by measure, the widest first. At most 120.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=120
	Withheld []WithheldCohort `json:"withheld,omitempty"`

	// leftOut is the number of cohorts that found no place in rows or withheld, the narrowest of each measure. Absent when all did.
	// +optional
	// +kubebuilder:validation:Minimum=1
	LeftOut *int32 `json:"leftOut,omitempty"` //nolint:kubeapilinter // absent is not zero

	// worthCopying are campaigns that were among the best quarter of their like, of partners that agreed to have them shown (sharesPractices of the
	// Partner), by activity and segment. None is of a cohort that is withheld. At most 20.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=20
	WorthCopying []Practice `json:"worthCopying,omitempty"`
}

// PublishedBenchmark is what partners may know of the Benchmark of the same name: the same cohorts to two significant digits, and what is worth copying.
// Plans and campaigns are judged by it, so that a verdict tells a partner nothing that it may not read. The manager alone writes it, once, and it
// cannot be changed.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,shortName=pbmk,categories=jmp
// +kubebuilder:printcolumn:name="Program",type=string,JSONPath=`.spec.programRef.name`
// +kubebuilder:printcolumn:name="Through",type=string,JSONPath=`.spec.days.through`
// +kubebuilder:printcolumn:name="Computed",type=string,JSONPath=`.spec.computedOn`
// +kubebuilder:printcolumn:name="Results-Through",type=string,JSONPath=`.spec.resultsThrough`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
type PublishedBenchmark struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is what partners may know. It cannot be changed.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="a benchmark cannot be changed: plans were judged by it"
	Spec PublishedBenchmarkSpec `json:"spec,omitzero"`
}

// PublishedBenchmarkList is a list of PublishedBenchmarks.
//
// +kubebuilder:object:root=true
type PublishedBenchmarkList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the published benchmarks.
	Items []PublishedBenchmark `json:"items"`
}
