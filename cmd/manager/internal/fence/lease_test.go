package fence

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestHowFarTheClockIsOffIsKnownToTheSecondAndTheRoundTrip(t *testing.T) {
	const ms = time.Millisecond
	for name, tc := range map[string]struct {
		sent, received time.Duration // after the date that the answer has
		want           bool          // whether the clocks differ by more than a minute for sure
	}{
		"right":                           {300 * ms, 310 * ms, false},
		"ahead by the limit":              {time.Minute, time.Minute + 10*ms, false},
		"ahead by a second more":          {61 * time.Second, 61*time.Second + 10*ms, false},
		"ahead for sure":                  {61*time.Second + ms, 61*time.Second + 11*ms, true},
		"behind by the limit":             {-time.Minute - 10*ms, -time.Minute, false},
		"behind for sure":                 {-time.Minute - 11*ms, -time.Minute - ms, true},
		"an answer that took two minutes": {-time.Second, 2 * time.Minute, false},
		"a slow answer, ahead for sure":   {2 * time.Minute, 4 * time.Minute, true},
		"set back while it waited":        {time.Hour, -time.Second, false},
		"a day ahead":                     {24 * time.Hour, 24*time.Hour + 10*ms, true},
	} {
		t.Run(name, func(t *testing.T) {
			if s := measure(noon, noon.Add(tc.sent), noon.Add(tc.received)); s.beyond(limit) != tc.want {
				t.Errorf("between %s and %s: beyond %t, want %t", s.low, s.high, !tc.want, tc.want)
			}
		})
	}
}

const wrong = "2026-11-30T12:00:00Z when the API server's clock stood at 2026-11-30 12:00:00 UTC, that of the manager on node-1 stood at " +
	"2026-12-01 12:00:00 UTC: 24h0m0s ahead, and at most 30s is allowed. Nothing is evaluated, granted, released or settled until they agree, so that no " +
	"deadline passes by a wrong clock. The cluster's administrator must correct the clock that is wrong; the manager then goes on by itself"

// atNoon keeps the server's clock at noon, whatever this machine's says.
func (w *world) atNoon() { w.server.now = func() time.Time { return noon } }

func TestAManagerWithAWrongClockWaitsAndSaysSo(t *testing.T) {
	w := newWorld(t, nil)
	w.atNoon()
	w.passes(24*time.Hour+500*time.Millisecond, 0)
	looks := 0
	w.before = func(*http.Request) {
		looks++
		if looks == 3 {
			w.passes(-24*time.Hour, 0) // somebody corrects it
		}
	}
	w.take()
	if diff := cmp.Diff([]string{wrong, wrong}, w.told); diff != "" {
		t.Error(diff)
	}
	if w.ended != nil || w.fence.Skew() > 1 {
		t.Errorf("it ended (%v) or is %v seconds off, want neither", w.ended, w.fence.Skew())
	}
	if err := w.write(http.MethodPatch, statusOfPlan); err != nil {
		t.Error(err)
	}
}

func TestAManagerWithAWrongClockSaysNothingWhileAnotherOneWorks(t *testing.T) {
	w := newWorld(t, nil)
	w.atNoon()
	w.passes(24*time.Hour, 0)
	w.held("node-2_f00d", noon, nil)
	looks := 0
	w.before = func(*http.Request) {
		looks++
		switch looks {
		case 3:
			w.passes(LeaseDuration, LeaseDuration) // the other one is gone
		case 5:
			w.passes(-24*time.Hour-LeaseDuration, 0)
		}
	}
	if _, _, err := w.lock.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(w.told) != 2 {
		t.Errorf("told %d times, want twice: %v", len(w.told), w.told)
	}
}

func TestAWaitingManagerStops(t *testing.T) {
	w := newWorld(t, nil)
	w.atNoon()
	w.passes(24*time.Hour, 0)
	ctx, cancel := context.WithCancel(t.Context())
	w.before = func(*http.Request) { cancel() }
	if _, _, err := w.lock.Get(ctx); err == nil {
		t.Error("it got the lease, want an error")
	}
}

// TestAWorkingManagerWhoseClockGoesWrongEnds shows that nothing that was evaluated by a wrong clock is written, not even when it is right again.
func TestAWorkingManagerWhoseClockGoesWrongEnds(t *testing.T) {
	const set = "the clock of this machine was set back by 24h0m0s: what was evaluated by it is dropped. Start the manager again"
	for name, tc := range map[string]struct {
		happens func(*world)
		want    string // how the manager ends
		told    int
	}{
		"nothing":                          {func(*world) {}, "", 0},
		"it drifts by less than the limit": {func(w *world) { w.passes(59*time.Second, 0) }, "", 0},
		"it is set forward": {
			func(w *world) { w.passes(24*time.Hour, 0) },
			"the clock is wrong: when the API server's clock stood at 2026-11-30 12:00:00 UTC, that of the manager on node-1 stood at 2026-12-01 ", 1,
		},
		"it is set back":       {func(w *world) { w.passes(-24*time.Hour, 0) }, set, 0},
		"it is set back a bit": {func(w *world) { w.passes(-10*time.Second, 0) }, "", 0},
		"it was wrong for less than a renewal, and nobody asked": {
			func(w *world) {
				w.passes(24*time.Hour, time.Second)
				if err := w.write(http.MethodPatch, statusOfPlan); err == nil {
					w.Error("a write passes after the clock was set forward")
				}
				w.passes(-24*time.Hour, time.Second)
			}, "", 0, // it was refused all the while
		},
		"it was wrong for less than a renewal, and an evaluation went by it": {
			func(w *world) {
				w.passes(24*time.Hour, time.Second)
				w.fence.Clock.Now()
				w.passes(-24*time.Hour, time.Second)
				if got, want := text(w.write(http.MethodPatch, statusOfPlan)), "nothing is written: the clock of this machine was just set back"; got != want {
					w.Errorf("got %q, want %q", got, want)
				}
			}, strings.Replace(set, "24h0m0s", "24h0m1s", 1), 0,
		},
		"the server's is set forward": {
			func(w *world) {
				w.passes(500*time.Millisecond, 0)
				w.server.now = func() time.Time { return noon.Add(time.Hour) }
			},
			"the clock is wrong: when the API server's clock stood at 2026-11-30 13:00:00 UTC, that of the manager on node-1 stood at 2026-11-30 12:00:00 UTC: 1h0m0s behind", 1,
		},
		"a machine that was asleep": {
			func(w *world) {
				w.passes(8*time.Hour, time.Second)
				w.server.now = func() time.Time { return w.read().wall }
			}, "", 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.atNoon()
			w.take()
			tell := w.fence.Tell
			w.fence.Tell = func(ctx context.Context, message string, at time.Time) error {
				if err := w.write(http.MethodPatch, statusOfPlan); err == nil {
					w.Error("a write passes while the budgets are told")
				}
				return tell(ctx, message, at)
			}
			tc.happens(w)
			err := w.lock.Update(t.Context(), w.record())
			if got := text(w.ended); !strings.HasPrefix(got, tc.want) || (got == "") != (tc.want == "") || text(err) != got || len(w.told) != tc.told {
				t.Errorf("it ended with %q (%v) and told %v, want %q", got, err, w.told, tc.want)
			}
			w.passes(noon.Sub(w.read().wall), 0)
			w.atNoon()
			_ = w.lock.Update(t.Context(), w.record())
			if got, want := text(w.write(http.MethodPatch, statusOfPlan)), "nothing is written any more: "+tc.want; tc.want != "" && !strings.HasPrefix(got, want) {
				t.Errorf("after it is right again: %q, want %q", got, want)
			}
		})
	}
}

// TestTheLimitIsNarrowerAtAStart keeps a clock that drifts around the limit from starting and stopping managers again and again.
func TestTheLimitIsNarrowerAtAStart(t *testing.T) {
	for ahead, starts := range map[time.Duration]bool{29 * time.Second: true, 33 * time.Second: false, 45 * time.Second: false} {
		t.Run(ahead.String(), func(t *testing.T) {
			w := newWorld(t, nil)
			w.atNoon()
			w.passes(ahead, 0)
			waited := false
			w.fence.Tell = func(context.Context, string, time.Time) error {
				waited = true
				w.passes(-ahead, 0)
				return nil
			}
			w.take()
			if waited == starts {
				t.Errorf("waited: %t, want %t", waited, !starts)
			}
		})
	}
}

func TestAServerThatDoesNotTellTheTimeRefutesNoClock(t *testing.T) {
	w := newWorld(t, nil)
	w.server.now = func() time.Time { return time.Time{} }
	w.fence.mu.Lock()
	w.fence.skew = skew{}
	w.fence.mu.Unlock()
	if message, _ := w.fence.doubt(); message != "" {
		t.Error(message)
	}
}

func TestAManagerWithAnotherClockDoesNotStart(t *testing.T) {
	const (
		lease    = "the lease jointplan-system/manager.channel.jointplan.dev says that this cluster is evaluated "
		why      = ", and what passes its deadline by one clock stays released by the other. To go on as before, start the manager "
		remedy   = ". To change the clock on purpose, stop all managers, and then: kubectl -n jointplan-system delete lease manager.channel.jointplan.dev"
		november = "2026-11-03T09:00:00Z"
	)
	begun := map[string]string{AnnotationClockStart: november, AnnotationClockStarted: "2026-11-30T10:00:00Z"}
	rehearsal := "in a rehearsal whose clock was started at 2026-11-03T09:00:00Z (on 2026-11-30T10:00:00Z by the real time)"
	for name, tc := range map[string]struct {
		start  string
		lease  map[string]string
		want   string
		clock  time.Time // what it stands at
		nobody bool      // whether there is no lease
	}{
		"the real time, after the real time": {"", nil, "", noon, false},
		"a rehearsal, the first":             {november, nil, "", time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC), true},
		"a rehearsal that goes on":           {november, begun, "", time.Date(2026, 11, 3, 11, 0, 0, 0, time.UTC), false},
		"the same instant, written otherwise": {
			"2026-11-03T10:00:00+01:00", begun, "", time.Date(2026, 11, 3, 11, 0, 0, 0, time.UTC), false,
		},
		"the real time, after a rehearsal": {
			"", begun, lease + rehearsal + "; this manager would evaluate it by the real time" + why + "with --clock-start 2026-11-03T09:00:00Z" + remedy, noon, false,
		},
		"a rehearsal, after the real time": {
			november, nil, lease + "by the real time; this manager would evaluate it with --clock-start 2026-11-03T09:00:00Z" + why + "without --clock-start" + remedy,
			time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC), false,
		},
		"another rehearsal": {
			"2027-01-01T00:00:00Z", begun,
			lease + rehearsal + "; this manager would evaluate it with --clock-start 2027-01-01T00:00:00Z" + why + "with --clock-start 2026-11-03T09:00:00Z" + remedy,
			time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(s *Settings) { s.Clock = clockOf(t, tc.start, at(noon)) })
			if !tc.nobody {
				w.held("", noon.Add(-time.Hour), tc.lease) // given back
			}
			if got := text(w.fence.Look(t.Context())); got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
			_, _, _ = w.lock.Get(t.Context())
			if got := text(w.ended); got != tc.want {
				t.Errorf("it ended with %q, want %q", got, tc.want)
			}
			if got := noon.Add(w.fence.Clock.distance()); !got.Equal(tc.clock) {
				t.Errorf("the clock stands at %s, want %s", got, tc.clock)
			}
		})
	}
}

// TestTwoManagersOfARehearsalHaveOneClock starts two at once: the second one takes its clock from the lease of the first.
func TestTwoManagersOfARehearsalHaveOneClock(t *testing.T) {
	const november = "2026-11-03T09:00:00Z"
	first := newWorld(t, func(s *Settings) { s.Clock = clockOf(t, november, at(noon)) })
	second := newWorld(t, func(s *Settings) { s.Clock = clockOf(t, november, at(noon.Add(3*time.Second))) })
	first.take()
	second.held("node-1_b3c1x", noon, first.lease.Annotations)
	if _, _, err := second.lock.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := second.fence.Clock.distance(), first.fence.Clock.distance(); got != want {
		t.Errorf("the second one's clock is %s ahead of the real one, the first one's %s", got, want)
	}
	started := first.lease.Annotations[AnnotationClockStarted]
	first.take()
	if got := first.lease.Annotations[AnnotationClockStarted]; got != started {
		t.Errorf("the lease says that the rehearsal began at %s, want %s", got, started)
	}
}

func TestWithoutElectionTheSecondManagerEnds(t *testing.T) {
	const begin = "the manager node-2_f00d works on this cluster: it has held the lease jointplan-system/manager.channel.jointplan.dev since " +
		"2026-11-30 11:00:00 UTC and has just renewed it. Two managers must not write at the same time, and "
	const end = " (--leader-elect=false): stop one of them, or run both with --leader-elect"
	alone := map[string]string{AnnotationAlone: "true"}
	for name, tc := range map[string]struct {
		alone bool // this one
		other map[string]string
		looks []string // who is seen to hold the lease, and how many seconds after noon it was renewed
		want  string
	}{
		"both elected":                  {false, nil, []string{"node-2_f00d 0", "node-2_f00d 2", "node-2_f00d 4"}, ""},
		"this one is alone":             {true, nil, []string{"node-2_f00d 0", "node-2_f00d 2"}, begin + "this one runs without leader election" + end},
		"that one is alone":             {false, alone, []string{"node-2_f00d 0", "node-2_f00d 2"}, begin + "that one runs without leader election" + end},
		"both are alone":                {true, alone, []string{"node-2_f00d 0", "node-2_f00d 2"}, begin + "that one runs without leader election" + end},
		"seen once":                     {true, nil, []string{"node-2_f00d 0"}, ""},
		"that one was killed":           {true, alone, []string{"node-2_f00d 0", "node-2_f00d 0", "node-2_f00d 0"}, ""},
		"that one gave the lease back":  {true, alone, []string{"node-2_f00d 0", " 2", " 2"}, ""},
		"one ended and another took it": {true, nil, []string{"node-3_cafe 0", "node-2_f00d 2"}, ""},
		"... and renewed it":            {true, nil, []string{"node-3_cafe 0", "node-2_f00d 2", "node-2_f00d 4"}, begin + "this one runs without leader election" + end},
		"this one's own lease":          {true, alone, []string{"node-1_b3c1 0", "node-1_b3c1 2", "node-1_b3c1 4"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(s *Settings) { s.Alone = tc.alone })
			for _, look := range tc.looks {
				holder, seconds, _ := strings.Cut(look, " ")
				after, err := time.ParseDuration(seconds + "s")
				if err != nil {
					t.Fatal(err)
				}
				w.held(holder, noon.Add(after), tc.other)
				_, _, err = w.lock.Get(t.Context())
				if text(err) != text(w.ended) {
					t.Errorf("%v, and it ended with %v", err, w.ended)
				}
				w.passes(RetryPeriod, RetryPeriod)
			}
			if got := text(w.ended); got != tc.want {
				t.Errorf("it ended with %q, want %q", got, tc.want)
			}
		})
	}
}
