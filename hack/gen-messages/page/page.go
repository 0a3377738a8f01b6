// Package page makes the page with the form of every message.
package page

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

const intro = `# Messages

<!-- Written by "go run ./hack/gen-messages" from the strings in the code. Do not edit it by hand. -->

Every form of words that the controllers, the plugin, the kinds, the policies and the alerts can write, so that one reader can judge them all in an
hour. What is in braces is filled in; a message is often put together from several forms, and some are for logs only. The words to use are in the guide
for [contributors](../../CONTRIBUTING.md#words).
`

// folders are where code says something to people.
var folders = []string{"internal", "controllers", "cmd"}

// Generate returns the page about a checkout of the repository: the forms of words in its Go code, the messages of the validation rules of the kinds and
// of the admission policies, and what alerts say.
func Generate(root fs.FS) (string, error) {
	var page strings.Builder
	page.WriteString(intro)
	for _, folder := range folders {
		err := fs.WalkDir(root, folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.IsDir() || strings.HasPrefix(path.Base(name), "test") {
				return err
			}
			return formsIn(&page, root, name, path.Join(name, "*.go"), ofCode)
		})
		if err != nil {
			return "", err
		}
	}
	if err := formsIn(&page, root, "api", "api/*/*.go", ofKinds); err != nil {
		return "", err
	}
	for _, folder := range []string{"config/policy", "config/prometheus"} {
		if err := formsIn(&page, root, folder, path.Join(folder, "*.yaml"), ofManifests); err != nil {
			return "", err
		}
	}
	return page.String(), nil
}

// formsIn collects forms from the files that match a pattern, tests left out, and writes them under a heading.
func formsIn(page *strings.Builder, root fs.FS, heading, pattern string, collect func(source []byte) ([]string, error)) error {
	files, err := fs.Glob(root, pattern)
	if err != nil {
		return err
	}
	var forms []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		found, err := collect(source)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		forms = append(forms, found...)
	}
	section(page, heading, forms)
	return nil
}

// section writes forms under a heading, each once; nothing where there is none.
func section(page *strings.Builder, heading string, forms []string) {
	if len(forms) == 0 {
		return
	}
	fmt.Fprintf(page, "\n## %s\n\n", heading)
	said := map[string]bool{}
	for _, form := range forms {
		if !said[form] {
			said[form] = true
			fmt.Fprintf(page, "- %s\n", escape(form))
		}
	}
}

// ofCode returns the forms of words in a Go file, in its order.
func ofCode(source []byte) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	c := &collector{}
	ast.Walk(c, file)
	return c.forms, nil
}

// collector collects the forms of words below a node.
type collector struct{ forms []string }

func (c *collector) Visit(node ast.Node) ast.Visitor {
	switch node := node.(type) {
	case *ast.ImportSpec:
		return nil
	case *ast.Field:
		ast.Walk(c, node.Type) // and not the tag
		return nil
	case *ast.CallExpr:
		if name := callee(node); name == "panic" || name == "MustCompile" {
			return nil
		}
		if format(node) >= 0 {
			return c.take(node)
		}
	case *ast.BinaryExpr:
		if node.Op == token.ADD {
			return c.take(node)
		}
	case *ast.BasicLit:
		return c.take(node)
	}
	return c
}

// take takes an expression as one form, and goes on with what is filled in.
func (c *collector) take(expression ast.Expr) ast.Visitor {
	text, filled := form(expression)
	if words.MatchString(braces.ReplaceAllString(text, "{}")) && !code.MatchString(text) {
		c.forms = append(c.forms, text)
	}
	for _, argument := range filled {
		ast.Walk(c, argument)
	}
	return nil
}

var (
	// words are in a text that people read: a word after something else.
	words  = regexp.MustCompile(`[A-Za-z}"'),;:%]\s+[a-z]{2,}|[a-z]{2,}\s+{}`)
	braces = regexp.MustCompile(`{[^}]*}`)
	// code is in a text that a program reads.
	code = regexp.MustCompile(`^(SELECT|{{|<|//)|:=|==|\bfunc\b`)
)

// form returns an expression as a form of words, and what is filled in.
func form(expression ast.Expr) (text string, filled []ast.Expr) {
	switch e := expression.(type) {
	case *ast.ParenExpr:
		return form(e.X)
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return text, nil
		}
		return e.Value, nil
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			left, filledLeft := form(e.X)
			right, filledRight := form(e.Y)
			return left + right, append(filledLeft, filledRight...)
		}
	case *ast.CallExpr:
		if at := format(e); at >= 0 {
			text, _ := form(e.Args[at])
			return fill(text, e.Args[at+1:]), e.Args[at+1:]
		}
	}
	return "{" + called(expression) + "}", []ast.Expr{expression}
}

// format returns which argument of a call is a format with verbs; -1 when none is.
func format(call *ast.CallExpr) int {
	for i, argument := range call.Args {
		text, filled := form(argument)
		if verbs := len(verb.FindAllString(strings.ReplaceAll(text, "%%", ""), -1)); len(filled) == 0 && verbs > 0 {
			if strings.HasSuffix(callee(call), "f") || len(call.Args) > i+verbs {
				return i
			}
		}
	}
	return -1
}

var verb = regexp.MustCompile(`%(%|(\[(\d+)\])?[-+# 0]*(\*|\d+)?(\.\d+)?(\[(\d+)\])?[a-zA-Z])`)

// fill writes what a format is filled with for its verbs.
func fill(text string, arguments []ast.Expr) string {
	next := 0
	return verb.ReplaceAllStringFunc(text, func(found string) string {
		if found == "%%" {
			return "%"
		}
		parts := verb.FindStringSubmatch(found)
		if n, err := strconv.Atoi(parts[3] + parts[7]); err == nil {
			next = n - 1
		}
		next++
		if next > len(arguments) {
			return found
		}
		name := "{" + called(arguments[next-1]) + "}"
		if strings.HasSuffix(found, "q") {
			name = `"` + name + `"`
		}
		return name
	})
}

// callee returns the name of the function of a call, without its package.
func callee(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	default:
		return ""
	}
}

// called says in words what an expression is, by the names in it: "approved by" of d.Spec.ApprovedBy, "days late" of verdict.Count(s.daysLate(), "day").
func called(expression ast.Expr) string {
	switch e := expression.(type) {
	case *ast.Ident:
		return split(e.Name)
	case *ast.SelectorExpr:
		return split(e.Sel.Name)
	case *ast.CallExpr:
		name := callee(e)
		if function, ok := e.Fun.(*ast.SelectorExpr); ok && (name == "String" || name == "Error") && len(e.Args) == 0 {
			return called(function.X)
		}
		if wraps[name] && len(e.Args) > 0 {
			return called(e.Args[0])
		}
		return split(name)
	case *ast.ParenExpr:
		return called(e.X)
	case *ast.UnaryExpr:
		return called(e.X)
	case *ast.StarExpr:
		return called(e.X)
	case *ast.IndexExpr:
		return called(e.X)
	case *ast.SliceExpr:
		return called(e.X)
	case *ast.BinaryExpr:
		return called(e.X)
	case *ast.BasicLit:
		return strings.Trim(e.Value, "\"`")
	default:
		return "…"
	}
}

// wraps are functions that only write what they are given.
var wraps = map[string]bool{"string": true, "int": true, "List": true, "AnyOf": true, "Some": true, "Count": true, "Capital": true, "Instant": true, "Join": true, "Quote": true}

var capitals = regexp.MustCompile(`([a-z0-9])([A-Z])`)

func split(name string) string { return strings.ToLower(capitals.ReplaceAllString(name, "$1 $2")) }

// escape makes a text one line of Markdown.
func escape(text string) string {
	return "`" + strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "`", "'") + "`"
}

var message = regexp.MustCompile(`XValidation:.*message="((?:[^"\\]|\\.)*)"`)

// ofKinds returns the messages of the validation rules of the kinds in a Go file.
func ofKinds(source []byte) ([]string, error) {
	var forms []string
	for _, found := range message.FindAllStringSubmatch(string(source), -1) {
		forms = append(forms, strings.ReplaceAll(found[1], `\"`, `"`))
	}
	return forms, nil
}

// concatenated is what a CEL expression puts between two texts.
var concatenated = regexp.MustCompile(`['"]\s*\+\s*([^'"]+?)\s*\+\s*['"]`)

// said are the fields of manifests that people read.
var said = map[string]bool{"message": true, "messageExpression": true, "summary": true, "description": true}

// ofManifests returns what the manifests in a file say.
func ofManifests(source []byte) ([]string, error) {
	var forms []string
	decoder := yaml.NewDecoder(bytes.NewReader(source))
	for {
		var document yaml.Node
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return forms, nil
		} else if err != nil {
			return nil, err
		}
		forms = append(forms, formsOf(&document)...)
	}
}

// formsOf returns what the fields below a node say.
func formsOf(node *yaml.Node) []string {
	var forms []string
	for i, child := range node.Content {
		if node.Kind == yaml.MappingNode && i%2 == 1 && said[node.Content[i-1].Value] && child.Kind == yaml.ScalarNode {
			text := concatenated.ReplaceAllString(child.Value, "{$1}")
			forms = append(forms, text)
			continue
		}
		forms = append(forms, formsOf(child)...)
	}
	return forms
}
