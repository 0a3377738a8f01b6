// Command demo runs the operator with the samples on a local control plane: it starts the plane, installs the kinds, roles and admission
// policies, starts the manager as its own service account, applies the samples, waits until all of them are evaluated and shows how they
// stand.
//
//	make run     stays until Ctrl-C
//	make demo    stops once everything is evaluated; fails if it is not
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	ctrl "sigs.k8s.io/controller-runtime"
)

// convergence is how long the evaluation of the samples may take on a slow machine.
const convergence = 2 * time.Minute

// settings are what the flags say.
type settings struct {
	dir   string
	clock string
	stay  bool
}

func main() {
	var s settings
	flag.StringVar(&s.dir, "dir", ".localplane/demo", "folder of the control plane; its data are made anew")
	flag.StringVar(&s.clock, "clock-start", "", "instant (RFC 3339) at which the manager's clock starts")
	flag.BoolVar(&s.stay, "stay", false, "stay until Ctrl-C")
	flag.Parse()
	ctrl.SetLogger(logr.Discard())
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		stop()
		os.Exit(1) //nolint:gocritic // the deferred stop was called
	}
}

func run(ctx context.Context, s settings) (failure error) {
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return err
	}
	plane := plane{dir: dir}
	defer func() { failure = errors.Join(failure, plane.stop()) }() //nolint:contextcheck // it stops also when the context has ended
	if err := plane.start(ctx); err != nil {
		return ended(ctx, err)
	}
	if err := plane.install(ctx); err != nil {
		return ended(ctx, err)
	}
	manager, err := plane.startManager(ctx, s.clock)
	if err != nil {
		return ended(ctx, err)
	}
	defer func() { failure = errors.Join(failure, manager.stop()) }()
	if err := plane.applySamples(ctx); err != nil {
		return ended(ctx, err)
	}
	objects, err := plane.waitEvaluated(ctx, manager)
	if err != nil {
		return ended(ctx, err)
	}
	show(os.Stdout, objects, s, plane.kubeconfig())
	if !s.stay {
		return nil
	}
	select {
	case <-ctx.Done():
		sayf("stopping")
		return nil
	case err := <-manager.done:
		return fmt.Errorf("the manager stopped: %w; its log is %s", err, manager.log)
	}
}

// ended returns nothing if the person ended the run, else the error.
func ended(ctx context.Context, err error) error {
	if errors.Is(context.Cause(ctx), context.Canceled) {
		err = nil
	}
	return err
}

func sayf(format string, args ...any) { fmt.Fprintf(os.Stderr, "demo: "+format+"\n", args...) }
