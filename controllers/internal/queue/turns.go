package queue

import (
	"context"
	"strings"
	"sync"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/metrics"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// Turns deals out the work of all controllers, fairly between partners: what is to be evaluated waits in the line of its partner, and the lines take
// turns. A turn is bounded; a line whose turn is over goes to the tail. So an edit waits for at most one turn of each partner that has work, however
// much work one of them has. What belongs to no partner waits in one line for each namespace, a budget or a program in one of its own.
//
// A line has lanes, of which one goes before the next: own edits, what children cause, fan-outs and deadlines, and what is there at a start. Nobody waits
// for the last two: they have turns of their own, a number of objects of all kinds together is dealt out at a time, and a quarter as many while there is
// something that somebody waits for. The API server is fastest with a few dozen writes at a time, whatever their kinds. Each controller alone cannot
// keep to that: a bound for each kind leaves the server idle once a single kind is left, or else gives it hundreds of writes, beside which that of an edit
// takes a second or two.
type Turns struct {
	home  Home
	log   logr.Logger
	depth *prometheus.Desc

	size int // how many objects are dealt out at a time

	mu     sync.Mutex
	lines  map[snapshot.Root]*line
	rings  [2][]*line // the lines with something that somebody waits for, and those with others, in the order of their turns
	out    [2]int     // how many of each are dealt out
	urgent int        // how many that somebody waits for are not done
	queues map[string]*turnQueue
}

// Home says what an object of a kind hangs on, and whether that is a partner that is there.
type Home func(kind *kinds.Kind, name types.NamespacedName) (root snapshot.Root, partner bool)

// lanes are the priorities of what waits in a lane: that or less, and more than that of the next.
var lanes = [...]int{0, Child, FanOut, handler.LowPriority}

// ringOf returns the ring of a lane: 0 of what somebody waits for, 1 of the others.
func ringOf(lane int) int { return lane / 2 }

// leastTurn is how many objects a line may be dealt at least in a turn, however many lines there are: what they look at is gathered once for a turn.
const leastTurn = 8

// line is what waits for a partner's turn.
type line struct {
	key     snapshot.Root
	lanes   [len(lanes)][]waiting
	waiting [2]int  // how many wait for a turn of a ring
	ringed  [2]bool // whether the line waits for its turn in a ring
	out     int     // how many of it are dealt out
	version uint64  // counts what was added to the line
	turn    *Turn   // the last one
}

// waiting is an object that waits.
type waiting struct {
	in      *turnQueue
	request reconcile.Request
}

// place is where an object waits.
type place struct {
	line *line
	lane int
}

// NewTurns returns turns that deal out a number of objects at a time.
func NewTurns(size int, home Home, log logr.Logger) *Turns {
	return &Turns{
		home: home, log: log, size: size, lines: map[snapshot.Root]*line{}, queues: map[string]*turnQueue{},
		depth: prometheus.NewDesc(metrics.Backlog.Name, metrics.Backlog.Help, metrics.Backlog.Labels, nil),
	}
}

// NewQueue returns the function that makes the queue of a kind's controller.
func (t *Turns) NewQueue(kind *kinds.Kind) func(string, workqueue.TypedRateLimiter[reconcile.Request]) workqueue.TypedRateLimitingInterface[reconcile.Request] {
	return func(name string, limiter workqueue.TypedRateLimiter[reconcile.Request]) workqueue.TypedRateLimitingInterface[reconcile.Request] {
		return t.queue(kind, name, limiter)
	}
}

func (t *Turns) queue(kind *kinds.Kind, name string, limiter workqueue.TypedRateLimiter[reconcile.Request]) *turnQueue {
	q := &turnQueue{
		PriorityQueue: priorityqueue.New(name, func(o *priorityqueue.Opts[reconcile.Request]) {
			o.RateLimiter, o.Log = limiter, t.log.WithValues("controller", name)
		}),
		turns: t, kind: kind, waits: map[reconcile.Request]place{}, dealt: map[reconcile.Request]*dealt{},
		later: map[reconcile.Request]map[*Within][]Event{},
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queues[name] = q
	return q
}

// Of returns the turn in which an object is evaluated by the controller of a name; a fresh one when it was dealt out in none.
func (t *Turns) Of(controller string, request reconcile.Request) *Turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q := t.queues[controller]; q != nil {
		if d := q.dealt[request]; d != nil {
			return d.turn
		}
	}
	return &Turn{}
}

// turnQueue is the queue of one controller. What is to be evaluated now waits in the lines; what is to be evaluated later waits in the queue of
// controller-runtime, as does what is dealt out.
type turnQueue struct {
	priorityqueue.PriorityQueue[reconcile.Request]

	turns *Turns
	kind  *kinds.Kind
	// Guarded by the mutex of the turns.
	waits map[reconcile.Request]place
	dealt map[reconcile.Request]*dealt              // what is dealt out and not done
	later map[reconcile.Request]map[*Within][]Event // units whose objects are found out in their turn, by their marks
}

// dealt is an object that is dealt out.
type dealt struct {
	turn    *Turn
	line    *line
	lane    int
	working bool // a worker has it
	again   int  // the lane in which it is to wait once more, plus one; zero if it need not
}

// urgent reports whether what is in a lane is something that somebody waits for. Not money: each write of a status causes another evaluation of it.
func (q *turnQueue) urgent(lane int) int {
	if ringOf(lane) == 0 && !q.kind.Money {
		return 1
	}
	return 0
}

// AddWithOpts adds objects.
func (q *turnQueue) AddWithOpts(options priorityqueue.AddOpts, requests ...reconcile.Request) {
	if options.After > 0 || options.RateLimited {
		q.PriorityQueue.AddWithOpts(options, requests...)
		return
	}
	q.arrive(laneOf(options.Priority), requests)
}

// laneOf returns the lane of a priority.
func laneOf(priority *int) int {
	found := 0
	for lane, highest := range lanes {
		if priority != nil && *priority <= highest {
			found = lane
		}
	}
	return found
}

// Add adds an object, as somebody waits for it.
func (q *turnQueue) Add(request reconcile.Request) { q.AddWithOpts(priorityqueue.AddOpts{}, request) }

// AddWithin adds a unit of work: the objects that are concerned by an event are found out in its turn, at a priority, and after a while if one is given.
// Events of several objects come together then, and when there are too many of them all objects are concerned.
func (q *turnQueue) AddWithin(within *Within, unit snapshot.Root, options priorityqueue.AddOpts, events ...Event) {
	mark := markOf(unit)
	q.turns.mu.Lock()
	known := q.later[mark]
	if known == nil {
		known = map[*Within][]Event{}
		q.later[mark] = known
	}
	known[within] = merge(known[within], events)
	q.turns.mu.Unlock()
	q.AddWithOpts(options, mark)
}

// markOf returns the request that stands for a unit in a queue. No object has such a name.
func markOf(unit snapshot.Root) reconcile.Request {
	var mark reconcile.Request
	mark.Namespace, mark.Name = unit.Namespace, unit.Kind+"/"+string(unit.Name)
	return mark
}

// unitOf returns the unit that a request stands for, if it does.
func unitOf(request reconcile.Request) (unit snapshot.Root, marks bool) {
	kind, name, marks := strings.Cut(request.Name, "/")
	return snapshot.Root{Namespace: request.Namespace, Kind: kind, Name: v1alpha1.Name(name)}, marks
}

// arrive has objects wait in a lane.
func (q *turnQueue) arrive(lane int, requests []reconcile.Request) {
	keys := q.keys(requests)
	q.turns.mu.Lock()
	defer q.turns.mu.Unlock()
	for i, request := range requests {
		q.wait(keys[i], lane, request, nil)
	}
	q.turns.deal()
}

// keys returns the keys of the lines in which objects wait.
func (q *turnQueue) keys(requests []reconcile.Request) []snapshot.Root {
	keys := make([]snapshot.Root, len(requests))
	for i, request := range requests {
		kind := q.kind
		if unit, marks := unitOf(request); marks {
			kind, request.Name = kinds.Named(unit.Kind), string(unit.Name)
		}
		keys[i] = q.turns.lineOf(kind, request)
	}
	return keys
}

// lineOf returns the key of the line in which an object waits: what it hangs on if that is a partner, itself if it is of the whole cluster, else its
// namespace.
func (t *Turns) lineOf(kind *kinds.Kind, request reconcile.Request) snapshot.Root {
	if kind != nil {
		if root, partner := t.home(kind, request.NamespacedName); partner || !kind.Namespaced {
			return root
		}
	}
	return snapshot.Root{Namespace: request.Namespace}
}

// wait has an object wait in a line, unless it does already. What comes after the last turn of the line began is not in what was gathered in it; but
// what was found in that turn is.
func (q *turnQueue) wait(key snapshot.Root, lane int, request reconcile.Request, found *Turn) {
	l := q.turns.lines[key]
	if l == nil {
		l = &line{key: key}
		q.turns.lines[key] = l
	}
	if found == nil || l.turn != found {
		l.version++
	}
	if d := q.dealt[request]; d != nil {
		if d.working || d.line != l || d.turn.kept.begun.Load() {
			if d.again == 0 || lane < d.again-1 {
				d.again = lane + 1
			}
		}
		return
	}
	if at, known := q.waits[request]; known {
		if at.line == l && at.lane <= lane {
			return
		}
		at.line.waiting[ringOf(at.lane)]--
		q.turns.urgent -= q.urgent(at.lane)
	}
	l.waiting[ringOf(lane)]++
	q.turns.urgent += q.urgent(lane)
	q.waits[request] = place{l, lane}
	l.lanes[lane] = append(l.lanes[lane], waiting{q, request})
	q.turns.ring(l, ringOf(lane))
}

// ring has a line wait for its turn.
func (t *Turns) ring(l *line, ring int) {
	if !l.ringed[ring] {
		l.ringed[ring] = true
		t.rings[ring] = append(t.rings[ring], l)
	}
}

// deal begins the turns that may begin. The first line of a ring waits until there is room for the whole of its turn.
func (t *Turns) deal() {
	for ring := range t.rings {
		for len(t.rings[ring]) > 0 {
			l, most := t.rings[ring][0], t.most(ring)
			turn := min(l.waiting[ring], most, max(leastTurn, t.size/len(t.lines)))
			if l.out == 0 && t.out[ring]+turn > most {
				break
			}
			if t.rings[ring] = t.rings[ring][1:]; len(t.rings[ring]) == 0 {
				t.rings[ring] = nil // with the memory that it took
			}
			l.ringed[ring] = false
			if l.out == 0 { // otherwise it comes when its turn is over
				t.begin(l, ring, turn)
			}
		}
	}
}

// most returns how many objects of a ring's lines may be dealt out at a time.
func (t *Turns) most(ring int) int {
	if ring > 0 && t.urgent > 0 {
		return max(1, t.size/4)
	}
	return t.size
}

// begin begins a turn of a line: a share of the objects that wait is dealt out.
func (t *Turns) begin(l *line, ring, n int) {
	turn, marks := l.next(), []waiting(nil)
	for n > 0 {
		next, lane := l.take(ring)
		if lane < 0 {
			break
		}
		if _, mark := unitOf(next.request); mark {
			t.urgent -= next.in.urgent(lane)
			marks = append(marks, next)
			continue
		}
		next.in.dealt[next.request] = &dealt{turn: turn, line: l, lane: lane}
		l.out++
		t.out[ring]++
		next.in.PriorityQueue.AddWithOpts(priorityqueue.AddOpts{Priority: &lanes[lane]}, next.request)
		n--
	}
	if len(marks) > 0 {
		l.out++
		go t.find(l, turn, marks)
		return
	}
	t.over(l)
}

// next returns the turn that a line begins. What was gathered in the one before is taken over if nothing happened since.
func (l *line) next() *Turn {
	turn := &Turn{version: l.version, kept: &keeper{}}
	if l.turn != nil && l.turn.version == l.version {
		turn.kept = l.turn.kept
	}
	l.turn = turn
	return turn
}

// take takes the next object that waits in a line for a turn of a ring, and returns its lane; -1 when there is none.
func (l *line) take(ring int) (next waiting, lane int) {
	for lane := range l.lanes {
		for ringOf(lane) == ring && len(l.lanes[lane]) > 0 {
			next = l.lanes[lane][0]
			if l.lanes[lane] = l.lanes[lane][1:]; len(l.lanes[lane]) == 0 {
				l.lanes[lane] = nil
			}
			if next.in.waits[next.request] == (place{l, lane}) {
				delete(next.in.waits, next.request)
				l.waiting[ring]--
				return next, lane
			} // otherwise it waits elsewhere by now, or was dealt out from there
		}
	}
	return waiting{}, -1
}

// find finds out which objects the events concern that happened in units of a line. They wait in it then, or in another line if they belong there.
func (t *Turns) find(l *line, turn *Turn, marks []waiting) {
	type group struct {
		in       *turnQueue
		requests []reconcile.Request
		keys     []snapshot.Root
	}
	var found []group
	ctx := log.IntoContext(context.Background(), t.log)
	for _, mark := range marks {
		t.mu.Lock()
		later := mark.in.later[mark.request]
		delete(mark.in.later, mark.request)
		t.mu.Unlock()
		unit, _ := unitOf(mark.request)
		var requests []reconcile.Request
		for within, events := range later {
			requests = Union(requests, within.Objects(ctx, turn, unit, events))
		}
		found = append(found, group{mark.in, requests, mark.in.keys(requests)})
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, g := range found {
		for i, request := range g.requests {
			g.in.wait(g.keys[i], laneOf(new(Child)), request, turn)
		}
	}
	l.out--
	t.over(l)
	t.deal()
}

// over ends the turn of a line if all that was dealt out is done: it goes to the tail, or away.
func (t *Turns) over(l *line) {
	if l.out > 0 {
		return
	}
	for ring, waiting := range l.waiting {
		if waiting > 0 {
			t.ring(l, ring)
		}
	}
	if l.waiting == [2]int{} {
		delete(t.lines, l.key)
	}
}

// GetWithPriority waits for the next object to evaluate. One that the lines did not deal out waited for an instant, which has come: it goes to its line.
func (q *turnQueue) GetWithPriority() (request reconcile.Request, priority int, shutdown bool) {
	for {
		if request, priority, shutdown = q.PriorityQueue.GetWithPriority(); shutdown {
			return request, priority, shutdown
		}
		if q.begin(request) {
			return request, priority, false
		}
		q.PriorityQueue.Done(request)
		q.arrive(laneOf(&priority), []reconcile.Request{request})
	}
}

// Get waits for the next object to evaluate.
func (q *turnQueue) Get() (request reconcile.Request, shutdown bool) {
	request, _, shutdown = q.GetWithPriority()
	return request, shutdown
}

// begin notes that a worker has an object, and reports whether the object was dealt out.
func (q *turnQueue) begin(request reconcile.Request) bool {
	q.turns.mu.Lock()
	defer q.turns.mu.Unlock()
	d := q.dealt[request]
	if d == nil || d.working {
		return false
	}
	d.working = true
	return true
}

// Done says that an object was evaluated.
func (q *turnQueue) Done(request reconcile.Request) {
	q.PriorityQueue.Done(request)
	t := q.turns
	t.mu.Lock()
	defer t.mu.Unlock()
	d := q.dealt[request]
	if d == nil {
		return
	}
	delete(q.dealt, request)
	d.line.out--
	t.out[ringOf(d.lane)]--
	t.urgent -= q.urgent(d.lane)
	if d.again > 0 {
		q.wait(d.line.key, d.again-1, request, nil)
	}
	t.over(d.line)
	t.deal()
}

// Describe sends the descriptor of the metric.
func (t *Turns) Describe(to chan<- *prometheus.Desc) { to <- t.depth }

// Collect sends how many objects wait for their partner's turn, by controller.
func (t *Turns) Collect(to chan<- prometheus.Metric) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for name, q := range t.queues {
		to <- prometheus.MustNewConstMetric(t.depth, prometheus.GaugeValue, float64(len(q.waits)), name)
	}
}
