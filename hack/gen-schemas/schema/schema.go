// Package schema makes JSON schemas, by which editors check and complete manifests, from the kinds' definitions.
//
// They are of draft 7, which every editor reads. They say no where the API server's strict validation does, as far as a JSON schema can: to unknown fields,
// wrong types, values outside their bounds, and texts of a wrong form. Rules about several fields are named in the descriptions; lint checks them.
package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"
)

// draft is what says that a schema is one of draft 7.
const draft = "http://json-schema.org/draft-07/schema#"

// All is the name of the schema of all kinds.
const All = "all.json"

// object is a schema, or a part of one.
type object = map[string]any

// kind is a kind of one version.
type kind struct{ name, group, version string }

func (k kind) apiVersion() string { return k.group + "/" + k.version }

// file is the name of the kind's schema.
func (k kind) file() string { return k.version + "/" + strings.ToLower(k.name) + ".json" }

// Generate returns the schemas of all definitions in a folder, by the names of their files, and with the name All the schema of all of them.
func Generate(bases fs.FS) (map[string][]byte, error) {
	names, err := fs.Glob(bases, "*.yaml")
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	var kinds []kind
	for _, name := range names {
		raw, err := fs.ReadFile(bases, name)
		if err != nil {
			return nil, err
		}
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict(raw, definition); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for i := range definition.Spec.Versions {
			version := &definition.Spec.Versions[i]
			k := kind{definition.Spec.Names.Kind, definition.Spec.Group, version.Name}
			if version.Schema == nil || version.Schema.OpenAPIV3Schema == nil {
				return nil, fmt.Errorf("%s: version %s has no schema", name, version.Name)
			}
			kinds = append(kinds, k)
			if files[k.file()], err = write(ofKind(k, version.Schema.OpenAPIV3Schema)); err != nil {
				return nil, err
			}
		}
	}
	if len(kinds) == 0 {
		return nil, fmt.Errorf("there is no definition of a kind")
	}
	files[All], err = write(ofAll(kinds))
	return files, err
}

// write returns a schema as text. The keys are in order, so that nothing but a change of a kind changes it.
func write(schema object) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	err := encoder.Encode(schema)
	return text.Bytes(), err
}

// ofAll returns the schema of a document that may be of any kind. A document of somebody else's kind is not looked at.
func ofAll(kinds []kind) object {
	var names, versions, lists []string
	for _, k := range kinds {
		names, lists, versions = append(names, k.name), append(lists, k.name+"List"), append(versions, k.apiVersion())
	}
	slices.Sort(names)
	slices.Sort(lists)
	slices.Sort(versions)
	names, lists, versions = slices.Compact(names), slices.Compact(lists), slices.Compact(versions)
	is := func(property string, schema object) object {
		return object{"required": []string{property}, "properties": object{property: schema}}
	}
	all := []object{
		{ // a version that there is not, and a group that is misspelt
			"if":   is("apiVersion", object{"type": "string", "pattern": "[Jj]oint-?[Pp]lan"}),
			"then": object{"properties": object{"apiVersion": object{"enum": versions}, "kind": object{"enum": append(slices.Clone(names), lists...)}}},
		},
		{ // a version without its group
			"if": object{
				"required":   []string{"apiVersion", "kind"},
				"properties": object{"apiVersion": object{"type": "string", "pattern": "^[^/]*$"}, "kind": object{"enum": names}},
			},
			"then": object{"properties": object{"apiVersion": object{"enum": versions}}},
		},
		{"if": is("kind", object{"type": "string", "pattern": "List$"}), "then": object{"properties": object{"items": object{"type": "array", "items": object{"$ref": "#"}}}}},
	}
	for _, k := range kinds {
		all = append(all, object{
			"if": object{
				"required":   []string{"apiVersion", "kind"},
				"properties": object{"apiVersion": object{"const": k.apiVersion()}, "kind": object{"const": k.name}},
			},
			"then": object{"$ref": k.file()},
		})
	}
	return object{
		"$schema": draft, "title": "A manifest that may be of JointPlan", "type": "object", "required": []string{"apiVersion", "kind"}, "allOf": all,
		"properties": object{
			"apiVersion": object{"type": "string", "description": "The version of the API, such as " + versions[0] + "."},
			"kind":       object{"type": "string", "description": "The kind of the object: " + strings.Join(names, ", ") + ", or one of another API."},
		},
	}
}

// ofKind returns the schema of a kind.
func ofKind(k kind, definition *apiextensionsv1.JSONSchemaProps) object {
	schema := translate(definition)
	schema["$schema"], schema["title"] = draft, k.name
	properties, _ := schema["properties"].(object)
	properties["apiVersion"] = object{"type": "string", "const": k.apiVersion(), "description": "The version of the API: " + k.apiVersion() + "."}
	properties["kind"] = object{"type": "string", "const": k.name, "description": "The kind of the object: " + k.name + "."}
	properties["metadata"] = metadata()
	if status, ok := definition.Properties["status"]; ok {
		shape := shapeOf(&status)
		shape["description"] = "What the controller says of the object. Leave it out of a manifest: it is not applied."
		properties["status"] = shape
	}
	required := []string{"apiVersion", "kind", "metadata"}
	for _, name := range definition.Required {
		if !slices.Contains(required, name) && name != "status" {
			required = append(required, name)
		}
	}
	schema["required"] = required
	return schema
}

// shapeOf returns what a server checks of a status that is applied, though it drops it: that its fields are known.
func shapeOf(definition *apiextensionsv1.JSONSchemaProps) object {
	shape := object{}
	switch {
	case definition.Items != nil && definition.Items.Schema != nil:
		shape["items"] = shapeOf(definition.Items.Schema)
	case definition.AdditionalProperties != nil && definition.AdditionalProperties.Schema != nil:
		shape["additionalProperties"] = shapeOf(definition.AdditionalProperties.Schema)
	case isClosed(definition):
		properties := object{}
		for name, property := range definition.Properties {
			properties[name] = shapeOf(&property)
		}
		shape["properties"], shape["additionalProperties"] = properties, false
	}
	return shape
}

// isClosed reports whether an object has no fields but those that are listed.
func isClosed(definition *apiextensionsv1.JSONSchemaProps) bool {
	preserves := definition.XPreserveUnknownFields != nil && *definition.XPreserveUnknownFields
	return definition.Type == "object" && definition.AdditionalProperties == nil && !preserves && !definition.XEmbeddedResource
}

// translate returns a definition's schema as JSON schema has it.
func translate(definition *apiextensionsv1.JSONSchemaProps) object {
	schema := object{}
	if definition.XIntOrString {
		schema["type"] = []string{"integer", "string"}
	} else if definition.Type != "" {
		schema["type"] = definition.Type
	}
	if definition.Nullable && schema["type"] != nil {
		schema["type"] = []any{definition.Type, "null"}
	}
	if definition.Format == "date" || definition.Format == "date-time" { // the others are of numbers
		schema["format"] = definition.Format
	}
	bounds(schema, definition)
	if len(definition.Enum) > 0 {
		schema["enum"] = definition.Enum
	}
	if definition.Default != nil {
		schema["default"] = definition.Default
	}
	if definition.Items != nil && definition.Items.Schema != nil {
		schema["items"] = translate(definition.Items.Schema)
	}
	if definition.XListType != nil && *definition.XListType == "set" {
		schema["uniqueItems"] = true
	}
	if len(definition.Properties) > 0 {
		properties := object{}
		for name, property := range definition.Properties {
			properties[name] = translate(&property)
		}
		schema["properties"] = properties
	}
	if len(definition.Required) > 0 {
		schema["required"] = definition.Required
	}
	switch {
	case definition.AdditionalProperties != nil && definition.AdditionalProperties.Schema != nil:
		schema["additionalProperties"] = translate(definition.AdditionalProperties.Schema)
	case isClosed(definition):
		schema["additionalProperties"] = false
	}
	described(schema, definition)
	return schema
}

// bounds sets the bounds of numbers, texts, lists and maps.
func bounds(schema object, definition *apiextensionsv1.JSONSchemaProps) {
	for keyword, bound := range map[string]*int64{
		"minLength": definition.MinLength, "maxLength": definition.MaxLength, "minItems": definition.MinItems, "maxItems": definition.MaxItems,
		"minProperties": definition.MinProperties, "maxProperties": definition.MaxProperties,
	} {
		if bound != nil {
			schema[keyword] = *bound
		}
	}
	lower, upper := "minimum", "maximum"
	if definition.ExclusiveMinimum {
		lower = "exclusiveMinimum"
	}
	if definition.ExclusiveMaximum {
		upper = "exclusiveMaximum"
	}
	for keyword, bound := range map[string]*float64{lower: definition.Minimum, upper: definition.Maximum, "multipleOf": definition.MultipleOf} {
		if bound != nil {
			schema[keyword] = number(*bound)
		}
	}
	if definition.Pattern != "" {
		schema["pattern"] = pattern(definition.Pattern)
	}
}

// number returns a bound as it is written: 9007199254740991 and not 9.007199254740991e+15.
func number(bound float64) any {
	if whole := int64(bound); float64(whole) == bound {
		return whole
	}
	return bound
}

// described sets the description, with the rules that a JSON schema cannot check, and the forms of texts, which it can.
func described(schema object, definition *apiextensionsv1.JSONSchemaProps) {
	text := flat(definition.Description)
	var parts []object
	var rules []string
	for i := range definition.XValidations {
		rule := &definition.XValidations[i]
		forms, ok := formsOf(rule.Rule)
		switch {
		case definition.Type == "string" && ok:
			for _, form := range forms {
				parts = append(parts, form.schema(rule.Message))
			}
		case rule.Message != "":
			rules = append(rules, rule.Message)
		}
	}
	if len(parts) > 0 {
		if _, first := parts[0]["pattern"]; first && schema["pattern"] == nil { // editors show a text's own pattern best
			schema["pattern"], schema["patternErrorMessage"] = parts[0]["pattern"], parts[0]["patternErrorMessage"]
			parts = parts[1:]
		}
	}
	if len(parts) > 0 {
		schema["allOf"] = parts
	}
	if len(rules) > 0 {
		text = strings.TrimSpace(text + " Rules: " + strings.Join(rules, "; ") + ".")
	}
	if text != "" {
		schema["description"] = text
	}
}

// paragraph is what divides the paragraphs of a description.
var paragraph = regexp.MustCompile(`\n[ \t]*\n`)

// flat returns a description with one line for each paragraph: editors take every line break for the end of one.
func flat(text string) string {
	var paragraphs []string
	for _, one := range paragraph.Split(text, -1) {
		if one = strings.Join(strings.Fields(one), " "); one != "" {
			paragraphs = append(paragraphs, one)
		}
	}
	return strings.Join(paragraphs, "\n\n")
}
