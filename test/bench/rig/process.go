package rig

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// patience is how long something may take that should happen soon.
const patience = 2 * time.Minute

// Process is a process that is measured: the manager, or what it is compared with.
type Process struct {
	// Started is when it was started.
	Started time.Time

	cmd     *exec.Cmd
	log     string
	probes  string
	metrics string
	token   string
	done    chan error
}

// Start says how the manager is started.
type Start struct {
	// Clock is the instant at which its clock starts.
	Clock string
	// Flags are more flags.
	Flags []string
	// Env are more variables of its environment.
	Env []string
	// Program is the path of the program, whose name is the user agent; empty means the manager as it is built.
	Program string
}

// StartManager starts the manager as it ships, as its own service account.
func (p *Plane) StartManager(ctx context.Context, s Start) (*Process, error) {
	probes, metrics := freeAddress(ctx), freeAddress(ctx)
	args := append([]string{
		"--kubeconfig", p.Kubeconfig, "--health-probe-bind-address", probes, "--metrics-bind-address", metrics,
		"--zap-time-encoding", "rfc3339nano", "--clock-start", s.Clock,
	}, s.Flags...)
	m, err := p.startProcess(cmp.Or(s.Program, "bin/manager"), args, s.Env)
	if err != nil {
		return nil, fmt.Errorf("%w: run make build first", err)
	}
	m.probes, m.metrics, m.token = probes, metrics, p.Account.BearerToken
	return m, nil
}

// StartRole starts this program in another role.
func (p *Plane) StartRole(role string, more ...string) (*Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return p.startProcess(self, append([]string{"-role", role, "-kubeconfig", p.Kubeconfig}, more...), nil)
}

func (p *Plane) startProcess(name string, args, env []string) (*Process, error) {
	out, err := os.CreateTemp(p.dir, filepath.Base(name)+"-*.log")
	if err != nil {
		return nil, err
	}
	defer out.Close()
	m := &Process{log: out.Name(), done: make(chan error, 1)}
	m.cmd = exec.CommandContext(context.Background(), name, args...) // it is told to stop, not killed
	m.cmd.Env = append(os.Environ(), env...)
	m.cmd.Stdout, m.cmd.Stderr = out, out
	m.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	m.Started = time.Now()
	if err := m.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { m.done <- m.cmd.Wait() }()
	return m, nil
}

// Ready waits until the manager says that it is ready and returns when that was.
func (m *Process) Ready(ctx context.Context) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+m.probes+"/readyz", http.NoBody)
		if err != nil {
			return time.Time{}, err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return time.Now(), nil
			}
		}
		if err := m.pause(ctx, 5*time.Millisecond); err != nil {
			return time.Time{}, err
		}
	}
}

// pause waits for a moment; it fails when the process or the context ends.
func (m *Process) pause(ctx context.Context, moment time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-m.done:
		m.done <- err
		return fmt.Errorf("it ended: %w\n%s", err, m.tail())
	case <-time.After(moment):
		return nil
	}
}

// Line waits for a line of JSON in what the process writes that a filter keeps, and returns it.
func (m *Process) Line(ctx context.Context, keep func(map[string]any) bool) (map[string]any, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		file, err := os.Open(m.log)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(file)
		for lines.Scan() {
			var line map[string]any
			if json.Unmarshal(lines.Bytes(), &line) == nil && keep(line) {
				_ = file.Close()
				return line, nil
			}
		}
		_ = file.Close()
		if err := m.pause(ctx, 10*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

// Working returns the instant from which the first of the manager's controllers worked: its caches were synced.
func (m *Process) Working(ctx context.Context) (time.Time, error) {
	line, err := m.Line(ctx, func(line map[string]any) bool { return line["msg"] == "Starting workers" })
	if err != nil {
		return time.Time{}, err
	}
	text, _ := line["ts"].(string)
	return time.Parse(time.RFC3339Nano, text)
}

// Stop stops the process and waits for its end. To stop it again does nothing.
func (m *Process) Stop() error {
	_ = m.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-m.done:
		m.done <- err
		if exit, failed := errors.AsType[*exec.ExitError](err); failed && exit.ExitCode() > 0 {
			return fmt.Errorf("it ended with %w\n%s", exit, m.tail())
		}
		return nil
	case <-time.After(stopGrace):
		_ = m.cmd.Process.Kill()
		return errors.New("it did not stop and was killed")
	}
}

// Metric returns a metric of the manager without labels.
func (m *Process) Metric(ctx context.Context, name string) (float64, error) {
	insecure := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+m.metrics+"/metrics", http.NoBody)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+m.token)
	response, err := insecure.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if value, found := strings.CutPrefix(lines.Text(), name+" "); found {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, fmt.Errorf("%s answers %s and has no %s", m.metrics, response.Status, name)
}

// CPU returns the processor time that the process has used.
func (m *Process) CPU() time.Duration { return cpuOf(m.cmd.Process.Pid) }

// tick is the unit of processor times in /proc.
const tick = 10 * time.Millisecond

// cpuOf returns the processor time of a process; zero where the system does not say.
func cpuOf(pid int) time.Duration {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick
}

func (m *Process) tail() string { return tailOf(m.log) }

// tailOf returns the end of a log.
func tailOf(log string) string {
	raw, err := os.ReadFile(log)
	if err != nil {
		return ""
	}
	return string(raw[max(0, len(raw)-4000):])
}

// Log returns what the process has written.
func (m *Process) Log() io.Reader { return strings.NewReader(m.tail()) }

func freeAddress(ctx context.Context) string {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:0"
	}
	defer listener.Close()
	return listener.Addr().String()
}
