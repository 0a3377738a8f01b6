package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	kjson "sigs.k8s.io/json"
	kyaml "sigs.k8s.io/yaml"
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

// checkText refuses what is not text: other encodings and binary files.
func checkText(data []byte) *problem {
	line := func(at int) int { return 1 + bytes.Count(data[:at], []byte("\n")) }
	if at := bytes.IndexByte(data, 0); at >= 0 {
		return &problem{line: line(at), message: "is not text: it holds a byte of value zero (a binary file, or UTF-16?)"}
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
		return nil, bad
	}
	doc.root = root
	if bad := doc.check(); bad != nil {
		return nil, bad
	}
	asJSON, err := yamlToJSON(text.text)
	if err == nil {
		err = kjson.UnmarshalCaseSensitivePreserveInts(asJSON, &doc.value)
	}
	if err != nil {
		return nil, yamlProblem(err, text)
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

var (
	yamlErrorLine = regexp.MustCompile(`^line (\d+): `)

	// yamlParserError matches the errors for which the parser counts lines from 0 on. For its scanner's it counts from 1 on.
	yamlParserError = regexp.MustCompile(`^did not find expected (node content|',' or|key|'-' indicator|<)`)
)

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
	return &problem{line: line, message: "cannot be read as YAML: " + message}
}
