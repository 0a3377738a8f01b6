// Package ci_test runs what pull requests are checked with: the script, the action and the job that call it, and the hook before a commit.
package ci_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	root    = "../.."
	storyAt = "2026-11-03T09:00:00Z"
)

// plugin builds the plugin once, and returns its path.
var plugin = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "jointplan-ci")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "kubectl-jointplan")
	if out, err := exec.Command("go", "build", "-o", path, root+"/cmd/kubectl-jointplan").CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := plugin(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// clone is a clone of a repository that holds some of the samples under plans.
type clone struct {
	*testing.T

	folder string
	env    []string
}

// newClone makes a clone with one commit on its branch main, and leaves it on a branch for a change.
func newClone(t *testing.T) *clone {
	t.Helper()
	path, err := plugin()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := &clone{T: t, folder: folder, env: append(os.Environ(),
		"JOINTPLAN_PLUGIN="+path, "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")}
	c.git("init", "--quiet", "--initial-branch", "main")
	c.write("README.md", "Plans.\n")
	c.commit()
	if err := os.CopyFS(filepath.Join(folder, "plans", "partners", "acme"), os.DirFS(root+"/config/samples/partners/acme")); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"programs/northwind.yaml", "budgets/northwind-fy27.yaml"} {
		text, err := os.ReadFile(root + "/config/samples/" + file)
		if err != nil {
			t.Fatal(err)
		}
		c.write("plans/"+file, string(text))
	}
	c.commit()
	c.git("checkout", "--quiet", "-b", "change")
	return c
}

// run runs a program in the clone.
func (c *clone) run(name string, args ...string) (code int, stdout, stderr string) {
	c.Helper()
	command := exec.CommandContext(c.Context(), name, args...)
	command.Dir, command.Env = c.folder, c.env
	var out, errs strings.Builder
	command.Stdout, command.Stderr = &out, &errs
	err := command.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else if err != nil {
		c.Fatal(err)
	}
	return code, out.String(), errs.String()
}

func (c *clone) git(args ...string) string {
	c.Helper()
	code, out, errs := c.run("git", args...)
	if code != 0 {
		c.Fatalf("git %v: %s", args, errs)
	}
	return strings.TrimSpace(out)
}

func (c *clone) commit() {
	c.Helper()
	c.git("add", "--all")
	c.git("commit", "--quiet", "--message", "a change")
}

func (c *clone) write(name, text string) {
	c.Helper()
	file := filepath.Join(c.folder, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		c.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		c.Fatal(err)
	}
}

// change replaces a text in a file, once.
func (c *clone) change(name, from, to string) {
	c.Helper()
	text := c.read(name)
	if !strings.Contains(text, from) {
		c.Fatalf("%s does not hold %q", name, from)
	}
	c.write(name, strings.Replace(text, from, to, 1))
}

func (c *clone) read(name string) string {
	c.Helper()
	text, err := os.ReadFile(filepath.Join(c.folder, name))
	if err != nil {
		c.Fatal(err)
	}
	return string(text)
}

// review runs the script, and returns its exit code and the page; "" when there is none.
func (c *clone) review(args ...string) (code int, page, output string) {
	c.Helper()
	script, err := filepath.Abs(root + "/ci/review.sh")
	if err != nil {
		c.Fatal(err)
	}
	os.RemoveAll(filepath.Join(c.folder, "jointplan-review"))
	code, out, errs := c.run("bash", append([]string{script}, args...)...)
	text, err := os.ReadFile(filepath.Join(c.folder, "jointplan-review", "review.md"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		c.Fatal(err)
	}
	return code, string(text), out + errs
}

// cut is the change that most tests make: less money in the budget.
func (c *clone) cut() {
	c.Helper()
	c.change("plans/budgets/northwind-fy27.yaml", `amount: "20000.00"`, `amount: "14000.00"`)
	c.commit()
}

// against is the command line of a review of the folder plans against the branch main.
var against = []string{"-f", "plans", "--base", "main", "--at", storyAt}

// TestReviewPages makes changes, and looks at the page and the exit code.
func TestReviewPages(t *testing.T) {
	t.Parallel()
	const (
		ok      = "Nothing to correct, as of " + storyAt + ": no errors, "
		correct = "**To correct**, as of " + storyAt + ": "
	)
	plans, budget := "plans/partners/acme/plans.yaml", "plans/budgets/northwind-fy27.yaml"
	for name, tc := range map[string]struct {
		change func(*clone)
		args   []string
		code   int
		want   []string
		never  []string
	}{
		"money is cut": {
			change: (*clone).cut,
			want: []string{
				ok, "\n<details><summary>Findings</summary>\n\n    plans/partners/acme/funding.yaml:84: warning ProofMissing: ", "### What this changes\n",
				"| `northwind-fy27` | EUR | amount | 20000.00 | 14000.00 |", "- granted: EUR 8000.00 -> EUR 0.00",
			},
		},
		"nothing": {want: []string{ok, "\nNothing is different from "}},
		"a mistake in a manifest": {
			change: func(c *clone) { c.change(plans, "  goals:\n", "  gaols:\n"); c.commit() }, code: 1,
			want: []string{
				correct + "1 error, ", "<details open><summary>Findings</summary>\n\n    plans/partners/acme/plans.yaml:10: error InvalidManifest: ", "unknown field",
				"What changes is said when the manifests are corrected.",
			},
		},
		"an error of the evaluation": {
			change: func(c *clone) { c.change(plans, "metric: new-revenue\n", "metric: new-revenu\n"); c.commit() }, code: 1,
			want: []string{correct, `error GoalMetricUnknown: JointPlan partner-acme/acme-fy26-h2: `, "### What this changes\n", "new error `GoalMetricUnknown`"},
		},
		"warnings, on which it is to fail": {args: []string{"--severity", "Warning"}, code: 1, want: []string{correct + "no errors, "}},
		"nothing to compare with": {
			change: (*clone).cut, args: []string{"--base", ""}, want: []string{ok, "Nothing is compared, as there is nothing to compare with."},
			never: []string{"What this changes"},
		},
		"a base that the clone has not": {
			args: []string{"--base", "origin/main"}, code: 2, want: []string{"**Not checked:** the clone does not have what the change is to be compared with."},
		},
		"a base with another history": {
			change: func(c *clone) {
				c.git("checkout", "--quiet", "--orphan", "other")
				c.commit()
				c.git("checkout", "--quiet", "change")
			},
			args: []string{"--base", "other"}, code: 2, want: []string{"**Not checked:**"},
		},
		"a base that would be an option": {args: []string{"--base", "--all"}, code: 2, want: []string{"**Not checked:**"}},
		"the first manifests":            {args: []string{"--base", "main~1"}, want: []string{ok, "**JointPlan** `partner-acme/acme-fy27-h1`: added"}},
		"a base that cannot be read": {
			change: func(c *clone) {
				c.git("checkout", "--quiet", "main")
				c.change(plans, "  goals:\n", "  gaols:\n")
				c.commit()
				c.git("checkout", "--quiet", "-B", "change")
				c.change(plans, "  gaols:\n", "  goals:\n")
				c.commit()
			},
			want: []string{"**Nothing is compared**, as what was there before cannot be read:\n\n    --base: ", "unknown field"},
		},
		"what main got since is no change": {
			change: func(c *clone) {
				c.git("checkout", "--quiet", "main")
				c.change(budget, `amount: "20000.00"`, `amount: "90000.00"`)
				c.commit()
				c.git("checkout", "--quiet", "change")
			},
			want: []string{"Nothing is different from "}, never: []string{"90000"},
		},
		"a deleted request stays": {
			change: func(c *clone) { c.change("plans/partners/acme/funding.yaml", deletedRequest(c), ""); c.commit() },
			code:   1, // its decision and its claims name it
			want:   []string{"Nothing is different from "},
		},
		"a deleted request is pruned": {
			change: func(c *clone) { c.change("plans/partners/acme/funding.yaml", deletedRequest(c), ""); c.commit() },
			args:   []string{"--prune"}, code: 1, want: []string{"**MDFAllocation** `partner-acme/acme-cloud-webinar`: removed"},
		},
		"several paths, written as people do": {
			change: (*clone).cut, args: []string{"-f", "./plans/budgets/", "-f", "plans/programs"}, want: []string{"| amount | 20000.00 | 14000.00 |"},
		},
		"a path that there is not": {args: []string{"-f", "plants"}, code: 2, want: []string{"**Not checked**", "the manifests cannot be read.\n\n    plants: no such file or directory"}},
		"markup of people": {
			change: func(c *clone) {
				c.change(plans, "metric: new-revenue\n", "metric: \"</details> ``` @all [x](http://y)\"\n")
				c.change(budget, "displayName: Market development", "displayName: \"</details> @all [x](http://y)\\n\\n# forged\"  #")
				c.commit()
			},
			code: 1, want: []string{correct}, never: []string{"\n</details> ", "\n# forged", "\n@all"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClone(t)
			if tc.change != nil {
				tc.change(c)
			}
			before := c.git("status", "--porcelain", "--ignored") + c.git("worktree", "list") + c.git("branch", "--list")
			code, page, output := c.review(append(slices.Clone(against), tc.args...)...)
			if code != tc.code {
				t.Errorf("exit code %d, want %d: %s", code, tc.code, output)
			}
			for _, want := range append(tc.want, "### JointPlan\n\n") {
				if !strings.Contains(page, want) {
					t.Errorf("the page does not say %q:\n%s", want, page)
				}
			}
			for _, never := range append(tc.never, os.TempDir(), c.folder) {
				if strings.Contains(page, never) {
					t.Errorf("the page says %q:\n%s", never, page)
				}
			}
			os.RemoveAll(filepath.Join(c.folder, "jointplan-review"))
			if after := c.git("status", "--porcelain", "--ignored") + c.git("worktree", "list") + c.git("branch", "--list"); after != before {
				t.Errorf("the clone was\n%s\nand is\n%s", before, after)
			}
		})
	}
}

// deletedRequest is the manifest of a request.
func deletedRequest(c *clone) string {
	first, _, _ := strings.Cut(c.read("plans/partners/acme/funding.yaml"), "\n---\n")
	_, rest, _ := strings.Cut(first, "\napiVersion")
	return "apiVersion" + rest + "\n---\n"
}

// TestReviewReports looks into the reports beside the page.
func TestReviewReports(t *testing.T) {
	t.Parallel()
	c := newClone(t)
	c.change("plans/partners/acme/plans.yaml", "metric: new-revenue\n", "metric: new-revenu\n")
	c.commit()
	if code, _, output := c.review(against...); code != 1 {
		t.Errorf("exit code %d: %s", code, output)
	}
	var log struct {
		Runs []struct {
			Results []any `json:"results"`
		} `json:"runs"`
	}
	if err := json.Unmarshal([]byte(c.read("jointplan-review/lint.sarif")), &log); err != nil || len(log.Runs) != 1 || len(log.Runs[0].Results) < 10 {
		t.Errorf("lint.sarif: %v, %v", err, log)
	}
	if code, _, output := c.review(append(slices.Clone(against), "--report", "gitlab")...); code != 1 {
		t.Errorf("exit code %d: %s", code, output)
	}
	var quality []struct {
		Location struct {
			Path string `json:"path"`
		} `json:"location"`
	}
	if err := json.Unmarshal([]byte(c.read("jointplan-review/code-quality.json")), &quality); err != nil || len(quality) < 10 ||
		!strings.HasPrefix(quality[0].Location.Path, "plans/") {
		t.Errorf("code-quality.json: %v, %v", err, quality)
	}
}

// TestReviewCommandLines: a wrong command line is exit code 2 with a word about it, and no page.
func TestReviewCommandLines(t *testing.T) {
	t.Parallel()
	c := newClone(t)
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"nothing":              {nil, "no manifests: name files or folders with -f"},
		"an unknown option":    {[]string{"-f", "plans", "--bas", "main"}, `unknown argument "--bas"`},
		"an option without":    {[]string{"-f", "plans", "--base"}, "--base needs a value"},
		"an unknown report":    {[]string{"-f", "plans", "--report", "xml"}, `--report "xml": must be sarif or gitlab`},
		"a path elsewhere":     {[]string{"-f", "/etc"}, "-f /etc: name a path within the repository"},
		"a path above":         {[]string{"-f", "plans/../../x"}, "name a path within the repository"},
		"a path like a switch": {[]string{"-f", "-"}, "a path does not begin with a hyphen here"},
		"several in one":       {[]string{"-f", "plans/a,plans/b"}, "a path has no comma here"},
	} {
		code, page, output := c.review(tc.args...)
		if code != 2 || page != "" || !strings.Contains(output, tc.want) {
			t.Errorf("%s: exit code %d, %q, page %q; want %q", name, code, output, page, tc.want)
		}
	}
	c.env = append(c.env, "JOINTPLAN_PLUGIN=no-such-plugin")
	if code, _, output := c.review(against...); code != 2 || !strings.Contains(output, "there is no no-such-plugin") {
		t.Errorf("without the plugin: exit code %d, %q", code, output)
	}
	c.folder = t.TempDir()
	c.env = append(c.env, "JOINTPLAN_PLUGIN=true", "GIT_CEILING_DIRECTORIES="+filepath.Dir(c.folder))
	if code, _, output := c.review(against...); code != 2 || !strings.Contains(output, "is not in a clone of a git repository") {
		t.Errorf("without a clone: exit code %d, %q", code, output)
	}
}

// TestReviewPageFitsIntoAComment has a plugin that finds and changes too much, with characters of several bytes.
func TestReviewPageFitsIntoAComment(t *testing.T) {
	t.Parallel()
	c := newClone(t)
	fake := filepath.Join(t.TempDir(), "plugin")
	script := `#!/usr/bin/env bash
if [ "$1" = diff ]; then
  for i in {1..3000}; do echo "- changes nothing, übrigens: $i"; done
else
  for i in {1..80}; do echo "plans/a.yaml:$i: warning Rule: m"; done
  echo "plans/a.yaml:81: error Rule: m"
  echo "1 error"
fi
`
	if err := os.WriteFile(fake, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	c.env = append(c.env, "JOINTPLAN_PLUGIN="+fake)
	code, page, output := c.review(against...)
	if code != 0 {
		t.Errorf("exit code %d: %s", code, output)
	}
	if len(page) > 61_000 || !strings.HasSuffix(page, "have all of it.\n") || !regexp.MustCompile(`\n- changes nothing, übrigens: \d+\n\n\*\*The rest`).MatchString(page) {
		t.Errorf("%d bytes, ends with %q", len(page), page[max(0, len(page)-200):])
	}
	if !strings.Contains(page, "\n\n    plans/a.yaml:81: error Rule: m\n    plans/a.yaml:1: warning Rule: m\n") || !strings.Contains(page, "    and 31 more: lint.sarif has all\n") {
		t.Errorf("the findings are\n%.3000s", page)
	}
}
