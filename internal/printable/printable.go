// Package printable turns text that people wrote into one line that is safe to print. Whoever writes a title, a name, a comment or the reference
// of a proof must not be able to forge what stands around it: a question of the plugin, a command of a pipeline, a cell of a spreadsheet. It is a
// package of its own, below the verdicts, as also what judges nothing prints such text: tables, errors about files, questions.
//
// Messages of statuses are made printable where they are made, and whatever is printed for people once more where it is printed: a status may be
// of an older version, and names and fields of specs are in no message. To do it twice is to do it once.
package printable

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// lineBreak stands for a line break, and the spaces around it.
	lineBreak = "⏎"
	// isolate and pop keep text that is written from right to left from moving what stands beside it (UAX #9: RLI and PDI).
	isolate, pop = '\u2067', '\u2069'
	// maxMarks is the number of combining marks on one character that are shown: more of them cover the lines above and below.
	maxMarks = 4
)

// Line returns text as one line, which says all that the text does:
//
//   - a line break becomes " ⏎ ", any other run of spaces and tabs one space, and there are none at the ends;
//   - any other character that cannot be seen, or acts on what follows, is written out, such as \u001b or \u202e: control characters, those of
//     zero width, those that set the direction of text, what is not a character, and a fifth combining mark in a row;
//   - text that is written from right to left is isolated, so that nothing around it moves;
//   - what a pipeline takes for a command is no longer one: "::error" at the beginning of a word becomes ": :error", and "##[" becomes "# #[".
//
// The line of a line is the same line.
func Line(text string) string {
	if isPlain(text) {
		return text
	}
	return isolated(inert(visible(text)))
}

// isPlain reports whether text is a safe line of ASCII as it stands, as nearly all is.
func isPlain(text string) bool {
	previous := byte(' ')
	for i := range len(text) {
		c := text[i]
		switch {
		case c < ' ' || c > '~', c == ' ' && previous == ' ':
			return false
		case (c == ':' || c == '#') && previous == c:
			return false // perhaps a command
		}
		previous = c
	}
	return text == "" || previous != ' '
}

// visible returns text without line breaks, runs of spaces and characters that cannot be seen.
func visible(text string) string {
	var b strings.Builder
	var gap, broken bool // spaces that are not written yet, and whether a line break is among them
	marks := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == isolate {
			if inner, ok := isolatedAt(text[i:]); ok { // it is put back later
				text = text[:i] + inner + text[i+2*size+len(inner):]
				continue
			}
		}
		if unicode.IsSpace(r) || r == '\u2028' || r == '\u2029' {
			gap = true
			broken = broken || strings.ContainsRune("\n\v\f\r\u0085\u2028\u2029", r)
			i += size
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteString(map[bool]string{false: " ", true: " " + lineBreak + " "}[broken])
		}
		gap, broken = false, false
		if unicode.Is(unicode.M, r) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case isVisible(r) && marks <= maxMarks:
			b.WriteRune(r)
		case r > 0xFFFF:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += size
	}
	return b.String()
}

// isVisible reports whether a character other than a space can be seen and acts on nothing but itself. The ones named are letters or symbols by
// their category, and show nothing.
func isVisible(r rune) bool {
	return unicode.IsGraphic(r) && !strings.ContainsRune("\u034F\u115F\u1160\u2800\u3164\uFFA0", r)
}

// inert returns a line in which no pipeline finds a command: those of GitHub Actions and others (::error file=x::), which stand at the beginning
// of a line, and so at that of any word once lines are wrapped; and those of Azure Pipelines and of older runners (##vso[, ##[error]), which stand
// anywhere.
func inert(line string) string {
	if !strings.Contains(line, "::") && !strings.Contains(line, "##") {
		return line
	}
	words := strings.Split(line, " ")
	for i, word := range words {
		if command, ok := strings.CutPrefix(word, "::"); ok && command != "" && (command[0]|0x20) >= 'a' && (command[0]|0x20) <= 'z' {
			words[i] = ": :" + command
		}
	}
	line = strings.Join(words, " ")
	return strings.NewReplacer("##[", "# #[", "##vso[", "# #vso[").Replace(line)
}

// isolated returns a visible line with each run of text from right to left isolated: from its first such character to the last one before a letter
// of the other direction.
func isolated(line string) string {
	if !strings.ContainsFunc(line, isRightToLeft) {
		return line
	}
	var b strings.Builder
	for line != "" {
		from := strings.IndexFunc(line, isRightToLeft)
		if from < 0 {
			break
		}
		end := from + runOf(line[from:])
		b.WriteString(line[:from])
		b.WriteRune(isolate)
		b.WriteString(line[from:end])
		b.WriteRune(pop)
		line = line[end:]
	}
	return b.String() + line
}

// runOf returns the length of the run of text from right to left with which a line begins.
func runOf(line string) int {
	end := 0
	for i, r := range line {
		switch {
		case isRightToLeft(r), end == i && unicode.Is(unicode.M, r):
			end = i + utf8.RuneLen(r)
		case unicode.IsLetter(r):
			return end
		}
	}
	return end
}

// isolatedAt returns what stands between isolate, with which text begins, and the next pop, if it is a run as isolated leaves it: then the two act
// on nothing else.
func isolatedAt(text string) (inner string, ok bool) {
	inner = strings.TrimPrefix(text, string(isolate))
	end := strings.IndexRune(inner, pop)
	if end < 0 {
		return "", false
	}
	inner = inner[:end]
	first, _ := utf8.DecodeRuneInString(inner)
	return inner, isRightToLeft(first) && runOf(inner) == len(inner) && visible(inner) == inner
}

// isRightToLeft reports whether a character is in a block whose text is written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and
// others.
func isRightToLeft(r rune) bool {
	switch {
	case r < 0x0590:
		return false
	case r <= 0x08FF, r >= 0xFB1D && r <= 0xFDFF, r >= 0xFE70 && r <= 0xFEFE, r >= 0x10800 && r <= 0x10FFF, r >= 0x1E800 && r <= 0x1EFFF:
		return !unicode.Is(unicode.M, r)
	}
	return false
}

// Clip returns the line of text in at most limit bytes, ending in "..." where it is cut.
func Clip(text string, limit int) string {
	const dots = "..."
	line := Line(text)
	if len(line) <= limit {
		return line
	}
	if limit < len(dots) {
		return dots[:max(limit, 0)]
	}
	return cut(line, max(limit-len(dots)-utf8.RuneLen(pop), 0), limit-len(dots)) + dots
}

// Short returns the line of text in at most a number of characters, ending in "…" where it is cut.
func Short(text string, characters int) string {
	line := Line(text)
	if utf8.RuneCountInString(line) <= characters {
		return line
	}
	const mark = "…"
	end := offset(line, characters-1)
	return strings.TrimRight(cut(line, offset(line, characters-2), end), " ,;:") + mark
}

// offset returns where a number of characters of a text end, in bytes.
func offset(text string, characters int) int {
	for i := range text {
		if characters <= 0 {
			return i
		}
		characters--
	}
	return len(text)
}

// cut returns the beginning of a line: its first bytes up to end or, where that is within isolated text, so much less that what ends the isolation
// has room.
func cut(line string, within, end int) string {
	head := line[:atRune(line, end)]
	if strings.LastIndex(head, string(isolate)) <= strings.LastIndex(head, string(pop)) {
		return head
	}
	head = line[:atRune(line, within)]
	from := strings.LastIndex(head, string(isolate))
	if from < strings.LastIndex(head, string(pop)) || from < 0 {
		return head // what begins after it is cut off as a whole
	}
	inner := head[from+utf8.RuneLen(isolate):]
	inner = inner[:runOf(inner)]
	if inner == "" {
		return head[:from]
	}
	return head[:from] + string(isolate) + inner + string(pop)
}

// atRune returns the last place in a text, up to a number of bytes, at which a character begins.
func atRune(text string, end int) int {
	end = max(min(end, len(text)), 0)
	for end > 0 && end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	return end
}
