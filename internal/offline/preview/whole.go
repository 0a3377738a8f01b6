package preview

import (
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/rules/benchmark"
	"jointplan.dev/jointplan/internal/rules/sums"
	"jointplan.dev/jointplan/internal/verdict"
)

// whole is a program as a whole: what its partners contribute, and what its strategy and its reports say of that.
type whole struct {
	strategy *v1alpha1.ChannelStrategy
	settings sums.Settings // its program is nil when there is none of the strategy's name
	given    []*v1alpha1.ProgramReport
	compared []*v1alpha1.Benchmark
	units    []*unit

	sums  *sums.Sums
	next  map[*unit]time.Time // when the contributions of a unit may next differ; zero when never
	shown []*entry
}

// newWholes returns the programs that have a strategy.
func (s *state) newWholes(w *World) []*whole {
	var all []*whole
	centres := map[v1alpha1.Name]v1alpha1.Word{}
	for _, budget := range w.budgets {
		centres[v1alpha1.Name(budget.Name)] = budget.Spec.CostCentre
	}
	for _, strategy := range w.set.Strategies {
		x := &whole{strategy: strategy, sums: sums.New(), next: map[*unit]time.Time{}, given: w.set.Reports, compared: w.set.Benchmarks}
		x.settings = sums.Settings{Program: w.programs[v1alpha1.Name(strategy.Name)], Strategy: &strategy.Spec, CostCentres: centres}
		for _, u := range s.units {
			if _, allowed := u.allowed[v1alpha1.Name(strategy.Name)]; allowed {
				x.units = append(x.units, u)
			}
		}
		all = append(all, x)
	}
	return all
}

// advance moves a program on to an instant, of which the units are known that were evaluated. It returns the entries that were evaluated, and the keys
// of reports that no longer exist.
func (x *whole) advance(now time.Time, touched map[*unit]bool) (evaluated []*entry, gone []manifest.Key) {
	changed := x.shown == nil
	for _, u := range x.units {
		if next, known := x.next[u]; !known || touched[u] || !next.IsZero() && !next.After(now) {
			x.contribute(u, now)
			changed = true
		}
	}
	for _, e := range x.shown {
		changed = changed || e.due(now)
	}
	if !changed {
		return nil, nil
	}
	before := x.shown
	x.shown = x.evaluate(now)
	still := map[manifest.Key]bool{}
	for _, e := range x.shown {
		still[e.key] = true
	}
	for _, e := range before {
		if !still[e.key] {
			gone = append(gone, e.key)
		}
	}
	return x.shown, gone
}

// contribute puts what the partners of a unit contribute into the sums.
func (x *whole) contribute(u *unit, now time.Time) {
	x.next[u] = time.Time{}
	if x.settings.Program == nil {
		return
	}
	objects := u.evaluated()
	partner := memberOf(x.settings.Program, objects)
	if partner == nil {
		return
	}
	in := sums.Evaluated{Partner: partner, Plans: objects.Plans, Requests: objects.Allocations, Claims: objects.Claims}
	contribution, next := sums.Of(x.settings, in, now)
	x.sums.Set(contribution)
	x.next[u] = next
}

// evaluate returns the strategy and the reports at an instant.
func (x *whole) evaluate(now time.Time) []*entry {
	if x.settings.Program == nil {
		updated := x.strategy.DeepCopy()
		updated.Status = sums.Strategy(x.strategy, nil, nil, now)
		return []*entry{{key: manifest.KeyOf(updated), evaluated: updated}}
	}
	outcome := x.sums.Evaluate(x.settings, x.strategy, x.given, now)
	next := outcome.Next
	for _, at := range x.next {
		next = verdict.Earlier(next, at)
	}
	heedAnnotation(outcome.Strategy, now)
	shown := []*entry{{key: manifest.KeyOf(outcome.Strategy), evaluated: outcome.Strategy, next: next}}
	for _, report := range outcome.Reports {
		report.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kinds.ProgramReport))
		report.Generation = max(report.Generation, 1)
		report.Status.ObservedGeneration = report.Generation
		shown = append(shown, &entry{key: manifest.KeyOf(report), evaluated: report, next: next})
	}
	return append(shown, x.benchmarks(now)...)
}

// benchmarks returns the benchmark of the fiscal quarter that ended last, exactly and as it is published, where the strategy asks for benchmarks and none was given.
// Nothing is judged by it: what is judged by benchmarks is by those that were given, as a benchmark never judges what came before it.
func (x *whole) benchmarks(now time.Time) []*entry {
	p := x.settings.Program
	if x.strategy.Spec.Benchmarks == nil {
		return nil
	}
	today := p.Today(now)
	var earlier []*v1alpha1.Benchmark
	for _, b := range x.compared {
		if b.Spec.ProgramRef.Name == p.Name {
			earlier = append(earlier, b)
		}
	}
	quarter, due := benchmark.Due(p, today, earlier)
	if !due {
		return nil
	}
	in := benchmark.Input{Program: p, Quarter: quarter, ComputedOn: today, Policy: x.strategy.Spec.Benchmarks, Earlier: earlier}
	for _, u := range x.units {
		in.Rows = append(in.Rows, rowsOf(p, u, today)...)
	}
	exact, public := benchmark.Compute(in)
	next := p.Calendar.EndOf(p.Calendar.PeriodContaining(fiscal.Quarter, today).Through)
	var shown []*entry
	for kind, b := range map[string]Object{kinds.Benchmark: exact, kinds.PublishedBenchmark: public} {
		b.SetName(benchmark.Name(p, quarter))
		b.SetGeneration(1)
		b.GetObjectKind().SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kind))
		shown = append(shown, &entry{key: manifest.KeyOf(b), evaluated: b, next: next})
	}
	return shown
}

// rowsOf returns the facts that the partner of a unit of work contributes to a benchmark.
func rowsOf(p *program.Program, u *unit, today fiscal.Day) []benchmark.Row {
	objects := u.evaluated()
	partner := memberOf(p, objects)
	if partner == nil {
		return nil
	}
	return append(benchmark.Rows(p, partner, objects.Plans, objects.Campaigns), benchmark.History(u.whole, p, partner, objects.Campaigns, today)...)
}

// evaluated returns the objects of a unit of work with their statuses.
func (u *unit) evaluated() *kinds.Objects {
	objects := &kinds.Objects{}
	for _, e := range u.rest {
		objects.Add(e.evaluated)
	}
	return objects
}

// memberOf returns the partner of a unit of work, when it is of a program; nil when not.
func memberOf(p *program.Program, objects *kinds.Objects) *v1alpha1.Partner {
	for _, partner := range objects.Partners {
		if partner.Spec.ProgramRef.Name == p.Name {
			return partner
		}
	}
	return nil
}
