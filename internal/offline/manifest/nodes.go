package manifest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Limits of a document. No object of ours comes near them.
const (
	maxDepth         = 64       // of nesting
	maxExpandedBytes = 32 << 20 // of a document once its aliases are replaced by what they stand for
)

// measure is what an expanded node amounts to.
type measure struct {
	bytes  int64
	height int
}

// measurer measures nodes. It remembers what anchors amount to, so that its work does not grow with the expansion.
type measurer struct {
	known map[*yaml.Node]measure
	open  map[*yaml.Node]bool // anchors that are being measured: an alias to one is a cycle
}

// check refuses a document that is too deep, that grows too large or never ends once its aliases are replaced, or that
// holds what JSON cannot.
func (d *document) check() *problem {
	m := measurer{known: map[*yaml.Node]measure{}, open: map[*yaml.Node]bool{}}
	_, bad := m.measure(d.root)
	if bad != nil && bad.line > 0 {
		bad.line += d.offset
	}
	return bad
}

func (m measurer) measure(node *yaml.Node) (measure, *problem) {
	if node.Kind == yaml.AliasNode {
		return m.anchor(node)
	}
	if node.Anchor != "" {
		if known, ok := m.known[node]; ok {
			return known, nil
		}
		m.open[node] = true
		defer delete(m.open, node)
	}
	total := measure{bytes: int64(len(node.Value)) + 2, height: 1}
	if bad := checkScalar(node); bad != nil {
		return total, bad
	}
	if bad := checkKeys(node); bad != nil {
		return total, bad
	}
	for _, one := range node.Content {
		part, bad := m.measure(one)
		if bad != nil {
			return total, bad
		}
		total.bytes += part.bytes
		total.height = max(total.height, part.height+1)
		if total.bytes > maxExpandedBytes {
			return total, &problem{line: node.Line, message: fmt.Sprintf("with its aliases replaced it has more than %d MiB", maxExpandedBytes>>20)}
		}
		if total.height > maxDepth {
			return total, &problem{line: node.Line, message: fmt.Sprintf("is nested more than %d levels deep", maxDepth)}
		}
	}
	if node.Anchor != "" {
		m.known[node] = total
	}
	return total, nil
}

func (m measurer) anchor(alias *yaml.Node) (measure, *problem) {
	if m.open[alias.Alias] {
		return measure{}, &problem{line: alias.Line, message: fmt.Sprintf("the anchor %q contains itself", alias.Value)}
	}
	return m.measure(alias.Alias)
}

// checkKeys refuses keys that JSON does not have: null, which is also what a colon after nothing says, lists and mappings.
func checkKeys(mapping *yaml.Node) *problem {
	if mapping.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(mapping.Content); i += 2 {
		at := mapping.Content[i]
		switch key := resolve(at); {
		case key == nil: // an alias that leads nowhere
		case key.Kind == yaml.SequenceNode:
			return &problem{line: at.Line, message: "a list is the name of a field: names are text"}
		case key.Kind == yaml.MappingNode:
			return &problem{line: at.Line, message: "a mapping is the name of a field: names are text; are braces to be in quotes?"}
		case key.ShortTag() == "!!null" && key.Value == "":
			return &problem{line: at.Line, message: "a field has no name: write one before the colon"}
		case key.ShortTag() == "!!null":
			return &problem{line: at.Line, message: fmt.Sprintf("a field has the name null: YAML reads the bare word %s as nothing; if it is a name, write it in quotes", key.Value)}
		}
	}
	return nil
}

// checkScalar refuses numbers that JSON does not have.
func checkScalar(node *yaml.Node) *problem {
	if node.Kind != yaml.ScalarNode || node.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return nil
	}
	switch strings.TrimLeft(strings.ToLower(node.Value), "+-") {
	case ".nan", ".inf":
		return &problem{line: node.Line, message: fmt.Sprintf("%s is not a number that an object can hold", node.Value)}
	default:
		return nil
	}
}

// size is about how many bytes a checked node has as JSON.
func size(node *yaml.Node) int64 {
	m := measurer{known: map[*yaml.Node]measure{}, open: map[*yaml.Node]bool{}}
	total, _ := m.measure(node)
	return total.bytes
}

// duplicates returns the paths of all fields that stand twice in their mapping, with the second one's node.
func duplicates(node *yaml.Node, path string) []placed {
	var found []placed
	switch node.Kind {
	case yaml.SequenceNode:
		for i, one := range node.Content {
			found = append(found, duplicates(one, fmt.Sprintf("%s[%d]", path, i))...)
		}
	case yaml.MappingNode:
		found = repeatedKeys(node, path)
		for i := 0; i+1 < len(node.Content); i += 2 {
			found = append(found, duplicates(node.Content[i+1], join(path, jsonKey(node.Content[i])))...)
		}
	default:
		// Scalars hold no fields, and what an alias stands for is looked at where it stands.
	}
	return found
}

// placed is a field path with the node that it leads to.
type placed struct {
	path string
	node *yaml.Node
}

// repeatedKeys returns the fields of one mapping that stand in it twice.
func repeatedKeys(mapping *yaml.Node, path string) []placed {
	var found []placed
	seen := map[string]bool{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key := mapping.Content[i]
		name := jsonKey(key)
		if seen[name] && !isMerge(key) {
			found = append(found, placed{path: join(path, name), node: key})
		}
		seen[name] = true
	}
	return found
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// jsonNodes parses a JSON value into nodes, which know their lines.
func jsonNodes(text []byte) (*yaml.Node, error) {
	builder := jsonBuilder{decoder: json.NewDecoder(bytes.NewReader(text))}
	builder.decoder.UseNumber()
	for at, b := range text {
		if b == '\n' {
			builder.breaks = append(builder.breaks, at)
		}
	}
	return builder.value(0)
}

type jsonBuilder struct {
	decoder *json.Decoder
	breaks  []int // offsets of the line breaks
}

var errTooDeep = fmt.Errorf("is nested more than %d levels deep", maxDepth)

func (b *jsonBuilder) value(depth int) (*yaml.Node, error) {
	token, err := b.decoder.Token()
	if err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, errTooDeep
	}
	node := &yaml.Node{Kind: yaml.ScalarNode, Line: b.line()}
	delimiter, nested := token.(json.Delim)
	if !nested {
		node.Value = scalarText(token)
		if _, isText := token.(string); isText {
			node.Style = yaml.DoubleQuotedStyle
		}
		return node, nil
	}
	node.Kind = yaml.SequenceNode
	if delimiter == '{' {
		node.Kind = yaml.MappingNode
	}
	for b.decoder.More() {
		one, err := b.value(depth + 1) // in a mapping, keys and values take turns
		if err != nil {
			return nil, err
		}
		node.Content = append(node.Content, one)
	}
	if _, err := b.decoder.Token(); err != nil {
		return nil, err
	}
	return node, nil
}

// line is the line of the token that was read last, from 1 on.
func (b *jsonBuilder) line() int {
	return 1 + sort.SearchInts(b.breaks, int(b.decoder.InputOffset()))
}

func scalarText(token json.Token) string {
	if token == nil {
		return "null"
	}
	return fmt.Sprint(token)
}
