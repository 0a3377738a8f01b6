package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// rightLines are right command lines of every command, which only look at files. The first argument that is not a flag comes first.
var rightLines = map[string][]string{
	"":               {},
	"help":           {"tree"},
	"version":        {},
	"tree":           {"plan/acme-fy27-h1"},
	"explain":        {"plan/acme-fy27-h1"},
	"actions":        {},
	"catalog":        {"northwind"},
	"benchmark":      {"northwind"},
	"status":         {"plan/acme-fy27-h1"},
	"report":         {},
	"preview":        {},
	"lint":           {},
	"diff":           {"--base", samples},
	"import":         {},
	"import results": {"../../docs/guides/import/deals.csv", "--mapping", "../../docs/guides/import/deals.yaml"},
	"rebuild-ledger": {"northwind-fy27"},
	"approve":        {"request/acme-customer-day", "--by", "dirk"},
	"submit":         {"acme-fy27-h1", "--by", "dirk"},
	"return":         {"claim/acme-cloud-webinar-2", "--by", "vera", "--comment", "no"},
	"reject":         {"claim/acme-cloud-webinar-2", "--by", "vera", "--comment", "no"},
	"confirm":        {"acme-fy27-h1-20261001", "--by", "vera"},
	"dispute":        {"acme-fy27-h1-20261001", "--by", "vera", "--comment", "no"},
	"uphold":         {"acme-fy27-h1-20261001", "--by", "vera", "--comment", "no"},
	"dismiss":        {"acme-fy27-h1-20261001", "--by", "vera", "--comment", "no"},
	"reward": {
		"partner/pelican", "-f", "../../config/samples-rules/rewards", "--by", "jo", "--reward", "first-leads", "--period", "FY2027-Q1", "--write", "-",
	},
	"claim":          {"acme-migration-roadshow", "--by", "p", "--cost", "RS-1:Hotel:64.00:2026-10-20", "--proof", "Invoice:a", "--write", "-"},
	"form":           {},
	"form plan":      {"--period", "FY2028-H1", "--out", "-"},
	"form request":   {"--plan", "acme-fy27-h1", "--out", "-"},
	"form claim":     {"--request", "acme-migration-roadshow", "--out", "-"},
	"form results":   {"--of", "plan/acme-fy27-h1", "--out", "-"},
	"import form":    {}, // the form is made by the test
	"import plan":    {},
	"import request": {},
	"import claim":   {},
	"review": {
		"acme-fy27-h1", "--by", "vera", "--party", "Vendor", "--held-on", "2026-11-03", "--outcome", "OnTrack", "--attendee", "V:Vendor", "--attendee", "P:Partner",
		"--no-actions", "x",
	},
	"import partners": {"testdata/import/partners.csv", "--program", "northwind"},
	"import budgets":  {"testdata/import/budgets.csv", "--program", "northwind"},
	"import plans":    {"testdata/import/plans.csv", "--program", "northwind", "--source", "crm"},
}

// takesNoFiles are the commands that look at no files.
var takesNoFiles = []string{"", "help", "version", "rebuild-ledger", "import", "form"}

// takesAny are the commands that take any number of arguments.
var takesAny = []string{"status"}

// wrongValues are values that a flag does not take: of every command, or of one alone. Nil is for flags that take any text.
var wrongValues = map[string][]string{
	"at": {"yesterday", "2026-11-03", "1066-10-14T09:00:00Z"}, "until": {"tomorrow", storyAt}, "decided-time": {"soon"}, "recorded-time": {"2026-11-03"},
	"held-on": {"2026-02-30", "3.11."}, "next-review-on": {"soon"}, "claimed-on": {"today"}, "requested-on": {"today"}, "reward": nil, "budget": nil, "received": {"2026-13-01"},
	"output": {"xml", "Table"}, "color": {"pink"}, "party": {"Nobody"}, "outcome": {"Fine"}, "occasion": {"Lunch"}, "channel": {"Pigeon"}, "severity": {"fatal"},
	"report/by": {"colour"}, "by": nil, "timeout": {"x", "5", "-1s", "0s"}, "within": {"x", "-1", "1.5"}, "namespace": {"No Such", "a/b"}, "selector": {"a in (", "a b"},
	"amount": {"12,50", "EUR 5", "-1", "0", "1e3"}, "percent": {"12,5", "-1", "0", "half"}, "cost": {"x", "a:b:1.00:2026-02-30", "RS-1:Hotel:x:2026-10-20", "RS-1:Hotel:1.00/:2026-10-20", "RS-1:Hotel:1.00:2026-10-20:x", "a:b:c:d:e:f"}, "proof": {"x", ":y"},
	"result": {"x", "y:", "y:z"}, "attendee": {"x", "x:Nobody"}, "goal": {"x", "x:Perhaps"}, "lesson": nil, "action": {"x", "a:Vendor:soon"}, "name": {"Bad Name"}, "filename": {"nowhere", "nowhere*.yaml"},
	"period": nil, "partner": nil, "tier": nil, "activity": nil, "segment": nil, "metric": nil, "measure": {"Speed", "costperlead"},
	"base": {"nowhere"}, "evidence": {"nowhere"}, "status/for": {"x", "condition=", "condition=Ready=maybe"}, "for": nil,
	"comment": nil, "exception": nil, "revision": nil, "document": nil, "recorded-by": nil, "write": nil, "no-actions": nil, "obstacle": nil,
	"mapping": {"nowhere"}, "expect": {"x", "a=b", "=1"}, "complete-through": {"soon", "2199-01-01"}, "import results/from": {"soon", "2026-09-01"},
	"through": {"soon", "2026-09-01"}, "program": {"nowhere"}, "import results/program": nil, "rejects": {"flags_test.go"}, "template": {"nowhere"},
	"label": {"x", "=y", "a/b/c=d", "a=b c"}, "source": {"Bad Name"}, "import form/source": nil,
	"reward/period":    {"2028", "FY28", "FY2028-H3"},
	"form plan/period": {"2028", "FY28", "FY2028-H3"}, "form results/period": {"2028", "soon"}, "out": {"plan.txt"}, "check": {"check.txt"}, "from": {"nowhere"},
	"plan": {"nowhere", "partner/acme"}, "request": {"nowhere", "plan/acme-fy27-h1"}, "of": {"nowhere", "budget/northwind-fy27"}, "sender": nil,
	"as": nil, "context": nil, "kubeconfig": nil,
}

// TestEveryWrongCommandLineEndsWithTwo spoils a right command line of every command in every way: with exit code 2, and without a word on standard
// output, since scripts tell by it a mistake of theirs from an answer.
func TestEveryWrongCommandLineEndsWithTwo(t *testing.T) {
	t.Setenv("KUBECONFIG", filepath.Join(t.TempDir(), "none"))
	if testing.Short() {
		t.Skip("reads the samples some hundred times")
	}
	files := []string{"--at", storyAt}
	for _, folder := range []string{"programs", "budgets", "partners/acme"} {
		files = append(files, "-f", samples+"/"+folder)
	}
	returned := returnedForms(t)
	known := map[string]bool{}
	for _, command := range allCommands(newCommand()) {
		name := strings.TrimPrefix(strings.TrimPrefix(command.CommandPath(), command.Root().CommandPath()), " ")
		line, ok := rightLines[name]
		if !ok {
			t.Errorf("no right command line of %q: add one", name)
			continue
		}
		known[name] = true
		if kind, isForm := strings.CutPrefix(name, "import "); isForm && returned[kind] != "" {
			line = []string{returned[kind]}
		}
		right := append(strings.Fields(name), line...)
		if !slices.Contains(takesNoFiles, name) {
			right = append(right, files...)
		}
		if name != "rebuild-ledger" { // which always looks at a cluster
			if got := kubectlJointplan(t, "", right...); got.Code == exitInput {
				t.Errorf("%v is right: %s", right, got.Stderr)
			}
		}
		wrong := func(how string, args ...string) {
			t.Helper()
			got := kubectlJointplan(t, "", args...)
			if got.Code != exitInput || got.Stdout != "" || got.Stderr == "" {
				t.Errorf("%s %s: exit code %d\n%.200s\n%.200s", name, how, got.Code, got.Stdout, got.Stderr)
			}
		}
		wrong("with an unknown flag", append(right, "--no-such-flag")...)
		wrong("with an empty argument", append(right, "")...)
		wrong("with -f nothing", append(right, "-f", "")...)
		if !slices.Contains(takesAny, name) {
			wrong("with an argument too many", append(right, "surplus")...)
		}
		if strings.Contains(command.Use, " ") && !strings.Contains(command.Use, "[") {
			wrong("without arguments", strings.Fields(name)...)
		}
		if needs := strings.Contains(command.Use, "NAME") || strings.Contains(command.Use, "PLAN"); needs {
			for _, bad := range []string{"plam/x", "plan/", "/x", "plan/a/b"} {
				args := slices.Clone(right)
				args[1] = bad
				wrong("of "+bad, args...)
			}
		}
		for i, given := range line {
			if strings.HasPrefix(given, "--") && given != "--proof" && given != "--write" { // which have a default, or need not be given
				args := slices.Concat(strings.Fields(name), line[:i], line[i+2:], files)
				wrong("without "+given, args...)
			}
		}
		command.Flags().VisitAll(func(flag *pflag.Flag) {
			given := "--" + flag.Name
			var values []string
			switch flag.Value.Type() {
			case "bool":
				values = []string{"maybe"}
			case "int", "duration":
				values = []string{"x", ""}
			default:
				values = []string{""}
			}
			if !flag.Hidden && flag.Value.Type() != "bool" {
				more, ok := wrongValues[name+"/"+flag.Name]
				if !ok {
					if more, ok = wrongValues[flag.Name]; !ok {
						t.Errorf("no wrong value of --%s: add some, or nil if it takes any text", flag.Name)
					}
				}
				values = append(values, more...)
			}
			for _, value := range values {
				args := right
				if flag.Name == "evidence" || flag.Name == "channel" || flag.Name == "received" {
					args = append(slices.Clone(right), "--evidence", "flags_test.go", "--channel", "Mail", "--recorded-by", "desk")
				}
				wrong(given+"="+value, append(slices.Clone(args), given+"="+value)...)
			}
			if flag.NoOptDefVal == "" {
				wrong(given+" without a value", append(right, given)...)
			}
		})
	}
	for name := range rightLines {
		if !known[name] {
			t.Errorf("there is no command %q", name)
		}
	}
}

// allCommands returns a command and all below it.
func allCommands(command *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{command}
	for _, below := range command.Commands() {
		all = append(all, allCommands(below)...)
	}
	return all
}
