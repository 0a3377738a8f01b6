package controllers

import (
	"context"
	"fmt"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/client-go/tools/events"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/controllers/internal/telemetry"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// Parts are what controllers without a manager work with.
type Parts struct {
	// Client reads from a cache, which has the indexes of AddIndexes, and writes.
	Client client.Client
	// Live reads past the cache.
	Live client.Reader
	// Clock tells the instant of each evaluation.
	Clock clock.PassiveClock
	// Events records events.
	Events events.EventRecorder
	// Policies says what stops all grants. Absent means that nothing does.
	Policies func() facts.Gate
	// Metrics is where the controllers' own metrics are registered. Absent means nowhere.
	Metrics prometheus.Registerer
}

// Wired is a controller without a manager, for tests that deliver events themselves.
type Wired struct {
	// Name is the controller's name, such as mdfbudget.
	Name string
	// Own is an empty object of the kind that it evaluates.
	Own client.Object
	// OwnEvents says which events of such objects cause an evaluation.
	OwnEvents predicate.Predicate
	// Reconciler evaluates one object.
	Reconciler reconcile.Reconciler
	// Watches are what it watches besides.
	Watches []Watch
}

// Watch is what a controller watches besides its own kind.
type Watch struct {
	// Kind is an empty object of the kind that is watched.
	Kind client.Object
	// Predicate says which events of such objects matter.
	Predicate predicate.Predicate
	// Handler enqueues what an event concerns, at once.
	Handler handler.EventHandler
}

// AddIndexes adds the indexes that the controllers need to a cache.
func AddIndexes(ctx context.Context, indexer client.FieldIndexer) error {
	return gather.AddIndexes(ctx, indexer)
}

// Wire returns the controllers of some kinds as Setup would add them to a manager.
func Wire(parts Parts, names ...string) ([]Wired, error) {
	var meters *telemetry.Meters
	if parts.Metrics != nil {
		meters = telemetry.NewMeters(clock.RealClock{})
		for _, collector := range meters.Collectors() {
			if err := parts.Metrics.Register(collector); err != nil {
				return nil, fmt.Errorf("register metrics: %w", err)
			}
		}
	}
	shared := Reconciler{
		Client: parts.Client, Clock: parts.Clock, Pace: parts.Clock, Gatherer: gather.New(gather.Through(parts.Client)), Live: gather.OneByOne(parts.Live),
		Policies: parts.Policies, Statuses: status.NewWriter(parts.Client, parts.Events, meters), Meters: meters,
	}
	var all []Wired
	w := &wiring{relations: &relations{gatherer: shared.Gatherer}, statuses: shared.Statuses, add: func(c wired) error {
		if slices.Contains(names, kinds.Of(c.own).Name) {
			all = append(all, c.exported())
		}
		return nil
	}}
	return all, setupAll(w, shared)
}

// exported is the controller as tests see it.
func (c wired) exported() Wired {
	e := Wired{Name: c.name, Own: c.own, OwnEvents: c.ownEvents, Reconciler: c.reconciler}
	for _, x := range c.watches {
		e.Watches = append(e.Watches, Watch{Kind: x.kind, Predicate: x.predicate(), Handler: x.handler(nil)})
	}
	return e
}
