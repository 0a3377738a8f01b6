package status

import (
	"maps"
	"sync"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
)

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
	from, to string   // the resource versions before and after; to is empty until the answer is there
	awaited  bool     // a reconcile waits for the event
	shown    bool     // the event has come
	early    []string // the resource versions of events that came before the answer
}

func newPendingWrites() *pendingWrites { return &pendingWrites{of: map[types.UID]pendingWrite{}} }

// begin notes that the status of an object is about to be written, as the write's event may come before its answer.
func (p *pendingWrites) begin(old Object) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget(old.GetUID())
	p.of[old.GetUID()] = pendingWrite{from: old.GetResourceVersion()}
}

// failed notes that a write failed, and reports whether an event came meanwhile.
func (p *pendingWrites) failed(old Object) (missed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	missed = len(p.of[old.GetUID()].early) > 0
	p.forget(old.GetUID())
	return missed
}

// wrote notes a write of the status of an object: as it was in the cache, and the resource version that it then had. It reports whether an event
// came before the answer that showed more than this write.
func (p *pendingWrites) wrote(old Object, to string) (missed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	write := pendingWrite{from: old.GetResourceVersion(), to: to}
	for _, version := range p.of[old.GetUID()].early {
		if version == to {
			write.shown = true
		} else {
			missed = true
		}
	}
	p.forget(old.GetUID())
	if write.from == to { // nothing was written
		return missed
	}
	if write.shown {
		p.show()
	}
	p.of[old.GetUID()] = write
	return missed
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
		if pending && write.to == "" {
			write.early = append(write.early, e.ObjectNew.GetResourceVersion())
			p.of[uid] = write
			return false // the writer is told
		}
		if !pending || write.shown || write.to != e.ObjectNew.GetResourceVersion() {
			return true
		}
		if write.awaited {
			p.forget(uid)
			return true
		}
		write.shown = true
		p.show()
		p.of[uid] = write
		return false
	}}
}

// show counts a write whose event has come. It is remembered for a while: a reconcile may just have read the cache as it was before.
func (p *pendingWrites) show() {
	if p.shown >= maxShown {
		maps.DeleteFunc(p.of, func(_ types.UID, w pendingWrite) bool { return w.shown })
		p.shown = 0
	}
	p.shown++
}

// forget forgets the write of an object.
func (p *pendingWrites) forget(uid types.UID) {
	if p.of[uid].shown {
		p.shown--
	}
	delete(p.of, uid)
}
