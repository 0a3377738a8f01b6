// Command gen-metrics writes the tables of docs/metrics.md from the metrics that internal/metrics lists. Run it in the root of the repository:
//
//	go run ./hack/gen-metrics
package main

import (
	"fmt"
	"os"

	"jointplan.dev/jointplan/hack/gen-metrics/page"
)

const path = "docs/metrics.md"

func main() {
	old, err := os.ReadFile(path)
	if err == nil {
		var text string
		if text, err = page.Fill(string(old)); err == nil {
			err = os.WriteFile(path, []byte(text), 0o644) //nolint:gosec // a page that everyone may read
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen-metrics:", err)
		os.Exit(1)
	}
}
