package telemetry

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr/funcr"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"jointplan.dev/jointplan/controllers/internal/storetest"
	"jointplan.dev/jointplan/internal/testobj"
)

// notebook notes events.
type notebook struct {
	mu    sync.Mutex
	notes []string
}

func (n *notebook) note(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.notes = append(n.notes, text)
}

// all returns what was noted.
func (n *notebook) all() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.notes)
}

// Eventf notes an event, with the object if only its name was kept.
func (n *notebook) Eventf(regarding, _ runtime.Object, kind, reason, action, note string, args ...any) {
	about := ""
	if of, ok := regarding.(*corev1.ObjectReference); ok {
		about = fmt.Sprintf(" %s %s/%s", of.Kind, of.Namespace, of.Name)
	}
	n.note(strings.TrimSpace(fmt.Sprintf("%s %s %s "+note, append([]any{kind, reason, action}, args...)...) + about))
}

// paced is a recorder of the test that was started, with its notes and what it logs.
func paced(t *testing.T) (r *PacedRecorder, notes, log *notebook, stop func()) {
	t.Helper()
	notes, log = &notebook{}, &notebook{}
	r = NewPacedRecorder(notes, storetest.Scheme(), funcr.New(func(_, args string) { log.note(args) }, funcr.Options{}))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Start(ctx) }()
	return r, notes, log, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("it ends with %v", err)
		}
	}
}

// record records a number of events, numbered from a number on.
func record(r *PacedRecorder, from, n int) {
	for i := range n {
		r.Eventf(testobj.Plan("h1").Obj(), nil, corev1.EventTypeWarning, "ReviewOverdue", "Evaluate", "%s %d", "number", from+i)
	}
	synctest.Wait()
}

// step moves the clock of a bubble, in which nothing waits in real time.
func step(by time.Duration) {
	time.Sleep(by) //nolint:forbidigo // it is the clock of the bubble
	synctest.Wait()
}

func TestFewEventsAreRecordedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, notes, _, stop := paced(t)
		defer stop()
		record(r, 1, 2)
		want := []string{"Warning ReviewOverdue Evaluate number 1", "Warning ReviewOverdue Evaluate number 2"}
		if diff := cmp.Diff(want, notes.all()); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestManyEventsAreRecordedAtAPaceAndInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, notes, log, stop := paced(t)
		defer stop()
		record(r, 0, eventsAtOnce+eventsPerSecond+1)
		if got := len(notes.all()); got != eventsAtOnce {
			t.Errorf("%d events are recorded at once, want %d", got, eventsAtOnce)
		}
		step(500 * time.Millisecond)
		record(r, eventsAtOnce+eventsPerSecond+1, 1) // joins the end
		step(500*time.Millisecond + time.Millisecond)
		if got, want := len(notes.all()), eventsAtOnce+eventsPerSecond; got != want {
			t.Errorf("%d events are recorded after a second, want %d", got, want)
		}
		step(time.Second)
		for i, note := range notes.all() {
			want := fmt.Sprintf("Warning ReviewOverdue Evaluate number %d", i)
			if i >= eventsAtOnce {
				want += " JointPlan " + testobj.Namespace + "/h1"
			}
			if note != want {
				t.Errorf("event %d is %q, want %q", i, note, want)
			}
		}
		if got, want := len(notes.all()), eventsAtOnce+eventsPerSecond+2; got != want || len(log.all()) > 0 {
			t.Errorf("%d events in the end, want %d; logged %v", got, want, log.all())
		}
	})
}

func TestAManagerThatStopsRecordsWhatItCan(t *testing.T) {
	const can = int(lastEvents/time.Second)*lastPerSecond + 1
	for name, tc := range map[string]struct {
		waiting, want int
		logged        string
	}{
		"few":      {200, 200, ""},
		"too many": {can + 7, can, `"events"=7`},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, notes, log, stop := paced(t)
				record(r, 0, eventsAtOnce+tc.waiting)
				stop()
				if got, want := len(notes.all()), eventsAtOnce+tc.want; got != want {
					t.Errorf("%d events are recorded, want %d", got, want)
				}
				if got := strings.Join(log.all(), ""); (got == "") != (tc.logged == "") || !strings.Contains(got, tc.logged) {
					t.Errorf("logged %q, want %s", got, tc.logged)
				}
				before := len(notes.all())
				record(r, 0, 1) // a reconcile that ends after the recorder
				if len(notes.all()) != before+1 {
					t.Error("an event that comes after the end is not recorded")
				}
			})
		})
	}
}

func TestTooManyEventsDropTheOldest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, notes, log, stop := paced(t)
		defer stop()
		record(r, 0, eventsAtOnce+maxEvents+3)
		if got := log.all(); len(got) != 1 || !strings.Contains(got[0], `"dropped"=1`) {
			t.Errorf("logged %v, want once that events are dropped, not for each of the three", got)
		}
		step(time.Second)
		want := fmt.Sprintf("number %d ", eventsAtOnce+3)
		if got := notes.all()[eventsAtOnce]; !strings.Contains(got, want) {
			t.Errorf("the first event that waited is %q, want that of %s", got, want)
		}
	})
}
