package argocd

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/hack/gen-argocd/patch"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// actionTests is the form of action_test.yaml.
type actionTests struct {
	DiscoveryTests []struct {
		InputPath string `json:"inputPath"`
		Result    []any  `json:"result"`
	} `json:"discoveryTests"`
	ActionTests []struct {
		Action             string `json:"action"`
		InputPath          string `json:"inputPath"`
		ExpectedOutputPath string `json:"expectedOutputPath"`
	} `json:"actionTests"`
}

func TestActions(t *testing.T) {
	for source, all := range sources(t) {
		for kind, one := range all {
			if one.discovery == "" {
				continue
			}
			actions := filepath.Join(tree, kind, "actions")
			var tests actionTests
			unmarshal(t, filepath.Join(actions, "action_test.yaml"), &tests)
			for _, tc := range tests.DiscoveryTests {
				t.Run(source+"/"+kind+"/discovery/"+filepath.Base(tc.InputPath), func(t *testing.T) {
					checkDiscovery(t, one.discovery, filepath.Join(actions, tc.InputPath), tc.Result)
				})
			}
			for _, tc := range tests.ActionTests {
				t.Run(source+"/"+kind+"/"+tc.Action+"/"+filepath.Base(tc.InputPath), func(t *testing.T) {
					checkAction(t, one.actions[tc.Action], filepath.Join(actions, tc.InputPath), filepath.Join(actions, tc.ExpectedOutputPath))
				})
			}
		}
	}
}

// checkDiscovery checks which actions a script offers on an object.
func checkDiscovery(t *testing.T, script, input string, want []any) {
	t.Helper()
	returned, err := run(script, object(t, input))
	if err != nil {
		t.Fatal(err)
	}
	offered, ok := returned.(map[string]any)
	if !ok {
		t.Fatalf("the script returned %v", returned)
	}
	var got []any
	for _, name := range slices.Sorted(maps.Keys(offered)) {
		action, _ := offered[name].(map[string]any)
		action["name"] = name
		got = append(got, action)
	}
	slices.SortFunc(want, func(a, b any) int {
		return strings.Compare(a.(map[string]any)["name"].(string), b.(map[string]any)["name"].(string))
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
}

// checkAction checks what an action makes of an object.
func checkAction(t *testing.T, script, input, output string) {
	t.Helper()
	before, want := object(t, input), object(t, output)
	returned, err := run(script, object(t, input))
	if err != nil {
		t.Fatal(err)
	}
	got, ok := returned.(map[string]any)
	if !ok {
		t.Fatalf("the script returned %v", returned)
	}
	metadata, _ := got["metadata"].(map[string]any)
	if list, empty := metadata["annotations"].([]any); empty && len(list) == 0 {
		metadata["annotations"] = map[string]any{} // as Argo CD corrects it
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("object (-want +got):\n%s", diff)
	}
	for _, x := range []map[string]any{before, got} {
		delete(x["metadata"].(map[string]any), "annotations")
	}
	if diff := cmp.Diff(before, got); diff != "" {
		t.Errorf("an action changes annotations only (-before +after):\n%s", diff)
	}
}

func TestEveryKindHasItsActionsAndNoneApproves(t *testing.T) {
	for source, all := range sources(t) {
		for _, k := range kinds.All() {
			kind, want := k.Name, []string{"reconcile"}
			switch {
			case k.Suspendable:
				want = []string{"reconcile", "resume", "suspend"}
			case !k.Evaluated:
				want = nil // there is nothing to evaluate again
			}
			if diff := cmp.Diff(want, slices.Sorted(maps.Keys(all[kind].actions))); diff != "" {
				t.Errorf("actions of %s by %s (-want +got):\n%s", kind, source, diff)
			}
			if all[kind].health == "" || (all[kind].discovery == "") != (want == nil) {
				t.Errorf("%s lacks a script by %s", kind, source)
			}
		}
	}
}

// beyond finds what scripts of argocd-cm cannot use.
var beyond = regexp.MustCompile(`\b(string|math|io|debug|coroutine|utf8|print|load|loadstring|dofile|table)\b *[.(]|\bos\.(?:[^d]|d[^a])|:[a-z]+\(`)

func TestScriptsUseNothingBeyondTheSandbox(t *testing.T) {
	for _, text := range []string{`string.format("%d", 1)`, `("x"):upper()`, `os.exit()`, `os.remove("x")`, `print("x")`} {
		if !beyond.MatchString(text) {
			t.Errorf("%s is not found", text)
		}
	}
	comment := regexp.MustCompile(`(?m)^\s*--.*$`)
	for kind, one := range fromFiles(t) {
		for name, script := range map[string]string{"health": one.health, "discovery": one.discovery, "actions": strings.Join(slices.Collect(maps.Values(one.actions)), "\n")} {
			if found := beyond.FindString(comment.ReplaceAllString(script, "")); found != "" {
				t.Errorf("%s of %s uses %q", name, kind, found)
			}
		}
	}
}

func TestThePatchIsThatOfTheScripts(t *testing.T) {
	want, err := patch.Generate(os.DirFS(filepath.Join(folder, "resource_customizations")))
	if err != nil {
		t.Fatal(err)
	}
	text := read(t, filepath.Join(folder, "argocd-cm.yaml"))
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("argocd-cm.yaml is not up to date, run make generate (-want +got):\n%s", diff)
	}
	var settings corev1.ConfigMap
	if err := yaml.UnmarshalStrict([]byte(text), &settings); err != nil {
		t.Fatal(err)
	}
	if settings.Name != "argocd-cm" || settings.Labels["app.kubernetes.io/part-of"] != "argocd" {
		t.Errorf("Argo CD reads no ConfigMap %q with labels %v", settings.Name, settings.Labels)
	}
	for kind, one := range fromFiles(t) {
		if diff := cmp.Diff(one, fromPatch(t)[kind], cmp.AllowUnexported(scripts{})); diff != "" {
			t.Errorf("scripts of %s (-files +argocd-cm):\n%s", kind, diff)
		}
	}
}
