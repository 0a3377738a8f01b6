package identity

import (
	"slices"
	"strings"
	"unicode"
)

// NumberKey returns what the number of a document, such as an invoice, is compared by: its letters and digits without a title such as "No." and
// without zeros at the beginning, which spreadsheets drop. Zeros anywhere else count. Of a number without letters and digits it is the text.
func NumberKey(number string) string {
	text := untitled(folded(strings.ReplaceAll(number, numeroSign, "no. ")))
	key := letters(text)
	switch short := strings.TrimLeft(key, "0"); {
	case key == "":
		return withoutSpaces(text)
	case short == "":
		return "0"
	default:
		return short
	}
}

// numeroSign is the one character that says "No.".
const numeroSign = "\u2116"

// titles are the words that people write before a number and that are no part of it.
var titles = map[string]bool{"no": true, "nr": true, "num": true, "number": true, "invoice": true}

// untitled removes titles from folded text: words before the number that end with it, a blank or a sign. A title without a number stays.
func untitled(text string) string {
	for {
		start := strings.TrimLeftFunc(text, func(r rune) bool { return !isLetterOrDigit(r) })
		end := strings.IndexFunc(start, func(r rune) bool { return !unicode.IsLetter(r) })
		if end < 0 || !titles[start[:end]] || letters(start[end:]) == "" {
			return text
		}
		text = start[end:]
	}
}

func isLetterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// SupplierKey returns what the name of a company is compared by: its letters and digits. Of a name without them it is the text.
func SupplierKey(name string) string {
	text := folded(name)
	if key := letters(text); key != "" {
		return key
	}
	return withoutSpaces(text)
}

// ReferenceKey returns what the reference of a payment is compared by: its text whatever its case, without spaces.
func ReferenceKey(reference string) string { return withoutSpaces(folded(reference)) }

// Number is the number of a document in the forms in which it is compared with many others.
type Number struct {
	// Key is what NumberKey returns.
	Key string

	zeroless string
	digits   []rune
	likeness []rune
}

// NewNumber returns the number of a document in its forms.
func NewNumber(number string) Number {
	key := NumberKey(number)
	return Number{Key: key, zeroless: strings.ReplaceAll(key, "0", ""), digits: []rune(key), likeness: []rune(Likeness(key))}
}

// Similar reports whether two numbers of documents are not the same, but may be one with a slip of the pen: they look alike, differ in zeros only, or
// one letter or digit is replaced, missing or swapped with its neighbour.
func (n *Number) Similar(other *Number) bool {
	if n.Key == other.Key {
		return false
	}
	return n.zeroless == other.zeroless || oneEdit(n.digits, other.digits) || oneEdit(n.likeness, other.likeness)
}

// oneEdit reports whether at most one letter is to be replaced, inserted, deleted or swapped with its neighbour to turn a into b.
func oneEdit(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return slices.Equal(a[i:], b[i+1:])
	}
	if i == len(a) || slices.Equal(a[i+1:], b[i+1:]) {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
}
