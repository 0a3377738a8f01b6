package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/lint"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// samplesCluster is an API server that holds the samples, evaluated at the instant of their story, with the catalogs of their programs. It refuses to list some
// resources.
func samplesCluster(t *testing.T, forbidden ...string) (url string) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, storyAt)
	if err != nil {
		t.Fatal(err)
	}
	set, err := reader().Read(t.Context(), manifest.Options{}, samples)
	if err != nil {
		t.Fatal(err)
	}
	objects := preview.New(set).At(at)
	for _, x := range set.Programs {
		catalog := &v1alpha1.ProgramCatalog{ObjectMeta: metav1.ObjectMeta{Name: x.Name}, Spec: x.Spec}
		catalog.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kinds.ProgramCatalog))
		objects = append(objects, catalog)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, inNamespaces := strings.CutPrefix(r.URL.Path, "/api/v1/namespaces/")
		_, inGroup, _ := strings.Cut(r.URL.Path, "/apis/"+v1alpha1.GroupVersion.String()+"/")
		namespace := ""
		if rest, namespaced := strings.CutPrefix(inGroup, "namespaces/"); namespaced {
			namespace, inGroup, _ = strings.Cut(rest, "/")
		}
		for _, resource := range forbidden {
			if path.Dir(inGroup) == resource || inGroup == resource || r.URL.Path == resource || inNamespaces && resource == "namespaces" {
				refuse(w, http.StatusForbidden, metav1.StatusReasonForbidden)
				return
			}
		}
		if inNamespaces {
			answer(w, http.StatusOK, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: set.Namespaces[name]}})
			return
		}
		plural, one, _ := strings.Cut(inGroup, "/")
		for _, x := range objects {
			if k := kinds.Of(x); one != "" && k.Plural == plural && x.GetName() == one && x.GetNamespace() == namespace {
				answer(w, http.StatusOK, x)
				return
			}
		}
		for _, k := range kinds.All() {
			if k.Plural == inGroup {
				items := []manifest.Object{}
				for _, x := range objects {
					if manifest.KeyOf(x).Kind == k.Name && (namespace == "" || x.GetNamespace() == namespace) {
						items = append(items, x)
					}
				}
				answer(w, http.StatusOK, map[string]any{"apiVersion": v1alpha1.GroupVersion.String(), "kind": k.Name + "List", "items": items})
				return
			}
		}
		refuse(w, http.StatusNotFound, metav1.StatusReasonNotFound)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// vendors are the resources of the whole cluster that no partner may list.
var vendors = []string{"partnerprograms", "channelstrategies", "programreports", "benchmarks", "channelmanagers", "mdfbudgets", "mdfledgers", "namespaces"}

// TestAPartnerReadsTheCatalog: it sees what the program offers to its tier, and a claim's checklist, without the program; and without the catalog which
// right is missing, and who grants it.
func TestAPartnerReadsTheCatalog(t *testing.T) {
	t.Parallel()
	const (
		lacks = "you are not allowed to list programcatalogs.channel.jointplan.dev; an administrator of the cluster grants it with " +
			"kubectl create clusterrolebinding NAME --clusterrole=jointplan-catalog-reader --user=YOU (docs/access.md)"
		note = "You are not allowed to list partnerprograms.channel.jointplan.dev and mdfbudgets.channel.jointplan.dev, which are for the vendor's people "
	)
	claim := []string{
		"claim", "acme-migration-roadshow", "-n", "partner-acme", "--by", "x", "--claimed-on", "2026-11-30", "--write", "-", "--cost", "R-1:Hotel:10.00:2026-11-18",
	}
	for name, tc := range map[string]struct {
		forbidden []string
		args      []string
		code      int
		want      []string
		never     string
	}{
		"the catalog": {
			vendors,
			[]string{"catalog", "-n", "partner-brightpath"},
			exitOK,
			[]string{note, "for brightpath, tier silver", "Webinar        50%", "10 business days", "Invoice, AttendeeList", "northwind-schools-fy27"},
			"programcatalogs",
		},
		"no catalog": {
			append([]string{"programcatalogs"}, vendors...),
			[]string{"catalog", "-n", "partner-brightpath"},
			exitFailed,
			[]string{note, "the catalog of program northwind is not at hand: " + lacks},
			"Webinar",
		},
		"a claim": {vendors, claim, exitOK, []string{"[ ] Invoice", "[ ] AttendeeList", "The amount of the claim cannot be shown, because you are not allowed to read budgets"}, "programcatalogs"},
		"a claim without the catalog": {
			append([]string{"programcatalogs"}, vendors...), claim, exitOK,
			[]string{"Which proofs the activity asks for cannot be shown: " + lacks + ".", "The amount of the claim cannot be shown"},
			"[ ] Invoice",
		},
		"who may read all": {nil, claim, exitOK, []string{"[ ] Invoice", "Payable: EUR"}, "You may not"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := kubectlJointplan(t, "", append(tc.args, "--server", samplesCluster(t, tc.forbidden...))...)
			said := got.Stderr + got.Stdout
			if got.Code != tc.code || strings.Contains(said, tc.never) {
				t.Errorf("exit code %d, want %d and nothing of %q:\n%s", got.Code, tc.code, tc.never, said)
			}
			for _, want := range tc.want {
				if !strings.Contains(said, want) {
					t.Errorf("no %q in:\n%s", want, said)
				}
			}
		})
	}
}

// TestWhatIsTheVendorsAlone: whoever may not read how the program stands as a whole is told which right is missing, when they ask for it and not before; and reads of
// benchmarks what is published.
func TestWhatIsTheVendorsAlone(t *testing.T) {
	t.Parallel()
	lacks := func(resource, role string) string {
		return "you are not allowed to list " + resource + ".channel.jointplan.dev; an administrator of the cluster grants it with " +
			"kubectl create clusterrolebinding NAME --clusterrole=" + role + " --user=YOU (docs/access.md)\n"
	}
	unpublished := append([]string{"publishedbenchmarks"}, vendors...)
	for name, tc := range map[string]struct {
		forbidden []string
		args      []string
		code      int
		want      []string
		never     []string
	}{
		"the vendor's forecast": {
			nil, []string{"report", "--forecast", "--by", "initiative"}, exitOK, []string{"new-revenue (EUR)  secure-edge", "-118,000", "54%"}, []string{"not allowed"},
		},
		"a partner's forecast": {
			vendors,
			[]string{"report", "--forecast"},
			exitFailed,
			[]string{"the reports on programs are not at hand: " + lacks("programreports", "jointplan-viewer")},
			[]string{"new-revenue"},
		},
		"the markets": {
			vendors, []string{"report", "--coverage"}, exitFailed, []string{"the reports on programs are not at hand: " + lacks("programreports", "jointplan-viewer")}, []string{"Gap"},
		},
		"a report": {
			vendors,
			[]string{"explain", "report/northwind-fy2027-h1"},
			exitFailed,
			[]string{"report/northwind-fy2027-h1 is not at hand: " + lacks("programreports", "jointplan-viewer")},
			[]string{"there is no report"},
		},
		"what nobody asked for": {
			vendors,
			[]string{"report", "-n", "partner-acme"},
			exitOK,
			[]string{"You are not allowed to list partnerprograms.channel.jointplan.dev and mdfbudgets.channel.jointplan.dev, "},
			[]string{"programreports", "channelstrategies", "benchmarks"},
		},
		"the vendor's benchmark": {
			nil, []string{"benchmark"}, exitOK, []string{"From Benchmark northwind-fy2027-q1: exact figures, for the vendor's people alone."}, []string{"not allowed"},
		},
		"a partner's benchmark": {
			vendors,
			[]string{"benchmark"},
			exitOK,
			[]string{"From PublishedBenchmark northwind-fy2027-q1: two significant digits, rounded down.", "You are not allowed to list benchmarks.channel.jointplan.dev"},
			[]string{"programreports", "From Benchmark"},
		},
		"no benchmark at all": {
			unpublished, []string{"benchmark"}, exitFailed, []string{"the benchmarks are not at hand: " + lacks("publishedbenchmarks", "jointplan-catalog-reader")}, []string{"Program northwind"},
		},
		"when it pays": {
			nil, []string{"benchmark", "--profit"}, exitOK, []string{"Program northwind  unknown: benchmark northwind-fy2027-q1 shows no revenue by month of membership"}, nil,
		},
		"a partner asks when it pays": {
			vendors,
			[]string{"benchmark", "--profit"},
			exitFailed,
			[]string{"when the partnership pays is projected from exact figures and from the vendor's assumptions: " + lacks("channelstrategies", "jointplan-viewer")},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := kubectlJointplan(t, "", append(tc.args, "--server", samplesCluster(t, tc.forbidden...))...)
			said := strings.Join(strings.Fields(got.Stderr+got.Stdout), " ")
			if got.Code != tc.code {
				t.Errorf("exit code %d, want %d", got.Code, tc.code)
			}
			for _, want := range tc.want {
				if !strings.Contains(said, strings.Join(strings.Fields(want), " ")) {
					t.Errorf("no %q in:\n%s", want, said)
				}
			}
			for _, never := range tc.never {
				if strings.Contains(said, never) {
					t.Errorf("%q in:\n%s", never, said)
				}
			}
		})
	}
}

// TestLintAgainstTheCluster: one file is judged as it would be among all others, and what is applied already is not judged again.
func TestLintAgainstTheCluster(t *testing.T) {
	t.Parallel()
	file := func(name, from, to string) string {
		text, err := os.ReadFile(filepath.Join(samples, "partners", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), from) {
			t.Fatalf("%s does not say %s", name, from)
		}
		return manifestIn(t, strings.ReplaceAll(string(text), from, to))
	}
	requests := func(from, to string) string { return file("finch/funding.yaml", from, to) }
	const (
		unchecked = "What the budget allows is not checked for MDFAllocation partner-finch/finch-service-webinar"
	)
	for name, tc := range map[string]struct {
		forbidden []string
		file      string
		want      []string
		never     []string
	}{
		"as the vendor": {nil, requests("budgetRef", "budgetRef"), []string{" in 2 objects"}, []string{"not found or not permitted", "JointPlan partner-finch", "You may not", unchecked}},
		"a budget that there is not": {
			nil, requests("northwind-fy27", "northwind-fy28"),
			[]string{`error ReferenceNotFound: MDFAllocation partner-finch/finch-service-webinar: spec.budgetRef.name: MDFBudget "northwind-fy28" not found or not permitted: did you mean "northwind-fy27"?`},
			nil,
		},
		"as the partner": {vendors, requests("budgetRef", "budgetRef"), []string{" in 2 objects", unchecked}, []string{"not found or not permitted", "you are not allowed to get namespaces"}},
		"as the partner, with a budget that there is not": {
			vendors, requests("northwind-fy27", "northwind-fy28"), []string{`MDFBudget "northwind-fy28" not found or not permitted: did you mean "northwind-fy27"?`, unchecked}, nil,
		},
		"without the catalog": {
			append([]string{"programcatalogs"}, vendors...), requests("budgetRef", "budgetRef"),
			[]string{"the rules of the program are not at hand: you are not allowed to list programcatalogs.channel.jointplan.dev; an administrator of the cluster grants it with "},
			nil,
		},
		"a distributor that may not be read": {
			append([]string{"/apis/channel.jointplan.dev/v1alpha1/namespaces/partner-lyra/partners/lyra"}, vendors...), file("brightpath/partner.yaml", "Bright", "Bright"),
			[]string{"The distributor partner-lyra/lyra of Partner partner-brightpath/brightpath is not checked: you are not allowed to get partners.channel.jointplan.dev in its namespace.\n"},
			[]string{"not found or not permitted"},
		},
		"a metric that there is not": {
			vendors, file("finch/plans.yaml", "metric: qualified-leads", "metric: qualified-lead"),
			[]string{`error GoalMetricUnknown: JointPlan partner-finch/`, `has no metric "qualified-lead": did you mean "qualified-leads"?`},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := kubectlJointplan(t, "", "lint", "-f", tc.file, "--cluster", "-n", "partner-finch", "--at", storyAt, "--server", samplesCluster(t, tc.forbidden...))
			said := got.Stderr + got.Stdout
			for _, want := range tc.want {
				if !strings.Contains(said, want) {
					t.Errorf("no %q in:\n%s", want, said)
				}
			}
			for _, never := range tc.never {
				if strings.Contains(said, never) {
					t.Errorf("%q in:\n%s", never, said)
				}
			}
			if strings.Contains(said, "/partners/finch/") {
				t.Errorf("it speaks of other files:\n%s", said)
			}
		})
	}
	if got := kubectlJointplan(t, "", "lint", "-f", plans, "--cluster", "--base", plans); got.Code != exitInput {
		t.Errorf("--cluster and --base: %+v", got)
	}
}

// TestLintAgainstTheClusterEqualsLintOfAll: each partner's files alone, against a cluster that has all, are found to be as they are among all files.
func TestLintAgainstTheClusterEqualsLintOfAll(t *testing.T) {
	t.Parallel()
	problems := func(args ...string) (list []string) {
		var found struct {
			Problems []lint.Problem `json:"problems"`
		}
		got := kubectlJointplan(t, "", append([]string{"lint", "--at", storyAt, "-o", "json"}, args...)...)
		if err := json.Unmarshal([]byte(got.Stdout), &found); err != nil {
			t.Fatalf("%v: %s", err, got.Stderr)
		}
		for _, x := range found.Problems {
			list = append(list, x.Object+" "+x.Rule+" "+x.Field+": "+x.Message)
		}
		slices.Sort(list)
		return list
	}
	all, url := problems("-f", samples), samplesCluster(t)
	for _, partner := range []string{"acme", "brightpath", "corvid", "finch", "helix", "lyra", "orbit"} {
		var want []string
		for _, x := range all {
			if strings.Contains(x, " partner-"+partner+"/") && !strings.HasPrefix(x, kinds.PlanRevision) {
				want = append(want, x)
			}
		}
		got := problems("-f", filepath.Join(samples, "partners", partner), "--cluster", "--server", url)
		if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
			t.Errorf("%s (-among all files +against the cluster):\n%s", partner, diff)
		}
	}
}
