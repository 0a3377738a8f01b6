// Command gen-dist writes the one file that installs the operator: config/default with an image. Run it in the root of the repository:
//
//	go run ./hack/gen-dist -image registry.example.com/jointplan-manager:1.0
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"jointplan.dev/jointplan/hack/gen-dist/install"
)

func main() {
	image := flag.String("image", "jointplan-manager:latest", "the manager's image, with a tag or a digest")
	out := flag.String("out", "dist/install.yaml", "the file to write")
	flag.Parse()
	if err := run(*image, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen-dist:", err)
		os.Exit(1)
	}
}

func run(image, out string) error {
	manifest, err := install.Manifest("config/default", image)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil { //nolint:gosec // a folder of the repository, as all others
		return err
	}
	return os.WriteFile(out, manifest, 0o644) //nolint:gosec // a manifest that everyone may read
}
