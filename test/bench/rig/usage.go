package rig

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Usage is the processor time that those have used who take part in a run.
type Usage struct {
	// Server is that of the API server.
	Server time.Duration
	// Store is that of etcd.
	Store time.Duration
	// Others is that of the plane's other controllers, which watch all objects for garbage collection.
	Others time.Duration
	// Process is that of the process that is measured; none for the raw client.
	Process time.Duration
	// Bench is that of the benchmark itself: the raw client, or no more than what it notes.
	Bench time.Duration
	// Machine is that of everything that runs on the machine.
	Machine time.Duration
}

// All is that of all together.
func (u Usage) All() time.Duration { return u.Server + u.Store + u.Others + u.Process + u.Bench }

// Minus returns what was used since.
func (u Usage) Minus(before Usage) Usage {
	return Usage{
		u.Server - before.Server, u.Store - before.Store, u.Others - before.Others, u.Process - before.Process, u.Bench - before.Bench,
		u.Machine - before.Machine,
	}
}

// Elsewhere is the share of the processors that those took meanwhile who take no part in the run; zero where the system does not say.
func (u Usage) Elsewhere(took time.Duration) float64 {
	if u.Machine == 0 || took <= 0 {
		return 0
	}
	return max(0, float64(u.Machine-u.All())/float64(took)/float64(runtime.NumCPU()))
}

// servers are the process ids of the plane's servers, by what its launcher noted.
func (p *Plane) servers() (map[string]int, error) {
	raw, err := os.ReadFile(filepath.Join(p.dir, "state.json"))
	if err != nil {
		return nil, err
	}
	var state struct {
		Servers []struct {
			Name string `json:"name"`
			PID  int    `json:"pid"`
		} `json:"servers"`
	}
	if err := json.Unmarshal(raw, &state); err != nil {
		return nil, err
	}
	ids := map[string]int{}
	for _, s := range state.Servers {
		ids[s.Name] = s.PID
	}
	for name, s := range p.started {
		ids[name] = s.pid
	}
	return ids, nil
}

// Usage reads what everyone has used by now, and a process among them.
func (p *Plane) Usage(process *Process) (Usage, error) {
	servers, err := p.servers()
	return usage(servers, process), err
}

// usage reads what everyone has used by now.
func usage(servers map[string]int, process *Process) Usage {
	u := Usage{
		Server: cpuOf(servers["kube-apiserver"]), Store: cpuOf(servers["etcd"]), Others: cpuOf(servers["kube-controller-manager"]), Bench: cpuOf(os.Getpid()),
		Machine: cpuOfAll(),
	}
	if process != nil {
		u.Process = process.CPU()
	}
	return u
}

// cpuOfAll returns the processor time that everything has used; zero where the system does not say.
func cpuOfAll() time.Duration {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	return busy(string(raw))
}

// busy reads the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq and steal, in hundredths of a second.
func busy(stat string) time.Duration {
	line, _, _ := strings.Cut(stat, "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 {
		return 0
	}
	ticks := 0
	for _, i := range []int{1, 2, 3, 6, 7, 8} {
		n, _ := strconv.Atoi(fields[i])
		ticks += n
	}
	return time.Duration(ticks) * tick
}

// Idle waits until nothing else uses the machine for two seconds, so that what is measured next has it for itself. It gives up after a while.
func Idle(ctx context.Context, patience time.Duration) error {
	const look = 2 * time.Second
	for until := time.Now().Add(patience); time.Now().Before(until); {
		before := cpuOfAll()
		if err := sleep(ctx, look); err != nil {
			return err
		}
		if (Usage{Machine: cpuOfAll() - before}).Elsewhere(look) < 0.1 {
			return nil
		}
	}
	return nil
}
