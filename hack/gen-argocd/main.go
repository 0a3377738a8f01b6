// Command gen-argocd writes config/argocd/argocd-cm.yaml from the Lua scripts beside it. Run it in the root of the repository:
//
//	go run ./hack/gen-argocd
package main

import (
	"fmt"
	"os"

	"jointplan.dev/jointplan/hack/gen-argocd/patch"
)

func main() {
	text, err := patch.Generate(os.DirFS("config/argocd/resource_customizations"))
	if err == nil {
		err = os.WriteFile("config/argocd/argocd-cm.yaml", []byte(text), 0o644) //nolint:gosec // a manifest that everyone may read
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen-argocd:", err)
		os.Exit(1)
	}
}
