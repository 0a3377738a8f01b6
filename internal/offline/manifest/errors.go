package manifest

import (
	"fmt"
	"strings"

	"jointplan.dev/jointplan/internal/printable"
)

// maxMessage bounds how many bytes of a message are shown: some repeat the value that was found.
const maxMessage = 600

// Error is one thing that is wrong with the manifests.
type Error struct {
	// File is the path of the file as it was found, or "stdin".
	File string
	// Document is the number of the document within the file, from 1 on, not counting empty ones; 0 for an error that is
	// about the file as a whole.
	Document int
	// Line is the line of the field within the file, from 1 on, or of the nearest thing around it that has a line; 0 when
	// unknown.
	Line int
	// Column is the column of the field in characters, from 1 on; 0 when unknown.
	Column int
	// Object is the kind and namespace/name of the object, such as "JointPlan partner-acme/acme-h1". Empty when the
	// document did not get as far.
	Object string
	// Field is the path of the field, such as spec.goals[0].target.value. Empty when the error is about the whole.
	Field string
	// Message says what is wrong, and where it can what to do.
	Message string
}

// Error is the error in one line, such as
// "plans.yaml: document 2 (line 14): JointPlan partner-acme/acme-h1: spec.goals[0].target.value: must be ...".
func (e *Error) Error() string {
	var parts []string
	for _, part := range []string{e.File, e.place(), e.Object, e.Field, e.Message} {
		if part != "" {
			parts = append(parts, printable.Clip(part, maxMessage))
		}
	}
	return strings.Join(parts, ": ")
}

func (e *Error) place() string {
	switch {
	case e.Document > 0 && e.Line > 0:
		return fmt.Sprintf("document %d (line %d)", e.Document, e.Line)
	case e.Document > 0:
		return fmt.Sprintf("document %d", e.Document)
	case e.Line > 0:
		return fmt.Sprintf("line %d", e.Line)
	default:
		return ""
	}
}

// Errors is everything that is wrong with the manifests, in the order of reading.
type Errors []*Error

// Error is one line per error.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find an *Error.
func (e Errors) Unwrap() []error {
	all := make([]error, len(e))
	for i, one := range e {
		all[i] = one
	}
	return all
}
