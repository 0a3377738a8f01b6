//go:build unix && !linux

package plane

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// startOf returns when a process started, as ps tells it, and whether it runs.
func startOf(pid int) (started string, running bool) {
	out, err := exec.Command("ps", "-o", "stat=,lstart=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return "", false
	}
	state, started, found := strings.Cut(strings.TrimSpace(string(out)), " ")
	if !found || strings.HasPrefix(state, "Z") {
		return "", false
	}
	return strings.TrimSpace(started), true
}

// dieWithParent does nothing: only Linux ties a child to its parent. The watch
// process of `run` ends the servers here.
func dieWithParent(*syscall.SysProcAttr) {}

// strays returns nothing: command lines are read on Linux only.
func strays(string) []identity { return nil }
