package crd

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// TestColumnsTellTheirCurrency says that in kubectl get no amount of money stands without its currency, and that each heading stands once.
func TestColumnsTellTheirCurrency(t *testing.T) {
	t.Parallel()
	amounts := 0
	for _, definition := range definitions(t) {
		kind, version := definition.Spec.Names.Kind, definition.Spec.Versions[0]
		for _, c := range version.AdditionalPrinterColumns {
			if money(*version.Schema.OpenAPIV3Schema, c.JSONPath) {
				amounts++
			}
		}
		for _, problem := range wrongColumns(kind, *version.Schema.OpenAPIV3Schema, version.AdditionalPrinterColumns) {
			t.Error(problem)
		}
	}
	if amounts < 12 {
		t.Errorf("found %d columns that show money: there are more", amounts)
	}
}

// currencies are the fields that hold the currency of an amount that does not hold it itself, by the kind.
var currencies = map[string]string{
	"Campaign":  ".status.currency",
	"JointPlan": ".status.pipeline.currency",
	"Partner":   ".status.pipeline.currency",
	"MDFBudget": ".spec.amount.currency", // a budget has one currency
	"MDFLedger": ".spec.currency",
}

// wrongColumns says which headings stand twice, and which amounts of money have no currency beside them: in the column next to them, or next to
// the amounts beside them.
func wrongColumns(kind string, schema apiextensionsv1.JSONSchemaProps, columns []apiextensionsv1.CustomResourceColumnDefinition) (problems []string) {
	for i, c := range columns {
		if slices.ContainsFunc(columns[:i], func(before apiextensionsv1.CustomResourceColumnDefinition) bool { return before.Name == c.Name }) {
			problems = append(problems, fmt.Sprintf("%s has two columns %s", kind, c.Name))
		}
		if !money(schema, c.JSONPath) {
			continue
		}
		currency, known := currencies[kind]
		if !known {
			currency = strings.TrimSuffix(c.JSONPath, ".amount") + ".currency"
		}
		first, last := i, i
		for first > 0 && money(schema, columns[first-1].JSONPath) {
			first--
		}
		for last < len(columns)-1 && money(schema, columns[last+1].JSONPath) {
			last++
		}
		beside := columns[max(first-1, 0):min(last+2, len(columns))]
		if !slices.ContainsFunc(beside, func(of apiextensionsv1.CustomResourceColumnDefinition) bool {
			return of.JSONPath == currency && of.Priority <= c.Priority
		}) {
			problems = append(problems, fmt.Sprintf("column %s of %s shows money and has no column %s next to it", c.Name, kind, currency))
		}
		if _, found := field(schema, currency); !found {
			problems = append(problems, fmt.Sprintf("%s has no field %s", kind, currency))
		}
	}
	return problems
}

// inCurrency finds what tells that a figure is an amount of money.
var inCurrency = regexp.MustCompile(`(?i)\b(currency|currency's|minor units)\b`)

// money reports whether a column shows an amount of money: a figure beside its currency, or one whose description tells that it is in one.
func money(schema apiextensionsv1.JSONSchemaProps, path string) bool {
	shown, found := field(schema, path)
	if !found || shown.Type != "integer" && !isDecimal(shown) {
		return false
	}
	parent, _ := field(schema, path[:strings.LastIndex(path, ".")])
	_, beside := parent.Properties["currency"]
	return beside && strings.HasSuffix(path, ".amount") || inCurrency.MatchString(shown.Description)
}

// field returns the field at a simple path, such as .spec.amount.
func field(schema apiextensionsv1.JSONSchemaProps, path string) (apiextensionsv1.JSONSchemaProps, bool) {
	for name := range strings.SplitSeq(strings.TrimPrefix(path, "."), ".") {
		below, found := schema.Properties[name]
		if !found {
			return apiextensionsv1.JSONSchemaProps{}, false
		}
		schema = below
	}
	return schema, true
}

func TestColumnsWithoutCurrencyAreFound(t *testing.T) {
	t.Parallel()
	type schema = apiextensionsv1.JSONSchemaProps
	decimal := schema{Type: "string", XValidations: apiextensionsv1.ValidationRules{{Message: "must be a plain decimal number such as 1250 or 12.5"}}}
	amount := schema{Properties: map[string]schema{"amount": decimal, "currency": {Type: "string"}}}
	number, cost := decimal, decimal
	number.Description, cost.Description = "the number of leads.", "in units of the program's currency."
	object := schema{Properties: map[string]schema{
		"spec":   {Properties: map[string]schema{"amount": amount, "name": {Type: "string"}}},
		"status": {Properties: map[string]schema{"granted": amount, "leads": number, "cost": cost, "currency": {Type: "string"}}},
	}}
	column := func(name, path string) apiextensionsv1.CustomResourceColumnDefinition {
		return apiextensionsv1.CustomResourceColumnDefinition{Name: name, JSONPath: path}
	}
	wide := column("In", ".status.granted.currency")
	wide.Priority = 1
	for name, tc := range map[string]struct {
		kind    string
		columns []apiextensionsv1.CustomResourceColumnDefinition
		want    []string
	}{
		"none": {
			columns: []apiextensionsv1.CustomResourceColumnDefinition{column("Granted", ".status.granted.amount"), column("Leads", ".status.leads")},
			want:    []string{"column Granted of Thing shows money and has no column .status.granted.currency next to it"},
		},
		"another amount's": {
			columns: []apiextensionsv1.CustomResourceColumnDefinition{
				column("Asked", ".spec.amount.amount"), column("In", ".spec.amount.currency"), column("Granted", ".status.granted.amount"),
			},
			want: []string{"column Granted of Thing shows money and has no column .status.granted.currency next to it"},
		},
		"one far away": {
			columns: []apiextensionsv1.CustomResourceColumnDefinition{
				column("Granted", ".status.granted.amount"), column("Name", ".spec.name"), column("In", ".status.granted.currency"),
			},
			want: []string{"column Granted of Thing shows money and has no column .status.granted.currency next to it"},
		},
		"one that only -o wide shows": {
			columns: []apiextensionsv1.CustomResourceColumnDefinition{column("Granted", ".status.granted.amount"), wide},
			want:    []string{"column Granted of Thing shows money and has no column .status.granted.currency next to it"},
		},
		"a figure that tells its currency in words": {
			kind:    "Campaign",
			columns: []apiextensionsv1.CustomResourceColumnDefinition{column("Cost", ".status.cost")},
			want:    []string{"column Cost of Campaign shows money and has no column .status.currency next to it"},
		},
		"no such field": {
			kind: "MDFLedger", columns: []apiextensionsv1.CustomResourceColumnDefinition{column("Cost", ".status.cost"), column("In", ".spec.currency")},
			want: []string{"MDFLedger has no field .spec.currency"},
		},
		"two of a name": {
			columns: []apiextensionsv1.CustomResourceColumnDefinition{column("Name", ".spec.name"), column("Name", ".status.leads")},
			want:    []string{"Thing has two columns Name"},
		},
		"each has its own": {
			columns: []apiextensionsv1.CustomResourceColumnDefinition{
				column("Asked", ".spec.amount.amount"), column("In", ".spec.amount.currency"),
				column("Granted", ".status.granted.amount"), column("Granted-In", ".status.granted.currency"),
			},
		},
		"one for several": {
			kind: "MDFBudget",
			columns: []apiextensionsv1.CustomResourceColumnDefinition{
				column("In", ".spec.amount.currency"), column("Amount", ".spec.amount.amount"), column("Granted", ".status.granted.amount"),
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kind := tc.kind
			if kind == "" {
				kind = "Thing"
			}
			if diff := cmp.Diff(tc.want, wrongColumns(kind, object, tc.columns)); diff != "" {
				t.Errorf("wrongColumns() (-want +got):\n%s", diff)
			}
		})
	}
}
