package manifest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	kjson "sigs.k8s.io/json"
	kyaml "sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/internal/printable"
)

// document is one document of a file, decoded.
type document struct {
	offset int        // what to add to a node's line for the file's line
	root   *yaml.Node // what stands where
	value  any        // the content, as JSON has it
}

// problem is something that is wrong with a document or an object.
type problem struct {
	line    int // of the file; 0 when unknown
	column  int // in characters, from 1 on; 0 when unknown
	field   string
	message string
	last    bool // after all others, wherever it stands
}

// chunk is the text of one document.
type chunk struct {
	text []byte
	line int      // the line of the file on which it begins
	bad  *problem // what is wrong with the separator before it
}

// encodings are those of a byte order mark. The longer marks come first.
var encodings = []struct{ mark, name string }{
	{"\xff\xfe\x00\x00", "UTF-32"}, {"\x00\x00\xfe\xff", "UTF-32"}, {"\xff\xfe", "UTF-16"}, {"\xfe\xff", "UTF-16"},
}

// checkText refuses what is not text in UTF-8: other encodings and binary files.
func checkText(data []byte) *problem {
	if name := encodingOf(data); name != "" {
		return &problem{line: 1, message: "is text in " + name + ": save it as UTF-8 (in PowerShell: Out-File -Encoding utf8)"}
	}
	line := func(at int) int { return 1 + bytes.Count(data[:at], []byte("\n")) }
	if at := bytes.IndexByte(data, 0); at >= 0 {
		return &problem{line: line(at), message: "is not text: it holds a byte of value zero, as binary files do"}
	}
	if utf8.Valid(data) {
		return nil
	}
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			return &problem{line: line(at), message: fmt.Sprintf("is not UTF-8 text: byte 0x%02x is out of place", data[at])}
		}
		at += size
	}
	return nil
}

// encodingOf names the encoding of a text of two or four bytes a character, by its byte order mark or by where its zeros are: at every other byte.
func encodingOf(data []byte) string {
	for _, one := range encodings {
		if bytes.HasPrefix(data, []byte(one.mark)) {
			return one.name
		}
	}
	var zeros [2]int
	for i, b := range data {
		if b == 0 {
			zeros[i%2]++
		}
	}
	const most = 0.8 // of a text that is mostly in Latin letters
	if few, many := min(zeros[0], zeros[1]), max(zeros[0], zeros[1]); few == 0 && many > 0 && float64(many) >= most*float64(len(data)/2) {
		return "UTF-16"
	}
	return ""
}

// isJSONStream reports whether a text is one or more JSON values after each other, as kubectl takes them.
func isJSONStream(data []byte) bool {
	if first := bytes.TrimLeft(data, " \t\r\n"); len(first) == 0 || first[0] != '{' {
		return false
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	for {
		var skipped json.RawMessage
		if err := decoder.Decode(&skipped); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

// splitJSON divides a stream of JSON values.
func splitJSON(data []byte) iter.Seq[chunk] {
	return func(yield func(chunk) bool) {
		decoder := json.NewDecoder(bytes.NewReader(data))
		line, counted := 1, 0
		for {
			var value json.RawMessage
			if decoder.Decode(&value) != nil {
				return
			}
			start := int(decoder.InputOffset()) - len(value)
			line += bytes.Count(data[counted:start], []byte("\n"))
			counted = start
			if !yield(chunk{text: value, line: line}) {
				return
			}
		}
	}
}

// splitYAML divides a text at the lines that begin with "---", as kubectl does, and leaves out empty documents.
func splitYAML(data []byte) iter.Seq[chunk] {
	return func(yield func(chunk) bool) {
		now, start := chunk{line: 1}, 0
		flush := func(end int) bool {
			now.text = data[start:end]
			return now.bad == nil && isEmpty(now.text) || yield(now)
		}
		for line, begin := 1, 0; begin < len(data); line++ {
			end := len(data)
			if i := bytes.IndexByte(data[begin:], '\n'); i >= 0 {
				end = begin + i + 1
			}
			if rest, ok := bytes.CutPrefix(data[begin:end], []byte("---")); ok {
				if !flush(begin) {
					return
				}
				now, start = chunk{line: line + 1, bad: checkSeparator(rest, line)}, end
			}
			begin = end
		}
		flush(len(data))
	}
}

// checkSeparator refuses a separator line with something after "---", which kubectl does not read either.
func checkSeparator(rest []byte, line int) *problem {
	rest = bytes.TrimSpace(rest)
	if len(rest) == 0 || rest[0] == '#' {
		return nil
	}
	return &problem{line: line, message: fmt.Sprintf("nothing may follow the document separator --- on its line: found %q", rest)}
}

// isEmpty reports whether a YAML text holds nothing but blank lines, comments and end markers.
func isEmpty(text []byte) bool {
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' && string(line) != "..." {
			return false
		}
	}
	return true
}

// decodeJSON decodes one JSON value.
func decodeJSON(text chunk) (*document, *problem) {
	doc := &document{offset: text.line - 1}
	root, err := jsonNodes(text.text)
	if err != nil {
		return nil, &problem{line: text.line, message: err.Error()}
	}
	doc.root = root
	if bad := doc.check(); bad != nil {
		return nil, bad
	}
	if err := kjson.UnmarshalCaseSensitivePreserveInts(text.text, &doc.value); err != nil {
		return nil, &problem{line: text.line, message: err.Error()}
	}
	return doc, nil
}

// decodeYAML decodes one YAML document: into nodes, which know their lines, and into the JSON that kubectl makes of it.
func decodeYAML(text chunk) (*document, *problem) {
	doc := &document{offset: text.line - 1}
	root, bad := parseYAML(text)
	if bad != nil || root == nil {
		return nil, inWords(bad, text)
	}
	doc.root = root
	if bad := doc.check(); bad != nil {
		return nil, inWords(bad, text)
	}
	asJSON, err := yamlToJSON(text.text)
	if err == nil {
		err = kjson.UnmarshalCaseSensitivePreserveInts(asJSON, &doc.value)
	}
	if err != nil {
		return nil, inWords(yamlProblem(err, text), text)
	}
	return doc, nil
}

// parseYAML parses a text that must hold one document. It returns nil for an empty one.
func parseYAML(text chunk) (root *yaml.Node, bad *problem) {
	defer func() { // a parser that meets input from anywhere must not end the program
		if r := recover(); r != nil {
			root, bad = nil, &problem{line: text.line, message: fmt.Sprintf("cannot be read as YAML: %v", r)}
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(text.text))
	var node, second yaml.Node
	if err := decoder.Decode(&node); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, yamlProblem(err, text)
	}
	if err := decoder.Decode(&second); err == nil {
		return nil, &problem{line: second.Line + text.line - 1, message: "a second document begins without a separator --- before it"}
	} else if !errors.Is(err, io.EOF) {
		return nil, yamlProblem(err, text)
	}
	if node.Kind != yaml.DocumentNode || len(node.Content) != 1 {
		return nil, nil
	}
	return node.Content[0], nil
}

// yamlToJSON converts as kubectl does.
func yamlToJSON(text []byte) (asJSON []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			asJSON, err = nil, fmt.Errorf("cannot be read as YAML: %v", r)
		}
	}()
	return kyaml.YAMLToJSON(text)
}

// unrendered matches what begins a line, a value or an entry with the mark of a template, at which YAML ends.
var unrendered = regexp.MustCompile(`(?m)^[ \t]*(?:- +)*(?:(?:"[^"\n]*"|'[^'\n]*'|[^\s#"'{][^#"'\n]*): +)?(\{[{%].*)$`)

// inWords says of a text that is not YAML what it is: a template that was not rendered, or broken JSON.
func inWords(bad *problem, text chunk) *problem {
	if bad == nil {
		return nil
	}
	if at := unrendered.FindSubmatchIndex(text.text); at != nil {
		return &problem{line: text.lineAt(at[2]), message: fmt.Sprintf(
			"is a template that was not rendered (%s): render it first, such as with helm template", printable.Short(string(text.text[at[2]:at[3]]), maxQuoted))}
	}
	if looksLikeJSON.Match(text.text) {
		return cmp.Or(jsonProblem(text), bad)
	}
	return bad
}

// maxQuoted is how many characters of a line are shown.
const maxQuoted = 40

// lineAt returns the line of the file on which a byte of the text stands.
func (c chunk) lineAt(offset int) int { return c.line + bytes.Count(c.text[:offset], []byte("\n")) }

// looksLikeJSON matches the beginning of what was most probably meant to be JSON.
var looksLikeJSON = regexp.MustCompile(`^\s*(\{\s*["}]|\[\s*\{\s*")`)

// jsonProblem says where the first JSON value of a text that is broken breaks; nil when none does.
func jsonProblem(text chunk) *problem {
	decoder, start := json.NewDecoder(bytes.NewReader(text.text)), 0
	var value json.RawMessage
	for decoder.Decode(&value) == nil {
		start = int(decoder.InputOffset())
	}
	rest := bytes.TrimRight(text.text[start:], " \t\r\n")
	broken, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(rest, &value))
	if !ok || len(rest) == 0 {
		return nil
	}
	at, message := start+int(broken.Offset)-1, broken.Error()
	for _, one := range jsonWords {
		message = strings.Replace(message, one.theirs, one.ours, 1)
	}
	return &problem{line: text.lineAt(at), message: "cannot be read as JSON: " + message}
}

// jsonWords are the words of the JSON parser, and what to say instead.
var jsonWords = []struct{ theirs, ours string }{
	{"unexpected end of JSON input", "it ends before all braces, brackets and quotes are closed"},
	{"looking for beginning of object key string", "where the name of a field in quotes belongs, or a comma too many before it"},
	{"looking for beginning of value", "where a value belongs"},
	{"after object key:value pair", "where a comma or a closing brace belongs"},
	{"after object key", "where a colon belongs"},
	{"after array element", "where a comma or a closing bracket belongs"},
	{"invalid character", "found"},
}

var (
	yamlErrorLine = regexp.MustCompile(`^line (\d+): `)

	// unknownAnchor matches the error about an alias, which the parser reports without its line.
	unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)

	// yamlParserError matches the errors for which the parser counts lines from 0 on. For its scanner's it counts from 1 on.
	yamlParserError = regexp.MustCompile(`^did not find expected (node content|',' or|key|'-' indicator|<)`)
)

// isControl reports whether YAML refuses a character wherever it stands.
func isControl(r rune) bool {
	return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\u0085", r) || r == 0xfffe || r == 0xffff
}

// yamlProblem makes a parser's error point into the file instead of into the document.
func yamlProblem(err error, text chunk) *problem {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	message = strings.TrimPrefix(message, "unmarshal errors:\n  ")
	line, lines := text.line, bytes.Count(bytes.TrimSpace(text.text), []byte("\n"))
	if match := yamlErrorLine.FindStringSubmatch(message); match != nil {
		message = strings.TrimPrefix(message, match[0])
		if n, err := strconv.Atoi(match[1]); err == nil {
			line += n - 1
		}
		if yamlParserError.MatchString(message) {
			line++
		}
		line = min(line, text.line+lines) // not after the end
	}
	switch alias := unknownAnchor.FindStringSubmatch(message); {
	case alias != nil:
		line = text.lineAt(max(0, bytes.Index(text.text, []byte("*"+alias[1]))))
		message = fmt.Sprintf("the alias *%s has no anchor &%s before it", alias[1], alias[1])
	case message == "control characters are not allowed":
		at := max(0, bytes.IndexFunc(text.text, isControl))
		r, _ := utf8.DecodeRune(text.text[at:])
		line, message = text.lineAt(at), fmt.Sprintf("control characters are not allowed: remove %U", r)
	}
	return &problem{line: line, message: "cannot be read as YAML: " + message}
}
