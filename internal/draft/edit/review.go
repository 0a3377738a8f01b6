package edit

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/printable"
)

// Review returns a review as an element of spec.reviews, in YAML: people and actions in one line each, as the samples have them.
func Review(r *v1alpha1.Review) (string, error) {
	item := mapping(0)
	add(item, "heldOn", string(r.HeldOn))
	add(item, "outcome", string(r.Outcome))
	people := &yaml.Node{Kind: yaml.SequenceNode}
	for _, x := range r.Attendees {
		person := mapping(yaml.FlowStyle)
		add(person, "name", string(x.Name))
		add(person, "party", string(x.Party))
		add(person, "function", string(x.Function))
		people.Content = append(people.Content, person)
	}
	addNode(item, "attendees", people)
	obstacles := &yaml.Node{Kind: yaml.SequenceNode}
	for _, x := range r.Obstacles {
		obstacles.Content = append(obstacles.Content, scalar(string(x)))
	}
	addNode(item, "obstacles", obstacles)
	actions := &yaml.Node{Kind: yaml.SequenceNode}
	for i := range r.Actions {
		actions.Content = append(actions.Content, action(&r.Actions[i]))
	}
	addNode(item, "actions", actions)
	add(item, "noActionsBecause", string(r.NoActionsBecause))

	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	const indent = 2
	encoder.SetIndent(indent)
	encoder.CompactSeqIndent()
	if err := encoder.Encode(&yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{item}}); err != nil {
		return "", err
	}
	return printable.YAML(text.String()), encoder.Close()
}

func action(x *v1alpha1.ActionItem) *yaml.Node {
	node := mapping(yaml.FlowStyle)
	add(node, "name", string(x.Name))
	add(node, "description", string(x.Description))
	add(node, "party", string(x.Party))
	add(node, "owner", string(x.Owner))
	add(node, "due", string(x.Due))
	add(node, "doneOn", string(x.DoneOn))
	return node
}

func mapping(style yaml.Style) *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode, Style: style} }

// add adds a text to a mapping, unless it is empty.
func add(to *yaml.Node, key, value string) {
	if value != "" {
		to.Content = append(to.Content, scalar(key), scalar(value))
	}
}

// addNode adds a list to a mapping, unless it is empty.
func addNode(to *yaml.Node, key string, list *yaml.Node) {
	if len(list.Content) > 0 {
		to.Content = append(to.Content, scalar(key), list)
	}
}

// plainText matches what needs no quotes, in braces and brackets neither.
var plainText = regexp.MustCompile(`^\pL[\pL\pN .'/-]*$`)

// words are those that YAML takes for something else than text.
var words = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}

// scalar is a text, in quotes unless it certainly needs none.
func scalar(text string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	if !plainText.MatchString(text) || printable.NeedsQuotes(text) || strings.HasSuffix(text, " ") || slices.Contains(words, strings.ToLower(text)) {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}
