package sim_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// simProcess is one manager: a cache that lags behind the store, kind by kind, and controllers with their queues and timers.
type simProcess struct {
	world       *simWorld
	name        string
	cache       [simKinds]simTable
	seen        [simKinds]int // how many changes of each kind the cache has seen
	controllers []*simController
	running     []*simRun // the reconciles that are under way, each of which was interrupted by the next one
	down        bool
}

// simController is a controller of a process.
type simController struct {
	name       string
	own        simKind
	reconciler reconcile.Reconciler
	watches    []simWatch
	queue      simQueue
	alarms     []simAlarm
}

// simWatch is a watch of a controller.
type simWatch struct {
	kind      simKind
	predicate predicate.Predicate
	handler   handler.EventHandler
}

// simAlarm is an instant for which a reconcile asked to be called again.
type simAlarm struct {
	request reconcile.Request
	at      time.Time
}

// simRun is a reconcile that is under way.
type simRun struct {
	process    *simProcess
	controller *simController
	request    reconcile.Request
	gated      bool // the policy was missing at the start
	live       int  // how many changes the store had seen at the first live read; -1 before it
}

// simQueue holds each request once.
type simQueue struct {
	priorityqueue.PriorityQueue[reconcile.Request]

	requests []reconcile.Request
}

// AddWithOpts adds requests.
func (q *simQueue) AddWithOpts(_ priorityqueue.AddOpts, requests ...reconcile.Request) {
	for _, request := range requests {
		if !slices.Contains(q.requests, request) {
			q.requests = append(q.requests, request)
		}
	}
}

// simClock is the clock of a process.
type simClock struct {
	clock.PassiveClock // nil: only Now is used

	process *simProcess
}

// Now returns the instant.
func (c simClock) Now() time.Time { return c.process.world.now.Add(c.process.world.faults.clockAhead) }

// simEvents drops events: they are no part of the state.
type simEvents struct{}

// Eventf drops an event.
func (simEvents) Eventf(_, _ runtime.Object, _, _, _, _ string, _ ...any) {}

// simCrash is what a process that crashes panics with.
type simCrash struct{ process *simProcess }

// newSimProcess starts a manager: it reads everything and enqueues every object.
func newSimProcess(w *simWorld, name string) *simProcess {
	p := &simProcess{world: w, name: name}
	indexes := simIndexes{}
	if err := controllers.AddIndexes(context.Background(), indexes); err != nil {
		panic(err)
	}
	cached := &simClient{process: p, simReader: simReader{
		tables: func() *[simKinds]simTable { return &p.cache }, indexes: indexes, before: func() error { return nil }, see: p.see,
	}}
	live := &simReader{tables: p.liveTables, indexes: indexes, before: p.beforeLiveRead, see: p.see, live: true}
	// Those that move money; what others write is people's in this world.
	wired, err := controllers.Wire(controllers.Parts{
		Client: cached, Live: live, Clock: simClock{process: p}, Events: simEvents{}, Policies: p.gate, Metrics: w.faults.registry(),
	}, kinds.MDFBudget, kinds.MDFAllocation, kinds.MDFClaim)
	if err != nil {
		panic(err)
	}
	for _, c := range wired {
		p.add(c)
	}
	for kind := range simKinds {
		p.cache[kind], p.seen[kind] = slices.Clone(w.store.tables[kind]), len(w.store.log[kind])
	}
	for _, c := range p.controllers {
		c.start(&p.cache)
	}
	return p
}

// add adds a controller.
func (p *simProcess) add(c controllers.Wired) {
	added := &simController{name: c.Name, own: simKindOf(c.Own), reconciler: c.Reconciler}
	for _, x := range c.Watches {
		if kind := simKindOf(x.Kind); !slices.Contains(p.world.faults.deaf, kind) {
			added.watches = append(added.watches, simWatch{kind: kind, predicate: x.Predicate, handler: x.Handler})
		}
	}
	p.controllers = append(p.controllers, added)
}

// start enqueues all objects of the controller's own kind, and what those of watches that look from the start concern.
func (c *simController) start(cache *[simKinds]simTable) {
	for _, object := range cache[c.own] {
		c.queue.AddWithOpts(priorityqueue.AddOpts{}, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(object)})
	}
	for _, x := range c.watches {
		for _, object := range cache[x.kind] {
			x.handler.Create(context.Background(), event.CreateEvent{Object: object, IsInInitialList: true}, &c.queue)
		}
	}
}

// liveTables are what a live read sees.
func (p *simProcess) liveTables() *[simKinds]simTable {
	if p.world.faults.staleLive {
		return &p.cache
	}
	return &p.world.store.tables
}

// gate stops all grants while the admission policy that guards money is missing, as far as the cache knows.
func (p *simProcess) gate() facts.Gate {
	if p.policy() || p.world.faults.ungated {
		return facts.Gate{}
	}
	return facts.Gate{Reason: v1alpha1.ReasonPolicyMissing, Message: "the admission policy is missing: apply it again"}
}

// policy reports whether the cache has the admission policy that guards money.
func (p *simProcess) policy() bool { return len(p.cache[simPolicies]) > 0 }

// see is what lists show to the controllers of the process.
func (p *simProcess) see(kind simKind, objects []client.Object) []client.Object {
	run := p.run()
	if p.world.faults.see == nil || run == nil {
		return objects
	}
	shown := make([]client.Object, 0, len(objects))
	for _, object := range objects {
		if object = p.world.faults.see(run, object); object != nil {
			shown = append(shown, object)
		}
	}
	return shown
}

// run returns the reconcile that is under way; nil when there is none.
func (p *simProcess) run() *simRun {
	if len(p.running) == 0 {
		return nil
	}
	return p.running[len(p.running)-1]
}

// beforeLiveRead lets other things happen before a read of the store, which may fail.
func (p *simProcess) beforeLiveRead() error {
	run := p.run()
	if run == nil {
		return nil
	}
	if run.live < 0 {
		run.live = len(p.world.store.changes)
	}
	p.world.interrupt()
	if p.world.happens(p.world.odds.readFails) {
		p.world.notef("%s: a live read fails", p.name)
		return apierrors.NewTimeoutError("the read took too long", 1)
	}
	return nil
}

// write makes a write, before which other things happen and around which the process may crash or lose the answer.
func (p *simProcess) write(verb string, object client.Object, do func(client.Object) error) error {
	w := p.world
	w.interrupt()
	what := fmt.Sprintf("%s: %s %s", p.name, verb, nameOf(object))
	switch {
	case w.happens(w.odds.crash):
		w.notef("%s: crash before", what)
		panic(simCrash{p})
	case w.happens(w.odds.writeFails):
		w.notef("%s: fails", what)
		return apierrors.NewTimeoutError("the write did not get through", 1)
	}
	w.writer = p
	err := w.faults.write(w.store, object, do)
	w.writer = nil
	if brief := simOutcome(err); err == nil {
		w.notef("%s: %s %s", what, brief, simBrief(object))
	} else {
		w.notef("%s: %s", what, brief)
	}
	switch {
	case w.happens(w.odds.crash):
		w.notef("%s: crash after", what)
		panic(simCrash{p})
	case err == nil && w.happens(w.odds.answerLost):
		w.notef("%s: answer lost", what)
		return apierrors.NewTimeoutError("the answer got lost", 1)
	}
	return err
}

func simOutcome(err error) string {
	if err == nil {
		return "done"
	}
	return string(apierrors.ReasonForError(err))
}

// advance lets the cache see the next changes of a kind, and enqueues what they concern.
func (p *simProcess) advance(kind simKind, changes int) {
	log := p.world.store.log[kind]
	for range changes {
		e := log[p.seen[kind]]
		p.seen[kind]++
		p.cache[kind] = p.cache[kind].apply(e)
		for _, c := range p.controllers {
			c.see(e)
		}
	}
}

// lag is how many changes of a kind the cache has not seen.
func (p *simProcess) lag(kind simKind) int { return len(p.world.store.log[kind]) - p.seen[kind] }

// catchUp lets the cache see everything.
func (p *simProcess) catchUp() {
	for kind := range simKinds {
		p.advance(kind, p.lag(kind))
	}
}

// see enqueues what a change concerns.
func (c *simController) see(e *simEvent) {
	ctx := context.Background()
	if e.kind == c.own {
		c.queue.AddWithOpts(priorityqueue.AddOpts{}, reconcile.Request{NamespacedName: e.key()})
	}
	for _, x := range c.watches {
		if x.kind != e.kind {
			continue
		}
		switch created, removed := (event.CreateEvent{Object: e.updated}), (event.DeleteEvent{Object: e.old}); {
		case e.old == nil && x.predicate.Create(created):
			x.handler.Create(ctx, created, &c.queue)
		case e.updated == nil && x.predicate.Delete(removed):
			x.handler.Delete(ctx, removed, &c.queue)
		case e.old != nil && e.updated != nil:
			if changed := (event.UpdateEvent{ObjectOld: e.old, ObjectNew: e.updated}); x.predicate.Update(changed) {
				x.handler.Update(ctx, changed, &c.queue)
			}
		}
	}
}

// ring enqueues what is due at an instant.
func (c *simController) ring(now time.Time) {
	c.alarms = slices.DeleteFunc(c.alarms, func(a simAlarm) bool {
		if a.at.After(now) {
			return false
		}
		c.queue.AddWithOpts(priorityqueue.AddOpts{}, a.request)
		return true
	})
}

// busy reports whether a request is being reconciled.
func (p *simProcess) busy(c *simController, request reconcile.Request) bool {
	return slices.ContainsFunc(p.running, func(r *simRun) bool { return r.controller == c && r.request == request })
}

// reconcile takes a request from a queue and reconciles it. A crash ends the process; another one starts later.
func (p *simProcess) reconcile(c *simController, i int) {
	request := c.queue.requests[i]
	if p.busy(c, request) {
		return
	}
	c.queue.requests = slices.Delete(c.queue.requests, i, i+1)
	c.alarms = slices.DeleteFunc(c.alarms, func(a simAlarm) bool { return a.request == request })
	depth := len(p.running)
	p.running = append(p.running, &simRun{process: p, controller: c, request: request, gated: !p.policy(), live: -1})
	defer func() {
		p.running = p.running[:depth]
		cause := recover()
		if cause == nil {
			return
		}
		p.down = true
		if crash, ok := cause.(simCrash); !ok || crash.process != p || depth > 0 {
			panic(cause) // what it had interrupted ends with it
		}
	}()
	result, err := c.reconciler.Reconcile(context.Background(), request)
	p.world.notef("%s: %s %s: %s", p.name, c.name, request.NamespacedName, simOutcome(err))
	switch {
	case errors.Is(err, reconcile.TerminalError(nil)):
		p.world.violatedf("%s %s gave up: %v", c.name, request, err)
	case err != nil:
		c.queue.AddWithOpts(priorityqueue.AddOpts{}, request)
	case result.RequeueAfter > 0 && !p.world.faults.noTimers:
		c.alarms = append(c.alarms, simAlarm{request: request, at: p.world.now.Add(result.RequeueAfter)})
	}
}

// describe says what a process has to do.
func (p *simProcess) describe() string {
	var parts []string
	for _, c := range p.controllers {
		for _, request := range c.queue.requests {
			parts = append(parts, c.name+" "+request.String())
		}
	}
	return strings.Join(parts, ", ")
}

// simInstant is an instant as the API keeps it.
func simInstant(at time.Time) metav1.Time { return metav1.NewTime(at.Truncate(time.Second)) }
