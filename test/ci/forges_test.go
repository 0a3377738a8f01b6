package ci_test

import (
	"bytes"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// step is a step of a composite action of GitHub.
type step struct {
	Name, ID, If, Shell, Run, Uses string
	Env, With                      map[string]string
}

// action is an action of GitHub, as far as the tests look at it.
type action struct {
	Inputs map[string]struct {
		Description, Default string
		Required             bool
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []step
	}
}

// parse reads the documents of a file into values, with every field known.
func parse(t *testing.T, file string, values ...any) string {
	t.Helper()
	text, err := os.ReadFile(root + "/" + file)
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for _, value := range values {
		if err := decoder.Decode(value); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	return string(text)
}

var (
	expression = regexp.MustCompile(`\$\{\{ (.*?) \}\}`)
	input      = regexp.MustCompile(`inputs\.([a-z-]+)`)
	ofStep     = regexp.MustCompile(`steps\.([a-z]+)\.outputs\.([a-z]+)`)
	gitlabs    = regexp.MustCompile(`\$\[\[ inputs\.([a-z]+) \]\]`)
	option     = regexp.MustCompile(`(?:^|\s)(--[a-z]+)`)
)

// TestActionNamesWhatThereIs reads the action: its inputs, the outputs of its steps, its scripts.
func TestActionNamesWhatThereIs(t *testing.T) {
	var a action
	text := parse(t, "ci/github/action.yml", &a)
	if a.Runs.Using != "composite" || len(a.Runs.Steps) < 4 {
		t.Fatalf("it runs %q with %d steps", a.Runs.Using, len(a.Runs.Steps))
	}
	used := map[string]bool{}
	for _, found := range input.FindAllStringSubmatch(text, -1) {
		used[found[1]] = true
	}
	if got, want := slices.Sorted(maps.Keys(used)), slices.Sorted(maps.Keys(a.Inputs)); !slices.Equal(got, want) {
		t.Errorf("it uses the inputs %v and has %v", got, want)
	}
	for name, in := range a.Inputs {
		if in.Description == "" {
			t.Errorf("input %s says nothing", name)
		}
	}
	written := map[string]string{}
	for _, s := range a.Runs.Steps {
		for _, found := range regexp.MustCompile(`echo "([a-z]+)=`).FindAllStringSubmatch(s.Run, -1) {
			written[s.ID+"."+found[1]] = s.Name
		}
		if s.Run == "" {
			continue
		}
		if s.Shell != "bash" {
			t.Errorf("step %q: its shell is %q", s.Name, s.Shell)
		}
		if expression.MatchString(s.Run) {
			t.Errorf("step %q: an expression in a script lets its value be run: hand it over in env", s.Name)
		}
		for name := range s.Env {
			if !strings.Contains(s.Run, name) && name != "GH_TOKEN" {
				t.Errorf("step %q: nothing uses %s", s.Name, name)
			}
		}
		runs(t, s.Name, s.Run)
	}
	for _, found := range ofStep.FindAllStringSubmatch(text, -1) {
		if written[found[1]+"."+found[2]] == "" {
			t.Errorf("no step %s writes %s", found[1], found[2])
		}
	}
	if _, err := os.Stat(root + "/ci/github/../review.sh"); err != nil || !strings.Contains(text, `"$GITHUB_ACTION_PATH/../review.sh"`) {
		t.Errorf("the script is not where the action looks for it: %v", err)
	}
}

// runs checks the syntax of a script, and that it names options that review.sh has.
func runs(t *testing.T, name, script string) {
	t.Helper()
	check := exec.CommandContext(t.Context(), "bash", "-n")
	check.Stdin = strings.NewReader(script)
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("%s: %v: %s", name, err, out)
	}
	_, call, found := strings.Cut(script, "review.sh\" ")
	if !found {
		return
	}
	call, _, _ = strings.Cut(call, "|| code")
	review, err := os.ReadFile(root + "/ci/review.sh")
	if err != nil {
		t.Fatal(err)
	}
	options := option.FindAllStringSubmatch(call, -1)
	for _, given := range options {
		if !strings.Contains(string(review), "    "+given[1]+") ") {
			t.Errorf("%s: review.sh has no option %s", name, given[1])
		}
	}
	if len(options) < 3 {
		t.Errorf("%s: it calls %s", name, call)
	}
}

// steps runs the scripts of the action one after the other, as a runner does, with a program gh that notes what it is told. It returns the exit code of
// the last step, the summary and what gh was told.
func (c *clone) steps(inputs map[string]string, pullRequest bool) (code int, summary, told string) {
	c.Helper()
	var a action
	parse(c.T, "ci/github/action.yml", &a)
	runner := c.TempDir()
	path, err := filepath.Abs(root + "/ci/github")
	if err != nil {
		c.Fatal(err)
	}
	notes := filepath.Join(runner, "told")
	gh := "#!/usr/bin/env bash\necho \"gh $*\" >>" + notes + "\nfor one in \"$@\"; do case $one in body=@*) cat \"${one#body=@}\" >>" + notes + " ;; *paginate) cat " +
		filepath.Join(c.folder, "..", "comment") + " 2>/dev/null ;; esac; done\n"
	if err := os.WriteFile(filepath.Join(runner, "gh"), []byte(gh), 0o700); err != nil {
		c.Fatal(err)
	}
	known := map[string]string{"github.token": "secret"}
	if pullRequest {
		known["github.event.pull_request.base.sha"], known["github.event.pull_request.number"] = c.git("rev-parse", "main"), "7"
	}
	for name, in := range a.Inputs {
		known["inputs."+name] = in.Default
	}
	for name, value := range inputs {
		known["inputs."+name] = value
	}
	value := func(text string) string {
		return expression.ReplaceAllStringFunc(text, func(one string) string {
			for part := range strings.SplitSeq(expression.FindStringSubmatch(one)[1], " || ") {
				if got := known[part]; got != "" {
					return got
				}
			}
			return ""
		})
	}
	for _, s := range a.Runs.Steps {
		if s.Run == "" || s.ID == "" && strings.HasPrefix(s.If, "inputs.plugin") || strings.Contains(s.If, "pull_request.number") && !pullRequest {
			continue
		}
		output := filepath.Join(runner, "output")
		env := append(slices.Clone(c.env), "PATH="+runner+":"+os.Getenv("PATH"), "GITHUB_ACTION_PATH="+path, "RUNNER_TEMP="+runner, "GITHUB_OUTPUT="+output,
			"GITHUB_STEP_SUMMARY="+filepath.Join(runner, "summary"), "GITHUB_REPOSITORY=northwind/plans")
		for name, text := range s.Env {
			env = append(env, name+"="+value(text))
		}
		step := &clone{T: c.T, folder: c.folder, env: env}
		var out, errs string
		code, out, errs = step.run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
		c.Logf("%s: %d\n%s%s", s.Name, code, out, errs)
		lines, _ := os.ReadFile(output)
		for line := range strings.Lines(string(lines)) {
			name, text, _ := strings.Cut(strings.TrimSpace(line), "=")
			known["steps."+s.ID+".outputs."+name] = text
		}
		os.Remove(output)
	}
	page, _ := os.ReadFile(filepath.Join(runner, "summary"))
	text, _ := os.ReadFile(notes)
	return code, string(page), string(text)
}

// TestActionRuns runs the action on a pull request, on a branch, and with a mistake.
func TestActionRuns(t *testing.T) {
	t.Parallel()
	c := newClone(t)
	c.cut()
	path, err := plugin()
	if err != nil {
		t.Fatal(err)
	}
	inputs := map[string]string{"paths": "plans/programs\nplans/budgets\n\nplans/partners", "at": storyAt, "plugin": path}
	code, summary, told := c.steps(inputs, true)
	if code != 0 || !strings.Contains(summary, "| amount | 20000.00 | 14000.00 |") {
		t.Errorf("exit code %d, summary\n%s", code, summary)
	}
	if !strings.Contains(told, "gh api --method POST repos/northwind/plans/issues/7/comments -F body=@") || !strings.Contains(told, "\n<!-- jointplan review -->\n### JointPlan\n") {
		t.Errorf("gh was told\n%s", told)
	}
	if err := os.WriteFile(filepath.Join(c.folder, "..", "comment"), []byte("4711\n4712\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.change("plans/partners/acme/plans.yaml", "metric: new-revenue\n", "metric: new-revenu\n")
	code, summary, told = c.steps(inputs, true)
	if code != 1 || !strings.Contains(summary, "**To correct**") || !strings.Contains(told, "gh api --method PATCH repos/northwind/plans/issues/comments/4711 -F body=@") {
		t.Errorf("with a mistake: exit code %d, summary\n%s\ngh was told\n%s", code, summary, told)
	}
	code, summary, told = c.steps(inputs, false)
	if code != 1 || !strings.Contains(summary, "nothing to compare with") || told != "" {
		t.Errorf("on a branch: exit code %d, summary\n%s\ngh was told\n%s", code, summary, told)
	}
}

// job is a job of GitLab, as far as the tests look at it.
type job struct {
	Variables map[string]string
	Script    []string
	Artifacts struct {
		Paths   []string
		Reports map[string]string
	}
}

// gitlab reads the template of the job.
func gitlab(t *testing.T) (inputs map[string]struct{ Description, Default string }, of job) {
	t.Helper()
	var header struct {
		Spec struct {
			Inputs map[string]struct{ Description, Default string }
		}
	}
	var jobs map[string]job
	text := parse(t, "ci/gitlab/jointplan.yml", &header, &jobs)
	used := map[string]bool{}
	for _, found := range gitlabs.FindAllStringSubmatch(text, -1) {
		used[found[1]] = true
	}
	if got, want := slices.Sorted(maps.Keys(used)), slices.Sorted(maps.Keys(header.Spec.Inputs)); !slices.Equal(got, want) {
		t.Errorf("it uses the inputs %v and has %v", got, want)
	}
	return header.Spec.Inputs, jobs["jointplan"]
}

// TestJobRuns runs the script of GitLab's job with a program curl that notes what it is told.
func TestJobRuns(t *testing.T) {
	t.Parallel()
	inputs, of := gitlab(t)
	script := strings.Join(of.Script, "\n")
	if gitlabs.MatchString(script) {
		t.Error("an input in a script lets its value be run: hand it over in a variable")
	}
	_, body, _ := strings.Cut(script, "<<'SCRIPT'\n")
	body, _, _ = strings.Cut(body, "\nSCRIPT")
	runs(t, "job", body)
	if report := of.Artifacts.Reports["codequality"]; !slices.Contains(of.Artifacts.Paths, filepath.Dir(report)+"/") {
		t.Errorf("the report %s is not in %v", report, of.Artifacts.Paths)
	}
	c := newClone(t)
	c.cut()
	path, err := plugin()
	if err != nil {
		t.Fatal(err)
	}
	directory, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	programs, notes := t.TempDir(), filepath.Join(t.TempDir(), "told")
	curl := "#!/usr/bin/env bash\necho \"curl $*\" >>" + notes + "\ncase $* in *per_page*) echo \"$NOTES\" ;; esac\n"
	if err := os.WriteFile(filepath.Join(programs, "curl"), []byte(curl), 0o700); err != nil {
		t.Fatal(err)
	}
	given := map[string]string{"paths": "plans/programs, plans/budgets,plans/partners", "directory": directory, "plugin": path}
	for name, text := range of.Variables {
		text = gitlabs.ReplaceAllStringFunc(text, func(one string) string {
			name := gitlabs.FindStringSubmatch(one)[1]
			if value, ok := given[name]; ok {
				return value
			}
			return inputs[name].Default
		})
		c.env = append(c.env, name+"="+text)
	}
	c.env = append(c.env, "PATH="+programs+":"+os.Getenv("PATH"), "CI_API_V4_URL=api", "CI_PROJECT_ID=3", "CI_MERGE_REQUEST_IID=7", "CI_MERGE_REQUEST_DIFF_BASE_SHA="+c.git("rev-parse", "main"))
	for name, tc := range map[string]struct {
		env  []string
		want []string
	}{
		"without a token": {},
		"the first comment": {
			[]string{"JOINTPLAN_TOKEN=secret", "NOTES=[]"},
			[]string{"--request POST --data-urlencode body@jointplan-review/review.md api/projects/3/merge_requests/7/notes\n"},
		},
		"a comment that is there": {
			[]string{"JOINTPLAN_TOKEN=secret", `NOTES=[{"id":1,"type":null,"body":"Fine"},{"id":22,"type":null,"body":"### JointPlan\n\nNothing to correct"}]`},
			[]string{"--request PUT --data-urlencode body@jointplan-review/review.md api/projects/3/merge_requests/7/notes/22\n"},
		},
	} {
		os.Remove(notes)
		one := &clone{T: t, folder: c.folder, env: append(slices.Clone(c.env), tc.env...)}
		code, out, errs := one.run("sh", "-ec", script)
		if code != 0 {
			t.Errorf("%s: exit code %d: %s%s", name, code, out, errs)
		}
		if page := c.read("jointplan-review/review.md"); !strings.Contains(page, "| amount | 20000.00 | 14000.00 |") {
			t.Errorf("%s: the page says\n%s", name, page)
		}
		c.read(of.Artifacts.Reports["codequality"])
		told, _ := os.ReadFile(notes)
		for _, want := range tc.want {
			if !strings.HasSuffix(string(told), want) {
				t.Errorf("%s: curl was told\n%s\nwant at last %s", name, told, want)
			}
		}
		if len(tc.want) == 0 && len(told) > 0 {
			t.Errorf("%s: curl was told\n%s", name, told)
		}
	}
	c.change("plans/partners/acme/plans.yaml", "metric: new-revenue\n", "metric: new-revenu\n")
	if code, out, errs := c.run("sh", "-ec", script); code != 1 {
		t.Errorf("with a mistake: exit code %d: %s%s", code, out, errs)
	}
}

// TestHookRuns runs the entry of the hook before a commit, in a clone with and without a mistake.
func TestHookRuns(t *testing.T) {
	t.Parallel()
	var hooks []struct {
		ID, Name, Description, Entry, Language, Files string
		Args                                          []string
		PassFilenames                                 bool `yaml:"pass_filenames"`
	}
	parse(t, ".pre-commit-hooks.yaml", &hooks)
	if len(hooks) != 1 || hooks[0].ID != "jointplan-lint" || hooks[0].Language != "golang" || hooks[0].PassFilenames {
		t.Fatalf("the hooks are %+v", hooks)
	}
	if files := regexp.MustCompile(hooks[0].Files); !files.MatchString("plans/a.yaml") || !files.MatchString("b.yml") || files.MatchString("yaml.md") {
		t.Errorf("it is for the files %s", files)
	}
	c := newClone(t)
	path, err := plugin()
	if err != nil {
		t.Fatal(err)
	}
	command := append(strings.Fields(hooks[0].Entry), hooks[0].Args...)
	if command[0] != filepath.Base(path) {
		t.Fatalf("it runs %s", command[0])
	}
	command = append(command, "--at", storyAt)
	command[0] = path
	if code, out, errs := c.run(command[0], command[1:]...); code != 0 {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
	c.change("plans/partners/acme/plans.yaml", "metric: new-revenue\n", "metric: new-revenu\n")
	if code, out, errs := c.run(command[0], command[1:]...); code != 1 || !strings.Contains(out, "error GoalMetricUnknown") {
		t.Errorf("with a mistake: exit code %d: %s%s", code, out, errs)
	}
}
