// Package imports carries the schemas of the mappings of imports. They have the form of CustomResourceDefinitions, so that mappings are read and checked as
// manifests are; nobody installs them.
package imports

import (
	"embed"
	"io/fs"
)

//go:embed bases/*.yaml
var bases embed.FS

// Bases returns the definitions, one file per kind, named bases/GROUP_PLURAL.yaml.
func Bases() fs.FS {
	return bases
}
