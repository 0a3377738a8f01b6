package queue

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"
	clocktesting "k8s.io/utils/clock/testing"
	"pgregory.net/rapid"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/internal/testobj"
)

func numbered(i int) reconcile.Request {
	return reconcile.Request{NamespacedName: types.NamespacedName{Namespace: "n", Name: fmt.Sprintf("plan-%d", i)}}
}

func TestReconcilesThatChildrenCauseAreASecondApart(t *testing.T) {
	for name, tc := range map[string]struct {
		events []time.Duration // since the start
		want   []time.Duration // the firing that each event gets, since the start
	}{
		"the first at once": {
			[]time.Duration{0},
			[]time.Duration{0},
		},
		"one alone at once, however late": {
			[]time.Duration{0, time.Second, time.Minute},
			[]time.Duration{0, time.Second, time.Minute},
		},
		"a second one at the end of the second": {
			[]time.Duration{0, 1},
			[]time.Duration{0, time.Second},
		},
		"one at the instant of a firing waits for the next": {
			[]time.Duration{0, 0, 500 * time.Millisecond, time.Second},
			[]time.Duration{0, time.Second, time.Second, 2 * time.Second},
		},
		"a storm: one a second": {
			[]time.Duration{0, 300e6, 600e6, 900e6, 1200e6, 1500e6, 1800e6, 2100e6},
			[]time.Duration{0, 1e9, 1e9, 1e9, 2e9, 2e9, 2e9, 3e9},
		},
		"after the storm at once again": {
			[]time.Duration{0, 300e6, 2e9, 2e9 + 1},
			[]time.Duration{0, 1e9, 2e9, 3e9},
		},
		"a clock that goes back": {
			[]time.Duration{10e9, 9500e6, 9600e6},
			[]time.Duration{10e9, 10e9, 10e9},
		},
	} {
		t.Run(name, func(t *testing.T) {
			start := testobj.At("2026-08-05T10:00:00Z")
			clock := clocktesting.NewFakePassiveClock(start)
			c := NewCoalescer(clock)
			var got []time.Duration
			for _, at := range tc.events {
				clock.SetTime(start.Add(at))
				got = append(got, at+c.Delay(numbered(1)))
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("firings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestObjectsDoNotDelayEachOther(t *testing.T) {
	c := NewCoalescer(clocktesting.NewFakePassiveClock(testobj.At("2026-08-05T10:00:00Z")))
	for i := range 3 {
		if got := c.Delay(numbered(i)); got != 0 {
			t.Errorf("the first event of object %d waits %s", i, got)
		}
	}
	if got := c.Delay(numbered(0)); got != Window {
		t.Errorf("its second waits %s, want %s", got, Window)
	}
}

// TestNoEventIsLostAndNoSecondHasTwoFirings: each event is followed, within a second, by a firing that is not before it, and firings of one
// object are at least a second apart, whatever other objects do meanwhile and whatever is forgotten.
func TestNoEventIsLostAndNoSecondHasTwoFirings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := testobj.At("2026-08-05T10:00:00Z")
		clock := clocktesting.NewFakePassiveClock(now)
		c := NewCoalescer(clock)
		c.limit = rapid.IntRange(0, 3).Draw(t, "limit")
		last := map[int]time.Time{}
		for range rapid.IntRange(1, 60).Draw(t, "events") {
			step := rapid.OneOf(rapid.Int64Range(0, 2e9), rapid.SampledFrom([]int64{0, 1, 1e9 - 1, 1e9, 1e9 + 1})).Draw(t, "nanoseconds since the one before")
			now = now.Add(time.Duration(step))
			clock.SetTime(now)
			object := rapid.IntRange(0, 4).Draw(t, "object")
			delay := c.Delay(numbered(object))
			firing := now.Add(delay)
			if delay < 0 || delay > Window {
				t.Fatalf("an event fires after %s", delay)
			}
			if before, fired := last[object]; fired && !firing.Equal(before) && firing.Sub(before) < Window {
				t.Fatalf("firings at %s and %s are less than a second apart", before, firing)
			}
			last[object] = firing
		}
	})
}

func TestTheMemoryOfACoalescerIsBounded(t *testing.T) {
	start := testobj.At("2026-08-05T10:00:00Z")
	clock := clocktesting.NewFakePassiveClock(start)
	c := NewCoalescer(clock)
	const fanOut = 5 * maxFirings
	for i := range fanOut {
		c.Delay(numbered(i))
	}
	if len(c.firings) != fanOut {
		t.Errorf("%d firings of one instant are remembered, want all %d: none may be forgotten within its second", len(c.firings), fanOut)
	}
	for second := range 20 {
		clock.SetTime(start.Add(time.Duration(second+1) * time.Second))
		for i := range maxFirings {
			c.Delay(numbered(fanOut + second*maxFirings + i))
		}
		if most := 2 * fanOut; len(c.firings) > most {
			t.Fatalf("%d firings are remembered after %d seconds, want at most %d", len(c.firings), second+1, most)
		}
	}
	if most := 2 * maxFirings; len(c.firings) > most {
		t.Errorf("%d firings are remembered once the fan-out is over, want at most %d", len(c.firings), most)
	}
}
