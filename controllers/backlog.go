package controllers

import (
	"sync"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/internal/metrics"
)

// backlog holds what nobody waits for: all objects when the manager starts, and all that use a program when it was edited. It deals them out to the
// controllers, so many of all kinds together at a time, and the next one when one is done. While there is something that somebody waits for, an
// edit or what it causes, a quarter as many.
//
// The API server is fastest with a few dozen writes at a time, whatever their kinds. Each controller alone cannot keep to that: a bound for each
// kind leaves the server idle once a single kind is left, or else gives it hundreds of writes, beside which that of an edit takes a second or two.
type backlog struct {
	log   logr.Logger
	depth *prometheus.Desc

	size int // how many are dealt out at a time

	mu     sync.Mutex
	out    int // how many are dealt out
	live   int // how many others are evaluated, or wait for it
	lanes  [len(lanePriorities)][]waiting
	queues map[string]*backlogQueue // by their controllers' names
}

// lanePriorities are the priorities of what waits in a backlog, the first lane's first.
var lanePriorities = [...]int{priorityFanOut, handler.LowPriority}

// waiting is an object that waits in a backlog.
type waiting struct {
	in      *backlogQueue
	request reconcile.Request
}

// newBacklog returns a backlog that deals out so many objects at a time.
func newBacklog(size int, log logr.Logger) *backlog {
	return &backlog{
		log: log, size: size, queues: map[string]*backlogQueue{},
		depth: prometheus.NewDesc(metrics.Backlog.Name, metrics.Backlog.Help, metrics.Backlog.Labels, nil),
	}
}

// newQueue returns the queue of a controller.
func (b *backlog) newQueue(name string, limiter workqueue.TypedRateLimiter[reconcile.Request]) workqueue.TypedRateLimitingInterface[reconcile.Request] {
	q := &backlogQueue{
		PriorityQueue: priorityqueue.New(name, func(o *priorityqueue.Opts[reconcile.Request]) {
			o.RateLimiter, o.Log = limiter, b.log.WithValues("controller", name)
		}),
		backlog: b, waits: map[reconcile.Request]int{}, dealt: map[reconcile.Request]bool{}, live: map[reconcile.Request]bool{},
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queues[name] = q
	return q
}

// backlogQueue is the queue of one controller. What has the priority of a backlog waits there; all else goes to the workers as ever.
type backlogQueue struct {
	priorityqueue.PriorityQueue[reconcile.Request]

	backlog *backlog
	// Guarded by the backlog's mutex.
	waits map[reconcile.Request]int  // what waits in the backlog, and in which lane
	dealt map[reconcile.Request]bool // what was dealt out and is not done
	live  map[reconcile.Request]bool // what somebody waits for and is not done
}

// AddWithOpts adds objects.
func (q *backlogQueue) AddWithOpts(options priorityqueue.AddOpts, requests ...reconcile.Request) {
	if options.After > 0 || options.RateLimited {
		q.PriorityQueue.AddWithOpts(options, requests...)
		return
	}
	q.backlog.mu.Lock()
	defer q.backlog.mu.Unlock()
	lane := laneOf(options.Priority)
	if lane < 0 {
		for _, request := range requests {
			delete(q.waits, request) // it is evaluated now
			if !q.live[request] {
				q.live[request] = true
				q.backlog.live++
			}
		}
		q.PriorityQueue.AddWithOpts(options, requests...)
		return
	}
	for _, request := range requests {
		if was, known := q.waits[request]; known && was <= lane {
			continue
		}
		q.waits[request] = lane
		q.backlog.lanes[lane] = append(q.backlog.lanes[lane], waiting{q, request})
	}
	q.backlog.deal()
}

// laneOf returns the lane of a priority; -1 if what has it does not wait in the backlog.
func laneOf(priority *int) int {
	found := -1
	for lane, highest := range lanePriorities {
		if priority != nil && *priority <= highest {
			found = lane
		}
	}
	return found
}

// Done says that an object was evaluated.
func (q *backlogQueue) Done(request reconcile.Request) {
	q.PriorityQueue.Done(request)
	q.backlog.mu.Lock()
	defer q.backlog.mu.Unlock()
	if q.dealt[request] {
		delete(q.dealt, request)
		q.backlog.out--
	}
	if q.live[request] {
		delete(q.live, request)
		q.backlog.live--
	}
	q.backlog.deal()
}

// deal deals out what may be.
func (b *backlog) deal() {
	most := b.size
	if b.live > 0 {
		most = max(1, b.size/4)
	}
	for b.out < most {
		lane := 0
		for lane < len(b.lanes) && len(b.lanes[lane]) == 0 {
			lane++
		}
		if lane == len(b.lanes) {
			return
		}
		next := b.lanes[lane][0]
		b.lanes[lane] = b.lanes[lane][1:]
		if waits, known := next.in.waits[next.request]; !known || waits != lane {
			continue // it was evaluated meanwhile, or was dealt out from the lane before
		}
		delete(next.in.waits, next.request)
		if !next.in.dealt[next.request] {
			next.in.dealt[next.request] = true
			b.out++
		}
		next.in.PriorityQueue.AddWithOpts(priorityqueue.AddOpts{Priority: &lanePriorities[lane]}, next.request)
	}
}

// Describe sends the descriptor of the metric.
func (b *backlog) Describe(to chan<- *prometheus.Desc) { to <- b.depth }

// Collect sends how many objects wait for each controller.
func (b *backlog) Collect(to chan<- prometheus.Metric) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, q := range b.queues {
		to <- prometheus.MustNewConstMetric(b.depth, prometheus.GaugeValue, float64(len(q.waits)), name)
	}
}
