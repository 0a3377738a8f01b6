package gitops

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	// patience is how long something may take that should happen soon, on a slow and busy machine.
	patience = 3 * time.Minute
	// grace is how long a process may take to end.
	grace = 20 * time.Second
)

// process is a program that runs beside the tests. It stays in the tests' process group, which localplane ends in the end, whatever happens.
type process struct {
	name string
	log  string
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	err  error         // why it ended
}

// start starts a program, whose output goes to a file in a folder.
func start(dir, name string, env []string, path string, args ...string) (*process, error) {
	p := &process{name: name, log: filepath.Join(dir, name+".log"), done: make(chan struct{})}
	out, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	p.cmd = exec.CommandContext(context.Background(), path, args...) // it is told to stop, not killed
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = out, out
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// stop tells the process to end and waits until it has.
func (p *process) stop() error {
	select {
	case <-p.done:
		return fmt.Errorf("%s ended by itself: %w\n%s", p.name, p.err, p.tail())
	default:
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	select {
	case <-p.done:
		return nil
	case <-time.After(grace):
		_ = p.cmd.Process.Kill()
		<-p.done
		return fmt.Errorf("%s did not end within %s and was killed", p.name, grace)
	}
}

// awaitAnswer waits until the process accepts connections at an address.
func (p *process) awaitAnswer(address string) error {
	dialer := net.Dialer{Timeout: time.Second}
	err := eventually(func() error {
		select {
		case <-p.done:
			return nil // told below
		default:
		}
		connection, err := dialer.DialContext(context.Background(), "tcp", address)
		if err != nil {
			return err
		}
		return connection.Close()
	})
	select {
	case <-p.done:
		return fmt.Errorf("%s ended: %w\n%s", p.name, p.err, p.tail())
	default:
	}
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", p.name, err, p.tail())
	}
	return nil
}

// eventually tries again and again until it succeeds, and returns the last failure after a while.
func eventually(try func() error) error {
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case <-deadline.C:
			return fmt.Errorf("not within %s: %w", patience, err)
		case <-tick.C:
		}
	}
}

// tail returns the last lines of what the process has written.
func (p *process) tail() string {
	raw, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}

// freeAddress returns an address of this machine at which nothing listens.
func freeAddress() (address, port string, err error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	address = listener.Addr().String()
	_, port, err = net.SplitHostPort(address)
	return address, port, errors.Join(err, listener.Close())
}
