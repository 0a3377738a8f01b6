package controllers

import (
	"reflect"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/metrics"
)

// Results of an evaluation or of a write of a ledger, as metrics label them.
const (
	resultUnchanged = "unchanged"
	resultWritten   = "written"
	resultConflict  = "conflict"
	resultRefused   = "refused"
	resultGone      = "gone"
	resultFailed    = "failed"
)

// evaluatedKinds are the kinds that have a status.
var evaluatedKinds = []string{
	kindOf(&v1alpha1.PartnerProgram{}), kindOf(&v1alpha1.Partner{}), kindOf(&v1alpha1.JointPlan{}), kindOf(&v1alpha1.Campaign{}),
	kindOf(&v1alpha1.MeasurementSet{}), kindOf(&v1alpha1.ApprovalDecision{}), kindOf(&v1alpha1.PlanRevision{}),
	kindOf(&v1alpha1.MDFBudget{}), kindOf(&v1alpha1.MDFAllocation{}), kindOf(&v1alpha1.MDFClaim{}),
}

// kindBudget labels what is measured of the decisions about money.
var kindBudget = kindOf(&v1alpha1.MDFBudget{})

// meters count and measure what the controllers do. Absent ones do nothing, so that a test can leave them away.
type meters struct {
	clock        clock.PassiveClock // how long something takes is measured in real time, whatever the manager's clock says
	evaluations  *prometheus.CounterVec
	ledgerWrites *prometheus.CounterVec
	grants       *prometheus.CounterVec
	releases     *prometheus.CounterVec
	settlements  *prometheus.CounterVec
	duration     *prometheus.HistogramVec
	delay        *prometheus.HistogramVec

	mu  sync.Mutex
	due map[evaluatedObject]time.Time // the next instant at which a status may change by itself
}

// evaluatedObject names an object that is evaluated.
type evaluatedObject struct {
	kind string
	name types.NamespacedName
}

func newMeters(watch clock.PassiveClock) *meters {
	m := &meters{
		clock:        watch,
		evaluations:  counterOf(metrics.Evaluations),
		ledgerWrites: counterOf(metrics.LedgerWrites),
		grants:       counterOf(metrics.Grants),
		releases:     counterOf(metrics.Releases),
		settlements:  counterOf(metrics.Settlements),
		duration:     histogramOf(metrics.EvaluationDuration),
		delay:        histogramOf(metrics.DeadlineDelay),
		due:          map[evaluatedObject]time.Time{},
	}
	for _, kind := range evaluatedKinds { // from zero, as the first of something is no increase otherwise
		for _, result := range []string{resultUnchanged, resultWritten, resultConflict, resultRefused, resultGone, resultFailed} {
			m.evaluations.WithLabelValues(kind, result)
		}
		m.duration.WithLabelValues(kind)
		m.delay.WithLabelValues(kind)
	}
	return m
}

func counterOf(f *metrics.Family) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: f.Name, Help: f.Help}, f.Labels)
}

func histogramOf(f *metrics.Family) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: f.Name, Help: f.Help, Buckets: f.Buckets}, f.Labels)
}

// collectors are what is to be registered.
func (m *meters) collectors() []prometheus.Collector {
	return []prometheus.Collector{m.evaluations, m.ledgerWrites, m.grants, m.releases, m.settlements, m.duration, m.delay}
}

// timing starts to measure how long an evaluation takes; what it returns ends it.
func (m *meters) timing(kind string) (done func()) {
	if m == nil {
		return func() {}
	}
	start := m.clock.Now()
	return func() { m.duration.WithLabelValues(kind).Observe(m.clock.Since(start).Seconds()) }
}

// settled counts an evaluation at an instant by what became of the status, which may change by itself next at another instant.
func (m *meters) settled(object Object, result string, next, now time.Time) {
	if m == nil {
		return
	}
	of := evaluatedObject{kindOf(object), types.NamespacedName{Namespace: object.GetNamespace(), Name: object.GetName()}}
	m.evaluations.WithLabelValues(of.kind, result).Inc()
	if result != resultUnchanged && result != resultWritten {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if due, ok := m.due[of]; ok && !due.After(now) {
		m.delay.WithLabelValues(of.kind).Observe(now.Sub(due).Seconds())
	}
	delete(m.due, of)
	if !next.IsZero() {
		m.due[of] = next
	}
}

// forget forgets an object that is gone, or whose status stays as it is for now, and the series of a budget that is gone.
func (m *meters) forget(kind string, name types.NamespacedName) {
	if m == nil {
		return
	}
	m.mu.Lock()
	delete(m.due, evaluatedObject{kind, name})
	m.mu.Unlock()
	if kind != kindBudget {
		return
	}
	for _, of := range []*prometheus.CounterVec{m.grants, m.releases, m.settlements, m.ledgerWrites} {
		of.DeletePartialMatch(prometheus.Labels{"budget": name.Name})
	}
}

// ledger counts an attempt to write the ledger of a budget and, when it succeeded, what it did.
func (m *meters) ledger(budget string, before, after *v1alpha1.MDFLedgerSpec, err error) {
	if m == nil {
		return
	}
	result := resultOf(err)
	if result == resultGone { // somebody deleted it after it was read
		result = resultConflict
	}
	m.ledgerWrites.WithLabelValues(budget, result).Inc()
	if err != nil {
		return
	}
	moves := metrics.MovesOf(before, after)
	m.grants.WithLabelValues(budget).Add(float64(moves.Grants))
	m.releases.WithLabelValues(budget).Add(float64(moves.Releases))
	m.settlements.WithLabelValues(budget).Add(float64(moves.Settlements))
}

// budget makes the series of a budget, so that they begin with zero.
func (m *meters) budget(name string) {
	if m == nil {
		return
	}
	for _, of := range []*prometheus.CounterVec{m.grants, m.releases, m.settlements} {
		of.WithLabelValues(name)
	}
	for _, result := range []string{resultWritten, resultConflict, resultRefused, resultFailed} {
		m.ledgerWrites.WithLabelValues(name, result)
	}
}

// resultOf says what became of a write.
func resultOf(err error) string {
	switch {
	case err == nil:
		return resultWritten
	case apierrors.IsNotFound(err):
		return resultGone
	case apierrors.IsConflict(err), apierrors.IsAlreadyExists(err):
		return resultConflict
	case apierrors.IsInvalid(err), apierrors.IsForbidden(err):
		return resultRefused
	default:
		return resultFailed
	}
}

// kindOf returns the kind of an object.
func kindOf(object Object) string { return reflect.TypeOf(object).Elem().Name() }
