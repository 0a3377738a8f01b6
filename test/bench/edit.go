package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/bench/report"
	"jointplan.dev/jointplan/test/bench/rig"
	"jointplan.dev/jointplan/test/bench/stats"
)

const (
	// spacing is the time between two edits.
	spacing = 300 * time.Millisecond
	// window is what the operator states: children's events reach a parent at most once a second.
	window = time.Second
	// maxEdits is the number of plans whose figures are edited, there and back.
	maxEdits = 60
)

// edit measures how long the edit of one measurement takes to show in plan, partner and program: idle, and while others write half of what the
// server can take.
func (b *bench) edit(ctx context.Context, s *stage) error {
	name := fmt.Sprintf("edit, %d objects, ", s.objects)
	if err := b.running(ctx, s, b.manager(s), func() error {
		for _, load := range []float64{0, 0.5} {
			l, err := s.edits(ctx, load*s.rate)
			if err != nil {
				return err
			}
			text := name + "idle: "
			if load > 0 {
				text = name + "under load: "
			}
			b.latencies(text, l, load == 0)
			if load == 0 {
				b.grew("edit latency", s, []float64{stats.Percentile(l.plan, 50)})
			}
		}
		return nil
	}); err != nil {
		return err
	}
	return b.running(ctx, s, b.peer(s), func() error {
		l, err := s.edits(ctx, 0)
		if err != nil {
			return fmt.Errorf("peer: %w", err)
		}
		b.latencies(name+"peer, idle: ", l, false)
		return nil
	})
}

// latencies adds the figures of edits. The bars are those of an idle server: three raw writes, and for partner and program the window too.
func (b *bench) latencies(name string, l latencies, bars bool) {
	raw := stats.Percentile(l.raw, 99)
	for _, of := range []struct {
		what    string
		samples []float64
		limit   float64
	}{
		{"raw write", l.raw, 0},
		{"plan", l.plan, 3 * raw},
		{"partner", l.partner, 3*raw + stats.Milliseconds(window)},
		{"program", l.program, 3*raw + stats.Milliseconds(window)},
	} {
		var bar *report.Bar
		if bars && of.limit > 0 {
			bar = report.AtMost(of.limit)
		}
		b.figure(name+of.what+", p50", "ms", nil, stats.Percentile(of.samples, 50))
		b.figure(name+of.what+", p99", "ms", bar, stats.Percentile(of.samples, 99))
	}
}

// running does something while a process runs to which all objects have settled.
func (*bench) running(ctx context.Context, s *stage, start starter, do func() error) (failure error) {
	p, err := start(ctx)
	if err != nil {
		return err
	}
	defer func() { failure = errors.Join(failure, p.Stop()) }()
	if _, err := s.Settled(ctx, p); err != nil {
		return err
	}
	return do()
}

// latencies are the times in milliseconds from the answer to an edit to the event that shows its figures; raw are those of the edits themselves.
type latencies struct{ raw, plan, partner, program []float64 }

// revenue is the patch that gives all three of a plan's months a revenue.
func revenue(each string) []byte {
	return fmt.Appendf(nil, `{"spec":{"entries":[{"metric":"new-revenue","day":"2026-07-31","value":%[1]q},`+
		`{"metric":"new-revenue","day":"2026-08-31","value":%[1]q},{"metric":"new-revenue","day":"2026-09-30","value":%[1]q}]}}`, each)
}

const (
	well  = "60000" // on track
	badly = "1000"  // off track
)

// edited is one edit of the figures of a plan.
type edited struct {
	plan, partner client.ObjectKey
	took          time.Duration
	at            time.Time // of the answer
	offTrack      int       // the plans off track from then on, counted from those before the first edit
}

// edits turns plans off track, one after the other, and then back.
func (s *stage) edits(ctx context.Context, load float64) (l latencies, failure error) {
	plans := s.runningPlans(maxEdits)
	writer, err := rig.NewRaw(s.Admin)
	if err != nil {
		return l, err
	}
	var prepare []rig.Write
	for _, p := range plans {
		prepare = append(prepare, figuresOf(p, well))
	}
	if _, err := writer.All(ctx, prepare, 4); err != nil {
		return l, err
	}
	o, err := s.observe(ctx, &v1alpha1.JointPlanList{}, &v1alpha1.PartnerList{}, &v1alpha1.PartnerProgramList{})
	if err != nil {
		return l, err
	}
	if err := o.quiet(ctx, 4*time.Second); err != nil {
		return l, err
	}
	program := &v1alpha1.PartnerProgram{}
	if err := s.Client.Get(ctx, client.ObjectKeyFromObject(s.world.Program), program); err != nil {
		return l, err
	}
	base := offTrack(program)
	stop := s.load(ctx, load)
	list, err := editAll(ctx, writer, plans)
	failure = errors.Join(err, pause(ctx, 5*time.Second), stop())
	return latenciesOf(list, o.end(), base), failure
}

// editAll edits the figures of plans at even distances, there and back.
func editAll(ctx context.Context, writer *rig.Raw, plans []*v1alpha1.JointPlan) ([]edited, error) {
	var list []edited
	off := 0
	for _, each := range []string{badly, well} {
		for _, p := range plans {
			started := time.Now()
			if err := writer.Patch(ctx, figuresOf(p, each)); err != nil {
				return list, err
			}
			if each == badly {
				off++
			} else {
				off--
			}
			at := time.Now()
			list = append(list, edited{
				plan: client.ObjectKeyFromObject(p), partner: client.ObjectKey{Namespace: p.Namespace, Name: string(p.Spec.PartnerRef.Name)},
				took: at.Sub(started), at: at, offTrack: off,
			})
			if err := pause(ctx, time.Until(started.Add(spacing))); err != nil {
				return list, err
			}
		}
		if err := pause(ctx, 4*time.Second); err != nil { // the last of the way there shows before the way back begins
			return list, err
		}
	}
	return list, nil
}

func figuresOf(p *v1alpha1.JointPlan, each string) rig.Write {
	return rig.Write{Kind: "MeasurementSet", Key: client.ObjectKey{Namespace: p.Namespace, Name: p.Name + "-crm"}, Patch: revenue(each)}
}

// runningPlans returns the running plans of a number of partners.
func (s *stage) runningPlans(most int) []*v1alpha1.JointPlan {
	var list []*v1alpha1.JointPlan
	for _, p := range s.world.Plans {
		if p.Name[len(p.Name)-1] == '0' && len(list) < most {
			list = append(list, p)
		}
	}
	return list
}

// latenciesOf finds the events that show the edits. A plan or a partner shows an edit with its next event; a program when it counts as many plans
// off track as there are since the edit.
func latenciesOf(list []edited, seen []sighting, base int) (l latencies) {
	for i := range list {
		e := &list[i]
		back := i >= len(list)/2
		l.raw = append(l.raw, stats.Milliseconds(e.took))
		var plan, partner, program time.Time
		for _, x := range seen {
			if x.at.Before(e.at.Add(-e.took)) { // the event may overtake the answer
				continue
			}
			first := func(into *time.Time, is bool) {
				if is && into.IsZero() {
					*into = x.at
				}
			}
			_, isPlan := x.object.(*v1alpha1.JointPlan)
			_, isPartner := x.object.(*v1alpha1.Partner)
			first(&plan, isPlan && x.key == e.plan)
			first(&partner, isPartner && x.key == e.partner)
			if n := offTrack(x.object); n >= 0 {
				first(&program, !back && n-base >= e.offTrack || back && n-base <= e.offTrack)
			}
		}
		for into, at := range map[*[]float64]time.Time{&l.plan: plan, &l.partner: partner, &l.program: program} {
			if !at.IsZero() {
				*into = append(*into, max(0, stats.Milliseconds(at.Sub(e.at))))
			}
		}
	}
	return l
}

// load writes at a rate per second until it is stopped: a label of campaigns, which concerns no evaluation but goes through every watch.
func (s *stage) load(ctx context.Context, perSecond float64) (stop func() error) {
	if perSecond <= 0 {
		return func() error { return nil }
	}
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	turns := make(chan int)
	group.Go(func() {
		tick := time.NewTicker(time.Duration(float64(time.Second) / perSecond))
		defer tick.Stop()
		defer close(turns)
		for i := 0; ; i++ {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				select {
				case turns <- i:
				case <-ctx.Done():
					return
				}
			}
		}
	})
	for range 8 {
		group.Go(func() {
			for i := range turns {
				c := s.world.Campaigns[i%len(s.world.Campaigns)]
				_ = s.Client.Patch(ctx, c.DeepCopy(), client.RawPatch("application/merge-patch+json",
					fmt.Appendf(nil, `{"metadata":{"labels":{"bench":"%d"}}}`, i)), &client.PatchOptions{Raw: &metav1.PatchOptions{}})
			}
		})
	}
	return func() error {
		cancel()
		group.Wait()
		return nil
	}
}

// storm edits the figures of one plan's campaigns many times within seconds, and counts what that writes to plan, partner and program.
func (b *bench) storm(ctx context.Context, s *stage) error {
	edits := 2000
	if b.large {
		edits = 10000
	}
	name := fmt.Sprintf("storm of %d edits: ", edits)
	for _, of := range []struct {
		who   string
		start starter
	}{{"", b.manager(s)}, {"peer's ", b.peer(s)}} {
		if err := b.running(ctx, s, of.start, func() error {
			r, err := s.stormOf(ctx, edits)
			if err != nil {
				return err
			}
			bar := report.AtMost(1.2)
			if of.who != "" {
				bar = nil
			}
			seconds := r.took.Seconds() + window.Seconds()
			b.figure(name+of.who+"duration", "s", nil, r.took.Seconds())
			b.figure(name+of.who+"writes to the plan per second", "writes/s", bar, float64(r.plan)/seconds)
			b.figure(name+of.who+"writes to the partner per second", "writes/s", bar, float64(r.partner)/seconds)
			b.figure(name+of.who+"writes to the program per second", "writes/s", bar, float64(r.program)/seconds)
			b.figure(name+of.who+"settled after the last edit", "s", nil, r.settled.Seconds())
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// stormy returns a number of edits of what is measured about a plan: three of four of what its campaigns brought, the fourth of its revenue, which
// turns the plan off track and back, so that partner and program have something to write too.
func (s *stage) stormy(p *v1alpha1.JointPlan, edits int) []rig.Write {
	var keys []client.ObjectKey
	for _, c := range s.world.Campaigns {
		if string(c.Spec.PlanRef.Name) == p.Name {
			keys = append(keys, client.ObjectKey{Namespace: c.Namespace, Name: c.Name + "-crm"})
		}
	}
	var writes []rig.Write
	for i := range edits {
		if i%4 == 3 {
			writes = append(writes, figuresOf(p, []string{badly, well}[i/100%2])) // the other one each half a second
			continue
		}
		writes = append(writes, rig.Write{Kind: "MeasurementSet", Key: keys[i%min(len(keys), 12)], Patch: fmt.Appendf(nil,
			`{"spec":{"entries":[{"metric":"qualified-leads","day":"2026-09-30","value":"%d"},{"metric":"campaign-cost","day":"2026-09-30","value":"%d"}]}}`,
			1+i%97, 1000+i)})
	}
	return writes
}

// stormed is what a storm of edits caused.
type stormed struct {
	took, settled          time.Duration
	plan, partner, program int
}

func (s *stage) stormOf(ctx context.Context, edits int) (r stormed, _ error) {
	p := s.runningPlans(1)[0] // the first partner is the largest
	writes := s.stormy(p, edits)
	writer, err := rig.NewRaw(s.Admin)
	if err != nil {
		return r, err
	}
	o, err := s.observe(ctx, &v1alpha1.JointPlanList{}, &v1alpha1.PartnerList{}, &v1alpha1.PartnerProgramList{})
	if err != nil {
		return r, err
	}
	if r.took, err = writer.All(ctx, writes, 16); err != nil {
		return r, errors.Join(err, fmt.Errorf("%d writes", len(o.end())))
	}
	last := time.Now()
	if err := o.quiet(ctx, 6*time.Second); err != nil {
		return r, err
	}
	partner := client.ObjectKey{Namespace: p.Namespace, Name: string(p.Spec.PartnerRef.Name)}
	for _, x := range o.end() {
		switch x.object.(type) {
		case *v1alpha1.JointPlan:
			if x.key == client.ObjectKeyFromObject(p) {
				r.plan++
			}
		case *v1alpha1.Partner:
			if x.key == partner {
				r.partner++
			}
		case *v1alpha1.PartnerProgram:
			r.program++
		}
		r.settled = max(r.settled, x.at.Sub(last))
	}
	return r, nil
}
