package gather

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/testobj"
)

// filled are stores as those of a cache that holds some objects.
func filled(tb testing.TB, objects ...client.Object) *stores {
	tb.Helper()
	yes := func() bool { return true }
	hold := func(more toolscache.Indexers) *held {
		all := toolscache.Indexers{toolscache.NamespaceIndex: toolscache.MetaNamespaceIndexFunc}
		maps.Copy(all, more)
		return &held{Indexer: toolscache.NewIndexer(toolscache.MetaNamespaceKeyFunc, all), synced: yes}
	}
	s := &stores{kinds: map[*kinds.Kind]*held{}, namespaces: hold(nil)}
	for _, k := range kinds.All() {
		s.kinds[k] = hold(indexers(k))
	}
	for _, x := range objects {
		store := s.namespaces
		if k := kinds.Of(x); k != nil {
			store = s.kinds[k]
		}
		if err := store.Add(x); err != nil {
			tb.Fatal(err)
		}
	}
	return s
}

// TestTheStoresOfACacheAnswerAsAClientDoes asks both the same, of objects that name each other in two namespaces.
func TestTheStoresOfACacheAnswerAsAClientDoes(t *testing.T) {
	ctx := t.Context()
	objects := []client.Object{
		testobj.Program("northwind").Obj(), testobj.Budget("fy27").Obj(), testobj.Ledger("fy27").Obj(),
		testobj.Published("northwind-fy2027-q1", "northwind"), testobj.Report("northwind-fy2027-h1", "northwind"),
		testobj.Budget("earned").With(func(s *v1alpha1.MDFBudgetSpec) { s.Accrual = &v1alpha1.Accrual{Metric: "new-revenue"} }).Obj(),
	}
	for _, namespace := range []string{"one", "two"} {
		revision := &v1alpha1.PlanRevision{ObjectMeta: metav1.ObjectMeta{Name: "h1-1"}}
		revision.Spec.PlanRef.Name, revision.Spec.Terms.PartnerRef.Name = "h1", "acme"
		for _, x := range []client.Object{
			testobj.Partner("top").Distributes().Obj(), testobj.Partner("acme").Under("", "top").Obj(), testobj.Partner("bolt").Under("one", "top").Obj(),
			testobj.Plan("h1").Obj(), revision, testobj.Campaign("fair", "h1"), testobj.Review("h1", "2026-08-03"),
			testobj.Measurements("m", v1alpha1.SubjectCampaign, "fair").Obj(), testobj.Allocation("r").On("h1", "fy27").Obj(),
			testobj.Claim("c", "r").Cost("B 2", "1.00").Cost("17", "1.00").Obj(), testobj.Claim("d", "r").Cost("b2", "2.00").Obj(),
			testobj.Decision("d", "h1", "v1:0", v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z"),
		} {
			x.SetNamespace(namespace)
			objects = append(objects, x)
		}
		objects = append(objects, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace, Labels: map[string]string{"is": namespace}}})
	}
	direct, client := filled(t, objects...), Through(store(objects...))
	names := func(k *kinds.Kind, found *kinds.Objects, err error) []string {
		if err != nil {
			t.Error(err)
			return nil
		}
		var names []string
		for _, x := range k.In(found) {
			names = append(names, kinds.KeyOf(x).String())
		}
		slices.Sort(names)
		return names
	}
	same := func(what string, got, want []string) {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-client +stores):\n%s", what, diff)
		}
	}
	for _, k := range kinds.All() {
		for _, namespace := range []string{"", "one", "two", "three"} {
			direct, failure := direct.List(ctx, namespace, k)
			got := names(k, direct, failure)
			listed, err := client.List(ctx, namespace, k)
			same(k.Plural+" of "+namespace, got, names(k, listed, err))
		}
	}
	for _, by := range kinds.References() {
		k, found := kinds.Named(by.Kind), 0
		for _, namespace := range []string{"", "one", "two", "three"} {
			if namespace == "" && k.Namespaced && !by.Across {
				continue
			}
			for _, x := range objects {
				own, _ := x.(kinds.Object)
				for _, value := range append(by.Values(own), "nobody") {
					directly, failure := direct.Find(ctx, by, namespace, value)
					got := names(k, directly, failure)
					listed, err := client.Find(ctx, by, namespace, value)
					same(by.Kind+" by "+by.Field+" "+value+" in "+namespace, got, names(k, listed, err))
					found += len(got)
					for _, reader := range []Reader{direct, client} {
						if shared, err := reader.Shared(ctx, by, namespace, value); err != nil || shared != (len(got) > 1) {
							t.Errorf("%d %s name %s by %s in %s: shared %t, %v", len(got), k.Plural, value, by.Field, namespace, shared, err)
						}
					}
				}
			}
		}
		if found == 0 {
			t.Errorf("nothing was found by %s of %s", by.Field, by.Kind)
		}
	}
	for _, x := range objects {
		k := kinds.Of(x)
		if k == nil {
			continue
		}
		got, err := direct.Get(ctx, k, toKey(x.GetNamespace(), x.GetName()))
		if err != nil || got != x {
			t.Errorf("%s: %v, %v; want the object itself", kinds.KeyOf(x), got, err)
		}
		for _, reader := range []Reader{direct, client} {
			if none, err := reader.Get(ctx, k, toKey("three", "nobody")); none != nil || err != nil {
				t.Errorf("%s that is not there: %v, %v", k.Name, none, err)
			}
		}
	}
	for namespace, want := range map[string]map[string]string{"one": {"is": "one"}, "three": nil} {
		for _, reader := range []Reader{direct, client} {
			if got, err := reader.Labels(ctx, namespace); err != nil || !cmp.Equal(got, want) {
				t.Errorf("labels of %s: %v, %v; want %v", namespace, got, err, want)
			}
		}
	}
}

func toKey(namespace, name string) client.ObjectKey {
	return client.ObjectKey{Namespace: namespace, Name: name}
}

// TestWhatIsReadOfACacheEndsWithItsContext has a cache that is never filled, and one that is.
func TestWhatIsReadOfACacheEndsWithItsContext(t *testing.T) {
	plan := testobj.Plan("h1").Obj()
	for name, synced := range map[string]bool{"a cache that is filled": true, "one that is not": false} {
		t.Run(name, func(t *testing.T) {
			s := filled(t, plan)
			for _, store := range append(slices.Collect(maps.Values(s.kinds)), s.namespaces) {
				store.synced = func() bool { return synced }
			}
			ended, end := context.WithCancel(t.Context())
			end()
			k := kinds.Named(kinds.JointPlan)
			_, get := s.Get(ended, k, client.ObjectKeyFromObject(plan))
			_, list := s.List(ended, plan.Namespace, k)
			_, find := s.Find(ended, kinds.PartnerOfPlan, plan.Namespace, "acme")
			_, shared := s.Shared(ended, kinds.PartnerOfPlan, plan.Namespace, "acme")
			_, labels := s.Labels(ended, plan.Namespace)
			for what, err := range map[string]error{"get": get, "list": list, "find": find, "shared": shared, "labels": labels} {
				if err == nil {
					t.Errorf("%s does not end with its context", what)
				}
			}
		})
	}
}

// opaque is a cache whose informers let nobody see what they hold.
type opaque struct{ cache.Cache }

func (opaque) GetInformer(context.Context, client.Object, ...cache.InformerGetOption) (cache.Informer, error) {
	return struct{ cache.Informer }{}, nil
}

// TestACacheThatShowsNoStoresIsReadThroughItsClient has its indexes, too.
func TestACacheThatShowsNoStoresIsReadThroughItsClient(t *testing.T) {
	added := indexes{}
	reader, err := OfCache(t.Context(), opaque{}, added, store())
	if _, is := reader.(through); !is || err != nil {
		t.Errorf("read by a %T, %v", reader, err)
	}
	if len(added) != len(kinds.References()) {
		t.Errorf("%d indexes were added, want one for each of %d references", len(added), len(kinds.References()))
	}
}
