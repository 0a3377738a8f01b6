package tour

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// age is a duration as kubectl prints it, in columns such as AGE.
var age = regexp.MustCompile(`^(\d+[smhdy]){1,2}$`)

// missing returns what a page shows that is not in what the commands printed, after what comes before it in the page; "" when all is there. A
// page may leave out what comes before and after, and whatever it writes "..." for. Columns may be as wide as they like, lines be wrapped, and
// ages be others.
func missing(shown, printed string) string {
	rest := words(printed)
	for part := range strings.SplitSeq(shown, "...") {
		part = words(part)
		if part == "" {
			continue
		}
		at := strings.Index(rest, part)
		if at < 0 {
			return describe(part, rest)
		}
		rest = rest[at+len(part):]
	}
	return ""
}

// describe says from which word on a part is not in a text.
func describe(part, rest string) string {
	all := strings.Fields(part)
	n := sort.Search(len(all), func(n int) bool { return !strings.Contains(rest, strings.Join(all[:n+1], " ")) })
	if n == 0 {
		return part
	}
	return fmt.Sprintf("%s\nafter\n%s", strings.Join(all[n:], " "), strings.Join(all[:n], " "))
}

// words returns a text with one space between its words and none around them, and with <age> for each age.
func words(text string) string {
	all := strings.Fields(text)
	for i, word := range all {
		if age.MatchString(word) {
			all[i] = "<age>"
		}
	}
	return strings.Join(all, " ")
}

// script returns a bash script that runs blocks in one shell, as a reader does who pastes them one after the other. The output of block i goes to
// the file i of the folder $OUT; i.done says that it went well.
func script(blocks []step) string {
	var text strings.Builder
	text.WriteString("set -eo pipefail\nexec </dev/null\n")
	for i, b := range blocks {
		fmt.Fprintf(&text, "exec >\"$OUT/%d\" 2>&1\n", i)
		if b.Fails() {
			fmt.Fprintf(&text, "set +e\n%s__code=$?; set -e\n[ $__code -ne 0 ] || { echo 'it should have failed'; exit 97; }\n", b.Text)
		} else {
			text.WriteString(b.Text)
		}
		fmt.Fprintf(&text, ": >\"$OUT/%d.done\"\n", i)
	}
	return text.String()
}
