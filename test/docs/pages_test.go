package docs_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/test/pages"
)

const root = "../.."

// allPages returns the paths of all pages that are written for readers, from the root.
func allPages(t *testing.T) []string {
	t.Helper()
	list, err := pages.All(root)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func read(t *testing.T, page string) string {
	t.Helper()
	text, err := pages.Read(root, page)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var (
	codeSpan    = regexp.MustCompile("`[^`\n]*`")
	link        = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	notInAnchor = regexp.MustCompile(`[^\p{L}\p{N}_ -]`)
)

// brokenLinks returns the links of a page that lead to nothing. content returns the text of a page, or "" and whether the path exists.
func brokenLinks(page, text string, content func(path string) (string, bool)) []string {
	var broken []string
	prose, _ := pages.Split(text)
	for _, found := range link.FindAllStringSubmatch(codeSpan.ReplaceAllString(prose, ""), -1) {
		target := found[1]
		if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
			continue
		}
		path, anchor, hasAnchor := strings.Cut(target, "#")
		there, exists := text, true
		if path != "" {
			there, exists = content(filepath.ToSlash(filepath.Join(filepath.Dir(page), path)))
		}
		if !exists || hasAnchor && !anchors(there)[anchor] {
			broken = append(broken, target)
		}
	}
	return broken
}

// anchors returns the anchors that a forge gives to the headings of a page.
func anchors(text string) map[string]bool {
	prose, _ := pages.Split(text)
	all := map[string]bool{}
	for line := range strings.SplitSeq(prose, "\n") {
		heading := strings.TrimLeft(line, "#")
		if heading == line || !strings.HasPrefix(heading, " ") {
			continue
		}
		name := notInAnchor.ReplaceAllString(strings.ToLower(strings.TrimSpace(heading)), "")
		all[strings.ReplaceAll(name, " ", "-")] = true
	}
	return all
}

func TestLinksLeadSomewhere(t *testing.T) {
	content := func(path string) (string, bool) {
		if strings.HasPrefix(path, "../") {
			return "", false // outside of the repository
		}
		full := filepath.Join(root, path)
		info, err := os.Stat(full)
		if err != nil {
			return "", false
		}
		if info.IsDir() {
			return "", true
		}
		raw, err := os.ReadFile(full)
		return string(raw), err == nil
	}
	for _, page := range allPages(t) {
		for _, target := range brokenLinks(page, read(t, page), content) {
			t.Errorf("%s: the link %q leads to nothing", page, target)
		}
	}
}

// TestReadmeLeadsToEveryPage follows the links from README.md.
func TestReadmeLeadsToEveryPage(t *testing.T) {
	all := allPages(t)
	reached, next := map[string]bool{}, []string{"README.md"}
	for len(next) > 0 {
		page := next[0]
		next = next[1:]
		if reached[page] || !slices.Contains(all, page) {
			continue
		}
		reached[page] = true
		prose, _ := pages.Split(read(t, page))
		for _, found := range link.FindAllStringSubmatch(codeSpan.ReplaceAllString(prose, ""), -1) {
			path, _, _ := strings.Cut(found[1], "#")
			next = append(next, filepath.ToSlash(filepath.Join(filepath.Dir(page), path)))
		}
	}
	for _, page := range all {
		if !reached[page] {
			t.Errorf("no way of links leads from README.md to %s", page)
		}
	}
}

func TestBrokenLinksAreFound(t *testing.T) {
	files := map[string]string{"docs/b.md": "# As-of, pace (new)\n```\n# no heading\n```\n", "README.md": ""}
	content := func(path string) (string, bool) { text, ok := files[path]; return text, ok }
	for name, tc := range map[string]struct{ text, want string }{
		"a page beside it, above it and an anchor": {text: "[b](b.md) [r](../README.md) [p](b.md#as-of-pace-new)"},
		"an anchor of its own":                     {text: "## Time\n[t](#time)"},
		"elsewhere, and in code":                   {text: "[x](https://example.com/x) `[y](z)`\n```\n[y](z)\n```\n"},
		"no such page":                             {text: "[c](c.md)", want: "c.md"},
		"no such anchor":                           {text: "[p](b.md#pace)", want: "b.md#pace"},
		"an anchor in code":                        {text: "[p](b.md#no-heading)", want: "b.md#no-heading"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(brokenLinks("docs/a.md", tc.text, content), " "); got != tc.want {
				t.Errorf("brokenLinks() = %q, want %q", got, tc.want)
			}
		})
	}
}

// wrongExamples returns what is wrong with a page's YAML blocks: manifests of this project are validated as the API server does it, fragments of
// them have to be fields of their kind, and whatever else is YAML says why it is not checked.
func wrongExamples(t *testing.T, page string) (wrong []string, examples int) {
	t.Helper()
	_, blocks := pages.Split(page)
	for _, b := range blocks {
		switch {
		case b.Language != "yaml":
		case strings.Contains(b.Text, "apiVersion: channel.jointplan.dev"):
			examples++
			wrong = append(wrong, wrongManifests(t, manifest.NewReader(), b)...)
		case strings.Contains("\n"+b.Text, "\napiVersion: imports.jointplan.dev"):
			wrong = append(wrong, wrongManifests(t, manifest.NewMappingReader(), b)...)
		case b.Fragment() != "":
			if err := fragment(b); err != nil {
				wrong = append(wrong, fmt.Sprintf("line %d: %v", b.Line, err))
			}
		case b.NotTested() == "" && !known(b):
			wrong = append(wrong, fmt.Sprintf("line %d: nothing checks this block: write fragment=KIND or no-test=REASON after its language", b.Line))
		}
	}
	return wrong, examples
}

func wrongManifests(t *testing.T, reader *manifest.Reader, b pages.Block) (wrong []string) {
	t.Helper()
	_, err := reader.Read(t.Context(), manifest.Options{Stdin: strings.NewReader(b.Text)}, "-")
	var all manifest.Errors
	switch {
	case errors.As(err, &all):
		for _, e := range all {
			wrong = append(wrong, fmt.Sprintf("line %d: %s: %s", b.Line-1+max(e.Line, 1), e.Field, e.Message))
		}
	case err != nil:
		t.Fatal(err)
	}
	return wrong
}

// fragment decodes a part of a manifest into its kind; it fails when a field does not exist.
func fragment(b pages.Block) error {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		return err
	}
	object, err := scheme.New(v1alpha1.GroupVersion.WithKind(b.Fragment()))
	if err != nil {
		return err
	}
	return yaml.UnmarshalStrict([]byte(b.Text), object)
}

// known reports whether a block holds nothing but manifests of kinds whose fields are known here, without unknown fields.
func known(b pages.Block) bool {
	scheme := runtime.NewScheme()
	if err := clientgoscheme.AddToScheme(scheme); err != nil {
		return false
	}
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	for document := range strings.SplitSeq(b.Text, "\n---\n") {
		if _, _, err := decoder.Decode([]byte(document), nil, nil); err != nil {
			return false
		}
	}
	return true
}

func TestExamplesAreValid(t *testing.T) {
	total := 0
	for _, page := range allPages(t) {
		wrong, examples := wrongExamples(t, read(t, page))
		for _, message := range wrong {
			t.Errorf("%s: %s", page, message)
		}
		total += examples
	}
	if want := len(kinds(t)); total < want {
		t.Errorf("found %d examples, want one of each of the %d kinds at least", total, want)
	}
}

func TestWrongExamplesAreFound(t *testing.T) {
	for name, tc := range map[string]struct{ block, want string }{
		"a manifest": {
			block: "yaml\napiVersion: channel.jointplan.dev/v1alpha1\nkind: JointPlan\nmetadata: {name: a}\n" +
				"spec: {partnerRef: {name: acme}, period: {part: H1}}\n",
			want: "line 7: spec.period",
		},
		"a fragment": {
			block: "yaml fragment=MDFClaim\nspec: {payments: [{documents: a}]}\n",
			want:  `line 4: error unmarshaling JSON: while decoding JSON: json: unknown field "documents"`,
		},
		"a fragment of what?":        {block: "yaml fragment=MDFClaims\nspec: {}\n", want: `line 4: no kind "MDFClaims" is registered`},
		"what nothing checks":        {block: "yaml\nspec: {a: fragment}\n", want: "line 4: nothing checks this block"},
		"a field of another project": {block: "yaml\napiVersion: v1\nkind: Namespace\nmetadata: {nam: a}\n", want: "line 4: nothing checks this block"},
	} {
		t.Run(name, func(t *testing.T) {
			wrong, _ := wrongExamples(t, "# Plan\n\n```"+tc.block+"```\n")
			if len(wrong) == 0 || !strings.HasPrefix(wrong[0], tc.want) {
				t.Errorf("wrongExamples() = %q, want %q", wrong, tc.want)
			}
		})
	}
	right := "```yaml fragment=MDFClaim\nspec: {payments: [{document: a}]}\n```\n```yaml no-test=a secret\na: b\n```\n" +
		"```yaml\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n```\n"
	if wrong, _ := wrongExamples(t, right); len(wrong) > 0 {
		t.Errorf("wrongExamples() = %q of what is right", wrong)
	}
}

// TestBlocksSayHowTheyAreTested finds words after the language of a block that no test understands.
func TestBlocksSayHowTheyAreTested(t *testing.T) {
	for _, page := range allPages(t) {
		_, blocks := pages.Split(read(t, page))
		for _, b := range blocks {
			if !b.Known() {
				t.Errorf("%s:%d: nobody knows what %q means: see test/pages", page, b.Line-1, b.Info)
			}
			if b.Language == "bash" || b.Language == "shell" || b.Language == "console" {
				t.Errorf("%s:%d: write sh instead of %s, so that it is run", page, b.Line-1, b.Language)
			}
		}
	}
}

// kinds returns the kinds of the API in small letters.
func kinds(t *testing.T) []string {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	var names []string
	for kind, object := range scheme.KnownTypes(v1alpha1.GroupVersion) {
		if object.PkgPath() == reflect.TypeFor[v1alpha1.JointPlan]().PkgPath() && !strings.HasSuffix(kind, "List") {
			names = append(names, strings.ToLower(kind))
		}
	}
	slices.Sort(names)
	return names
}

// TestEachKindHasAPage keeps the pages of kinds in one order: an example, how to write it, how to work with it, what its status says.
func TestEachKindHasAPage(t *testing.T) {
	for _, kind := range kinds(t) {
		var headings []string
		prose, _ := pages.Split(read(t, "docs/"+kind+".md"))
		for line := range strings.SplitSeq(prose, "\n") {
			if heading, found := strings.CutPrefix(line, "## "); found {
				headings = append(headings, heading)
			}
		}
		if got, want := strings.Join(headings, ", "), "Example, Writing it, Working with it, Status and conditions"; got != want {
			t.Errorf("docs/%s.md has the sections %s, want %s", kind, got, want)
		}
		if !strings.Contains(read(t, "README.md"), "(docs/"+kind+".md)") {
			t.Errorf("README.md has no link to docs/%s.md", kind)
		}
	}
}

// pageOf are the pages that explain the conditions of the kinds of money.
var pageOf = map[string]string{
	v1alpha1.ConditionLedgerIntact: "mdfbudget", v1alpha1.ConditionWithinLimit: "mdfbudget", v1alpha1.ConditionClockTrusted: "mdfbudget",
	v1alpha1.ConditionEligible: "mdfallocation", v1alpha1.ConditionGranted: "mdfallocation", v1alpha1.ConditionClaimWindowClosing: "mdfallocation",
	v1alpha1.ConditionAccepted: "mdfclaim", v1alpha1.ConditionSettled: "mdfclaim",
	v1alpha1.ConditionEffective: "approvaldecision",
}

// surfaces finds the conditions on which a reason surfaces, by its doc comment.
var surfaces = regexp.MustCompile(`^Reason\w+ surfaces on (.*?) (?:when|while|before) `)

// TestReasonsStandInTheRowsOfTheirCondition looks for each reason of a condition below the condition's first row of the kind's page.
func TestReasonsStandInTheRowsOfTheirCondition(t *testing.T) {
	checked := 0
	for name, reason := range reasonComments(t) {
		found := surfaces.FindStringSubmatch(reason)
		if found == nil {
			continue // test/invariants tells
		}
		for condition := range strings.FieldsFuncSeq(strings.ReplaceAll(found[1], " and ", ","), func(r rune) bool { return r == ',' || r == ' ' }) {
			page := pageOf[condition]
			if page == "" {
				continue
			}
			checked++
			if rows := rowsOf(read(t, "docs/"+page+".md"), condition); !strings.Contains(rows, "`"+strings.TrimPrefix(name, "Reason")+"`") {
				t.Errorf("docs/%s.md: the rows of %s do not name %s", page, condition, name)
			}
		}
	}
	if checked < 70 {
		t.Errorf("only %d reasons were checked", checked)
	}
}

// rowsOf returns the rows of a condition in the table of conditions.
func rowsOf(page, condition string) string {
	var rows strings.Builder
	inside := false
	for line := range strings.SplitSeq(page, "\n") {
		if first, _, isRow := strings.Cut(strings.TrimPrefix(line, "| "), " |"); !strings.HasPrefix(line, "| |") {
			inside = isRow && first == condition
		}
		if inside {
			rows.WriteString(line + "\n")
		}
	}
	return rows.String()
}

// reasonComments returns the doc comments of the API's reasons, each on one line, by name.
func reasonComments(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, file := range apiFiles(t) {
		ast.Inspect(file, func(node ast.Node) bool {
			if spec, ok := node.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "Reason") {
				all[spec.Names[0].Name] = strings.Join(strings.Fields(spec.Doc.Text()), " ")
			}
			return true
		})
	}
	return all
}

// TestPagesNameEveryConditionAndReason keeps the tables of conditions complete.
func TestPagesNameEveryConditionAndReason(t *testing.T) {
	var text strings.Builder
	for _, kind := range kinds(t) {
		text.WriteString(read(t, "docs/"+kind+".md"))
	}
	for name, value := range constants(t, "Condition", "Reason") {
		if name == "ConditionReconciling" {
			continue // is set by no kind of this version
		}
		inTable := "`" + value + "`"
		if strings.HasPrefix(name, "Condition") {
			inTable = value
		}
		if !strings.Contains(text.String(), inTable) {
			t.Errorf("no page of a kind names %s, %s", name, inTable)
		}
	}
}

// constants returns the text constants of the API whose names begin with a prefix, by name.
func constants(t *testing.T, prefixes ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, file := range apiFiles(t) {
		ast.Inspect(file, func(node ast.Node) bool {
			spec, ok := node.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			literal, ok := spec.Values[0].(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			for _, prefix := range prefixes {
				if strings.HasPrefix(spec.Names[0].Name, prefix) {
					if value, err := strconv.Unquote(literal.Value); err == nil {
						all[spec.Names[0].Name] = value
					}
				}
			}
			return true
		})
	}
	return all
}

// apiFiles returns the files of the API.
func apiFiles(t *testing.T) []*ast.File {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "api", "v1alpha1", "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no API: %v", err)
	}
	var files []*ast.File
	for _, path := range paths {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}
