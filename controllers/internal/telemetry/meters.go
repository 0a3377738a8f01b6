package telemetry

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/metrics"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// Results of an evaluation or of a write of a ledger, as metrics label them.
const (
	Unchanged = "unchanged"
	Written   = "written"
	Conflict  = "conflict"
	Refused   = "refused"
	Gone      = "gone"
	Failed    = "failed"
)

// Meters count and measure what the controllers do. A nil *Meters is a no-op, so tests can omit it.
type Meters struct {
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

// NewMeters returns meters that time by a clock, with all series of evaluations at zero.
func NewMeters(watch clock.PassiveClock) *Meters {
	m := &Meters{
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
	for _, kind := range evaluated() { // from zero, as the first of something is not an increase otherwise
		for _, result := range []string{Unchanged, Written, Conflict, Refused, Gone, Failed} {
			m.evaluations.WithLabelValues(kind, result)
		}
		m.duration.WithLabelValues(kind)
		m.delay.WithLabelValues(kind)
	}
	return m
}

// evaluated returns the names of the kinds that have a status.
func evaluated() []string {
	var names []string
	for _, k := range kinds.All() {
		if k.Evaluated {
			names = append(names, k.Name)
		}
	}
	return names
}

func counterOf(f *metrics.Family) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: f.Name, Help: f.Help}, f.Labels)
}

func histogramOf(f *metrics.Family) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: f.Name, Help: f.Help, Buckets: f.Buckets}, f.Labels)
}

// Collectors are what is to be registered.
func (m *Meters) Collectors() []prometheus.Collector {
	return []prometheus.Collector{m.evaluations, m.ledgerWrites, m.grants, m.releases, m.settlements, m.duration, m.delay}
}

// Timing starts to measure how long an evaluation takes; what it returns ends it.
func (m *Meters) Timing(kind string) (done func()) {
	if m == nil {
		return func() {}
	}
	start := m.clock.Now()
	return func() { m.duration.WithLabelValues(kind).Observe(m.clock.Since(start).Seconds()) }
}

// Settled counts an evaluation at an instant by what became of the status, which may change by itself next at another instant.
func (m *Meters) Settled(object kinds.Evaluated, result string, next, now time.Time) {
	if m == nil {
		return
	}
	of := evaluatedObject{kinds.Of(object).Name, types.NamespacedName{Namespace: object.GetNamespace(), Name: object.GetName()}}
	m.evaluations.WithLabelValues(of.kind, result).Inc()
	if result != Unchanged && result != Written {
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

// Forget forgets an object that is gone, or whose status stays as it is for now, and the series of a budget that is gone.
func (m *Meters) Forget(kind string, name types.NamespacedName) {
	if m == nil {
		return
	}
	m.mu.Lock()
	delete(m.due, evaluatedObject{kind, name})
	m.mu.Unlock()
	if kind != kinds.MDFBudget {
		return
	}
	for _, of := range []*prometheus.CounterVec{m.grants, m.releases, m.settlements, m.ledgerWrites} {
		of.DeletePartialMatch(prometheus.Labels{"budget": name.Name})
	}
}

// Ledger counts an attempt to write the ledger of a budget and, when it succeeded, what it did.
func (m *Meters) Ledger(budget string, before, after *v1alpha1.MDFLedgerSpec, err error) {
	if m == nil {
		return
	}
	result := ResultOf(err)
	if result == Gone { // somebody deleted it after it was read
		result = Conflict
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

// Budget makes the series of a budget, so that they begin with zero.
func (m *Meters) Budget(name string) {
	if m == nil {
		return
	}
	for _, of := range []*prometheus.CounterVec{m.grants, m.releases, m.settlements} {
		of.WithLabelValues(name)
	}
	for _, result := range []string{Written, Conflict, Refused, Failed} {
		m.ledgerWrites.WithLabelValues(name, result)
	}
}

// ResultOf says what became of a write.
func ResultOf(err error) string {
	switch {
	case err == nil:
		return Written
	case apierrors.IsNotFound(err):
		return Gone
	case apierrors.IsConflict(err), apierrors.IsAlreadyExists(err):
		return Conflict
	case apierrors.IsInvalid(err), apierrors.IsForbidden(err):
		return Refused
	default:
		return Failed
	}
}
