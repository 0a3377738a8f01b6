package crd

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/internal/model/kinds"
)

// TestNamesSayDayOrInstant says that the name of a field tells whether it is a day or an instant, and that no name is the one in one kind and the
// other elsewhere. docs/decisions/0018-days-and-instants.md gives the reasons.
func TestNamesSayDayOrInstant(t *testing.T) {
	t.Parallel()
	all := times{}
	for _, definition := range definitions(t) {
		all.read(definition.Spec.Names.Kind, *definition.Spec.Versions[0].Schema.OpenAPIV3Schema)
	}
	if days, instants := len(all["date"]), len(all["date-time"]); days == 0 || instants == 0 {
		t.Fatalf("found names of %d days and %d instants", days, instants)
	}
	for _, problem := range all.misnamed() {
		t.Error(problem)
	}
}

// dayName is what a day is called: something happens on it, or it bounds a span.
var dayName = regexp.MustCompile(`(On|[fF]rom|[tT]hrough|By|[sS]ince|[dD]ue)$`)

// otherDays are days that nothing happens on and that bound nothing.
var otherDays = []string{
	"day",      // the only day that its object has: docs/decisions/0006-a-field-named-day.md
	"asOf",     // the newest day that a figure takes in
	"latest",   // the newest day of a list
	"cohort",   // the day by which leads are told apart
	"holidays", // each is a day that is not worked
	"by",       // the last day on which a next step helps
}

// times are the paths of fields that hold a day or an instant, by the format and by the field's name.
type times map[string]map[string][]string

// read adds the days and instants of a schema.
func (all times) read(path string, schema apiextensionsv1.JSONSchemaProps) {
	if schema.Format == "date" || schema.Format == "date-time" {
		if all[schema.Format] == nil {
			all[schema.Format] = map[string][]string{}
		}
		name := strings.TrimSuffix(path[strings.LastIndex(path, ".")+1:], "[]")
		all[schema.Format][name] = append(all[schema.Format][name], path)
	}
	for name, property := range schema.Properties {
		all.read(path+"."+name, property)
	}
	if schema.Items != nil {
		all.read(path+"[]", *schema.Items.Schema)
	}
	if schema.AdditionalProperties != nil {
		all.read(path+"[]", *schema.AdditionalProperties.Schema)
	}
}

// misnamed says, by name, which fields are called what they are not.
func (all times) misnamed() (problems []string) {
	for name, paths := range all["date-time"] {
		if !strings.HasSuffix(name, "Time") {
			problems = append(problems, fmt.Sprintf("%s is an instant: its name must end in Time", strings.Join(paths, ", ")))
		}
		if days := all["date"][name]; len(days) > 0 {
			problems = append(problems, fmt.Sprintf("%s is an instant in %s and a day in %s", name, strings.Join(paths, ", "), strings.Join(days, ", ")))
		}
	}
	for name, paths := range all["date"] {
		switch {
		case strings.HasSuffix(name, "Time"):
			problems = append(problems, fmt.Sprintf("%s is a day: its name must not end in Time", strings.Join(paths, ", ")))
		case !dayName.MatchString(name) && !slices.Contains(otherDays, name):
			problems = append(problems, fmt.Sprintf("%s is a day: its name must end in On, or in From, Through, By, Since or Due as the bound of a span",
				strings.Join(paths, ", ")))
		}
	}
	slices.Sort(problems)
	return problems
}

func TestWhatIsMisnamedIsFound(t *testing.T) {
	t.Parallel()
	one := func(format string) apiextensionsv1.JSONSchemaProps {
		return apiextensionsv1.JSONSchemaProps{Type: "string", Format: format}
	}
	object := func(name string, field apiextensionsv1.JSONSchemaProps) apiextensionsv1.JSONSchemaProps {
		return apiextensionsv1.JSONSchemaProps{Properties: map[string]apiextensionsv1.JSONSchemaProps{name: field}}
	}
	list := func(of apiextensionsv1.JSONSchemaProps) apiextensionsv1.JSONSchemaProps {
		return apiextensionsv1.JSONSchemaProps{Items: &apiextensionsv1.JSONSchemaPropsOrArray{Schema: &of}}
	}
	for name, tc := range map[string]struct {
		kinds map[string]apiextensionsv1.JSONSchemaProps
		want  []string
	}{
		"an instant like a day": {
			kinds: map[string]apiextensionsv1.JSONSchemaProps{"A": object("decidedOn", one("date-time"))},
			want:  []string{"A.decidedOn is an instant: its name must end in Time"},
		},
		"a day like an instant, in a list": {
			kinds: map[string]apiextensionsv1.JSONSchemaProps{"A": object("items", list(object("paidTime", one("date"))))},
			want:  []string{"A.items[].paidTime is a day: its name must not end in Time"},
		},
		"a day like nothing": {
			kinds: map[string]apiextensionsv1.JSONSchemaProps{"A": object("closing", one("date"))},
			want:  []string{"A.closing is a day: its name must end in On, or in From, Through, By, Since or Due as the bound of a span"},
		},
		"a name that is both": {
			kinds: map[string]apiextensionsv1.JSONSchemaProps{"A": object("requestedOn", one("date")), "B": object("requestedOn", one("date-time"))},
			want: []string{
				"B.requestedOn is an instant: its name must end in Time",
				"requestedOn is an instant in B.requestedOn and a day in A.requestedOn",
			},
		},
		"what is right": {
			kinds: map[string]apiextensionsv1.JSONSchemaProps{
				"A": object("paidOn", one("date")), "B": object("lastTransitionTime", one("date-time")), "C": object("from", one("date")),
				"D": object("claimThrough", one("date")), "E": object("day", one("date")), "F": object("holidays", list(one("date"))),
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := times{}
			for kind, schema := range tc.kinds {
				all.read(kind, schema)
			}
			if diff := cmp.Diff(tc.want, all.misnamed()); diff != "" {
				t.Errorf("misnamed() (-want +got):\n%s", diff)
			}
		})
	}
}

// definitions reads the definitions of all kinds.
func definitions(t *testing.T) []*apiextensionsv1.CustomResourceDefinition {
	t.Helper()
	files, err := filepath.Glob("../../config/crd/bases/*.yaml")
	if err != nil || len(files) != len(kinds.All()) {
		t.Fatalf("found the CRDs %v: %v", files, err)
	}
	all := make([]*apiextensionsv1.CustomResourceDefinition, 0, len(files))
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict(raw, definition); err != nil {
			t.Fatal(err)
		}
		all = append(all, definition)
	}
	return all
}
