package telemetry

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"golang.org/x/time/rate"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/tools/reference"
)

const (
	// eventsPerSecond is how many events of Kubernetes are recorded in a second when there are many.
	eventsPerSecond = 20
	// eventsAtOnce is how many may come at once before.
	eventsAtOnce = 50
	// maxEvents is how many wait to be recorded. What is more is dropped, the oldest first: the statuses say all that events do.
	maxEvents = 10_000
	// lastEvents is how long a manager that stops goes on recording, and lastPerSecond how many in a second: client-go keeps 1,000 to be sent.
	lastEvents    = 5 * time.Second
	lastPerSecond = 200
)

// PacedRecorder records the events of Kubernetes at a pace. Few are recorded at once. When thousands of objects change in the same second, as at a
// deadline that they share, each event is one more write beside that of a status, and whoever waits for the statuses would wait for both.
type PacedRecorder struct {
	recorder events.EventRecorder
	scheme   *runtime.Scheme
	log      logr.Logger
	pace     *rate.Limiter
	more     chan struct{}

	mu      sync.Mutex
	waiting []func()
	dropped int  // since the manager started
	stopped bool // what comes now is recorded at once
}

// NewPacedRecorder returns a recorder that passes events on to another one. It has to be started.
func NewPacedRecorder(recorder events.EventRecorder, scheme *runtime.Scheme, log logr.Logger) *PacedRecorder {
	return &PacedRecorder{
		recorder: recorder, scheme: scheme, log: log, pace: rate.NewLimiter(eventsPerSecond, eventsAtOnce), more: make(chan struct{}, 1),
	}
}

// Eventf records an event now or soon.
func (r *PacedRecorder) Eventf(regarding, related runtime.Object, kind, reason, action, note string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped || len(r.waiting) == 0 && r.pace.Allow() {
		r.recorder.Eventf(regarding, related, kind, reason, action, note, args...)
		return
	}
	// Only its name is kept of an object, not the object.
	of, err := reference.GetReference(r.scheme, regarding)
	if err != nil {
		r.log.Error(err, "an event is not recorded", "reason", reason)
		return
	}
	if len(r.waiting) == maxEvents {
		r.dropped++
		if r.dropped%1000 == 1 {
			r.log.Info("events are dropped, as too many came at once; the statuses say all that they do", "dropped", r.dropped)
		}
		r.waiting = r.waiting[1:]
	}
	text := fmt.Sprintf(note, args...)
	r.waiting = append(r.waiting, func() { r.recorder.Eventf(of, related, kind, reason, action, "%s", text) })
	select {
	case r.more <- struct{}{}:
	default:
	}
}

// Start records the events that wait, until it is stopped, and for a few seconds more.
func (r *PacedRecorder) Start(ctx context.Context) error {
	for ctx.Err() == nil {
		if r.left() > 0 && r.pace.Wait(ctx) == nil {
			r.record()
			continue
		}
		select {
		case <-ctx.Done():
		case <-r.more:
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastEvents)
	defer cancel()
	for pace := rate.NewLimiter(lastPerSecond, 1); r.left() > 0 && pace.Wait(last) == nil; {
		r.record()
	}
	if left := r.left(); left > 0 {
		r.log.Info("events are not recorded, as the manager stops; the statuses say all that they do", "events", left)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped, r.waiting = true, nil
	return nil
}

// left returns how many events wait.
func (r *PacedRecorder) left() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.waiting)
}

// record records the event that waits longest.
func (r *PacedRecorder) record() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting[0]()
	r.waiting[0] = nil
	r.waiting = r.waiting[1:]
}
