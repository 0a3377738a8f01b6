package fence

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	coordinationv1 "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// noon is the instant at which tests begin.
var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// machine has the clocks of a machine.
type machine struct {
	mu  sync.Mutex
	now instant
}

// passes lets time pass by each clock.
func (m *machine) passes(wall, run time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = instant{m.now.wall.Add(wall), m.now.run + run}
}

func (m *machine) read() instant {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// server is an API server with one lease, and a clock of its own.
type server struct {
	mu       sync.Mutex
	lease    *coordinationv1.Lease
	version  int
	now      func() time.Time
	requests []string
	before   func(*http.Request) // what happens before an answer
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.before != nil {
		s.before(r)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.Method+" "+r.URL.Path)
	w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
	w.Header().Set("Content-Type", "application/json")
	refuse := func(err *apierrors.StatusError) {
		w.WriteHeader(int(err.ErrStatus.Code))
		answerWith(w, err.ErrStatus)
	}
	leases := coordinationv1.Resource("leases")
	switch {
	case !strings.Contains(r.URL.Path, "/leases"):
		_, _ = io.WriteString(w, "{}")
		return
	case strings.Contains(r.URL.Path, "/none-such/"):
		refuse(apierrors.NewNotFound(leases, "none-such"))
		return
	case r.Method == http.MethodGet:
		if s.lease == nil {
			refuse(apierrors.NewNotFound(leases, LeaseName))
			return
		}
	default:
		var lease coordinationv1.Lease
		if err := json.NewDecoder(r.Body).Decode(&lease); err != nil {
			panic(err)
		}
		if s.lease != nil && lease.ResourceVersion != s.lease.ResourceVersion {
			refuse(apierrors.NewConflict(leases, LeaseName, errors.New("changed")))
			return
		}
		s.put(&lease)
	}
	answerWith(w, s.lease)
}

// RoundTrip answers a request without a network, so that no test waits for one and time is what a test makes it.
func (s *server) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Body != nil {
		defer func() { _ = request.Body.Close() }() // as a RoundTripper must
	}
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	return recorder.Result(), nil
}

func answerWith(w io.Writer, object any) {
	raw, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	_, _ = w.Write(raw)
}

// put stores a lease.
func (s *server) put(lease *coordinationv1.Lease) {
	s.version++
	lease.ResourceVersion = fmt.Sprint(s.version)
	lease.APIVersion, lease.Kind = "coordination.k8s.io/v1", "Lease"
	s.lease = lease
}

// held stores a lease that another manager holds.
func (s *server) held(holder string, renewed time.Time, annotations map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	acquired, at := metav1.NewMicroTime(noon.Add(-time.Hour)), metav1.NewMicroTime(renewed)
	s.put(&coordinationv1.Lease{
		ObjectMeta: metav1.ObjectMeta{Name: LeaseName, Namespace: defaultNamespace, Annotations: annotations},
		Spec:       coordinationv1.LeaseSpec{HolderIdentity: &holder, AcquireTime: &acquired, RenewTime: &at},
	})
}

// world is a manager's fence before a server.
type world struct {
	*testing.T
	*machine
	*server

	fence  *Fence
	config *rest.Config
	lock   resourcelock.Interface
	told   []string
	ended  error
}

// newWorld makes the fence of a manager and a server whose clock is right; change changes the settings.
func newWorld(t *testing.T, change func(*Settings)) *world {
	t.Helper()
	w := &world{T: t, machine: &machine{now: instant{wall: noon}}, server: &server{}}
	w.server.now = func() time.Time { return w.read().wall }
	w.config = &rest.Config{Host: "http://api-server", Transport: w.server, ContentConfig: rest.ContentConfig{ContentType: "application/json", AcceptContentTypes: "application/json"}}
	settings := Settings{
		Clock: clockOf(t, "", w.read), End: func(err error) { w.ended = err }, Log: logr.Discard(),
		Tell: func(_ context.Context, message string, at time.Time) error {
			w.told = append(w.told, at.UTC().Format(time.RFC3339)+" "+message)
			return nil
		},
	}
	if change != nil {
		change(&settings)
	}
	settings.Clock.machine = w.read
	f, err := New(w.config, settings)
	if err != nil {
		t.Fatal(err)
	}
	f.pause, f.identity = time.Millisecond, "node-1_b3c1"
	w.fence, w.lock = f, f.Lock()
	return w
}

func clockOf(t *testing.T, start string, machine func() instant) *Clock {
	t.Helper()
	c, err := newClock(start, machine)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// at are the clocks of a machine that stand still.
func at(wall time.Time) func() instant { return func() instant { return instant{wall: wall} } }

// record is what a manager writes as the holder of the lease.
func (w *world) record() resourcelock.LeaderElectionRecord {
	at := metav1.NewTime(w.read().wall)
	return resourcelock.LeaderElectionRecord{HolderIdentity: w.lock.Identity(), LeaseDurationSeconds: 15, AcquireTime: at, RenewTime: at}
}

// take takes the lease as the election does.
func (w *world) take() {
	w.Helper()
	_, _, err := w.lock.Get(w.Context())
	switch {
	case apierrors.IsNotFound(err):
		err = w.lock.Create(w.Context(), w.record())
	case err == nil:
		err = w.lock.Update(w.Context(), w.record())
	}
	if err != nil {
		w.Fatal(err)
	}
}

// write sends a request through the fence. It returns what stops it.
func (w *world) write(method, path string) error {
	w.Helper()
	client, err := rest.HTTPClientFor(w.fence.Guard(w.config))
	if err != nil {
		w.Fatal(err)
	}
	request, err := http.NewRequestWithContext(w.Context(), method, w.config.Host+path, strings.NewReader("{}"))
	if err != nil {
		w.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		return errors.Unwrap(err) // without the address
	}
	_, _ = io.Copy(io.Discard, response.Body)
	return response.Body.Close()
}

const statusOfPlan = "/apis/channel.jointplan.dev/v1alpha1/namespaces/acme/jointplans/h1/status"

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestAWritePassesWhileTheLeaseIsHeldAndWasRenewedInTime(t *testing.T) {
	const (
		late = "nothing is written: the lease jointplan-system/manager.channel.jointplan.dev was last renewed at 2026-11-30 12:00:00 UTC, more than 10s ago, " +
			"and another manager may have taken it: this one goes on when it has renewed it"
		back = "nothing is written: the clock of this machine was just set back"
	)
	for name, tc := range map[string]struct {
		wall, run time.Duration // what passes since the renewal
		want      string
	}{
		"just renewed":                      {0, 0, ""},
		"a moment before the deadline":      {RenewDeadline - time.Millisecond, RenewDeadline - time.Millisecond, ""},
		"at the deadline":                   {RenewDeadline, RenewDeadline, late},
		"a process that was paused":         {time.Minute, time.Minute, late},
		"a machine that was asleep":         {time.Minute, time.Second, late},
		"a clock that was set forward":      {24 * time.Hour, time.Second, late},
		"a clock that was set back, paused": {-time.Hour, time.Minute, late},
		"a clock that was set back":         {-time.Hour, time.Second, back},
		"a clock that was corrected a bit":  {-10 * time.Second, time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // a busy machine takes longer for a request than some of these have left
				w := newWorld(t, nil)
				w.take()
				w.passes(tc.wall, tc.run)
				if got := text(w.write(http.MethodPatch, statusOfPlan)); got != tc.want {
					t.Errorf("got %q, want %q", got, tc.want)
				}
			})
		})
	}
}

func TestWhatIsAWrite(t *testing.T) {
	const none = "nothing is written: this manager does not hold the lease jointplan-system/manager.channel.jointplan.dev"
	for request, want := range map[string]string{
		"GET " + statusOfPlan: "", "HEAD " + statusOfPlan: "",
		"POST /apis/channel.jointplan.dev/v1alpha1/mdfledgers":            none,
		"PUT /apis/channel.jointplan.dev/v1alpha1/mdfledgers/fy27":        none,
		"PATCH " + statusOfPlan:                                           none,
		"DELETE /apis/channel.jointplan.dev/v1alpha1/mdfledgers/fy27":     none,
		"POST /apis/events.k8s.io/v1/namespaces/acme/events":              none,
		"POST /apis/authentication.k8s.io/v1/tokenreviews":                "",
		"POST /apis/authorization.k8s.io/v1/subjectaccessreviews":         "",
		"POST /k8s/clusters/a/apis/authentication.k8s.io/v1/tokenreviews": "",
	} {
		t.Run(request, func(t *testing.T) {
			w := newWorld(t, nil)
			method, path, _ := strings.Cut(request, " ")
			if got := text(w.write(method, path)); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if reached := len(w.requests) > 0; reached != (want == "") {
				t.Errorf("the server got %v", w.requests)
			}
		})
	}
}

func TestAWriteEndsWhenTheLeaseDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const left = 50 * time.Millisecond
		w := newWorld(t, nil)
		w.take()
		w.passes(RenewDeadline-left, RenewDeadline-left)
		w.before = func(r *http.Request) {
			if r.Method == http.MethodPatch {
				<-r.Context().Done()
			}
		}
		began := time.Now()
		if err := w.write(http.MethodPatch, statusOfPlan); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want it to end", err)
		}
		if took := time.Since(began); took != left { // by the time of the bubble
			t.Errorf("it ended after %s, want %s", took, left)
		}
	})
}

func TestTheLeaseCountsFromTheRequestThatRenewedIt(t *testing.T) {
	w := newWorld(t, nil)
	w.take()
	w.before = func(*http.Request) { w.passes(4*time.Second, 4*time.Second) } // the others may count from the server's side
	w.take()
	w.before = nil
	left, err := w.fence.left()
	if want := RenewDeadline - 4*time.Second; err != nil || left != want {
		t.Errorf("%s left (%v), want %s", left, err, want)
	}
}

func TestNothingIsWrittenAfterTheLeaseWasGivenBack(t *testing.T) {
	w := newWorld(t, nil)
	w.take()
	released := w.record()
	released.HolderIdentity = ""
	if err := w.lock.Update(t.Context(), released); err != nil {
		t.Fatal(err)
	}
	const want = "nothing is written: this manager does not hold the lease jointplan-system/manager.channel.jointplan.dev"
	if got := text(w.write(http.MethodPatch, statusOfPlan)); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestTheManagersOwnConnectionStaysAsItIs keeps the short timeout of the lease's requests from others: it would end each watch.
func TestTheManagersOwnConnectionStaysAsItIs(t *testing.T) {
	config := &rest.Config{Host: "https://127.0.0.1:6443"}
	f, err := New(config, Settings{Clock: clockOf(t, "", at(noon))})
	if err != nil {
		t.Fatal(err)
	}
	guarded := f.Guard(config)
	if diff := cmp.Diff(&rest.Config{Host: "https://127.0.0.1:6443"}, config); diff != "" || guarded.WrapTransport == nil || guarded.Timeout != 0 || guarded.UserAgent != "" {
		t.Errorf("the manager's configuration (-want +got):\n%s\nguarded: %v", diff, guarded)
	}
}

func TestTheNamespaceOfTheLease(t *testing.T) {
	for name, tc := range map[string]struct {
		flag, pod, want string
	}{
		"the flag's":        {"ours", "theirs", "ours"},
		"the pod's":         {"", "theirs\n", "theirs"},
		"outside a cluster": {"", "", "jointplan-system"},
	} {
		t.Run(name, func(t *testing.T) {
			read := func(path string) ([]byte, error) {
				if path != namespaceFile || tc.pod == "" {
					return nil, errors.New("no such file")
				}
				return []byte(tc.pod), nil
			}
			if got := namespaceOf(tc.flag, read); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
	w := newWorld(t, func(s *Settings) { s.Namespace = "none-such" })
	const want = "there is no namespace none-such for the lease by which managers know of each other: create it, or name the one in which the managers " +
		"of this cluster run with --leader-elect-namespace"
	if err := w.lock.Create(t.Context(), w.record()); text(err) != want || text(w.ended) != want {
		t.Errorf("got %v and %v, want %q", err, w.ended, want)
	}
}

func TestWhatTheLeaseSays(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*Settings)
		want   map[string]string
	}{
		"elected, by the real time": {nil, nil},
		"alone":                     {func(s *Settings) { s.Alone = true }, map[string]string{AnnotationAlone: "true"}},
		"a rehearsal": {
			func(s *Settings) { s.Clock = clockOf(t, "2026-11-03T10:00:00+01:00", at(noon)) },
			map[string]string{AnnotationClockStart: "2026-11-03T09:00:00Z", AnnotationClockStarted: "2026-11-30T12:00:00Z"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, tc.change)
			w.take()
			if diff := cmp.Diff(tc.want, w.lease.Annotations); diff != "" {
				t.Error(diff)
			}
		})
	}
}
