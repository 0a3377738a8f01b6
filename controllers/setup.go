package controllers

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/config/policy"
	"jointplan.dev/jointplan/controllers/internal/gate"
	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/controllers/internal/telemetry"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// Options say how the controllers run.
type Options struct {
	// Clock tells the instant of each evaluation.
	Clock clock.PassiveClock
	// Workers is the number of objects of one kind that are reconciled at the same time; and of all kinds together, of those of which nobody waits
	// for it: all of them at a start, and those of a program that was edited.
	Workers int
	// Account is the user name as which the controllers write: the admission policies have to name it. Empty means policy.Account.
	Account string
	// Metrics is where the metrics are registered. Absent means nowhere.
	Metrics prometheus.Registerer
	// Suffix is added to the controllers' names, which must be unique in a process. Empty outside tests.
	Suffix string
}

// Setup adds the controllers of all kinds to a manager.
func Setup(ctx context.Context, mgr manager.Manager, options Options) error {
	if err := gather.AddCaches(ctx, mgr.GetCache()); err != nil {
		return err
	}
	reader, err := gather.OfCache(ctx, mgr.GetCache(), mgr.GetFieldIndexer(), mgr.GetClient())
	if err != nil {
		return err
	}
	policies, err := NewPolicyGate(ctx, mgr.GetClient(), cmp.Or(options.Account, policy.Account))
	if err != nil {
		return err
	}
	recorder := telemetry.NewPacedRecorder(mgr.GetEventRecorder("jointplan"), mgr.GetScheme(), mgr.GetLogger())
	if err := mgr.Add(recorder); err != nil {
		return fmt.Errorf("set up the recorder of events: %w", err)
	}
	meters := telemetry.NewMeters(clock.RealClock{})
	shared := Reconciler{
		Client:   mgr.GetClient(),
		Clock:    options.Clock,
		Pace:     clock.RealClock{},
		Gatherer: gather.New(reader),
		Live:     gather.OfServer(mgr.GetAPIReader()),
		Policies: policies.Gate,
		Statuses: status.NewWriter(mgr.GetClient(), recorder, meters),
		Meters:   meters,
	}
	turns := queue.NewTurns(options.Workers, shared.Gatherer.Home, mgr.GetLogger())
	shared.Turns = func(kind *kinds.Kind, request reconcile.Request) *queue.Turn {
		return turns.Of(options.name(kind), request)
	}
	if options.Metrics != nil {
		if err := registerMetrics(options.Metrics, &shared, turns, mgr.Elected(), mgr.GetLogger()); err != nil {
			return err
		}
	}
	return setupAll(&wiring{
		relations: &relations{gatherer: shared.Gatherer},
		statuses:  shared.Statuses,
		add:       func(c wired) error { return build(mgr, options, turns, c) },
	}, shared)
}

// NewClient returns the client of a manager: of the answer to a patch of a status it asks for the metadata only.
func NewClient(config *rest.Config, options client.Options) (client.Client, error) {
	return status.NewClient(config, options)
}

// WithBriefAnswers returns a client that asks of the answer to a patch of a status for the metadata only.
func WithBriefAnswers(c client.Client) client.Client { return status.WithBriefAnswers(c) }

// NewPolicyGate returns the gate of the policies in config/policy, which have to name the manager's account, a user name. It reads the
// cluster's from a cache, which the context ends.
func NewPolicyGate(ctx context.Context, cached client.Reader, account string) (*gate.Policies, error) {
	return gate.New(ctx, cached, account)
}

// registerMetrics registers what the controllers record, and what is computed from objects once this manager is the one that works.
func registerMetrics(registry prometheus.Registerer, of *Reconciler, turns *queue.Turns, elected <-chan struct{}, log logr.Logger) error {
	calendar := func(source *v1alpha1.PartnerProgram) *fiscal.Calendar { return of.Gatherer.Compiled(source).Calendar }
	collectors := append(of.Meters.Collectors(), turns, telemetry.NewObjects(of.Client, elected, of.gate, calendar, log))
	for _, collector := range collectors {
		if err := registry.Register(collector); err != nil {
			return fmt.Errorf("register metrics: %w", err)
		}
	}
	return nil
}

// setupAll adds the controllers of all kinds.
func setupAll(w *wiring, shared Reconciler) error {
	for _, setup := range []func(*wiring, Reconciler) error{
		setupPartnerPrograms, setupPartners, setupJointPlans, setupCampaigns, setupMeasurementSets, setupPlanReviews, setupApprovalDecisions,
		setupPlanRevisions, setupMDFBudgets, setupMDFAllocations, setupMDFClaims, setupChannelStrategies,
	} {
		if err := setup(w, shared); err != nil {
			return err
		}
	}
	return nil
}

// wiring connects the watches of one controller after the other.
type wiring struct {
	*relations

	statuses *status.Writer
	add      func(wired) error
}

// wired is a controller with what it watches besides its own kind.
type wired struct {
	name       string
	own        client.Object
	ownEvents  predicate.Predicate
	reconciler reconcile.Reconciler
	watches    []watch
}

// watch is one watch of a controller: the kind that is watched and what its events concern.
type watch struct {
	kind     client.Object
	concerns queue.Concern
	priority int
	statuses bool // whether changes of status alone concern anything; most evaluations read specs only
	initial  bool // whether objects that are there at the start concern anything: those that outlive the object that they concern
	urgent   bool // whether its events are not coalesced
	// moves reports whether an update concerns others as if the object came or went; absent for appears.
	moves func(old, updated client.Object) bool
}

// predicate says which events of the kind are looked at: of namespaces those that change labels, else those that change the spec; of budgets
// also those that change annotations, by which they are suspended. An update by which a cache that had lost its watch says that an object was deleted
// and created again is always looked at.
func (w watch) predicate() predicate.Predicate {
	_, metadata := w.kind.(*metav1.PartialObjectMetadata)
	_, budget := w.kind.(*v1alpha1.MDFBudget)
	switch {
	case metadata:
		return predicate.LabelChangedPredicate{}
	case w.statuses:
		return predicate.Funcs{}
	case budget:
		return predicate.Or(predicate.GenerationChangedPredicate{}, predicate.AnnotationChangedPredicate{}, replaced)
	default:
		return predicate.Or(predicate.GenerationChangedPredicate{}, replaced)
	}
}

// replaced keeps updates from one object to another of the same name.
var replaced = predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool { return e.ObjectOld.GetUID() != e.ObjectNew.GetUID() }}

// handler enqueues what an event of the kind concerns, spaced unless it is urgent.
func (w watch) handler(spacing *queue.Coalescer) handler.EventHandler {
	if w.urgent {
		spacing = nil
	}
	whole := appears
	if w.moves != nil {
		whole = w.moves
	}
	events := queue.Enqueue(w.concerns, whole, w.priority, spacing)
	if w.initial {
		return queue.FromStart(events)
	}
	return events
}

// controller adds the controller of one kind: its own objects, the watches, and what all kinds in namespaces depend on, programs and namespaces.
func (w *wiring) controller(name string, r reconcile.Reconciler, watches ...watch) error {
	kind := kinds.Named(name)
	if kind.Namespaced {
		watches = append(watches,
			watch{kind: &v1alpha1.PartnerProgram{}, concerns: w.ofProgram(name), priority: queue.FanOut},
			watch{kind: &v1alpha1.PartnerProgram{}, concerns: w.asking(name, false), priority: queue.FanOut},
			watch{kind: gather.Namespace(), concerns: w.ofNamespace(name), priority: queue.FanOut})
	}
	return w.add(wired{name: strings.ToLower(name), own: kind.New(), ownEvents: w.ownEvents(kind), reconciler: r, watches: watches})
}

// ownEvents says which events of a controller's own objects are looked at: not those of its own writes, which would have each object evaluated
// twice. Those of money are, as its evaluation also looks at the status that an object has.
func (w *wiring) ownEvents(kind *kinds.Kind) predicate.Predicate {
	if kind.Money {
		return predicate.Funcs{}
	}
	return w.statuses.Others()
}

// What failed is tried again soon, and never later than within maxRetry: after an outage, however long, everything moves within that time.
const (
	minRetry = 5 * time.Millisecond
	maxRetry = 30 * time.Second
)

// retries says when what failed is tried again.
func retries() workqueue.TypedRateLimiter[reconcile.Request] {
	return workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](minRetry, maxRetry)
}

// name returns the name of the controller of a kind.
func (o Options) name(kind *kinds.Kind) string { return strings.ToLower(kind.Name) + o.Suffix }

// build adds a controller to a manager. The reconciles that its watches cause in one object are at least a second apart,
// but for fan-outs, which wait in their lines. A failed one is tried again within maxRetry.
func build(mgr manager.Manager, options Options, turns *queue.Turns, c wired) error {
	spacing := queue.NewCoalescer(clock.RealClock{})
	b := ctrl.NewControllerManagedBy(mgr).
		Named(options.name(kinds.Of(c.own))).
		For(c.own, builder.WithPredicates(c.ownEvents)).
		WithOptions(controller.Options{
			MaxConcurrentReconciles: options.Workers, NewQueue: turns.NewQueue(kinds.Of(c.own)),
			RateLimiter: retries(),
		})
	for _, watched := range c.watches {
		events := watched.handler(spacing)
		if _, metadata := watched.kind.(*metav1.PartialObjectMetadata); metadata {
			b = b.WatchesMetadata(watched.kind, events, builder.WithPredicates(watched.predicate()))
		} else {
			b = b.Watches(watched.kind, events, builder.WithPredicates(watched.predicate()))
		}
	}
	if err := b.Complete(c.reconciler); err != nil {
		return fmt.Errorf("set up the controller %s: %w", c.name, err)
	}
	return nil
}
