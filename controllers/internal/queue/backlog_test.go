package queue

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// desk is the queue of a controller of the test, with as many workers as it takes.
type desk struct {
	*backlogQueue

	name  string
	taken chan reconcile.Request
}

// onDesks runs a test in a bubble, with the queues of two controllers over one backlog.
func onDesks(t *testing.T, size int, test func(b *Backlog, plans, sets *desk)) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		b := NewBacklog(size, logr.Discard())
		plans, sets := open(b, "jointplan"), open(b, "measurementset")
		defer plans.ShutDown()
		defer sets.ShutDown()
		test(b, plans, sets)
	})
}

// open opens the queue of a controller, with a hundred workers.
func open(b *Backlog, name string) *desk {
	limiter := workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](time.Second, time.Hour)
	d := &desk{b.queue(name, limiter, name != "mdfclaim"), name, make(chan reconcile.Request, 1000)}
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

// step moves the clock of a bubble, in which nothing waits in real time.
func step(by time.Duration) {
	time.Sleep(by) //nolint:forbidigo // it is the clock of the bubble
	synctest.Wait()
}

func TestABacklogIsDealtOutSoManyAtATime(t *testing.T) {
	onDesks(t, 2, func(_ *Backlog, plans, sets *desk) {
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
	})
}

func TestAnEditPassesTheBacklog(t *testing.T) {
	for name, edit := range map[string]func(*desk, string){
		"an edit":       func(d *desk, name string) { d.add(0, name) },
		"as the queues": func(d *desk, name string) { d.Add(named("n", name)) },
		"a child's":     func(d *desk, name string) { d.add(Child, name) },
		"a deadline": func(d *desk, name string) {
			d.AddWithOpts(priorityqueue.AddOpts{Priority: new(Deadline), After: time.Nanosecond}, named("n", name))
			step(time.Second)
		},
		"a failed attempt": func(d *desk, name string) {
			d.AddWithOpts(priorityqueue.AddOpts{Priority: new(handler.LowPriority), RateLimited: true}, named("n", name))
			step(2 * time.Second)
		},
	} {
		t.Run(name, func(t *testing.T) {
			onDesks(t, 1, func(_ *Backlog, plans, sets *desk) {
				sets.add(handler.LowPriority, "first", "second")
				plans.add(handler.LowPriority, "other")
				sets.expect(t, "one at a time", "first")
				edit(plans, "edited")
				plans.expect(t, "although one is at work", "edited")
				plans.done("edited")
				plans.expect(t, "which takes no place of the backlog")
				sets.done("first")
				sets.expect(t, "in turn", "second")
			})
		})
	}
}

func TestWhatWasEvaluatedMeanwhileIsNotDealtOutAgain(t *testing.T) {
	onDesks(t, 1, func(_ *Backlog, plans, sets *desk) {
		plans.add(handler.LowPriority, "a", "b", "c", "b")
		plans.expect(t, "one at a time", "a")
		plans.add(0, "b")
		plans.expect(t, "the edit", "b")
		plans.done("a", "b")
		plans.expect(t, "what was edited is left out", "c")
		plans.done("c")
		plans.expect(t, "all are done")
	})
}

func TestAProgramsEditGoesBeforeTheBacklogOfAStart(t *testing.T) {
	onDesks(t, 1, func(_ *Backlog, plans, sets *desk) {
		plans.add(handler.LowPriority, "a", "b", "c")
		plans.expect(t, "one at a time", "a")
		plans.add(FanOut, "c", "d")
		plans.add(handler.LowPriority, "d") // waits in the faster lane already
		var order []string
		for previous := "a"; previous != ""; {
			plans.done(previous)
			previous = strings.Join(plans.working(), " and ")
			order = append(order, previous)
		}
		if diff := cmp.Diff([]string{"c", "d", "b", ""}, order); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

// TestAnObjectThatIsAtWorkIsDealtOutAgainAfterwards has a program edited while the object is evaluated since the start.
func TestAnObjectThatIsAtWorkIsDealtOutAgainAfterwards(t *testing.T) {
	onDesks(t, 2, func(b *Backlog, plans, sets *desk) {
		plans.add(handler.LowPriority, "a")
		plans.expect(t, "at the start", "a")
		plans.add(FanOut, "a")
		plans.expect(t, "not twice at the same time")
		plans.done("a")
		plans.expect(t, "once more", "a")
		plans.done("a")
		plans.expect(t, "that is all")
		if b.out+b.live > 0 || len(plans.dealt)+len(plans.waits)+len(plans.live) > 0 {
			t.Errorf("%d dealt out, %d live: %v, %v, %v waiting; want none", b.out, b.live, plans.dealt, plans.live, plans.waits)
		}
	})
}

// TestWhileSomebodyWaitsTheBacklogGoesSlowly has an edit halfway: a quarter of what is dealt out otherwise, until the edit is done.
func TestWhileSomebodyWaitsTheBacklogGoesSlowly(t *testing.T) {
	onDesks(t, 8, func(b *Backlog, plans, sets *desk) {
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
		if b.live > 0 {
			t.Errorf("%d edits are remembered, want none", b.live)
		}
	})
}

// TestAnEditOfWhatIsAtWorkCountsUntilItIsDone has an object edited while it is evaluated since the start.
func TestAnEditOfWhatIsAtWorkCountsUntilItIsDone(t *testing.T) {
	onDesks(t, 4, func(b *Backlog, plans, sets *desk) {
		plans.add(handler.LowPriority, "a")
		plans.expect(t, "at the start", "a")
		plans.add(0, "a")
		plans.done("a")
		plans.expect(t, "the edit", "a")
		sets.add(handler.LowPriority, "1", "2", "3")
		sets.expect(t, "while the edit is at work", "1")
		plans.done("a")
		sets.expect(t, "after it", "2", "3")
		if b.live > 0 || b.out != 3 {
			t.Errorf("%d edits and %d dealt out, want 0 and 3", b.live, b.out)
		}
	})
}

// TestOnesOwnWritesOfMoneyDoNotSlowTheBacklog has a claim evaluated once more after its status was written, as money is.
func TestOnesOwnWritesOfMoneyDoNotSlowTheBacklog(t *testing.T) {
	onDesks(t, 8, func(b *Backlog, plans, sets *desk) {
		claims := open(b, "mdfclaim")
		defer claims.ShutDown()
		claims.add(0, "c")
		claims.expect(t, "at once", "c")
		sets.add(handler.LowPriority, "1", "2", "3", "4")
		sets.expect(t, "beside it", "1", "2", "3", "4")
		claims.done("c")
	})
}

func TestTheBacklogIsCounted(t *testing.T) {
	onDesks(t, 3, func(b *Backlog, plans, sets *desk) {
		for i := range 10 {
			plans.add(handler.LowPriority, fmt.Sprint(i))
		}
		plans.add(0, "9")
		want := `
# HELP jointplan_backlog_objects Number of objects that a controller has still to evaluate because the manager started or a program was edited. ` +
			`They are not part of workqueue_depth.
# TYPE jointplan_backlog_objects gauge
jointplan_backlog_objects{controller="jointplan"} 6
jointplan_backlog_objects{controller="measurementset"} 0
`
		if err := testutil.CollectAndCompare(b, strings.NewReader(want)); err != nil {
			t.Error(err)
		}
	})
}
