package gather

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/storetest"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/testobj"
)

func store(objects ...client.Object) client.WithWatch {
	return storetest.Builder().WithObjects(objects...).Build()
}

// restricted are namespaces with a label.
func restricted() *v1alpha1.AllowedNamespaces {
	return &v1alpha1.AllowedNamespaces{
		From: v1alpha1.NamespacesFromSelector, Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"may": "use"}},
	}
}

// TestASnapshotHoldsOnePartnerAndWhatItMayUse has a second partner beside the first, and a program, a budget and a ledger that it does not name.
func TestASnapshotHoldsOnePartnerAndWhatItMayUse(t *testing.T) {
	objects := []client.Object{
		testobj.Program("northwind").Obj(), testobj.Program("southwind").Obj(), testobj.Budget("fy27").Obj(), testobj.Budget("fy28").Obj(),
		testobj.Ledger("fy27").Obj(), testobj.Ledger("fy28").Obj(), testobj.Partner("acme").Obj(), testobj.Partner("bolt").Obj(),
		testobj.Plan("h1").Obj(), testobj.Plan("b1").With(func(s *v1alpha1.JointPlanSpec) { s.PartnerRef.Name = "bolt" }).Obj(),
		testobj.Allocation("r").On("h1", "fy27").Obj(), testobj.Allocation("b").On("b1", "fy28").Obj(),
		testobj.Published("northwind-fy2026-q4", "northwind"), testobj.Published("northwind-fy2027-q1", "northwind"),
		testobj.Published("southwind-fy2027-q1", "southwind"),
	}
	snap, err := New(Through(store(objects...))).Snapshot(t.Context(), &queue.Turn{}, testobj.Plan("h1").Obj())
	if err != nil {
		t.Fatal(err)
	}
	for name, holds := range map[string]bool{
		"northwind": snap.Program("northwind") != nil, "acme": snap.Partner("acme") != nil, "h1": snap.Plan("h1") != nil,
		"its benchmarks": len(snap.Benchmarks("northwind")) == 2, "r": snap.Allocation("r") != nil, "fy27": snap.Budget("fy27") != nil, "its ledger": snap.Ledger("fy27") != nil,
	} {
		if !holds {
			t.Errorf("%s is not in the snapshot", name)
		}
	}
	for name, holds := range map[string]bool{
		"southwind": snap.Program("southwind") != nil, "its benchmark": snap.Benchmarks("southwind") != nil, "bolt": snap.Partner("bolt") != nil, "b1": snap.Plan("b1") != nil,
		"b": snap.Allocation("b") != nil, "fy28": snap.Budget("fy28") != nil, "its ledger": snap.Ledger("fy28") != nil,
	} {
		if holds {
			t.Errorf("%s is in the snapshot", name)
		}
	}
	if !snap.Elsewhere("b") || snap.Elsewhere("no-such-request") || snap.Err() != nil {
		t.Errorf("b is elsewhere: %t, what does not exist: %t, error %v", snap.Elsewhere("b"), snap.Elsewhere("no-such-request"), snap.Err())
	}
}

func TestNamesAreThoseThatTheNamespaceMayUse(t *testing.T) {
	closed := testobj.Program("closed").With(func(s *v1alpha1.PartnerProgramSpec) { s.AllowedNamespaces = restricted() }).Obj()
	secret := testobj.Budget("secret").With(func(s *v1alpha1.MDFBudgetSpec) { s.AllowedNamespaces = restricted() }).Obj()
	for name, tc := range map[string]struct {
		labels map[string]string
		want   string
	}{
		"a namespace without the label": {nil, "programs [open], budgets [free], partners [acme top], distributors [top]"},
		"one with it":                   {map[string]string{"may": "use"}, "programs [closed open], budgets [free secret], partners [acme top], distributors [top]"},
	} {
		t.Run(name, func(t *testing.T) {
			g := New(Through(store(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: testobj.Namespace, Labels: tc.labels}}, closed, secret,
				testobj.Program("open").Obj(), testobj.Budget("free").Obj(), testobj.Partner("acme").Obj(), testobj.Partner("top").Distributes().Obj(),
				testobj.Partner("far").In("another").Obj())))
			snap, err := g.Snapshot(t.Context(), &queue.Turn{}, testobj.Partner("acme").Obj())
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprintf("programs %v, budgets %v, partners %v, distributors %v",
				snap.ProgramNames(), snap.BudgetNames(), snap.PartnerNames(), snap.DistributorNames())
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheUnitOfWhoAskedForANameIsKnownUntilItIsGone(t *testing.T) {
	plan := testobj.Plan("h1").With(func(s *v1alpha1.JointPlanSpec) { s.PartnerRef.Name = "ame" }).Obj()
	kept := store(plan)
	g, unit := New(Through(kept)), snapshot.Root{Namespace: plan.Namespace, Kind: kinds.Partner, Name: "ame"}
	snap, err := g.Snapshot(t.Context(), &queue.Turn{}, plan)
	if err != nil {
		t.Fatal(err)
	}
	snap.PartnerNames()
	snap.PartnerNames()
	snap.ProgramNames()
	for _, tc := range []struct {
		object client.Object
		want   []snapshot.Root
	}{
		{testobj.Partner("x").Obj(), []snapshot.Root{unit}},
		{testobj.Program("x").Obj(), []snapshot.Root{unit}},
		{testobj.Partner("x").In("y").Obj(), nil}, // another namespace
		{testobj.Campaign("x", "h1"), nil},        // another kind of name
	} {
		if got := g.AskedFor(tc.object); !slices.Equal(got, tc.want) {
			t.Errorf("for a %s in %q asked %v, want %v", kinds.Of(tc.object).Name, tc.object.GetNamespace(), got, tc.want)
		}
	}
	if err := kept.Delete(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Unit(t.Context(), &queue.Turn{}, unit); err != nil || len(g.asked.of) > 0 {
		t.Errorf("of a unit that is gone %v is kept, %v", g.asked.of, err)
	}
}

// TestAnUnreadableCacheIsTold lets one read after the other fail.
func TestAnUnreadableCacheIsTold(t *testing.T) {
	earned := testobj.Budget("fy27").With(func(s *v1alpha1.MDFBudgetSpec) { s.Accrual = &v1alpha1.Accrual{Metric: "new-revenue"} }).Obj()
	whole := store(testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj(), testobj.Plan("h1").Obj(), earned, testobj.Ledger("fy27").Obj(),
		testobj.Allocation("r").On("h1", "fy27").Obj(), testobj.Claim("lost", "no-such-request").Obj())
	for name, gathers := range map[string]func(*Gatherer) error{
		"a snapshot": func(g *Gatherer) error {
			snap, err := g.Snapshot(t.Context(), &queue.Turn{}, testobj.Allocation("r").On("h1", "fy27").Obj())
			if err == nil {
				snap.PlanNames()
				snap.Elsewhere("x")
				err = snap.Err()
			}
			return err
		},
		"a claim on nothing": func(g *Gatherer) error {
			_, err := g.Snapshot(t.Context(), &queue.Turn{}, testobj.Claim("lost", "no-such-request").Obj())
			return err
		},
		"a pool": func(g *Gatherer) error {
			pool, err := g.Pool(t.Context(), "fy27")
			if err == nil {
				ledger.Decide(pool.Pool, testobj.At("2026-10-01T10:00:00Z"))
				pool.Snapshots[0].Elsewhere("x")
				err = pool.Err()
			}
			return err
		},
		"a roll-up": func(g *Gatherer) error {
			_, err := g.RollUp(t.Context(), testobj.Program("northwind").Obj())
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			for broken := 0; ; broken++ {
				reads := 0
				read := func() error {
					reads++
					if reads == broken+1 {
						return errors.New("stopping")
					}
					return nil
				}
				err := gathers(New(Through(interceptor.NewClient(whole, interceptor.Funcs{
					Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, into client.Object, options ...client.GetOption) error {
						if err := read(); err != nil {
							return err
						}
						return c.Get(ctx, key, into, options...)
					},
					List: func(ctx context.Context, c client.WithWatch, into client.ObjectList, options ...client.ListOption) error {
						if err := read(); err != nil {
							return err
						}
						return c.List(ctx, into, options...)
					},
				}))))
				if reads <= broken { // all reads have failed once
					if err != nil || broken < 3 {
						t.Errorf("after %d reads: %v", reads, err)
					}
					return
				}
				if err == nil || !strings.Contains(err.Error(), "stopping") {
					t.Errorf("read %d fails, and the error is %v", broken+1, err)
				}
			}
		})
	}
}

// TestBeforeMoneyMovesTheServerSaysWhoseARequestIs: a cache that still has a request which is gone would take its entry for another partner's.
func TestBeforeMoneyMovesTheServerSaysWhoseARequestIs(t *testing.T) {
	objects := func() []client.Object {
		boltsPlan := testobj.Plan("b1").With(func(s *v1alpha1.JointPlanSpec) { s.PartnerRef.Name = "bolt" }).Obj()
		return []client.Object{
			testobj.Program("northwind").Obj(), testobj.Budget("fy27").Obj(), testobj.Partner("acme").Obj(), testobj.Partner("bolt").Obj(), testobj.Plan("h1").Obj(),
			boltsPlan, testobj.Allocation("r").On("h1", "fy27").Obj(),
		}
	}
	live, cached := store(objects()...), store(append(objects(), testobj.Allocation("b").On("b1", "fy27").Obj())...)
	g := New(Through(cached))
	pool, err := g.Pool(t.Context(), "fy27")
	if err != nil {
		t.Fatal(err)
	}
	now, err := g.Live(t.Context(), OneByOne(live), pool, []string{testobj.Namespace + "/r"}, false)
	if err != nil || len(now.Snapshots) == 0 {
		t.Fatalf("%d partners, %v", len(now.Snapshots), err)
	}
	for _, snap := range now.Snapshots {
		if snap.Allocation("r") != nil && snap.Elsewhere("b") {
			t.Error("a request that the server does not have is taken for another partner's")
		}
	}
}

// TestOfAPoolThosePartnersAreReadLiveOnWhomADecisionRests has a plan that moved from one partner to another, and a request that is gone, which the cache
// does not show yet.
func TestOfAPoolThosePartnersAreReadLiveOnWhomADecisionRests(t *testing.T) {
	plan := func(name string, of v1alpha1.Name) client.Object {
		return testobj.Plan(name).With(func(s *v1alpha1.JointPlanSpec) { s.PartnerRef.Name = of }).Obj()
	}
	request := func(name string, plan v1alpha1.Name) client.Object {
		return testobj.Allocation(name).On(plan, "fy27").Obj()
	}
	same := []client.Object{
		testobj.Budget("fy27").Obj(), testobj.Ledger("fy27").Obj(), testobj.Partner("acme").Obj(), testobj.Partner("bolt").Obj(), testobj.Partner("core").Obj(),
		plan("a", "acme"), plan("b2", "bolt"), plan("c", "core"), request("ra", "a"), request("rb1", "b1"), request("rb2", "b2"), request("rc", "c"),
	}
	cached := filled(t, append(slices.Clone(same), plan("b1", "bolt"), request("gone", "c"))...)
	live := store(append(slices.Clone(same), plan("b1", "acme"))...)
	for _, x := range same { // in the version that the server has
		if err := live.Get(t.Context(), client.ObjectKeyFromObject(x), x); err != nil {
			t.Fatal(err)
		}
	}
	g := New(cached)
	pool, err := g.Pool(t.Context(), "fy27")
	if err != nil {
		t.Fatal(err)
	}
	partners := func(pool Pool) []string {
		var list []string
		for _, snap := range pool.Snapshots {
			var names []string
			for _, a := range snap.Allocations() {
				names = append(names, a.Name)
			}
			list = append(list, strings.Join(names, " "))
		}
		slices.Sort(list)
		return list
	}
	if diff := cmp.Diff([]string{"gone rc", "ra", "rb1 rb2"}, partners(pool)); diff != "" {
		t.Errorf("requests by partner, as cached (-want +got):\n%s", diff)
	}
	for name, tc := range map[string]struct {
		requests  []string
		whole     bool
		want      []string
		live, not []string
	}{
		"one of the partner that the plan came to": {
			requests: []string{"ra"}, want: []string{"gone rc", "ra rb1", "rb2"}, live: []string{"ra", "rb1", "rb2"}, not: []string{"rc", "gone"},
		},
		"one of the partner that it left": {
			requests: []string{"rb2"}, want: []string{"gone rc", "ra rb1", "rb2"}, live: []string{"ra", "rb1", "rb2"}, not: []string{"rc", "gone"},
		},
		"one that is gone":                    {requests: []string{"gone"}, want: []string{"ra", "rb1 rb2", "rc"}, live: []string{"gone", "rc"}, not: []string{"ra"}},
		"one that never was":                  {requests: []string{"never"}, want: []string{"gone rc", "ra", "rb1 rb2"}, live: []string{"never"}, not: []string{"ra"}},
		"all of the namespaces of what is":    {requests: []string{"rc"}, whole: true, want: []string{"ra rb1", "rb2", "rc"}, live: []string{"ra", "rb1", "rb2", "rc"}},
		"all of the namespaces of what isn't": {requests: []string{"never"}, whole: true, want: []string{"ra rb1", "rb2", "rc"}, live: []string{"never", "ra", "rc"}},
	} {
		t.Run(name, func(t *testing.T) {
			full := func(names []string) (list []string) {
				for _, name := range names {
					list = append(list, testobj.Namespace+"/"+name)
				}
				return list
			}
			now, err := g.Live(t.Context(), OneByOne(live), pool, full(tc.requests), tc.whole)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, partners(now)); diff != "" {
				t.Errorf("requests by partner (-want +got):\n%s", diff)
			}
			if !now.IsLive(full(tc.live)) {
				t.Errorf("not all of %v were read live", tc.live)
			}
			for _, name := range tc.not {
				if now.IsLive(full([]string{name})) {
					t.Errorf("%s is taken for one that was read live", name)
				}
			}
			for _, snap := range now.Snapshots {
				for _, a := range snap.Allocations() {
					if slices.Contains(pool.Snapshots, snap) == now.IsLive([]string{nameOf(a)}) {
						t.Errorf("%s is read live and from the cache, or neither", a.Name)
					}
				}
			}
		})
	}
}

// TestAPartnerIsInAPoolOnce has one with more requests than are looked at, 500.
func TestAPartnerIsInAPoolOnce(t *testing.T) {
	const beyond = 503
	objects := []client.Object{testobj.Budget("fy27").Obj(), testobj.Partner("acme").Obj(), testobj.Plan("h1").Obj()}
	for i := range beyond {
		objects = append(objects, testobj.Allocation(fmt.Sprintf("r-%d", i)).On("h1", "fy27").Obj())
	}
	g := New(filled(t, objects...))
	pool, err := g.Pool(t.Context(), "fy27")
	if err != nil || len(pool.Snapshots) != 1 {
		t.Errorf("a partner is in a pool %d times, %v", len(pool.Snapshots), err)
	}
	live, err := g.Live(t.Context(), OneByOne(store(objects...)), pool, []string{testobj.Namespace + "/r-0"}, false)
	if err != nil || len(live.Snapshots) != 1 {
		t.Errorf("a partner is in a pool %d times when it is read live, %v", len(live.Snapshots), err)
	}
}

// TestToCompileAProgramKeepsNobodyFromAnother holds the compiling of one.
func TestToCompileAProgramKeepsNobodyFromAnother(t *testing.T) {
	g := New(Through(store()))
	large, small := testobj.Program("large").Obj(), testobj.Program("small").Obj()
	begun, held := make(chan struct{}), make(chan struct{})
	g.programs["large"] = &compiled{uid: large.UID, generation: large.Generation, program: func() *program.Program {
		close(begun)
		<-held
		return program.Compile(large.Name, &large.Spec)
	}}
	done := make(chan *program.Program)
	go func() { done <- g.Compiled(large) }()
	<-begun
	if g.Compiled(small) == nil { // it would wait for ever
		t.Error("the other program is not compiled")
	}
	close(held)
	if <-done == nil {
		t.Error("the program is not compiled")
	}
}

func TestAProgramIsCompiledOncePerGeneration(t *testing.T) {
	g := New(Through(store()))
	first := testobj.Program("northwind").Obj()
	edited, again := first.DeepCopy(), first.DeepCopy()
	edited.Generation, again.UID = 2, "another"
	one := g.Compiled(first)
	if g.Compiled(first.DeepCopy()) != one {
		t.Error("the same generation is compiled twice")
	}
	if g.Compiled(edited) == one {
		t.Error("an edited program is not compiled anew")
	}
	if two := g.Compiled(again); two == one || g.Compiled(again) != two {
		t.Error("another program of this name is not compiled anew, or not once")
	}
	g.Forget(kinds.JointPlan, types.NamespacedName{Name: "northwind"}) // a plan of this name
	if len(g.programs) != 1 {
		t.Errorf("%d programs are kept, want one", len(g.programs))
	}
	g.Forget(kinds.PartnerProgram, types.NamespacedName{Name: "northwind"})
	if len(g.programs) != 0 {
		t.Errorf("%d programs are kept of those that are gone", len(g.programs))
	}
}
