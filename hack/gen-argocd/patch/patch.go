// Package patch makes the patch of Argo CD's argocd-cm from the scripts about our kinds, which lie in the layout of Argo CD's own repository:
// <group>/<Kind>/health.lua, <group>/<Kind>/actions/discovery.lua and <group>/<Kind>/actions/<name>/action.lua.
package patch

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
)

const head = `# Written by make generate from the scripts in resource_customizations: change those, and internal/model/health for the health.
#
# Adds to Argo CD the health of every kind of JointPlan, and the actions on them. It changes no other setting. Apply it to the ConfigMap that is
# there:
#
#	kubectl -n argocd patch configmap argocd-cm --patch-file config/argocd/argocd-cm.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
  labels:
    app.kubernetes.io/name: argocd-cm
    app.kubernetes.io/part-of: argocd
data:
`

// Generate returns the patch for the scripts of a tree of customizations. Each kind needs a health script; actions are optional.
func Generate(tree fs.FS) (string, error) {
	kinds, err := fs.ReadDir(tree, v1alpha1.GroupName)
	if err != nil {
		return "", fmt.Errorf("list the kinds: %w", err)
	}
	var out strings.Builder
	out.WriteString(head)
	for _, kind := range kinds {
		if err := writeKind(&out, tree, kind.Name()); err != nil {
			return "", fmt.Errorf("%s: %w", kind.Name(), err)
		}
	}
	return out.String(), nil
}

// writeKind writes the settings of one kind.
func writeKind(out *strings.Builder, tree fs.FS, kind string) error {
	folder := path.Join(v1alpha1.GroupName, kind)
	health, err := fs.ReadFile(tree, path.Join(folder, "health.lua"))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  resource.customizations.health.%s_%s: |\n", v1alpha1.GroupName, kind)
	block(out, "    ", string(health))

	discovery, err := fs.ReadFile(tree, path.Join(folder, "actions", "discovery.lua"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	fmt.Fprintf(out, "  resource.customizations.actions.%s_%s: |\n    discovery.lua: |\n", v1alpha1.GroupName, kind)
	block(out, "      ", string(discovery))
	out.WriteString("    definitions:\n")
	actions, err := fs.Glob(tree, path.Join(folder, "actions", "*", "action.lua"))
	if err != nil {
		return err
	}
	for _, file := range actions {
		script, err := fs.ReadFile(tree, file)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "    - name: %s\n      action.lua: |\n", path.Base(path.Dir(file)))
		block(out, "        ", string(script))
	}
	return nil
}

// block writes a text as a YAML block, indented.
func block(out *strings.Builder, indent, text string) {
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		if line != "\n" {
			out.WriteString(indent)
		}
		out.WriteString(line)
	}
}
