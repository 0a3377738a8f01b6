// Command gen-argocd writes the health scripts of config/argocd from the table of internal/model/health, and config/argocd/argocd-cm.yaml from all
// scripts beside it. Run it in the root of the repository:
//
//	go run ./hack/gen-argocd
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/hack/gen-argocd/lua"
	"jointplan.dev/jointplan/hack/gen-argocd/patch"
	"jointplan.dev/jointplan/internal/model/kinds"
)

func main() {
	if err := generate("config/argocd"); err != nil {
		fmt.Fprintln(os.Stderr, "gen-argocd:", err)
		os.Exit(1)
	}
}

// generate writes what is generated of a folder, the scripts first: the patch holds them.
func generate(folder string) error {
	tree := filepath.Join(folder, "resource_customizations")
	for _, kind := range kinds.All() {
		if err := write(filepath.Join(tree, v1alpha1.GroupName, kind.Name, "health.lua"), lua.Health(kind.Name)); err != nil {
			return err
		}
	}
	text, err := patch.Generate(os.DirFS(tree))
	if err != nil {
		return err
	}
	return write(filepath.Join(folder, "argocd-cm.yaml"), text)
}

func write(file, text string) error {
	return os.WriteFile(file, []byte(text), 0o644) //nolint:gosec // a manifest that everyone may read
}
