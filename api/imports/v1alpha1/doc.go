// Package v1alpha1 holds the mappings of imports: which column, label or field of what is imported says what. They are manifests with a schema like the
// kinds of channel.jointplan.dev, but they are files that a command reads, and are not installed in a cluster.
//
// +kubebuilder:object:generate=true
// +groupName=imports.jointplan.dev
package v1alpha1
