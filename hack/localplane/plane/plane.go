//go:build unix

// Package plane starts and stops a throw-away Kubernetes control plane on this
// machine: etcd, an API server and, where there is one, a controller manager.
// There are no nodes: nothing runs a pod.
//
// The programs come ready-made from a folder. A plane keeps all that it has in a
// folder of its own, listens on the loopback address only, and leaves neither a
// process nor a port behind when it is stopped. Only the standard library is
// used, so that the launcher is built in seconds.
package plane

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// DefaultTimeout is how long a plane may take to become ready. It takes seconds;
// this leaves room for a machine that is busy with something else.
const DefaultTimeout = 3 * time.Minute

// attempts is how often a plane is started with other ports when another program
// takes one of them in between.
const attempts = 5

// tailLines is how much of a log an error shows.
const tailLines = 15

// errPortTaken says that a server ended because its port was taken.
var errPortTaken = errors.New("a port was taken by another program")

// Config is what a plane is started with.
type Config struct {
	// Dir is the folder of the plane. It is made if it is missing; data in it
	// are taken up again.
	Dir string
	// Assets is the folder with etcd, kube-apiserver and, if namespaces and
	// owned objects are to be deleted, kube-controller-manager.
	Assets string
	// Audit writes a line for each request to audit.log in Dir.
	Audit bool
	// CRDs is a file or folder of custom resource definitions that are applied
	// before the controller manager starts. The garbage collector looks for new
	// kinds every 30 s only: those that are there first it knows at once.
	CRDs string
	// Fresh removes the data of an earlier plane in Dir first.
	Fresh bool
	// Bound lets the servers die with this process, on systems that can do so.
	Bound bool
	// Timeout limits the start; 0 means DefaultTimeout.
	Timeout time.Duration
	// Progress is told what takes long. It may be nil.
	Progress io.Writer

	owner     *identity
	temporary bool
}

// Plane is a control plane that runs, or ran, in a folder.
type Plane struct {
	dir      string
	state    state
	progress io.Writer
	// children are the servers that this process started.
	children map[string]*child
	// Reused says that the plane ran already when Start was called.
	Reused bool
	// Took is how long Start took.
	Took time.Duration
}

// Kubeconfig returns the path of the kubeconfig file.
func (p *Plane) Kubeconfig() string { return filepath.Join(p.dir, kubeconfigName) }

// Controllers reports whether a controller manager is part of the plane.
func (p *Plane) Controllers() bool {
	return slices.ContainsFunc(p.state.Servers, func(s server) bool { return s.Name == controllersName })
}

// Start starts a plane and waits until it is ready. If one runs in the folder
// already and is well, it is returned as it is. On an error nothing is left
// running.
func Start(ctx context.Context, cfg Config) (*Plane, error) {
	steps := newProgress(cfg.Progress)
	defer steps.end()
	p, err := start(ctx, cfg, steps)
	if err != nil {
		return nil, err
	}
	p.Took = steps.elapsed()
	return p, nil
}

func start(ctx context.Context, cfg Config, steps *progress) (*Plane, error) {
	var err error
	if cfg.Assets, err = filepath.Abs(cfg.Assets); err != nil {
		return nil, err
	}
	if err := checkAssets(cfg.Assets); err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if err := claimable(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := acquire(ctx, dir, steps)
	if err != nil {
		return nil, err
	}
	defer lock.Close()

	p := &Plane{dir: dir, progress: cfg.Progress, children: map[string]*child{}}
	if p.state, err = loadState(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(p.state.alive()) > 0 {
		if p.problem(ctx) == nil {
			return p, p.reuse(ctx, cfg, steps)
		}
		steps.at("stopping what is left of an earlier plane")
	}
	if err := p.stopServers(ctx.Done(), steps); err != nil {
		return nil, err
	}
	return p, p.startAnew(ctx, cfg, steps)
}

// reuse takes a running plane for the one that was requested, if it is like it.
func (p *Plane) reuse(ctx context.Context, cfg Config, steps *progress) error {
	switch {
	case cfg.owner != nil:
		return fmt.Errorf("a plane already runs in %s: stop it first (localplane stop --dir %s), or choose another --dir", p.dir, p.dir)
	case cfg.Fresh:
		return fmt.Errorf("a plane already runs in %s: stop it before you start it afresh (localplane stop --dir %s)", p.dir, p.dir)
	case cfg.Audit && !p.state.Audit:
		return fmt.Errorf("the plane in %s runs without --audit: stop it first (localplane stop --dir %s)", p.dir, p.dir)
	}
	p.Reused = true
	return p.install(ctx, cfg.CRDs, steps)
}

// startAnew starts all servers, with other ports if one was taken.
func (p *Plane) startAnew(ctx context.Context, cfg Config, steps *progress) error {
	timeout := cfg.Timeout
	if timeout == 0 {
		timeout = DefaultTimeout
	}
	limited, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("not ready within %v", timeout))
	defer cancel()

	previous := p.state.Ports
	p.state = state{Assets: cfg.Assets, Audit: cfg.Audit, Launcher: cfg.owner, Temporary: cfg.temporary}
	if err := p.state.save(p.dir); err != nil {
		return err
	}
	files, err := p.prepare(cfg)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		if p.state.Ports, err = freePorts(portCount, previous); err != nil {
			return err
		}
		err = p.launch(limited, files, cfg, steps)
		if err == nil {
			return nil
		}
		if stopErr := p.stopServers(ctx.Done(), steps); stopErr != nil {
			return errors.Join(err, stopErr)
		}
		if !errors.Is(err, errPortTaken) || attempt == attempts {
			return err
		}
		previous = nil
	}
}

// prepare makes the files that the servers read.
func (p *Plane) prepare(cfg Config) (pki, error) {
	if cfg.Fresh {
		if err := removeData(p.dir); err != nil {
			return pki{}, err
		}
	}
	if err := os.MkdirAll(filepath.Join(p.dir, logsName), 0o700); err != nil {
		return pki{}, err
	}
	if cfg.Audit {
		if err := writeFile(filepath.Join(p.dir, auditRulesName), []byte(auditRules)); err != nil {
			return pki{}, err
		}
	}
	return ensurePKI(filepath.Join(p.dir, pkiName), time.Now())
}

// launch starts the servers one after the other, each when the one before it is
// ready.
func (p *Plane) launch(ctx context.Context, files pki, cfg Config, steps *progress) error {
	config, err := kubeconfig(p.state.Ports[2], files)
	if err != nil {
		return err
	}
	if err := writeFile(p.Kubeconfig(), config); err != nil {
		return err
	}
	client, err := httpClient(files)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	withControllers := isProgram(filepath.Join(p.state.Assets, controllersName))
	for _, one := range specs(p.dir, p.state.Ports, files, p.state.Audit, withControllers) {
		steps.at("starting " + one.name)
		c, log, err := p.spawn(one, cfg.Bound)
		if err != nil {
			return fmt.Errorf("start %s: %w", one.name, err)
		}
		if err := waitReady(ctx, c, one, client); err != nil {
			return explain(one.name, log, err)
		}
		if one.name == apiserverName {
			if err := p.install(ctx, cfg.CRDs, steps); err != nil {
				return err
			}
		}
	}
	p.state.Ready = true
	return p.state.save(p.dir)
}

// install applies custom resource definitions and waits until they are served.
func (p *Plane) install(ctx context.Context, path string, steps *progress) error {
	if path == "" {
		return nil
	}
	steps.at("installing " + path)
	kubectl := filepath.Join(p.state.Assets, kubectlName)
	if !isProgram(kubectl) {
		kubectl = kubectlName // one that is installed does as well
	}
	for _, args := range [][]string{
		{"apply", "--server-side", "--force-conflicts", "-f", path},
		{"wait", "--for=condition=Established", "--timeout=30s", "-f", path},
	} {
		cmd := exec.CommandContext(ctx, kubectl, append([]string{"--kubeconfig", p.Kubeconfig()}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("install the definitions in %s: kubectl %s: %w\n%s", path, args[0], err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}

// spawn starts one server and notes it in the state.
func (p *Plane) spawn(one spec, bound bool) (*child, string, error) {
	path := filepath.Join(p.dir, logsName, one.name+".log")
	log, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, path, err
	}
	defer log.Close() // the server has its own handle

	cmd := exec.Command(filepath.Join(p.state.Assets, one.name), one.args...)
	cmd.Dir = p.dir
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = slices.DeleteFunc(os.Environ(), func(entry string) bool {
		return strings.HasPrefix(entry, "ETCD_") // etcd takes any of its flags from there
	})
	// A session of its own: Ctrl-C at the terminal is for the launcher, which
	// stops the servers in their order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	c, err := spawn(cmd, bound)
	if err != nil {
		return nil, path, err
	}
	p.children[one.name] = c
	p.state.Servers = append(p.state.Servers, server{Name: one.name, identity: c.id, Port: one.port, Log: path})
	return c, path, p.state.save(p.dir)
}

// waitReady waits until the server is ready, has ended, or the context is done.
func waitReady(ctx context.Context, c *child, one spec, client *http.Client) error {
	for {
		err := one.ready(ctx, client)
		if err == nil {
			return nil
		}
		select {
		case <-c.done:
			return fmt.Errorf("it ended (%v)", c.cmd.ProcessState)
		case <-ctx.Done():
			return fmt.Errorf("%w; last answer: %w", context.Cause(ctx), err)
		case <-time.After(2 * pollInterval):
		}
	}
}

// explain adds to an error of a server where its log is and how that ends.
func explain(name, log string, err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: interrupted before it was ready", name)
	}
	end := tail(log, tailLines)
	if strings.Contains(end, "address already in use") {
		err = fmt.Errorf("%w: %w", errPortTaken, err)
	}
	return fmt.Errorf("%s did not become ready: %w\n  log: %s\n%s", name, err, log, end)
}

// Stop stops the servers in the reverse order of their start and waits for each.
// When the context is done it loses its patience and kills them. It is an error
// if a process or a port stays.
func (p *Plane) Stop(ctx context.Context) error {
	steps := newProgress(p.progress)
	defer steps.end()
	// The context hurries; it does not keep anyone from stopping.
	lock, err := acquire(context.WithoutCancel(ctx), p.dir, steps)
	if err != nil {
		return err
	}
	defer lock.Close()
	if p.state, err = loadState(p.dir); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return p.stopServers(ctx.Done(), steps)
}

// stopServers stops all servers of the state, and those that the state does not
// know of. The caller holds the lock.
func (p *Plane) stopServers(hurry <-chan struct{}, steps *progress) error {
	stopped := p.state.Servers
	var errs []error
	for _, one := range slices.Backward(stopped) {
		if one.alive() {
			steps.at("stopping " + one.Name)
			errs = append(errs, terminate(one.identity, graceOf(one.Name), hurry))
		}
	}
	for _, id := range strays(p.dir) {
		steps.at("stopping a server without a launcher")
		errs = append(errs, terminate(id, 0, nil))
	}
	if len(stopped) == 0 {
		return errors.Join(errs...)
	}
	steps.at("waiting for the ports")
	for _, port := range p.state.Ports {
		if !waitUntil(10*time.Second, nil, func() bool { return portFree(port) }) {
			errs = append(errs, fmt.Errorf("port %d of %s is still taken although the servers have ended: see which program listens there (ss -ltnp)", port, loopback))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	p.state.Servers, p.state.Ready = nil, false
	clear(p.children)
	return p.state.save(p.dir)
}

// Open returns the plane in a folder, running or not. It is an error if there
// never was one.
func Open(dir string, progress io.Writer) (*Plane, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	s, err := loadState(absolute)
	if err != nil {
		return nil, err
	}
	return &Plane{dir: absolute, state: s, progress: progress}, nil
}

// problem returns why the plane cannot be used now, or nil if it can.
func (p *Plane) problem(ctx context.Context) error {
	if len(p.state.Servers) == 0 {
		return errors.New("it is stopped")
	}
	if !p.state.Ready {
		return errors.New("it is starting, or its start was interrupted")
	}
	client, err := httpClient(pkiIn(filepath.Join(p.dir, pkiName)))
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	for _, one := range specs(p.dir, p.state.Ports, pkiIn(filepath.Join(p.dir, pkiName)), p.state.Audit, p.Controllers()) {
		i := slices.IndexFunc(p.state.Servers, func(s server) bool { return s.Name == one.name })
		if i < 0 || !p.state.Servers[i].alive() {
			return fmt.Errorf("%s does not run, see %s", one.name, filepath.Join(p.dir, logsName, one.name+".log"))
		}
		if err := one.ready(ctx, client); err != nil {
			return fmt.Errorf("%s is not ready: %w", one.name, err)
		}
	}
	return nil
}

// version returns the version that the API server names.
func (p *Plane) version(ctx context.Context) string {
	client, err := httpClient(pkiIn(filepath.Join(p.dir, pkiName)))
	if err != nil {
		return "of unknown version"
	}
	defer client.CloseIdleConnections()
	var answer struct{ GitVersion string }
	body, err := get(ctx, client, p.state.Ports[2], "/version")
	if err != nil || json.Unmarshal(body, &answer) != nil || answer.GitVersion == "" {
		return "of unknown version"
	}
	return answer.GitVersion
}

// Clean stops the plane in a folder and removes all that it wrote; the folder
// itself goes too if nothing else is in it. A folder that is not there is clean.
func Clean(ctx context.Context, dir string, progress io.Writer) error {
	p, err := Open(dir, progress)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := claimable(dir); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		if err := p.Stop(ctx); err != nil {
			return err
		}
	}
	sweep(dir)
	if err := removeData(dir); err != nil {
		return err
	}
	for _, name := range []string{stateFile, lockName} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTEMPTY) && !errors.Is(err, syscall.EEXIST) {
		return err
	}
	return nil
}

// acquire takes the lock of a folder; it waits for whoever has it.
func acquire(ctx context.Context, dir string, steps *progress) (*os.File, error) {
	ctx, cancel := context.WithTimeout(ctx, DefaultTimeout)
	defer cancel()
	for {
		lock, err := lockFile(filepath.Join(dir, lockName))
		if !errors.Is(err, errLocked) {
			return lock, err
		}
		steps.at("waiting for another localplane command on " + dir)
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("another localplane command works on %s: wait for it, or end it", dir)
		case <-time.After(pollInterval):
		}
	}
}

// httpClient returns a client that is the plane's admin.
func httpClient(files pki) (*http.Client, error) {
	config, err := files.clientTLS()
	if err != nil {
		return nil, err
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}}, nil
}

// checkAssets returns an error if the folder does not hold the programs that a
// plane cannot do without.
func checkAssets(dir string) error {
	var missing []string
	for _, name := range []string{etcdName, apiserverName} {
		if !isProgram(filepath.Join(dir, name)) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%s lacks %s: build them with hack/localplane/build.sh, or name a folder that has them with --assets or KUBEBUILDER_ASSETS", dir, strings.Join(missing, " and "))
	}
	return nil
}

// isProgram reports whether path is a file that can be run.
func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
