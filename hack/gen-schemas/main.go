// Command gen-schemas writes the JSON schemas in schemas/ from the kinds in config/crd/bases, and those in schemas/imports from the mappings in
// config/imports/bases: a file for each kind, and all.json, by which editors check files with documents of several kinds. Run it in the root of the repository, after the kinds were generated:
//
//	go run ./hack/gen-schemas
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"jointplan.dev/jointplan/hack/gen-schemas/schema"
)

func main() {
	if err := run("schemas"); err != nil {
		fmt.Fprintln(os.Stderr, "gen-schemas:", err)
		os.Exit(1)
	}
}

func run(folder string) error {
	if err := os.RemoveAll(folder); err != nil { // with the schema of a kind that is gone
		return err
	}
	for from, to := range map[string]string{"config/crd/bases": folder, "config/imports/bases": filepath.Join(folder, "imports")} {
		if err := write(from, to); err != nil {
			return err
		}
	}
	return nil
}

// write writes the schemas of the definitions in one folder into another.
func write(from, to string) error {
	files, err := schema.Generate(os.DirFS(from))
	if err != nil {
		return err
	}
	for name, text := range files {
		file := filepath.Join(to, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // a folder that everyone may read
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil { //nolint:gosec // a schema that everyone may read
			return err
		}
	}
	return nil
}
