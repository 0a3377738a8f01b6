package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

const (
	// tellers write stories at the same time, each one after the other.
	tellers = 4
	// between is the time between two stories of a teller.
	between = 400 * time.Millisecond
	// attempt is how long one write may take before it is tried again.
	attempt = 5 * time.Second
)

// load is people at work whatever happens to the servers: each tries a write again until it is done.
type load struct {
	stage    *stage
	partners int
	end      context.CancelFunc // of new stories
	all      sync.WaitGroup
	begun    atomic.Int64
	told     atomic.Int64
}

// work starts a load, with the stories after the first ones. The context ends it at once, stop when the stories that are begun are told.
func (s *stage) work(ctx context.Context, partners int, after int64) *load {
	fresh, end := context.WithCancel(ctx)
	l := &load{stage: s, partners: partners, end: end}
	l.begun.Store(after)
	for range tellers {
		l.all.Go(func() {
			for fresh.Err() == nil {
				if l.tell(ctx, int(l.begun.Add(1)), true) {
					l.told.Add(1)
				}
				_ = pause(fresh, between)
			}
		})
	}
	return l
}

// stop begins no further story, and waits until those are told that are begun. It returns their number.
func (l *load) stop() float64 {
	l.end()
	l.all.Wait()
	return float64(l.told.Load())
}

// tell writes one story: a request, its approval, a claim on it, its approval, and, unless it is left open, the payment. It also edits another claim.
func (l *load) tell(ctx context.Context, i int, paid bool) bool {
	name := fmt.Sprintf("story-%04d", i)
	r := request(name, i%l.partners)
	c := claim(name, v1alpha1.Name(name), 2)
	edit := claim(fmt.Sprintf("claim-%d", i%l.partners), "", 0)
	done := l.put(ctx, r) && l.put(ctx, approved(r)) && l.put(ctx, c) && l.put(ctx, approved(c)) &&
		l.patch(ctx, edit, fmt.Appendf(nil, `{"spec":{"proofs":[{"type":"Invoice","reference":"https://files.example.com/%s"}]}}`, name))
	if done && paid {
		done = l.pay(ctx, c)
	}
	return done
}

// pay records that a claim of two costs was paid.
func (l *load) pay(ctx context.Context, c *v1alpha1.MDFClaim) bool {
	payments, err := json.Marshal([]v1alpha1.Payment{testobj.Payment("T-"+c.Name, "2026-11-02", "10.00")})
	return err == nil && l.patch(ctx, c, fmt.Appendf(nil, `{"spec":{"payments":%s}}`, payments))
}

// put creates an object; one that is there was created by an attempt whose answer was lost.
func (l *load) put(ctx context.Context, object client.Object) bool {
	return again(ctx, func(ctx context.Context) error {
		object.SetResourceVersion("")
		err := l.stage.admin.Create(ctx, object)
		if apierrors.IsAlreadyExists(err) {
			return nil
		}
		return err
	})
}

func (l *load) patch(ctx context.Context, object client.Object, patch []byte) bool {
	return again(ctx, func(ctx context.Context) error {
		return l.stage.admin.Patch(ctx, object.DeepCopyObject().(client.Object), client.RawPatch(types.MergePatchType, patch))
	})
}

// again tries until it is done; it returns false when the context ends before.
func again(ctx context.Context, do func(context.Context) error) bool {
	for ctx.Err() == nil {
		limited, cancel := context.WithTimeout(ctx, attempt)
		err := do(limited)
		cancel()
		if err == nil {
			return true
		}
		_ = pause(ctx, 200*time.Millisecond)
	}
	return false
}
