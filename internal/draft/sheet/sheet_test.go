package sheet

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/table"
)

var at = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

// northwind reads the program of the samples.
func northwind(t *testing.T) []manifest.Object {
	t.Helper()
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../../config/samples/programs/northwind.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return set.Objects()
}

// mappingOf reads the spec of a mapping.
func mappingOf(t *testing.T, spec string) *importsv1alpha1.ObjectsMappingSpec {
	t.Helper()
	if spec == "" {
		return &importsv1alpha1.ObjectsMappingSpec{}
	}
	text := "apiVersion: imports.jointplan.dev/v1alpha1\nkind: ObjectsMapping\nmetadata: {name: m}\nspec:\n" + spec
	set, err := manifest.NewMappingReader().Read(t.Context(), manifest.Options{Stdin: strings.NewReader(text)}, "-")
	if err != nil {
		t.Fatal(err)
	}
	return &set.Objects()[0].(*importsv1alpha1.ObjectsMapping).Spec
}

func importText(t *testing.T, kind Kind, mapping, text string, change func(*Options)) (*Outcome, error) {
	t.Helper()
	options := Options{At: at, Objects: northwind(t), Source: "crm"}
	if change != nil {
		change(&options)
	}
	spec := mappingOf(t, mapping)
	source, err := table.NewCSV(strings.NewReader(text), table.Text{Headers: Headers(kind, spec)})
	if err != nil {
		t.Fatal(err)
	}
	outcome, err := Import(kind, spec, source, options)
	if err == nil && outcome.Rows != outcome.Used+outcome.LeftOut+outcome.Rejected {
		t.Errorf("%d rows, but %d used, %d left out and %d rejected", outcome.Rows, outcome.Used, outcome.LeftOut, outcome.Rejected)
	}
	return outcome, err
}

// tell writes an outcome, a line for each thing.
func tell(outcome *Outcome, err error) []string {
	if err != nil {
		return []string{"error: " + err.Error()}
	}
	var lines []string
	for _, item := range outcome.Items {
		lines = append(lines, brief(item))
		for _, c := range item.Changes {
			lines = append(lines, fmt.Sprintf("%s %s: %s -> %s", c.Object, c.Field, c.Old, c.New))
		}
	}
	if outcome.Results != nil {
		for _, set := range outcome.Results.Sets {
			for _, e := range set.Spec.Entries {
				lines = append(lines, fmt.Sprintf("%s: %s %s %s", set.Name, e.Day, e.Metric, e.Value))
			}
		}
	}
	for _, r := range outcome.Rejections {
		lines = append(lines, fmt.Sprintf("%s, %s %q: %s", r.Place, r.Column, r.Value, r.Message))
	}
	if outcome.LeftOut > 0 {
		lines = append(lines, fmt.Sprintf("%d left out", outcome.LeftOut))
	}
	return lines
}

func brief(item *Item) string {
	switch x := item.Object.(type) {
	case *v1alpha1.Partner:
		text := x.Namespace + "/" + x.Name
		s := &x.Spec
		if s.Tier != nil {
			text += fmt.Sprintf(" %s since %s", s.Tier.Name, s.Tier.Since)
		}
		for _, one := range []string{string(s.Type), string(s.Region), string(s.MemberSince)} {
			if one != "" {
				text += " " + one
			}
		}
		if s.RecordedOn != "" {
			text += " recorded " + string(s.RecordedOn)
		}
		if s.ParentRef != nil {
			text += " under " + string(s.ParentRef.Name)
		}
		for _, child := range s.ChildNamespaces {
			text += " over " + string(child)
		}
		return text
	case *v1alpha1.MDFBudget:
		text := fmt.Sprintf("%s %s %s", x.Name, x.Spec.Amount.Amount, x.Spec.Amount.Currency)
		if x.Spec.Period.FiscalYear != nil {
			return text + fmt.Sprintf(" %d %s", *x.Spec.Period.FiscalYear, x.Spec.Period.Part)
		}
		return text + fmt.Sprintf(" %s to %s", x.Spec.Period.From, x.Spec.Period.Through)
	case *v1alpha1.JointPlan:
		text := x.Namespace + "/" + x.Name
		for i := range x.Spec.Goals {
			text += fmt.Sprintf(" %s %s", x.Spec.Goals[i].Metric, x.Spec.Goals[i].Target.Value)
		}
		return text
	}
	return ""
}

type dirt struct {
	mapping, text string
	want          []string
}

func (d *dirt) check(t *testing.T, kind Kind, change func(*Options)) {
	t.Helper()
	outcome, err := importText(t, kind, d.mapping, d.text, change)
	if diff := cmp.Diff(d.want, tell(outcome, err)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestThePageListsAllHeaders: docs/kubectl.md says by which headers columns are found.
func TestThePageListsAllHeaders(t *testing.T) {
	page, err := os.ReadFile("../../../docs/kubectl.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []Kind{Partners, Budgets, Plans} {
		for _, f := range Fields(kind) {
			headers := strings.Join(f.Headers, ", ")
			if f.Required {
				headers = "**" + f.Headers[0] + "**" + strings.TrimPrefix(headers, f.Headers[0])
			}
			if row := "| `" + f.Name + "` | " + headers + " |\n"; !strings.Contains(string(page), row) {
				t.Errorf("docs/kubectl.md lacks %s", row)
			}
		}
	}
}
