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
)

// Priorities of reconciles. An object's own edit has 0 and goes before what its children cause, that before the fan-out of a program's edit,
// and that before the backlog of a start, which has handler.LowPriority.
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

// Mapping says which objects an event of another object concerns. whole is true when that object came or went, which may concern objects
// that merely lacked it or named something like it, or that it belongs elsewhere now.
type Mapping func(ctx context.Context, object client.Object, whole bool) []reconcile.Request

// Enqueue returns a handler that enqueues what a Mapping says, at a priority, spaced by a Coalescer if there is one: not a fan-out, which waits in
// the backlog, and is one there however often it is caused. An update concerns what
// both the old and the new object map to.
func Enqueue(concerns Mapping, appears func(old, updated client.Object) bool, priority int, spacing *Coalescer) handler.EventHandler {
	add := func(q target, priority int, requests []reconcile.Request) {
		for _, request := range requests {
			options := priorityqueue.AddOpts{Priority: &priority}
			if spacing != nil && priority > FanOut {
				options.After = spacing.Delay(request)
			}
			if prioritised, ok := q.(priorityqueue.PriorityQueue[reconcile.Request]); ok {
				prioritised.AddWithOpts(options, request)
			} else {
				q.AddAfter(request, options.After)
			}
		}
	}
	return enqueuer{
		create: func(ctx context.Context, e event.CreateEvent, q target) {
			if e.IsInInitialList {
				return // each object is reconciled for itself once the caches are synced
			}
			add(q, priority, concerns(ctx, e.Object, true))
		},
		update: func(ctx context.Context, e event.UpdateEvent, q target) {
			whole := appears(e.ObjectOld, e.ObjectNew)
			add(q, priority, Union(concerns(ctx, e.ObjectOld, whole), concerns(ctx, e.ObjectNew, whole)))
		},
		remove: func(ctx context.Context, e event.DeleteEvent, q target) {
			add(q, priority, concerns(ctx, e.Object, true))
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
