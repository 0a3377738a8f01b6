package preview

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// result is what an evaluation returns.
type result struct {
	Object Object
	Next   time.Time
}

func (x *entry) on(snap *snapshot.Snapshot, now time.Time) (r result) {
	r.Object, r.Next = x.evaluate(snap, now)
	return r
}

// eachUnit calls see for all entries of each unit of work at instants over two years, with a snapshot of the unit.
func eachUnit(t *testing.T, set *manifest.Set, see func(entries []*entry, snap *snapshot.Snapshot, now time.Time)) {
	t.Helper()
	w := New(set)
	const days = 41
	for now := samplesAt.AddDate(-1, 0, 0); now.Before(samplesAt.AddDate(1, 0, 0)); now = now.AddDate(0, 0, days).Add(time.Hour) {
		epoch, _ := w.history.at(t.Context(), now)
		for _, one := range w.units {
			u := newUnit(w, one)
			u.advancePlans(t.Context(), now)
			u.keep()
			see(slices.Concat(u.rest, u.kept), u.snapshot(epoch.ledgers), now)
		}
	}
}

// crowd is a set of objects of which there are some of each kind.
func crowd(t *testing.T, c moneytest.Crowd) *manifest.Set {
	t.Helper()
	set, err := manifest.NewSet(c.Objects(), map[string]map[string]string{testobj.Namespace: nil})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func sharedSets(t *testing.T) map[string]*manifest.Set {
	t.Helper()
	few := moneytest.Crowd{Plans: 4, Campaigns: 3, Reviews: 3, Sets: 3, Decisions: 3, Pending: 3, Granted: 3, Claims: 3, Costs: 2, Limits: true, Accrual: true}
	return map[string]*manifest.Set{"samples": samples(t), "crowd": crowd(t, few)}
}

func TestAStatusFromASharedSnapshotIsThatFromOneOfItsOwn(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for name, set := range sharedSets(t) {
		t.Run(name, func(t *testing.T) {
			eachUnit(t, set, func(entries []*entry, snap *snapshot.Snapshot, now time.Time) {
				shuffle(random, entries)
				for _, x := range entries {
					if diff := cmp.Diff(x.on(snap.Apart(), now), x.on(snap, now)); diff != "" {
						t.Fatalf("%s at %s (-own +shared):\n%s", x.key, now, diff)
					}
				}
			})
		})
	}
}

func TestASharedSnapshotIsSafeForConcurrentUse(t *testing.T) {
	for name, set := range sharedSets(t) {
		t.Run(name, func(t *testing.T) {
			eachUnit(t, set, func(entries []*entry, snap *snapshot.Snapshot, now time.Time) {
				got := make([]result, len(entries))
				var group sync.WaitGroup
				for i, x := range entries {
					group.Go(func() { got[i] = x.on(snap, now) })
				}
				group.Wait()
				for i, x := range entries {
					if diff := cmp.Diff(x.on(snap.Apart(), now), got[i]); diff != "" {
						t.Fatalf("%s at %s (-own +shared):\n%s", x.key, now, diff)
					}
				}
			})
		})
	}
}

// TestAnObjectAsItMightBeIsNotShared evaluates objects that are not those of the snapshot, as drafts are: they see themselves, and nobody else sees
// them.
func TestAnObjectAsItMightBeIsNotShared(t *testing.T) {
	now := testobj.At(moneytest.NowOfCrowd)
	c := moneytest.Crowd{Granted: 1, Claims: 2, Costs: 1}
	snap := func() *snapshot.Snapshot {
		objects := []any{}
		for _, x := range c.Objects() {
			objects = append(objects, x)
		}
		return testobj.Snapshot(objects...)
	}
	shared := snap()
	request := shared.Allocation("r1").DeepCopy()
	request.Spec.WithdrawnOn = "2026-11-01"
	draft := shared.Claim("claim-0").DeepCopy()
	draft.Spec.Costs[0].Net = "2000.00"
	changed := shared.Plan("acme-h1").DeepCopy()
	changed.Spec.Goals = changed.Spec.Goals[:1]
	type statuses struct {
		Request v1alpha1.MDFAllocationStatus
		Claim   v1alpha1.MDFClaimStatus
		Plan    v1alpha1.JointPlanStatus
	}
	see := func(snap *snapshot.Snapshot, r *v1alpha1.MDFAllocation, c *v1alpha1.MDFClaim, p *v1alpha1.JointPlan) (s statuses) {
		s.Request, _ = outcome.Evaluate(snap, r, facts.Gate{}, now)
		s.Claim, _ = claim.Evaluate(snap, c, now)
		s.Plan = plan.Evaluate(snap, p, now).Status
		return s
	}
	held := func(snap *snapshot.Snapshot) statuses {
		return see(snap, snap.Allocation("r1"), snap.Claim("claim-0"), snap.Plan("acme-h1"))
	}
	as, might := held(snap()), see(snap(), request, draft, changed)
	for i := range 2 {
		if diff := cmp.Diff(as, held(shared)); diff != "" {
			t.Errorf("%d: what is held sees what might be (-want +got):\n%s", i, diff)
		}
		if diff := cmp.Diff(might, see(shared, request, draft, changed)); diff != "" {
			t.Errorf("%d: what might be sees what is held (-want +got):\n%s", i, diff)
		}
	}
	if might.Request.Stage != v1alpha1.AllocationWithdrawn || might.Claim.Claimed.Amount != "2000.00" || might.Plan.Revision == as.Plan.Revision {
		t.Errorf("what might be is as it is: %s, %s, %s", might.Request.Stage, might.Claim.Claimed.Amount, might.Plan.Revision)
	}
}
