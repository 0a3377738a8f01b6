package crd

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"jointplan.dev/jointplan/internal/model/kinds"
)

// TestWhatIsRequiredIsWritten looks for fields that the schema requires and that Go leaves out when they are zero, though zero is a value that they can have: the
// API server would refuse the object.
func TestWhatIsRequiredIsWritten(t *testing.T) {
	t.Parallel()
	looked := 0
	for _, crd := range definitions(t) {
		kind := kinds.Named(crd.Spec.Names.Kind)
		var walk func(path string, of reflect.Type, schema *apiextensionsv1.JSONSchemaProps)
		walk = func(path string, of reflect.Type, schema *apiextensionsv1.JSONSchemaProps) {
			for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
				if of.Kind() == reflect.Slice && (schema.Items == nil || schema.Items.Schema == nil) {
					return
				}
				if of.Kind() == reflect.Slice {
					schema = schema.Items.Schema
				}
				of = of.Elem()
			}
			if of.Kind() != reflect.Struct {
				return
			}
			for field := range of.Fields() {
				name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
				if name == "" && field.Anonymous {
					walk(path, field.Type, schema)
					continue
				}
				below, known := schema.Properties[name]
				if !known || path == "" && name != "spec" && name != "status" {
					continue
				}
				if slices.Contains(schema.Required, name) && options != "" && field.Type.Kind() == reflect.Struct {
					looked++
					if zero, err := json.Marshal(reflect.Zero(field.Type).Interface()); err == nil && has(zero, below.Required) {
						t.Errorf("%s %s.%s is required, and left out where all in it is zero: remove %s from its tag", kind.Name, path, name, options)
					}
				}
				walk(strings.TrimPrefix(path+"."+name, "."), field.Type, &below)
			}
		}
		walk("", reflect.TypeOf(kind.New()).Elem(), crd.Spec.Versions[0].Schema.OpenAPIV3Schema)
	}
	if looked < 20 {
		t.Errorf("only %d fields were looked at", looked)
	}
}

// has reports whether an object in JSON has fields, at least one.
func has(object []byte, fields []string) bool {
	var found map[string]any
	if json.Unmarshal(object, &found) != nil || len(fields) == 0 {
		return false
	}
	return !slices.ContainsFunc(fields, func(name string) bool { return found[name] == nil })
}
