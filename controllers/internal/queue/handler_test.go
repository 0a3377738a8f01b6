package queue

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue/queuetest"
	"jointplan.dev/jointplan/internal/testobj"
)

// toPlan maps a campaign to its plan, and to plan whole when it came or went.
func toPlan(_ context.Context, object client.Object, whole bool) []reconcile.Request {
	campaign := object.(*v1alpha1.Campaign)
	requests := []reconcile.Request{named("n", string(campaign.Spec.PlanRef.Name))}
	if whole {
		requests = append(requests, named("n", "whole"))
	}
	return requests
}

// moved reports whether a campaign moved to another plan.
func moved(old, updated client.Object) bool {
	return old.(*v1alpha1.Campaign).Spec.PlanRef != updated.(*v1alpha1.Campaign).Spec.PlanRef
}

func named(namespace, name string) reconcile.Request {
	return reconcile.Request{NamespacedName: types.NamespacedName{Namespace: namespace, Name: name}}
}

func TestEventsConcernWhatTheyMapTo(t *testing.T) {
	a, b := testobj.Campaign("webinar", "a"), testobj.Campaign("webinar", "b")
	edited := testobj.Campaign("webinar", "a")
	edited.Spec.Type = "TradeShow"
	for name, tc := range map[string]struct {
		happens func(handler.EventHandler, *queuetest.Queue)
		want    []string
	}{
		"one of the initial list: objects are reconciled for themselves": {
			func(h handler.EventHandler, q *queuetest.Queue) {
				h.Create(t.Context(), event.CreateEvent{Object: a, IsInInitialList: true}, q)
			}, nil,
		},
		"came": {func(h handler.EventHandler, q *queuetest.Queue) {
			h.Create(t.Context(), event.CreateEvent{Object: a}, q)
		}, []string{"n/a", "n/whole"}},
		"went": {func(h handler.EventHandler, q *queuetest.Queue) {
			h.Delete(t.Context(), event.DeleteEvent{Object: a}, q)
		}, []string{"n/a", "n/whole"}},
		"edited": {func(h handler.EventHandler, q *queuetest.Queue) {
			h.Update(t.Context(), event.UpdateEvent{ObjectOld: a, ObjectNew: edited}, q)
		}, []string{"n/a"}},
		"moved: the old and the new plan": {
			func(h handler.EventHandler, q *queuetest.Queue) {
				h.Update(t.Context(), event.UpdateEvent{ObjectOld: a, ObjectNew: b}, q)
			},
			[]string{"n/a", "n/b", "n/whole"},
		},
		"something else": {func(h handler.EventHandler, q *queuetest.Queue) {
			h.Generic(t.Context(), event.GenericEvent{Object: a}, q)
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			q := &queuetest.Queue{}
			tc.happens(Enqueue(Mapping(toPlan), moved, Child, nil), q)
			if diff := cmp.Diff(tc.want, q.Requests()); diff != "" {
				t.Errorf("enqueued (-want +got):\n%s", diff)
			}
			if len(q.Added) != len(tc.want) {
				t.Errorf("enqueued %v, want each once", q.Added)
			}
			for _, x := range q.Added {
				if x.Priority != Child || x.After != 0 {
					t.Errorf("enqueued at priority %d after %s, want %d at once", x.Priority, x.After, Child)
				}
			}
		})
	}
}

func TestEventsOfChildrenAreSpaced(t *testing.T) {
	clock := clocktesting.NewFakePassiveClock(testobj.At("2026-08-05T10:00:00Z"))
	h, q := Enqueue(Mapping(toPlan), moved, Child, NewCoalescer(clock)), &queuetest.Queue{}
	old, updated := testobj.Campaign("webinar", "a"), testobj.Campaign("webinar", "a")
	for range 3 {
		h.Update(t.Context(), event.UpdateEvent{ObjectOld: old, ObjectNew: updated}, q)
		clock.SetTime(clock.Now().Add(400 * time.Millisecond))
	}
	want := []time.Duration{0, 600 * time.Millisecond, 200 * time.Millisecond}
	var got []time.Duration
	for _, x := range q.Added {
		got = append(got, x.After)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("waits (-want +got):\n%s", diff)
	}
}

// plainQueue is a queue without priorities.
type plainQueue struct {
	workqueue.TypedRateLimitingInterface[reconcile.Request]

	after map[string]time.Duration
}

func (q plainQueue) AddAfter(request reconcile.Request, after time.Duration) {
	q.after[request.String()] = after
}

// TestAQueueWithoutPrioritiesIsFilledToo also shows what is spaced. A fan-out is not: what waits in its line waits there once, and must not
// pass it because a program is edited twice within a second.
func TestAQueueWithoutPrioritiesIsFilledToo(t *testing.T) {
	for name, tc := range map[string]struct {
		priority int
		second   time.Duration // how long the second event within a second waits
	}{
		"a child":   {Child, time.Second},
		"a fan-out": {FanOut, 0},
	} {
		t.Run(name, func(t *testing.T) {
			spacing := NewCoalescer(clocktesting.NewFakePassiveClock(testobj.At("2026-08-05T10:00:00Z")))
			q := plainQueue{after: map[string]time.Duration{}}
			h := Enqueue(Mapping(toPlan), moved, tc.priority, spacing)
			h.Create(t.Context(), event.CreateEvent{Object: testobj.Campaign("webinar", "a")}, q)
			h.Delete(t.Context(), event.DeleteEvent{Object: testobj.Campaign("webinar", "a")}, q)
			if diff := cmp.Diff(map[string]time.Duration{"n/a": tc.second, "n/whole": tc.second}, q.after); diff != "" {
				t.Errorf("enqueued (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnionKeepsTheOrderAndEachOnce(t *testing.T) {
	a := []reconcile.Request{named("n", "b"), named("n", "a"), named("n", "b")}
	b := []reconcile.Request{named("n", "c"), named("n", "a"), named("m", "a")}
	want := []reconcile.Request{named("n", "b"), named("n", "a"), named("n", "c"), named("m", "a")}
	if diff := cmp.Diff(want, Union(a, b)); diff != "" {
		t.Errorf("union (-want +got):\n%s", diff)
	}
	if a[2] != named("n", "b") || len(Union(nil, nil)) != 0 {
		t.Error("union changes what it is given, or makes something of nothing")
	}
}

func metaNamed(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: "n", Name: name}
}
