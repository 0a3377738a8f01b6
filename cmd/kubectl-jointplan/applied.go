package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"jointplan.dev/jointplan/internal/offline/manifest"
)

// recorded are the fields of specs that people record in the cluster, beside what a manifest says.
var recorded = []string{"payments", "recovery"}

// asApplied returns what an object becomes when a manifest is applied to it. It stays the same object, with the labels and annotations that it
// has beside those of the manifest. Fields of the spec that the manifest leaves out stay when others wrote them: payments or a recovery, and, if
// kubectl apply noted what was applied last, whatever was not in that.
func asApplied(live, applied manifest.Object) (manifest.Object, error) {
	if live == nil {
		return applied, nil
	}
	before, err := specFields(live)
	if err != nil {
		return nil, err
	}
	after, err := specFields(applied)
	if err != nil {
		return nil, err
	}
	last, noted := lastApplied(live)
	for field, value := range before {
		_, stated := after[field]
		_, was := last[field]
		if !stated && (slices.Contains(recorded, field) || noted && !was) {
			after[field] = value
		}
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(live)
	if err != nil {
		return nil, err
	}
	content["spec"] = after
	merged, ok := reflect.TypeAssert[manifest.Object](reflect.New(reflect.TypeOf(applied).Elem()))
	if !ok {
		return nil, fmt.Errorf("%s is not of a kind of this project", manifest.KeyOf(applied))
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(content, merged); err != nil {
		return nil, err
	}
	merged.SetLabels(joined(live.GetLabels(), applied.GetLabels()))
	merged.SetAnnotations(joined(live.GetAnnotations(), applied.GetAnnotations()))
	return merged, nil
}

// joined returns entries with those of another map, which win.
func joined(entries, others map[string]string) map[string]string {
	if len(entries)+len(others) == 0 {
		return nil
	}
	all := map[string]string{}
	maps.Copy(all, entries)
	maps.Copy(all, others)
	return all
}

// specFields returns the fields of an object's spec.
func specFields(object manifest.Object) (map[string]any, error) {
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		return nil, err
	}
	fields, _, err := unstructured.NestedMap(content, "spec")
	return fields, err
}

// lastApplied returns the fields of the spec that kubectl apply noted, and whether it noted any.
func lastApplied(live manifest.Object) (fields map[string]any, noted bool) {
	var last struct {
		Spec map[string]any `json:"spec"`
	}
	note := live.GetAnnotations()[corev1.LastAppliedConfigAnnotation]
	if note == "" || json.Unmarshal([]byte(note), &last) != nil {
		return nil, false
	}
	return last.Spec, true
}
