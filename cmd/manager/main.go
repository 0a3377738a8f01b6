// Command manager is the operator: it evaluates joint plans and all that belongs to them on an API server.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	"sigs.k8s.io/controller-runtime/pkg/metrics/filters"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers"
)

// settings are what the flags say.
type settings struct {
	leaderElect       bool
	electionNamespace string
	metricsAddress    string
	probeAddress      string
	clockStart        string
	workers           int
	log               zap.Options
}

func main() {
	if err := run(ctrl.SetupSignalHandler(), os.Args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintln(os.Stderr, "manager:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	s, err := parse(args)
	if err != nil {
		return err
	}
	setLog(&s.log)
	tuneCollector()
	clock, err := newClock(s.clockStart)
	if err != nil {
		return err
	}
	config, err := ctrl.GetConfig()
	if err != nil {
		return fmt.Errorf("no cluster to connect to: %w", err)
	}
	config.QPS = -1 // the API server's own priority and fairness is the limit
	config.WarningHandlerWithContext = log.NewKubeAPIWarningLogger(log.KubeAPIWarningLoggerOptions{Deduplicate: true})
	account, err := whoAmI(ctx, config)
	if err != nil {
		return err
	}
	mgr, err := newManager(config, s)
	if err != nil {
		return err
	}
	options := controllers.Options{Clock: clock, Workers: s.workers, Account: account, Metrics: metrics.Registry}
	if err := controllers.Setup(ctx, mgr, options); err != nil {
		return err
	}
	return mgr.Start(ctx)
}

func parse(args []string) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("manager", flag.ContinueOnError)
	flags.BoolVar(&s.leaderElect, "leader-elect", false, "let only one of several managers work at a time")
	flags.StringVar(&s.electionNamespace, "leader-elect-namespace", "", "namespace of the lease; empty means the manager's own")
	flags.StringVar(&s.metricsAddress, "metrics-bind-address", ":8443",
		"address of the metrics endpoint (HTTPS, with authentication and authorisation by the API server); 0 turns it off")
	flags.StringVar(&s.probeAddress, "health-probe-bind-address", ":8081", "address of /healthz and /readyz; 0 turns them off")
	flags.StringVar(&s.clockStart, "clock-start", "",
		"instant (RFC 3339) at which the manager's clock starts, from which it runs on; empty means the real time. For samples and rehearsals")
	flags.IntVar(&s.workers, "workers", 32,
		"number of objects of one kind that are reconciled at the same time; of all kinds together after a start or the edit of a program")
	if existing := flag.CommandLine.Lookup("kubeconfig"); existing != nil {
		flags.Var(existing.Value, existing.Name, existing.Usage)
	}
	s.log.BindFlags(flags)
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if flags.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q: see --help", flags.Arg(0))
	}
	if s.workers < 1 {
		return s, errors.New("--workers must be at least 1")
	}
	return s, nil
}

func newManager(config *rest.Config, s settings) (manager.Manager, error) {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		return nil, err
	}
	for _, add := range []func(*runtime.Scheme) error{metav1.AddMetaToScheme, admissionv1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	grace := 20 * time.Second
	mgr, err := ctrl.NewManager(config, ctrl.Options{
		Scheme:    scheme,
		NewClient: controllers.NewClient,
		Cache:     cache.Options{DefaultTransform: cache.TransformStripManagedFields()},
		Metrics: metricsserver.Options{
			BindAddress:    s.metricsAddress,
			SecureServing:  true,
			FilterProvider: filters.WithAuthenticationAndAuthorization,
			TLSOpts:        []func(*tls.Config){func(c *tls.Config) { c.MinVersion = tls.VersionTLS12 }},
		},
		HealthProbeBindAddress:        s.probeAddress,
		LeaderElection:                s.leaderElect,
		LeaderElectionID:              "manager.channel.jointplan.dev",
		LeaderElectionNamespace:       s.electionNamespace,
		LeaderElectionReleaseOnCancel: true,
		GracefulShutdownTimeout:       &grace,
	})
	if err != nil {
		return nil, fmt.Errorf("set up the manager: %w", err)
	}
	if err := mgr.AddHealthzCheck("ping", healthz.Ping); err != nil {
		return nil, err
	}
	return mgr, mgr.AddReadyzCheck("caches", cachesSynced(mgr))
}
