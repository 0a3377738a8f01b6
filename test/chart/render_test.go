// Package chart_test holds what is shipped, the Helm chart and the one file that installs all, against config/ and a real API server.
package chart_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"jointplan.dev/jointplan/hack/gen-dist/install"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	chartFolder = "../../charts/jointplan"
	release     = "jointplan"

	// testImage is an image that nobody pulls.
	testImage = "registry.example.com/jointplan-manager:test"
)

// imageArgs set testImage.
var imageArgs = []string{"--set", "image.repository=registry.example.com/jointplan-manager", "--set", "image.tag=test"}

// helm runs the pinned Helm and returns what it prints.
func helm(t *testing.T, args ...string) (string, error) {
	t.Helper()
	const binary = "../../bin/tools/helm"
	if _, err := os.Stat(binary); err != nil {
		t.Fatalf("%v: build it with hack/tools/build.sh helm", err)
	}
	home := t.TempDir() // nothing of the user's settings counts
	c := exec.CommandContext(t.Context(), binary, args...)
	c.Env = append(os.Environ(), "HELM_CONFIG_HOME="+home, "HELM_CACHE_HOME="+home, "HELM_DATA_HOME="+home)
	out, err := c.CombinedOutput()
	return string(out), err
}

// rendered returns the objects that the chart makes in a namespace, by key.
func rendered(t *testing.T, namespace string, args ...string) map[string]*unstructured.Unstructured {
	t.Helper()
	out, err := helm(t, append([]string{"template", release, chartFolder, "--namespace", namespace}, args...)...)
	if err != nil {
		t.Fatal(out)
	}
	return objects(t, []byte(out))
}

// objects returns the objects of a manifest, by key.
func objects(t *testing.T, manifest []byte) map[string]*unstructured.Unstructured {
	t.Helper()
	all := map[string]*unstructured.Unstructured{}
	for documents := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(manifest), 4096); ; {
		object := &unstructured.Unstructured{}
		if err := documents.Decode(object); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if len(object.Object) == 0 {
			continue
		}
		key := object.GetKind() + " " + strings.TrimPrefix(object.GetNamespace()+"/"+object.GetName(), "/")
		if all[key] != nil {
			t.Errorf("%s is there twice", key)
		}
		all[key] = object
	}
}

// manifest returns the file that `make dist` writes.
func manifest(t *testing.T) []byte {
	t.Helper()
	text, err := install.Manifest("../../config/default", testImage)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestChartPassesLint(t *testing.T) {
	for name, args := range map[string][]string{
		"defaults": nil, "everything": {"--values", "testdata/everything.yaml"}, "minimal": {"--values", "testdata/minimal.yaml"},
	} {
		if out, err := helm(t, append([]string{"lint", "--strict", chartFolder}, args...)...); err != nil {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// TestChartInstallsWhatConfigDoes compares the chart's objects, by its default values, with those of config/default. What differs is listed
// here: the namespace, which Helm makes; labels by which Helm and people find a release's objects; what keeps objects when it goes.
func TestChartInstallsWhatConfigDoes(t *testing.T) {
	want := objects(t, manifest(t))
	delete(want, "Namespace jointplan-system")
	got := rendered(t, "jointplan-system", imageArgs...)
	compare(t, want, got)
}

// TestChartMonitorsAsConfigDoes compares the ServiceMonitor and the alerts with those of config/prometheus.
func TestChartMonitorsAsConfigDoes(t *testing.T) {
	want := map[string]*unstructured.Unstructured{}
	for _, file := range []string{"alerts.yaml", "servicemonitor.yaml"} {
		raw, err := os.ReadFile("../../config/prometheus/" + file)
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(want, objects(t, raw))
	}
	got := rendered(t, "jointplan-system", "--set", "metrics.serviceMonitor.enabled=true", "--set", "metrics.prometheusRule.enabled=true")
	maps.DeleteFunc(got, func(_ string, object *unstructured.Unstructured) bool {
		return !strings.HasPrefix(object.GetAPIVersion(), "monitoring.coreos.com/")
	})
	compare(t, want, got)
}

// TestChartShowsWhatConfigDoes compares the dashboard, braces included, with the one of config/grafana.
func TestChartShowsWhatConfigDoes(t *testing.T) {
	made, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), "../../config/grafana")
	if err != nil {
		t.Fatal(err)
	}
	text, err := made.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	got := rendered(t, "jointplan-system", "--set", "metrics.dashboard.enabled=true")
	maps.DeleteFunc(got, func(_ string, object *unstructured.Unstructured) bool { return object.GetKind() != "ConfigMap" })
	want := objects(t, text)
	if want["ConfigMap jointplan-system/jointplan-dashboard"].GetLabels()["grafana_dashboard"] != "1" {
		t.Errorf("config/grafana makes %v, want a ConfigMap with the label that Grafana's sidecar looks for", slices.Collect(maps.Keys(want)))
	}
	compare(t, want, got)
	if off := rendered(t, "jointplan-system", "--set", "metrics.enabled=false", "--set", "metrics.dashboard.enabled=true"); len(off) == 0 ||
		off["ConfigMap jointplan-system/jointplan-dashboard"] != nil {
		t.Error("without metrics there is a dashboard all the same")
	}
}

// compare compares objects of the chart with those of config/.
func compare(t *testing.T, want, got map[string]*unstructured.Unstructured) {
	t.Helper()
	for _, key := range sortedKeys(want, got) {
		switch {
		case got[key] == nil:
			t.Errorf("the chart lacks %s", key)
		case want[key] == nil:
			t.Errorf("the chart has %s, which config has not", key)
		default:
			if diff := cmp.Diff(want[key].Object, withoutChartsOwn(t, got[key], want[key]).Object); diff != "" {
				t.Errorf("%s (-config +chart); perhaps go run ./hack/gen-chart was not run:\n%s", key, changed(diff))
			}
		}
	}
}

// chartsLabels are the labels that the chart gives to every object, and config/ does not.
var chartsLabels = []string{"app.kubernetes.io/instance", "app.kubernetes.io/version", "app.kubernetes.io/managed-by", "helm.sh/chart"}

// withoutChartsLabels returns the labels that are not the chart's own.
func withoutChartsLabels(labels map[string]string) map[string]string {
	labels = maps.Clone(labels)
	maps.DeleteFunc(labels, func(label, _ string) bool { return slices.Contains(chartsLabels, label) })
	return labels
}

// withoutChartsOwn returns an object of the chart without what only the chart has. That it has it is checked.
func withoutChartsOwn(t *testing.T, object, of *unstructured.Unstructured) *unstructured.Unstructured {
	t.Helper()
	object = object.DeepCopy()
	for _, label := range chartsLabels {
		if object.GetLabels()[label] == "" {
			t.Errorf("%s %s has no label %s", object.GetKind(), object.GetName(), label)
		}
	}
	labels := withoutChartsLabels(object.GetLabels())
	if name := "app.kubernetes.io/name"; of.GetLabels()[name] == "" { // what controller-gen writes has no labels
		delete(labels, name)
	}
	if len(labels) == 0 {
		labels = nil
	}
	object.SetLabels(labels)
	annotations := object.GetAnnotations()
	kept := annotations["helm.sh/resource-policy"] == "keep"
	switch object.GetKind() {
	case "CustomResourceDefinition", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding":
		if !kept {
			t.Errorf("%s %s does not stay when the release goes", object.GetKind(), object.GetName())
		}
	default:
		if kept {
			t.Errorf("%s %s stays when the release goes", object.GetKind(), object.GetName())
		}
	}
	delete(annotations, "helm.sh/resource-policy")
	if len(annotations) == 0 {
		annotations = nil
	}
	object.SetAnnotations(annotations)
	return object
}

// TestChartNamesItsOwnAccount has the release in another namespace, with another account: nothing may name those of config/.
func TestChartNamesItsOwnAccount(t *testing.T) {
	out, err := helm(t, "template", release, chartFolder, "--namespace", "channel", "--values", "testdata/everything.yaml")
	if err != nil {
		t.Fatal(out)
	}
	for line := range strings.SplitSeq(out, "\n") {
		if strings.Contains(line, "jointplan-system") {
			t.Errorf("the chart names what config/ has: %s", line)
		}
	}
	for _, policy := range []string{"jointplan-ledgers", "jointplan-revisions"} {
		object := objects(t, []byte(out))["ValidatingAdmissionPolicy "+policy]
		if text := toYAML(t, object); !strings.Contains(text, "'system:serviceaccount:channel:planner'") {
			t.Errorf("%s does not name the account planner:\n%s", policy, text)
		}
	}
}

// TestToggles compares what values make with golden files. Of kinds, admission policies and cluster roles only the names count, as values can
// only leave them out.
func TestToggles(t *testing.T) {
	for _, name := range []string{"everything", "minimal"} {
		t.Run(name, func(t *testing.T) {
			all := rendered(t, "channel", "--values", "testdata/"+name+".yaml")
			var text strings.Builder
			for _, key := range sortedKeys(all) {
				switch object := all[key]; object.GetKind() {
				case "CustomResourceDefinition", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "ClusterRole":
					text.WriteString("--- # " + key + "\n")
				case "PrometheusRule": // what it says is compared elsewhere
					text.WriteString("--- # " + key + " " + fmt.Sprint(withoutChartsLabels(object.GetLabels())) + "\n")
					if out := toYAML(t, object); !strings.Contains(out, "runbook_url: https://wiki.example.com/runbooks/JointPlan") ||
						strings.Contains(out, "docs.example.com") {
						t.Errorf("the alerts do not name the runbooks:\n%s", out)
					}
				case "ConfigMap": // and so is the dashboard
					text.WriteString("--- # " + key + " " + fmt.Sprint(withoutChartsLabels(object.GetLabels()), object.GetAnnotations()) + "\n")
				default:
					object.SetLabels(withoutChartsLabels(object.GetLabels()))
					text.WriteString("---\n" + toYAML(t, object))
				}
			}
			golden(t, filepath.Join("testdata", name+".golden"), text.String())
		})
	}
}

// golden compares a text with a file, or writes it.
func golden(t *testing.T, file, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s (-want +got); go test ./test/chart -run TestToggles -update writes it anew:\n%s", file, diff)
	}
}

func TestSchemaRefusesWrongValues(t *testing.T) {
	for name, tc := range map[string]struct{ set, want string }{
		"a misspelt value":           {"imagee.tag=1", "at '': additional properties 'imagee' not allowed"},
		"a misspelt part":            {"crds.kep=true", "at '/crds': additional properties 'kep' not allowed"},
		"a text for a number":        {"replicas=two", "at '/replicas': got string, want integer"},
		"too many":                   {"replicas=11", "at '/replicas': maximum: got 11, want 10"},
		"a text for a toggle":        {"networkPolicy.enabled=yes", "at '/networkPolicy/enabled': got string, want boolean"},
		"a tag in the repository":    {"image.repository=a/b@sha256", "at '/image/repository': 'a/b@sha256' does not match pattern"},
		"a tag with a colon":         {"image.tag=a:b", "at '/image/tag': 'a:b' does not match pattern"},
		"a digest that is none":      {"image.digest=abc", "at '/image/digest': 'abc' does not match pattern"},
		"a pull policy":              {"image.pullPolicy=Sometimes", "at '/image/pullPolicy': value must be one of '', 'Always', 'IfNotPresent', 'Never'"},
		"a flag without dashes":      {"extraArgs={workers}", "at '/extraArgs/0': 'workers' does not match pattern"},
		"a memory limit":             {"resources.limits.memory=lots", "at '/resources/limits/memory': 'lots' does not match pattern"},
		"an account without a name":  {"serviceAccount.name=", "at '/serviceAccount/name': '' does not match pattern"},
		"a reader without a place":   {"metrics.readers[0].name=prometheus", "at '/metrics/readers/0': missing property 'namespace'"},
		"an interval":                {"metrics.serviceMonitor.interval=fast", "at '/metrics/serviceMonitor/interval': 'fast' does not match pattern"},
		"no port of the API server":  {"networkPolicy.apiServerPorts=null", "at '/networkPolicy': missing property 'apiServerPorts'"},
		"a label of a number":        {"metrics.dashboard.labels.grafana_dashboard=1", "at '/metrics/dashboard/labels/grafana_dashboard': got number, want string"},
		"an import without a secret": {"imports.jobs[0].name=crm", "at '/imports/jobs/0': missing properties 'schedule', 'mapping', 'secret'"},
		"a budget that blocks":       {"podDisruptionBudget.maxUnavailable=0", "at '/podDisruptionBudget/maxUnavailable': minimum: got 0, want 1"},
		"a toleration that is wrong": {"tolerations[0].kee=a", "at '/tolerations/0': additional properties 'kee' not allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			if out, err := helm(t, "template", release, chartFolder, "--set", tc.set); err == nil || !strings.Contains(out, tc.want) {
				t.Errorf("--set %s says %q (%v), want %q", tc.set, strings.TrimSpace(out[:min(len(out), 400)]), err, tc.want)
			}
		})
	}
}
