package api

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/config/crd"
)

// schemaNode is a field of a kind's schema.
type schemaNode struct {
	// kind is the kind.
	kind string
	// path is the field without indexes, such as spec.goals[].name; empty for the whole object.
	path string
	// schema is what the field may hold.
	schema *apiextensionsv1.JSONSchemaProps
}

// definitions returns the definitions of all kinds by kind.
func definitions(t *testing.T) map[string]*apiextensionsv1.CustomResourceDefinition {
	t.Helper()
	files, err := fs.Glob(crd.Bases(), "bases/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no CRDs found: %v", err)
	}
	found := map[string]*apiextensionsv1.CustomResourceDefinition{}
	for _, file := range files {
		raw, err := fs.ReadFile(crd.Bases(), file)
		if err != nil {
			t.Fatal(err)
		}
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict(raw, definition); err != nil {
			t.Fatal(err)
		}
		found[definition.Spec.Names.Kind] = definition
	}
	return found
}

// schemaNodes returns every field of every kind, sorted.
func schemaNodes(t *testing.T) []schemaNode {
	t.Helper()
	all := definitions(t)
	var nodes []schemaNode
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		for _, version := range all[kind].Spec.Versions {
			nodes = appendNodes(nodes, schemaNode{kind: kind, schema: version.Schema.OpenAPIV3Schema})
		}
	}
	return nodes
}

func appendNodes(nodes []schemaNode, node schemaNode) []schemaNode {
	nodes = append(nodes, node)
	for _, name := range slices.Sorted(maps.Keys(node.schema.Properties)) {
		property := node.schema.Properties[name]
		path := strings.TrimPrefix(node.path+"."+name, ".")
		nodes = appendNodes(nodes, schemaNode{kind: node.kind, path: path, schema: &property})
	}
	if node.schema.Items != nil {
		nodes = appendNodes(nodes, schemaNode{kind: node.kind, path: node.path + "[]", schema: node.schema.Items.Schema})
	}
	return nodes
}

// inSpec reports whether people write the field.
func (n schemaNode) inSpec() bool { return strings.HasPrefix(n.path+".", "spec.") }

// placed is a field of a base.
type placed struct {
	schemaNode

	// base is the name of the base.
	base string
	// at is the path of the field, such as spec.goals[0].name.
	at string
	// value is what the base has there.
	value any
}

// place returns where each field of the specs stands in a base. It fails the test for a field that stands in none.
func place(t *testing.T, all map[string]*unstructured.Unstructured) []placed {
	t.Helper()
	var found []placed
	for _, node := range schemaNodes(t) {
		if !node.inSpec() {
			continue
		}
		one, ok := placeOne(node, all)
		if !ok {
			t.Errorf("testdata/bases.yaml has no %s with %s: add the field, so that its bounds are tested", node.kind, node.path)
			continue
		}
		found = append(found, one)
	}
	return found
}

func placeOne(node schemaNode, all map[string]*unstructured.Unstructured) (placed, bool) {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if all[name].GetKind() != node.kind {
			continue
		}
		for _, at := range expand(all[name], strings.Split(node.path, "[]")) {
			if value, ok := get(all[name], at); ok {
				return placed{schemaNode: node, base: name, at: at, value: value}, true
			}
		}
	}
	return placed{}, false
}

// expand returns the paths with an index for each pair of brackets, as far as the object has lists there.
func expand(object *unstructured.Unstructured, parts []string) []string {
	paths := []string{parts[0]}
	for _, part := range parts[1:] {
		var longer []string
		for _, path := range paths {
			value, _ := get(object, path)
			list, _ := value.([]any)
			for i := range list {
				longer = append(longer, fmt.Sprintf("%s[%d]%s", path, i, part))
			}
		}
		paths = longer
	}
	return paths
}

// sharedRules are the rules of types that many fields have, with a value that breaks each and nothing else.
var sharedRules = map[string]string{
	notName:     "Not_a_name",
	notTitle:    "a\u200bb",
	notText:     "a\u202eb",
	notDecimal:  "1e9",
	notPercent:  "5%",
	notCurrency: "eur",
	notActivity: "trade show",
	notDay:      "1969-12-31",
	notFunction: "Not a function",
	negative:    "-1",
	aboveZero:   "0",
}

// index is an index in a path.
var index = regexp.MustCompile(`\[[0-9]+\]`)

// TestEveryRuleHasARow fails for a CEL rule that no row breaks: at its own path for the rules of specs, anywhere in the kind for those that
// only statuses have.
func TestEveryRuleHasARow(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{}
	cover := func(kind string, errors []string) {
		for _, one := range errors {
			field, message, _ := strings.Cut(one, ": ")
			path := index.ReplaceAllString(strings.TrimPrefix(field, "<nil>"), "[]")
			rule := strings.TrimPrefix(message, "Required value: ")
			if start := strings.LastIndex(rule, "Invalid value: "); start >= 0 {
				rule = rule[start+len("Invalid value: "):]
			}
			if end := strings.LastIndex(rule, `": `); strings.HasPrefix(rule, `"`) && end >= 0 {
				rule = rule[end+len(`": `):]
			}
			if _, after, found := strings.Cut(rule, " evaluating rule: "); found { // it could not be evaluated for the value
				rule = after
			}
			covered[kind+" "+path+": "+rule] = true
			covered[kind+": "+rule] = true
		}
	}
	for _, r := range allRows() {
		kind, _, _ := strings.Cut(r.base, "/")
		cover(kind, r.want)
	}
	for _, rows := range []map[string]change{changeRows(), statusRows()} {
		for _, r := range rows {
			kind, _, _ := strings.Cut(r.base, "/")
			cover(kind, r.want)
		}
	}
	for _, r := range stagedRows() {
		kind, _, _ := strings.Cut(r.base, "/")
		cover(kind, r.want)
	}
	rules := 0
	for _, node := range schemaNodes(t) {
		for _, rule := range node.schema.XValidations {
			rules++
			place := node.kind + " " + strings.TrimPrefix(node.path+rule.FieldPath, ".")
			if strings.HasPrefix(node.path, "status") {
				place = node.kind
			} else if node.inSpec() && node.schema.Type == "string" && sharedRules[rule.Message] != "" {
				covered[node.kind+": "+rule.Message] = true
				continue // TestBounds breaks it at each path
			}
			if !covered[place+": "+rule.Message] {
				t.Errorf("no row breaks the rule %q of %s %s", rule.Message, node.kind, node.path)
			}
		}
	}
	if rules < 500 {
		t.Errorf("found only %d rules", rules)
	}
}
