package chart_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// sortedKeys returns the keys of all maps, once each.
func sortedKeys(all ...map[string]*unstructured.Unstructured) []string {
	keys := map[string]bool{}
	for _, one := range all {
		for key := range one {
			keys[key] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// changed returns the first lines of a diff that changed: a kind has thousands.
func changed(diff string) string {
	const most = 20
	var kept []string
	for line := range strings.Lines(diff) {
		if strings.HasPrefix(line, "-") || strings.HasPrefix(line, "+") {
			kept = append(kept, line)
		}
	}
	if len(kept) > most {
		kept = append(kept[:most], "...")
	}
	return strings.Join(kept, "")
}

func toYAML(t *testing.T, object *unstructured.Unstructured) string {
	t.Helper()
	raw, err := yaml.Marshal(object.Object)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
