package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// signed writes a document and returns its name and digest.
func signed(t *testing.T, text string) (name, digest string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "signed-plan.pdf")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(text))
	return name, hex.EncodeToString(sum[:])
}

// TestEvidence records decisions of a partner's person from a document.
func TestEvidence(t *testing.T) {
	file, digest := signed(t, "We agree.\n")
	for name, tc := range map[string]struct {
		flags []string
		want  v1alpha1.Attestation
		shown string
	}{
		"what is not said": {
			[]string{"--channel", "SignedDocument"},
			v1alpha1.Attestation{RecordedBy: "desk", Document: "signed-plan.pdf", SHA256: digest, ReceivedOn: "2026-11-03", Channel: "SignedDocument"},
			`Attested: desk recorded it for pat@acme.example from a signed document received on 2026-11-03 ("signed-plan.pdf", SHA-256 ` + digest + ")\n",
		},
		"all is said": {
			[]string{"--channel", "mail", "--document", "https://files.example/17", "--received", "2026-11-04", "--decided-time", "2026-11-02T23:30:00Z"},
			v1alpha1.Attestation{RecordedBy: "desk", Document: "https://files.example/17", SHA256: digest, ReceivedOn: "2026-11-04", Channel: "Mail"},
			`Attested: desk recorded it for pat@acme.example from a mail received on 2026-11-04 ("https://files.example/17", SHA-256 ` + digest + ")\n",
		},
		"the day is that of the decision": {
			[]string{"--channel", "FORM", "--decided-time", "2026-10-30T23:30:00-02:00"},
			v1alpha1.Attestation{RecordedBy: "desk", Document: "signed-plan.pdf", SHA256: digest, ReceivedOn: "2026-10-31", Channel: "Form"},
			`Attested: desk recorded it for pat@acme.example from a form received on 2026-10-31 ("signed-plan.pdf", SHA-256 ` + digest + ")\n",
		},
	} {
		for _, command := range []string{"submit", "approve"} {
			t.Run(command+", "+name, func(t *testing.T) {
				args := on(acme, append([]string{command, "acme-fy27-h2", "--by", "pat@acme.example", "--recorded-by", "desk", "--evidence", file}, tc.flags...)...)
				got := kubectlJointplan(t, "", args...)
				var d v1alpha1.ApprovalDecision
				if err := yaml.Unmarshal([]byte(got.Stdout), &d); got.Code != exitOK || err != nil {
					t.Fatalf("exit code %d, %v, stderr:\n%s", got.Code, err, got.Stderr)
				}
				if diff := cmp.Diff(&tc.want, d.Spec.Attestation); diff != "" || d.Spec.ApprovedBy != "pat@acme.example" || d.Spec.Party != v1alpha1.PartyPartner {
					t.Errorf("it is of %s for the %s (-want +got):\n%s", d.Spec.ApprovedBy, d.Spec.Party, diff)
				}
				if !strings.Contains(got.Stderr, "\n"+tc.shown) {
					t.Errorf("it does not show %s\n%s", tc.shown, got.Stderr)
				}
			})
		}
	}
}

// TestEvidenceThatShowsNothing names files that are none, and options that do not go together.
func TestEvidenceThatShowsNothing(t *testing.T) {
	file, _ := signed(t, "We agree.\n")
	empty, _ := signed(t, "")
	pipe, folder := filepath.Join(t.TempDir(), "pipe"), t.TempDir()
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	const hint, missing = "\nsee kubectl jointplan submit --help\n", "/nowhere/signed.pdf"
	by := []string{"--by", "pat@acme.example"}
	from := func(file string) []string {
		return append(by, "--recorded-by", "desk", "--channel", "Form", "--evidence", file)
	}
	for name, tc := range map[string]struct {
		flags []string
		code  int
		want  string
	}{
		"a file that is missing":  {from(missing), exitInput, "--evidence: cannot read /nowhere/signed.pdf: no such file or directory" + hint},
		"a folder":                {from(folder), exitInput, "--evidence: " + folder + " is not a file: name the document that shows the decision" + hint},
		"a pipe without a writer": {from(pipe), exitInput, "--evidence: " + pipe + " is not a file: name the document that shows the decision" + hint},
		"a device":                {from("/dev/zero"), exitInput, "--evidence: /dev/zero is not a file: name the document that shows the decision" + hint},
		"an empty file":           {from(empty), exitInput, "--evidence: " + empty + " is empty: it shows nothing" + hint},
		"no channel": {
			append(by, "--recorded-by", "desk", "--evidence", file), exitInput, `--channel "": must be Form, SignedDocument or Mail` + hint,
		},
		"another channel": {
			append(by, "--recorded-by", "desk", "--evidence", file, "--channel", "Fax"), exitInput, `--channel "Fax": must be Form, SignedDocument or Mail` + hint,
		},
		"nobody decides": {
			[]string{"--recorded-by", "desk", "--channel", "Form", "--evidence", file}, exitInput, "files do not show who you are: say with --by who decides, by user name" + hint,
		},
		"nobody records": {
			append(by, "--channel", "Form", "--evidence", file), exitInput, "files do not show who you are: say with --recorded-by who records the decision, by user name" + hint,
		},
		"no file": {
			append(by, "--channel", "Form"), exitInput,
			"--document, --channel, --received and --recorded-by are about the file that shows the decision: name it with --evidence" + hint,
		},
		"who decides records it": {
			append(by, "--recorded-by", "Pat@ACME.example", "--channel", "Form", "--evidence", file), exitFailed,
			"pat@acme.example decides and records it: who decides needs no evidence; leave out --evidence, or say with --by whose decision the document shows\n",
		},
		"it came before the decision": {
			append(from(file), "--received", "2026-10-01"), exitInput, "ApprovalDecision partner-acme/acme-fy27-h2-partner-ba1a020de6-20261103: spec.attestation.receivedOn: " +
				`a document cannot be received before the decision it shows` + hint,
		},
		"the day is none": {
			append(from(file), "--received", "yesterday"), exitInput, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			done := make(chan result, 1)
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			go func() {
				done <- kubectlJointplan(t, "", on(acme, append([]string{"submit", "acme-fy27-h2"}, tc.flags...)...)...)
			}()
			select {
			case <-ctx.Done():
				t.Fatal("it hangs")
			case got := <-done:
				if got.Code != tc.code || got.Stdout != "" || tc.want != "" && got.Stderr != tc.want {
					t.Errorf("exit code %d, stdout %q, (-want +got):\n%s", got.Code, got.Stdout, cmp.Diff(tc.want, got.Stderr))
				}
			}
		})
	}
	t.Run("a file that cannot be read", func(t *testing.T) {
		const unreadable = "/proc/self/mem" // also for root, whom no mode of a file keeps out
		if _, err := os.Stat(unreadable); err != nil {
			t.Skip("there is no " + unreadable)
		}
		got := kubectlJointplan(t, "", on(acme, append([]string{"submit", "acme-fy27-h2"}, from(unreadable)...)...)...)
		if want := "--evidence: cannot read " + unreadable + ": input/output error" + hint; got.Code != exitInput || got.Stderr != want {
			t.Errorf("exit code %d, %q", got.Code, got.Stderr)
		}
	})
	t.Run("the vendor has an account", func(t *testing.T) {
		got := kubectlJointplan(t, "", on(acme, append([]string{"approve", "acme-fy27-h2", "--party", "vendor"}, from(file)...)...)...)
		want := "--evidence is for decisions of the partner: the vendor's people decide under their own accounts\nsee kubectl jointplan approve --help\n"
		if got.Code != exitInput || got.Stderr != want {
			t.Errorf("exit code %d, %q", got.Code, got.Stderr)
		}
	})
}

// TestWhoRecordedDoesNotApprove has the desk record the partner's submission, and approve it for the vendor.
func TestWhoRecordedDoesNotApprove(t *testing.T) {
	file, digest := signed(t, "We agree.\n")
	folder := t.TempDir() + "/"
	got := kubectlJointplan(t, "", on(acme, "submit", "acme-fy27-h2", "--by", "pat@acme.example", "--recorded-by", "desk", "--channel", "Mail", "--evidence", file,
		"--write", folder)...)
	if got.Code != exitOK {
		t.Fatal(got.Stderr)
	}
	with := slices.Concat(acme, []string{"-f", folder})
	got = kubectlJointplan(t, "", on(with, "approve", "acme-fy27-h2", "--party", "vendor", "--by", "Desk")...)
	want := "the decision would have no effect: Desk recorded the approval of the partner from a document (ApprovalDecision acme-fy27-h2-partner-ba1a020de6-20261103), and so " +
		"cannot approve for the vendor: another person has to\n"
	if got.Code != exitFailed || got.Stderr != want {
		t.Errorf("exit code %d, (-want +got):\n%s", got.Code, cmp.Diff(want, got.Stderr))
	}
	attested := `Approved for the partner on 2026-11-03: desk recorded it for pat@acme.example from a mail received on 2026-11-03 ("signed-plan.pdf", SHA-256 ` + digest + ")\n"
	got = kubectlJointplan(t, "", on(with, "approve", "acme-fy27-h2", "--party", "vendor", "--by", "vera")...)
	if got.Code != exitOK || !strings.Contains(got.Stderr, "\n  Attested:   "+attested) {
		t.Errorf("exit code %d, who approves does not see %q:\n%s", got.Code, attested, got.Stderr)
	}
	for command, want := range map[string]string{
		"explain plan/acme-fy27-h2":                                         attested,
		"explain decision/acme-fy27-h2-partner-ba1a020de6-20261103 -o json": "desk recorded it for pat@acme.example from a mail received on 2026-11-03",
		"tree partner/acme --all":                                           "PendingApproval, attested",
	} {
		if out := must(t, kubectlJointplan(t, "", on(with, strings.Fields(command)...)...)); !strings.Contains(out, want) {
			t.Errorf("%s lacks %q:\n%s", command, want, out)
		}
	}
}
