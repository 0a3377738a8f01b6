package fence

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	coordinationv1 "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	coordination "k8s.io/client-go/kubernetes/typed/coordination/v1"
	"k8s.io/client-go/tools/leaderelection"
)

// TestTwoManagersNeverMayWriteAtTheSameTime lets two managers take their turns with the lease as controller-runtime has them do it, for ten minutes of a
// clock of the test's. Each is cut off from the server now and then, stops and starts again.
func TestTwoManagersNeverMayWriteAtTheSameTime(t *testing.T) {
	seeds := 40
	if testing.Short() {
		seeds = 5
	}
	turns := 0
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 13))
				store := &store{}
				managers := []*contender{{store: store, name: "a"}, {store: store, name: "b"}}
				for _, m := range managers {
					m.start(t)
				}
				var last *contender
				tick := time.NewTicker(100 * time.Millisecond)
				defer tick.Stop()
				for range int(10 * time.Minute / (100 * time.Millisecond)) {
					<-tick.C
					for _, m := range managers {
						m.happens(t, random)
					}
					_, first := managers[0].fence.left()
					_, second := managers[1].fence.left()
					switch {
					case first == nil && second == nil:
						t.Fatalf("at %s both may write", time.Now())
					case first == nil && last != managers[0]:
						last = managers[0]
						turns++
					case second == nil && last != managers[1]:
						last = managers[1]
						turns++
					}
				}
				for _, m := range managers {
					m.stop()
				}
			})
		})
	}
	if turns < 3*seeds {
		t.Errorf("in %d runs the managers took %d turns: too few to show anything", seeds, turns)
	}
}

// contender is a manager that wants the lease.
type contender struct {
	*store

	name   string
	starts int
	fence  *Fence
	cutOff time.Time // until when the server is out of its reach
	cancel context.CancelFunc
	done   chan struct{}
}

// start starts the manager as another process.
func (c *contender) start(t *testing.T) {
	t.Helper()
	c.starts++
	clock, err := NewClock("")
	if err != nil {
		t.Fatal(err)
	}
	c.fence = &Fence{
		Settings: Settings{Namespace: defaultNamespace, Clock: clock, End: func(error) {}, Log: logr.Discard()},
		identity: fmt.Sprintf("%s_%d", c.name, c.starts), leases: reached{c}, pause: RetryPeriod,
	}
	elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock: c.fence.Lock(), LeaseDuration: LeaseDuration, RenewDeadline: RenewDeadline, RetryPeriod: RetryPeriod, ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{OnStartedLeading: func(context.Context) {}, OnStoppedLeading: func() {}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(logr.NewContext(t.Context(), logr.Discard()))
	done := make(chan struct{})
	c.cancel, c.done = cancel, done
	go func() {
		defer close(done)
		elector.Run(ctx)
	}()
}

func (c *contender) stop() {
	c.cancel()
	<-c.done
}

// happens lets something happen to a manager, once in a while: on average each half a minute it is cut off for up to 20 seconds, each two minutes it is
// stopped, and one that lost its lease starts anew.
func (c *contender) happens(t *testing.T, random *rand.Rand) {
	t.Helper()
	select {
	case <-c.done:
		c.start(t)
		return
	default:
	}
	switch n := random.IntN(1200); {
	case n < 4:
		c.mu.Lock()
		c.cutOff = time.Now().Add(time.Duration(random.Int64N(int64(20 * time.Second))))
		c.mu.Unlock()
	case n == 4:
		c.stop()
	}
}

// store holds the lease.
type store struct {
	server
}

// reached are the leases of the store as far as a manager reaches it.
type reached struct{ by *contender }

func (r reached) Leases(string) coordination.LeaseInterface { return leaseOf{by: r.by} }

type leaseOf struct {
	coordination.LeaseInterface

	by *contender
}

// try asks the store. Out of reach it is the answer that gets lost, every second time.
func (l leaseOf) try(ctx context.Context, do func(s *store) (*coordinationv1.Lease, error)) (*coordinationv1.Lease, error) {
	s := l.by.store
	s.mu.Lock()
	out := time.Now().Before(l.by.cutOff)
	reaches := !out || time.Now().UnixNano()%2 == 0
	var lease *coordinationv1.Lease
	var err error
	if reaches {
		if lease, err = do(s); lease != nil {
			lease = lease.DeepCopy()
		}
	}
	s.mu.Unlock()
	if out {
		select {
		case <-ctx.Done():
		case <-time.After(RenewDeadline / 2):
		}
		return nil, errors.New("timeout")
	}
	return lease, err
}

func (l leaseOf) Get(ctx context.Context, name string, _ metav1.GetOptions) (*coordinationv1.Lease, error) {
	return l.try(ctx, func(s *store) (*coordinationv1.Lease, error) {
		if s.lease == nil {
			return nil, apierrors.NewNotFound(coordinationv1.Resource("leases"), name)
		}
		return s.lease, nil
	})
}

func (l leaseOf) Create(ctx context.Context, lease *coordinationv1.Lease, _ metav1.CreateOptions) (*coordinationv1.Lease, error) {
	return l.write(ctx, lease)
}

func (l leaseOf) Update(ctx context.Context, lease *coordinationv1.Lease, _ metav1.UpdateOptions) (*coordinationv1.Lease, error) {
	return l.write(ctx, lease)
}

func (l leaseOf) write(ctx context.Context, lease *coordinationv1.Lease) (*coordinationv1.Lease, error) {
	return l.try(ctx, func(s *store) (*coordinationv1.Lease, error) {
		if s.lease != nil && s.lease.ResourceVersion != lease.ResourceVersion {
			return nil, apierrors.NewConflict(coordinationv1.Resource("leases"), lease.Name, errors.New("changed"))
		}
		s.put(lease.DeepCopy())
		return s.lease, nil
	})
}
