package alerts

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jointplan.dev/jointplan/hack/gen-metrics/dashboard"
)

// ofPrometheus are metrics and labels that Prometheus itself adds: alerts that are raised, with the labels of those that are shipped, and the target
// of a series.
var ofPrometheus = map[string][]string{"ALERTS": {"alertname", "alertstate", "severity", "program", "budget", "namespace", "kind"}}

// named finds metrics that the dashboard looks at, whoever tells them.
var named = regexp.MustCompile(`\b((?:jointplan|controller_runtime|workqueue)_[a-z_]+|ALERTS)(?:\s*\{([^}]*)\})?`)

// words are names of metrics and functions.
var words = regexp.MustCompile(`\b[a-zA-Z_:][a-zA-Z0-9_:]*\b`)

// queries returns those of the dashboard with values in the place of its variables.
func queries(t *testing.T) map[string]dashboard.Query {
	t.Helper()
	list, err := dashboard.Queries([]byte(read(t, "config/grafana/jointplan.json")))
	if err != nil || len(list) == 0 {
		t.Fatalf("%d queries: %v", len(list), err)
	}
	byName := map[string]dashboard.Query{}
	for i, q := range list {
		q.Expr = q.Fill("5m")
		byName[fmt.Sprintf("q%02d %s", i, q.Panel)] = q
	}
	return byName
}

// asRules makes a file of rules of queries, each recorded under its name.
func asRules(byName map[string]dashboard.Query) any {
	type recorded struct {
		Record string `json:"record"`
		Expr   string `json:"expr"`
	}
	var rules []recorded
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		rules = append(rules, recorded{Record: "panel:" + strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return '_'
		}, strings.ToLower(name)), Expr: byName[name].Expr})
	}
	return map[string]any{"groups": []any{map[string]any{"name": "dashboard", "rules": rules}}}
}

// TestPrometheusReadsTheQueriesOfTheDashboard has Prometheus's parser read each of them, and shows that it refuses one that is wrong.
func TestPrometheusReadsTheQueriesOfTheDashboard(t *testing.T) {
	all := queries(t)
	out, err := promtool(t, asRules(all), "check", "rules", "--lint=none", "alerts.yaml")
	if err != nil || !strings.Contains(out, fmt.Sprintf("SUCCESS: %d rules found", len(all))) {
		t.Errorf("%v\n%s", err, out)
	}
	wrong := map[string]dashboard.Query{"q00": {Expr: "sum by (kind) (jointplan_objects"}}
	if out, err := promtool(t, asRules(wrong), "check", "rules", "--lint=none", "alerts.yaml"); err == nil || !strings.Contains(out, "parse error") {
		t.Errorf("a query without its end is taken (%v)\n%s", err, out)
	}
}

// TestTheDashboardAsksForWhatTheManagerTells finds metrics, labels and values that are misspelt, with which a panel would always be empty.
func TestTheDashboardAsksForWhatTheManagerTells(t *testing.T) {
	known := dashboardValues(t)
	for name, q := range queries(t) {
		for _, problem := range problems(q.Expr, known) {
			t.Errorf("%s: %s: %s", name, problem, q.Expr)
		}
	}
	for expr, want := range map[string]string{
		`sum(jointplan_plan)`:                                      "the manager tells no jointplan_plan",
		`sum(jointplan_plans{budget="a"})`:                         "jointplan_plans has no label budget",
		`sum(jointplan_plans{stage="Pending"})`:                    `stage is never "Pending"`,
		`sum by (currency) (jointplan_plans{stage="Draft"})`:       "by currency, which no metric of it has",
		`sum by (kind) (jointplan_evaluation_duration_seconds)`:    "the manager tells no jointplan_evaluation_duration_seconds",
		`sum(process_resident_memory_bytes)`:                       "process_resident_memory_bytes is nothing that is known",
		`sum(jointplan_plans) / sum(ALERTS{alertname="JointPan"})`: `alertname is never "JointPan"`,
	} {
		if got := strings.Join(problems(expr, known), "; "); got != want {
			t.Errorf("%s: found %q, want %q", expr, got, want)
		}
	}
}

// dashboardValues are the values that labels can have: those of alerts, stages, steps and conditions of the API, and names of alerts.
func dashboardValues(t *testing.T) map[string]bool {
	t.Helper()
	known := values(t)
	for _, file := range []string{"jointplan_types.go", "mdfallocation_types.go", "mdfclaim_types.go", "ruleset_types.go", "annotations.go", "common_types.go"} {
		for _, match := range regexp.MustCompile(`(?m)^(?:const |\t)[A-Z][A-Za-z]+ (?:[A-Za-z]+ )?= "([A-Z][A-Za-z]+)"$`).FindAllStringSubmatch(read(t, "api/v1alpha1/"+file), -1) {
			known[match[1]] = true
		}
	}
	for _, a := range alerts(t) {
		known[a.Alert] = true
	}
	for _, value := range []string{"True", "firing", "JointPlan.+", ".*"} {
		known[value] = true
	}
	return known
}

// problems returns what is wrong with the names of a query.
func problems(expr string, known map[string]bool) []string {
	var list []string
	all, looked := map[string]bool{"instance": true}, map[string]bool{}
	for _, metric := range named.FindAllStringSubmatch(expr, -1) {
		labels, ok := labelsOf(metric[1])
		if !ok {
			labels, ok = ofPrometheus[metric[1]], ofPrometheus[metric[1]] != nil
		}
		if !ok {
			return append(list, "the manager tells no "+metric[1])
		}
		looked[metric[1]] = true
		for _, label := range labels {
			all[label] = true
		}
		for _, match := range matcher.FindAllStringSubmatch(metric[2], -1) {
			if !slices.Contains(labels, match[1]) {
				list = append(list, metric[1]+" has no label "+match[1])
				continue
			}
			for value := range strings.SplitSeq(match[2], "|") {
				if match[1] != "le" && !known[value] {
					list = append(list, fmt.Sprintf("%s is never %q", match[1], value))
				}
			}
		}
	}
	for _, group := range by.FindAllStringSubmatch(expr, -1) {
		for label := range strings.SplitSeq(group[1], ", ") {
			if !all[label] {
				list = append(list, "by "+label+", which no metric of it has")
			}
		}
	}
	// What is left without texts, matchers and groups are names of metrics and of functions.
	bare := regexp.MustCompile(`"[^"]*"|\{[^}]*\}|\bby \([^)]*\)|\[[^\]]*\]`).ReplaceAllString(expr, "")
	for _, word := range words.FindAllString(bare, -1) {
		if !looked[word] && !slices.Contains(functions, word) {
			list = append(list, word+" is nothing that is known")
		}
	}
	return list
}

// functions are those of PromQL that the dashboard uses.
var functions = []string{"sum", "min", "max", "count", "abs", "or", "time", "rate", "increase", "histogram_quantile"}
