package data

import (
	"fmt"
	"maps"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/hack/gen-metrics/dashboard"
	"jointplan.dev/jointplan/test/plane"
)

// twoWeeksOn is 13 days after the instant of the samples' story: by then decisions have waited for more than 14 days, and claims for their payment
// for more than 30.
var twoWeeksOn = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

// soon is in the place of the alerts' own "for", and of the interval of scrapes and evaluations: test/alerts has Prometheus's tool test how long an
// alert waits, which takes no time there.
const soon = "1s"

// TestPrometheusWatchesTheManager has a real Prometheus scrape the manager as it ships, with the samples, and looks at what comes of it: who may
// scrape, what every panel of the dashboard shows, which alerts are raised in which words.
func TestPrometheusWatchesTheManager(t *testing.T) {
	ctrl.SetLogger(logr.Discard())
	c := plane.Client(t)
	address, ahead := startManager(t, c, twoWeeksOn)
	applySamples(t, c)
	p := Prometheus(t, configuration(t, c, address, ahead))
	t.Run("who may scrape", func(t *testing.T) { testWhoMayScrape(t, p) })
	t.Run("alerts", func(t *testing.T) { testAlerts(t, p) })
	t.Run("dashboard", func(t *testing.T) { testDashboard(t, p) })
	t.Run("money", func(t *testing.T) { testMoneyIsThatOfTheBudgets(t, p, c) })
}

// scrape is how a job of Prometheus scrapes.
type scrape struct {
	JobName       string            `json:"job_name"`
	Scheme        string            `json:"scheme"`
	HonorLabels   bool              `json:"honor_labels"`
	TLSConfig     map[string]any    `json:"tls_config"`
	Authorization map[string]string `json:"authorization,omitempty"`
	StaticConfigs []any             `json:"static_configs"`
}

// configuration returns the files of a Prometheus that scrapes as the shipped ServiceMonitor says, and evaluates the shipped alerts: with a token that
// may read the metrics, with one that may not, and without one.
func configuration(t *testing.T, c client.Client, address string, ahead time.Duration) map[string]string {
	t.Helper()
	var monitor struct {
		Spec struct {
			Endpoints []struct {
				Scheme          string `json:"scheme"`
				HonorLabels     bool   `json:"honorLabels"`
				BearerTokenFile string `json:"bearerTokenFile"`
				TLSConfig       struct {
					InsecureSkipVerify bool `json:"insecureSkipVerify"`
				} `json:"tlsConfig"`
			} `json:"endpoints"`
		} `json:"spec"`
	}
	read(t, "config/prometheus/servicemonitor.yaml", &monitor)
	if len(monitor.Spec.Endpoints) != 1 || monitor.Spec.Endpoints[0].BearerTokenFile == "" {
		t.Fatalf("the ServiceMonitor has the endpoints %+v, want one with a token", monitor.Spec.Endpoints)
	}
	endpoint := monitor.Spec.Endpoints[0]
	job := func(name, token string) scrape {
		s := scrape{
			JobName: name, Scheme: endpoint.Scheme, HonorLabels: endpoint.HonorLabels,
			TLSConfig: map[string]any{"insecure_skip_verify": endpoint.TLSConfig.InsecureSkipVerify},
			StaticConfigs: []any{map[string]any{ // with the labels that the Prometheus operator gives to the target
				"targets": []string{address}, "labels": map[string]string{"namespace": systemNamespace, "pod": "jointplan-manager-0"},
			}},
		}
		if token != "" {
			s.Authorization = map[string]string{"credentials_file": token}
		}
		return s
	}
	namespace := plane.Namespace(t, c)
	binding := &rbacv1.ClusterRoleBinding{
		RoleRef:  rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "jointplan-metrics-reader"},
		Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: "prometheus", Namespace: namespace}},
	}
	binding.Name = namespace
	if err := c.Create(t.Context(), binding); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kubectl(t, "delete", "clusterrolebinding", namespace) })
	config, err := yaml.Marshal(map[string]any{
		"global":         map[string]any{"scrape_interval": soon, "evaluation_interval": soon},
		"rule_files":     []string{"alerts.yml"},
		"scrape_configs": []scrape{job("manager", "reader.token"), job("stranger", "stranger.token"), job("nobody", "")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"prometheus.yml": string(config), "alerts.yml": rules(t, ahead),
		"reader.token": tokenOf(t, c, namespace, "prometheus"), "stranger.token": tokenOf(t, c, namespace, "stranger"),
	}
}

// rules returns the shipped alerts as a file of rules. They are raised soon, and ages are those by the manager's clock, which is ahead.
func rules(t *testing.T, ahead time.Duration) string {
	t.Helper()
	var shipped struct {
		Spec struct {
			Groups []struct {
				Name  string           `json:"name"`
				Rules []map[string]any `json:"rules"`
			} `json:"groups"`
		} `json:"spec"`
	}
	read(t, "config/prometheus/alerts.yaml", &shipped)
	now := "(time() + " + strconv.FormatFloat(ahead.Seconds(), 'f', 3, 64) + ")"
	for _, group := range shipped.Spec.Groups {
		for _, rule := range group.Rules {
			if rule["for"] != nil {
				rule["for"] = soon
			}
			rule["expr"] = strings.ReplaceAll(rule["expr"].(string), "time()", now)
		}
	}
	raw, err := yaml.Marshal(shipped.Spec)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// read reads a manifest.
func read(t *testing.T, path string, into any) {
	t.Helper()
	raw, err := os.ReadFile("../../" + path)
	if err == nil {
		err = yaml.Unmarshal(raw, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// testWhoMayScrape: without a token, and with one of an account that has no right, nothing is told.
func testWhoMayScrape(t *testing.T, p *PrometheusServer) {
	t.Helper()
	want := map[string]string{
		"manager":  "up 1, ",
		"stranger": "up 0, server returned HTTP status 403 Forbidden",
		"nobody":   "up 0, server returned HTTP status 401 Unauthorized",
	}
	Await(t, func() string {
		got := map[string]string{}
		for job, target := range p.Targets(t) {
			got[job] = "not scraped, " + target.LastError
		}
		for _, up := range p.Query(t, "up") {
			got[up.Labels["job"]] = fmt.Sprintf("up %g, %s", up.Value, p.Targets(t)[up.Labels["job"]].LastError)
		}
		return cmp.Diff(want, got)
	})
	if told := p.Query(t, `count by (job) ({job=~"stranger|nobody", __name__!~"up|scrape_.*|ALERTS.*"})`); len(told) > 0 {
		t.Errorf("who may not scrape is told %v", told)
	}
	// What is stalled is in the partner's namespace, and not in that of the manager, which the target has.
	Await(t, func() string {
		stalled := p.Query(t, "jointplan_stalled_objects")
		if len(stalled) != 1 || stalled[0].Labels["namespace"] != "partner-finch" || stalled[0].Labels["exported_namespace"] != "" {
			return fmt.Sprintf("stalled is %v, want one in partner-finch", stalled)
		}
		return ""
	})
}

// raised are the alerts that the samples raise, with their labels, and how their words begin. An age ends in seconds that no test can know.
var raised = map[string]string{
	"JointPlanReviewsOverdue map[program:northwind severity:warning]": "firing: 42.86% of the plans of program northwind have an overdue review. " +
		"For a day, more than a quarter of the plans of program northwind that owe reviews have had one that is overdue, now 42.86%.",
	"JointPlanDecisionsPending map[kind:JointPlan program:northwind severity:warning]": "firing: A JointPlan of program northwind has waited for a decision " +
		"for more than 14 days. The JointPlan of program northwind that waits longest for somebody's decision has waited for 19d ....",
	"JointPlanDecisionsPending map[kind:MDFAllocation program:northwind severity:warning]": "firing: A MDFAllocation of program northwind has waited for a " +
		"decision for more than 14 days. The MDFAllocation of program northwind that waits longest for somebody's decision has waited for 21d ....",
	"JointPlanDecisionsPending map[kind:MDFClaim program:northwind severity:warning]": "firing: A MDFClaim of program northwind has waited for a decision " +
		"for more than 14 days. The MDFClaim of program northwind that waits longest for somebody's decision has waited for 14d ....",
	"JointPlanObjectsStalled map[kind:JointPlan namespace:partner-finch severity:warning]": "firing: In namespace partner-finch: 1 stalled, of kind JointPlan. " +
		"For an hour, objects of kind JointPlan in namespace partner-finch have been Stalled, now 1. They are not evaluated in full until a person changes " +
		"their spec. The condition Stalled of each says what to change.",
	"JointPlanClaimsUnpaid map[budget:northwind-distribution-fy27 severity:warning]": "firing: A claim on budget northwind-distribution-fy27 was accepted " +
		"more than 30 days ago and is not paid. The claim on budget northwind-distribution-fy27 that waits longest for its payment was accepted 32d ... ago.",
	"JointPlanClaimsUnpaid map[budget:northwind-fy27 severity:warning]": "firing: A claim on budget northwind-fy27 was accepted more than 30 days ago and is " +
		"not paid. The claim on budget northwind-fy27 that waits longest for its payment was accepted 32d ... ago.",
}

// testAlerts compares what is raised, and nothing else, with its words.
func testAlerts(t *testing.T, p *PrometheusServer) {
	t.Helper()
	const runbooks = "https://docs.example.com/jointplan/runbooks/"
	var last []Alert
	Await(t, func() string {
		got := map[string]string{}
		last = p.Alerts(t)
		for _, a := range last {
			labels := maps.Clone(a.Labels)
			delete(labels, "alertname")
			key := a.Labels["alertname"] + " " + fmt.Sprint(labels)
			got[key] = a.State + ": " + age.ReplaceAllString(a.Annotations["summary"]+" "+a.Annotations["description"], "$1 ...")
		}
		return cmp.Diff(raised, got)
	})
	for _, a := range last {
		if want := runbooks + a.Labels["alertname"]; a.Annotations["runbook_url"] != want || len(a.Annotations) != 3 {
			t.Errorf("%s: the annotations are %v, want a summary, a description and the page %s", a.Labels["alertname"], a.Annotations, want)
		}
	}
}

// age is a span as Prometheus writes it, from its days on: 19d 10h 0m 3s.
var age = regexp.MustCompile(`\b([0-9]+d) [0-9]+h [0-9]+m [0-9]+s\b`)

// nothing are the queries of panels that show nothing for the samples, with the reason.
var nothing = map[string]string{
	"max by (budget, currency) (jointplan_budget_lapsed": "no budget's period has ended",
	"max by (budget, currency) (jointplan_budget_excess": "no budget was lowered too far",
	"jointplan_conditions{type=\"Suspended\"":            "nothing is suspended",
	"jointplan_server_restored_timestamp_seconds > 0":    "the store was never restored",
}

// testDashboard asks each query of the dashboard, and each of its choices. The samples have something for nearly all.
func testDashboard(t *testing.T, p *PrometheusServer) {
	t.Helper()
	raw, err := os.ReadFile("../../config/grafana/jointplan.json")
	if err != nil {
		t.Fatal(err)
	}
	queries, err := dashboard.Queries(raw)
	if err != nil || len(queries) == 0 {
		t.Fatalf("%d queries: %v", len(queries), err)
	}
	met := map[string]bool{}
	for _, q := range queries {
		expr, empty := q.Fill("5m"), ""
		for part, reason := range nothing {
			if strings.Contains(expr, part) {
				empty, met[part] = reason, true
			}
		}
		if empty != "" {
			if found := p.Query(t, expr); len(found) > 0 {
				t.Errorf("%s shows %v, although %s", q.Panel, found, empty)
			}
			continue
		}
		Await(t, func() string { // a rate needs two scrapes
			found := p.Query(t, expr)
			if len(found) == 0 {
				return fmt.Sprintf("%s shows nothing: %s", q.Panel, expr)
			}
			return labelsOfLegend(q, found)
		})
	}
	for part := range nothing {
		if !met[part] {
			t.Errorf("no query has %s, which is said to show nothing", part)
		}
	}
	for label, want := range map[string]string{"program": "northwind", "budget": "northwind-fy27", "currency": "EUR", "namespace": "partner-finch"} {
		metric := regexp.MustCompile(`label_values\((\w+), ` + label + `\)`).FindSubmatch(raw)
		if metric == nil {
			t.Errorf("%s is no choice", label)
			continue
		}
		var values []string
		p.ask(t, "/api/v1/label/"+label+"/values?match[]="+string(metric[1]), &values)
		if !slices.Contains(values, want) {
			t.Errorf("the choice %s offers %v, and not %s", label, values, want)
		}
	}
}

// labelsOfLegend finds a label of a legend that no series has.
func labelsOfLegend(q dashboard.Query, found []Series) string {
	for _, label := range regexp.MustCompile(`\{\{([a-z]+)\}\}`).FindAllStringSubmatch(q.Legend, -1) {
		if !slices.ContainsFunc(found, func(s Series) bool { return s.Labels[label[1]] != "" }) {
			return fmt.Sprintf("%s names %s in its legend, which no series has: %s", q.Panel, label[1], q.Expr)
		}
	}
	return ""
}

// testMoneyIsThatOfTheBudgets compares what the panels of money show with the status of each budget.
func testMoneyIsThatOfTheBudgets(t *testing.T, p *PrometheusServer, c client.Client) {
	t.Helper()
	for metric, of := range map[string]func(*v1alpha1.MDFBudget) *v1alpha1.Money{
		"jointplan_budget_amount":    func(x *v1alpha1.MDFBudget) *v1alpha1.Money { return &x.Spec.Amount },
		"jointplan_budget_reserved":  func(x *v1alpha1.MDFBudget) *v1alpha1.Money { return x.Status.Reserved },
		"jointplan_budget_settled":   func(x *v1alpha1.MDFBudget) *v1alpha1.Money { return x.Status.Settled },
		"jointplan_budget_available": func(x *v1alpha1.MDFBudget) *v1alpha1.Money { return x.Status.Available },
	} {
		Await(t, func() string {
			budgets, want, got := &v1alpha1.MDFBudgetList{}, map[string]float64{}, map[string]float64{}
			if err := c.List(t.Context(), budgets); err != nil {
				return err.Error()
			}
			for i := range budgets.Items {
				amount := of(&budgets.Items[i])
				if amount == nil {
					return budgets.Items[i].Name + " is not evaluated"
				}
				value, err := strconv.ParseFloat(string(amount.Amount), 64)
				if err != nil {
					t.Fatal(err)
				}
				want[budgets.Items[i].Name+" "+string(amount.Currency)] = value
			}
			for _, s := range p.Query(t, "max by (budget, currency) ("+metric+")") {
				got[s.Labels["budget"]+" "+s.Labels["currency"]] = math.Round(s.Value*100) / 100
			}
			return cmp.Diff(want, got)
		})
	}
}
