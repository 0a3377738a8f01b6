package fence

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/util/uuid"
	coordination "k8s.io/client-go/kubernetes/typed/coordination/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection/resourcelock"

	"jointplan.dev/jointplan/internal/printable"
)

const (
	// LeaseName is the name of the lease.
	LeaseName = "manager.channel.jointplan.dev"
	// LeaseDuration is how long others wait for a manager that does not renew its lease.
	LeaseDuration = 15 * time.Second
	// RenewDeadline is how long a manager may write after it last renewed its lease. That it is shorter than LeaseDuration keeps two from writing.
	RenewDeadline = 10 * time.Second
	// RetryPeriod is the time between two renewals, and between two attempts to get the lease.
	RetryPeriod = 2 * time.Second

	// startLimit and limit are how far the clock may be from the API server's when a manager begins to work, and while it works. Days and deadlines take
	// effect as much too early or too late, so both are short beside a day. They differ, so that a clock that drifts does not start and stop a
	// manager again and again.
	startLimit = 30 * time.Second
	limit      = time.Minute

	defaultNamespace = "jointplan-system"
	namespaceFile    = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"
)

// Settings say which lease a manager takes and how.
type Settings struct {
	// Namespace is that of the lease. Empty means that of the pod; outside a cluster jointplan-system.
	Namespace string
	// Alone says that a manager does not wait for its turn: of two, one ends.
	Alone bool
	// Clock is what the manager is told of the time. The lease keeps when it was started.
	Clock *Clock
	// Tell says on the budgets why nothing is evaluated, at an instant of the manager's clock as the API server's would have it. It is told again and
	// again while that lasts.
	Tell func(ctx context.Context, message string, at time.Time) error
	// End ends the manager with the reason.
	End func(reason error)
	// Log takes what nobody else is told.
	Log logr.Logger
}

// Fence lets a manager write while it holds the lease and its clock is right. Several goroutines may use it.
type Fence struct {
	Settings

	identity string
	leases   coordination.LeasesGetter
	pause    time.Duration // between two looks at a clock that is wrong

	mu       sync.Mutex
	renewed  *instant // when the lease was last renewed: when it was asked for, as others may count from then; nil before the first time
	ended    error    // why this manager never writes again
	skew     skew
	version  uint64    // the highest resource version that was seen
	restored time.Time // when a manager last saw that the store had been restored
	seen     sighting  // of another manager's lease
}

// New returns the fence of a manager that connects with a configuration.
func New(config *rest.Config, settings Settings) (*Fence, error) {
	host, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("name this manager: %w", err)
	}
	settings.Namespace = namespaceOf(settings.Namespace, os.ReadFile)
	f := &Fence{Settings: settings, identity: host + "_" + string(uuid.NewUUID()), pause: RetryPeriod}
	config = rest.AddUserAgent(rest.CopyConfig(config), "leader-election")
	config.Timeout = RenewDeadline / 2 // a request that hangs must leave time for another one
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return dates{next, f} })
	f.leases, err = coordination.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connect to the cluster: %w", err)
	}
	return f, nil
}

// namespaceOf returns the namespace of the lease: the one that is set, else that of the pod in which this process runs, else the one in which managers
// run as a rule.
func namespaceOf(set string, read func(string) ([]byte, error)) string {
	pod, err := read(namespaceFile)
	if err != nil {
		pod = nil // outside a cluster
	}
	return cmp.Or(set, strings.TrimSpace(string(pod)), defaultNamespace)
}

// Guard returns a configuration with which a manager writes while the fence lets it.
func (f *Fence) Guard(config *rest.Config) *rest.Config {
	config = rest.CopyConfig(config)
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return guard{next, f} })
	return config
}

// Lock returns the lock by which managers are elected.
func (f *Fence) Lock() resourcelock.Interface {
	lock := &resourcelock.LeaseLock{Client: leases{f.leases, f}, LockConfig: resourcelock.ResourceLockConfig{Identity: f.identity}}
	lock.LeaseMeta.Namespace, lock.LeaseMeta.Name = f.Namespace, LeaseName
	return lock
}

// Skew returns by how many seconds this machine's clock is ahead of the API server's, as far as that is known.
func (f *Fence) Skew() float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.skew.middle().Seconds()
}

// left returns how long a write may take that begins now, or why none may begin.
func (f *Fence) left() (time.Duration, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended != nil {
		return 0, fmt.Errorf("nothing is written any more: %w", f.ended)
	}
	if f.renewed == nil {
		return 0, fmt.Errorf("nothing is written: this manager does not hold the lease %s", f.lease())
	}
	now := f.Clock.machine()
	left := RenewDeadline - now.since(*f.renewed)
	switch {
	case left <= 0:
		return 0, fmt.Errorf("nothing is written: the lease %s was last renewed at %s, more than %s ago, and another manager may have taken it: "+
			"this one goes on when it has renewed it", f.lease(), shown(f.renewed.wall), RenewDeadline)
	case f.Clock.setBack(now) > limit:
		return 0, errors.New("nothing is written: the clock of this machine was just set back")
	}
	return left, nil
}

func (f *Fence) lease() string { return f.Namespace + "/" + LeaseName }

// end ends the manager permanently: from now on nothing is written, but what the last words are.
func (f *Fence) end(reason error, last ...func()) error {
	f.mu.Lock()
	first := f.ended == nil
	if first {
		f.ended = reason
	}
	f.mu.Unlock()
	if first {
		for _, say := range last {
			say()
		}
		f.End(reason)
	}
	return reason
}

// works reports whether this manager has had the lease.
func (f *Fence) works() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.renewed != nil
}

// doubt says what is wrong with the clock of this machine; empty when nothing is known to be. At is the instant at which that was seen, by the API
// server.
func (f *Fence) doubt() (message string, at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	allowed := startLimit
	if f.renewed != nil {
		allowed = limit
	}
	if !f.skew.beyond(allowed) {
		return "", f.skew.theirs
	}
	distance, side := f.skew.middle(), "ahead"
	if distance < 0 {
		distance, side = -distance, "behind"
	}
	return fmt.Sprintf("when the API server's clock stood at %s, that of the manager on %s stood at %s: %s %s, and at most %s is allowed. Nothing is "+
		"evaluated, granted, released or settled until they agree, so that no deadline passes by a wrong clock. The cluster's administrator must correct "+
		"the clock that is wrong; the manager then goes on by itself",
		shown(f.skew.theirs), printable.Line(f.host()), shown(f.skew.ours), distance.Round(time.Second), side, startLimit), f.skew.theirs
}

func (f *Fence) host() string {
	host, _, _ := strings.Cut(f.identity, "_")
	return host
}

func shown(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// dates reads the time by the API server from its answers.
type dates struct {
	next  http.RoundTripper
	fence *Fence
}

// RoundTrip sends a request and looks at the date of the answer.
func (d dates) RoundTrip(request *http.Request) (*http.Response, error) {
	sent := d.fence.Clock.machine()
	response, err := d.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		received := d.fence.Clock.machine()
		d.fence.mu.Lock()
		d.fence.skew = measure(date, sent.wall, received.wall)
		d.fence.mu.Unlock()
	}
	return response, nil
}

// WrappedRoundTripper returns what sends the requests, so that client-go can cancel them.
func (d dates) WrappedRoundTripper() http.RoundTripper { return d.next }

// guard lets writes pass while the fence does, and ends them in time.
type guard struct {
	next  http.RoundTripper
	fence *Fence
}

// RoundTrip sends a request unless it is a write that may not begin now.
func (g guard) RoundTrip(request *http.Request) (*http.Response, error) {
	if !writes(request) {
		return g.next.RoundTrip(request)
	}
	left, err := g.fence.left()
	if err != nil {
		if request.Body != nil {
			_ = request.Body.Close() // as a RoundTripper must
		}
		return nil, err
	}
	ctx, cancel := context.WithTimeout(request.Context(), left)
	response, err := g.next.RoundTrip(request.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	response.Body = answer{response.Body, cancel}
	return response, nil
}

// WrappedRoundTripper returns what sends the requests, so that client-go can cancel them.
func (g guard) WrappedRoundTripper() http.RoundTripper { return g.next }

// questions begin the paths of what is created to ask something: who somebody is, and what an account may do.
var questions = []string{"/apis/authentication.k8s.io/", "/apis/authorization.k8s.io/"}

// writes reports whether a request changes anything.
func writes(request *http.Request) bool {
	switch request.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return false
	}
	for _, begin := range questions {
		if strings.Contains(request.URL.Path, begin) { // an address of a cluster may have a path of its own before it
			return false
		}
	}
	return true
}

// answer is the body of an answer, whose deadline ends with it.
type answer struct {
	io.ReadCloser

	done context.CancelFunc
}

// Close ends the reading of the answer.
func (a answer) Close() error {
	defer a.done()
	return a.ReadCloser.Close()
}
