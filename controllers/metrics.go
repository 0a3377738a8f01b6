package controllers

import (
	"context"
	"fmt"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/metrics"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// scrapePatience is how long a scrape waits for a cache that is not filled yet.
const scrapePatience = 5 * time.Second

// registerMetrics registers what the controllers record, and what is computed from objects once this manager is the one that works.
func registerMetrics(registry prometheus.Registerer, of *Reconciler, behind *backlog, elected <-chan struct{}, log logr.Logger) error {
	collectors := append(of.meters.collectors(), behind, newObjectCollector(of, elected, log))
	for _, collector := range collectors {
		if err := registry.Register(collector); err != nil {
			return fmt.Errorf("register metrics: %w", err)
		}
	}
	return nil
}

// objectCollector computes the metrics about objects from the cache whenever they are asked for. So nothing is to be kept in step: the series
// of an object end with it.
//
// Only the manager that was elected tells them. The caches of the others hold the same, and a sum over all of them would be a multiple.
type objectCollector struct {
	reader   client.Reader
	elected  <-chan struct{}
	gate     func() facts.Gate
	calendar func(*v1alpha1.PartnerProgram) *fiscal.Calendar
	log      logr.Logger
	series   map[*metrics.Family]*prometheus.Desc
}

func newObjectCollector(of *Reconciler, elected <-chan struct{}, log logr.Logger) *objectCollector {
	c := &objectCollector{
		reader: of.Client, elected: elected, gate: of.gate, log: log, series: map[*metrics.Family]*prometheus.Desc{},
		calendar: func(source *v1alpha1.PartnerProgram) *fiscal.Calendar { return of.Gatherer.Compiled(source).Calendar },
	}
	for _, f := range metrics.OfObjects() {
		c.series[f] = prometheus.NewDesc(f.Name, f.Help, f.Labels, nil)
	}
	return c
}

// Describe sends the descriptors of the metrics.
func (c *objectCollector) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range c.series {
		to <- desc
	}
}

// Collect sends the metrics as the cache has the objects now. A cache that cannot be read gives none, and an alert is raised about that.
func (c *objectCollector) Collect(to chan<- prometheus.Metric) {
	select {
	case <-c.elected:
	default:
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), scrapePatience)
	defer cancel()
	objects, err := c.objects(ctx)
	if err != nil {
		c.log.Error(err, "metrics about objects are left out of this scrape")
		return
	}
	for _, sample := range metrics.Of(objects) {
		metric, err := prometheus.NewConstMetric(c.series[sample.Family], prometheus.GaugeValue, sample.Value, sample.Labels...)
		if err != nil {
			metric = prometheus.NewInvalidMetric(c.series[sample.Family], err)
		}
		to <- metric
	}
}

// objects returns all objects. They are shared with the cache and must not be changed.
func (c *objectCollector) objects(ctx context.Context) (*metrics.Objects, error) {
	var (
		programs    v1alpha1.PartnerProgramList
		partners    v1alpha1.PartnerList
		plans       v1alpha1.JointPlanList
		campaigns   v1alpha1.CampaignList
		sets        v1alpha1.MeasurementSetList
		decisions   v1alpha1.ApprovalDecisionList
		revisions   v1alpha1.PlanRevisionList
		budgets     v1alpha1.MDFBudgetList
		allocations v1alpha1.MDFAllocationList
		claims      v1alpha1.MDFClaimList
		ledgers     v1alpha1.MDFLedgerList
	)
	lists := []client.ObjectList{
		&programs, &partners, &plans, &campaigns, &sets, &decisions, &revisions, &budgets, &allocations, &claims, &ledgers,
	}
	for _, list := range lists {
		if err := c.reader.List(ctx, list, client.UnsafeDisableDeepCopy); err != nil {
			return nil, fmt.Errorf("list %T: %w", list, err)
		}
	}
	return &metrics.Objects{
		Programs: pointers(programs.Items), Partners: pointers(partners.Items), Plans: pointers(plans.Items),
		Campaigns: pointers(campaigns.Items), Measurements: pointers(sets.Items), Decisions: pointers(decisions.Items),
		Revisions: pointers(revisions.Items), Budgets: pointers(budgets.Items), Allocations: pointers(allocations.Items),
		Claims: pointers(claims.Items), Ledgers: pointers(ledgers.Items),
		Calendar: c.calendar, Unguarded: c.gate().Reason != "",
	}, nil
}
