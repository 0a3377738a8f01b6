package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"runtime/pprof"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"jointplan.dev/jointplan/controllers"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/test/bench/report"
	"jointplan.dev/jointplan/test/bench/rig"
)

// rest counts what is written while nothing changes: for 30 s, with a restart, and for 30 s with a resync each few seconds.
func (b *bench) rest(ctx context.Context, s *stage) error {
	resync := func(context.Context) (*rig.Process, error) { return s.StartRole("resync") }
	if err := b.running(ctx, s, b.manager(s), func() error { return nil }); err != nil {
		return err
	}
	objects, err := s.Objects(ctx)
	if err != nil {
		return err
	}
	newest := rig.Newest(objects)
	before, err := s.Count(ctx)
	if err != nil {
		return err
	}
	for _, start := range []starter{b.manager(s), resync} {
		if err := s.lying(ctx, start, 30*time.Second); err != nil {
			return err
		}
	}
	after, err := s.Count(ctx)
	if err != nil {
		return err
	}
	if objects, err = s.Objects(ctx); err != nil {
		return err
	}
	changed := 0
	for i := range objects {
		if objects[i].Version > newest {
			changed++
		}
	}
	name := fmt.Sprintf("at rest for 60 s, %d objects, restart and resync: ", s.objects)
	count := after.Minus(before)
	b.figure(name+"objects that were written", "objects", report.AtMost(0), float64(changed))
	b.figure(name+"writes but for leases", "writes", report.AtMost(0), float64(count.Status+count.Refused+count.Other))
	return nil
}

// lying runs a process for a while.
func (*stage) lying(ctx context.Context, start starter, long time.Duration) (failure error) {
	p, err := start(ctx)
	if err != nil {
		return err
	}
	defer func() { failure = errors.Join(failure, p.Stop()) }()
	return pause(ctx, long)
}

// resyncing runs the controllers with a resync each few seconds, which the manager as it ships does not have.
func resyncing(ctx context.Context, start string) error {
	often := 5 * time.Second
	return inProcess(ctx, start, &often)
}

// What the manager sets: the default of --workers, and when garbage is collected.
const (
	workers   = 32
	gcPercent = 300
)

// inProcess runs the controllers in this process.
func inProcess(ctx context.Context, start string, resync *time.Duration) error {
	config, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	config.QPS = -1
	debug.SetGCPercent(gcPercent)
	mgr, err := ctrl.NewManager(config, ctrl.Options{
		Scheme:    rig.Scheme(),
		NewClient: controllers.NewClient,
		Metrics:   metricsserver.Options{BindAddress: "0"},
		Cache:     cache.Options{DefaultTransform: cache.TransformStripManagedFields(), SyncPeriod: resync},
	})
	if err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, start)
	if err != nil {
		return err
	}
	clock := shifted{offset: time.Until(at)}
	if err := controllers.Setup(ctx, mgr, controllers.Options{Clock: clock, Workers: workers}); err != nil {
		return err
	}
	return mgr.Start(ctx)
}

// profiled runs the controllers in this process and writes a profile of their use of the processors.
func profiled(ctx context.Context, start, path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := pprof.StartCPUProfile(file); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	return inProcess(ctx, start, nil)
}

// shifted is the real clock at a distance.
type shifted struct{ offset time.Duration }

// Now returns the instant of this clock.
func (c shifted) Now() time.Time { return time.Now().Add(c.offset) }

// Since returns the time since an instant of this clock.
func (c shifted) Since(t time.Time) time.Duration { return c.Now().Sub(t) }

// cached are the kinds that the manager caches.
func cached() []client.Object {
	namespace := &metav1.PartialObjectMetadata{}
	namespace.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Namespace"))
	objects := []client.Object{namespace, &admissionv1.ValidatingAdmissionPolicy{}, &admissionv1.ValidatingAdmissionPolicyBinding{}}
	for _, k := range kinds.All() {
		objects = append(objects, k.New())
	}
	return objects
}
