package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// SourcePartnerReported is the source of what a partner reports about itself. It counts for the figures of its campaigns and, where the program names
// it as a metric's sourceOfRecord, as any other source.
const SourcePartnerReported Name = "partner-reported"

// SubjectKind is a kind about which results are measured.
//
// +kubebuilder:validation:Enum=Partner;JointPlan;Campaign
type SubjectKind string

const (
	// SubjectPartner means results of a partner as a whole.
	SubjectPartner SubjectKind = "Partner"
	// SubjectJointPlan means results of a plan.
	SubjectJointPlan SubjectKind = "JointPlan"
	// SubjectCampaign means results of a campaign.
	SubjectCampaign SubjectKind = "Campaign"
)

// SubjectReference names the object that measurements are about, in the same namespace.
type SubjectReference struct {
	// kind is Partner, JointPlan or Campaign.
	// +required
	Kind SubjectKind `json:"kind,omitempty"`

	// name is the name of the object.
	// +required
	Name Name `json:"name,omitempty"`
}

// Measurement is one dated value of one metric.
//
// +kubebuilder:validation:XValidation:rule="!has(self.cohort) || self.cohort <= self.day",message="cohort must not be after day"
// +kubebuilder:validation:XValidation:rule="!has(self.reportedOn) || self.reportedOn >= self.day",message="reportedOn must not be before day: a result cannot be known before its day is over"
type Measurement struct {
	// metric is the name of a metric of the program's catalogue.
	// +required
	Metric Name `json:"metric,omitempty"`

	// day is the day through which the value is known: the day of a level, the last day of what a flow adds up.
	// +required
	Day Date `json:"day,omitempty"`

	// value is the value in the metric's unit. A negative value of an incremental flow takes back (returns).
	// +required
	Value Decimal `json:"value,omitempty"`

	// unit states the unit for readers: Count, Currency, Percent or Days. It must be the metric's: nothing is converted.
	// +optional
	Unit MetricUnit `json:"unit,omitempty"`

	// cohort is the day on which the leads were made that this result came of. It counts for the campaign only within
	// the attribution window after that day.
	// +optional
	Cohort Date `json:"cohort,omitempty"`

	// reportedOn is the day on which the value became known, where that matters: of a correction, and of what was reported late. Of several entries with the
	// same metric, day, cohort and transaction the one that was reported last counts, from the day after its reportedOn on; through that day the one before it
	// does, so that an evaluation of then still shows what was known. Absent means that the value was known on its day, and counts from it on.
	// +optional
	ReportedOn Date `json:"reportedOn,omitempty"`

	// transaction is the number of the deal, order or invoice that the value is of, as vendor, distributor and resellers all know it. Entries of different
	// transactions count each. Where a metric of a distributor holds its resellers' results, a transaction that several of them report counts once.
	// Numbers are compared by letters and digits. It has no meaning for levels and for totals of a period. Absent means that the value is of no single one.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Za-z0-9]([A-Za-z0-9 ._:/#-]*[A-Za-z0-9])?$')",message="must be the number of a transaction such as SO-2026/4711: letters, digits, spaces and the signs . _ : / # -"
	Transaction string `json:"transaction,omitempty"`
}

// MeasurementSetSpec is a set of measured values about one subject from one source.
type MeasurementSetSpec struct {
	// subjectRef names the Partner, JointPlan or Campaign that the values are about. It cannot be changed.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="cannot be changed: results are about one subject; create another MeasurementSet"
	SubjectRef SubjectReference `json:"subjectRef,omitzero"`

	// source is the system that the values come from, such as crm. One metric of one subject has one source. Who writes the set needs the right to report
	// it: the verb report on resultsources of this name. Partners may report partner-reported, which moves neither tier nor money unless the program
	// names it as the metric's sourceOfRecord. It cannot be changed.
	// +required
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="cannot be changed: results come from one source; create another MeasurementSet"
	Source Name `json:"source,omitempty"`

	// entries are the values. Within one source, an entry of the same metric, day, cohort and transaction counts once: the one that was reported last. At
	// most 500.
	// +required
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=500
	Entries []Measurement `json:"entries,omitempty"`
}

// MeasurementSetStatus says what was read of the values.
type MeasurementSetStatus struct {
	CommonStatus `json:",inline"`

	// latest is the newest day of all entries.
	// +optional
	Latest Date `json:"latest,omitempty"`

	// entries is the number of entries.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Entries *int32 `json:"entries,omitempty"`

	// ignored is the number of entries that do not count, each for a reason that findings give.
	// +optional
	// +kubebuilder:validation:Minimum=0
	Ignored *int32 `json:"ignored,omitempty"`
}

// MeasurementSet holds dated results about one partner, plan or campaign from one source. It is a kind of its own because
// other people and machines write results than write plans.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:resource:scope=Namespaced,shortName=mset,categories=jmp-records
// +kubebuilder:selectablefield:JSONPath=`.spec.subjectRef.kind`
// +kubebuilder:selectablefield:JSONPath=`.spec.subjectRef.name`
// +kubebuilder:printcolumn:name="Act-By",type=string,JSONPath=`.status.nextSteps[0].by`
// +kubebuilder:printcolumn:name="Who",type=string,JSONPath=`.status.nextSteps[0].party`
// +kubebuilder:printcolumn:name="Subject-Kind",type=string,JSONPath=`.spec.subjectRef.kind`
// +kubebuilder:printcolumn:name="Subject",type=string,JSONPath=`.spec.subjectRef.name`
// +kubebuilder:printcolumn:name="Source",type=string,JSONPath=`.spec.source`
// +kubebuilder:printcolumn:name="Latest",type=string,JSONPath=`.status.latest`
// +kubebuilder:printcolumn:name="Entries",type=integer,JSONPath=`.status.entries`
// +kubebuilder:printcolumn:name="Ready",type=string,priority=1,JSONPath=`.status.conditions[?(@.type=="Ready")].status`
// +kubebuilder:printcolumn:name="Next",type=string,priority=1,JSONPath=`.status.nextSteps[0].do`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",message="metadata.name must consist of at most 63 lower-case letters, digits and hyphens, and begin and end with a letter or digit"
type MeasurementSet struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the set of values.
	// +required
	Spec MeasurementSetSpec `json:"spec,omitzero"`

	// status says what was read of the values, written by the controller alone.
	// +optional
	// +kubebuilder:default:={"observedGeneration":-1}
	Status MeasurementSetStatus `json:"status,omitzero"`
}

// MeasurementSetList is a list of MeasurementSets.
//
// +kubebuilder:object:root=true
type MeasurementSetList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the sets.
	Items []MeasurementSet `json:"items"`
}
