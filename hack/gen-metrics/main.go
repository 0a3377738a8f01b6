// Command gen-metrics writes the tables of docs/metrics.md and the dashboard of config/grafana from the metrics that internal/metrics lists. Run it
// in the root of the repository:
//
//	go run ./hack/gen-metrics
package main

import (
	"fmt"
	"os"

	"jointplan.dev/jointplan/hack/gen-metrics/dashboard"
	"jointplan.dev/jointplan/hack/gen-metrics/page"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gen-metrics:", err)
		os.Exit(1)
	}
}

func run() error {
	const tables = "docs/metrics.md"
	old, err := os.ReadFile(tables)
	if err != nil {
		return err
	}
	text, err := page.Fill(string(old))
	if err != nil {
		return err
	}
	board, err := dashboard.JSON()
	if err != nil {
		return err
	}
	for path, content := range map[string][]byte{tables: []byte(text), "config/grafana/jointplan.json": board} {
		if err := os.WriteFile(path, content, 0o644); err != nil { //nolint:gosec // a file that everyone may read
			return err
		}
	}
	return nil
}
