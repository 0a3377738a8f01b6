package sim_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"jointplan.dev/jointplan/internal/metrics"
)

// counted sums up a counter over all its series.
func counted(t *testing.T, of []prometheus.Gatherer, family *metrics.Family) (sum int) {
	t.Helper()
	for _, registry := range of {
		families, err := registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range families {
			if f.GetName() != family.Name {
				continue
			}
			for _, metric := range f.GetMetric() {
				sum += int(metric.GetCounter().GetValue())
			}
		}
	}
	return sum
}

// TestWhatIsCountedIsWhatHappened has the simulator's people and managers move money, and compares what they count with what an observer of the
// store saw. Nothing crashes and no answer is lost, as nobody counts what nobody knows.
func TestWhatIsCountedIsWhatHappened(t *testing.T) {
	var all [3]int
	for seed := range uint64(40) {
		var registries []prometheus.Gatherer
		w := newSimWorld(seed+1, simFaults{registries: &registries})
		w.odds.crash, w.odds.answerLost = 0, 0
		w.run(150)
		want := [3]int{w.watcher.grants, w.watcher.releases, w.watcher.settlements}
		got := [3]int{
			counted(t, registries, metrics.Grants), counted(t, registries, metrics.Releases), counted(t, registries, metrics.Settlements),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d: grants, releases, settlements (-seen +counted):\n%s", seed+1, diff)
		}
		for i := range all {
			all[i] += got[i]
		}
	}
	if min(all[0], all[1], all[2]) == 0 {
		t.Errorf("in all %v grants, releases, settlements: the runs leave something out", all)
	}
}
