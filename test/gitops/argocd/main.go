// Command argocd is the part of Argo CD that the tests run, in one binary that does what its name says: the application controller, the
// repository server, the ApplicationSet controller, and kustomize, which the repository server calls.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	kustomize "sigs.k8s.io/kustomize/kustomize/v5/commands"

	applicationcontroller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	applicationset "github.com/argoproj/argo-cd/v3/cmd/argocd-applicationset-controller/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
)

func main() {
	command, known := map[string]func() *cobra.Command{
		"argocd-application-controller":    applicationcontroller.NewCommand,
		"argocd-repo-server":               reposerver.NewCommand,
		"argocd-applicationset-controller": applicationset.NewCommand,
		"kustomize":                        kustomize.NewDefaultCommand,
	}[filepath.Base(os.Args[0])]
	if !known {
		fmt.Fprintln(os.Stderr, "argocd: call it by a link with the name of the part to run, for example argocd-repo-server")
		os.Exit(2)
	}
	if err := command().Execute(); err != nil {
		os.Exit(1)
	}
}
