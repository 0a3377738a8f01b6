// Package docs_test checks that the pages in docs/ say what the code says.
package docs_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/hack/gen-findings/page"
)

func TestFindingsPageListsTheRulesOfTheCode(t *testing.T) {
	want, err := page.Generate(os.DirFS("../../internal"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/findings.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/findings.md is out of date: run go run ./hack/gen-findings (-code +page):\n%s", diff)
	}
}

// TestLintKnowsTheRulesOfTheCode: lint describes rules by a file that is made of the same comments.
func TestLintKnowsTheRulesOfTheCode(t *testing.T) {
	want, err := page.Rules(os.DirFS("../../internal"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../internal/offline/lint/rules.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("internal/offline/lint/rules.json is out of date: run go run ./hack/gen-findings (-code +file):\n%s", diff)
	}
}

func TestFindingsAreListedByConcern(t *testing.T) {
	file := func(id string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("package x\n// Rule" + id + ": it is. Remedy: go.\nconst Rule" + id + " = \"" + id + "\"\n")}
	}
	got, err := page.Generate(fstest.MapFS{
		"rules/funding/a.go": file("A"), "rules/funding/claim/b.go": file("B"), "model/measure/c.go": file("C"), "verdict/d.go": file("D"),
	})
	if err != nil {
		t.Fatal(err)
	}
	const table = "\n\n| rule | found when | what to do |\n|---|---|---|\n"
	want := "\n## funding" + table + "| `A` | It is. | Go. |\n| `B` | It is. | Go. |\n\n## measure" + table + "| `C` | It is. | Go. |\n\n## verdict" + table +
		"| `D` | It is. | Go. |\n"
	if !strings.HasSuffix(got, want) {
		t.Errorf("Generate() = %s\nwant it to end with %s", got, want)
	}
}

func TestFindingsPageIsMadeOfDocComments(t *testing.T) {
	for name, tc := range map[string]struct {
		source, want, wantErr string
	}{
		"a comment on one line or several": {
			source: "const (\n// RuleB: the tier is not in force. Remedy: wait.\nRuleB = \"BeeUnknown\"\n" +
				"// RuleA says that it has\n// ended | lapsed. Remedy: renew it.\nRuleA = \"Ay\"\n)\n",
			want: "\n## a\n\n| rule | found when | what to do |\n|---|---|---|\n" +
				"| `Ay` | Says that it has ended \\| lapsed. | Renew it. |\n| `BeeUnknown` | The tier is not in force. | Wait. |\n",
		},
		"a constant without a group":           {source: "// RuleA: alone. Remedy: none.\nconst RuleA = \"A\"\n", want: "| `A` | Alone. | None. |\n"},
		"unexported names and others stay out": {source: "const ruleA = \"A\"\n// Other is another.\nconst Other = \"O\"\n", want: "knows more.\n"},
		"a comment on the group is not enough": {source: "// Rules.\nconst (\nRuleA = \"A\"\n)\n", wantErr: "a/a.go: RuleA has no doc comment"},
		"a value that is not text":             {source: "// RuleA: one.\nconst RuleA = 1\n", wantErr: "a/a.go: RuleA: its value is not a string literal"},
		"a comment without a remedy":           {source: "// RuleA: one.\nconst RuleA = \"A\"\n", wantErr: "a/a.go: RuleA has no remedy"},
		"two rules of a package with one id": {
			source: "// RuleA: a. Remedy: none.\nconst RuleA = \"X\"\n// RuleB: b. Remedy: none.\nconst RuleB = \"X\"\n", wantErr: "a: two rules have the id X",
		},
		"a file that is not Go, under its name": {source: "const (", wantErr: "a/a.go:"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := page.Generate(fstest.MapFS{"a/a.go": {Data: []byte("package a\n" + tc.source)}})
			switch {
			case tc.wantErr != "" && (err == nil || !strings.Contains(err.Error(), tc.wantErr)):
				t.Errorf("Generate() error = %v, want %q", err, tc.wantErr)
			case tc.wantErr == "" && err != nil:
				t.Error(err)
			case !strings.Contains(got, tc.want):
				t.Errorf("Generate() = %s\nwant it to contain %q", got, tc.want)
			}
		})
	}
}
