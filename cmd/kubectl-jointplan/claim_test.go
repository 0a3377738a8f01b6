package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// roadshow is a claim on the command line, on 2026-11-30, when the activity is over.
var roadshow = []string{
	"claim", "acme-migration-roadshow", "--by", "paula.reimann@acme.example", "--cost", "RS-118:Hotel am Wall:6400.00:2026-10-20:7616.00",
	"--cost", "RS-119::12000.00:2026-11-02", "--proof", "Invoice:https://files.acme.example/RS-118.pdf",
}

// with returns a command line with more arguments.
func with(args []string, more ...string) []string { return slices.Concat(args, more) }

func afterwards(args ...string) []string {
	return append(append(args, acme...), "--at", "2026-11-30T23:30:00Z") // in the program's zone it is December
}

func TestClaimOutput(t *testing.T) {
	complete := with(roadshow,
		"--proof", "AttendeeList:https://files.acme.example/visitors.csv", "--proof", "Agenda:https://files.acme.example/agenda.pdf",
		"--final", "--result", "qualified-leads:31", "--name", "roadshow-final")
	for file, args := range map[string][]string{"claim.txt": roadshow, "claim-final.txt": complete} {
		t.Run(file, func(t *testing.T) {
			got := kubectlJointplan(t, "", afterwards(with(args, "--write", "-")...)...)
			if got.Code != exitOK {
				t.Fatalf("exit code %d, stderr:\n%s", got.Code, got.Stderr)
			}
			matchesFile(t, file, got.Stderr+"---\n"+got.Stdout)
		})
	}
}

func TestAWrittenClaimIsRead(t *testing.T) {
	folder := t.TempDir()
	got := kubectlJointplan(t, "", afterwards(with(roadshow, "--write", folder)...)...)
	file := filepath.Join(folder, "acme-migration-roadshow-1.yaml")
	if got.Code != exitOK || got.Stdout != file+": MDFClaim partner-acme/acme-migration-roadshow-1 is written; it counts once it is applied\n" {
		t.Fatalf("exit code %d, %q, %q", got.Code, got.Stdout, got.Stderr)
	}
	after := must(t, kubectlJointplan(t, "", afterwards("preview", "-f", folder)...))
	if !strings.Contains(after, "acme-migration-roadshow-1     2027-02-23   Partner   18400.00   EUR   0.00      EUR          Refused           ProofMissing") {
		t.Errorf("the claim is not there:\n%s", after)
	}
	next := kubectlJointplan(t, "", afterwards(with(roadshow, "-f", folder, "--write", "-")...)...)
	if !strings.Contains(next.Stdout, "name: acme-migration-roadshow-2\n") {
		t.Errorf("the next claim has another name:\n%s", next.Stdout)
	}
}

// TestAPartOfAnInvoice claims what the samples leave of an invoice, and what is more than it comes to.
func TestAPartOfAnInvoice(t *testing.T) {
	claim := func(net string) result {
		return kubectlJointplan(t, "", afterwards("claim", "acme-migration-roadshow", "--by", "x", "--cost", "ADN-90107:Adnetz:"+net+":2026-10-01",
			"--proof", "Invoice:a", "--proof", "AttendeeList:b", "--proof", "Agenda:c", "--write", "-")...)
	}
	got := claim("1000.00/3600.00")
	for _, want := range []string{"invoice: ADN-90107\n", "net: \"1000.00\"\n", "invoiceNet: \"3600.00\"\n", "Payable: EUR 500.00 of EUR 1,000.00"} {
		if !strings.Contains(got.Stdout+got.Stderr, want) {
			t.Errorf("no %q in:\n%s%s", want, got.Stderr, got.Stdout)
		}
	}
	const above = "MDFClaim partner-acme/acme-migration-roadshow-1: spec.costs[0].net: net is the part of invoiceNet that is claimed and must not be above it"
	if got := claim("3600.01/3600.00"); got.Code != exitInput || !strings.Contains(got.Stderr, above) {
		t.Errorf("exit code %d, %q, want %q", got.Code, got.Stderr, above)
	}
	if got := claim("1000.00/3600.001"); got.Code != exitFailed || !strings.Contains(got.Stderr, "--cost ADN-90107: the whole invoice ") {
		t.Errorf("exit code %d, %q", got.Code, got.Stderr)
	}
}

func TestClaimGoesIntoTheCurrentFolder(t *testing.T) {
	var args []string
	for _, arg := range afterwards(roadshow...) {
		if strings.HasPrefix(arg, samples) {
			absolute, err := filepath.Abs(arg)
			if err != nil {
				t.Fatal(err)
			}
			arg = absolute
		}
		args = append(args, arg)
	}
	t.Chdir(t.TempDir())
	if got := kubectlJointplan(t, "", args...); got.Code != exitOK {
		t.Fatalf("exit code %d, %q", got.Code, got.Stderr)
	}
	if _, err := os.Stat("acme-migration-roadshow-1.yaml"); err != nil {
		t.Error(err)
	}
}

func TestAReferenceOfSeveralLinesStaysInItsComment(t *testing.T) {
	args := with(roadshow, "--proof", "Agenda:one\nkind: Secret", "--write", "-")
	got := kubectlJointplan(t, "", afterwards(args...)...)
	if got.Code != exitOK || !strings.Contains(got.Stdout, "# [x] Agenda, one ⏎ kind: Secret\n") || strings.Contains(got.Stdout, "\nkind: Secret") {
		t.Errorf("exit code %d, %q\n%s", got.Code, got.Stderr, got.Stdout)
	}
}

// TestASupplierWithAColon writes suppliers, invoices and people whose names have colons, and reads them again as they are.
func TestASupplierWithAColon(t *testing.T) {
	const cost = `RE\:2026\:7:Messe\: Bau:64.00:2026-10-20:76.16`
	got := kubectlJointplan(t, "", afterwards("claim", "acme-migration-roadshow", "--by", "x", "--write", "-", "--proof", "Invoice:https://a.example/1", "--cost", cost)...)
	if got.Code != exitOK || !strings.Contains(got.Stdout, "invoice: RE:2026:7\n") || !strings.Contains(got.Stdout, "supplier: 'Messe: Bau'\n") {
		t.Fatalf("exit code %d, %s\n%s", got.Code, got.Stderr, got.Stdout)
	}
	file := filepath.Join(t.TempDir(), "claim.yaml")
	if err := os.WriteFile(file, []byte(got.Stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	if again := must(t, kubectlJointplan(t, "", afterwards("preview", "-o", "yaml", "-f", file)...)); !strings.Contains(again, "supplier: 'Messe: Bau'\n") {
		t.Error("the supplier is another when it is read again")
	}
	for text, want := range map[string]string{
		"A-1:Messe: Bau:64.00:2026-10-20":       `"64.00" must be the day of the order or the invoice, such as 2026-10-20 (a colon of its own is written \:)`,
		"A-1:Messe: Bau:64.00:2026-10-20:76.16": `must be INVOICE:SUPPLIER:NET:DAY or INVOICE:SUPPLIER:NET:DAY:GROSS (a colon of its own is written \:)`,
	} {
		got := kubectlJointplan(t, "", afterwards("claim", "acme-migration-roadshow", "--by", "x", "--write", "-", "--cost", text)...)
		if got.Code != exitInput || !strings.HasPrefix(got.Stderr, fmt.Sprintf("--cost %q: %s\n", text, want)) {
			t.Errorf("--cost %s: exit code %d, %s", text, got.Code, got.Stderr)
		}
	}
	review := kubectlJointplan(t, "", afterwards("review", "acme-fy27-h1", "--by", "v", "--party", "Vendor", "--held-on", "2026-11-30", "--outcome", "OnTrack",
		"--no-actions", "x", "--attendee", `Team\: North:Vendor:sales-emea`, "--attendee", "P:Partner", "-o", "yaml")...)
	if review.Code != exitOK || !strings.Contains(review.Stdout, "name: 'Team: North'\n") || !strings.Contains(review.Stdout, "- sales-emea\n") {
		t.Errorf("exit code %d, %s\n%s", review.Code, review.Stderr, review.Stdout)
	}
}

func TestClaimCommandLines(t *testing.T) {
	const hint = "\nsee kubectl jointplan claim --help\n"
	cost := []string{"--cost", "A-1:B:10.00:2026-11-02"}
	of := func(request string, args ...string) []string {
		return afterwards(append(append([]string{"claim", request, "--by", "x", "--write", "-"}, cost...), args...)...)
	}
	for name, tc := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no request": {[]string{"claim"}, exitInput, "name one request for money, not 0" + hint},
		"no person":  {afterwards(append([]string{"claim", "acme-migration-roadshow"}, cost...)...), exitInput, "files do not show who you are: say with --by who claims, by user name" + hint},
		"no cost":    {afterwards("claim", "acme-migration-roadshow", "--by", "x"), exitInput, "say what it cost: --cost INVOICE:SUPPLIER:NET:DAY, once for each invoice" + hint},
		"a cost":     {of("r", "--cost", "A-1"), exitInput, `--cost "A-1": must be INVOICE:SUPPLIER:NET:DAY or INVOICE:SUPPLIER:NET:DAY:GROSS` + hint},
		"a day":      {of("r", "--cost", "A-1:B:1.00:today"), exitInput, `--cost "A-1:B:1.00:today": "today" must be the day of the order or the invoice, such as 2026-10-20` + hint},
		"a proof":    {of("r", "--proof", "Invoice"), exitInput, `--proof "Invoice": must be TYPE:REFERENCE, such as Invoice:https://files.acme.example/RS-118.pdf` + hint},
		"a result":   {of("r", "--result", "leads"), exitInput, `--result "leads": must be METRIC:VALUE, such as qualified-leads:31` + hint},
		"claimed on": {of("r", "--claimed-on", "soon"), exitInput, `--claimed-on "soon": must be a day such as 2026-11-03` + hint},
		"a draft":    {of("r", "--claimed-on", "2026-11-30", "--draft"), exitInput, "--draft leaves out the day that --claimed-on gives: leave out one" + hint},
		"a plan":     {of("plan/acme-fy27-h1"), exitInput, "JointPlan partner-acme/acme-fy27-h1 is not a request for money: claims are made on those" + hint},
		"nothing is granted": {
			of("acme-customer-day"), exitFailed,
			"there is nothing to claim on MDFAllocation partner-acme/acme-customer-day: ",
		},
		"the final claim without results": {
			of("acme-migration-roadshow", "--final"), exitInput,
			"MDFClaim partner-acme/acme-migration-roadshow-1: spec.results: the final claim states the results that the activity had: add results" + hint,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := kubectlJointplan(t, "", tc.args...)
			if name == "nothing is granted" && strings.HasPrefix(got.Stderr, tc.want) {
				tc.want = got.Stderr // why, says the request's status
			}
			if diff := cmp.Diff(result{Code: tc.code, Stderr: tc.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
