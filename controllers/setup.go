package controllers

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Options say how the controllers run.
type Options struct {
	// Clock tells the instant of each evaluation.
	Clock clock.PassiveClock
	// Workers is the number of objects of one kind that are reconciled at the same time.
	Workers int
	// Suffix is added to the controllers' names, which must be unique in a process. Empty outside tests.
	Suffix string
}

// Setup adds the controllers of all kinds to a manager.
func Setup(ctx context.Context, mgr manager.Manager, options Options) error {
	if err := addIndexes(ctx, mgr.GetFieldIndexer()); err != nil {
		return err
	}
	shared := Reconciler{
		Client:   mgr.GetClient(),
		Clock:    options.Clock,
		Events:   mgr.GetEventRecorder("jointplan"),
		Gatherer: NewGatherer(mgr.GetClient()),
		pending:  newPendingWrites(),
	}
	connect := &wiring{
		mgr:       mgr,
		options:   options,
		relations: &relations{reader: mgr.GetClient(), scheme: mgr.GetScheme()},
	}
	for _, setup := range []func(*wiring, Reconciler) error{
		setupPartnerPrograms, setupPartners, setupJointPlans, setupCampaigns, setupMeasurementSets, setupApprovalDecisions, setupPlanRevisions,
	} {
		if err := setup(connect, shared); err != nil {
			return err
		}
	}
	return nil
}

// wiring connects the watches of one controller after the other.
type wiring struct {
	*relations

	mgr     manager.Manager
	options Options
}

// watch is one watch of a controller: the kind that is watched and what its events concern.
type watch struct {
	kind     client.Object
	concerns mapping
	priority int
	statuses bool // whether changes of status alone concern anything; most evaluations read specs only
}

// controller builds the controller of one kind: its own objects, the watches, and what all kinds depend on, programs and namespaces. The
// reconciles that watches cause in one object are at least a second apart.
func (w *wiring) controller(name string, own client.Object, ownList client.ObjectList, r reconcile.Reconciler, watches ...watch) error {
	spacing := newCoalescer(clock.RealClock{})
	if ownList != nil {
		watches = append(watches, watch{kind: &v1alpha1.PartnerProgram{}, concerns: w.ofProgram(ownList), priority: priorityFanOut})
	}
	b := ctrl.NewControllerManagedBy(w.mgr).
		Named(name + w.options.Suffix).
		For(own).
		WithOptions(controller.Options{MaxConcurrentReconciles: w.options.Workers})
	for _, watched := range watches {
		var options []builder.WatchesOption
		if !watched.statuses {
			options = append(options, builder.WithPredicates(predicate.GenerationChangedPredicate{}))
		}
		b = b.Watches(watched.kind, enqueue(watched.concerns, watched.priority, spacing), options...)
	}
	if ownList != nil {
		namespace := &metav1.PartialObjectMetadata{}
		namespace.SetGroupVersionKind(namespaceKind)
		b = b.WatchesMetadata(namespace, enqueue(w.ofNamespace(ownList), priorityFanOut, spacing), builder.WithPredicates(predicate.LabelChangedPredicate{}))
	}
	if err := b.Complete(r); err != nil {
		return fmt.Errorf("set up the controller %s: %w", name, err)
	}
	return nil
}
