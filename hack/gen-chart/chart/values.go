package chart

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// value is one value of the chart, as the schema describes it.
type value struct {
	name        string // the path, such as image.tag
	description string
	fallback    *yaml.Node // what it is where nothing is set; nil for one that has values of its own
	parts       []value
}

// readSchema returns the values that a JSON schema describes, in its order. One without parts and without a default is nobody's to set.
func readSchema(schema []byte) ([]value, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(schema, &document); err != nil {
		return nil, err
	}
	if len(document.Content) != 1 {
		return nil, errors.New("it is empty")
	}
	return valuesOf(document.Content[0], "")
}

// valuesOf returns the values that the properties of a node of the schema describe.
func valuesOf(node *yaml.Node, prefix string) ([]value, error) {
	var list []value
	properties := child(node, "properties")
	if properties == nil {
		return nil, nil
	}
	for i := 0; i+1 < len(properties.Content); i += 2 {
		v := value{name: prefix + properties.Content[i].Value}
		of := properties.Content[i+1]
		description := child(of, "description")
		if description == nil {
			return nil, fmt.Errorf("%s has no description", v.name)
		}
		v.description, v.fallback = description.Value, child(of, "default")
		if v.fallback == nil {
			parts, err := valuesOf(of, v.name+".")
			if err != nil {
				return nil, err
			}
			if v.parts = parts; len(parts) == 0 {
				continue
			}
		}
		list = append(list, v)
	}
	return list, nil
}

// child returns what a mapping has under a key, and nil if it has nothing.
func child(node *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == key {
			return node.Content[i+1]
		}
	}
	return nil
}

// valuesFile returns the chart's values.yaml.
func valuesFile(list []value) string {
	var out strings.Builder
	out.WriteString("# Written by \"go run ./hack/gen-chart\" from values.schema.json. Do not edit it by hand.\n")
	for _, v := range list {
		out.WriteString("\n")
		v.write(&out, "")
	}
	return out.String()
}

// write writes a value and its parts with a margin.
func (v value) write(out *strings.Builder, margin string) {
	key := v.name[strings.LastIndex(v.name, ".")+1:]
	fmt.Fprintf(out, "%s# %s\n%s%s:", margin, v.description, margin, key)
	if v.fallback != nil {
		fmt.Fprintf(out, " %s\n", inline(v.fallback))
		return
	}
	out.WriteString("\n")
	for _, part := range v.parts {
		part.write(out, margin+"  ")
	}
}

// inline returns a default as one line of YAML.
func inline(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		var entries []string
		for i := 0; i+1 < len(node.Content); i += 2 {
			entries = append(entries, node.Content[i].Value+": "+inline(node.Content[i+1]))
		}
		return "{" + strings.Join(entries, ", ") + "}"
	case yaml.SequenceNode:
		var items []string
		for _, item := range node.Content {
			items = append(items, inline(item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	default:
		if node.Tag == "!!str" {
			return fmt.Sprintf("%q", node.Value)
		}
		return node.Value
	}
}

// The table of values stands between these lines of the chart's page.
const (
	tableBegin = "<!-- values -->\n"
	tableEnd   = "<!-- /values -->\n"
)

// withTable returns the chart's page with the table of the values.
func withTable(page string, list []value) (string, error) {
	before, rest, found := strings.Cut(page, tableBegin)
	_, after, ended := strings.Cut(rest, tableEnd)
	if !found || !ended {
		return "", fmt.Errorf("README.md has no lines %q and %q around the table of values", strings.TrimSpace(tableBegin), strings.TrimSpace(tableEnd))
	}
	rows := "| value | default | means |\n|---|---|---|\n" + table(list)
	return before + tableBegin + rows + tableEnd + after, nil
}

// table returns a row per value that can be set.
func table(list []value) string {
	var rows strings.Builder
	for _, v := range list {
		if v.fallback == nil {
			rows.WriteString(table(v.parts))
			continue
		}
		fmt.Fprintf(&rows, "| `%s` | `%s` | %s |\n", v.name, inline(v.fallback), v.description)
	}
	return rows.String()
}
