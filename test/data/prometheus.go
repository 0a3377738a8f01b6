package data

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// PrometheusServer is a Prometheus that runs.
type PrometheusServer struct {
	url string
	of  *server
}

// Prometheus starts a Prometheus with nothing in its store until the end of the test. The files are its configuration, prometheus.yml, and what that
// names beside it.
func Prometheus(tb testing.TB, files map[string]string) *PrometheusServer {
	tb.Helper()
	base := folder(tb, "prometheus")
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(base, name), []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	address := "127.0.0.1:" + freePort(tb)
	s := start(tb, syscall.SIGTERM, nil, program(tb, "prometheus"), "--config.file="+filepath.Join(base, "prometheus.yml"),
		"--storage.tsdb.path="+filepath.Join(base, "store"), "--web.listen-address="+address, "--log.level=warn")
	p := &PrometheusServer{url: "http://" + address, of: s}
	s.await(tb, func() string {
		if _, err := p.get(tb, "/-/ready"); err != nil {
			return err.Error()
		}
		return ""
	})
	return p
}

// get returns what an address of the server answers.
func (p *PrometheusServer) get(tb testing.TB, path string) ([]byte, error) {
	tb.Helper()
	request, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, p.url+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s: %s", path, response.Status, raw)
	}
	return raw, err
}

// ask reads what the server's API answers.
func (p *PrometheusServer) ask(tb testing.TB, path string, into any) {
	tb.Helper()
	raw, err := p.get(tb, path)
	if err == nil {
		err = json.Unmarshal(raw, &struct {
			Data any `json:"data"`
		}{into})
	}
	if err != nil {
		tb.Fatalf("%v\n%s", err, p.of.log.tail())
	}
}

// Series is a series of an answer.
type Series struct {
	// Labels are its labels.
	Labels map[string]string
	// Value is what it is worth.
	Value float64
}

// Query returns the series that answer a query now.
func (p *PrometheusServer) Query(tb testing.TB, expr string) []Series {
	tb.Helper()
	var answer struct {
		ResultType string `json:"resultType"`
		Result     []struct {
			Metric map[string]string `json:"metric"`
			Value  [2]any            `json:"value"`
		} `json:"result"`
	}
	p.ask(tb, "/api/v1/query?query="+url.QueryEscape(expr), &answer)
	if answer.ResultType != "vector" {
		tb.Fatalf("%s is answered by a %s", expr, answer.ResultType)
	}
	list := make([]Series, 0, len(answer.Result))
	for _, r := range answer.Result {
		value, err := strconv.ParseFloat(fmt.Sprint(r.Value[1]), 64)
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, Series{Labels: r.Metric, Value: value})
	}
	return list
}

// Alert is an alert that is raised, or about to be.
type Alert struct {
	// Labels say which alert it is, and about what.
	Labels map[string]string `json:"labels"`
	// Annotations are its words.
	Annotations map[string]string `json:"annotations"`
	// State is firing once it is raised.
	State string `json:"state"`
}

// Alerts returns the alerts as they stand.
func (p *PrometheusServer) Alerts(tb testing.TB) []Alert {
	tb.Helper()
	var answer struct {
		Alerts []Alert `json:"alerts"`
	}
	p.ask(tb, "/api/v1/alerts", &answer)
	return answer.Alerts
}

// Target is what is scraped.
type Target struct {
	// Labels are those of the target.
	Labels map[string]string `json:"labels"`
	// LastError is why the last scrape failed; empty when it did not.
	LastError string `json:"lastError"`
	// Health is up, down or unknown.
	Health string `json:"health"`
}

// Targets returns what is scraped, by job.
func (p *PrometheusServer) Targets(tb testing.TB) map[string]Target {
	tb.Helper()
	var answer struct {
		Active []Target `json:"activeTargets"`
	}
	p.ask(tb, "/api/v1/targets?state=active", &answer)
	byJob := map[string]Target{}
	for _, target := range answer.Active {
		byJob[target.Labels["job"]] = target
	}
	return byJob
}
