package main

import (
	"context"

	"jointplan.dev/jointplan/test/bench/gen"
	"jointplan.dev/jointplan/test/bench/report"
	"jointplan.dev/jointplan/test/bench/stats"
)

// layouts compares a namespace for each partner with all partners in one, by cold starts in turns on a plane each: what the manager spends on an object
// must not depend on where it is.
func (b *bench) layouts(ctx context.Context) error {
	n := b.objects
	if n == 0 {
		n = 2000
	}
	return b.on(ctx, gen.Settings{Seed: b.seed, Objects: n}, func(apart *stage) error {
		return b.on(ctx, gen.Settings{Seed: b.seed, Objects: n, Together: true}, func(together *stage) error {
			return b.compareLayouts(ctx, apart, together)
		})
	})
}

func (b *bench) compareLayouts(ctx context.Context, apart, together *stage) error {
	var own, one, ratios, times, writes []float64
	for i := range b.pairs + 1 {
		stages, legs := []*stage{apart, together}, [2]leg{}
		for k := range stages {
			at := (i + k) % len(stages)
			l, err := b.alone(ctx, func() (leg, error) { return b.converge(ctx, stages[at], b.manager(stages[at])) })
			if err != nil {
				return err
			}
			legs[at] = l
		}
		if i == 0 {
			continue // it warms the planes up
		}
		per := func(at int) float64 { return stats.Milliseconds(legs[at].used.Process) / float64(stages[at].objects) }
		own, one = append(own, per(0)), append(one, per(1))
		ratios, times = append(ratios, per(1)/per(0)), append(times, legs[1].took.Seconds()/legs[0].took.Seconds())
		for at := range stages {
			writes = append(writes, float64(legs[at].count.Status+legs[at].count.Refused)/float64(stages[at].objects))
		}
		sayf("  pair %d: %.2f ms per object apart, %.2f together", i, per(0), per(1))
	}
	b.figure("layouts: manager's CPU per object, a namespace for each partner", "ms", nil, own...)
	b.figure("layouts: manager's CPU per object, all partners in one namespace", "ms", nil, one...)
	b.figure("layouts: CPU together / apart", "ratio", report.AtMost(1.15), ratios...)
	b.figure("layouts: time together / apart", "ratio", nil, times...)
	b.figure("layouts: writes per object (W)", "ratio", report.AtMost(1), writes...)
	return nil
}
