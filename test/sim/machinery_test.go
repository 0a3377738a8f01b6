package sim_test

import (
	"slices"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestSimStoreActsAsAnAPIServer looks at what managers rely on: resource versions, generations, conflicts and the rules of ledgers.
func TestSimStoreActsAsAnAPIServer(t *testing.T) {
	store := newSimStore()
	request := testobj.Allocation("r1").Obj()
	simMust(t, store.create(request))
	if request.Generation != 1 || request.ResourceVersion != "1" || request.UID == "" || request.Status.ObservedGeneration != -1 {
		t.Errorf("a new object is %v with status %v", request.ObjectMeta, request.Status)
	}
	stale := request.DeepCopy()
	request.Spec.Place = "Ulm"
	simMust(t, store.update(request))
	if request.Generation != 2 || request.ResourceVersion != "2" {
		t.Errorf("after a change of its spec the object is %v", request.ObjectMeta)
	}
	request.Status.Stage = v1alpha1.AllocationWaiting
	simMust(t, store.updateStatus(request))
	simMust(t, store.updateStatus(request)) // changes nothing
	if request.Generation != 2 || request.ResourceVersion != "3" {
		t.Errorf("after a change of its status the object is %v", request.ObjectMeta)
	}
	for name, write := range map[string]func(client.Object) error{"update": store.update, "status": store.updateStatus} {
		if err := write(stale.DeepCopy()); !apierrors.IsConflict(err) {
			t.Errorf("%s of an old version: %v, want a conflict", name, err)
		}
	}
	if err := store.create(testobj.Allocation("r1").Obj()); !apierrors.IsAlreadyExists(err) {
		t.Errorf("second creation: %v", err)
	}
	before := store.at(1)
	if place := before[simAllocations][0].(*v1alpha1.MDFAllocation).Spec.Place; place != "" {
		t.Errorf("after the first change the place was %q", place)
	}
	simMust(t, store.remove(request, simInstant(testobj.At("2026-08-01T00:00:00Z"))))
	if _, err := store.get(simAllocations, client.ObjectKeyFromObject(request)); !apierrors.IsNotFound(err) {
		t.Errorf("after its deletion: %v", err)
	}
}

// TestSimStoreKeepsTheRulesOfLedgers tries what the schema of MDFLedger refuses.
func TestSimStoreKeepsTheRulesOfLedgers(t *testing.T) {
	ledger := func() *v1alpha1.MDFLedgerSpec {
		b := testobj.Ledger("b").Reserved("a/r/1", 100).Reserved("a/q/1", 50).Settled("a/r/1/c", 20)
		return b.With(func(s *v1alpha1.MDFLedgerSpec) { s.LimitMinor = 200 }).Obj().Spec.DeepCopy()
	}
	for name, test := range map[string]struct {
		change  func(*v1alpha1.MDFLedgerSpec)
		refused bool
	}{
		"a grant that fits":                 {func(s *v1alpha1.MDFLedgerSpec) { s.Reserved["a/p/1"] = 30 }, false},
		"a grant above the limit":           {func(s *v1alpha1.MDFLedgerSpec) { s.Reserved["a/p/1"] = 31 }, true},
		"a lowered limit that shrinks":      {func(s *v1alpha1.MDFLedgerSpec) { s.LimitMinor = 10; s.Reserved["a/q/1"] = 0 }, false},
		"a lowered limit that grows":        {func(s *v1alpha1.MDFLedgerSpec) { s.LimitMinor = 10; s.Reserved["a/p/1"] = 1 }, true},
		"a reservation that grows":          {func(s *v1alpha1.MDFLedgerSpec) { s.Reserved["a/q/1"] = 51 }, true},
		"a reservation that vanishes":       {func(s *v1alpha1.MDFLedgerSpec) { delete(s.Reserved, "a/q/1") }, true},
		"a settlement that changes":         {func(s *v1alpha1.MDFLedgerSpec) { s.Settled["a/r/1/c"] = 19 }, true},
		"a negative reservation":            {func(s *v1alpha1.MDFLedgerSpec) { s.Reserved["a/q/1"] = -1 }, true},
		"a settlement of what was reserved": {func(s *v1alpha1.MDFLedgerSpec) { s.Reserved["a/r/1"] = 60; s.Settled["a/r/1/d"] = 40 }, false},
	} {
		t.Run(name, func(t *testing.T) {
			store := newSimStore()
			stored := testobj.Ledger("b").Obj()
			stored.UID, stored.Spec = "", *ledger()
			simMust(t, store.create(stored))
			test.change(&stored.Spec)
			if err := store.update(stored); apierrors.IsInvalid(err) != test.refused || err != nil && !test.refused {
				t.Errorf("got %v, want refused: %t", err, test.refused)
			}
		})
	}
}

// TestSimProcessSeesWhatItsCacheSaw looks at a cache that lags, at live reads, and at a restart.
func TestSimProcessSeesWhatItsCacheSaw(t *testing.T) {
	w := newSimWorld(1, simFaults{})
	w.calm = true
	p := w.processes[0]
	w.drain(p)
	request := testobj.Allocation("r9").In("acme").On("acme", simBudgetOne).Obj()
	simMust(t, w.store.create(request))
	key := types.NamespacedName{Namespace: "acme", Name: "r9"}
	if p.cache[simAllocations].get(key) != nil || p.liveTables()[simAllocations].get(key) == nil {
		t.Error("a new object must be read live, and not from a cache that has not seen it")
	}
	if work := p.describe(); work != "" {
		t.Errorf("before the event there is something to do: %s", work)
	}
	p.advance(simAllocations, p.lag(simAllocations))
	if work := p.describe(); !strings.Contains(work, "mdfallocation acme/r9") || !strings.Contains(work, "mdfbudget /"+simBudgetOne) {
		t.Errorf("after the event there is to do: %s", work)
	}
	p.down = true
	w.restart()
	if p = w.processes[0]; p.down || p.cache[simAllocations].get(key) == nil || !strings.Contains(p.describe(), "mdfallocation acme/r9") {
		t.Errorf("after a restart there is to do: %s", p.describe())
	}
}

// TestLedgerOfADeletedBudgetIsLookedAtFromTheStart is about a manager that starts when a budget is gone and its ledger is not: what the ledger holds
// is still to be settled and released, and no event brings it up.
func TestLedgerOfADeletedBudgetIsLookedAtFromTheStart(t *testing.T) {
	w := newSimWorld(1, simFaults{})
	ledger := testobj.Ledger("gone").Obj()
	ledger.UID = ""
	simMust(t, w.store.create(ledger))
	if work := newSimProcess(w, "m").describe(); !strings.Contains(work, "mdfbudget /gone") {
		t.Errorf("at the start there is to do: %s", work)
	}
}

// TestSimulatorRepeatsItself looks at whether a seed does the same each time, without which no failure could be replayed.
func TestSimulatorRepeatsItself(t *testing.T) {
	for seed := uint64(1); seed <= 5; seed++ {
		if one, two := simulate(seed, 150, simFaults{}), simulate(seed, 150, simFaults{}); !slices.Equal(one.history, two.history) {
			i := 0
			for i < min(len(one.history), len(two.history)) && one.history[i] == two.history[i] {
				i++
			}
			t.Errorf("seed %d is not the same twice:\n%s\n%s", seed, one.history[i:min(i+1, len(one.history))], two.history[i:min(i+1, len(two.history))])
		}
	}
}

func simMust(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
