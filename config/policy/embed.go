// Package policy carries the ValidatingAdmissionPolicies that say who may do what, and their bindings, so that the manager can check that
// they are in force.
package policy

import (
	"embed"
	"io/fs"
)

// Account is the user name of the manager's service account as the manifests have it. Where the manager runs in another namespace or as
// another account, the policies of the cluster have to name that one; the Helm chart sees to it.
const Account = "system:serviceaccount:jointplan-system:jointplan-manager"

// The kustomization is not an object of a cluster, so it is not among them.
//
//go:embed days.yaml decisions.yaml governance.yaml payments.yaml records.yaml recovery.yaml requests.yaml results.yaml retention.yaml reviews.yaml separation.yaml
var manifests embed.FS

// Manifests returns the policies and their bindings: files with several YAML documents each, one object per document.
func Manifests() fs.FS {
	return manifests
}
