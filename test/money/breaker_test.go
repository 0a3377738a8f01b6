package money

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"

	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

// How a write of the manager fails.
const (
	crashBefore = "before"      // the manager ends before the write reaches the API server
	crashAfter  = "after"       // the manager ends when the API server has written
	answerLost  = "answer lost" // the API server has written, and the manager is told that it has not; it goes on
)

var (
	errCrashed = errors.New("the manager has crashed")
	errLost    = errors.New("http2: client connection lost")
)

// breaker counts the writes of a manager and makes one of them fail. A write is named by its verb, its object without the namespace, and its
// number among those of the same name, so that it is the same one in each run.
type breaker struct {
	point, mode string        // the write that fails, and how; empty to count only
	crashed     chan struct{} // closed when the manager has crashed

	mu    sync.Mutex
	armed bool
	dead  bool
	count map[string]int
	order []string
	hit   bool
}

func newBreaker(point, mode string) *breaker {
	return &breaker{point: point, mode: mode, crashed: make(chan struct{}), count: map[string]int{}}
}

// arm begins to count.
func (b *breaker) arm() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.armed = true
}

// writes returns the writes that were counted, and whether one was made to fail.
func (b *breaker) writes() (order []string, hit bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.order, b.hit
}

func (b *breaker) write(verb string, object client.Object, do func() error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.dead:
		return errCrashed
	case !b.armed:
		b.mu.Unlock()
		defer b.mu.Lock()
		return do()
	}
	what := fmt.Sprintf("%s of %s", verb, reflect.TypeOf(object).Elem().Name())
	if object.GetNamespace() != "" {
		what += " " + object.GetName()
	}
	b.count[what]++
	what = fmt.Sprintf("%s, %d", what, b.count[what])
	b.order = append(b.order, what)
	if what != b.point {
		return do()
	}
	b.hit = true
	if b.mode == crashBefore {
		return b.crash()
	}
	if err := do(); err != nil {
		return err
	}
	if b.mode == answerLost {
		return errLost
	}
	return b.crash()
}

func (b *breaker) crash() error {
	b.dead = true
	close(b.crashed)
	return errCrashed
}

// wrap puts the breaker before a client.
func (b *breaker) wrap(inner client.WithWatch) client.Client {
	return interceptor.NewClient(inner, interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, object client.Object, options ...client.CreateOption) error {
			return b.write("create", object, func() error { return c.Create(ctx, object, options...) })
		},
		Update: func(ctx context.Context, c client.WithWatch, object client.Object, options ...client.UpdateOption) error {
			return b.write("update", object, func() error { return c.Update(ctx, object, options...) })
		},
		SubResourcePatch: func(
			ctx context.Context, c client.Client, resource string, object client.Object, patch client.Patch, options ...client.SubResourcePatchOption,
		) error {
			return b.write(resource, object, func() error { return c.SubResource(resource).Patch(ctx, object, patch, options...) })
		},
	})
}
