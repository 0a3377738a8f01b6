package lint_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"jointplan.dev/jointplan/internal/offline/lint"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// sarif returns a log as JSON has it, after it was checked by the format's own schema.
func sarif(t *testing.T, problems []lint.Problem, directory string) map[string]any {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(lint.AsSARIF(problems, "1.0", directory))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s\nis not SARIF: %v", raw, err)
	}
	return value.(map[string]any)["runs"].([]any)[0].(map[string]any)
}

// within returns what stands in a value under names and numbers; nil when nothing does.
func within(value any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			value = object[step]
		case int:
			list, _ := value.([]any)
			if step >= len(list) {
				return nil
			}
			value = list[step]
		}
	}
	return value
}

func TestSARIFOfAllSamplesIsValid(t *testing.T) {
	set, err := read(t, "", "../../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	problems := lint.Findings(preview.New(set).At(time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)), set.Origins)
	run := sarif(t, problems, "")
	rules, results := within(run, "tool", "driver", "rules").([]any), within(run, "results").([]any)
	if len(results) != len(problems) || len(results) < 50 {
		t.Errorf("%d results of %d problems", len(results), len(problems))
	}
	for _, rule := range rules {
		for _, text := range []string{"shortDescription", "fullDescription", "help"} {
			if within(rule, text, "text") == nil {
				t.Errorf("%v has no %s", within(rule, "id"), text)
			}
		}
		if help, _ := within(rule, "help", "text").(string); !strings.Contains(help, "\nSee docs/findings.md#") {
			t.Errorf("the help of %v leads nowhere: %q", within(rule, "id"), help)
		}
	}
	seen := map[any]bool{}
	for _, result := range results {
		index, err := within(result, "ruleIndex").(json.Number).Int64()
		if err != nil || within(rules, int(index), "id") != within(result, "ruleId") {
			t.Errorf("rule %d is not %v", index, within(result, "ruleId"))
		}
		mark := within(result, "partialFingerprints", "jointplan/v1")
		if seen[mark] {
			t.Errorf("two results have the fingerprint %v", mark)
		}
		seen[mark] = true
		if within(result, "locations", 0, "physicalLocation", "region", "startColumn") == nil {
			t.Errorf("no column: %v", result)
		}
	}
}

func TestSARIFResults(t *testing.T) {
	whole := lint.Problem{
		File: "plans/acme.yaml", Line: 14, Column: 3, Severity: "Error", Rule: "GoalDueOutsidePeriod", Object: "JointPlan a/b", Field: "spec.goals[x].due", Message: "late",
	}
	for name, tc := range map[string]struct {
		change func(*lint.Problem)
		path   []any
		want   any
	}{
		"level of an error":     {nil, []any{"level"}, "error"},
		"level of a warning":    {func(p *lint.Problem) { p.Severity = "Warning" }, []any{"level"}, "warning"},
		"level of an info":      {func(p *lint.Problem) { p.Severity = "Info" }, []any{"level"}, "note"},
		"message":               {nil, []any{"message", "text"}, "JointPlan a/b: spec.goals[x].due: late"},
		"a forged link":         {func(p *lint.Problem) { p.Message = "[win](http://x)" }, []any{"message", "text"}, "JointPlan a/b: spec.goals[x].due: [win] (http://x)"},
		"file":                  {nil, []any{"locations", 0, "physicalLocation", "artifactLocation", "uri"}, "plans/acme.yaml"},
		"line":                  {nil, []any{"locations", 0, "physicalLocation", "region"}, map[string]any{"startLine": json.Number("14"), "startColumn": json.Number("3")}},
		"no line":               {func(p *lint.Problem) { p.Line = 0 }, []any{"locations", 0, "physicalLocation", "region"}, nil},
		"no column":             {func(p *lint.Problem) { p.Column = 0 }, []any{"locations", 0, "physicalLocation", "region"}, map[string]any{"startLine": json.Number("14")}},
		"a file with a dot":     {func(p *lint.Problem) { p.File = "./plans//acme.yaml" }, []any{"locations", 0, "physicalLocation", "artifactLocation", "uri"}, "plans/acme.yaml"},
		"a file in full":        {func(p *lint.Problem) { p.File = "/home/kim/here/plans/a.yaml" }, []any{"locations", 0, "physicalLocation", "artifactLocation", "uri"}, "plans/a.yaml"},
		"a file elsewhere":      {func(p *lint.Problem) { p.File = "/home/kim/there/a b.yaml" }, []any{"locations", 0, "physicalLocation", "artifactLocation", "uri"}, "file:///home/kim/there/a%20b.yaml"},
		"a file with a colon":   {func(p *lint.Problem) { p.File = "a:b #1.yaml" }, []any{"locations", 0, "physicalLocation", "artifactLocation", "uri"}, "./a:b%20%231.yaml"},
		"standard input":        {func(p *lint.Problem) { p.File = "stdin" }, []any{"locations", 0, "physicalLocation"}, nil},
		"object":                {nil, []any{"locations", 0, "logicalLocations", 0, "fullyQualifiedName"}, "JointPlan a/b"},
		"field":                 {nil, []any{"locations", 0, "logicalLocations", 1, "fullyQualifiedName"}, "JointPlan a/b: spec.goals[x].due"},
		"no object":             {func(p *lint.Problem) { p.Object, p.Field = "", "" }, []any{"locations", 0, "logicalLocations"}, nil},
		"nowhere":               {func(p *lint.Problem) { p.Object, p.Field, p.File = "", "", "" }, []any{"locations"}, nil},
		"a rule without a page": {func(p *lint.Problem) { p.Rule = "Unheard" }, []any{"ruleId"}, "Unheard"},
	} {
		t.Run(name, func(t *testing.T) {
			problem := whole
			if tc.change != nil {
				tc.change(&problem)
			}
			run := sarif(t, []lint.Problem{problem}, filepath.FromSlash("/home/kim/here"))
			if diff := cmp.Diff(tc.want, within(run, append([]any{"results", 0}, tc.path...)...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	driver := within(sarif(t, nil, ""), "tool", "driver")
	if within(driver, "name") != "kubectl-jointplan" || within(driver, "version") != "1.0" {
		t.Errorf("the tool is %v", driver)
	}
}

// TestRulesThatSeveralConcernsShare: a rule of two concerns is one rule of the log, which says both.
func TestRulesThatSeveralConcernsShare(t *testing.T) {
	rule := within(sarif(t, []lint.Problem{{Severity: "Error", Rule: "TierUnknown", Message: "m"}}, ""), "tool", "driver", "rules", 0)
	want := map[string]any{
		"id":               "TierUnknown",
		"shortDescription": map[string]any{"text": "A rule names a tier that its rule set does not have. Spec.tier names a tier that no rule set of the program has."},
		"fullDescription": map[string]any{"text": "A rule names a tier that its rule set does not have. Correct the name, or add the tier to the rule set.\n" +
			"Spec.tier names a tier that no rule set of the program has. Correct the name."},
		"help": map[string]any{"text": "Correct the name, or add the tier to the rule set. Correct the name.\nSee docs/findings.md#program, docs/findings.md#tier."},
	}
	if diff := cmp.Diff(any(want), rule); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestFingerprintsStay: what moves or gets other figures is the same problem, and another object, field or rule is another.
func TestFingerprintsStay(t *testing.T) {
	one := lint.Problem{File: "a.yaml", Line: 3, Column: 4, Severity: "Error", Rule: "R", Object: "JointPlan a/b", Field: "spec.x", Message: "3 days late"}
	mark := func(change func(*lint.Problem)) string {
		problem := one
		change(&problem)
		report := lint.AsQuality([]lint.Problem{problem}, "")
		got, _ := within(sarif(t, []lint.Problem{problem}, ""), "results", 0, "partialFingerprints", "jointplan/v1").(string)
		if got == "" || report[0].Fingerprint != got {
			t.Fatalf("fingerprint %q, %q", got, report[0].Fingerprint)
		}
		return got
	}
	first := mark(func(*lint.Problem) {})
	for name, tc := range map[string]struct {
		change func(*lint.Problem)
		same   bool
	}{
		"moved":          {func(p *lint.Problem) { p.Line, p.Column = 30, 1 }, true},
		"renamed":        {func(p *lint.Problem) { p.File = "b.yaml" }, true},
		"later":          {func(p *lint.Problem) { p.Message = "4 days late" }, true},
		"graver":         {func(p *lint.Problem) { p.Severity = "Warning" }, true},
		"another rule":   {func(p *lint.Problem) { p.Rule = "S" }, false},
		"another object": {func(p *lint.Problem) { p.Object = "JointPlan a/c" }, false},
		"another field":  {func(p *lint.Problem) { p.Field = "spec.y" }, false},
		"no object":      {func(p *lint.Problem) { p.Object = "" }, false},
	} {
		if got := mark(tc.change); (got == first) != tc.same {
			t.Errorf("%s: %s, before %s", name, got, first)
		}
	}
	twice := lint.AsQuality([]lint.Problem{one, one}, "")
	if twice[0].Fingerprint == twice[1].Fingerprint {
		t.Error("two problems of one field have one fingerprint")
	}
	unnamed := []lint.Problem{{File: "a.yaml", Rule: "InvalidManifest", Message: "a"}, {File: "b.yaml", Rule: "InvalidManifest", Message: "a"}}
	if marks := lint.AsQuality(unnamed, ""); strings.TrimSuffix(marks[0].Fingerprint, ":1") == strings.TrimSuffix(marks[1].Fingerprint, ":1") {
		t.Error("two files that cannot be read have one fingerprint")
	}
}

func TestQuality(t *testing.T) {
	problems := []lint.Problem{
		{File: "/here/plans/a.yaml", Line: 7, Severity: "Error", Rule: "R", Object: "JointPlan a/b", Field: "spec.x", Message: "m"},
		{File: "plans/a.yaml", Severity: "Warning", Rule: "R", Message: "m"},
		{File: "stdin", Line: 1, Severity: "Info", Rule: "R", Message: "m"},
		{Severity: "Info", Rule: "R", Message: "m"},
	}
	raw, err := json.Marshal(lint.AsQuality(problems, filepath.FromSlash("/here")))
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	for _, entry := range got {
		delete(entry, "fingerprint")
	}
	location := func(line float64) any {
		return map[string]any{"path": "plans/a.yaml", "lines": map[string]any{"begin": line}}
	}
	want := []map[string]any{
		{"description": "JointPlan a/b: spec.x: m", "check_name": "R", "severity": "major", "location": location(7)},
		{"description": "m", "check_name": "R", "severity": "minor", "location": location(1)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if raw, err := json.Marshal(lint.AsQuality(nil, "")); err != nil || string(raw) != "[]" {
		t.Errorf("of nothing: %s, %v", raw, err)
	}
}
