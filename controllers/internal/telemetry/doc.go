// Package telemetry tells what the controllers do: what they count and time, the metrics about objects, and the events of Kubernetes, which are
// recorded at a pace. What a metric is called and means is in internal/metrics.
package telemetry
