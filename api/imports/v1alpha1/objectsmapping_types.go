package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// FieldName is the name of a field that an import fills, such as displayName or tierSince. The page of the import lists them.
//
// +kubebuilder:validation:MinLength=1
// +kubebuilder:validation:MaxLength=63
// +kubebuilder:validation:XValidation:rule="self.matches('^[a-z][A-Za-z]*$')",message="must be the name of a field such as displayName"
type FieldName string

// FieldSource says where a field comes from.
//
// +kubebuilder:validation:XValidation:rule="has(self.column) != has(self.value)",message="name the column, or give one value for all rows, but not both"
type FieldSource struct {
	// field is the field, such as tier.
	// +required
	Field FieldName `json:"field,omitempty"`

	// column is the column with the field.
	// +optional
	Column Header `json:"column,omitempty"`

	// value is what the field is in every row, where no column says it, such as the currency of all amounts. It is read as a cell would be.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	Value string `json:"value,omitempty"`
}

// FieldValue says what a text in a cell of a field means.
type FieldValue struct {
	// field is the field, such as tier.
	// +required
	Field FieldName `json:"field,omitempty"`

	// written is the text as it stands in the cell. Capitals and spaces at its ends make no difference.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	Written string `json:"written,omitempty"`

	// means is what it means: a tier, type, region, metric or currency, the name of a partner, or another text that the field takes.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	Means string `json:"means,omitempty"`
}

// DayFormat says how days are written.
type DayFormat struct {
	// format is how days are written, in YYYY, YY, MM, M, DD, D and MMM, such as DD/MM/YYYY. Absent means YYYY-MM-DD, DD.MM.YYYY, or a date of a workbook:
	// what can mean only one day.
	// +required
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=32
	Format string `json:"format,omitempty"`
}

// ObjectsMappingSpec says what the columns of a sheet mean, as far as their headers do not.
type ObjectsMappingSpec struct {
	// file says how the file is read.
	// +optional
	File *File `json:"file,omitempty"`

	// columns says where fields come from. A field that it does not name is found by its header. At most 64, each field once.
	// +optional
	// +listType=map
	// +listMapKey=field
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=64
	Columns []FieldSource `json:"columns,omitempty"`

	// values says what texts in cells mean. At most 4000, each text of a field once.
	// +optional
	// +listType=map
	// +listMapKey=field
	// +listMapKey=written
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=4000
	Values []FieldValue `json:"values,omitempty"`

	// day says how days are written.
	// +optional
	Day *DayFormat `json:"day,omitempty"`

	// decimalMark is Point or Comma. It is needed where a number such as 1.234 can be read in two ways.
	// +optional
	DecimalMark DecimalMark `json:"decimalMark,omitempty"`

	// missing lists the texts that say that there is nothing, such as "-" or "n/a". An empty cell always says so. At most 16.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=32
	Missing []string `json:"missing,omitempty"`

	// only leaves out the rows that do not have one of the values, such as partners of another program. Each entry must be met. At most 16.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Only []RowFilter `json:"only,omitempty"`

	// skip leaves out the rows that have one of the values, such as Total. At most 16.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	Skip []RowFilter `json:"skip,omitempty"`
}

// ObjectsMapping says how partners, budgets and past plans are imported from a sheet, as far as the headers of its columns do not.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster
type ObjectsMapping struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the mapping.
	// +required
	Spec ObjectsMappingSpec `json:"spec,omitzero"`
}
