package plane

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/invariants"
)

// recorded are the kinds of which every revision is recorded.
func recorded() []client.ObjectList {
	return []client.ObjectList{
		&v1alpha1.MDFBudgetList{}, &v1alpha1.MDFLedgerList{}, &v1alpha1.MDFAllocationList{}, &v1alpha1.MDFClaimList{},
		&v1alpha1.ApprovalDecisionList{}, &v1alpha1.JointPlanList{}, &v1alpha1.PlanRevisionList{}, &v1alpha1.PartnerList{},
		&v1alpha1.PartnerProgramList{}, &v1alpha1.MeasurementSetList{},
	}
}

// Recording is every revision of the objects of one test, of all kinds that bear on money, as watches deliver them.
type Recording struct {
	clock      clock.PassiveClock
	namespaces map[string]bool
	mark       string

	mu      sync.Mutex
	events  []invariants.MoneyEvent
	latest  map[string]client.Object // by Key
	budgets map[string]bool          // that were ever seen; their ledgers have their names, and no mark where a manager in a process of its own wrote them
	changed chan struct{}            // closed with the next event
	broken  error
}

// Record records the objects of a scope from now on. When the test ends it checks that at no revision any of the rules of money was broken.
// The clock tells which decisions are in force; those of the test's manager.
func Record(tb testing.TB, scope Scope, now clock.PassiveClock) *Recording {
	tb.Helper()
	r := &Recording{
		clock: now, namespaces: map[string]bool{}, mark: scope.mark, latest: map[string]client.Object{}, budgets: map[string]bool{},
		changed: make(chan struct{}),
	}
	for _, namespace := range scope.Namespaces {
		r.namespaces[namespace] = true
	}
	watching.join(tb, r)
	tb.Cleanup(func() {
		r.complete(tb)
		watching.leave(r)
		for _, violation := range invariants.MoneyViolations(r.Events()) {
			tb.Errorf("money: %s", violation)
		}
	})
	return r
}

// Key names an object of one of the recorded kinds.
func Key(object client.Object) string {
	return reflect.TypeOf(object).Elem().Name() + " " + object.GetNamespace() + "/" + object.GetName()
}

// Events returns what was recorded.
func (r *Recording) Events() []invariants.MoneyEvent {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

// Latest returns the objects as they were last seen, by Key. They must not be changed.
func (r *Recording) Latest() map[string]client.Object {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.latest)
}

// Ledger returns a ledger as it was last seen; nil when there is none.
func (r *Recording) Ledger(name string) *v1alpha1.MDFLedger {
	r.mu.Lock()
	defer r.mu.Unlock()
	ledger, _ := r.latest["MDFLedger /"+name].(*v1alpha1.MDFLedger)
	return ledger
}

// Await waits until a check of what was last seen returns nothing; it fails the test with what it last returned. The check is made after each
// change, so nothing is missed and nothing polls.
func (r *Recording) Await(tb testing.TB, check func(latest map[string]client.Object) (problem string)) {
	tb.Helper()
	r.AwaitOr(tb, nil, check)
}

// AwaitOr is Await, but waits no longer than until a channel is closed.
func (r *Recording) AwaitOr(tb testing.TB, end <-chan struct{}, check func(latest map[string]client.Object) (problem string)) {
	tb.Helper()
	deadline := time.NewTimer(Patience)
	defer deadline.Stop()
	for {
		r.mu.Lock()
		changed, broken := r.changed, r.broken
		r.mu.Unlock()
		if broken != nil {
			tb.Fatal(broken)
		}
		problem := check(r.Latest())
		if problem == "" {
			return
		}
		select {
		case <-changed:
		case <-end:
			return
		case <-deadline.C:
			tb.Fatalf("not within %s: %s", Patience, problem)
		}
	}
}

// AwaitWrite waits until the recording has a write of an object, as its answer showed it.
func (r *Recording) AwaitWrite(tb testing.TB, written client.Object) {
	tb.Helper()
	want := versionOf(written)
	r.Await(tb, func(latest map[string]client.Object) string {
		if got := latest[Key(written)]; got == nil || versionOf(got) < want {
			return fmt.Sprintf("%s is not seen at revision %d", Key(written), want)
		}
		return ""
	})
}

// AwaitDeletion waits until the recording has seen that an object is gone.
func (r *Recording) AwaitDeletion(tb testing.TB, gone client.Object) {
	tb.Helper()
	r.Await(tb, func(latest map[string]client.Object) string {
		if latest[Key(gone)] != nil {
			return Key(gone) + " is there"
		}
		return ""
	})
}

// complete waits until all revisions are recorded: each object as the API server has it, and no other.
func (r *Recording) complete(tb testing.TB) {
	tb.Helper()
	c := Client(tb)
	want := map[string]uint64{}
	for _, list := range recorded() {
		for _, namespace := range r.where(tb, c, list) {
			if err := c.List(context.Background(), list, client.InNamespace(namespace)); err != nil {
				tb.Error(err)
				return
			}
			_ = meta.EachListItem(list, func(item runtime.Object) error {
				if object := item.(client.Object); r.concerns(object) {
					want[Key(object)] = versionOf(object)
				}
				return nil
			})
		}
	}
	Eventually(tb, func() string {
		latest := r.Latest()
		for key, version := range want {
			if latest[key] == nil || versionOf(latest[key]) < version {
				return fmt.Sprintf("%s is not recorded at revision %d", key, version)
			}
		}
		for key := range latest {
			if _, there := want[key]; !there {
				return key + " is recorded, and gone"
			}
		}
		return ""
	})
}

// where returns the namespaces of the recording, in which objects of a kind are; the empty one for a kind without.
func (r *Recording) where(tb testing.TB, c client.Client, list client.ObjectList) []string {
	tb.Helper()
	namespaced, err := c.IsObjectNamespaced(list)
	if err != nil {
		tb.Error(err)
	}
	if !namespaced {
		return []string{""}
	}
	return slices.Sorted(maps.Keys(r.namespaces))
}

// concerns reports whether an object is of the recording's scope.
func (r *Recording) concerns(object client.Object) bool {
	if namespace := object.GetNamespace(); namespace != "" {
		return r.namespaces[namespace]
	}
	if _, ledger := object.(*v1alpha1.MDFLedger); ledger {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.budgets[object.GetName()]
	}
	return object.GetLabels()[testLabel] == r.mark
}

func (r *Recording) take(deleted bool, object client.Object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, invariants.MoneyEvent{Version: versionOf(object), At: r.clock.Now(), Deleted: deleted, Object: object})
	if _, budget := object.(*v1alpha1.MDFBudget); budget {
		r.budgets[object.GetName()] = true
	}
	if deleted {
		delete(r.latest, Key(object))
	} else {
		r.latest[Key(object)] = object
	}
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *Recording) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = err
	close(r.changed)
	r.changed = make(chan struct{})
}

// versionOf reads a resource version, which Kubernetes says can be compared.
func versionOf(object client.Object) uint64 {
	version, err := strconv.ParseUint(object.GetResourceVersion(), 10, 64)
	if err != nil {
		panic(fmt.Sprintf("resource version %q is not a number", object.GetResourceVersion()))
	}
	return version
}

// watching is the one set of watches of a test process, which all recordings share: one watch per kind.
var watching hub

type hub struct {
	mu         sync.Mutex
	started    bool
	recordings map[*Recording]bool
}

func (h *hub) join(tb testing.TB, r *Recording) {
	tb.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.started {
		h.started, h.recordings = true, map[*Recording]bool{}
		c := Client(tb)
		for _, list := range recorded() {
			if err := c.List(tb.Context(), list, client.Limit(1)); err != nil {
				tb.Fatal(err)
			}
			go h.follow(c, list, list.GetResourceVersion())
		}
	}
	h.recordings[r] = true
}

func (h *hub) leave(r *Recording) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.recordings, r)
}

// follow watches a kind to the end of the process. A watch that ends in the course of events is taken up where it ended.
func (h *hub) follow(c client.WithWatch, list client.ObjectList, version string) {
	for {
		options := &client.ListOptions{Raw: &metav1.ListOptions{ResourceVersion: version, AllowWatchBookmarks: true}}
		w, err := c.Watch(context.Background(), list, options)
		if err != nil {
			h.each(func(r *Recording) { r.fail(fmt.Errorf("watch %T from %s: %w", list, version, err)) })
			return
		}
		for event := range w.ResultChan() {
			object, ok := event.Object.(client.Object)
			if !ok || event.Type == watch.Error {
				h.each(func(r *Recording) { r.fail(errors.New("watch: " + strings.TrimSpace(fmt.Sprint(event.Object)))) })
				return
			}
			version = object.GetResourceVersion()
			if event.Type == watch.Bookmark {
				continue
			}
			h.each(func(r *Recording) {
				if r.concerns(object) {
					r.take(event.Type == watch.Deleted, object)
				}
			})
		}
	}
}

func (h *hub) each(do func(*Recording)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for r := range h.recordings {
		do(r)
	}
}
