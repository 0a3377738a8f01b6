// Package api tests what the API server refuses and accepts, against a real one: every rule of the CustomResourceDefinitions with its exact
// error, every bound, and what kubectl shows. Each refusal is also asked of internal/offline/manifest, which must say the same without a server.
package api

import (
	"bytes"
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

//go:embed testdata/bases.yaml
var basesYAML []byte

// bases returns the valid objects that rows change, by kind and by kind/name. A PlanRevision takes its terms from a plan.
func bases(t *testing.T) map[string]*unstructured.Unstructured {
	t.Helper()
	found := map[string]*unstructured.Unstructured{}
	for text := range bytes.SplitSeq(basesYAML, []byte("\n---\n")) {
		object := &unstructured.Unstructured{}
		if err := yaml.UnmarshalStrict(text, &object.Object); err != nil {
			t.Fatal(err)
		}
		add(found, object)
	}
	revision := found["PlanRevision"]
	for _, name := range []string{"acme-h1", "explicit"} {
		terms := found["JointPlan/"+name].DeepCopy().Object["spec"].(map[string]any)
		for _, notApproved := range []string{"progress"} {
			delete(terms, notApproved)
		}
		revision = revision.DeepCopy()
		revision.SetName(name)
		if err := unstructured.SetNestedMap(revision.Object, terms, "spec", "terms"); err != nil {
			t.Fatal(err)
		}
		found["PlanRevision/"+name] = revision
	}
	found["PlanRevision"] = found["PlanRevision/acme-h1"]
	delete(found, "PlanRevision/without-terms")
	return found
}

// add adds a base by its kind and name, and by its kind alone if it is the first.
func add(found map[string]*unstructured.Unstructured, object *unstructured.Unstructured) {
	found[object.GetKind()+"/"+object.GetName()] = object
	if found[object.GetKind()] == nil {
		found[object.GetKind()] = object
	}
}

// absent as the value of an edit removes the field.
const absent = ""

// edits change an object: the value at each path, as YAML text.
type edits map[string]string

// apply returns a changed copy of an object.
func (e edits) apply(t *testing.T, object *unstructured.Unstructured) *unstructured.Unstructured {
	t.Helper()
	changed := object.DeepCopy()
	for _, path := range slices.Sorted(maps.Keys(e)) { // of a list the entries that are added in their order
		text := e[path]
		var value any
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		set(t, changed, path, value)
	}
	return changed
}

// step is one step of a path: a field's name, or an index in brackets.
var step = regexp.MustCompile(`([A-Za-z][A-Za-z0-9]*)|\[([0-9]+)\]`)

// set sets the value at a path; nil removes it. An index one past the end appends.
func set(t *testing.T, object *unstructured.Unstructured, path string, value any) {
	t.Helper()
	object.Object = put(t, object.Object, step.FindAllString(path, -1), value).(map[string]any)
}

func put(t *testing.T, at any, steps []string, value any) any {
	t.Helper()
	if len(steps) == 0 {
		return value
	}
	if number, isIndex := strings.CutPrefix(steps[0], "["); isIndex {
		index, err := strconv.Atoi(strings.TrimSuffix(number, "]"))
		if err != nil {
			t.Fatal(err)
		}
		list, _ := at.([]any)
		if index == len(list) {
			list = append(list, nil)
		}
		list[index] = put(t, list[index], steps[1:], value)
		return list
	}
	fields, isObject := at.(map[string]any)
	if !isObject {
		fields = map[string]any{}
	}
	if next := put(t, fields[steps[0]], steps[1:], value); next != nil {
		fields[steps[0]] = next
	} else {
		delete(fields, steps[0])
	}
	return fields
}

// get returns the value at a path.
func get(object *unstructured.Unstructured, path string) (any, bool) {
	var at any = object.Object
	for _, one := range step.FindAllString(path, -1) {
		if number, isIndex := strings.CutPrefix(one, "["); isIndex {
			index, _ := strconv.Atoi(strings.TrimSuffix(number, "]"))
			list, _ := at.([]any)
			if index >= len(list) {
				return nil, false
			}
			at = list[index]
			continue
		}
		fields, _ := at.(map[string]any)
		next, found := fields[one]
		if !found {
			return nil, false
		}
		at = next
	}
	return at, true
}

// quoted is a text as a YAML value that no reader takes for anything else.
func quoted(text string) string { return fmt.Sprintf("%q", text) }
