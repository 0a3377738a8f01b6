package alerts

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/hack/gen-metrics/page"
	"jointplan.dev/jointplan/internal/metrics"
	"jointplan.dev/jointplan/internal/model/kinds"
)

const root = "../.."

// runbooks is where runbook_url points.
const runbooks = "https://docs.example.com/jointplan/runbooks/"

// rule is one alert.
type rule struct {
	Alert       string            `json:"alert,omitempty"`
	Expr        string            `json:"expr,omitempty"`
	For         string            `json:"for,omitempty"`
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// prometheusRule is the object of the Prometheus operator.
type prometheusRule struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Metadata   map[string]any `json:"metadata"`
	Spec       struct {
		Groups []struct {
			Name  string `json:"name"`
			Rules []rule `json:"rules"`
		} `json:"groups"`
	} `json:"spec"`
}

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func manifest(t *testing.T) prometheusRule {
	t.Helper()
	var parsed prometheusRule
	if err := yaml.UnmarshalStrict([]byte(read(t, "config/prometheus/alerts.yaml")), &parsed); err != nil {
		t.Fatal(err)
	}
	return parsed
}

// alerts returns all alerts.
func alerts(t *testing.T) []rule {
	t.Helper()
	var list []rule
	for _, group := range manifest(t).Spec.Groups {
		list = append(list, group.Rules...)
	}
	if len(list) == 0 {
		t.Fatal("no alerts")
	}
	return list
}

// promtool runs Prometheus's own tool in a folder that has the alerts as a plain file of rules, alerts.yaml, and the tests of testdata.
func promtool(t *testing.T, rules any, args ...string) (string, error) {
	t.Helper()
	tool, err := filepath.Abs(filepath.Join(root, "bin", "tools", "promtool"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(tool); err != nil {
		t.Fatalf("%v: build it with hack/tools/build.sh promtool", err)
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS("testdata")); err != nil {
		t.Fatal(err)
	}
	raw, err := yaml.Marshal(rules)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "alerts.yaml"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), tool, args...)
	command.Dir = folder
	out, err := command.CombinedOutput()
	return string(out), err
}

// tests returns the names of the files of testdata.
func tests(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob("testdata/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		list[i] = filepath.Base(list[i])
	}
	return list
}

func TestPrometheusTakesTheRules(t *testing.T) {
	if out, err := promtool(t, manifest(t).Spec, "check", "rules", "--lint=all", "--lint-fatal", "alerts.yaml"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestAlertsAreRaisedWhenTheyShouldBe runs testdata/ALERT.yaml of each alert: what is raised when, about what, in which words.
func TestAlertsAreRaisedWhenTheyShouldBe(t *testing.T) {
	if out, err := promtool(t, manifest(t).Spec, append([]string{"test", "rules"}, tests(t)...)...); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestTheTestsNoticeAnAlertThatIsWrong raises each alert later than it should be, and has it name nothing: the alert's test must fail.
func TestTheTestsNoticeAnAlertThatIsWrong(t *testing.T) {
	t.Parallel()
	grouping := regexp.MustCompile(`\b(min|max|sum) by \([a-z, ]+\)`)
	for _, a := range alerts(t) {
		t.Run(a.Alert, func(t *testing.T) {
			t.Parallel()
			late, blurred, soon := a, a, a
			late.For, soon.For, blurred.Expr = "1000d", "0m", grouping.ReplaceAllString(a.Expr, "$1 by (pod)")
			for name, changed := range map[string]rule{"late": late, "blurred": blurred, "soon": soon} {
				if name == "blurred" && !grouping.MatchString(a.Expr) || name == "soon" && a.For == "" {
					continue
				}
				out, err := promtool(t, map[string]any{"groups": []any{map[string]any{"name": "changed", "rules": []rule{changed}}}}, "test", "rules", a.Alert+".yaml")
				if err == nil || !strings.Contains(out, "exp:[") {
					t.Errorf("%s: the test does not notice (%v)\n%s", name, err, out)
				}
			}
		})
	}
}

// TestEveryAlert checks what holds of each: a severity, words, a test, a runbook, a line in the page about metrics.
func TestEveryAlert(t *testing.T) {
	documented := read(t, "docs/metrics.md")
	var names []string
	for _, a := range alerts(t) {
		names = append(names, a.Alert)
		if !regexp.MustCompile(`^JointPlan([A-Z][a-z]+)+$`).MatchString(a.Alert) {
			t.Errorf("%s: begins with JointPlan", a.Alert)
		}
		if s := a.Labels["severity"]; !slices.Contains([]string{"critical", "warning", "info"}, s) || len(a.Labels) != 1 {
			t.Errorf("%s: labels %v", a.Alert, a.Labels)
		}
		if got := a.Annotations["runbook_url"]; got != runbooks+a.Alert {
			t.Errorf("%s: runbook_url %s", a.Alert, got)
		}
		for _, text := range []string{a.Annotations["summary"], a.Annotations["description"]} {
			if len(text) < 20 || !strings.HasSuffix(text, ".") {
				t.Errorf("%s: %q is not a sentence", a.Alert, text)
			}
		}
		if row := fmt.Sprintf("| [%s](runbooks/%s.md) | %s |", a.Alert, a.Alert, a.Labels["severity"]); !strings.Contains(documented, row) {
			t.Errorf("docs/metrics.md has no line %s", row)
		}
	}
	slices.Sort(names)
	var tested, paged []string
	for _, file := range tests(t) {
		tested = append(tested, strings.TrimSuffix(file, ".yaml"))
	}
	pages, err := filepath.Glob(filepath.Join(root, "docs", "runbooks", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range pages {
		if name := strings.TrimSuffix(filepath.Base(path), ".md"); name != "README" {
			paged = append(paged, name)
		}
	}
	if diff := cmp.Diff(names, tested); diff != "" {
		t.Errorf("tests (-alerts +tests):\n%s", diff)
	}
	if diff := cmp.Diff(names, paged); diff != "" {
		t.Errorf("runbooks (-alerts +pages):\n%s", diff)
	}
}

func TestEveryRunbookSaysWhatToDo(t *testing.T) {
	index := read(t, "docs/runbooks/README.md")
	for _, a := range alerts(t) {
		text := read(t, "docs/runbooks/"+a.Alert+".md")
		at := 0
		for _, want := range []string{
			"# " + a.Alert + "\n", "Severity: " + a.Labels["severity"] + ".\n", "\n## Meaning\n", "\n## Impact\n", "\n## Look\n", "\n## Do\n",
			"\n## Ignore it when\n",
		} {
			next := strings.Index(text[at:], want)
			if next < 0 {
				t.Errorf("docs/runbooks/%s.md lacks %q at its place", a.Alert, strings.TrimSpace(want))
				continue
			}
			at += next
		}
		if !strings.Contains(index, "]("+a.Alert+".md)") {
			t.Errorf("docs/runbooks/README.md does not list %s", a.Alert)
		}
	}
}

// foreign are the metrics of controller-runtime that alerts look at, with their labels. A test of the running manager looks for them.
var foreign = map[string][]string{
	"controller_runtime_reconcile_errors_total": {"controller"},
	"workqueue_depth": {"controller", "name", "priority"},
}

var (
	selector = regexp.MustCompile(`\b((?:jointplan|controller_runtime|workqueue)_[a-z_]+)(?:\s*\{([^}]*)\})?`)
	matcher  = regexp.MustCompile(`([a-z]+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"`)
	by       = regexp.MustCompile(`\b(?:by|on) \(([a-z, ]+)\)`)
)

// labelsOf returns the labels of a metric; false when there is no such metric.
func labelsOf(name string) ([]string, bool) {
	if labels, ok := foreign[name]; ok {
		return labels, true
	}
	for _, f := range metrics.All() {
		switch {
		case f.Name == name && f.Type != metrics.Histogram, f.Type == metrics.Histogram && (f.Name+"_count" == name || f.Name+"_sum" == name):
			return f.Labels, true
		case f.Type == metrics.Histogram && f.Name+"_bucket" == name:
			return append(slices.Clone(f.Labels), "le"), true
		}
	}
	return nil, false
}

// TestAlertsAskForWhatTheManagerTells finds metrics, labels and values that are misspelt, with which an alert would never be raised.
func TestAlertsAskForWhatTheManagerTells(t *testing.T) {
	known := values(t)
	for _, a := range alerts(t) {
		found := selector.FindAllStringSubmatch(a.Expr, -1)
		if len(found) == 0 {
			t.Errorf("%s looks at no metric", a.Alert)
		}
		all := map[string]bool{}
		for _, metric := range found {
			labels, ok := labelsOf(metric[1])
			if !ok {
				t.Errorf("%s: the manager tells no %s", a.Alert, metric[1])
			}
			for _, label := range labels {
				all[label] = true
			}
			for _, match := range matcher.FindAllStringSubmatch(metric[2], -1) {
				if !slices.Contains(labels, match[1]) {
					t.Errorf("%s: %s has no label %s", a.Alert, metric[1], match[1])
				}
				for value := range strings.SplitSeq(match[2], "|") {
					if match[1] != "le" && !known[value] {
						t.Errorf("%s: %s is never %q", a.Alert, match[1], value)
					}
				}
			}
		}
		for _, group := range by.FindAllStringSubmatch(a.Expr, -1) {
			for label := range strings.SplitSeq(group[1], ", ") {
				if !all[label] {
					t.Errorf("%s: by %s, which no metric of it has", a.Alert, label)
				}
			}
		}
		for _, used := range regexp.MustCompile(`\$labels\.([a-z]+)`).FindAllStringSubmatch(fmt.Sprint(a.Annotations), -1) {
			if !all[used[1]] {
				t.Errorf("%s: its words use the label %s, which it does not have", a.Alert, used[1])
			}
		}
	}
}

// values are the values that labels can have: reasons of the API, results of evaluations, names of controllers.
func values(t *testing.T) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	for _, name := range controllers() {
		known[name] = true
	}
	for glob, pattern := range map[string]string{
		"api/v1alpha1/*.go":                   `Reason[A-Za-z]+ += "([A-Za-z]+)"`,
		"controllers/internal/telemetry/*.go": `(?m)^\t[A-Z][a-z]+ += "([a-z]+)"`,
	} {
		files, err := filepath.Glob(filepath.Join(root, glob))
		if err != nil {
			t.Fatal(err)
		}
		before := len(known)
		for _, file := range files {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(raw), -1) {
				known[match[1]] = true
			}
		}
		if len(known) == before {
			t.Fatalf("%s: nothing like %s", glob, pattern)
		}
	}
	return known
}

// controllers are the names of the controllers: one for each kind that has a status.
func controllers() []string {
	var names []string
	for _, kind := range kinds.All() {
		if kind.Evaluated {
			names = append(names, strings.ToLower(kind.Name))
		}
	}
	slices.Sort(names)
	return names
}

// TestEveryControllerIsWatchedOver compares the names in alerts with those of the controllers.
func TestEveryControllerIsWatchedOver(t *testing.T) {
	for _, a := range alerts(t) {
		for _, match := range regexp.MustCompile(`controller=~"([^"]*)"`).FindAllStringSubmatch(a.Expr, -1) {
			got := strings.Split(match[1], "|")
			slices.Sort(got)
			if diff := cmp.Diff(controllers(), got); diff != "" {
				t.Errorf("%s: controllers (-of the kinds +in the alert):\n%s", a.Alert, diff)
			}
		}
	}
}

func TestThePageAboutMetricsIsUpToDate(t *testing.T) {
	old := read(t, "docs/metrics.md")
	filled, err := page.Fill(old)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(old, filled); diff != "" {
		t.Errorf("run go run ./hack/gen-metrics (-docs/metrics.md +as it should be):\n%s", diff)
	}
	for _, query := range regexp.MustCompile("`([^`]*)`").FindAllStringSubmatch(old, -1) {
		for _, metric := range selector.FindAllStringSubmatch(query[1], -1) {
			if _, ok := labelsOf(metric[1]); !ok && !isHistogram(metric[1]) {
				t.Errorf("docs/metrics.md: the manager tells no %s", metric[1])
			}
		}
	}
	if _, err := page.Fill("# Metrics\n"); err == nil {
		t.Error("a page without a place for the tables is filled, want an error")
	}
}

func isHistogram(name string) bool {
	return slices.ContainsFunc(metrics.All(), func(f *metrics.Family) bool { return f.Name == name && f.Type == metrics.Histogram })
}

// TestTheServiceMonitorFitsTheService has what would otherwise go wrong in silence: another port, and labels that are replaced.
func TestTheServiceMonitorFitsTheService(t *testing.T) {
	var monitor struct {
		Kind     string
		Metadata struct{ Namespace string }
		Spec     struct {
			Selector  struct{ MatchLabels map[string]string }
			Endpoints []struct {
				Port        string
				Scheme      string
				HonorLabels bool
			}
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, "config/prometheus/servicemonitor.yaml")), &monitor); err != nil {
		t.Fatal(err)
	}
	var service struct {
		Kind     string
		Metadata struct {
			Namespace string
			Labels    map[string]string
		}
		Spec struct{ Ports []struct{ Name string } }
	}
	for document := range strings.SplitSeq(read(t, "config/manager/manager.yaml"), "\n---\n") {
		if strings.Contains(document, "kind: Service\n") {
			if err := yaml.Unmarshal([]byte(document), &service); err != nil {
				t.Fatal(err)
			}
		}
	}
	if service.Kind != "Service" || len(service.Spec.Ports) != 1 || len(monitor.Spec.Endpoints) != 1 {
		t.Fatalf("service %+v, monitor %+v", service, monitor)
	}
	endpoint := monitor.Spec.Endpoints[0]
	if endpoint.Port != service.Spec.Ports[0].Name || endpoint.Scheme != "https" || !endpoint.HonorLabels {
		t.Errorf("the endpoint is %+v, want port %s, https, labels of the manager kept", endpoint, service.Spec.Ports[0].Name)
	}
	if diff := cmp.Diff(service.Metadata.Labels, monitor.Spec.Selector.MatchLabels); diff != "" || monitor.Metadata.Namespace != service.Metadata.Namespace {
		t.Errorf("the service is not selected (-its labels +selected):\n%s", diff)
	}
}
