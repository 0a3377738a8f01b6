// Package page makes the API reference from the kinds' schemas and the doc comments of conditions and reasons.
package page

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/internal/model/kinds"
)

const intro = `# API reference

<!-- Written by "go run ./hack/gen-reference" from config/crd/bases and the doc comments of api/v1alpha1. Do not edit it by hand. -->

Group ` + "`channel.jointplan.dev`, version `v1alpha1`" + `. Every field of every kind, with what it takes and what it means; the same is what
` + "`kubectl explain`" + ` tells, as in ` + "`kubectl explain jointplan.spec.goals`" + `. The pages of the kinds, which begin with an example, are easier
to learn from.

`

// Generate returns the page about the kinds in a folder of CustomResourceDefinitions, and the conditions and reasons that the Go files of another
// folder declare. It fails when a kind is not in the list of kinds, whose order the page has, or a reason does not say when it surfaces.
func Generate(crds, api fs.FS) (string, error) {
	definitions, err := read(crds)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	text.WriteString(intro)
	for _, d := range definitions {
		kind := d.Spec.Names.Kind
		fmt.Fprintf(&text, "- [%s](#%s)\n", kind, strings.ToLower(kind))
	}
	text.WriteString("- [Conditions and reasons](#conditions-and-reasons)\n\n")
	writeFormats(&text)
	known := map[string]string{}
	for _, d := range definitions {
		writeKind(&text, d, known)
	}
	conditions, err := conditionsIn(api)
	if err != nil {
		return "", err
	}
	conditions.write(&text)
	return text.String(), nil
}

// read returns the definitions of a folder in the order of the page.
func read(crds fs.FS) ([]*apiextensionsv1.CustomResourceDefinition, error) {
	files, err := fs.Glob(crds, "*.yaml")
	if err != nil {
		return nil, err
	}
	var definitions []*apiextensionsv1.CustomResourceDefinition
	for _, file := range files {
		raw, err := fs.ReadFile(crds, file)
		if err != nil {
			return nil, err
		}
		d := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict(raw, d); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if kinds.Named(d.Spec.Names.Kind) == nil {
			return nil, fmt.Errorf("%s: kind %s has no place in the page: add it to internal/model/kinds", file, d.Spec.Names.Kind)
		}
		definitions = append(definitions, d)
	}
	slices.SortFunc(definitions, func(a, b *apiextensionsv1.CustomResourceDefinition) int {
		return cmp.Compare(kinds.Order(a.Spec.Names.Kind), kinds.Order(b.Spec.Names.Kind))
	})
	return definitions, nil
}

// writeFormats explains the types of texts.
func writeFormats(text *strings.Builder) {
	text.WriteString("Texts are of these types; `integer`, `boolean` and `object` are those of YAML. Where nothing else is said, a field may be left out.\n\n")
	text.WriteString("| type | takes |\n|---|---|\n")
	for _, f := range formats {
		fmt.Fprintf(text, "| %s | %s |\n", f.name, f.takes)
	}
}

func writeKind(text *strings.Builder, d *apiextensionsv1.CustomResourceDefinition, known map[string]string) {
	version := d.Spec.Versions[0]
	kind, schema := d.Spec.Names.Kind, version.Schema.OpenAPIV3Schema
	fmt.Fprintf(text, "\n## %s\n\n%s %s, short name `%s`. [Its page](../%s.md) has an example.\n", kind, flat(schema.Description), scope(d),
		strings.Join(d.Spec.Names.ShortNames, "`, `"), strings.ToLower(kind))
	if rules := rulesOf(*schema); len(rules) > 0 {
		fmt.Fprintf(text, "\nRules: %s.\n", strings.Join(rules, "; "))
	}
	var columns, selectable []string
	for _, c := range version.AdditionalPrinterColumns {
		name := c.Name
		if c.Priority > 0 {
			name += " (wide)"
		}
		columns = append(columns, name)
	}
	for _, f := range version.SelectableFields {
		selectable = append(selectable, "`"+strings.TrimPrefix(f.JSONPath, ".")+"`")
	}
	fmt.Fprintf(text, "\nColumns: %s.", strings.Join(columns, ", "))
	if len(selectable) > 0 {
		fmt.Fprintf(text, " Field selectors: %s.", strings.Join(selectable, ", "))
	}
	text.WriteString("\n")
	for _, part := range []string{"spec", "status"} {
		if below, found := schema.Properties[part]; found {
			writePart(text, kind, part, below, known)
		}
	}
}

func scope(d *apiextensionsv1.CustomResourceDefinition) string {
	if d.Spec.Scope == apiextensionsv1.ClusterScoped {
		return "Cluster-scoped"
	}
	return "Namespaced"
}

func writePart(text *strings.Builder, kind, part string, schema apiextensionsv1.JSONSchemaProps, known map[string]string) {
	fmt.Fprintf(text, "\n### %s %s\n", kind, part)
	if rules := rulesOf(schema); len(rules) > 0 {
		fmt.Fprintf(text, "\nRules: %s.\n", strings.Join(rules, "; "))
	}
	text.WriteString("\n| field | type | takes | means |\n|---|---|---|---|\n")
	t := table{kind: kind, part: part, known: known}
	t.below("", schema)
	text.WriteString(t.rows.String())
}
