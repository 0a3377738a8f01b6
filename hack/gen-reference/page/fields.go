package page

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// format is a type of texts that many fields share: it is known by a rule's message, or by the schema's own format.
type format struct{ name, message, schema, takes string }

var formats = []format{
	{
		name: "name", message: "must consist of lower-case letters, digits and hyphens",
		takes: "lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
	},
	{name: "text", message: "must be visible text", takes: "visible text"},
	{name: "decimal", message: "must be a plain decimal number", takes: "a plain decimal number such as `\"1250\"` or `\"12.5\"`: no exponent, no separators"},
	{name: "percentage", message: "must be a percentage", takes: "a percentage such as `\"60\"` or `\"2.5\"`, without a percent sign"},
	{name: "day", schema: "date", takes: "a calendar day such as `\"2026-09-30\"`, in the time zone of the program"},
	{name: "instant", schema: "date-time", takes: "an instant with its offset, such as `\"2026-06-19T11:05:00+02:00\"`"},
}

// formatOf returns the format of a text; an empty one when it is none of those that many fields share.
func formatOf(schema apiextensionsv1.JSONSchemaProps) format {
	for _, f := range formats {
		if f.schema != "" && f.schema == schema.Format {
			return f
		}
		if f.message != "" && slices.ContainsFunc(schema.XValidations, func(r apiextensionsv1.ValidationRule) bool {
			return strings.HasPrefix(r.Message, f.message)
		}) {
			return f
		}
	}
	return format{}
}

// table is the table of the fields of a kind's spec or status.
type table struct {
	kind, part string
	known      map[string]string // where the fields of an object are listed already, by its schema
	rows       strings.Builder
}

// below writes the fields of an object: first those that must be there, then the others, each by name.
func (t *table) below(path string, schema apiextensionsv1.JSONSchemaProps) {
	names := slices.Sorted(maps.Keys(schema.Properties))
	slices.SortStableFunc(names, func(a, b string) int {
		return index(slices.Contains(schema.Required, a)) - index(slices.Contains(schema.Required, b))
	})
	for _, name := range names {
		t.field(path+name, schema.Properties[name], slices.Contains(schema.Required, name))
	}
}

func index(required bool) int {
	if required {
		return 0
	}
	return 1
}

// field writes a field's row and those of the fields in it, unless an object of the same schema was listed before.
func (t *table) field(path string, schema apiextensionsv1.JSONSchemaProps, required bool) {
	inner, suffix := schema, ""
	if schema.Items != nil {
		inner, suffix = *schema.Items.Schema, "[]"
	}
	means := flat(schema.Description)
	if rules := append(rulesOf(schema), rulesBelow(schema)...); len(rules) > 0 {
		means += " Rules: " + strings.Join(rules, "; ") + "."
	}
	first, as := "", ""
	if len(inner.Properties) > 3 {
		first = t.listed(path+suffix, inner)
	}
	if first != "" {
		as = " Fields as in " + first + "."
	}
	fmt.Fprintf(&t.rows, "| `%s` | %s | %s | %s |\n", path, typeOf(schema), strings.Join(takes(schema, required), "; "), cell(means)+as)
	if first == "" {
		t.below(path+suffix+".", inner)
	}
}

// listed returns where the fields of an object are listed already; "" when they are not, and then they are from now on.
func (t *table) listed(path string, schema apiextensionsv1.JSONSchemaProps) string {
	raw, err := json.Marshal(schema.Properties)
	if err != nil {
		return "" // a schema that was read can be written
	}
	place := fmt.Sprintf("[%s](#%s-%s) %#q", t.kind, strings.ToLower(t.kind), t.part, path)
	if first, found := t.known[string(raw)]; found {
		return first
	}
	t.known[string(raw)] = place
	return ""
}

func typeOf(schema apiextensionsv1.JSONSchemaProps) string {
	switch {
	case schema.Items != nil:
		return "list of " + typeOf(*schema.Items.Schema)
	case schema.AdditionalProperties != nil:
		return "map of " + typeOf(*schema.AdditionalProperties.Schema)
	case len(schema.Enum) > 0:
		return "word"
	case schema.Type != "string":
		return schema.Type
	}
	if name := formatOf(schema).name; name != "" {
		return name
	}
	return "string"
}

// takes returns what a field takes.
func takes(schema apiextensionsv1.JSONSchemaProps, required bool) (list []string) {
	if required {
		list = append(list, "**required**")
	}
	if schema.Default != nil && schema.Type != "object" {
		list = append(list, "default `"+string(schema.Default.Raw)+"`")
	}
	words := schema.Enum
	if schema.Items != nil {
		words = append(words, schema.Items.Schema.Enum...)
	}
	if len(words) > 0 {
		list = append(list, join(words))
	}
	if schema.Type == "integer" {
		list = append(list, bounds("", schema.Minimum, schema.Maximum)...)
	}
	if schema.Type == "string" && len(schema.Enum) == 0 && formatOf(schema).schema == "" && schema.MaxLength != nil {
		list = append(list, fmt.Sprintf("at most %d characters", *schema.MaxLength))
	}
	list = append(list, entries(schema)...)
	return list
}

// join lists the words of an enum.
func join(enum []apiextensionsv1.JSON) string {
	words := make([]string, len(enum))
	for i, word := range enum {
		words[i] = "`" + strings.Trim(string(word.Raw), `"`) + "`"
	}
	return strings.Join(words, ", ")
}

func bounds(what string, least, most *float64) []string {
	switch {
	case least != nil && most != nil:
		return []string{fmt.Sprintf("%.0f to %.0f%s", *least, *most, what)}
	case least != nil:
		return []string{fmt.Sprintf("at least %.0f%s", *least, what)}
	case most != nil:
		return []string{fmt.Sprintf("at most %.0f%s", *most, what)}
	default:
		return nil
	}
}

// entries says how many entries a list or map takes, and by what they differ.
func entries(schema apiextensionsv1.JSONSchemaProps) []string {
	least, most := schema.MinItems, schema.MaxItems
	if schema.AdditionalProperties != nil {
		least, most = schema.MinProperties, schema.MaxProperties
	}
	list := bounds(" entries", number(least), number(most))
	if len(schema.XListMapKeys) > 0 {
		list = append(list, "by `"+strings.Join(schema.XListMapKeys, "`, `")+"`")
	}
	if schema.XListType != nil && *schema.XListType == "set" {
		list = append(list, "each once")
	}
	return list
}

func number(n *int64) *float64 {
	if n == nil {
		return nil
	}
	f := float64(*n)
	return &f
}

// rulesOf returns what the API server says when a rule of a field is broken, but for the rule that makes its type.
func rulesOf(schema apiextensionsv1.JSONSchemaProps) (rules []string) {
	f := formatOf(schema)
	for _, r := range schema.XValidations {
		message := r.Message
		if message == "" {
			message = strings.TrimSpace(r.MessageExpression)
		}
		if f.message != "" && strings.HasPrefix(message, f.message) || f.schema != "" && strings.HasPrefix(message, "must be a day of the years") {
			continue
		}
		rules = append(rules, flat(message))
	}
	return rules
}

// rulesBelow returns the rules of the entries of a list or map.
func rulesBelow(schema apiextensionsv1.JSONSchemaProps) []string {
	switch {
	case schema.Items != nil:
		return rulesOf(*schema.Items.Schema)
	case schema.AdditionalProperties != nil:
		return rulesOf(*schema.AdditionalProperties.Schema)
	default:
		return nil
	}
}

// flat returns a text on one line.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// cell makes a text a cell of a table: nothing in it may end the cell or be taken for markup.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`).Replace(text)
}
