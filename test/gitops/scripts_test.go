package gitops

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/argoproj/argo-cd/gitops-engine/pkg/health"
	applicationpkg "github.com/argoproj/argo-cd/v3/pkg/apiclient/application"
	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"github.com/argoproj/argo-cd/v3/util/settings"
	gocmp "github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/yaml"
)

// customizations is the folder of the scripts, laid out as Argo CD's own.
const customizations = "../../config/argocd/resource_customizations/channel.jointplan.dev"

// withoutActions reports whether there is nothing to do on a kind: the operator alone writes it, and it has no status.
func withoutActions(kind string) bool {
	return slices.Contains([]string{"MDFLedger", "ProgramCatalog", "Benchmark", "PublishedBenchmark"}, kind)
}

// askedAt is the annotation that the action reconcile sets to the time of day.
const askedAt = "channel.jointplan.dev/reconcile-requested-at"

// healthTests is the form of Argo CD's health_test.yaml.
type healthTests struct {
	Tests []struct {
		InputPath    string              `json:"inputPath"`
		HealthStatus health.HealthStatus `json:"healthStatus"`
	} `json:"tests"`
}

// actionTests is the form of Argo CD's action_test.yaml.
type actionTests struct {
	DiscoveryTests []struct {
		InputPath string                 `json:"inputPath"`
		Result    []appv1.ResourceAction `json:"result"`
	} `json:"discoveryTests"`
	ActionTests []struct {
		Action             string `json:"action"`
		InputPath          string `json:"inputPath"`
		ExpectedOutputPath string `json:"expectedOutputPath"`
	} `json:"actionTests"`
}

// configured returns the scripts as Argo CD reads them from argocd-cm.
func configured(t *testing.T) map[string]appv1.ResourceOverride {
	t.Helper()
	client, err := kubernetes.NewForConfig(here.plane)
	if err != nil {
		t.Fatal(err)
	}
	overrides, err := settings.NewSettingsManager(t.Context(), client, argocdNamespace).GetResourceOverrides()
	if err != nil {
		t.Fatal(err)
	}
	return overrides
}

// built returns the scripts as Argo CD would have them if they were in its own repository: with all libraries.
func built(t *testing.T, kinds []string) map[string]appv1.ResourceOverride {
	t.Helper()
	overrides := map[string]appv1.ResourceOverride{}
	for _, kind := range kinds {
		folder := filepath.Join(customizations, kind)
		override := appv1.ResourceOverride{HealthLua: readText(t, filepath.Join(folder, "health.lua")), UseOpenLibs: true}
		if !withoutActions(kind) {
			override.Actions = actionsIn(t, filepath.Join(folder, "actions"))
		}
		overrides["channel.jointplan.dev/"+kind] = override
	}
	return overrides
}

// actionsIn returns the actions of a folder in the form that argocd-cm has them in.
func actionsIn(t *testing.T, folder string) string {
	t.Helper()
	actions := appv1.ResourceActions{ActionDiscoveryLua: readText(t, filepath.Join(folder, "discovery.lua"))}
	for _, path := range glob(t, filepath.Join(folder, "*", "action.lua")) {
		actions.Definitions = append(actions.Definitions,
			appv1.ResourceActionDefinition{Name: filepath.Base(filepath.Dir(path)), ActionLua: readText(t, path)})
	}
	text, err := yaml.Marshal(actions)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTheScriptsGiveWhatTheirTestsExpect runs the scripts' own tests through Argo CD's interpreter, once as built-in scripts and once as Argo CD
// reads them from the argocd-cm that the project ships.
func TestTheScriptsGiveWhatTheirTestsExpect(t *testing.T) {
	var kinds []string
	for _, folder := range glob(t, filepath.Join(customizations, "*")) {
		kinds = append(kinds, filepath.Base(folder))
	}
	if len(kinds) != 11 {
		t.Fatalf("scripts for %d kinds, want all 11: %v", len(kinds), kinds)
	}
	for source, overrides := range map[string]map[string]appv1.ResourceOverride{"files": built(t, kinds), "argocd-cm": configured(t)} {
		for _, kind := range kinds {
			vm := lua.VM{ResourceOverrides: overrides, UseOpenLibs: overrides["channel.jointplan.dev/"+kind].UseOpenLibs}
			t.Run(source+"/"+kind+"/health", func(t *testing.T) { testHealth(t, vm, filepath.Join(customizations, kind)) })
			if !withoutActions(kind) {
				t.Run(source+"/"+kind+"/actions", func(t *testing.T) { testActions(t, vm, filepath.Join(customizations, kind, "actions")) })
			}
		}
	}
}

func testHealth(t *testing.T, vm lua.VM, folder string) {
	t.Helper()
	var tests healthTests
	readYAML(t, filepath.Join(folder, "health_test.yaml"), &tests)
	if len(tests.Tests) == 0 {
		t.Error("no tests")
	}
	for _, test := range tests.Tests {
		got, err := lua.ResourceHealthOverrides(vm.ResourceOverrides).GetResourceHealth(readObject(t, filepath.Join(folder, test.InputPath)))
		if err != nil {
			t.Errorf("%s: %v", test.InputPath, err)
			continue
		}
		if diff := gocmp.Diff(&test.HealthStatus, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.InputPath, diff)
		}
	}
}

func testActions(t *testing.T, vm lua.VM, folder string) {
	t.Helper()
	var tests actionTests
	readYAML(t, filepath.Join(folder, "action_test.yaml"), &tests)
	if len(tests.DiscoveryTests) == 0 || len(tests.ActionTests) == 0 {
		t.Error("no tests")
	}
	byName := func(a, b appv1.ResourceAction) int { return cmp.Compare(a.Name, b.Name) }
	for _, test := range tests.DiscoveryTests {
		got := discover(t, vm, readObject(t, filepath.Join(folder, test.InputPath)))
		slices.SortFunc(test.Result, byName)
		slices.SortFunc(got, byName)
		if diff := gocmp.Diff(test.Result, got); diff != "" {
			t.Errorf("the actions on %s (-want +got):\n%s", test.InputPath, diff)
		}
	}
	for _, test := range tests.ActionTests {
		got := act(t, vm, readObject(t, filepath.Join(folder, test.InputPath)), test.Action)
		want := readObject(t, filepath.Join(folder, test.ExpectedOutputPath))
		if diff := gocmp.Diff(timeless(t, want), timeless(t, got)); diff != "" {
			t.Errorf("%s on %s (-want +got):\n%s", test.Action, test.InputPath, diff)
		}
	}
}

// discover returns the actions that Argo CD offers on an object.
func discover(t *testing.T, vm lua.VM, object *unstructured.Unstructured) []appv1.ResourceAction {
	t.Helper()
	scripts, err := vm.GetResourceActionDiscovery(object)
	if err != nil {
		t.Fatal(err)
	}
	actions, err := vm.ExecuteResourceActionDiscovery(object, scripts)
	if err != nil {
		t.Fatal(err)
	}
	return actions
}

// act returns what an action makes of an object.
func act(t *testing.T, vm lua.VM, object *unstructured.Unstructured, name string) *unstructured.Unstructured {
	t.Helper()
	action, err := vm.GetResourceAction(object, name)
	if err != nil {
		t.Fatal(err)
	}
	impacted, err := vm.ExecuteResourceAction(object, action.ActionLua, []*applicationpkg.ResourceActionParameters{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(impacted) != 1 || impacted[0].K8SOperation != lua.PatchOperation {
		t.Fatalf("%s has %d effects, want one patch", name, len(impacted))
	}
	return impacted[0].UnstructuredObj
}

// timeless returns an object as JSON reads it, with the time of day taken out.
func timeless(t *testing.T, object *unstructured.Unstructured) map[string]any {
	t.Helper()
	raw, err := object.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	again := &unstructured.Unstructured{}
	if err := yaml.Unmarshal(raw, &again.Object); err != nil {
		t.Fatal(err)
	}
	if annotations := again.GetAnnotations(); annotations[askedAt] != "" {
		annotations[askedAt] = "now"
		again.SetAnnotations(annotations)
	}
	return again.Object
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func readText(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(readText(t, path)), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func readObject(t *testing.T, path string) *unstructured.Unstructured {
	t.Helper()
	object := &unstructured.Unstructured{}
	readYAML(t, path, &object.Object)
	return object
}
