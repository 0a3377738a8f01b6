package main

import (
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

// gcPercent lets the heap grow to four times what is live before garbage is collected. At a start with many statuses to write, Go's own 100 takes
// an eighth of the manager's processor time.
const gcPercent = 300

// limitFiles say how much memory the container may use: of the second version of cgroups, and of the first.
var limitFiles = []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}

// tuneCollector sets when garbage is collected: seldom, but often enough to stay below nine tenths of the container's memory. GOGC and GOMEMLIMIT
// go before.
func tuneCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if limit := memoryLimit(os.ReadFile); limit > 0 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit / 10 * 9)
	}
}

// memoryLimit returns how many bytes the container may use; zero when nothing limits it.
func memoryLimit(read func(string) ([]byte, error)) int64 {
	const none = int64(1) << 60 // the first version of cgroups writes a greater number where there is no limit
	for _, file := range limitFiles {
		raw, err := read(file)
		if err != nil {
			continue
		}
		limit, err := strconv.ParseInt(strings.TrimSpace(string(raw)), 10, 64)
		if err != nil || limit >= none { // "max"
			return 0
		}
		return limit
	}
	return 0
}
