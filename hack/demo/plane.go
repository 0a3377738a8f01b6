package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	launcher  = "bin/localplane/localplane"
	manager   = "bin/manager"
	namespace = "jointplan-system"
	account   = "jointplan-manager"
	poll      = 200 * time.Millisecond
	stopGrace = 30 * time.Second
)

// plane is the local control plane.
type plane struct{ dir string }

func (p plane) kubeconfig() string { return filepath.Join(p.dir, "kubeconfig") }

func (p plane) start(ctx context.Context) error {
	return command(ctx, launcher, "start", "--dir", p.dir, "--fresh", "--crds", "config/crd/bases").run()
}

func (p plane) stop() error {
	return command(context.Background(), launcher, "stop", "--dir", p.dir).run()
}

// kubectl runs kubectl and shows what it prints only when it fails.
func (p plane) kubectl(ctx context.Context, args ...string) (string, error) {
	c := command(ctx, kubectl(), append([]string{"--kubeconfig", p.kubeconfig()}, args...)...)
	out, err := c.output()
	if err != nil {
		return "", fmt.Errorf("kubectl %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return out, nil
}

// kubectl returns the path of kubectl: the plane's own, or that of ready-made assets.
func kubectl() string {
	if assets := os.Getenv("KUBEBUILDER_ASSETS"); assets != "" {
		return filepath.Join(assets, "kubectl")
	}
	return "bin/localplane/kubectl"
}

func (p plane) install(ctx context.Context) error {
	sayf("installing the kinds, roles and admission policies")
	for _, args := range [][]string{
		{"apply", "--server-side", "-k", "config/crd"},
		{"wait", "--for=condition=Established", "--timeout=60s", "-f", "config/crd/bases"},
		{"apply", "--server-side", "-k", "config/rbac"},
		{"apply", "--server-side", "-k", "config/policy"},
	} {
		if _, err := p.kubectl(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

func (p plane) applySamples(ctx context.Context) error {
	sayf("applying config/samples")
	_, err := p.kubectl(ctx, "apply", "-k", "config/samples")
	return err
}

// process is the manager's process.
type process struct {
	log  string
	cmd  *exec.Cmd
	done chan error
}

// startManager starts the manager with the rights of its own service account and nothing else, and waits until it is ready.
func (p plane) startManager(ctx context.Context, clock string) (*process, error) {
	kubeconfig, err := p.managerKubeconfig(ctx)
	if err != nil {
		return nil, err
	}
	probes, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	args := []string{"--kubeconfig", kubeconfig, "--health-probe-bind-address", probes, "--metrics-bind-address", "127.0.0.1:0"}
	if clock != "" {
		args = append(args, "--clock-start", clock)
	}
	sayf("starting the manager as the service account %s", account)
	m := &process{log: filepath.Join(p.dir, "logs", "manager.log"), done: make(chan error, 1)}
	out, err := os.Create(m.log)
	if err != nil {
		return nil, err
	}
	defer out.Close()                                                         //nolint:errcheck // the process has it open
	m.cmd = exec.CommandContext(context.WithoutCancel(ctx), manager, args...) // it is told to stop, not killed
	m.cmd.Stdout, m.cmd.Stderr = out, out
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is ours to pass on
	if err := m.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: run make build first", err)
	}
	go func() { m.done <- m.cmd.Wait() }()
	if err := m.waitReady(ctx, "http://"+probes+"/readyz"); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *process) waitReady(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, convergence)
	defer cancel()
	for {
		if answers(ctx, url) {
			return nil
		}
		if err := m.pause(ctx); err != nil {
			return errors.Join(fmt.Errorf("the manager is not ready: %w; its log is %s", err, m.log), m.stop())
		}
	}
}

// answers reports whether an address answers that all is well.
func answers(ctx context.Context, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// pause waits for a moment; it fails when the manager or the context ends.
func (m *process) pause(ctx context.Context) error {
	moment, cancel := context.WithTimeout(ctx, poll)
	defer cancel()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-m.done:
		m.done <- err
		return fmt.Errorf("it stopped: %w\n%s", err, lastLines(m.log))
	case <-moment.Done():
		return ctx.Err()
	}
}

func (m *process) stop() error {
	_ = m.cmd.Process.Signal(syscall.SIGTERM)
	grace, cancel := context.WithTimeout(context.Background(), stopGrace)
	defer cancel()
	select {
	case err := <-m.done:
		if exit, failed := errors.AsType[*exec.ExitError](err); failed {
			return fmt.Errorf("the manager ended with %w; its log is %s", exit, m.log)
		}
		return nil
	case <-grace.Done():
		_ = m.cmd.Process.Kill()
		return errors.New("the manager did not stop and was killed")
	}
}

// managerKubeconfig writes a kubeconfig that holds nothing but a token of the manager's service account.
func (p plane) managerKubeconfig(ctx context.Context) (string, error) {
	token, err := p.kubectl(ctx, "create", "token", account, "--namespace", namespace, "--duration", "24h")
	if err != nil {
		return "", err
	}
	raw, err := p.kubectl(ctx, "config", "view", "--minify", "--flatten", "--raw",
		"-o", "jsonpath={.clusters[0].cluster.server} {.clusters[0].cluster.certificate-authority-data}")
	if err != nil {
		return "", err
	}
	server, authority, _ := strings.Cut(raw, " ")
	content := fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: manager
clusters: [{name: plane, cluster: {server: %s, certificate-authority-data: %s}}]
users: [{name: manager, user: {token: %s}}]
contexts: [{name: manager, context: {cluster: plane, user: manager, namespace: %s}}]
`, server, authority, strings.TrimSpace(token), namespace)
	path := filepath.Join(p.dir, "manager.kubeconfig")
	return path, os.WriteFile(path, []byte(content), 0o600)
}

func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close() //nolint:errcheck // nothing was accepted
	address, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return "", errors.New("no TCP address")
	}
	return "127.0.0.1:" + strconv.Itoa(address.Port), nil
}

func lastLines(path string) string {
	const most = 15
	raw, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}

// tool is a program that is run to its end.
type tool struct{ cmd *exec.Cmd }

func command(ctx context.Context, name string, args ...string) tool {
	c := exec.CommandContext(ctx, name, args...)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = stopGrace
	c.Stderr = os.Stderr
	return tool{c}
}

func (t tool) run() error { return t.cmd.Run() }

// output returns what the tool prints, errors included.
func (t tool) output() (string, error) {
	var out, problems bytes.Buffer
	t.cmd.Stdout, t.cmd.Stderr = &out, &problems
	if err := t.cmd.Run(); err != nil {
		return out.String() + problems.String(), err
	}
	return out.String(), nil
}
