package ledger_test

import (
	"runtime"
	"testing"

	"jointplan.dev/jointplan/internal/rules/money/budget"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/testobj"
)

// poolOf is the budget of a crowd.
func poolOf(c moneytest.Crowd) ledger.Pool {
	var objects []any
	for _, x := range c.Objects() {
		objects = append(objects, x)
	}
	snap := testobj.Snapshot(objects...)
	pool := ledger.Pool{Name: "fy27-emea", Budget: snap.Budget("fy27-emea"), Program: snap.Program("northwind"), Ledger: snap.Ledger("fy27-emea")}
	pool.Snapshots = append(pool.Snapshots, snap)
	return pool
}

// TestADecisionOnABudgetDoesNotGrowWithTheSquareOfItsRequests grants all that is pending, and settles all that is paid.
func TestADecisionOnABudgetDoesNotGrowWithTheSquareOfItsRequests(t *testing.T) {
	const maxGrowth = 4.4
	now := testobj.At(moneytest.NowOfCrowd)
	for name, of := range map[string]func(n int) moneytest.Crowd{
		"pending":                   func(n int) moneytest.Crowd { return moneytest.Crowd{Pending: n} },
		"pending beside granted":    func(n int) moneytest.Crowd { return moneytest.Crowd{Pending: n, Granted: n} },
		"pending under limits":      func(n int) moneytest.Crowd { return moneytest.Crowd{Pending: n, Granted: n, Limits: true} },
		"pending on what is earned": func(n int) moneytest.Crowd { return moneytest.Crowd{Pending: n, Granted: n, Accrual: true} },
		"claims":                    func(n int) moneytest.Crowd { return moneytest.Crowd{Claims: n, Costs: 32} },
		"claims that are paid":      func(n int) moneytest.Crowd { return moneytest.Crowd{Claims: n, Costs: 2, Paid: true} },
	} {
		t.Run(name, func(t *testing.T) {
			count := func(n int) float64 {
				pool := poolOf(of(n))
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				outcome := ledger.Decide(pool, now)
				budget.Evaluate(pool, now)
				runtime.ReadMemStats(&after)
				pending := of(n).Pending
				if granted := len(outcome.Ledger.Reserved) - len(pool.Ledger.Spec.Reserved); granted != pending {
					t.Fatalf("%d of %d requests are granted", granted, pending)
				}
				if settled := len(outcome.Ledger.Settled); of(n).Paid && settled != n {
					t.Fatalf("%d of %d claims are settled", settled, n)
				}
				return float64(after.Mallocs - before.Mallocs)
			}
			few, many := count(50), count(200)
			if growth := many / few; growth > maxGrowth {
				t.Errorf("200 cost %.2f times as much as 50: %.0f allocations instead of %.0f", growth, many, few)
			}
		})
	}
}
