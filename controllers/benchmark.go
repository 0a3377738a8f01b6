package controllers

import (
	"context"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/benchmark"
	"jointplan.dev/jointplan/internal/rules/sums"
)

// writeBenchmarks computes the benchmark of the fiscal quarter that ended last, where the strategy asks for benchmarks and there is none, once all partners
// are evaluated. Nothing of it is kept in memory: it is due once a quarter. It returns the instant from which on the next one is due; zero for never.
func (r *ChannelStrategyReconciler) writeBenchmarks(ctx context.Context, in sums.Settings, source *v1alpha1.PartnerProgram, now time.Time) (time.Time, error) {
	if in.Strategy.Benchmarks == nil {
		return time.Time{}, nil
	}
	today := in.Program.Today(now)
	next := in.Program.Calendar.EndOf(in.Program.Calendar.PeriodContaining(fiscal.Quarter, today).Through)
	all, err := r.Gatherer.List(ctx, kinds.Benchmark, "")
	if err != nil {
		return next, err
	}
	var earlier []*v1alpha1.Benchmark
	for _, x := range all {
		if b, ok := x.(*v1alpha1.Benchmark); ok && b.Spec.ProgramRef.Name == in.Program.Name {
			earlier = append(earlier, b)
		}
	}
	quarter, due := benchmark.Due(in.Program, today, earlier)
	if !due {
		return next, nil
	}
	compute := benchmark.Input{Program: in.Program, Quarter: quarter, ComputedOn: today, Policy: in.Strategy.Benchmarks, Earlier: earlier}
	members, err := r.Gatherer.Members(ctx, source)
	if err != nil {
		return next, err
	}
	for _, partner := range members {
		if !current(partner) {
			return next, nil // its event comes
		}
		rows, err := r.Gatherer.Benchmarked(ctx, in.Program, partner, today)
		if err != nil {
			return next, err
		}
		compute.Rows = append(compute.Rows, rows...)
	}
	exact, public := benchmark.Compute(compute)
	exact.Name, public.Name = benchmark.Name(in.Program, quarter), benchmark.Name(in.Program, quarter)
	// The exact one last: that it is there says that both are.
	if err := r.Create(ctx, public); err != nil && !apierrors.IsAlreadyExists(err) {
		return next, fmt.Errorf("create the published benchmark %s: %w", public.Name, err)
	}
	if err := r.Create(ctx, exact); err != nil && !apierrors.IsAlreadyExists(err) {
		return next, fmt.Errorf("create the benchmark %s: %w", exact.Name, err)
	}
	return next, nil
}
