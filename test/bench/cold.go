package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"jointplan.dev/jointplan/test/bench/gen"
	"jointplan.dev/jointplan/test/bench/report"
	"jointplan.dev/jointplan/test/bench/rig"
)

// starter starts what writes the statuses.
type starter func(context.Context) (*rig.Process, error)

// manager starts the manager with its clock in the middle of the plans' period.
func (b *bench) manager(s *stage) starter {
	if b.profile != "" {
		return func(context.Context) (*rig.Process, error) { return s.StartRole("profiled", "-profile", b.profile) }
	}
	return func(ctx context.Context) (*rig.Process, error) {
		return s.StartManager(ctx, rig.Start{Clock: gen.Clock, Flags: strings.Fields(b.flags)})
	}
}

// peer starts the peer.
func (*bench) peer(s *stage) starter {
	return func(context.Context) (*rig.Process, error) { return s.StartRole("peer") }
}

// convergence is one cold start.
type convergence struct {
	took    time.Duration
	count   rig.Counters
	objects []rig.Object
	cpu     time.Duration
}

// converge empties all statuses, starts a process and waits until all are there.
func (b *bench) converge(ctx context.Context, s *stage, start starter) (c convergence, failure error) {
	if err := s.empty(ctx); err != nil {
		return c, err
	}
	before, err := s.Count(ctx)
	if err != nil {
		return c, err
	}
	pulse, err := s.StartPulse(ctx)
	if err != nil {
		return c, err
	}
	defer pulse.Stop()
	p, err := start(ctx)
	if err != nil {
		return c, err
	}
	defer func() {
		failure = errors.Join(failure, p.Stop())
		if b.keep {
			_, _ = io.Copy(os.Stderr, p.Log())
		}
	}()
	from, err := p.Working(ctx)
	if err != nil {
		return c, err
	}
	if c.objects, err = s.Settled(ctx, p); err != nil {
		return c, err
	}
	until, reached := pulse.Reached(rig.Newest(c.objects))
	if !reached {
		return c, errors.New("the newest object is newer than the store")
	}
	c.took, c.cpu = until.Sub(from), p.CPU()
	after, err := s.Count(ctx)
	c.count = after.Minus(before)
	return c, err
}

// empty takes all statuses away.
func (s *stage) empty(ctx context.Context) error {
	objects, err := s.Objects(ctx)
	if err != nil {
		return err
	}
	_, err = s.raw.All(ctx, rig.Emptied(objects), max(s.workers, 16))
	return err
}

// write empties all statuses and writes those of then by the raw client, while the pulse is read as in the other leg.
func (s *stage) write(ctx context.Context, then []rig.Object, workers int) (time.Duration, error) {
	if err := s.empty(ctx); err != nil {
		return 0, err
	}
	now, err := s.Objects(ctx)
	if err != nil {
		return 0, err
	}
	pulse, err := s.StartPulse(ctx)
	if err != nil {
		return 0, err
	}
	defer pulse.Stop()
	return s.raw.All(ctx, rig.Statuses(then, now), workers)
}

// calibrate lets the manager write all statuses once, which also warms the plane up, and finds with how many workers the raw client is fastest.
func (b *bench) calibrate(ctx context.Context, s *stage) error {
	first, err := b.converge(ctx, s, b.manager(s))
	if err != nil {
		return err
	}
	sample := first.objects[:min(len(first.objects), 1000)]
	for _, workers := range []int{8, 16, 32, 64} {
		took, err := s.write(ctx, sample, workers)
		if err != nil {
			return err
		}
		if rate := float64(len(sample)) / took.Seconds(); rate > s.rate {
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
	manager, err := b.pair(ctx, s, b.manager(s), pairs)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("cold start, %d objects: ", s.objects)
	b.figure(name+"writes per object (W)", "ratio", report.AtMost(1), manager.writes...)
	b.figure(name+"time / raw time (R)", "ratio", report.AtMost(1.15), manager.ratios...)
	b.figure(name+"time", "s", nil, manager.times...)
	b.figure(name+"raw client", "writes/s", nil, manager.rates...)
	b.figure(name+"manager's CPU per object", "ms", nil, manager.cpu...)
	b.grew("converge time", s, manager.times)
	if s.objects > 20000 {
		return nil
	}
	peer, err := b.pair(ctx, s, b.peer(s), min(pairs, 3))
	if err != nil {
		return fmt.Errorf("peer: %w", err)
	}
	b.figure(name+"peer's writes per object", "ratio", nil, peer.writes...)
	b.figure(name+"peer's time / raw time", "ratio", nil, peer.ratios...)
	b.figure(name+"peer's time", "s", nil, peer.times...)
	return nil
}

// pairs are the figures of pairs of a cold start and the raw client.
type pairs struct{ writes, ratios, times, rates, cpu []float64 }

// pair runs a process and the raw client in turns, each pair the other way round than the one before.
func (b *bench) pair(ctx context.Context, s *stage, start starter, n int) (p pairs, _ error) {
	final, err := s.Objects(ctx) // for the raw client when it is first; replaced by those of each run
	if err != nil {
		return p, err
	}
	for i := range n {
		var c convergence
		var raw time.Duration
		legs := []func() error{
			func() (err error) {
				if c, err = b.converge(ctx, s, start); err == nil {
					final = c.objects
				}
				return err
			},
			func() (err error) { raw, err = s.write(ctx, final, s.workers); return err },
		}
		if i%2 == 1 {
			legs[0], legs[1] = legs[1], legs[0]
		}
		for _, leg := range legs {
			if err := leg(); err != nil {
				return p, err
			}
		}
		p.writes = append(p.writes, float64(c.count.Status+c.count.Refused)/float64(s.objects))
		p.ratios = append(p.ratios, c.took.Seconds()/raw.Seconds())
		p.times = append(p.times, c.took.Seconds())
		p.rates = append(p.rates, float64(s.objects)/raw.Seconds())
		p.cpu = append(p.cpu, float64(c.cpu)/float64(time.Millisecond)/float64(s.objects))
		sayf("  pair %d: %.2f s, raw %.2f s, %d writes, %d refused, %d others; CPU %s", i+1, c.took.Seconds(), raw.Seconds(),
			c.count.Status, c.count.Refused, c.count.Other, c.cpu)
	}
	return p, nil
}

// grew notes a quantity for the figures of growth.
func (b *bench) grew(name string, s *stage, samples []float64) {
	value := report.New(name, "", nil, samples...).Median
	if value > 0 && !math.IsInf(value, 0) {
		b.growth[name] = append(b.growth[name], point{float64(s.objects), value})
	}
}
