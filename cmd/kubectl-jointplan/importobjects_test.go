package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatAPersonChangedIsOverwrittenOnRequestAlone imports partners, changes one by hand, and imports again.
func TestWhatAPersonChangedIsOverwrittenOnRequestAlone(t *testing.T) {
	dir := t.TempDir()
	sheet, out := filepath.Join(dir, "p.csv"), filepath.Join(dir, "out")
	if err := os.WriteFile(sheet, []byte("Partner,Region\nAcme GmbH,dach\nOrbit Ltd,uk\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"import", "partners", sheet, "-f", samples + "/programs", "--program", "northwind", "--at", storyAt, "--write", out}
	run := func(want int, says string, more ...string) {
		t.Helper()
		got := kubectlJointplan(t, "", append(args, more...)...)
		if got.Code != want || !strings.Contains(got.Stdout+got.Stderr, says) {
			t.Fatalf("%v: exit code %d, want %d and %q\n%s%s", more, got.Code, want, says, got.Stdout, got.Stderr)
		}
	}
	run(exitOK, "00-partner.yaml is written")
	run(exitOK, "Nothing is to be written.")
	file := filepath.Join(out, "partner-acme", "00-partner.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(text), "region: dach", "region: emea\n  segments: [schools]", 1)
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func() string {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	write(edited)
	run(exitFailed, "1 object differs from the file and stays as it is")
	run(exitFailed, "Partner partner-acme/acme, spec.region: emea -> dach")
	if read() != edited {
		t.Error("the file is overwritten")
	}
	run(exitOK, "00-partner.yaml is written", "--overwrite")
	if now := read(); !strings.Contains(now, "region: dach") || !strings.Contains(now, "- schools") {
		t.Errorf("what the sheet does not say is lost, or what it says is not written:\n%s", now)
	}
	more := edited + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: partner-acme}\n"
	write(more)
	run(exitFailed, "which would be lost: move it to a file of its own", "--overwrite")
	if read() != more {
		t.Error("other objects of the file are lost")
	}
}

// TestNothingIsWrittenWhileARowIsRejected unless that is asked for.
func TestNothingIsWrittenWhileARowIsRejected(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	args := []string{"import", "partners", "-", "-f", samples + "/programs", "--program", "northwind", "--at", storyAt, "--write", out}
	const sheet = "Partner,Type\nAcme GmbH,\nOrbit Ltd,Reseler\n"
	if got := kubectlJointplan(t, sheet, args...); got.Code != exitFailed || !strings.Contains(got.Stdout, "Nothing was written.") {
		t.Errorf("exit code %d\n%s%s", got.Code, got.Stdout, got.Stderr)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("something was written")
	}
	if got := kubectlJointplan(t, sheet, append(args, "--skip-rejected")...); got.Code != exitOK {
		t.Errorf("exit code %d\n%s%s", got.Code, got.Stdout, got.Stderr)
	}
	if _, err := os.Stat(filepath.Join(out, "partner-acme", "00-partner.yaml")); err != nil {
		t.Error(err)
	}
}
