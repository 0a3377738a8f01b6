// Package gitops holds the tests that deliver the samples with a real Argo CD: see README.md. It is a module of its own, because Argo CD pins
// other versions of what the operator is made from; so it knows the operator by its binary, its manifests and its API server only.
package gitops
