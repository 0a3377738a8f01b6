package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"jointplan.dev/jointplan/cmd/manager/internal/fence"
	"jointplan.dev/jointplan/controllers"
	"jointplan.dev/jointplan/internal/metrics"
)

// distrust returns what says on the budgets that the clock is wrong, past the fence, which lets nothing else be written then.
func distrust(config *rest.Config) func(ctx context.Context, message string, at time.Time) error {
	return func(ctx context.Context, message string, at time.Time) error {
		scheme, err := newScheme()
		if err != nil {
			return err
		}
		c, err := client.New(config, client.Options{Scheme: scheme})
		if err != nil {
			return fmt.Errorf("connect to the cluster: %w", err)
		}
		return controllers.DistrustClock(ctx, c, message, at)
	}
}

// registerFence tells a monitoring system how wrong the clock is, and when the API server's store was restored.
func registerFence(registry prometheus.Registerer, of *fence.Fence) error {
	for family, value := range map[*metrics.Family]func() float64{metrics.ClockSkew: of.Skew, metrics.ServerRestored: of.Restored} {
		if err := registry.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: family.Name, Help: family.Help}, value)); err != nil {
			return fmt.Errorf("register metrics: %w", err)
		}
	}
	return nil
}

// cachesSynced is ready once the caches hold what the API server holds.
func cachesSynced(mgr manager.Manager) healthz.Checker {
	return func(request *http.Request) error {
		if !mgr.GetCache().WaitForCacheSync(request.Context()) {
			return fmt.Errorf("the caches are not synced")
		}
		return nil
	}
}
