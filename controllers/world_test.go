package controllers

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	clocktesting "k8s.io/utils/clock/testing"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/queue/queuetest"
	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/controllers/internal/storetest"
	"jointplan.dev/jointplan/controllers/internal/telemetry"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/test/invariants"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "1000") // a -rapid.checks on the command line still wins
	os.Exit(m.Run())
}

// world is an API server in memory with the controllers as Setup wires them, but without a manager: events are delivered to their watches as
// soon as something is written, and what they enqueue is reconciled when a test says so. People write with the methods of world, the
// controllers through a client that counts, and refuses when it is told to.
type world struct {
	testing.TB

	people      client.WithWatch
	clock       *clocktesting.FakePassiveClock
	spacing     *queue.Coalescer // of children's events; nil in tests that are not about time
	meters      *telemetry.Meters
	controllers []*running
	writes      []string
	events      []recorded
	refuse      func(verb string, object client.Object) error
	behind      *v1alpha1.JointPlan // what the cache still shows of a plan; nil when it is up to date
	uids        int
}

// running is one controller and what it has to do.
type running struct {
	wired

	queue  queuetest.Queue
	alarms map[reconcile.Request]time.Time // the instants for which reconciles asked to be called again
}

// recorded is an event, and how many writes there had been when it was recorded.
type recorded struct {
	kind, reason, action, object, note string
	writes                             int
}

func (e recorded) String() string { return e.kind + " " + e.reason + " " + e.object }

// newWorld is a world at an instant, such as "2026-08-12T10:00:00+02:00", without objects.
func newWorld(tb testing.TB, at string) *world {
	tb.Helper()
	w := &world{TB: tb, clock: clocktesting.NewFakePassiveClock(testobj.At(at))}
	w.meters = telemetry.NewMeters(w.clock)
	w.people = storetest.Builder().Build()
	counting := interceptor.NewClient(w.people, interceptor.Funcs{
		Get: w.onGet, List: w.onList, Create: w.onCreate, Update: w.onUpdate, Patch: w.onObjectPatch, SubResourcePatch: w.onPatch,
	})
	shared := Reconciler{
		Client: counting, Clock: w.clock, Pace: w.clock, Gatherer: gather.New(gather.Through(counting)), Live: gather.OneByOne(w.people), Statuses: status.NewWriter(counting, w, w.meters), Meters: w.meters,
	}
	add := func(c wired) error {
		w.controllers = append(w.controllers, &running{wired: c, alarms: map[reconcile.Request]time.Time{}})
		return nil
	}
	wires := &wiring{relations: &relations{gatherer: shared.Gatherer}, statuses: shared.Statuses, add: add}
	if err := setupAll(wires, shared); err != nil {
		tb.Fatal(err)
	}
	return w
}

// Eventf records an event.
func (w *world) Eventf(regarding, _ runtime.Object, kind, reason, action, note string, args ...any) {
	object := regarding.(client.Object)
	w.events = append(w.events, recorded{
		kind: kind, reason: reason, action: action, object: nameOf(object), note: fmt.Sprintf(note, args...), writes: len(w.writes),
	})
}

func nameOf(object client.Object) string { return storetest.NameOf(object) }

func (w *world) onGet(
	ctx context.Context, c client.WithWatch, key client.ObjectKey, object client.Object, options ...client.GetOption,
) error {
	err := c.Get(ctx, key, object, options...)
	if plan, ok := object.(*v1alpha1.JointPlan); ok && w.behind != nil && plan.UID == w.behind.UID {
		w.behind.DeepCopyInto(plan)
	}
	return err
}

func (w *world) onList(ctx context.Context, c client.WithWatch, list client.ObjectList, options ...client.ListOption) error {
	err := c.List(ctx, list, options...)
	if plans, ok := list.(*v1alpha1.JointPlanList); ok && w.behind != nil {
		for i := range plans.Items {
			if plans.Items[i].UID == w.behind.UID {
				w.behind.DeepCopyInto(&plans.Items[i])
			}
		}
	}
	return err
}

func (w *world) onCreate(ctx context.Context, c client.WithWatch, object client.Object, options ...client.CreateOption) error {
	if w.refuse != nil {
		if err := w.refuse("create", object); err != nil {
			return err
		}
	}
	w.admit(object)
	if err := c.Create(ctx, object, options...); err != nil {
		return err
	}
	w.writes = append(w.writes, "create "+nameOf(object))
	w.created(object)
	return nil
}

func (w *world) onUpdate(ctx context.Context, c client.WithWatch, object client.Object, options ...client.UpdateOption) error {
	if w.refuse != nil {
		if err := w.refuse("update", object); err != nil {
			return err
		}
	}
	old := w.read(object)
	object.SetGeneration(old.GetGeneration() + 1)
	if err := c.Update(ctx, object, options...); err != nil {
		return err
	}
	w.writes = append(w.writes, "update "+nameOf(object))
	w.updated(old, w.read(object))
	return nil
}

func (w *world) onObjectPatch(
	ctx context.Context, c client.WithWatch, object client.Object, patch client.Patch, options ...client.PatchOption,
) error {
	old := w.read(object)
	if err := c.Patch(ctx, object, patch, options...); err != nil {
		return err
	}
	w.writes = append(w.writes, "patch "+nameOf(object))
	w.updated(old, w.read(object))
	return nil
}

func (w *world) onPatch(
	ctx context.Context, c client.Client, sub string, object client.Object, patch client.Patch, options ...client.SubResourcePatchOption,
) error {
	if w.refuse != nil {
		if err := w.refuse("patch", object); err != nil {
			return err
		}
	}
	old := w.read(object)
	if err := c.SubResource(sub).Patch(ctx, object, patch, options...); err != nil {
		return err
	}
	w.writes = append(w.writes, "patch "+nameOf(object)+"/"+sub)
	w.updated(old, w.read(object))
	return nil
}

// admit fills in what the API server does.
func (w *world) admit(object client.Object) {
	w.uids++
	object.SetUID(types.UID(fmt.Sprintf("uid-%d", w.uids)))
	object.SetGeneration(1)
	object.SetResourceVersion("")
	if ours, ok := object.(kinds.Evaluated); ok {
		ours.Common().ObservedGeneration = -1
	}
}

// create creates objects as people do.
func (w *world) create(objects ...client.Object) {
	w.Helper()
	for _, object := range objects {
		object = object.DeepCopyObject().(client.Object)
		w.admit(object)
		w.must(w.people.Create(w.Context(), object))
		w.created(object)
	}
}

// edit changes the spec or the metadata of an object as people do.
func edit[T client.Object](w *world, object T, change func(T)) {
	w.Helper()
	old, updated := w.read(object), w.read(object)
	change(updated.(T))
	if !equality.Semantic.DeepEqual(specOf(old), specOf(updated)) {
		updated.SetGeneration(old.GetGeneration() + 1)
	}
	w.must(w.people.Update(w.Context(), updated))
	w.updated(old, updated)
}

// specOf returns the spec of an object; nil of one that has none.
func specOf(object client.Object) any {
	spec := reflect.ValueOf(object).Elem().FieldByName("Spec")
	if !spec.IsValid() {
		return nil
	}
	return spec.Interface()
}

// loseStatus sets the status of an object to that of a fresh one.
func (w *world) loseStatus(object kinds.Evaluated) {
	w.Helper()
	old := w.read(object)
	lost := w.read(object)
	status := reflect.ValueOf(lost).Elem().FieldByName("Status")
	status.SetZero()
	lost.(kinds.Evaluated).Common().ObservedGeneration = -1
	w.must(w.people.Status().Update(w.Context(), lost))
	w.updated(old, lost)
}

// remove deletes an object as people do.
func (w *world) remove(object client.Object) {
	w.Helper()
	old := w.read(object)
	w.must(w.people.Delete(w.Context(), old))
	for _, c := range w.controllers {
		c.deliver(old, func(q watch) {
			if gone := (event.DeleteEvent{Object: old}); q.predicate().Delete(gone) {
				q.handler(w.spacing).Delete(w.Context(), gone, &c.queue)
			}
		})
	}
}

func (w *world) created(object client.Object) {
	for _, c := range w.controllers {
		c.deliver(object, func(q watch) {
			if came := (event.CreateEvent{Object: object}); q.predicate().Create(came) {
				q.handler(w.spacing).Create(w.Context(), came, &c.queue)
			}
		})
	}
}

func (w *world) updated(old, updated client.Object) {
	for _, c := range w.controllers {
		c.deliver(updated, func(q watch) {
			if change := (event.UpdateEvent{ObjectOld: old, ObjectNew: updated}); q.predicate().Update(change) {
				q.handler(w.spacing).Update(w.Context(), change, &c.queue)
			}
		})
	}
}

// deliver enqueues an object of the controller's own kind, and hands each watch of the object's kind to a function.
func (c *running) deliver(object client.Object, to func(watch)) {
	if reflect.TypeOf(object) == reflect.TypeOf(c.own) {
		c.queue.AddWithOpts(priorityqueue.AddOpts{}, requestFor(object))
	}
	_, isNamespace := object.(*corev1.Namespace)
	for _, q := range c.watches {
		if _, metadata := q.kind.(*metav1.PartialObjectMetadata); metadata && isNamespace || reflect.TypeOf(object) == reflect.TypeOf(q.kind) {
			to(q)
		}
	}
}

// run reconciles until nothing is enqueued, and checks the status of what was reconciled. It returns the number of reconciles.
func (w *world) run() int {
	w.Helper()
	for n := 0; ; {
		busy := false
		for _, c := range w.controllers {
			for len(c.queue.Added) > 0 {
				first := c.queue.Added[0]
				if first.After > 0 { // it is for later
					c.queue.Added = c.queue.Added[1:]
					c.wait(first.Request, w.clock.Now().Add(first.After))
					continue
				}
				request := first.Request
				c.queue.Added = slices.DeleteFunc(c.queue.Added, func(x queuetest.Added) bool { return x.Request == request && x.After == 0 })
				if result, err := w.reconcile(c, request); err != nil {
					w.Fatalf("%s %s: %v", c.name, request, err)
				} else if result.RequeueAfter > 0 {
					c.alarms[request] = w.clock.Now().Add(result.RequeueAfter)
				}
				n, busy = n+1, true
				if n > 2000 {
					w.Fatalf("still busy after %d reconciles, the last of %s %s", n, c.name, request)
				}
			}
		}
		if !busy {
			return n
		}
	}
}

// reconcile reconciles one object and checks its status.
func (w *world) reconcile(c *running, request reconcile.Request) (ctrl.Result, error) {
	w.Helper()
	delete(c.alarms, request)
	result, err := c.reconciler.Reconcile(w.Context(), request)
	object := c.own.DeepCopyObject().(kinds.Evaluated)
	if w.people.Get(w.Context(), request.NamespacedName, object) != nil || object.Common().ObservedGeneration != object.GetGeneration() {
		return result, err
	}
	for _, violation := range invariants.Violations(object) {
		w.Errorf("%s: %s", nameOf(object), violation)
	}
	if result.RequeueAfter > time.Hour {
		w.Errorf("%s: RequeueAfter is %s, want an hour at the most", nameOf(object), result.RequeueAfter)
	}
	return result, err
}

// reconcileOne reconciles one object as if it had been enqueued.
func (w *world) reconcileOne(object client.Object) (ctrl.Result, error) {
	w.Helper()
	i := slices.IndexFunc(w.controllers, func(c *running) bool { return reflect.TypeOf(c.own) == reflect.TypeOf(object) })
	return w.reconcile(w.controllers[i], requestFor(object))
}

// advance steps the clock to an instant, stopping at each instant at which a reconcile asked to be called again; those that have passed are
// late and come first.
func (w *world) advance(at string) {
	w.Helper()
	for to := testobj.At(at); ; {
		next := to
		for _, c := range w.controllers {
			for _, alarm := range c.alarms {
				if alarm.Before(next) {
					next = alarm
				}
			}
		}
		if next.Before(w.clock.Now()) {
			next = w.clock.Now()
		}
		w.clock.SetTime(next)
		for _, c := range w.controllers {
			for _, request := range slices.SortedFunc(maps.Keys(c.alarms), compareRequests) {
				if !c.alarms[request].After(next) {
					c.queue.AddWithOpts(priorityqueue.AddOpts{}, request)
				}
			}
		}
		w.run()
		if !next.Before(to) {
			return
		}
	}
}

// resync enqueues all objects of all kinds.
func (w *world) resync() {
	w.Helper()
	for _, c := range w.controllers {
		for _, object := range w.all(c.own) {
			c.queue.AddWithOpts(priorityqueue.AddOpts{}, requestFor(object))
		}
	}
}

// all returns all objects of a kind.
func (w *world) all(kind client.Object) []kinds.Evaluated {
	w.Helper()
	gvk, err := w.people.GroupVersionKindFor(kind)
	w.must(err)
	list, err := w.people.Scheme().New(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
	w.must(err)
	w.must(w.people.List(w.Context(), list.(client.ObjectList)))
	var all []kinds.Evaluated
	w.must(meta.EachListItem(list, func(item runtime.Object) error {
		all = append(all, item.DeepCopyObject().(kinds.Evaluated))
		return nil
	}))
	return all
}

// everything returns the statuses of all objects without the times of transitions, by kind and name.
func (w *world) everything() map[string]any {
	w.Helper()
	statuses := map[string]any{}
	for _, c := range w.controllers {
		for _, object := range w.all(c.own) {
			statuses[nameOf(object)] = timeless(object)
		}
	}
	return statuses
}

// timeless returns the status of an object without the times of transitions.
func timeless(object kinds.Evaluated) any {
	object = object.DeepCopyObject().(kinds.Evaluated)
	for i := range object.Common().Conditions {
		object.Common().Conditions[i].LastTransitionTime = metav1.Time{}
	}
	return reflect.ValueOf(object).Elem().FieldByName("Status").Interface()
}

// read returns an object as it is stored.
func (w *world) read(object client.Object) client.Object {
	w.Helper()
	stored := reflect.New(reflect.TypeOf(object).Elem()).Interface().(client.Object)
	w.must(w.people.Get(w.Context(), client.ObjectKeyFromObject(object), stored))
	return stored
}

// get returns an object as it is stored.
func get[T client.Object](w *world, object T) T {
	w.Helper()
	return w.read(object).(T)
}

// condition returns "status reason: message" of an object's condition.
func (w *world) condition(object kinds.Evaluated, kind string) string {
	w.Helper()
	c := meta.FindStatusCondition(get(w, object).Common().Conditions, kind)
	if c == nil {
		return "absent"
	}
	return fmt.Sprintf("%s %s: %s", c.Status, c.Reason, c.Message)
}

// written returns the writes since it was called last.
func (w *world) written() []string {
	writes := w.writes
	w.writes = nil
	return writes
}

// happened returns the events about an object, and forgets those about all.
func (w *world) happened(about client.Object) []string {
	var list []string
	for _, e := range w.events {
		if e.object == nameOf(about) {
			list = append(list, e.String())
		}
	}
	w.events = nil
	return list
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func requestFor(object client.Object) reconcile.Request {
	return reconcile.Request{NamespacedName: client.ObjectKeyFromObject(object)}
}

func compareRequests(a, b reconcile.Request) int { return strings.Compare(a.String(), b.String()) }
