// Package alerts tests the alerts of config/prometheus with Prometheus's own tool, bin/tools/promtool.
package alerts
