package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// held describes a review on the command line.
var held = []string{
	"--held-on", "2026-11-03", "--outcome", "OnTrack", "--attendee", "Marek Novak:Vendor", "--attendee", "Rasmus Bach:partner:owner",
	"--action", "book-speaker:Partner:2026-11-20:a customer who speaks", "--obstacle", "Holidays",
}

const heldLines = `- heldOn: "2026-11-03"
  outcome: OnTrack
  attendees:
  - {name: Marek Novak, party: Vendor}
  - {name: Rasmus Bach, party: Partner, function: owner}
  obstacles:
  - Holidays
  actions:
  - {name: book-speaker, description: a customer who speaks, party: Partner, due: "2026-11-20"}
`

func TestReviewIsAddedToItsFile(t *testing.T) {
	folder := changedSamples(t, nil)
	file := filepath.Join(folder, "partners", "finch", "plans.yaml")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	got := kubectlJointplan(t, "", append([]string{"review", "finch-fy27-h1", "-f", folder, "--at", storyAt}, held...)...)
	want := result{
		Stdout: file + ": the review of 2026-11-03 is added to JointPlan partner-finch/finch-fy27-h1\n",
		Stderr: "With it ReviewOverdue is False (UpToDate): the next review is due on 2026-11-27 and can be held from 2026-11-17 on; the one due on " +
			"2026-10-27 was held on 2026-11-03, 7 days late\n",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	after, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const last = "owner: Rasmus Bach, due: \"2026-10-23\", doneOn: \"2026-10-21\"}\n"
	added := last
	for line := range strings.Lines(heldLines) {
		added += "  " + line
	}
	if diff := cmp.Diff(strings.Replace(string(before), last, added, 1), string(after)); diff != "" {
		t.Errorf("the file (-want +got):\n%s", diff)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("its permissions are %v, %v", info.Mode(), err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, "partners", "finch", ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	again := kubectlJointplan(t, "", append([]string{"review", "finch-fy27-h1", "-f", folder, "--at", storyAt}, held...)...)
	const refusal = "JointPlan partner-finch/finch-fy27-h1 records a review of 2026-11-03 already: change that one, or give another day with --held-on\n"
	if again.Code != exitFailed || again.Stderr != refusal {
		t.Errorf("again: exit code %d, %q", again.Code, again.Stderr)
	}
}

func TestReviewThatCannotBeAddedIsShown(t *testing.T) {
	const object = `{apiVersion: channel.jointplan.dev/v1alpha1, kind: JointPlan, metadata: {name: h1, namespace: partner-acme}, ` +
		`spec: {partnerRef: {name: acme}, period: {fiscalYear: 2027, part: H1}}}`
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "plan.yaml"), []byte(object), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ source, stdin, why string }{
		"an object in braces": {folder, "", filepath.Join(folder, "plan.yaml") + ": spec of the object is not written in lines of its own"},
		"standard input":      {"-", object, "stdin: it is not read from a file"},
	} {
		t.Run(name, func(t *testing.T) {
			got := kubectlJointplan(t, tc.stdin, append([]string{"review", "h1", "-f", tc.source, "--at", storyAt}, held...)...)
			want := result{
				Code:   exitFailed,
				Stderr: "the review cannot be added to " + tc.why + ". Add these lines under spec.reviews of JointPlan partner-acme/h1 yourself:\n" + heldLines,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReviewIsPrinted(t *testing.T) {
	got := kubectlJointplan(t, "", append([]string{"review", "finch-fy27-h1"}, held...)...)
	if got.Code != exitOK || got.Stdout != heldLines {
		t.Errorf("exit code %d, %q, %q", got.Code, got.Stdout, got.Stderr)
	}
	got = kubectlJointplan(t, "", append(on(finch, "review", "finch-fy27-h1", "-o", "yaml"), held...)...)
	if got.Code != exitOK || got.Stdout != heldLines {
		t.Errorf("with -o yaml: exit code %d, %q, %q", got.Code, got.Stdout, got.Stderr)
	}
}

func TestReviewCommandLines(t *testing.T) {
	of := func(more ...string) []string { return append([]string{"review", "p"}, more...) }
	people := []string{"--attendee", "A:Vendor", "--attendee", "B:Partner"}
	meeting := append([]string{"--held-on", "2026-11-03", "--outcome", "AtRisk"}, people...)
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"no plan":         {[]string{"review"}, "name one plan, not 0"},
		"no day":          {of(), `--held-on "": must be the day of the meeting, such as 2026-11-03`},
		"a wrong day":     {of("--held-on", "3.11."), `--held-on "3.11.": must be the day of the meeting, such as 2026-11-03`},
		"no outcome":      {of("--held-on", "2026-11-03"), `--outcome "": must be OnTrack, AtRisk or OffTrack`},
		"no actions":      {of(meeting...), "say what was decided to do with --action, or why nothing was with --no-actions"},
		"both":            {of(append(meeting, "--action", "a:Vendor:2026-12-01", "--no-actions", "x")...), "--action and --no-actions exclude each other: leave out one"},
		"nobody":          {of("--held-on", "2026-11-03", "--outcome", "AtRisk", "--no-actions", "x"), `nobody of the Vendor was there, so the review would not count: name who was, such as --attendee "Marek Novak:Vendor"`},
		"a party":         {of(append(meeting, "--no-actions", "x", "--attendee", "C:Client")...), `--attendee "C:Client": "Client" must be Vendor or Partner`},
		"no party":        {of(append(meeting, "--no-actions", "x", "--attendee", "C")...), `--attendee "C": must be NAME:PARTY or NAME:PARTY:FUNCTION`},
		"no due day":      {of(append(meeting, "--action", "a:Vendor")...), `--action "a:Vendor": must be NAME:PARTY:DUE or NAME:PARTY:DUE:TEXT`},
		"a wrong due day": {of(append(meeting, "--action", "a:Vendor:soon")...), `--action "a:Vendor:soon": "soon" must be the day by which it is due, such as 2026-11-20`},
		"files and live":  {of("--live", "-f", plans), "-f names files and --live the cluster: leave out one"},
		"an output":       {of("-o", "json"), `--output "json": must be yaml, which prints the lines`},
	} {
		t.Run(name, func(t *testing.T) {
			got := kubectlJointplan(t, "", tc.args...)
			want := result{Code: exitInput, Stderr: tc.want + "\nsee kubectl jointplan review --help\n"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
