// Package data runs the servers that keep what the operator tells, as Debian packages them, and tests against them: Prometheus, and PostgreSQL. What
// is missing hack/data/packages.sh installs.
package data

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long tests wait for what should happen soon, on a slow and busy machine.
const patience = 3 * time.Minute

// Await waits until a check returns nothing; it fails the test with what the check last returned.
func Await(tb testing.TB, check func() (problem string)) {
	tb.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for problem := check(); problem != ""; problem = check() {
		select {
		case <-deadline.C:
			tb.Fatalf("not within %s: %s", patience, problem)
		case <-tick.C:
		}
	}
}

// program returns the path of a program of a server: on PATH, or where Debian has those of PostgreSQL, of the newest version.
func program(tb testing.TB, name string) string {
	tb.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		tb.Fatalf("%s is not installed: hack/data/packages.sh installs it, or says how", name)
	}
	version := func(path string) int {
		number, _ := strconv.Atoi(strings.Split(path, "/")[4])
		return number
	}
	return slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
}

// freePort returns a port of 127.0.0.1 on which nobody listens.
func freePort(tb testing.TB) string {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		tb.Fatal(err)
	}
	return port
}

// folder returns a folder of its own, which is removed after the servers that use it have ended.
func folder(tb testing.TB, name string) string {
	tb.Helper()
	path, err := os.MkdirTemp("", "jointplan-"+name+"-") //nolint:usetesting // only the user of the test may enter the folder that tb.TempDir is in
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(path) })
	return path
}

// server is a server in a process of its own.
type server struct {
	name string
	cmd  *exec.Cmd
	log  *log
	done chan struct{} // closed when it has ended
}

// log keeps what a server says.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds to the log.
func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// tail returns the last lines.
func (l *log) tail() string {
	const most = 30
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(l.text.String()), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}

// start starts a server, and stops it at the end of the test with a signal, on which it has to end.
func start(tb testing.TB, stop syscall.Signal, as *syscall.SysProcAttr, name string, args ...string) *server {
	tb.Helper()
	s := &server{name: filepath.Base(name), log: &log{}, done: make(chan struct{})}
	s.cmd = exec.CommandContext(context.Background(), name, args...) // it is told to stop, not killed
	s.cmd.Stdout, s.cmd.Stderr, s.cmd.SysProcAttr, s.cmd.Dir = s.log, s.log, as, "/"
	if err := s.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	go func() {
		_ = s.cmd.Wait()
		close(s.done)
	}()
	tb.Cleanup(func() {
		_ = s.cmd.Process.Signal(stop)
		select {
		case <-s.done:
		case <-time.After(patience):
			_ = s.cmd.Process.Kill()
			tb.Errorf("%s does not end within %s", s.name, patience)
		}
		if tb.Failed() {
			tb.Logf("%s said:\n%s", s.name, s.log.tail())
		}
	})
	return s
}

// await waits for a server, and gives up when it has ended.
func (s *server) await(tb testing.TB, check func() (problem string)) {
	tb.Helper()
	Await(tb, func() string {
		select {
		case <-s.done:
			tb.Fatalf("%s has ended:\n%s", s.name, s.log.tail())
		default:
		}
		return check()
	})
}
