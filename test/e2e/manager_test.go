package e2e

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/test/plane"
)

const (
	systemNamespace = "jointplan-system"
	managerAccount  = "jointplan-manager"
)

// buildManager builds the manager as `make build` does.
func buildManager(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "manager")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "../../cmd/manager")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// kubectl runs kubectl as an administrator.
func kubectl(t *testing.T, args ...string) (string, error) {
	t.Helper()
	path := "../../bin/localplane/kubectl"
	if assets := os.Getenv("KUBEBUILDER_ASSETS"); assets != "" {
		path = filepath.Join(assets, "kubectl")
	}
	c := exec.CommandContext(t.Context(), path, append([]string{"--kubeconfig", os.Getenv(plane.Kubeconfig)}, args...)...)
	out, err := c.CombinedOutput()
	return string(out), err
}

// tokenOf returns a token of a service account.
func tokenOf(t *testing.T, c client.Client, namespace, name string) string {
	t.Helper()
	account := &corev1.ServiceAccount{}
	account.Name, account.Namespace = name, namespace
	if err := client.IgnoreAlreadyExists(c.Create(t.Context(), account)); err != nil {
		t.Fatal(err)
	}
	request := &authenticationv1.TokenRequest{}
	if err := c.SubResource("token").Create(t.Context(), account, request); err != nil {
		t.Fatal(err)
	}
	return request.Status.Token
}

// kubeconfigOf writes a kubeconfig that holds nothing but a token.
func kubeconfigOf(t *testing.T, token string) string {
	t.Helper()
	config := plane.Config(t)
	kubeconfig := clientcmdapi.NewConfig()
	kubeconfig.Clusters["plane"] = &clientcmdapi.Cluster{Server: config.Host, CertificateAuthorityData: config.CAData, CertificateAuthority: config.CAFile}
	kubeconfig.AuthInfos["account"] = &clientcmdapi.AuthInfo{Token: token}
	kubeconfig.Contexts["account"] = &clientcmdapi.Context{Cluster: "plane", AuthInfo: "account", Namespace: systemNamespace}
	kubeconfig.CurrentContext = "account"
	path := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*kubeconfig, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// managerProcess is a manager in a process of its own.
type managerProcess struct {
	*exec.Cmd

	probes, metrics string
	log             *bytes.Buffer
	done            chan error
}

func startManagerProcess(t *testing.T, binary, kubeconfig string, args ...string) *managerProcess {
	t.Helper()
	m := &managerProcess{probes: freeAddress(t), metrics: freeAddress(t), log: &bytes.Buffer{}, done: make(chan error, 1)}
	args = append([]string{
		"--kubeconfig", kubeconfig, "--health-probe-bind-address", m.probes, "--metrics-bind-address", m.metrics,
	}, args...)
	m.Cmd = exec.CommandContext(context.Background(), binary, args...)
	m.Stdout, m.Stderr = m.log, m.log
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { m.done <- m.Wait() }()
	t.Cleanup(func() { _ = m.Process.Kill() })
	return m
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// get returns the HTTP status of an address, and 0 if nothing answers.
func get(t *testing.T, url, token string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	insecure := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	response, err := insecure.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(raw)
}

// TestTheManagerAsItShips runs the manager's binary as its own service account with its own roles: probes, metrics behind authentication and
// authorisation, leader election between two, a graceful stop.
func TestTheManagerAsItShips(t *testing.T) {
	c := plane.Client(t)
	if out, err := kubectl(t, "apply", "-k", "../../config/rbac"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	binary := buildManager(t)
	kubeconfig := kubeconfigOf(t, tokenOf(t, c, systemNamespace, managerAccount))
	first := startManagerProcess(t, binary, kubeconfig)
	awaitStatus(t, first, "http://"+first.probes+"/readyz", "", http.StatusOK)
	awaitStatus(t, first, "http://"+first.probes+"/healthz", "", http.StatusOK)
	holder := awaitLeader(t, c, first, "")
	second := startManagerProcess(t, binary, kubeconfig)
	awaitStatus(t, second, "http://"+second.probes+"/readyz", "", http.StatusOK)

	t.Run("metrics", func(t *testing.T) { testMetrics(t, c, first, second) })

	if err := first.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-first.done:
		if err != nil {
			t.Errorf("the manager ended with %v, want a clean end\n%s", err, first.log)
		}
	case <-time.After(plane.Patience):
		t.Fatal("the manager does not stop")
	}
	awaitLeader(t, c, second, holder)
}

func testMetrics(t *testing.T, c client.Client, m, waiting *managerProcess) {
	t.Helper()
	url := "https://" + m.metrics + "/metrics"
	awaitStatus(t, m, url, "", http.StatusUnauthorized)
	namespace := plane.Namespace(t, c)
	token := tokenOf(t, c, namespace, "scraper")
	if status, _ := get(t, url, token); status != http.StatusForbidden {
		t.Errorf("without the role: %d, want %d", status, http.StatusForbidden)
	}
	binding := &rbacv1.ClusterRoleBinding{
		RoleRef:  rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "jointplan-metrics-reader"},
		Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: "scraper", Namespace: namespace}},
	}
	binding.Name = namespace
	if err := c.Create(t.Context(), binding); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Delete(context.Background(), binding) })
	other := tokenOf(t, c, namespace, "scraper") // the refusal of the first token is remembered for a moment
	awaitStatus(t, m, url, other, http.StatusOK)
	testWhatIsTold(t, c, namespace, func(of *managerProcess) string {
		_, body := get(t, "https://"+of.metrics+"/metrics", other)
		return body
	}, m, waiting)
}

// testWhatIsTold looks at the metrics that alerts are about, while there is a partner of a program that does not exist, and when it is gone. A
// manager that waits for the lease tells nothing of objects.
func testWhatIsTold(t *testing.T, c client.Client, namespace string, scrape func(*managerProcess) string, works, waits *managerProcess) {
	t.Helper()
	partner := testobj.Partner("acme").In(namespace).With(func(s *v1alpha1.PartnerSpec) { s.ProgramRef.Name = "none-of-this-name" }).Obj()
	if err := c.Create(t.Context(), partner); err != nil {
		t.Fatal(err)
	}
	stalled := fmt.Sprintf("jointplan_stalled_objects{kind=%q,namespace=%q,reason=%q} 1\n", "Partner", namespace, v1alpha1.ReasonReferenceNotFound)
	var told string
	plane.Eventually(t, func() string {
		if told = scrape(works); !strings.Contains(told, stalled) {
			return "the manager does not tell " + stalled + "but " + matching(told, "jointplan_stalled_objects")
		}
		return ""
	})
	for _, want := range []string{
		`controller_runtime_reconcile_errors_total{controller="partner"}`, `workqueue_depth{controller="partner",name="partner",priority="`,
		`jointplan_objects{kind="Partner"}`, `jointplan_unevaluated_objects{kind="Partner"}`, "jointplan_money_policies_in_force ", "jointplan_clock_skew_seconds ",
		`jointplan_conditions{kind="Partner",reason="ReferenceNotFound",status="True",type="Stalled"}`,
		`jointplan_evaluations_total{kind="Partner",result="written"}`, `jointplan_evaluation_duration_seconds_count{kind="Partner"}`,
		`jointplan_deadline_delay_seconds_bucket{kind="Partner",le="60"}`,
	} {
		if !strings.Contains(told, "\n"+want) {
			t.Errorf("the manager does not tell %s, but %s", want, matching(told, want[:strings.IndexAny(want, "{ ")]))
		}
	}
	if got := matching(scrape(waits), "jointplan_objects"); got != "" {
		t.Errorf("a manager that waits tells %s", got)
	}
	if err := c.Delete(t.Context(), partner); err != nil {
		t.Fatal(err)
	}
	plane.Eventually(t, func() string { return matching(scrape(works), strings.TrimSuffix(stalled, " 1\n")) })
}

// matching returns the lines of a scrape that begin with a text.
func matching(scrape, begin string) string {
	var lines []string
	for line := range strings.Lines(scrape) {
		if strings.HasPrefix(line, begin) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

func awaitStatus(t *testing.T, m *managerProcess, url, token string, want int) {
	t.Helper()
	plane.Eventually(t, func() string {
		select {
		case err := <-m.done:
			t.Fatalf("the manager ended: %v\n%s", err, m.log)
		default:
		}
		if status, body := get(t, url, token); status != want {
			return fmt.Sprintf("%s answers %d %s, want %d", url, status, body, want)
		}
		return ""
	})
}

// awaitLeader waits until the lease has a holder other than one, and returns it.
func awaitLeader(t *testing.T, c client.Client, m *managerProcess, other string) (holder string) {
	t.Helper()
	plane.Eventually(t, func() string {
		lease := &coordinationv1.Lease{}
		err := c.Get(t.Context(), client.ObjectKey{Namespace: systemNamespace, Name: "manager.channel.jointplan.dev"}, lease)
		if err == nil && lease.Spec.HolderIdentity != nil {
			holder = *lease.Spec.HolderIdentity
		}
		if holder == "" || holder == other {
			return fmt.Sprintf("the lease is held by %q (%v)\n%s", holder, err, m.log)
		}
		return ""
	})
	return holder
}

// TestAWrongCommandLine tells what is wrong and ends.
func TestAWrongCommandLine(t *testing.T) {
	t.Parallel()
	binary := buildManager(t)
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"an instant that is none": {[]string{"--clock-start", "yesterday"}, `--clock-start "yesterday" is not an instant such as 2026-11-03T09:00:00Z`},
		"an argument":             {[]string{"now"}, `unexpected argument "now"`},
		"no workers":              {[]string{"--workers", "0"}, "--workers must be at least 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := exec.CommandContext(t.Context(), binary, tc.args...).CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || !strings.Contains(string(out), tc.want) || strings.Contains(string(out), "goroutine") {
				t.Errorf("%v: %s; want a failure with %q", err, out, tc.want)
			}
		})
	}
}
