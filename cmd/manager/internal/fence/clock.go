package fence

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Clock is the clock by which everything is evaluated: the real one, or that of a rehearsal, which runs as fast at a fixed distance from it.
type Clock struct {
	declared string // the instant at which a rehearsal begins, as RFC 3339 in UTC; empty for the real time
	start    time.Time
	offset   atomic.Int64

	machine func() instant

	mu     sync.Mutex
	latest int64 // the most that the clock on the wall was ahead of the one that runs, when somebody asked
}

// NewClock returns the real clock, or one that stands at an instant (RFC 3339) now, unless the lease knows a rehearsal that began there: then it goes on
// with that.
func NewClock(start string) (*Clock, error) { return newClock(start, realClock()) }

func newClock(start string, machine func() instant) (*Clock, error) {
	c := &Clock{machine: machine}
	c.restart(machine())
	if start == "" {
		return c, nil
	}
	at, err := time.Parse(time.RFC3339, start)
	if err != nil {
		return nil, fmt.Errorf("--clock-start %q is not an instant such as 2026-11-03T09:00:00Z: %w", start, err)
	}
	c.start, c.declared = at, at.UTC().Format(time.RFC3339)
	c.begin(machine().wall)
	return c, nil
}

// begin says at which instant of the real time the rehearsal began.
func (c *Clock) begin(at time.Time) { c.offset.Store(int64(c.start.Sub(at))) }

// began returns the instant of the real time at which the rehearsal began.
func (c *Clock) began() time.Time { return c.start.Add(-c.distance()) }

// distance is how far this clock is ahead of the real one.
func (c *Clock) distance() time.Duration { return time.Duration(c.offset.Load()) }

// Now returns the instant of this clock.
func (c *Clock) Now() time.Time {
	now := c.machine()
	c.mu.Lock()
	c.latest = max(c.latest, now.ahead())
	c.mu.Unlock()
	return now.wall.Add(c.distance())
}

// Since returns the time since an instant of this clock.
func (c *Clock) Since(t time.Time) time.Duration { return c.Now().Sub(t) }

// setBack is by how much the clock on the wall was set back since somebody asked for the time: an evaluation that is still running may go by what it
// showed then. A machine that sleeps sets nothing back.
func (c *Clock) setBack(now instant) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Duration(c.latest - now.ahead())
}

// restart forgets what was asked before.
func (c *Clock) restart(now instant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.latest = now.ahead()
}

// instant is a moment by both clocks of a machine: the one on the wall, which people and time servers set, and the one that only runs, but stands still
// while the machine sleeps.
type instant struct {
	wall time.Time
	run  time.Duration
}

// since is the time that has passed since another instant, by the clock that counted more of it.
func (i instant) since(earlier instant) time.Duration {
	return max(i.wall.Sub(earlier.wall), i.run-earlier.run)
}

// ahead is how far the clock on the wall is ahead of the one that runs, in nanoseconds.
func (i instant) ahead() int64 { return i.wall.UnixNano() - int64(i.run) }

// realClock returns the clocks of this machine.
func realClock() func() instant {
	begin := time.Now()
	return func() instant {
		now := time.Now()
		return instant{wall: now.Round(0), run: now.Sub(begin)}
	}
}

// skew is by how much this machine's clock is ahead of the API server's, of which a Date tells no more than bounds: it was written between the sending
// of a request and the arrival of the answer, and leaves the fraction of a second out.
type skew struct {
	low, high    time.Duration
	ours, theirs time.Time // what the clocks stood at, in the middle of what is possible
}

// measure returns the skew by the date of an answer to a request. A clock that was set meanwhile tells no more than that.
func measure(date, sent, received time.Time) skew {
	if received.Before(sent) {
		sent, received = received, sent
	}
	s := skew{low: sent.Sub(date.Add(time.Second)), high: received.Sub(date), theirs: date}
	s.ours = date.Add(s.middle())
	return s
}

func (s skew) middle() time.Duration { return (s.low + s.high) / 2 }

// beyond reports whether the clocks differ by more than a limit for sure.
func (s skew) beyond(limit time.Duration) bool { return s.low > limit || s.high < -limit }
