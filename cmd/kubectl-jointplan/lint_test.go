package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// matchesFile compares an output with a golden file; -update writes it.
func matchesFile(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("go test ./cmd/kubectl-jointplan -update writes %s (-want +got):\n%s", file, diff)
	}
}

// finch are the samples of one partner, with its program and budget.
var finch = []string{"-f", samples + "/programs/northwind.yaml", "-f", samples + "/budgets/northwind-fy27.yaml", "-f", samples + "/partners/finch"}

// on returns a command line about some files at the instant of the story.
func on(files []string, args ...string) []string {
	return append(append(args, files...), "--at", storyAt)
}

// version matches the version of the tool in a report: that of the test is none.
var version = regexp.MustCompile(`(?m)^( {10}"version": )"[^"]*"`)

func TestLintOutput(t *testing.T) {
	files := []string{"-f", samples + "/programs/northwind.yaml", "-f", "testdata/lint"} // a copy, whose lines stay where they are
	for format, file := range map[string]string{
		"text": "lint.txt", "github": "lint.github", "json": "lint.json", "gitlab": "lint.gitlab", "sarif": "lint.sarif",
	} {
		t.Run(format, func(t *testing.T) {
			got := kubectlJointplan(t, "", on(files, "lint", "-o", format)...)
			if got.Code != exitFailed || got.Stderr != "3 problems of severity Error: correct them\n" {
				t.Errorf("exit code %d, stderr %q", got.Code, got.Stderr)
			}
			matchesFile(t, file, version.ReplaceAllString(got.Stdout, `$1"1.0"`))
		})
	}
}

func TestLintCompletesItsOutputs(t *testing.T) {
	for flag, want := range map[string]string{"--output": "text\njson\ngithub\ngitlab\nsarif\n:4\n", "--severity": "Info\nWarning\nError\n:4\n"} {
		if got := kubectlJointplan(t, "", "__complete", "lint", flag, ""); got.Code != exitOK || got.Stdout != want {
			t.Errorf("%s: exit code %d, %q", flag, got.Code, got.Stdout)
		}
	}
}

func TestLintFailsFromItsSeverityOn(t *testing.T) {
	acme := []string{"-f", samples + "/programs/northwind.yaml", "-f", samples + "/budgets", "-f", samples + "/partners/acme", "-f", samples + "/programs"}
	for severity, want := range map[string]result{
		"Error":   {Code: exitOK},
		"warning": {Code: exitFailed, Stderr: "of severity Warning or graver: correct them\n"},
		"Info":    {Code: exitFailed, Stderr: "of severity Info or graver: correct them\n"},
	} {
		got := kubectlJointplan(t, "", on(acme, "lint", "--severity", severity)...)
		if got.Code != want.Code || !strings.HasSuffix(got.Stderr, want.Stderr) {
			t.Errorf("--severity %s: exit code %d, stderr %q; want %d, %q", severity, got.Code, got.Stderr, want.Code, want.Stderr)
		}
	}
}

const wrongManifests = `apiVersion: channel.jointplan.dev/v1alpha1
kind: JointPlan
metadata: {name: h1, namespace: partner-acme}
spec:
  partnerRef: {name: acme}
  period: {fiscalYear: 2027, part: H1}
  goals:
  - {name: leads, metric: leads, target: {mode: IncreaseByPercent, value: "10"}}
`

func TestLintOfManifestsThatTheServerWouldRefuse(t *testing.T) {
	got := kubectlJointplan(t, wrongManifests, "lint", "-f", "-", "--at", storyAt)
	want := result{
		Code: exitFailed, Stderr: "1 problem of severity Error: correct it\n",
		Stdout: "stdin:8: error InvalidManifest: JointPlan partner-acme/h1: spec.goals[0].baseline: Required value: a relative target needs a baseline: " +
			"add baseline, or use mode Absolute\n1 error, no warnings and no infos in no objects\n",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	both := kubectlJointplan(t, wrongManifests, "lint", "-f", "-,nowhere.yaml", "-o", "json")
	var decoded struct {
		Problems []struct {
			Rule string `json:"rule"`
		} `json:"problems"`
	}
	if err := json.Unmarshal([]byte(both.Stdout), &decoded); err != nil || len(decoded.Problems) != 1 {
		t.Errorf("%v: %s", err, both.Stdout)
	}
	if both.Code != exitInput || both.Stderr != "nowhere.yaml: no such file or directory\n" {
		t.Errorf("exit code %d, stderr %q", both.Code, both.Stderr)
	}
}

func TestLintCommandLines(t *testing.T) {
	const hint = "\nsee kubectl jointplan lint --help\n"
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"no files": {nil, "no manifests: name files or folders with -f, or - for standard input" + hint},
		"output":   {[]string{"-f", "-", "-o", "xml"}, `--output "xml": must be text, json, github, gitlab or sarif` + hint},
		"severity": {[]string{"-f", "-", "--severity", "fatal"}, `--severity "fatal" is not a severity: it must be Info, Warning or Error` + hint},
		"nothing":  {[]string{"-f", "-"}, "stdin: holds no object: what should have written it failed, or it is the wrong one\n"},
		"before all dates": {
			[]string{"-f", "-", "--at", "0000-01-01T00:00:00Z"},
			`--at "0000-01-01T00:00:00Z": must be an instant of the years 1970 to 2200, as all dates of plans are` + hint,
		},
		"after all dates": {
			[]string{"-f", "-", "--at", "2200-12-31T23:30:00-01:00"},
			`--at "2200-12-31T23:30:00-01:00": must be an instant of the years 1970 to 2200, as all dates of plans are` + hint,
		},
		"no moment": {[]string{"-f", "-", "--at", "now"}, `--at "now": must be an instant such as 2026-12-31T23:00:00Z or 2027-01-01T00:00:00+01:00` + hint},
	} {
		t.Run(name, func(t *testing.T) {
			got := kubectlJointplan(t, "", append([]string{"lint"}, tc.args...)...)
			if diff := cmp.Diff(result{Code: exitInput, Stderr: tc.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestAnAmendedPlanIsCheckedOnItsBase amends an approved plan: the files alone do not tell what was approved.
func TestAnAmendedPlanIsCheckedOnItsBase(t *testing.T) {
	folder := changedSamples(t, map[string]string{`{mode: IncreaseByPercent, value: "10"}`: `{mode: IncreaseByPercent, value: "15"}`})
	if err := os.RemoveAll(filepath.Join(folder, "partners", "finch")); err != nil {
		t.Fatal(err)
	}
	args := []string{"-f", folder, "--at", storyAt}
	var base []string // with the plans of Finch, which are deleted: their revisions go with them
	for _, part := range comparedParts {
		base = append(base, "--base", filepath.Join(samples, part))
	}
	alone := kubectlJointplan(t, "", append([]string{"lint"}, args...)...)
	if alone.Code != exitFailed || !strings.Contains(alone.Stdout, "error RevisionMissing: JointPlan partner-acme/acme-fy27-h1: ") {
		t.Errorf("without its base: exit code %d\n%s", alone.Code, alone.Stdout)
	}
	got := must(t, kubectlJointplan(t, "", append(append([]string{"lint"}, args...), base...)...))
	if !strings.Contains(got, "info AmendmentPending: JointPlan partner-acme/acme-fy27-h1: ") || strings.Contains(got, "NoPlan") {
		t.Errorf("with its base:\n%s", got)
	}
	must(t, kubectlJointplan(t, "", append(append([]string{"preview", "--strict"}, args...), base...)...))
}
