package telemetry

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	clocktesting "k8s.io/utils/clock/testing"

	"jointplan.dev/jointplan/internal/metrics"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/testobj"
)

// gathered returns the metrics of a collector.
func gathered(t *testing.T, of prometheus.Collector) []*dto.Metric {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(of)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var list []*dto.Metric
	for _, family := range families {
		list = append(list, family.GetMetric()...)
	}
	return list
}

// observed returns how many observations a histogram of a kind has, and their sum.
func observed(t *testing.T, of *prometheus.HistogramVec, kind string) (count uint64, sum float64) {
	t.Helper()
	for _, metric := range gathered(t, of) {
		if metric.GetLabel()[0].GetValue() == kind {
			return metric.GetHistogram().GetSampleCount(), metric.GetHistogram().GetSampleSum()
		}
	}
	return 0, 0
}

func TestADeadlineThatTakesEffectLateIsMeasured(t *testing.T) {
	at, m := testobj.At, NewMeters(clocktesting.NewFakePassiveClock(time.Time{}))
	plan := testobj.Plan("acme-h1").Obj()
	delay := func() []any {
		count, sum := observed(t, m.delay, "JointPlan")
		return []any{count, sum}
	}
	steps := []struct {
		name   string
		next   string
		now    string
		result string
		want   []any
	}{
		{"the first evaluation has no deadline", "2026-11-03T10:00:00Z", "2026-11-03T09:00:00Z", Written, []any{uint64(0), 0.0}},
		{"an edit before it sets another", "2026-11-03T12:00:00Z", "2026-11-03T09:30:00Z", Unchanged, []any{uint64(0), 0.0}},
		{"a write that fails does not take effect", "2026-11-04T12:00:00Z", "2026-11-03T12:00:02Z", Conflict, []any{uint64(0), 0.0}},
		{"the one after it does, five seconds late", "2026-11-04T12:00:00Z", "2026-11-03T12:00:05Z", Written, []any{uint64(1), 5.0}},
		{"the same deadline is measured once", "", "2026-11-03T12:00:09Z", Unchanged, []any{uint64(1), 5.0}},
		{"without a deadline nothing is late", "2026-11-04T13:00:00Z", "2026-11-05T00:00:00Z", Unchanged, []any{uint64(1), 5.0}},
	}
	for _, step := range steps {
		var next time.Time
		if step.next != "" {
			next = at(step.next)
		}
		m.Settled(plan, step.result, next, at(step.now))
		if diff := cmp.Diff(step.want, delay()); diff != "" {
			t.Errorf("%s: count and sum (-want +got):\n%s", step.name, diff)
		}
	}
	m.Forget("JointPlan", types.NamespacedName{Namespace: plan.Namespace, Name: plan.Name})
	m.Settled(plan, Written, time.Time{}, at("2026-12-01T00:00:00Z"))
	if diff := cmp.Diff([]any{uint64(1), 5.0}, delay()); diff != "" {
		t.Errorf("another object of that name (-want +got):\n%s", diff)
	}
	if len(m.due) > 0 {
		t.Errorf("deadlines are kept of %v, want none", m.due)
	}
}

func TestAnEvaluationIsTimed(t *testing.T) {
	clock := clocktesting.NewFakePassiveClock(testobj.At("2026-11-03T09:00:00Z"))
	m := NewMeters(clock)
	done := m.Timing("Partner")
	clock.SetTime(testobj.At("2026-11-03T09:00:02Z"))
	done()
	if count, sum := observed(t, m.duration, "Partner"); count != 1 || sum != 2 {
		t.Errorf("%d evaluations of %v seconds, want 1 of 2", count, sum)
	}
}

// TestWhatIsToldOfABudgetGoesWithIt also has another budget, which stays.
func TestWhatIsToldOfABudgetGoesWithIt(t *testing.T) {
	m := NewMeters(clocktesting.NewFakePassiveClock(time.Time{}))
	m.Budget("a")
	m.Budget("b")
	conflict := apierrors.NewConflict(schema.GroupResource{Resource: "mdfledgers"}, "a", errors.New("changed"))
	first := testobj.Ledger("a").Reserved("x/y/1", 500).Reserved("x/z/1", 100).Obj()
	then := testobj.Ledger("a").Reserved("x/y/1", 0).Reserved("x/z/1", 0).Settled("x/y/1/c", 500).Obj()
	m.Ledger("a", nil, &first.Spec, nil)
	m.Ledger("a", &first.Spec, &then.Spec, conflict)
	m.Ledger("a", &first.Spec, &then.Spec, nil)
	want := `
# HELP jointplan_grants_total Number of requests to which money of a budget was granted.
# TYPE jointplan_grants_total counter
jointplan_grants_total{budget="a"} 2
jointplan_grants_total{budget="b"} 0
# HELP jointplan_ledger_writes_total Number of attempts to write a budget's ledger by result: written, conflict, refused by the API server, or failed.
# TYPE jointplan_ledger_writes_total counter
jointplan_ledger_writes_total{budget="a",result="conflict"} 1
jointplan_ledger_writes_total{budget="a",result="failed"} 0
jointplan_ledger_writes_total{budget="a",result="refused"} 0
jointplan_ledger_writes_total{budget="a",result="written"} 2
jointplan_ledger_writes_total{budget="b",result="conflict"} 0
jointplan_ledger_writes_total{budget="b",result="failed"} 0
jointplan_ledger_writes_total{budget="b",result="refused"} 0
jointplan_ledger_writes_total{budget="b",result="written"} 0
# HELP jointplan_releases_total Number of times that money of a budget was released.
# TYPE jointplan_releases_total counter
jointplan_releases_total{budget="a"} 1
jointplan_releases_total{budget="b"} 0
# HELP jointplan_settlements_total Number of claims that were settled from a budget.
# TYPE jointplan_settlements_total counter
jointplan_settlements_total{budget="a"} 1
jointplan_settlements_total{budget="b"} 0
`
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(m.Collectors()...)
	names := []string{metrics.Grants.Name, metrics.Releases.Name, metrics.Settlements.Name, metrics.LedgerWrites.Name}
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want), names...); err != nil {
		t.Error(err)
	}
	m.Forget(kinds.MDFBudget, types.NamespacedName{Name: "a"})
	kept := slices.DeleteFunc(strings.SplitAfter(want, "\n"), func(line string) bool { return strings.Contains(line, `budget="a"`) })
	if err := testutil.GatherAndCompare(registry, strings.NewReader(strings.Join(kept, "")), names...); err != nil {
		t.Error(err)
	}
}
