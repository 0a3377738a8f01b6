package crd

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"
)

// TestExplain says that kubectl explain tells of each field that people write in the kinds of money what it takes: each word of an enum, both
// bounds of a whole number, and the currency of an amount.
func TestExplain(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../config/crd/bases/*_mdf*.yaml")
	if err != nil || len(files) != 4 {
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
					explained(t, part, schema)
				}
			}
		})
	}
}

// notOurs are fields whose description is Kubernetes' own.
var notOurs = []string{"spec.allowedNamespaces.selector", "status.conditions"}

func explained(t *testing.T, path string, schema apiextensionsv1.JSONSchemaProps) {
	t.Helper()
	for _, one := range notOurs {
		if strings.HasPrefix(path, one) {
			return
		}
	}
	if schema.Description == "" {
		t.Errorf("%s has no description", path)
	}
	for _, word := range missing(schema) {
		t.Errorf("%s does not say %s: %s", path, word, schema.Description)
	}
	for name, property := range schema.Properties {
		explained(t, path+"."+name, property)
	}
	if schema.Items != nil && schema.Items.Schema.Type == "object" {
		explained(t, path+"[]", *schema.Items.Schema)
	}
}

// missing returns what a description does not say of what the field takes.
func missing(schema apiextensionsv1.JSONSchemaProps) []string {
	var words, absent []string
	for _, value := range schema.Enum {
		words = append(words, strings.Trim(string(value.Raw), `"`))
	}
	if schema.Type == "integer" && schema.Maximum != nil && schema.Minimum != nil {
		words = append(words, fmt.Sprintf("%.0f", *schema.Minimum), fmt.Sprintf("%.0f", *schema.Maximum))
	}
	if schema.MaxItems != nil {
		words = append(words, strconv.FormatInt(*schema.MaxItems, 10))
	}
	if isAmount(schema) {
		words = append(words, "currency")
	}
	for _, word := range words {
		if !strings.Contains(schema.Description, word) {
			absent = append(absent, word)
		}
	}
	return absent
}

// isAmount reports whether a field is a decimal that must not be negative or zero: an amount of money, but for a few that say their unit.
func isAmount(schema apiextensionsv1.JSONSchemaProps) bool {
	decimal, positive := false, false
	for _, rule := range schema.XValidations {
		decimal = decimal || strings.HasPrefix(rule.Message, "must be a plain decimal number")
		positive = positive || rule.Message == "must not be negative" || rule.Message == "must be above zero"
	}
	return decimal && positive && !strings.Contains(schema.Description, "unit")
}
