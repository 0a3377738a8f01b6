package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// kubectlShim stands in for kubectl in examples: it runs the plugin, and joins files as kustomize would.
const kubectlShim = `#!/bin/sh
case "$1" in
jointplan) shift; ` + asPlugin + `=yes exec "$PLUGIN" "$@" ;;
kustomize) find "$2" -name '*.yaml' ! -name kustomization.yaml | sort | while read -r file; do cat "$file"; echo; echo ---; done ;;
*) echo "no such command: kubectl $1" >&2; exit 2 ;;
esac
`

// example is a command line of a help text, with the comment above it.
type example struct{ command, comment, line string }

// examples returns the command lines of all help texts.
func examples(t *testing.T) []example {
	t.Helper()
	var all []example
	var walk func(*cobra.Command)
	walk = func(command *cobra.Command) {
		comment := ""
		joined := strings.ReplaceAll(command.Example, "\\\n", " ")
		for line := range strings.Lines(joined) {
			switch line = strings.TrimSpace(line); {
			case line == "":
				comment = ""
			case strings.HasPrefix(line, "#"):
				comment += line
			default:
				all = append(all, example{command.Name(), comment, line})
			}
		}
		if command.Runnable() && command.HasParent() && command.Example == "" && command.Name() != "version" {
			t.Errorf("the help of %s has no example", command.CommandPath())
		}
		for _, below := range command.Commands() {
			if below.Name() != "help" && below.Name() != "completion" {
				walk(below)
			}
		}
	}
	walk(newCommand())
	return all
}

// workshop returns a folder as examples expect it: with the samples as plans/, those of the main branch as main/plans/, and kubectl on the path.
func workshop(t *testing.T) (folder string, environment []string) {
	t.Helper()
	folder = t.TempDir()
	for _, copied := range []string{"plans", "main/plans", "program"} {
		if err := os.CopyFS(filepath.Join(folder, copied), os.DirFS(samples)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(filepath.Join(folder, "rules"), os.DirFS("../../config/samples-rules")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(folder, "program", "programs", "subtle-erp.yaml")); err != nil { // an import is into one program
		t.Fatal(err)
	}
	for name, from := range map[string]string{
		"deals.csv": "../../docs/guides/import", "deals.yaml": "../../docs/guides/import",
		"partners.csv": "testdata/import", "partners-mapping.yaml": "testdata/import", "budgets.csv": "testdata/import", "plans.csv": "testdata/import",
		"last-budget.yaml": "testdata/import",
	} {
		text, err := os.ReadFile(from + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bin := filepath.Join(folder, ".bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bin, "kubectl"), []byte(kubectlShim), 0o700); err != nil {
		t.Fatal(err)
	}
	plugin, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return folder, append(os.Environ(), "PLUGIN="+plugin, "PATH="+bin+":"+os.Getenv("PATH"), "KUBECONFIG="+filepath.Join(folder, "none"), "HOME="+folder)
}

// returned writes a form that came back for the command that imports it.
func returned(t *testing.T, command, file string) {
	t.Helper()
	kind, from := command, map[string]string{"plan": "acme-fy27-h1", "request": "acme-customer-day", "claim": "acme-cloud-webinar-2"}[command]
	if from == "" {
		kind, from = "plan", "acme-fy27-h1"
	}
	must(t, kubectlJointplan(t, "", "form", kind, "-f", samples, "--from", from, "--out", file))
}

// mayFail reports whether an example is one of a check: it fails, since the samples have mistakes.
func mayFail(x example) bool {
	return strings.Contains(x.comment, "fail") || strings.Contains(x.line, "--strict")
}

// TestEveryExampleRuns runs the command lines of all help texts. Those that need a cluster must get as far as to ask for it; test/plugin runs
// them with one. Only examples of checks may fail.
func TestEveryExampleRuns(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	for _, x := range examples(t) {
		t.Run(x.command+"/"+x.line, func(t *testing.T) {
			t.Parallel()
			folder, environment := workshop(t)
			if strings.Contains(x.line, "returned.xlsx") {
				returned(t, x.command, filepath.Join(folder, "returned.xlsx"))
			}
			run := exec.CommandContext(t.Context(), "sh", "-c", x.line)
			var problems bytes.Buffer
			run.Dir, run.Env, run.Stderr = folder, environment, &problems
			out, err := run.Output()
			var exit *exec.ExitError
			switch asked := strings.Contains(problems.String(), "no cluster to ask"); {
			case err == nil && len(out) == 0 && problems.Len() == 0:
				t.Error("it says nothing")
			case err == nil || asked && len(out) == 0:
			case errors.As(err, &exit) && exit.ExitCode() == exitFailed && mayFail(x):
			default:
				t.Errorf("%v\n%s", err, problems.String())
			}
		})
	}
}
