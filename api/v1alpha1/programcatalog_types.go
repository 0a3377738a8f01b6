package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// ProgramCatalog is what the PartnerProgram of the same name asks and offers, without what its status says of all partners. It is for those who may
// not read that: partners and their tools. The controller alone writes it, and keeps it equal to the program's spec.
//
// +kubebuilder:object:root=true
// +kubebuilder:resource:scope=Cluster,shortName=pcat,categories=jmp
// +kubebuilder:printcolumn:name="Currency",type=string,JSONPath=`.spec.currency`
// +kubebuilder:printcolumn:name="Age",type=date,JSONPath=`.metadata.creationTimestamp`
// +kubebuilder:validation:XValidation:rule="self.metadata.name.size() <= 63",message="metadata.name must be that of the PartnerProgram: at most 63 characters"
type ProgramCatalog struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the standard object metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitzero"`

	// spec is the spec of the program, without allowedNamespaces, which may name other partners.
	// +required
	// +kubebuilder:validation:Schemaless
	// +kubebuilder:validation:Type=object
	// +kubebuilder:pruning:PreserveUnknownFields
	Spec PartnerProgramSpec `json:"spec,omitzero"`
}

// ProgramCatalogList is a list of ProgramCatalogs.
//
// +kubebuilder:object:root=true
type ProgramCatalogList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the catalogs.
	Items []ProgramCatalog `json:"items"`
}

// Program returns the program as its catalog shows it: with its spec, and without a status.
func (c *ProgramCatalog) Program() *PartnerProgram {
	return &PartnerProgram{ObjectMeta: metav1.ObjectMeta{Name: c.Name}, Spec: *c.Spec.DeepCopy()}
}
