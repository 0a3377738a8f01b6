// Command gen-chart writes the parts of charts/jointplan that config/ and the schema of the chart's values determine. Run it in the root of the
// repository:
//
//	go run ./hack/gen-chart
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"jointplan.dev/jointplan/hack/gen-chart/chart"
)

const target = "charts/jointplan"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen-chart:", err)
		os.Exit(1)
	}
}

func run() error {
	files, err := chart.Generate(os.DirFS("config"), os.DirFS(target))
	if err != nil {
		return err
	}
	for _, folder := range chart.Folders { // what is no longer in config/ goes
		if err := os.RemoveAll(filepath.Join(target, folder)); err != nil {
			return err
		}
	}
	for name, text := range files {
		name = filepath.Join(target, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil { //nolint:gosec // a folder of the repository, as all others
			return err
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil { //nolint:gosec // a file of the repository, as all others
			return err
		}
	}
	return nil
}
