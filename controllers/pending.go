package controllers

import (
	"maps"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
)

// cachePatience is how long a reconcile that met a cache older than its own last write waits for it. The write's event comes before.
const cachePatience = time.Second

// maxShown is the number of writes whose events have come that are remembered.
const maxShown = 1024

// pendingWrites remembers which objects the cache still shows as they were before our last write of their status. To evaluate such an object
// would write the same status again. It also tells the events of our own writes from others.
type pendingWrites struct {
	mu    sync.Mutex
	of    map[types.UID]pendingWrite
	shown int // how many of them are shown
}

// pendingWrite is our last write of the status of one object.
type pendingWrite struct {
	from, to string // the resource versions before and after
	awaited  bool   // a reconcile waits for the event
	shown    bool   // the event has come
}

func newPendingWrites() *pendingWrites { return &pendingWrites{of: map[types.UID]pendingWrite{}} }

// wrote notes a write of the status of an object: as it was in the cache, and the resource version that it then had.
func (p *pendingWrites) wrote(old Object, to string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget(old.GetUID())
	p.of[old.GetUID()] = pendingWrite{from: old.GetResourceVersion(), to: to}
}

// awaits reports whether the cache still shows an object as it was before our last write.
func (p *pendingWrites) awaits(cached Object) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	write, pending := p.of[cached.GetUID()]
	if !pending {
		return false
	}
	if write.from == cached.GetResourceVersion() {
		write.awaited = true
		p.of[cached.GetUID()] = write
		return true
	}
	p.forget(cached.GetUID())
	return false
}

// others keeps the events that show more than our own last write of the object's status: the evaluation that wrote it has said when to look
// again. It also keeps those for which a reconcile waits.
func (p *pendingWrites) others() predicate.Predicate {
	return predicate.Funcs{UpdateFunc: func(e event.UpdateEvent) bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		uid := e.ObjectNew.GetUID()
		write, pending := p.of[uid]
		if !pending || write.shown || write.to != e.ObjectNew.GetResourceVersion() {
			return true
		}
		if write.awaited {
			p.forget(uid)
			return true
		}
		// It is remembered for a while: a reconcile may just have read the cache as it was before.
		if p.shown >= maxShown {
			maps.DeleteFunc(p.of, func(_ types.UID, w pendingWrite) bool { return w.shown })
			p.shown = 0
		}
		write.shown = true
		p.shown++
		p.of[uid] = write
		return false
	}}
}

// forget forgets the write of an object.
func (p *pendingWrites) forget(uid types.UID) {
	if p.of[uid].shown {
		p.shown--
	}
	delete(p.of, uid)
}
