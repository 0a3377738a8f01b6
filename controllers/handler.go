package controllers

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
	priorityChild  = -10
	priorityFanOut = -50
	// priorityDeadline is that of an object that waits for its next deadline. An object waits in the queue at the highest priority with which
	// it was added, and nearly all wait for a deadline: a higher one would lift the fan-out of a program's edit to the rank of live edits.
	priorityDeadline = priorityFanOut
)

type queue = workqueue.TypedRateLimitingInterface[reconcile.Request]

// mapping says which objects an event of another object concerns. whole is true when that object came or went, which may concern objects
// that merely lacked it or named something like it, or that it belongs elsewhere now.
type mapping func(ctx context.Context, object client.Object, whole bool) []reconcile.Request

// enqueue returns a handler that enqueues what a mapping says, at a priority, spaced by a coalescer if there is one: not a fan-out, which waits in
// the backlog, and is one there however often it is caused. An update concerns what
// both the old and the new object map to.
func enqueue(concerns mapping, priority int, spacing *coalescer) handler.EventHandler {
	add := func(q queue, priority int, requests []reconcile.Request) {
		for _, request := range requests {
			options := priorityqueue.AddOpts{Priority: &priority}
			if spacing != nil && priority > priorityFanOut {
				options.After = spacing.delay(request)
			}
			if prioritised, ok := q.(priorityqueue.PriorityQueue[reconcile.Request]); ok {
				prioritised.AddWithOpts(options, request)
			} else {
				q.AddAfter(request, options.After)
			}
		}
	}
	return enqueuer{
		create: func(ctx context.Context, e event.CreateEvent, q queue) {
			if e.IsInInitialList {
				return // each object is reconciled for itself once the caches are synced
			}
			add(q, priority, concerns(ctx, e.Object, true))
		},
		update: func(ctx context.Context, e event.UpdateEvent, q queue) {
			whole := appears(e.ObjectOld, e.ObjectNew)
			add(q, priority, union(concerns(ctx, e.ObjectOld, whole), concerns(ctx, e.ObjectNew, whole)))
		},
		remove: func(ctx context.Context, e event.DeleteEvent, q queue) {
			add(q, priority, concerns(ctx, e.Object, true))
		},
	}
}

// fromStart returns a handler that also handles the objects that are there when the manager starts.
func fromStart(h handler.EventHandler) handler.EventHandler {
	return enqueuer{
		create: func(ctx context.Context, e event.CreateEvent, q queue) {
			e.IsInInitialList = false
			h.Create(ctx, e, q)
		},
		update: h.Update,
		remove: h.Delete,
	}
}

// enqueuer is a handler whose functions see the queue itself, so that the priorities stay those that were given.
type enqueuer struct {
	create func(context.Context, event.CreateEvent, queue)
	update func(context.Context, event.UpdateEvent, queue)
	remove func(context.Context, event.DeleteEvent, queue)
}

// Create handles an object that came.
func (h enqueuer) Create(ctx context.Context, e event.CreateEvent, q queue) { h.create(ctx, e, q) }

// Update handles an object that changed.
func (h enqueuer) Update(ctx context.Context, e event.UpdateEvent, q queue) { h.update(ctx, e, q) }

// Delete handles an object that went.
func (h enqueuer) Delete(ctx context.Context, e event.DeleteEvent, q queue) { h.remove(ctx, e, q) }

// Generic handles nothing: there are no such events.
func (enqueuer) Generic(context.Context, event.GenericEvent, queue) {}

func union(a, b []reconcile.Request) []reconcile.Request {
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
