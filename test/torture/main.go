// Command torture does to the operator what should never happen to it, on a local control plane with fresh data, and looks at whether all is right
// afterwards: money to the cent, every payment settled, every object evaluated.
//
//	make torture                                   about 10 minutes on 2 cores
//	make torture TORTURE="-only noisy -for 30s"    one leg, shorter
//
// Each leg prints its figures. It ends with an error when one of them is not within its bar or anything does not hold.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	ctrl "sigs.k8s.io/controller-runtime"

	"jointplan.dev/jointplan/test/bench/report"
)

// settings are what the flags say.
type settings struct {
	only     string
	noise    int
	costs    int
	writers  int
	partners int
	lasting  time.Duration
	rounds   int
	objects  int
	away     time.Duration
	patience time.Duration
	logs     bool
}

// leg is one thing that is done to the operator.
type leg struct {
	name string
	does string
	run  func(*torture, context.Context) error
}

func legs() []leg {
	return []leg{
		{"noisy", "one tenant writes as much as it can beside others", (*torture).noisy},
		{"kill", "manager, API server and store are killed under load", (*torture).kill},
		{"outage", "the API server is away for a while", (*torture).outage},
		{"full", "the store runs full while payments wait", (*torture).full},
		{"restore", "the store is put back to a backup under a running manager", (*torture).restore},
		{"fence", "a manager is paused while another one takes over", (*torture).fence},
	}
}

func names() []string {
	var list []string
	for _, l := range legs() {
		list = append(list, l.name)
	}
	return list
}

func main() {
	var s settings
	flag.StringVar(&s.only, "only", "", "run only these legs, such as noisy,kill; empty means all: "+strings.Join(names(), ","))
	flag.IntVar(&s.noise, "noise", 1500, "noisy: number of requests, and of claims, that one tenant writes")
	flag.IntVar(&s.costs, "costs", 32, "noisy: number of costs of each of these claims")
	flag.IntVar(&s.writers, "writers", 8, "noisy: number of its writers. More write no more on two cores; each only waits longer, and so does everybody else")
	flag.IntVar(&s.partners, "partners", 6, "number of partners in the namespace that they share")
	flag.DurationVar(&s.lasting, "for", time.Minute, "noisy: how long the others are measured, from the first write of the one on")
	flag.IntVar(&s.rounds, "rounds", 2, "kill: how often each of the processes is killed")
	flag.IntVar(&s.objects, "objects", 1000, "outage: number of objects")
	flag.DurationVar(&s.away, "away", 30*time.Second, "outage, full: how long the server is away or the store full")
	flag.DurationVar(&s.patience, "patience", 5*time.Minute, "how long it may take until all is at rest, before a leg is given up")
	flag.BoolVar(&s.logs, "logs", false, "show the end of the manager's log at the end of each leg")
	flag.Parse()
	ctrl.SetLogger(logr.Discard())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := (&torture{settings: s}).all(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "torture:", err)
		stop()
		os.Exit(1) //nolint:gocritic // the deferred stop was called
	}
}

// torture is one run.
type torture struct {
	settings

	report report.Report
	leg    string
	wrong  []string
}

// all runs the legs that are requested, one after the other. One that fails does not keep the next from being run.
func (t *torture) all(ctx context.Context) error {
	started := time.Now()
	var failure error
	for _, l := range legs() {
		if t.only != "" && !slices.Contains(strings.Split(t.only, ","), l.name) {
			continue
		}
		t.leg = l.name
		sayf("%s: %s", l.name, l.does)
		if err := l.run(t, ctx); err != nil {
			failure = errors.Join(failure, fmt.Errorf("%s: %w", l.name, err))
			sayf("  not to its end: %v", err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	fmt.Fprintln(os.Stdout)
	failure = errors.Join(failure, t.report.Table(os.Stdout))
	sayf("took %s", time.Since(started).Round(time.Second))
	for _, text := range t.wrong {
		failure = errors.Join(failure, errors.New(text))
	}
	return failure
}

// figure adds a figure of the present leg, and says it. One outside its bar is wrong.
func (t *torture) figure(name, unit string, bar *report.Bar, value float64) {
	f := report.New(t.leg+": "+name, unit, bar, value)
	t.report.Figures = append(t.report.Figures, f)
	sayf("  %s: %.4g %s", name, value, unit)
	if f.Meets != nil && !*f.Meets {
		t.wrongf("%s is %.4g %s, and its bar is %s", name, value, unit, bar)
	}
}

// wrongf notes that something does not hold.
func (t *torture) wrongf(format string, args ...any) {
	text := t.leg + ": " + fmt.Sprintf(format, args...)
	t.wrong = append(t.wrong, text)
	sayf("  WRONG: %s", text)
}

func sayf(format string, args ...any) { fmt.Fprintf(os.Stderr, "torture: "+format+"\n", args...) }

// pause waits for a while, or until the context ends.
func pause(ctx context.Context, wait time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}
