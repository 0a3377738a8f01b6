package money

import (
	"bytes"
	"context"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/plane"
)

// TestManagerProcesses runs managers as they ship, one after the other, and never two at a time. It is not parallel, as they see all that is in the
// cluster.
func TestManagerProcesses(t *testing.T) {
	w := newWorld(t, beforeActivity, 8, halfOf(requesters, 100000))
	p := processes{world: w, binary: filepath.Join(t.TempDir(), "manager"), kubeconfig: managersKubeconfig(w, nil)}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", p.binary, "../../cmd/manager")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	first := p.start("first", "--clock-start", beforeActivity)
	contend(w, func(int) int64 { return 100000 })
	if got, want := sumOf(w), int64(requesters/2*100000); got != want {
		t.Errorf("%d is reserved, want %d: all of the budget", got, want)
	}

	p.start("alone", "--clock-start", beforeActivity, "--leader-elect=false").ends("works on this cluster: it has held the lease "+
		"jointplan-system/manager.channel.jointplan.dev since ", "this one runs without leader election (--leader-elect=false): stop one of them")

	second := p.pauseAndContinue(first)
	second.stop()

	const another = "the lease jointplan-system/manager.channel.jointplan.dev says that this cluster is evaluated in a rehearsal whose clock was started at " +
		"2026-09-01T08:00:00Z"
	p.start("real").ends(another, "this manager would evaluate it by the real time", "kubectl -n jointplan-system delete lease manager.channel.jointplan.dev")
	p.start("other", "--clock-start", afterActivity).ends(another, "this manager would evaluate it with --clock-start 2026-11-02T09:00:00Z")

	p.wrongClock()
}

// processes starts managers.
type processes struct {
	*world

	binary, kubeconfig string
}

// pauseAndContinue pauses the manager that works until another one does, and that one too. When the first one goes on there is a lot to be
// evaluated: it ends without a write. The other one, whose lease nobody took, goes on. It is returned.
func (p processes) pauseAndContinue(first *process) *process {
	p.Helper()
	p.signal(first, syscall.SIGSTOP)
	second := p.start("second", "--clock-start", beforeActivity)
	p.edit(1)
	p.Await(p, p.evaluated)
	written := len(plane.Writes(p, first.agent))
	if written < requesters {
		p.Fatalf("the manager that is paused has written %d times: the audit log does not know it as %s", written, first.agent)
	}
	p.signal(second, syscall.SIGSTOP)
	p.edit(2)
	p.signal(first, syscall.SIGCONT)
	first.ends("leader election lost")
	if writes := plane.Writes(p, first.agent)[written:]; len(writes) > 0 {
		p.Errorf("the manager that was paused has written %d times, first %v", len(writes), writes[0])
	}
	p.signal(second, syscall.SIGCONT)
	p.Await(p, p.evaluated)
	return second
}

// wrongClock runs a manager whose clock differs from the server's by two days: it says so on the budget and writes nothing else, until they agree.
func (p processes) wrongClock() {
	p.Helper()
	off := &atomic.Int64{}
	off.Store(int64(48*time.Hour + 30*time.Minute)) // so that a second more or less changes no hour
	kubeconfig := managersKubeconfig(p.world, throughProxy(p.T, off))
	m := processes{world: p.world, binary: p.binary, kubeconfig: kubeconfig}.start("doubtful", "--clock-start", beforeActivity)
	trusted := func(latest map[string]client.Object) string {
		for _, object := range latest {
			if budget, ok := object.(*v1alpha1.MDFBudget); ok {
				if c := meta.FindStatusCondition(budget.Status.Conditions, v1alpha1.ConditionClockTrusted); c != nil {
					return shown(c)
				}
			}
		}
		return ""
	}
	var told string
	p.Await(p, func(latest map[string]client.Object) string {
		if told = trusted(latest); told == "" {
			return "the budget does not say that the clock is wrong"
		}
		return ""
	})
	for _, want := range []string{"False ClockSkewed: when the API server's clock stood at ", ": 48h", " behind, and at most 30s is allowed. Nothing is evaluated, " +
		"granted, released or settled until they agree"} {
		if !strings.Contains(told, want) {
			p.Errorf("the budget says %q, want %q", told, want)
		}
	}
	p.edit(3)
	writes := plane.Writes(p, m.agent)
	if len(writes) == 0 {
		p.Errorf("the audit log does not know the manager as %s", m.agent)
	}
	for _, write := range writes {
		if write.Object != "mdfbudgets//"+string(p.budget)+"/status" {
			p.Errorf("a manager with a wrong clock writes %v", write)
		}
	}
	off.Store(0)
	p.Await(p, trusted)
	p.Await(p, p.evaluated)
	off.Store(-int64(time.Hour + 30*time.Minute))
	m.ends("the clock is wrong: when the API server's clock stood at ", ": 1h", " ahead, and at most 30s is allowed")
	p.Await(p, func(latest map[string]client.Object) string {
		if trusted(latest) == "" {
			return "the budget does not say that the clock is wrong"
		}
		return ""
	})
}

// throughProxy returns how to reach a proxy before the API server, which changes the time that it tells.
func throughProxy(t *testing.T, off *atomic.Int64) *clientcmdapi.Cluster {
	t.Helper()
	config := plane.Config(t)
	target, err := url.Parse(config.Host)
	if err != nil {
		t.Fatal(err)
	}
	transport, err := rest.TransportFor(&rest.Config{Host: config.Host, TLSClientConfig: rest.TLSClientConfig{CAData: config.CAData, CAFile: config.CAFile}})
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport:     transport,
		FlushInterval: -1, // watches
		ModifyResponse: func(r *http.Response) error {
			r.Header.Set("Date", time.Now().Add(time.Duration(off.Load())).UTC().Format(http.TimeFormat))
			return nil
		},
	}
	server := httptest.NewTLSServer(proxy)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	return &clientcmdapi.Cluster{Server: server.URL, CertificateAuthorityData: authority}
}

// edit changes the priority of all requests, so that all requests must be evaluated.
func (p processes) edit(priority int) {
	p.Helper()
	for _, object := range p.Latest() {
		a, ok := object.(*v1alpha1.MDFAllocation)
		if !ok {
			continue
		}
		patch := client.RawPatch("application/merge-patch+json", fmt.Appendf(nil, `{"spec":{"priority":%d}}`, priority))
		edited := a.DeepCopy()
		if err := p.Patch(p.Context(), edited, patch); err != nil {
			p.Fatal(err)
		}
		p.AwaitWrite(p, edited)
	}
}

// evaluated says which request has no status of its spec.
func (processes) evaluated(latest map[string]client.Object) string {
	for _, object := range latest {
		if a, ok := object.(*v1alpha1.MDFAllocation); ok && a.Status.ObservedGeneration != a.Generation {
			return fmt.Sprintf("%s has a status of generation %d, and its spec is at %d", plane.Key(a), a.Status.ObservedGeneration, a.Generation)
		}
	}
	return ""
}

// process is a manager in a process of its own.
type process struct {
	*exec.Cmd

	test  *testing.T
	agent string // its user agent, by which the audit log knows it
	log   *bytes.Buffer
	done  chan error
	ended bool
}

// start runs a manager under a name of its own until the test ends.
func (p processes) start(name string, args ...string) *process {
	p.Helper()
	program := filepath.Join(p.TempDir(), name)
	if err := os.Link(p.binary, program); err != nil {
		p.Fatal(err)
	}
	args = append([]string{"--kubeconfig", p.kubeconfig, "--metrics-bind-address", "0", "--health-probe-bind-address", "0"}, args...)
	_, version, _ := strings.Cut(rest.DefaultKubernetesUserAgent(), "/")
	m := &process{
		Cmd: exec.CommandContext(context.Background(), program, args...), test: p.T, agent: name + "/" + version, log: &bytes.Buffer{}, done: make(chan error, 1),
	}
	m.Stdout, m.Stderr, m.Env = m.log, m.log, os.Environ()
	if err := m.Start(); err != nil {
		p.Fatal(err)
	}
	go func() { m.done <- m.Wait() }()
	p.Cleanup(m.stop)
	return m
}

func (p processes) signal(m *process, signal os.Signal) {
	p.Helper()
	if err := m.Process.Signal(signal); err != nil {
		p.Fatal(err)
	}
}

// stop stops a manager, and waits for its end. To stop it again does nothing.
func (m *process) stop() {
	m.test.Helper()
	if m.ended {
		return
	}
	_ = m.Process.Signal(syscall.SIGCONT)
	_ = m.Process.Signal(syscall.SIGTERM)
	if err := m.wait(); err != nil || m.test.Failed() {
		m.test.Errorf("the manager ended: %v\n%.8000s", err, m.log)
	}
}

// ends waits until the manager has ended with an error, which it prints.
func (m *process) ends(with ...string) {
	m.test.Helper()
	err := m.wait()
	for _, text := range with {
		if err == nil || !strings.Contains(m.log.String(), text) {
			m.test.Fatalf("the manager ended: %v\n%.8000s\nwant an error, and the text %q", err, m.log, text)
		}
	}
}

func (m *process) wait() error {
	m.test.Helper()
	m.ended = true
	select {
	case err := <-m.done:
		return err
	case <-time.After(plane.Patience):
		_ = m.Process.Kill()
		m.test.Fatalf("the manager does not end:\n%.8000s", m.log)
		return nil
	}
}

// managersKubeconfig writes a kubeconfig with a token of the manager's service account. Nil means the API server itself.
func managersKubeconfig(w *world, cluster *clientcmdapi.Cluster) string {
	w.Helper()
	account := &corev1.ServiceAccount{}
	account.Namespace, account.Name = "jointplan-system", "jointplan-manager"
	request := &authenticationv1.TokenRequest{}
	if err := w.SubResource("token").Create(w.Context(), account, request); err != nil {
		w.Fatal(err)
	}
	config, kubeconfig := plane.Config(w), clientcmdapi.NewConfig()
	if cluster == nil {
		cluster = &clientcmdapi.Cluster{Server: config.Host, CertificateAuthorityData: config.CAData, CertificateAuthority: config.CAFile}
	}
	kubeconfig.Clusters["plane"] = cluster
	kubeconfig.AuthInfos["manager"] = &clientcmdapi.AuthInfo{Token: request.Status.Token}
	kubeconfig.Contexts["manager"] = &clientcmdapi.Context{Cluster: "plane", AuthInfo: "manager", Namespace: account.Namespace}
	kubeconfig.CurrentContext = "manager"
	path := filepath.Join(w.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*kubeconfig, path); err != nil {
		w.Fatal(err)
	}
	return path
}
