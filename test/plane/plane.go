// Package plane gives tests the API server that `make test` runs: one for the whole run, with a namespace per test.
package plane

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers"
)

// Kubeconfig is the environment variable that names the kubeconfig of the plane; `localplane run` sets it.
const Kubeconfig = "JOINTPLAN_PLANE_KUBECONFIG"

// testLabel marks the cluster-scoped objects of one test.
const testLabel = "jointplan.dev/test"

// Patience is how long tests wait for something that should happen soon, on a slow and busy machine.
const Patience = 60 * time.Second

// Scheme returns a scheme with the project's kinds and those of Kubernetes.
func Scheme(tb testing.TB) *runtime.Scheme {
	tb.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, v1alpha1.AddToScheme, metav1.AddMetaToScheme} {
		if err := add(scheme); err != nil {
			tb.Fatal(err)
		}
	}
	return scheme
}

// Config returns how to reach the API server, as an administrator.
func Config(tb testing.TB) *rest.Config {
	tb.Helper()
	path := os.Getenv(Kubeconfig)
	if path == "" {
		tb.Fatalf("%s is not set: run these tests with `make test`, or with\n"+
			"bin/localplane/localplane run --audit --crds config/crd/bases -- go test ./test/...", Kubeconfig)
	}
	config, err := clientcmd.BuildConfigFromFlags("", path)
	if err != nil {
		tb.Fatal(err)
	}
	config.QPS = -1
	return config
}

// administrator is the one client of a test process that Client returns: to make one, the API server is asked for all its kinds.
var administrator struct {
	sync.Mutex
	client.WithWatch
}

// Client returns a client without a cache, as an administrator.
func Client(tb testing.TB) client.WithWatch {
	tb.Helper()
	administrator.Lock()
	defer administrator.Unlock()
	if administrator.WithWatch == nil {
		c, err := client.NewWithWatch(Config(tb), client.Options{Scheme: Scheme(tb)})
		if err != nil {
			tb.Fatal(err)
		}
		administrator.WithWatch = c
	}
	return administrator.WithWatch
}

// Namespace creates a namespace for a test and deletes it at the end.
func Namespace(tb testing.TB, c client.Client) string {
	tb.Helper()
	namespace := &corev1.Namespace{}
	namespace.Name = Unique(tb)
	namespace.Labels = map[string]string{testLabel: namespace.Name}
	if err := c.Create(tb.Context(), namespace); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Delete(context.Background(), namespace) })
	return namespace.Name
}

// Unique returns a name that no other test has.
func Unique(tb testing.TB) string {
	tb.Helper()
	raw := make([]byte, 5)
	if _, err := rand.Read(raw); err != nil {
		tb.Fatal(err)
	}
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		default:
			return '-'
		}
	}, strings.ToLower(tb.Name()))
	return "t-" + strings.Trim(clean[:min(len(clean), 40)], "-") + "-" + hex.EncodeToString(raw)
}

// Mark marks a cluster-scoped object as belonging to the test of a namespace, so that the test's manager sees it.
func Mark(object client.Object, namespace string) {
	marked := object.GetLabels()
	if marked == nil {
		marked = map[string]string{}
	}
	marked[testLabel] = namespace
	object.SetLabels(marked)
}

// Scope says which objects a test's manager sees, so that the managers of several tests do not meet.
type Scope struct {
	// Namespaces are the namespaces of the test.
	Namespaces []string
	// Programs selects the cluster-scoped objects of the test.
	Programs labels.Selector
	// Resync is how often all objects are reconciled again; zero means never.
	Resync time.Duration
	// Metrics is where the manager registers its metrics; absent means nowhere.
	Metrics prometheus.Registerer
	// Wrap wraps the client through which the manager writes; absent means that nothing does.
	Wrap func(client.WithWatch) client.Client

	mark string // the namespace whose mark the cluster-scoped objects have; empty for unmarked ones
}

// ScopeOf returns the scope of a test with one namespace, whose cluster-scoped objects are marked.
func ScopeOf(namespace string) Scope {
	return Scope{Namespaces: []string{namespace}, Programs: labels.SelectorFromSet(labels.Set{testLabel: namespace}), mark: namespace}
}

// Unmarked selects the objects that no test has marked: the samples.
func Unmarked(tb testing.TB) labels.Selector {
	tb.Helper()
	selector, err := labels.Parse("!" + testLabel)
	if err != nil {
		tb.Fatal(err)
	}
	return selector
}

// Manager is a manager that runs in the test's process.
type Manager struct {
	// Stop stops it, if it runs, and waits for its end.
	Stop func()
	// Suffix is what its controllers' names end in.
	Suffix string
}

// StartManager runs the controllers of all kinds until the test ends, as the manager's service account, with its rights and no more. The user
// agent tells its requests from others in the audit log.
func StartManager(tb testing.TB, scope Scope, userAgent string, now clock.PassiveClock) Manager {
	tb.Helper()
	ctrl.SetLogger(logr.Discard()) // what a test wants to know it asks for
	Guard(tb)
	config := Config(tb)
	config.UserAgent = userAgent
	config.Impersonate = rest.ImpersonationConfig{UserName: ManagerAccount}
	namespaces := map[string]cache.Config{}
	for _, namespace := range scope.Namespaces {
		namespaces[namespace] = cache.Config{}
	}
	var resync *time.Duration
	if scope.Resync > 0 {
		resync = &scope.Resync
	}
	mgr, err := ctrl.NewManager(config, ctrl.Options{
		Scheme:    Scheme(tb),
		Metrics:   metricsserver.Options{BindAddress: "0"},
		NewClient: scope.newClient(),
		Cache: cache.Options{
			DefaultTransform:  cache.TransformStripManagedFields(),
			DefaultNamespaces: namespaces,
			SyncPeriod:        resync,
			ByObject: map[client.Object]cache.ByObject{
				&v1alpha1.PartnerProgram{}:     {Label: scope.Programs},
				&v1alpha1.ChannelStrategy{}:    {Label: scope.Programs},
				&v1alpha1.ChannelManager{}:     {Label: scope.Programs},
				&v1alpha1.ProgramReport{}:      {Label: scope.Programs},
				&v1alpha1.Benchmark{}:          {Label: scope.Programs},
				&v1alpha1.PublishedBenchmark{}: {Label: scope.Programs},
				&v1alpha1.MDFBudget{}:          {Label: scope.Programs},
				&v1alpha1.MDFLedger{}:          {Label: scope.Programs},
				&corev1.Namespace{}:            {Label: scope.Programs},
			},
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	running := Manager{Suffix: "-" + Unique(tb)}
	if err := controllers.Setup(ctx, mgr, controllers.Options{Clock: now, Workers: 4, Suffix: running.Suffix, Metrics: scope.Metrics}); err != nil {
		cancel()
		tb.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- mgr.Start(ctx) }()
	running.Stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			tb.Errorf("the manager failed: %v", err)
		}
	})
	tb.Cleanup(running.Stop)
	return running
}

// Eventually waits until a check returns nothing; it fails the test with what the check last returned.
func Eventually(tb testing.TB, check func() (problem string)) {
	tb.Helper()
	deadline := time.NewTimer(Patience)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for problem := check(); problem != ""; problem = check() {
		select {
		case <-deadline.C:
			tb.Fatalf("not within %s: %s", Patience, problem)
		case <-tick.C:
		}
	}
}
