// Package revision writes what people approve in a canonical form, and identifies it by a digest. The form ignores what means nothing: the
// order of lists, the way in which a number is written, and whether a default is written out.
package revision

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"jointplan.dev/jointplan/internal/decimal"
)

const (
	// Prefix is the version of the canonical form. A form that writes the same content differently needs another prefix.
	Prefix = "v1:"
	// digits is the number of hexadecimal digits of a revision.
	digits = 32
	// shortDigits is the number of them in a message.
	shortDigits = 10
)

// Form is canonical text under construction: a line per field that is present. Values are quoted, so no value can look like another line.
type Form []byte

// Revision identifies the content of a form: "v1:" and 32 hexadecimal digits of its SHA-256.
func (f *Form) Revision() string {
	sum := sha256.Sum256(*f)
	return Prefix + hex.EncodeToString(sum[:])[:digits]
}

// Short returns the beginning of a revision, enough to tell it from others in a message.
func Short(id string) string { return id[:min(len(Prefix)+shortDigits, len(id))] }

// Text writes a field, unless it is absent.
func (f *Form) Text(field, value string) {
	if value == "" {
		return
	}
	*f = append(*f, field...)
	*f = append(*f, '=')
	*f = strconv.AppendQuote(*f, value)
	*f = append(*f, '\n')
}

// Number writes a decimal in its shortest form, or as it stands when it is none.
func (f *Form) Number(field, value string) {
	if value == "" {
		return // absent; to parse it would make an error that nobody reads
	}
	if exact, err := decimal.Parse(value); err == nil {
		value = decimal.Short(exact, decimal.MaxFractionDigits)
	}
	f.Text(field, value)
}

// Unless writes a field, unless it is absent or what absent means.
func (f *Form) Unless(field, value, absent string) {
	if value != absent {
		f.Text(field, value)
	}
}

// Items writes the items of a list in the order of their own canonical text: the order in which they stand means nothing.
func (f *Form) Items(field string, items []Form) {
	sorted := make([]string, 0, len(items))
	for _, item := range items {
		sorted = append(sorted, string(item))
	}
	slices.Sort(sorted)
	for _, item := range sorted {
		*f = append(*f, field...)
		*f = append(*f, "{\n"...)
		*f = append(*f, item...)
		*f = append(*f, "}\n"...)
	}
}

// Set writes the elements of a set in order, each once.
func (f *Form) Set(field string, elements []string) {
	sorted := slices.Clone(elements)
	slices.Sort(sorted)
	for _, element := range slices.Compact(sorted) {
		*f = append(*f, field...)
		*f = append(*f, '+')
		f.Text("", element)
	}
}

// Of returns the canonical text of each item of a list.
func Of[T any](list []T, of func(*T) Form) []Form {
	all := make([]Form, 0, len(list))
	for i := range list {
		all = append(all, of(&list[i]))
	}
	return all
}
