package rig

import (
	"context"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

func TestTheMemoryOfAProcessIsInBytes(t *testing.T) {
	const status = "Name:\tmanager\nVmPeak:\t  99 kB\nVmHWM:\t  2048 kB\nVmRSS:\t    10 kB\n"
	if got := kilobytes(status, "VmHWM:"); got != 2<<20 {
		t.Errorf("%d bytes at most, want %d", got, 2<<20)
	}
	if got := kilobytes(status, "VmSwap:"); got != 0 {
		t.Errorf("%d bytes of what is not stated, want none", got)
	}
}

func TestTheFlagsOfAServerAreThoseOfItsCommandLine(t *testing.T) {
	s := &Server{args: []string{"etcd", "--data-dir=/plane/etcd", "--data-dir-suffix=x"}}
	if got := s.Flag("data-dir"); got != "/plane/etcd" {
		t.Errorf("data-dir is %q", got)
	}
	if got := s.Flag("quota"); got != "" {
		t.Errorf("a flag that is not given is %q", got)
	}
}

func TestAServerEndsAndIsStartedAgainAsItWas(t *testing.T) {
	p := &Plane{dir: t.TempDir(), started: map[string]*Server{}}
	if err := os.Mkdir(p.dir+"/logs", 0o700); err != nil {
		t.Fatal(err)
	}
	sleeper, err := exec.LookPath("sleep")
	if err != nil {
		t.Skip(err)
	}
	if err := p.StartServer(&Server{name: "etcd", args: []string{sleeper}}, "60"); err != nil {
		t.Fatal(err)
	}
	first, err := p.Server("etcd")
	if err != nil || !runs(first.pid) {
		t.Fatalf("it does not run: %v", err)
	}
	if err := first.End(context.Background(), syscall.SIGKILL); err != nil || runs(first.pid) {
		t.Fatalf("it still runs: %v", err)
	}
	if err := p.StartServer(first); err != nil {
		t.Fatal(err)
	}
	again, err := p.Server("etcd")
	if err != nil || !runs(again.pid) || len(again.args) != 2 {
		t.Errorf("it does not run again as it was: %v, %v", again, err)
	}
	if err := again.End(context.Background(), syscall.SIGTERM); err != nil {
		t.Error(err)
	}
}
