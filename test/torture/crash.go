package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"jointplan.dev/jointplan/test/bench/gen"
	"jointplan.dev/jointplan/test/bench/report"
	"jointplan.dev/jointplan/test/bench/rig"
)

const (
	apiserver = "kube-apiserver"
	store     = "etcd"
	// leaderless is longer than a manager waits for the lease of one that was killed.
	leaderless = 18 * time.Second
	// atRest is how long it may take from the return of a server to rest, whatever the length of its absence.
	atRest = 75
)

// working runs a manager on a stage, with people at work.
func (t *torture) working(ctx context.Context, do func(s *stage, k *keeper, l *load) error, flags ...string) error {
	return t.on(ctx, func(s *stage) error {
		if err := rig.Create(ctx, s.admin, t.standing()); err != nil {
			return err
		}
		k, err := s.keep(ctx)
		if err != nil {
			return err
		}
		if _, err := t.rested(ctx, s, k); err != nil {
			_, stopped := k.Stop()
			return errors.Join(err, stopped)
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		l := s.work(ctx, t.partners, 0)
		if err := do(s, k, l); err != nil {
			cancel()
			l.stop()
			_, stopped := k.Stop()
			return errors.Join(err, stopped)
		}
		return t.right(ctx, s, k)
	}, flags...)
}

// kill kills manager, API server and store under load, several times each.
func (t *torture) kill(ctx context.Context) error {
	return t.working(ctx, func(s *stage, k *keeper, l *load) error {
		for range t.rounds {
			if err := errors.Join(pause(ctx, 3*time.Second), k.process().Signal(syscall.SIGKILL), pause(ctx, leaderless)); err != nil {
				return err
			}
			for _, name := range []string{apiserver, store} {
				if err := s.crash(ctx, time.Second, name); err != nil {
					return err
				}
				if err := pause(ctx, 5*time.Second); err != nil {
					return err
				}
			}
		}
		t.figure("stories told meanwhile", "stories", nil, l.stop())
		return t.toRest(ctx, s, k, "from the last write to rest", time.Now())
	})
}

// crash kills servers, which are away for a while, and starts them in reverse order.
func (s *stage) crash(ctx context.Context, away time.Duration, names ...string) error {
	return s.without(ctx, func() error { return pause(ctx, away) }, names...)
}

// without kills servers, does something without them, and starts them in reverse order.
func (s *stage) without(ctx context.Context, do func() error, names ...string) error {
	var ended []*rig.Server
	for _, name := range names {
		server, err := s.Server(name)
		if err != nil {
			return err
		}
		if err := server.End(ctx, syscall.SIGKILL); err != nil {
			return err
		}
		ended = append([]*rig.Server{server}, ended...)
	}
	if err := do(); err != nil {
		return err
	}
	for _, server := range ended {
		if err := s.StartServer(server); err != nil {
			return err
		}
	}
	return s.Ready(ctx)
}

// toRest waits for rest and adds how long it took since an instant.
func (t *torture) toRest(ctx context.Context, s *stage, k *keeper, name string, since time.Time) error {
	if _, err := t.rested(ctx, s, k); err != nil {
		return fmt.Errorf("not at rest: %w", err)
	}
	t.figure(name, "s", report.AtMost(atRest), time.Since(since).Seconds())
	t.figure("starts of the manager again by now", "starts", nil, float64(k.starts()))
	return nil
}

// outage takes the API server away for a while, once silent and once gone, with many objects on the plane.
func (t *torture) outage(ctx context.Context) error {
	return t.working(ctx, func(s *stage, k *keeper, l *load) error {
		l.stop()
		if err := s.crowd(ctx, t.objects); err != nil {
			return err
		}
		if _, err := t.rested(ctx, s, k); err != nil {
			return err
		}
		server, err := s.Server(apiserver)
		if err != nil {
			return err
		}
		for _, how := range []struct {
			name string
			away func() error
		}{
			{"silent", func() error {
				return errors.Join(server.Signal(syscall.SIGSTOP), pause(ctx, t.away), server.Signal(syscall.SIGCONT), s.Ready(ctx))
			}},
			{"gone", func() error { return s.crash(ctx, t.away, apiserver) }},
		} {
			l = s.work(ctx, t.partners, l.begun.Load())
			if err := errors.Join(pause(ctx, 5*time.Second), how.away()); err != nil {
				return err
			}
			since := time.Now()
			t.figure("stories told with the server "+how.name+" in between", "stories", nil, l.stop())
			if err := t.toRest(ctx, s, k, fmt.Sprintf("from the return of a server that was %s for %s to rest", how.name, t.away), since); err != nil {
				return err
			}
		}
		return nil
	})
}

// crowd adds a number of objects of other partners, in namespaces of their own and under a program of their own.
func (s *stage) crowd(ctx context.Context, objects int) error {
	program, err := gen.Northwind()
	if err != nil {
		return err
	}
	return s.Fill(ctx, gen.Generate(program, gen.Settings{Seed: 1, Objects: objects}))
}
