// Command gen-history writes the partners of the samples with history, config/samples-history/partners, and the list of all files in its
// kustomization.yaml. The story is in hack/gen-history/history: what each partner planned, what came of it, and who approved what on which day. Run it in the
// root of the repository:
//
//	go run ./hack/gen-history
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"jointplan.dev/jointplan/hack/gen-history/history"
)

func main() {
	if err := run("config/samples-history"); err != nil {
		fmt.Fprintln(os.Stderr, "gen-history:", err)
		os.Exit(1)
	}
}

func run(folder string) error {
	files, err := history.Files(os.DirFS(folder))
	if err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(folder, history.Partners)); err != nil { // with the files of a partner that is gone
		return err
	}
	for name, text := range files {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // a folder that everyone may read
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil { //nolint:gosec // a sample that everyone may read
			return err
		}
	}
	return nil
}
