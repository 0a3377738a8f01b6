package printable

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON returns JSON text in which no character of a string acts on a terminal or a pipeline: what Line would write out stands as an escape, so the
// text says the same.
func JSON(text string) string {
	return escaped(text, func(r rune) string {
		high, low := utf16.EncodeRune(r)
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	})
}

// YAML is JSON for YAML in which only double quotes hold what Line would write out; NeedsQuotes tells which texts have to stand in them.
func YAML(text string) string {
	return escaped(text, func(r rune) string { return fmt.Sprintf(`\U%08x`, r) })
}

// NeedsQuotes reports whether YAML has to write a text in double quotes, in which it stands on one line and can be escaped.
func NeedsQuotes(text string) bool {
	return strings.ContainsRune(text, '\n') || strings.ContainsFunc(text, func(r rune) bool { return !isVisible(r) }) ||
		strings.Contains(text, "##[") || strings.Contains(text, "##vso[")
}

// escaped writes out what cannot be seen, but for line breaks, which are the format's own, and what pipelines find anywhere in a line.
func escaped(text string, wide func(rune) string) string {
	if !NeedsQuotes(text) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch rest := text[i:]; {
		case strings.HasPrefix(rest, "##[") || strings.HasPrefix(rest, "##vso["):
			b.WriteString(`\u0023`)
		case r == '\n' || isVisible(r):
			b.WriteRune(r)
		case r > 0xFFFF:
			b.WriteString(wide(r))
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// Cell returns text as a cell of a file that a spreadsheet opens: one line, and with an apostrophe before what a spreadsheet would take for a
// formula.
func Cell(text string) string {
	line := Line(text)
	if first, _ := utf8.DecodeRuneInString(line); strings.ContainsRune("=+-@＝＋－＠", first) {
		return "'" + line
	}
	return line
}
