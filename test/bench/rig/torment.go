package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"k8s.io/client-go/kubernetes"
)

// Server is one of the plane's servers: etcd, kube-apiserver or kube-controller-manager.
type Server struct {
	name string
	pid  int
	args []string
}

// Folder is where the plane keeps what it has: state, logs, data and, if it was started with --audit, audit.log.
func (p *Plane) Folder() string { return p.dir }

// Server returns one of the plane's servers as it runs.
func (p *Plane) Server(name string) (*Server, error) {
	if s := p.started[name]; s != nil {
		return s, nil
	}
	pids, err := p.servers()
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pids[name]))
	if err != nil {
		return nil, fmt.Errorf("%s does not run: %w", name, err)
	}
	return &Server{name: name, pid: pids[name], args: strings.Split(strings.TrimSuffix(string(raw), "\x00"), "\x00")}, nil
}

// logOf returns the path of a server's log.
func (p *Plane) logOf(name string) string { return filepath.Join(p.dir, "logs", name+".log") }

// Flag returns the value of a flag of the server.
func (s *Server) Flag(name string) string {
	for _, arg := range s.args {
		if value, found := strings.CutPrefix(arg, "--"+name+"="); found {
			return value
		}
	}
	return ""
}

// Signal sends the server a signal.
func (s *Server) Signal(signal syscall.Signal) error { return syscall.Kill(s.pid, signal) }

// End ends the server by a signal and waits until it is gone.
func (s *Server) End(ctx context.Context, signal syscall.Signal) error {
	if err := s.Signal(signal); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for runs(s.pid) {
		if err := sleep(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("%s does not end: %w", s.name, err)
		}
	}
	return nil
}

// runs reports whether a process runs. One that only waits for its parent to take note does not, once the last of its threads has ended: until then
// its ports are taken.
func runs(pid int) bool {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	threads, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	return !strings.HasPrefix(rest, "Z") || len(threads) > 1
}

// StartServer starts a server that was ended, as it was and with more flags, of which the last of a name counts. It does not wait until it is ready.
func (p *Plane) StartServer(of *Server, flags ...string) error {
	log, err := os.OpenFile(p.logOf(of.name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	again := &Server{name: of.name, args: append(append([]string(nil), of.args...), flags...)}
	c := exec.CommandContext(context.Background(), again.args[0], again.args[1:]...) // it is ended with the plane
	c.Dir, c.Stdout, c.Stderr = p.dir, log, log
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C at the terminal is not for it
	if err := c.Start(); err != nil {
		return err
	}
	go func() { _ = c.Wait() }() // it is ended with the plane, and how is its own matter
	again.pid = c.Process.Pid
	p.started[again.name] = again
	return nil
}

// Ready waits until the API server is ready, its store included.
func (p *Plane) Ready(ctx context.Context) error {
	set, err := kubernetes.NewForConfig(p.Admin)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		attempt, done := context.WithTimeout(ctx, 5*time.Second)
		_, err := set.RESTClient().Get().AbsPath("/readyz").DoRaw(attempt)
		done()
		if err == nil {
			return nil
		}
		if failure := sleep(ctx, 100*time.Millisecond); failure != nil {
			return fmt.Errorf("the API server does not get ready: %w\netcd:\n%s\nkube-apiserver:\n%s", errors.Join(failure, err),
				tailOf(p.logOf("etcd")), tailOf(p.logOf("kube-apiserver")))
		}
	}
}

// Signal sends the process a signal.
func (m *Process) Signal(signal syscall.Signal) error { return m.cmd.Process.Signal(signal) }

// Wait waits for the end of the process and returns how it ended. The first result says whether it did before the context.
func (m *Process) Wait(ctx context.Context) (ended bool, failure error) {
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case err := <-m.done:
		m.done <- err
		return true, err
	}
}

// Tail returns the end of what the process has written.
func (m *Process) Tail() string { return m.tail() }

// Memory returns the memory that the process has resident, now and at most so far, in bytes; zero where the system does not say.
func (m *Process) Memory() (now, most int64) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", m.cmd.Process.Pid))
	if err != nil {
		return 0, 0
	}
	return kilobytes(string(raw), "VmRSS:"), kilobytes(string(raw), "VmHWM:")
}

// kilobytes reads a line such as "VmRSS:	  1234 kB", in bytes.
func kilobytes(status, name string) int64 {
	for line := range strings.Lines(status) {
		if rest, found := strings.CutPrefix(line, name); found {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return n << 10
		}
	}
	return 0
}
