package page

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// verdicts are the conditions with what they say, and their reasons with when they surface.
type verdicts struct {
	conditions map[string]string
	reasons    map[string]map[string]string // by condition, then by reason
}

// surfaces takes the comment of a reason apart: the conditions on which it surfaces, and when.
var surfaces = regexp.MustCompile(`^surfaces on (.*?)(?:, with status (\w+),)? ((?:when|while|before|after) .*)$`)

// conditionsIn returns what the doc comments of the constants Condition... and Reason... of the Go files of a folder say.
func conditionsIn(api fs.FS) (*verdicts, error) {
	v := &verdicts{conditions: map[string]string{}, reasons: map[string]map[string]string{}}
	files, err := fs.Glob(api, "*.go")
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		source, err := fs.ReadFile(api, name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, declaration := range file.Decls {
			if group, ok := declaration.(*ast.GenDecl); ok && group.Tok == token.CONST {
				if err := v.add(group); err != nil {
					return nil, fmt.Errorf("%s: %w", name, err)
				}
			}
		}
	}
	return v, nil
}

func (v *verdicts) add(group *ast.GenDecl) error {
	for _, spec := range group.Specs {
		constant, ok := spec.(*ast.ValueSpec)
		if !ok || len(constant.Values) != 1 {
			continue
		}
		literal, ok := constant.Values[0].(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			continue
		}
		value, err := strconv.Unquote(literal.Value)
		if err != nil {
			return err
		}
		name, doc := constant.Names[0].Name, constant.Doc
		if doc == nil && !group.Lparen.IsValid() {
			doc = group.Doc
		}
		comment := strings.TrimSpace(strings.TrimPrefix(flat(doc.Text()), name))
		switch {
		case strings.HasPrefix(name, "Condition"):
			v.conditions[value] = comment
		case strings.HasPrefix(name, "Reason"):
			if err := v.addReason(name, value, comment); err != nil {
				return err
			}
		}
	}
	return nil
}

func (v *verdicts) addReason(name, value, comment string) error {
	found := surfaces.FindStringSubmatch(comment)
	if found == nil {
		return fmt.Errorf("%s: its doc comment does not say on which condition and when it surfaces", name)
	}
	when := found[3]
	if found[2] != "" {
		when = found[2] + ": " + when
	}
	for condition := range strings.SplitSeq(strings.ReplaceAll(found[1], " and ", ", "), ", ") {
		if v.reasons[condition] == nil {
			v.reasons[condition] = map[string]string{}
		}
		v.reasons[condition][value] = when
	}
	return nil
}

func (v *verdicts) write(text *strings.Builder) {
	text.WriteString("\n## Conditions and reasons\n\nThe pages of the kinds say which conditions a kind has, and what to do about each reason.\n")
	for _, name := range slices.Sorted(maps.Keys(v.conditions)) {
		fmt.Fprintf(text, "\n### %s\n\n%s %s\n", name, name, v.conditions[name])
		writeReasons(text, v.reasons[name])
	}
	shared := map[string]string{}
	for name, reasons := range v.reasons {
		if v.conditions[name] == "" { // such as "a business condition"
			maps.Copy(shared, reasons)
		}
	}
	text.WriteString("\n### On several conditions\n")
	writeReasons(text, shared)
}

func writeReasons(text *strings.Builder, reasons map[string]string) {
	if len(reasons) == 0 {
		return
	}
	text.WriteString("\n| reason | surfaces |\n|---|---|\n")
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		fmt.Fprintf(text, "| `%s` | %s |\n", reason, cell(reasons[reason]))
	}
}
