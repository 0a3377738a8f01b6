package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// story is a command line about all samples at the instant of their story.
func story(args ...string) []string {
	return append(args, "-f", samples, "--at", storyAt)
}

// about is a command line about few objects.
func about(args ...string) []string {
	return append(args, "-f", plans, "--at", storyAt)
}

// TestViews compares what the commands say of the samples with golden files, as a pipe and as screens of two widths get it.
func TestViews(t *testing.T) {
	if testing.Short() {
		t.Skip("evaluates all samples many times")
	}
	for name, x := range map[string]struct {
		columns string
		args    []string
		code    int
	}{
		"tree.txt":                {args: []string{"tree"}},
		"tree-100.txt":            {columns: "100", args: []string{"tree"}},
		"tree-160.txt":            {columns: "160", args: []string{"tree", "--all"}},
		"tree-brightpath.json":    {args: []string{"tree", "partner/brightpath", "-o", "json"}},
		"explain-plan.txt":        {columns: "100", args: []string{"explain", "brightpath-fy27-h1"}},
		"explain-partner.txt":     {columns: "120", args: []string{"explain", "partner/helix"}},
		"explain-request.txt":     {columns: "100", args: []string{"explain", "mdfallocation/corvid-audit-calls"}},
		"explain-claim.txt":       {columns: "100", args: []string{"explain", "claim/acme-network-ads-1"}},
		"explain-budget.txt":      {columns: "120", args: []string{"explain", "budget/northwind-fy27"}},
		"explain-program.txt":     {columns: "100", args: []string{"explain", "program/northwind"}},
		"explain-campaign.txt":    {columns: "100", args: []string{"explain", "campaign/acme-it-forum"}},
		"explain-decision.txt":    {columns: "100", args: []string{"explain", "decision/corvid-fy27-h2-vendor"}},
		"explain-claim.json":      {args: []string{"explain", "claim/acme-network-ads-1", "-o", "json"}},
		"actions.txt":             {args: []string{"actions"}},
		"actions-100.txt":         {columns: "100", args: []string{"actions", "--for", "vera.lindqvist@northwind.example"}},
		"actions-acme.txt":        {columns: "160", args: []string{"actions", "--for", "acme", "--within", "90"}},
		"actions-wide.txt":        {columns: "100", args: []string{"actions", "-n", "partner-corvid", "-o", "wide"}},
		"actions-acme.json":       {args: []string{"actions", "--for", "acme", "-o", "json"}},
		"report-tier.txt":         {args: []string{"report"}},
		"report-initiative.txt":   {args: []string{"report", "--by", "initiative"}},
		"report-manager.csv":      {args: []string{"report", "--by", "channel-manager", "-o", "csv"}},
		"report-program.json":     {args: []string{"report", "--by", "program", "-o", "json"}},
		"report-segment.txt":      {args: []string{"report", "--by", "segment"}},
		"report-period.txt":       {args: []string{"report", "--by", "period"}},
		"forecast-initiative.txt": {args: []string{"report", "--forecast", "--by", "initiative"}},
		"forecast-period.txt":     {args: []string{"report", "--forecast", "--by", "period"}},
		"forecast-tier.csv":       {args: []string{"report", "--forecast", "--period", "FY2027-H1", "-o", "csv"}},
		"forecast-program.json":   {args: []string{"report", "--forecast", "--by", "program", "-o", "json"}},
		"coverage.txt":            {columns: "120", args: []string{"report", "--coverage"}},
		"exposure.txt":            {args: []string{"report", "--exposure"}},
		"benchmark.txt":           {columns: "120", args: []string{"benchmark", "northwind"}},
		"explain-report.txt":      {columns: "120", args: []string{"explain", "report/northwind-fy2027-h1"}},
		"explain-strategy.txt":    {columns: "100", args: []string{"explain", "strategy/northwind"}},
		"status.txt":              {columns: "160", args: []string{"status"}, code: exitFailed},
		"status-one.json":         {args: []string{"status", "plan/acme-fy27-h1", "-o", "json"}},
		"catalog.txt":             {columns: "120", args: []string{"catalog", "--partner", "brightpath"}},
		"catalog-tier.json":       {args: []string{"catalog", "subtle-erp", "--tier", "ready", "-o", "json"}},
		"tree-labels.txt":         {columns: "100", args: []string{"tree", "-l", "nothing=here"}},
		"tree-colour-acme.ansi":   {columns: "100", args: []string{"tree", "-n", "partner-acme", "--color=always"}},
		"explain-colour-acme.txt": {args: []string{"explain", "partner/acme", "--color=never"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("COLUMNS", x.columns)
			got := kubectlJointplan(t, "", story(x.args...)...)
			if got.Code != x.code {
				t.Fatalf("exit code %d, stderr:\n%s", got.Code, got.Stderr)
			}
			matchesFile(t, name, got.Stdout)
		})
	}
}

// TestLinesFitTheScreen looks at every line of tables on a narrow and a wide screen. Only names that cannot be cut may be longer.
func TestLinesFitTheScreen(t *testing.T) {
	if testing.Short() {
		t.Skip("evaluates all samples many times")
	}
	for _, x := range []struct {
		width   int
		command []string
	}{
		{100, []string{"tree", "--all"}},
		{160, []string{"tree", "--all"}},
		{100, []string{"actions"}},
		{160, []string{"actions"}},
		{100, []string{"report"}},
		{100, []string{"report", "--coverage"}},
		{100, []string{"benchmark", "northwind"}},
		{100, []string{"explain", "brightpath-fy27-h1"}},
	} {
		t.Setenv("COLUMNS", strconv.Itoa(x.width))
		for line := range strings.Lines(must(t, kubectlJointplan(t, "", story(x.command...)...))) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > x.width {
				t.Errorf("%v on %d columns: %d characters: %s", x.command, x.width, n, line)
			}
		}
	}
}

// TestTreeOfAnEmptyNamespace checks that nobody takes it for good news that the programs alone are healthy.
func TestTreeOfAnEmptyNamespace(t *testing.T) {
	want := "Nothing here in namespace default: look in another one with -n, or in all with -A.\n"
	if got := must(t, kubectlJointplan(t, "", story("tree", "-n", "default")...)); got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}

// TestNoColoursIntoAPipe checks that nobody has to strip colours from what a command writes into a file, however the environment is.
func TestNoColoursIntoAPipe(t *testing.T) {
	for _, command := range [][]string{{"tree"}, {"actions"}, {"report"}, {"explain", "partner/acme"}} {
		if out := must(t, kubectlJointplan(t, "", story(command...)...)); strings.Contains(out, "\x1b") {
			t.Errorf("%v writes colours into a pipe", command)
		}
	}
	t.Setenv("NO_COLOR", "1")
	if out := must(t, kubectlJointplan(t, "", story("tree", "--color=always")...)); !strings.Contains(out, "\x1b[") {
		t.Error("--color=always writes no colours")
	}
}

// TestOutputForOtherPrograms reads what is written for them.
func TestOutputForOtherPrograms(t *testing.T) {
	for _, command := range [][]string{{"tree"}, {"actions"}, {"report"}, {"explain", "partner/acme"}} {
		var read any
		if err := json.Unmarshal([]byte(must(t, kubectlJointplan(t, "", story(append(command, "-o", "json")...)...))), &read); err != nil {
			t.Errorf("%v: %v", command, err)
		}
	}
	table, err := csv.NewReader(strings.NewReader(must(t, kubectlJointplan(t, "", story("report", "-o", "csv")...)))).ReadAll()
	if err != nil || len(table) != 5 {
		t.Errorf("got %d lines of CSV, %v", len(table), err)
	}
}

// TestExcelOpensAReport writes the mark by which Excel knows UTF-8, and only where it is requested.
func TestExcelOpensAReport(t *testing.T) {
	without := must(t, kubectlJointplan(t, "", story("report", "--by", "region", "-o", "csv")...))
	if with := must(t, kubectlJointplan(t, "", story("report", "--by", "region", "-o", "csv", "--excel")...)); with != "\uFEFF"+without {
		t.Errorf("got %q, want %q after a byte order mark", with, without)
	}
	for _, args := range [][]string{{"report", "--excel"}, {"report", "--excel", "-o", "json"}} {
		got := kubectlJointplan(t, "", story(args...)...)
		if got.Code != exitInput || !strings.HasPrefix(got.Stderr, "--excel is about CSV: add -o csv, or leave it out\n") {
			t.Errorf("%v: exit code %d, %s", args, got.Code, got.Stderr)
		}
	}
}

// TestWrongCommandLines checks that each mistake is named with what to do, in one line.
func TestWrongCommandLines(t *testing.T) {
	for name, x := range map[string]struct {
		args []string
		want string
		code int
	}{
		"no such plan": {
			args: about("explain", "plan/acme-fy27-h3"), code: exitFailed,
			want: "there is no plan/acme-fy27-h3 in the files: did you mean acme-fy27-h1?\n",
		},
		"no such kind": {
			args: about("explain", "plann/acme"), code: exitInput,
			want: "\"plann\" is not a kind of this project: did you mean plan?\nsee kubectl jointplan explain --help\n",
		},
		"another namespace": {
			args: about("explain", "plan/zzz", "-n", "partner-acme"), code: exitFailed,
			want: "there is no plan/zzz in namespace partner-acme: there is acme-fy27-h1; look in another namespace with -n, or in all with -A\n",
		},
		"nothing to explain": {
			args: about("explain"), code: exitInput,
			want: "say what to explain: KIND/NAME, such as plan/acme-fy27-h1\nsee kubectl jointplan explain --help\n",
		},
		"nobody of that name": {
			args: about("actions", "--for", "Nobody"), code: exitFailed,
			want: "nothing is due by or for \"Nobody\" in the files: --for takes the name or address of a person as it " +
				"is written in the objects, the name of a partner, vendor or partner\n",
		},
		"wrong grouping": {
			args: about("report", "--by", "colour"), code: exitInput,
			want: "--by \"colour\": must be tier, region, segment, territory, initiative, distributor, channel-manager, partner, program or period\nsee kubectl " +
				"jointplan report --help\n",
		},
		"two reports at once": {
			args: about("report", "--forecast", "--coverage"), code: exitInput,
			want: "--coverage and --forecast are different reports: ask for one at a time\nsee kubectl jointplan report --help\n",
		},
		"a forecast of some": {
			args: about("report", "--forecast", "-l", "region=dach"), code: exitInput,
			want: "--forecast is about the program as a whole, which labels do not divide: leave out --selector\nsee kubectl jointplan report --help\n",
		},
		"a forecast by partner": {
			args: about("report", "--forecast", "--by", "partner"), code: exitInput,
			want: "--forecast adds nothing up by partner: choose another --by; kubectl jointplan explain plan/NAME shows the forecast of a plan\n" +
				"see kubectl jointplan report --help\n",
		},
		"markets by tier": {
			args: about("report", "--coverage", "--by", "tier"), code: exitInput,
			want: "--coverage is not grouped: leave out --by\nsee kubectl jointplan report --help\n",
		},
		"no strategy": {
			args: about("report", "--forecast"), code: exitFailed,
			want: "there is no report on a program in the files, as none has a ChannelStrategy: write one that has the name of its program (northwind), " +
				"as docs/channelstrategy.md shows\n",
		},
		"no report on a period": {
			args: story("report", "--forecast", "--period", "FY2029"), code: exitFailed,
			want: "there is no report on \"FY2029\": there are reports on FY2026, FY2026 H2, FY2027, FY2027 H1, FY2027 H2\n",
		},
		"no benchmark": {
			args: about("benchmark", "northwind"), code: exitFailed,
			want: "there is no benchmark of program northwind in the files: one is computed after each fiscal quarter for a program whose ChannelStrategy asks for it " +
				"(spec.benchmarks)\n",
		},
		"no such tier to compare with": {
			args: story("benchmark", "--tier", "golden"), code: exitFailed,
			want: "program northwind has no tier \"golden\": did you mean \"gold\"?\n",
		},
		"a profit by activity": {
			args: about("benchmark", "--profit", "--activity", "Webinar"), code: exitInput,
			want: "--profit is projected for all partners or those of a --tier: leave out --activity, --segment, --metric and --measure\n" +
				"see kubectl jointplan benchmark --help\n",
		},
		"wrong output": {
			args: about("tree", "-o", "xml"), code: exitInput,
			want: "--output \"xml\": must be table, json or yaml\nsee kubectl jointplan tree --help\n",
		},
		"wrong colour": {
			args: about("tree", "--color", "blue"), code: exitInput,
			want: "--color \"blue\": must be auto, always or never\nsee kubectl jointplan tree --help\n",
		},
		"watched files": {
			args: about("tree", "-w"), code: exitInput,
			want: "--watch looks at a cluster: leave out -f, or --watch\nsee kubectl jointplan tree --help\n",
		},
		"waiting for files": {
			args: about("status", "--wait"), code: exitInput,
			want: "--wait and --for look at a cluster: leave out --at, or them\nsee kubectl jointplan status --help\n",
		},
		"wrong goal": {
			args: []string{"status", "--for", "Ready"}, code: exitInput,
			want: "--for \"Ready\": must be condition=TYPE or condition=TYPE=STATUS, such as condition=Approved or " +
				"condition=ReviewOverdue=False\nsee kubectl jointplan status --help\n",
		},
		"instant of now": {
			args: []string{"tree", "--at", storyAt}, code: exitInput,
			want: "--at evaluates files at an instant: give them with -f. A cluster's statuses are those of now\nsee kubectl " +
				"jointplan tree --help\n",
		},
		"wrong instant": {
			args: []string{"tree", "-f", plans, "--at", "tomorrow"}, code: exitInput,
			want: "--at \"tomorrow\": must be an instant such as 2026-12-31T23:00:00Z or 2027-01-01T00:00:00+01:00\nsee kubectl " +
				"jointplan tree --help\n",
		},
		"wrong labels": {
			args: about("tree", "-l", "a=b=c"), code: exitInput,
			want: "--selector \"a=b=c\": found '=', expected: ',' or 'end of string'\nsee kubectl jointplan tree --help\n",
		},
		"two namespaces": {
			args: about("tree", "-A", "-n", "x"), code: exitInput,
			want: "--all-namespaces and --namespace exclude each other: leave out one\nsee kubectl jointplan tree --help\n",
		},
		"no such folder": {
			args: []string{"tree", "-f", "nowhere"}, code: exitInput,
			want: "nowhere: no such file or directory\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := kubectlJointplan(t, "", x.args...)
			if got.Code != x.code || got.Stderr != x.want {
				t.Errorf("exit code %d, stderr:\n%s\nwant %d:\n%s", got.Code, got.Stderr, x.code, x.want)
			}
		})
	}
}

// TestNoCluster says what to do when there is nothing to connect to.
func TestNoCluster(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	other := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(other, []byte("{clusters: [{name: test, cluster: {server: https://127.0.0.1:1}}]}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct{ config, args, want string }{
		"no kubeconfig": {"none", "tree", "no cluster to ask: there is no kubeconfig. Name one with --kubeconfig or KUBECONFIG, or look at files with -f\n"},
		"not reachable": {"none", "actions --server https://127.0.0.1:1", "the cluster cannot be reached: "},
		"no context":    {other, "report --context prod", "no cluster to ask: context \"prod\" does not exist. See kubectl config get-contexts\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("KUBECONFIG", x.config)
			got := kubectlJointplan(t, "", strings.Fields(x.args)...)
			if got.Code != exitFailed || !strings.HasPrefix(got.Stderr, x.want) {
				t.Errorf("exit code %d, stderr:\n%s\nwant:\n%s", got.Code, got.Stderr, x.want)
			}
		})
	}
}

// TestCompletion completes names, kinds as they were begun, namespaces and values of flags.
func TestCompletion(t *testing.T) {
	const corvid = samples + "/partners/corvid"
	for name, x := range map[string]struct {
		args []string
		want string
	}{
		"names":      {[]string{"explain", "-f", corvid, "jointplan/"}, "jointplan/corvid-fy27-h1\njointplan/corvid-fy27-h2\n:4\n"},
		"nicknames":  {[]string{"tree", "-f", corvid, "plan/corvid"}, "plan/corvid-fy27-h1\nplan/corvid-fy27-h2\n:4\n"},
		"namespaces": {[]string{"actions", "-f", corvid, "-n", "partner-"}, "partner-corvid\n:4\n"},
		"groupings":  {[]string{"report", "--by", ""}, "tier\nregion\nsegment\nterritory\ninitiative\ndistributor\nchannel-manager\npartner\nprogram\nperiod\n:4\n"},
		"outputs":    {[]string{"report", "-o", ""}, "table\ncsv\njson\nyaml\n:4\n"},
		"colours":    {[]string{"tree", "--color", ""}, "auto\nalways\nnever\n:4\n"},
		"no cluster": {[]string{"explain", "plan/"}, ":4\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("KUBECONFIG", t.TempDir()+"/none")
			t.Setenv("HOME", t.TempDir())
			got := kubectlJointplan(t, "", append([]string{"__complete"}, x.args...)...)
			if got.Stdout != x.want {
				t.Errorf("got:\n%s\nwant:\n%s", got.Stdout, x.want)
			}
		})
	}
}

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestOutputThatIsCutShortIsAFailure(t *testing.T) {
	for _, args := range [][]string{{"tree"}, {"actions"}, {"report"}, {"explain", "acme-fy27-h1"}} {
		var stderr bytes.Buffer
		code := execute(t.Context(), append(args, "-f", samples, "--at", storyAt), strings.NewReader(""), fullDisk{}, &stderr)
		if code != exitFailed || !strings.Contains(stderr.String(), "no space left on device") {
			t.Errorf("%s: exit code %d, %s", args[0], code, stderr.String())
		}
	}
}
