package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Watching: changes that come together are shown together, and a watch that ends is begun again.
const (
	settle  = 300 * time.Millisecond
	restart = 5 * time.Second
)

// addWatchFlag adds --watch.
func (t *target) addWatchFlag(command *cobra.Command) {
	command.Flags().BoolVarP(&t.watch, "watch", "w", false, "show it again whenever something in the cluster changes, until Ctrl-C")
}

// show prints what a command looks at, once or, with --watch, again after every change.
func (t *target) show(command *cobra.Command, show func(*screen, *view) error) error {
	s := newScreen(command)
	if t.watch && len(t.files) > 0 {
		return usageError{errors.New("--watch looks at a cluster: leave out -f, or --watch")}
	}
	ctx := command.Context()
	v, err := t.read(ctx, command)
	if err != nil {
		return err
	}
	if !t.watch {
		written := &keptWriter{to: s.out}
		s.out = written
		if err := show(s, v); err != nil {
			return err
		}
		return written.failed
	}
	last := ""
	for {
		if last, err = s.again(last, v, show); err != nil {
			return err
		}
		if err = t.await(ctx, v); err == nil {
			v, err = t.readAgain(ctx, command)
		}
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // Ctrl-C ends watching, and is no failure
		case err != nil:
			return err
		}
	}
}

// readAgain reads what the command looks at once more; for as long as --timeout says while the cluster does not answer.
func (t *target) readAgain(ctx context.Context, command *cobra.Command) (v *view, _ error) {
	limited, cancel := context.WithTimeout(ctx, t.cluster.timeout)
	defer cancel()
	asking := &insistence{command: command, answered: true}
	err := asking.until(limited, func() (err error) {
		v, err = t.read(limited, command)
		return err
	})
	if err != nil && asking.trouble != nil && ctx.Err() == nil {
		return nil, asking.trouble
	}
	return v, err
}

// again prints a view if that says anything else than before: on a terminal in the place of what was there, otherwise under it.
func (s *screen) again(last string, v *view, show func(*screen, *view) error) (string, error) {
	var text bytes.Buffer
	page := *s
	page.out = &text
	if err := show(&page, v); err != nil {
		return last, err
	}
	if text.String() == last {
		return last, nil
	}
	switch {
	case s.terminal:
		fmt.Fprint(s.out, "\x1b[H\x1b[2J")
	case last != "":
		fmt.Fprintln(s.out, "---")
	}
	_, err := s.out.Write(text.Bytes())
	return text.String(), err
}

// await waits until something that a view shows changes, and then until changes settle. It fails when the context ends.
func (t *target) await(ctx context.Context, v *view) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	changed := make(chan struct{}, 1)
	var running sync.WaitGroup
	for _, kind := range v.kinds {
		running.Go(func() { watchKind(watching, v, kind, changed) })
	}
	defer running.Wait()
	defer stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-changed:
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(settle):
		return nil
	}
}

// watchKind reports the first change of a kind since it was listed. When the watch cannot be had or ends, that counts as a change after a
// while: so everything is looked at again then.
func watchKind(ctx context.Context, v *view, kind listedKind, changed chan<- struct{}) {
	options := []client.ListOption{&client.ListOptions{Raw: kind.since()}}
	if kind.Namespaced && v.namespace != "" {
		options = append(options, client.InNamespace(v.namespace))
	}
	watcher, err := v.client.Watch(ctx, kind.NewList(), options...)
	if err == nil {
		defer watcher.Stop()
		select {
		case <-ctx.Done():
			return
		case event, open := <-watcher.ResultChan():
			if open && event.Type != watch.Error {
				notify(changed)
				return
			}
		}
	}
	select {
	case <-ctx.Done():
	case <-time.After(restart):
		notify(changed)
	}
}

func notify(changed chan<- struct{}) {
	select {
	case changed <- struct{}{}:
	default:
	}
}

// keptWriter keeps the first error of a writer, so that output that was cut short, as by a full disk, is not taken for all there is.
type keptWriter struct {
	to     io.Writer
	failed error
}

// Write writes, and after an error nothing more.
func (w *keptWriter) Write(text []byte) (int, error) {
	if w.failed != nil {
		return 0, w.failed
	}
	n, err := w.to.Write(text)
	w.failed = err
	return n, err
}
