// Command manager is the operator: it evaluates joint plans and all that belongs to them on an API server.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
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
	"jointplan.dev/jointplan/cmd/manager/internal/fence"
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
	clock, err := fence.NewClock(s.clockStart)
	if err != nil {
		return err
	}
	config, err := ctrl.GetConfig()
	if err != nil {
		return fmt.Errorf("no cluster to connect to: %w", err)
	}
	config.DisableCompression = true // it costs both sides more than it saves within a cluster
	config.QPS = -1                  // the API server's own priority and fairness is the limit
	config.WarningHandlerWithContext = log.NewKubeAPIWarningLogger(log.KubeAPIWarningLoggerOptions{Deduplicate: true})
	account, err := awaitServer(ctx, config, s.probeAddress, askAgain)
	if err != nil {
		return err
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	guard, err := fence.New(config, fence.Settings{
		Namespace: s.electionNamespace, Alone: !s.leaderElect, Clock: clock, Tell: distrust(config), End: end, Log: ctrl.Log.WithName("fence"),
	})
	if err != nil {
		return err
	}
	if err := guard.Look(ctx); err != nil {
		return err
	}
	mgr, err := newManager(guard.Guard(config), s, guard.Lock())
	if err != nil {
		return err
	}
	if err := mgr.AddReadyzCheck("fence", func(*http.Request) error { return guard.Ready() }); err != nil {
		return err
	}
	if err := registerFence(metrics.Registry, guard); err != nil {
		return err
	}
	options := controllers.Options{Clock: clock, Workers: s.workers, Account: account, Metrics: metrics.Registry}
	if err := controllers.Setup(ctx, mgr, options); err != nil {
		return err
	}
	err = mgr.Start(ctx)
	if reason := context.Cause(ctx); reason != nil && !errors.Is(reason, context.Canceled) {
		return reason
	}
	return err
}

func parse(args []string) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("manager", flag.ContinueOnError)
	flags.BoolVar(&s.leaderElect, "leader-elect", true,
		"wait while another manager works; without it this one ends when another works, and another one when this does. For development")
	flags.StringVar(&s.electionNamespace, "leader-elect-namespace", "",
		"namespace of the lease; empty means the pod's own, and jointplan-system outside a cluster")
	flags.StringVar(&s.metricsAddress, "metrics-bind-address", ":8443",
		"address of the metrics endpoint (HTTPS, with authentication and authorisation by the API server); 0 turns it off")
	flags.StringVar(&s.probeAddress, "health-probe-bind-address", ":8081", "address of /healthz and /readyz; 0 turns them off")
	flags.StringVar(&s.clockStart, "clock-start", "",
		"instant (RFC 3339) at which the manager's clock starts, from which it runs on, also while no manager runs; empty means the real time. "+
			"The lease keeps it, and a manager with another clock does not start. For samples and rehearsals")
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

// newScheme returns the kinds that the manager reads and writes.
func newScheme() (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, metav1.AddMetaToScheme, admissionv1.AddToScheme} {
		if err := add(scheme); err != nil {
			return nil, err
		}
	}
	return scheme, nil
}

func newManager(config *rest.Config, s settings, lock resourcelock.Interface) (manager.Manager, error) {
	scheme, err := newScheme()
	if err != nil {
		return nil, err
	}
	grace, duration, deadline, retry := 20*time.Second, fence.LeaseDuration, fence.RenewDeadline, fence.RetryPeriod
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
		HealthProbeBindAddress:              s.probeAddress,
		LeaderElection:                      true,
		LeaderElectionID:                    fence.LeaseName,
		LeaderElectionResourceLockInterface: lock,
		LeaseDuration:                       &duration,
		RenewDeadline:                       &deadline,
		RetryPeriod:                         &retry,
		LeaderElectionReleaseOnCancel:       true,
		GracefulShutdownTimeout:             &grace,
	})
	if err != nil {
		return nil, fmt.Errorf("set up the manager: %w", err)
	}
	if err := mgr.AddHealthzCheck("ping", healthz.Ping); err != nil {
		return nil, err
	}
	return mgr, mgr.AddReadyzCheck("caches", cachesSynced(mgr))
}
