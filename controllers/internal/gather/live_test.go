package gather

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/testobj"
)

// few are the names of objects that name each other.
var few = []string{"a", "b", "c", "d"}

// anObject is one of a kind, with references to others, or to what is not there.
func anObject(t *rapid.T, kind, own string) client.Object {
	name := func(what string) v1alpha1.Name { return v1alpha1.Name(rapid.SampledFrom(few).Draw(t, what)) }
	switch kind {
	case kinds.Partner:
		return testobj.Partner(own).Obj()
	case kinds.JointPlan:
		partner := name("partner")
		return testobj.Plan(own).With(func(s *v1alpha1.JointPlanSpec) { s.PartnerRef.Name = partner }).Obj()
	case kinds.PlanRevision:
		revision := &v1alpha1.PlanRevision{ObjectMeta: metav1.ObjectMeta{Name: own, Namespace: testobj.Namespace}}
		revision.Spec.PlanRef.Name, revision.Spec.Terms.PartnerRef.Name = name("plan"), name("partner")
		return revision
	case kinds.ApprovalDecision:
		decision := testobj.Decision(own, "", "v1:0", v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z")
		decision.Spec.TargetRef.Kind = rapid.SampledFrom([]string{kinds.JointPlan, kinds.MDFAllocation, kinds.MDFClaim}).Draw(t, "target")
		decision.Spec.TargetRef.Name = name("of")
		return decision
	case kinds.MDFAllocation:
		return testobj.Allocation(own).On(name("plan"), "fy27").Obj()
	default:
		return testobj.Claim(own, name("request")).Cost(v1alpha1.Word(name("invoice")), "1.00").Obj()
	}
}

// TestWhatIsReadLiveIsWhatTheServerHas has random namespaces of which the cache lags behind: it does not show what came, still shows what is gone, and
// shows what was edited as it was. What was edited and is nobody's who is read live is not read.
func TestWhatIsReadLiveIsWhatTheServerHas(t *testing.T) {
	of := []string{kinds.Partner, kinds.JointPlan, kinds.PlanRevision, kinds.ApprovalDecision, kinds.MDFAllocation, kinds.MDFClaim}
	rapid.Check(t, func(rt *rapid.T) {
		fixed := []client.Object{testobj.Budget("fy27").Obj(), testobj.Ledger("fy27").Obj()}
		cached, server := slices.Clone(fixed), slices.Clone(fixed)
		for _, kind := range of {
			for _, own := range few {
				before, other := anObject(rt, kind, own), anObject(rt, kind, own)
				before.SetResourceVersion("9")
				before.SetUID("first")
				other.SetResourceVersion("10")
				other.SetUID("second")
				now, _ := before.DeepCopyObject().(client.Object)
				if kind == kinds.JointPlan { // of all others it cannot be changed what they name
					now, _ = other.DeepCopyObject().(client.Object)
					now.SetUID("first")
				}
				now.SetResourceVersion("10")
				switch rapid.SampledFrom([]string{"nowhere", "came", "gone", "edited", "again", "same", "same"}).Draw(rt, "where") {
				case "came":
					server = append(server, other)
				case "gone":
					cached = append(cached, before)
				case "edited":
					server, cached = append(server, now), append(cached, before)
				case "again": // deleted and created
					server, cached = append(server, other), append(cached, before)
				case "same":
					server, cached = append(server, before), append(cached, before)
				}
			}
		}
		g := New(filled(t, cached...))
		pool, err := g.Pool(t.Context(), "fy27")
		if err != nil {
			rt.Fatal(err)
		}
		touched := testobj.Namespace + "/" + rapid.SampledFrom(few).Draw(rt, "touched")
		whole := rapid.Bool().Draw(rt, "whole")
		reads := map[string]int{}
		counting := interceptor.NewClient(store(server...), interceptor.Funcs{
			Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, into client.Object, options ...client.GetOption) error {
				reads[kinds.Of(into).Name+" "+key.Name]++
				return c.Get(ctx, key, into, options...)
			},
		})
		now, err := g.Live(t.Context(), OneByOne(counting), pool, []string{touched}, whole)
		if err != nil {
			rt.Fatal(err)
		}
		for _, x := range server {
			own, _ := x.(kinds.Object)
			name := kinds.Of(own).Name + " " + own.GetName()
			if reads[name] > 0 && slices.Contains(cached, x) && kinds.Of(own).Namespaced {
				rt.Errorf("%s was read, though the cache has it", name)
			}
		}
		actual, err := New(filled(t, server...)).Pool(t.Context(), "fy27")
		if err != nil {
			rt.Fatal(err)
		}
		isLive := func(names []string) bool {
			return slices.ContainsFunc(names, func(name string) bool { return now.IsLive([]string{testobj.Namespace + "/" + name}) })
		}
		want := append(described(actual, isLive), described(pool, func(names []string) bool { return !isLive(names) })...)
		slices.Sort(want)
		if diff := cmp.Diff(want, described(now, func([]string) bool { return true })); diff != "" {
			rt.Fatalf("partners (-want +got):\n%s", diff)
		}
		if !now.IsLive([]string{touched}) {
			rt.Errorf("%s was not read live", touched)
		}
		if whole && slices.ContainsFunc(actual.Snapshots, func(snap *snapshot.Snapshot) bool { return !isLive(namesOf(snap.Allocations())) }) {
			rt.Error("not the whole namespace was read live")
		}
	})
}

// described says, by partner, which objects are in a pool, in which versions, as far as a filter keeps the partner by its requests.
func described(pool Pool, keep func(requests []string) bool) []string {
	list := []string{}
	for _, snap := range pool.Snapshots {
		if !keep(namesOf(snap.Allocations())) {
			continue
		}
		var words []string
		for _, own := range few {
			name := v1alpha1.Name(own)
			words = slices.Concat(words, told(snap.Partner(name)), told(snap.Plan(name)), told(snap.Revision(name)), told(snap.Decision(name)),
				told(snap.Allocation(name)), told(snap.Claim(name)))
		}
		list = append(list, strings.Join(words, " "))
	}
	slices.Sort(list)
	return list
}

// told says which object something is, and in which version; nothing of none.
func told[T interface {
	comparable
	kinds.Object
}](x T) []string {
	var none T
	if x == none {
		return nil
	}
	return []string{kinds.KeyOf(x).String() + "@" + x.GetResourceVersion()}
}

// TestTheServerIsAskedSeveralQuestionsAtOnce counts those that wait for an answer, and has one fail.
func TestTheServerIsAskedSeveralQuestionsAtOnce(t *testing.T) {
	const kindsAtLeast = 5
	patient, done := context.WithTimeout(t.Context(), time.Minute)
	defer done()
	var asked atomic.Int32
	several := make(chan struct{})
	blocked := interceptor.NewClient(store(), interceptor.Funcs{
		List: func(ctx context.Context, c client.WithWatch, into client.ObjectList, options ...client.ListOption) error {
			if asked.Add(1) == kindsAtLeast {
				close(several)
			}
			select {
			case <-several:
			case <-ctx.Done():
				return ctx.Err()
			}
			if strings.HasPrefix(into.GetObjectKind().GroupVersionKind().Kind, kinds.MDFClaim) {
				return errors.New("no")
			}
			return c.List(ctx, into, options...)
		},
	})
	_, err := OfServer(blocked).list(patient, Through(store()), testobj.Namespace, judging()...)
	if err == nil || !strings.Contains(err.Error(), "list the versions of mdfclaims: no") {
		t.Errorf("error %v, want one that names what could not be listed", err)
	}
}

// TestWhatIsNobodysConcernIsNotRead has one partner edit a claim while money moves for another one, and for itself.
func TestWhatIsNobodysConcernIsNotRead(t *testing.T) {
	claim := testobj.Claim("c", "rb").Cost("17", "1.00").Obj()
	claim.UID, claim.ResourceVersion = "c", "9"
	edited := claim.DeepCopy()
	edited.ResourceVersion, edited.Spec.ClaimedOn = "10", "2026-11-03"
	plan := func(name string, of v1alpha1.Name) client.Object {
		return testobj.Plan(name).With(func(s *v1alpha1.JointPlanSpec) { s.PartnerRef.Name = of }).Obj()
	}
	same := []client.Object{
		testobj.Budget("fy27").Obj(), testobj.Ledger("fy27").Obj(), testobj.Partner("acme").Obj(), testobj.Partner("bolt").Obj(),
		plan("a", "acme"), plan("b", "bolt"), testobj.Allocation("ra").On("a", "fy27").Obj(), testobj.Allocation("rb").On("b", "fy27").Obj(),
	}
	for _, x := range same {
		x.SetResourceVersion("8")
	}
	server := store(append(slices.Clone(same), edited)...)
	g := New(filled(t, append(slices.Clone(same), claim)...))
	pool, err := g.Pool(t.Context(), "fy27")
	if err != nil {
		t.Fatal(err)
	}
	for request, want := range map[string][]string{"ra": nil, "rb": {"c"}} {
		var read []string
		counting := interceptor.NewClient(server, interceptor.Funcs{
			Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, into client.Object, options ...client.GetOption) error {
				if key.Namespace != "" {
					read = append(read, key.Name)
				}
				return c.Get(ctx, key, into, options...)
			},
		})
		now, err := g.Live(t.Context(), OneByOne(counting), pool, []string{testobj.Namespace + "/" + request}, false)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, read); diff != "" {
			t.Errorf("read for %s (-want +got):\n%s", request, diff)
		}
		for _, snap := range now.Snapshots {
			if seen := snap.Claim("c"); seen != nil && (seen.Spec.ClaimedOn == edited.Spec.ClaimedOn) != (request == "rb") {
				t.Errorf("for %s the claim is that of %s", request, seen.Spec.ClaimedOn)
			}
		}
	}
}

// TestWhatWasMeasuredIsReadLiveWhereMoneyRestsOnIt has a request that is contingent on a goal by now, which the cache does not show, and one that is not.
func TestWhatWasMeasuredIsReadLiveWhereMoneyRestsOnIt(t *testing.T) {
	for name, tc := range map[string]struct {
		contingent bool
		want       string
	}{"a request that is contingent": {true, "10"}, "one that is not": {false, "9"}} {
		t.Run(name, func(t *testing.T) {
			set := testobj.Measurements("m", v1alpha1.SubjectPartner, "acme").Obj()
			request := testobj.Allocation("r").On("h1", "fy27").Obj()
			set.UID, set.ResourceVersion, request.UID, request.ResourceVersion = "m", "9", "r", "9"
			newer, edited := set.DeepCopy(), request.DeepCopy()
			newer.ResourceVersion, edited.ResourceVersion = "10", "10"
			if tc.contingent {
				edited.Spec.ContingentOn = []v1alpha1.Contingency{{Goal: "leads", AtLeast: "80"}}
			}
			same := []client.Object{testobj.Budget("fy27").Obj(), testobj.Ledger("fy27").Obj(), testobj.Partner("acme").Obj(), testobj.Plan("h1").Obj()}
			for _, x := range same {
				x.SetResourceVersion("8")
			}
			g := New(filled(t, append(slices.Clone(same), set, request)...))
			pool, err := g.Pool(t.Context(), "fy27")
			if err != nil {
				t.Fatal(err)
			}
			now, err := g.Live(t.Context(), OneByOne(store(append(slices.Clone(same), newer, edited)...)), pool, []string{nameOf(request)}, false)
			if err != nil || len(now.Snapshots) != 1 {
				t.Fatalf("%d partners, %v", len(now.Snapshots), err)
			}
			var got []string
			for _, x := range now.Snapshots[0].MeasurementsAbout(v1alpha1.SubjectPartner, "acme") {
				got = append(got, x.ResourceVersion)
			}
			if diff := cmp.Diff([]string{tc.want}, got); diff != "" {
				t.Errorf("versions of what was measured (-want +got):\n%s", diff)
			}
		})
	}
}
