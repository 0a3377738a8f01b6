package plane

import (
	"strings"
	"testing"

	ctrlmetrics "sigs.k8s.io/controller-runtime/pkg/metrics"
)

// Reconciles returns how many reconciles each controller of a manager has ended, and how many of all ended in an error, by the names without
// the manager's suffix.
func Reconciles(tb testing.TB, m Manager) (ended map[string]int, failed int) {
	tb.Helper()
	families, err := ctrlmetrics.Registry.Gather()
	if err != nil {
		tb.Fatal(err)
	}
	ended = map[string]int{}
	for _, family := range families {
		if family.GetName() != "controller_runtime_reconcile_total" {
			continue
		}
		for _, metric := range family.GetMetric() {
			labels := map[string]string{}
			for _, pair := range metric.GetLabel() {
				labels[pair.GetName()] = pair.GetValue()
			}
			name, ours := strings.CutSuffix(labels["controller"], m.Suffix)
			if !ours {
				continue
			}
			count := int(metric.GetCounter().GetValue())
			ended[name] += count
			if labels["result"] == "error" {
				failed += count
			}
		}
	}
	return ended, failed
}
