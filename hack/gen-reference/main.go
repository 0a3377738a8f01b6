// Command gen-reference writes docs/reference/v1alpha1.md from the kinds in config/crd/bases and the doc comments of the API's conditions and
// reasons. Run it in the root of the repository, after the kinds were generated:
//
//	go run ./hack/gen-reference
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"jointplan.dev/jointplan/hack/gen-reference/page"
)

func main() {
	text, err := page.Generate(os.DirFS("config/crd/bases"), os.DirFS("api/v1alpha1"))
	file := filepath.Join("docs", "reference", "v1alpha1.md")
	if err == nil {
		err = os.MkdirAll(filepath.Dir(file), 0o755) //nolint:gosec // a folder that everyone may read
	}
	if err == nil {
		err = os.WriteFile(file, []byte(text), 0o644) //nolint:gosec // a page that everyone may read
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen-reference:", err)
		os.Exit(1)
	}
}
