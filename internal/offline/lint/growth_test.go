package lint_test

import (
	"runtime"
	"testing"

	"jointplan.dev/jointplan/internal/offline/lint"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/testobj"
)

func TestLintingDoesNotGrowWithTheSquareOfAPartnersObjects(t *testing.T) {
	const maxGrowth = 4.4
	now := testobj.At(moneytest.NowOfCrowd)
	for name, of := range map[string]func(n int) moneytest.Crowd{
		"claims": func(n int) moneytest.Crowd { return moneytest.Crowd{Claims: n, Costs: 32} },
		"plans":  func(n int) moneytest.Crowd { return moneytest.Crowd{Plans: n} },
	} {
		t.Run(name, func(t *testing.T) {
			count := func(n int) float64 {
				set, err := manifest.NewSet(of(n).Objects(), map[string]map[string]string{testobj.Namespace: nil})
				if err != nil {
					t.Fatal(err)
				}
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				if problems := lint.Findings(preview.New(set).At(now), set.Origins); len(problems) < n {
					t.Fatalf("%d problems with %d objects", len(problems), n)
				}
				runtime.ReadMemStats(&after)
				return float64(after.Mallocs - before.Mallocs)
			}
			few, many := count(50), count(200)
			if growth := many / few; growth > maxGrowth {
				t.Errorf("200 cost %.2f times as much as 50: %.0f allocations instead of %.0f", growth, many, few)
			}
		})
	}
}
