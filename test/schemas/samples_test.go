package schemas_test

import (
	"path/filepath"
	"strings"
	"testing"

	"jointplan.dev/jointplan/hack/gen-schemas/schema"
)

// TestSamplesNameTheirSchema: an editor finds the schema by the first line, without any setting.
func TestSamplesNameTheirSchema(t *testing.T) {
	want, err := filepath.Abs(filepath.Join(folder, schema.All))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range sampleFiles(t) {
		first, _, _ := strings.Cut(read(t, file), "\n")
		path, found := strings.CutPrefix(first, "# yaml-language-server: $schema=")
		if !found {
			t.Errorf("%s does not begin with a line that names its schema, but with %q", file, first)
			continue
		}
		if got, err := filepath.Abs(filepath.Join(filepath.Dir(file), path)); err != nil || got != want {
			t.Errorf("%s names %s, which is %s and not %s: %v", file, path, got, want, err)
		}
	}
}
