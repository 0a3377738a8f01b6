package main

import (
	"context"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// eyes see the objects that are marked as watched change, as a person with a watch does.
type eyes struct {
	mu    sync.Mutex
	waits map[string][]*sight // by kind and name
}

// sight is a write whose consequences are waited for.
type sight struct {
	sent    time.Time
	written time.Time // when the write itself was seen, which is the API server's part alone; zero while it was not
	shown   time.Time // when its consequence was seen; zero while it was not

	isWritten, isShown func(client.Object) bool
}

// look starts to watch requests and claims.
func (s *stage) look(ctx context.Context) (*eyes, error) {
	e := &eyes{waits: map[string][]*sight{}}
	for _, kind := range []struct {
		object client.Object
		list   func() client.ObjectList
	}{
		{&v1alpha1.MDFAllocation{}, func() client.ObjectList { return &v1alpha1.MDFAllocationList{} }},
		{&v1alpha1.MDFClaim{}, func() client.ObjectList { return &v1alpha1.MDFClaimList{} }},
	} {
		marked := client.HasLabels{watched}
		informer := cache.NewSharedInformer(&cache.ListWatch{
			ListWithContextFunc: func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
				list := kind.list()
				return list, s.Client.List(ctx, list, marked, &client.ListOptions{Raw: &o})
			},
			WatchFuncWithContext: func(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
				return s.Client.Watch(ctx, kind.list(), marked, &client.ListOptions{Raw: &o})
			},
		}, kind.object, 0)
		if _, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc: e.see, UpdateFunc: func(_, object any) { e.see(object) },
		}); err != nil {
			return nil, err
		}
		go informer.RunWithContext(ctx)
		if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
			return nil, ctx.Err()
		}
	}
	return e, nil
}

func place(object client.Object) string {
	if _, claim := object.(*v1alpha1.MDFClaim); claim {
		return "claim " + object.GetName()
	}
	return "request " + object.GetName()
}

// see notes what waited for this.
func (e *eyes) see(seen any) {
	object, ok := seen.(client.Object)
	if !ok {
		return
	}
	now := time.Now()
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, w := range e.waits[place(object)] {
		if w.written.IsZero() && w.isWritten(object) {
			w.written = now
		}
		if w.shown.IsZero() && w.isShown(object) {
			w.shown = now
		}
	}
}

// expect notes that a write to an object is about to be sent, and by what the write and its consequence are known.
func (e *eyes) expect(object client.Object, isWritten, isShown func(client.Object) bool) *sight {
	e.mu.Lock()
	defer e.mu.Unlock()
	w := &sight{sent: time.Now(), isWritten: isWritten, isShown: isShown}
	e.waits[place(object)] = append(e.waits[place(object)], w)
	return w
}

// times returns how long writes and consequences took, in milliseconds; those that were not seen by now count until now. The last result is their number.
func (e *eyes) times(list []*sight) (written, shown []float64, open int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, w := range list {
		if !w.written.IsZero() {
			written = append(written, float64(w.written.Sub(w.sent).Milliseconds()))
		}
		until := w.shown
		if until.IsZero() {
			until = time.Now()
			open++
		}
		shown = append(shown, float64(until.Sub(w.sent).Milliseconds()))
	}
	return written, shown, open
}

// evaluated says by what an edit that makes a generation is known.
func evaluated(generation int64) (isWritten, isShown func(client.Object) bool) {
	return func(o client.Object) bool { return o.GetGeneration() >= generation }, func(o client.Object) bool {
		c, is := o.(*v1alpha1.MDFClaim)
		return is && c.Status.ObservedGeneration >= generation
	}
}

// granted says that a request is granted.
func granted(o client.Object) bool {
	r, is := o.(*v1alpha1.MDFAllocation)
	return is && meta.IsStatusConditionTrue(r.Status.Conditions, v1alpha1.ConditionGranted)
}
