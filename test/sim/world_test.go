package sim_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// simOdds are how likely things are in one run, from 0 to 1. Each run draws its own, so that some are calm and others stormy.
type simOdds struct {
	crash, answerLost, writeFails, readFails float64
	interrupt                                float64 // something else happens before a write or a live read
	second                                   float64 // a step starts or stops the second manager
	people, cache                            float64 // a step is people's, or lets a cache see more; else something is reconciled
}

// simWorld is a store, the managers that work on it, and the people who write to it, all driven by one source of chance.
type simWorld struct {
	seed      uint64
	chance    *rand.Rand
	store     *simStore
	now       time.Time
	processes []*simProcess
	faults    simFaults
	odds      simOdds
	watcher   *simWatcher
	people    *simPeople
	writer    *simProcess // whose write is under way
	calm      bool        // nothing goes wrong and nobody interrupts
	depth     int         // how many interruptions are under way
	steps     int
	history   []string
	problems  []string
}

// newSimWorld returns the world of a seed before its first step.
func newSimWorld(seed uint64, faults simFaults) *simWorld {
	w := &simWorld{
		seed: seed, chance: rand.New(rand.NewPCG(seed, 1)), store: newSimStore(), faults: faults,
		now: time.Date(2026, time.July, 10, 9, 0, 0, 0, time.UTC),
	}
	w.store.rules = faults.rules(w.store.rules)
	w.odds = simOdds{
		crash: w.oddsOf(0.05), answerLost: w.oddsOf(0.1), writeFails: w.oddsOf(0.1), readFails: w.oddsOf(0.02),
		interrupt: w.oddsOf(0.6), second: 0.02, people: 0.2 + w.oddsOf(0.2), cache: 0.15 + w.oddsOf(0.15),
	}
	w.watcher = newSimWatcher(w)
	w.people = newSimPeople(w)
	w.store.observe = w.watcher.saw
	w.processes = []*simProcess{newSimProcess(w, "m1")}
	if w.chance.IntN(2) == 0 {
		w.toggleSecond()
	}
	return w
}

// oddsOf draws odds up to a limit; none at all in a third of the runs.
func (w *simWorld) oddsOf(limit float64) float64 {
	if w.chance.IntN(3) == 0 {
		return 0
	}
	return limit * w.chance.Float64()
}

// happens decides whether something happens now. Nothing does while the world is calm.
func (w *simWorld) happens(odds float64) bool {
	return !w.calm && odds > 0 && w.chance.Float64() < odds
}

// notef remembers what happened, for the report of a failure.
func (w *simWorld) notef(format string, args ...any) {
	w.history = append(w.history, fmt.Sprintf("%3d %s ", w.steps, w.now.Format(time.DateTime))+fmt.Sprintf(format, args...))
}

// violatedf notes that something does not hold that must.
func (w *simWorld) violatedf(format string, args ...any) {
	problem := fmt.Sprintf(format, args...)
	if !slices.Contains(w.problems, problem) {
		w.problems = append(w.problems, problem)
		w.notef("VIOLATION: %s", problem)
	}
}

// run makes steps and then lets everything come to rest. It stops at the first violation.
func (w *simWorld) run(steps int) {
	for w.steps = 1; w.steps <= steps && len(w.problems) == 0; w.steps++ {
		w.step()
		if w.steps%71 == 0 && w.chance.IntN(3) == 0 {
			w.rest()
		}
	}
	w.restAfter(0)
	if w.people.reviewed {
		w.restAfter(simAnswerTime)
	}
	w.restAfter(simAftermath)
}

// restAfter lets everything come to rest a while later, unless something was violated. The last thing that people do is one that
// seldom matters to anybody.
func (w *simWorld) restAfter(later time.Duration) {
	if len(w.problems) > 0 {
		return
	}
	w.wait(later)
	for _, p := range w.processes {
		w.drain(p)
	}
	last := []func() bool{w.people.correct, w.people.review, w.people.answer}
	last[w.chance.IntN(len(last))]()
	w.rest()
}

// simAnswerTime is how long after the last step what was recorded of meetings cannot be disputed any more, and a dispute is not yet of the past.
const simAnswerTime = 6 * 24 * time.Hour

// simAftermath is how long after the last step everything lapses that was not decided, claimed or paid.
const simAftermath = 60 * 24 * time.Hour

// step makes one step.
func (w *simWorld) step() {
	w.restart()
	switch draw := w.chance.Float64(); {
	case draw < w.odds.second:
		w.toggleSecond()
	case draw < w.odds.second+w.odds.people:
		w.people.act()
	case draw < w.odds.second+w.odds.people+w.odds.cache:
		w.seeMore()
	case draw > 0.96:
		w.jump()
	default:
		w.reconcileAny()
	}
}

// restart starts the managers that crashed.
func (w *simWorld) restart() {
	for i, p := range w.processes {
		if p.down {
			w.processes[i] = newSimProcess(w, p.name+"'")
		}
	}
}

// toggleSecond starts a second manager or stops one of two, as when one takes over from the other while the other still believes that it leads.
func (w *simWorld) toggleSecond() {
	if len(w.processes) == 1 {
		w.notef("a second manager starts")
		w.processes = append(w.processes, newSimProcess(w, "m2"))
		return
	}
	i := w.chance.IntN(2)
	w.notef("manager %s stops", w.processes[i].name)
	w.processes = slices.Delete(w.processes, i, i+1)
}

// interrupt lets something else happen while a reconcile waits for the API server.
func (w *simWorld) interrupt() {
	if w.depth >= 2 || !w.happens(w.odds.interrupt) {
		return
	}
	w.depth++
	defer func() { w.depth-- }()
	for range 1 + w.chance.IntN(3) {
		switch w.chance.IntN(6) {
		case 0, 1:
			w.people.act()
		case 2:
			w.seeMore()
		case 3:
			w.reconcileAny()
		default:
			w.rival()
		}
	}
}

// rival lets a manager that is up to date decide on a budget: the other one, if two run.
func (w *simWorld) rival() {
	if p := w.any(); p != nil {
		p.catchUp()
		for _, c := range p.controllers {
			if n := len(c.queue.requests); c.own == simBudgets && n > 0 {
				p.reconcile(c, w.chance.IntN(n))
			}
		}
	}
}

// any returns a manager that runs; nil when none does.
func (w *simWorld) any() *simProcess {
	p := w.processes[w.chance.IntN(len(w.processes))]
	if p.down {
		return nil
	}
	return p
}

// seeMore lets the cache of a manager see more of one kind, or everything.
func (w *simWorld) seeMore() {
	p := w.any()
	if p == nil {
		return
	}
	if w.chance.IntN(3) == 0 {
		p.catchUp()
		return
	}
	var behind []simKind
	for kind := range simKinds {
		if p.lag(kind) > 0 {
			behind = append(behind, kind)
		}
	}
	if len(behind) > 0 {
		kind := behind[w.chance.IntN(len(behind))]
		p.advance(kind, 1+w.chance.IntN(p.lag(kind)))
	}
}

// reconcileAny reconciles something that a manager has to do.
func (w *simWorld) reconcileAny() {
	p := w.any()
	if p == nil {
		return
	}
	var busy []*simController
	for _, c := range p.controllers {
		if len(c.queue.requests) > 0 {
			busy = append(busy, c)
		}
	}
	if len(busy) == 0 {
		w.seeMore()
		return
	}
	c := busy[w.chance.IntN(len(busy))]
	p.reconcile(c, w.chance.IntN(len(c.queue.requests)))
}

// jump moves the clock on by hours or days, to the end of an activity, or, rarely, past the days on which claims on it can be made.
func (w *simWorld) jump() {
	switch draw := w.chance.IntN(10); {
	case draw < 3:
		w.wait(time.Duration(1+w.chance.IntN(20)) * time.Hour)
	case draw < 6:
		w.wait(time.Duration(1+w.chance.IntN(4)) * 24 * time.Hour)
	default:
		if a, found := one[*v1alpha1.MDFAllocation](w.people, simAllocations); found {
			day := w.watcher.oracle().endOf(a)
			if a.Spec.Reward != nil {
				day = day.AddDays(1)
			}
			if draw == 9 {
				day = w.watcher.oracle().claimThrough(a).AddDays(1)
			}
			w.wait(max(0, time.Duration(day.Sub(w.watcher.oracle().today()))*24*time.Hour))
		}
	}
}

// wait moves the clock on and rings what is due.
func (w *simWorld) wait(d time.Duration) {
	w.now = w.now.Add(d)
	for _, p := range w.processes {
		for _, c := range p.controllers {
			c.ring(w.now)
		}
	}
}

// rest lets everything come to rest: nothing goes wrong, the caches see everything and all that is enqueued is done. Then it checks what must
// hold at rest, and that a manager that starts afresh finds nothing to write.
func (w *simWorld) rest() {
	w.calm = true
	defer func() { w.calm = false }()
	w.restart()
	for round := 0; ; round++ {
		if round == 60 || len(w.problems) > 0 {
			w.violatedf("no rest after %d rounds: %s", round, w.busyWith())
			return
		}
		for _, p := range w.processes {
			w.drain(p)
		}
		if !w.pending() {
			break
		}
		w.wait(time.Second)
	}
	if len(w.problems) > 0 {
		return
	}
	w.watcher.atRest()
	w.again()
}

// again starts a manager afresh and sees whether it writes anything.
func (w *simWorld) again() {
	before := len(w.store.changes)
	fresh := newSimProcess(w, "fresh")
	w.processes = append(w.processes, fresh)
	defer func() { w.processes = w.processes[:len(w.processes)-1] }()
	w.drain(fresh)
	for _, e := range w.store.changes[before:] {
		w.violatedf("at rest, a manager that starts afresh writes %s: %s", e.key(), simChange(e))
	}
	for _, p := range w.processes {
		p.catchUp()
	}
}

// drain lets a manager see everything and do all that it has to do.
func (w *simWorld) drain(p *simProcess) {
	for range 3000 {
		p.catchUp()
		i := slices.IndexFunc(p.controllers, func(c *simController) bool { return len(c.queue.requests) > 0 })
		if i < 0 {
			return
		}
		p.reconcile(p.controllers[i], 0)
	}
	w.violatedf("%s is busy for ever: %s", p.name, p.describe())
}

// pending reports whether a manager has to do something now or in the next seconds.
func (w *simWorld) pending() bool {
	return slices.ContainsFunc(w.processes, func(p *simProcess) bool {
		return slices.ContainsFunc(p.controllers, func(c *simController) bool {
			soon := func(a simAlarm) bool { return !a.at.After(w.now.Add(5 * time.Second)) }
			return len(c.queue.requests) > 0 || slices.ContainsFunc(c.alarms, soon)
		}) || slices.ContainsFunc(simAllKinds[:], func(kind simKind) bool { return p.lag(kind) > 0 })
	})
}

// simAllKinds are all kinds.
var simAllKinds = func() (kinds [simKinds]simKind) {
	for kind := range simKinds {
		kinds[kind] = kind
	}
	return kinds
}()

func (w *simWorld) busyWith() string {
	var parts []string
	for _, p := range w.processes {
		parts = append(parts, p.name+" has "+p.describe())
	}
	return strings.Join(parts, "; ")
}

// simChange says what a change of the store was.
func simChange(e *simEvent) string {
	switch {
	case e.old == nil:
		return fmt.Sprintf("new %T", e.updated)
	case e.updated == nil:
		return fmt.Sprintf("%T deleted", e.old)
	default:
		return fmt.Sprintf("%T %s", e.old, cmp.Diff(e.old, e.updated))
	}
}

// simList returns the objects of a kind in the store.
func simList[T client.Object](tables *[simKinds]simTable, kind simKind) []T {
	list := make([]T, 0, len(tables[kind]))
	for _, object := range tables[kind] {
		list = append(list, object.(T))
	}
	return list
}
