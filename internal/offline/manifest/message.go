package manifest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"jointplan.dev/jointplan/internal/verdict"
)

// Messages that stand for themselves.
const (
	unknownField    = "unknown field"
	duplicateField  = "duplicate field: it appears twice in one mapping"
	rulesNotChecked = "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"
)

// maxHintBytes is the length of a name above which no near one is looked for.
const maxHintBytes = 63

// saidAgain begins the detail of an error that the validator adds for a fraction where a whole number belongs, without its field, though it has
// just said so with it.
const saidAgain = "Checked value must be of type "

// asProblems words the errors of the API server's libraries.
func asProblems(errs field.ErrorList) []problem {
	var problems []problem
	for _, err := range errs {
		if !strings.HasPrefix(err.Detail, saidAgain) {
			problems = append(problems, asProblem(err))
		}
	}
	return problems
}

// wrongType is the detail of an error about a value of another type or format.
var wrongType = regexp.MustCompile(`(?s)^must be of type ([a-z0-9-]+): "(.*)"$`)

// notEvaluated stands between why a rule could not be evaluated for a value and what the rule says.
const notEvaluated = " evaluating rule: "

// asProblem keeps the API server's words, leaves out what only repeats the field's path and value, and says what to do about
// the common mistakes of people who write YAML.
func asProblem(err *field.Error) problem {
	plain := *err
	path := strings.TrimPrefix(plain.Field, "<nil>")
	plain.Detail = strings.TrimPrefix(plain.Detail, plain.Field+" in body ")
	if match := wrongType.FindStringSubmatch(plain.Detail); match != nil {
		return problem{field: path, message: typeMessage(&plain, match[1], match[2])}
	}
	if _, rule, found := strings.Cut(plain.Detail, notEvaluated); found {
		return problem{field: path, message: rule}
	}
	switch plain.BadValue.(type) {
	case string, bool, int, int32, int64, float64:
		return problem{field: path, message: plain.ErrorBody()}
	}
	if plain.Type == field.ErrorTypeInvalid { // a rule about several fields: the value would be the whole object
		return problem{field: path, message: plain.Detail}
	}
	return problem{field: path, message: plain.ErrorBody()}
}

// typeMessage words an error about a value of another type or format.
func typeMessage(err *field.Error, want, found string) string {
	isText := !slices.Contains([]string{"int64", "float64"}, found) // of a field with a format the validator gives the Go type of a number
	switch {
	case want == "date" && !isText:
		return "must be a day such as 2026-09-30, in quotes"
	case want == "date-time" && !isText:
		return "must be an instant such as 2026-09-30T12:00:00Z, in quotes"
	case slices.Contains([]string{"int32", "int64"}, want):
		return "must be a whole number"
	case want == "date":
		err.Detail = "must be a day such as 2026-09-30"
		return err.ErrorBody()
	case want == "date-time":
		err.Detail = "must be an instant such as 2026-09-30T12:00:00Z"
		return err.ErrorBody()
	case want == "string" && slices.Contains([]string{"integer", "number", "boolean"}, found):
		return fmt.Sprintf("must be of type string, not %s: write it in quotes", found)
	default:
		return fmt.Sprintf("must be of type %s, not %s", want, found)
	}
}

// hint says that a field is unknown, and which known one is near.
func (c *compiled) hint(path string) string {
	steps := splitPath(path)
	if len(steps) == 0 || len(steps[len(steps)-1]) > maxHintBytes {
		return unknownField
	}
	last := steps[len(steps)-1]
	if near := verdict.Nearest(last, c.fieldsAt(steps[:len(steps)-1])); near != "" {
		return fmt.Sprintf("%s, did you mean %s?", unknownField, near)
	}
	return unknownField
}

// fieldsAt lists the names of the fields that the schema has at a path.
func (c *compiled) fieldsAt(steps []string) []string {
	at := c.structural
	for _, step := range steps {
		if at = schemaStep(at, step); at == nil {
			return nil
		}
	}
	return slices.Sorted(maps.Keys(at.Properties))
}

func schemaStep(at *schema.Structural, step string) *schema.Structural {
	if at.Items != nil {
		return at.Items
	}
	if next, ok := at.Properties[step]; ok {
		return &next
	}
	return nil
}

// bareWord explains an unknown field "true" or "false" that was written as on, off, yes, no, y or n without quotes.
func bareWord(origin Origin, one problem) string {
	steps := splitPath(one.field)
	if one.message != unknownField || len(steps) == 0 {
		return one.message
	}
	at, last := origin.node, steps[len(steps)-1]
	for _, step := range steps[:len(steps)-1] {
		_, at = child(at, step)
	}
	key, _ := child(at, last)
	if key == nil || resolve(key).Value == last {
		return one.message
	}
	word := resolve(key).Value
	return fmt.Sprintf("%s: YAML reads the bare word %s as %s; if it is a name, write it in quotes: %q", unknownField, word, last, word)
}

// malformedMetadata says where metadata has a wrong shape.
func malformedMetadata(object *unstructured.Unstructured, err error) *problem {
	metadata, isMap := object.Object["metadata"].(map[string]any)
	if !isMap {
		return &problem{field: "metadata", message: "must be a mapping with a name"}
	}
	for _, field := range textFields(metadata) {
		if _, isText := field.value.(string); !isText && field.value != nil {
			return &problem{field: field.path, message: "must be of type string: write it in quotes"}
		}
	}
	return &problem{field: "metadata", message: strings.TrimPrefix(err.Error(), "json: ")}
}

// textField is a field of metadata that must be text.
type textField struct {
	path  string
	value any
}

func textFields(metadata map[string]any) []textField {
	fields := []textField{{"metadata.name", metadata["name"]}, {"metadata.namespace", metadata["namespace"]}}
	for _, name := range []string{"labels", "annotations"} {
		values, _ := metadata[name].(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(values)) {
			fields = append(fields, textField{fmt.Sprintf("metadata.%s[%s]", name, key), values[key]})
		}
	}
	return fields
}
