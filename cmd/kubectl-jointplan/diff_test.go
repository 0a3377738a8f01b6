package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/testobj"
)

// parts of the samples that are compared.
var comparedParts = []string{"programs", "budgets", "partners/acme", "partners/finch"}

// changedSamples copies parts of the samples into a folder, and changes texts in them.
func changedSamples(t *testing.T, change map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for _, part := range comparedParts {
		if err := os.CopyFS(filepath.Join(folder, part), os.DirFS(filepath.Join(samples, part))); err != nil {
			t.Fatal(err)
		}
	}
	changed := map[string]bool{}
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for from, to := range change {
			if strings.Contains(string(text), from) {
				changed[from] = true
				text = []byte(strings.ReplaceAll(string(text), from, to))
			}
		}
		return os.WriteFile(path, text, 0o600)
	})
	if err != nil || len(changed) != len(change) {
		t.Fatalf("%v: only %v are in the samples", err, changed)
	}
	return folder
}

// against returns a command line that compares a folder with the samples at the instant of the story.
func against(folder string, args ...string) []string {
	args = append([]string{"diff", "-f", folder, "--at", storyAt}, args...)
	for _, part := range comparedParts {
		args = append(args, "--base", filepath.Join(samples, part))
	}
	return args
}

// pullRequest amends a plan, cuts a budget and corrects a mistake.
var pullRequest = map[string]string{
	`{mode: IncreaseByPercent, value: "10"}`:      `{mode: IncreaseByPercent, value: "15"}`,
	`amount: {amount: "20000.00", currency: EUR}`: `amount: {amount: "12000.00", currency: EUR}`,
	"metric: new-revenues ":                       "metric: new-revenue ",
}

func TestDiffOutput(t *testing.T) {
	folder := changedSamples(t, pullRequest)
	for format, file := range map[string]string{"text": "diff.txt", "markdown": "diff.md", "json": "diff.json"} {
		t.Run(format, func(t *testing.T) {
			matchesFile(t, file, must(t, kubectlJointplan(t, "", against(folder, "-o", format)...)))
		})
	}
	got := kubectlJointplan(t, "", against(folder, "--exit-code")...)
	if got.Code != exitFailed || got.Stderr != "there are differences\n" || got.Stdout == "" {
		t.Errorf("with --exit-code: %d, %q", got.Code, got.Stderr)
	}
}

// TestNothingIsDifferent compares the samples with themselves: at instants at which money waits, is granted, released and lapsed.
func TestNothingIsDifferent(t *testing.T) {
	folder := changedSamples(t, nil)
	for _, at := range []string{storyAt, "2026-08-01T00:00:00Z", "2026-12-31T23:00:00Z", "2027-12-01T00:00:00Z"} {
		got := must(t, kubectlJointplan(t, "", against(folder, "--at", at, "--exit-code", "--prune")...))
		if !strings.HasPrefix(got, "Nothing is different from ") || strings.Count(got, "\n") != 1 {
			t.Errorf("at %s:\n%s", at, got)
		}
	}
}

// TestTheFirstPullRequestIsComparedWithAnEmptyFolder has no manifests to start from.
func TestTheFirstPullRequestIsComparedWithAnEmptyFolder(t *testing.T) {
	empty, first := t.TempDir(), filepath.Join("..", "..", "config", "samples", "programs")
	got := kubectlJointplan(t, "", "diff", "--base", empty, "-f", first, "--at", storyAt)
	if got.Code != exitOK || !strings.HasPrefix(got.Stdout, "Against "+empty+", both as of "+storyAt+": 2 added.\n") {
		t.Errorf("diff:\n%s", got.Stdout)
	}
	for _, command := range []string{"diff", "lint", "preview"} {
		got := kubectlJointplan(t, "", command, "--base", empty, "-f", first, "--at", storyAt)
		if got.Code != exitOK || got.Stderr != "--base "+empty+" is an empty folder: nothing was there before.\n" {
			t.Errorf("%s: %d, %s", command, got.Code, got.Stderr)
		}
	}
}

// TestABaseThatReadsAsNothingIsRefused names as --base what holds no manifest of ours: taken for nothing, all would look new, and what was approved
// unknown.
func TestABaseThatReadsAsNothingIsRefused(t *testing.T) {
	root, first := t.TempDir(), filepath.Join("..", "..", "config", "samples", "programs")
	whole, err := filepath.Abs(first)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"notes/README.md": "#", "overlay/kustomization.yaml": "resources: []\n", "empty.yaml": "",
		"others/secret.yaml": "{apiVersion: v1, kind: Secret, metadata: {name: s}}\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"dangling": filepath.Join(root, "gone"), "link": whole} {
		if err := os.Symlink(to, filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, command := range []string{"diff", "lint", "preview"} {
		for base, want := range map[string]string{
			"nowhere": "nowhere: no such file or directory", "dangling": "dangling: is a link to " + root + "/gone, which does not exist",
			"notes": "notes: holds no manifests", "overlay": "overlay: holds no manifests (*.yaml, *.yml, *.json), only a kustomization", "empty.yaml": "empty.yaml: holds no object",
			"others": "--base: the manifests hold no object of channel.jointplan.dev; if there were none before, name an empty folder", "plan*": "plan*: no such file or directory",
		} {
			got := kubectlJointplan(t, "", command, "--base", filepath.Join(root, base), "-f", first, "--at", storyAt)
			if got.Code != exitInput || !strings.Contains(got.Stderr, want) || got.Stdout != "" {
				t.Errorf("%s --base %s: %d, %s%s", command, base, got.Code, got.Stdout, got.Stderr)
			}
		}
		got := kubectlJointplan(t, "", command, "--base", "-", "-f", first, "--at", storyAt)
		if got.Code != exitInput || got.Stderr != "--base: stdin: is not read here: name files or folders\n" {
			t.Errorf("%s --base -: %d, %s", command, got.Code, got.Stderr)
		}
	}
	linked := filepath.Join(root, "link")
	if got := must(t, kubectlJointplan(t, "", "diff", "--base", linked, "-f", first, "--at", storyAt)); !strings.HasPrefix(got, "Nothing is different from "+linked) {
		t.Errorf("a base that is a link:\n%s", got)
	}
}

func TestWhatIsLeftOutGoesOnlyWithPrune(t *testing.T) {
	folder := changedSamples(t, nil)
	if err := os.Remove(filepath.Join(folder, "partners", "finch", "plans.yaml")); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"partners/acme/approvals.yaml", "budgets/northwind-fy27.yaml"} {
		if err := os.Remove(filepath.Join(folder, file)); err != nil {
			t.Fatal(err)
		}
	}
	got := must(t, kubectlJointplan(t, "", against(folder)...))
	if !strings.HasPrefix(got, "Nothing is different from ") {
		t.Errorf("without --prune:\n%s", got)
	}
	var report struct {
		Differences []struct {
			Kind   string `json:"kind"`
			Name   string `json:"name"`
			Change string `json:"change"`
		} `json:"differences"`
	}
	raw := must(t, kubectlJointplan(t, "", against(folder, "--prune", "-o", "json")...))
	if err := json.Unmarshal([]byte(raw), &report); err != nil {
		t.Fatal(err)
	}
	var removed []string
	for _, d := range report.Differences {
		if d.Change == "Removed" {
			removed = append(removed, d.Kind+" "+d.Name)
		}
	}
	want := []string{"MDFBudget northwind-fy27", "JointPlan finch-fy27-h1", "JointPlan finch-fy27-h2"} // and no decision
	if diff := cmp.Diff(want, removed); diff != "" {
		t.Errorf("removed (-want +got):\n%s", diff)
	}
}

func TestDiffCommandLines(t *testing.T) {
	const hint = "\nsee kubectl jointplan diff --help\n"
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"no files":      {nil, "no manifests: name files or folders with -f, or - for standard input" + hint},
		"output":        {[]string{"-f", plans, "-o", "yaml"}, `--output "yaml": must be text, json or markdown` + hint},
		"no such file":  {[]string{"-f", "nowhere.yaml"}, "nowhere.yaml: no such file or directory\n"},
		"no such base":  {[]string{"-f", plans, "--base", "nowhere"}, "nowhere: no such file or directory\n"},
		"no kubeconfig": {[]string{"-f", plans, "--kubeconfig", "nowhere"}, "nowhere: no such file or directory\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := kubectlJointplan(t, "", append([]string{"diff"}, tc.args...)...)
			if got.Code != exitInput || got.Stdout != "" || !strings.Contains(got.Stderr, strings.TrimSuffix(tc.want, "\n")) {
				t.Errorf("exit code %d, %q, want %q", got.Code, got.Stderr, tc.want)
			}
		})
	}
}

func TestAppliedObjectsStayTheSame(t *testing.T) {
	live, applied := &v1alpha1.Partner{}, &v1alpha1.Partner{}
	live.Name, applied.Name = "acme", "acme"
	live.UID, live.CreationTimestamp = "u", metav1.Now().Rfc3339Copy()
	live.Labels, applied.Labels = map[string]string{"a": "1", "b": "1"}, map[string]string{"b": "2"}
	live.Annotations = map[string]string{v1alpha1.AnnotationSuspend: "true"}
	live.Spec.Region, applied.Spec.Region = "dach", "benelux"
	got, err := asApplied(live, applied)
	want := live.DeepCopy()
	want.Spec.Region, want.Labels["b"] = "benelux", "2"
	if diff := cmp.Diff(manifest.Object(want), got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestAsApplied(t *testing.T) {
	claim := func(change func(*v1alpha1.MDFClaim)) *v1alpha1.MDFClaim {
		x := &v1alpha1.MDFClaim{}
		x.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("MDFClaim"))
		x.Namespace, x.Name, x.Spec.Currency = "partner-acme", "c", "EUR"
		if change != nil {
			change(x)
		}
		return x
	}
	payment := testobj.Payment("T-1", "2026-11-03", "1.00")
	paid := func(x *v1alpha1.MDFClaim) { x.Spec.Payments = []v1alpha1.Payment{payment} }
	again := func(x *v1alpha1.MDFClaim) { x.Spec.ResubmittedOn = "2026-11-02" }
	noted := func(fields string) func(*v1alpha1.MDFClaim) {
		return func(x *v1alpha1.MDFClaim) {
			again(x)
			x.Annotations = map[string]string{corev1.LastAppliedConfigAnnotation: `{"spec": {` + fields + `}}`}
		}
	}
	for name, tc := range map[string]struct{ live, applied, want *v1alpha1.MDFClaim }{
		"a new object":                     {nil, claim(again), claim(again)},
		"a recorded payment stays":         {claim(paid), claim(again), claim(func(x *v1alpha1.MDFClaim) { paid(x); again(x) })},
		"a field that is left out goes":    {claim(again), claim(nil), claim(nil)},
		"a field that others wrote stays":  {claim(noted(`"currency": "EUR"`)), claim(nil), claim(again)},
		"a field that was applied is gone": {claim(noted(`"resubmittedOn": "2026-11-02"`)), claim(nil), claim(nil)},
		"a note that cannot be read":       {claim(noted(`!`)), claim(nil), claim(nil)},
	} {
		t.Run(name, func(t *testing.T) {
			var live manifest.Object
			if tc.live != nil {
				live = tc.live
			}
			if tc.live != nil && tc.live.Annotations != nil {
				tc.want.Annotations = tc.live.Annotations
			}
			got, err := asApplied(live, tc.applied)
			if diff := cmp.Diff(manifest.Object(tc.want), got); err != nil || diff != "" {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}
