package status

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	logf "sigs.k8s.io/controller-runtime/pkg/log"

	"jointplan.dev/jointplan/internal/model/kinds"
)

// lossPatience is how long a status that the API server does not keep is left alone, and how seldom that is logged for a kind. Newer kinds may have
// been installed meanwhile.
const lossPatience = 10 * time.Minute

// losses remembers what was last written into the status of each object. An API server whose kinds are older than the manager drops the fields that it
// does not know: the status would differ after each write, and would be written again without end.
type losses struct {
	clock clock.PassiveClock
	seed  maphash.Seed

	mu     sync.Mutex
	of     map[kinds.Key]lastWrite
	logged map[string]time.Time // by kind
}

// lastWrite is the last write of the status of one object.
type lastWrite struct {
	version string // the resource version that the object then had
	sum     uint64 // of the difference that was written
	at      time.Time
}

func newLosses(clock clock.PassiveClock) *losses {
	return &losses{clock: clock, seed: maphash.MakeSeed(), of: map[kinds.Key]lastWrite{}, logged: map[string]time.Time{}}
}

// wrote notes a write: the resource version that the object then had, and the difference that was written.
func (l *losses) wrote(object Object, version string, difference []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of[kinds.KeyOf(object)] = lastWrite{version, maphash.Bytes(l.seed, difference), l.clock.Now()}
}

// again reports whether a difference is to be written that was written a short while ago, although nobody has written the object since: the API server
// did not keep it.
func (l *losses) again(ctx context.Context, object Object, difference []byte) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	last, known := l.of[kinds.KeyOf(object)]
	now := l.clock.Now()
	if !known || last.version != object.GetResourceVersion() || last.sum != maphash.Bytes(l.seed, difference) || now.Sub(last.at) >= lossPatience {
		return false
	}
	kind := kinds.Of(object).Name
	if at, known := l.logged[kind]; !known || now.Sub(at) >= lossPatience {
		l.logged[kind] = now
		logf.FromContext(ctx).Info("the API server does not keep fields of a status: the kinds that are installed are older than this manager. "+
			"Install those of its version; until then what it drops is missing", "kind", kind, "object", client.ObjectKeyFromObject(object), "dropped", string(difference))
	}
	return true
}

// forget forgets an object that is gone.
func (l *losses) forget(key kinds.Key) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.of, key)
}
