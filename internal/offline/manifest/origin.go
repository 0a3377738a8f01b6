package manifest

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Origin is where an object stands.
type Origin struct {
	// File is the path of the file as it was found, or "stdin".
	File string
	// Document is the number of the document within the file, from 1 on, not counting empty ones.
	Document int
	// Start is the line of the file at which the object begins, from 1 on.
	Start int

	node   *yaml.Node // the object itself: in a list, the item
	offset int        // what to add to a node's line for the file's line
	inList bool       // it is the item of a list
}

// Line returns the line of the file at which a field stands, from 1 on. The path is as in errors and findings:
// spec.goals[0].due, or spec.goals[cloud-revenue].due for the element with that name (or that scalar in another of its
// fields). Of a field that is not there it returns the line of the nearest thing around it that is, at last the start of the
// object.
func (o Origin) Line(fieldPath string) int {
	line, _ := o.Place(fieldPath)
	return line
}

// Place is Line with the column, which counts characters from 1 on; 0 where it is not known, as in JSON.
func (o Origin) Place(fieldPath string) (line, column int) {
	line, at := o.Start, o.node
	if at != nil {
		column = at.Column
	}
	for _, step := range splitPath(fieldPath) {
		key, value := child(at, step)
		if value == nil {
			break
		}
		line, column, at = value.Line+o.offset, value.Column, value
		if key != nil {
			line, column = key.Line+o.offset, key.Column
		}
	}
	return line, column
}

// String is the place for people, such as "plans.yaml: document 2 (line 14)".
func (o Origin) String() string {
	return (&Error{File: o.File, Document: o.Document, Line: o.Start}).Error()
}

// splitPath divides a field path at its points and brackets: spec.goals[0].due is spec, goals, 0, due. What stands in
// brackets may contain points.
func splitPath(path string) []string {
	var steps []string
	for path != "" {
		end := strings.IndexAny(path, ".[")
		switch {
		case end < 0:
			return append(steps, path)
		case end > 0:
			steps = append(steps, path[:end])
		}
		rest := path[end+1:]
		if path[end] == '[' {
			inside, after, _ := strings.Cut(rest, "]")
			steps = append(steps, inside)
			rest = after
		}
		path = rest
	}
	return steps
}

// child returns the node that a step of a path leads to, and the key before it when there is one.
func child(parent *yaml.Node, step string) (key, value *yaml.Node) {
	parent = resolve(parent)
	switch {
	case parent == nil:
		return nil, nil
	case parent.Kind == yaml.MappingNode:
		return member(parent, step)
	case parent.Kind == yaml.SequenceNode:
		return nil, element(parent, step)
	default:
		return nil, nil
	}
}

// member returns a field of a mapping, its own or one that it merges in with "<<".
func member(mapping *yaml.Node, name string) (key, value *yaml.Node) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if key := mapping.Content[i]; jsonKey(key) == name {
			return key, mapping.Content[i+1]
		}
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if !isMerge(mapping.Content[i]) {
			continue
		}
		for _, merged := range mergedMappings(mapping.Content[i+1]) {
			if key, value := member(merged, name); value != nil {
				return key, value
			}
		}
	}
	return nil, nil
}

// mergedMappings returns what the value of a "<<" merges in: a mapping, or a sequence of mappings. A document with cycles
// never gets here.
func mergedMappings(value *yaml.Node) []*yaml.Node {
	value = resolve(value)
	switch {
	case value == nil:
		return nil
	case value.Kind == yaml.MappingNode:
		return []*yaml.Node{value}
	case value.Kind != yaml.SequenceNode:
		return nil
	}
	var mappings []*yaml.Node
	for _, one := range value.Content {
		if one = resolve(one); one != nil && one.Kind == yaml.MappingNode {
			mappings = append(mappings, one)
		}
	}
	return mappings
}

// element returns an element of a sequence by its index, or by its name or another scalar that identifies it.
func element(sequence *yaml.Node, step string) *yaml.Node {
	if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(sequence.Content) {
		return sequence.Content[i]
	}
	for _, one := range sequence.Content {
		if _, name := child(one, "name"); name != nil && resolve(name).Value == step {
			return one
		}
	}
	for _, one := range sequence.Content {
		if identifies(resolve(one), step) {
			return one
		}
	}
	return nil
}

// identifies reports whether a list element is the scalar, or has it in one of its fields.
func identifies(node *yaml.Node, scalar string) bool {
	if node.Kind == yaml.ScalarNode {
		return node.Value == scalar
	}
	if node.Kind != yaml.MappingNode {
		return false
	}
	for i := 1; i < len(node.Content); i += 2 {
		if value := resolve(node.Content[i]); value.Kind == yaml.ScalarNode && value.Value == scalar {
			return true
		}
	}
	return false
}

// resolve follows an alias to what it stands for.
func resolve(node *yaml.Node) *yaml.Node {
	if node != nil && node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// isMerge reports whether a key is the merge key "<<".
func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Value == "<<" && key.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0
}

// jsonKey is the name that a key has in JSON. kubectl and the API server read YAML 1.1, in which the bare words on, yes and y
// mean true, and off, no and n false, also as keys.
func jsonKey(key *yaml.Node) string {
	key = resolve(key)
	if len(key.Value) > len("false") {
		return key.Value
	}
	if key.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.TaggedStyle) != 0 {
		return key.Value
	}
	switch strings.ToLower(key.Value) {
	case "on", "yes", "y", "true":
		return "true"
	case "off", "no", "n", "false":
		return "false"
	default:
		return key.Value
	}
}
