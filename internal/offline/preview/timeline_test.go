package preview

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/internal/offline/manifest"
)

// The span that the timeline of the samples is tested over.
var (
	spanFrom  = time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC)
	spanUntil = time.Date(2027, time.July, 1, 0, 0, 0, 0, time.UTC)
)

// sampled returns the number of random instants that are looked at, and the end of the span: with the race detector fewer and earlier. The
// evaluations run in one goroutine there, so it has little to find.
func sampled() (instants int, until time.Time) {
	if raceDetector {
		return 50, spanFrom.AddDate(0, 1, 0)
	}
	return 300, spanUntil
}

// timeline returns all changes over a span.
func timeline(t *testing.T, w *World, from, until time.Time) []Change {
	t.Helper()
	var all []Change
	if err := w.Timeline(t.Context(), from, until, func(c Change) error {
		all = append(all, c)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// statuses are the statuses of all objects, as paths and values.
type statuses map[manifest.Key]map[string]string

func textsAt(w *World, at time.Time) statuses {
	all := statuses{}
	for _, object := range w.At(at) {
		all[manifest.KeyOf(object)] = texts(object)
	}
	return all
}

// texts returns the values of a status that are not empty.
func texts(object Object) map[string]string {
	values := map[string]string{}
	for path, one := range flatten(object) {
		if one.text != "" {
			values[path] = one.text
		}
	}
	return values
}

// apply applies a change, and fails when it is none or does not begin where the status is.
func (s statuses) apply(t *testing.T, c Change) {
	t.Helper()
	switch {
	case c.Event == EventDeleted:
		delete(s, c.Key())
		return
	case c.Event == EventCreated:
		if s[c.Key()] != nil {
			t.Errorf("%s: %s is created and there already", c.At, c.Key())
		}
		s[c.Key()] = map[string]string{}
	case len(c.Fields) == 0:
		t.Errorf("%s: %s changes nothing", c.At, c.Key())
	}
	values := s[c.Key()]
	for _, f := range c.Fields {
		if values[f.Path] != f.From || f.From == f.To && f.From != "" {
			t.Errorf("%s: %s: %s goes from %q to %q and is %q", c.At, c.Key(), f.Path, f.From, f.To, values[f.Path])
		}
		if values[f.Path] = f.To; f.To == "" {
			delete(values, f.Path)
		}
	}
}

// TestTheTimelineMissesNoChange looks at the samples at 300 random instants of a year, and at every change a nanosecond before, at or
// after it: the statuses and ledgers are always those that the changes up to then make.
func TestTheTimelineMissesNoChange(t *testing.T) {
	count, until := sampled()
	missesNothing(t, New(samples(t)), spanFrom, until, count)
}

// missesNothing compares the timeline of a world with the world at some random instants and around each change.
func missesNothing(t *testing.T, w *World, from, until time.Time, count int) {
	t.Helper()
	changes := timeline(t, w, from, until)
	instants := make([]time.Time, 0, count+len(changes))
	random := rand.New(rand.NewPCG(1, 2))
	for range count {
		instants = append(instants, from.Add(time.Duration(random.Int64N(int64(until.Sub(from))))))
	}
	for i, c := range changes {
		if i == 0 || !c.At.Equal(changes[i-1].At) {
			instants = append(instants, c.At.Add(time.Duration(random.IntN(3)-1)))
		}
	}
	slices.SortFunc(instants, time.Time.Compare)
	now := textsAt(w, from)
	for _, at := range slices.CompactFunc(instants, time.Time.Equal) {
		if at.After(until) {
			break
		}
		for len(changes) > 0 && !changes[0].At.After(at) {
			now.apply(t, changes[0])
			changes = changes[1:]
		}
		if want := textsAt(w, at); !reflect.DeepEqual(now, want) {
			t.Fatalf("%s: the timeline has missed something (-timeline +evaluated):\n%s", at.Format(time.RFC3339Nano), cmp.Diff(now, want))
		}
	}
}

// TestAdvancingEqualsEvaluatingAll compares the state that moves on with one that evaluates everything anew, at every instant at which
// anything may change: values, and the order of lists too.
func TestAdvancingEqualsEvaluatingAll(t *testing.T) {
	w := New(samples(t))
	moving := newState(w)
	_, until := sampled()
	steps := 0
	for at := spanFrom; !at.IsZero() && !at.After(until); at = moving.next() {
		steps++
		moving.advance(t.Context(), at)
		fresh := newState(w)
		fresh.advance(t.Context(), at)
		if diff := cmp.Diff(keys(fresh), keys(moving)); diff != "" {
			t.Fatalf("%s: objects (-fresh +moving):\n%s", at, diff)
		}
		moved := moving.entries()
		for i, x := range fresh.entries() {
			if got := moved[i].evaluated; !equality.Semantic.DeepEqual(timeless(x.evaluated), timeless(got)) {
				t.Errorf("%s: %s (-fresh +moving):\n%s", at, x.key, cmp.Diff(timeless(x.evaluated), timeless(got)))
			}
		}
	}
	if steps < 10 {
		t.Errorf("only %d instants: the samples have more", steps)
	}
}

func keys(s *state) []manifest.Key {
	var all []manifest.Key
	for _, x := range s.entries() {
		all = append(all, x.key)
	}
	return all
}

// timeless returns a copy of an object without the times of its conditions' transitions.
func timeless(object Object) Object {
	copied, ok := object.DeepCopyObject().(Object)
	if !ok {
		return object
	}
	for i := range Common(copied).Conditions {
		Common(copied).Conditions[i].LastTransitionTime = metav1.Time{}
	}
	return copied
}

func TestTheTimelineIsInOrder(t *testing.T) {
	changes := timeline(t, New(samples(t)), spanFrom, spanUntil)
	inOrder := slices.IsSortedFunc(changes, func(a, b Change) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return compareKeys(a.Key(), b.Key())
	})
	if !inOrder {
		t.Error("the changes are not sorted by time, kind, namespace and name")
	}
	for _, c := range changes {
		if !c.At.After(spanFrom) || c.At.After(spanUntil) {
			t.Errorf("%s: %s changes outside the span", c.At, c.Key())
		}
	}
}

func TestTheTimelineCreatesTheRevisionThatIsKept(t *testing.T) {
	var created []string
	for _, c := range timeline(t, New(samples(t)), spanFrom, spanUntil) {
		if c.Event == EventCreated {
			created = append(created, c.At.UTC().Format(time.RFC3339)+" "+c.Kind+" "+c.Namespace)
		}
	}
	if want := "2026-08-27T11:30:00Z PlanRevision partner-finch"; !slices.Contains(created, want) {
		t.Errorf("created: %q, want %q among them", created, want)
	}
}

func TestTheTimelineEndsEarly(t *testing.T) {
	w, stop := New(samples(t)), errors.New("stop")
	seen := 0
	err := w.Timeline(t.Context(), spanFrom, spanUntil, func(Change) error {
		seen++
		return stop
	})
	if !errors.Is(err, stop) || seen != 1 {
		t.Errorf("with an error after the first change: %v after %d", err, seen)
	}
	ctx, cancel := context.WithCancel(t.Context())
	seen = 0
	err = w.Timeline(ctx, spanFrom, spanUntil, func(Change) error {
		seen++
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || seen > 20 {
		t.Errorf("with a context that ended after the first change: %v after %d", err, seen)
	}
}
