// Package rig runs what the benchmark measures: a control plane with fresh data, the manager as it ships in a process of its own, a raw client
// that only writes, and the server's own counters.
package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
)

const (
	launcher        = "bin/localplane/localplane"
	systemNamespace = "jointplan-system"
	account         = "jointplan-manager"
	stopGrace       = 40 * time.Second
)

// Plane is a control plane with fresh data, with kinds, roles and policies installed.
type Plane struct {
	// Admin is how an administrator reaches it.
	Admin *rest.Config
	// Account is how the manager's service account reaches it.
	Account *rest.Config
	// Client acts as an administrator.
	Client client.WithWatch
	// Kubeconfig is the path of a kubeconfig of the manager's service account.
	Kubeconfig string

	dir     string
	flags   []string           // of the launcher
	started map[string]*Server // that were started again, by name
}

// Scheme returns the kinds of the project and those of Kubernetes.
func Scheme() *runtime.Scheme {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, v1alpha1.AddToScheme, metav1.AddMetaToScheme} {
		if err := add(scheme); err != nil {
			panic(err) // the kinds are those of this program
		}
	}
	return scheme
}

// StartPlane starts a plane in a folder of its own, with more flags of its launcher. Whatever happens afterwards, it has to be closed.
func StartPlane(ctx context.Context, flags ...string) (*Plane, error) {
	if err := os.MkdirAll(".localplane", 0o755); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(".localplane", "bench-")
	if err != nil {
		return nil, err
	}
	p := &Plane{dir: dir, flags: flags, started: map[string]*Server{}}
	if err := p.start(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func (p *Plane) start(ctx context.Context) error {
	args := append([]string{"start", "--dir", p.dir, "--fresh", "--crds", "config/crd/bases"}, p.flags...)
	if err := run(ctx, launcher, args...); err != nil {
		return err
	}
	admin := filepath.Join(p.dir, "kubeconfig")
	for _, folder := range []string{"config/rbac", "config/policy"} {
		if err := run(ctx, kubectl(), "--kubeconfig", admin, "apply", "--server-side", "-k", folder); err != nil {
			return err
		}
	}
	config, err := clientcmd.BuildConfigFromFlags("", admin)
	if err != nil {
		return err
	}
	config.QPS = -1
	p.Admin = config
	if p.Client, err = client.NewWithWatch(config, client.Options{Scheme: Scheme()}); err != nil {
		return err
	}
	return p.account(ctx)
}

// account makes the credentials of the manager's service account: nothing but a token.
func (p *Plane) account(ctx context.Context) error {
	object := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: account, Namespace: systemNamespace}}
	if err := client.IgnoreAlreadyExists(p.Client.Create(ctx, object)); err != nil {
		return err
	}
	scraper := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "bench-metrics"},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "jointplan-metrics-reader"},
		Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Name: account, Namespace: systemNamespace}},
	}
	if err := p.Client.Create(ctx, scraper); err != nil {
		return err
	}
	seconds := int64((24 * time.Hour).Seconds())
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: &seconds}}
	if err := p.Client.SubResource("token").Create(ctx, object, request); err != nil {
		return err
	}
	k := clientcmdapi.NewConfig()
	k.Clusters["plane"] = &clientcmdapi.Cluster{Server: p.Admin.Host, CertificateAuthorityData: p.Admin.CAData, CertificateAuthority: p.Admin.CAFile}
	k.AuthInfos["account"] = &clientcmdapi.AuthInfo{Token: request.Status.Token}
	k.Contexts["account"] = &clientcmdapi.Context{Cluster: "plane", AuthInfo: "account", Namespace: systemNamespace}
	k.CurrentContext = "account"
	p.Kubeconfig = filepath.Join(p.dir, "account.kubeconfig")
	if err := clientcmd.WriteToFile(*k, p.Kubeconfig); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", p.Kubeconfig)
	if err != nil {
		return err
	}
	config.QPS = -1
	p.Account = config
	return nil
}

// Builder returns a client that may create everything, the revisions included that otherwise only the manager creates.
func (p *Plane) Builder() (client.Client, error) {
	config := rest.CopyConfig(p.Admin)
	config.Impersonate = rest.ImpersonationConfig{
		UserName: "system:serviceaccount:" + systemNamespace + ":" + account, Groups: []string{"system:masters"},
	}
	return client.New(config, client.Options{Scheme: Scheme()})
}

// Close stops the plane and removes its data.
func (p *Plane) Close() error {
	return errors.Join(run(context.Background(), launcher, "clean", "--dir", p.dir), os.RemoveAll(p.dir))
}

// kubectl returns the path of kubectl: the plane's own, or that of ready-made assets.
func kubectl() string {
	if assets := os.Getenv("KUBEBUILDER_ASSETS"); assets != "" {
		return filepath.Join(assets, "kubectl")
	}
	return "bin/localplane/kubectl"
}

// run runs a program to its end. Ctrl-C does not reach it by itself; the context ends it.
func run(ctx context.Context, name string, args ...string) error {
	c := exec.CommandContext(ctx, name, args...)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = stopGrace
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out.String())
	}
	return nil
}
