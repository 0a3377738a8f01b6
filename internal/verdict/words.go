package verdict

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Count writes a number of things, such as "1 day" or "5 days".
func Count[N ~int | ~int32](n N, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// List writes "a", "a and b" or "a, b and c".
func List[T ~string](words []T) string { return enumerate(words, " and ") }

// AnyOf writes "a", "a or b" or "a, b or c".
func AnyOf[T ~string](words []T) string { return enumerate(words, " or ") }

// Some is List of the first words, at most limit; the rest is counted: "a, b and 3 more".
func Some[T ~string](words []T, limit int) string {
	return SomeOf(words[:min(len(words), limit)], len(words))
}

// SomeOf is List of the first of a number of words; the rest is counted.
func SomeOf[T ~string](first []T, count int) string {
	if count <= len(first) {
		return List(first)
	}
	texts := make([]string, 0, len(first)+1)
	for _, word := range first {
		texts = append(texts, string(word))
	}
	return List(append(texts, fmt.Sprintf("%d more", count-len(first))))
}

// Instant writes an instant in UTC, such as 2026-09-30T08:00:00Z.
func Instant(at time.Time) string { return at.UTC().Format(time.RFC3339) }

func enumerate[T ~string](words []T, last string) string {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = fmt.Sprint(word) // a type may have words of its own for its values
	}
	if len(texts) < 2 {
		return strings.Join(texts, "")
	}
	end := len(texts) - 1
	return strings.Join(texts[:end], ", ") + last + texts[end]
}

// Capital returns text with its first letter as a capital.
func Capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
