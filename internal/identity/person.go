package identity

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// PersonKey returns what a person's name or user name is compared by: its folded text with single blanks between words and none at the ends.
// Names with one key are one person.
func PersonKey(name string) string { return strings.Join(strings.Fields(folded(name)), " ") }

// SamePerson reports whether two names or user names are those of one person.
func SamePerson(a, b string) bool { return a == b || PersonKey(a) == PersonKey(b) }

// LookAlike reports whether two names are not those of one person, but look alike.
func LookAlike(a, b string) bool {
	if SamePerson(a, b) {
		return false
	}
	likeness := Likeness(a)
	return likeness != "" && likeness == Likeness(b)
}

// Likeness returns what a name looks like to a hurried reader: without punctuation, blanks, accents and the tag after a plus sign of an address,
// and with digits and letters of other scripts as the Latin letters that they resemble. It is empty when a name has neither letters nor digits.
func Likeness(name string) string {
	return strings.Map(resembled, folded(strings.Map(bare, withoutTag(norm.NFKD.String(name)))))
}

// withoutTag removes the tag of an address: kim+fairs@acme.example is kim@acme.example.
func withoutTag(name string) string {
	local, domain, isAddress := strings.Cut(name, "@")
	if !isAddress {
		return name
	}
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domain
}

// bare drops accents and other marks of letters, and maps letters that resemble a Latin one to it. It looks at letters as they are written, as
// small and capital ones resemble different letters: a Greek capital eta is an H, a small one an n.
func bare(r rune) rune {
	if unicode.Is(unicode.M, r) {
		return -1
	}
	if latin, resembles := confusable[r]; resembles {
		return latin
	}
	return r
}

// resembled keeps the letters, digits and at signs of folded text, with digits as the letters that they stand for. The letters i and l look
// alike as capital and small ones, and 1 stands for both.
func resembled(r rune) rune {
	switch {
	case r == '@':
		return r
	case r == 'i':
		return 'l'
	case unicode.IsDigit(r):
		return standsFor['0'+digitOf(r)]
	case unicode.IsLetter(r):
		return r
	default:
		return -1
	}
}

// standsFor are the letters for which digits stand, as in v1ra or 0lga; those that stand for none are themselves.
var standsFor = map[rune]rune{
	'0': 'o', '1': 'l', '2': '2', '3': 'e', '4': 'a', '5': 's', '6': '6', '7': 't', '8': 'b', '9': '9',
}

// confusable are letters of other scripts, and rare Latin ones, with the Latin letter that each resembles. The list is of those that fonts draw
// alike, after Unicode's list of confusables; letters of one script that resemble each other are not in it.
var confusable = map[rune]rune{
	// Cyrillic, small.
	'\u0430': 'a', '\u0432': 'b', '\u0433': 'r', '\u0435': 'e', '\u043a': 'k', '\u043c': 'm', '\u043d': 'h', '\u043e': 'o', '\u043f': 'n',
	'\u0440': 'p', '\u0441': 'c', '\u0442': 't', '\u0443': 'y', '\u0445': 'x', '\u0455': 's', '\u0456': 'i', '\u0458': 'j', '\u0475': 'v',
	'\u04af': 'y', '\u04bb': 'h', '\u04cf': 'l', '\u0501': 'd', '\u050d': 'g', '\u051b': 'q', '\u051d': 'w', '\u0461': 'w',
	// Cyrillic, capital.
	'\u0410': 'A', '\u0412': 'B', '\u0415': 'E', '\u041a': 'K', '\u041c': 'M', '\u041d': 'H', '\u041e': 'O', '\u0420': 'P', '\u0421': 'C',
	'\u0422': 'T', '\u0423': 'Y', '\u0425': 'X', '\u0405': 'S', '\u0406': 'I', '\u0408': 'J', '\u0474': 'V', '\u04ae': 'Y', '\u04ba': 'H',
	'\u04c0': 'I', '\u0500': 'D', '\u050c': 'G', '\u051a': 'Q', '\u051c': 'W',
	// Greek, small.
	'\u03b1': 'a', '\u03b2': 'b', '\u03b3': 'y', '\u03b5': 'e', '\u03b7': 'n', '\u03b9': 'i', '\u03ba': 'k', '\u03bd': 'v', '\u03bf': 'o',
	'\u03c1': 'p', '\u03c3': 'o', '\u03c4': 't', '\u03c5': 'u', '\u03c7': 'x', '\u03c9': 'w', '\u03f2': 'c', '\u03f3': 'j',
	// Greek, capital.
	'\u0391': 'A', '\u0392': 'B', '\u0395': 'E', '\u0396': 'Z', '\u0397': 'H', '\u0399': 'I', '\u039a': 'K', '\u039c': 'M', '\u039d': 'N',
	'\u039f': 'O', '\u03a1': 'P', '\u03a4': 'T', '\u03a5': 'Y', '\u03a7': 'X', '\u03f9': 'C', '\u037f': 'J',
	// Armenian.
	'\u0561': 'w', '\u0563': 'q', '\u0566': 'q', '\u0570': 'h', '\u0578': 'n', '\u057d': 'u', '\u0581': 'g', '\u0584': 'f', '\u0585': 'o',
	'\u054d': 'U', '\u054f': 'S', '\u0555': 'O', '\u053c': 'L',
	// Cherokee.
	'\u13aa': 'A', '\u13f4': 'B', '\u13df': 'C', '\u13a0': 'D', '\u13ac': 'E', '\u13c0': 'G', '\u13bb': 'H', '\u13a5': 'i', '\u13ab': 'J',
	'\u13e6': 'K', '\u13de': 'L', '\u13b7': 'M', '\u13e2': 'P', '\u13a1': 'R', '\u13da': 'S', '\u13a2': 'T', '\u13d9': 'V', '\u13b3': 'W',
	'\u13c3': 'Z',
	// Latin.
	'\u0131': 'i', '\u0251': 'a', '\u0261': 'g', '\u026a': 'i', '\u0142': 'l', '\u0141': 'L', '\u00f8': 'o', '\u00d8': 'O', '\u0111': 'd',
	'\u0110': 'D', '\u0127': 'h', '\u0126': 'H',
}
