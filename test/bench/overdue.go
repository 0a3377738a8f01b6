package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/bench/gen"
	"jointplan.dev/jointplan/test/bench/report"
	"jointplan.dev/jointplan/test/bench/rig"
	"jointplan.dev/jointplan/test/bench/stats"
)

// overdue lets the reviews of all plans become overdue in the same second.
func (b *bench) overdue(ctx context.Context, s *stage) error {
	due, err := time.Parse(time.RFC3339, gen.OverdueAt)
	if err != nil {
		return err
	}
	if err := errors.Join(b.calibrate(ctx, s), s.empty(ctx)); err != nil {
		return err
	}
	lead := (15*time.Second + time.Duration(float64(s.objects)/s.rate*3*float64(time.Second))).Round(time.Second)
	var instant time.Time
	var seen []sighting
	var before, after []rig.Object
	var events int
	start := func(ctx context.Context) (*rig.Process, error) {
		p, err := b.managerAt(ctx, s, due.Add(-lead).Format(time.RFC3339))
		if err == nil {
			instant = p.Started.Add(lead) // the process reads its flag a moment later, so nothing that comes before is in time
		}
		return p, err
	}
	if err := b.running(ctx, s, start, func() (err error) {
		if before, err = s.Objects(ctx); err != nil {
			return err
		}
		if time.Until(instant) < time.Second {
			return fmt.Errorf("the plane is too slow: the objects settled %s after the deadline", -time.Until(instant))
		}
		o, err := s.observe(ctx, rig.Lists()...)
		if err != nil {
			return err
		}
		count, err := s.Count(ctx)
		if err != nil {
			return err
		}
		if err := pause(ctx, time.Until(instant.Add(3*time.Second))); err != nil {
			return err
		}
		if err := o.quiet(ctx, 5*time.Second); err != nil {
			return err
		}
		seen = o.end()
		now, err := s.Count(ctx)
		if err != nil {
			return err
		}
		events = now.Minus(count).Other
		after, err = s.Objects(ctx)
		return err
	}); err != nil {
		return err
	}
	raw, err := s.again(ctx, before, after)
	if err != nil {
		return err
	}
	b.lateness(s, seen, instant, raw, events)
	return nil
}

// again writes by the raw client what changed from before to after, and returns how long that takes. It is watched as the manager's writes are.
func (s *stage) again(ctx context.Context, before, after []rig.Object) (time.Duration, error) {
	versions := map[string]int64{}
	for i := range before {
		versions[before[i].Kind+before[i].Key.String()] = before[i].Version
	}
	var changed []rig.Object
	for i := range after {
		if after[i].Version != versions[after[i].Kind+after[i].Key.String()] {
			changed = append(changed, after[i])
		}
	}
	var samples []float64
	for range 3 {
		now, err := s.Objects(ctx)
		if err != nil {
			return 0, err
		}
		if _, err := s.raw.All(ctx, rig.Statuses(before, now), s.workers); err != nil {
			return 0, err
		}
		if now, err = s.Objects(ctx); err != nil {
			return 0, err
		}
		o, err := s.observe(ctx, rig.Lists()...)
		if err != nil {
			return 0, err
		}
		took, err := s.raw.All(ctx, rig.Statuses(changed, now), s.workers)
		o.end()
		if err != nil {
			return 0, err
		}
		samples = append(samples, took.Seconds())
	}
	if len(changed) == 0 {
		return 0, errors.New("nothing changed at the deadline")
	}
	return time.Duration(stats.Of(samples...).Median * float64(time.Second)), nil
}

// lateness adds the figures of a deadline that many plans share.
func (b *bench) lateness(s *stage, seen []sighting, instant time.Time, raw time.Duration, events int) {
	late := map[client.ObjectKey]float64{}
	early := 0
	var last time.Time
	for _, x := range seen {
		last = x.at
		plan, is := x.object.(*v1alpha1.JointPlan)
		if !is || !meta.IsStatusConditionPresentAndEqual(plan.Status.Conditions, v1alpha1.ConditionReviewOverdue, metav1.ConditionTrue) {
			continue
		}
		if _, known := late[x.key]; known {
			continue
		}
		if x.at.Before(instant) {
			early++
		}
		late[x.key] = stats.Milliseconds(x.at.Sub(instant))
	}
	var samples []float64
	for _, ms := range late {
		samples = append(samples, ms)
	}
	name := fmt.Sprintf("%d plans overdue in one second: ", len(s.world.Plans))
	b.figure(name+"early", "plans", report.AtMost(0), float64(early))
	b.figure(name+"missed", "plans", report.AtMost(0), float64(len(s.world.Plans)-len(late)))
	b.figure(name+"lateness p50", "ms", nil, stats.Percentile(samples, 50))
	b.figure(name+"lateness p99", "ms", nil, stats.Percentile(samples, 99))
	b.figure(name+"lateness max", "ms", nil, stats.Percentile(samples, 100))
	b.figure(name+"writes", "writes", nil, float64(len(seen)))
	b.figure(name+"events of Kubernetes recorded meanwhile", "events", nil, float64(events))
	b.figure(name+"time until all is written / raw time", "ratio", report.AtMost(1.2), last.Sub(instant).Seconds()/raw.Seconds())
}
