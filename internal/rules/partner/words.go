package partner

import (
	"unicode"
	"unicode/utf8"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// capital returns text with its first letter as a capital.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// titleOf returns a tier's name for people.
func titleOf(tier *v1alpha1.Tier) string {
	if tier.Title != "" {
		return string(tier.Title)
	}
	return string(tier.Name)
}
