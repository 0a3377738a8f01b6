// Command localplane starts and stops a throw-away Kubernetes control plane on
// this machine. See package plane and `localplane --help`.
package main

import (
	"os"

	"jointplan.dev/jointplan/hack/localplane/plane"
)

func main() {
	os.Exit(plane.Main(os.Args[1:], os.Stdout, os.Stderr))
}
