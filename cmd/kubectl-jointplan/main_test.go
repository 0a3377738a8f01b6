package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/internal/model/kinds"
)

// update writes the golden files: go test ./cmd/kubectl-jointplan -update.
var update = flag.Bool("update", false, "write the golden files")

const (
	plans   = "testdata/plans"
	samples = "../../config/samples"
	storyAt = "2026-11-03T09:00:00Z"
)

// asPlugin is the environment variable by which the test's binary runs as the plugin.
const asPlugin = "RUN_AS_KUBECTL_JOINTPLAN"

func TestMain(m *testing.M) {
	if os.Getenv(asPlugin) != "" {
		os.Exit(run())
	}
	os.Exit(m.Run())
}

// result is what a command line gave.
type result struct {
	Code           int
	Stdout, Stderr string
}

func kubectlJointplan(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	var out, problems bytes.Buffer
	code := execute(t.Context(), args, strings.NewReader(stdin), &out, &problems)
	return result{code, out.String(), problems.String()}
}

// must fails the test unless a command line succeeded without a word on standard error, and returns its output.
func must(t *testing.T, got result) string {
	t.Helper()
	if got.Code != exitOK || got.Stderr != "" {
		t.Fatalf("exit code %d, stderr:\n%s", got.Code, got.Stderr)
	}
	return got.Stdout
}

func TestOutput(t *testing.T) {
	for name, args := range map[string][]string{
		"objects.txt":   {"-f", plans, "--at", storyAt},
		"objects.yaml":  {"-f", plans, "--at", storyAt, "-o", "yaml"},
		"objects.json":  {"-f", plans, "--at", storyAt, "-o", "json"},
		"timeline.txt":  {"-f", plans, "--at", "2026-08-30T00:00:00Z", "--until", "2027-07-01T00:00:00Z"},
		"timeline.yaml": {"-f", plans, "--at", "2026-08-30T00:00:00Z", "--until", "2026-09-30T00:00:00Z", "-o", "yaml"},
		"timeline.json": {"-f", plans, "--at", "2026-08-30T00:00:00Z", "--until", "2026-09-30T00:00:00Z", "-o", "json"},
		"money.txt":     {"-f", samples + "/programs", "-f", samples + "/budgets", "-f", samples + "/partners/acme", "--at", storyAt},
		"release.txt":   {"-f", samples, "--at", "2026-12-30T22:00:00Z", "--until", "2026-12-31T01:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			got := must(t, kubectlJointplan(t, "", append([]string{"preview"}, args...)...))
			matchesFile(t, name, got)
		})
	}
}

// TestOutputIsOneListThatCanBeApplied reads the output as kubectl apply does, and gives it to another preview.
func TestOutputIsOneListThatCanBeApplied(t *testing.T) {
	for _, format := range []string{"json", "yaml"} {
		first := must(t, kubectlJointplan(t, "", "preview", "-f", samples, "--at", storyAt, "-o", format))
		asJSON, err := yaml.YAMLToJSONStrict([]byte(first))
		if err != nil {
			t.Fatal(err)
		}
		list := unstructured.UnstructuredList{}
		if err := list.UnmarshalJSON(asJSON); err != nil {
			t.Fatal(err)
		}
		if list.GetAPIVersion() != "v1" || list.GetKind() != "List" || len(list.Items) < 60 {
			t.Errorf("%s: got a %s %s of %d items", format, list.GetAPIVersion(), list.GetKind(), len(list.Items))
		}
		revisions := 0
		for _, item := range list.Items {
			if item.GetAPIVersion() != "channel.jointplan.dev/v1alpha1" || item.GetKind() == "" || item.GetName() == "" {
				t.Errorf("%s: item %s %s %q cannot be applied", format, item.GetAPIVersion(), item.GetKind(), item.GetName())
			}
			if _, there, _ := unstructured.NestedMap(item.Object, "status"); !there && kinds.Named(item.GetKind()).Evaluated {
				t.Errorf("%s: %s %s has no status", format, item.GetKind(), item.GetName())
			}
			if item.GetKind() == "PlanRevision" {
				revisions++
			}
		}
		if revisions == 0 {
			t.Errorf("%s: no PlanRevision is among the items", format)
		}
		namespaces := must(t, kubectlJointplan(t, "", "preview", "-f", plans, "--at", storyAt, "-o", format))
		if again := must(t, kubectlJointplan(t, namespaces, "preview", "-f", "-", "--at", storyAt, "-o", format)); again != namespaces {
			t.Errorf("%s: a preview of the output differs:\n%s", format, cmp.Diff(namespaces, again))
		}
	}
}

func TestManifestsComeFromFilesFoldersAndStdin(t *testing.T) {
	want := must(t, kubectlJointplan(t, "", "preview", "-f", plans, "--at", storyAt))
	program, partner := filepath.Join(plans, "program.yaml"), filepath.Join(plans, "partner.yaml")
	text, err := os.ReadFile(partner)
	if err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"several -f":          {"-f", program, "-f", partner},
		"one -f with a comma": {"-f", program + "," + partner},
		"as a shell expands":  {"-f", partner, program},
		"stdin and a file":    {"-f", "-", "--filename", program},
		"a folder twice":      {"-f", plans, "-f", plans},
	} {
		got := must(t, kubectlJointplan(t, string(text), append([]string{"preview", "--at", storyAt}, args...)...))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

const alone = `{apiVersion: channel.jointplan.dev/v1alpha1, kind: Partner, metadata: {name: acme}, spec: {programRef: {name: northwnd}}}`

func TestNamespaceIsForObjectsThatStateNone(t *testing.T) {
	got := must(t, kubectlJointplan(t, alone, "preview", "-f", "-", "-n", "partner-acme"))
	if !strings.Contains(got, "\npartner-acme   partner") {
		t.Errorf("got:\n%s", got)
	}
}

func TestStrict(t *testing.T) {
	got := kubectlJointplan(t, alone, "preview", "-f", "-", "-f", filepath.Join(plans, "program.yaml"), "--strict")
	want := `Partner default/acme is not Ready: spec.programRef.name: PartnerProgram "northwnd" not found or not permitted, did you mean "northwind"?`
	if got.Code != exitFailed || !strings.HasPrefix(got.Stderr, want[:60]) || strings.Count(got.Stderr, "\n") != 1 {
		t.Errorf("exit code %d, stderr:\n%s\nwant:\n%s", got.Code, got.Stderr, want)
	}
	if !strings.Contains(got.Stdout, "acme") {
		t.Error("the objects are not printed")
	}
	must(t, kubectlJointplan(t, "", "preview", "-f", plans, "--strict", "--at", storyAt))
}

func TestWrongManifests(t *testing.T) {
	const wrong = `apiVersion: channel.jointplan.dev/v1alpha1
kind: Partner
metadata: {name: one, namespace: partner-acme}
spec: {programRef: {name: northwind}, typ: Reseller}
---
apiVersion: channel.jointplan.dev/v1alpha1
kind: Partner
metadata: {name: two, namespace: partner-acme}
spec:
  type: Resellr
`
	file := filepath.Join(t.TempDir(), "wrong.yaml")
	if err := os.WriteFile(file, []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	got := kubectlJointplan(t, "", "preview", "-f", file, "-f", "nowhere.yaml", "-f", plans)
	lines := strings.Split(strings.TrimSuffix(got.Stderr, "\n"), "\n")
	for i, want := range []string{
		`wrong.yaml: document 1 \(line 4\): Partner partner-acme/one: spec.typ: unknown field.*`,
		`wrong.yaml: document 2 \(line 9\): Partner partner-acme/two: spec.programRef: Required value.*`,
		`wrong.yaml: document 2 \(line 10\): Partner partner-acme/two: spec.type: Unsupported value: "Resellr".*`,
		`.*`, // the rules were not checked
		`nowhere.yaml: no such file or directory`,
	} {
		if i >= len(lines) || !regexp.MustCompile(`^(.*/)?`+want+`$`).MatchString(lines[i]) {
			t.Errorf("line %d is not %s", i+1, want)
		}
	}
	if got.Code != exitInput || len(lines) != 5 || got.Stdout != "" {
		t.Errorf("exit code %d, stdout %q, stderr:\n%s", got.Code, got.Stdout, got.Stderr)
	}
}

func TestWrongCommandLinesAndInput(t *testing.T) {
	const hint = "\nsee kubectl jointplan preview --help\n"
	empty := t.TempDir()
	for name, test := range map[string]struct {
		args   []string
		stdin  string
		stderr string
	}{
		"unknown command": {args: []string{"prevew"}, stderr: "unknown command \"prevew\", did you mean preview?\nsee kubectl jointplan --help\n"},
		"unknown flag":    {args: []string{"preview", "--untill", "x"}, stderr: "unknown flag: --untill" + hint},
		"no value":        {args: []string{"preview", "-f", plans, "--at"}, stderr: "flag needs an argument: --at" + hint},
		"no manifests":    {args: []string{"preview"}, stderr: "no manifests: name files or folders with -f, or - for standard input" + hint},
		"output": {
			args: []string{"preview", "-f", plans, "-o", "xml"}, stderr: `--output "xml": must be table, yaml or json` + hint,
		},
		"at": {
			args:   []string{"preview", "-f", plans, "--at", "2026-12-31"},
			stderr: `--at "2026-12-31": must be an instant such as 2026-12-31T23:00:00Z or 2027-01-01T00:00:00+01:00` + hint,
		},
		"until": {
			args:   []string{"preview", "-f", plans, "--at", storyAt, "--until", "tomorrow"},
			stderr: `--until "tomorrow": must be an instant such as 2026-12-31T23:00:00Z or 2027-01-01T00:00:00+01:00` + hint,
		},
		"until before at": {
			args:   []string{"preview", "-f", plans, "--at", storyAt, "--until", storyAt},
			stderr: "--until 2026-11-03T09:00:00Z is not after 2026-11-03T09:00:00Z, the instant of --at" + hint,
		},
		"strict and until": {
			args:   []string{"preview", "-f", plans, "--strict", "--until", storyAt},
			stderr: "--strict looks at one instant: leave out --until, and give that instant as --at" + hint,
		},
		"version with an argument": {args: []string{"version", "x"}, stderr: "unexpected argument \"x\"\nsee kubectl jointplan version --help\n"},
		"empty folder":             {args: []string{"preview", "-f", empty}, stderr: empty + ": is an empty folder\n"},
		"empty stdin":              {args: []string{"preview", "-f", "-"}, stderr: "stdin: holds no object: what should have written it failed, or it is the wrong one\n"},
		"objects of others": {
			args: []string{"preview", "-f", "-"}, stdin: "{apiVersion: v1, kind: Secret, metadata: {name: s}}",
			stderr: "stdin: document 1 (line 1): skipped v1 Secret s: not a kind of this project\nthe manifests hold no object of channel.jointplan.dev\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := kubectlJointplan(t, test.stdin, test.args...)
			if diff := cmp.Diff(result{Code: exitInput, Stderr: test.stderr}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFileThatIsGone(t *testing.T) {
	folder := t.TempDir()
	link := filepath.Join(folder, "plan.yaml")
	if err := os.Symlink(filepath.Join(folder, "gone.yaml"), link); err != nil {
		t.Fatal(err)
	}
	want := result{Code: exitInput, Stderr: link + ": is a link to " + filepath.Join(folder, "gone.yaml") + ", which does not exist\n"}
	if diff := cmp.Diff(want, kubectlJointplan(t, "", "preview", "-f", folder)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestUnreadableFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret.yaml")
	if err := os.WriteFile(file, []byte(alone), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile(file); err == nil {
		t.Skip("this user may read everything")
	}
	want := result{Code: exitInput, Stderr: file + ": permission denied\n"}
	if diff := cmp.Diff(want, kubectlJointplan(t, "", "preview", "-f", file)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// blocked is a terminal at which nobody types.
type blocked struct{ reading chan<- struct{} }

// Read says that it was called, and never returns.
func (b blocked) Read([]byte) (int, error) {
	close(b.reading)
	select {}
}

func TestInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	reading := make(chan struct{})
	go func() {
		<-reading
		interrupt()
	}()
	var out, problems bytes.Buffer
	code := execute(ctx, []string{"preview", "-f", "-"}, blocked{reading}, &out, &problems)
	if diff := cmp.Diff(result{exitInterrupted, "", "interrupted\n"}, result{code, out.String(), problems.String()}); diff != "" {
		t.Errorf("while reading (-want +got):\n%s", diff)
	}
	problems.Reset()
	code = execute(ctx, []string{"preview", "-f", plans, "--at", storyAt, "--until", "2027-07-01T00:00:00Z"}, nil, &out, &problems)
	if code != exitInterrupted || problems.String() != "interrupted\n" {
		t.Errorf("before it began: exit code %d, stderr %q", code, problems.String())
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{}, {"--help"}, {"help"}, {"preview", "--help"}, {"version", "--help"}} {
		got := must(t, kubectlJointplan(t, "", args...))
		if !strings.Contains(got, "Usage:\n  kubectl jointplan") || strings.Contains(got, "kubectl-jointplan") {
			t.Errorf("%q: the help names the command wrongly:\n%s", args, got)
		}
	}
}

// TestExamplesOfTheHelp runs every example in a shell, with a kubectl that finds the plugin, and the samples as plans/.
func TestExamplesOfTheHelp(t *testing.T) {
	folder, bin := t.TempDir(), t.TempDir()
	if err := os.CopyFS(filepath.Join(folder, "plans"), os.DirFS(samples+"/partners/acme")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(folder, "plans"), os.DirFS(samples+"/programs")); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	kubectl := fmt.Sprintf(`#!/bin/sh
case "$1" in
jointplan) shift; %s=yes exec %s "$@" ;;
kustomize) for file in "$2"*.yaml; do echo ---; cat "$file"; done ;;
esac
`, asPlugin, self)
	if err := os.WriteFile(filepath.Join(bin, "kubectl"), []byte(kubectl), 0o700); err != nil {
		t.Fatal(err)
	}
	examples := 0
	for line := range strings.Lines(previewExample) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		examples++
		shell := exec.CommandContext(t.Context(), "sh", "-c", line)
		shell.Dir = folder
		shell.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
		var problems bytes.Buffer
		shell.Stderr = &problems
		out, err := shell.Output()
		if err != nil && strings.Contains(line, "--strict") && shell.ProcessState.ExitCode() == exitFailed {
			err = nil // whether all are Ready depends on the day on which the test runs
			problems.Reset()
		}
		if err != nil || len(out) == 0 || problems.Len() > 0 || bytes.ContainsRune(out, '\x1b') {
			t.Errorf("%s\n%v, %d bytes of output\n%s", line, err, len(out), problems.String())
		}
	}
	if examples != 5 {
		t.Errorf("%d examples were found", examples)
	}
}

func TestVersion(t *testing.T) {
	if got := must(t, kubectlJointplan(t, "", "version")); !strings.Contains(got, "api:     channel.jointplan.dev/v1alpha1\n") {
		t.Errorf("got:\n%s", got)
	}
	build := &debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123abcd"}, {Key: "vcs.time", Value: "2026-11-03T09:00:00Z"}, {Key: "vcs.modified", Value: "true"},
	}}
	if got := versionText(build); !strings.HasPrefix(got, "version: v1.2.3\ncommit:  0123abcd with uncommitted changes (2026-11-03T09:00:00Z)\n") {
		t.Errorf("got:\n%s", got)
	}
	if got := versionText(nil); !strings.HasPrefix(got, "version: unknown\napi: ") {
		t.Errorf("without build info:\n%s", got)
	}
}

func TestTimelineOutputIsAList(t *testing.T) {
	got := must(t, kubectlJointplan(t, "", "preview", "-f", plans, "--at", storyAt, "--until", "2026-11-03T09:00:01Z", "-o", "json"))
	var changes []any
	if err := json.Unmarshal([]byte(got), &changes); err != nil || len(changes) != 0 || got != "[]\n" {
		t.Errorf("of a second in which nothing changes: %q, %v", got, err)
	}
	got = must(t, kubectlJointplan(t, "", "preview", "-f", plans, "--at", storyAt, "--until", "2026-11-03T09:00:01Z"))
	if want := "No status changes between 2026-11-03T09:00:00Z and 2026-11-03T09:00:01Z.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
