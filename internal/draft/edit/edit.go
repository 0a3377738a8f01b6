// Package edit changes manifests as a person would: it adds lines, and leaves all others, with their comments and their order, as they are.
package edit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/internal/offline/manifest"
)

// Append adds an element to a list that stands in a mapping of an object, such as reviews in spec; without the list it adds the list at the end
// of the mapping. Origin is where the object stands in the text, and element is the element in YAML, with its dash, from the first column on.
func Append(text []byte, origin manifest.Origin, mapping, list, element string) ([]byte, error) {
	lines := bytes.SplitAfter(text, []byte("\n"))
	outer, found := origin.Place(mapping)
	if !found || !outer.Block {
		return nil, fmt.Errorf("%s of the object is not written in lines of its own", mapping)
	}
	indent, from := outer.Column-1, outer.Line
	path := mapping + "." + list
	switch inner, there := origin.Place(path); {
	case there && !inner.Block:
		return nil, fmt.Errorf("%s is not written in lines of its own", path)
	case there:
		indent, from = inner.Column-1, inner.Line
		return insert(lines, listEnd(lines, from, indent), indent, element), nil
	default:
		return insert(lines, mappingEnd(lines, from, indent), indent, list+":\n"+element), nil
	}
}

// listEnd returns the number of the line after a list, whose dashes are indented by so much, and which begins in a line (from 1 on).
func listEnd(lines [][]byte, from, indent int) int {
	return end(lines, from, func(line []byte, by int) bool { return by > indent || by == indent && line[by] == '-' }, indent)
}

// mappingEnd returns the number of the line after a mapping, whose keys are indented by so much.
func mappingEnd(lines [][]byte, from, indent int) int {
	return end(lines, from, func(_ []byte, by int) bool { return by >= indent }, indent-1)
}

// end returns the number, from 0 on, of the line after the last one that belongs. Blank lines, and comments that are not indented by more than
// so much, belong only when something after them does.
func end(lines [][]byte, from int, belongs func(line []byte, by int) bool, comment int) int {
	last := from
	for i := from - 1; i < len(lines); i++ {
		line := bytes.TrimRight(lines[i], "\r\n")
		by := len(line) - len(bytes.TrimLeft(line, " "))
		switch {
		case by == len(line): // blank
		case line[by] == '#' && by <= comment:
		case belongs(line, by):
			last = i + 1
		default:
			return last
		}
	}
	return last
}

// insert puts a text before a line, indented by so much, with the line breaks of the lines around it.
func insert(lines [][]byte, at, indent int, text string) []byte {
	lines = slices.DeleteFunc(slices.Clone(lines), func(line []byte) bool { return len(line) == 0 })
	at = min(at, len(lines))
	lineBreak := "\n"
	if at > 0 && bytes.HasSuffix(lines[at-1], []byte("\r\n")) {
		lineBreak = "\r\n"
	}
	var added bytes.Buffer
	if at > 0 && !bytes.HasSuffix(lines[at-1], []byte("\n")) {
		added.WriteString(lineBreak)
	}
	for line := range strings.Lines(text) {
		added.WriteString(strings.Repeat(" ", indent) + strings.TrimRight(line, "\n") + lineBreak)
	}
	return slices.Concat(bytes.Join(lines[:at], nil), added.Bytes(), bytes.Join(lines[at:], nil))
}
