package money

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

const requesters = 64

// TestTwoManagersAtOnce runs two managers in this process, each with its own cache, and requests of equal or different amounts.
func TestTwoManagersAtOnce(t *testing.T) {
	t.Parallel()
	seeds := 1
	if *long {
		seeds = 10
	}
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, beforeActivity, 8, halfOf(requesters, 100000))
			w.manager()
			w.manager()
			amounts := make([]int64, requesters)
			random := rand.New(rand.NewPCG(seed, 1))
			for i := range amounts {
				amounts[i] = 100000 + random.Int64N(50001) - 25000
			}
			contend(w, func(i int) int64 { return amounts[i] })
		})
	}
}

// halfOf makes a budget that is enough for half of a number of requests.
func halfOf(requests, minor int64) func(*testobj.BudgetBuilder) {
	return func(b *testobj.BudgetBuilder) { b.Amount(v1alpha1.Decimal(plain(requests/2*minor)), "EUR") }
}

// plain writes minor units of EUR as decimal text.
func plain(minor int64) string { return fmt.Sprintf("%d.%02d", minor/100, minor%100) }

// contend lets all requesters ask and be approved at once, and checks that as many as fit were granted, and that the others know what is left.
func contend(w *world, amount func(int) int64) {
	w.Helper()
	var all sync.WaitGroup
	for i := range requesters {
		all.Go(func() {
			a := testobj.Allocation(fmt.Sprintf("r-%02d", i)).In(w.namespaces[i%len(w.namespaces)]).On("acme-h1", w.budget).
				Asks("EUR", v1alpha1.Decimal(plain(2*amount(i))), "50", v1alpha1.Decimal(plain(amount(i)))).Obj()
			d := w.approval(a.Name, a, "2026-08-10T10:00:00Z")
			for _, object := range []client.Object{a, d} {
				object.SetGeneration(0)
				if err := w.Create(w.Context(), object); err != nil {
					w.Errorf("create %s: %v", object.GetName(), err)
				}
			}
		})
	}
	all.Wait()
	w.Await(w, func(latest map[string]client.Object) string {
		seen := 0
		for _, object := range latest {
			if a, ok := object.(*v1alpha1.MDFAllocation); ok && a.Status.ObservedGeneration > 0 {
				seen++
			}
		}
		if seen < requesters {
			return fmt.Sprintf("%d of %d requests are evaluated", seen, requesters)
		}
		return ""
	})
	w.rest()
	checkShares(w)
}

func sumOf(w *world) int64 {
	ledger := w.Ledger(string(w.budget))
	return facts.Sum(ledger.Spec.Reserved) + facts.Sum(ledger.Spec.Settled)
}

// checkShares checks that every request has its entry or is refused as what is left is not enough for it.
func checkShares(w *world) {
	w.Helper()
	ledger := w.Ledger(string(w.budget))
	left := ledger.Spec.LimitMinor - sumOf(w)
	granted := 0
	for _, key := range slices.Sorted(maps.Keys(w.Latest())) {
		a, ok := w.Latest()[key].(*v1alpha1.MDFAllocation)
		if !ok {
			continue
		}
		asked, err := money.ParseMoney(a.Spec.Amount)
		if err != nil {
			w.Fatal(err)
		}
		c := meta.FindStatusCondition(a.Status.Conditions, v1alpha1.ConditionGranted)
		reserved, entry := ledger.Spec.Reserved[facts.Key(a)]
		switch {
		case entry:
			granted++
			if reserved != asked || c.Reason != v1alpha1.ReasonGranted {
				w.Errorf("%s has %d of %d: %s", a.Name, reserved, asked, shown(c))
			}
		case asked <= left:
			w.Errorf("%s asks for %d, which is left: %s", a.Name, asked, shown(c))
		default:
			const want = "does not have that much left"
			if c.Reason != v1alpha1.ReasonBudgetExhausted || !strings.Contains(c.Message, want) {
				w.Errorf("%s: got %s, want BudgetExhausted with %q", a.Name, shown(c), want)
			}
		}
	}
	if granted != len(ledger.Spec.Reserved) || granted == 0 {
		w.Errorf("%d requests are granted, and the ledger has %d entries", granted, len(ledger.Spec.Reserved))
	}
}
