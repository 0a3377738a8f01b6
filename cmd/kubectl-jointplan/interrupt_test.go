package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// process starts the plugin as a process of its own, with a pipe as descriptor 3, and returns the end into which the test writes.
func process(t *testing.T, stdout *os.File, args ...string) (command *exec.Cmd, stderr *bytes.Buffer, into *os.File) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	from, into, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr = &bytes.Buffer{}
	command = exec.CommandContext(t.Context(), self, args...)
	command.Env = append(os.Environ(), asPlugin+"=yes")
	command.Stdout, command.Stderr, command.ExtraFiles = stdout, stderr, []*os.File{from}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	_ = from.Close() // the process has its own
	t.Cleanup(func() { _ = into.Close() })
	return command, stderr, into
}

// TestProcessSubstitution is what a shell makes of lint -f <(kustomize build).
func TestProcessSubstitution(t *testing.T) {
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	command, stderr, into := process(t, out, "lint", "-f", "/dev/fd/3", "--at", storyAt)
	if _, err := io.WriteString(into, alone+strings.Repeat("\n# to fill the pipe", 10_000)); err != nil {
		t.Fatal(err)
	}
	_ = into.Close()
	_ = command.Wait()
	text, err := os.ReadFile(out.Name())
	if err != nil {
		t.Fatal(err)
	}
	if code := command.ProcessState.ExitCode(); code != exitFailed || !bytes.HasPrefix(text, []byte("/dev/fd/3:1: error ReferenceNotFound: Partner default/acme: ")) {
		t.Errorf("exit code %d, stdout:\n%s\nstderr:\n%s", code, text, stderr)
	}
}

// TestFirstCtrlC interrupts the plugin while it waits for somebody: for one who writes what it reads, and for one who reads what it writes.
func TestFirstCtrlC(t *testing.T) {
	t.Parallel()
	for name, reads := range map[string]bool{"while a pipe is read": true, "while a pipe is written": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, stdout, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = from.Close() }()
			args := []string{"lint", "-f", "/dev/fd/3"}
			if !reads {
				args = []string{"preview", "-f", samples, "--at", storyAt, "-o", "json"} // more than a pipe takes
			}
			command, stderr, into := process(t, stdout, args...)
			_ = stdout.Close()
			if reads {
				_, err = io.WriteString(into, strings.Repeat("# to fill the pipe\n", 20_000)) // done when the reader is at work
			} else {
				_, err = io.ReadFull(from, make([]byte, 1))
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := command.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			_ = command.Wait()
			if code := command.ProcessState.ExitCode(); code != exitInterrupted || stderr.String() != "interrupted\n" {
				t.Errorf("exit code %d, stderr:\n%s", code, stderr)
			}
		})
	}
}

func TestOutputIsBounded(t *testing.T) {
	const many = 150
	others := strings.Repeat("---\n{apiVersion: v1, kind: Secret, metadata: {name: s}}\n", many)
	got := kubectlJointplan(t, others+"---\n"+alone, "preview", "-f", "-", "--at", storyAt)
	if lines := strings.Split(got.Stderr, "\n"); got.Code != exitOK || len(lines) != maxSkipped+2 || lines[maxSkipped] != "130 more objects were skipped" {
		t.Errorf("exit code %d, stderr:\n%s", got.Code, got.Stderr)
	}
	var partners strings.Builder
	for i := range many {
		partners.WriteString("---\n" + strings.Replace(alone, "name: acme", sprintf("name: p%d", i), 1) + "\n")
	}
	for output, last := range map[string]string{
		"text":   "error ReferenceNotFound: and 50 more: correct the first ones, or list all with -o json\n150 errors, no warnings and no infos in 150 objects\n",
		"github": "::error title=ReferenceNotFound::and 50 more: correct the first ones, or list all with -o json\n",
	} {
		got := kubectlJointplan(t, partners.String(), "lint", "-f", "-", "--at", storyAt, "-o", output)
		if got.Code != exitFailed || !strings.HasSuffix(got.Stdout, last) || strings.Count(got.Stdout, "Partner default/p") != 100 {
			t.Errorf("-o %s: exit code %d, %d partners, want 100; stdout ends with\n%s", output, got.Code, strings.Count(got.Stdout, "Partner default/p"),
				got.Stdout[max(0, len(got.Stdout)-600):])
		}
	}
	if got := kubectlJointplan(t, partners.String(), "lint", "-f", "-", "--at", storyAt, "-o", "json"); strings.Count(got.Stdout, `"rule": "ReferenceNotFound"`) != many {
		t.Errorf("-o json has %d problems, want all %d", strings.Count(got.Stdout, `"rule"`), many)
	}
	got = kubectlJointplan(t, strings.Repeat("---\na\n", 300_000), "lint", "-f", "-")
	if lines := strings.Count(got.Stdout, "\n"); got.Code != exitFailed || lines != 102 {
		t.Errorf("300,000 documents that are not objects: exit code %d, %d lines, want 100, how many more, and the sum:\n%s", got.Code, lines, got.Stdout)
	}
}

func TestPipesThatNobodyWritesInto(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plans.yaml")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no named pipes here: %v", err)
	}
	const why = ": is a pipe out of which nothing came: what should write into it has not begun, or failed\n"
	for _, command := range []string{"preview", "lint", "diff", "tree", "explain", "actions", "report", "status", "approve", "submit", "claim"} {
		args := []string{command, "-f", path}
		switch command {
		case "diff":
			args = append(args, "--base", samples)
		case "explain":
			args = append(args, "acme-fy27-h1")
		case "approve", "submit", "claim":
			args = append(args, "acme-fy27-h1", "--by", "vera.lindqvist@northwind.example")
		}
		if command == "claim" {
			args = append(args, "--cost", "A-1:B:10.00:2026-11-02")
		}
		got := kubectlJointplan(t, "", args...)
		if got.Code != exitInput || !strings.Contains(got.Stderr, path+why) {
			t.Errorf("%s: %s", command, cmp.Diff(result{Code: exitInput, Stderr: path + why}, got))
		}
	}
}
