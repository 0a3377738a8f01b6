package chart_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/test/plane"
)

// kubectl runs kubectl as an administrator, also at the end of a test.
func kubectl(t *testing.T, args ...string) (string, error) {
	t.Helper()
	path := "../../bin/localplane/kubectl"
	if assets := os.Getenv("KUBEBUILDER_ASSETS"); assets != "" {
		path = filepath.Join(assets, "kubectl")
	}
	c := exec.CommandContext(context.WithoutCancel(t.Context()), path, append([]string{"--kubeconfig", os.Getenv(plane.Kubeconfig)}, args...)...)
	out, err := c.CombinedOutput()
	return string(out), err
}

// must fails the test where a command failed, and returns what it printed.
func must(t *testing.T) func(out string, err error) string {
	t.Helper()
	return func(out string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return out
	}
}

// live returns an object as the cluster has it, and nil if it has none.
func live(t *testing.T, c client.Client, of *unstructured.Unstructured) *unstructured.Unstructured {
	t.Helper()
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(of.GroupVersionKind())
	err := c.Get(t.Context(), client.ObjectKeyFromObject(of), object)
	switch {
	case apierrors.IsNotFound(err):
		return nil
	case err != nil:
		t.Fatal(err)
	}
	return object
}

// restrictedPods has a namespace refuse pods that do not meet the Pod Security level restricted.
func restrictedPods(t *testing.T, c client.Client) string {
	t.Helper()
	namespace := &corev1.Namespace{}
	namespace.Name = plane.Unique(t)
	namespace.Labels = map[string]string{"pod-security.kubernetes.io/enforce": "restricted"}
	if err := c.Create(t.Context(), namespace); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Delete(context.Background(), namespace) })
	return namespace.Name
}

// podOf returns the pod that a Deployment would make in a namespace.
func podOf(t *testing.T, deployment *unstructured.Unstructured, namespace string) *unstructured.Unstructured {
	t.Helper()
	if deployment == nil {
		t.Fatal("there is no Deployment")
	}
	template, found, err := unstructured.NestedMap(deployment.Object, "spec", "template")
	if err != nil || !found {
		t.Fatalf("the Deployment has no template: %v", err)
	}
	unstructured.RemoveNestedField(template, "spec", "priorityClassName") // has to be there
	pod := &unstructured.Unstructured{Object: template}
	pod.SetAPIVersion("v1")
	pod.SetKind("Pod")
	pod.SetName("manager")
	pod.SetNamespace(namespace)
	return pod
}

// startManager runs the manager as a service account, with its rights and nothing else, until the test ends.
func startManager(t *testing.T, c client.Client, namespace, account, clockStart string) {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "manager")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "../../cmd/manager")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	must(t)(string(out), err)
	log := &bytes.Buffer{}
	m := exec.CommandContext(context.Background(), binary, "--kubeconfig", kubeconfigOf(t, c, namespace, account),
		"--leader-elect-namespace", namespace, "--clock-start", clockStart,
		"--metrics-bind-address", "0", "--health-probe-bind-address", "0")
	m.Stdout, m.Stderr = log, log
	if err := m.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = m.Process.Signal(syscall.SIGTERM)
		killed := time.AfterFunc(plane.Patience, func() { _ = m.Process.Kill() })
		if err := m.Wait(); err != nil || t.Failed() {
			t.Errorf("the manager ended with %v\n%s", err, log)
		}
		killed.Stop()
	})
}

// kubeconfigOf writes a kubeconfig that holds nothing but a token of a service account.
func kubeconfigOf(t *testing.T, c client.Client, namespace, name string) string {
	t.Helper()
	account := &corev1.ServiceAccount{}
	if err := c.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: name}, account); err != nil {
		t.Fatal(err)
	}
	request := &authenticationv1.TokenRequest{}
	if err := c.SubResource("token").Create(t.Context(), account, request); err != nil {
		t.Fatal(err)
	}
	config := plane.Config(t)
	k := clientcmdapi.NewConfig()
	k.Clusters["plane"] = &clientcmdapi.Cluster{Server: config.Host, CertificateAuthorityData: config.CAData, CertificateAuthority: config.CAFile}
	k.AuthInfos["account"] = &clientcmdapi.AuthInfo{Token: request.Status.Token}
	k.Contexts["account"] = &clientcmdapi.Context{Cluster: "plane", AuthInfo: "account", Namespace: namespace}
	k.CurrentContext = "account"
	path := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*k, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// identities are the objects of kinds by key, with what tells whether they are the same as before: their uid, and the field named.
func identities(t *testing.T, field string, kinds ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	columns := "custom-columns=K:.kind,NS:.metadata.namespace,N:.metadata.name,U:.metadata.uid,V:.metadata." + field
	out := must(t)(kubectl(t, "get", strings.Join(kinds, ","), "-A", "--no-headers", "--ignore-not-found", "-o", columns))
	for line := range strings.Lines(out) {
		field := strings.Fields(line)
		if len(field) != 5 {
			t.Fatalf("kubectl says %q", line)
		}
		all[fmt.Sprint(field[:3])] = field[3] + " at " + field[4]
	}
	return all
}
