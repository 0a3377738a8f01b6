package chart_test

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheImageIsBuiltFromWhatItNeeds holds the Dockerfile against the packages of the manager and the plugin, as there may be no container engine to build it.
func TestTheImageIsBuiltFromWhatItNeeds(t *testing.T) {
	dockerfile, ignore := lines(t, "../../Dockerfile"), lines(t, "../../.dockerignore")
	var sources []string
	for _, line := range dockerfile {
		if rest, copies := strings.CutPrefix(line, "COPY "); copies && !strings.HasPrefix(rest, "--from=") {
			field := strings.Fields(rest)
			sources = append(sources, field[:len(field)-1]...)
		}
	}
	for _, source := range sources {
		if !slices.Contains(ignore, "!"+source) {
			t.Errorf("the Dockerfile copies %s, which .dockerignore leaves out", source)
		}
		if _, err := os.Stat("../../" + source); err != nil {
			t.Error(err)
		}
	}
	c := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{if .Module}}{{if .Module.Main}}{{.ImportPath}}{{end}}{{end}}", "../../cmd/manager", "../../cmd/kubectl-jointplan")
	out, err := c.Output()
	packages := strings.Fields(string(out))
	if err != nil || len(packages) == 0 {
		t.Fatalf("go list names no packages: %v", err)
	}
	for _, path := range packages {
		path = strings.TrimPrefix(path, "jointplan.dev/jointplan/")
		if !slices.ContainsFunc(sources, func(source string) bool { return path == source || strings.HasPrefix(path, source+"/") }) {
			t.Errorf("the images need %s, which the Dockerfile does not copy", path)
		}
	}
	user := regexp.MustCompile(`^USER [1-9][0-9]*(:[1-9][0-9]*)?$`) // by number, or the kubelet cannot tell that it is not root
	if !slices.ContainsFunc(dockerfile, user.MatchString) {
		t.Error("the Dockerfile does not name a user by number who is not root")
	}
}

// lines returns the lines of a file.
func lines(t *testing.T, file string) []string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(raw), "\n")
}
