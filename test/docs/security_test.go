package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	testName = regexp.MustCompile("`(Test[A-Za-z0-9]+)`")
	// caseName is a case of a table of tests; one that ends with three dots stands for all that begin so.
	caseName = regexp.MustCompile(`"([^"]+)"`)
)

// TestAttacksNameTheirTests: a row of docs/security.md whose test is gone promises what nobody looks after. A row names tests, or cases of their tables.
func TestAttacksNameTheirTests(t *testing.T) {
	var sources strings.Builder
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		sources.Write(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(read(t, "docs/security.md")) {
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "| attack |") || strings.HasPrefix(line, "|---") {
			continue
		}
		rows++
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		named, cases := testName.FindAllStringSubmatch(cells[len(cells)-1], -1), caseName.FindAllStringSubmatch(cells[len(cells)-1], -1)
		if len(cells) != 3 || len(named)+len(cases) == 0 {
			t.Errorf("a row has no attack, defence and test: %s", line)
		}
		for _, name := range cases {
			if begins := strings.Trim(name[1], ". "); !strings.Contains(sources.String(), begins) {
				t.Errorf("there is no case %q: %s", begins, line)
			}
		}
		for _, name := range named {
			if !strings.Contains(sources.String(), "func "+name[1]+"(t *testing.T)") {
				t.Errorf("there is no %s: %s", name[1], line)
			}
		}
	}
	if rows == 0 {
		t.Error("docs/security.md has no rows")
	}
}
