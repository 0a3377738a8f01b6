// Package page makes the page about findings from the doc comments of the rule ids.
package page

import (
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// rule is one rule id with what its doc comment says.
type rule struct {
	id, meaning, remedy string
}

const intro = `# Findings

<!-- Written by "go run ./hack/gen-findings" from the doc comments of the rule ids in internal/. Do not edit it by hand. -->

` + "`status.findings[]`" + ` of every kind lists each rule that is violated, at risk or not to be judged. An entry has a stable rule id, a severity,
the path of the field that it is about, and a message that names the threshold, the value found, the date and what to do.

| severity | means | effect |
|---|---|---|
| Error | the spec cannot be evaluated as written; the rest is | ` + "`Ready`" + ` is False and ` + "`Stalled`" + ` True until a person changes the spec |
| Warning | a rule of the program is violated | none on ` + "`Ready`" + ` |
| Info | a rule is at risk, or cannot be judged yet | none on ` + "`Ready`" + ` |

Findings are sorted by severity, rule, field and message. Where there are more than 48, the gravest 47 are shown and the last one says how
many were left out. Below, the rules are listed by their concern; a message says more than the table where it knows more.
`

// Generate returns the page about all exported constants whose names begin with Rule in the Go files, tests left out, under a folder: by
// concern, then by rule id. It fails when such a constant is not a string, has no doc comment or no remedy in it, or shares its id with another one of
// its concern.
func Generate(root fs.FS) (string, error) {
	rules, err := collect(root)
	if err != nil {
		return "", err
	}
	return write(rules)
}

// Rules returns the same as JSON, for programs: by rule id, then by concern.
func Rules(root fs.FS) (string, error) {
	rules, err := collect(root)
	if err != nil {
		return "", err
	}
	type entry struct {
		ID      string `json:"id"`
		Concern string `json:"concern"`
		Found   string `json:"found"`
		Remedy  string `json:"remedy"`
	}
	list := []entry{}
	plain := strings.NewReplacer(`\|`, "|")
	for about, found := range rules {
		for _, r := range found {
			list = append(list, entry{r.id, about, plain.Replace(r.meaning), plain.Replace(r.remedy)})
		}
	}
	slices.SortFunc(list, func(a, b entry) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Concern, b.Concern)) })
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	err = encoder.Encode(list)
	return text.String(), err
}

// collect returns the rules by concern.
func collect(root fs.FS) (map[string][]rule, error) {
	rules := map[string][]rule{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		found, err := rulesIn(name, source)
		rules[concern(name)] = append(rules[concern(name)], found...)
		return err
	})
	return rules, err
}

// concern returns what the rules of a file are about: the folder below the floor, whatever it is cut into. Pages link to it, so it stays when
// packages move.
func concern(name string) string {
	folders := strings.Split(path.Dir(name), "/")
	return folders[min(1, len(folders)-1)]
}

// rulesIn returns the rules that a Go file declares.
func rulesIn(name string, source []byte) ([]rule, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	var rules []rule
	for _, declaration := range file.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		for _, spec := range group.Specs {
			value, ok := spec.(*ast.ValueSpec)
			if !ok {
				continue
			}
			found, err := rulesOf(value, group)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			rules = append(rules, found...)
		}
	}
	return rules, nil
}

func rulesOf(spec *ast.ValueSpec, group *ast.GenDecl) ([]rule, error) {
	var rules []rule
	for i, name := range spec.Names {
		if !name.IsExported() || !strings.HasPrefix(name.Name, "Rule") {
			continue
		}
		doc := spec.Doc
		if doc == nil && !group.Lparen.IsValid() {
			doc = group.Doc
		}
		if doc.Text() == "" {
			return nil, fmt.Errorf("%s has no doc comment: say in it when the rule is found and what to do", name.Name)
		}
		id, err := stringOf(spec, i)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name.Name, err)
		}
		found, err := parse(id, name.Name, doc.Text())
		if err != nil {
			return nil, err
		}
		rules = append(rules, found)
	}
	return rules, nil
}

func stringOf(spec *ast.ValueSpec, i int) (string, error) {
	if i < len(spec.Values) {
		if literal, ok := spec.Values[i].(*ast.BasicLit); ok && literal.Kind == token.STRING {
			return strconv.Unquote(literal.Value)
		}
	}
	return "", fmt.Errorf("its value is not a string literal")
}

// parse splits a doc comment, "RuleX: meaning. Remedy: remedy.", into meaning and remedy.
func parse(id, name, doc string) (rule, error) {
	text := strings.Join(strings.Fields(doc), " ")
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(text, name), ":"))
	meaning, remedy, found := strings.Cut(text, "Remedy:")
	if !found || strings.TrimSpace(remedy) == "" {
		return rule{}, fmt.Errorf("%s has no remedy: end its doc comment with what to do, as in \"Remedy: correct the day.\"", name)
	}
	return rule{id: id, meaning: sentence(meaning), remedy: sentence(remedy)}, nil
}

// sentence makes text one cell of a table: no bar that would end the cell, and a capital first, but for the name of a field.
func sentence(text string) string {
	text = strings.ReplaceAll(strings.TrimSpace(text), "|", `\|`)
	first, _, _ := strings.Cut(text, " ")
	if first == "" || first != strings.ToLower(first) {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func write(rules map[string][]rule) (string, error) {
	var page strings.Builder
	page.WriteString(intro)
	concerns := make([]string, 0, len(rules))
	for name, found := range rules {
		if len(found) > 0 {
			concerns = append(concerns, name)
		}
	}
	slices.Sort(concerns)
	for _, name := range concerns {
		found := rules[name]
		slices.SortFunc(found, func(a, b rule) int { return strings.Compare(a.id, b.id) })
		fmt.Fprintf(&page, "\n## %s\n\n| rule | found when | what to do |\n|---|---|---|\n", name)
		for i, r := range found {
			if i > 0 && found[i-1].id == r.id {
				return "", fmt.Errorf("%s: two rules have the id %s", name, r.id)
			}
			fmt.Fprintf(&page, "| `%s` | %s | %s |\n", r.id, r.meaning, r.remedy)
		}
	}
	return page.String(), nil
}
