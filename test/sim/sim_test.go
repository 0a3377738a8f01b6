package sim_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

var (
	simSeeds = flag.Int("sim.seeds", 2000, "number of seeds of the simulator; a twentieth with -short")
	simSteps = flag.Int("sim.steps", 200, "number of steps of each seed")
	simSeed  = flag.Uint64("sim.seed", 0, "the one seed to replay, with its whole history")
)

// TestMain lets much garbage gather: each run leaves little behind.
func TestMain(m *testing.M) {
	debug.SetGCPercent(800)
	os.Exit(m.Run())
}

// simulate runs a seed and returns the world.
func simulate(seed uint64, steps int, faults simFaults) *simWorld {
	w := newSimWorld(seed, faults)
	w.run(steps)
	return w
}

// report tells what went wrong, the last things that happened, and how to see it again.
func (w *simWorld) report(steps int) string {
	last := w.history
	if *simSeed == 0 {
		last = last[max(0, len(last)-40):]
	}
	return fmt.Sprintf("seed %d: %s\nlast of what happened:\n%s\nreplay: go test ./test/sim -run TestSimulator -sim.seed=%d -sim.steps=%d",
		w.seed, strings.Join(w.problems, "; "), strings.Join(last, "\n"), w.seed, steps)
}

// TestSimulator lets managers, people, crashes and time loose on a store, in as many ways as there are seeds, and finds that what must hold of
// money always held, and that everything was granted, paid and released in the end.
func TestSimulator(t *testing.T) {
	seeds, first := *simSeeds, uint64(1)
	if testing.Short() {
		seeds /= 20
	}
	if *simSeed != 0 {
		seeds, first = 1, *simSeed
	}
	var next, failed atomic.Int64
	var grants, settlements, releases, cuts, rewards atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := next.Add(1); i <= int64(seeds) && failed.Load() < 3; i = next.Add(1) {
				w := simulate(first+uint64(i)-1, *simSteps, simFaults{})
				if len(w.problems) > 0 {
					failed.Add(1)
					t.Error(w.report(*simSteps))
				}
				grants.Add(int64(w.watcher.grants))
				settlements.Add(int64(w.watcher.settlements))
				releases.Add(int64(w.watcher.releases))
				cuts.Add(int64(w.watcher.cuts))
				rewards.Add(int64(w.watcher.rewards))
			}
		})
	}
	all.Wait()
	t.Logf("%d seeds: %d grants, %d of them of rewards, %d settlements, %d releases, %d budgets over their amount", seeds,
		grants.Load(), rewards.Load(), settlements.Load(), releases.Load(), cuts.Load())
	if seeds >= 100 && min(grants.Load(), rewards.Load(), settlements.Load(), releases.Load(), cuts.Load()) == 0 {
		t.Error("the runs leave something out")
	}
}
