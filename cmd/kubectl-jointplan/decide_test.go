package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/decision"
)

// acme are the samples of one partner, with its program and budgets.
var acme = []string{"-f", samples + "/programs/northwind.yaml", "-f", samples + "/budgets/northwind-fy27.yaml", "-f", samples + "/partners/acme"}

func TestDecisionOutput(t *testing.T) {
	for file, args := range map[string][]string{
		"approve-request.txt": {"approve", "request/acme-customer-day", "--by", "dirk.hoffmann@northwind.example"},
		"approve-part.txt":    {"approve", "mdfclaim/acme-cloud-webinar-2", "--by", "vera.lindqvist@northwind.example", "--amount", "700.00", "--comment", "no agency fee"},
		"reject-plan.txt":     {"reject", "acme-fy27-h1", "--by", "vera.lindqvist@northwind.example", "--party", "vendor", "--comment", "The agreement\nends."},
		"submit.txt":          {"submit", "acme-fy27-h2", "--by", "paula.reimann@acme.example"},
		"return-claim.txt":    {"return", "claim/acme-network-ads-1", "--by", "vera.lindqvist@northwind.example", "--comment", "a screenshot is missing"},
	} {
		t.Run(file, func(t *testing.T) {
			got := kubectlJointplan(t, "", on(acme, args...)...)
			if got.Code != exitOK {
				t.Fatalf("exit code %d, stderr:\n%s", got.Code, got.Stderr)
			}
			matchesFile(t, file, got.Stderr+"---\n"+got.Stdout)
		})
	}
}

// TestAnExceptionIsAskedFor grants a request after its activity has begun: without a reason that is refused before anybody is asked.
func TestAnExceptionIsAskedFor(t *testing.T) {
	approve := slices.Concat([]string{"approve", "request/acme-customer-day", "--at", "2026-12-09T09:00:00Z", "--by", "dirk.hoffmann@northwind.example"}, acme)
	got := kubectlJointplan(t, "", approve...)
	if want := `: say why with --exception "...", which takes the verb except, and let another person do the same` + "\n"; got.Code != exitFailed ||
		got.Stdout != "" || !strings.HasSuffix(got.Stderr, want) {
		t.Errorf("exit code %d, stdout %q, stderr:\n%s", got.Code, got.Stdout, got.Stderr)
	}
	got = kubectlJointplan(t, "", append(approve, "--exception", "the channel manager was ill")...)
	if got.Code != exitOK {
		t.Fatal(got.Stderr)
	}
	matchesFile(t, "approve-exception.txt", got.Stderr+"---\n"+got.Stdout)
	for exception, want := range map[string]string{
		"": "--exception is empty: give it a value, or leave it out\nsee kubectl jointplan approve --help\n",
		" ": "ApprovalDecision partner-acme/acme-customer-day-vendor-56ebf1aee2-20261209: spec.exception.reason: Invalid value: \" \": must be visible text without " +
			"control, zero-width or text-direction characters\nsee kubectl jointplan approve --help\n",
	} {
		got = kubectlJointplan(t, "", append(approve, "--exception", exception)...)
		if diff := cmp.Diff(result{Code: exitInput, Stderr: want}, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", exception, diff)
		}
	}
}

// TestQuestion says what a person confirms.
func TestQuestion(t *testing.T) {
	for exception, want := range map[string]string{
		"": "Create this decision?", "approver 1 of 2": "Create this decision, which grants an exception (approver 1 of 2)?",
	} {
		if got := question(&decision.Draft{Exception: exception}); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestAWrittenDecisionCounts writes a decision into a folder of manifests, and previews them.
func TestAWrittenDecisionCounts(t *testing.T) {
	folder := t.TempDir() + "/"
	approve := on(acme, "approve", "request/acme-customer-day", "--by", "dirk", "--write", folder)
	got := kubectlJointplan(t, "", approve...)
	file := filepath.Join(folder, "acme-customer-day-vendor-56ebf1aee2-20261103.yaml")
	if got.Code != exitOK || got.Stdout != "" || !strings.HasSuffix(got.Stderr, "Written to "+file+". It counts once it is applied.\n") {
		t.Fatalf("exit code %d, %q, %q", got.Code, got.Stdout, got.Stderr)
	}
	after := must(t, kubectlJointplan(t, "", on(append(acme, "-f", folder), "preview")...))
	if !regexp.MustCompile(`acme-customer-day +\S+ +Partner +4500\.00 +EUR +4500\.00 +EUR +Granted`).MatchString(after) {
		t.Errorf("it is not granted:\n%s", after)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got = kubectlJointplan(t, "", approve...)
	want := file + " is there already and stays as it is: name another file with --write, or - for standard output\n"
	if got.Code != exitFailed || !strings.HasSuffix(got.Stderr, want) {
		t.Errorf("again: exit code %d, %q", got.Code, got.Stderr)
	}
	if now, err := os.ReadFile(file); err != nil || string(now) != string(before) {
		t.Errorf("the file was changed: %v", err)
	}
}

func TestDecisionCommandLines(t *testing.T) {
	hint := func(command string) string { return "\nsee kubectl jointplan " + command + " --help\n" }
	for name, tc := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no name":              {[]string{"approve"}, exitInput, "name one plan, request or claim, such as plan/acme-fy27-h1, not 0" + hint("approve")},
		"two names":            {[]string{"return", "a", "b"}, exitInput, "name one plan, request or claim, such as plan/acme-fy27-h1, not 2" + hint("return")},
		"nothing is submitted": {[]string{"submit"}, exitInput, "name one plan, such as acme-fy27-h1, not 0" + hint("submit")},
		"two are confirmed": {
			[]string{"confirm", "a", "b"}, exitInput, "name one record of a meeting, such as acme-fy27-h1-20261001, not 2" + hint("confirm"),
		},
		"submitted for a party": {on(acme, "submit", "acme-fy27-h2", "--by", "x", "--party", "Vendor"), exitInput, "unknown flag: --party" + hint("submit")},
		"a request is submitted": {
			on(acme, "submit", "request/acme-customer-day", "--by", "x"), exitFailed, "MDFAllocation partner-acme/acme-customer-day is not a plan, and only a plan is submitted by a " +
				"decision: a request is made with spec.requestedOn, a claim with spec.claimedOn\n",
		},
		"an exception is returned": {
			on(acme, "return", "request/acme-customer-day", "--by", "x", "--exception", "ill"), exitInput, "unknown flag: --exception" + hint("return"),
		},
		"no person": {on(acme, "approve", "acme-fy27-h1"), exitInput, "files do not show who you are: say with --by who decides, by user name" + hint("approve")},
		"no party":  {on(acme, "approve", "acme-fy27-h1", "--by", "x", "--party", "Client"), exitInput, `--party "Client": must be Vendor or Partner` + hint("approve")},
		"an output": {on(acme, "approve", "acme-fy27-h1", "--by", "x", "-o", "json"), exitInput, `--output "json": must be yaml, which prints the manifest` + hint("approve")},
		"two ways": {
			on(acme, "approve", "acme-fy27-h1", "--by", "x", "-o", "yaml", "--write", "a"), exitInput,
			"--output prints the manifest and --write writes it into a file: leave out one" + hint("approve"),
		},
		"a part is returned": {
			on(acme, "return", "request/acme-customer-day", "--by", "x", "--amount", "1"), exitInput, "unknown flag: --amount" + hint("return"),
		},
		"a partner":    {on(acme, "approve", "partner/acme", "--by", "x"), exitFailed, "nobody decides on a Partner: name a JointPlan, an MDFAllocation, an MDFClaim or a PlanReview\n"},
		"no such plan": {on(acme, "approve", "plan/acme-fy27-h3", "--by", "x"), exitFailed, "there is no plan/acme-fy27-h3 in the files: did you mean acme-fy27-h1?\n"},
		"no effect": {
			on(acme, "approve", "acme-fy27-h1", "--by", "x"), exitFailed,
			"the decision would have no effect: JointPlan partner-acme/acme-fy27-h1 is approved by the vendor and partner\n",
		},
		"a comment that is none": {
			on(acme, "return", "request/acme-customer-day", "--by", "x", "--comment", " "), exitInput,
			"ApprovalDecision partner-acme/acme-customer-day-vendor-56ebf1aee2-20261103: spec.comment: Invalid value: \" \": must be visible text without " +
				"control, zero-width or text-direction characters" + hint("return"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := kubectlJointplan(t, "", tc.args...)
			if diff := cmp.Diff(result{Code: tc.code, Stderr: tc.want}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestDeliveredBy(t *testing.T) {
	for name, tc := range map[string]struct {
		meta metav1.ObjectMeta
		want string
	}{
		"nobody": {},
		"Argo CD by annotation": {
			metav1.ObjectMeta{Annotations: map[string]string{"argocd.argoproj.io/tracking-id": "acme:channel.jointplan.dev/JointPlan:partner-acme/h1"}},
			"Argo CD application acme",
		},
		"Argo CD in a namespace of its own": {
			metav1.ObjectMeta{Annotations: map[string]string{"argocd.argoproj.io/tracking-id": "team_acme:channel.jointplan.dev/JointPlan:partner-acme/h1"}},
			"Argo CD application team_acme",
		},
		"a copied annotation": {
			metav1.ObjectMeta{Annotations: map[string]string{"argocd.argoproj.io/tracking-id": "acme:channel.jointplan.dev/JointPlan:partner-acme/other"}}, "",
		},
		"a copied annotation and Helm's label": {
			metav1.ObjectMeta{
				Labels:      map[string]string{"app.kubernetes.io/instance": "acme"},
				Annotations: map[string]string{"argocd.argoproj.io/tracking-id": "acme:channel.jointplan.dev/JointPlan:partner-acme/other"},
			},
			"",
		},
		"Argo CD by label": {
			metav1.ObjectMeta{
				Labels: map[string]string{"app.kubernetes.io/instance": "acme"}, Annotations: map[string]string{"argocd.argoproj.io/sync-wave": "3"},
			},
			"Argo CD application acme",
		},
		"Argo CD by its writes": {
			metav1.ObjectMeta{
				Labels: map[string]string{"app.kubernetes.io/instance": "acme"}, ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "argocd-controller"}},
			},
			"Argo CD application acme",
		},
		"Helm's label": {metav1.ObjectMeta{Labels: map[string]string{"app.kubernetes.io/instance": "acme", "app.kubernetes.io/managed-by": "Helm"}}, ""},
		"a Flux Kustomization": {
			metav1.ObjectMeta{Labels: map[string]string{"kustomize.toolkit.fluxcd.io/name": "acme", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}},
			"Flux Kustomization flux-system/acme",
		},
		"a Flux HelmRelease": {metav1.ObjectMeta{Labels: map[string]string{"helm.toolkit.fluxcd.io/name": "acme"}}, "Flux HelmRelease acme"},
	} {
		t.Run(name, func(t *testing.T) {
			tc.meta.Name, tc.meta.Namespace = "h1", "partner-acme"
			if got := deliveredBy(&v1alpha1.JointPlan{ObjectMeta: tc.meta}); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// TestSeveralAreApproved: each is shown, those without effect are left out with the reason, and the manifests of the others stand apart.
func TestSeveralAreApproved(t *testing.T) {
	const by = "dirk.hoffmann@northwind.example"
	of := func(args ...string) result {
		return kubectlJointplan(t, "", story(append([]string{"approve"}, args...)...)...)
	}
	got := of("requests", "-l", "!none", "-n", "partner-acme", "--by", by)
	for _, want := range []string{
		"MDFAllocation partner-acme/acme-cloud-webinar: left out: the decision would have no effect: the approval of this revision was complete with ",
		"MDFAllocation partner-acme/acme-customer-day, revision v1:", "Decision: Approved, for the vendor, by " + by,
		"What else is waiting for budget northwind-fy27:\n  partner-lyra/lyra-cloud-desk-ads: EUR 6,000.00, asked for on 2026-10-12, approved, and waits for money\n",
		"3 of 4 were left out: each line above says why\n",
	} {
		if !strings.Contains(got.Stderr, want) {
			t.Errorf("no %q in:\n%s", want, got.Stderr)
		}
	}
	if got.Code != exitFailed || strings.Count(got.Stdout, "kind: ApprovalDecision\n") != 1 {
		t.Errorf("exit code %d, stdout:\n%s", got.Code, got.Stdout)
	}
	got = of("requests", "-l", "!none", "-n", "partner-helix", "--by", by)
	if strings.Count(got.Stdout, "kind: ApprovalDecision\n") != 2 || strings.Count(got.Stdout, "---\n") != 1 {
		t.Errorf("two manifests do not stand apart:\n%s", got.Stdout)
	}
	const hint = "\nsee kubectl jointplan approve --help\n"
	for name, tc := range map[string]struct {
		args []string
		want result
	}{
		"of no kind":      {[]string{"-l", "a=b"}, result{Code: exitInput, Stderr: "say of which kind those are that -l selects: plans, requests or claims" + hint}},
		"of no label":     {[]string{"claims", "-l", "a=b"}, result{Code: exitFailed, Stderr: "there are no claims with the labels a=b in the files\n"}},
		"in part":         {[]string{"claims", "-l", "a=b", "--amount", "1.00", "--comment", "half"}, result{Code: exitInput, Stderr: "--revision, --amount and --percent are about one object: name it, or leave them out" + hint}},
		"without a label": {nil, result{Code: exitInput, Stderr: "name one plan, request or claim, such as plan/acme-fy27-h1, not 0" + hint}},
	} {
		if got := of(append(tc.args, "--by", by)...); got != tc.want {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
}
