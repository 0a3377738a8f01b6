package query

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"iter"
	"math"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/api"
	prometheusv1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/table"
)

// Variables of the environment that say where a metrics system is.
const (
	// PrometheusURL is the address, such as https://prometheus.monitoring:9090.
	PrometheusURL = "JOINTPLAN_PROMETHEUS_URL"
	// PrometheusTokenFile is a file with the bearer token to show; none if it is not set.
	PrometheusTokenFile = "JOINTPLAN_PROMETHEUS_TOKEN_FILE" //nolint:gosec // the name of a variable
	// PrometheusCAFile is a file with the authority that signed the server's certificate; those of the system if it is not set.
	PrometheusCAFile = "JOINTPLAN_PROMETHEUS_CA_FILE"

	// askWithin is how long a query may take that sets no limit.
	askWithin = time.Minute
)

// Columns of the answers of a metrics system, beside its labels.
const (
	dayColumn   = "day"
	valueColumn = "value"
)

// Interval is a part of the calendar at whose end a metrics system is asked.
type Interval struct {
	// Day is its last day.
	Day fiscal.Day
	// From and Until are the instants at which it begins and ends.
	From, Until time.Time
}

// metrics are the answers of a metrics system.
type metrics struct {
	rows []table.Row
}

// Prometheus asks the server of the environment at the end of each interval.
func Prometheus(ctx context.Context, spec *importsv1alpha1.Prometheus, intervals []Interval, getenv func(string) string) (table.Source, error) {
	address, transport, err := connection(getenv)
	if err != nil {
		return nil, err
	}
	client, err := api.NewClient(api.Config{Address: address.String(), RoundTripper: transport})
	if err != nil {
		return nil, err
	}
	limit := askWithin
	if spec.TimeoutSeconds != nil {
		limit = time.Duration(*spec.TimeoutSeconds) * time.Second
	}
	asked := prometheusv1.NewAPI(client)
	labels := map[model.LabelName]bool{}
	answers := make([]model.Vector, len(intervals))
	for i, interval := range intervals {
		if answers[i], err = ask(ctx, asked, spec.Query, interval, limit, host(address)); err != nil {
			return nil, fmt.Errorf("%w (the interval that ends on %s)", err, interval.Day)
		}
		for _, sample := range answers[i] {
			for label := range sample.Metric {
				labels[label] = true
			}
		}
	}
	return tableOf(intervals, answers, labels)
}

// connection reads the environment.
func connection(getenv func(string) string) (*url.URL, http.RoundTripper, error) {
	text := getenv(PrometheusURL)
	if text == "" {
		return nil, nil, environmentError("no metrics system: set " + PrometheusURL + ", such as https://prometheus.monitoring:9090")
	}
	address, err := url.Parse(text)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return nil, nil, environmentError(PrometheusURL + " is not an address such as https://prometheus.monitoring:9090")
	}
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // it is one
	if file := getenv(PrometheusCAFile); file != "" {
		pem, err := os.ReadFile(file)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", PrometheusCAFile, err)
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, nil, fmt.Errorf("%s: %s holds no certificate", PrometheusCAFile, file)
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	file := getenv(PrometheusTokenFile)
	if file == "" {
		return address, transport, nil
	}
	token, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", PrometheusTokenFile, err)
	}
	return address, bearer{transport, strings.TrimSpace(string(token))}, nil
}

// bearer shows a token with each request.
type bearer struct {
	next  http.RoundTripper
	token string
}

// RoundTrip sends a request with the token.
func (b bearer) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set("Authorization", "Bearer "+b.token)
	return b.next.RoundTrip(request)
}

// ask asks for the values at the end of an interval.
func ask(ctx context.Context, asked prometheusv1.API, query string, interval Interval, limit time.Duration, host string) (model.Vector, error) {
	seconds := int64(interval.Until.Sub(interval.From).Seconds())
	query = strings.ReplaceAll(query, "$interval", fmt.Sprintf("%ds", seconds))
	within, stop := context.WithTimeout(ctx, limit)
	defer stop()
	answer, warnings, err := asked.Query(within, query, interval.Until, prometheusv1.WithTimeout(limit))
	if err != nil {
		return nil, inWords(ctx, err, limit, host)
	}
	if len(warnings) > 0 {
		return nil, fmt.Errorf("%s warns, so its answer may not be complete: %s", host, strings.Join(warnings, "; "))
	}
	vector, ok := answer.(model.Vector)
	if !ok {
		return nil, fmt.Errorf("the query has a %s for an answer, and must have a value for each subject, such as sum by (partner) (...)", answer.Type())
	}
	if len(vector) == 0 {
		return nil, errors.New("the query has no answer, and an empty answer is not a result of zero: correct prometheus.query of the mapping, or look whether the " +
			"metrics were scraped then")
	}
	for _, sample := range vector {
		if value := float64(sample.Value); sample.Histogram != nil || math.IsNaN(value) || math.IsInf(value, 0) {
			return nil, fmt.Errorf("the value of %s is %s, not a number: correct prometheus.query of the mapping", sample.Metric, shown(sample))
		}
	}
	return vector, nil
}

func shown(sample *model.Sample) string {
	if sample.Histogram != nil {
		return "a histogram"
	}
	return sample.Value.String()
}

// inWords says what a metrics system has against a query.
func inWords(ctx context.Context, err error, limit time.Duration, host string) error {
	var said *prometheusv1.Error
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &said) && said.Type == prometheusv1.ErrTimeout:
		return fmt.Errorf("the query took longer than %s, and nothing was written: make it faster, or raise prometheus.timeoutSeconds of the mapping", limit)
	case errors.As(err, &said) && said.Type == prometheusv1.ErrBadData:
		return fmt.Errorf("%s refuses the query: %s: correct prometheus.query of the mapping", host, said.Msg)
	case errors.As(err, &said) && said.Type == prometheusv1.ErrBadResponse:
		return fmt.Errorf("%s does not answer as Prometheus does (%s): check %s", host, said.Msg, PrometheusURL)
	case errors.As(err, &said) && said.Type == prometheusv1.ErrClient:
		return fmt.Errorf("%s refuses the request (%s): check %s and the token in %s", host, said.Msg, PrometheusURL, PrometheusTokenFile)
	default:
		return fmt.Errorf("%s cannot be asked: %w", host, err)
	}
}

// tableOf makes a table of answers, in the order of days and labels.
func tableOf(intervals []Interval, answers []model.Vector, labels map[model.LabelName]bool) (table.Source, error) {
	names := make([]model.LabelName, 0, len(labels))
	for label := range labels {
		if label == dayColumn || label == valueColumn {
			return nil, fmt.Errorf("the answer has a label %s, which is the name of a column of its own: rename it with label_replace in prometheus.query of the mapping", label)
		}
		names = append(names, label)
	}
	slices.Sort(names)
	header := table.Row{Cells: []table.Cell{{Text: dayColumn}, {Text: valueColumn}}}
	for _, label := range names {
		header.Cells = append(header.Cells, table.Cell{Text: string(label)})
	}
	m := &metrics{rows: []table.Row{header}}
	for i, interval := range intervals {
		slices.SortFunc(answers[i], func(a, b *model.Sample) int { return cmp.Compare(a.Metric.String(), b.Metric.String()) })
		for _, sample := range answers[i] {
			row := table.Row{Number: len(m.rows), Cells: []table.Cell{
				{Text: interval.Day.String(), Stored: true, Day: true}, table.StoredNumber(fmt.Sprint(float64(sample.Value))),
			}}
			for _, label := range names {
				row.Cells = append(row.Cells, table.Cell{Text: string(sample.Metric[label])})
			}
			m.rows = append(m.rows, row)
		}
	}
	return m, nil
}

// Rows returns the answers.
func (m *metrics) Rows() iter.Seq2[table.Row, error] {
	return func(yield func(table.Row, error) bool) {
		for _, row := range m.rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Place says which value one is, by its labels.
func (m *metrics) Place(row, _ int) string {
	var labels []string
	for i, cell := range m.rows[row].Cells {
		if i > 1 && cell.Text != "" {
			labels = append(labels, fmt.Sprintf("%s=%q", m.rows[0].Cells[i].Text, cell.Text))
		}
	}
	return fmt.Sprintf("%s {%s}", m.rows[row].Cells[0].Text, strings.Join(labels, ", "))
}
