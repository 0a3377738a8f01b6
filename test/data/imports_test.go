package data

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/test/plane"
)

// importAt is the instant of the imports: November is over.
const importAt = "2026-12-04T09:00:00Z"

// plugin builds the plugin once, as it ships.
var plugin = sync.OnceValues(func() (string, error) {
	base, err := os.MkdirTemp("", "jointplan-plugin-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(base, "kubectl-jointplan")
	out, err := exec.Command("go", "build", "-o", binary, "../../cmd/kubectl-jointplan").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
})

// answer is what a command said.
type answer struct {
	code           int
	stdout, stderr string
}

// run runs the plugin with variables in its environment.
func run(t *testing.T, env []string, args ...string) answer {
	t.Helper()
	binary, err := plugin()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), binary, args...)
	c.Env = append(os.Environ(), env...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	err = c.Run()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		t.Fatal(err)
	}
	return answer{c.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// mapping writes a mapping of results of partners with a query.
func mapping(t *testing.T, query string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "mapping.yaml")
	text := "apiVersion: imports.jointplan.dev/v1alpha1\nkind: ResultsMapping\nmetadata: {name: monthly}\nspec:\n" + query
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// fromDatabase is a mapping of deals in a database.
func fromDatabase(t *testing.T, sql, more string) string {
	t.Helper()
	return mapping(t, fmt.Sprintf(`  source: crm
  postgresql: {query: %q%s}
  subject: {kind: Partner, column: partner}
  day: {column: closed, per: Month}
  values: [{column: amount, metric: new-revenue, currency: EUR}]
  key: [id]
`, sql, more))
}

func psql(t *testing.T, dsn, command string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program(t, "psql"), "--no-psqlrc", "-qtA", "-v", "ON_ERROR_STOP=1", "-c", command, dsn).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

const selectDeals = "SELECT id, partner, closed, amount FROM deals WHERE won"

func TestImportFromPostgreSQL(t *testing.T) {
	t.Parallel()
	dsn := Postgres(t)
	psql(t, dsn, `create table deals (id int, partner text, closed timestamptz, amount numeric(12,2), won bool);
insert into deals values
 (1, 'acme', '2026-10-31 23:30:00+01', 1000.10, true), (2, 'acme', '2026-10-31 23:30:00+00', 0.20, true), (3, 'ACME Cloud GmbH', '2026-11-02', 5, true),
 (4, 'acme', '2026-11-03', 7777, false), (5, 'finch', '2026-11-30', -12.5, true), (6, 'finch', '2026-12-01', 99, true)`)
	env := []string{"JOINTPLAN_DATABASE_URL=" + dsn}
	folder := t.TempDir()
	line := []string{"import", "results", "--mapping", fromDatabase(t, selectDeals, ""), "-f", "../../config/samples", "--at", importAt, "--write", folder}
	got := run(t, env, line...)
	if got.code != 0 || got.stderr != "" || !strings.Contains(got.stdout, "5 rows: 4 used, 1 left out, 0 rejected; 2 subjects") {
		t.Fatalf("%+v", got)
	}
	acme, err := os.ReadFile(filepath.Join(folder, "partner-acme", "partner-acme-crm-fy2027.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	// The second deal was closed on 1 November in Berlin.
	want := "  - day: \"2026-10-31\"\n    metric: new-revenue\n    value: \"1000.1\"\n  - day: \"2026-11-30\"\n    metric: new-revenue\n    value: \"5.2\"\n"
	if !strings.Contains(string(acme), want) {
		t.Errorf("got\n%s", acme)
	}
	if again := run(t, env, line...); again.code != 0 || !strings.HasSuffix(again.stdout, "Nothing is to be written.\n") {
		t.Errorf("again: %+v", again)
	}
	psql(t, dsn, "update deals set amount = 900 where id = 1")
	if corrected := run(t, env, line...); !strings.Contains(corrected.stdout, "Partner acme (partner-acme): new-revenue through 2026-10-31: 1000.1 -> 900") {
		t.Errorf("corrected: %+v", corrected)
	}
}

func TestWhatADatabaseCannotAnswer(t *testing.T) {
	t.Parallel()
	dsn := Postgres(t)
	psql(t, dsn, `create table deals (id int, partner text, closed date, amount float8, won bool); insert into deals values (1, 'acme', '2026-10-05', 'NaN', true), (2, 'acme', '2026-10-05', null, true)`)
	stranger := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(stranger.Close)
	for name, tc := range map[string]struct {
		sql, more, dsn string
		code           int
		want           string
	}{
		"values that are none": {
			sql: selectDeals, code: 1,
			want: "row 1 of the answer, amount \"NaN\": is not a number: write digits, with one mark for the fraction\nrow 2 of the answer, amount: there is no value, and missing is not zero\n",
		},
		"no rows": {sql: selectDeals + " AND id > 7", code: 2, want: "an empty answer is not a result of zero"},
		"a query that takes too long": {
			sql: "SELECT 1 AS id, 'acme' AS partner, date '2026-10-05' AS closed, 1 AS amount FROM pg_sleep(60)", more: ", timeoutSeconds: 1", code: 2,
			want: "the query took longer than 1s, and nothing was written: make it faster, or raise postgresql.timeoutSeconds of the mapping",
		},
		"a query that writes": {
			sql: "INSERT INTO deals VALUES (3) RETURNING id, partner, closed, amount", code: 2, want: "the query writes, and only reading is allowed: cannot execute INSERT in a read-only transaction",
		},
		"two statements": {
			sql: "SELECT 1; DROP TABLE deals", code: 2, want: "the database refuses the query: cannot insert multiple commands into a prepared statement (SQLSTATE 42601)",
		},
		"a mistake in the query": {
			sql: "SELECT id, partner, closed, amuont FROM deals", code: 2, want: `the database refuses the query: column "amuont" does not exist, at character 29 (SQLSTATE 42703): correct postgresql.query of the mapping`,
		},
		"another column":                {sql: "SELECT id, partner, closed FROM deals", code: 2, want: `has no column "amount", but "id", "partner", "closed": correct the names of the columns in the mapping`},
		"a statement without an answer": {sql: "SET TIME ZONE 'UTC'", code: 2, want: "the query has no answer: it must be a statement that reads, such as SELECT"},
		"nobody there":                  {sql: selectDeals, dsn: "postgres://reader@127.0.0.1:1/crm", code: 1, want: "the database at 127.0.0.1:1 cannot be reached, or does not answer as PostgreSQL does"},
		"another server": {
			sql: selectDeals, dsn: strings.Replace(stranger.URL, "http://", "postgres://reader@", 1) + "/crm?sslmode=disable", code: 1, want: "cannot be reached, or does not answer as PostgreSQL does",
		},
		"an address that is none": {sql: selectDeals, dsn: "warehouse port", code: 2, want: "JOINTPLAN_DATABASE_URL cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			env := []string{"JOINTPLAN_DATABASE_URL=" + dsn}
			if tc.dsn != "" {
				env[0] = "JOINTPLAN_DATABASE_URL=" + tc.dsn
			}
			got := run(t, env, "import", "results", "--mapping", fromDatabase(t, tc.sql, tc.more), "-f", "../../config/samples", "--at", importAt, "--write", folder)
			if got.code != tc.code || !strings.Contains(got.stderr, tc.want) {
				t.Errorf("exit code %d, want %d: %s%s", got.code, tc.code, got.stdout, got.stderr)
			}
			if left, _ := filepath.Glob(filepath.Join(folder, "*")); len(left) > 0 {
				t.Errorf("it wrote %q", left)
			}
		})
	}
}

// fromMetrics is a mapping of what a metrics system has.
func fromMetrics(t *testing.T, query string) string {
	t.Helper()
	return mapping(t, fmt.Sprintf(`  source: usage
  prometheus: {query: %q, timeoutSeconds: 5}
  subject: {kind: Partner, column: partner}
  day: {column: day, per: Month}
  values: [{column: value, metric: new-users, decimals: 1}]
`, query))
}

func TestImportFromPrometheus(t *testing.T) {
	t.Parallel()
	p := Prometheus(t, map[string]string{"prometheus.yml": "global: {scrape_interval: 1h}\n"})
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then is the server told that nobody waits any more
		<-r.Context().Done()
	}))
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>Welcome</html>") }))
	warns := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"status":"success","data":{"resultType":"vector","result":[{"metric":{"partner":"helix"},"value":[1,"5"]}]},"warnings":["a store did not answer"]}`)
	}))
	locked := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "who are you?", http.StatusUnauthorized) }))
	for _, server := range []*httptest.Server{hanging, stranger, warns, locked} {
		t.Cleanup(server.Close)
	}
	const (
		ofHelix = `label_replace(%s, "partner", "helix", "", "")`
		// The midnights of the interval, its end among them, which a server without any data knows; a third of a user more shows the rounding.
		days = `count_over_time(vector(1)[$interval:1d]) + 1 / 3`
	)
	for name, tc := range map[string]struct {
		query, address string
		more           []string
		code           int
		want           string
	}{
		"the last month": {query: fmt.Sprintf(ofHelix, days), want: "new-users: 1 value, 31.3 in all"},
		"three months": {
			query: fmt.Sprintf(ofHelix, days), more: []string{"--from", "2026-09-10", "--through", "2026-11-30"}, want: "new-users: 3 values, 94.9 in all",
		},
		"an unknown partner":         {query: strings.Replace(fmt.Sprintf(ofHelix, days), "helix", "helic", 1), code: 1, want: `2026-11-30 {partner="helic"}, partner "helic": there is no partner of this name: did you mean helix?`},
		"nothing":                    {query: fmt.Sprintf(ofHelix, "vector(1) > 2"), code: 1, want: "the query has no answer, and an empty answer is not a result of zero"},
		"not a number":               {query: fmt.Sprintf(ofHelix, "vector(0) / 0"), code: 1, want: `the value of {partner="helix"} is NaN, not a number: correct prometheus.query of the mapping (the interval that ends on 2026-11-30)`},
		"infinite":                   {query: fmt.Sprintf(ofHelix, "vector(1) / 0"), code: 1, want: `the value of {partner="helix"} is +Inf`},
		"a number alone":             {query: "1", code: 1, want: "the query has a scalar for an answer, and must have a value for each subject"},
		"a mistake":                  {query: "sum by (partner", code: 1, want: "refuses the query: invalid parameter \"query\""},
		"a month that is not over":   {query: fmt.Sprintf(ofHelix, days), more: []string{"--through", "2026-12-31"}, code: 2, want: "--through 2026-12-31: its interval ends on 2026-12-31 and is not over yet"},
		"from after through":         {query: fmt.Sprintf(ofHelix, days), more: []string{"--from", "2026-12-01"}, code: 2, want: "--from 2026-12-01 is after the last interval, which ends on 2026-11-30"},
		"a server that says nothing": {query: fmt.Sprintf(ofHelix, days), address: hanging.URL, code: 1, want: "the query took longer than 5s, and nothing was written: make it faster, or raise prometheus.timeoutSeconds of the mapping"},
		"another server":             {query: fmt.Sprintf(ofHelix, days), address: stranger.URL, code: 1, want: "does not answer as Prometheus does"},
		"an answer with a warning":   {query: fmt.Sprintf(ofHelix, days), address: warns.URL, code: 1, want: "warns, so its answer may not be complete: a store did not answer"},
		"no right":                   {query: fmt.Sprintf(ofHelix, days), address: locked.URL, code: 1, want: "refuses the request"},
		"nobody there":               {query: fmt.Sprintf(ofHelix, days), address: "http://127.0.0.1:1", code: 1, want: "http://127.0.0.1:1 cannot be asked"},
		"an address that is none":    {query: fmt.Sprintf(ofHelix, days), address: "prometheus:9090", code: 2, want: "JOINTPLAN_PROMETHEUS_URL is not an address such as https://prometheus.monitoring:9090"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := p.url
			if tc.address != "" {
				address = tc.address
			}
			args := []string{"import", "results", "--mapping", fromMetrics(t, tc.query), "-f", "../../config/samples", "--at", importAt, "--program", "subtle-erp"}
			got := run(t, []string{"JOINTPLAN_PROMETHEUS_URL=" + address}, append(args, tc.more...)...)
			if got.code != tc.code || !strings.Contains(got.stdout+got.stderr, tc.want) {
				t.Errorf("exit code %d, want %d and %s: %s%s", got.code, tc.code, tc.want, got.stdout, got.stderr)
			}
		})
	}
}

// TestImportOfAWholeProgram imports the results of 200 partners, 12 months and 4 metrics into a cluster: each object that is touched gets one status, and the
// same file again writes nothing.
func TestImportOfAWholeProgram(t *testing.T) {
	const partners = 200
	c := plane.Client(t)
	namespace := plane.Namespace(t, c)
	program := testobj.Program(namespace).With(func(spec *v1alpha1.PartnerProgramSpec) {
		spec.Metrics = append(spec.Metrics, v1alpha1.Metric{Name: "new-users", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourFlow})
	}).Obj()
	plane.Mark(program, namespace)
	create(t, c, program)
	rows := &strings.Builder{}
	rows.WriteString("Partner;Month;Revenue;Leads;Users;Retention\n")
	for i := range partners {
		name := fmt.Sprintf("partner-%03d", i)
		partner := testobj.Partner(name).In(namespace).Obj()
		partner.Spec.ProgramRef.Name = v1alpha1.Name(namespace)
		create(t, c, partner)
		for month := range 12 {
			day := time.Date(2025, time.Month(8+month), 0, 0, 0, 0, 0, time.UTC)
			fmt.Fprintf(rows, "%s;%s;%d,50 €;%d;%d;%d %%\n", name, day.Format("02.01.2006"), 1000+i*month, i%7, month, 80+i%10)
		}
	}
	file := filepath.Join(t.TempDir(), "results.csv")
	if err := os.WriteFile(file, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	monthly := mapping(t, `  source: crm
  subject: {kind: Partner, column: Partner}
  day: {column: Month}
  values:
  - {column: Revenue, metric: new-revenue}
  - {column: Leads, metric: qualified-leads}
  - {column: Users, metric: new-users}
  - {column: Retention, metric: retention}
`)
	at := time.Date(2026, 8, 20, 9, 0, 0, 0, time.UTC)
	agent := "import-" + namespace
	plane.StartManager(t, plane.ScopeOf(namespace), agent, clocktesting.NewFakePassiveClock(at))
	settled := func(sets int) {
		t.Helper()
		plane.Eventually(t, func() string {
			list := &v1alpha1.MeasurementSetList{}
			if err := c.List(t.Context(), list, client.InNamespace(namespace)); err != nil {
				return err.Error()
			}
			evaluated := 0
			for i := range list.Items {
				if list.Items[i].Status.ObservedGeneration == list.Items[i].Generation {
					evaluated++
				}
			}
			partnersReady := &v1alpha1.PartnerList{}
			if err := c.List(t.Context(), partnersReady, client.InNamespace(namespace)); err != nil {
				return err.Error()
			}
			for i := range partnersReady.Items {
				if partnersReady.Items[i].Status.ObservedGeneration != partnersReady.Items[i].Generation {
					return partnersReady.Items[i].Name + " is not evaluated"
				}
			}
			if len(list.Items) != sets || evaluated != sets {
				return fmt.Sprintf("%d sets, %d evaluated, want %d", len(list.Items), evaluated, sets)
			}
			return ""
		})
	}
	settled(0)
	before := len(plane.Writes(t, agent))
	line := []string{"import", "results", file, "--mapping", monthly, "-n", namespace, "--live", "--kubeconfig", os.Getenv(plane.Kubeconfig), "--at", at.Format(time.RFC3339), "--expect", "new-users=13200"}
	first := run(t, nil, line...)
	if first.code != 0 || !strings.Contains(first.stdout, "2400 rows: 2400 used, 0 left out, 0 rejected; 200 subjects") || !strings.Contains(first.stdout, "9600 values new") {
		t.Fatalf("exit code %d: %.1000s%.1000s", first.code, first.stdout, first.stderr)
	}
	settled(partners)
	quiet(t, agent)
	counts := map[string]int{}
	for _, write := range plane.Writes(t, agent)[before:] {
		counts[write.Object]++
	}
	for object, n := range counts {
		if n > 1 && !strings.HasPrefix(object, "partnerprograms/") {
			t.Errorf("%d writes of %s", n, object)
		}
	}
	if n := len(counts); n < partners {
		t.Errorf("%d objects were written, want at least the %d sets", n, partners)
	}
	mine, others := len(plane.Writes(t, agent)), importWrites(t)
	again := run(t, nil, line...)
	if again.code != 0 || !strings.HasSuffix(again.stdout, "Nothing is to be written.\n") {
		t.Errorf("again: exit code %d: %.1000s%.1000s", again.code, again.stdout, again.stderr)
	}
	quiet(t, agent)
	if n, m := len(plane.Writes(t, agent))-mine, importWrites(t)-others; n != 0 || m != 0 {
		t.Errorf("the same file again: %d writes of the manager and %d of the import", n, m)
	}
}

func create(t *testing.T, c client.Client, object client.Object) {
	t.Helper()
	if err := c.Create(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Delete(context.Background(), object) })
}

// quiet waits until a manager has written nothing for a while.
func quiet(t *testing.T, agent string) {
	t.Helper()
	last, since := -1, time.Time{}
	plane.Eventually(t, func() string {
		const enough = 3 * time.Second
		if n := len(plane.Writes(t, agent)); n != last {
			last, since = n, time.Now()
		}
		if time.Since(since) < enough {
			return "the manager still writes"
		}
		return ""
	})
}

// importWrites counts what imports have written into the cluster.
func importWrites(t *testing.T) int {
	t.Helper()
	writes, err := plane.WritesIn(filepath.Join(filepath.Dir(os.Getenv(plane.Kubeconfig)), "audit.log"), func(agent string) bool {
		return strings.HasPrefix(agent, "kubectl-jointplan/")
	})
	if err != nil {
		t.Fatal(err)
	}
	return len(writes)
}
