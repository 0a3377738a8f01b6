package controllers

import (
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// cachePatience is how long a reconcile that met a cache older than its own last write waits for it. The write's event comes before.
const cachePatience = time.Second

// pendingWrites remembers which objects the cache still shows as they were before our last write of their status. To evaluate such an object
// would write the same status again.
type pendingWrites struct {
	mu   sync.Mutex
	from map[types.UID]string // the resource version before the write
}

func newPendingWrites() *pendingWrites { return &pendingWrites{from: map[types.UID]string{}} }

// wrote notes a write of the status of an object as it was in the cache.
func (p *pendingWrites) wrote(old Object) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.from[old.GetUID()] = old.GetResourceVersion()
}

// awaits reports whether the cache still shows an object as it was before our last write.
func (p *pendingWrites) awaits(cached Object) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	from, pending := p.from[cached.GetUID()]
	if !pending {
		return false
	}
	if from == cached.GetResourceVersion() {
		return true
	}
	delete(p.from, cached.GetUID())
	return false
}
