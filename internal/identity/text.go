package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// folded returns text in Unicode's form NFKC with its case folded, without characters that do not show. Either may make work for the other, so both
// are done twice, as Unicode's definition of caseless matching has it.
func folded(text string) string {
	if isPlain(text) {
		return strings.ToLower(text)
	}
	fold := cases.Fold()
	for range 2 {
		text = fold.String(norm.NFKC.String(strings.Map(shown, text)))
	}
	return norm.NFKC.String(strings.Map(shown, text))
}

// isPlain reports whether text is of visible ASCII characters and blanks.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// brailleBlank is a Braille pattern without dots: a symbol to Unicode, a blank to the eye.
const brailleBlank = 0x2800

// shown maps characters that show to themselves and white space to a blank, and drops the others: controls, zero-width characters, soft
// hyphens, marks of text direction, variation selectors, fillers.
func shown(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case r == brailleBlank, r == utf8.RuneError, unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
		return -1
	default:
		return r
	}
}

// letters returns the letters and digits of folded text, digits of every script as 0 to 9. What was between them may have kept them from being one
// character, so they are composed again.
func letters(text string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9'):
			return r
		case unicode.IsDigit(r):
			return '0' + digitOf(r)
		case unicode.IsLetter(r):
			return r
		default:
			return -1
		}
	}, text))
}

// digitOf returns the value of a decimal digit. Unicode keeps the ten digits of a script together, in order.
func digitOf(r rune) rune {
	const ten = 10
	for _, x := range unicode.Nd.R16 {
		if lo, hi := rune(x.Lo), rune(x.Hi); lo <= r && r <= hi {
			return (r - lo) % ten
		}
	}
	for _, x := range unicode.Nd.R32 {
		if lo, hi := rune(x.Lo), rune(x.Hi); lo <= r && r <= hi { //nolint:gosec // no code point is above the largest rune
			return (r - lo) % ten
		}
	}
	return 0
}

// withoutSpaces returns text without any white space, composed again: a blank may have kept an accent from its letter.
func withoutSpaces(text string) string {
	return norm.NFC.String(strings.Join(strings.Fields(text), ""))
}
