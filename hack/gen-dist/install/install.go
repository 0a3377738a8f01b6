// Package install makes the one file that installs the operator: config/default with an image.
package install

import (
	"fmt"
	"regexp"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// image is the form of an image: perhaps a registry with its port, a name, and a tag or a digest.
var image = regexp.MustCompile(`^([a-z0-9][a-z0-9.-]*(:[0-9]+)?/)?[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*` +
	`(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[a-f0-9]{64})$`)

// Manifest returns what the kustomization in a folder makes, with the manager's image.
func Manifest(folder, managerImage string) ([]byte, error) {
	if !image.MatchString(managerImage) {
		return nil, fmt.Errorf("%q is not an image with a tag or a digest: write it like registry.example.com/jointplan-manager:1.0", managerImage)
	}
	options := krusty.MakeDefaultOptions()
	options.Reorder = krusty.ReorderOptionLegacy // as kubectl does: namespaces and kinds first
	objects, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return nil, err
	}
	if err := setImage(objects, managerImage); err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	return objects.AsYaml()
}

// setImage sets the image of the manager's container, wherever there is one.
func setImage(objects resmap.ResMap, managerImage string) error {
	found := false
	for _, object := range objects.Resources() {
		if object.GetKind() != "Deployment" {
			continue
		}
		container, err := object.Pipe(yaml.Lookup("spec", "template", "spec", "containers", "[name=manager]"))
		if err != nil {
			return err
		}
		if container == nil {
			continue
		}
		found = true
		if err := container.PipeE(yaml.SetField("image", yaml.NewStringRNode(managerImage))); err != nil {
			return err
		}
	}
	if !found {
		return fmt.Errorf("no Deployment has a container called manager")
	}
	return nil
}
