// Package queuetest records what is added to the queue of a controller.
package queuetest

import (
	"slices"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// Added is what was added to a queue.
type Added struct {
	// Request is the object.
	Request reconcile.Request
	// Priority is its priority; 0 when none was given.
	Priority int
	// After is the time until it is to be evaluated.
	After time.Duration
}

// Queue is a queue that notes what is added and gives nothing out.
type Queue struct {
	priorityqueue.PriorityQueue[reconcile.Request]

	// Added is what was added, in order.
	Added []Added
}

// AddWithOpts notes what is added.
func (q *Queue) AddWithOpts(o priorityqueue.AddOpts, requests ...reconcile.Request) {
	for _, request := range requests {
		x := Added{Request: request, After: o.After}
		if o.Priority != nil {
			x.Priority = *o.Priority
		}
		q.Added = append(q.Added, x)
	}
}

// Requests returns what was added, sorted, each once.
func (q *Queue) Requests() []string {
	var list []string
	for _, x := range q.Added {
		list = append(list, x.Request.String())
	}
	slices.Sort(list)
	return slices.Compact(list)
}
