package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"jointplan.dev/jointplan/test/bench/report"
	"jointplan.dev/jointplan/test/bench/rig"
	"jointplan.dev/jointplan/test/plane"
)

// fence pauses a manager for longer than its lease while a second one takes over, and lets it go on: it may write nothing any more, and has to end.
// Afterwards a manager with another clock may not start.
func (t *torture) fence(ctx context.Context) error {
	return t.on(ctx, func(s *stage) (failure error) {
		if err := rig.Create(ctx, s.admin, t.standing()); err != nil {
			return err
		}
		first, err := s.named(ctx, "first-manager")
		if err != nil {
			return err
		}
		defer func() { _ = first.Signal(syscall.SIGKILL) }()
		if _, err := s.Settled(ctx, first); err != nil {
			return err
		}
		second, err := s.named(ctx, "second-manager")
		if err != nil {
			return err
		}
		defer func() { failure = errors.Join(failure, second.Stop()) }()
		l := s.work(ctx, t.partners, 0)
		defer l.stop()
		if err := errors.Join(pause(ctx, 5*time.Second), first.Signal(syscall.SIGSTOP), pause(ctx, 2*leaderless)); err != nil {
			return err
		}
		before, err := s.writes("first-manager")
		if err != nil {
			return err
		}
		if err := errors.Join(first.Signal(syscall.SIGCONT), pause(ctx, 10*time.Second)); err != nil {
			return err
		}
		after, err := s.writes("first-manager")
		if err != nil {
			return err
		}
		took, err := s.writes("second-manager")
		if err != nil {
			return err
		}
		t.figure("writes of the manager that was paused, before", "writes", nil, float64(before))
		t.figure("writes of the manager that was paused, once it went on", "writes", report.AtMost(0), float64(after-before))
		t.figure("writes of the one that took over", "writes", nil, float64(took))
		if took == 0 {
			t.wrongf("nobody took over from a manager that was paused for %s", 2*leaderless)
		}
		limited, cancel := context.WithTimeout(ctx, leaderless)
		defer cancel()
		if ended, _ := first.Wait(limited); !ended {
			t.wrongf("a manager that had lost its lease goes on")
		}
		t.figure("stories told meanwhile", "stories", nil, l.stop())
		if err := second.Stop(); err != nil {
			return err
		}
		if err := t.otherClock(ctx, s); err != nil {
			return err
		}
		k, err := s.keep(ctx)
		if err != nil {
			return err
		}
		return t.right(ctx, s, k)
	}, "--audit")
}

// named starts a manager that the audit log tells from others by the name of its program.
func (s *stage) named(ctx context.Context, name string) (*rig.Process, error) {
	binary, err := filepath.Abs("bin/manager")
	if err != nil {
		return nil, err
	}
	link := filepath.Join(s.Folder(), name)
	if err := os.Symlink(binary, link); err != nil {
		return nil, err
	}
	return s.manager(ctx, link, clockStart)
}

// writes returns how many writes of the project's kinds by a program the API server has done so far.
func (s *stage) writes(program string) (done int, err error) {
	all, err := plane.WritesIn(filepath.Join(s.Folder(), "audit.log"), func(userAgent string) bool {
		return strings.HasPrefix(userAgent, program+"/")
	})
	for _, write := range all {
		if write.Code < 300 {
			done++
		}
	}
	return done, err
}

// otherClock starts a manager with another clock than that of the one before: it has to refuse.
func (t *torture) otherClock(ctx context.Context, s *stage) error {
	p, err := s.manager(ctx, "", "2026-11-20T09:00:00Z")
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, leaderless)
	defer cancel()
	ended, failure := p.Wait(limited)
	switch {
	case !ended:
		t.wrongf("a manager starts with another clock than the one before")
		return p.Stop()
	case failure == nil:
		return fmt.Errorf("a manager with another clock ends as if all were well:\n%s", p.Tail())
	}
	return nil
}
