package facts_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

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

func TestTheRevisionKnowsEveryFieldButWithdrawnOnAndPurchaseOrder(t *testing.T) {
	var spec v1alpha1.MDFAllocationSpec
	testobj.Fill(&spec, 0)
	if got := ignored(reflect.ValueOf(&spec).Elem(), func() string { return facts.RequestRevision(&spec) }); !slices.Equal(got, []string{"spec.PurchaseOrder", "spec.WithdrawnOn"}) {
		t.Errorf("the revision does not change without %q, want purchaseOrder and withdrawnOn alone", got)
	}
}

func TestTheRevisionOfAClaimKnowsEveryFieldButThePayment(t *testing.T) {
	var spec v1alpha1.MDFClaimSpec
	testobj.Fill(&spec, 0)
	got := ignored(reflect.ValueOf(&spec).Elem(), func() string { return facts.ClaimRevision(&spec) })
	if !slices.Contains(got, "spec.Payments as a whole") || slices.ContainsFunc(got, func(field string) bool {
		return !strings.HasPrefix(field, "spec.Payments") && field != "spec.InvoicedOn"
	}) {
		t.Errorf("the revision does not change without %q, want invoicedOn and those of the payments alone", got)
	}
}

// A revision that is approved must be the same in every later version.
func TestTheRevisionIsStable(t *testing.T) {
	var request v1alpha1.MDFAllocationSpec
	var claim v1alpha1.MDFClaimSpec
	testobj.Fill(&claim, testobj.Fill(&request, 0))
	for name, tc := range map[string]struct{ got, want string }{
		"a full request":   {facts.RequestRevision(&request), "v1:7440ad7c1f7cfc25cac8f6496927c451"},
		"an empty request": {facts.RequestRevision(&v1alpha1.MDFAllocationSpec{}), "v1:e3b0c44298fc1c149afbf4c8996fb924"},
		"a usual request":  {facts.RequestRevision(&testobj.Allocation("r1").Obj().Spec), "v1:0b07e4112ffb2ca980316b916adc80a4"},
		"a full claim":     {facts.ClaimRevision(&claim), "v1:0c82a222299af0d64fc95af8ddf84e31"},
		"a usual claim":    {facts.ClaimRevision(&testobj.Claim("c1", "r1").Cost("I-1", "100.00").Obj().Spec), "v1:20203e4c1726c666d59c9e2ff7c5ef90"},
		"an empty claim":   {facts.ClaimRevision(&v1alpha1.MDFClaimSpec{}), "v1:e3b0c44298fc1c149afbf4c8996fb924"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s has revision %s, want %s: an approval of it would be lost", name, tc.got, tc.want)
		}
	}
}

func TestTheRevisionIgnoresOrderAndHowThingsAreWritten(t *testing.T) {
	full := func() *v1alpha1.MDFAllocationSpec {
		var spec v1alpha1.MDFAllocationSpec
		testobj.Fill(&spec, 0)
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
		if x, y := facts.RequestRevision(before), facts.RequestRevision(after); x != y {
			t.Errorf("%s changes the revision from %s to %s", name, x, y)
		}
	}
	plain, partial := &v1alpha1.MDFClaimSpec{}, &v1alpha1.MDFClaimSpec{Scope: v1alpha1.ClaimPartial}
	if x, y := facts.ClaimRevision(plain), facts.ClaimRevision(partial); x != y {
		t.Errorf("scope Partial changes the revision from %s to %s", x, y)
	}
}
