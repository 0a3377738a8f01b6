package sheet

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	"jointplan.dev/jointplan/internal/offline/manifest"
)

// byName are lists whose elements are told apart by their names: what the sheet does not say of one stays.
var byName = map[string]bool{"spec.goals": true}

// addedTo are lists of which the sheet knows some elements: the others stay.
var addedTo = map[string]bool{"spec.childNamespaces": true}

// merge returns an object that is there with what a sheet says of it, and what that changes.
func merge(before, drafted, into manifest.Object) ([]Change, error) {
	old, err := contentOf(before)
	if err != nil {
		return nil, err
	}
	now, err := contentOf(drafted)
	if err != nil {
		return nil, err
	}
	m := merging{object: manifest.KeyOf(before).String()}
	old["spec"] = m.merge("spec", old["spec"], now["spec"])
	delete(old, "status")
	return m.changes, runtime.DefaultUnstructuredConverter.FromUnstructured(old, into)
}

func contentOf(object manifest.Object) (map[string]any, error) {
	return runtime.DefaultUnstructuredConverter.ToUnstructured(object)
}

type merging struct {
	object  string
	changes []Change
}

func (m *merging) merge(path string, old, now any) any {
	switch x := now.(type) {
	case nil:
		return old
	case map[string]any:
		was, ok := old.(map[string]any)
		if !ok {
			break
		}
		for _, key := range sortedKeys(x) {
			was[key] = m.merge(path+"."+key, was[key], x[key])
		}
		return was
	case []any:
		was, ok := old.([]any)
		switch {
		case ok && byName[path]:
			return m.named(path, was, x)
		case ok && addedTo[path]:
			x = slices.DeleteFunc(slices.Clone(x), func(e any) bool { return slices.Contains(was, e) })
			for _, e := range x {
				m.change(path, nil, e)
			}
			return append(was, x...)
		}
	}
	if !reflect.DeepEqual(old, now) {
		m.change(path, old, now)
	}
	return now
}

// named merges lists of elements with names.
func (m *merging) named(path string, old, now []any) []any {
	nameOf := func(e any) any {
		if x, ok := e.(map[string]any); ok {
			return x["name"]
		}
		return nil
	}
	for _, e := range now {
		at := slices.IndexFunc(old, func(o any) bool { return nameOf(o) == nameOf(e) })
		where := fmt.Sprintf("%s[%v]", path, nameOf(e))
		if at < 0 {
			m.change(where, nil, e)
			old = append(old, e)
			continue
		}
		old[at] = m.merge(where, old[at], e)
	}
	return old
}

func (m *merging) change(path string, old, now any) {
	m.changes = append(m.changes, Change{Object: m.object, Field: path, Old: shown(old), New: shown(now)})
}

// shown writes a value for people.
func shown(value any) string {
	switch x := value.(type) {
	case nil:
		return ""
	case string:
		return x
	case []any:
		parts := make([]string, len(x))
		for i, e := range x {
			parts[i] = shown(e)
		}
		return strings.Join(parts, ", ")
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
