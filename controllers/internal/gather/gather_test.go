package gather

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"jointplan.dev/jointplan/api/v1alpha1"
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
	}
	snap, err := New(store(objects...)).Snapshot(t.Context(), testobj.Plan("h1").Obj(), snapshot.Everything)
	if err != nil {
		t.Fatal(err)
	}
	for name, holds := range map[string]bool{
		"northwind": snap.Program("northwind") != nil, "acme": snap.Partner("acme") != nil, "h1": snap.Plan("h1") != nil,
		"r": snap.Allocation("r") != nil, "fy27": snap.Budget("fy27") != nil, "its ledger": snap.Ledger("fy27") != nil,
	} {
		if !holds {
			t.Errorf("%s is not in the snapshot", name)
		}
	}
	for name, holds := range map[string]bool{
		"southwind": snap.Program("southwind") != nil, "bolt": snap.Partner("bolt") != nil, "b1": snap.Plan("b1") != nil,
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
			g := New(store(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: testobj.Namespace, Labels: tc.labels}}, closed, secret,
				testobj.Program("open").Obj(), testobj.Budget("free").Obj(), testobj.Partner("acme").Obj(), testobj.Partner("top").Distributes().Obj(),
				testobj.Partner("far").In("another").Obj()))
			snap, err := g.Snapshot(t.Context(), testobj.Partner("acme").Obj(), snapshot.Judgement)
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

func TestWhoAskedForANameIsKnownUntilItsNextEvaluation(t *testing.T) {
	g := New(store(testobj.Partner("acme").Obj()))
	plan := testobj.Plan("h1").Obj()
	key := types.NamespacedName{Namespace: plan.Namespace, Name: plan.Name}
	asking := func(object client.Object, kind string) string {
		var names []string
		for _, request := range g.AskedFor(object, kind) {
			names = append(names, request.String())
		}
		return strings.Join(names, " ")
	}
	ask := func(names func(*Gathered)) {
		t.Helper()
		snap, err := g.Snapshot(t.Context(), plan, snapshot.Judgement)
		if err != nil {
			t.Fatal(err)
		}
		names(snap)
	}
	ask(func(s *Gathered) { s.PartnerNames(); s.PartnerNames(); s.ProgramNames() })
	for _, tc := range []struct {
		object client.Object
		kind   string
		want   string
	}{
		{testobj.Partner("x").Obj(), kinds.JointPlan, key.String()},
		{testobj.Program("x").Obj(), kinds.JointPlan, key.String()},
		{testobj.Partner("x").Obj(), kinds.Campaign, ""},          // another controller
		{testobj.Partner("x").In("y").Obj(), kinds.JointPlan, ""}, // another namespace
		{testobj.Campaign("x", "h1"), kinds.JointPlan, ""},        // another kind of name
	} {
		if got := asking(tc.object, tc.kind); got != tc.want {
			t.Errorf("for a %s in %q asked, of %s: %q, want %q", kinds.Of(tc.object).Name, tc.object.GetNamespace(), tc.kind, got, tc.want)
		}
	}
	ask(func(s *Gathered) { s.ProgramNames() })
	if partner, of := asking(testobj.Partner("x").Obj(), kinds.JointPlan), asking(testobj.Program("x").Obj(), kinds.JointPlan); partner != "" || of == "" {
		t.Errorf("after an evaluation that asked for programs alone, for partners asked %q, for programs %q", partner, of)
	}
	g.Forget(kinds.JointPlan, key)
	if of := asking(testobj.Program("x").Obj(), kinds.JointPlan); of != "" || len(g.asked.of)+len(g.asked.by) > 0 {
		t.Errorf("a plan that is gone asked %q; %v and %v are kept", of, g.asked.of, g.asked.by)
	}
}

// TestAnUnreadableCacheIsTold lets one read after the other fail.
func TestAnUnreadableCacheIsTold(t *testing.T) {
	earned := testobj.Budget("fy27").With(func(s *v1alpha1.MDFBudgetSpec) { s.Accrual = &v1alpha1.Accrual{Metric: "new-revenue"} }).Obj()
	whole := store(testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj(), testobj.Plan("h1").Obj(), earned, testobj.Ledger("fy27").Obj(),
		testobj.Allocation("r").On("h1", "fy27").Obj(), testobj.Claim("lost", "no-such-request").Obj())
	for name, gathers := range map[string]func(*Gatherer) error{
		"a snapshot": func(g *Gatherer) error {
			snap, err := g.Snapshot(t.Context(), testobj.Allocation("r").On("h1", "fy27").Obj(), snapshot.Everything)
			if err == nil {
				snap.PlanNames()
				snap.Elsewhere("x")
				err = snap.Err()
			}
			return err
		},
		"a claim on nothing": func(g *Gatherer) error {
			_, err := g.Snapshot(t.Context(), testobj.Claim("lost", "no-such-request").Obj(), snapshot.Everything)
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
				err := gathers(New(interceptor.NewClient(whole, interceptor.Funcs{
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
				})))
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
	g := New(cached)
	pool, err := g.Pool(t.Context(), "fy27")
	if err != nil {
		t.Fatal(err)
	}
	now, err := g.Live(t.Context(), live, pool, []string{testobj.Namespace})
	if err != nil || len(now.Snapshots) == 0 {
		t.Fatalf("%d partners, %v", len(now.Snapshots), err)
	}
	for _, snap := range now.Snapshots {
		if snap.Elsewhere("b") {
			t.Error("a request that the server does not have is taken for another partner's")
		}
	}
}

// TestToCompileAProgramKeepsNobodyFromAnother holds the compiling of one.
func TestToCompileAProgramKeepsNobodyFromAnother(t *testing.T) {
	g := New(store())
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
	g := New(store())
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
