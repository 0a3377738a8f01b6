package schema

import (
	"regexp"
	"strconv"
	"strings"
)

// form is what a text must match, or must not.
type form struct {
	pattern string
	not     bool
}

// schema returns the form as a schema, with what editors show of a text that has not got it.
func (f form) schema(message string) object {
	if f.not {
		return object{"not": object{"pattern": f.pattern}, "errorMessage": message}
	}
	return object{"pattern": f.pattern, "patternErrorMessage": message}
}

var (
	// conjunct matches one condition of a rule about a text, with a string that has no quote in it.
	conjunct = regexp.MustCompile(`^(!?)self\.(matches|startsWith)\('([^']*)'\)$`)

	// and divides the conditions of a rule.
	and = regexp.MustCompile(`\s*&&\s*`)

	// codePoint matches a character that a pattern names by its number.
	codePoint = regexp.MustCompile(`\\x\{([0-9A-Fa-f]+)\}`)
)

// formsOf returns the forms of which a CEL rule consists: "self.matches('...') && !self.matches('...')". Of any other rule it returns false.
func formsOf(rule string) ([]form, bool) {
	var forms []form
	for _, condition := range and.Split(strings.TrimSpace(rule), -1) {
		found := conjunct.FindStringSubmatch(condition)
		if found == nil {
			return nil, false
		}
		text := strings.ReplaceAll(found[3], `\\`, `\`) // as CEL reads it; the rules have no other escape
		if found[2] == "startsWith" {
			text = "^" + regexp.QuoteMeta(text)
		}
		forms = append(forms, form{pattern: pattern(text), not: found[1] == "!"})
	}
	return forms, true
}

// pattern returns a regular expression of the API server's as editors read it too. A character that is named by its number is written as itself, and the
// category C, which means more to them, is taken apart.
func pattern(text string) string {
	text = codePoint.ReplaceAllStringFunc(text, func(named string) string {
		number, err := strconv.ParseInt(codePoint.FindStringSubmatch(named)[1], 16, 32)
		if err != nil {
			return named
		}
		return string(rune(number))
	})
	return strings.ReplaceAll(text, `\p{C}`, `\p{Cc}\p{Cf}\p{Co}\p{Cs}`)
}
