// Command gen-findings writes docs/findings.md, and for lint internal/offline/lint/rules.json, from the doc comments of the rule ids in internal/. Run it in the
// root of the repository:
//
//	go run ./hack/gen-findings
package main

import (
	"fmt"
	"io/fs"
	"os"

	"jointplan.dev/jointplan/hack/gen-findings/page"
)

func main() {
	for file, generate := range map[string]func(fs.FS) (string, error){
		"docs/findings.md": page.Generate, "internal/offline/lint/rules.json": page.Rules,
	} {
		text, err := generate(os.DirFS("internal"))
		if err == nil {
			err = os.WriteFile(file, []byte(text), 0o644) //nolint:gosec // what everyone may read
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "gen-findings:", err)
			os.Exit(1)
		}
	}
}
