package dashboard

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/internal/metrics"
)

// written returns the dashboard as the repository has it.
func written(t *testing.T) []byte {
	t.Helper()
	raw, err := os.ReadFile("../../../config/grafana/jointplan.json")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func parsed(t *testing.T) (board, []Query) {
	t.Helper()
	var b board
	if err := json.Unmarshal(written(t), &b); err != nil {
		t.Fatal(err)
	}
	queries, err := Queries(written(t))
	if err != nil || len(queries) == 0 {
		t.Fatalf("%d queries: %v", len(queries), err)
	}
	return b, queries
}

func TestTheDashboardIsUpToDate(t *testing.T) {
	t.Parallel()
	raw, err := JSON()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(raw), string(written(t))); diff != "" {
		t.Errorf("config/grafana/jointplan.json is out of date: run go run ./hack/gen-metrics (-generated +there):\n%s", diff)
	}
	if _, err := Queries([]byte("[]")); err == nil {
		t.Error("a list is read as a dashboard, want an error")
	}
}

// leftOut are the metrics that no panel shows, with the reason.
var leftOut = map[string]string{}

// TestEveryMetricIsShown finds a metric that was added without a panel.
func TestEveryMetricIsShown(t *testing.T) {
	t.Parallel()
	_, queries := parsed(t)
	for _, f := range metrics.All() {
		name := regexp.MustCompile(`\b` + f.Name + `(_bucket|_count|_sum)?\b`)
		shown := slices.ContainsFunc(queries, func(q Query) bool { return name.MatchString(q.Expr) })
		if reason := leftOut[f.Name]; shown == (reason != "") {
			t.Errorf("%s: shown is %t, and the reason to leave it out is %q: give it a panel, or here a reason to have none", f.Name, shown, reason)
		}
	}
}

func TestPanelsStandSideBySide(t *testing.T) {
	t.Parallel()
	b, _ := parsed(t)
	taken, ids, titles := map[[2]int]string{}, map[int]bool{}, map[string]bool{}
	for _, p := range b.Panels {
		if ids[p.ID] || titles[p.Title] || p.Title == "" {
			t.Errorf("panel %d %q is there twice, or has no title", p.ID, p.Title)
		}
		ids[p.ID], titles[p.Title] = true, true
		g := p.GridPos
		if g.X < 0 || g.W < 1 || g.H < 1 || g.X+g.W > 24 {
			t.Errorf("%s stands at %+v, outside the grid", p.Title, g)
		}
		for x := g.X; x < g.X+g.W; x++ {
			for y := g.Y; y < g.Y+g.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" {
					t.Errorf("%s covers %s", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
}

var (
	byLabels  = regexp.MustCompile(`\b(?:by|on) \(([a-z, ]*)\)`)
	operators = regexp.MustCompile(`\b(sum|max|min|count|avg|topk|quantile)\b( by)?`)
	aMoney    = regexp.MustCompile(`\bjointplan_budget_(amount|reserved|settled|available|lapsed|excess)\b`)
	legendOf  = regexp.MustCompile(`\{\{([a-z]+)\}\}`)
)

// TestCurrenciesAreNeverAddedUp: what aggregates amounts keeps their currency, and shows it.
func TestCurrenciesAreNeverAddedUp(t *testing.T) {
	t.Parallel()
	_, queries := parsed(t)
	found := 0
	for _, q := range queries {
		if !aMoney.MatchString(q.Expr) {
			continue
		}
		found++
		for _, operator := range operators.FindAllStringSubmatch(q.Expr, -1) {
			if operator[2] == "" {
				t.Errorf("%s: %s adds up over currencies: %s", q.Panel, operator[1], q.Expr)
			}
		}
		for _, by := range byLabels.FindAllStringSubmatch(q.Expr, -1) {
			if !strings.Contains(by[1], "currency") {
				t.Errorf("%s: by (%s) leaves out the currency: %s", q.Panel, by[1], q.Expr)
			}
		}
		if strings.Contains(q.Expr, "without") || q.Legend != "" && !strings.Contains(q.Legend, "{{currency}}") {
			t.Errorf("%s: its legend %q does not tell the currency of %s", q.Panel, q.Legend, q.Expr)
		}
	}
	if found < 5 {
		t.Errorf("only %d queries about money were found", found)
	}
}

// TestUnitsFitWhatIsAsked derives the unit from a query: a share of two like things, an age, a rate, or what the metric's name says.
func TestUnitsFitWhatIsAsked(t *testing.T) {
	t.Parallel()
	_, queries := parsed(t)
	for _, q := range queries {
		var want []string
		switch {
		case strings.Contains(q.Expr, ") / "):
			want = []string{share}
			if q.Panel == "Budgets" { // one column of a table
				want = []string{money}
			}
		case strings.Contains(q.Expr, "_timestamp_seconds") && strings.Contains(q.Expr, "* 1000"):
			want = []string{ago}
		case strings.Contains(q.Expr, "histogram_quantile"), strings.Contains(q.Expr, "time() - "), strings.Contains(q.Expr, "_skew_seconds"):
			want = []string{seconds}
		case strings.Contains(q.Expr, "rate("):
			want = []string{operations, writes}
		case strings.Contains(q.Expr, "_ratio"):
			want = []string{share}
		case aMoney.MatchString(q.Expr):
			want = []string{money}
		default:
			want = []string{count}
		}
		if !slices.Contains(want, q.Unit) {
			t.Errorf("%s has the unit %q, want one of %q: %s", q.Panel, q.Unit, want, q.Expr)
		}
	}
}

// TestLegendsNameLabelsThatAreKept finds a label of a legend that the query does not keep: each series would have an empty name.
func TestLegendsNameLabelsThatAreKept(t *testing.T) {
	t.Parallel()
	b, queries := parsed(t)
	for _, q := range queries {
		kept := byLabels.FindStringSubmatch(q.Expr)
		for _, label := range legendOf.FindAllStringSubmatch(q.Legend, -1) {
			if len(kept) == 0 || !slices.Contains(strings.Split(kept[1], ", "), label[1]) {
				t.Errorf("%s: the legend %q names %s, which the query does not keep: %s", q.Panel, q.Legend, label[1], q.Expr)
			}
		}
	}
	for _, p := range b.Panels {
		if (p.Type == "timeseries" || p.Type == "bargauge") && slices.ContainsFunc(p.Targets, func(t target) bool { return t.Legend == "" }) {
			t.Errorf("%s has a series without a name", p.Title)
		}
	}
}

// TestTheReadersChoicesCount: each choice is used, and each that is used is there.
func TestTheReadersChoicesCount(t *testing.T) {
	t.Parallel()
	b, queries := parsed(t)
	used := map[string]bool{"datasource": true}
	for _, q := range queries {
		for _, name := range regexp.MustCompile(`"\$([a-z]+)"`).FindAllStringSubmatch(q.Expr, -1) {
			used[name[1]] = true
		}
		if filled := q.Fill("5m"); strings.Contains(filled, "$") {
			t.Errorf("%s: a variable is left in %s", q.Panel, filled)
		}
	}
	there := map[string]bool{}
	for _, v := range b.Templating.List {
		there[v.Name] = true
	}
	if diff := cmp.Diff(there, used); diff != "" {
		t.Errorf("(-choices +used):\n%s", diff)
	}
	for _, p := range b.Panels {
		for _, t2 := range p.Targets {
			if t2.Source == nil || t2.Source.UID != "${datasource}" {
				t.Errorf("%s is answered by %+v, and not by what the reader chose", p.Title, t2.Source)
			}
		}
	}
}
