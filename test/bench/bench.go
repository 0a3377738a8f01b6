package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"

	"jointplan.dev/jointplan/test/bench/gen"
	"jointplan.dev/jointplan/test/bench/report"
	"jointplan.dev/jointplan/test/bench/rig"
)

// bench is one run of the benchmark.
type bench struct {
	settings

	report *report.Report
	growth map[string][]point // of a quantity, by the number of objects
}

type point struct{ objects, value float64 }

// stage is a plane filled with a world.
type stage struct {
	*rig.Plane

	world   *gen.World
	objects int
	raw     *rig.Raw
	workers int     // with which the raw client is fastest
	rate    float64 // of the raw client's writes per second with them
}

// workload is one of the benchmark's workloads.
type workload struct {
	name string
	run  func(*bench, context.Context, *stage) error
	// small says that it is run with the smaller number of objects too.
	small bool
}

func workloads() []workload {
	return []workload{
		{name: "cold", run: (*bench).cold, small: true},
		{name: "rest", run: (*bench).rest},
		{name: "edit", run: (*bench).edit},
		{name: "storm", run: (*bench).storm},
		{name: "restart", run: (*bench).restart},
		{name: "memory", run: (*bench).memory, small: true},
	}
}

func names() []string {
	var list []string
	for _, w := range workloads() {
		list = append(list, w.name)
	}
	return append(list, "layouts", "overdue", "money", "evaluate")
}

// chosen reports whether a workload is to be run.
func (b *bench) chosen(name string) bool {
	return b.only == "" || slices.Contains(strings.Split(b.only, ","), name)
}

func (b *bench) run(ctx context.Context) error {
	b.growth = map[string][]point{}
	sizes := []int{300, 1000}
	if b.large {
		sizes = append(sizes, 10000, 100000)
	}
	if b.objects > 0 {
		sizes = []int{b.objects}
	}
	for i, n := range sizes {
		if !b.any(i, len(sizes)) {
			continue
		}
		if err := b.on(ctx, gen.Settings{Seed: b.seed, Objects: n}, func(s *stage) error { return b.at(ctx, s, i == 0 && len(sizes) > 1) }); err != nil {
			return fmt.Errorf("%d objects: %w", n, err)
		}
	}
	if b.only != "" && b.chosen("layouts") { // it takes ten pairs, and so is requested
		if err := b.layouts(ctx); err != nil {
			return fmt.Errorf("layouts: %w", err)
		}
	}
	if b.chosen("overdue") {
		plans := 500 // two objects each
		if b.large {
			plans = 5000
		}
		if b.objects > 0 {
			plans = max(b.objects/2, 10)
		}
		if err := b.on(ctx, gen.Settings{Seed: b.seed, Plans: plans}, func(s *stage) error { return b.overdue(ctx, s) }); err != nil {
			return fmt.Errorf("overdue: %w", err)
		}
	}
	if b.chosen("money") {
		if err := b.on(ctx, gen.Settings{Seed: b.seed, Partners: 16}, func(s *stage) error { return b.money(ctx, s) }); err != nil {
			return fmt.Errorf("money: %w", err)
		}
	}
	if b.chosen("evaluate") {
		if err := b.evaluate(ctx); err != nil {
			return fmt.Errorf("evaluate: %w", err)
		}
	}
	b.grown()
	return nil
}

// any reports whether any workload is to be run with the i-th of the numbers of objects.
func (b *bench) any(i, sizes int) bool {
	return slices.ContainsFunc(workloads(), func(w workload) bool { return b.chosen(w.name) && (w.small || i > 0 || sizes == 1) })
}

// at runs the workloads with one number of objects.
func (b *bench) at(ctx context.Context, s *stage, small bool) error {
	if err := b.calibrate(ctx, s); err != nil {
		return err
	}
	for _, w := range workloads() {
		if !b.chosen(w.name) || small && !w.small {
			continue
		}
		sayf("%s with %d objects", w.name, s.objects)
		if err := w.run(b, ctx, s); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
	}
	return nil
}

// on starts a plane, fills it, does something and removes it.
func (b *bench) on(ctx context.Context, settings gen.Settings, do func(*stage) error) (failure error) {
	program, err := gen.Northwind()
	if err != nil {
		return err
	}
	sayf("starting a plane")
	p, err := rig.StartPlane(ctx)
	if err != nil {
		return err
	}
	defer func() { failure = errors.Join(failure, p.Close()) }()
	s := &stage{Plane: p, world: gen.Generate(program, settings)}
	s.objects = len(s.world.Objects())
	sayf("creating %d objects in %d namespaces", s.objects, len(s.world.Namespaces))
	if err := s.Fill(ctx, s.world); err != nil {
		return err
	}
	if s.raw, err = rig.NewRaw(p.Account); err != nil {
		return err
	}
	return do(s)
}

// figure adds a figure to the report and says it.
func (b *bench) figure(name, unit string, bar *report.Bar, samples ...float64) {
	f := report.New(name, unit, bar, samples...)
	b.report.Figures = append(b.report.Figures, f)
	sayf("  %s: %.3g %s (%.3g to %.3g)", name, f.Median, unit, f.Min, f.Max)
}

// machine describes this machine.
func machine() string {
	text := fmt.Sprintf("%d cores, %s/%s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
	raw, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return text
	}
	for line := range strings.Lines(string(raw)) {
		if name, found := strings.CutPrefix(line, "model name"); found {
			return text + ", " + strings.TrimSpace(strings.TrimLeft(name, " \t:"))
		}
	}
	return text
}

// versions says what is measured.
func versions(ctx context.Context) string {
	commit := "of no commit"
	if out, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output(); err == nil {
		commit = string(bytes.TrimSpace(out))
	}
	plane := "a control plane of unknown version"
	if out, err := exec.CommandContext(ctx, "bin/localplane/kubectl", "version", "--client").Output(); err == nil {
		first, _, _ := strings.Cut(string(out), "\n")
		plane = "Kubernetes " + strings.TrimSpace(strings.TrimPrefix(first, "Client Version:"))
	}
	return fmt.Sprintf("jointplan %s, %s, %s", commit, plane, runtime.Version())
}
