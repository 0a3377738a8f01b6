package main

import (
	"os"
	"testing"
)

func TestTheMemoryLimitIsThatOfTheContainer(t *testing.T) {
	const second, first = "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"
	for name, c := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"a limit":                                  {map[string]string{second: "536870912\n"}, 536870912},
		"no limit":                                 {map[string]string{second: "max\n"}, 0},
		"a limit, first version of cgroups":        {map[string]string{first: "536870912\n"}, 536870912},
		"no limit, first version of cgroups":       {map[string]string{first: "9223372036854771712\n"}, 0},
		"a system without cgroups":                 {nil, 0},
		"the second version goes before the first": {map[string]string{second: "100\n", first: "200\n"}, 100},
	} {
		t.Run(name, func(t *testing.T) {
			got := memoryLimit(func(path string) ([]byte, error) {
				text, known := c.files[path]
				if !known {
					return nil, os.ErrNotExist
				}
				return []byte(text), nil
			})
			if got != c.want {
				t.Errorf("limit %d, want %d", got, c.want)
			}
		})
	}
}

func TestALargeHeapGrowsByLess(t *testing.T) {
	const mebibyte = 1 << 20
	for live, want := range map[uint64]int{0: 300, 10 * mebibyte: 300, 12 * mebibyte: 300, 18 * mebibyte: 200, 36 * mebibyte: 100, 90 * mebibyte: 40, 4096 * mebibyte: 40} {
		if got := percentOf(live); got != want {
			t.Errorf("of %d MiB: %d percent, want %d", live/mebibyte, got, want)
		}
	}
}
