package main

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

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
	mu    sync.Mutex
	seen  []sighting
	last  time.Time
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
		events, err := s.Client.Watch(ctx, list, &client.ListOptions{Raw: &metav1.ListOptions{ResourceVersion: list.GetResourceVersion()}})
		if err != nil {
			cancel()
			return nil, err
		}
		kind := fmt.Sprintf("%T", list)
		o.ended.Go(func() {
			defer events.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case event, open := <-events.ResultChan():
					if !open {
						return
					}
					if event.Type == watch.Modified {
						o.take(kind, event)
					}
				}
			}
		})
	}
	return o, nil
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
		since := time.Since(o.last)
		o.mu.Unlock()
		if since >= least {
			return nil
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
