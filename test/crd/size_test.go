package crd

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// maxPartBytes is 250 KiB: client-side apply keeps a copy of the spec in an annotation and fails above 256 KiB, and with its status an object is
// well below what etcd stores.
const maxPartBytes = 250 << 10

// maxWrittenBytes is 750 KiB: what the controller alone writes nobody applies, and a part of it is half of what etcd stores. A report has its figures in
// one of its parts alone.
const maxWrittenBytes = 750 << 10

// written are kinds that the controller alone writes.
var written = map[string]bool{"ProgramReport": true}

// unbounded are the fields that Kubernetes' own types leave without bounds, and the bytes that they are taken for.
var unbounded = map[string]int{
	"PartnerProgram spec.allowedNamespaces.selector": 8 << 10, // its CEL rule allows 32 entries, and label keys and values are short
	"MDFBudget spec.allowedNamespaces.selector":      8 << 10, // the same
}

// data are the kinds that nobody applies: the controller writes them, and stops before they are too large for etcd. What bounds their maps is
// the number of entries, by the field.
var data = map[string]map[string]int64{
	"ProgramCatalog": nil, // it holds what the schema of the program let in
	"MDFLedger": {
		"reserved": v1alpha1.MaxReservations, "ends": v1alpha1.MaxReservations, "rewards": v1alpha1.MaxReservations, "notes": v1alpha1.MaxReservations,
		"settled": v1alpha1.MaxSettlements, "unpaid": v1alpha1.MaxSettlements, "payments": v1alpha1.MaxPaymentLines, "documents": v1alpha1.MaxPaymentLines,
		"shared": v1alpha1.MaxReservations, "invoices": v1alpha1.MaxSharedInvoices,
	},
}

// clipped are the lengths of texts that Kubernetes' own types allow to be longer than the controller writes them, by the end of the path.
var clipped = map[string]int64{
	"status.conditions[].message": 1024, // internal/verdict clips it
	"status.conditions[].reason":  63,   // the longest constant of the API is far shorter
	"status.conditions[].type":    63,
}

// narrower are the bytes of types whose rule bounds them more tightly than their maxLength, by the beginning of the rule's message.
var narrower = map[string]int64{
	"must be a plain decimal number such as 1250 or 12.5": 23,
	"must be a percentage from 0 to 1000":                 8,
}

// total is a bound of how many entries all lists at a path have together, and the CEL rule that says so.
type total struct {
	path string
	most int
	rule string
	// alone are the fields by which what has the list may have one such entry in place of it, which the rule counts as one.
	alone []string
}

// totals are the bounds of lists within lists, by kind.
var totals = map[string][]total{
	"PartnerProgram": {
		{path: "spec.ruleSets[].tiers", most: 16, rule: "self.ruleSets.map(r, has(r.tiers) ? r.tiers.size() : 0).sum() <= 16"},
		{path: "spec.ruleSets[].escalation", most: 32, rule: "self.ruleSets.map(r, has(r.escalation) ? r.escalation.size() : 0).sum() <= 32"},
		{path: "spec.ruleSets[].realism", most: 56, rule: "self.ruleSets.map(r, has(r.realism) ? r.realism.size() : 0).sum() <= 56"},
		{path: "spec.ruleSets[].points", most: 32, rule: "self.ruleSets.map(r, has(r.points) ? r.points.size() : 0).sum() <= 32"},
		{
			path: "spec.ruleSets[].tiers[].requirements[].anyOf", most: 12,
			rule:  "!has(self.requirements) || self.requirements.map(r, has(r.anyOf) ? r.anyOf.size() : 1).sum() <= 12",
			alone: []string{"metric", "competency", "window", "atLeast", "atMost", "growthOver", "forEach"},
		},
	},
	"Partner": {
		{
			path: "spec.competencies[].territories", most: 512,
			rule: "!has(self.competencies) || self.competencies.map(c, has(c.territories) ? c.territories.size() : 0).sum() <= 512",
		},
	},
}

// either says that an object has one of several groups of fields, by the message of the CEL rule that says so.
var either = map[string][][]string{
	"give exactly one of metric and competency":             {{"metric", "window", "growthOver"}, {"competency", "forEach"}},
	"give exactly one of amount and percent":                {{"amount"}, {"percent", "metric", "trailingMonths"}},
	"give exactly one of percent and steps":                 {{"percent"}, {"steps"}},
	"give exactly one of atLeast and atMost":                {{"atLeast"}, {"atMost"}},
	"give exactly one of trailingMonths and lastWhole":      {{"trailingMonths"}, {"lastWhole"}},
	"give either metric (with target) or deliverable":       {{"metric", "target", "baseline", "milestones"}, {"deliverable"}},
	"give either anyOf alone, or exactly one of metric and": {{"metric", "window", "growthOver", "atLeast"}, {"competency", "forEach", "atLeast"}, {"anyOf", "required"}},
}

// measure computes the greatest size that a kind's objects can have as JSON in ASCII.
type measure struct {
	t     *testing.T
	kind  string
	sizes map[string]int
}

// TestSizes says that no object that the schema allows is too large for client-side apply. Run it with -v to see the sizes.
func TestSizes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../config/crd/bases/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no CRDs found: %v", err)
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
			m := &measure{t: t, kind: definition.Spec.Names.Kind, sizes: map[string]int{}}
			properties := definition.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties
			if fields, isData := data[m.kind]; isData {
				checkData(t, properties, fields)
				return
			}
			most := maxPartBytes
			if written[m.kind] {
				most = maxWrittenBytes
			}
			for _, part := range []string{"spec", "status"} {
				schema, there := properties[part]
				if !there {
					continue // it has no status
				}
				size := m.of(part, schema)
				t.Logf("%s: %.1f KiB; largest: %s", part, kib(size), m.largest(part))
				if size > most {
					t.Errorf("%s can have %.1f KiB, more than %.0f", part, kib(size), kib(most))
				}
			}
		})
	}
}

// checkData checks that each map of a kind that is data holds a bounded number of entries, that the rest of it is small, and that it has no
// status.
func checkData(t *testing.T, properties map[string]apiextensionsv1.JSONSchemaProps, bounds map[string]int64) {
	t.Helper()
	if _, hasStatus := properties["status"]; hasStatus {
		t.Error("it has a status: it is not data")
	}
	for name, field := range properties["spec"].Properties {
		most, isMap := bounds[name]
		switch {
		case !isMap && field.Type != "integer" && (field.Type != "string" || field.MaxLength == nil):
			t.Errorf("spec.%s of type %s is not bounded: add it to data, or give it bounds", name, field.Type)
		case isMap && (field.MaxProperties == nil || *field.MaxProperties != most):
			t.Errorf("maxProperties of spec.%s is not %d", name, most)
		}
	}
	for name := range bounds {
		if _, there := properties["spec"].Properties[name]; !there {
			t.Errorf("there is no spec.%s", name)
		}
	}
}

func kib(bytes int) float64 { return float64(bytes) / 1024 }

// largest lists the largest fields of a part.
func (m *measure) largest(part string) string {
	var paths []string
	for _, path := range slices.Sorted(maps.Keys(m.sizes)) {
		if strings.HasPrefix(path, part+".") && !strings.HasSuffix(path, "[]") && m.sizes[path] > 4<<10 {
			paths = append(paths, fmt.Sprintf("%s %.1f", strings.TrimPrefix(path, part+"."), kib(m.sizes[path])))
		}
	}
	return strings.Join(paths, ", ")
}

// of returns the greatest size of a field.
func (m *measure) of(path string, schema apiextensionsv1.JSONSchemaProps) int {
	size, known := unbounded[m.kind+" "+path]
	if !known {
		size = m.ofType(path, schema)
	}
	m.sizes[path] = size
	return size
}

func (m *measure) ofType(path string, schema apiextensionsv1.JSONSchemaProps) int {
	switch {
	case len(schema.Enum) > 0:
		longest := 0
		for _, word := range schema.Enum {
			longest = max(longest, len(word.Raw))
		}
		return longest
	case schema.Type == "string" && schema.Format == "date-time":
		return len(`"2026-09-30T12:00:00Z"`)
	case schema.Type == "string":
		return int(m.length(path, schema)) + len(`""`)
	case schema.Type == "integer":
		return m.digits(schema)
	case schema.Type == "array":
		return len(`[]`) + m.entries(path, schema)*(m.of(path+"[]", *schema.Items.Schema)+len(`,`)) + m.rest(path)
	case schema.Type == "object" && schema.AdditionalProperties == nil:
		return m.ofObject(path, schema)
	default:
		m.t.Errorf("%s: the size of type %q is not known: add it to unbounded", path, schema.Type)
		return 0
	}
}

// length returns the greatest length of a text.
func (m *measure) length(path string, schema apiextensionsv1.JSONSchemaProps) int64 {
	if length, known := clipped[path]; known {
		return length
	}
	if schema.MaxLength == nil {
		m.t.Errorf("%s has no maxLength", path)
		return 0
	}
	for _, rule := range schema.XValidations {
		for message, length := range narrower {
			if strings.HasPrefix(rule.Message, message) {
				return length
			}
		}
	}
	return *schema.MaxLength
}

func (*measure) digits(schema apiextensionsv1.JSONSchemaProps) int {
	least, most := "-2147483648", "2147483647"
	if schema.Format == "int64" {
		least, most = "-9223372036854775808", "9223372036854775807"
	}
	if schema.Minimum != nil {
		least = fmt.Sprintf("%.0f", *schema.Minimum)
	}
	if schema.Maximum != nil {
		most = fmt.Sprintf("%.0f", *schema.Maximum)
	}
	return max(len(least), len(most))
}

// entries returns how many entries one list can have; none for a list whose entries are counted over all lists, see rest.
func (m *measure) entries(path string, schema apiextensionsv1.JSONSchemaProps) int {
	if slices.ContainsFunc(totals[m.kind], func(one total) bool { return one.path == path }) {
		return 0
	}
	if schema.MaxItems == nil {
		m.t.Errorf("%s has no maxItems", path)
		return 0
	}
	return int(*schema.MaxItems)
}

// rest returns the size of what the lists within a list hold together.
func (m *measure) rest(path string) int {
	size := 0
	for _, one := range totals[m.kind] {
		if strings.HasPrefix(one.path, path+"[].") && strings.Count(one.path, "[]") == strings.Count(path, "[]")+1 {
			size += one.most * (m.sizes[one.path+"[]"] + len(`,`))
		}
	}
	return size
}

func (m *measure) ofObject(path string, schema apiextensionsv1.JSONSchemaProps) int {
	m.checkTotals(path, schema)
	size := len(`{}`)
	fields := map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		fields[name] = len(`"":,`) + len(name) + m.of(path+"."+name, schema.Properties[name])
	}
	for _, one := range totals[m.kind] {
		if strings.HasPrefix(one.path, path+".") && !strings.Contains(strings.TrimPrefix(one.path, path+"."), ".") {
			for _, name := range one.alone {
				delete(fields, name)
			}
		}
	}
	for _, rule := range schema.XValidations {
		for message, groups := range either {
			if strings.HasPrefix(rule.Message, message) {
				size += oneOf(fields, groups)
			}
		}
	}
	for _, field := range fields {
		size += field
	}
	return size
}

// oneOf returns the size of the largest group, and takes the fields of all groups out.
func oneOf(fields map[string]int, groups [][]string) int {
	largest := 0
	for _, group := range groups {
		size := 0
		for _, name := range group {
			size += fields[name]
		}
		largest = max(largest, size)
	}
	for _, name := range slices.Concat(groups...) {
		delete(fields, name)
	}
	return largest
}

// checkTotals fails the test for a total without its rule.
func (m *measure) checkTotals(path string, schema apiextensionsv1.JSONSchemaProps) {
	for _, one := range totals[m.kind] {
		if strings.HasPrefix(one.path, path+".") && strings.Count(one.path, "[]") == strings.Count(path, "[]")+1 {
			if !slices.ContainsFunc(schema.XValidations, func(rule apiextensionsv1.ValidationRule) bool { return rule.Rule == one.rule }) {
				m.t.Errorf("%s has no rule %s", path, one.rule)
			}
		}
	}
}
