package controllers

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/telemetry"
	"jointplan.dev/jointplan/internal/metrics"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/testobj"
)

// alreadyElected is closed, as of a manager that works.
func alreadyElected() chan struct{} {
	elected := make(chan struct{})
	close(elected)
	return elected
}

// metrics returns what the controllers recorded of a family.
func (w *world) metrics(name string) []*dto.Metric {
	w.Helper()
	registry := prometheus.NewPedanticRegistry()
	for _, collector := range w.meters.Collectors() {
		w.must(registry.Register(collector))
	}
	families, err := registry.Gather()
	w.must(err)
	for _, family := range families {
		if family.GetName() == name {
			return family.GetMetric()
		}
	}
	return nil
}

// TestMetricsAsTheyAreRegistered lets Prometheus's own linter look at all of them, and compares what is there with what is documented.
func TestMetricsAsTheyAreRegistered(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-08-05T10:00:00+02:00")
	w.create(testobj.Budget("fy27-emea").Obj(), testobj.Allocation("autumn").Obj(), testobj.Ledger("fy27-emea").Obj())
	r := &Reconciler{Client: w.people, Gatherer: gather.New(gather.Through(w.people)), Meters: telemetry.NewMeters(w.clock)}
	r.Meters.Budget("fy27-emea")
	registry := prometheus.NewPedanticRegistry()
	if err := registerMetrics(registry, r, queue.NewTurns(1, r.Gatherer.Home, logr.Discard()), alreadyElected(), logr.Discard()); err != nil {
		t.Fatal(err)
	}
	problems, err := testutil.GatherAndLint(registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Errorf("%s: %s", problem.Metric, problem.Text)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for _, f := range metrics.All() {
		known[f.Name] = string(f.Type) + " " + f.Help
	}
	for _, family := range families {
		if got := strings.ToLower(family.GetType().String()) + " " + family.GetHelp(); known[family.GetName()] != got {
			t.Errorf("%s is %q, want %q", family.GetName(), got, known[family.GetName()])
		}
	}
	if err := registerMetrics(registry, r, queue.NewTurns(1, r.Gatherer.Home, logr.Discard()), alreadyElected(), logr.Discard()); err == nil {
		t.Error("the metrics are registered twice, want an error")
	}
}

func TestEvaluationsAreCountedByWhatBecameOfTheStatus(t *testing.T) {
	s := newScene()
	w := evaluatedWorld(t, s, "2026-08-08T20:00:00+02:00")
	count := func(kind, result string) float64 {
		for _, metric := range w.metrics(metrics.Evaluations.Name) {
			if label := metric.GetLabel(); label[0].GetValue() == kind && label[1].GetValue() == result {
				return metric.GetCounter().GetValue()
			}
		}
		return -1
	}
	if got := count("JointPlan", telemetry.Written); got != 1 {
		t.Errorf("after the first evaluation %v statuses of plans were written, want 1", got)
	}
	before := count("JointPlan", telemetry.Unchanged)
	w.resync()
	w.run()
	if written, unchanged := count("JointPlan", telemetry.Written), count("JointPlan", telemetry.Unchanged)-before; written != 1 || unchanged != 1 {
		t.Errorf("at rest %v were written and %v found unchanged, want 1 and 1", written, unchanged)
	}
	for result, refusal := range map[string]error{
		telemetry.Conflict: apierrors.NewConflict(schema.GroupResource{Resource: "jointplans"}, s.plan.Name, errors.New("changed")),
		telemetry.Refused:  apierrors.NewInvalid(schema.GroupKind{Kind: "JointPlan"}, s.plan.Name, nil),
		telemetry.Gone:     apierrors.NewNotFound(schema.GroupResource{Resource: "jointplans"}, s.plan.Name),
		telemetry.Failed:   apierrors.NewTooManyRequests("later", 1),
	} {
		w.loseStatus(s.plan)
		w.refuse = func(string, client.Object) error { return refusal }
		_, _ = w.reconcileOne(s.plan)
		w.refuse = nil
		if got := count("JointPlan", result); got != 1 {
			t.Errorf("%s: %v, want 1", result, got)
		}
	}
	evaluated := 0
	for _, k := range kinds.All() {
		if k.Evaluated {
			evaluated++
		}
	}
	if got := len(w.metrics(metrics.Evaluations.Name)); got != evaluated*6 {
		t.Errorf("%d series, want those of %d kinds and 6 results", got, evaluated)
	}
}

// TestWhatIsGoneIsForgotten reconciles objects that are gone.
func TestWhatIsGoneIsForgotten(t *testing.T) {
	w := evaluatedWorld(t, newScene(), "2026-08-05T10:00:00+02:00")
	budget := testobj.Budget("fy27-emea").Obj()
	w.meters.Budget(budget.Name)
	for _, gone := range []client.Object{newScene().plan, newScene().program, budget} {
		w.meters.Settled(gone.(kinds.Evaluated), telemetry.Unchanged, w.clock.Now().Add(time.Hour), w.clock.Now())
		if stored := gone.DeepCopyObject().(client.Object); gone != client.Object(budget) {
			w.must(w.people.Delete(t.Context(), stored))
		}
		if _, err := w.reconcileOne(gone); err != nil {
			t.Error(err)
		}
		// Another object of that name, two hours later: a deadline that was kept would be an hour late.
		w.meters.Settled(gone.(kinds.Evaluated), telemetry.Unchanged, time.Time{}, w.clock.Now().Add(2*time.Hour))
		for _, metric := range w.metrics(metrics.DeadlineDelay.Name) {
			if metric.GetLabel()[0].GetValue() == kinds.Of(gone).Name && metric.GetHistogram().GetSampleCount() > 0 {
				t.Errorf("the deadline of %s is kept", nameOf(gone))
			}
		}
	}
	if got := len(w.metrics(metrics.LedgerWrites.Name)); got != 0 {
		t.Errorf("%d series of a budget that is gone", got)
	}
}
