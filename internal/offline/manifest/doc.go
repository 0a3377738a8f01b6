// Package manifest reads the manifests of joint plans as a Kubernetes API server would take them, without one.
//
// Each object goes through the steps of a create request, with the API server's own libraries and in its order: strict
// decoding (unknown and duplicate fields are errors), pruning, defaulting, dropping of status, validation of metadata, of the
// OpenAPI schema, of list sets and list maps, and of the CEL rules with their cost limits. Rules about changes (oldSelf) do
// not apply to a create, so they are not checked. What comes out is what a controller would see in the first moment after the
// objects were applied to an empty cluster, except for what only a cluster can give: uid, resourceVersion and
// creationTimestamp are empty.
//
// Errors are collected, up to some hundred, and say where they stand: file, document, line, object and field. Objects without an error
// are returned even when others have one. Input is not trusted: its size, nesting and aliases are bounded, and reading waits for nobody to open a pipe.
package manifest
