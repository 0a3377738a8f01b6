package controllers

import (
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/controllers/internal/telemetry"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// Reconciler is what the reconcilers of all kinds share.
type Reconciler struct {
	client.Client
	// Clock tells the instant of each evaluation. It is read once in a turn.
	Clock clock.PassiveClock
	// Pace tells how long ago something was done, for what is not to be done too often. It runs even where Clock stands still.
	Pace clock.PassiveClock
	// Turns says in which turn an object is evaluated. Absent means that each has a turn of its own.
	Turns func(kind *kinds.Kind, request reconcile.Request) *queue.Turn
	// Gatherer reads the objects that an evaluation looks at.
	Gatherer *gather.Gatherer
	// Live reads from the API server itself, past the cache: before money is moved.
	Live *gather.Server
	// Policies says what stops all grants. Absent means that nothing does.
	Policies func() facts.Gate
	// Statuses writes statuses.
	Statuses *status.Writer
	// Meters counts and times. A nil one is a no-op, so that a test can omit it.
	Meters *telemetry.Meters
}

// forget drops what is remembered of an object that is gone.
func (r *Reconciler) forget(kind string, name types.NamespacedName) {
	r.Meters.Forget(kind, name)
	r.Gatherer.Forget(kind, name)
	r.Statuses.Forget(kinds.Key{Kind: kind, Namespace: name.Namespace, Name: name.Name})
}

// turn returns the turn in which an object is evaluated.
func (r *Reconciler) turn(kind *kinds.Kind, request reconcile.Request) *queue.Turn {
	if r.Turns == nil {
		return &queue.Turn{}
	}
	return r.Turns(kind, request)
}

// gate returns what stops all grants.
func (r *Reconciler) gate() facts.Gate {
	if r.Policies == nil {
		return facts.Gate{}
	}
	return r.Policies()
}
