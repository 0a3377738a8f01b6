package telemetry

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
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// scrapePatience is how long a scrape waits for a cache that is not filled yet.
const scrapePatience = 5 * time.Second

// Objects computes the metrics about objects from the cache whenever they are requested. So nothing is to be kept in step: the series
// of an object end with it.
//
// Only the manager that was elected tells them. The caches of the others hold the same, and a sum over all of them would be a multiple.
type Objects struct {
	reader   client.Reader
	elected  <-chan struct{}
	gate     func() facts.Gate
	calendar func(*v1alpha1.PartnerProgram) *fiscal.Calendar
	log      logr.Logger
	series   map[*metrics.Family]*prometheus.Desc
}

// NewObjects returns the collector of the metrics about objects. Elected is closed once this manager is the one that works; gate says what stops all
// grants; calendar returns the calendar of a program.
func NewObjects(
	reader client.Reader, elected <-chan struct{}, gate func() facts.Gate, calendar func(*v1alpha1.PartnerProgram) *fiscal.Calendar, log logr.Logger,
) *Objects {
	c := &Objects{
		reader: reader, elected: elected, gate: gate, calendar: calendar, log: log, series: map[*metrics.Family]*prometheus.Desc{},
	}
	for _, f := range metrics.OfObjects() {
		c.series[f] = prometheus.NewDesc(f.Name, f.Help, f.Labels, nil)
	}
	return c
}

// Describe sends the descriptors of the metrics.
func (c *Objects) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range c.series {
		to <- desc
	}
}

// Collect sends the metrics as the cache has the objects now. A cache that cannot be read gives none, and an alert is raised about that.
func (c *Objects) Collect(to chan<- prometheus.Metric) {
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
func (c *Objects) objects(ctx context.Context) (*metrics.Objects, error) {
	all := &metrics.Objects{Calendar: c.calendar, Unguarded: c.gate().Reason != ""}
	for _, k := range kinds.All() {
		list := k.NewList()
		if err := c.reader.List(ctx, list, client.UnsafeDisableDeepCopy); err != nil {
			return nil, fmt.Errorf("list %s: %w", k.Plural, err)
		}
		k.AddList(&all.Objects, list)
	}
	return all, nil
}
