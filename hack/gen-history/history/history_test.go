package history_test

import (
	"io/fs"
	"os"
	"path"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/hack/gen-history/history"
)

// TestSamplesAreUpToDate writes the files of the partners again and compares them with those that there are.
func TestSamplesAreUpToDate(t *testing.T) {
	folder := os.DirFS("../../../config/samples-history")
	want, err := history.Files(folder)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	err = fs.WalkDir(folder, history.Partners, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			got[name] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		there, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Errorf("%s is missing: run go run ./hack/gen-history", name)
			continue
		}
		if diff := cmp.Diff(string(text), string(there)); diff != "" {
			t.Errorf("%s is out of date: run go run ./hack/gen-history (-generated +there):\n%s", name, diff)
		}
		delete(got, name)
	}
	for name := range got {
		t.Errorf("%s is no file of the story: run go run ./hack/gen-history", path.Join("config/samples-history", name))
	}
}
