package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mapHeading begins the section of CONTRIBUTING.md that says where things are.
const mapHeading = "## Where things are"

var mapSpan = regexp.MustCompile("`([^`]+)`")

// onTheMap returns the folders that the map names in the last column of its rows, each as often as it is named. One that ends in /... stands for all
// below it.
func onTheMap(t *testing.T) map[string]int {
	t.Helper()
	raw, err := os.ReadFile("../../CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(raw), mapHeading+"\n")
	if !found {
		t.Fatalf("CONTRIBUTING.md has no section %q", mapHeading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	named := map[string]int{}
	for line := range strings.Lines(section) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) < 2 || !strings.HasPrefix(line, "|") {
			continue
		}
		for _, span := range mapSpan.FindAllStringSubmatch(cells[len(cells)-1], -1) {
			named[span[1]]++
		}
	}
	return named
}

// packages returns the folders of this module that hold Go files.
func packages(t *testing.T) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel("../..", path)
		if entry.IsDir() {
			_, module := os.Stat(filepath.Join(path, "go.mod"))
			if hidden := strings.HasPrefix(entry.Name(), "_") || strings.HasPrefix(entry.Name(), ".") && len(entry.Name()) > 2; hidden || entry.Name() == "testdata" || name == "bin" || module == nil && name != "." {
				return filepath.SkipDir
			}
			return nil
		}
		if folder := filepath.Dir(name); strings.HasSuffix(name, ".go") && !slices.Contains(list, folder) {
			list = append(list, folder)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestEveryPackageIsOnTheMapOnce: a package that is not on the map is a room without a door.
func TestEveryPackageIsOnTheMapOnce(t *testing.T) {
	named := onTheMap(t)
	for _, folder := range packages(t) {
		var by []string
		for name := range named {
			if below, all := strings.CutSuffix(name, "/..."); name == folder || all && (folder == below || strings.HasPrefix(folder, below+"/")) {
				by = append(by, name)
			}
		}
		switch {
		case len(by) == 0:
			t.Errorf("%s is not on the map of CONTRIBUTING.md: add it to the row that says what one changes there", folder)
		case len(by) > 1 || named[by[0]] > 1:
			t.Errorf("%s is on the map of CONTRIBUTING.md more than once: %v", folder, by)
		}
	}
	for name := range named {
		if _, err := os.Stat("../../" + strings.TrimSuffix(name, "/...")); err != nil {
			t.Errorf("the map of CONTRIBUTING.md names %s, which is not there", name)
		}
	}
}
