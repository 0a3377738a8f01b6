// Command bench measures how close the operator comes to the limit that the API server sets, on a local control plane with fresh data.
//
//	make bench          about 15 minutes on 2 cores
//	make bench-large    adds 10,000 and 100,000 objects
//
// docs/performance.md says how to read what it finds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/go-logr/logr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"jointplan.dev/jointplan/test/bench/gen"
	"jointplan.dev/jointplan/test/bench/peer"
	"jointplan.dev/jointplan/test/bench/report"
)

// settings are what the flags say.
type settings struct {
	large   bool
	only    string
	docs    bool
	out     string
	seed    uint64
	objects int
	pairs   int
	flags   string
	logs    bool
	profile string
	// patience is how often a leg is repeated that was disturbed.
	patience int
	// clock is the instant at which the clock of a role starts.
	clock string
}

func main() {
	var s settings
	var role string
	zapOptions := zap.Options{}
	zapFlags := flag.NewFlagSet("log", flag.ContinueOnError)
	zapOptions.BindFlags(zapFlags)
	flag.BoolVar(&s.large, "large", false, "10,000 and 100,000 objects, 10,000 edits, 5,000 deadlines: takes hours")
	flag.StringVar(&s.only, "only", "", "run only these workloads, such as cold,edit; empty means all: "+strings.Join(names(), ","))
	flag.BoolVar(&s.docs, "docs", false, "write the figures into docs/performance.md")
	flag.StringVar(&s.out, "out", "test/bench/latest.json", "file for the figures; empty means none")
	flag.Uint64Var(&s.seed, "seed", 1, "seed of the generated objects")
	flag.IntVar(&s.objects, "n", 0, "number of objects instead of 300 and 1,000")
	flag.IntVar(&s.pairs, "pairs", 3, "number of pairs of a run of the manager and one of the raw client")
	flag.StringVar(&s.flags, "manager", "", "more flags of the manager, such as --workers=32")
	flag.BoolVar(&s.logs, "logs", false, "show the manager's log at the end of each of its runs, and how the writes of each leg went on")
	flag.IntVar(&s.patience, "patience", 0, "on a machine that others use: wait for moments in which they do not, and repeat a cold start up to "+
		"the number of times that was disturbed")
	flag.StringVar(&s.profile, "profile", "", "run the controllers in a process that writes its CPU profile into this file, instead of the manager as it ships")
	flag.StringVar(&s.clock, "clock", gen.Clock, "internal: the instant at which the clock of a role starts")
	flag.StringVar(&role, "role", "", "internal: run as peer, as bare informers or with a resync instead")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	switch role {
	case "":
		ctrl.SetLogger(logr.Discard())
		err = measure(ctx, s)
	default:
		_ = zapFlags.Parse([]string{"--zap-time-encoding", "rfc3339nano"})
		ctrl.SetLogger(zap.New(zap.UseFlagOptions(&zapOptions)))
		err = play(ctx, role, s.clock, s.profile)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1) //nolint:gocritic // the deferred stop was called
	}
}

// play runs this process as what the manager is compared with.
func play(ctx context.Context, role, clock, profile string) error {
	switch role {
	case "peer":
		return peer.Run(ctx)
	case "bare":
		return bare(ctx)
	case "resync":
		return resyncing(ctx, clock)
	case "profiled":
		return profiled(ctx, clock, profile)
	default:
		return fmt.Errorf("no role %q", role)
	}
}

func measure(ctx context.Context, s settings) error {
	started := time.Now()
	b := &bench{settings: s, report: &report.Report{Machine: machine(), Versions: versions(ctx), Date: started.UTC().Format("2006-01-02 15:04 MST")}}
	failure := b.run(ctx)
	fmt.Fprintln(os.Stdout)
	failure = errors.Join(failure, b.report.Table(os.Stdout))
	sayf("took %s", time.Since(started).Round(time.Second))
	if failure != nil || len(b.report.Figures) == 0 {
		return failure
	}
	if s.out != "" {
		if err := b.report.Write(s.out); err != nil {
			return err
		}
	}
	if !s.docs {
		return nil
	}
	return document(filepath.Join("docs", "performance.md"), b.report)
}

// document writes the figures into a document.
func document(path string, r *report.Report) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, err := report.Document(string(raw), r.Markdown())
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

func sayf(format string, args ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...) }
