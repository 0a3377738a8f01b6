package install

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Schemas copies the schemas by which editors check manifests, in place of those of another version that are there.
func Schemas(from, to string) error {
	if _, err := os.Stat(filepath.Join(from, "all.json")); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s holds no schemas: run it in the root of the repository", from)
	} else if err != nil {
		return err
	}
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return os.CopyFS(to, os.DirFS(from))
}
