//go:build unix

package plane

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// pollInterval is how often a condition on another process is looked at.
const pollInterval = 20 * time.Millisecond

// identity names one process permanently: the instant at which it started tells it
// from a later one that was given the same number.
type identity struct {
	PID     int    `json:"pid"`
	Started string `json:"started"`
}

// identify returns the identity of a running process.
func identify(pid int) (identity, error) {
	started, running := startOf(pid)
	if !running {
		return identity{}, fmt.Errorf("process %d is not running", pid)
	}
	return identity{PID: pid, Started: started}, nil
}

// alive reports whether the process still runs. One that has ended and only
// waits for its parent to take note does not run.
func (id identity) alive() bool {
	if id.PID <= 0 {
		return false
	}
	started, running := startOf(id.PID)
	return running && started == id.Started
}

// signal sends a signal, if the process still runs.
func (id identity) signal(sig syscall.Signal) {
	if id.alive() {
		_ = syscall.Kill(id.PID, sig) // it may have ended in between, which is what is wanted
	}
}

// child is a process that this process started and will reap.
type child struct {
	cmd  *exec.Cmd
	id   identity
	done chan struct{} // closed when it has ended; cmd.ProcessState is set then
}

// ended reports whether the process has ended.
func (c *child) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// spawn starts a command and reaps it when it ends. A bound command dies with
// this process, however that ends, on systems that can do so.
func spawn(cmd *exec.Cmd, bound bool) (*child, error) {
	start := cmd.Start
	if bound {
		if cmd.SysProcAttr == nil {
			cmd.SysProcAttr = &syscall.SysProcAttr{}
		}
		dieWithParent(cmd.SysProcAttr)
		start = func() error { return onLastingThread(cmd.Start) }
	}
	if err := start(); err != nil {
		return nil, err
	}
	id, err := identify(cmd.Process.Pid)
	if err != nil { // it ended before we could look: the number is all there is
		id = identity{PID: cmd.Process.Pid}
	}
	c := &child{cmd: cmd, id: id, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // the state that it leaves is read by whoever waits for done
		close(c.done)
	}()
	return c, nil
}

// lastingThread runs functions on one thread that lives as long as the process.
var lastingThread = sync.OnceValue(func() chan<- func() {
	calls := make(chan func())
	go func() {
		runtime.LockOSThread() // and never unlock
		for call := range calls {
			call()
		}
	}()
	return calls
})

// onLastingThread calls f on a thread that does not end before the process does.
// The kernel sends the parent death signal when the thread that started the
// child ends, and the Go runtime ends threads as it sees fit.
func onLastingThread(f func() error) error {
	result := make(chan error)
	lastingThread() <- func() { result <- f() }
	return <-result
}

// terminate ends a process: politely, and by force when the grace is over or
// hurry is closed. It returns an error only if the process is still there.
func terminate(id identity, grace time.Duration, hurry <-chan struct{}) error {
	id.signal(syscall.SIGTERM)
	if waitUntil(grace, hurry, func() bool { return !id.alive() }) {
		return nil
	}
	id.signal(syscall.SIGKILL)
	if waitUntil(10*time.Second, nil, func() bool { return !id.alive() }) {
		return nil
	}
	return fmt.Errorf("process %d does not end even when killed", id.PID)
}

// waitUntil polls until the condition holds and reports whether it did before
// the time was over or hurry was closed.
func waitUntil(limit time.Duration, hurry <-chan struct{}, condition func() bool) bool {
	deadline := time.Now().Add(limit)
	for !condition() {
		if time.Now().After(deadline) {
			return false
		}
		select {
		case <-hurry:
			return condition()
		case <-time.After(pollInterval):
		}
	}
	return true
}

// errLocked says that another process holds a lock.
var errLocked = errors.New("locked by another process")

// lockFile takes an exclusive lock on a file, which it creates. The lock ends
// with the returned file, or with the process.
func lockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errLocked
		}
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return file, nil
}

// ownsTerminal reports whether the process group of this process is the one
// that gets the terminal's signals.
func ownsTerminal() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer tty.Close()
	var group int32
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, tty.Fd(), syscall.TIOCGPGRP, uintptr(unsafe.Pointer(&group)))
	return errno == 0 && int(group) == syscall.Getpgrp()
}
