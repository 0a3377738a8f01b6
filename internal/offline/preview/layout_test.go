package preview

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	planrules "jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// together returns the objects of several namespaces in one. Distributors above a partner are in it too.
func together(t *testing.T, set *manifest.Set, namespace string) *manifest.Set {
	t.Helper()
	var all kinds.Objects
	for _, x := range set.All() {
		moved, _ := x.DeepCopyObject().(kinds.Object)
		if moved.GetNamespace() != "" {
			moved.SetNamespace(namespace)
		}
		all.Add(moved)
	}
	for _, partner := range all.Partners {
		if partner.Spec.ParentRef != nil && partner.Spec.ParentRef.Namespace != "" {
			partner.Spec.ParentRef.Namespace = "partners"
		}
	}
	for _, x := range all.Programs { // the namespaces of two programs cannot be one otherwise
		x.Spec.AllowedNamespaces = nil
	}
	for _, x := range all.Budgets {
		x.Spec.AllowedNamespaces = nil
	}
	one, err := manifest.NewSet(all.All(), map[string]map[string]string{namespace: {}})
	if err != nil {
		t.Fatal(err)
	}
	return one
}

// TestPartnersInOneNamespaceStandAsInTheirOwn: where a vendor keeps its partners makes no difference to any status, but to the budgets that are
// for its namespace.
func TestPartnersInOneNamespaceStandAsInTheirOwn(t *testing.T) {
	const namespace = "partners"
	set := samples(t)
	names := map[string]bool{}
	for _, x := range set.All() {
		if key := manifest.KeyOf(x).Kind + " " + x.GetName(); names[key] {
			t.Fatalf("two objects are %s: they cannot be in one namespace", key)
		} else {
			names[key] = true
		}
	}
	apart, one := New(set), New(together(t, set, namespace))
	for _, at := range []time.Time{samplesAt.AddDate(0, -3, 0), samplesAt, samplesAt.AddDate(0, 2, 5), samplesAt.AddDate(0, 8, 0)} {
		want := map[string]flat{}
		for _, x := range apart.At(at) {
			want[manifest.KeyOf(x).Kind+" "+x.GetName()] = anywhere(flatten(x))
		}
		for _, x := range one.At(at) {
			key := manifest.KeyOf(x).Kind + " " + x.GetName()
			if diff := cmp.Diff(want[key], within(anywhere(flatten(x)), want[key]), cmp.AllowUnexported(value{})); diff != "" {
				t.Errorf("%s: %s (-apart +together):\n%s", at.Format(time.RFC3339), key, diff)
			}
			delete(want, key)
		}
		for key := range want {
			t.Errorf("%s: %s is not there together", at.Format(time.RFC3339), key)
		}
	}
}

// within leaves out the budgets on which a partner may draw where all are together, and not apart: their selectors name namespaces.
func within(one, apart flat) flat {
	there := apart.elements()
	maps.DeleteFunc(one, func(_ string, v value) bool {
		budget := strings.HasPrefix(v.element, "status.budgets[") || strings.HasPrefix(v.element, "status.unlocks[MDF MDF from budget ")
		return budget && !there[v.element]
	})
	return one
}

// anywhere writes each namespace of a partner as the same.
func anywhere(f flat) flat {
	plain := flat{}
	for path, one := range f {
		for _, name := range []string{"partner-acme", "partner-brightpath", "partner-corvid", "partner-finch", "partner-helix", "partner-lyra", "partner-orbit", "partners"} {
			path = strings.ReplaceAll(path, name+"/", "N/")
			one.text, one.element = strings.ReplaceAll(one.text, name+"/", "N/"), strings.ReplaceAll(one.element, name+"/", "N/")
		}
		plain[path] = one
	}
	return plain
}

// TestPartnersLearnNothingOfEachOther compares what is said of bolt's objects where acme is in another namespace and where it is in the same.
func TestPartnersLearnNothingOfEachOther(t *testing.T) {
	in := func(namespace string, objects ...kinds.Object) []kinds.Object {
		for _, x := range objects {
			x.SetNamespace(namespace)
		}
		return objects
	}
	plan := func(partner string) *v1alpha1.JointPlan {
		return testobj.Plan(partner+"-h1").Activity("autumn-webinar", "Webinar").
			With(func(s *v1alpha1.JointPlanSpec) { s.PartnerRef.Name = v1alpha1.Name(partner) }).Obj()
	}
	paid := func(partner string, namespace string) []kinds.Object {
		p, name := plan(partner), partner+"-request"
		request := testobj.Allocation(name).On(v1alpha1.Name(p.Name), "fy27").Obj()
		claim := testobj.Claim(partner+"-claim", v1alpha1.Name(name)).Claimed("2026-10-20").Cost(v1alpha1.Word("17"+partner), "4000.00").
			Paid("T-1", "2026-10-21", "2000.00").Obj()
		revision := planrules.Revision(&p.Spec.PlanTerms)
		return in(namespace, testobj.Partner(partner).Obj(), p, request, claim,
			testobj.Decision(partner+"-v", p.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z"),
			testobj.Decision(partner+"-p", p.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z"),
			testobj.MoneyDecision(partner+"-g", kinds.MDFAllocation, name, facts.RequestRevision(&request.Spec), v1alpha1.DecisionApproved, "vera", "2026-08-04T09:00:00Z"),
			testobj.MoneyDecision(partner+"-c", kinds.MDFClaim, claim.Name, facts.ClaimRevision(&claim.Spec), v1alpha1.DecisionApproved, "vera", "2026-10-20T09:00:00Z"))
	}
	for name, tc := range map[string]struct {
		objects func(acme, bolt string) []kinds.Object
		at, of  string
		want    string // of a message
	}{
		"a payment that settled acme's claim": {
			objects: func(acme, bolt string) []kinds.Object {
				ledger := testobj.Ledger("fy27").Payment("T-1", acme+"/acme-claim").Settled(acme+"/acme-request/1/acme-claim", 100000).
					Reserved(acme+"/acme-request/1", 0).Reserved(bolt+"/bolt-request/1", 500000)
				return slices.Concat([]kinds.Object{testobj.Program("northwind").Obj(), testobj.Budget("fy27").Obj(), ledger.Obj()},
					paid("acme", acme), paid("bolt", bolt))
			},
			at: "2026-11-05T10:00:00+01:00", of: "bolt-claim", want: `payment "T-1" line 1 is that of another MDFClaim`,
		},
		"a budget that is gone, and held money of acme": {
			objects: func(acme, bolt string) []kinds.Object {
				return slices.Concat([]kinds.Object{testobj.Program("northwind").Obj(), testobj.Ledger("gone").Reserved(acme+"/granted/1", 50000).Obj()},
					in(acme, testobj.Partner("acme").Obj(), plan("acme"), testobj.Allocation("granted").On("acme-h1", "gone").Obj()),
					in(bolt, testobj.Partner("bolt").Obj(), plan("bolt"), testobj.Allocation("asks").On("bolt-h1", "gone").Obj()))
			},
			at: "2026-08-05T10:00:00+02:00", of: "asks", want: `MDFBudget "gone" not found or not permitted`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			status := func(acme, bolt string) flat {
				set, err := manifest.NewSet(tc.objects(acme, bolt), map[string]map[string]string{acme: {}, bolt: {}})
				if err != nil {
					t.Fatal(err)
				}
				for _, x := range NewAsOf(set, testobj.At(tc.at)).At(testobj.At(tc.at)) {
					if x.GetName() == tc.of {
						told := flatten(x)
						for path, one := range told { // it may know its own namespace
							one.text = strings.ReplaceAll(one.text, "label namespace "+bolt+" ", "label namespace N ")
							told[path] = one
						}
						return told
					}
				}
				t.Fatalf("%s is not there", tc.of)
				return nil
			}
			apart := status("partner-acme", "partner-bolt")
			if diff := cmp.Diff(apart, status("one", "one"), cmp.AllowUnexported(value{})); diff != "" {
				t.Errorf("(-apart +together):\n%s", diff)
			}
			if !slices.ContainsFunc(slices.Collect(maps.Values(apart)), func(v value) bool { return strings.Contains(v.text, tc.want) }) {
				t.Errorf("nothing says %q: %v", tc.want, apart)
			}
		})
	}
}
