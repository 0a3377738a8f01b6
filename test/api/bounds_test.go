package api

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// bound is a value that a field does not take, and what is said of it.
type bound struct {
	name  string
	path  string
	value any // nil removes the field
	want  string
}

// TestBounds breaks every bound of every field of every spec: one entry or character more than allowed or less than required, numbers and words
// that are not allowed, other types, duplicates in sets and maps, fields that are missing or unknown, and the rules of the shared types.
func TestBounds(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	tested := 0
	for _, field := range place(t, j.bases) {
		for _, one := range boundsOf(field) {
			tested++
			t.Run(field.kind+" "+one.path+" "+one.name, func(t *testing.T) {
				t.Parallel()
				one.test(t, j, field)
			})
		}
	}
	if tested < 1000 {
		t.Errorf("only %d bounds were found", tested)
	}
}

func (b bound) test(t *testing.T, j *judges, field placed) {
	t.Helper()
	object := j.base(t, field.base, nil)
	set(t, object, b.path, b.value)
	found := j.judge(t, object)
	if !slices.Contains(found, b.want) {
		t.Errorf("errors:\n%s\nwant among them:\n%s", strings.Join(found, "\n"), b.want)
	}
	for _, one := range found {
		if at, _, _ := strings.Cut(one, ": "); one != rulesNotChecked && one != b.want && !b.near(at) {
			t.Errorf("an error about another field: %s", one)
		}
	}
}

// compared are fields with which another one must agree: what is wrong with the one makes the other wrong too.
var compared = map[string]string{"spec.cost.currency": "spec.amount.currency", "spec.costs[0].invoiceNet": "spec.costs[0].net"}

// near reports whether an error's field may be in error too: it is part of the value, or holds it and has a rule that reads it.
func (b bound) near(at string) bool {
	return strings.HasPrefix(at, b.path) || strings.HasPrefix(b.path, at) || compared[b.path] == at
}

func boundsOf(field placed) []bound {
	switch field.schema.Type {
	case "string":
		return stringBounds(field)
	case "integer":
		return integerBounds(field)
	case "array":
		return listBounds(field)
	case "object":
		return objectBounds(field)
	default:
		return nil
	}
}

func stringBounds(field placed) []bound {
	at := field.at
	bounds := []bound{
		wrongTypeBound(at, "a whole number", int64(5), "integer", "string"),
		wrongTypeBound(at, "a number", 5.5, "number", "string"),
		wrongTypeBound(at, "a truth value", true, "boolean", "string"),
	}
	if format := field.schema.Format; format != "" {
		bounds = []bound{
			wrongTypeBound(at, "a whole number", int64(5), "int64", format),
			wrongTypeBound(at, "a number", 5.5, "float64", format),
			wrongTypeBound(at, "a truth value", true, "", format),
		}
	}
	if len(field.schema.Enum) > 0 {
		var allowed []string
		for _, one := range field.schema.Enum {
			allowed = append(allowed, string(one.Raw))
		}
		bounds = append(bounds, bound{
			"another word", at, "Nonsense",
			at + `: Unsupported value: "Nonsense": supported values: ` + strings.Join(allowed, ", "),
		})
	}
	if limit := field.schema.MaxLength; limit != nil {
		long := strings.Repeat("a", int(*limit)+1)
		bounds = append(bounds, bound{"too long", at, long, fmt.Sprintf("%s: Too long: may not be more than %d bytes", at, *limit)})
	}
	if limit := field.schema.MinLength; limit != nil && *limit > 0 {
		short := strings.Repeat("a", int(*limit)-1)
		bounds = append(bounds, bound{
			"too short", at, short,
			fmt.Sprintf("%[1]s: Invalid value: %[2]q: %[1]s in body should be at least %[3]d chars long", at, short, *limit),
		})
	}
	if field.schema.Format != "" {
		for _, day := range []string{"2026-02-30", "2026-2-3", "30.09.2026", "２０２６-０９-３０"} {
			bounds = append(bounds, bound{
				"as the day " + day, at, day,
				fmt.Sprintf("%[1]s: Invalid value: %[2]q: %[1]s in body must be of type %[3]s: %[2]q", at, day, field.schema.Format),
			})
		}
	}
	for _, rule := range field.schema.XValidations {
		if wrong := sharedRules[rule.Message]; wrong != "" {
			bounds = append(bounds, bound{"against the rule of its type", at, wrong, fmt.Sprintf("%s: Invalid value: %q: %s", at, wrong, rule.Message)})
		}
	}
	return bounds
}

func wrongTypeBound(at, name string, value any, found, want string) bound {
	return bound{"as " + name, at, value, fmt.Sprintf("%[1]s: Invalid value: %[2]q: %[1]s in body must be of type %[3]s: %[2]q", at, found, want)}
}

func integerBounds(field placed) []bound {
	at := field.at
	bounds := []bound{
		wrongTypeBound(at, "text", "5", "string", "integer"),
		wrongTypeBound(at, "a fraction", 5.5, "float64", field.schema.Format),
	}
	if limit := field.schema.Minimum; limit != nil {
		least := int64(math.Round(*limit))
		bounds = append(bounds, bound{
			"too small", at, least - 1,
			fmt.Sprintf("%[1]s: Invalid value: %[2]d: %[1]s in body should be greater than or equal to %[3]d", at, least-1, least),
		})
	}
	if limit := field.schema.Maximum; limit != nil {
		most := int64(math.Round(*limit))
		bounds = append(bounds, bound{
			"too large", at, most + 1,
			fmt.Sprintf("%[1]s: Invalid value: %[2]d: %[1]s in body should be less than or equal to %[3]d", at, most+1, most),
		})
	}
	return bounds
}

func listBounds(field placed) []bound {
	at, schema := field.at, field.schema
	list, _ := field.value.([]any)
	bounds := []bound{wrongTypeBound(at, "text", "a", "string", "array")}
	if schema.MaxItems != nil {
		count := int(*schema.MaxItems) + 1
		bounds = append(bounds, bound{
			"one entry too many", at, entries(field, count),
			fmt.Sprintf("%s: Too many: %d: must have at most %d items", at, count, count-1),
		})
	}
	if schema.MinItems != nil && *schema.MinItems > 0 {
		few := slices.Clone(list[:*schema.MinItems-1])
		bounds = append(bounds, bound{
			"too few entries", at, few,
			fmt.Sprintf("%[1]s: Invalid value: %[2]d: %[1]s in body should have at least %[3]d items", at, len(few), *schema.MinItems),
		})
	}
	switch {
	case schema.XListType == nil:
	case *schema.XListType == "set":
		bounds = append(bounds, bound{"an entry twice", at, []any{list[0], list[0]}, fmt.Sprintf("%s[1]: Duplicate value: %q", at, list[0])})
	case *schema.XListType == "map":
		entry, _ := list[0].(map[string]any)
		var keys []string
		for _, key := range slices.Sorted(slices.Values(schema.XListMapKeys)) {
			if text, isText := entry[key].(string); isText {
				keys = append(keys, fmt.Sprintf("%q:%q", key, text))
			} else {
				keys = append(keys, fmt.Sprintf("%q:%v", key, entry[key]))
			}
		}
		bounds = append(bounds, bound{"an entry twice", at, []any{entry, entry}, fmt.Sprintf("%s[1]: Duplicate value: {%s}", at, strings.Join(keys, ","))})
	default:
	}
	return bounds
}

// entries is a list of a number of valid entries, each with a key of its own unless only some words are allowed.
func entries(field placed, count int) []any {
	list, _ := field.value.([]any)
	many := make([]any, count)
	for i := range many {
		switch entry := list[0].(type) {
		case map[string]any:
			copied := map[string]any{}
			maps.Copy(copied, entry)
			for _, key := range field.schema.XListMapKeys {
				property := field.schema.Items.Schema.Properties[key]
				if isCurrency(property) {
					continue // other currencies have other codes, and another key tells the entries apart
				}
				copied[key] = numbered(property, entry[key], i)
			}
			many[i] = copied
		default:
			many[i] = numbered(*field.schema.Items.Schema, entry, i)
		}
	}
	return many
}

// isCurrency reports whether a field is the code of a currency.
func isCurrency(property apiextensionsv1.JSONSchemaProps) bool {
	return slices.ContainsFunc(property.XValidations, func(rule apiextensionsv1.ValidationRule) bool { return rule.Message == notCurrency })
}

// numbered is a value like another one, of its own for each number, and no longer than its schema allows.
func numbered(schema apiextensionsv1.JSONSchemaProps, like any, number int) any {
	switch like := like.(type) {
	case string:
		switch {
		case len(schema.Enum) > 0:
			return like
		case schema.Format == "date":
			return time.Date(2026, 7, 1+number, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		default:
			end := strconv.Itoa(number)
			if limit := schema.MaxLength; limit != nil && len(like)+len(end) > int(*limit) {
				like = like[:int(*limit)-len(end)] // a digest is as long as it may be
			}
			return like + end
		}
	default:
		if year, ok := yearOf(like); ok {
			return year + int64(number)
		}
		return int64(number + 1)
	}
}

// yearOf returns a year; ok is false for a number that is none.
func yearOf(value any) (year int64, ok bool) {
	switch value := value.(type) {
	case int64:
		year = value
	case float64:
		year = int64(value)
	}
	return year, year > 1970
}

func objectBounds(field placed) []bound {
	bounds := []bound{wrongTypeBound(field.at, "text", "a", "string", "object")}
	if field.schema.AdditionalProperties != nil {
		bounds = append(bounds, mapBounds(field)...)
	} else if field.schema.XPreserveUnknownFields == nil {
		path := field.at + ".nonsense"
		bounds = append(bounds, bound{"which is unknown", path, "a", fmt.Sprintf("strict decoding error: unknown field %q", path)})
	}
	for _, name := range field.schema.Required {
		path := field.at + "." + name
		bounds = append(bounds, bound{"missing", path, nil, path + ": Required value"})
	}
	return bounds
}

// mapBounds are the bounds of a map from keys to values of one type.
func mapBounds(field placed) []bound {
	at, values := field.at, field.schema.AdditionalProperties.Schema
	bounds := []bound{wrongTypeBound(at+".a", "a list", []any{}, "array", values.Type)}
	if limit := field.schema.MaxProperties; limit != nil {
		many := map[string]any{}
		for _, value := range field.value.(map[string]any) {
			for i := range *limit + 1 {
				many[fmt.Sprintf("key-%d", i)] = value
			}
		}
		bounds = append(bounds, bound{
			"one entry too many", at, many,
			fmt.Sprintf("%s: Too many: %d: must have at most %d items", at, *limit+1, *limit),
		})
	}
	return bounds
}
