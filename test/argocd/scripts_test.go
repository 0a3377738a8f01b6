package argocd

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/hack/gen-argocd/lua"
	"jointplan.dev/jointplan/internal/model/kinds"
)

const (
	folder = "../../config/argocd"
	tree   = folder + "/resource_customizations/" + v1alpha1.GroupName
)

// scripts are the scripts about one kind.
type scripts struct {
	health    string
	discovery string            // empty: no actions
	actions   map[string]string // by name
}

// sources are the scripts of all kinds: those of the files, and those that an Argo CD gets by the patch.
func sources(t *testing.T) map[string]map[string]scripts {
	t.Helper()
	return map[string]map[string]scripts{"files": fromFiles(t), "argocd-cm": fromPatch(t)}
}

func fromFiles(t *testing.T) map[string]scripts {
	t.Helper()
	all := map[string]scripts{}
	for _, file := range glob(t, tree, "*", "health.lua") {
		kind := filepath.Base(filepath.Dir(file))
		one := scripts{health: read(t, file), actions: map[string]string{}}
		for _, file := range glob(t, tree, kind, "actions", "discovery.lua") {
			one.discovery = read(t, file)
		}
		for _, file := range glob(t, tree, kind, "actions", "*", "action.lua") {
			one.actions[filepath.Base(filepath.Dir(file))] = read(t, file)
		}
		all[kind] = one
	}
	return all
}

func fromPatch(t *testing.T) map[string]scripts {
	t.Helper()
	var patch struct {
		Data map[string]string `json:"data"`
	}
	unmarshal(t, folder+"/argocd-cm.yaml", &patch)
	all := map[string]scripts{}
	for _, k := range kinds.All() {
		kind := k.Name
		one := scripts{health: patch.Data["resource.customizations.health."+v1alpha1.GroupName+"_"+kind], actions: map[string]string{}}
		var actions struct {
			Discovery   string `json:"discovery.lua"`
			Definitions []struct {
				Name   string `json:"name"`
				Script string `json:"action.lua"`
			} `json:"definitions"`
		}
		if err := yaml.UnmarshalStrict([]byte(patch.Data["resource.customizations.actions."+v1alpha1.GroupName+"_"+kind]), &actions); err != nil {
			t.Fatalf("actions of %s: %v", kind, err)
		}
		one.discovery = actions.Discovery
		for _, x := range actions.Definitions {
			one.actions[x.Name] = x.Script
		}
		all[kind] = one
	}
	return all
}

// TestHealthScriptsAreThoseOfTheTable keeps a script from being changed by hand.
func TestHealthScriptsAreThoseOfTheTable(t *testing.T) {
	all := fromFiles(t)
	for _, k := range kinds.All() {
		kind := k.Name
		if diff := cmp.Diff(lua.Health(kind), all[kind].health); diff != "" {
			t.Errorf("health.lua of %s is not up to date, run make generate (-want +got):\n%s", kind, diff)
		}
	}
}

func glob(t *testing.T, elements ...string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(elements...))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func read(t *testing.T, file string) string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func unmarshal(t *testing.T, file string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, file)), into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// object reads an object from a file, or takes a typed one, with numbers as an API server's client has them.
func object(t *testing.T, from any) map[string]any {
	t.Helper()
	into := map[string]any{}
	if file, ok := from.(string); ok {
		unmarshal(t, file, &into)
		return into
	}
	raw, err := json.Marshal(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &into); err != nil {
		t.Fatal(err)
	}
	return into
}
