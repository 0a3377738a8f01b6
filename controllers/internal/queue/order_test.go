package queue_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/internal/testobj"
)

func named(namespace, name string) reconcile.Request {
	return reconcile.Request{NamespacedName: types.NamespacedName{Namespace: namespace, Name: name}}
}

// never says that no update is as if the object came or went.
func never(client.Object, client.Object) bool { return false }

// TestLiveEditsGoFirst uses the queue of controller-runtime and its handler for an object's own events. Before the fan-out, the objects that it
// reaches already wait for their deadlines, as nearly all objects do.
func TestLiveEditsGoFirst(t *testing.T) {
	q := priorityqueue.New[reconcile.Request]("test")
	defer q.ShutDown()
	own := handler.WithLowPriorityWhenUnchanged(&handler.EnqueueRequestForObject{})
	plan := func(name string) *v1alpha1.JointPlan {
		return &v1alpha1.JointPlan{ObjectMeta: metav1.ObjectMeta{Namespace: "n", Name: name, ResourceVersion: "1"}}
	}
	edited := func(name string) *v1alpha1.JointPlan {
		p := plan(name)
		p.ResourceVersion = "2"
		return p
	}
	to := func(name string) queue.Concern {
		return queue.Mapping(func(context.Context, client.Object, bool) []reconcile.Request {
			return []reconcile.Request{named("n", name)}
		})
	}
	now := testobj.At("2026-08-05T10:00:00Z")
	for _, name := range []string{"child", "fan-out", "live"} { // all wait for a deadline
		result := status.Wake(now.Add(time.Hour), now)
		q.AddWithOpts(priorityqueue.AddOpts{After: result.RequeueAfter, Priority: result.Priority}, named("n", name))
	}
	own.Create(t.Context(), event.CreateEvent{Object: plan("backlog"), IsInInitialList: true}, q)
	queue.Enqueue(to("fan-out"), never, queue.FanOut, nil).Create(t.Context(), event.CreateEvent{Object: plan("x")}, q)
	queue.Enqueue(to("child"), never, queue.Child, nil).Create(t.Context(), event.CreateEvent{Object: plan("x")}, q)
	own.Update(t.Context(), event.UpdateEvent{ObjectOld: plan("live"), ObjectNew: edited("live")}, q)

	var got []string
	priorities := map[string]int{}
	for range 4 {
		request, priority, _ := q.GetWithPriority()
		got = append(got, request.Name)
		priorities[request.Name] = priority
		q.Done(request)
	}
	if diff := cmp.Diff([]string{"live", "child", "fan-out", "backlog"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	want := map[string]int{"live": 0, "child": queue.Child, "fan-out": queue.FanOut, "backlog": handler.LowPriority}
	if diff := cmp.Diff(want, priorities); diff != "" {
		t.Errorf("priorities (-want +got):\n%s", diff)
	}
}
