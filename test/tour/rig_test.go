package tour

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/test/plane"
)

const (
	// root is the root of the repository.
	root = "../.."
	// samplesClock is the Makefile's SAMPLES_CLOCK.
	samplesClock = "2026-11-03T09:00:00Z"
	// patience is how long a page, and the start of a plane, may take on a slow machine.
	patience = 3 * time.Minute
	// planeFolder is where `make run` keeps the plane, and where the tour looks for its kubeconfig.
	planeFolder = ".localplane/demo"
)

// checkout is a folder that looks to a reader as the repository does after make build.
type checkout struct{ folder string }

// build builds the programs of a checkout, once for all pages.
func build(t *testing.T) (bin string) {
	t.Helper()
	if *built != "" {
		return *built
	}
	bin = filepath.Join(t.TempDir(), "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"cmd/manager", "cmd/kubectl-jointplan", "hack/demo"} {
		run(t, root, "env", "CGO_ENABLED=0", "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(bin, filepath.Base(program)), "./"+program)
	}
	link(t, "bin/localplane", filepath.Join(bin, "localplane"))
	return bin
}

// newCheckout copies what readers read and apply, and links what was built.
func newCheckout(t *testing.T, bin string) checkout {
	t.Helper()
	c := checkout{folder: t.TempDir()}
	for _, path := range []string{"ci", "config", "docs", "README.md", "Makefile"} {
		run(t, root, "cp", "-R", path, c.folder)
	}
	if err := os.Symlink(bin, filepath.Join(c.folder, "bin")); err != nil {
		t.Fatal(err)
	}
	return c
}

// link links a path of the repository.
func link(t *testing.T, path, as string) {
	t.Helper()
	from, err := filepath.Abs(filepath.Join(root, path))
	if err == nil {
		err = os.Symlink(from, as)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, folder, program string, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), program, args...)
	c.Dir = folder
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// environment is that of a reader's terminal: the programs first on the path, the plane's kubeconfig, a home of its own.
func (c checkout) environment(more ...string) []string {
	var kept []string
	for _, entry := range os.Environ() {
		if name, _, _ := strings.Cut(entry, "="); name != plane.Kubeconfig && name != "KUBECONFIG" && name != "PATH" && name != "HOME" {
			kept = append(kept, entry)
		}
	}
	bin := filepath.Join(c.folder, "bin")
	return append(append(kept,
		"PATH="+strings.Join([]string{bin, filepath.Join(bin, "localplane"), os.Getenv("PATH")}, ":"),
		"KUBECONFIG="+filepath.Join(c.folder, planeFolder, "kubeconfig"),
		"HOME="+c.folder, "LC_ALL=C", "NO_COLOR=1", "TERM=dumb"), more...)
}

// demo is what `make run` starts.
type demo struct {
	checkout

	command *exec.Cmd
	shown   *watcher
	done    chan error
}

// startDemo starts it, and does not wait for it. It is stopped with the test, if not before.
func startDemo(t *testing.T, bin string) *demo {
	t.Helper()
	d := &demo{checkout: newCheckout(t, bin), shown: &watcher{until: "Ctrl-C stops", seen: make(chan struct{})}, done: make(chan error, 1)}
	d.command = exec.CommandContext(context.WithoutCancel(t.Context()), "bin/demo", "--clock-start", samplesClock, "--stay")
	d.command.Dir, d.command.Env = d.folder, d.environment()
	d.command.Stdout, d.command.Stderr = d.shown, d.shown
	if err := d.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { d.done <- d.command.Wait() }()
	t.Cleanup(func() {
		d.interrupt(t)
		if err := <-d.done; err != nil {
			t.Errorf("make run did not end well: %v\n%s", err, d.shown)
		}
	})
	return d
}

// wait waits until the samples are evaluated.
func (d *demo) wait(t *testing.T) {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-d.shown.seen:
	case err := <-d.done:
		d.done <- err
		t.Fatalf("make run ended: %v\n%s", err, d.shown)
	case <-late.C:
		t.Fatalf("make run shows nothing after %s:\n%s", patience, d.shown)
	}
}

// interrupt is Ctrl-C.
func (d *demo) interrupt(t *testing.T) {
	t.Helper()
	if err := d.command.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Error(err)
	}
}

// state returns the version of each object in the plane that a page may change, by kind, namespace and name.
func (d *demo) state(t *testing.T) map[string]string {
	t.Helper()
	resources := []string{
		"namespaces", "serviceaccounts", "roles", "rolebindings", "clusterroles", "clusterrolebindings",
		"validatingadmissionpolicies", "validatingadmissionpolicybindings", "customresourcedefinitions",
	}
	for _, k := range kinds.All() {
		resources = append(resources, k.Plural)
	}
	versions := map[string]string{}
	list := d.kubectl(t, "get", strings.Join(resources, ","), "-A", "-o",
		`jsonpath={range .items[*]}{.kind}/{.metadata.name}/{.metadata.namespace} {.metadata.uid}/{.metadata.resourceVersion}{"\n"}{end}`)
	for line := range strings.SplitSeq(strings.TrimSpace(list), "\n") {
		key, version, _ := strings.Cut(line, " ")
		versions[key] = version
	}
	return versions
}

// traceless are the kinds of objects that can be deleted without a trace, in that order.
var traceless = []string{"RoleBinding", "ClusterRoleBinding", "Role", "ClusterRole", "ServiceAccount", "Namespace"}

// tidy deletes the rights and accounts that were added since a state, and returns what else has changed; "" when nothing has.
func (d *demo) tidy(t *testing.T, before map[string]string) (change string) {
	t.Helper()
	now := d.state(t)
	var added []string
	for key, version := range now {
		kind, _, _ := strings.Cut(key, "/")
		switch was, existed := before[key]; {
		case was == version:
		case !existed && slices.Contains(traceless, kind):
			added = append(added, key)
		default:
			return key
		}
	}
	for key := range before {
		if _, exists := now[key]; !exists {
			return key
		}
	}
	order := func(key string) int { kind, _, _ := strings.Cut(key, "/"); return slices.Index(traceless, kind) }
	slices.SortFunc(added, func(a, b string) int { return order(a) - order(b) })
	for _, key := range added {
		kind, rest, _ := strings.Cut(key, "/")
		name, namespace, _ := strings.Cut(rest, "/")
		d.kubectl(t, "delete", strings.ToLower(kind), name, "--namespace", namespace, "--ignore-not-found")
	}
	return ""
}

// kubectl runs kubectl as an administrator.
func (d *demo) kubectl(t *testing.T, args ...string) string {
	t.Helper()
	program := filepath.Join(d.folder, "bin", "localplane", "kubectl")
	return run(t, d.folder, program, append([]string{"--kubeconfig", filepath.Join(d.folder, planeFolder, "kubeconfig")}, args...)...)
}

// watcher keeps what is written and says when a text has come.
type watcher struct {
	lock   sync.Mutex
	buffer bytes.Buffer
	until  string
	seen   chan struct{}
	closed bool
}

// Write keeps what is written.
func (w *watcher) Write(p []byte) (int, error) {
	w.lock.Lock()
	defer w.lock.Unlock()
	n, err := w.buffer.Write(p)
	if !w.closed && strings.Contains(w.buffer.String(), w.until) {
		w.closed = true
		close(w.seen)
	}
	return n, err
}

// String returns what was written.
func (w *watcher) String() string {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.buffer.String()
}
