package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// sighting is an object as a watch showed it.
type sighting struct {
	at      time.Time
	kind    string
	key     client.ObjectKey
	version int64
	object  client.Object
}

// observer notes what watches of some kinds show.
type observer struct {
	mu   sync.Mutex
	seen []sighting
	last time.Time
	// failure says that a watch ended and could not go on, so that what came after is not known.
	failure error

	stop  context.CancelFunc
	ended sync.WaitGroup
}

// observe watches kinds until it is stopped.
func (s *stage) observe(ctx context.Context, kinds ...client.ObjectList) (*observer, error) {
	ctx, cancel := context.WithCancel(ctx)
	o := &observer{stop: cancel}
	for _, list := range kinds {
		if err := s.Client.List(ctx, list); err != nil {
			cancel()
			return nil, err
		}
		from := func(version string) (watch.Interface, error) {
			return s.Client.Watch(ctx, list, &client.ListOptions{Raw: &metav1.ListOptions{ResourceVersion: version}})
		}
		version := list.GetResourceVersion()
		events, err := from(version)
		if err != nil {
			cancel()
			return nil, err
		}
		kind := fmt.Sprintf("%T", list)
		o.ended.Go(func() {
			for {
				version, err = o.follow(ctx, kind, version, events)
				if ctx.Err() != nil {
					return
				}
				if err == nil {
					events, err = from(version)
				}
				if err != nil {
					o.fail(fmt.Errorf("watch %s: %w", kind, err))
					return
				}
			}
		})
	}
	return o, nil
}

// follow notes what a watch shows until it ends: the server ends one whose events it cannot deliver in time. It returns the version from which
// another one has to go on.
func (o *observer) follow(ctx context.Context, kind, version string, events watch.Interface) (string, error) {
	defer events.Stop()
	for {
		select {
		case <-ctx.Done():
			return version, nil
		case event, open := <-events.ResultChan():
			if !open {
				return version, nil
			}
			if event.Type == watch.Error {
				return version, apierrors.FromObject(event.Object)
			}
			if object, ok := event.Object.(client.Object); ok {
				version = object.GetResourceVersion()
			}
			if event.Type == watch.Modified {
				o.take(kind, event)
			}
		}
	}
}

func (o *observer) take(kind string, event watch.Event) {
	object, ok := event.Object.(client.Object)
	if !ok {
		return
	}
	version, _ := strconv.ParseInt(object.GetResourceVersion(), 10, 64)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last = time.Now()
	o.seen = append(o.seen, sighting{o.last, kind, client.ObjectKeyFromObject(object), version, object})
}

// fail notes that a watch could not go on.
func (o *observer) fail(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failure = errors.Join(o.failure, err)
}

// taken returns what the watches have shown by now.
func (o *observer) taken() ([]sighting, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.seen), o.failure
}

// end stops the watches and returns what they showed.
func (o *observer) end() []sighting {
	o.stop()
	o.ended.Wait()
	return o.seen
}

// quiet waits until the watches have shown nothing for a while.
func (o *observer) quiet(ctx context.Context, least time.Duration) error {
	o.mu.Lock()
	if o.last.IsZero() {
		o.last = time.Now()
	}
	o.mu.Unlock()
	for {
		o.mu.Lock()
		since, failure := time.Since(o.last), o.failure
		o.mu.Unlock()
		if failure != nil || since >= least {
			return failure
		}
		if err := pause(ctx, least-since); err != nil {
			return err
		}
	}
}

// pause waits for a while, or until the context ends.
func pause(ctx context.Context, wait time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// offTrack is the number of plans off track that a program counts; -1 when it counts none.
func offTrack(object client.Object) int {
	program, ok := object.(*v1alpha1.PartnerProgram)
	if !ok || program.Status.Verdicts == nil {
		return -1
	}
	return int(program.Status.Verdicts.OffTrack)
}
