package queue

import (
	"context"
	"slices"

	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/internal/model/snapshot"
)

// Priorities of reconciles. An object's own edit has 0 and goes before what its children cause, that before the fan-out of a program's edit,
// and that before what is there at a start, which has handler.LowPriority.
const (
	// Child is that of an object whose children changed.
	Child = -10
	// FanOut is that of the objects that use a program, when it was edited.
	FanOut = -50
	// Deadline is that of an object that waits for its next deadline. An object waits in the queue at the highest priority with which
	// it was added, and nearly all wait for a deadline: a higher one would lift the fan-out of a program's edit to the rank of live edits.
	Deadline = FanOut
)

type target = workqueue.TypedRateLimitingInterface[reconcile.Request]

// Concern says which objects an event of another object concerns: a Mapping, or a Within.
type Concern interface {
	add(ctx context.Context, q target, priority int, spacing *Coalescer, events ...Event)
}

// Event is what happened to an object.
type Event struct {
	// Object is the object, as it was or is.
	Object client.Object
	// Whole is true when the object came or went, which may concern objects that merely lacked it or named something like it, or that it belongs
	// elsewhere now.
	Whole bool
}

// Mapping finds the objects that an event concerns at once.
type Mapping func(ctx context.Context, object client.Object, whole bool) []reconcile.Request

func (m Mapping) add(ctx context.Context, q target, priority int, spacing *Coalescer, events ...Event) {
	var requests []reconcile.Request
	for _, e := range events {
		requests = Union(requests, m(ctx, e.Object, e.Whole))
	}
	put(q, priority, spacing, requests)
}

// put adds objects to a queue at a priority, spaced by a Coalescer if there is one: not a fan-out, which waits behind, and is one there however often it
// is caused.
func put(q target, priority int, spacing *Coalescer, requests []reconcile.Request) {
	for _, request := range requests {
		options := options(priority, spacing, request)
		if prioritised, ok := q.(priorityqueue.PriorityQueue[reconcile.Request]); ok {
			prioritised.AddWithOpts(options, request)
		} else {
			q.AddAfter(request, options.After)
		}
	}
}

func options(priority int, spacing *Coalescer, request reconcile.Request) priorityqueue.AddOpts {
	options := priorityqueue.AddOpts{Priority: &priority}
	if spacing != nil && priority > FanOut {
		options.After = spacing.Delay(request)
	}
	return options
}

// Within finds the objects of whole units of work that events concern. That takes as long as the units are large, so that Turns do it only once for all
// events of a unit, in the turn of its line.
type Within struct {
	// Units returns the units in which an event concerns objects. That is quick.
	Units func(ctx context.Context, e Event) []snapshot.Root
	// Among returns the objects of a unit that some events concern; all that any may when no event is given.
	Among func(ctx context.Context, turn *Turn, unit snapshot.Root, events []Event) []reconcile.Request
}

// maxEvents is the number of events in a unit above which they are no longer told apart: all objects are concerned.
const maxEvents = 8

// merge adds events to others, up to one more than are told apart.
func merge(events, more []Event) []Event {
	return append(events, more[:min(len(more), maxEvents+1-len(events))]...)
}

// Objects returns the objects of a unit that some events concern.
func (w *Within) Objects(ctx context.Context, turn *Turn, unit snapshot.Root, events []Event) []reconcile.Request {
	if len(events) > maxEvents {
		events = nil
	}
	return w.Among(ctx, turn, unit, events)
}

func (w *Within) add(ctx context.Context, q target, priority int, spacing *Coalescer, events ...Event) {
	var units []snapshot.Root
	seen := map[snapshot.Root]bool{}
	for _, e := range events {
		for _, unit := range w.Units(ctx, e) {
			if !seen[unit] {
				seen[unit] = true
				units = append(units, unit)
			}
		}
	}
	later, turns := q.(interface {
		AddWithin(*Within, snapshot.Root, priorityqueue.AddOpts, ...Event)
	})
	var requests []reconcile.Request
	for _, unit := range units {
		if turns {
			later.AddWithin(w, unit, options(priority, spacing, markOf(unit)), events...)
		} else {
			requests = Union(requests, w.Among(ctx, &Turn{}, unit, events))
		}
	}
	put(q, priority, spacing, requests)
}

// Enqueue returns a handler that enqueues what an event concerns, at a priority, spaced by a Coalescer if there is one. An update concerns what both the
// old and the new object do.
func Enqueue(concerns Concern, appears func(old, updated client.Object) bool, priority int, spacing *Coalescer) handler.EventHandler {
	return enqueuer{
		create: func(ctx context.Context, e event.CreateEvent, q target) {
			if e.IsInInitialList {
				return // each object is reconciled for itself once the caches are synced
			}
			concerns.add(ctx, q, priority, spacing, Event{e.Object, true})
		},
		update: func(ctx context.Context, e event.UpdateEvent, q target) {
			whole := appears(e.ObjectOld, e.ObjectNew)
			concerns.add(ctx, q, priority, spacing, Event{e.ObjectOld, whole}, Event{e.ObjectNew, whole})
		},
		remove: func(ctx context.Context, e event.DeleteEvent, q target) {
			concerns.add(ctx, q, priority, spacing, Event{e.Object, true})
		},
	}
}

// FromStart returns a handler that also handles the objects that are there when the manager starts.
func FromStart(h handler.EventHandler) handler.EventHandler {
	return enqueuer{
		create: func(ctx context.Context, e event.CreateEvent, q target) {
			e.IsInInitialList = false
			h.Create(ctx, e, q)
		},
		update: h.Update,
		remove: h.Delete,
	}
}

// enqueuer is a handler whose functions see the queue itself, so that the priorities stay those that were given.
type enqueuer struct {
	create func(context.Context, event.CreateEvent, target)
	update func(context.Context, event.UpdateEvent, target)
	remove func(context.Context, event.DeleteEvent, target)
}

// Create handles an object that came.
func (h enqueuer) Create(ctx context.Context, e event.CreateEvent, q target) { h.create(ctx, e, q) }

// Update handles an object that changed.
func (h enqueuer) Update(ctx context.Context, e event.UpdateEvent, q target) { h.update(ctx, e, q) }

// Delete handles an object that went.
func (h enqueuer) Delete(ctx context.Context, e event.DeleteEvent, q target) { h.remove(ctx, e, q) }

// Generic handles nothing: there are no such events.
func (enqueuer) Generic(context.Context, event.GenericEvent, target) {}

// Union returns the requests of both lists, each once, in their order.
func Union(a, b []reconcile.Request) []reconcile.Request {
	seen := make(map[reconcile.Request]bool, len(a)+len(b))
	list := make([]reconcile.Request, 0, len(a)+len(b))
	for _, request := range append(slices.Clip(a), b...) {
		if !seen[request] {
			seen[request] = true
			list = append(list, request)
		}
	}
	return list
}
