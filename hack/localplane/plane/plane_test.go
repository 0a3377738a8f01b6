package plane

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestStartedPlaneIsReadyAndStopsCompletely(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "plane")
	p, err := Start(t.Context(), Config{Dir: dir, Assets: fakeAssets(t, allServers...)})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop(context.WithoutCancel(t.Context()))
	if err := p.problem(t.Context()); err != nil {
		t.Errorf("a started plane is not ready: %v", err)
	}
	if !p.Controllers() {
		t.Error("no controller manager although there is one")
	}
	running := readState(t, dir)

	again, err := Start(t.Context(), Config{Dir: dir, Assets: p.state.Assets})
	if err != nil {
		t.Fatal(err)
	}
	if !again.Reused || !slices.Equal(again.state.Servers, running.Servers) {
		t.Error("a second start did not leave the plane as it was")
	}

	for range 2 { // the second finds nothing to do
		if err := p.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		assertGone(t, running)
	}
	if err := p.problem(t.Context()); err == nil {
		t.Error("a stopped plane claims to be ready")
	}
}

func TestPortsStayOverARestart(t *testing.T) {
	cfg := Config{Dir: t.TempDir(), Assets: fakeAssets(t, allServers...)}
	var before []int
	for i := range 2 {
		p, err := Start(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 && !slices.Equal(before, p.state.Ports) {
			t.Errorf("ports were %v and are %v", before, p.state.Ports)
		}
		before = p.state.Ports
		if err := p.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPlaneWithoutControllerManagerSaysSo(t *testing.T) {
	dir := t.TempDir()
	var stderr bytes.Buffer
	if code := Main([]string{"start", "--dir", dir, "--assets", fakeAssets(t, etcdName, apiserverName)}, new(bytes.Buffer), &stderr); code != exitOK {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	defer Main([]string{"stop", "--dir", dir}, new(bytes.Buffer), new(bytes.Buffer))
	if want := "garbage collection and namespace deletion will not run"; !strings.Contains(stderr.String(), want) {
		t.Errorf("%q is missing in: %s", want, &stderr)
	}
}

func TestATakenPortIsTriedAgainWithAnother(t *testing.T) {
	for _, name := range allServers {
		t.Run(name, func(t *testing.T) {
			t.Setenv(behaviour, name+":taken")
			p, err := Start(t.Context(), Config{Dir: t.TempDir(), Assets: fakeAssets(t, allServers...)})
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Stop(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAServerThatFailsIsNamedWithTheEndOfItsLog(t *testing.T) {
	t.Setenv(behaviour, apiserverName+":fail")
	dir := t.TempDir()
	_, err := Start(t.Context(), Config{Dir: dir, Assets: fakeAssets(t, allServers...)})
	if err == nil {
		t.Fatal("started although the API server failed")
	}
	message := err.Error()
	for _, want := range []string{"kube-apiserver did not become ready: it ended (exit status 1)", filepath.Join(dir, logsName, "kube-apiserver.log"), "line 6\n", "line 20"} {
		if !strings.Contains(message, want) {
			t.Errorf("%q is missing in: %s", want, message)
		}
	}
	if strings.Contains(message, "line 5\n") {
		t.Errorf("more than the last 15 lines in: %s", message)
	}
	if alive := readState(t, dir).alive(); len(alive) > 0 {
		t.Errorf("left running: %v", alive)
	}
}

func TestAServerThatDoesNotAnswerEndsTheStartInTime(t *testing.T) {
	t.Setenv(behaviour, controllersName+":deaf")
	dir := t.TempDir()
	_, err := Start(t.Context(), Config{Dir: dir, Assets: fakeAssets(t, allServers...), Timeout: 2 * time.Second})
	if err == nil {
		t.Fatal("started although the controller manager is deaf")
	}
	for _, want := range []string{"not ready within 2s", "[-]patience failed"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in: %v", want, err)
		}
	}
	if alive := readState(t, dir).alive(); len(alive) > 0 {
		t.Errorf("left running: %v", alive)
	}
}

func TestAServerThatDoesNotStopIsKilledWhenThereIsAHurry(t *testing.T) {
	t.Setenv(behaviour, apiserverName+":stubborn")
	dir := t.TempDir()
	p, err := Start(t.Context(), Config{Dir: dir, Assets: fakeAssets(t, allServers...)})
	if err != nil {
		t.Fatal(err)
	}
	running := readState(t, dir)
	hurry, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Stop(hurry); err != nil {
		t.Error(err)
	}
	assertGone(t, running)
}

func TestAPlaneThatLostAServerIsStartedAnew(t *testing.T) {
	cfg := Config{Dir: t.TempDir(), Assets: fakeAssets(t, allServers...)}
	p, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	before := readState(t, cfg.Dir)
	if err := terminate(before.Servers[1].identity, 0, nil); err != nil {
		t.Fatal(err)
	}
	if err := p.problem(t.Context()); err == nil || !strings.Contains(err.Error(), "kube-apiserver does not run") {
		t.Errorf("problem: %v", err)
	}
	p, err = Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop(context.WithoutCancel(t.Context()))
	for _, one := range before.Servers {
		if one.alive() {
			t.Errorf("%s of the broken plane still runs", one.Name)
		}
	}
}

func TestAFolderOfSomeoneElseIsLeftAlone(t *testing.T) {
	dir := t.TempDir()
	precious := filepath.Join(dir, "etcd")
	if err := os.WriteFile(precious, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Config{Dir: dir, Assets: fakeAssets(t, allServers...)}); err == nil {
		t.Error("a plane started in a folder with other things")
	}
	if err := Clean(t.Context(), dir, nil); err == nil {
		t.Error("a folder with other things was cleaned")
	}
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}

func TestCleanLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "plane")
	if _, err := Start(t.Context(), Config{Dir: dir, Assets: fakeAssets(t, allServers...), Audit: true}); err != nil {
		t.Fatal(err)
	}
	running := readState(t, dir)
	for range 2 {
		if err := Clean(t.Context(), dir, nil); err != nil {
			t.Fatal(err)
		}
	}
	assertGone(t, running)
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there (%v)", dir, err)
	}
}

func TestRunGivesTheCommandAPlaneAndItsExitCodeBack(t *testing.T) {
	work := t.TempDir()
	cmd := launcher(t, "run", "--assets", fakeAssets(t, allServers...), "--", "sh", "-c",
		`test -s "$KUBECONFIG" && test "$KUBECONFIG" = "$JOINTPLAN_PLANE_KUBECONFIG" && test -x "$KUBEBUILDER_ASSETS/etcd" && cp "$(dirname "$KUBECONFIG")/state.json" . && exit 42`)
	cmd.Dir = work
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 42 {
		t.Fatalf("%v: %s", err, out)
	}
	assertGone(t, readState(t, work))
	if _, err := os.Stat(filepath.Join(work, defaultDir)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the temporary folder is still there (%v)", err)
	}
}

func TestRunPrefersThePrograms(t *testing.T) {
	assets := fakeAssets(t, allServers...)
	if err := os.WriteFile(filepath.Join(assets, kubectlName), []byte("#!/bin/sh\necho the right kubectl\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{kubectlName}, {"sh", "-c", kubectlName}} {
		cmd := launcher(t, append([]string{"run", "--assets", assets, "--"}, command...)...)
		cmd.Dir = t.TempDir()
		out, err := cmd.Output()
		if err != nil || strings.TrimSpace(string(out)) != "the right kubectl" {
			t.Errorf("%v: %v: %s", command, err, out)
		}
	}
}

func TestRunKeepsAFolderThatIsNamed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "plane")
	out, err := launcher(t, "run", "--dir", dir, "--assets", fakeAssets(t, allServers...), "--", "true").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if alive := readState(t, dir).alive(); len(alive) > 0 {
		t.Errorf("left running: %v", alive)
	}
}

func TestRunSaysWhatWentWrongBeforeTheCommand(t *testing.T) {
	tests := map[string]struct {
		behaviour string
		command   string
		code      int
		message   string
	}{
		"command not found": {command: "no-such-command", code: 127, message: "cannot run no-such-command"},
		"no permission":     {command: "/etc/passwd", code: 126, message: "permission denied"},
		"server fails":      {behaviour: etcdName + ":fail", command: "true", code: exitLauncher, message: "etcd did not become ready"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			cmd := launcher(t, "run", "--assets", fakeAssets(t, allServers...), "--", test.command)
			cmd.Dir = t.TempDir()
			cmd.Env = append(cmd.Env, behaviour+"="+test.behaviour)
			out, _ := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != test.code || !strings.Contains(string(out), test.message) {
				t.Errorf("exit code %d, want %d with %q: %s", code, test.code, test.message, out)
			}
		})
	}
}

func TestRunRefusesAPlaneThatIsNotItsOwn(t *testing.T) {
	cfg := Config{Dir: t.TempDir(), Assets: fakeAssets(t, allServers...)}
	p, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop(context.WithoutCancel(t.Context()))
	cmd := launcher(t, "run", "--dir", cfg.Dir, "--assets", cfg.Assets, "--", "true")
	out, _ := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != exitLauncher || !strings.Contains(string(out), "already runs") {
		t.Errorf("exit code %d: %s", code, out)
	}
	if err := p.problem(t.Context()); err != nil {
		t.Errorf("the plane was harmed: %v", err)
	}
}

// startRun starts `localplane run` with a command that has started another
// process, and returns when that says that it is up.
func startRun(t *testing.T, script string) (cmd *exec.Cmd, dir string, grandchild identity) {
	t.Helper()
	work := t.TempDir()
	cmd = launcher(t, "run", "--assets", fakeAssets(t, allServers...), "--", "sh", "-c", script)
	cmd.Dir = work
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	eventually(t, "the command runs", func() bool {
		data, err := os.ReadFile(filepath.Join(work, "pid"))
		if err != nil {
			return false
		}
		var pid int
		for _, digit := range strings.TrimSpace(string(data)) {
			pid = pid*10 + int(digit-'0')
		}
		grandchild, err = identify(pid)
		return err == nil
	})
	t.Cleanup(func() { grandchild.signal(syscall.SIGKILL) })
	runs, err := filepath.Glob(filepath.Join(work, defaultDir, runPrefix+"*"))
	if err != nil || len(runs) != 1 {
		t.Fatalf("temporary folders: %v (%v)", runs, err)
	}
	return cmd, runs[0], grandchild
}

func TestRunPassesSignalsOn(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			cmd, dir, grandchild := startRun(t, `trap "exit 7" INT TERM; sleep 600 & echo $! >pid.new; mv pid.new pid; wait; exit 1`)
			running := readState(t, dir)
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != 7 {
				t.Errorf("exit code %d, want that of the command, 7", code)
			}
			// A shell lets what it runs in the background ignore SIGINT.
			eventually(t, "what the command started has ended", func() bool { return !grandchild.alive() })
			assertGone(t, running)
		})
	}
}

func TestRunThatIsInterruptedWhileThePlaneStartsLeavesNothing(t *testing.T) {
	cmd := launcher(t, "run", "--assets", fakeAssets(t, allServers...), "--", "true")
	cmd.Dir = t.TempDir()
	cmd.Env = append(cmd.Env, behaviour+"="+controllersName+":deaf")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	var starting state
	eventually(t, "the last server starts", func() bool {
		runs, _ := filepath.Glob(filepath.Join(cmd.Dir, defaultDir, runPrefix+"*", stateFile))
		if len(runs) != 1 {
			return false
		}
		s, err := loadState(filepath.Dir(runs[0]))
		starting = s
		return err == nil && len(s.Servers) == len(allServers)
	})
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code, want := cmd.ProcessState.ExitCode(), 128+int(syscall.SIGTERM); code != want {
		t.Errorf("exit code %d, want %d", code, want)
	}
	assertGone(t, starting)
	if _, err := os.Stat(filepath.Join(cmd.Dir, defaultDir)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the temporary folder is still there (%v)", err)
	}
}

func TestNothingOutlivesALauncherThatIsKilled(t *testing.T) {
	cmd, dir, grandchild := startRun(t, `sleep 600 & echo $! >pid.new; mv pid.new pid; wait`)
	running := readState(t, dir)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	eventually(t, "what the command started has ended", func() bool { return !grandchild.alive() })
	eventually(t, "the temporary folder is gone", func() bool {
		_, err := os.Stat(dir)
		return errors.Is(err, fs.ErrNotExist)
	})
	assertGone(t, running)
}

func TestSweepRemovesOnlyRunsWithoutALauncher(t *testing.T) {
	base := t.TempDir()
	self, err := identify(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	ended := identity{PID: self.PID, Started: "another time"}
	for name, launcher := range map[string]identity{"run-live": self, "run-ended": ended} {
		if err := os.Mkdir(filepath.Join(base, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := (state{Launcher: &launcher, Temporary: true}).save(filepath.Join(base, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(base, "run-begun"), 0o700); err != nil {
		t.Fatal(err)
	}
	sweep(base)
	for name, want := range map[string]bool{"run-live": true, "run-begun": true, "run-ended": false} {
		if _, err := os.Stat(filepath.Join(base, name)); (err == nil) != want {
			t.Errorf("%s: there %v, want %v", name, err == nil, want)
		}
	}
}
