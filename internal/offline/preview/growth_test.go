package preview

import (
	"runtime"
	"testing"

	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/testobj"
)

// maxGrowth is by how much the work for four times as many objects may be more.
const maxGrowth = 4.4

// crowds are the objects that one partner may have many of.
func crowds() map[string]func(n int) moneytest.Crowd {
	return map[string]func(n int) moneytest.Crowd{
		"claims":      func(n int) moneytest.Crowd { return moneytest.Crowd{Claims: n, Costs: 32} },
		"paid":        func(n int) moneytest.Crowd { return moneytest.Crowd{Claims: n, Costs: 2, Paid: true} },
		"plans":       func(n int) moneytest.Crowd { return moneytest.Crowd{Plans: n} },
		"campaigns":   func(n int) moneytest.Crowd { return moneytest.Crowd{Campaigns: n} },
		"reviews":     func(n int) moneytest.Crowd { return moneytest.Crowd{Reviews: n} },
		"sets":        func(n int) moneytest.Crowd { return moneytest.Crowd{Sets: n} },
		"plans, sets": func(n int) moneytest.Crowd { return moneytest.Crowd{Plans: n, Sets: n} },
		"decisions":   func(n int) moneytest.Crowd { return moneytest.Crowd{Decisions: n} },
		"requests":    func(n int) moneytest.Crowd { return moneytest.Crowd{Pending: n, Limits: true} },
		"granted":     func(n int) moneytest.Crowd { return moneytest.Crowd{Granted: n, Limits: true} },
		"earned":      func(n int) moneytest.Crowd { return moneytest.Crowd{Pending: n, Granted: n, Accrual: true} },
		"some of each": func(n int) moneytest.Crowd {
			return moneytest.Crowd{Plans: n, Campaigns: n, Reviews: n, Sets: n, Decisions: n, Pending: n, Granted: n, Claims: n, Costs: 2, Limits: true}
		},
	}
}

// allocations counts what a function allocates.
func allocations(work func()) float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	work()
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs - before.Mallocs)
}

func checkGrowth(t *testing.T, work func(set *manifest.Set)) {
	t.Helper()
	for name, of := range crowds() {
		t.Run(name, func(t *testing.T) {
			count := func(n int) float64 {
				set := crowd(t, of(n))
				return allocations(func() { work(set) })
			}
			few, many := count(50), count(200)
			if growth := many / few; growth > maxGrowth {
				t.Errorf("200 cost %.2f times as much as 50: %.0f allocations instead of %.0f", growth, many, few)
			}
		})
	}
}

func TestTheWorkForOneObjectDoesNotGrowWithThoseBesideIt(t *testing.T) {
	now := testobj.At(moneytest.NowOfCrowd)
	checkGrowth(t, func(set *manifest.Set) { New(set).At(now) })
}

func TestToGatherAPartnerDoesNotGrowWithItsSquare(t *testing.T) {
	checkGrowth(t, func(set *manifest.Set) {
		memory := snapshot.NewMemory(&set.ByKind)
		if _, err := snapshot.Gather(memory, set.Partners[0], snapshot.Everything); err != nil {
			t.Fatal(err)
		}
	})
}
