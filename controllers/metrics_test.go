package controllers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/telemetry"
	"jointplan.dev/jointplan/internal/metrics"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

// alreadyElected is closed, as of a manager that works.
func alreadyElected() chan struct{} {
	elected := make(chan struct{})
	close(elected)
	return elected
}

// reading returns what the reconcilers of a cluster share, as far as metrics look at it.
func reading(reader client.WithWatch) *Reconciler {
	return &Reconciler{Client: reader, Gatherer: gather.New(reader), meters: telemetry.NewMeters(clocktesting.NewFakePassiveClock(time.Time{}))}
}

// cluster has objects as an API server has them.
func cluster(objects ...client.Object) client.WithWatch {
	return fake.NewClientBuilder().WithScheme(newScheme()).WithObjects(objects...).Build()
}

// funded are a budget with its ledger, and a request with a claim on it.
func funded() []client.Object {
	budget := testobj.Budget("fy27-emea").Status(func(s *v1alpha1.MDFBudgetStatus) {
		s.Reserved, s.Settled = &v1alpha1.Money{Amount: "5000.00", Currency: "EUR"}, &v1alpha1.Money{Amount: "0.00", Currency: "EUR"}
		s.Available = &v1alpha1.Money{Amount: "15000.00", Currency: "EUR"}
		s.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionLedgerIntact, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonLedgerIntact}}
	}).Obj()
	request := testobj.Allocation("autumn").Status(func(s *v1alpha1.MDFAllocationStatus) {
		s.Stage, s.Reason = v1alpha1.AllocationGranted, v1alpha1.ReasonGranted
	}).Obj()
	return []client.Object{budget, request, testobj.Ledger("fy27-emea").Reserved(request.Namespace+"/autumn/1", 500000).Obj()}
}

// moneyMetrics are those that tell of a budget.
var moneyMetrics = []string{
	metrics.BudgetAmount.Name, metrics.BudgetReserved.Name, metrics.BudgetSettled.Name, metrics.BudgetAvailable.Name, metrics.LedgerIntact.Name,
	metrics.LedgerUsed.Name, metrics.Requests.Name,
}

func TestASeriesEndsWithItsObject(t *testing.T) {
	reader := cluster(funded()...)
	collector := newObjectCollector(reading(reader), alreadyElected(), logr.Discard())
	want := `
# HELP jointplan_budget_amount Amount of a budget. In units of the currency.
# TYPE jointplan_budget_amount gauge
jointplan_budget_amount{budget="fy27-emea",currency="EUR"} 20000
# HELP jointplan_budget_available What may still be granted of a budget; 0 once its period has ended. In units of the currency.
# TYPE jointplan_budget_available gauge
jointplan_budget_available{budget="fy27-emea",currency="EUR"} 15000
# HELP jointplan_budget_ledger_intact 1 when condition LedgerIntact of a budget is True, else 0 and nothing is granted; ` +
		`reason is that of the condition. A ledger that was lost while its budget is suspended is told too.
# TYPE jointplan_budget_ledger_intact gauge
jointplan_budget_ledger_intact{budget="fy27-emea",reason="LedgerIntact"} 1
# HELP jointplan_budget_reserved What is granted of a budget and not yet paid, by its ledger. In units of the currency.
# TYPE jointplan_budget_reserved gauge
jointplan_budget_reserved{budget="fy27-emea",currency="EUR"} 5000
# HELP jointplan_budget_settled What is paid of a budget, by its ledger. In units of the currency.
# TYPE jointplan_budget_settled gauge
jointplan_budget_settled{budget="fy27-emea",currency="EUR"} 0
# HELP jointplan_ledger_used_ratio Share of a bound of a budget's ledger that is used, 1 when it is full: ` +
		`reservations (2,000 requests, released ones included), settlements (4,000 claims) or size (of all entries).
# TYPE jointplan_ledger_used_ratio gauge
jointplan_ledger_used_ratio{bound="reservations",budget="fy27-emea"} 0.0005
jointplan_ledger_used_ratio{bound="settlements",budget="fy27-emea"} 0
jointplan_ledger_used_ratio{bound="size",budget="fy27-emea"} 4.5e-05
# HELP jointplan_requests Number of evaluated requests for money by stage and reason; budget is empty when there is no such budget.
# TYPE jointplan_requests gauge
jointplan_requests{budget="fy27-emea",reason="Granted",stage="Granted"} 1
`
	if err := testutil.CollectAndCompare(collector, strings.NewReader(want), moneyMetrics...); err != nil {
		t.Error(err)
	}
	for _, object := range funded() {
		if err := reader.Delete(t.Context(), object); err != nil {
			t.Fatal(err)
		}
	}
	ledger := &v1alpha1.MDFLedger{}
	if err := reader.Get(t.Context(), client.ObjectKey{Name: "fy27-emea"}, ledger); err == nil { // its finalizer keeps it
		ledger.Finalizers = nil
		if err := reader.Update(t.Context(), ledger); err != nil {
			t.Fatal(err)
		}
	}
	if err := testutil.CollectAndCompare(collector, strings.NewReader(""), moneyMetrics...); err != nil {
		t.Error(err)
	}
	if got := testutil.CollectAndCount(collector, metrics.ObjectsByKind.Name); got != 11 {
		t.Errorf("%d kinds are counted, want all 11, from zero", got)
	}
}

func TestOnlyTheManagerThatWorksTellsOfObjects(t *testing.T) {
	elected := make(chan struct{})
	collector := newObjectCollector(reading(cluster(funded()...)), elected, logr.Discard())
	if got := testutil.CollectAndCount(collector); got != 0 {
		t.Errorf("a manager that waits tells %d series, want none", got)
	}
	close(elected)
	if got := testutil.CollectAndCount(collector); got == 0 {
		t.Error("a manager that works tells nothing")
	}
}

func TestACacheThatCannotBeReadGivesNoSeries(t *testing.T) {
	broken := interceptor.NewClient(cluster(funded()...), interceptor.Funcs{
		List: func(_ context.Context, _ client.WithWatch, list client.ObjectList, _ ...client.ListOption) error {
			if _, last := list.(*v1alpha1.MDFLedgerList); last {
				return errors.New("no such cache")
			}
			return nil
		},
	})
	if got := testutil.CollectAndCount(newObjectCollector(reading(broken), alreadyElected(), logr.Discard())); got != 0 {
		t.Errorf("%d series, want none: half of the objects would look like a loss", got)
	}
}

func TestAClosedGateIsTold(t *testing.T) {
	r := reading(cluster())
	r.Policies = func() facts.Gate { return closedGate("policy jointplan-requests is missing") }
	want := `
# HELP jointplan_money_policies_in_force 1 while all admission policies that guard money are in force, else 0 and no budget grants anything.
# TYPE jointplan_money_policies_in_force gauge
jointplan_money_policies_in_force 0
`
	if err := testutil.CollectAndCompare(
		newObjectCollector(r, alreadyElected(), logr.Discard()), strings.NewReader(want), metrics.PoliciesInForce.Name); err != nil {
		t.Error(err)
	}
}

// TestMetricsAsTheyAreRegistered lets Prometheus's own linter look at all of them, and compares what is there with what is documented.
func TestMetricsAsTheyAreRegistered(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
	w.create(funded()...)
	r := reading(w.people)
	r.meters.budget("fy27-emea")
	registry := prometheus.NewPedanticRegistry()
	if err := registerMetrics(registry, r, newBacklog(1, logr.Discard()), alreadyElected(), logr.Discard()); err != nil {
		t.Fatal(err)
	}
	problems, err := testutil.GatherAndLint(registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Errorf("%s: %s", problem.Metric, problem.Text)
	}
	gathered, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for _, f := range metrics.All() {
		known[f.Name] = string(f.Type) + " " + f.Help
	}
	for _, family := range gathered {
		if got := strings.ToLower(family.GetType().String()) + " " + family.GetHelp(); known[family.GetName()] != got {
			t.Errorf("%s is %q, want %q", family.GetName(), got, known[family.GetName()])
		}
	}
	if err := registerMetrics(registry, r, newBacklog(1, logr.Discard()), alreadyElected(), logr.Discard()); err == nil {
		t.Error("the metrics are registered twice, want an error")
	}
}

func TestEvaluationsAreCountedByWhatBecameOfTheStatus(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-08-08T20:00:00+02:00")
	m := w.meters
	count := func(kind, result string) float64 {
		return testutil.ToFloat64(m.evaluations.WithLabelValues(kind, result))
	}
	if got := count("JointPlan", resultWritten); got != 1 {
		t.Errorf("after the first evaluation %v statuses of plans were written, want 1", got)
	}
	before := count("JointPlan", resultUnchanged)
	w.resync()
	w.run()
	if written, unchanged := count("JointPlan", resultWritten), count("JointPlan", resultUnchanged)-before; written != 1 || unchanged != 1 {
		t.Errorf("at rest %v were written and %v found unchanged, want 1 and 1", written, unchanged)
	}
	for result, refusal := range map[string]error{
		resultConflict: apierrors.NewConflict(schema.GroupResource{Resource: "jointplans"}, s.plan.Name, errors.New("changed")),
		resultRefused:  apierrors.NewInvalid(schema.GroupKind{Kind: "JointPlan"}, s.plan.Name, nil),
		resultGone:     apierrors.NewNotFound(schema.GroupResource{Resource: "jointplans"}, s.plan.Name),
		resultFailed:   apierrors.NewTooManyRequests("later", 1),
	} {
		w.loseStatus(s.plan)
		w.refuse = func(string, client.Object) error { return refusal }
		_, _ = w.reconcileOne(s.plan)
		w.refuse = nil
		if got := count("JointPlan", result); got != 1 {
			t.Errorf("%s: %v, want 1", result, got)
		}
	}
	if got := testutil.CollectAndCount(m.evaluations); got != len(evaluatedKinds)*6 {
		t.Errorf("%d series, want those of %d kinds and 6 results", got, len(evaluatedKinds))
	}
}

// gather returns the metrics of a collector.
func gather(t *testing.T, of prometheus.Collector) []*dto.Metric {
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
	for _, metric := range gather(t, of) {
		if metric.GetLabel()[0].GetValue() == kind {
			return metric.GetHistogram().GetSampleCount(), metric.GetHistogram().GetSampleSum()
		}
	}
	return 0, 0
}

func TestADeadlineThatTakesEffectLateIsMeasured(t *testing.T) {
	at, m := testobj.At, telemetry.NewMeters(clocktesting.NewFakePassiveClock(time.Time{}))
	plan := newScene().plan
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
		{"the first evaluation has no deadline", "2026-11-03T10:00:00Z", "2026-11-03T09:00:00Z", resultWritten, []any{uint64(0), 0.0}},
		{"an edit before it sets another", "2026-11-03T12:00:00Z", "2026-11-03T09:30:00Z", resultUnchanged, []any{uint64(0), 0.0}},
		{"a write that fails does not take effect", "2026-11-04T12:00:00Z", "2026-11-03T12:00:02Z", resultConflict, []any{uint64(0), 0.0}},
		{"the one after it does, five seconds late", "2026-11-04T12:00:00Z", "2026-11-03T12:00:05Z", resultWritten, []any{uint64(1), 5.0}},
		{"the same deadline is measured once", "", "2026-11-03T12:00:09Z", resultUnchanged, []any{uint64(1), 5.0}},
		{"without a deadline nothing is late", "2026-11-04T13:00:00Z", "2026-11-05T00:00:00Z", resultUnchanged, []any{uint64(1), 5.0}},
	}
	for _, step := range steps {
		var next time.Time
		if step.next != "" {
			next = at(step.next)
		}
		m.settled(plan, step.result, next, at(step.now))
		if diff := cmp.Diff(step.want, delay()); diff != "" {
			t.Errorf("%s: count and sum (-want +got):\n%s", step.name, diff)
		}
	}
	m.forget("JointPlan", types.NamespacedName{Namespace: plan.Namespace, Name: plan.Name})
	m.settled(plan, resultWritten, time.Time{}, at("2026-12-01T00:00:00Z"))
	if diff := cmp.Diff([]any{uint64(1), 5.0}, delay()); diff != "" {
		t.Errorf("another object of that name (-want +got):\n%s", diff)
	}
	if len(m.due) > 0 {
		t.Errorf("deadlines are kept of %v, want none", m.due)
	}
}

func TestAnEvaluationIsTimed(t *testing.T) {
	clock := clocktesting.NewFakePassiveClock(testobj.At("2026-11-03T09:00:00Z"))
	m := telemetry.NewMeters(clock)
	done := m.timing("Partner")
	clock.SetTime(testobj.At("2026-11-03T09:00:02Z"))
	done()
	if count, sum := observed(t, m.duration, "Partner"); count != 1 || sum != 2 {
		t.Errorf("%d evaluations of %v seconds, want 1 of 2", count, sum)
	}
}

// TestWhatIsCountedIsWhatHappened has the simulator's people and managers move money, and compares what they count with what an observer of the
// store saw. Nothing crashes and no answer is lost, as nobody counts what nobody knows.
func TestWhatIsCountedIsWhatHappened(t *testing.T) {
	total := func(of *prometheus.CounterVec) (sum int) {
		for _, metric := range gather(t, of) {
			sum += int(metric.GetCounter().GetValue())
		}
		return sum
	}
	var all [3]int
	for seed := range uint64(40) {
		m := telemetry.NewMeters(clocktesting.NewFakePassiveClock(time.Time{}))
		w := newSimWorld(seed+1, simFaults{meters: m})
		w.odds.crash, w.odds.answerLost = 0, 0
		w.run(150)
		want := [3]int{w.watcher.grants, w.watcher.releases, w.watcher.settlements}
		got := [3]int{total(m.grants), total(m.releases), total(m.settlements)}
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

// TestWhatIsGoneIsForgotten reconciles objects that are gone.
func TestWhatIsGoneIsForgotten(t *testing.T) {
	w := evaluatedWorld(t, newScene(), "2026-08-05T10:00:00+02:00")
	budget := testobj.Budget("fy27-emea").Obj()
	w.meters.budget(budget.Name)
	for _, gone := range []client.Object{newScene().plan, newScene().program, budget} {
		w.meters.settled(gone.(kinds.Evaluated), resultUnchanged, w.clock.Now().Add(time.Hour), w.clock.Now())
		if stored := gone.DeepCopyObject().(client.Object); gone != client.Object(budget) {
			w.must(w.people.Delete(t.Context(), stored))
		}
		if _, err := w.reconcileOne(gone); err != nil {
			t.Error(err)
		}
		of := evaluatedObject{kindOf(gone.(kinds.Evaluated)), client.ObjectKeyFromObject(gone)}
		if due, kept := w.meters.due[of]; kept {
			t.Errorf("the deadline %s of %s is kept", due, nameOf(gone))
		}
	}
	if got := testutil.CollectAndCount(w.meters.ledgerWrites); got != 0 {
		t.Errorf("%d series of a budget that is gone", got)
	}
}

// TestWhatIsToldOfABudgetGoesWithIt also has another budget, which stays.
func TestWhatIsToldOfABudgetGoesWithIt(t *testing.T) {
	m := telemetry.NewMeters(clocktesting.NewFakePassiveClock(time.Time{}))
	m.budget("a")
	m.budget("b")
	conflict := apierrors.NewConflict(schema.GroupResource{Resource: "mdfledgers"}, "a", errors.New("changed"))
	first := testobj.Ledger("a").Reserved("x/y/1", 500).Reserved("x/z/1", 100).Obj()
	then := testobj.Ledger("a").Reserved("x/y/1", 0).Reserved("x/z/1", 0).Settled("x/y/1/c", 500).Obj()
	m.ledger("a", nil, &first.Spec, nil)
	m.ledger("a", &first.Spec, &then.Spec, conflict)
	m.ledger("a", &first.Spec, &then.Spec, nil)
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
	registry.MustRegister(m.collectors()...)
	names := []string{metrics.Grants.Name, metrics.Releases.Name, metrics.Settlements.Name, metrics.LedgerWrites.Name}
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want), names...); err != nil {
		t.Error(err)
	}
	m.forget(kinds.MDFBudget, types.NamespacedName{Name: "a"})
	kept := slices.DeleteFunc(strings.SplitAfter(want, "\n"), func(line string) bool { return strings.Contains(line, `budget="a"`) })
	if err := testutil.GatherAndCompare(registry, strings.NewReader(strings.Join(kept, "")), names...); err != nil {
		t.Error(err)
	}
}
