// Command gen-findings writes docs/findings.md from the doc comments of the rule ids in internal/. Run it in the root of the repository:
//
//	go run ./hack/gen-findings
package main

import (
	"fmt"
	"os"

	"jointplan.dev/jointplan/hack/gen-findings/page"
)

func main() {
	text, err := page.Generate(os.DirFS("internal"))
	if err == nil {
		err = os.WriteFile("docs/findings.md", []byte(text), 0o644) //nolint:gosec // a page that everyone may read
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen-findings:", err)
		os.Exit(1)
	}
}
