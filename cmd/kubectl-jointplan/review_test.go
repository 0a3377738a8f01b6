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
	"--action", "book-speaker:Partner:2026-11-20:a customer who speaks", "--obstacle", "Holidays", "--next-review-on", "2026-11-27",
}

const (
	marek  = "marek.novak@northwind.example"
	rasmus = "rasmus.bach@finch.example"
)

const heldManifest = `apiVersion: channel.jointplan.dev/v1alpha1
kind: PlanReview
metadata:
  name: finch-fy27-h1-20261103
  namespace: partner-finch
spec:
  actions:
  - description: a customer who speaks
    due: "2026-11-20"
    name: book-speaker
    party: Partner
  attendees:
  - name: Marek Novak
    party: Vendor
  - functions:
    - owner
    name: Rasmus Bach
    party: Partner
  heldOn: "2026-11-03"
  nextReviewOn: "2026-11-27"
  obstacles:
  - Holidays
  occasion: Review
  outcome: OnTrack
  party: Vendor
  planRef:
    name: finch-fy27-h1
  recordedBy: marek.novak@northwind.example
  recordedTime: "2026-11-03T09:00:00Z"
`

func TestReviewIsWrittenAsAManifest(t *testing.T) {
	got := kubectlJointplan(t, "", append(on(finch, "review", "finch-fy27-h1", "--party", "vendor", "--by", marek), held...)...)
	want := result{
		Stdout: heldManifest,
		Stderr: "Review of JointPlan partner-finch/finch-fy27-h1, held on 2026-11-03, recorded by marek.novak@northwind.example for the vendor\n" +
			"Counts is True (RecordedByVendor): the meeting of 2026-11-03, which the vendor recorded on 2026-11-03, counts; the partner can confirm or " +
			"dispute it through 2026-11-10\n" +
			"With it ReviewOverdue is False (UpToDate): the next review is due on 2026-11-27 and can be held from 2026-11-17 on; the one due on " +
			"2026-10-27 was held on 2026-11-03, 7 days late\n",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	folder := filepath.Join(t.TempDir(), "reviews") + string(filepath.Separator)
	got = kubectlJointplan(t, "", append(on(finch, "review", "finch-fy27-h1", "--party", "Vendor", "--by", marek, "--write", folder), held...)...)
	file := filepath.Join(folder, "finch-fy27-h1-20261103.yaml")
	text, err := os.ReadFile(file)
	if err != nil || string(text) != heldManifest || !strings.Contains(got.Stderr, "Written to "+file) {
		t.Errorf("the file: %v\n%s\n%s", err, text, got.Stderr)
	}
}

// TestWhatThePartnerRecords waits for the vendor, and does not end what has begun.
func TestWhatThePartnerRecords(t *testing.T) {
	got := kubectlJointplan(t, "", append(on(finch, "review", "finch-fy27-h1", "--party", "Partner", "--by", rasmus), held...)...)
	for _, want := range []string{
		"Counts is False (AwaitingConfirmation): the meeting of 2026-11-03, which the partner recorded on 2026-11-03, does not count yet: the vendor confirms or " +
			`disputes it (PlanReview "finch-fy27-h1-20261103") by 2026-11-10; without a dispute it counts from 2026-11-11 on`,
		"With it ReviewOverdue is True (Overdue)", "nothing further happens until it is answered",
	} {
		if got.Code != exitOK || !strings.Contains(got.Stderr, want) {
			t.Errorf("exit code %d, lacks %q:\n%s", got.Code, want, got.Stderr)
		}
	}
}

func TestReviewsThatWouldHaveNoEffect(t *testing.T) {
	for name, tc := range map[string]struct {
		change []string
		want   string
	}{
		"late": {
			[]string{"--held-on", "2026-10-26"}, "the record would have no effect: it does not count: the meeting of 2026-10-26 was recorded on 2026-11-03, and the " +
				"last day for that was 2026-11-02 (5 business days after it): hold another one and record it in time",
		},
		"ahead": {
			[]string{"--held-on", "2026-11-05"}, "the record would have no effect: it does not count: it was recorded on 2026-11-03, before the meeting of 2026-11-05: " +
				"record a meeting once it was held",
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := append(append(on(finch, "review", "finch-fy27-h1", "--party", "Vendor", "--by", marek), held...), tc.change...)
			got := kubectlJointplan(t, "", args...)
			if diff := cmp.Diff(result{Code: exitFailed, Stderr: tc.want + "\n"}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestKickOffIsRecorded(t *testing.T) {
	got := kubectlJointplan(t, "", on(finch, "review", "finch-fy27-h1", "--party", "Vendor", "--by", marek, "--occasion", "kickoff", "--held-on", "2026-11-03",
		"--attendee", "Marek Novak:Vendor", "--attendee", "Rasmus Bach:Partner")...)
	if got.Code != exitOK || !strings.Contains(got.Stdout, "name: finch-fy27-h1-kickoff-20261103\n") || !strings.Contains(got.Stdout, "occasion: KickOff\n") {
		t.Errorf("exit code %d: %s%s", got.Code, got.Stdout, got.Stderr)
	}
}

// TestAnswers answers what Corvid recorded, and resolves what Orbit disputes.
func TestAnswers(t *testing.T) {
	corvid, orbit := filepath.Join(samples, "partners", "corvid"), filepath.Join(samples, "partners", "orbit")
	with := func(folder string, args ...string) []string {
		return append(args, "-f", filepath.Join(samples, "programs"), "-f", folder, "--at", storyAt)
	}
	for name, tc := range map[string]struct {
		args   []string
		code   int
		stdout []string
		stderr []string
	}{
		"confirm": {
			with(corvid, "confirm", "corvid-fy27-h1-20261102", "--by", "vera.lindqvist@northwind.example"), exitOK,
			[]string{"decision: Confirmed", "kind: PlanReview", "party: Vendor", "name: corvid-fy27-h1-20261102-vendor-"},
			[]string{
				"Recorded:   2026-11-02 by olga.brandt@corvid.example for the partner", "Obstacles:", "pay-invoice: Pay NW-2026-1187 (partner, Olga Brandt, by 2026-11-13)",
				"The record is then Confirmed, and Counts is True (Confirmed)", "Of the plan, ReviewOverdue is then False (UpToDate)",
			},
		},
		"dispute": {
			with(corvid, "dispute", "review/corvid-fy27-h1-20261102", "--by", "vera.lindqvist@northwind.example", "--comment", "nobody was there"), exitOK,
			[]string{"decision: Disputed", "comment: nobody was there"},
			[]string{"The record is then Disputed, and Counts is False (Disputed)", "the ChannelDirector resolves that by 2026-11-17"},
		},
		"a dispute needs a reason": {
			with(corvid, "dispute", "corvid-fy27-h1-20261102", "--by", "vera.lindqvist@northwind.example"), exitInput, nil,
			[]string{`say why: --comment "..."; only an approval, a submission or a confirmation needs no reason`},
		},
		"who recorded it does not answer": {
			with(corvid, "confirm", "corvid-fy27-h1-20261102", "--by", "olga.brandt@corvid.example"), exitFailed, nil,
			[]string{"the decision would have no effect: olga.brandt@corvid.example recorded the meeting for the partner and cannot answer for the vendor"},
		},
		"the same party does not answer": {
			with(corvid, "confirm", "corvid-fy27-h1-20261102", "--party", "Partner", "--by", "someone@corvid.example"), exitFailed, nil,
			[]string{"the program asks the vendor to decide on PlanReview partner-corvid/corvid-fy27-h1-20261102, not the partner"},
		},
		"dismiss": {
			with(orbit, "dismiss", "orbit-2026-q3-20261006", "--by", "dora.prado@subtle.example", "--comment", "the minutes are signed"), exitOK,
			[]string{"decision: Dismissed", "party: Vendor"},
			[]string{"Disputed:   by rui.matos@orbit.example of the partner on 2026-10-13: The meeting was broken off"},
		},
		"uphold": {
			with(orbit, "uphold", "orbit-2026-q3-20261006", "--by", "dora.prado@subtle.example", "--comment", "there are no minutes"), exitOK,
			[]string{"decision: Upheld"},
			[]string{"Counts is False (DisputeUpheld)"},
		},
		"who recorded it does not resolve": {
			with(orbit, "dismiss", "orbit-2026-q3-20261006", "--by", "sofia.duarte@subtle.example", "--comment", "it was held"), exitFailed, nil,
			[]string{"sofia.duarte@subtle.example recorded the meeting and cannot resolve the dispute"},
		},
		"nothing is disputed": {
			with(corvid, "uphold", "corvid-fy27-h1-20261102", "--by", "dora@northwind.example", "--comment", "x"), exitFailed, nil,
			[]string{"nobody disputed the meeting of 2026-11-02 by then"},
		},
		"a plan is not confirmed": {
			with(corvid, "confirm", "plan/corvid-fy27-h1", "--by", "vera.lindqvist@northwind.example"), exitFailed, nil,
			[]string{"is not a record of a meeting: only a PlanReview is confirmed or disputed"},
		},
		"a record is not approved": {
			with(corvid, "approve", "planreview/corvid-fy27-h1-20261102", "--by", "vera.lindqvist@northwind.example"), exitFailed, nil,
			[]string{"is the record of a meeting: confirm or dispute it"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := kubectlJointplan(t, "", tc.args...)
			if got.Code != tc.code {
				t.Errorf("exit code %d, want %d", got.Code, tc.code)
			}
			for text, all := range map[string][]string{got.Stdout: tc.stdout, got.Stderr: tc.stderr} {
				for _, want := range all {
					if !strings.Contains(text, want) {
						t.Errorf("lacks %q:\n%s", want, text)
					}
				}
			}
		})
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
		"a wrong day":     {of("--held-on", "3.11."), `--held-on "3.11.": must be a day such as 2026-11-03`},
		"no outcome":      {of("--held-on", "2026-11-03"), `--outcome "": must be OnTrack, AtRisk or OffTrack`},
		"no actions":      {of(meeting...), "say what was decided to do with --action, or why nothing was with --no-actions"},
		"both":            {of(append(meeting, "--action", "a:Vendor:2026-12-01", "--no-actions", "x")...), "--action and --no-actions exclude each other: leave out one"},
		"nobody":          {of("--held-on", "2026-11-03", "--outcome", "AtRisk", "--no-actions", "x"), `nobody from the vendor was there, so the review would not count: name who was, such as --attendee "Marek Novak:Vendor"`},
		"a party":         {of(append(meeting, "--no-actions", "x", "--attendee", "C:Client")...), `--attendee "C:Client": "Client" must be Vendor or Partner`},
		"no party":        {of(append(meeting, "--no-actions", "x", "--attendee", "C")...), `--attendee "C": must be NAME:PARTY or NAME:PARTY:FUNCTION,FUNCTION`},
		"no due day":      {of(append(meeting, "--action", "a:Vendor")...), `--action "a:Vendor": must be NAME:PARTY:DUE or NAME:PARTY:DUE:TEXT`},
		"a wrong due day": {of(append(meeting, "--action", "a:Vendor:soon")...), `--action "a:Vendor:soon": "soon" must be the day by which it is due, such as 2026-11-20`},
		"nobody records":  {of("-f", plans), "files do not show who you are: say with --by who records the meeting, by user name"},
		"an occasion":     {of("--occasion", "Party"), `--occasion "Party": must be Review, KickOff or Reconciliation`},
		"a kick-off":      {of("--occasion", "KickOff", "--held-on", "2026-11-03", "--outcome", "OnTrack"), "a kick-off has no outcome: leave out --outcome"},
		"whose record":    {of("--party", "Client"), `--party "Client": must be Vendor or Partner`},
		"a next day":      {of("--next-review-on", "soon"), `--next-review-on "soon": must be a day such as 2026-11-03`},
		"two outputs":     {of("-o", "yaml", "--write", "x"), "--output prints the manifest and --write writes it into a file: leave out one"},
		"an output":       {of("-o", "json"), `--output "json": must be yaml, which prints the manifest`},
		"an instant":      {of(append(meeting, "--no-actions", "x", "--recorded-time", "today")...), `--recorded-time "today": must be an instant such as 2026-12-31T23:00:00Z or 2027-01-01T00:00:00+01:00`},
		"no answer":       {[]string{"confirm"}, "name one record of a meeting, such as acme-fy27-h1-20261001, not 0"},
	} {
		t.Run(name, func(t *testing.T) {
			got := kubectlJointplan(t, "", tc.args...)
			want := result{Code: exitInput, Stderr: tc.want + "\nsee kubectl jointplan " + tc.args[0] + " --help\n"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
