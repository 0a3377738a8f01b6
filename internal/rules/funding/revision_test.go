package funding_test

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/funding"
)

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

// fillSpec gives every leaf a value of its own that its type can hold, and every list two items.
func fillSpec(v reflect.Value, n *int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillSpec(v.Elem(), n)
	case reflect.Struct:
		for _, field := range v.Fields() {
			fillSpec(field, n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fillSpec(v.Index(i), n)
		}
	case reflect.String:
		*n++
		v.SetString(leafOf(v.Type(), *n))
	case reflect.Int32:
		*n++
		v.SetInt(int64(*n))
	default:
		panic("a kind of field that the revision does not know: " + v.Type().String())
	}
}

func leafOf(kind reflect.Type, n int) string {
	switch kind.Name() {
	case "Decimal", "Percent":
		return fmt.Sprint(n)
	case "Date":
		return fmt.Sprintf("2026-%02d-%02d", n/28%12+1, n%28+1)
	default:
		return fmt.Sprintf("x%d", n)
	}
}

// eachLeaf calls visit for every leaf, list and pointer of a value, with its path.
func eachLeaf(v reflect.Value, path string, visit func(path string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		visit(path+" as a whole", v)
		eachLeaf(v.Elem(), path, visit)
	case reflect.Struct:
		for i := range v.NumField() {
			eachLeaf(v.Field(i), path+"."+v.Type().Field(i).Name, visit)
		}
	case reflect.Slice:
		visit(path+" as a whole", v)
		for i := range v.Len() {
			eachLeaf(v.Index(i), fmt.Sprintf("%s[%d]", path, i), visit)
		}
	default:
		visit(path, v)
	}
}

// ignored returns the fields of a filled spec that can be removed without changing its revision.
func ignored(spec reflect.Value, revision func() string) []string {
	before := revision()
	var list []string
	eachLeaf(spec, "spec", func(path string, v reflect.Value) {
		kept := reflect.New(v.Type()).Elem()
		kept.Set(v)
		v.SetZero()
		if revision() == before {
			list = append(list, path)
		}
		v.Set(kept)
	})
	return list
}

func TestTheRevisionKnowsEveryFieldButWithdrawnOn(t *testing.T) {
	var spec v1alpha1.MDFAllocationSpec
	n := 0
	fillSpec(reflect.ValueOf(&spec).Elem(), &n)
	if got := ignored(reflect.ValueOf(&spec).Elem(), func() string { return funding.Revision(&spec) }); !slices.Equal(got, []string{"spec.WithdrawnOn"}) {
		t.Errorf("the revision does not change without %q, want withdrawnOn alone", got)
	}
}

func TestTheRevisionOfAClaimKnowsEveryFieldButThePayment(t *testing.T) {
	var spec v1alpha1.MDFClaimSpec
	n := 0
	fillSpec(reflect.ValueOf(&spec).Elem(), &n)
	want := []string{"spec.Payment as a whole", "spec.Payment.ID", "spec.Payment.PaidOn", "spec.Payment.Amount.Amount", "spec.Payment.Amount.Currency"}
	if got := ignored(reflect.ValueOf(&spec).Elem(), func() string { return funding.ClaimRevision(&spec) }); !slices.Equal(got, want) {
		t.Errorf("the revision does not change without %q, want those of the payment alone", got)
	}
}

// A revision that is approved must be the same in every later version.
func TestTheRevisionIsStable(t *testing.T) {
	var request v1alpha1.MDFAllocationSpec
	var claim v1alpha1.MDFClaimSpec
	n := 0
	fillSpec(reflect.ValueOf(&request).Elem(), &n)
	fillSpec(reflect.ValueOf(&claim).Elem(), &n)
	for name, tc := range map[string]struct{ got, want string }{
		"a full request":   {funding.Revision(&request), "v1:64813b8068798f0743909183f67f58b3"},
		"an empty request": {funding.Revision(&v1alpha1.MDFAllocationSpec{}), "v1:e3b0c44298fc1c149afbf4c8996fb924"},
		"a usual request":  {funding.Revision(&newDossier().request.Spec), "v1:0b07e4112ffb2ca980316b916adc80a4"},
		"a full claim":     {funding.ClaimRevision(&claim), "v1:f0d3d8032fbcdf5b6ecdda586a1d73f5"},
		"an empty claim":   {funding.ClaimRevision(&v1alpha1.MDFClaimSpec{}), "v1:e3b0c44298fc1c149afbf4c8996fb924"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s has revision %s, want %s: an approval of it would be lost", name, tc.got, tc.want)
		}
	}
}

func TestTheRevisionIgnoresOrderAndHowThingsAreWritten(t *testing.T) {
	full := func() *v1alpha1.MDFAllocationSpec {
		var spec v1alpha1.MDFAllocationSpec
		n := 0
		fillSpec(reflect.ValueOf(&spec).Elem(), &n)
		return &spec
	}
	for name, change := range map[string]func(old, spec *v1alpha1.MDFAllocationSpec){
		"order of expected results": func(_, s *v1alpha1.MDFAllocationSpec) { slices.Reverse(s.Expected) },
		"order of contingencies":    func(_, s *v1alpha1.MDFAllocationSpec) { slices.Reverse(s.ContingentOn) },
		"zeros behind the point":    func(_, s *v1alpha1.MDFAllocationSpec) { s.Amount.Amount += ".00" },
		"percent":                   func(_, s *v1alpha1.MDFAllocationSpec) { s.ReimbursementPercent += ".0" },
		"requestID":                 func(o, s *v1alpha1.MDFAllocationSpec) { o.RequestID, s.RequestID = "", v1alpha1.DefaultRequestID },
		"priority":                  func(o, s *v1alpha1.MDFAllocationSpec) { o.Priority, s.Priority = nil, new(int32(0)) },
	} {
		before, after := full(), full()
		change(before, after)
		if x, y := funding.Revision(before), funding.Revision(after); x != y {
			t.Errorf("%s changes the revision from %s to %s", name, x, y)
		}
	}
	plain, partial := &v1alpha1.MDFClaimSpec{}, &v1alpha1.MDFClaimSpec{Scope: v1alpha1.ClaimPartial}
	if x, y := funding.ClaimRevision(plain), funding.ClaimRevision(partial); x != y {
		t.Errorf("scope Partial changes the revision from %s to %s", x, y)
	}
}
