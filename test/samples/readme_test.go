package samples_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// row is a row of the README's tables: the object, what it shows, a condition with its status and reason, and its message.
var row = regexp.MustCompile("(?m)^(\\| `([A-Za-z]+) ([a-z0-9-]+)` \\| [^|]* \\| )([A-Za-z]+)[^|]* \\| [^|]* \\|$")

// TestReadmeQuotesWhatTheSamplesSay checks the conditions and messages that the README quotes.
func TestReadmeQuotesWhatTheSamplesSay(t *testing.T) {
	if *update {
		checkRevisions(t) // what the samples say depends on them
	}
	checkReadme(t, folder, preview.New(readSamples(t)).At(now))
}

// checkReadme checks what the README of a folder of samples quotes, and with -update corrects it.
func checkReadme(t *testing.T, folder string, evaluated []preview.Object) {
	t.Helper()
	file := filepath.Join(folder, "README.md")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	objects := map[string]preview.Object{}
	for _, object := range evaluated {
		objects[manifest.KeyOf(object).Kind+" "+object.GetName()] = object
	}
	rows := 0
	right := row.ReplaceAllStringFunc(string(raw), func(line string) string {
		rows++
		part := row.FindStringSubmatch(line)
		name, kind := part[2]+" "+part[3], part[4]
		object := objects[name]
		if object == nil {
			t.Errorf("the README speaks of %s, which is not in the samples", name)
			return line
		}
		for _, c := range preview.Common(object).Conditions {
			if c.Type == kind {
				return part[1] + kind + " " + string(c.Status) + ", " + c.Reason + " | " + c.Message + " |"
			}
		}
		t.Errorf("the README speaks of condition %s of %s, which does not have it", kind, name)
		return line
	})
	if rows == 0 {
		t.Error("the README has no rows of the form that this test reads")
	}
	switch {
	case right == string(raw):
	case *update:
		if err := os.WriteFile(file, []byte(right), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the README quotes what the samples do not say: go test ./test/samples -update corrects it\n%s", changedLines(string(raw), right))
	}
}

// changedLines returns the lines that differ, old and new.
func changedLines(before, after string) string {
	old, lines := strings.Split(before, "\n"), []string{}
	for i, line := range strings.Split(after, "\n") {
		if line != old[i] {
			lines = append(lines, "-"+old[i], "+"+line)
		}
	}
	return strings.Join(lines, "\n")
}

func contains(text, part string) bool { return strings.Contains(text, part) }
