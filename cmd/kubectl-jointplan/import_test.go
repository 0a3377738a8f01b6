package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// importAt is the instant of the imports of tests: October is over.
const importAt = "2026-11-06T09:00:00Z"

func importLine(args ...string) []string {
	return append([]string{"import", "results", "../../docs/guides/import/deals.csv", "--mapping", "../../docs/guides/import/deals.yaml", "-f", samples, "--at", importAt}, args...)
}

func TestImportSaysWhatItWouldWrite(t *testing.T) {
	matchesFile(t, "import/deals.txt", must(t, kubectlJointplan(t, "", importLine("--expect", "new-revenue=156650.50")...)))
}

func TestImportWritesFilesOnce(t *testing.T) {
	folder := t.TempDir()
	first := must(t, kubectlJointplan(t, "", importLine("--write", folder)...))
	if !strings.Contains(first, "is written") {
		t.Fatal(first)
	}
	set, err := os.ReadFile(filepath.Join(folder, "partner-finch", "partner-finch-crm-fy2027.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	matchesFile(t, "import/partner-finch-crm-fy2027.yaml", string(set))
	second := must(t, kubectlJointplan(t, "", importLine("--write", folder, "--at", "2026-11-20T09:00:00Z")...))
	if !strings.Contains(second, "0 corrected, 5 as before") || !strings.HasSuffix(second, "Nothing is to be written.\n") {
		t.Errorf("again: %s", second)
	}
	problems := kubectlJointplan(t, "", "lint", "-f", samples, "-f", folder, "--at", "2026-11-20T09:00:00Z")
	if problems.Code == exitInput || strings.Contains(problems.Stdout, folder) {
		t.Errorf("what was written does not lint: %.2000s", problems.Stdout+problems.Stderr)
	}
}

func TestImportRefusesAsAWhole(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deals.csv")
	const rows = "Deal;Partner;Closed;Amount;Currency;Stage\n1;acme;03.10.2026;10,00;EUR;Won\n2;acne;04.10.2026;10,00;EUR;Won\n3;acme;04.10.2026;10,00;USD;Won\n"
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	folder, rejects := t.TempDir(), filepath.Join(t.TempDir(), "rejects.csv")
	line := []string{"import", "results", file, "--mapping", "../../docs/guides/import/deals.yaml", "-f", samples, "--at", importAt, "--write", folder, "--rejects", rejects}
	got := kubectlJointplan(t, "", line...)
	want := `line 3, Partner "acne": there is no partner of this name: did you mean acme? If so, correct the cell, or list it in subject.names of the mapping
line 4, Amount "10,00": is in USD, and the program is in EUR; nothing is converted: convert the amount where it comes from
2 rows were rejected, so nothing was written: correct the file or the mapping, or write the other rows with --skip-rejected
`
	if got.Code != exitFailed || got.Stderr != want {
		t.Errorf("exit code %d: %s", got.Code, cmp.Diff(want, got.Stderr))
	}
	if left, _ := filepath.Glob(filepath.Join(folder, "*")); len(left) > 0 {
		t.Errorf("it wrote %q", left)
	}
	list, err := os.ReadFile(rejects)
	if err != nil || strings.Count(string(list), "\n") != 3 || !strings.HasPrefix(string(list), "place,column,value,message\nline 3,Partner,acne,") {
		t.Errorf("rejects: %s (%v)", list, err)
	}
	if again := kubectlJointplan(t, "", line...); again.Code != exitInput || !strings.Contains(again.Stderr, "is there already and stays as it is") {
		t.Errorf("again: %+v", again)
	}
	partly := kubectlJointplan(t, "", append(line[:len(line)-2], "--skip-rejected", "-o", "json")...)
	var answer struct {
		Used     int      `json:"used"`
		Rejected int      `json:"rejected"`
		Written  []string `json:"written"`
	}
	if err := json.Unmarshal([]byte(partly.Stdout), &answer); err != nil || answer.Used != 1 || answer.Rejected != 2 || len(answer.Written) != 1 {
		t.Errorf("%+v (%v): %s", answer, err, partly.Stderr)
	}
}

func TestImportRefusesCommandLinesThatContradictThemselves(t *testing.T) {
	results := []string{"import", "results"}
	mapping := []string{"--mapping", "../../docs/guides/import/deals.yaml"}
	query := filepath.Join(t.TempDir(), "query.yaml")
	const text = `{apiVersion: imports.jointplan.dev/v1alpha1, kind: ResultsMapping, metadata: {name: q}, spec: {source: crm, postgresql: {query: SELECT 1},
  subject: {kind: Partner, column: p}, day: {column: d}, values: [{column: v, metric: new-revenue}]}}`
	if err := os.WriteFile(query, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"nothing":                {results, "no mapping: name one with --mapping, or let one be made with --guess"},
		"no file":                {append(results, append(mapping, "-f", samples)...), "no rows: name a CSV or XLSX file, or - for standard input, or write postgresql or prometheus into the mapping"},
		"a file and a query":     {[]string{"import", "results", "../../docs/guides/import/deals.csv", "--mapping", query, "-f", samples}, "the mapping has a query, and the command line names the file ../../docs/guides/import/deals.csv: leave out the file"},
		"two places":             {importLine("--write", "x", "--live"), "--write and --live exclude each other: leave out one"},
		"files and a cluster":    {importLine("--live"), "--live writes into the cluster, and what was reported before has to be read there: leave out -f"},
		"conflicts of files":     {importLine("--force-conflicts"), "--force-conflicts is about what is in the cluster: it goes with --live"},
		"intervals of a file":    {importLine("--from", "2026-09-01"), "--from and --through say of which intervals Prometheus is asked: they go with a mapping that has prometheus"},
		"a day to come":          {importLine("--complete-through", "2026-11-07"), "--complete-through 2026-11-07: is after the day of the import, 2026-11-06: nobody can know yet"},
		"a guess and a mapping":  {importLine("--guess"), "--guess writes a mapping and imports nothing: leave out --mapping, --write and --live"},
		"a guess without a file": {append(results, "--guess"), "--guess needs a file: name it"},
		"no database":            {[]string{"import", "results", "--mapping", query, "-f", samples}, "no database: set JOINTPLAN_DATABASE_URL, or PGHOST and the other variables of PostgreSQL's clients"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PGHOST", "")
			t.Setenv("JOINTPLAN_DATABASE_URL", "")
			got := kubectlJointplan(t, "", tc.args...)
			first, _, _ := strings.Cut(got.Stderr, "\n")
			if got.Code != exitInput || first != tc.want {
				t.Errorf("exit code %d, got %q, want %q", got.Code, got.Stderr, tc.want)
			}
		})
	}
}

func TestImportSaysWhatIsWrongWithAMapping(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mapping.yaml")
	for name, tc := range map[string]struct {
		text, want string
	}{
		"a field that is misspelt": {
			"spec:\n  sources: crm\n  subject: {kind: Partner, column: P}\n  day: {column: D}\n  values: [{column: V, metric: m}]\n",
			"(line 5): ResultsMapping m: spec.sources: unknown field, did you mean source?",
		},
		"a value and rows that count": {
			"spec:\n  source: crm\n  subject: {kind: Partner, column: P}\n  day: {column: D}\n  values: [{column: V, count: true, metric: m}]\n",
			"counts rows, of which column has no part: leave out one of the two",
		},
		"a day in two places": {
			"spec:\n  source: crm\n  subject: {kind: Partner, column: P}\n  day: {column: D, headers: true}\n  values: [{metric: m}]\n",
			"name the column with the day, or set headers: true where the headers of the columns are days, but not both",
		},
		"another kind": {"spec: {}\n", `unknown kind "Mapping"; the kinds of imports.jointplan.dev/v1alpha1 are ObjectsMapping, ResultsMapping`},
	} {
		t.Run(name, func(t *testing.T) {
			kind := "ResultsMapping"
			if name == "another kind" {
				kind = "Mapping"
			}
			text := "apiVersion: imports.jointplan.dev/v1alpha1\nkind: " + kind + "\nmetadata: {name: m}\n" + tc.text
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			got := kubectlJointplan(t, "", "import", "results", "../../docs/guides/import/deals.csv", "--mapping", file, "-f", samples)
			if got.Code != exitInput || !strings.Contains(got.Stderr, tc.want) {
				t.Errorf("exit code %d, got %q, want %q", got.Code, got.Stderr, tc.want)
			}
		})
	}
}

func TestGuessMakesAMappingThatWorks(t *testing.T) {
	guessed := must(t, kubectlJointplan(t, "", "import", "results", "../../docs/guides/import/deals.csv", "--guess", "-f", samples))
	matchesFile(t, "import/guessed.yaml", guessed)
	file := filepath.Join(t.TempDir(), "mapping.yaml")
	if err := os.WriteFile(file, []byte(guessed), 0o600); err != nil {
		t.Fatal(err)
	}
	got := kubectlJointplan(t, "", "import", "results", "../../docs/guides/import/deals.csv", "--mapping", file, "-f", samples, "--at", importAt, "--skip-rejected")
	if got.Code != exitOK || !strings.Contains(got.Stdout, "new-revenue: 5 values") {
		t.Errorf("%s%s", got.Stdout, got.Stderr)
	}
}
