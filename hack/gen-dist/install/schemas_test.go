package install

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSchemasAreCopied copies them over those of another version, which has a kind that is gone.
func TestSchemasAreCopied(t *testing.T) {
	t.Parallel()
	to := filepath.Join(t.TempDir(), "schemas")
	if err := os.Mkdir(to, 0o700); err != nil {
		t.Fatal(err)
	}
	gone := filepath.Join(to, "gone.json")
	if err := os.WriteFile(gone, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := Schemas("../../../schemas", to); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"all.json", "v1alpha1/jointplan.json"} {
		if text, err := os.ReadFile(filepath.Join(to, name)); err != nil || !strings.Contains(string(text), "json-schema.org") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Stat(gone); err == nil {
		t.Error("the schema of a kind that is gone is still there")
	}
	if err := Schemas(t.TempDir(), to); err == nil || !strings.Contains(err.Error(), "holds no schemas") {
		t.Errorf("of an empty folder it says %v", err)
	}
}
