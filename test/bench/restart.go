package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/bench/gen"
	"jointplan.dev/jointplan/test/bench/report"
	"jointplan.dev/jointplan/test/bench/rig"
	"jointplan.dev/jointplan/test/bench/stats"
)

// passing is the number of starts during which a plan is edited, each time another one.
const passing = 5

// restart measures how long the manager takes to be ready, against informers that do nothing, and how long an edit waits behind the backlog of a
// start with all statuses to write.
func (b *bench) restart(ctx context.Context, s *stage) error {
	var ready, ratios []float64
	for range 3 {
		informers, _, err := s.informers(ctx)
		if err != nil {
			return err
		}
		p, err := b.manager(s)(ctx)
		if err != nil {
			return err
		}
		at, err := p.Ready(ctx)
		if err := errors.Join(err, pause(ctx, 2*time.Second), p.Stop()); err != nil {
			return err
		}
		ready = append(ready, at.Sub(p.Started).Seconds())
		ratios = append(ratios, at.Sub(p.Started).Seconds()/informers.Seconds())
	}
	name := fmt.Sprintf("restart, %d objects: ", s.objects)
	b.figure(name+"time to ready", "s", nil, ready...)
	b.figure(name+"time to ready / time of bare informers", "ratio", report.AtMost(1.3), ratios...)
	b.grew("restart", s, ready)
	var waits, shares []float64
	for i := range passing {
		wait, share, err := b.passes(ctx, s, i)
		if err != nil {
			return err
		}
		waits, shares = append(waits, stats.Milliseconds(wait)), append(shares, share)
	}
	b.figure(name+"an edit waits, with all statuses to write", "ms", nil, waits...)
	b.figure(name+"share of the backlog that it did not pass", "percent", report.AtMost(10), shares...)
	return nil
}

// passes edits a plan while the manager has all statuses to write, and returns how long the plan's status took and which share of the objects
// without a status when the edit was made had one before the plan.
func (b *bench) passes(ctx context.Context, s *stage, i int) (wait time.Duration, share float64, failure error) {
	if err := s.empty(ctx); err != nil {
		return 0, 0, err
	}
	o, err := s.observe(ctx, rig.Lists()...)
	if err != nil {
		return 0, 0, err
	}
	p, err := b.manager(s)(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer func() { failure = errors.Join(failure, p.Stop()) }()
	if _, err := p.Working(ctx); err != nil {
		return 0, 0, err
	}
	writer, err := rig.NewRaw(s.Admin)
	if err != nil {
		return 0, 0, err
	}
	plans := s.runningPlans(math.MaxInt)
	plan := plans[len(plans)-1-i]
	key := client.ObjectKeyFromObject(plan)
	if err := pause(ctx, 200*time.Millisecond); err != nil {
		return 0, 0, err
	}
	asked := time.Now()
	if err := writer.Patch(ctx, rig.Write{Kind: "JointPlan", Key: key, Patch: []byte(
		`{"spec":{"progress":{"done":[{"kind":"Commitment","name":"sales-engineer","day":"2026-10-20"}]}}}`)}); err != nil {
		return 0, 0, err
	}
	at := time.Now()
	sayf("  the edit was answered after %s", at.Sub(asked).Round(time.Millisecond))
	if _, err := s.Settled(ctx, p); err != nil {
		return 0, 0, err
	}
	backlog, before := 0, 0
	var shown time.Time
	for _, x := range o.end() {
		edited, is := x.object.(*v1alpha1.JointPlan)
		if is && x.key == key && shown.IsZero() && edited.Status.ObservedGeneration == edited.Generation {
			shown = x.at
		}
		if x.at.After(at) {
			backlog++
			if shown.IsZero() {
				before++
			}
		}
	}
	if shown.IsZero() {
		return 0, 0, errors.New("the edit does not show")
	}
	return max(0, shown.Sub(at)), 100 * float64(before) / float64(max(backlog, 1)), nil
}

// informers starts bare informers and returns how long they took to sync and the bytes that then were live.
func (s *stage) informers(ctx context.Context) (took time.Duration, live float64, failure error) {
	p, err := s.StartRole("bare")
	if err != nil {
		return 0, 0, err
	}
	defer func() { failure = errors.Join(failure, p.Stop()) }()
	line, err := p.Line(ctx, func(line map[string]any) bool { return line["msg"] == "synced" })
	if err != nil {
		return 0, 0, err
	}
	text, _ := line["ts"].(string)
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return 0, 0, err
	}
	line, err = p.Line(ctx, func(line map[string]any) bool { return line["msg"] == "live" })
	if err != nil {
		return 0, 0, err
	}
	live, _ = line["bytes"].(float64)
	return at.Sub(p.Started), live, nil
}

// informers returns a cache of the kinds that the manager caches, with managed fields stripped.
func informers(ctx context.Context, config *rest.Config) (cache.Cache, error) {
	c, err := cache.New(config, cache.Options{Scheme: rig.Scheme(), DefaultTransform: cache.TransformStripManagedFields()})
	if err != nil {
		return nil, err
	}
	for _, object := range cached() {
		if _, err := c.GetInformer(ctx, object, cache.BlockUntilSynced(false)); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// bare runs informers of the kinds that the manager caches, with managed fields stripped, and nothing else.
func bare(ctx context.Context) error {
	config, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	config.QPS = -1
	c, err := informers(ctx, config)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Start(ctx) }()
	if !c.WaitForCacheSync(ctx) {
		return errors.New("the caches do not sync")
	}
	ctrl.Log.Info("synced")
	runtime.GC()
	runtime.GC()
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	ctrl.Log.Info("live", "bytes", sample[0].Value.Uint64())
	return <-ended
}

// memory measures the live bytes of the manager at rest and of bare informers. The figure is the slope over the numbers of objects.
func (b *bench) memory(ctx context.Context, s *stage) (failure error) {
	_, bare, err := s.informers(ctx)
	if err != nil {
		return err
	}
	// With a collector that runs often, what it found live last is what is live.
	p, err := s.StartManager(ctx, rig.Start{Clock: gen.Clock, Flags: strings.Fields(b.flags), Env: []string{"GOGC=10"}})
	if err != nil {
		return err
	}
	defer func() { failure = errors.Join(failure, p.Stop()) }()
	if _, err := s.Settled(ctx, p); err != nil {
		return err
	}
	least := math.Inf(1)
	for range 8 {
		if err := pause(ctx, time.Second); err != nil {
			return err
		}
		live, err := p.Metric(ctx, "go_gc_heap_live_bytes")
		if err != nil {
			return err
		}
		least = min(least, live)
	}
	sayf("  live: manager %.1f MB, bare informers %.1f MB", least/1e6, bare/1e6)
	b.grew("memory", s, []float64{least})
	b.grew("memory of bare informers", s, []float64{bare})
	points, others := b.growth["memory"], b.growth["memory of bare informers"]
	if len(points) == 2 {
		own, bare := slope(points), slope(others)
		b.figure("memory per object, manager", "bytes", nil, own)
		b.figure("memory per object / that of bare informers", "ratio", report.AtMost(1.3), own/bare)
	}
	return nil
}

func slope(points []point) float64 {
	x, y := columns(points)
	return stats.Slope(x, y)
}

func columns(points []point) (x, y []float64) {
	for _, p := range points {
		x, y = append(x, p.objects), append(y, p.value)
	}
	return x, y
}

// grown adds the figures of growth from 1,000 objects on, if there were more.
func (b *bench) grown() {
	for _, of := range []struct {
		name string
		bar  float64
	}{{"converge time", 1.05}, {"restart", 1.05}, {"memory", 1.05}, {"edit latency", 0.1}} {
		var from []point
		for _, p := range b.growth[of.name] {
			if p.objects > 900 && p.objects < 20000 {
				from = append(from, p)
			}
		}
		if x, y := columns(from); len(x) > 1 {
			b.figure("growth of "+of.name+" with the number of objects", "exponent", report.AtMost(of.bar), stats.Growth(x, y))
		}
	}
}

var benchmarkLine = regexp.MustCompile(`^BenchmarkEvaluate/campaigns=(\d+)\S*\s+\d+\s+([0-9.]+) ns/op\s+([0-9.]+) B/op\s+(\d+) allocs/op`)

// evaluate runs the benchmark of the evaluation alone.
func (b *bench) evaluate(ctx context.Context) error {
	command := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkEvaluate$", "-benchmem", "-count", "3", "./internal/rules/plan")
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	times, allocations := map[string][]float64{}, map[string][]float64{}
	var order []string
	for line := range strings.Lines(string(out)) {
		match := benchmarkLine.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		if times[match[1]] == nil {
			order = append(order, match[1])
		}
		times[match[1]] = append(times[match[1]], parsed(match[2])/1000)
		allocations[match[1]] = append(allocations[match[1]], parsed(match[4]))
	}
	var x, y []float64
	for _, campaigns := range order {
		name := "evaluation of a plan of 10 goals and " + campaigns + " campaigns: "
		b.figure(name+"time", "µs", nil, times[campaigns]...)
		b.figure(name+"allocations", "allocations", nil, allocations[campaigns]...)
		x, y = append(x, parsed(campaigns)), append(y, stats.Of(times[campaigns]...).Median)
	}
	if len(x) > 1 {
		b.figure("evaluation: growth with the number of campaigns", "exponent", report.AtMost(1.05), stats.Growth(x, y))
	}
	return nil
}

func parsed(text string) float64 {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return value
}
