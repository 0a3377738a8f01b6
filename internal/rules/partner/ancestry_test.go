package partner_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/testobj"
)

func TestAncestors(t *testing.T) {
	distributor := func(namespace, name string, children ...v1alpha1.Name) *testobj.PartnerBuilder {
		return testobj.Partner(name).In(namespace).Distributes(children...)
	}
	const remedy = "; correct the name, or ask the distributor to list namespace partner-acme in its spec.childNamespaces"
	tests := map[string]struct {
		partner *testobj.PartnerBuilder
		others  []*testobj.PartnerBuilder
		want    []string
		finding *v1alpha1.Finding
	}{
		"two levels across namespaces": {
			partner: testobj.Partner("acme").Under("north", "dist"),
			others:  []*testobj.PartnerBuilder{distributor("north", "dist", "partner-acme").Under("top", "chief"), distributor("top", "chief", "north")},
			want:    []string{"north/dist", "top/chief"},
		},
		"in one namespace nothing needs to be listed": {
			partner: testobj.Partner("acme").Under("", "dist"), others: []*testobj.PartnerBuilder{distributor("partner-acme", "dist")},
			want: []string{"partner-acme/dist"},
		},
		"not found": {
			partner: testobj.Partner("acme").Under("north", "dist"),
			finding: &v1alpha1.Finding{
				Rule: "ReferenceNotFound", Severity: "Error", Field: "spec.parentRef",
				Message: `Partner "north/dist" not found or not permitted` + remedy,
			},
		},
		"not permitted reads the same": {
			partner: testobj.Partner("acme").Under("north", "dist"), others: []*testobj.PartnerBuilder{distributor("north", "dist", "partner-other")},
			finding: &v1alpha1.Finding{
				Rule: "ReferenceNotFound", Severity: "Error", Field: "spec.parentRef",
				Message: `Partner "north/dist" not found or not permitted` + remedy,
			},
		},
		"what may not be named is not told to be no distributor": {
			partner: testobj.Partner("acme").Under("north", "dist"), others: []*testobj.PartnerBuilder{testobj.Partner("dist").In("north")},
			finding: &v1alpha1.Finding{
				Rule: "ReferenceNotFound", Severity: "Error", Field: "spec.parentRef",
				Message: `Partner "north/dist" not found or not permitted` + remedy,
			},
		},
		"misspelt in the own namespace": {
			partner: testobj.Partner("acme").Under("", "dits"), others: []*testobj.PartnerBuilder{distributor("partner-acme", "dist")},
			finding: &v1alpha1.Finding{
				Rule: "ReferenceNotFound", Severity: "Error", Field: "spec.parentRef",
				Message: `Partner "dits" not found or not permitted: did you mean "dist"?; correct the name, or create the distributor`,
			},
		},
		"no distributor": {
			partner: testobj.Partner("acme").Under("", "other"), others: []*testobj.PartnerBuilder{testobj.Partner("other")},
			finding: &v1alpha1.Finding{
				Rule: "ParentNotDistributor", Severity: "Error", Field: "spec.parentRef",
				Message: "partner partner-acme/other is not a distributor: name one whose spec.type is Distributor, or remove parentRef",
			},
		},
		"its own parent": {
			partner: testobj.Partner("acme").Distributes().Under("", "acme"),
			finding: &v1alpha1.Finding{
				Rule: "ParentCircular", Severity: "Error", Field: "spec.parentRef",
				Message: "parents form a loop, partner-acme/acme -> partner-acme/acme: remove the parentRef of one of them",
			},
		},
		"in a circle": {
			partner: testobj.Partner("acme").Distributes().Under("", "b"),
			others:  []*testobj.PartnerBuilder{distributor("partner-acme", "b").Under("", "acme")},
			want:    []string{"partner-acme/b"},
			finding: &v1alpha1.Finding{
				Rule: "ParentCircular", Severity: "Error", Field: "spec.parentRef",
				Message: "parents form a loop, partner-acme/acme -> partner-acme/b -> partner-acme/acme: remove the parentRef of one of them",
			},
		},
		"under a circle": {
			partner: testobj.Partner("acme").Under("", "b"),
			others:  []*testobj.PartnerBuilder{distributor("partner-acme", "b").Under("", "c"), distributor("partner-acme", "c").Under("", "b")},
			want:    []string{"partner-acme/b", "partner-acme/c"},
			finding: &v1alpha1.Finding{
				Rule: "ParentCircular", Severity: "Warning", Field: "spec.parentRef",
				Message: "parents form a loop, partner-acme/b -> partner-acme/c -> partner-acme/b: remove the parentRef of one of them",
			},
		},
		"broken further up": {
			partner: testobj.Partner("acme").Under("north", "dist"),
			others:  []*testobj.PartnerBuilder{distributor("north", "dist", "partner-acme").Under("top", "chief")},
			want:    []string{"north/dist"},
			finding: &v1alpha1.Finding{
				Rule: "ReferenceNotFound", Severity: "Warning", Field: "spec.parentRef",
				Message: "north/dist names a distributor of its own that cannot be used: ask it to correct its spec.parentRef",
			},
		},
		"broken further up still": {
			partner: testobj.Partner("acme").Under("north", "dist"),
			others: []*testobj.PartnerBuilder{
				distributor("north", "dist", "partner-acme").Under("top", "chief"), distributor("top", "chief", "north").Under("sky", "lord"),
			},
			want: []string{"north/dist", "top/chief"},
			finding: &v1alpha1.Finding{
				Rule: "ReferenceNotFound", Severity: "Warning", Field: "spec.parentRef",
				Message: "a distributor of another namespace above north/dist names a distributor of its own that cannot be used: ask it to correct its " +
					"spec.parentRef",
			},
		},
		"broken further up in one namespace": {
			partner: testobj.Partner("acme").Under("", "dist"),
			others:  []*testobj.PartnerBuilder{distributor("partner-acme", "dist").Under("top", "chief")},
			want:    []string{"partner-acme/dist"},
			finding: &v1alpha1.Finding{
				Rule: "ReferenceNotFound", Severity: "Warning", Field: "spec.parentRef",
				Message: `spec.parentRef of partner-acme/dist: Partner "top/chief" not found or not permitted; ` +
					"correct the name, or ask the distributor to list namespace partner-acme in its spec.childNamespaces",
			},
		},
		"in a circle through other namespaces": {
			partner: testobj.Partner("acme").Distributes().Under("north", "b").With(func(s *v1alpha1.PartnerSpec) { s.ChildNamespaces = []v1alpha1.Name{"south"} }),
			others: []*testobj.PartnerBuilder{
				distributor("north", "b", "partner-acme").Under("south", "c"), distributor("south", "c", "north").Under("partner-acme", "acme"),
			},
			want: []string{"north/b", "south/c"},
			finding: &v1alpha1.Finding{
				Rule: "ParentCircular", Severity: "Error", Field: "spec.parentRef",
				Message: "parents form a loop, partner-acme/acme -> north/b -> a distributor of another namespace -> partner-acme/acme: remove the " +
					"parentRef of one of them",
			},
		},
		"more than five levels": {
			partner: testobj.Partner("acme").Under("", "d1"),
			others: []*testobj.PartnerBuilder{
				distributor("partner-acme", "d1").Under("", "d2"), distributor("partner-acme", "d2").Under("", "d3"),
				distributor("partner-acme", "d3").Under("", "d4"), distributor("partner-acme", "d4").Under("", "d5"),
				distributor("partner-acme", "d5").Under("", "d6"), distributor("partner-acme", "d6"),
			},
			want: []string{"partner-acme/d1", "partner-acme/d2", "partner-acme/d3", "partner-acme/d4", "partner-acme/d5"},
			finding: &v1alpha1.Finding{
				Rule: "ParentTooDeep", Severity: "Warning", Field: "spec.parentRef",
				Message: "there are more than 5 levels of distributors above the partner, and those above partner-acme/d5 are left out: shorten the chain",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			x := test.partner.Obj()
			all := map[string]*v1alpha1.Partner{x.Namespace + "/" + x.Name: x}
			objects := []any{testobj.Program("northwind").Obj(), x}
			for _, b := range test.others {
				other := b.Obj()
				all[other.Namespace+"/"+other.Name] = other
				if other.Namespace == x.Namespace {
					objects = append(objects, other)
				}
			}
			ancestry := partner.ResolveAncestry(x, func(namespace, name string) *v1alpha1.Partner { return all[namespace+"/"+name] })
			status, _ := partner.Evaluate(testobj.Snapshot(objects...), x, ancestry, testobj.At("2026-08-01T00:00:00Z"))
			if diff := cmp.Diff(test.want, status.Ancestors); diff != "" {
				t.Errorf("ancestors (-want +got):\n%s", diff)
			}
			if test.finding == nil {
				if ancestry.Broken != "" {
					t.Errorf("broken: %s", ancestry.Broken)
				}
				return
			}
			if diff := cmp.Diff(*test.finding, finding(t, status, test.finding.Rule)); diff != "" {
				t.Errorf("finding (-want +got):\n%s", diff)
			}
		})
	}
}
