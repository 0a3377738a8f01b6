// Package crd carries the generated CustomResourceDefinitions, so that programs can install them and validate against them
// without the source tree.
package crd

import (
	"embed"
	"io/fs"
)

//go:embed bases/*.yaml
var bases embed.FS

// Bases returns the CustomResourceDefinitions of all kinds, as controller-gen writes them: one file per kind, named
// bases/GROUP_PLURAL.yaml.
func Bases() fs.FS {
	return bases
}
