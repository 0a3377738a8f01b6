package plane

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// startOf returns when a process started, in ticks since the machine did, and
// whether it runs.
func startOf(pid int) (started string, running bool) {
	data, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return "", false
	}
	// The second field is the name in parentheses and may hold anything.
	_, rest, found := strings.Cut(string(data[max(0, bytes.LastIndexByte(data, ')')):]), ")")
	fields := strings.Fields(rest)
	if !found || len(fields) < 20 {
		return "", false
	}
	if state := fields[0]; state == "Z" || state == "X" {
		return "", false
	}
	return fields[19], true
}

// dieWithParent makes the kernel kill the child when its parent ends.
func dieWithParent(attr *syscall.SysProcAttr) {
	attr.Pdeathsig = syscall.SIGKILL
}

// strays returns the servers that run on the data in dir, by their command
// lines: they are there although the state file does not know them when a
// launcher was killed at the wrong moment.
func strays(dir string) []identity {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var found []identity
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		line, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "cmdline"))
		if err != nil {
			continue
		}
		if !ourCommandLine(strings.Split(string(line), "\x00"), dir) {
			continue
		}
		if id, err := identify(pid); err == nil {
			found = append(found, id)
		}
	}
	return found
}

// ourCommandLine reports whether the command is one of the servers and has a
// flag whose value lies below dir.
func ourCommandLine(args []string, dir string) bool {
	switch filepath.Base(args[0]) {
	case etcdName, apiserverName, controllersName:
	default:
		return false
	}
	for _, arg := range args[1:] {
		_, value, _ := strings.Cut(arg, "=")
		if strings.HasPrefix(value, dir+string(filepath.Separator)) {
			return true
		}
	}
	return false
}
