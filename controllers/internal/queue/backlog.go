package queue

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

// Backlog holds what nobody waits for: all objects when the manager starts, and all that use a program when it was edited. It deals them out to the
// controllers, so many of all kinds together at a time, and the next one when one is done. While there is something that somebody waits for, an
// edit or what it causes, a quarter as many.
//
// The API server is fastest with a few dozen writes at a time, whatever their kinds. Each controller alone cannot keep to that: a bound for each
// kind leaves the server idle once a single kind is left, or else gives it hundreds of writes, beside which that of an edit takes a second or two.
type Backlog struct {
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
var lanePriorities = [...]int{FanOut, handler.LowPriority}

// waiting is an object that waits in a backlog.
type waiting struct {
	in      *backlogQueue
	request reconcile.Request
}

// NewBacklog returns a backlog that deals out so many objects at a time.
func NewBacklog(size int, log logr.Logger) *Backlog {
	return &Backlog{
		log: log, size: size, queues: map[string]*backlogQueue{},
		depth: prometheus.NewDesc(metrics.Backlog.Name, metrics.Backlog.Help, metrics.Backlog.Labels, nil),
	}
}

// NewQueue returns the function that makes the queue of a controller. It is told whether what does not wait in the backlog counts as what somebody
// waits for: not where each write of a status causes another evaluation.
func (b *Backlog) NewQueue(counted bool) func(string, workqueue.TypedRateLimiter[reconcile.Request]) workqueue.TypedRateLimitingInterface[reconcile.Request] {
	return func(name string, limiter workqueue.TypedRateLimiter[reconcile.Request]) workqueue.TypedRateLimitingInterface[reconcile.Request] {
		return b.queue(name, limiter, counted)
	}
}

func (b *Backlog) queue(name string, limiter workqueue.TypedRateLimiter[reconcile.Request], counted bool) *backlogQueue {
	q := &backlogQueue{
		PriorityQueue: priorityqueue.New(name, func(o *priorityqueue.Opts[reconcile.Request]) {
			o.RateLimiter, o.Log = limiter, b.log.WithValues("controller", name)
		}),
		backlog: b, waits: map[reconcile.Request]int{}, dealt: map[reconcile.Request]place{},
	}
	if counted {
		q.live = map[reconcile.Request]place{}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queues[name] = q
	return q
}

// backlogQueue is the queue of one controller. What has the priority of a backlog waits there; all else goes to the workers as ever.
type backlogQueue struct {
	priorityqueue.PriorityQueue[reconcile.Request]

	backlog *Backlog
	// Guarded by the backlog's mutex.
	waits map[reconcile.Request]int   // what waits in the backlog, and in which lane
	dealt map[reconcile.Request]place // what was dealt out and is not done
	live  map[reconcile.Request]place // what somebody waits for and is not done; nil if that is not counted
}

// place says where an object is that is not done.
type place int

const (
	queued place = iota + 1
	atWork
)

// enter notes that an object is queued, and reports whether it is new: not one that is queued or at work.
func enter(list map[reconcile.Request]place, request reconcile.Request) bool {
	_, known := list[request]
	list[request] = queued
	return !known
}

// begin notes that the work on an object begins.
func begin(list map[reconcile.Request]place, request reconcile.Request) {
	if _, known := list[request]; known {
		list[request] = atWork
	}
}

// leave notes that the work on an object is done, and reports whether the object leaves: it was not queued once more meanwhile.
func leave(list map[reconcile.Request]place, request reconcile.Request) bool {
	if list[request] != atWork {
		return false
	}
	delete(list, request)
	return true
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
			if q.live != nil && enter(q.live, request) {
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

// Add adds an object, as somebody waits for it.
func (q *backlogQueue) Add(request reconcile.Request) {
	q.AddWithOpts(priorityqueue.AddOpts{}, request)
}

// GetWithPriority waits for the next object to evaluate.
func (q *backlogQueue) GetWithPriority() (request reconcile.Request, priority int, shutdown bool) {
	request, priority, shutdown = q.PriorityQueue.GetWithPriority()
	if shutdown {
		return request, priority, shutdown
	}
	q.backlog.mu.Lock()
	defer q.backlog.mu.Unlock()
	begin(q.dealt, request)
	begin(q.live, request)
	return request, priority, shutdown
}

// Done says that an object was evaluated.
func (q *backlogQueue) Done(request reconcile.Request) {
	q.done(request) // before another worker may take it, should it be queued once more
	q.PriorityQueue.Done(request)
}

func (q *backlogQueue) done(request reconcile.Request) {
	q.backlog.mu.Lock()
	defer q.backlog.mu.Unlock()
	if leave(q.dealt, request) {
		q.backlog.out--
	}
	if leave(q.live, request) {
		q.backlog.live--
	}
	q.backlog.deal()
}

// deal deals out what may be.
func (b *Backlog) deal() {
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
		if b.lanes[lane] = b.lanes[lane][1:]; len(b.lanes[lane]) == 0 {
			b.lanes[lane] = nil // with the memory that it took
		}
		if waits, known := next.in.waits[next.request]; !known || waits != lane {
			continue // it was evaluated meanwhile, or was dealt out from the lane before
		}
		delete(next.in.waits, next.request)
		if enter(next.in.dealt, next.request) {
			b.out++
		}
		next.in.PriorityQueue.AddWithOpts(priorityqueue.AddOpts{Priority: &lanePriorities[lane]}, next.request)
	}
}

// Describe sends the descriptor of the metric.
func (b *Backlog) Describe(to chan<- *prometheus.Desc) { to <- b.depth }

// Collect sends how many objects wait for each controller.
func (b *Backlog) Collect(to chan<- prometheus.Metric) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, q := range b.queues {
		to <- prometheus.MustNewConstMetric(b.depth, prometheus.GaugeValue, float64(len(q.waits)), name)
	}
}
