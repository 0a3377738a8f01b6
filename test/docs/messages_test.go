package docs_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"jointplan.dev/jointplan/hack/gen-messages/page"
)

// TestMessagesPageListsEveryFormOfWords puts texts where code and manifests have them.
func TestMessagesPageListsEveryFormOfWords(t *testing.T) {
	for name, tc := range map[string]struct{ path, source, want string }{
		"a text":                      {"internal/a/a.go", `var x = "the plan is late"`, "## internal/a\n\n- `the plan is late`\n"},
		"a format":                    {"cmd/a/a.go", `var x = fmt.Sprintf("%s of %q is %d%%", p.Spec.DueOn, string(p.Name), 3)`, "- `{due on} of \"{name}\" is {3}%`\n"},
		"verbs that are numbered":     {"cmd/a/a.go", `var x = fmt.Errorf("%[2]s before %[1]s", first, second)`, "- `{second} before {first}`\n"},
		"a format of our own":         {"cmd/a/a.go", `var x = wrong(RuleA, "goal %q is late", g.Name)`, "- `goal \"{name}\" is late`\n"},
		"texts that are put together": {"controllers/a.go", `var x = "plan " + name + " is " + fmt.Sprintf("%s late", verdict.Count(days, "day"))`, "- `plan {name} is {days} late`\n"},
		"a text within another":       {"controllers/a.go", `var x = fmt.Sprintf("it is %s", or("not known yet"))`, "- `it is {or}`\n- `not known yet`\n"},
		"twice the same":              {"controllers/a.go", `var x, y = "not yet", "not yet"`, "## controllers\n\n- `not yet`\n\n"},
		"words alone are left out":    {"controllers/a.go", `var x, y = "Approved", fmt.Sprintf("%s/%s", a, b)`, "alone"},
		"code is left out":            {"controllers/a.go", "var x = regexp.MustCompile(`a b+`)\nvar y struct{A string `json:\"a b\"`}", "alone"},
		"a validation rule": {
			"api/v1/a.go", `// +kubebuilder:validation:XValidation:rule="self > 0",message="must be \"above\" zero"`, "## api\n\n- `must be \"above\" zero`\n",
		},
		"a policy": {
			"config/policy/a.yaml", "spec:\n  validations:\n  - message: no money\n    messageExpression: \"'budget ' + object.name + ' is closed'\"\n",
			"## config/policy\n\n- `no money`\n- `'budget {object.name} is closed'`\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			source := tc.source
			if strings.HasSuffix(tc.path, ".go") {
				source = "package a\n" + source + "\n"
			}
			root := fstest.MapFS{tc.path: {Data: []byte(source)}, "alone.txt": {}}
			for _, folder := range []string{"internal", "cmd", "controllers"} {
				root[folder+"/z/z.go"] = &fstest.MapFile{Data: []byte("package z\nvar x = \"nothing alone\"\n")}
			}
			got, err := page.Generate(root)
			if err != nil || !strings.Contains(got+"\n", tc.want) {
				t.Errorf("Generate() = %v, %s\nwant it to contain %q", err, got, tc.want)
			}
			if tc.want == "alone" && strings.Count(got, "\n- ") != 3 {
				t.Errorf("Generate() = %s\nwant nothing of %s", got, tc.path)
			}
		})
	}
}
