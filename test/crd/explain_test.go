package crd

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/internal/model/kinds"
)

// TestExplain says that kubectl explain tells of each field what it takes: each word of an enum, the bounds of a whole number, how many entries a
// list may have, and the unit of a figure.
func TestExplain(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../config/crd/bases/*.yaml")
	if err != nil || len(files) != len(kinds.All()) {
		t.Fatalf("found the CRDs %v: %v", files, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict(raw, definition); err != nil {
			t.Fatal(err)
		}
		t.Run(definition.Spec.Names.Kind, func(t *testing.T) {
			t.Parallel()
			for part, schema := range definition.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties {
				if part == "spec" || part == "status" {
					for _, problem := range unexplained(part, schema) {
						t.Error(problem)
					}
				}
			}
		})
	}
}

// notOurs are fields whose description is Kubernetes' own.
var notOurs = []string{"spec.allowedNamespaces.selector", "status.conditions"}

// refused are words of a type's enum that a rule of the field refuses, so that its description does not offer them.
var refused = map[string][]string{
	"planning.every":       {"Month"},
	"planning.reviewEvery": {"Half", "Year"},
	"consequences[].step":  {"Good", "Watch"},
	"causes[].step":        {"Good"},
}

// unexplained returns what the descriptions of a field and of those below do not say.
func unexplained(path string, schema apiextensionsv1.JSONSchemaProps) (problems []string) {
	for _, one := range notOurs {
		if strings.HasPrefix(path, one) {
			return nil
		}
	}
	if schema.Description == "" {
		problems = append(problems, path+" has no description")
	}
	for _, word := range missing(path, schema) {
		problems = append(problems, fmt.Sprintf("%s does not say %s: %s", path, word, schema.Description))
	}
	for name, property := range schema.Properties {
		problems = append(problems, unexplained(path+"."+name, property)...)
	}
	if schema.Items != nil && schema.Items.Schema.Type == "object" {
		problems = append(problems, unexplained(path+"[]", *schema.Items.Schema)...)
	}
	if values := schema.AdditionalProperties; values != nil && values.Schema.Type == "integer" && !unit.MatchString(schema.Description) {
		problems = append(problems, path+" does not say the unit of its values: "+schema.Description)
	}
	return problems
}

// missing returns what a description does not say of what the field takes. Of a status, which nobody writes, bounds need not be told.
func missing(path string, schema apiextensionsv1.JSONSchemaProps) (absent []string) {
	enum := schema.Enum
	if schema.Items != nil {
		enum = append(enum, schema.Items.Schema.Enum...)
	}
	var words []string
	for _, value := range enum {
		word := strings.Trim(string(value.Raw), `"`)
		if !offeredNot(path, word) {
			words = append(words, word)
		}
	}
	written := strings.HasPrefix(path, "spec")
	if written && schema.Type == "integer" && schema.Maximum != nil && schema.Minimum != nil {
		words = append(words, fmt.Sprintf("%.0f", *schema.Minimum), fmt.Sprintf("%.0f", *schema.Maximum))
	}
	if written && schema.MaxItems != nil {
		words = append(words, strconv.FormatInt(*schema.MaxItems, 10))
	}
	if isMoney(schema) {
		words = append(words, "currency")
	}
	for _, word := range words {
		if !strings.Contains(schema.Description, word) {
			absent = append(absent, word)
		}
	}
	if (schema.Type == "integer" || isDecimal(schema)) && !unit.MatchString(schema.Description) {
		absent = append(absent, "its unit")
	}
	return absent
}

// offeredNot reports whether a rule of a field refuses a word of its enum.
func offeredNot(path, word string) bool {
	for end, words := range refused {
		if strings.HasSuffix(path, end) && slices.Contains(words, word) {
			return true
		}
	}
	return false
}

// unit finds what tells the unit of a figure.
var unit = regexp.MustCompile(`(?i)\b(days?|months?|seconds|years?|percent|percentage|minor units?|people|number|counts?|how many|weights?|rank|` +
	`generation|units?|currency|currency's|per)\b`)

// isDecimal reports whether a field is a number written as text.
func isDecimal(schema apiextensionsv1.JSONSchemaProps) bool {
	return slices.ContainsFunc(schema.XValidations, func(rule apiextensionsv1.ValidationRule) bool {
		return strings.HasPrefix(rule.Message, "must be a plain decimal number")
	})
}

// isMoney reports whether a field is a decimal that must not be negative or zero: an amount of money, but for a few that say their unit.
func isMoney(schema apiextensionsv1.JSONSchemaProps) bool {
	positive := slices.ContainsFunc(schema.XValidations, func(rule apiextensionsv1.ValidationRule) bool {
		return rule.Message == "must not be negative" || rule.Message == "must be above zero"
	})
	return isDecimal(schema) && positive && !unit.MatchString(schema.Description)
}

func TestWhatIsNotExplainedIsFound(t *testing.T) {
	t.Parallel()
	one, nine, five := 1.0, 9.0, int64(5)
	word := func(s string) apiextensionsv1.JSON { return apiextensionsv1.JSON{Raw: []byte(`"` + s + `"`)} }
	decimal := apiextensionsv1.ValidationRules{{Message: "must be a plain decimal number, such as 1"}}
	for name, tc := range map[string]struct {
		schema apiextensionsv1.JSONSchemaProps
		want   []string
	}{
		"nothing said": {want: []string{"spec.x has no description"}},
		"a word": {
			schema: apiextensionsv1.JSONSchemaProps{Description: "A.", Enum: []apiextensionsv1.JSON{word("A"), word("B")}},
			want:   []string{"spec.x does not say B: A."},
		},
		"a bound": {
			schema: apiextensionsv1.JSONSchemaProps{Type: "integer", Description: "days, from 1.", Minimum: &one, Maximum: &nine},
			want:   []string{"spec.x does not say 9: days, from 1."},
		},
		"a unit": {
			schema: apiextensionsv1.JSONSchemaProps{Type: "integer", Description: "how long."},
			want:   []string{"spec.x does not say its unit: how long."},
		},
		"a unit of a text": {
			schema: apiextensionsv1.JSONSchemaProps{Type: "string", Description: "the total.", XValidations: decimal},
			want:   []string{"spec.x does not say its unit: the total."},
		},
		"a size": {
			schema: apiextensionsv1.JSONSchemaProps{Description: "all.", MaxItems: &five},
			want:   []string{"spec.x does not say 5: all."},
		},
		"a field below": {
			schema: apiextensionsv1.JSONSchemaProps{Description: "all.", Properties: map[string]apiextensionsv1.JSONSchemaProps{"y": {}}},
			want:   []string{"spec.x.y has no description"},
		},
		"all is said": {schema: apiextensionsv1.JSONSchemaProps{Type: "integer", Description: "days, from 1 to 9.", Minimum: &one, Maximum: &nine}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, unexplained("spec.x", tc.schema)); diff != "" {
				t.Errorf("unexplained() (-want +got):\n%s", diff)
			}
		})
	}
}
