//go:build unix

package plane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// kubeconfigVariable tells tests that the cluster they are given is a local plane
// that they may fill and empty as they like.
const kubeconfigVariable = "JOINTPLAN_PLANE_KUBECONFIG"

// watchName is the hidden command of the process that cleans up after a `run`
// that was killed.
const watchName = "watch"

// relayed are the signals that `run` passes on to its command.
var relayed = []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}

// runCommand is the command `run`.
func runCommand(o options, stdout, stderr io.Writer) int {
	signals := make(chan os.Signal, len(relayed))
	for _, sig := range relayed {
		if sig != syscall.SIGHUP || !signal.Ignored(sig) { // nohup stays in force
			signal.Notify(signals, sig)
		}
	}
	defer signal.Stop(signals)

	r, err := newRun(o, stdout, stderr)
	if err != nil {
		fail(stderr, err)
		return exitLauncher
	}
	code := r.run(signals)
	if err := r.end(signals); err != nil {
		fail(stderr, err)
		if code == exitOK {
			return exitLauncher
		}
	}
	return code
}

// run is one `run`: a plane, a command, and the process that watches over both.
type run struct {
	cfg            Config
	command        []string
	stdout, stderr io.Writer
	plane          *Plane
	// keep keeps a temporary folder until the next run: its logs are named in an
	// error.
	keep bool
	// watched is closed, after a word, when all is well; when it closes
	// without that word this process was killed.
	watched *os.File
	// group is the process group of the watch process. A command that gets a
	// group of its own is put into this one: so it is known who is to be ended
	// before there is anybody, however early this process is killed.
	group int
}

// newRun makes the folder of the run and starts the watch process.
func newRun(o options, stdout, stderr io.Writer) (*run, error) {
	cfg, err := o.config(stderr)
	if err != nil {
		return nil, err
	}
	self, err := identify(os.Getpid())
	if err != nil {
		return nil, err
	}
	cfg.Bound, cfg.owner = true, &self
	if cfg.Dir == "" {
		sweep(defaultDir)
		if err := os.MkdirAll(defaultDir, 0o700); err != nil {
			return nil, err
		}
		if cfg.Dir, err = os.MkdirTemp(defaultDir, runPrefix); err != nil {
			return nil, err
		}
		cfg.temporary = true
	}
	if cfg.Dir, err = filepath.Abs(cfg.Dir); err != nil {
		return nil, err
	}
	r := &run{cfg: cfg, command: o.command, stdout: stdout, stderr: stderr}
	if r.watched, r.group, err = watch(cfg.Dir); err != nil {
		return nil, errors.Join(err, r.remove())
	}
	return r, nil
}

// run starts the plane, runs the command and returns its exit code.
func (r *run) run(signals <-chan os.Signal) int {
	p, sig, err := r.start(signals)
	switch {
	case sig != 0:
		return 128 + int(sig)
	case err != nil:
		fail(r.stderr, err)
		r.keep = true
		return exitLauncher
	}
	r.plane = p
	announce(context.Background(), p, r.stderr)

	shared := ownsTerminal()
	c, err := r.spawn(shared)
	if err != nil {
		fmt.Fprintf(r.stderr, "localplane: cannot run %s: %v\n", r.command[0], err)
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
			return 127 // as a shell does
		}
		return 126
	}
	r.wait(c, shared, signals)
	if !shared {
		// What the command left in its group has no plane to work with.
		_ = syscall.Kill(-r.group, syscall.SIGTERM)
	}
	status := c.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if status.Signaled() {
		return 128 + int(status.Signal())
	}
	return status.ExitStatus()
}

// start starts the plane; a signal that comes in between ends the start.
func (r *run) start(signals <-chan os.Signal) (*Plane, syscall.Signal, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	type result struct {
		plane *Plane
		err   error
	}
	started := make(chan result, 1)
	go func() {
		p, err := Start(ctx, r.cfg)
		started <- result{p, err}
	}()
	select {
	case done := <-started:
		return done.plane, 0, done.err
	case sig := <-signals:
		cancel()
		done := <-started
		if done.err == nil {
			r.plane = done.plane // it was faster; end stops it
		}
		return nil, sig.(syscall.Signal), nil
	}
}

// spawn starts the command. Where it shares the terminal it stays in the process
// group of this process, so that the terminal's signals and job control work as
// without localplane. Elsewhere it joins the watch process, which ignores what
// is passed on, so that a signal reaches it, and all that it started, once.
func (r *run) spawn(shared bool) (*child, error) {
	cmd := exec.Command(r.command[0], r.command[1:]...)
	env := append(os.Environ(),
		"KUBECONFIG="+r.plane.Kubeconfig(),
		kubeconfigVariable+"="+r.plane.Kubeconfig(),
		assetsVariable+"="+r.cfg.Assets,
	)
	// First on the path: a kubectl that is installed may be of another time.
	path := strings.TrimSuffix(r.cfg.Assets+string(os.PathListSeparator)+os.Getenv("PATH"), string(os.PathListSeparator))
	cmd.Env = append(env, "PATH="+path)
	if own := filepath.Join(r.cfg.Assets, r.command[0]); r.command[0] == filepath.Base(own) && isProgram(own) {
		cmd.Path, cmd.Err = own, nil
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, r.stdout, r.stderr
	if !shared {
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: r.group}
	}
	return spawn(cmd, true)
}

// wait passes signals on until the command has ended, and says so if a server
// ends before.
func (r *run) wait(c *child, shared bool, signals <-chan os.Signal) {
	crashed := make(chan string, len(r.plane.children))
	for name, one := range r.plane.children {
		go func() {
			<-one.done
			crashed <- name
		}()
	}
	for {
		select {
		case <-c.done:
			return
		case name := <-crashed:
			log := filepath.Join(r.plane.dir, logsName, name+".log")
			fmt.Fprintf(r.stderr, "localplane: %s ended while %s was running\n  log: %s\n%s\n", name, r.command[0], log, tail(log, tailLines))
		case sig := <-signals:
			switch {
			case !shared:
				_ = syscall.Kill(-r.group, sig.(syscall.Signal)) // the whole group; it may just have ended
			case sig == syscall.SIGTERM:
				c.id.signal(syscall.SIGTERM) // the terminal sent the others to the command too
			}
		}
	}
}

// end stops the plane and removes what is temporary. A signal makes it hurry.
func (r *run) end(signals <-chan os.Signal) error {
	hurry, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-signals:
			cancel()
		case <-hurry.Done():
		}
	}()
	if r.plane != nil {
		if err := r.plane.Stop(hurry); err != nil {
			return err // the watch process tries again
		}
	}
	if err := r.remove(); err != nil {
		return err
	}
	_, _ = r.watched.WriteString("done") // without it the watch process finds nothing to do
	return r.watched.Close()
}

// remove removes the folder of the run if it is temporary, and the folder above
// it if that is empty then.
func (r *run) remove() error {
	if !r.cfg.temporary || r.keep {
		return nil
	}
	return removeTemporary(r.cfg.Dir)
}

func removeTemporary(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	_ = os.Remove(filepath.Dir(dir)) // it is kept if anything else is in it
	return nil
}

// watch starts the process that cleans up if this one is killed: it ends what
// the kernel does not end by itself, which is whatever the command has started,
// and removes the temporary folder. It notices by the end of its input. It leads
// the process group that is returned.
func watch(dir string) (input *os.File, group int, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, 0, err
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, 0, err
	}
	defer reader.Close()
	cmd := exec.Command(self, watchName, "--dir", dir)
	cmd.Stdin = reader
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c, err := spawn(cmd, false)
	if err != nil {
		writer.Close()
		return nil, 0, fmt.Errorf("watch process: %w", err)
	}
	return writer, c.id.PID, nil
}

// watchCommand is the hidden command `watch`.
func watchCommand(o options, _, stderr io.Writer) int {
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP) // it ends with its launcher, not before
	if word, err := io.ReadAll(os.Stdin); err == nil && string(word) == "done" {
		return exitOK
	}
	s, err := loadState(o.dir)
	if err != nil || s.Launcher == nil || s.Launcher.alive() {
		return exitOK // there is no plane, or it is not that of our launcher
	}
	_ = syscall.Kill(0, syscall.SIGTERM) // what the command left in this group
	if err := cleanUpAfter(o.dir); err != nil {
		fail(stderr, err)
	}
	_ = syscall.Kill(0, syscall.SIGKILL) // the rest of it, and this process
	return exitOK
}

// cleanUpAfter ends the servers that a killed `run` left behind, and removes its
// folder if it is temporary.
func cleanUpAfter(dir string) error {
	p, err := Open(dir, nil)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	now, cancel := context.WithCancel(context.Background())
	cancel() // there is nothing to be polite about
	if err := p.Stop(now); err != nil {
		return err
	}
	if p.state.Temporary {
		return removeTemporary(dir)
	}
	return nil
}

// sweep removes the temporary folders of runs that ended without being able to,
// as when the machine lost its power.
func sweep(base string) {
	dirs, _ := filepath.Glob(filepath.Join(base, runPrefix+"*"))
	for _, dir := range slices.Sorted(slices.Values(dirs)) {
		s, err := loadState(dir)
		switch {
		case err == nil && s.Launcher != nil && s.Launcher.alive():
			continue
		case err == nil:
			_ = cleanUpAfter(dir) // what cannot be removed now is swept the next time
		default:
			// A run that has only just made its folder has no state yet.
			if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > time.Hour {
				_ = os.RemoveAll(dir)
			}
		}
	}
}
