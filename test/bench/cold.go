package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"jointplan.dev/jointplan/test/bench/gen"
	"jointplan.dev/jointplan/test/bench/report"
	"jointplan.dev/jointplan/test/bench/rig"
	"jointplan.dev/jointplan/test/bench/stats"
)

// starter starts what writes the statuses.
type starter func(context.Context) (*rig.Process, error)

// manager starts the manager with its clock in the middle of the plans' period.
func (b *bench) manager(s *stage) starter {
	return func(ctx context.Context) (*rig.Process, error) { return b.managerAt(ctx, s, gen.Clock) }
}

// managerAt starts the manager with its clock at an instant; instead of it, if a profile is requested, a process that runs the controllers and
// writes one.
func (b *bench) managerAt(ctx context.Context, s *stage, clock string) (*rig.Process, error) {
	if b.profile != "" {
		return s.StartRole("profiled", "-profile", b.profile, "-clock", clock)
	}
	return s.StartManager(ctx, rig.Start{Clock: clock, Flags: strings.Fields(b.flags)})
}

// peer starts the peer.
func (*bench) peer(s *stage) starter {
	return func(context.Context) (*rig.Process, error) { return s.StartRole("peer") }
}

// leg is one run of something that writes all statuses.
type leg struct {
	took    time.Duration
	used    rig.Usage
	count   rig.Counters
	objects []rig.Object
	steps   []rig.Step
	// elsewhere is the share of the processors that others took.
	elsewhere float64
}

// stepLength is the length of the steps in which the course of a leg is shown.
const stepLength = 100 * time.Millisecond

// note fills in when the writes had been made and what was used for them.
func (l *leg) note(ctx context.Context, s *stage, pulse *rig.Pulse, from time.Time) (err error) {
	if l.objects == nil {
		if l.objects, err = s.Objects(ctx); err != nil {
			return err
		}
	}
	until, err := pulse.Reached(ctx, rig.Newest(l.objects))
	if err != nil {
		return err
	}
	l.took, l.used, l.steps = until.Sub(from), pulse.Used(from, until), pulse.Steps(from, until, stepLength)
	return nil
}

// converge empties all statuses, starts a process and waits until all are there.
func (b *bench) converge(ctx context.Context, s *stage, start starter) (l leg, failure error) {
	if err := s.empty(ctx); err != nil {
		return l, err
	}
	before, err := s.Count(ctx)
	if err != nil {
		return l, err
	}
	pulse, err := s.StartPulse(ctx)
	if err != nil {
		return l, err
	}
	defer pulse.Stop()
	p, err := start(ctx)
	if err != nil {
		return l, err
	}
	defer func() {
		failure = errors.Join(failure, p.Stop())
		if b.logs {
			_, _ = io.Copy(os.Stderr, p.Log())
		}
	}()
	pulse.Of(p)
	from, err := p.Working(ctx)
	if err != nil {
		return l, err
	}
	if err := pulse.Rested(ctx, from, int64(s.objects)); err != nil {
		return l, err
	}
	if l.objects, err = s.Settled(ctx, p); err != nil {
		return l, err
	}
	if err := l.note(ctx, s, pulse, from); err != nil {
		return l, err
	}
	after, err := s.Count(ctx)
	l.count = after.Minus(before)
	return l, err
}

// empty takes all statuses away.
func (s *stage) empty(ctx context.Context) error {
	objects, err := s.Objects(ctx)
	if err != nil {
		return err
	}
	return s.emptied(ctx, objects)
}

// emptied takes the statuses of some objects away.
func (s *stage) emptied(ctx context.Context, objects []rig.Object) error {
	_, err := s.raw.All(ctx, rig.Emptied(objects), max(s.workers, 16))
	return err
}

// write takes the statuses of objects away and writes those that they had then by the raw client, while the pulse is read as in the other leg.
func (s *stage) write(ctx context.Context, then []rig.Object, workers int) (l leg, _ error) {
	if err := s.emptied(ctx, then); err != nil {
		return l, err
	}
	now, err := s.Objects(ctx)
	if err != nil {
		return l, err
	}
	pulse, err := s.StartPulse(ctx)
	if err != nil {
		return l, err
	}
	defer pulse.Stop()
	if _, err := pulse.Reached(ctx, rig.Newest(now)); err != nil {
		return l, err
	}
	from := time.Now()
	if _, err := s.raw.All(ctx, rig.Statuses(then, now), workers); err != nil {
		return l, err
	}
	err = l.note(ctx, s, pulse, from)
	return l, err
}

// watched does the same while this process has informers of the kinds that the manager caches: what every operator with a cache has to do.
func (s *stage) watched(ctx context.Context, then []rig.Object, workers int) (leg, error) {
	ctx, stop := context.WithCancel(ctx)
	c, err := informers(ctx, s.Account)
	if err != nil {
		stop()
		return leg{}, err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Start(ctx) }()
	if !c.WaitForCacheSync(ctx) {
		stop()
		return leg{}, errors.Join(errors.New("the caches do not sync"), <-ended)
	}
	l, err := s.write(ctx, then, workers)
	stop()
	return l, errors.Join(err, <-ended)
}

// calibrate lets the manager write all statuses once, which also warms the plane up, and finds with how many workers the raw client is fastest.
func (b *bench) calibrate(ctx context.Context, s *stage) error {
	first, err := b.converge(ctx, s, b.manager(s))
	if err != nil {
		return err
	}
	sample := first.objects[:min(len(first.objects), 1000)]
	for _, workers := range []int{16, 32, 64} {
		l, err := s.write(ctx, sample, workers)
		if err != nil {
			return err
		}
		if rate := float64(len(sample)) / l.took.Seconds(); rate > s.rate {
			s.workers, s.rate = workers, rate
		}
	}
	sayf("the raw client is fastest with %d workers: %.0f writes a second", s.workers, s.rate)
	return nil
}

// cold measures cold starts: objects there, statuses empty, caches synced.
func (b *bench) cold(ctx context.Context, s *stage) error {
	pairs := b.pairs
	if b.large {
		pairs = max(pairs, 5)
	}
	if s.objects > 20000 {
		pairs = 1
	}
	name := fmt.Sprintf("cold start, %d objects: ", s.objects)
	manager, err := b.pair(ctx, s, b.manager(s), pairs, true)
	if err != nil {
		return err
	}
	b.figure(name+"writes per object (W)", "ratio", report.AtMost(1), manager.writes...)
	b.figure(name+"time / raw time (R)", "ratio", report.AtMost(1.15), manager.ratios...)
	b.figure(name+"time / time of the raw client with informers", "ratio", nil, manager.watched...)
	b.figure(name+"time", "s", nil, manager.times...)
	b.figure(name+"raw client", "writes/s", nil, manager.rates...)
	b.figure(name+"CPU of all processes per object", "ms", nil, manager.all...)
	b.figure(name+"CPU of all processes per object, raw client", "ms", nil, manager.rawAll...)
	b.figure(name+"CPU of all processes per object, raw client with informers", "ms", nil, manager.watchedAll...)
	b.figure(name+"manager's CPU per object", "ms", nil, manager.cpu...)
	b.figure(name+"taken by others while it was measured, at most", "percent of the machine", nil, manager.elsewhere...)
	b.grew("converge time", s, manager.times)
	if s.objects > 20000 || b.profile != "" {
		return nil
	}
	peer, err := b.pair(ctx, s, b.peer(s), min(pairs, 2), false)
	if err != nil {
		return fmt.Errorf("peer: %w", err)
	}
	b.figure(name+"peer's writes per object", "ratio", nil, peer.writes...)
	b.figure(name+"peer's time / raw time", "ratio", nil, peer.ratios...)
	b.figure(name+"peer's time", "s", nil, peer.times...)
	b.figure(name+"peer's CPU per object", "ms", nil, peer.cpu...)
	return nil
}

// disturbed is the share of the processors from which on, when others take it, a leg tells little.
const disturbed = 0.15

// alone runs a leg. On a machine that others use it waits for a moment in which they do not, and repeats a leg that was disturbed; it takes the
// least disturbed one.
func (b *bench) alone(ctx context.Context, run func() (leg, error)) (best leg, _ error) {
	for try := range 1 + b.patience {
		if b.patience > 0 {
			if err := rig.Idle(ctx, 2*time.Minute); err != nil {
				return best, err
			}
		}
		l, err := run()
		if err != nil {
			return best, err
		}
		l.elsewhere = l.used.Elsewhere(l.took)
		if try == 0 || l.elsewhere < best.elsewhere {
			best = l
		}
		if best.elsewhere < disturbed {
			break
		}
	}
	return best, nil
}

// pairs are the figures of pairs of a cold start and the raw client.
type pairs struct{ writes, ratios, watched, times, rates, cpu, all, rawAll, watchedAll, elsewhere []float64 }

// pair runs a process and the raw client in turns, each pair the other way round than the one before; with informers also the raw client with
// informers beside it.
func (b *bench) pair(ctx context.Context, s *stage, start starter, n int, informers bool) (p pairs, _ error) {
	final, err := s.Objects(ctx) // for the raw client when it is first; replaced by those of each run
	if err != nil {
		return p, err
	}
	for i := range n {
		var c, raw, watched leg
		legs := []func() error{
			func() (err error) {
				c, err = b.alone(ctx, func() (leg, error) { return b.converge(ctx, s, start) })
				if err == nil {
					final = c.objects
				}
				return err
			},
			func() (err error) {
				raw, err = b.alone(ctx, func() (leg, error) { return s.write(ctx, final, s.workers) })
				return err
			},
		}
		if informers {
			legs = append(legs, func() (err error) {
				watched, err = b.alone(ctx, func() (leg, error) { return s.watched(ctx, final, s.workers) })
				return err
			})
		}
		if i%2 == 1 {
			slices.Reverse(legs)
		}
		for _, leg := range legs {
			if err := leg(); err != nil {
				return p, err
			}
		}
		p.add(s.objects, &c, &raw, &watched)
		sayf("  pair %d: %d writes, %d refused, %d others", i+1, c.count.Status, c.count.Refused, c.count.Other)
		b.course("measured", s, &c)
		b.course("raw", s, &raw)
		if informers {
			b.course("raw with informers", s, &watched)
		}
	}
	return p, nil
}

// add adds the figures of one pair.
func (p *pairs) add(objects int, c, raw, watched *leg) {
	per := func(used time.Duration) float64 { return stats.Milliseconds(used) / float64(objects) }
	p.writes = append(p.writes, float64(c.count.Status+c.count.Refused)/float64(objects))
	p.ratios = append(p.ratios, c.took.Seconds()/raw.took.Seconds())
	p.times = append(p.times, c.took.Seconds())
	p.rates = append(p.rates, float64(objects)/raw.took.Seconds())
	p.cpu = append(p.cpu, per(c.used.Process))
	p.all = append(p.all, per(c.used.All()))
	p.rawAll = append(p.rawAll, per(raw.used.All()))
	p.elsewhere = append(p.elsewhere, 100*max(c.elsewhere, raw.elsewhere, watched.elsewhere))
	if watched.took > 0 {
		p.watched = append(p.watched, c.took.Seconds()/watched.took.Seconds())
		p.watchedAll = append(p.watchedAll, per(watched.used.All()))
	}
}

// course says who used how much processor time in a leg, and, if it is requested, how the writes went on: gaps are times in which nobody writes.
func (b *bench) course(name string, s *stage, l *leg) {
	per := func(used time.Duration) float64 { return stats.Milliseconds(used) / float64(s.objects) }
	u := l.used
	sayf("    %s: %.2f s; CPU per object %.2f ms: API server %.2f, etcd %.2f, other controllers %.2f, measured process %.2f, benchmark %.2f; "+
		"others took %.0f percent of the machine",
		name, l.took.Seconds(), per(u.All()), per(u.Server), per(u.Store), per(u.Others), per(u.Process), per(u.Bench), 100*l.elsewhere)
	if !b.logs {
		return
	}
	var writes, busy []string
	for _, step := range l.steps {
		writes = append(writes, strconv.FormatInt(step.Revisions, 10))
		busy = append(busy, strconv.FormatInt(step.Usage.All().Milliseconds()*100/stepLength.Milliseconds(), 10))
	}
	sayf("      writes per %s: %s", stepLength, strings.Join(writes, " "))
	sayf("      percent of a core: %s", strings.Join(busy, " "))
}

// grew notes a quantity for the figures of growth.
func (b *bench) grew(name string, s *stage, samples []float64) {
	value := report.New(name, "", nil, samples...).Median
	if value > 0 && !math.IsInf(value, 0) {
		b.growth[name] = append(b.growth[name], point{float64(s.objects), value})
	}
}
