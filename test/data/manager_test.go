package data

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/plane"
)

const (
	systemNamespace = "jointplan-system"
	managerAccount  = "jointplan-manager"
)

// kubectl runs kubectl as an administrator, also at the end of a test.
func kubectl(t *testing.T, args ...string) {
	t.Helper()
	path := "../../bin/localplane/kubectl"
	if assets := os.Getenv("KUBEBUILDER_ASSETS"); assets != "" {
		path = filepath.Join(assets, "kubectl")
	}
	c := exec.CommandContext(context.WithoutCancel(t.Context()), path, append([]string{"--kubeconfig", os.Getenv(plane.Kubeconfig)}, args...)...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("kubectl %v: %v\n%s", args, err, out)
	}
}

// applySamples applies the samples, and removes them at the end.
func applySamples(t *testing.T, c client.Client) {
	t.Helper()
	t.Cleanup(func() {
		budgets := &v1alpha1.MDFBudgetList{}
		if err := c.List(context.Background(), budgets); err != nil {
			t.Error(err)
		}
		kubectl(t, "delete", "-k", "../../config/samples", "--ignore-not-found", "--wait=false")
		for i := range budgets.Items {
			plane.RemoveLedger(t, budgets.Items[i].Name)
		}
	})
	kubectl(t, "apply", "-k", "../../config/samples")
}

// tokenOf returns a token of a service account, which is created if it is not there.
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

// startManager runs the manager's binary as its own service account, with its rights and no more, from an instant on, until the end of the test. It
// returns the address of its metrics, and by how much its clock is ahead of the real one.
func startManager(t *testing.T, c client.Client, clockStart time.Time) (metrics string, ahead time.Duration) {
	t.Helper()
	plane.Guard(t)
	base := folder(t, "manager")
	binary := filepath.Join(base, "manager")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "../../cmd/manager")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Cleanup(func() { // its clock is kept on the lease
		lease := &coordinationv1.Lease{}
		lease.Name, lease.Namespace = "manager.channel.jointplan.dev", systemNamespace
		_ = c.Delete(context.Background(), lease)
	})
	metrics, probes := "127.0.0.1:"+freePort(t), "127.0.0.1:"+freePort(t)
	started := time.Now()
	m := start(t, syscall.SIGTERM, nil, binary, "--kubeconfig", managersKubeconfig(t, c, base), "--clock-start", clockStart.Format(time.RFC3339),
		"--metrics-bind-address", metrics, "--health-probe-bind-address", probes)
	m.await(t, func() string { return problemOf(t, "http://"+probes+"/readyz", http.StatusOK) })
	m.await(t, func() string { return problemOf(t, "https://"+metrics+"/metrics", http.StatusUnauthorized) })
	return metrics, clockStart.Sub(started)
}

// managersKubeconfig writes a kubeconfig that holds nothing but a token of the manager.
func managersKubeconfig(t *testing.T, c client.Client, base string) string {
	t.Helper()
	config, k := plane.Config(t), clientcmdapi.NewConfig()
	k.Clusters["plane"] = &clientcmdapi.Cluster{Server: config.Host, CertificateAuthorityData: config.CAData, CertificateAuthority: config.CAFile}
	k.AuthInfos["account"] = &clientcmdapi.AuthInfo{Token: tokenOf(t, c, systemNamespace, managerAccount)}
	k.Contexts["account"] = &clientcmdapi.Context{Cluster: "plane", AuthInfo: "account", Namespace: systemNamespace}
	k.CurrentContext = "account"
	path := filepath.Join(base, "kubeconfig")
	if err := clientcmd.WriteToFile(*k, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// problemOf says how an address answers if not with a status.
func problemOf(t *testing.T, url string, want int) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	insecure := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
	response, err := insecure.Do(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	if response.StatusCode != want {
		return fmt.Sprintf("%s answers %s, want %d", url, response.Status, want)
	}
	return ""
}
