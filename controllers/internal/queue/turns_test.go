package queue

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	"pgregory.net/rapid"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// home finds the partner in an object's name: what is before the first dot. What begins with a dot belongs to none.
func home(kind *kinds.Kind, name types.NamespacedName) (snapshot.Root, bool) {
	partner, _, _ := strings.Cut(name.Name, ".")
	if partner == "" || !kind.Namespaced {
		return snapshot.Root{Namespace: name.Namespace, Kind: kind.Name, Name: v1alpha1.Name(name.Name)}, false
	}
	return snapshot.Root{Namespace: name.Namespace, Kind: kinds.Partner, Name: v1alpha1.Name(partner)}, true
}

// desk is the queue of a controller of the test, with as many workers as it takes.
type desk struct {
	*turnQueue

	name  string
	taken chan reconcile.Request
}

// onDesks runs a test in a bubble, with the queues of two controllers.
func onDesks(t *testing.T, size int, test func(turns *Turns, plans, sets *desk)) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		turns := NewTurns(size, home, logr.Discard())
		plans, sets := open(turns, kinds.JointPlan), open(turns, kinds.MeasurementSet)
		defer plans.ShutDown()
		defer sets.ShutDown()
		test(turns, plans, sets)
	})
}

// open opens the queue of a kind's controller, with a hundred workers.
func open(turns *Turns, kind string) *desk {
	limiter := workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](time.Second, time.Hour)
	name := strings.ToLower(kind)
	d := &desk{turns.queue(kinds.Named(kind), name, limiter), name, make(chan reconcile.Request, 10000)}
	for range 100 {
		go func() {
			for {
				request, _, shutdown := d.GetWithPriority()
				if shutdown {
					return
				}
				d.taken <- request
			}
		}()
	}
	return d
}

// add adds objects at a priority.
func (d *desk) add(priority int, names ...string) {
	for _, name := range names {
		d.AddWithOpts(priorityqueue.AddOpts{Priority: &priority}, named("n", name))
	}
}

// working returns what workers have newly begun with.
func (d *desk) working() []string {
	synctest.Wait()
	var names []string
	for len(d.taken) > 0 {
		names = append(names, (<-d.taken).Name)
	}
	slices.Sort(names)
	return names
}

// done ends the work on objects.
func (d *desk) done(names ...string) {
	for _, name := range names {
		d.Done(named("n", name))
	}
}

// expect compares what workers have newly begun with.
func (d *desk) expect(t *testing.T, when string, names ...string) {
	t.Helper()
	if diff := cmp.Diff(names, d.working()); diff != "" {
		t.Errorf("%s, %s (-want +got):\n%s", d.name, when, diff)
	}
}

// rest fails when something is kept although nothing is left to be done.
func (t *Turns) rest(to rapid.TB) {
	to.Helper()
	if t.out != [2]int{} || t.urgent != 0 || len(t.lines) > 0 {
		to.Errorf("at rest %v are dealt out, %d urgent, lines %v", t.out, t.urgent, slices.Collect(maps.Keys(t.lines)))
	}
	for name, q := range t.queues {
		if len(q.waits)+len(q.dealt)+len(q.later) > 0 {
			to.Errorf("%s keeps %v, %v, %v", name, q.waits, q.dealt, q.later)
		}
	}
}

// step moves the clock of a bubble, in which nothing waits in real time.
func step(by time.Duration) {
	time.Sleep(by) //nolint:forbidigo // it is the clock of the bubble
	synctest.Wait()
}

func TestWhatNobodyWaitsForIsDealtOutSoManyAtATime(t *testing.T) {
	onDesks(t, 2, func(turns *Turns, plans, sets *desk) {
		plans.add(handler.LowPriority, "a", "b", "c")
		sets.add(handler.LowPriority, "x", "a")
		plans.expect(t, "two at a time of both", "a", "b")
		sets.expect(t, "two at a time of both")
		plans.done("a")
		plans.expect(t, "one is done", "c")
		plans.done("b", "c")
		sets.expect(t, "all others are done", "a", "x")
		sets.done("x")
		sets.add(handler.LowPriority, "y")
		sets.expect(t, "there is room", "y")
		sets.done("a", "y")
		turns.rest(t)
	})
}

func TestAnEditPassesWhatNobodyWaitsFor(t *testing.T) {
	for name, edit := range map[string]func(*desk, string){
		"an edit":       func(d *desk, name string) { d.add(0, name) },
		"as the queues": func(d *desk, name string) { d.Add(named("n", name)) },
		"a child's":     func(d *desk, name string) { d.add(Child, name) },
		"a child's, later": func(d *desk, name string) {
			d.AddWithOpts(priorityqueue.AddOpts{Priority: new(Child), After: time.Second}, named("n", name))
			step(2 * time.Second)
		},
		"a failed attempt": func(d *desk, name string) {
			d.AddWithOpts(priorityqueue.AddOpts{RateLimited: true}, named("n", name))
			step(2 * time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			onDesks(t, 1, func(turns *Turns, plans, sets *desk) {
				sets.add(handler.LowPriority, "first", "second")
				plans.add(handler.LowPriority, "other")
				sets.expect(t, "one at a time", "first")
				edit(plans, "edited")
				plans.expect(t, "although one is at work", "edited")
				plans.done("edited")
				plans.expect(t, "which takes no place of the others")
				sets.done("first")
				sets.expect(t, "in turn", "second")
				sets.done("second")
				plans.expect(t, "in turn", "other")
				plans.done("other")
				turns.rest(t)
			})
		})
	}
}

// TestADeadlineWaitsForItsTurn: many of a partner may fall on one instant.
func TestADeadlineWaitsForItsTurn(t *testing.T) {
	onDesks(t, 1, func(turns *Turns, plans, sets *desk) {
		plans.AddWithOpts(priorityqueue.AddOpts{Priority: new(Deadline), After: time.Hour}, named("n", "due"))
		sets.add(FanOut, "first", "second")
		sets.expect(t, "one at a time", "first")
		step(time.Hour)
		plans.expect(t, "others go before")
		sets.done("first")
		sets.expect(t, "others go before", "second")
		sets.done("second")
		plans.expect(t, "in turn", "due")
		plans.done("due")
		turns.rest(t)
	})
}

func TestWhatWasEvaluatedMeanwhileIsNotDealtOutAgain(t *testing.T) {
	onDesks(t, 1, func(turns *Turns, plans, _ *desk) {
		plans.add(handler.LowPriority, "a", "b", "c", "b")
		plans.expect(t, "one at a time", "a")
		plans.add(0, "b")
		plans.expect(t, "the edit", "b")
		plans.done("a", "b")
		plans.expect(t, "what was edited is left out", "c")
		plans.done("c")
		plans.expect(t, "all are done")
		turns.rest(t)
	})
}

func TestInALineAnEditGoesBeforeItsChildrenThenAProgramsEditThenAStart(t *testing.T) {
	onDesks(t, 1, func(turns *Turns, plans, _ *desk) {
		plans.add(handler.LowPriority, "p.0", "p.start", "p.fan-out")
		plans.expect(t, "one at a time", "p.0")
		plans.add(FanOut, "p.fan-out", "p.fan-out-too")
		plans.add(handler.LowPriority, "p.fan-out-too") // waits in the faster lane already
		plans.add(Child, "p.child")
		plans.add(0, "p.edit")
		var order []string
		for previous := "p.0"; previous != ""; {
			plans.done(previous)
			previous = strings.Join(plans.working(), " and ")
			order = append(order, previous)
		}
		if diff := cmp.Diff([]string{"p.edit", "p.child", "p.fan-out", "p.fan-out-too", "p.start", ""}, order); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
		turns.rest(t)
	})
}

// TestAnObjectThatIsAtWorkIsDealtOutAgainAfterwards has a program edited while the object is evaluated since the start.
func TestAnObjectThatIsAtWorkIsDealtOutAgainAfterwards(t *testing.T) {
	onDesks(t, 2, func(turns *Turns, plans, _ *desk) {
		plans.add(handler.LowPriority, "a")
		plans.expect(t, "at the start", "a")
		plans.add(FanOut, "a")
		plans.expect(t, "not twice at the same time")
		plans.done("a")
		plans.expect(t, "once more", "a")
		plans.done("a")
		plans.expect(t, "that is all")
		turns.rest(t)
	})
}

// TestWhileSomebodyWaitsTheOthersGoSlowly has an edit halfway: a quarter of what is dealt out otherwise, until the edit is done.
func TestWhileSomebodyWaitsTheOthersGoSlowly(t *testing.T) {
	onDesks(t, 8, func(turns *Turns, plans, sets *desk) {
		for i := range 30 {
			sets.add(handler.LowPriority, fmt.Sprintf("%02d", i))
		}
		first := sets.working()
		plans.add(0, "edited", "edited")
		plans.expect(t, "at once", "edited")
		sets.done(first...)
		slowly := sets.working()
		if len(first) != 8 || len(slowly) != 2 {
			t.Errorf("%d at a time before the edit and %d meanwhile, want 8 and 2", len(first), len(slowly))
		}
		plans.done("edited")
		if after := sets.working(); len(after) != 6 {
			t.Errorf("%d more are dealt out once the edit is done, want 6", len(after))
		}
		if turns.urgent > 0 {
			t.Errorf("%d edits are remembered, want none", turns.urgent)
		}
	})
}

// TestAnEditOfWhatIsAtWorkCountsUntilItIsDone has an object edited while it is evaluated since the start.
func TestAnEditOfWhatIsAtWorkCountsUntilItIsDone(t *testing.T) {
	onDesks(t, 4, func(turns *Turns, plans, sets *desk) {
		plans.add(handler.LowPriority, "a")
		plans.expect(t, "at the start", "a")
		plans.add(0, "a")
		plans.done("a")
		plans.expect(t, "the edit", "a")
		sets.add(handler.LowPriority, "1", "2", "3")
		sets.expect(t, "while the edit is at work", "1")
		plans.done("a")
		sets.expect(t, "after it", "2", "3")
		sets.done("1", "2", "3")
		turns.rest(t)
	})
}

// TestOnesOwnWritesOfMoneyDoNotSlowTheOthers has a claim evaluated once more after its status was written, as money is.
func TestOnesOwnWritesOfMoneyDoNotSlowTheOthers(t *testing.T) {
	onDesks(t, 8, func(turns *Turns, _, sets *desk) {
		claims := open(turns, kinds.MDFClaim)
		defer claims.ShutDown()
		claims.add(0, "c")
		claims.expect(t, "at once", "c")
		sets.add(handler.LowPriority, "1", "2", "3", "4")
		sets.expect(t, "beside it", "1", "2", "3", "4")
		claims.done("c")
	})
}

// TestAnEditWaitsForAtMostOneTurnOfEachPartnerThatHasWork has three partners with a thousand objects each, which come back as soon as they are done.
func TestAnEditWaitsForAtMostOneTurnOfEachPartnerThatHasWork(t *testing.T) {
	for name, edited := range map[string]string{"another partner's": "honest.plan", "of what belongs to no partner": ".plan"} {
		t.Run(name, func(t *testing.T) {
			onDesks(t, 30, func(turns *Turns, plans, sets *desk) {
				const noisy = 3
				for p := range noisy {
					for i := range 1000 {
						sets.add(0, fmt.Sprintf("noisy%d.%d", p, i))
					}
				}
				begun := sets.working()
				proceed := func() { // one is done, and edited again at once
					next := begun[0]
					sets.add(0, next)
					sets.done(next)
					begun = append(begun[1:], sets.working()...)
					of := map[string]int{}
					for _, name := range begun {
						partner, _, _ := strings.Cut(name, ".")
						of[partner]++
						if of[partner] > turns.size/noisy {
							t.Fatalf("partner %s has more than its share of %d at work: %v", partner, turns.size/noisy, begun)
						}
					}
				}
				for range 500 {
					proceed()
				}
				plans.add(0, edited)
				waited := 0
				for ; len(plans.working()) == 0; waited++ {
					proceed()
				}
				if most := noisy * max(leastTurn, turns.size/noisy); waited > most {
					t.Errorf("the edit waited until %d objects of others were evaluated, want %d at the most", waited, most)
				}
				if len(begun) > turns.size {
					t.Errorf("%d are dealt out at a time, want %d at the most", len(begun), turns.size)
				}
			})
		})
	}
}

// TestWhatBelongsToNoPartnerHasOneTurnForAll: to make many such objects gains nothing.
func TestWhatBelongsToNoPartnerHasOneTurnForAll(t *testing.T) {
	onDesks(t, 8, func(_ *Turns, plans, sets *desk) {
		for i := range 100 {
			sets.add(0, fmt.Sprintf(".%d", i))
		}
		sets.expect(t, "as soon as the first came", ".0")
		sets.done(".0")
		if begun := sets.working(); len(begun) != leastTurn {
			t.Errorf("%d are at work, want %d", len(begun), leastTurn)
		}
		plans.add(0, "honest.plan")
		sets.done(".1")
		plans.expect(t, "as soon as there is room", "honest.plan")
	})
}

// gather has a turn keep how often something was gathered.
func gather(t *testing.T, turn *Turn, count *int) int {
	t.Helper()
	kept, err := turn.Keep(snapshot.Root{Name: "p"}, func() (any, error) {
		*count++
		return *count, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return kept.(int)
}

func TestATurnSharesWhatWasGatheredInIt(t *testing.T) {
	onDesks(t, 8, func(turns *Turns, plans, sets *desk) {
		count := 0
		of := func(d *desk, name string) int { return gather(t, turns.Of(d.name, named("n", name)), &count) }
		plans.add(0, "p.0")
		plans.expect(t, "the first", "p.0")
		plans.add(Child, "p.1", "p.2") // while it is at work: it is gathered after they came
		sets.add(Child, "p.1")
		first := of(plans, "p.0")
		plans.done("p.0")
		plans.expect(t, "the next", "p.1", "p.2")
		sets.expect(t, "the next", "p.1")
		one, two, three := of(plans, "p.1"), of(plans, "p.2"), of(sets, "p.1")
		if first != 1 || one != 2 || two != 2 || three != 2 {
			t.Errorf("gathered %d, then %d, %d, %d; want 1, then 2 for all", first, one, two, three)
		}
		plans.add(0, "p.1") // after it was gathered
		plans.done("p.1", "p.2")
		sets.done("p.1")
		plans.expect(t, "once more", "p.1")
		if again := of(plans, "p.1"); again != 3 {
			t.Errorf("what was gathered before the edit is used after it")
		}
		plans.done("p.1")
		turns.rest(t)
	})
}

// TestOneGatheringServesALineAsLongAsNothingHappens has more in a line than a turn takes.
func TestOneGatheringServesALineAsLongAsNothingHappens(t *testing.T) {
	onDesks(t, 8, func(turns *Turns, plans, _ *desk) {
		for i := range 50 {
			plans.add(handler.LowPriority, fmt.Sprintf("p.%02d", i))
		}
		count, evaluated := 0, 0
		for begun := plans.working(); len(begun) > 0; begun = plans.working() {
			for _, name := range begun {
				gather(t, turns.Of(plans.name, named("n", name)), &count)
			}
			evaluated += len(begun)
			plans.done(begun...)
		}
		if count != 2 || evaluated != 50 { // the first was at work before the others came
			t.Errorf("%d were evaluated and gathered for %d times, want 50 and twice", evaluated, count)
		}
		turns.rest(t)
	})
}

// TestAnEventBeforeItIsGatheredCausesNoSecondEvaluation: what is gathered after it has it.
func TestAnEventBeforeItIsGatheredCausesNoSecondEvaluation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := NewTurns(1, home, logr.Discard())
		q := turns.queue(kinds.Named(kinds.JointPlan), "jointplan", workqueue.DefaultTypedControllerRateLimiter[reconcile.Request]())
		defer q.ShutDown()
		plan := named("n", "p.plan")
		q.Add(plan)
		synctest.Wait()
		q.Add(plan) // it is dealt out, and no worker has it yet
		if got, _ := q.Get(); got != plan {
			t.Fatalf("got %v", got)
		}
		q.Done(plan)
		turns.rest(t)
	})
}

// TestAnEventAfterItWasGatheredCausesAnotherEvaluation has an object dealt out whose worker is slow, while another one of its turn is evaluated.
func TestAnEventAfterItWasGatheredCausesAnotherEvaluation(t *testing.T) {
	onDesks(t, 2, func(turns *Turns, plans, _ *desk) {
		slow := turns.queue(kinds.Named(kinds.Campaign), "campaign", workqueue.DefaultTypedControllerRateLimiter[reconcile.Request]())
		defer slow.ShutDown()
		campaign, count := named("n", "p.fair"), 0
		plans.add(0, "p.first")
		plans.expect(t, "at once", "p.first")
		plans.add(0, "p.plan")
		slow.Add(campaign)
		plans.done("p.first")
		plans.expect(t, "in the turn of both", "p.plan")
		gather(t, turns.Of(plans.name, named("n", "p.plan")), &count)
		slow.Add(campaign)
		if slow.dealt[campaign].again == 0 {
			t.Fatal("it is not evaluated again")
		}
		for range 2 {
			_, _ = slow.Get()
			gather(t, turns.Of("campaign", campaign), &count)
			slow.Done(campaign)
			plans.done("p.plan")
			synctest.Wait()
		}
		if count != 2 {
			t.Errorf("gathered for %d times, want once before the event and once after it", count)
		}
		turns.rest(t)
	})
}

func TestWhatWasGatheredToFindObjectsServesToEvaluateThem(t *testing.T) {
	onDesks(t, 2, func(turns *Turns, plans, _ *desk) {
		count := 0
		within := &Within{Among: func(_ context.Context, turn *Turn, _ snapshot.Root, _ []Event) []reconcile.Request {
			gather(t, turn, &count)
			return []reconcile.Request{named("n", "p.1"), named("n", "p.2")}
		}}
		plans.AddWithin(within, snapshot.Root{Namespace: "n", Kind: kinds.Partner, Name: "p"}, priorityqueue.AddOpts{Priority: new(Child)}, Event{})
		plans.expect(t, "found", "p.1", "p.2")
		for _, name := range []string{"p.1", "p.2"} {
			gather(t, turns.Of(plans.name, named("n", name)), &count)
		}
		plans.done("p.1", "p.2")
		if count != 1 {
			t.Errorf("gathered for %d times, want once", count)
		}
		turns.rest(t)
	})
}

// TestWhatIsFoundOfAnotherPartnerIsGatheredAnew has a partner at work with what was gathered before the event.
func TestWhatIsFoundOfAnotherPartnerIsGatheredAnew(t *testing.T) {
	onDesks(t, 2, func(turns *Turns, plans, _ *desk) {
		count, asked := 0, seen{}
		plans.add(0, "q.1")
		plans.expect(t, "at once", "q.1")
		gather(t, turns.Of(plans.name, named("n", "q.1")), &count)
		plans.AddWithin(asked.among("q.2"), snapshot.Root{Namespace: "n", Kind: kinds.Partner, Name: "p"}, priorityqueue.AddOpts{Priority: new(Child)}, Event{Object: &v1alpha1.Campaign{}})
		plans.expect(t, "as the other partner has its turn")
		plans.done("q.1")
		plans.expect(t, "found", "q.2")
		gather(t, turns.Of(plans.name, named("n", "q.2")), &count)
		plans.done("q.2")
		if count != 2 {
			t.Errorf("gathered for %d times, want once before the event and once after it", count)
		}
		turns.rest(t)
	})
}

// seen are the events with which a Within was asked.
type seen [][]string

// among is a Within that finds some objects, and notes for which events.
func (s *seen) among(names ...string) *Within {
	return &Within{Among: func(_ context.Context, _ *Turn, unit snapshot.Root, events []Event) []reconcile.Request {
		asked := []string{string(unit.Name)}
		for _, e := range events {
			asked = append(asked, e.Object.GetName())
		}
		*s = append(*s, asked)
		var found []reconcile.Request
		for _, name := range names {
			found = append(found, named("n", name))
		}
		return found
	}}
}

func TestTheObjectsThatAnEventConcernsAreFoundInTheTurnOfTheirUnit(t *testing.T) {
	unit := snapshot.Root{Namespace: "n", Kind: kinds.Partner, Name: "p"}
	about := func(name string) Event { return Event{Object: &v1alpha1.Campaign{ObjectMeta: metaNamed(name)}} }
	onDesks(t, 8, func(turns *Turns, plans, sets *desk) {
		plans.add(0, "p.busy")
		plans.expect(t, "at work", "p.busy")
		var asked, other seen
		within := asked.among("p.1", "p.2", "q.3")
		sets.AddWithin(within, unit, priorityqueue.AddOpts{Priority: new(Child)}, about("a"))
		sets.AddWithin(within, unit, priorityqueue.AddOpts{Priority: new(Child)}, about("b"))
		sets.AddWithin(other.among("p.2"), unit, priorityqueue.AddOpts{Priority: new(Child)}, about("c"))
		sets.expect(t, "before its turn")
		if len(asked) > 0 {
			t.Errorf("asked %v before the turn", asked)
		}
		plans.done("p.busy")
		sets.expect(t, "in its turn, also what belongs to another partner", "p.1", "p.2", "q.3")
		if diff := cmp.Diff(seen{{"p", "a", "b"}}, asked); diff != "" {
			t.Errorf("asked (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(seen{{"p", "c"}}, other); diff != "" {
			t.Errorf("the other asked (-want +got):\n%s", diff)
		}
		sets.done("p.1", "p.2", "q.3")
		turns.rest(t)
	})
}

// TestManyEventsOfAUnitAreOne: each of a thousand would be asked about each of a thousand objects.
func TestManyEventsOfAUnitAreOne(t *testing.T) {
	unit := snapshot.Root{Namespace: "n", Kind: kinds.Partner, Name: "p"}
	onDesks(t, 8, func(turns *Turns, plans, sets *desk) {
		plans.add(0, "p.busy")
		plans.expect(t, "at work", "p.busy")
		var asked seen
		within := asked.among("p.1")
		for i := range maxEvents + 1 {
			sets.AddWithin(within, unit, priorityqueue.AddOpts{Priority: new(Child)}, Event{Object: &v1alpha1.Campaign{ObjectMeta: metaNamed(fmt.Sprint(i))}})
		}
		plans.done("p.busy")
		sets.expect(t, "once", "p.1")
		if diff := cmp.Diff(seen{{"p"}}, asked); diff != "" {
			t.Errorf("asked (-want +got):\n%s", diff)
		}
		sets.done("p.1")
		turns.rest(t)
	})
}

// TestNothingThatHappensIsLost has events, deadlines and evaluations in any order. What was evaluated last of an object was gathered after the last event
// that concerned it; no object is at work twice, and not more than may be.
func TestNothingThatHappensIsLost(t *testing.T) {
	names := []string{"a.1", "a.2", "a.3", "b.1", "b.2", ".1", ".2"}
	rapid.Check(t, func(rt *rapid.T) {
		onDesks(t, rapid.IntRange(1, 3).Draw(rt, "size"), func(turns *Turns, plans, sets *desk) {
			now := 0                       // counts what happened
			last := map[string]int{}       // when something last happened to an object
			evaluated := map[string]int{}  // when what its last evaluation looked at was gathered
			working := map[string][2]int{} // what is at work, by controller and name
			desks := map[string]*desk{"jointplan": plans, "measurementset": sets}
			begin := func() {
				for _, d := range desks {
					for _, name := range d.working() {
						key := d.name + " " + name
						if _, twice := working[key]; twice {
							rt.Fatalf("%s is at work twice", key)
						}
						working[key] = [2]int{}
					}
				}
				if len(working) > 2*turns.size {
					rt.Fatalf("%d at work with a size of %d", len(working), turns.size)
				}
			}
			finish := func(key string) {
				controller, name, _ := strings.Cut(key, " ")
				turn, root := turns.Of(controller, named("n", name)), snapshot.Root{Name: "u"}
				kept, _ := turn.Keep(root, func() (any, error) { return now, nil })
				evaluated[key] = kept.(int)
				delete(working, key)
				desks[controller].done(name)
			}
			for range rapid.IntRange(1, 40).Draw(rt, "steps") {
				begin()
				now++
				controller, name := rapid.SampledFrom([]string{"jointplan", "measurementset"}).Draw(rt, "controller"), rapid.SampledFrom(names).Draw(rt, "name")
				switch d := desks[controller]; rapid.IntRange(0, 4).Draw(rt, "what") {
				case 0, 1:
					last[controller+" "+name] = now
					d.add(rapid.SampledFrom([]int{0, Child, FanOut, handler.LowPriority}).Draw(rt, "priority"), name)
				case 2:
					last[controller+" "+name] = now
					unit, _ := home(d.kind, named("n", name).NamespacedName)
					var asked seen
					d.AddWithin(asked.among(name), unit, priorityqueue.AddOpts{Priority: new(Child), After: time.Duration(rapid.IntRange(0, 1).Draw(rt, "wait"))})
				case 3:
					d.AddWithOpts(priorityqueue.AddOpts{Priority: new(Deadline), After: time.Second}, named("n", name))
					step(time.Duration(rapid.IntRange(0, 2).Draw(rt, "seconds")) * time.Second)
				case 4:
					if keys := slices.Sorted(maps.Keys(working)); len(keys) > 0 {
						finish(rapid.SampledFrom(keys).Draw(rt, "done"))
					}
				}
			}
			step(2 * time.Second)
			for begin(); len(working) > 0; begin() {
				finish(slices.Sorted(maps.Keys(working))[0])
			}
			for key, at := range last {
				if evaluated[key] < at {
					rt.Errorf("%s was last evaluated as at %d, but something happened at %d", key, evaluated[key], at)
				}
			}
			turns.rest(rt)
		})
	})
}

func TestWhatWaitsIsCounted(t *testing.T) {
	onDesks(t, 3, func(turns *Turns, plans, _ *desk) {
		for i := range 10 {
			plans.add(handler.LowPriority, fmt.Sprint(i))
		}
		want := `
# HELP jointplan_backlog_objects Number of objects of a controller that wait for the turn of their partner. They are not part of workqueue_depth.
# TYPE jointplan_backlog_objects gauge
jointplan_backlog_objects{controller="jointplan"} 7
jointplan_backlog_objects{controller="measurementset"} 0
`
		if err := testutil.CollectAndCompare(turns, strings.NewReader(want)); err != nil {
			t.Error(err)
		}
	})
}
