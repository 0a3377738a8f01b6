package main

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"
)

// Garbage is collected when the heap has grown by three times what is live, but by no more than allowance, or two fifths of what is live where that is more.
// At a start with many statuses to write, Go's own 100 percent takes an eighth of the manager's processor time; at 300 percent a heap of a hundred
// megabytes would grow to four.
const (
	mostPercent  = 300
	leastPercent = 40
	allowance    = 36 << 20
	liveBytes    = "/gc/heap/live:bytes"
)

// percentOf returns by how many percent a heap may grow of which a number of bytes is live.
func percentOf(live uint64) int {
	return int(max(leastPercent, min(mostPercent, allowance*100/max(live, 1))))
}

// limitFiles say how much memory the container may use: of the second version of cgroups, and of the first.
var limitFiles = []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}

// tuneCollector sets when garbage is collected: seldom, but often enough to stay below nine tenths of the container's memory. GOGC and GOMEMLIMIT
// go before.
func tuneCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(mostPercent)
		go func() {
			sample, set := []metrics.Sample{{Name: liveBytes}}, mostPercent
			for range time.Tick(time.Second) {
				metrics.Read(sample)
				if percent := percentOf(sample[0].Value.Uint64()); percent != set { // to set it stops everything for a moment
					set = percent
					debug.SetGCPercent(percent)
				}
			}
		}()
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
