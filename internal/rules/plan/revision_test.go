package plan_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/plan"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestMain asks for 1,000 cases of each property where the command line does not say how many.
func TestMain(m *testing.M) {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if !asked {
		if err := flag.Set("rapid.checks", "1000"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// golden compares text with a file under testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), go test -update writes it anew:\n%s", path, diff)
	}
}

// fullTerms returns terms in which every field has a value and every list two items.
func fullTerms() *v1alpha1.PlanTerms {
	var terms v1alpha1.PlanTerms
	n := 0
	fill(reflect.ValueOf(&terms).Elem(), &n)
	return &terms
}

// fill gives every leaf a value of its own that its type can hold.
func fill(v reflect.Value, n *int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(field, n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.String:
		*n++
		v.SetString(leaf(v.Type(), *n))
	case reflect.Int32:
		*n++
		v.SetInt(int64(2000 + *n))
	default:
		panic("a kind of field that the revision does not know: " + v.Type().String())
	}
}

func leaf(kind reflect.Type, n int) string {
	switch kind.Name() {
	case "Decimal", "Percent":
		return fmt.Sprint(n)
	case "Date":
		return fmt.Sprintf("2026-%02d-%02d", n/28%12+1, n%28+1)
	case "PeriodPart":
		return "H1"
	default:
		return fmt.Sprintf("x%d", n)
	}
}

// leaves calls visit for every leaf, list and pointer of a value, with its path.
func leaves(v reflect.Value, path string, visit func(path string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		visit(path+" as a whole", v)
		if !v.IsNil() {
			leaves(v.Elem(), path, visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			leaves(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	case reflect.Slice:
		visit(path, v)
		for i := range v.Len() {
			leaves(v.Index(i), fmt.Sprintf("%s[%d]", path, i), visit)
		}
	default:
		visit(path, v)
	}
}

// mutations calls try with terms in which one thing, and nothing else, is changed.
func mutations(try func(path string, terms *v1alpha1.PlanTerms)) {
	var paths []string
	leaves(reflect.ValueOf(fullTerms()).Elem(), "terms", func(path string, _ reflect.Value) { paths = append(paths, path) })
	for _, target := range paths {
		for _, how := range []string{"change", "clear"} {
			terms := fullTerms()
			changed := false
			leaves(reflect.ValueOf(terms).Elem(), "terms", func(path string, v reflect.Value) {
				if path == target && !changed {
					changed = mutate(v, how)
				}
			})
			if changed {
				try(how+" "+target, terms)
			}
		}
	}
}

func mutate(v reflect.Value, how string) bool {
	switch {
	case how == "clear":
		v.SetZero()
	case v.Kind() == reflect.Slice:
		v.Set(v.Slice(0, 1))
	case v.Kind() == reflect.Int32:
		v.SetInt(v.Int() + 1)
	case v.Type().Name() == "Decimal" || v.Type().Name() == "Percent":
		v.SetString(v.String() + ".5")
	case v.Type().Name() == "PeriodPart":
		v.SetString("H2")
	case v.Kind() == reflect.String:
		v.SetString(v.String() + "z")
	default:
		return false
	}
	return true
}

func TestTheRevisionKnowsEveryFieldOfTheTerms(t *testing.T) {
	seen := map[string]string{plan.Revision(fullTerms()): "the terms themselves"}
	tried := 0
	mutations(func(path string, terms *v1alpha1.PlanTerms) {
		tried++
		revision := plan.Revision(terms)
		if other, ok := seen[revision]; ok {
			t.Errorf("%s gives the same revision as %s", path, other)
		}
		seen[revision] = path
	})
	if tried < 150 {
		t.Errorf("only %d changes were tried", tried)
	}
}

func TestTheRevisionIsStable(t *testing.T) {
	year := int32(2027)
	base := v1alpha1.PlanTerms{PartnerRef: v1alpha1.Reference{Name: "acme"}, Period: v1alpha1.Period{FiscalYear: &year, Part: v1alpha1.PartH1}}
	days := v1alpha1.PlanTerms{
		PartnerRef: v1alpha1.Reference{Name: "acme"}, Period: v1alpha1.Period{From: "2026-07-01", Through: "2026-12-31"},
		Goals: []v1alpha1.Goal{{Name: "leads", Metric: "leads", Target: &v1alpha1.Target{Mode: v1alpha1.TargetAbsolute, Value: "10"}}},
	}
	odd := *base.DeepCopy()
	odd.Vision = "line one\nline \"two\"\nname=\"x\" 日本"
	var lines []string
	for _, sample := range []struct {
		name  string
		terms *v1alpha1.PlanTerms
	}{{"empty", &v1alpha1.PlanTerms{}}, {"partner and period", &base}, {"explicit days and a goal", &days}, {"odd text", &odd}, {"every field", fullTerms()}} {
		lines = append(lines, fmt.Sprintf("%s: %s\n", sample.name, plan.Revision(sample.terms)))
	}
	golden(t, "revision.golden", strings.Join(lines, ""))
}

func TestTheRevisionIgnoresHowDefaultsAndNumbersAreWritten(t *testing.T) {
	year := int32(2027)
	plain := func() *v1alpha1.PlanTerms {
		return &v1alpha1.PlanTerms{
			Period:      v1alpha1.Period{From: "2026-07-01", Through: "2026-12-31"},
			Goals:       []v1alpha1.Goal{{Name: "a", Target: &v1alpha1.Target{Value: "10"}, WeightPercent: "60", Baseline: "0.5"}},
			Activities:  []v1alpha1.PlannedActivity{{Name: "a", Cost: &v1alpha1.Money{Amount: "100", Currency: "EUR"}}},
			Commitments: []v1alpha1.Commitment{{Name: "a"}},
		}
	}
	for name, test := range map[string]struct {
		before func(*v1alpha1.PlanTerms)
		after  func(*v1alpha1.PlanTerms)
		differ bool
	}{
		"zeros after the point": {after: func(t *v1alpha1.PlanTerms) {
			t.Goals[0].Target.Value, t.Goals[0].WeightPercent, t.Goals[0].Baseline, t.Activities[0].Cost.Amount = "10.0", "60.000", "0.50", "100.00"
		}},
		"days that are those of an explicit period": {after: func(t *v1alpha1.PlanTerms) {
			t.Goals[0].Due, t.Commitments[0].Due, t.Activities[0].From, t.Activities[0].Through = "2026-12-31", "2026-12-31", "2026-07-01", "2026-12-31"
		}},
		"empty lists and structs": {after: func(t *v1alpha1.PlanTerms) {
			t.Risks, t.SWOT, t.Goals[0].Initiatives = []v1alpha1.Risk{}, &v1alpha1.SWOT{}, []v1alpha1.Name{}
		}},
		"a whole fiscal year": {
			before: func(t *v1alpha1.PlanTerms) { t.Period = v1alpha1.Period{FiscalYear: &year} },
			after:  func(t *v1alpha1.PlanTerms) { t.Period = v1alpha1.Period{FiscalYear: &year, Part: v1alpha1.PartYear} },
		},
		"but not half a fiscal year": {
			before: func(t *v1alpha1.PlanTerms) { t.Period = v1alpha1.Period{FiscalYear: &year} },
			after:  func(t *v1alpha1.PlanTerms) { t.Period = v1alpha1.Period{FiscalYear: &year, Part: v1alpha1.PartH1} },
			differ: true,
		},
		"nor a due day, when only the program's calendar knows the last day of the period": {
			before: func(t *v1alpha1.PlanTerms) { t.Period = v1alpha1.Period{FiscalYear: &year, Part: v1alpha1.PartH1} },
			after: func(t *v1alpha1.PlanTerms) {
				t.Period, t.Goals[0].Due = v1alpha1.Period{FiscalYear: &year, Part: v1alpha1.PartH1}, "2026-12-31"
			},
			differ: true,
		},
		"nor which of two goals something is about": {
			before: func(t *v1alpha1.PlanTerms) { t.Goals = []v1alpha1.Goal{{Name: "a", Title: "x"}, {Name: "b"}} },
			after:  func(t *v1alpha1.PlanTerms) { t.Goals = []v1alpha1.Goal{{Name: "a"}, {Name: "b", Title: "x"}} },
			differ: true,
		},
		"nor the order of the stages of a sales plan": {
			before: func(t *v1alpha1.PlanTerms) {
				t.SalesPlan = &v1alpha1.SalesPlan{Stages: []v1alpha1.SalesStage{{Name: "lead"}, {Name: "deal"}}}
			},
			after: func(t *v1alpha1.PlanTerms) {
				t.SalesPlan = &v1alpha1.SalesPlan{Stages: []v1alpha1.SalesStage{{Name: "deal"}, {Name: "lead"}}}
			},
			differ: true,
		},
		"nor text that looks like another field": {
			before: func(t *v1alpha1.PlanTerms) { t.Segment, t.Vision = "a", "" },
			after:  func(t *v1alpha1.PlanTerms) { t.Segment, t.Vision = "a\"\nvision=\"", "" },
			differ: true,
		},
		"nor whether a word is a strength or a weakness": {
			before: func(t *v1alpha1.PlanTerms) { t.SWOT = &v1alpha1.SWOT{Strengths: []v1alpha1.Title{"x"}} },
			after:  func(t *v1alpha1.PlanTerms) { t.SWOT = &v1alpha1.SWOT{Weaknesses: []v1alpha1.Title{"x"}} },
			differ: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := plain(), plain()
			if test.before != nil {
				test.before(before)
			}
			test.after(after)
			if differ := plan.Revision(before) != plan.Revision(after); differ != test.differ {
				t.Errorf("revisions differ: %t, want %t", differ, test.differ)
			}
		})
	}
}

func TestTheRevisionIgnoresOrder(t *testing.T) {
	want := plan.Revision(fullTerms())
	rapid.Check(t, func(t *rapid.T) {
		terms := fullTerms()
		shuffleAll(t, reflect.ValueOf(terms).Elem())
		if got := plan.Revision(terms); got != want {
			t.Fatalf("revision %s, want %s", got, want)
		}
	})
}

// shuffleAll puts every list into another order, at every depth, but for the stages of a sales plan, whose order means something.
func shuffleAll(t *rapid.T, v reflect.Value) {
	if v.Type() == reflect.TypeFor[[]v1alpha1.SalesStage]() {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			shuffleAll(t, v.Elem())
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			shuffleAll(t, field)
		}
	case reflect.Slice:
		for i := range v.Len() {
			shuffleAll(t, v.Index(i))
		}
		for i := v.Len() - 1; i > 0; i-- {
			j := rapid.IntRange(0, i).Draw(t, "with")
			x, y := reflect.ValueOf(v.Index(i).Interface()), reflect.ValueOf(v.Index(j).Interface())
			v.Index(i).Set(y)
			v.Index(j).Set(x)
		}
	default:
	}
}

func TestRevisionNames(t *testing.T) {
	revision := plan.Revision(fullTerms())
	if got, want := plan.RevisionName("acme-h1", revision), "acme-h1-"+revision[3:13]; got != want {
		t.Errorf("name %s, want %s", got, want)
	}
	if got := plan.RevisionName(strings.Repeat("p", 52), revision); len(got) != 63 {
		t.Errorf("the name of a plan of 52 characters makes %d, want 63", len(got))
	}
	if got := plan.RevisionName("p", "v1:12"); got != "p-12" {
		t.Errorf("a revision that is too short makes %q", got)
	}
	if !strings.HasPrefix(revision, "v1:") || len(revision) != 35 {
		t.Errorf("revision %q", revision)
	}
}
